//! What the user sees of a table's plan.

use super::Decisions;
use crate::catalog::{ForeignKey, Table};
use crate::change::{Change, ColumnProperty, DataCheck};
use crate::diff::table::TableDiff;
use crate::plan::build::Planner;
use crate::plan::types::{Renamed, ValuesLost};

/// Fills the entry with what is done.
pub(super) fn describe(planner: &mut Planner<'_>, entry: usize, diff: &TableDiff, decisions: &Decisions) {
    let mut values_lost = Vec::new();
    for column in decisions.dropped.iter().map(|column| &column.name).chain(&decisions.overwritten) {
        let table = planner.live_table(&diff.name);
        let nulls =
            planner.data_checks.result(DataCheck::Nulls { table, column: planner.live_column(&diff.name, column) });
        let rows = planner.rows(&diff.name).saturating_sub(nulls.count);
        values_lost.push(ValuesLost { column: column.clone(), rows });
    }
    let rows_lost = if decisions.discard_rows { Some(planner.rows(&diff.name)) } else { None };
    let recreated = super::replace::recreated_columns(planner, diff, decisions).into_iter().filter(|(from, _)| {
        let altered = |at: &usize| diff.altered[*at].to.name == from.name;
        !decisions.rebuild && !decisions.altered.iter().any(altered)
    });
    let recreated: Vec<String> = recreated.map(|(from, _)| from.name.clone()).collect();
    let item = &mut planner.entries[entry];
    item.columns_added = diff.added.iter().map(|column| column.name.clone()).collect();
    item.columns_renamed =
        diff.column_renames.iter().map(|(from, to)| Renamed { from: from.clone(), to: to.clone() }).collect();
    item.columns_altered =
        decisions.altered.iter().flat_map(|&at| diff.altered[at].properties.iter().cloned()).collect();
    for altered in item.columns_altered.iter_mut().filter(|altered| altered.property == ColumnProperty::Type) {
        altered.from = planner.types.shown(&altered.from);
    }
    item.columns_dropped = decisions.dropped.iter().map(|column| column.name.clone()).collect();
    item.indexes_created = diff.indexes_added.iter().map(|index| index.name.clone()).collect();
    item.indexes_dropped = diff.indexes_dropped.iter().map(|index| index.name.clone()).collect();
    item.foreign_keys_added = diff.foreign_keys.added.iter().map(describe_key).collect();
    item.foreign_keys_dropped = diff.foreign_keys.dropped.iter().map(describe_key).collect();
    let none = || "none".to_owned();
    for (key, from, to) in &diff.options {
        let (from, to) = (from.clone().unwrap_or_else(none), to.clone().unwrap_or_else(none));
        item.options_changed.push(format!("{key}: {from} → {to}"));
    }
    if diff.primary_key.changed {
        let key = diff.primary_key.to.as_ref().map_or_else(none, |key| key.columns.join(", "));
        item.options_changed.push(format!("primary key: {key}"));
    }
    item.options_changed.extend(recreated.iter().map(|name| format!("generated column made again: {name}")));
    let renamed = diff.indexes_renamed.iter().map(|pair| ("index", pair));
    let constraints = diff.foreign_keys.renamed.iter().chain(&diff.checks.renamed).map(|pair| ("constraint", pair));
    let own =
        super::server_generated_names::follow(planner.dialect, diff).into_iter().filter_map(|change| match change {
            Change::RenamePrimaryKey { from, to, .. } => Some(format!("primary key renamed: {from} → {to}")),
            Change::RenameSequence { from, to, .. } => Some(format!("sequence renamed: {from} → {to}")),
            _ => None,
        });
    item.options_changed.extend(own);
    let renamed = renamed.chain(constraints).map(|(what, (from, to))| format!("{what} renamed: {from} → {to}"));
    item.options_changed.extend(renamed);
    item.options_changed.extend(diff.checks.added.iter().map(|check| format!("check added: {}", check.sql)));
    item.options_changed.extend(diff.checks.dropped.iter().map(|check| format!("check dropped: {}", check.sql)));
    item.recreated = decisions.rebuild;
    item.destructive = decisions.discard_rows || !decisions.dropped.is_empty() || !decisions.overwritten.is_empty();
    item.values_lost = values_lost;
    item.rows_lost = rows_lost;
}

/// `(author_id) → users(id)`
pub(crate) fn describe_key(key: &ForeignKey) -> String {
    format!("({}) → {}({})", key.columns.join(", "), key.target, key.target_columns.join(", "))
}

/// Rules M1, M2: what is there and is not ours.
pub(super) fn describe_unmanaged(planner: &mut Planner<'_>, entry: usize, diff: &TableDiff, current: &Table) {
    let item = &mut planner.entries[entry];
    for column in &diff.unmanaged_columns {
        item.unmanaged.push(format!("column \"{}\"", column.name));
        let filled = column.default.is_some() || column.generated.is_some() || column.identity.is_some();
        let rowid = current.primary_key.as_ref().is_some_and(|key| key.columns == [column.name.clone()]);
        if !column.nullable && !filled && !rowid {
            item.warnings.push(format!(
                "unmanaged column \"{}\" is required and has no default: inserts that do not name it will fail",
                column.name
            ));
        }
    }
    for index in &current.indexes {
        if index.constraint || crate::catalog::is_managed_name(&index.name) {
            continue;
        }
        item.unmanaged.push(format!("index \"{}\"", index.name));
    }
    item.unmanaged.extend(diff.foreign_keys.unmanaged.iter().map(|key| format!("foreign key {}", describe_key(key))));
    item.unmanaged.extend(diff.checks.unmanaged.iter().map(|check| format!("check ({})", check.sql)));
    item.unmanaged.extend(current.triggers.iter().map(|trigger| format!("trigger \"{}\"", trigger.name)));
}
