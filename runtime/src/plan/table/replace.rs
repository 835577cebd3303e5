//! Columns that can only change by being dropped and added again (generated ones, where the server cannot change their expression):
//! what hangs on them goes along and comes back; what is unmanaged stands in the way.

use super::Decisions;
use super::decide::without_ours;
use crate::catalog::{Column, ColumnDependent, DependentBehavior, Expression, Table};
use crate::change::{Change, ColumnProperty, DropColumn, Risk};
use crate::diff::table::TableDiff;
use crate::plan::build::Planner;

/// The columns of this run that are dropped and added.
fn replaced<'d>(planner: &Planner<'_>, diff: &'d TableDiff, decisions: &Decisions) -> Vec<&'d Column> {
    let altered = decisions.altered.iter().map(|&at| &diff.altered[at]);
    let replaced = altered.filter(|altered| planner.dialect.replaces_column(&altered.from, &altered.to));
    let mut columns: Vec<&Column> = replaced.map(|altered| &altered.from).collect();
    for (from, _) in recreated_columns(planner, diff, decisions) {
        if columns.iter().all(|column| column.name != from.name) {
            columns.push(from);
        }
    }
    columns
}

/// Generated columns that are made of a column which changes its type or goes: the server lets neither happen under them. As they
/// are, and as they come back once it is done.
pub(super) fn recreated_columns<'d>(
    planner: &Planner<'_>,
    diff: &'d TableDiff,
    decisions: &Decisions,
) -> Vec<(&'d Column, Column)> {
    let Some(live) = diff.live.as_ref().filter(|_| planner.dialect.capabilities().generated_columns_block_changes)
    else {
        return Vec::new();
    };
    let moving = moving(diff, decisions);
    let pair = |to: &Column| {
        to.generated.as_ref()?;
        let from = live.column(&to.name)?;
        let sql = &from.generated.as_ref()?.sql;
        let moves = moving.iter().any(|name| sql.reads.column(name));
        (moves || planner.types.mentions_superseded_type(sql)).then(|| (from, to.clone()))
    };
    decisions.columns.iter().filter_map(pair).collect()
}

/// Columns that change their type or go.
fn moving<'d>(diff: &'d TableDiff, decisions: &'d Decisions) -> Vec<&'d String> {
    let retyped = decisions.altered.iter().map(|&at| &diff.altered[at]).filter(|altered| {
        let moves = [ColumnProperty::Type, ColumnProperty::Collation].iter().any(|what| altered.changes(*what));
        moves || decisions.overwritten.contains(&altered.to.name)
    });
    retyped.map(|altered| &altered.to.name).chain(decisions.dropped.iter().map(|column| &column.name)).collect()
}

/// Whether the (generated) column is made of one that changes its type in this run.
pub(super) fn moves_under(planner: &Planner<'_>, diff: &TableDiff, decisions: &Decisions, column: &Column) -> bool {
    let sql = column.generated.as_ref().map(|generated| &generated.sql);
    let blocks = planner.dialect.capabilities().generated_columns_block_changes;
    let under = |sql: &Expression| {
        moving(diff, decisions).iter().any(|name| sql.reads.column(name)) || planner.types.mentions_superseded_type(sql)
    };
    sql.is_some_and(|sql| blocks && under(sql))
}

/// Adds an error for everything that is unmanaged and would go along.
pub(super) fn check(planner: &Planner<'_>, diff: &TableDiff, live: &Table, decisions: &mut Decisions) {
    let columns = replaced(planner, diff, decisions);
    if columns.is_empty() || decisions.rebuild {
        return;
    }
    // Views that hold on to it are dropped before and recreated.
    let mut catalog = crate::plan::views::without_going(planner).clone();
    catalog.views.clear();
    let bare = without_ours(live);
    for column in columns {
        let uses = |columns: &[String]| columns.contains(&column.name);
        let mut blocked = match planner.dialect.drop_column(&bare, column, &catalog) {
            DropColumn::Blocked(blocked) => blocked,
            DropColumn::InPlace | DropColumn::Rebuild => Vec::new(),
        };
        let grants = |holder: &&ColumnDependent| {
            holder.column == column.name && holder.behavior == DependentBehavior::LosesGrant
        };
        blocked.extend(live.column_dependents.iter().filter(grants).map(|holder| holder.what.clone()));
        let checks = diff.checks.unmanaged.iter().filter(|check| uses(&check.sql.reads.columns));
        blocked.extend(checks.map(|check| format!("check ({})", check.sql)));
        let keys = diff.foreign_keys.unmanaged.iter().filter(|key| uses(&key.columns));
        blocked.extend(keys.map(|key| format!("foreign key ({})", key.columns.join(", "))));
        let constraints = live.indexes.iter().filter(|index| index.constraint && index.reads_column(&column.name));
        blocked.extend(constraints.map(|index| format!("unique constraint \"{}\"", index.name)));
        decisions.errors.extend(blocked.iter().map(|what| {
            let name = &column.name;
            format!("column \"{name}\" has to be dropped and added again: {what} uses it; drop that first")
        }));
    }
}

/// Steps that bring back what went along.
pub(super) fn restore(planner: &mut Planner<'_>, entry: usize, diff: &TableDiff, decisions: &Decisions) {
    let columns = replaced(planner, diff, decisions);
    let Some(live) = diff.live.as_ref().filter(|_| !columns.is_empty()) else { return };
    let table = &diff.name;
    let uses = |names: &[String]| columns.iter().any(|column| names.contains(&column.name));
    let mut changes = Vec::new();
    for check in diff.checks.kept.iter().filter(|check| uses(&check.sql.reads.columns)) {
        changes.push(Change::AddCheck { table: table.clone(), check: check.clone() });
    }
    for index in live.indexes.iter().filter(|index| index.is_managed() && !index.constraint) {
        let goes = diff.indexes_dropped.iter().any(|dropped| dropped.name == index.name);
        if !goes && columns.iter().any(|column| index.reads_column(&column.name)) {
            let mut index = index.clone();
            if let Some((_, to)) = diff.indexes_renamed.iter().find(|(from, _)| *from == index.name) {
                index.name.clone_from(to);
            }
            changes.push(Change::CreateIndex { table: table.clone(), index });
        }
    }
    if let Some(key) = diff.primary_key.to.as_ref().filter(|key| !diff.primary_key.changed && uses(&key.columns)) {
        changes.push(Change::AlterPrimaryKey { table: table.clone(), from: None, to: Some(key.clone()) });
    }
    for foreign_key in diff.foreign_keys.kept.iter().filter(|key| uses(&key.columns)) {
        changes.push(Change::AddForeignKey { table: table.clone(), foreign_key: foreign_key.clone() });
    }
    for change in changes {
        planner.step(entry, change, Risk::Safe, &[], false);
    }
}
