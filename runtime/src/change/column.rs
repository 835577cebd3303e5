//! Columns that change: which of their properties, how safely their values convert, how they go.

use serde::{Deserialize, Serialize};

/// How safe the conversion of values between two native types is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CastSafety {
    /// Every value converts without loss.
    Safe,
    /// Some values may not convert, or lose something: they are counted first ([`DataCheck::Unconvertible`](super::DataCheck::Unconvertible)). Where the count
    /// is zero nothing is lost.
    Checked,
    /// A conversion that does not make sense (a blob to a date).
    Impossible,
}

/// How a dialect drops a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DropColumn {
    /// `ALTER TABLE … DROP COLUMN` does it.
    InPlace,
    /// The table has to be rebuilt.
    Rebuild,
    /// Something that is unmanaged stands in the way (rule M4): what it is, in words (`index "by_hand"`).
    Blocked(Vec<String>),
}

/// One property of one column that changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ColumnAlteration {
    /// The column, by its new name.
    pub column: String,
    /// Which property.
    pub property: ColumnProperty,
    /// As it is: `TEXT`, `NULL`, `none`.
    pub from: String,
    /// As it shall be.
    pub to: String,
}

/// A property of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
#[non_exhaustive]
pub enum ColumnProperty {
    Type,
    Nullable,
    Default,
    Generated,
    Collation,
    Identity,
    Comment,
    Extra,
}
