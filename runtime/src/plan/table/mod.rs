//! One table of the model: its entry and its steps.

mod coupled;
mod decide;
mod describe;
mod in_place;
mod readings;
mod recreate_dependents;
mod replace;
mod safe;
mod server_generated_names;
mod unmanaged_foreign_keys;

pub(crate) use coupled::{changed_together, coupled_tables, never_compares};
pub(crate) use decide::inline_keys;
pub(crate) use describe::describe_key;
pub(crate) use in_place::standing_keys;
pub(crate) use recreate_dependents::is_over;
pub(crate) use unmanaged_foreign_keys::suspended as suspended_keys;

use decide::{decide, finish_method};
use describe::{describe, describe_unmanaged};
use in_place::{in_place, renames};
use safe::{record_desired, record_withheld, withhold_changes, withhold_options, withhold_referenced};

use crate::catalog::{Column, Table};
use crate::change::{Change, Hazard, Risk};
use crate::descriptor::SyncMethod;
use crate::diff::folded;
use crate::diff::table::{TableDiff, TableKind};
use crate::plan::build::{BaseObject, Planner};
use crate::plan::types::{EntryStatus, WithheldReason};
use crate::plan::{checks, obstacles, rebuild, views};
use std::sync::Arc;

/// What is decided about one table before any step is made.
#[derive(Debug, Default)]
pub(crate) struct Decisions {
    /// Columns as they shall be now: what is withheld or waits for a backfill is as it is.
    pub(crate) columns: Vec<Column>,
    /// Positions in `diff.altered` that are done.
    pub(crate) altered: Vec<usize>,
    /// Dropped columns that are really dropped.
    pub(crate) dropped: Vec<Column>,
    /// Columns that become generated ones: their own values are lost.
    pub(crate) overwritten: Vec<String>,
    /// Dropped columns that stay because of safe mode.
    pub(crate) kept: Vec<Column>,
    /// The table has to be rebuilt.
    pub(crate) rebuild: bool,
    /// The rebuild was asked for with `sync_method` (rule C6); else the copy keeps everything and it needs no leave.
    pub(crate) needs_method: Vec<String>,
    /// Rows are dropped: `sync_method = drop`.
    pub(crate) discard_rows: bool,
    pub(crate) risk: Risk,
    pub(crate) pending: Vec<String>,
    pub(crate) errors: Vec<String>,
}

pub(crate) fn plan_table(planner: &mut Planner<'_>, entry: usize, table: &TableDiff) {
    let live = table.renamed_from.as_ref().unwrap_or(&table.name);
    // A table that is not there yet leaves nothing behind when it fails: what the base calls so has moved on, or is gone.
    let before = match table.kind {
        TableKind::Create if table.replaces_view => planner.base_view(&table.name).cloned().map(BaseObject::View),
        TableKind::Create => None,
        _ => planner.base_table(live).map(BaseObject::table),
    };
    planner.targets[entry].before.clone_from(&before);
    if let Some(notes) = planner.lowered.notes.get(&table.name) {
        for note in notes {
            planner.withhold(entry, note.clone(), WithheldReason::Unsupported, "");
        }
    }
    if !table.errors.is_empty() {
        return planner.block(entry, table.errors.clone());
    }
    if let Some(desired) = table.desired.filter(|_| table.unchanged) {
        let same = matches!(&before, Some(BaseObject::Table(before)) if **before == *desired);
        planner.targets[entry].after = if same { before } else { Some(BaseObject::table(desired)) };
        return;
    }
    match (table.desired, &table.live) {
        (Some(desired), None) => plan_create(planner, entry, table, desired),
        (Some(desired), Some(live_table)) => plan_match(planner, entry, table, desired, live_table),
        _ => {}
    }
}

fn plan_create(planner: &mut Planner<'_>, entry: usize, diff: &TableDiff, desired: &Table) {
    if diff.replaces_view && planner.planning.safe {
        planner.targets[entry].after = planner.targets[entry].before.clone();
        return planner.withhold(
            entry,
            "drop the view of that name and create the table".to_owned(),
            WithheldReason::SafeMode,
            "",
        );
    }
    let mut decisions = Decisions::default();
    coupled::check(planner, diff, &mut decisions);
    decisions
        .errors
        .extend(planner.refused_tables.get(&folded(planner.dialect, &diff.name)).into_iter().flatten().cloned());
    if !decisions.errors.is_empty() {
        return planner.block(entry, decisions.errors);
    }
    planner.entries[entry].status = EntryStatus::Create;
    if diff.replaces_view {
        let materialized = planner.diff.live.views.get(&diff.name).is_some_and(|view| view.materialized);
        let change = Change::DropView { name: diff.name.clone(), materialized };
        let risk = if materialized { Risk::Destructive } else { Risk::Safe };
        planner.step(entry, change, risk, &[], false);
    }
    planner.entries[entry].columns_added = desired.columns.iter().map(|column| column.name.clone()).collect();
    planner.entries[entry].foreign_keys_added = desired.foreign_keys.iter().map(describe_key).collect();
    let inline = !planner.dialect.capabilities().alter_foreign_key;
    let mut table = desired.clone();
    if !inline {
        table.foreign_keys.clear();
    }
    planner.step(entry, Change::CreateTable { table }, Risk::Safe, &[], false);
    for index in &desired.indexes {
        planner.entries[entry].indexes_created.push(index.name.clone());
        // The table is empty: its indexes cannot fail over data.
        let change = Change::CreateIndex { table: diff.name.clone(), index: index.clone() };
        planner.step(entry, change, Risk::Safe, &[], false);
    }
    if !inline {
        for foreign_key in &desired.foreign_keys {
            let change = Change::AddForeignKey { table: diff.name.clone(), foreign_key: foreign_key.clone() };
            planner.step(entry, change, Risk::Safe, &[], false);
        }
    }
    planner.targets[entry].after = Some(BaseObject::table(desired));
}

fn plan_match(planner: &mut Planner<'_>, entry: usize, diff: &TableDiff, desired: &Table, live: &Table) {
    describe_unmanaged(planner, entry, diff, live);
    let held;
    let recreated = recreate_dependents::recreate_dependents(planner, diff, live);
    let diff = recreated.as_ref().unwrap_or(diff);
    let read = readings::decide(planner, diff);
    let diff = read.as_ref().unwrap_or(diff);
    let asked = diff;
    let mut diff = diff;
    if planner.planning.safe && planner.sync_methods.get(&diff.name) == Some(&SyncMethod::Drop) {
        held = withhold_changes(planner, entry, diff, live);
        diff = &held;
    } else if let Some(rest) = withhold_options(planner, entry, diff) {
        held = rest;
        diff = &held;
    }
    let with_needed_keys = withhold_referenced(planner, entry, diff);
    let diff = with_needed_keys.as_ref().unwrap_or(diff);
    let mut decisions = decide(planner, entry, diff, live);
    decisions.errors.extend(diff.errors.iter().cloned());
    finish_method(planner, diff, &mut decisions);
    if decisions.rebuild {
        decisions.errors.extend(live.unreadable.iter().map(|what| {
            format!("{} has to be rebuilt, and the text of {what} is not UTF-8, so that it could not be made again: drop it first", diff.name)
        }));
    }
    replace::check(planner, diff, live, &mut decisions);
    unmanaged_foreign_keys::check(planner, diff, &mut decisions);
    coupled::check(planner, diff, &mut decisions);
    checks::check(planner, diff, live, &mut decisions);
    checks::reinterpreted(planner, entry, diff, &mut decisions);
    let held = in_place::held_views(planner, diff, &decisions);
    decisions.errors.extend(obstacles::of_held_views(&held));
    decisions.errors.extend(planner.data_checks.failed(&planner.live_table(&diff.name)));
    if !decisions.errors.is_empty() {
        return planner.block(entry, decisions.errors);
    }
    let unmade = checks::withhold_failing_indexes(planner, entry, diff, &mut decisions);
    if !decisions.errors.is_empty() {
        return planner.block(entry, decisions.errors);
    }
    let diff = unmade.as_ref().unwrap_or(diff);
    if diff.replaces_view && planner.planning.safe {
        planner.targets[entry].after = planner.targets[entry].before.clone();
        return planner.withhold(
            entry,
            "drop the view of that name and rename the table".to_owned(),
            WithheldReason::SafeMode,
            "",
        );
    }
    if let Err(errors) = match_steps(planner, entry, diff, desired, live, &decisions) {
        return planner.block(entry, errors);
    }
    if !planner.steps[entry].is_empty() {
        planner.entries[entry].status = EntryStatus::Alter;
    }
    let mut base = desired.clone();
    base.columns = decisions.columns.iter().chain(&decisions.kept).cloned().collect();
    let before = match &planner.targets[entry].before {
        Some(BaseObject::Table(before)) => Some(&**before),
        _ => None,
    };
    record_desired(desired, before, &mut base);
    record_withheld(asked, diff, &decisions, &mut base);
    planner.targets[entry].after = Some(BaseObject::Table(Arc::new(base)));
    planner.targets[entry].pending = decisions.pending;
}

/// Adds the steps of a table that is altered or rebuilt; the errors are those of what stands in the way.
fn match_steps(
    planner: &mut Planner<'_>,
    entry: usize,
    diff: &TableDiff,
    desired: &Table,
    live: &Table,
    decisions: &Decisions,
) -> Result<(), Vec<String>> {
    if diff.replaces_view
        && let Some(error) = views::replaced(planner, &diff.name)
    {
        return Err(vec![error]);
    }
    let looks = diff.renames() || !decisions.rebuild && !decisions.dropped.is_empty();
    let in_the_way = views::in_the_way(planner, looks)?;
    let suspend = |planner: &mut Planner<'_>| {
        for view in in_the_way.iter().rev() {
            planner.step(entry, Change::SuspendView { view: view.clone() }, Risk::Safe, &[], false);
        }
    };
    describe(planner, entry, diff, decisions);
    describe::say_unmoved_starts(planner, entry, diff, decisions);
    if diff.renames() {
        suspend(planner);
    }
    renames(planner, entry, diff);
    let indexes = checks::indexes(planner, entry, diff, decisions);
    if decisions.rebuild {
        planner.drop_index_tables(entry, &diff.name, live);
        rebuild::steps(planner, entry, diff, desired, live, decisions);
    } else {
        if !decisions.dropped.is_empty() {
            suspend(planner);
        }
        in_place(planner, entry, diff, decisions);
    }
    for view in &in_the_way {
        planner.step(entry, Change::RestoreView { view: view.clone() }, Risk::Safe, &[], false);
    }
    for (index, optional) in indexes {
        let change = Change::CreateIndex { table: diff.name.clone(), index };
        planner.step(entry, change, Risk::Safe, &[Hazard::BlocksWrites, Hazard::ScansTable], optional);
    }
    let storing = obstacles::of_rewritten_table(planner, entry, diff);
    if storing.is_empty() { Ok(()) } else { Err(storing) }
}
