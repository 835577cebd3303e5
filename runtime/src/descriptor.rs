//! The static types that the derives fill: what a struct says about the database, known at compile time.
//!
//! Inside a descriptor, columns are named by their *Rust field path* (`"email"`, `"address.city"` through an
//! embedded struct); the model builder ([`crate::model`]) turns them into physical names. References between
//! tables are `fn() -> &'static TableDef`, so that models may refer to each other in circles.

mod query;

pub use query::{
    Aggregate, ColumnRefDef, Comparison, ConditionDef, JoinDef, JoinKind, OperandDef, QueryColumnDef, QueryDef,
};

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

/// How a structural change may be done where the server cannot alter in place (rule C6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SyncMethod {
    /// Build a new table, copy the rows, swap (rule X1).
    Recreate,
    /// Drop the table and create it empty (rule X2).
    Drop,
}

/// What happens to the referencing row when the referenced one is deleted or its key changes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReferentialAction {
    /// The statement fails (checked at its end, or at commit when deferred). The default.
    #[default]
    NoAction,
    /// The statement fails at once.
    Restrict,
    /// The referencing row follows.
    Cascade,
    /// The referencing columns become NULL.
    SetNull,
    /// The referencing columns get their defaults.
    SetDefault,
}

/// A portable collation; each dialect has its own name for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Collation {
    /// By bytes.
    Binary,
    /// ASCII letters compare without case.
    Nocase,
    /// By the rules of Unicode.
    Unicode,
}

/// The direction of an index column.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SortOrder {
    /// Ascending, the default.
    #[default]
    Asc,
    /// Descending.
    Desc,
}

/// The distance that a vector index is made for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Similarity {
    /// Cosine distance, the default.
    #[default]
    Cosine,
    /// Euclidean distance.
    Euclidean,
    /// Inner product.
    DotProduct,
}

/// A logical column type, from [`crate::DbValue::TYPE`].
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum LogicalType {
    Bool,
    Int8,
    Int16,
    Int32,
    Int64,
    UInt8,
    UInt16,
    UInt32,
    UInt64,
    Float32,
    Float64,
    Text,
    Char,
    Bytes,
    Uuid,
    Date,
    Time,
    /// Date and time without a zone.
    DateTime,
    /// An instant.
    Timestamp,
    Decimal,
    Json,
    /// Stored as JSON where the database has no arrays.
    Array(&'static LogicalType),
    /// A fieldless enum stored as text; the variants' stored names.
    Enum(&'static EnumDef),
    /// A vector of so many `f32`; 0 when the type does not say.
    Vector(u32),
    GeoPoint,
}

/// A fieldless Rust enum that is stored as text.
#[derive(Debug, PartialEq)]
pub struct EnumDef {
    /// The Rust name, in snake_case.
    pub name: &'static str,
    /// The stored text of each variant, in order.
    pub variants: &'static [&'static str],
    /// `postgres(enum = "…")`: an enum type of its own on PostgreSQL.
    pub postgres: Option<PostgresEnumDef>,
}

/// The enum type of a Rust enum on PostgreSQL.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PostgresEnumDef {
    /// The type's name.
    pub name: &'static str,
    /// Its schema; `None`: the connection's own.
    pub schema: Option<&'static str>,
    /// Earlier names of the type.
    pub renamed: &'static [&'static str],
    /// Labels that had other names, and those.
    pub renamed_labels: &'static [(&'static str, &'static [&'static str])],
}

/// A struct that is a table.
#[derive(Debug)]
pub struct TableDef {
    /// `User`
    pub rust_name: &'static str,
    /// `my_app::models::User`, for messages.
    pub rust_path: &'static str,
    /// Physical name.
    pub name: &'static str,
    /// Earlier physical names.
    pub renamed: &'static [&'static str],
    /// Namespace: a PostgreSQL schema, another database on MySQL.
    pub schema: Option<&'static str>,
    /// Group of models, for several databases.
    pub space: Option<&'static str>,
    /// How structural changes may be done.
    pub sync_method: Option<SyncMethod>,
    /// From the doc comment.
    pub comment: Option<&'static str>,
    /// Columns and embedded structs, in the order of the fields. Skipped and navigation fields are not here.
    pub fields: &'static [FieldDef],
    /// Table-level and field-level indexes; fields sharing a name are already one composite index.
    pub indexes: &'static [IndexDef],
    /// Table-level and field-level foreign keys.
    pub foreign_keys: &'static [ForeignKeyDef],
    /// CHECK constraints.
    pub checks: &'static [CheckDef],
    /// Navigation fields: no column, carried for other tools.
    pub relations: &'static [RelationDef],
    /// Options of single databases.
    pub options: TableOptionsDef,
}

/// A struct spread over several columns of its owner.
#[derive(Debug)]
pub struct EmbedDef {
    /// `Address`
    pub rust_name: &'static str,
    /// Columns and embedded structs.
    pub fields: &'static [FieldDef],
    /// Indexes over these fields.
    pub indexes: &'static [IndexDef],
    /// Foreign keys of these fields.
    pub foreign_keys: &'static [ForeignKeyDef],
}

/// One field of a table or an embedded struct.
#[derive(Debug)]
#[allow(clippy::large_enum_variant)]
pub enum FieldDef {
    /// One column.
    Column(ColumnDef),
    /// Several columns, named `{column}__{child}`.
    Embed {
        /// The Rust field.
        field: &'static str,
        /// The prefix of the columns, without the `__`.
        column: &'static str,
        /// Earlier prefixes.
        renamed: &'static [&'static str],
        /// `Option<T>`: all columns are nullable.
        nullable: bool,
        /// The embedded struct.
        def: fn() -> &'static EmbedDef,
    },
}

/// One column. `..ColumnDef::new(..)` fills what an attribute does not say.
#[derive(Debug, Clone, Copy)]
pub struct ColumnDef {
    /// The Rust field.
    pub field: &'static str,
    /// Physical name.
    pub name: &'static str,
    /// Earlier physical names.
    pub renamed: &'static [&'static str],
    /// Logical type.
    pub ty: LogicalType,
    /// From `Option<T>`.
    pub nullable: bool,
    /// Part of the primary key, in field order.
    pub primary_key: bool,
    /// Default.
    pub default: Option<DefaultDef>,
    /// Generated column.
    pub generated: Option<GeneratedDef>,
    /// Collation.
    pub collate: Option<Collation>,
    /// Longest text, in characters.
    pub max_length: Option<u32>,
    /// Digits in all, and after the point.
    pub precision: Option<(u32, u32)>,
    /// `json`: one JSON column, whatever the type.
    pub json: bool,
    /// `encrypted`: unbounded text, whatever the type.
    pub encrypted: bool,
    /// `version`: an optimistic lock counter.
    pub version: bool,
    /// Carried for other tools.
    pub dimension: bool,
    /// Carried for other tools.
    pub measure: bool,
    /// Vector parameters: dimensions, similarity, threshold; the index is in `indexes`.
    pub vector: Option<VectorDef>,
    /// Native types and column options of single databases.
    pub native: NativeDef,
    /// From the doc comment.
    pub comment: Option<&'static str>,
}

impl ColumnDef {
    /// A plain column of that field, name, type and nullability.
    pub const fn new(field: &'static str, name: &'static str, ty: LogicalType, nullable: bool) -> Self {
        Self {
            field,
            name,
            renamed: &[],
            ty,
            nullable,
            primary_key: false,
            default: None,
            generated: None,
            collate: None,
            max_length: None,
            precision: None,
            json: false,
            encrypted: false,
            version: false,
            dimension: false,
            measure: false,
            vector: None,
            native: NativeDef::NONE,
            comment: None,
        }
    }
}

/// `vector(1536, similarity = cosine, threshold = 0.7)`
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VectorDef {
    /// Dimensions.
    pub dimensions: u32,
    /// The distance.
    pub similarity: Similarity,
    /// 0 to 1.
    pub threshold: Option<f64>,
}

/// Native types and column options of single databases.
#[derive(Debug, Clone, Copy)]
pub struct NativeDef {
    /// `sqlite(type = "…")`
    pub sqlite: Option<&'static str>,
    /// `sqlite(collate = "…")`
    pub sqlite_collate: Option<&'static str>,
    /// `postgres(type = "…")`
    pub postgres: Option<&'static str>,
    /// `postgres(collate = "…")`
    pub postgres_collate: Option<&'static str>,
    /// `mysql(type = "…")`
    pub mysql: Option<&'static str>,
    /// `mysql(unsigned)`
    pub mysql_unsigned: bool,
    /// `mysql(on_update = "…")`
    pub mysql_on_update: Option<&'static str>,
    /// `mysql(collate = "…")`
    pub mysql_collate: Option<&'static str>,
}

impl NativeDef {
    /// Nothing said.
    pub const NONE: Self = Self {
        sqlite: None,
        sqlite_collate: None,
        postgres: None,
        postgres_collate: None,
        mysql: None,
        mysql_unsigned: false,
        mysql_on_update: None,
        mysql_collate: None,
    };
}

/// A default value.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs)]
pub enum DefaultDef {
    Bool(bool),
    Int(i128),
    Float(f64),
    Text(&'static str),
    /// `default(increment = 1000)`: the first value, 1 when not said.
    Increment(i64),
    /// `default(uuid)`
    Uuid,
    /// `default(now)`
    Now,
    /// `default(sql = "…")`
    Sql(&'static str),
}

/// `generated(sql = "…", stored)`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GeneratedDef {
    /// The expression.
    pub sql: &'static str,
    /// Stored, or computed when read.
    pub stored: bool,
}

/// The kind of an index.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum IndexKindDef {
    /// Plain.
    Plain,
    /// Unique.
    Unique,
    /// Full-text.
    Fulltext,
    /// Geographic.
    Geo,
    /// Vector; the parameters are on the column.
    Vector(VectorDef),
}

/// An index.
#[derive(Debug, Clone, Copy)]
pub struct IndexDef {
    /// The name as given, without prefix; `None`: the column names joined by `_`.
    pub name: Option<&'static str>,
    /// The kind.
    pub kind: IndexKindDef,
    /// Of a unique index: NULLs count as equal.
    pub nulls_not_distinct: bool,
    /// What is indexed, in order.
    pub parts: &'static [IndexPartDef],
    /// The condition of a partial index, SQL.
    pub predicate: Option<&'static str>,
    /// Included columns, field paths.
    pub include: &'static [&'static str],
    /// Pre-filter columns of a vector index, field paths.
    pub filters: &'static [&'static str],
}

/// One part of an index.
#[derive(Debug, Clone, Copy)]
pub struct IndexPartDef {
    /// A field path or an expression.
    pub on: IndexOnDef,
    /// Direction.
    pub order: SortOrder,
    /// Weight in a full-text index.
    pub weight: Option<u32>,
}

/// What one part of an index is over.
#[derive(Debug, Clone, Copy)]
pub enum IndexOnDef {
    /// A field path.
    Column(&'static str),
    /// An SQL expression.
    Expression(&'static str),
}

/// A foreign key.
#[derive(Clone, Copy)]
pub struct ForeignKeyDef {
    /// The alias that pairs it with a navigation field.
    pub alias: Option<&'static str>,
    /// The referencing field paths.
    pub columns: &'static [&'static str],
    /// The referenced table.
    pub target: fn() -> &'static TableDef,
    /// The referenced field paths, in pairs with `columns`.
    pub target_columns: &'static [&'static str],
    /// On delete.
    pub on_delete: ReferentialAction,
    /// On update.
    pub on_update: ReferentialAction,
}

impl std::fmt::Debug for ForeignKeyDef {
    /// Names the target only: descriptors may be circular.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ForeignKeyDef")
            .field("columns", &self.columns)
            .field("target", &(self.target)().rust_name)
            .field("target_columns", &self.target_columns)
            .field("on_delete", &self.on_delete)
            .field("on_update", &self.on_update)
            .finish()
    }
}

/// A CHECK constraint.
#[derive(Debug, Clone, Copy)]
pub struct CheckDef {
    /// The name as given, without prefix.
    pub name: Option<&'static str>,
    /// The condition, SQL.
    pub sql: &'static str,
}

/// A navigation field.
#[derive(Clone, Copy)]
pub struct RelationDef {
    /// The Rust field.
    pub field: &'static str,
    /// The other model.
    pub target: fn() -> &'static TableDef,
    /// Which way it goes.
    pub kind: RelationKindDef,
    /// The foreign key's alias.
    pub alias: Option<&'static str>,
}

impl std::fmt::Debug for RelationDef {
    /// Names the target only: descriptors may be circular.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RelationDef")
            .field("field", &self.field)
            .field("target", &(self.target)().rust_name)
            .field("alias", &self.alias)
            .finish_non_exhaustive()
    }
}

/// Which way a navigation field goes.
#[derive(Clone, Copy)]
pub enum RelationKindDef {
    /// `rel(to)`: this table has the foreign key.
    To,
    /// `rel(from)`: the other table has it.
    From,
    /// `rel(via = Junction)`
    Via(fn() -> &'static TableDef),
}

/// Options of single databases.
#[derive(Debug, Clone, Copy)]
pub struct TableOptionsDef {
    /// `sqlite(strict)`
    pub sqlite_strict: bool,
    /// `sqlite(without_rowid)`
    pub sqlite_without_rowid: bool,
    /// `postgres(unlogged)`
    pub postgres_unlogged: bool,
    /// `postgres(fillfactor = 80)`
    pub postgres_fillfactor: Option<u32>,
    /// `postgres(collate = "…")`
    pub postgres_collate: Option<&'static str>,
    /// `postgres(schema = "…")`
    pub postgres_schema: Option<&'static str>,
    /// `mysql(engine = "…")`
    pub mysql_engine: Option<&'static str>,
    /// `mysql(charset = "…")`
    pub mysql_charset: Option<&'static str>,
    /// `mysql(collate = "…")`
    pub mysql_collate: Option<&'static str>,
    /// `mongodb(capped(size = …, max = …))`
    pub mongodb_capped: Option<(u64, Option<u64>)>,
}

impl TableOptionsDef {
    /// Nothing said.
    pub const NONE: Self = Self {
        sqlite_strict: false,
        sqlite_without_rowid: false,
        postgres_unlogged: false,
        postgres_fillfactor: None,
        postgres_collate: None,
        postgres_schema: None,
        mysql_engine: None,
        mysql_charset: None,
        mysql_collate: None,
        mongodb_capped: None,
    };
}

/// A struct that is a view.
#[derive(Debug)]
pub struct ViewDef {
    /// `PremiumUser`
    pub rust_name: &'static str,
    /// `my_app::models::PremiumUser`, for messages.
    pub rust_path: &'static str,
    /// Physical name.
    pub name: &'static str,
    /// Earlier physical names.
    pub renamed: &'static [&'static str],
    /// Namespace.
    pub schema: Option<&'static str>,
    /// Group of models.
    pub space: Option<&'static str>,
    /// `sql = "SELECT …"`
    pub sql: Option<&'static str>,
    /// `from = …` with joins, conditions and aggregates; with neither this nor `sql` the view is external.
    pub query: Option<&'static QueryDef>,
    /// Materialized where the server has it.
    pub materialized: bool,
    /// Column names that the view must have.
    pub columns: &'static [&'static str],
    /// The Rust fields of `columns`, in the same order.
    pub fields: &'static [&'static str],
}
