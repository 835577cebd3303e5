//! Indexes.

use super::{Table, is_default};
use crate::catalog::IndexKind;
use crate::descriptor::SortOrder;
use crate::model::shorthand;
use serde::{Deserialize, Serialize};

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
    #[serde(default, skip_serializing_if = "is_default", deserialize_with = "shorthand::names")]
    #[cfg_attr(feature = "json-schema", schemars(schema_with = "shorthand::schema::names"))]
    pub include: Vec<String>,
    /// The language of a full-text index: `english` and the like, `simple` (words as they are written, which is the default), or `trigram`
    /// (parts of words are found as well).
    #[serde(default, skip_serializing_if = "is_default")]
    pub language: Option<String>,
    /// Pre-filter columns of a vector index.
    #[serde(default, skip_serializing_if = "is_default", deserialize_with = "shorthand::names")]
    #[cfg_attr(feature = "json-schema", schemars(schema_with = "shorthand::schema::names"))]
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
