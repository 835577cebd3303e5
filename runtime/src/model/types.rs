//! The types of the model.

use super::{Query, short};
use crate::catalog::IndexKind;
use crate::descriptor::{Collation, ReferentialAction, SortOrder, SyncMethod};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub(super) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Everything that one namespace of a database should hold. Tables and views are sorted by name.
///
/// Made by [`schema!`](crate::schema), [`Schema::registered`], [`Schema::from_json`] or [`Schema::from_catalog`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schema {
    /// The tables.
    #[serde(default)]
    pub tables: Vec<Table>,
    /// The views.
    #[serde(default, skip_serializing_if = "is_default")]
    pub views: Vec<View>,
    /// What went wrong while the model was built from descriptors: told by [`Schema::validate`]. Not part of the document.
    #[doc(hidden)]
    #[serde(skip)]
    pub problems: Vec<String>,
}

/// A table.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Physical name.
    pub name: String,
    /// Namespace; `None`: the connection's own.
    #[serde(default, skip_serializing_if = "is_default")]
    pub schema: Option<String>,
    /// Earlier physical names.
    #[serde(default, skip_serializing_if = "is_default", deserialize_with = "short::names")]
    #[cfg_attr(feature = "json-schema", schemars(schema_with = "short::schema::names"))]
    pub renamed: Vec<String>,
    /// How structural changes may be done.
    #[serde(default, skip_serializing_if = "is_default")]
    pub sync_method: Option<SyncMethod>,
    /// Comment.
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
    /// Columns, in the order of creation.
    pub columns: Vec<Column>,
    /// Columns of the primary key, in order; empty: none.
    #[serde(default, skip_serializing_if = "is_default", deserialize_with = "short::names")]
    #[cfg_attr(feature = "json-schema", schemars(schema_with = "short::schema::names"))]
    pub primary_key: Vec<String>,
    /// Indexes.
    #[serde(default, skip_serializing_if = "is_default")]
    pub indexes: Vec<Index>,
    /// Foreign keys.
    #[serde(default, skip_serializing_if = "is_default")]
    pub foreign_keys: Vec<ForeignKey>,
    /// CHECK constraints.
    #[serde(default, skip_serializing_if = "is_default")]
    pub checks: Vec<Check>,
    /// Options of single databases.
    #[serde(default, skip_serializing_if = "is_default")]
    pub options: TableOptions,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Physical name.
    pub name: String,
    /// Earlier physical names.
    #[serde(default, skip_serializing_if = "is_default", deserialize_with = "short::names")]
    #[cfg_attr(feature = "json-schema", schemars(schema_with = "short::schema::names"))]
    pub renamed: Vec<String>,
    /// Type.
    #[serde(rename = "type", deserialize_with = "short::data_type")]
    #[cfg_attr(feature = "json-schema", schemars(schema_with = "short::schema::data_type"))]
    pub ty: DataType,
    /// Whether NULL is allowed.
    #[serde(default, skip_serializing_if = "is_default")]
    pub nullable: bool,
    /// Default.
    #[serde(default, skip_serializing_if = "is_default", deserialize_with = "short::default_value")]
    #[cfg_attr(feature = "json-schema", schemars(schema_with = "short::schema::default_value"))]
    pub default: Option<DefaultValue>,
    /// Generated column.
    #[serde(default, skip_serializing_if = "is_default")]
    pub generated: Option<Generated>,
    /// Collation.
    #[serde(default, skip_serializing_if = "is_default")]
    pub collate: Option<Collation>,
    /// Holds ciphertext: stored as unbounded text, whatever the type.
    #[serde(default, skip_serializing_if = "is_default")]
    pub encrypted: bool,
    /// Native types and column options of single databases.
    #[serde(default, skip_serializing_if = "is_default")]
    pub native: NativeColumn,
    /// Comment.
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

impl Column {
    /// A required column of that name and type.
    pub fn new(name: impl Into<String>, ty: DataType) -> Self {
        Self {
            name: name.into(),
            renamed: Vec::new(),
            ty,
            nullable: false,
            default: None,
            generated: None,
            collate: None,
            encrypted: false,
            native: NativeColumn::default(),
            comment: None,
        }
    }
}

/// A logical column type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum DataType {
    Bool,
    Int8,
    Int16,
    Int32,
    Int64,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    Float32,
    Float64,
    /// Unbounded text.
    Text,
    /// Text of at most so many characters.
    Varchar(u32),
    Char,
    Bytes,
    Uuid,
    Date,
    Time,
    /// Date and time without a zone.
    DateTime,
    /// An instant.
    Timestamp,
    /// Precision and scale, where given.
    Decimal(Option<(u32, u32)>),
    Json,
    Array(Box<DataType>),
    Enum {
        /// The Rust name, in snake_case.
        name: String,
        /// The stored texts, in order.
        variants: Vec<String>,
        /// An enum type of its own on PostgreSQL; text elsewhere, and without it.
        #[serde(default, skip_serializing_if = "is_default")]
        postgres: Option<Box<PostgresEnum>>,
    },
    Vector(u32),
    GeoPoint,
}

/// The enum type of an enum on PostgreSQL.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PostgresEnum {
    /// Name of the type.
    #[serde(rename = "type")]
    pub ty: String,
    /// Its schema; `None`: the connection's own.
    #[serde(default, skip_serializing_if = "is_default")]
    pub schema: Option<String>,
    /// Earlier names of the type.
    #[serde(default, skip_serializing_if = "is_default", deserialize_with = "short::names")]
    #[cfg_attr(feature = "json-schema", schemars(schema_with = "short::schema::names"))]
    pub renamed: Vec<String>,
    /// The earlier names of labels, by label.
    #[serde(default, skip_serializing_if = "is_default")]
    pub renamed_labels: BTreeMap<String, Vec<String>>,
}

/// A default value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum DefaultValue {
    /// A boolean.
    Bool(bool),
    /// An integer, within -2^63 and 2^64-1.
    Int(i128),
    /// A finite float.
    Float(f64),
    /// A text.
    Text(String),
    /// Identity: the first value.
    Increment(i64),
    /// A random UUID.
    Uuid,
    /// The current time; epoch milliseconds on integers.
    Now,
    /// An SQL expression.
    Sql(String),
}

/// A generated column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Generated {
    /// The expression, SQL.
    pub sql: String,
    /// Stored, or computed when read.
    #[serde(default, skip_serializing_if = "is_default")]
    pub stored: bool,
}

/// Native types and column options of single databases.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NativeColumn {
    /// SQLite.
    #[serde(default, skip_serializing_if = "is_default")]
    pub sqlite: SqliteColumn,
    /// PostgreSQL.
    #[serde(default, skip_serializing_if = "is_default")]
    pub postgres: PostgresColumn,
    /// MySQL and MariaDB.
    #[serde(default, skip_serializing_if = "is_default")]
    pub mysql: MysqlColumn,
}

/// What a column says about SQLite alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SqliteColumn {
    /// Native type, as written.
    #[serde(default, rename = "type", skip_serializing_if = "is_default")]
    pub ty: Option<String>,
    /// Native collation: `RTRIM`, or one that the program registers.
    #[serde(default, skip_serializing_if = "is_default")]
    pub collate: Option<String>,
}

/// What a column says about PostgreSQL alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PostgresColumn {
    /// Native type, as written.
    #[serde(default, rename = "type", skip_serializing_if = "is_default")]
    pub ty: Option<String>,
    /// Native collation.
    #[serde(default, skip_serializing_if = "is_default")]
    pub collate: Option<String>,
}

/// What a column says about MySQL and MariaDB alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MysqlColumn {
    /// Native type, as written.
    #[serde(default, rename = "type", skip_serializing_if = "is_default")]
    pub ty: Option<String>,
    /// Native collation.
    #[serde(default, skip_serializing_if = "is_default")]
    pub collate: Option<String>,
    /// UNSIGNED.
    #[serde(default, skip_serializing_if = "is_default")]
    pub unsigned: bool,
    /// ON UPDATE expression.
    #[serde(default, skip_serializing_if = "is_default")]
    pub on_update: Option<String>,
}

/// An index.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Index {
    /// Name without prefix (rule M3): as given, or the column names joined by `_`.
    pub name: String,
    /// Kind.
    #[serde(default, skip_serializing_if = "is_default")]
    pub kind: IndexKind,
    /// Of a unique index: NULLs count as equal, so that there is one at most.
    #[serde(default, skip_serializing_if = "is_default")]
    pub nulls_not_distinct: bool,
    /// What is indexed, in order.
    pub parts: Vec<IndexPart>,
    /// Condition of a partial index, SQL.
    #[serde(default, rename = "where", skip_serializing_if = "is_default")]
    pub predicate: Option<String>,
    /// Included columns.
    #[serde(default, skip_serializing_if = "is_default", deserialize_with = "short::names")]
    #[cfg_attr(feature = "json-schema", schemars(schema_with = "short::schema::names"))]
    pub include: Vec<String>,
    /// Pre-filter columns of a vector index.
    #[serde(default, skip_serializing_if = "is_default", deserialize_with = "short::names")]
    #[cfg_attr(feature = "json-schema", schemars(schema_with = "short::schema::names"))]
    pub filters: Vec<String>,
}

impl Index {
    /// Whether it makes a difference that NULLs count as equal: where there can be none, any unique index will do.
    pub(crate) fn tells_nulls_apart(&self, table: &Table) -> bool {
        self.nulls_not_distinct
            && self.parts.iter().any(|part| match &part.on {
                IndexOn::Column(name) => table.columns.iter().any(|column| column.name == *name && column.nullable),
                IndexOn::Expression(_) => true,
            })
    }

    /// What a server without `NULLS NOT DISTINCT` leaves undone of it, where that makes a difference.
    pub(crate) fn without_equal_nulls(&self, table: &Table, server: &str) -> Option<String> {
        self.tells_nulls_apart(table).then(|| {
            format!(
                "unique index \"{}\": {server} has no NULLS NOT DISTINCT: the index is made, and lets more than one NULL in",
                self.name
            )
        })
    }
}

/// One part of an index. In the document: `{"column": "a", "order": "desc"}`, `{"expression": "lower(a)"}`, or `"a"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexPart {
    /// A column or an expression.
    pub on: IndexOn,
    /// Direction.
    pub order: SortOrder,
    /// Weight in a full-text index.
    pub weight: Option<u32>,
}

impl IndexPart {
    /// An ascending part over a column.
    pub fn column(name: impl Into<String>) -> Self {
        Self { on: IndexOn::Column(name.into()), order: SortOrder::Asc, weight: None }
    }
}

/// What one part of an index is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IndexOn {
    /// A column.
    Column(String),
    /// An expression, SQL.
    Expression(String),
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ForeignKey {
    /// Referencing columns.
    #[serde(deserialize_with = "short::names")]
    #[cfg_attr(feature = "json-schema", schemars(schema_with = "short::schema::names"))]
    pub columns: Vec<String>,
    /// Namespace of the referenced table.
    #[serde(default, skip_serializing_if = "is_default")]
    pub target_schema: Option<String>,
    /// Referenced table.
    pub target: String,
    /// Referenced columns, in pairs with `columns`.
    #[serde(deserialize_with = "short::names")]
    #[cfg_attr(feature = "json-schema", schemars(schema_with = "short::schema::names"))]
    pub target_columns: Vec<String>,
    /// On delete.
    #[serde(default, skip_serializing_if = "is_default")]
    pub on_delete: ReferentialAction,
    /// On update.
    #[serde(default, skip_serializing_if = "is_default")]
    pub on_update: ReferentialAction,
}

/// A CHECK constraint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// Name without prefix; never empty: the first 8 hex digits of the SHA-256 of `sql` when none was given.
    pub name: String,
    /// Condition, SQL.
    pub sql: String,
}

/// Options of single databases.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TableOptions {
    /// SQLite.
    #[serde(default, skip_serializing_if = "is_default")]
    pub sqlite: SqliteOptions,
    /// PostgreSQL.
    #[serde(default, skip_serializing_if = "is_default")]
    pub postgres: PostgresOptions,
    /// MySQL and MariaDB.
    #[serde(default, skip_serializing_if = "is_default")]
    pub mysql: MysqlOptions,
    /// MongoDB.
    #[serde(default, skip_serializing_if = "is_default")]
    pub mongodb: MongoOptions,
}

/// Options of SQLite tables.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SqliteOptions {
    /// STRICT
    #[serde(default, skip_serializing_if = "is_default")]
    pub strict: bool,
    /// WITHOUT ROWID
    #[serde(default, skip_serializing_if = "is_default")]
    pub without_rowid: bool,
}

/// Options of PostgreSQL tables.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PostgresOptions {
    /// UNLOGGED
    #[serde(default, skip_serializing_if = "is_default")]
    pub unlogged: bool,
    /// Fill factor, 10 to 100.
    #[serde(default, skip_serializing_if = "is_default")]
    pub fillfactor: Option<u32>,
    /// Collation of the text columns.
    #[serde(default, skip_serializing_if = "is_default")]
    pub collate: Option<String>,
    /// Schema.
    #[serde(default, skip_serializing_if = "is_default")]
    pub schema: Option<String>,
}

/// Options of MySQL and MariaDB tables.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MysqlOptions {
    /// Storage engine.
    #[serde(default, skip_serializing_if = "is_default")]
    pub engine: Option<String>,
    /// Character set.
    #[serde(default, skip_serializing_if = "is_default")]
    pub charset: Option<String>,
    /// Collation.
    #[serde(default, skip_serializing_if = "is_default")]
    pub collate: Option<String>,
}

/// Options of MongoDB collections.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MongoOptions {
    /// Capped: bytes, and documents where given.
    #[serde(default, skip_serializing_if = "is_default")]
    pub capped: Option<(u64, Option<u64>)>,
}

/// A view.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct View {
    /// Physical name.
    pub name: String,
    /// Namespace; `None`: the connection's own.
    #[serde(default, skip_serializing_if = "is_default")]
    pub schema: Option<String>,
    /// Earlier physical names.
    #[serde(default, skip_serializing_if = "is_default", deserialize_with = "short::names")]
    #[cfg_attr(feature = "json-schema", schemars(schema_with = "short::schema::names"))]
    pub renamed: Vec<String>,
    /// The query as SQL. With neither this nor `query` the view is external: only checked.
    #[serde(default, skip_serializing_if = "is_default")]
    pub sql: Option<String>,
    /// The query in parts, of which each dialect makes SQL.
    #[serde(default, skip_serializing_if = "is_default")]
    pub query: Option<Query>,
    /// Materialized where the server has it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub materialized: bool,
    /// Columns that it must have; those of `query` are there.
    #[serde(default, skip_serializing_if = "is_default")]
    pub columns: Vec<String>,
    /// The types of `columns`, where [`Schema::from_database`] has read them. Not part of the document.
    #[doc(hidden)]
    #[serde(skip)]
    pub types: Vec<Option<DataType>>,
}

impl View {
    /// Whether it is only checked.
    pub fn is_external(&self) -> bool {
        self.sql.is_none() && self.query.is_none()
    }

    /// The names of its columns, as far as the model says them.
    pub fn column_names(&self) -> Vec<&str> {
        match &self.query {
            Some(query) => query.columns.iter().map(|column| column.name.as_str()).collect(),
            None => self.columns.iter().map(String::as_str).collect(),
        }
    }
}

impl Table {
    /// The schema that the table says, in whichever way.
    pub(crate) fn schema_name(&self) -> Option<&str> {
        self.options.postgres.schema.as_deref().or(self.schema.as_deref())
    }
}

impl DataType {
    /// Whether the values are whole numbers.
    pub(crate) fn is_integer(&self) -> bool {
        matches!(
            self,
            Self::Int8
                | Self::Int16
                | Self::Int32
                | Self::Int64
                | Self::Uint8
                | Self::Uint16
                | Self::Uint32
                | Self::Uint64
        )
    }
}
