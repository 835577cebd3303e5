//! [`Part`]: what indexes, foreign keys and checks have in common.

use super::table::same_foreign_key;
use crate::catalog::{Check, ForeignKey, Index, is_unenforced, is_unproved};
use crate::dialect::Dialect;

/// A named part of a table: it is there under a name of ours, or under its own.
pub(crate) trait Part: Clone {
    /// What it is called, where it has a name of its own.
    fn name(&self) -> Option<&str>;

    /// The name that it would have had, where it was adopted.
    fn adopted(&self) -> Option<&str>;

    /// Whether it is ours.
    fn is_managed(&self) -> bool;

    /// How far the database holds to it.
    fn standing(&self) -> Standing;

    /// Equal in all that is compared.
    fn same(&self, other: &Self, dialect: &dyn Dialect) -> bool;

    /// Whether the model means by it what was adopted as `known`. `there`: the live one, once the renames are done; `follows`: the name that
    /// it would have had, in the table's new name.
    fn is_called_like(&self, known: &Self, _there: Option<&Self>, follows: Option<&str>) -> bool {
        let name = self.adopted().or(self.name());
        name.is_some() && (name == known.adopted() || name == follows)
    }

    /// Says that it is ours, and by which name it would be known.
    fn set_adopted(&mut self, managed: String);

    /// What the model wants is this live one, or is to take its place: under its name. `same`: as it is.
    fn take_over(&mut self, live: &Self, same: bool);
}

/// What a live part is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Proved,
    /// For rows that are new.
    Unproved,
    /// For none.
    Unenforced,
}

impl Standing {
    fn of(extra: Option<&str>) -> Self {
        match (is_unenforced(extra), is_unproved(extra)) {
            (true, _) => Self::Unenforced,
            (false, true) => Self::Unproved,
            (false, false) => Self::Proved,
        }
    }
}

impl Part for ForeignKey {
    fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    fn adopted(&self) -> Option<&str> {
        self.adopted.as_deref()
    }

    fn is_managed(&self) -> bool {
        self.is_managed()
    }

    fn standing(&self) -> Standing {
        Standing::of(self.extra.as_deref())
    }

    fn same(&self, other: &Self, dialect: &dyn Dialect) -> bool {
        same_foreign_key(dialect, self, other)
    }

    /// A key is known by its columns: not on every database has each a name of its own.
    fn is_called_like(&self, known: &Self, there: Option<&Self>, _follows: Option<&str>) -> bool {
        self.columns == there.unwrap_or(known).columns
    }

    fn set_adopted(&mut self, managed: String) {
        self.adopted = Some(managed);
    }

    fn take_over(&mut self, live: &Self, _same: bool) {
        self.name.clone_from(&live.name);
        if self.extra.is_none() {
            self.extra.clone_from(&live.extra);
        }
    }
}

impl Part for Check {
    fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    fn adopted(&self) -> Option<&str> {
        self.adopted.as_deref()
    }

    fn is_managed(&self) -> bool {
        self.is_managed()
    }

    fn standing(&self) -> Standing {
        Standing::of(self.extra.as_deref())
    }

    fn same(&self, other: &Self, _dialect: &dyn Dialect) -> bool {
        self.sql == other.sql
    }

    fn set_adopted(&mut self, managed: String) {
        self.adopted = Some(managed);
    }

    fn take_over(&mut self, live: &Self, _same: bool) {
        self.name.clone_from(&live.name);
        if self.extra.is_none() {
            self.extra.clone_from(&live.extra);
        }
    }
}

impl Part for Index {
    fn name(&self) -> Option<&str> {
        Some(&self.name)
    }

    fn adopted(&self) -> Option<&str> {
        self.adopted.as_deref()
    }

    fn is_managed(&self) -> bool {
        self.is_managed()
    }

    fn standing(&self) -> Standing {
        if self.invalid { Standing::Unenforced } else { Standing::Proved }
    }

    fn same(&self, other: &Self, _dialect: &dyn Dialect) -> bool {
        self.same_definition(other)
    }

    fn set_adopted(&mut self, managed: String) {
        self.adopted = Some(managed);
    }

    fn take_over(&mut self, live: &Self, same: bool) {
        self.name.clone_from(&live.name);
        // What comes in the place of a constraint is an index.
        self.constraint = same && live.constraint;
    }
}
