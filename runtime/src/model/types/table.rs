//! Tables, with their foreign keys and checks.

use super::{Column, Index, TableOptions, is_default};
use crate::descriptor::{ReferentialAction, SyncMethod};
use crate::model::shorthand;
use serde::{Deserialize, Serialize};

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
    #[serde(default, skip_serializing_if = "is_default", deserialize_with = "shorthand::names")]
    #[cfg_attr(feature = "json-schema", schemars(schema_with = "shorthand::schema::names"))]
    pub renamed: Vec<String>,
    /// How structural changes may be done.
    #[serde(default, skip_serializing_if = "is_default")]
    pub sync_method: Option<SyncMethod>,
    /// Comment.
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
    /// It is there, is not described, and is never made, changed or dropped: that it exists is checked, and keys may point to it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub external: bool,
    /// Columns, in the order of creation.
    #[serde(default)]
    pub columns: Vec<Column>,
    /// Columns of the primary key, in order; empty: none.
    #[serde(default, skip_serializing_if = "is_default", deserialize_with = "shorthand::names")]
    #[cfg_attr(feature = "json-schema", schemars(schema_with = "shorthand::schema::names"))]
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

impl Table {
    /// The schema that the table says, in whichever way.
    pub(crate) fn schema_name(&self) -> Option<&str> {
        self.options.postgres.schema.as_deref().or(self.schema.as_deref())
    }
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ForeignKey {
    /// Referencing columns.
    #[serde(deserialize_with = "shorthand::names")]
    #[cfg_attr(feature = "json-schema", schemars(schema_with = "shorthand::schema::names"))]
    pub columns: Vec<String>,
    /// Namespace of the referenced table.
    #[serde(default, skip_serializing_if = "is_default")]
    pub target_schema: Option<String>,
    /// Referenced table.
    pub target: String,
    /// Referenced columns, in pairs with `columns`.
    #[serde(deserialize_with = "shorthand::names")]
    #[cfg_attr(feature = "json-schema", schemars(schema_with = "shorthand::schema::names"))]
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
