//! changes → an ordered plan: what the user sees, what will run, at which risk.

mod types;

pub use types::{
    ColumnAlteration, ColumnProperty, Entry, EntryKind, EntryStatus, Hazard, Plan, Renamed, Risk, Step, Withheld,
};
