//! Enum types: what is done with each is decided before the tables are compared, because their columns follow.
//!
//! A new label is added to the type that is there (`AddLabel`). What cannot be added — a label goes, the order changes, a new label is
//! used in the same transaction that adds it — recreates the type: the old one is superseded under a temporary name, the new one takes
//! its name, and the planner of the tables finds columns of another type. All of that stands and falls together.

mod decide;
mod effect;
mod steps;
mod type_usage;
mod used;

pub(crate) use decide::decide;
pub(crate) use steps::{begin, early, finish};

use super::types::{EntryStatus, Renamed, Withheld};
use crate::catalog::{EnumType, Name};
use crate::change::{Change, Risk};
use crate::plan::entry_change::EntryChange;

/// All types of the model, and those of the base that go.
#[derive(Debug, Default)]
pub(crate) struct TypePlans {
    pub(crate) types: Vec<TypePlan>,
}

/// What is done with one type.
#[derive(Debug, Default)]
pub(crate) struct TypePlan {
    pub(crate) name: Name,
    pub(crate) status: EntryStatus,
    pub(crate) renamed_from: Option<Name>,
    /// What the base says of it, and what it will say.
    pub(crate) before: Option<EnumType>,
    pub(crate) after: Option<EnumType>,
    /// What is there, as it is before the run.
    pub(crate) live: Option<EnumType>,
    /// What will be there, once the run is done; as it is, where nothing is done.
    pub(crate) target: Option<EnumType>,
    pub(crate) labels_added: Vec<String>,
    pub(crate) labels_renamed: Vec<Renamed>,
    pub(crate) labels_dropped: Vec<String>,
    pub(crate) other_changes: Vec<EntryChange>,
    pub(crate) withheld: Vec<Withheld>,
    pub(crate) warnings: Vec<String>,
    pub(crate) errors: Vec<String>,
    pub(crate) unmanaged: Vec<String>,
    /// What is done before the tables.
    pub(crate) changes: Vec<(Change, Risk)>,
    /// The type is recreated, and this is the old one under its temporary name.
    pub(crate) superseded: Option<EnumType>,
}

impl TypePlan {
    /// Nothing that mentions it can be asked of the rows as they are now.
    fn is_changing(&self) -> bool {
        self.status == EntryStatus::Create || !self.changes.is_empty()
    }

    /// Whether a native type of columns is this type, by its new name or that of the old one.
    fn is_named(&self, ty: &str) -> bool {
        let all = [&self.target, &self.superseded];
        all.into_iter().flatten().any(|known| known.is_named(ty))
    }
}
