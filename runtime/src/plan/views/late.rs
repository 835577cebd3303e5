//! Views that are made, once everything that they read is as they need it.

use super::super::build::{BaseObject, Planner};
use super::super::types::{EntryStatus, Step, WithheldReason};
use super::{order, renamed_in};
use crate::catalog::{Name, View};
use crate::change::Change;
use crate::diff::folded;
use crate::diff::view::{ViewDiff, ViewKind};
use std::collections::BTreeMap;

/// The views that are made, what they read before them.
pub(crate) fn plan_late(planner: &mut Planner<'_>, entries: Vec<usize>) {
    let diff = planner.diff;
    let position: BTreeMap<Name, usize> =
        diff.views.iter().enumerate().map(|(at, view)| (folded(planner.dialect, &view.name), at)).collect();
    for at in order(planner, |view| view.desired.as_ref()) {
        let view = &diff.views[at];
        let entry = entries[at];
        let comes = matches!(view.kind, ViewKind::Create | ViewKind::Change) || planner.cascaded_views.contains(&at);
        if !comes || !view.errors.is_empty() || planner.blocked_views.contains(&at) {
            continue;
        }
        if view.replaces_table {
            let Some(&drop) = planner.entry_of.get(&folded(planner.dialect, &view.name)) else { continue };
            if planner.steps[drop].is_empty() {
                planner.entries[entry].status = EntryStatus::InSync;
                planner.withhold(
                    entry,
                    "drop the table of that name and create the view".to_owned(),
                    WithheldReason::InUse,
                    "the table stays",
                );
                continue;
            }
        }
        // What the server has made of the text is as good as ours where it holds on to it; elsewhere renames have not reached it.
        let as_it_is = view.kind == ViewKind::Same && planner.dialect.capabilities().views_follow_renames;
        let chosen = if as_it_is { &view.live } else { &view.desired };
        let Some(desired) = chosen else { continue };
        if let Some(name) = unmade_source(planner, &entries, &position, desired) {
            planner.block(entry, vec![format!("depends on {name}, which has errors")]);
            continue;
        }
        let mut made = desired.clone();
        if let Some(live) = &view.live {
            if let Some(error) = trigger_in_the_way(planner, view, live) {
                planner.block(entry, vec![error]);
                continue;
            }
            made.triggers.clone_from(&live.triggers);
        }
        let replaces = view.in_place && !planner.cascaded_views.contains(&at);
        let change = if replaces { Change::ReplaceView { view: made } } else { Change::CreateView { view: made } };
        match planner.dialect.render(&change) {
            Ok(statements) => {
                planner.steps[entry].push(Step::new(entry, change, statements));
                if view.kind != ViewKind::Same {
                    planner.targets[entry].after = Some(BaseObject::View(desired.clone()));
                }
            }
            Err(error) => planner.entries[entry].errors.push(error),
        }
    }
    keep_read_views(planner, &entries);
    keep_what_is_read(planner, &entries);
}

/// What the view reads and what is not there, or has not its new names, because it has errors.
fn unmade_source<'v>(
    planner: &Planner<'_>,
    entries: &[usize],
    position: &BTreeMap<Name, usize>,
    desired: &'v View,
) -> Option<&'v Name> {
    let relations = || desired.sql.reads.relations.iter();
    let table = relations().find(|name| {
        let entry = planner.entry_of.get(&folded(planner.dialect, name));
        entry.is_some_and(|&entry| lacks_names(planner, name, entry))
    });
    // A view that is not made, and was not there under its name.
    let unmade = |other: usize| {
        let view = &planner.diff.views[other];
        let live = view.live.as_ref().filter(|_| view.renamed_from.is_none());
        live.is_none() && !planner.entries[entries[other]].errors.is_empty()
    };
    let is_unmade = |name: &&Name| position.get(&folded(planner.dialect, name)).is_some_and(|&other| unmade(other));
    table.or_else(|| relations().find(is_unmade))
}

/// Rule M4: triggers on the view are unmanaged, and go with it where it gets another name; where they name what is renamed they do not
/// come back.
fn trigger_in_the_way(planner: &Planner<'_>, view: &ViewDiff, live: &View) -> Option<String> {
    if view.renamed_from.is_some() && !live.triggers.is_empty() {
        let names: Vec<String> = live.triggers.iter().map(|trigger| format!("\"{}\"", trigger.name)).collect();
        return Some(format!("cannot be renamed: trigger {} would be lost; drop it first", names.join(", ")));
    }
    if !planner.dialect.capabilities().triggers_hold_names {
        return None;
    }
    let renamed = live.triggers.iter().find_map(|trigger| Some((trigger, renamed_in(planner, &trigger.sql.reads)?)));
    renamed.map(|(trigger, name)| {
        format!("cannot be changed: trigger \"{}\" on it names {name}, which is renamed; drop it first", trigger.name)
    })
}

/// A view that has errors stays as it is: so do the views that it reads, and those that they read.
fn keep_read_views(planner: &mut Planner<'_>, entries: &[usize]) {
    let diff = planner.diff;
    let going: BTreeMap<&Name, usize> =
        diff.views.iter().enumerate().filter_map(|(at, view)| Some((&view.live.as_ref()?.name, at))).collect();
    let fails = |planner: &Planner<'_>, at: usize| !planner.entries[entries[at]].errors.is_empty();
    let mut open: Vec<usize> = (0..diff.views.len()).filter(|&at| fails(planner, at)).collect();
    while let Some(reader) = open.pop() {
        let Some(live) = diff.views[reader].live.as_ref().filter(|_| diff.views[reader].kind != ViewKind::External)
        else {
            continue;
        };
        for &read in live.sql.reads.relations.iter().filter_map(|name| going.get(name)) {
            let drops = |step: &Step| matches!(step.change, Change::DropView { .. });
            if planner.steps[entries[read]].iter().any(drops) && !fails(planner, read) {
                let error = format!("view \"{}\", which has errors and stays, reads it", live.name);
                planner.block(entries[read], vec![error]);
                open.push(read);
            }
        }
    }
}

/// Whether the table is given up in this run, and with it names that a view of it may use.
fn lacks_names(planner: &Planner<'_>, name: &Name, entry: usize) -> bool {
    if planner.entries[entry].errors.is_empty() || !planner.steps[entry].is_empty() {
        return false;
    }
    let diff = planner.diff_of.get(&folded(planner.dialect, name));
    let changes = diff.is_some_and(|diff| diff.renames() || !diff.added.is_empty());
    changes || !planner.diff.live.tables.contains_key(name)
}

/// A view that has errors stays as it is: so does what it reads.
fn keep_what_is_read(planner: &mut Planner<'_>, entries: &[usize]) {
    let managed = planner.diff.views.iter().zip(entries).filter(|(view, _)| view.kind != ViewKind::External);
    for (view, &entry) in managed.collect::<Vec<_>>() {
        let Some(live) = view.live.as_ref().filter(|_| !planner.entries[entry].errors.is_empty()) else {
            continue;
        };
        for name in &live.sql.reads.relations {
            let Some(&at) = planner.entry_of.get(&folded(planner.dialect, name)) else { continue };
            let item = &planner.entries[at];
            let loses = item.status == EntryStatus::Drop
                || item.columns_dropped.iter().any(|column| live.sql.reads.relation_column(name, column));
            if loses && !planner.steps[at].is_empty() {
                planner.block(at, vec![format!("view \"{}\", which has errors and stays, reads it", live.name)]);
            }
        }
    }
}
