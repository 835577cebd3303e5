//! The names of what belongs to an index, made from its own.

use crate::catalog::{IndexKind, MANAGED_PREFIX};

/// Rows that a statement under way may replace without a word to any trigger.
pub(crate) const REPLACED: &str = "replaced";
/// Numbers for the rows of a table whose key is no number.
pub(crate) const KEYS: &str = "keys";
/// The rows under those numbers.
pub(crate) const ROWS: &str = "rows";

/// The triggers.
pub(crate) const TRIGGERS: [&str; 5] =
    ["before_insert", "after_insert", "after_delete", "before_update", "after_update"];

/// The name of a part of the index.
pub(crate) fn part(index: &str, part: &str) -> String {
    format!("{index}__{part}")
}

/// The kind of an index that is kept in a virtual table of that name and module.
pub(crate) fn kind(name: &str, module: &str) -> Option<IndexKind> {
    let rest = name.strip_prefix(MANAGED_PREFIX)?;
    match module.to_ascii_lowercase().as_str() {
        "fts5" if rest.starts_with("fulltext__") => Some(IndexKind::Fulltext),
        "rtree" if rest.starts_with("geo__") => Some(IndexKind::Geo),
        _ => None,
    }
}
