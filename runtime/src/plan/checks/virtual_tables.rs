//! Unmanaged virtual tables that read a table of ours.

use crate::catalog::{Name, Reads};
use crate::diff::table::TableDiff;
use crate::plan::build::Planner;

/// The virtual tables that read a table, by its live name, with what they read.
fn readers<'p>(planner: &'p Planner<'_>, live: &'p Name) -> impl Iterator<Item = (&'p Name, &'p Reads)> {
    planner
        .virtual_tables
        .iter()
        .filter_map(|table| Some((&table.name, &*table.reads.as_ref()?.reads)))
        .filter(|(_, reads)| reads.relations.contains(live))
}

/// Rule M4: no rename and no drop reaches what a virtual table names: it would fail from then on.
pub(crate) fn errors(planner: &Planner<'_>, diff: &TableDiff) -> Vec<String> {
    let live = diff.renamed_from.as_ref().unwrap_or(&diff.name);
    let mut errors = Vec::new();
    for (reader, reads) in readers(planner, live) {
        let what = if diff.renamed_from.is_some() {
            "it cannot be renamed".to_owned()
        } else if let Some((from, _)) = diff.column_renames.iter().find(|(from, _)| reads.relation_column(live, from)) {
            format!("column \"{from}\" cannot be renamed")
        } else if let Some(column) = diff.dropped.iter().find(|column| reads.relation_column(live, &column.name)) {
            format!("column \"{}\" cannot be dropped", column.name)
        } else {
            continue;
        };
        errors.push(format!("{what}: virtual table \"{reader}\", which is unmanaged, reads it; drop that first"));
    }
    errors
}

/// As `errors`, where the table goes.
pub(crate) fn obstacles(planner: &Planner<'_>, table: &Name) -> Vec<String> {
    let error = |(reader, _): (&Name, &Reads)| {
        format!("cannot be dropped: virtual table \"{reader}\", which is unmanaged, reads it; drop that first")
    };
    readers(planner, table).map(error).collect()
}
