//! What is given up because something that it needs is: an entry with errors takes along those that stand on it.

use super::build::Planner;
use crate::catalog::Name;
use crate::diff::folded;
use crate::diff::table::{TableDiff, TableKind};
use std::collections::BTreeMap;

/// A new key whose target is not there and will not come: an error that names the table that failed.
pub(crate) fn propagate_failures(planner: &mut Planner<'_>) {
    let entry_of = planner.entry_of.clone();
    let entry_of = &entry_of;
    let renamed_tables = earlier_names(planner);
    loop {
        let mut failed = Vec::new();
        for diff in planner.diff.tables.iter().filter(|diff| diff.kind != TableKind::Drop) {
            let Some(&at) = entry_of.get(&folded(planner.dialect, &diff.name)) else { continue };
            if planner.steps[at].is_empty() {
                continue;
            }
            if let Some(other) =
                name_giver(planner, &renamed_tables, diff).filter(|other| is_left(planner, entry_of, other))
            {
                failed.push((at, format!("depends on {}, which has errors and keeps the name", other.name)));
                continue;
            }
            if let Some(other) = given_up_with(planner, entry_of, diff) {
                failed.push((at, format!("depends on {}, which has errors", other.name)));
                continue;
            }
            let keys = diff.desired.iter().flat_map(|table| &table.foreign_keys);
            for key in keys {
                let target = folded(planner.dialect, &key.target);
                let Some(&parent) = entry_of.get(&target) else { continue };
                if parent != at && !planner.entries[parent].errors.is_empty() && planner.steps[parent].is_empty() {
                    let renamed = planner.diff_of.get(&target).is_some_and(|diff| diff.renames());
                    let live = planner.diff.live.tables.get(&key.target).filter(|_| !renamed);
                    let there =
                        live.is_some_and(|live| key.target_columns.iter().all(|name| live.column(name).is_some()));
                    if !there {
                        failed.push((at, format!("depends on {}, which has errors", key.target)));
                    }
                }
            }
        }
        if failed.is_empty() {
            return;
        }
        for (at, error) in failed {
            planner.block(at, vec![error]);
        }
    }
}

/// The tables that are renamed in this run, or would be if an older one were there, by their (folded) earlier names.
pub(crate) type EarlierNames<'a> = BTreeMap<Name, Vec<&'a TableDiff<'a>>>;

pub(crate) fn earlier_names<'a>(planner: &Planner<'a>) -> EarlierNames<'a> {
    let mut earlier_names = EarlierNames::new();
    for diff in &planner.diff.tables {
        // Should this one fail while a table of its earlier name is made, the next run would take that one for it.
        let earlier = planner.renamed.get(&diff.name).filter(|_| diff.kind == TableKind::Create);
        let from = diff.renamed_from.iter().map(|from| folded(planner.dialect, from));
        for name in from.chain(earlier.into_iter().flatten().cloned()) {
            earlier_names.entry(name).or_default().push(diff);
        }
    }
    earlier_names
}

/// The table that has had the name until now and gives it up in this run.
pub(crate) fn name_giver<'a>(
    planner: &Planner<'a>,
    renamed_tables: &EarlierNames<'a>,
    diff: &TableDiff<'_>,
) -> Option<&'a TableDiff<'a>> {
    if diff.kind == TableKind::Match && diff.renamed_from.is_none() {
        return None;
    }
    let others = renamed_tables.get(&folded(planner.dialect, &diff.name))?.iter().copied();
    let mut others = others.filter(|other| other.name != diff.name);
    others.find(|other| other.renamed_from.is_some() || diff.kind != TableKind::Drop)
}

/// A table that has to change along with this one and is given up.
fn given_up_with<'a>(
    planner: &Planner<'a>,
    entry_of: &BTreeMap<Name, usize>,
    diff: &TableDiff<'_>,
) -> Option<&'a TableDiff<'a>> {
    let coupled = super::table::coupled_tables(planner, diff).into_iter();
    let mut coupled = coupled.filter_map(|name| planner.diff_of.get(&folded(planner.dialect, &name)).copied());
    coupled.find(|other| is_left(planner, entry_of, other))
}

/// Nothing of it will be done.
fn is_left(planner: &Planner<'_>, entry_of: &BTreeMap<Name, usize>, diff: &TableDiff) -> bool {
    let at = entry_of.get(&folded(planner.dialect, &diff.name));
    at.is_some_and(|&at| !planner.entries[at].errors.is_empty() && planner.steps[at].is_empty())
}

/// A table is not dropped while one that references it has errors and stays as it is.
pub(crate) fn keep_referenced(planner: &mut Planner<'_>) {
    let entry_of = planner.entry_of.clone();
    for diff in planner.diff.tables.iter().filter(|diff| diff.kind == TableKind::Drop) {
        let key = folded(planner.dialect, &diff.name);
        let Some(&at) = entry_of.get(&key) else { continue };
        if planner.steps[at].is_empty() {
            continue;
        }
        let mut children: Vec<Name> =
            planner.referencing.get(&key).into_iter().flatten().map(|(name, _)| name.clone()).collect();
        children.extend(super::obstacles::before_drop(planner, &diff.name));
        for child in children {
            let Some(&other) = entry_of.get(&folded(planner.dialect, &child)) else { continue };
            if other == at {
                continue;
            }
            if !planner.entries[other].errors.is_empty() && planner.steps[other].is_empty() {
                planner.block(at, vec![format!("cannot be dropped: {child}, which references it, has errors")]);
                break;
            }
        }
    }
}
