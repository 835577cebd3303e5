//! One rebuild of one table, whatever the number of changes (rules X1 to X4).

use super::build::Planner;
use super::checks::unconvertible;
use super::table::Decisions;
use crate::catalog::{Column, Index, Table, is_managed_name};
use crate::change::{CastSafety, Change, ColumnProperty, CopyColumn, CopySource, Hazard, Rebuild, Risk};
use crate::diff::folded;
use crate::diff::table::TableDiff;

/// Adds the rebuild to the entry. The renames have been added before; indexes of ours follow.
pub(crate) fn steps(
    planner: &mut Planner<'_>,
    entry: usize,
    diff: &TableDiff,
    desired: &Table,
    live: &Table,
    decisions: &Decisions,
) {
    let gone = |names: &[String]| names.iter().any(|name| decisions.dropped.iter().any(|column| column.name == *name));
    let is_dropped = |index: &Index| diff.indexes_dropped.iter().any(|dropped| dropped.name == index.name);
    let mut to = Table { name: diff.name.clone(), comment: desired.comment.clone(), ..Table::default() };
    to.columns = decisions.columns.iter().chain(&decisions.kept).chain(&diff.unmanaged_columns).cloned().collect();
    to.primary_key.clone_from(&diff.primary_key.to);
    to.indexes = live
        .indexes
        .iter()
        .filter(|index| {
            index.constraint
                && !is_dropped(index)
                && !index.parts.iter().any(|part| match &part.on {
                    crate::catalog::IndexOn::Column(name) => gone(std::slice::from_ref(name)),
                    crate::catalog::IndexOn::Expression(_) => false,
                })
        })
        .cloned()
        .collect();
    let keys = &diff.foreign_keys;
    to.foreign_keys = keys.kept.iter().chain(&keys.added).cloned().collect();
    to.foreign_keys.extend(keys.unmanaged.iter().filter(|key| !gone(&key.columns)).cloned());
    let checks = &diff.checks;
    to.checks = checks.kept.iter().chain(&checks.added).cloned().collect();
    to.checks.extend(checks.unmanaged.iter().filter(|check| !gone(&check.sql.reads.columns)).cloned());
    to.options.clone_from(&live.options);
    for (key, _, value) in &diff.options {
        match value {
            Some(value) => to.options.insert(key.clone(), value.clone()),
            None => to.options.remove(key),
        };
    }
    let copy = if decisions.discard_rows { Vec::new() } else { copy(planner, entry, diff, decisions, &to) };
    let restore_indexes = live
        .indexes
        .iter()
        .filter(|index| !index.constraint && !is_managed_name(&index.name) && !is_dropped(index))
        .cloned()
        .collect();
    let rebuild = Rebuild {
        from: live.clone(),
        to,
        copy,
        discard_rows: decisions.discard_rows,
        restore_indexes,
        restore_triggers: live.triggers.clone(),
        dropped_indexes: diff
            .indexes_dropped
            .iter()
            .map(|index| index.name.clone())
            .chain(diff.indexes_renamed.iter().map(|(from, _)| from.clone()))
            .collect(),
    };
    let mut hazards = vec![Hazard::RewritesTable, Hazard::BlocksWrites];
    let mut risk = decisions.risk;
    if !decisions.dropped.is_empty() || !decisions.overwritten.is_empty() || decisions.discard_rows {
        hazards.push(Hazard::DeletesData);
        risk = Risk::Destructive;
    }
    planner.step(entry, Change::RebuildTable(Box::new(rebuild)), risk, &hazards, false);
    let key = folded(planner.dialect, &diff.name);
    let mut check = vec![diff.name.clone()];
    for (name, _) in planner.referencing.get(&key).into_iter().flatten() {
        // Whether its own rename is done by then, or at all, is not known here.
        check.extend([name.clone(), planner.live_table(name)]);
    }
    check.sort();
    check.dedup();
    planner.targets[entry].check = check;
}

/// Where each column of the new table gets its values.
fn copy(
    planner: &mut Planner<'_>,
    entry: usize,
    diff: &TableDiff,
    decisions: &Decisions,
    to: &Table,
) -> Vec<CopyColumn> {
    let mut copy = Vec::with_capacity(to.columns.len());
    for column in to.columns.iter().filter(|column| column.generated.is_none()) {
        let source = source(diff, decisions, column, planner.planning.allow_lossy);
        if let CopySource::Cast { from, lossy: true } | CopySource::FillNulls { from, cast: true, lossy: true } =
            &source
        {
            count_lost(planner, entry, diff, from, column);
        }
        copy.push(CopyColumn { to: column.clone(), source });
    }
    copy
}

/// Where a column of the new table gets its values.
pub(crate) fn source(diff: &TableDiff, decisions: &Decisions, column: &Column, allow_lossy: bool) -> CopySource {
    if diff.added.iter().any(|added| added.name == column.name) {
        return CopySource::Default;
    }
    let altered = decisions.altered.iter().map(|&at| &diff.altered[at]).find(|altered| altered.to.name == column.name);
    let Some(altered) = altered else { return CopySource::Keep(column.name.clone()) };
    let cast = altered.changes(ColumnProperty::Type);
    let lossy = cast && allow_lossy;
    let fill = altered.changes(ColumnProperty::Nullable) && !column.nullable && column.default.is_some();
    match (fill, cast) {
        (true, cast) => CopySource::FillNulls { from: altered.from.clone(), cast, lossy },
        (false, true) => CopySource::Cast { from: altered.from.clone(), lossy },
        (false, false) => CopySource::Keep(altered.from.name.clone()),
    }
}

/// Rule X1: with `allow_lossy`, the report counts what was rounded, and what could not be converted at all.
pub(crate) fn count_lost(planner: &mut Planner<'_>, entry: usize, diff: &TableDiff, from: &Column, to: &Column) {
    if planner.dialect.cast(from, to) != CastSafety::Checked {
        return;
    }
    let inexact = unconvertible(planner, diff, from, to, false).count;
    let replaced = unconvertible(planner, diff, from, to, true).count;
    let mut warn = |count: u64, what: &str, by: &str| {
        let (verb, values) = (if count == 1 { "is" } else { "are" }, super::data_checks::counted(count, "value"));
        planner.entries[entry].warnings.push(format!(
            "{values} of \"{}\" cannot be converted {what}({}) and {verb} {by}",
            to.name,
            types_of(from, to)
        ));
    };
    if inexact > replaced {
        warn(inexact - replaced, "without loss ", "rounded or cut");
    }
    if replaced > 0 {
        warn(replaced, "", &format!("replaced by {}", to.default.as_deref().unwrap_or("NULL")));
    }
}

/// `INTEGER → TEXT`; of one native type the kinds of values in it.
pub(crate) fn types_of(from: &Column, to: &Column) -> String {
    match (&from.values, &to.values) {
        (Some(old), Some(new)) if from.ty == to.ty && old != new => format!("{old} → {new}"),
        _ => format!("{} → {}", from.ty, to.ty),
    }
}
