//! What columns and tables say about single databases.

use super::is_default;
use serde::{Deserialize, Serialize};

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

/// Where a column says its type and collation for one database.
#[derive(Debug)]
pub struct NativeMut<'a> {
    /// Native type, as written.
    pub ty: &'a mut Option<String>,
    /// Native collation.
    pub collate: &'a mut Option<String>,
}

impl SqliteColumn {
    /// The type and the collation, to be set.
    pub fn native_mut(&mut self) -> NativeMut<'_> {
        NativeMut { ty: &mut self.ty, collate: &mut self.collate }
    }
}

impl PostgresColumn {
    /// The type and the collation, to be set.
    pub fn native_mut(&mut self) -> NativeMut<'_> {
        NativeMut { ty: &mut self.ty, collate: &mut self.collate }
    }
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
