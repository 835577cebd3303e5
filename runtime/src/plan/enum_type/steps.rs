//! Entries and steps of the types, and which tables stand on them.

use super::TypePlan;
use super::type_usage::words;
use crate::catalog::{Expression, Index, Name, Table, UseKind, View};
use crate::change::{Change, Risk};
use crate::diff::folded;
use crate::plan::build::{BaseObject, Planner};
use crate::plan::types::{EntryKind, EntryStatus, Step, WithheldReason};
use crate::plan::{obstacles, views};
use std::collections::BTreeSet;

/// Opens the entries of the types that the model has: they come first. By position in the plans.
pub(crate) fn begin(planner: &mut Planner<'_>) -> Vec<Option<usize>> {
    let plans = &planner.types.types;
    plans.iter().map(|plan| (plan.status != EntryStatus::Drop).then(|| open(planner, plan))).collect()
}

fn open(planner: &mut Planner<'_>, plan: &TypePlan) -> usize {
    let entry = planner.begin_entry(&plan.name, EntryKind::Type);
    let item = &mut planner.entries[entry];
    item.status = plan.status;
    item.renamed_from = plan.renamed_from.as_ref().map(ToString::to_string);
    item.labels_added.clone_from(&plan.labels_added);
    item.labels_renamed.clone_from(&plan.labels_renamed);
    item.labels_dropped.clone_from(&plan.labels_dropped);
    item.other_changes.clone_from(&plan.other_changes);
    item.recreated = plan.superseded.is_some();
    item.withheld.clone_from(&plan.withheld);
    item.warnings.clone_from(&plan.warnings);
    item.errors.clone_from(&plan.errors);
    item.unmanaged.clone_from(&plan.unmanaged);
    planner.targets[entry].before = plan.before.clone().map(BaseObject::Type);
    planner.targets[entry].after = plan.after.clone().map(BaseObject::Type);
    entry
}

/// What is done before the tables.
pub(crate) fn early(planner: &mut Planner<'_>, entries: &[Option<usize>]) {
    let plans = planner.types;
    for (plan, entry) in plans.types.iter().zip(entries) {
        let Some(entry) = *entry else { continue };
        for (change, risk) in &plan.changes {
            if matches!(change, Change::RenameType { to, .. } if plans.supersedes(to)) {
                suspend(planner, plan, entry);
            }
            planner.step(entry, change.clone(), *risk, &[], false);
        }
        if let Some(superseded) = &plan.superseded {
            late(planner, entry, Change::DropType { name: superseded.name.clone() });
        }
    }
}

/// Views let go of the type under the names that it will have, and come back once all columns are of the new one.
fn suspend(planner: &mut Planner<'_>, plan: &TypePlan, entry: usize) {
    let mut views = held(planner, plan);
    for error in obstacles::of_held_views(&views) {
        planner.refuse(entry, error);
    }
    for view in views.iter().rev() {
        planner.step(entry, Change::SuspendView { view: view.clone() }, Risk::Safe, &[], false);
    }
    planner.suspended.extend(views.iter().map(|view| view.name.clone()));
    let dialect = planner.dialect;
    let mut ty = plan.live.as_ref().map(|live| live.ty.clone()).unwrap_or_default();
    for (change, _) in &plan.changes {
        for view in &mut views {
            match change {
                Change::RenameType { to, .. } if plan.name == *to => {
                    view.sql.text = dialect.rename_type_in(&view.sql, &ty, &dialect.type_text(to));
                }
                Change::RenameLabel { from, to, .. } => {
                    view.sql.text = dialect.rename_label_in(&view.sql, &ty, from, to);
                }
                _ => {}
            }
        }
        if let Change::RenameType { to, .. } = change {
            ty = dialect.type_text(to);
        }
    }
    for view in views {
        late(planner, entry, Change::RestoreView { view });
    }
}

/// A step that is done with its entry, after those of all tables that stand and fall with it.
fn late(planner: &mut Planner<'_>, entry: usize, change: Change) {
    match planner.dialect.render(&change) {
        Ok(statements) => planner.at_unit_end.push(Step::new(entry, change, statements)),
        Err(error) => planner.block(entry, vec![error]),
    }
}

/// Views that hold on to a type which is recreated, or to a column of it; what is read before its readers. Not those that another
/// type has taken care of.
fn held(planner: &Planner<'_>, plan: &TypePlan) -> Vec<View> {
    let uses = || plan.live.iter().flat_map(|live| &live.uses);
    let columns: BTreeSet<(&Name, &str)> =
        uses().filter(|what| what.kind == UseKind::Column).map(|what| (&what.table, what.name.as_str())).collect();
    let named: BTreeSet<&Name> = uses().filter(|what| what.kind == UseKind::View).map(|what| &what.table).collect();
    let reads = |view: &View| {
        view.sql.reads.relation_columns.iter().any(|(table, column)| {
            columns.contains(&(&planner.live_table(table), planner.live_column(table, column).as_str()))
        })
    };
    views::with_readers(planner, &|view| named.contains(&view.name) || reads(view))
}

/// Once the tables are planned: which of them stand on a type, and what goes last.
pub(crate) fn finish(planner: &mut Planner<'_>, entries: &[Option<usize>]) {
    let plans = planner.types;
    for (plan, entry) in plans.types.iter().zip(entries) {
        match entry {
            Some(entry) => tie(planner, plan, *entry),
            None => drop_type(planner, plan),
        }
    }
}

/// Tables that wait for a type, or stand and fall with it.
fn tie(planner: &mut Planner<'_>, plan: &TypePlan, entry: usize) {
    let users: Vec<usize> = planner
        .diff
        .tables
        .iter()
        .filter(|diff| {
            let tables = diff.desired.into_iter().chain(diff.live.as_ref());
            tables.into_iter().any(|table| uses(plan, table))
        })
        .filter_map(|diff| planner.entry_of.get(&folded(planner.dialect, &diff.name)).copied())
        .collect();
    if plan.superseded.is_some() && planner.entries[entry].errors.is_empty() {
        // Half of them would be of a type that is gone.
        let broken =
            users.iter().find(|&&user| !planner.entries[user].errors.is_empty() && planner.steps[user].is_empty());
        if let Some(&broken) = broken {
            let name = planner.entries[broken].name();
            let error = format!("the type has to be recreated: {name}, which has columns of it, has errors");
            planner.block(entry, vec![error]);
        }
    }
    let failed = !planner.entries[entry].errors.is_empty();
    let changes = !planner.steps[entry].is_empty();
    for user in users {
        if planner.steps[user].is_empty() {
            continue;
        }
        if failed {
            let error = format!("depends on type {}, which has errors", planner.entries[entry].name());
            planner.block(user, vec![error]);
        } else if plan.superseded.is_some() {
            planner.coupled.push((entry, user));
            planner.entry_order.push((entry, user));
        } else if changes {
            planner.entry_order.push((entry, user));
        }
    }
    if failed {
        planner.at_unit_end.retain(|step| step.entry != entry);
    }
}

fn uses(plan: &TypePlan, table: &Table) -> bool {
    let names: Vec<&Name> = std::iter::once(&plan.name).chain(&plan.renamed_from).collect();
    let mentions = |sql: &Expression| names.iter().any(|name| sql.reads.types.contains(name));
    let known = [&plan.target, &plan.live, &plan.superseded];
    table.columns.iter().any(|column| {
        known.into_iter().flatten().any(|known| known.is_of(column))
            || column.default.as_ref().is_some_and(mentions)
            || column.generated.as_ref().is_some_and(|generated| mentions(&generated.sql))
    }) || table.checks.iter().any(|check| mentions(&check.sql))
        || table.indexes.iter().flat_map(Index::expressions).any(mentions)
}

/// After all that was of it.
fn drop_type(planner: &mut Planner<'_>, plan: &TypePlan) {
    let entry = open(planner, plan);
    let tables = plan.live.iter().flat_map(|live| &live.uses).filter(|what| what.kind != UseKind::Other);
    for what in tables {
        let of_table = planner
            .diff
            .tables
            .iter()
            .find(|diff| diff.name == what.table || diff.renamed_from.as_ref() == Some(&what.table));
        let Some(at) = of_table.and_then(|diff| planner.entry_of.get(&folded(planner.dialect, &diff.name)).copied())
        else {
            continue;
        };
        let errors = !planner.entries[at].errors.is_empty();
        if errors && planner.steps[at].is_empty() {
            let why = format!("{} uses it, and {} has errors", words(what), planner.entries[at].name());
            planner.entries[entry].status = EntryStatus::InSync;
            planner.targets[entry].after = planner.targets[entry].before.clone();
            planner.withhold(entry, "drop the type".to_owned(), WithheldReason::InUse, &why);
            return;
        }
        if !planner.steps[at].is_empty() {
            planner.entry_order.push((at, entry));
        }
    }
    let views: Vec<usize> = (0..entry)
        .filter(|&at| planner.entries[at].object.kind == EntryKind::View && !planner.steps[at].is_empty())
        .collect();
    planner.entry_order.extend(views.into_iter().map(|view| (view, entry)));
    planner.step(entry, Change::DropType { name: plan.name.clone() }, Risk::Destructive, &[], false);
}
