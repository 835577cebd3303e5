//! What a step costs and what it does to those who use the database meanwhile.

use super::Statement;
use serde::{Deserialize, Serialize};

/// What a step may cost. Never guessed from SQL text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Risk {
    /// Nothing can be lost.
    #[default]
    Safe,
    /// Values may lose something in a conversion.
    Lossy,
    /// Rows, columns or tables are destroyed.
    Destructive,
}

/// What a step does to those who use the database meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Hazard {
    /// Writes every row of the table again.
    RewritesTable,
    /// Reads every row of the table.
    ScansTable,
    /// Writers of the table wait.
    BlocksWrites,
    /// Readers of the table wait as well.
    BlocksReads,
    /// Rows or values are destroyed.
    DeletesData,
}

/// When a step is done, and in which transaction.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StepIsolation {
    /// With the other steps of its entry: all of them or none.
    #[default]
    Unit,
    /// Once the entries are done, in a transaction of its own (online mode).
    OwnTransaction,
    /// As `OwnTransaction`, again and again until it changes no row (online mode).
    Batched,
    /// Once the entries are done, outside of transactions (online mode).
    Autocommit,
}

impl StepIsolation {
    pub(crate) fn is_unit(&self) -> bool {
        *self == Self::Unit
    }
}

/// What a change does to those who use the table meanwhile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Impact {
    /// The lock that it takes, in the database's own words.
    pub lock: Option<&'static str>,
    /// Hazards.
    pub hazards: Vec<Hazard>,
}

/// One part of a change that is done online.
#[derive(Debug, Clone, PartialEq)]
pub struct OnlinePart {
    /// In which transaction.
    pub isolation: StepIsolation,
    /// Its statements.
    pub statements: Vec<Statement>,
    /// What it does to others.
    pub effect: Impact,
    /// What takes back what it leaves behind.
    pub compensation: Vec<String>,
}
