//! The kinds of indexes, in a model as in a database.

use crate::descriptor::Similarity;
use serde::{Deserialize, Serialize};

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// The kind of an index.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum IndexKind {
    /// Plain.
    #[default]
    Plain,
    /// Unique.
    Unique,
    /// Full-text.
    Fulltext,
    /// Geographic.
    Geo,
    /// Vector.
    Vector(VectorParameters),
}

/// Parameters of a vector index.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct VectorParameters {
    /// Dimensions.
    pub dimensions: u32,
    /// Distance.
    #[serde(default, skip_serializing_if = "is_default")]
    pub similarity: Similarity,
    /// 0 to 1.
    #[serde(default, skip_serializing_if = "is_default")]
    pub threshold: Option<f64>,
}
