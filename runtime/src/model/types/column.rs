//! Columns and their defaults.

use super::{DataType, NativeColumn, is_default};
use crate::descriptor::{Collation, Increment};
use crate::model::shorthand;
use serde::{Deserialize, Serialize};

/// A column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Physical name.
    pub name: String,
    /// Earlier physical names.
    #[serde(default, skip_serializing_if = "is_default", deserialize_with = "shorthand::names")]
    #[cfg_attr(feature = "json-schema", schemars(schema_with = "shorthand::schema::names"))]
    pub renamed: Vec<String>,
    /// Type.
    #[serde(rename = "type", deserialize_with = "shorthand::data_type")]
    #[cfg_attr(feature = "json-schema", schemars(schema_with = "shorthand::schema::data_type"))]
    pub ty: DataType,
    /// Whether NULL is allowed.
    #[serde(default, skip_serializing_if = "is_default")]
    pub nullable: bool,
    /// Default.
    #[serde(default, skip_serializing_if = "is_default", deserialize_with = "shorthand::default_value")]
    #[cfg_attr(feature = "json-schema", schemars(schema_with = "shorthand::schema::default_value"))]
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
    /// Counts up: the first value, or all of how it counts.
    Increment(Increment),
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
