//! changes → an ordered plan: what the user sees, what will run, at which risk.

pub(crate) mod build;
mod checks;
pub(crate) mod coalesce;
mod coupling;
pub(crate) mod data_checks;
mod drop;
mod effects;
pub(crate) mod entry_change;
pub(crate) mod enum_type;
mod graph;
mod json;
mod lint;
mod obstacles;
pub(crate) mod online;
mod propagate;
mod rebuild;
mod script;
mod suspected;
mod table;
pub(crate) mod text;
mod types;
mod unit;
mod views;

pub use entry_change::{EntryChange, RenamedPart};
pub use json::PlanError;
pub use lint::{Finding, Rule, UnknownRule};
pub use suspected::SuspectedRename;
pub(crate) use table::describe_key;
pub use types::{Entry, EntryKind, EntryStatus, ObjectRef, Plan, Renamed, Step, ValuesLost, Withheld, WithheldReason};
pub use unit::Unit;
