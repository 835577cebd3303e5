//! Plans as text (rule R5): `+` comes, `~` changes, `-` goes, `!` look here, `?` did you mean, `✓` in sync, `✗` failed.

use super::data_checks::counted;
use super::types::{Entry, EntryKind, EntryStatus, Plan, Step};
use crate::change::{ColumnProperty, Hazard, Risk, StepIsolation};
use std::fmt::{self, Display, Formatter};

impl Display for Plan {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.superseded {
            return writeln!(
                f,
                "! Superseded: this database has already left this model behind; nothing would be changed (allow_revert goes back)"
            );
        }
        let changes = self.entries.iter().filter(|entry| entry.status != EntryStatus::InSync).count();
        if changes == 0 {
            writeln!(f, "✓ Nothing to do: {} in sync", counted(self.entries.len() as u64, "object"))?;
        } else {
            writeln!(f, "Plan for namespace \"{}\" on {}", self.namespace, self.dialect)?;
        }
        for (at, entry) in self.entries.iter().enumerate().filter(|(_, entry)| !is_quiet(entry)) {
            write_entry(f, entry)?;
            self.write_locks(f, at)?;
        }
        if let Some(note) = self.lock_note() {
            writeln!(f, "  · {note}")?;
        }
        write_unmanaged(f, &self.unmanaged)?;
        for (namespace, objects) in &self.other_namespaces {
            writeln!(f, "  of namespace \"{namespace}\", left alone: {}", objects.join(", "))?;
        }
        if changes > 0 {
            let hazards = |hazard| self.steps.iter().filter(|step| step.hazards.contains(&hazard)).count() as u64;
            let mut notes = vec![counted(self.steps.len() as u64, "step")];
            if hazards(Hazard::RewritesTable) > 0 {
                notes.push(format!("{} rewritten", counted(hazards(Hazard::RewritesTable), "table")));
            }
            match self.risk() {
                Risk::Safe => {}
                Risk::Lossy => notes.push("! narrower types (every value was checked)".to_owned()),
                Risk::Destructive => notes.push("! DESTRUCTIVE".to_owned()),
            }
            writeln!(f, "\n{}: {}", summary(&self.entries), notes.join(", "))?;
        }
        Ok(())
    }
}

/// `2 created, 1 altered, 3 in sync`
pub(crate) fn summary(entries: &[Entry]) -> String {
    let kinds = [
        (EntryStatus::Create, "created"),
        (EntryStatus::Alter, "altered"),
        (EntryStatus::Drop, "dropped"),
        (EntryStatus::Error, "with errors"),
        (EntryStatus::InSync, "in sync"),
    ];
    let count = |status| entries.iter().filter(|entry| entry.status == status).count();
    let parts: Vec<String> = kinds
        .iter()
        .filter(|(status, _)| count(*status) > 0)
        .map(|(status, word)| format!("{} {word}", count(*status)))
        .collect();
    parts.join(", ")
}

pub(crate) fn write_entries(f: &mut Formatter<'_>, entries: &[Entry], unmanaged: &[String]) -> fmt::Result {
    for entry in entries.iter().filter(|entry| !is_quiet(entry)) {
        write_entry(f, entry)?;
    }
    write_unmanaged(f, unmanaged)
}

fn write_unmanaged(f: &mut Formatter<'_>, unmanaged: &[String]) -> fmt::Result {
    if !unmanaged.is_empty() {
        writeln!(f, "  unmanaged, left alone: {}", unmanaged.join(", "))?;
    }
    Ok(())
}

/// In sync, and nothing to say about it: counted, not listed.
fn is_quiet(entry: &Entry) -> bool {
    entry.status == EntryStatus::InSync
        && entry.withheld.is_empty()
        && entry.suspected_renames.is_empty()
        && entry.warnings.is_empty()
        && entry.unmanaged.is_empty()
}

fn write_entry(f: &mut Formatter<'_>, entry: &Entry) -> fmt::Result {
    let symbol = match entry.status {
        EntryStatus::Create => "+",
        EntryStatus::Alter => "~",
        EntryStatus::Drop => "-",
        EntryStatus::InSync => "✓",
        EntryStatus::Error => "✗",
    };
    let mut notes = Vec::new();
    match entry.object.kind {
        EntryKind::Table => {}
        EntryKind::View | EntryKind::ExternalView => notes.push("view".to_owned()),
        EntryKind::ExternalTable => notes.push("external table".to_owned()),
        EntryKind::Type => notes.push("enum type".to_owned()),
    }
    if let Some(from) = &entry.renamed_from {
        notes.push(format!("renamed from {from}"));
    }
    if entry.recreated {
        notes.push("rebuilt".to_owned());
    }
    if let Some(rows) = entry.rows_lost {
        notes.push(format!("! drops {}", counted(rows, "row")));
    }
    let notes = if notes.is_empty() { String::new() } else { format!("  ({})", notes.join(", ")) };
    writeln!(f, "  {symbol} {}{notes}", entry.name())?;
    write_columns(f, entry)?;
    write_parts(f, entry)
}

fn write_columns(f: &mut Formatter<'_>, entry: &Entry) -> fmt::Result {
    if entry.status == EntryStatus::Create {
        if !entry.columns_added.is_empty() {
            writeln!(f, "      + {}", entry.columns_added.join(", "))?;
        }
    } else {
        for column in &entry.columns_added {
            writeln!(f, "      + {column}")?;
        }
    }
    for renamed in &entry.columns_renamed {
        writeln!(f, "      ~ {} → {}", renamed.from, renamed.to)?;
    }
    for altered in &entry.columns_altered {
        let property = match altered.property {
            ColumnProperty::Type => "type",
            ColumnProperty::Nullable => "null",
            ColumnProperty::Default => "default",
            ColumnProperty::Generated => "generated",
            ColumnProperty::Collation => "collation",
            ColumnProperty::Identity => "identity",
            ColumnProperty::Comment => "comment",
            ColumnProperty::Extra => "option",
        };
        writeln!(f, "      ~ {} {property}: {} → {}", altered.column, altered.from, altered.to)?;
    }
    for column in &entry.columns_dropped {
        let lost = entry.values_lost.iter().find(|lost| lost.column == *column).map_or(0, |lost| lost.rows);
        writeln!(f, "      - {column}  (! drops {})", counted(lost, "value"))?;
    }
    Ok(())
}

/// Everything beside the columns.
fn write_parts(f: &mut Formatter<'_>, entry: &Entry) -> fmt::Result {
    for renamed in &entry.labels_renamed {
        writeln!(f, "      ~ label {} → {}", renamed.from, renamed.to)?;
    }
    for (symbol, what, names) in [
        ("-", "label", &entry.labels_dropped),
        ("+", "label", &entry.labels_added),
        ("-", "index", &entry.indexes_dropped),
        ("+", "index", &entry.indexes_created),
        ("-", "foreign key", &entry.foreign_keys_dropped),
        ("+", "foreign key", &entry.foreign_keys_added),
    ] {
        for name in names {
            writeln!(f, "      {symbol} {what} {name}")?;
        }
    }
    for change in &entry.other_changes {
        writeln!(f, "      ~ {change}")?;
    }
    for withheld in &entry.withheld {
        writeln!(f, "      ! not done: {} ({})", withheld.what, withheld.why)?;
    }
    for suspected in &entry.suspected_renames {
        writeln!(f, "      ? {suspected}")?;
    }
    for warning in &entry.warnings {
        writeln!(f, "      ! {warning}")?;
    }
    for error in &entry.errors {
        writeln!(f, "      ✗ {error}")?;
    }
    if !entry.unmanaged.is_empty() {
        writeln!(f, "      unmanaged, left alone: {}", entry.unmanaged.join(", "))?;
    }
    Ok(())
}

impl Plan {
    /// The locks that the steps of an entry take, those of the same kind in one line.
    fn write_locks(&self, f: &mut Formatter<'_>, entry: usize) -> fmt::Result {
        let mut lines: Vec<(String, u64)> = Vec::new();
        for step in
            self.steps.iter().filter(|step| step.entry == entry && self.entries[entry].status != EntryStatus::Create)
        {
            let Some(effect) = self.effect(step) else { continue };
            match lines.iter_mut().find(|(known, _)| *known == effect) {
                Some((_, times)) => *times += 1,
                None => lines.push((effect, 1)),
            }
        }
        for (line, times) in lines {
            let times = if times == 1 { String::new() } else { format!("{times} × ") };
            writeln!(f, "      · {times}{line}")?;
        }
        Ok(())
    }

    /// How the locks of the steps are taken, where they take some on tables that are in use.
    pub(crate) fn lock_note(&self) -> Option<&'static str> {
        let in_use = |step: &&Step| self.entries.get(step.entry).is_some_and(|it| it.status != EntryStatus::Create);
        self.steps.iter().filter(in_use).any(|step| step.lock.is_some()).then_some(if self.online {
            "locks: each transaction waits a moment for its own; while others hold one it lets go of everything, and comes again as long as \
             lock_timeout allows"
        } else {
            "locks: those of all steps are taken together, before the first statement; while others hold one of them the run lets go of \
             everything, and comes again as long as lock_timeout allows"
        })
    }

    /// `lock ACCESS EXCLUSIVE, rewrites the table (about 12,430 rows)`
    pub(super) fn effect(&self, step: &Step) -> Option<String> {
        let mut text = format!("lock {}", step.lock.as_ref()?);
        let rows = self.entries.get(step.entry).and_then(|entry| entry.estimated_rows);
        let rows = rows.map_or_else(String::new, |rows| format!(" (about {})", counted(rows, "row")));
        if step.hazards.contains(&Hazard::RewritesTable) {
            text.push_str(&format!(", rewrites the table{rows}"));
        } else if step.hazards.contains(&Hazard::ScansTable) {
            text.push_str(&format!(", reads the table{rows}"));
        }
        text.push_str(match step.isolation {
            StepIsolation::Unit => "",
            StepIsolation::OwnTransaction => ", in a transaction of its own",
            StepIsolation::Batched => ", in batches",
            StepIsolation::Autocommit => ", outside of transactions",
        });
        Some(text)
    }
}
