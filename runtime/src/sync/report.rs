//! [`Report`]: what a run has done, and what it has not.

use crate::error::{Error, Result};
use crate::plan::Entry;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How a run ended (rule R2).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RunStatus {
    /// Nothing to do; one query.
    #[default]
    UpToDate,
    /// This run did the work.
    Synced,
    /// This run did what of the work could be done: see the entries' errors. The next run tries again.
    Incomplete,
    /// Another process did it while this one waited for the lock.
    SyncedByPeer,
    /// An older binary is speaking: nothing was changed (rule S6).
    Superseded,
}

/// What a run has done, and what it has not.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[must_use = "what failed is an error of its entries: ask `has_errors()`, or use `into_result()`"]
#[non_exhaustive]
pub struct Report {
    /// How it ended.
    pub status: RunStatus,
    /// The namespace.
    pub namespace: String,
    /// Fingerprint of the model.
    pub fingerprint: String,
    /// What happened to each table and view; empty when the gate found nothing to do.
    pub entries: Vec<Entry>,
    /// What concerns no single entry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// What is in the database and is nobody's. Never touched.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unmanaged: Vec<String>,
    /// What other namespaces manage, by namespace: `table "x"`. Never touched.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub other_namespaces: BTreeMap<String, Vec<String>>,
    /// Statements that were run, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub statements: Vec<String>,
    /// How long the run took.
    pub duration_ms: u64,
}

impl Report {
    /// Whether an entry that counts has errors (those of external views are advisory, rule R4).
    pub fn has_errors(&self) -> bool {
        self.entries.iter().any(|e| !e.object.kind.is_external() && !e.errors.is_empty())
    }

    /// The entry of that table or view.
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name() == name)
    }

    /// The report itself where no entry has errors.
    ///
    /// # Errors
    /// [`Error::Failed`] with the report inside.
    pub fn into_result(self) -> Result<Self> {
        if self.has_errors() { Err(Error::Failed { report: Box::new(self) }) } else { Ok(self) }
    }

    /// One line per errored entry, for [`Error::Failed`].
    pub(crate) fn error_summary(&self) -> String {
        let mut lines = vec!["the sync is not complete:".to_owned()];
        for entry in self.entries.iter().filter(|entry| !entry.errors.is_empty()) {
            lines.extend(entry.errors.iter().map(|error| format!("  {}: {error}", entry.name())));
        }
        lines.join("\n")
    }
}
