//! Indexes that are kept in tables of their own, beside the table that they are of.

use serde::{Deserialize, Serialize};

/// The tables, with the triggers that follow the rows, in which the database keeps an index that it has no kind of its own for (SQLite's
/// full-text and vector tables).
///
/// They do not go with their table and do not follow its renames: the index is dropped before its table goes or is rebuilt, and
/// recreated afterwards. That is why the names in here are left as they are when a table or a column is renamed: a difference.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexTables {
    /// Where its rows are from: the table, or a view of ours that tells them apart by a number.
    #[serde(alias = "s")]
    pub source: String,
    /// The key columns of the table, where a table of ours numbers its rows by them; empty: they have a number of their own.
    #[serde(default, alias = "k", skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<String>,
    /// The column of the source that numbers the rows.
    #[serde(alias = "r")]
    pub rowid: String,
    /// The columns of the source that it holds, in order.
    #[serde(alias = "c")]
    pub columns: Vec<String>,
    /// The statements that make it, in order, without those that fill it: compared as they are.
    #[serde(alias = "q")]
    pub create: Vec<String>,
}
