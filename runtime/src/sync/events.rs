//! What a run tells as tracing events once it is over (rule R6): each statement has told of itself by then.

use super::report::{Report, RunStatus};
use crate::plan::data_checks::counted;
use crate::plan::{Entry, EntryStatus, WithheldReason};

/// An error for each errored entry, a warning for all that is lost, withheld or waits, one summary.
pub(super) fn tell(report: &Report) {
    for entry in &report.entries {
        tell_entry(entry);
    }
    for warning in &report.warnings {
        tracing::warn!(namespace = %report.namespace, "{warning}");
    }
    let count = |status| report.entries.iter().filter(|entry| entry.status == status).count();
    let message = match report.status {
        RunStatus::UpToDate => "the schema is up to date",
        RunStatus::Synced => "the schema is synced",
        RunStatus::SyncedByPeer => "the schema was synced by another process",
        RunStatus::Superseded => "nothing is changed: the database had left these models behind",
        RunStatus::Incomplete => "the sync is not complete: the next run tries again",
    };
    tracing::info!(
        namespace = %report.namespace,
        status = ?report.status,
        created = count(EntryStatus::Create),
        altered = count(EntryStatus::Alter),
        dropped = count(EntryStatus::Drop),
        in_sync = count(EntryStatus::InSync),
        errors = count(EntryStatus::Error),
        statements = report.statements.len(),
        duration_ms = report.duration_ms,
        "{message}"
    );
}

fn tell_entry(entry: &Entry) {
    let name = entry.name();
    if !entry.errors.is_empty() {
        let errors = entry.errors.join("; ");
        // What is external is only looked at (rule R4).
        if entry.kind().is_external() {
            tracing::warn!(entry = %name, errors, "the external view is not as the model says");
        } else {
            tracing::error!(entry = %name, errors, "the entry has errors");
        }
    }
    if entry.destructive && entry.status != EntryStatus::Error {
        let rows = entry.rows_lost.map(|rows| counted(rows, "row"));
        let values =
            entry.values_lost.iter().map(|lost| format!("{} of \"{}\"", counted(lost.rows, "value"), lost.column));
        let lost: Vec<String> = rows.into_iter().chain(values).collect();
        tracing::warn!(entry = %name, lost = lost.join(", "), columns = entry.columns_dropped.join(", "), "destroyed");
    }
    for withheld in &entry.withheld {
        if withheld.reason == WithheldReason::Unsupported {
            tracing::debug!(entry = %name, "not done: {}", withheld.what);
        } else {
            tracing::warn!(entry = %name, reason = ?withheld.reason, "withheld: {}", withheld.what);
        }
    }
    for suspected in &entry.suspected_renames {
        tracing::warn!(entry = %name, "{suspected}");
    }
    for warning in &entry.warnings {
        tracing::warn!(entry = %name, "{warning}");
    }
}
