//! Views: what goes before the tables change, and what comes after (rules V1, V2, V5, T4).

mod late;

use super::build::{BaseObject, Planner};
use super::obstacles;
use super::types::{EntryKind, EntryStatus, WithheldReason};
use crate::catalog::{Catalog, Name, Reads, View};
use crate::change::{Change, ColumnProperty, Hazard, Risk};
use crate::dialect::NameKind;
use crate::diff::folded;
use crate::diff::table::TableDiff;
use crate::diff::view::{ViewDiff, ViewKind};
pub(crate) use late::plan_late;
use std::collections::{BTreeMap, BTreeSet};

/// A view that goes in this run, to come back or not.
pub(crate) fn goes(planner: &Planner<'_>, diff: &ViewDiff) -> bool {
    let old = diff.live.is_some();
    match diff.kind {
        ViewKind::Change => diff.errors.is_empty() && !diff.in_place,
        ViewKind::Create => old && diff.errors.is_empty(),
        ViewKind::Drop => !planner.planning.safe,
        ViewKind::Same | ViewKind::External => false,
    }
}

/// A view that stays as it is although the model has it otherwise, or not at all: it has errors, something is in the way, or safe mode
/// does not drop it.
pub(crate) fn stays(planner: &Planner<'_>, at: usize, diff: &ViewDiff) -> bool {
    let withheld = diff.kind == ViewKind::Drop && planner.planning.safe;
    withheld || !diff.errors.is_empty() || planner.blocked_views.contains(&at)
}

/// Entries of all views and the drops among their steps, readers before what they read. Returns the entries by position in
/// `diff.views`.
pub(crate) fn plan_early(planner: &mut Planner<'_>) -> Vec<usize> {
    let diff = planner.diff;
    let mut entries = Vec::with_capacity(diff.views.len());
    for view in &diff.views {
        let kind = if view.kind == ViewKind::External { EntryKind::ExternalView } else { EntryKind::View };
        let entry = planner.begin_entry(&view.name, kind);
        entries.push(entry);
        planner.entries[entry].errors.clone_from(&view.errors);
        planner.entries[entry].renamed_from = view.renamed_from.as_ref().map(ToString::to_string);
        if let Some(notes) = planner.lowered.notes.get(&view.name) {
            for note in notes {
                planner.withhold(entry, note.clone(), WithheldReason::Unsupported, "");
            }
        }
        let known = view.live.as_ref().and_then(|live| planner.base.views.get(&live.name));
        planner.targets[entry].before = known.cloned().map(BaseObject::View);
        planner.targets[entry].after = planner.targets[entry].before.clone();
        match view.kind {
            ViewKind::Drop if planner.planning.safe => {
                planner.withhold(entry, "drop view".to_owned(), WithheldReason::SafeMode, "");
            }
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
    for (at, errors) in obstacles::decide_views(planner) {
        planner.block(entries[at], errors);
    }
    let going: BTreeSet<usize> = (0..diff.views.len())
        .filter(|at| goes(planner, &diff.views[*at]) || planner.cascaded_views.contains(at))
        .filter(|at| !planner.blocked_views.contains(at))
        .collect();
    let going = |at: usize| going.contains(&at);
    for at in order(planner, |view| view.live.as_ref()).into_iter().rev() {
        let view = &diff.views[at];
        let Some(live) = view.live.as_ref().filter(|_| going(at)) else { continue };
        let change = Change::DropView { name: live.name.clone(), materialized: live.materialized };
        // A plain view holds no rows that would be lost with it.
        let loses_rows = view.kind == ViewKind::Drop && live.materialized;
        let (risk, hazards): (Risk, &[Hazard]) =
            if loses_rows { (Risk::Destructive, &[Hazard::DeletesData]) } else { (Risk::Safe, &[]) };
        planner.step(entries[at], change, risk, hazards, false);
    }
    entries
}

/// Views that do not change and have to go and come all the same, with one that they read (rule V1): where views hold on to what they
/// read; and where a rename looks at all views of the database, and fails over one that cannot be read.
pub(crate) fn cascaded_views(planner: &Planner<'_>) -> BTreeSet<usize> {
    let mut cascaded = BTreeSet::new();
    let views = &planner.diff.views;
    let capabilities = planner.dialect.capabilities();
    let (hold, read_views) = (capabilities.views_block_changes, capabilities.renames_read_all_views);
    let looks = read_views && planner.diff.tables.iter().any(|diff| diff.renames() || !diff.dropped.is_empty());
    let mut gone = gone(planner);
    loop {
        let before = cascaded.len();
        let stays = |view: &ViewDiff| view.kind == ViewKind::Same || view.kind == ViewKind::Change && view.in_place;
        for (at, view) in views.iter().enumerate().filter(|(_, view)| stays(view)) {
            let Some(live) = &view.live else { continue };
            let reads_gone = (hold || looks)
                && !uses_dropped(planner, live)
                && live.sql.reads.relations.iter().any(|name| gone.contains(name));
            let text = looks && !live.sql.reads.texts.is_empty();
            let cannot_stay = reads_gone || text || looks && is_broken(live) || read_views && misread(planner, view);
            if cannot_stay && cascaded.insert(at) {
                gone.insert(&live.name);
            }
        }
        if cascaded.len() == before {
            return cascaded;
        }
    }
}

/// The views that are not there while the tables change, or not any more; and the tables in whose place a view comes.
fn gone<'p>(planner: &'p Planner<'_>) -> BTreeSet<&'p Name> {
    let refused = |diff: &&TableDiff<'_>| planner.refused_tables.contains_key(&folded(planner.dialect, &diff.name));
    let replaced =
        planner.diff.tables.iter().filter(|diff| diff.replaces_view && !refused(diff)).map(|diff| &diff.name);
    let comes = |view: &&ViewDiff| view.replaces_table && view.errors.is_empty() && !planner.planning.safe;
    let tables = planner.diff.views.iter().filter(comes).filter_map(|view| {
        let table = planner.diff_of.get(&folded(planner.dialect, &view.name)).copied();
        table.filter(|table| !refused(table)).map(|table| &table.name)
    });
    let views = planner.diff.views.iter().enumerate();
    let going = views.filter(|(at, view)| goes(planner, view) && !planner.blocked_views.contains(at));
    going.filter_map(|(_, view)| Some(&view.live.as_ref()?.name)).chain(replaced).chain(tables).collect()
}

/// Nobody can read it: something that it names is not there.
fn is_broken(view: &View) -> bool {
    view.columns.is_empty()
}

/// Views of others that a rename or the drop of a column would fail over, where it looks at all views: they read one that is not there
/// while the tables change, or cannot be read at all. They go for as long as that takes. What is read before its readers.
///
/// # Errors
/// What cannot go and come back as it was: it names what is renamed, or is a trigger.
pub(crate) fn in_the_way(planner: &Planner<'_>, looks: bool) -> Result<Vec<View>, Vec<String>> {
    if !planner.dialect.capabilities().renames_read_all_views || !looks {
        return Ok(Vec::new());
    }
    let mut gone = gone(planner);
    gone.extend(planner.cascaded_views.iter().filter_map(|&at| Some(&planner.diff.views[at].live.as_ref()?.name)));
    let views = &planner.diff.live.views;
    let external = planner.diff.views.iter().filter(|view| view.kind == ViewKind::External);
    // One that the model wants under the name of an unmanaged one stays as it is, too.
    let stay = planner.diff.views.iter().filter(|view| !view.errors.is_empty() && view.kind != ViewKind::External);
    let stay = stay.filter_map(|view| Some(&view.live.as_ref()?.name));
    let others: Vec<&View> = planner
        .diff
        .unmanaged_views
        .iter()
        .chain(external.map(|view| &view.name))
        .chain(stay)
        .filter_map(|name| views.get(name))
        .collect();
    let mut found: Vec<View> = Vec::new();
    let mut errors = Vec::new();
    loop {
        let before = found.len();
        for view in &others {
            let reads_gone = view.sql.reads.relations.iter().any(|name| gone.contains(name));
            if !reads_gone && !is_broken(view) || gone.contains(&view.name) {
                continue;
            }
            gone.insert(&view.name);
            found.push((*view).clone());
            if view.unreadable {
                errors.push(format!(
                    "view \"{}\", which is unmanaged, would have to go and come back, and its text is not UTF-8: drop that view first",
                    view.name
                ));
            }
            let texts = std::iter::once(&view.sql).chain(view.triggers.iter().map(|trigger| &trigger.sql));
            if let Some(name) = texts.filter_map(|sql| renamed_in(planner, &sql.reads)).next() {
                errors.push(format!(
                    "view \"{}\", which is unmanaged, names {name}, which is renamed, and cannot be read meanwhile: drop that view first",
                    view.name
                ));
            }
        }
        if found.len() == before {
            break;
        }
    }
    for (table, trigger) in
        planner.diff.live.tables.values().flat_map(|table| table.triggers.iter().map(move |trigger| (table, trigger)))
    {
        if let Some(view) = gone.iter().find(|view| trigger.sql.reads.relations.contains(view)) {
            errors.push(format!(
                "trigger \"{}\" on {}, which is unmanaged, names view \"{view}\", which goes meanwhile: drop that trigger first",
                trigger.name, table.name
            ));
        }
    }
    if errors.is_empty() { Ok(found) } else { Err(errors) }
}

/// The table or the column that is renamed in this run and that this text, which no rename reaches, may name.
fn renamed_in(planner: &Planner<'_>, reads: &Reads) -> Option<String> {
    planner.diff.tables.iter().find_map(|diff| {
        // What is read goes by its new names already.
        if !reads.relations.contains(&diff.name) {
            return None;
        }
        let column = diff.column_renames.iter().find(|(_, to)| reads.relation_column(&diff.name, to));
        let table = diff.renamed_from.as_ref().map(|table| format!("table \"{table}\""));
        table.or_else(|| column.map(|(from, _)| format!("column \"{from}\"")))
    })
}

/// Rule T4: the view whose name a renamed table takes goes before; the error, where it stays.
pub(crate) fn replaced(planner: &Planner<'_>, name: &Name) -> Option<String> {
    let key = folded(planner.dialect, name);
    let is_it = |view: &ViewDiff| folded(planner.dialect, &view.name) == key;
    let at = planner.diff.views.iter().position(is_it)?;
    planner.blocked_views.contains(&at).then(|| format!("depends on view \"{name}\", which has the name and stays"))
}

/// A view that uses a column which goes in this run: it stays where it is, for the column to find (rule C9).
pub(crate) fn uses_dropped(planner: &Planner<'_>, view: &View) -> bool {
    view.sql.reads.relations.iter().any(|table| {
        let diff = planner.diff_of.get(&folded(planner.dialect, table));
        let dropped = diff.into_iter().flat_map(|diff| &diff.dropped);
        dropped.map(|column| &column.name).any(|name| view.sql.reads.relation_column(table, name))
    })
}

/// A view that names a column which somebody has dropped: while this run renames another, SQLite would write a text in its place.
fn misread(planner: &Planner<'_>, view: &ViewDiff) -> bool {
    let Some(live) = &view.live else { return false };
    live.sql.reads.relations.iter().any(|table| {
        let diff = planner.diff_of.get(&folded(planner.dialect, table));
        diff.is_some_and(|diff| {
            let renames = diff.renamed_from.is_some() || !diff.column_renames.is_empty();
            renames
                && diff.added.iter().any(|column| {
                    live.sql.reads.unknown.iter().any(|name| {
                        planner.dialect.fold(NameKind::Column, name)
                            == planner.dialect.fold(NameKind::Column, &column.name)
                    })
                })
        })
    })
}

/// The views of whomever that hold on to these columns of a table, directly or through other views; what is read before its readers.
/// Not those that go in this run anyway.
pub(crate) fn holding(planner: &Planner<'_>, table: &Name, columns: &[&str]) -> Vec<View> {
    if columns.is_empty() {
        return Vec::new();
    }
    with_readers(planner, &|view| {
        view.sql.reads.relation_columns.iter().any(|(name, column)| name == table && columns.contains(&column.as_str()))
    })
}

/// The views of whomever that are meant, and those that read them; what is read before its readers. Not those that go in this run
/// anyway, or are taken care of.
pub(crate) fn with_readers(planner: &Planner<'_>, meant: &dyn Fn(&View) -> bool) -> Vec<View> {
    let views = &without_going(planner).views;
    let free = |view: &&View| !planner.suspended.contains(&view.name);
    let mut found: Vec<&View> = views.values().filter(free).filter(|view| meant(view)).collect();
    let mut at = 0;
    while at < found.len() {
        let name = found[at].name.clone();
        let known = |view: &View| found.iter().any(|found| found.name == view.name);
        let readers: Vec<&View> = views
            .values()
            .filter(free)
            .filter(|view| view.sql.reads.relations.contains(&name) && !known(view))
            .collect();
        found.extend(readers);
        at += 1;
    }
    let mut ordered: Vec<View> = Vec::with_capacity(found.len());
    while !found.is_empty() {
        let waits = |view: &View| {
            found.iter().any(|other| other.name != view.name && view.sql.reads.relations.contains(&other.name))
        };
        let next = found.iter().position(|view| !waits(view)).unwrap_or(0);
        ordered.push(found.remove(next).clone());
    }
    ordered
}

/// A view of ours that is recreated once columns have become of an enum type, or have been: the server's words cast to the old
/// type, so it is made of what the model says. As it is, where it is unmanaged or nothing of the kind happens.
pub(crate) fn made_of_text(planner: &mut Planner<'_>, table: &TableDiff<'_>, view: View) -> View {
    let mut retyped = table.altered.iter().filter(|altered| altered.changes(ColumnProperty::Type));
    let enums = retyped.any(|altered| !altered.from.labels.is_empty() || !altered.to.labels.is_empty());
    let diff = planner.diff.views.iter().find(|diff| diff.name == view.name && diff.kind == ViewKind::Same);
    let Some(desired) = diff.and_then(|diff| diff.desired.as_ref()).filter(|_| enums && !table.renames()) else {
        return view;
    };
    let sql = desired.written.clone().unwrap_or_else(|| desired.sql.clone());
    let name = view.name.to_string();
    let entry = planner.entries.iter().position(|entry| entry.object.kind == EntryKind::View && entry.name() == name);
    if let Some(entry) = entry {
        // The next look has it worded anew.
        let after = View { sql: sql.clone(), written: None, ..desired.clone() };
        planner.targets[entry].after = Some(BaseObject::View(after));
    }
    View { written: Some(sql), ..view }
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
                let reads = pick(&views[at]).into_iter().flat_map(|view| &view.sql.reads.relations);
                stack.extend(
                    reads.filter_map(|name| position.get(&folded(planner.dialect, name))).map(|&next| (next, false)),
                );
            }
        }
    }
    sorted
}

/// Views that are unmanaged and read that table.
pub(crate) fn unmanaged_readers(planner: &Planner<'_>, table: &Name) -> Vec<Name> {
    let key = folded(planner.dialect, table);
    planner
        .diff
        .unmanaged_views
        .iter()
        .filter(|name| {
            planner
                .diff
                .live
                .views
                .get(*name)
                .is_some_and(|view| view.sql.reads.relations.iter().any(|read| folded(planner.dialect, read) == key))
        })
        .cloned()
        .collect()
}

/// The live catalog without the views that change or go in this run: what a dropped column has to look at (rule C9).
pub(crate) fn without_going<'p>(planner: &'p Planner<'_>) -> &'p Catalog {
    planner.remaining.get_or_init(|| {
        let mut catalog = planner.diff.live.clone();
        for (at, view) in planner.diff.views.iter().enumerate() {
            let goes = goes(planner, view) || planner.cascaded_views.contains(&at);
            if let Some(live) = view.live.as_ref().filter(|_| goes && !planner.blocked_views.contains(&at)) {
                catalog.views.remove(&live.name);
            }
            let replaced = view.live.as_ref().zip(view.desired.as_ref()).filter(|_| !goes && view.in_place);
            if let Some((live, desired)) = replaced.filter(|_| !stays(planner, at, view)) {
                catalog.views.insert(live.name.clone(), desired.clone());
            }
        }
        // A table that is created in the place of a view drops it (rule T4).
        for table in planner.diff.tables.iter().filter(|table| table.replaces_view && !planner.planning.safe) {
            catalog.views.remove(&table.name);
        }
        catalog
    })
}
