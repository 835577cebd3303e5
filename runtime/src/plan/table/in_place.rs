//! Steps for a table that is altered where it stands.

use super::Decisions;
use super::{changed_together, inline_keys};
use crate::catalog::IndexKind;
use crate::catalog::{Column, ForeignKey, IndexOn, IndexPart, Name, View};
use crate::change::{CastSafety, Change, ColumnProperty, Hazard, Risk};
use crate::diff::column::AlteredColumn;
use crate::diff::folded;
use crate::diff::table::{TableDiff, TableKind};
use crate::plan::build::Planner;
use crate::plan::rebuild;

pub(super) fn renames(planner: &mut Planner<'_>, entry: usize, diff: &TableDiff) {
    if let Some(from) = &diff.renamed_from {
        let change = Change::RenameTable { from: from.clone(), to: diff.name.clone() };
        planner.step(entry, change, Risk::Safe, &[Hazard::BlocksWrites], false);
    }
    for (from, to) in &diff.column_renames {
        let change = Change::RenameColumn { table: diff.name.clone(), from: from.clone(), to: to.clone() };
        planner.step(entry, change, Risk::Safe, &[Hazard::BlocksWrites], false);
    }
    for change in super::server_generated_names::follow(planner.dialect, diff) {
        planner.step(entry, change, Risk::Safe, &[Hazard::BlocksWrites], false);
    }
}

/// A step without risk.
fn safe(planner: &mut Planner<'_>, entry: usize, change: Change) {
    planner.step(entry, change, Risk::Safe, &[], false);
}

/// Steps for a table that is altered where it stands: what goes first, then what changes, then what comes.
pub(super) fn in_place(planner: &mut Planner<'_>, entry: usize, diff: &TableDiff, decisions: &Decisions) {
    let table = &diff.name;
    foreign_keys_go(planner, entry, diff);
    let away = away(planner, diff);
    constraints_go(planner, entry, diff, &away);
    let held = held_views(planner, diff, decisions);
    for view in held.iter().rev() {
        safe(planner, entry, Change::SuspendView { view: view.clone() });
    }
    columns(planner, entry, diff, decisions);
    super::replace::restore(planner, entry, diff, decisions);
    if let Some(key) = diff.primary_key.to.clone().filter(|_| diff.primary_key.changed) {
        safe(planner, entry, Change::AlterPrimaryKey { table: table.clone(), from: None, to: Some(key) });
    }
    for (key, from, to) in &diff.options {
        let change = Change::SetOption { table: table.clone(), key: key.clone(), from: from.clone(), to: to.clone() };
        planner.step(entry, change, Risk::Safe, &[Hazard::BlocksWrites], false);
    }
    for check in &diff.checks.added {
        safe(planner, entry, Change::AddCheck { table: table.clone(), check: check.clone() });
    }
    if planner.dialect.capabilities().alter_foreign_key {
        for foreign_key in &diff.foreign_keys.added {
            safe(planner, entry, Change::AddForeignKey { table: table.clone(), foreign_key: foreign_key.clone() });
        }
    }
    for view in held {
        let view = crate::plan::views::made_of_text(planner, diff, view);
        safe(planner, entry, Change::RestoreView { view });
    }
    if diff.comment.changed {
        safe(planner, entry, Change::SetTableComment { table: table.clone(), comment: diff.comment.to.clone() });
    }
    if !diff.foreign_keys.added.is_empty() {
        planner.targets[entry].check.push(table.clone());
    }
}

/// Foreign keys that the model no longer has, and those that make way while their columns change their type.
fn foreign_keys_go(planner: &mut Planner<'_>, entry: usize, diff: &TableDiff) {
    let table = &diff.name;
    for foreign_key in &diff.foreign_keys.dropped {
        safe(planner, entry, Change::DropForeignKey { table: table.clone(), foreign_key: foreign_key.clone() });
    }
    let (detached, attached_again) = retyped_keys(planner, diff);
    for (table, foreign_key) in detached {
        safe(planner, entry, Change::DropForeignKey { table, foreign_key });
    }
    for foreign_key in attached_again {
        safe(planner, entry, Change::AddForeignKey { table: table.clone(), foreign_key });
    }
    for (other, old, new) in standing_keys(planner, diff) {
        safe(planner, entry, Change::DropForeignKey { table: other.clone(), foreign_key: old });
        if let Some(foreign_key) = new {
            safe(planner, entry, Change::AddForeignKey { table: other, foreign_key });
        }
    }
    super::unmanaged_foreign_keys::steps(planner, entry, diff);
}

/// Checks and indexes that go, and what only gets another name. `away`: foreign keys that come back under their new names.
fn constraints_go(planner: &mut Planner<'_>, entry: usize, diff: &TableDiff, away: &[ForeignKey]) {
    let table = &diff.name;
    for check in &diff.checks.dropped {
        safe(planner, entry, Change::DropCheck { table: table.clone(), check: check.clone() });
    }
    for index in &diff.indexes_dropped {
        safe(planner, entry, Change::DropIndex { table: table.clone(), index: index.clone() });
    }
    for (from, to) in &diff.indexes_renamed {
        safe(planner, entry, Change::RenameIndex { table: table.clone(), from: from.clone(), to: to.clone() });
    }
    for (from, to) in diff.foreign_keys.renamed.iter().chain(&diff.checks.renamed) {
        if let Some(key) = away.iter().find(|key| key.name.as_ref() == Some(to)) {
            let foreign_key = ForeignKey { name: Some(from.clone()), ..key.clone() };
            safe(planner, entry, Change::DropForeignKey { table: table.clone(), foreign_key });
            continue;
        }
        safe(planner, entry, Change::RenameConstraint { table: table.clone(), from: from.clone(), to: to.clone() });
    }
}

/// The columns that come, change and go, each when what it is made of is as it needs it.
fn columns(planner: &mut Planner<'_>, entry: usize, diff: &TableDiff, decisions: &Decisions) {
    let table = &diff.name;
    // A column that leaves the key may become optional only once the key is gone.
    let old_key = diff.live.as_ref().and_then(|live| live.primary_key.clone());
    if diff.primary_key.changed && old_key.is_some() {
        safe(planner, entry, Change::AlterPrimaryKey { table: table.clone(), from: old_key, to: None });
    }
    let added = |column: &&Column| diff.added.iter().any(|added| added.name == column.name);
    // One that is made of a column which changes its type comes once it has.
    let (later, now): (Vec<&Column>, Vec<&Column>) = decisions
        .columns
        .iter()
        .filter(added)
        .partition(|column| super::replace::moves_under(planner, diff, decisions, column));
    for column in now {
        add(planner, entry, diff, column);
    }
    let recreated = super::replace::recreated_columns(planner, diff, decisions);
    for (from, _) in &recreated {
        safe(planner, entry, Change::DropColumn { table: table.clone(), column: from.name.clone() });
    }
    let in_place = |at: &&usize| recreated.iter().all(|(from, _)| from.name != diff.altered[**at].to.name);
    // What a column was made of is free once it is a plain one.
    let freed = |at: &usize| diff.altered[*at].from.generated.is_some() && diff.altered[*at].to.generated.is_none();
    let (early, late): (Vec<usize>, Vec<usize>) = decisions.altered.iter().filter(in_place).partition(|at| freed(at));
    for at in early {
        alter(planner, entry, diff, decisions, at);
    }
    // After the new ones: a table is never without columns.
    for column in &decisions.dropped {
        let change = Change::DropColumn { table: table.clone(), column: column.name.clone() };
        planner.step(entry, change, Risk::Destructive, &[Hazard::RewritesTable, Hazard::DeletesData], false);
    }
    for at in late {
        alter(planner, entry, diff, decisions, at);
    }
    for column in recreated.iter().map(|(_, column)| column).chain(later) {
        add(planner, entry, diff, column);
    }
}

fn add(planner: &mut Planner<'_>, entry: usize, diff: &TableDiff, column: &Column) {
    let inline = !planner.dialect.capabilities().alter_foreign_key;
    let foreign_keys = if inline { inline_keys(diff, column) } else { Vec::new() };
    let change = Change::AddColumn { table: diff.name.clone(), column: column.clone(), foreign_keys };
    planner.step(entry, change, Risk::Safe, &[], false);
}

/// The step for a column that changes.
fn alter(planner: &mut Planner<'_>, entry: usize, diff: &TableDiff, decisions: &Decisions, at: usize) {
    let altered = &diff.altered[at];
    let lossy =
        altered.changes(ColumnProperty::Type) && planner.dialect.cast(&altered.from, &altered.to) != CastSafety::Safe;
    let overwritten = decisions.overwritten.contains(&altered.to.name);
    let risk = match (overwritten, lossy) {
        (true, _) => Risk::Destructive,
        (false, true) => Risk::Lossy,
        (false, false) => Risk::Safe,
    };
    let lossy = lossy && !overwritten;
    if lossy && planner.planning.allow_lossy {
        rebuild::count_lost(planner, entry, diff, &altered.from, &altered.to);
    }
    let change = Change::AlterColumn {
        table: diff.name.clone(),
        from: altered.from.clone(),
        to: altered.to.clone(),
        lossy: lossy && planner.planning.allow_lossy,
    };
    let hazards: &[Hazard] =
        if overwritten { &[Hazard::BlocksWrites, Hazard::DeletesData] } else { &[Hazard::BlocksWrites] };
    planner.step(entry, change, risk, hazards, false);
}

/// Keys of ours whose tables change together in this run ([`changed_together`]): while one side has and the other has not, the
/// key cannot be. Those of and to this table, which go before; and its own, which come back once both are done.
pub(super) fn retyped_keys(planner: &Planner<'_>, diff: &TableDiff) -> (Vec<(Name, ForeignKey)>, Vec<ForeignKey>) {
    let (mut detached, mut own) = (Vec::new(), Vec::new());
    if !planner.dialect.capabilities().foreign_keys_block_changes {
        return (detached, own);
    }
    for key in &diff.foreign_keys.kept {
        if changed_together(planner, diff, key) {
            detached.push((diff.name.clone(), key.clone()));
            own.push(key.clone());
        }
    }
    for (other, key) in planner.referencing.get(&folded(planner.dialect, &diff.name)).into_iter().flatten() {
        let child = planner.diff_of.get(&folded(planner.dialect, other)).copied();
        let child = child.filter(|child| child.name != diff.name && is_kept(child, key));
        if child.is_some_and(|child| changed_together(planner, child, key)) {
            detached.push((other.clone(), key.clone()));
        }
    }
    (detached, own)
}

/// Whether the column changes its type in this run: safe mode holds back what may lose values.
pub(super) fn is_retyped(planner: &Planner<'_>, altered: &AlteredColumn) -> bool {
    let held = || planner.planning.safe && planner.dialect.cast(&altered.from, &altered.to) == CastSafety::Checked;
    altered.changes(ColumnProperty::Type) && !held()
}

/// Rule V3: the views that hold on to a column which changes its type, those that they read before them.
pub(super) fn held_views(planner: &Planner<'_>, diff: &TableDiff, decisions: &Decisions) -> Vec<View> {
    if !planner.dialect.capabilities().views_block_changes {
        return Vec::new();
    }
    let mut changed: Vec<&str> = decisions
        .altered
        .iter()
        .map(|&at| &diff.altered[at])
        .filter(|altered| {
            [ColumnProperty::Type, ColumnProperty::Collation, ColumnProperty::Generated]
                .into_iter()
                .any(|property| altered.changes(property))
        })
        .map(|altered| altered.to.name.as_str())
        .collect();
    let recreated = super::replace::recreated_columns(planner, diff, decisions);
    changed.extend(recreated.iter().map(|(from, _)| from.name.as_str()));
    crate::plan::views::holding(planner, &diff.name, &changed)
}

/// Whether a key stays as it is, maybe under another name.
pub(super) fn is_kept(child: &TableDiff, key: &ForeignKey) -> bool {
    let name = name_after(child, key);
    child.foreign_keys.kept.iter().any(|kept| kept.name == name && kept.same_definition(key))
}

/// The name that a key has once the constraints of its table are renamed.
fn name_after(child: &TableDiff, key: &ForeignKey) -> Option<String> {
    let renamed = child.foreign_keys.renamed.iter().find(|(from, _)| Some(from) == key.name.as_ref());
    renamed.map_or_else(|| key.name.clone(), |(_, to)| Some(to.clone()))
}

/// Keys of this table that are dropped in this run to be recreated, as they shall be.
fn away(planner: &Planner<'_>, diff: &TableDiff) -> Vec<ForeignKey> {
    let (_, mut away) = retyped_keys(planner, diff);
    for key in &diff.foreign_keys.kept {
        let Some(parent) = planner.diff_of.get(&folded(planner.dialect, &key.target)).copied() else { continue };
        let mut standing = standing_keys(planner, parent).into_iter();
        let comes_back = |(table, _, new): (Name, ForeignKey, Option<ForeignKey>)| {
            table == diff.name && new.is_some_and(|new| new.name == key.name)
        };
        if standing.any(comes_back) {
            away.push(key.clone());
        }
    }
    away
}

/// Keys of ours that stand on the primary key or on a unique index of this table which goes: as they are, and as they come back where
/// they do.
pub(crate) fn standing_keys(planner: &Planner<'_>, diff: &TableDiff) -> Vec<(Name, ForeignKey, Option<ForeignKey>)> {
    let mut keys = Vec::new();
    let Some(live) = diff.live.as_ref().filter(|_| planner.dialect.capabilities().alter_foreign_key) else {
        return keys;
    };
    let mut gone: Vec<Vec<String>> = Vec::new();
    gone.extend(live.primary_key.iter().filter(|_| diff.primary_key.changed).map(|key| key.columns.clone()));
    let unique = diff.indexes_dropped.iter().filter(|index| index.kind == IndexKind::Unique);
    gone.extend(unique.map(|index| index.parts.iter().filter_map(plain_column).collect()));
    let retyped: Vec<&String> =
        diff.altered.iter().filter(|altered| is_retyped(planner, altered)).map(|altered| &altered.to.name).collect();
    if gone.is_empty() && retyped.is_empty() {
        return keys;
    }
    for (other, key) in planner.referencing.get(&folded(planner.dialect, &diff.name)).into_iter().flatten() {
        let stands = gone.iter().any(|columns| {
            columns.len() == key.target_columns.len() && key.target_columns.iter().all(|name| columns.contains(name))
        });
        let Some(child) = planner.diff_of.get(&folded(planner.dialect, other)).copied() else { continue };
        let coupled = is_kept(child, key) && changed_together(planner, child, key);
        if !key.is_managed() || coupled {
            continue;
        }
        let goes = child.kind == TableKind::Drop && !planner.planning.safe
            || child.foreign_keys.dropped.iter().any(|dropped| dropped.name == key.name)
            || child.dropped.iter().any(|column| key.columns.contains(&column.name));
        // One that goes must not keep its target from changing its type.
        let in_the_way = goes && key.target_columns.iter().any(|name| retyped.contains(&name));
        if !(stands || in_the_way) {
            continue;
        }
        let name = name_after(child, key);
        keys.push((other.clone(), key.clone(), (!goes).then(|| ForeignKey { name, ..key.clone() })));
    }
    keys
}

fn plain_column(part: &IndexPart) -> Option<String> {
    match &part.on {
        IndexOn::Column(name) => Some(name.clone()),
        IndexOn::Expression(_) => None,
    }
}
