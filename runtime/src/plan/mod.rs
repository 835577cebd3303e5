//! changes → an ordered plan: what the user sees, what will run, at which risk.

pub(crate) mod build;
mod checks;
mod display;
mod effects;
pub(crate) mod enum_type;
pub(crate) mod facts;
pub(crate) mod online;
mod order;
mod rebuild;
mod table;
mod types;
mod views;

pub(crate) use table::describe_key;
pub use types::{
    ColumnAlteration, ColumnProperty, Entry, EntryKind, EntryStatus, Hazard, Placement, Plan, Renamed, Risk, Step,
    ValuesLost, Withheld,
};
