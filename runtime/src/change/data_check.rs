//! [`DataCheck`]: a question about the rows that has to be answered before a change, its query and its answer.

use super::CopyColumn;
use crate::catalog::{Column, ForeignKey, Index, Name};
use serde::{Deserialize, Serialize};

/// A question about the data that has to be answered before a change (rules C5, C7, C10, F2, I2, T5, X2).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(clippy::large_enum_variant)] // A run has a handful of these.
#[non_exhaustive]
pub enum DataCheck {
    /// Rows of a table.
    Rows {
        /// The table, by its live name.
        table: Name,
    },
    /// One, where the table has any row.
    AnyRow {
        /// The table, by its live name.
        table: Name,
    },
    /// Rows in which the column is NULL.
    Nulls {
        /// The table, by its live name.
        table: Name,
        /// The column, by its live name.
        column: String,
    },
    /// Rows whose value does not survive the cast between the two native types. Samples: the values.
    Unconvertible {
        /// The table, by its live name.
        table: Name,
        /// The column, by its live name, with its live type.
        from: Column,
        /// The column as it shall be.
        to: Column,
        /// The primary key, for the samples.
        key: Vec<String>,
        /// Only those that have no like in the new type even where the server's own cast rounds or cuts.
        #[serde(default)]
        lossy: bool,
    },
    /// Rows whose value is not stored yet as the other kind of values is, where the native type stays.
    Rewritten {
        /// The table, by its live name.
        table: Name,
        /// The column, by its live name.
        from: Column,
        /// The column as it shall be.
        to: Column,
    },
    /// Groups of rows that are equal in these parts; and not NULL in any, unless the index takes NULLs as equal. Samples: the values.
    Duplicates {
        /// The table, by its live name.
        table: Name,
        /// Its index, in live column names.
        index: Index,
    },
    /// Rows whose foreign key points nowhere. Samples: the values.
    Orphans {
        /// The referencing table, by its live name.
        table: Name,
        /// The key, in live names of both tables.
        foreign_key: ForeignKey,
    },
    /// Rows of a table that reference any row of another.
    References {
        /// The referencing table, by its live name.
        table: Name,
        /// The key, in live names of both tables.
        foreign_key: ForeignKey,
    },
    /// Rows that violate the check. Samples: the keys.
    Violations {
        /// The table, by its live name.
        table: Name,
        /// The condition, in live column names.
        sql: String,
        /// Columns that are not there yet: each row has their default, or what they generate.
        added: Vec<Column>,
    },
    /// Values of a column, or elements of its arrays, that are one of these labels. Samples: the values.
    Labels {
        /// The table, by its live name.
        table: Name,
        /// The column, by its live name.
        column: String,
        /// It holds arrays.
        array: bool,
        /// The labels.
        labels: Vec<String>,
        /// The primary key, for the samples.
        key: Vec<String>,
    },
    /// Rows whose value is not of the column's type, where the database has let it in. Samples: the values.
    WrongType {
        /// The table, by its live name.
        table: Name,
        /// The column, by its live name.
        column: Column,
        /// The primary key, for the samples.
        key: Vec<String>,
    },
    /// Another question, asked of the rows as this run will leave them; only where a rebuild changes them.
    OnProjection {
        /// The tables of the question that change.
        images: Vec<ProjectedRows>,
        /// The question: tables by their live names, the columns of those by their names after the run.
        check: Box<DataCheck>,
    },
}

/// The rows of a table as a run will leave them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProjectedRows {
    /// The table, by its live name.
    pub table: Name,
    /// Where each column gets its values, in live names.
    pub columns: Vec<CopyColumn>,
    /// Generated columns, each after those that it is made of.
    pub generated: Vec<Column>,
}

impl DataCheck {
    /// The table that is asked, by its live name.
    pub fn table(&self) -> &Name {
        match self {
            Self::Rows { table }
            | Self::Nulls { table, .. }
            | Self::Labels { table, .. }
            | Self::Unconvertible { table, .. }
            | Self::Rewritten { table, .. }
            | Self::Duplicates { table, .. }
            | Self::AnyRow { table }
            | Self::Orphans { table, .. }
            | Self::References { table, .. }
            | Self::Violations { table, .. }
            | Self::WrongType { table, .. } => table,
            Self::OnProjection { check, .. } => check.table(),
        }
    }
}

/// The SQL of a [`DataCheck`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckQuery {
    /// One row, one integer column.
    pub count: String,
    /// Up to three rows of one text column: asked only where the count is above zero.
    pub samples: Option<String>,
}

/// The answer to a [`DataCheck`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckResult {
    /// How many.
    pub count: u64,
    /// Up to three.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub samples: Vec<String>,
    /// What the database said where it could not answer (an expression that divides by zero).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raised: Option<String>,
}
