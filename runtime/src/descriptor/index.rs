//! Indexes.

use super::{SortOrder, VectorDef};

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
    /// The language of a full-text index.
    pub language: Option<&'static str>,
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
