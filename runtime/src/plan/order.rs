//! The order of the tables, and which entries stand on which.

use super::build::{Planner, Target};
use super::types::Step;
use crate::catalog::Name;
use crate::change::Change;
use crate::dialect::Dialect;
use crate::diff::folded;
use crate::diff::table::{TableDiff, TableKind};
use std::collections::{BTreeMap, BTreeSet};

/// Renames in their own order, then the other tables of the model with parents first, then drops with children first. Cycles are
/// cut where they are met; the order is the same in every run.
pub(crate) fn tables<'a>(dialect: &dyn Dialect, diffs: &'a [TableDiff<'a>]) -> Vec<&'a TableDiff<'a>> {
    let position: BTreeMap<Name, usize> =
        diffs.iter().enumerate().map(|(at, diff)| (folded(dialect, &diff.name), at)).collect();
    let parents = |at: usize| -> Vec<usize> {
        let table = diffs[at].desired.or(diffs[at].current.as_ref());
        let keys = table.into_iter().flat_map(|table| &table.foreign_keys);
        keys.filter_map(|key| position.get(&folded(dialect, &key.target)).copied()).filter(|&to| to != at).collect()
    };
    let mut sorted = Vec::with_capacity(diffs.len());
    let mut seen = vec![false; diffs.len()];
    let mut first: Vec<usize> = (0..diffs.len()).filter(|&at| diffs[at].renamed_from.is_some()).collect();
    for &at in &first {
        seen[at] = true;
    }
    for start in (0..diffs.len()).filter(|&at| diffs[at].kind != TableKind::Drop) {
        visit(start, &parents, &mut seen, &mut sorted);
    }
    let kept = sorted.len();
    for start in (0..diffs.len()).filter(|&at| diffs[at].kind == TableKind::Drop) {
        visit(start, &parents, &mut seen, &mut sorted);
    }
    let (kept, drops) = sorted.split_at(kept);
    first.extend(kept.iter().filter(|&&at| diffs[at].kind != TableKind::Drop));
    first.extend(drops.iter().chain(kept).filter(|&&at| diffs[at].kind == TableKind::Drop).rev());
    first.into_iter().map(|at| &diffs[at]).collect()
}

/// Depth first without recursion: a chain of ten thousand tables is no reason to overflow the stack.
fn visit(start: usize, parents: &dyn Fn(usize) -> Vec<usize>, seen: &mut [bool], sorted: &mut Vec<usize>) {
    if seen[start] {
        return;
    }
    seen[start] = true;
    let mut stack = vec![(start, parents(start).into_iter())];
    while let Some((at, rest)) = stack.last_mut() {
        match rest.next() {
            Some(next) if !seen[next] => {
                seen[next] = true;
                stack.push((next, parents(next).into_iter()));
            }
            Some(_) => {}
            None => {
                sorted.push(*at);
                stack.pop();
            }
        }
    }
}

/// Fills in `depends_on` and `unit`: a table whose keys point to a table that is made, renamed or rebuilt in this run stands on
/// it; rebuilt tables that are tied by a key stand and fall together.
pub(crate) fn depend(planner: &mut Planner<'_>) {
    let entry_of = planner.entry_of.clone();
    let mut units: Vec<usize> = (0..planner.entries.len()).collect();
    for (a, b) in std::mem::take(&mut planner.together) {
        join(&mut units, a, b);
    }
    let added_later = |step: &Step| match &step.change {
        Change::AddForeignKey { foreign_key, .. } => Some((step.entry, foreign_key.name.clone())),
        _ => None,
    };
    let later: BTreeSet<(usize, Option<String>)> = planner.after_tables.iter().filter_map(added_later).collect();
    let movers = movers(planner);
    for diff in &planner.diff.tables {
        let Some(&at) = entry_of.get(&folded(planner.dialect, &diff.name)) else { continue };
        if let Some(giver) = name_giver(planner, &movers, diff)
            && let Some(&giver) = entry_of.get(&folded(planner.dialect, &giver.name))
            && giver != at
        {
            // The one cannot be done without the other, and all renames of a unit come first.
            join(&mut units, at, giver);
            planner.targets[at].depends_on.push(giver);
        }
        // Keys of others are put back in the end, or nothing is done of either table.
        for key in super::table::suspended_keys(planner, diff) {
            if let Some(&parent) = entry_of.get(&folded(planner.dialect, &key.target)).filter(|&&parent| parent != at) {
                join(&mut units, at, parent);
            }
        }
        // A key that gives way to the change of its target goes with it, or not at all; one that goes by itself, before it.
        let standing = super::table::standing_keys(planner, diff).into_iter().map(|(other, ..)| other);
        let going = super::table::fellows(planner, diff).into_iter().filter(|_| diff.kind == TableKind::Match);
        for other in standing.chain(going) {
            if let Some(&child) = entry_of.get(&folded(planner.dialect, &other)).filter(|&&child| child != at) {
                join(&mut units, at, child);
            }
        }
        // Keys that go in this run tie rebuilt tables as well: each alone would be checked against half of the other.
        for key in diff.current.iter().flat_map(|table| &table.foreign_keys) {
            if let Some(&parent) = entry_of.get(&folded(planner.dialect, &key.target))
                && parent != at
                && rebuilds(planner, at)
                && rebuilds(planner, parent)
            {
                join(&mut units, at, parent);
            }
        }
        let table = diff.desired.or(diff.current.as_ref());
        for key in table.into_iter().flat_map(|table| &table.foreign_keys) {
            let Some(&parent) = entry_of.get(&folded(planner.dialect, &key.target)) else { continue };
            if parent == at {
                continue;
            }
            let tied = planner.dialect.capabilities().alter_column
                && diff.foreign_keys.kept.contains(key)
                && super::table::changed_together(planner, diff, key);
            if tied || rebuilds(planner, at) && rebuilds(planner, parent) {
                join(&mut units, at, parent);
            }
            // A definition that names a table by its new name is made after the rename, which would follow an old one.
            let renamed = planner.diff_of.get(&folded(planner.dialect, &key.target)).is_some_and(|diff| diff.renames());
            if renamed && rebuilds(planner, at) {
                planner.targets[at].depends_on.push(parent);
            }
            let needed =
                diff.kind != TableKind::Drop && diff.foreign_keys.added.contains(key) || diff.kind == TableKind::Create;
            // One that closes a circle is added once all tables are there: it waits for none.
            let needed = needed && !later.contains(&(at, key.name.clone()));
            if needed && !planner.steps[parent].is_empty() && !planner.targets[parent].depends_on.contains(&at) {
                planner.targets[at].depends_on.push(parent);
            }
        }
    }
    for at in 0..units.len() {
        let unit = root(&units, at);
        planner.targets[at].unit = unit;
    }
    failed_parents(planner, &entry_of);
    drops_after_keys(planner, &entry_of);
    forget_drops(planner, &entry_of);
}

/// The keys of a table that goes in this run are not checked.
fn forget_drops(planner: &mut Planner<'_>, entry_of: &BTreeMap<Name, usize>) {
    let going: Vec<Name> = planner
        .diff
        .tables
        .iter()
        .filter(|diff| diff.kind == TableKind::Drop)
        .filter(|diff| {
            entry_of.get(&folded(planner.dialect, &diff.name)).is_some_and(|&at| !planner.steps[at].is_empty())
        })
        .map(|diff| diff.name.clone())
        .collect();
    for target in &mut planner.targets {
        target.check.retain(|name| !going.contains(name));
    }
}

/// Once views have been planned, further tables may have been given up: what stands on them is, too.
pub(crate) fn settle(planner: &mut Planner<'_>) {
    let entry_of = planner.entry_of.clone();
    failed_parents(planner, &entry_of);
}

/// The steps in the order in which they are done: those of a unit together, its renames first, then the keys of others that make way,
/// which come back last; each unit after those that it stands on. Else as planned.
pub(crate) fn units(mut steps: Vec<Vec<Step>>, targets: &[Target]) -> Vec<Step> {
    let mut ordered = Vec::new();
    for unit in sorted_units(&steps, targets) {
        let is_rename = |step: &Step| matches!(step.change, Change::RenameTable { .. } | Change::RenameColumn { .. });
        // Keys of others go once everything has its name, and come back at the end.
        let rank = |step: &Step| match step.change {
            Change::SuspendForeignKey { .. } => 0,
            Change::RestoreForeignKey { .. } => 2,
            _ => 1,
        };
        let (mut before, mut renames, mut others) = (Vec::new(), Vec::new(), Vec::new());
        for at in unit {
            let mut all = std::mem::take(&mut steps[at]);
            // What stands before a rename makes way for it.
            let first = all.iter().position(is_rename).unwrap_or(0);
            let (keys, ahead): (Vec<Step>, Vec<Step>) = all.drain(..first).partition(|step| rank(step) != 1);
            before.extend(ahead);
            let (moves, rest): (Vec<Step>, Vec<Step>) = all.into_iter().partition(is_rename);
            renames.extend(moves);
            others.extend(keys.into_iter().chain(rest));
        }
        others.sort_by_key(rank);
        ordered.extend(before.into_iter().chain(renames).chain(others));
    }
    ordered
}

/// Puts each of these steps behind all others of its unit: where the run does it.
pub(crate) fn with_units(steps: &mut Vec<Step>, last: Vec<Step>, targets: &[Target]) {
    for step in last {
        let unit = targets[step.entry].unit;
        let of_unit = steps.iter().rposition(|other| targets[other.entry].unit == unit);
        steps.insert(of_unit.map_or(steps.len(), |at| at + 1), step);
    }
}

fn sorted_units(steps: &[Vec<Step>], targets: &[Target]) -> Vec<Vec<usize>> {
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in (0..steps.len()).filter(|&at| !steps[at].is_empty()) {
        members.entry(targets[at].unit).or_default().push(at);
    }
    let needs = |unit: usize| -> Vec<usize> {
        let entries = members.get(&unit).into_iter().flatten();
        let needed = entries.flat_map(|&at| &targets[at].depends_on).map(|&at| targets[at].unit);
        needed.filter(|&other| other != unit && members.contains_key(&other)).collect()
    };
    let mut seen = vec![false; steps.len()];
    let mut sorted = Vec::new();
    for at in (0..steps.len()).filter(|&at| !steps[at].is_empty()) {
        visit(targets[at].unit, &needs, &mut seen, &mut sorted);
    }
    sorted.iter().filter_map(|unit| members.get(unit)).cloned().collect()
}

fn rebuilds(planner: &Planner<'_>, entry: usize) -> bool {
    planner.steps[entry].iter().any(|step| matches!(step.change, Change::RebuildTable(_)))
}

fn root(units: &[usize], mut at: usize) -> usize {
    while units[at] != at {
        at = units[at];
    }
    at
}

fn join(units: &mut [usize], a: usize, b: usize) {
    let (a, b) = (root(units, a), root(units, b));
    units[a.max(b)] = a.min(b);
}

/// A new key whose target is not there and will not come: an error that names the table that failed.
fn failed_parents(planner: &mut Planner<'_>, entry_of: &BTreeMap<Name, usize>) {
    let movers = movers(planner);
    loop {
        let mut failed = Vec::new();
        for diff in planner.diff.tables.iter().filter(|diff| diff.kind != TableKind::Drop) {
            let Some(&at) = entry_of.get(&folded(planner.dialect, &diff.name)) else { continue };
            if planner.steps[at].is_empty() {
                continue;
            }
            if let Some(other) = name_giver(planner, &movers, diff).filter(|other| is_left(planner, entry_of, other)) {
                failed.push((at, format!("depends on {}, which has errors and keeps the name", other.name)));
                continue;
            }
            if let Some(other) = fellow(planner, entry_of, diff) {
                failed.push((at, format!("depends on {}, which has errors", other.name)));
                continue;
            }
            let keys = diff.desired.iter().flat_map(|table| &table.foreign_keys);
            for key in keys {
                let target = folded(planner.dialect, &key.target);
                let Some(&parent) = entry_of.get(&target) else { continue };
                if parent != at && !planner.entries[parent].errors.is_empty() && planner.steps[parent].is_empty() {
                    let renamed = planner.diff_of.get(&target).is_some_and(|diff| diff.renames());
                    let live = planner.diff.current.tables.get(&key.target).filter(|_| !renamed);
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
type Movers<'a> = BTreeMap<Name, Vec<&'a TableDiff<'a>>>;

fn movers<'a>(planner: &Planner<'a>) -> Movers<'a> {
    let mut movers = Movers::new();
    for diff in &planner.diff.tables {
        // Should this one fail while a table of its earlier name is made, the next run would take that one for it.
        let earlier = planner.renamed.get(&diff.name).filter(|_| diff.kind == TableKind::Create);
        let from = diff.renamed_from.iter().map(|from| folded(planner.dialect, from));
        for name in from.chain(earlier.into_iter().flatten().cloned()) {
            movers.entry(name).or_default().push(diff);
        }
    }
    movers
}

/// The table that has had the name until now and gives it up in this run.
fn name_giver<'a>(planner: &Planner<'a>, movers: &Movers<'a>, diff: &TableDiff<'_>) -> Option<&'a TableDiff<'a>> {
    if diff.kind == TableKind::Match && diff.renamed_from.is_none() {
        return None;
    }
    let others = movers.get(&folded(planner.dialect, &diff.name))?.iter().copied();
    let mut others = others.filter(|other| other.name != diff.name);
    others.find(|other| other.renamed_from.is_some() || diff.kind != TableKind::Drop)
}

/// A table that has to change along with this one, or a key between them could not be put back; one that is given up first.
fn fellow<'a>(
    planner: &Planner<'a>,
    entry_of: &BTreeMap<Name, usize>,
    diff: &TableDiff<'_>,
) -> Option<&'a TableDiff<'a>> {
    let fellows = super::table::fellows(planner, diff).into_iter();
    let mut fellows = fellows.filter_map(|name| planner.diff_of.get(&folded(planner.dialect, &name)).copied());
    fellows.find(|other| is_left(planner, entry_of, other))
}

/// Nothing of it will be done.
fn is_left(planner: &Planner<'_>, entry_of: &BTreeMap<Name, usize>, diff: &TableDiff) -> bool {
    let at = entry_of.get(&folded(planner.dialect, &diff.name));
    at.is_some_and(|&at| !planner.entries[at].errors.is_empty() && planner.steps[at].is_empty())
}

/// A drop waits for the tables that give up their keys to it.
fn drops_after_keys(planner: &mut Planner<'_>, entry_of: &BTreeMap<Name, usize>) {
    for diff in planner.diff.tables.iter().filter(|diff| diff.kind == TableKind::Drop) {
        let key = folded(planner.dialect, &diff.name);
        let Some(&at) = entry_of.get(&key) else { continue };
        if planner.steps[at].is_empty() {
            continue;
        }
        let children: Vec<Name> =
            planner.referencing.get(&key).into_iter().flatten().map(|(name, _)| name.clone()).collect();
        for child in children {
            let Some(&other) = entry_of.get(&folded(planner.dialect, &child)) else { continue };
            if other == at {
                continue;
            }
            if planner.entries[other].errors.is_empty() {
                planner.targets[at].depends_on.push(other);
            } else if planner.steps[other].is_empty() {
                planner.block(at, vec![format!("cannot be dropped: {child}, which references it, has errors")]);
                break;
            }
        }
    }
}
