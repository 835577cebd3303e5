//! Views: what goes before the tables change, and what comes after (rules V1, V2, V5, T4).

use super::build::{BaseObject, Planner};
use super::types::{EntryKind, EntryStatus, Hazard, Risk, Step};
use crate::catalog::{Catalog, Name, View};
use crate::diff::view::{ViewDiff, ViewKind};
use crate::diff::{Change, folded};
use std::collections::{BTreeMap, BTreeSet};

/// A view that goes in this run, to come back or not.
fn goes(planner: &Planner<'_>, diff: &ViewDiff) -> bool {
    let old = diff.current.is_some();
    match diff.kind {
        ViewKind::Change => diff.errors.is_empty(),
        ViewKind::Create => old && diff.errors.is_empty(),
        ViewKind::Drop => !planner.policy.safe,
        ViewKind::Same | ViewKind::External => false,
    }
}

/// Entries of all views and the drops among their steps, readers before what they read. Returns the entries by position in
/// `diff.views`.
pub(crate) fn plan_early(planner: &mut Planner<'_>) -> Vec<usize> {
    let diff = planner.diff;
    let mut entries = Vec::with_capacity(diff.views.len());
    for view in &diff.views {
        let kind = if view.kind == ViewKind::External { EntryKind::ExternalView } else { EntryKind::View };
        let entry = planner.begin_entry(&view.name.to_string(), kind);
        entries.push(entry);
        planner.entries[entry].errors.clone_from(&view.errors);
        planner.entries[entry].renamed_from = view.renamed_from.as_ref().map(ToString::to_string);
        if let Some(notes) = planner.lowered.notes.get(&view.name) {
            for note in notes {
                planner.withhold(entry, note.clone(), "not supported by this database");
            }
        }
        let known = view.current.as_ref().and_then(|current| planner.base.views.get(&current.name));
        planner.targets[entry].before = known.cloned().map(BaseObject::View);
        planner.targets[entry].after = planner.targets[entry].before.clone();
        match view.kind {
            ViewKind::Drop if planner.policy.safe => planner.withhold(entry, "drop view".to_owned(), "safe mode"),
            ViewKind::Drop => {
                planner.entries[entry].status = EntryStatus::Drop;
                planner.targets[entry].after = None;
            }
            ViewKind::Change => planner.entries[entry].status = EntryStatus::Alter,
            ViewKind::Create if view.renamed_from.is_some() => planner.entries[entry].status = EntryStatus::Alter,
            ViewKind::Create => planner.entries[entry].status = EntryStatus::Create,
            ViewKind::Same => planner.targets[entry].after = view.desired.clone().map(BaseObject::View),
            ViewKind::External => planner.targets[entry].after = None,
        }
    }
    let dragged = dragged(planner);
    let blocked: Vec<(usize, String)> = diff
        .views
        .iter()
        .enumerate()
        .filter(|(at, view)| planner.dialect.capabilities().views_hold && (dragged.contains(at) || goes(planner, view)))
        .filter_map(|(at, view)| {
            let reader = unmanaged_readers(planner, &view.current.as_ref()?.name).into_iter().next()?;
            let what = if view.kind == ViewKind::Drop { "dropped" } else { "changed" };
            Some((
                at,
                format!("cannot be {what}: view \"{reader}\", which is not ours, reads it; drop that view first"),
            ))
        })
        .collect();
    let is_blocked = |at: usize| blocked.iter().any(|(blocked, _)| *blocked == at);
    for (at, error) in &blocked {
        planner.block(entries[*at], vec![error.clone()]);
    }
    planner.blocked_views = blocked.iter().map(|(at, _)| *at).collect();
    planner.dragged_views = dragged.clone();
    for at in order(planner, |view| view.current.as_ref()).into_iter().rev() {
        let view = &diff.views[at];
        let goes = (goes(planner, view) || dragged.contains(&at)) && !is_blocked(at);
        let Some(current) = view.current.as_ref().filter(|_| goes) else { continue };
        let change = Change::DropView { name: current.name.clone(), materialized: current.materialized };
        let last = view.kind == ViewKind::Drop;
        let (risk, hazards): (Risk, &[Hazard]) =
            if last { (Risk::Destructive, &[Hazard::DeletesData]) } else { (Risk::Safe, &[]) };
        planner.step(entries[at], change, risk, hazards, false);
    }
    entries
}

/// Views that do not change but read one that goes, where views hold on to what they read: they go and come with it (rule V1).
fn dragged(planner: &Planner<'_>) -> BTreeSet<usize> {
    let mut dragged = BTreeSet::new();
    let views = &planner.diff.views;
    if !planner.dialect.capabilities().views_hold {
        let broken = |view: &ViewDiff| view.kind == ViewKind::Same && misread(planner, view);
        return views.iter().enumerate().filter(|(_, view)| broken(view)).map(|(at, _)| at).collect();
    }
    let mut gone: BTreeSet<&Name> =
        views.iter().filter(|view| goes(planner, view)).filter_map(|view| Some(&view.current.as_ref()?.name)).collect();
    loop {
        let before = dragged.len();
        for (at, view) in views.iter().enumerate().filter(|(_, view)| view.kind == ViewKind::Same) {
            let Some(current) = &view.current else { continue };
            if current.reads.iter().any(|name| gone.contains(name)) && dragged.insert(at) {
                gone.insert(&current.name);
            }
        }
        if dragged.len() == before {
            return dragged;
        }
    }
}

/// A view that names a column which somebody has dropped: while this run renames another, SQLite would write a text in its place.
fn misread(planner: &Planner<'_>, view: &ViewDiff) -> bool {
    let Some(current) = &view.current else { return false };
    current.reads.iter().any(|table| {
        let diff = planner.diff_of.get(&folded(planner.dialect, table));
        diff.is_some_and(|diff| {
            let renames = diff.renamed_from.is_some() || !diff.column_renames.is_empty();
            renames && diff.added.iter().any(|column| planner.dialect.mentions(&current.sql, &column.name))
        })
    })
}

/// The views of whomever that hold on to these columns of a table, directly or through other views; what is read before its readers.
/// Not those that go in this run anyway.
pub(crate) fn holding(planner: &Planner<'_>, table: &Name, columns: &[&str]) -> Vec<View> {
    if columns.is_empty() {
        return Vec::new();
    }
    let views = &without_going(planner).views;
    let mut found: Vec<&View> = views
        .values()
        .filter(|view| {
            view.reads_columns.iter().any(|(name, column)| name == table && columns.contains(&column.as_str()))
        })
        .collect();
    let mut at = 0;
    while at < found.len() {
        let name = found[at].name.clone();
        let known = |view: &View| found.iter().any(|found| found.name == view.name);
        let readers: Vec<&View> = views.values().filter(|view| view.reads.contains(&name) && !known(view)).collect();
        found.extend(readers);
        at += 1;
    }
    let mut ordered: Vec<View> = Vec::with_capacity(found.len());
    while !found.is_empty() {
        let waits = |view: &View| found.iter().any(|other| other.name != view.name && view.reads.contains(&other.name));
        let next = found.iter().position(|view| !waits(view)).unwrap_or(0);
        ordered.push(found.remove(next).clone());
    }
    ordered
}

/// The views that are made, what they read before them.
pub(crate) fn plan_late(planner: &mut Planner<'_>, entries: Vec<usize>) {
    let diff = planner.diff;
    for at in order(planner, |view| view.desired.as_ref()) {
        let view = &diff.views[at];
        let entry = entries[at];
        let comes = matches!(view.kind, ViewKind::Create | ViewKind::Change) || planner.dragged_views.contains(&at);
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
                    "the table stays",
                );
                continue;
            }
            planner.targets[entry].depends_on.push(drop);
        }
        // What the server has made of the text is as good as ours where it holds on to it; elsewhere renames have not reached it.
        let as_it_is = view.kind == ViewKind::Same && planner.dialect.capabilities().views_hold;
        let wanted = if as_it_is { &view.current } else { &view.desired };
        let Some(desired) = wanted else { continue };
        let parents: Vec<(&Name, usize)> = desired
            .reads
            .iter()
            .filter_map(|name| Some((name, *planner.entry_of.get(&folded(planner.dialect, name))?)))
            .collect();
        if let Some((name, _)) = parents.iter().find(|(name, parent)| lacks_names(planner, name, *parent)) {
            planner.block(entry, vec![format!("depends on {name}, which has errors")]);
            continue;
        }
        // What a failed table lacks would not always be missed: SQLite takes an unknown "name" for a text.
        for (_, parent) in parents {
            if !planner.steps[parent].is_empty() {
                planner.targets[entry].reads.push(parent);
            }
        }
        let mut made = desired.clone();
        if let Some(current) = &view.current {
            // Triggers on the view are not ours and go with it (rule M4).
            if view.renamed_from.is_some() && !current.triggers.is_empty() {
                let names: Vec<String> =
                    current.triggers.iter().map(|trigger| format!("\"{}\"", trigger.name)).collect();
                let error = format!("cannot be renamed: trigger {} would be lost; drop it first", names.join(", "));
                planner.block(entry, vec![error]);
                continue;
            }
            made.triggers.clone_from(&current.triggers);
        }
        let change = Change::CreateView { view: made };
        match planner.dialect.render(&change) {
            Ok(statements) => {
                planner.late.push(Step::new(entry, change, statements));
                if view.kind != ViewKind::Same {
                    planner.targets[entry].after = Some(BaseObject::View(desired.clone()));
                }
            }
            Err(error) => planner.entries[entry].errors.push(error),
        }
    }
    keep_what_is_read(planner, &entries);
}

/// A view that goes waits for the tables which take the place of views that read it: those views go with the tables' own steps.
pub(crate) fn after_tables_instead(planner: &mut Planner<'_>, entries: &[usize]) {
    if !planner.dialect.capabilities().views_hold {
        return;
    }
    for table in planner.diff.tables.iter().filter(|table| table.replaces_view) {
        let Some(&at) = planner.entry_of.get(&folded(planner.dialect, &table.name)) else { continue };
        let mut open: Vec<&Name> = vec![&table.name];
        let mut seen = BTreeSet::new();
        while let Some(name) = open.pop() {
            if !seen.insert(name.clone()) {
                continue;
            }
            let reads = planner.diff.current.views.get(name).into_iter().flat_map(|view| &view.reads);
            open.extend(reads.filter(|name| planner.diff.current.views.contains_key(*name)));
        }
        for (view, &entry) in planner.diff.views.iter().zip(entries) {
            let read = view.current.as_ref().is_some_and(|current| seen.contains(&current.name));
            if read && !planner.steps[entry].is_empty() {
                planner.targets[entry].depends_on.push(at);
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
    changes || !planner.diff.current.tables.contains_key(name)
}

/// A view that has errors stays as it is: so does what it reads.
fn keep_what_is_read(planner: &mut Planner<'_>, entries: &[usize]) {
    let managed = planner.diff.views.iter().zip(entries).filter(|(view, _)| view.kind != ViewKind::External);
    for (view, &entry) in managed.collect::<Vec<_>>() {
        let Some(current) = view.current.as_ref().filter(|_| !planner.entries[entry].errors.is_empty()) else {
            continue;
        };
        for name in &current.reads {
            let Some(&at) = planner.entry_of.get(&folded(planner.dialect, name)) else { continue };
            let item = &planner.entries[at];
            let loses = item.status == EntryStatus::Drop
                || item.columns_dropped.iter().any(|column| planner.dialect.mentions(&current.sql, column));
            if loses && !planner.steps[at].is_empty() {
                planner.block(at, vec![format!("view \"{}\", which has errors and stays, reads it", current.name)]);
            }
        }
    }
}

/// Positions of the views, those that are read before their readers; cycles are cut.
fn order(planner: &Planner<'_>, pick: impl Fn(&ViewDiff) -> Option<&crate::catalog::View>) -> Vec<usize> {
    let views = &planner.diff.views;
    let position: BTreeMap<Name, usize> = views
        .iter()
        .enumerate()
        .filter_map(|(at, view)| Some((folded(planner.dialect, &pick(view)?.name), at)))
        .collect();
    let mut sorted = Vec::new();
    let mut seen = BTreeSet::new();
    for start in position.values().copied() {
        let mut stack = vec![(start, false)];
        while let Some((at, done)) = stack.pop() {
            if done {
                sorted.push(at);
            } else if seen.insert(at) {
                stack.push((at, true));
                let reads = pick(&views[at]).into_iter().flat_map(|view| &view.reads);
                stack.extend(
                    reads.filter_map(|name| position.get(&folded(planner.dialect, name))).map(|&next| (next, false)),
                );
            }
        }
    }
    sorted
}

/// Views that are not ours and read that table.
pub(crate) fn unmanaged_readers(planner: &Planner<'_>, table: &Name) -> Vec<Name> {
    let key = folded(planner.dialect, table);
    planner
        .diff
        .unmanaged_views
        .iter()
        .filter(|name| {
            planner
                .diff
                .current
                .views
                .get(*name)
                .is_some_and(|view| view.reads.iter().any(|read| folded(planner.dialect, read) == key))
        })
        .cloned()
        .collect()
}

/// The live catalog without the views that change or go in this run: what a dropped column has to look at (rule C9).
pub(crate) fn without_going<'p>(planner: &'p Planner<'_>) -> &'p Catalog {
    planner.remaining.get_or_init(|| {
        let mut catalog = planner.diff.current.clone();
        for (at, view) in planner.diff.views.iter().enumerate() {
            let goes = goes(planner, view) || planner.dragged_views.contains(&at);
            if let Some(current) = view.current.as_ref().filter(|_| goes && !planner.blocked_views.contains(&at)) {
                catalog.views.remove(&current.name);
            }
        }
        catalog
    })
}
