//! The vocabulary between the planner and the dialects, all data: what changes ([`Change`]), how a database does it ([`Statement`]), what
//! has to be known of the rows before ([`DataCheck`]), and what it does to others ([`Impact`]). Neutral: no SQL but in [`Statement`].

mod column;
mod data_check;
mod impact;
mod kind;
mod rebuild;
mod renames;
mod statement;

pub use column::{CastSafety, ColumnAlteration, ColumnProperty, DropColumn};
pub use data_check::{CheckQuery, CheckResult, DataCheck, ProjectedRows};
pub use impact::{Hazard, Impact, OnlinePart, Risk, StepIsolation};
pub use kind::{Change, LabelPlace};
pub use rebuild::{CopyColumn, CopySource, Rebuild};
pub use renames::{NameChanges, RenameConflict, Renames};
pub use statement::Statement;
