//! changes → an ordered plan: what the user sees, what will run, at which risk.

pub(crate) mod build;
mod checks;
mod display;
pub(crate) mod facts;
mod order;
mod rebuild;
mod table;
mod types;
mod views;

pub(crate) use table::describe_key;
pub use types::{
    ColumnAlteration, ColumnProperty, Entry, EntryKind, EntryStatus, Hazard, Plan, Renamed, Risk, Step, ValuesLost,
    Withheld,
};
