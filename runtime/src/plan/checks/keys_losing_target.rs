//! Keys of others that would lose what they stand on.

use crate::catalog::IndexKind;
use crate::catalog::{ForeignKey, Index, IndexOn, Name, Table};
use crate::diff::folded;
use crate::diff::table::{TableDiff, TableKind};
use crate::plan::build::Planner;
use crate::plan::table::Decisions;

/// Rule M4: an unmanaged foreign key points to columns that this run makes unique no longer. PostgreSQL would refuse that late;
/// SQLite would leave a key that fails at every insert.
pub(super) fn check(planner: &Planner<'_>, diff: &TableDiff, decisions: &mut Decisions) {
    for (other, key) in keys_losing_target(planner, diff) {
        let columns = key.target_columns.join(", ");
        decisions.errors.push(format!(
            "{}({columns}) cannot cease to be unique: foreign key ({}) of \"{other}\", which is unmanaged, stands on it; drop that key first, \
             or keep the index",
            diff.name,
            key.columns.join(", ")
        ));
    }
}

/// The keys that stay and would have nothing to stand on, and their tables.
pub(crate) fn keys_losing_target<'p>(planner: &'p Planner<'_>, diff: &TableDiff) -> Vec<&'p (Name, ForeignKey)> {
    needed(planner, diff).into_iter().filter(|(other, key)| is_left(planner, other, key)).collect()
}

/// All keys that would have nothing to stand on, were they to stay, and their tables.
pub(crate) fn needed<'p>(planner: &'p Planner<'_>, diff: &TableDiff) -> Vec<&'p (Name, ForeignKey)> {
    let Some(live) = diff.live.as_ref() else { return Vec::new() };
    if !diff.primary_key.changed && diff.indexes_dropped.is_empty() {
        return Vec::new();
    }
    // A key that can be altered is tied to one index, and what comes in its place is another.
    let coupled = planner.dialect.capabilities().alter_foreign_key;
    let stays = |index: &&Index| !diff.indexes_dropped.iter().any(|dropped| dropped.name == index.name);
    let keys = |key: Option<&Vec<String>>| key.cloned().into_iter().collect::<Vec<_>>();
    let mut before = keys(live.primary_key.as_ref().map(|key| &key.columns));
    before.extend(live.indexes.iter().filter_map(unique_columns));
    let mut after = keys(diff.primary_key.to.as_ref().map(|key| &key.columns));
    if coupled && diff.primary_key.changed {
        after.clear();
    }
    let added = diff.indexes_added.iter().filter(|_| !coupled);
    after.extend(live.indexes.iter().filter(stays).chain(added).filter_map(unique_columns));
    let all = planner.referencing.get(&folded(planner.dialect, &diff.name)).into_iter().flatten();
    all.filter(|(_, key)| covers(&before, key) && !covers(&after, key)).collect()
}

/// Whether the key can stand on that index.
pub(crate) fn stands_on(key: &ForeignKey, index: &Index) -> bool {
    unique_columns(index).is_some_and(|columns| covers(&[columns], key))
}

/// Whether the key can stand on the primary key that is there.
pub(crate) fn is_on_primary_key(key: &ForeignKey, live: &Table) -> bool {
    live.primary_key.as_ref().is_some_and(|primary| covers(std::slice::from_ref(&primary.columns), key))
}

fn covers(all: &[Vec<String>], key: &ForeignKey) -> bool {
    let mut desired: Vec<&String> = key.target_columns.iter().collect();
    desired.sort();
    all.iter().any(|columns| {
        let mut columns: Vec<&String> = columns.iter().collect();
        columns.sort();
        columns == desired
    })
}

/// Not of the model, and still there after this run.
fn is_left(planner: &Planner<'_>, other: &Name, key: &ForeignKey) -> bool {
    let Some(diff) = planner.diff_of.get(&folded(planner.dialect, other)) else { return true };
    if diff.kind == TableKind::Drop {
        return planner.planning.safe;
    }
    let ours = key.is_managed();
    let goes =
        diff.foreign_keys.dropped.contains(key) || diff.dropped.iter().any(|column| key.columns.contains(&column.name));
    !ours && !goes
}

/// The columns of an index that a key can stand on.
fn unique_columns(index: &Index) -> Option<Vec<String>> {
    let plain = index.kind == IndexKind::Unique && index.predicate.is_none();
    let columns = index.parts.iter().map(|part| match &part.on {
        IndexOn::Column(name) => Some(name.clone()),
        IndexOn::Expression(_) => None,
    });
    columns.collect::<Option<Vec<_>>>().filter(|_| plain)
}
