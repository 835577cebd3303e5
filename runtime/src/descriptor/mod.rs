//! The static types that the derives fill: what a struct says about the database, known at compile time.
//!
//! Inside a descriptor, columns are named by their *Rust field path* (`"email"`, `"address.city"` through an
//! embedded struct); the model builder ([`crate::model`]) turns them into physical names. References between
//! tables are `fn() -> &'static TableDef`, so that models may refer to each other in circles.

mod column;
mod increment;
mod index;
mod query;
mod relation;
mod setting;
mod table;
mod types;
mod view;

pub use column::{ColumnDef, DefaultDef, GeneratedDef, NativeDef, VectorDef};
pub use increment::{Increment, IncrementForm};
pub use index::{IndexDef, IndexKindDef, IndexOnDef, IndexPartDef};
pub use query::{
    Aggregate, ColumnRefDef, Comparison, ConditionDef, JoinDef, JoinKind, OperandDef, QueryColumnDef, QueryDef,
};
pub use relation::{ForeignKeyDef, RelationDef, RelationKindDef};
pub use setting::{Collation, ReferentialAction, Similarity, SortOrder, SyncMethod};
pub use table::{CheckDef, EmbedDef, FieldDef, TableDef, TableOptionsDef};
pub use types::{EnumDef, LogicalType, PostgresEnumDef};
pub use view::ViewDef;

/// A struct that is a table. Implemented by `#[derive(DbTable)]`.
pub trait DbTable {
    /// The table's descriptor.
    fn table() -> &'static TableDef;
}

/// A struct whose fields are spread over several columns of its owner. Implemented by `#[derive(DbEmbed)]`.
pub trait DbEmbed {
    /// The embedded struct's descriptor.
    fn embed() -> &'static EmbedDef;
}

/// A struct that is a view. Implemented by `#[derive(DbView)]`.
pub trait DbView {
    /// The view's descriptor.
    fn view() -> &'static ViewDef;
}

/// One model of any kind, as `schema![..]` and the registry collect them.
#[derive(Debug, Clone, Copy)]
pub enum ModelDef {
    /// A table.
    Table(fn() -> &'static TableDef),
    /// A view.
    View(fn() -> &'static ViewDef),
}
