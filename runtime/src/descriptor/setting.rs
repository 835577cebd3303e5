//! The choices that attributes name: how a table is changed, what a foreign key does, how texts and vectors compare.

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
