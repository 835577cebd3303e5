//! Foreign keys whose two tables change together: neither the one nor the other change can be alone, so the tables stand and fall together.

use super::in_place::{is_kept, is_retyped};
use super::unmanaged_foreign_keys::{Side, pairs_as, suspended};
use super::{Decisions, describe_key, standing_keys};
use crate::catalog::{ForeignKey, Name};
use crate::diff::folded;
use crate::diff::table::{TableDiff, TableKind};
use crate::plan::build::Planner;
use crate::plan::checks::keys_losing_target::needed;
use std::collections::BTreeMap;

/// Whether a key has to go while its two tables change.
pub(crate) fn changed_together(planner: &Planner<'_>, child: &TableDiff, key: &ForeignKey) -> bool {
    retyped_together(planner, child, key) || options_together(planner, child, key)
}

/// Whether a key's columns change their type on both sides.
pub(super) fn retyped_together(planner: &Planner<'_>, child: &TableDiff, key: &ForeignKey) -> bool {
    let retyped = |diff: &TableDiff, names: &[String]| {
        diff.altered.iter().any(|altered| is_retyped(planner, altered) && names.contains(&altered.to.name))
    };
    let parent = planner.diff_of.get(&folded(planner.dialect, &key.target)).copied();
    retyped(child, &key.columns) && parent.is_some_and(|parent| retyped(parent, &key.target_columns))
}

/// Whether the options of both tables change, and the key cannot be while those of one have (`UNLOGGED`).
pub(super) fn options_together(planner: &Planner<'_>, child: &TableDiff, key: &ForeignKey) -> bool {
    let Some(parent) = planner.diff_of.get(&folded(planner.dialect, &key.target)).copied() else { return false };
    if child.options.is_empty() || parent.options.is_empty() || child.name == parent.name {
        return false;
    }
    let (child, parent) = (Options::of(child), Options::of(parent));
    let may = |child, parent| planner.dialect.options_allow_reference(child, parent).is_ok();
    may(&child.before, &parent.before)
        && may(&child.after, &parent.after)
        && !(may(&child.before, &parent.after) && may(&child.after, &parent.before))
}

/// The tables that have to be done for this one to be, as a key goes and comes with both, or has to be found under its new name.
pub(crate) fn coupled_tables(planner: &Planner<'_>, diff: &TableDiff) -> Vec<Name> {
    let ours = diff.foreign_keys.kept.iter().filter(|key| changed_together(planner, diff, key));
    let mut coupled_tables: Vec<Name> = ours.map(|key| key.target.clone()).collect();
    coupled_tables.extend(suspended(planner, diff).into_iter().map(|key| key.target));
    if diff.renames() {
        for key in &diff.foreign_keys.kept {
            let parent = planner.diff_of.get(&folded(planner.dialect, &key.target)).copied();
            let mut standing = parent.into_iter().flat_map(|parent| standing_keys(planner, parent));
            if standing.any(|(name, _, new)| name == diff.name && new.is_some_and(|new| new.name == key.name)) {
                coupled_tables.push(key.target.clone());
            }
        }
    }
    let standing = standing_keys(planner, diff);
    // One that goes by itself in this run keeps what it stands on for as long as it is there.
    let needed = needed(planner, diff);
    let goes = |reference: &(Name, ForeignKey)| {
        needed.iter().any(|needed| std::ptr::eq(*needed, reference)) && !stays(planner, &reference.0, &reference.1)
    };
    for reference in planner.referencing.get(&folded(planner.dialect, &diff.name)).into_iter().flatten() {
        let (name, key) = reference;
        let Some(child) = planner.diff_of.get(&folded(planner.dialect, name)).copied() else { continue };
        let coupled = is_kept(child, key) && changed_together(planner, child, key);
        let theirs = || suspended(planner, child).iter().any(|own| own.name == key.name);
        let moved = || child.renames() && standing.iter().any(|(other, own, _)| other == name && own.name == key.name);
        if coupled || theirs() || moved() || goes(reference) {
            coupled_tables.push(name.clone());
        }
    }
    coupled_tables.retain(|name| *name != diff.name);
    coupled_tables
}

/// Adds an error for each key of this table, or to it, that the types or the options of the two tables would not allow after this run.
pub(super) fn check(planner: &Planner<'_>, diff: &TableDiff, decisions: &mut Decisions) {
    let own = diff.desired.into_iter().flat_map(|table| &table.foreign_keys).chain(&diff.foreign_keys.unmanaged);
    let mut keys: Vec<(Name, ForeignKey)> = own.map(|key| (diff.name.clone(), key.clone())).collect();
    let to_here = planner.referencing.get(&folded(planner.dialect, &diff.name)).into_iter().flatten();
    keys.extend(to_here.filter(|(name, key)| *name != diff.name && stays(planner, name, key)).cloned());
    for (name, key) in &keys {
        let ours = key.is_managed();
        let is_new = diff.foreign_keys.added.contains(key) || diff.kind == TableKind::Create;
        for pair in pairs_as(planner, Some(diff), name, key).filter(|_| ours) {
            let never = never(planner, &pair);
            let (child, parent) = pair;
            let changes = child.before != child.after || parent.before != parent.after;
            let same = child.after == parent.after;
            if !same && (is_new || changes) && (never || child.is_enum || parent.is_enum) {
                decisions.errors.push(format!(
                    "foreign key {} of {name} cannot be: \"{}\" is {}, and \"{}\" is {}; make them of one type",
                    describe_key(key),
                    child.name,
                    child.after,
                    parent.name,
                    parent.after
                ));
            }
        }
    }
    for (name, key) in keys {
        let child = options(planner, &name).after;
        let parent = options(planner, &key.target).after;
        if let Err(reason) = planner.dialect.options_allow_reference(&child, &parent) {
            let error = format!("foreign key {} of {name} cannot be: {reason}", describe_key(&key));
            if !decisions.errors.contains(&error) {
                decisions.errors.push(error);
            }
        }
    }
}

/// Whether the types that a key of this table would have to compare after this run cannot be: [`check`] says so.
pub(crate) fn never_compares(planner: &Planner<'_>, diff: &TableDiff, key: &ForeignKey) -> bool {
    pairs_as(planner, Some(diff), &diff.name, key).any(|pair| never(planner, &pair))
}

fn never(planner: &Planner<'_>, (child, parent): &(Side, Side)) -> bool {
    planner.dialect.types_comparable(&child.after, &parent.after) == Some(false)
}

/// It is there after this run as it is now.
fn stays(planner: &Planner<'_>, table: &Name, key: &ForeignKey) -> bool {
    let Some(child) = planner.diff_of.get(&folded(planner.dialect, table)).copied() else { return true };
    if child.kind == TableKind::Drop {
        return planner.planning.safe;
    }
    let column_goes = || child.dropped.iter().any(|column| key.columns.contains(&column.name));
    !child.foreign_keys.dropped.contains(key) && (planner.planning.safe || !column_goes())
}

/// The options of a table before this run and after it.
#[derive(Default)]
struct Options {
    before: BTreeMap<String, String>,
    after: BTreeMap<String, String>,
}

impl Options {
    fn of(diff: &TableDiff) -> Self {
        let Some(live) = &diff.live else {
            let after = diff.desired.map(|table| table.options.clone()).unwrap_or_default();
            return Self { before: BTreeMap::new(), after };
        };
        let mut after = live.options.clone();
        for (key, _, to) in &diff.options {
            match to {
                Some(value) => after.insert(key.clone(), value.clone()),
                None => after.remove(key),
            };
        }
        Self { before: live.options.clone(), after }
    }
}

fn options(planner: &Planner<'_>, table: &Name) -> Options {
    if let Some(diff) = planner.diff_of.get(&folded(planner.dialect, table)) {
        return Options::of(diff);
    }
    let live = planner.diff.live.tables.get(table);
    let options = live.map(|table| table.options.clone()).unwrap_or_default();
    Options { before: options.clone(), after: options }
}
