//! A report as text (rule R5).

use super::{Report, RunStatus};
use crate::plan::{EntryStatus, text};
use std::fmt::{self, Display, Formatter};

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let status = match self.status {
            RunStatus::Incomplete => "✗ Not everything could be done",
            RunStatus::UpToDate => "✓ Up to date",
            RunStatus::Synced => "✓ Synced",
            RunStatus::SyncedByPeer => "✓ Synced by another process",
            RunStatus::Superseded => "! Superseded",
        };
        writeln!(f, "{status} (namespace \"{}\", {} ms)", self.namespace, self.duration_ms)?;
        for warning in &self.warnings {
            writeln!(f, "  ! {warning}")?;
        }
        text::write_entries(f, &self.entries, &self.unmanaged)?;
        if self.entries.iter().any(|entry| entry.status != EntryStatus::InSync) {
            writeln!(f, "\n{}", text::summary(&self.entries))?;
        }
        Ok(())
    }
}
