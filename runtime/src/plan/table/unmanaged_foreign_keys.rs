//! Unmanaged foreign keys, on columns that change their type: where both sides change they go for the moment and come back as
//! they were, as they do where both tables change an option that a key goes by; where the two would no longer compare, the change is an error that names the key.

use super::Decisions;
use super::coupled::{options_together, retyped_together};
use super::in_place::is_retyped;
use crate::catalog::{ForeignKey, Name};
use crate::change::{Change, Risk};
use crate::diff::folded;
use crate::diff::table::TableDiff;
use crate::plan::build::Planner;

/// The keys of this table that are unmanaged and cannot be while one side has its new type and the other has not.
pub(crate) fn suspended(planner: &Planner<'_>, diff: &TableDiff) -> Vec<ForeignKey> {
    if !planner.dialect.capabilities().foreign_keys_block_changes {
        return Vec::new();
    }
    let meanwhile = |key: &&ForeignKey| {
        let retyped = retyped_together(planner, diff, key)
            && pairs(planner, &diff.name, key).any(|(child, parent)| {
                let compare = |child: &str, parent: &str| planner.dialect.types_comparable(child, parent) == Some(true);
                !compare(&child.before, &parent.after) || !compare(&child.after, &parent.before)
            });
        retyped || options_together(planner, diff, key)
    };
    diff.foreign_keys.unmanaged.iter().filter(meanwhile).cloned().collect()
}

/// Steps that let go of them before any column changes, and put them back once all have: [`crate::plan::order`] sees to that.
pub(super) fn steps(planner: &mut Planner<'_>, entry: usize, diff: &TableDiff) {
    for foreign_key in suspended(planner, diff) {
        let table = diff.name.clone();
        let gone = Change::SuspendForeignKey { table: table.clone(), foreign_key: foreign_key.clone() };
        planner.step(entry, gone, Risk::Safe, &[], false);
        planner.step(entry, Change::RestoreForeignKey { table, foreign_key }, Risk::Safe, &[], false);
    }
}

/// Adds an error for each key of others, of and to this table, that a new type of a column here would break.
pub(super) fn check(planner: &Planner<'_>, diff: &TableDiff, decisions: &mut Decisions) {
    if !diff.altered.iter().any(|altered| is_retyped(planner, altered)) || decisions.rebuild {
        return;
    }
    let theirs = |key: &ForeignKey| !key.is_managed();
    let own = diff.foreign_keys.unmanaged.iter().map(|key| (diff.name.clone(), key.clone()));
    let to_here = planner.referencing.get(&folded(planner.dialect, &diff.name)).into_iter().flatten();
    let to_here = to_here.filter(|(table, key)| *table != diff.name && theirs(key) && !goes(planner, table, key));
    for (table, key) in own.chain(to_here.cloned()) {
        for (child, parent) in pairs(planner, &table, &key) {
            let here = [(&table, &child), (&key.target, &parent)];
            let mut here = here.into_iter().filter(|(table, side)| **table == diff.name && side.before != side.after);
            let Some((_, side)) = here.next() else { continue };
            if planner.dialect.types_comparable(&child.after, &parent.after) != Some(false) {
                continue;
            }
            decisions.errors.push(format!(
                "column \"{}\" cannot become {}: foreign key \"{}\" of {table}, {}, is unmanaged and would have to compare {} with {}. Drop that key first, or change both sides",
                side.name,
                side.after,
                key.name.as_deref().unwrap_or_default(),
                super::describe_key(&key),
                child.after,
                parent.after
            ));
        }
    }
}

/// It goes with its table or its column in this run.
fn goes(planner: &Planner<'_>, table: &Name, key: &ForeignKey) -> bool {
    let child = planner.diff_of.get(&folded(planner.dialect, table)).copied();
    child.is_some_and(|child| {
        child.kind == crate::diff::table::TableKind::Drop && !planner.planning.safe
            || child.dropped.iter().any(|column| key.columns.contains(&column.name))
    })
}

/// A column on one side of a key.
pub(super) struct Side {
    pub(super) name: String,
    pub(super) before: String,
    pub(super) after: String,
    /// After this run it is of an enum type.
    pub(super) is_enum: bool,
}

/// The columns of a key in pairs, as far as both are known.
fn pairs<'p>(
    planner: &'p Planner<'_>,
    table: &'p Name,
    key: &'p ForeignKey,
) -> impl Iterator<Item = (Side, Side)> + 'p {
    pairs_as(planner, None, table, key)
}

/// As [`pairs`], where of one table it is known what is held back of its differences.
pub(super) fn pairs_as<'p>(
    planner: &'p Planner<'_>,
    settled: Option<&'p TableDiff<'p>>,
    table: &'p Name,
    key: &'p ForeignKey,
) -> impl Iterator<Item = (Side, Side)> + 'p {
    let columns = key.columns.iter().zip(&key.target_columns);
    columns.filter_map(move |(column, target)| {
        Some((side(planner, settled, table, column)?, side(planner, settled, &key.target, target)?))
    })
}

fn side(planner: &Planner<'_>, settled: Option<&TableDiff<'_>>, table: &Name, column: &str) -> Option<Side> {
    let settled = settled.filter(|diff| diff.name == *table);
    let diff = settled.or_else(|| planner.diff_of.get(&folded(planner.dialect, table)).copied());
    let live = diff.and_then(|diff| diff.live.as_ref()).or_else(|| planner.diff.live.tables.get(table));
    // One that comes in this run is from the beginning as it shall be.
    let new = || diff.and_then(|diff| diff.desired).and_then(|desired| desired.column(column));
    let before = live.and_then(|live| live.column(column)).or_else(new)?;
    let altered = diff.into_iter().flat_map(|diff| &diff.altered).find(|altered| altered.to.name == column);
    let after = altered.filter(|altered| is_retyped(planner, altered)).map_or(before, |altered| &altered.to);
    let is_enum = !after.labels.is_empty();
    Some(Side { name: column.to_owned(), before: before.ty.clone(), after: after.ty.clone(), is_enum })
}
