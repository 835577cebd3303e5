//! The catalog: the physical state of a database. What inspection returns and what lowering produces.
//!
//! Types, expressions and collations are *native and normalised*: one function of the dialect does it for both sides, so
//! that `lower(S) == inspect(database made from S)`.

mod dependents;
mod enum_type;
mod expression;
mod index_kind;
mod index_tables;
mod name;
mod names;
mod types;
mod value_kind;
mod view;

pub use dependents::{ColumnDependent, Dependent, DependentBehavior};
pub use enum_type::{EnumType, TypeUse, UseKind};
pub use expression::{Expression, Reads};
pub use index_kind::{IndexKind, VectorParameters};
pub use index_tables::IndexTables;
pub use name::Name;
pub use names::{
    IdentifierLimit, MANAGED_PREFIX, ONLINE_PREFIX, TEMPORARY_PREFIX, check_name, fit_identifier, foreign_key_name,
    index_name, is_managed_name,
};
pub use types::{
    Catalog, Check, Column, Earlier, ForeignKey, Generated, Identity, Index, IndexOn, IndexPart, PrimaryKey, Table,
    Trigger, UNENFORCED, UNPROVED, is_unenforced, is_unproved,
};
pub use value_kind::ValueKind;
pub use view::View;
