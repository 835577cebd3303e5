//! Views.

use super::{DataType, is_default};
use crate::model::{Query, shorthand};
use serde::{Deserialize, Serialize};

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
    #[serde(default, skip_serializing_if = "is_default", deserialize_with = "shorthand::names")]
    #[cfg_attr(feature = "json-schema", schemars(schema_with = "shorthand::schema::names"))]
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
    /// The types of `columns`, where [`Schema::from_database`](crate::model::Schema::from_database) has read them. Not part of the document.
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
