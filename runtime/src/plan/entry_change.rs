//! Changes of an entry that have no list of their own.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A change of a table, view or type beside its columns, indexes, foreign keys and labels. Its `Display` is what a plan shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
#[non_exhaustive]
pub enum EntryChange {
    /// An option of the table: `strict: none → on`. (Not `Option`: the compiler would then call the standard one by its path in every error.)
    TableOption {
        /// Its native name.
        option: String,
        /// What it was; `None`: not set.
        from: Option<String>,
        /// What it becomes.
        to: Option<String>,
    },
    /// The columns of the primary key; empty: there is none.
    PrimaryKey {
        /// What they were.
        from: Vec<String>,
        /// What they become.
        to: Vec<String>,
    },
    /// A CHECK constraint comes.
    CheckAdded {
        /// Its condition.
        condition: String,
    },
    /// A CHECK constraint goes.
    CheckDropped {
        /// Its condition.
        condition: String,
    },
    /// A part of the table gets another name.
    PartRenamed {
        /// The kind of the part.
        part: RenamedPart,
        /// What it was.
        from: String,
        /// What it becomes.
        to: String,
    },
    /// A generated column is dropped and added again, because a column that it reads changes its type.
    GeneratedColumnRecreated {
        /// The column.
        column: String,
    },
    /// The labels of an enum type change their order.
    LabelOrder {
        /// What it was.
        from: Vec<String>,
        /// What it becomes.
        to: Vec<String>,
    },
    /// The comment of the table was changed.
    Comment,
    /// The query of the view was changed.
    Definition,
}

/// What gets another name in an [`EntryChange::PartRenamed`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
#[non_exhaustive]
pub enum RenamedPart {
    Index,
    Constraint,
    PrimaryKey,
    Sequence,
}

impl EntryChange {
    /// A part that gets another name.
    pub(crate) fn renamed(part: RenamedPart, (from, to): (&str, &str)) -> Self {
        Self::PartRenamed { part, from: from.to_owned(), to: to.to_owned() }
    }
}

impl fmt::Display for RenamedPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Index => "index",
            Self::Constraint => "constraint",
            Self::PrimaryKey => "primary key",
            Self::Sequence => "sequence",
        })
    }
}

impl fmt::Display for EntryChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".to_owned());
        let key = |columns: &[String]| if columns.is_empty() { "none".to_owned() } else { columns.join(", ") };
        match self {
            Self::TableOption { option, from, to } => write!(f, "{option}: {} → {}", value(from), value(to)),
            Self::PrimaryKey { from, to } => write!(f, "primary key: {} → {}", key(from), key(to)),
            Self::CheckAdded { condition } => write!(f, "check added: {condition}"),
            Self::CheckDropped { condition } => write!(f, "check dropped: {condition}"),
            Self::PartRenamed { part, from, to } => write!(f, "{part} renamed: {from} → {to}"),
            Self::GeneratedColumnRecreated { column } => write!(f, "generated column recreated: {column}"),
            Self::LabelOrder { from, to } => write!(f, "order: {} → {}", from.join(", "), to.join(", ")),
            Self::Comment => f.write_str("comment"),
            Self::Definition => f.write_str("definition"),
        }
    }
}
