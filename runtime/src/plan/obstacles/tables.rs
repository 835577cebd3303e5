//! What keeps a table from going, and its rows from being written again.

use super::{After, after, needs, reads, triggers_that_stay};
use crate::catalog::{Name, View};
use crate::change::Hazard;
use crate::dialect::NameKind;
use crate::diff::folded;
use crate::diff::table::{TableDiff, TableKind};
use crate::diff::view::ViewKind;
use crate::plan::build::Planner;
use crate::plan::views;

/// What still needs a table that shall go, beside foreign keys and unmanaged views: views of the model that stay, triggers elsewhere, and
/// what holds on to it or to the type of its rows.
pub(crate) fn of_dropped_table(planner: &Planner<'_>, table: &TableDiff) -> Vec<String> {
    let mut errors = Vec::new();
    for (at, diff) in planner.diff.views.iter().enumerate() {
        let Some(live_view) = diff.live.as_ref().filter(|live_view| reads(planner, live_view, &table.name)) else {
            continue;
        };
        let name = &live_view.name;
        if diff.kind == ViewKind::External {
            errors
                .push(format!("cannot be dropped: view \"{name}\", which is external, reads it; drop that view first"));
            continue;
        }
        let stays = views::stays(planner, at, diff);
        let desired = diff.desired.as_ref().filter(|_| !stays && diff.kind != ViewKind::Drop);
        let version = if stays || diff.kind == ViewKind::Same { Some(live_view) } else { desired };
        let Some(version) = version.filter(|view| reads(planner, view, &table.name)) else { continue };
        match after(planner, &table.name) {
            After::Columns(columns) if !stays => {
                let has = |column: &str| {
                    columns.iter().any(|other| {
                        planner.dialect.fold(NameKind::Column, other) == planner.dialect.fold(NameKind::Column, column)
                    })
                };
                let live = table.live.iter().flat_map(|table| &table.columns);
                let mut lost = live.filter(|column| !columns.is_empty() && !has(&column.name));
                if let Some(column) = lost.find(|column| needs(planner, version, &table.name, &column.name)) {
                    errors.push(format!(
                        "cannot be replaced: view \"{name}\" reads its column \"{}\", which goes; change that view as well",
                        column.name
                    ));
                }
            }
            _ => errors.push(format!("cannot be dropped: view \"{name}\" reads it; change or drop that view as well")),
        }
    }
    for (trigger, on) in triggers_that_stay(planner, &table.name) {
        if trigger.sql.reads.relations.contains(&table.name) {
            errors.push(format!(
                "cannot be dropped: trigger \"{}\" on {on} uses it; drop that trigger first",
                trigger.name
            ));
        }
    }
    let dependents = table.live.iter().flat_map(|table| &table.dependents);
    let staying = dependents.filter(|dependent| !goes_along(planner, dependent.relation.as_ref()));
    errors.extend(
        staying.map(|dependent| format!("cannot be dropped: {} depends on it; drop that first", dependent.what)),
    );
    errors
}

/// Whether what is part of that table or view goes in this run.
fn goes_along(planner: &Planner<'_>, relation: Option<&Name>) -> bool {
    let Some(relation) = relation else { return false };
    let diff = planner.diff_of.get(&folded(planner.dialect, relation));
    let view = planner
        .diff
        .views
        .iter()
        .enumerate()
        .find(|(_, diff)| diff.live.as_ref().is_some_and(|live| live.name == *relation));
    diff.is_some_and(|diff| diff.kind == TableKind::Drop)
        || view.is_some_and(|(at, diff)| diff.kind == ViewKind::Drop && !views::stays(planner, at, diff))
}

/// The tables and views that something is part of which depends on this table: where they go as well, they go first.
pub(crate) fn before_drop(planner: &Planner<'_>, table: &Name) -> Vec<Name> {
    let dependents = planner.diff.live.tables.get(table).into_iter().flat_map(|table| &table.dependents);
    dependents.filter_map(|dependent| dependent.relation.clone()).filter(|name| name != table).collect()
}

/// What holds on to views that have to be dropped and recreated around a change of what they read.
pub(crate) fn of_held_views(held: &[View]) -> Vec<String> {
    let of_view = |view: &View| -> Vec<String> {
        let words = |what: &str| {
            format!("view \"{}\" has to be dropped and recreated: {what} depends on it; drop that first", view.name)
        };
        view.dependents.iter().map(|dependent| words(&dependent.what)).collect()
    };
    held.iter().flat_map(of_view).collect()
}

/// Columns elsewhere that store rows of this table: the server does not write its rows again under them.
pub(crate) fn of_rewritten_table(planner: &Planner<'_>, entry: usize, table: &TableDiff) -> Vec<String> {
    let rewrites = planner.steps[entry].iter().any(|step| {
        planner.dialect.effect(&step.change).is_some_and(|effect| effect.hazards.contains(&Hazard::RewritesTable))
    });
    let dependents = table.live.iter().flat_map(|table| &table.dependents);
    let storing = dependents.filter(|dependent| rewrites && dependent.stores_rows);
    let error =
        |what: &str| format!("the rows of {} cannot be rewritten: {what} stores such rows; drop it first", table.name);
    storing.map(|dependent| error(&dependent.what)).collect()
}
