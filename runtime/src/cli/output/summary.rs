//! The one line at the end.

use super::style;
use crate::change::{Hazard, Risk};
use crate::plan::data_checks::counted;
use crate::plan::{Entry, EntryKind, EntryStatus, Plan};

/// What a plan will destroy: rows and values.
pub(in crate::cli) fn losses(entries: &[Entry]) -> String {
    let rows: u64 = entries.iter().filter_map(|entry| entry.rows_lost).sum();
    let values: u64 = entries.iter().flat_map(|entry| &entry.values_lost).map(|lost| lost.rows).sum();
    let dropped = |kind| {
        entries.iter().filter(|entry| entry.status == EntryStatus::Drop && entry.object.kind == kind).count() as u64
    };
    let (tables, types) = (dropped(EntryKind::Table), dropped(EntryKind::Type));
    // A plain view holds nothing.
    let is_lost =
        |entry: &&Entry| entry.object.kind == EntryKind::View && entry.status == EntryStatus::Drop && entry.destructive;
    let views = entries.iter().filter(is_lost).count() as u64;
    let columns = entries.iter().map(|entry| entry.columns_dropped.len() as u64).sum();
    let mut parts = Vec::new();
    if tables > 0 {
        parts.push(format!("{} with {}", counted(tables, "table"), counted(rows, "row")));
    } else if rows > 0 {
        parts.push(counted(rows, "row"));
    }
    if views > 0 {
        parts.push(counted(views, "materialized view"));
    }
    if types > 0 {
        parts.push(counted(types, "enum type"));
    }
    if columns > 0 {
        parts.push(format!("{} with {}", counted(columns, "column"), counted(values, "value")));
    } else if values > 0 {
        parts.push(counted(values, "value"));
    }
    parts.join(", ")
}

/// `2 to create, 1 to drop, 3 in sync`, or `2 created, …` once it is done.
pub(in crate::cli) fn counts(entries: &[Entry], done: bool) -> String {
    let kinds = [
        (EntryStatus::Create, "to create", "created"),
        (EntryStatus::Alter, "to alter", "altered"),
        (EntryStatus::Drop, "to drop", "dropped"),
        (EntryStatus::Error, "with errors", "with errors"),
        (EntryStatus::InSync, "in sync", "in sync"),
    ];
    let count = |status| entries.iter().filter(|entry| entry.status == status).count();
    let parts = kinds.iter().filter(|(status, ..)| count(*status) > 0);
    let parts =
        parts.map(|(status, before, after)| format!("{} {}", count(*status), if done { after } else { before }));
    parts.collect::<Vec<_>>().join(", ")
}

/// The last line of a plan.
pub(in crate::cli) fn plan(plan: &Plan) -> String {
    let with = |hazard| plan.steps.iter().filter(|step| step.hazards.contains(&hazard)).count() as u64;
    let mut notes = vec![counted(plan.steps.len() as u64, "step")];
    if with(Hazard::RewritesTable) > 0 {
        notes.push(format!("{} rewritten", counted(with(Hazard::RewritesTable), "table")));
    }
    let mut line = format!("{}: {}", counts(&plan.entries, false), notes.join(", "));
    match plan.risk() {
        Risk::Safe => {}
        Risk::Lossy => line.push_str(&format!(", {}", style::warn("narrower types (every value was checked)"))),
        Risk::Destructive => {
            line.push_str(&format!(", {}", style::bad(&format!("DESTRUCTIVE: drops {}", losses(&plan.entries)))));
        }
    }
    line.push('\n');
    line
}
