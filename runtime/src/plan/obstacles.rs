//! What keeps a view or a table from going, or a view from losing a column: views that stay, triggers and whatever else holds on to it. All of it is
//! foretold as an error of the entry that names the object in the way, and nothing of the entry is done (rules M4, P4, T3, V1, V2).

mod tables;

pub(crate) use tables::{before_drop, of_dropped_table, of_held_views, of_rewritten_table};

use super::build::Planner;
use super::views;
use crate::catalog::{Name, Table, Trigger, View};
use crate::dialect::NameKind;
use crate::diff::folded;
use crate::diff::table::{TableDiff, TableKind};
use crate::diff::view::{ViewDiff, ViewKind};
use std::collections::BTreeMap;

/// What a name of a view stands for once the run is done.
enum After<'p> {
    /// Nothing has the name.
    Gone,
    /// A view or a table with these columns; empty: not known.
    Columns(Vec<&'p str>),
}

/// Decides which views stay because something is in the way, and which go and come along with others; fills in `cascaded_views`,
/// `blocked_views` and `refused_tables` of the planner. Returns the errors by the position of the view.
pub(crate) fn decide_views(planner: &mut Planner<'_>) -> BTreeMap<usize, Vec<String>> {
    let mut refused: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    loop {
        planner.cascaded_views = views::cascaded_views(planner);
        let views: Vec<(usize, Vec<String>)> = (0..planner.diff.views.len())
            .filter(|at| !planner.blocked_views.contains(at))
            .map(|at| (at, of_view(planner, at)))
            .filter(|(_, errors)| !errors.is_empty())
            .collect();
        let tables: Vec<(Name, Vec<String>)> = planner
            .diff
            .tables
            .iter()
            .filter(|diff| diff.replaces_view && diff.kind == TableKind::Create && !planner.planning.safe)
            .map(|diff| (folded(planner.dialect, &diff.name), of_replacing_table(planner, diff)))
            .filter(|(name, errors)| !errors.is_empty() && !planner.refused_tables.contains_key(name))
            .collect();
        if views.is_empty() && tables.is_empty() {
            return refused;
        }
        planner.blocked_views.extend(views.iter().map(|(at, _)| *at));
        refused.extend(views);
        planner.refused_tables.extend(tables);
    }
}

/// What keeps the view at that position from changing, going or being renamed.
fn of_view(planner: &Planner<'_>, at: usize) -> Vec<String> {
    let diff = &planner.diff.views[at];
    let Some(live) = diff.live.as_ref() else { return Vec::new() };
    let goes = views::goes(planner, diff);
    if (goes || diff.in_place)
        && let Some(error) = needs_lost_column(planner, diff)
    {
        return vec![error];
    }
    let loses_columns = diff.in_place && planner.dialect.capabilities().replace_view_columns;
    if !goes && !loses_columns && !planner.cascaded_views.contains(&at) {
        return Vec::new();
    }
    let after = match (diff.kind, &diff.renamed_from) {
        (ViewKind::Same, _) => After::Columns(names(&live.columns)),
        (ViewKind::Change | ViewKind::Create, None) => columns_of_desired(diff.desired.as_ref()),
        _ => after(planner, &live.name),
    };
    let what = match diff.kind {
        ViewKind::Drop => "dropped",
        _ if diff.renamed_from.is_some() => "renamed",
        _ => "changed",
    };
    in_the_way(planner, live, &after, what)
}

/// What keeps a table from being made in the place of a view.
fn of_replacing_table(planner: &Planner<'_>, diff: &TableDiff) -> Vec<String> {
    let Some(live) = planner.diff.live.views.get(&diff.name) else { return Vec::new() };
    let columns = diff.desired.map(|table| table.columns.iter().map(|column| column.name.as_str()).collect());
    in_the_way(planner, live, &After::Columns(columns.unwrap_or_default()), "replaced")
}

fn names(columns: &[String]) -> Vec<&str> {
    columns.iter().map(String::as_str).collect()
}

fn columns_of_desired(desired: Option<&View>) -> After<'_> {
    After::Columns(desired.map(|view| names(&view.columns)).unwrap_or_default())
}

/// What has that name in the model.
fn after<'p>(planner: &'p Planner<'_>, name: &Name) -> After<'p> {
    let key = folded(planner.dialect, name);
    let desired = &planner.lowered.catalog;
    let same = |other: &Name| folded(planner.dialect, other) == key;
    if let Some((_, table)) = desired.tables.iter().find(|(name, _)| same(name)) {
        return After::Columns(table.columns.iter().map(|column| column.name.as_str()).collect());
    }
    match desired.views.iter().find(|(name, _)| same(name)) {
        Some((_, view)) => After::Columns(names(&view.columns)),
        None => After::Gone,
    }
}

/// Everything that is in the way of a view which goes, and comes back as `after` says.
fn in_the_way(planner: &Planner<'_>, live: &View, after: &After<'_>, what: &str) -> Vec<String> {
    let mut errors = Vec::new();
    let lost = lost_columns(planner, live, after);
    let gone = matches!(after, After::Gone);
    for reader in planner.diff.live.views.values() {
        if reader.name != live.name
            && reads(planner, reader, &live.name)
            && let Some(error) = stays_on(planner, live, reader, (gone, &lost), what)
        {
            errors.push(error);
            break;
        }
    }
    errors.extend(
        live.dependents
            .iter()
            .map(|dependent| format!("cannot be {what}: {} depends on it; drop that first", dependent.what)),
    );
    for (trigger, on) in triggers_that_stay(planner, &live.name) {
        if !trigger.sql.reads.relations.contains(&live.name) {
            continue;
        }
        let column = lost.iter().find(|column| trigger.sql.reads.relation_column(&live.name, column));
        let trigger = format!("trigger \"{}\" on {on}", trigger.name);
        match column {
            _ if gone => errors.push(format!("cannot be {what}: {trigger} uses it; drop that trigger first")),
            Some(column) => errors.push(format!(
                "cannot be {what}: {trigger} uses its column \"{column}\", which it loses; drop that trigger first"
            )),
            None => {}
        }
    }
    errors
}

/// Why this reader of the view does not let it go; `None`: it goes as well, or finds all that it needs afterwards.
fn stays_on(
    planner: &Planner<'_>,
    live: &View,
    reader: &View,
    (gone, lost): (bool, &[&str]),
    what: &str,
) -> Option<String> {
    let hold = planner.dialect.capabilities().views_block_changes;
    let needed = lost.iter().find(|column| needs(planner, reader, &live.name, column));
    let name = &reader.name;
    let diff = planner
        .diff
        .views
        .iter()
        .enumerate()
        .find(|(_, diff)| diff.live.as_ref().is_some_and(|live| live.name == *name));
    if diff.is_none() && is_replaced(planner, name) {
        return None;
    }
    let managed = diff.filter(|(_, diff)| diff.kind != ViewKind::External);
    let Some((at, diff)) = managed else {
        let whose = if diff.is_some() { "external" } else { "unmanaged" };
        let reason = format!("view \"{name}\", which is {whose}, reads");
        return match needed {
            Some(column) if !gone => Some(format!(
                "cannot be {what}: {reason} its column \"{column}\", which it loses; drop that view first"
            )),
            _ if gone || hold => Some(format!("cannot be {what}: {reason} it; drop that view first")),
            _ => None,
        };
    };
    let stays = views::stays(planner, at, diff);
    match (diff.kind, needed) {
        (ViewKind::Drop, _) if !stays => None,
        (ViewKind::Change | ViewKind::Create, _) if !stays => None,
        (_, Some(column)) if !gone => Some(format!(
            "cannot be {what}: view \"{name}\" reads its column \"{column}\", which it loses; change that view as well"
        )),
        _ if stays && (hold || gone) => {
            let why = if planner.planning.safe { "stays" } else { "has errors and stays" };
            Some(format!("view \"{name}\", which {why}, reads it"))
        }
        _ if stays => None,
        _ if gone => Some(format!("cannot be {what}: view \"{name}\" reads it; change or drop that view as well")),
        _ if views::uses_dropped(planner, reader) => {
            Some(format!("cannot be {what}: view \"{name}\" reads it, and uses a column that goes"))
        }
        _ => None,
    }
}

/// Whether a table of this run takes the place of the view, which goes with the table's own steps (rule T4).
fn is_replaced(planner: &Planner<'_>, view: &Name) -> bool {
    let key = folded(planner.dialect, view);
    let takes = |diff: &TableDiff<'_>| diff.replaces_view && folded(planner.dialect, &diff.name) == key;
    !planner.planning.safe && !planner.refused_tables.contains_key(&key) && planner.diff.tables.iter().any(takes)
}

/// The columns of the live view that it does not have afterwards, where that is known.
fn lost_columns<'p>(planner: &Planner<'_>, live: &'p View, after: &After<'_>) -> Vec<&'p str> {
    let After::Columns(columns) = after else { return Vec::new() };
    if columns.is_empty() {
        return Vec::new();
    }
    let stays = |column: &String| {
        columns.iter().any(|other| {
            planner.dialect.fold(NameKind::Column, other) == planner.dialect.fold(NameKind::Column, column)
        })
    };
    live.columns.iter().filter(|column| !stays(column)).map(String::as_str).collect()
}

/// Whether the view, as it is, reads that table or view.
fn reads(planner: &Planner<'_>, reader: &View, name: &Name) -> bool {
    let key = folded(planner.dialect, name);
    reader.sql.reads.relations.iter().any(|read| folded(planner.dialect, read) == key)
}

/// Whether the view reads that column of that view, or a name that nothing has which it reads.
fn needs(planner: &Planner<'_>, reader: &View, of: &Name, column: &str) -> bool {
    let same =
        |name: &String| planner.dialect.fold(NameKind::Column, name) == planner.dialect.fold(NameKind::Column, column);
    reader.sql.reads.relation_column(of, column) || reader.sql.reads.unknown.iter().any(same)
}

/// A view whose new query needs what a view that it reads loses in this run, or is: it cannot be made, and the old one would be gone.
fn needs_lost_column(planner: &Planner<'_>, diff: &ViewDiff) -> Option<String> {
    let desired = diff.desired.as_ref().filter(|_| diff.kind != ViewKind::Drop)?;
    planner.diff.views.iter().enumerate().find_map(|(at, other)| {
        let live = other.live.as_ref().filter(|_| other.name != diff.name && other.renamed_from.is_none())?;
        let changes = matches!(other.kind, ViewKind::Change) && !planner.blocked_views.contains(&at);
        if !changes || !other.errors.is_empty() || !reads(planner, desired, &live.name) {
            return None;
        }
        let lost = lost_columns(planner, live, &columns_of_desired(other.desired.as_ref()));
        let column = lost.iter().find(|column| needs(planner, desired, &live.name, column))?;
        Some(format!("needs column \"{column}\" of view \"{}\", which loses it in this run", other.name))
    })
}

/// Triggers whose texts hold names, on tables and views that stay; not those on the one of that name.
fn triggers_that_stay<'p>(planner: &'p Planner<'_>, not_on: &Name) -> Vec<(&'p Trigger, &'p Name)> {
    if !planner.dialect.capabilities().triggers_hold_names {
        return Vec::new();
    }
    let catalog = &planner.diff.live;
    let table_goes = |table: &Table| {
        let diff = planner.diff_of.get(&folded(planner.dialect, &table.name));
        diff.is_some_and(|diff| diff.kind == TableKind::Drop) && !planner.planning.safe
    };
    let view_goes = |view: &View| {
        let is_it = |diff: &ViewDiff| diff.live.as_ref().is_some_and(|live| live.name == view.name);
        let diff = planner.diff.views.iter().enumerate().find(|(_, diff)| is_it(diff));
        diff.is_some_and(|(at, diff)| diff.kind == ViewKind::Drop && !views::stays(planner, at, diff))
    };
    let on_tables = catalog.tables.values().filter(|table| !table_goes(table));
    let on_tables = on_tables.flat_map(|table| table.triggers.iter().map(move |trigger| (trigger, &table.name)));
    let on_views = catalog.views.values().filter(|view| !view_goes(view));
    let on_views = on_views.flat_map(|view| view.triggers.iter().map(move |trigger| (trigger, &view.name)));
    on_tables.chain(on_views).filter(|(_, on)| *on != not_on).collect()
}
