//! Logical column types.

use super::is_default;
use crate::model::shorthand;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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
    #[serde(default, skip_serializing_if = "is_default", deserialize_with = "shorthand::names")]
    #[cfg_attr(feature = "json-schema", schemars(schema_with = "shorthand::schema::names"))]
    pub renamed: Vec<String>,
    /// The earlier names of labels, by label.
    #[serde(default, skip_serializing_if = "is_default")]
    pub renamed_labels: BTreeMap<String, Vec<String>>,
}
