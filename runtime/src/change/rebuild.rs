//! [`Rebuild`]: a table that is built under a temporary name, filled from the old one, and put in its place.

use crate::catalog::{Column, Index, Table, Trigger};
use serde::{Deserialize, Serialize};

/// One rebuild of one table, whatever the number of changes in it (rules X1 to X4).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Rebuild {
    /// The table as it is live when the rebuild begins (renames already done), indexes and triggers of its own included.
    pub from: Table,
    /// The table as it shall be: the model's columns and constraints, and all that is unmanaged and stays. Columns in the order of creation.
    pub to: Table,
    /// Where each column of `to` that can be written gets its values; generated columns are not in it. Empty: the rows are dropped
    /// (`sync_method = drop`).
    pub copy: Vec<CopyColumn>,
    /// `sync_method = drop`: no row is copied.
    pub discard_rows: bool,
    /// Indexes to be recreated as they were: not ours, by their own SQL; ours follow as `CreateIndex`.
    pub restore_indexes: Vec<Index>,
    /// Triggers to be recreated by their own SQL.
    pub restore_triggers: Vec<Trigger>,
    /// Indexes of ours that do not come back, or not as they were.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dropped_indexes: Vec<String>,
}

/// Where one column of a rebuilt table gets its values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CopyColumn {
    /// The column of the new table.
    pub to: Column,
    /// The source.
    pub source: CopySource,
}

/// The source of a copied column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CopySource {
    /// The old column, unchanged: byte-identical.
    Keep(String),
    /// The old column, cast explicitly to the new type. `lossy`: values that do not convert become the default or NULL instead of
    /// stopping the copy.
    Cast {
        /// The old column.
        from: Column,
        /// `.allow_lossy(true)`
        lossy: bool,
    },
    /// The old column, its NULLs replaced by the new default.
    FillNulls {
        /// The old column.
        from: Column,
        /// Also cast.
        cast: bool,
        /// As in `Cast`.
        lossy: bool,
    },
    /// A new column: its default, or NULL.
    Default,
}
