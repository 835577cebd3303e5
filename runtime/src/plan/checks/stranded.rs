//! Keys of others that would lose what they stand on.

use crate::catalog::{ForeignKey, Index, IndexOn, Name, is_managed_name};
use crate::diff::folded;
use crate::diff::table::{TableDiff, TableKind};
use crate::model::IndexKind;
use crate::plan::build::Planner;
use crate::plan::table::Decisions;

/// Rule M4: a foreign key that is not ours points to columns that this run makes unique no longer. A server that knows the key refuses
/// by itself; SQLite would leave a key that fails at every insert.
pub(super) fn check(planner: &Planner<'_>, diff: &TableDiff, decisions: &mut Decisions) {
    let Some(current) = diff.current.as_ref().filter(|_| !planner.dialect.capabilities().alter_foreign_key) else {
        return;
    };
    let goes = |index: &&Index| !diff.indexes_dropped.iter().any(|dropped| dropped.name == index.name);
    let keys = |key: Option<&Vec<String>>| key.cloned().into_iter().collect::<Vec<_>>();
    let mut before = keys(current.primary_key.as_ref().map(|key| &key.columns));
    before.extend(current.indexes.iter().filter_map(unique_columns));
    let mut after = keys(diff.primary_key.to.as_ref().map(|key| &key.columns));
    after.extend(current.indexes.iter().filter(goes).chain(&diff.indexes_added).filter_map(unique_columns));
    let covers = |all: &[Vec<String>], key: &ForeignKey| {
        let mut wanted: Vec<&String> = key.target_columns.iter().collect();
        wanted.sort();
        all.iter().any(|columns| {
            let mut columns: Vec<&String> = columns.iter().collect();
            columns.sort();
            columns == wanted
        })
    };
    for (other, key) in planner.referencing.get(&folded(planner.dialect, &diff.name)).into_iter().flatten() {
        if !stays(planner, other, key) || !covers(&before, key) || covers(&after, key) {
            continue;
        }
        let columns = key.target_columns.join(", ");
        decisions.errors.push(format!(
            "{}({columns}) cannot cease to be unique: foreign key ({}) of \"{other}\", which is not ours, stands on it; drop that key first, \
             or keep the index",
            diff.name,
            key.columns.join(", ")
        ));
    }
}

/// Not ours, and still there after this run.
fn stays(planner: &Planner<'_>, other: &Name, key: &ForeignKey) -> bool {
    let Some(diff) = planner.diff_of.get(&folded(planner.dialect, other)) else { return true };
    let ours = key.name.as_deref().is_some_and(is_managed_name);
    let goes = diff.kind == TableKind::Drop
        || diff.foreign_keys.dropped.contains(key)
        || diff.dropped.iter().any(|column| key.columns.contains(&column.name));
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
