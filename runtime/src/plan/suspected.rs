//! Renames that the model does not say, and that look like ones: something goes while something alike comes. Nothing is done of them; the
//! plan asks.

use super::build::Planner;
use super::types::{EntryKind, EntryStatus};
use crate::catalog::{Column, Name, Table, View};
use crate::diff::folded;
use crate::diff::table::{TableDiff, TableKind};
use crate::diff::view::{ViewDiff, ViewKind};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Something goes while something alike comes: the model may mean a rename, and does not say so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum SuspectedRename {
    /// A column of the entry's table.
    Column { from: String, to: String },
    /// The entry's table; `to` comes in another entry.
    Table { from: String, to: String },
    /// The entry's view.
    View { from: String, to: String },
    /// A label of the entry's enum type.
    Label { from: String, to: String },
}

impl fmt::Display for SuspectedRename {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, from, to) = match self {
            Self::Column { from, to } => ("column", from, to),
            Self::Table { from, to } => ("table", from, to),
            Self::View { from, to } => ("view", from, to),
            Self::Label { from, to } => ("label", from, to),
        };
        write!(
            f,
            "{what} \"{from}\" goes and \"{to}\", which is like it, comes: did you mean #[db(renamed = {from:?})] on \"{to}\"?"
        )
    }
}

/// Where more than so many pairs would have to be compared, the model is another one and not a renamed one.
const MOST_PAIRS: usize = 10_000;

/// Notes on each entry which drop may be meant as a rename. To be called once every entry has its status.
pub(super) fn note(planner: &mut Planner<'_>) {
    columns(planner);
    tables(planner);
    views(planner);
    labels(planner);
}

/// Whether an entry drops something, or keeps it only because it may not drop it.
fn counts(planner: &Planner<'_>, entry: usize) -> bool {
    planner.entries[entry].status != EntryStatus::Error
}

fn columns(planner: &mut Planner<'_>) {
    for diff in &planner.diff.tables {
        if diff.kind != TableKind::Match || diff.dropped.is_empty() || diff.added.is_empty() {
            continue;
        }
        let key = folded(planner.dialect, &diff.name);
        let Some(entry) = planner.entry_of.get(&key).copied().filter(|entry| counts(planner, *entry)) else { continue };
        let gone: Vec<&Column> = diff.dropped.iter().collect();
        let come: Vec<&Column> = diff.added.iter().collect();
        let alike = |gone: &Column, come: &Column| {
            let same = gone.ty == come.ty && gone.labels == come.labels && gone.nullable == come.nullable;
            same && gone.default == come.default && gone.generated.is_none() && come.generated.is_none()
        };
        let pairs = matching(&gone, &come, |column| &column.name, |gone, come| alike(gone, come));
        planner.entries[entry].suspected_renames.extend(
            pairs
                .into_iter()
                .map(|(gone, come)| SuspectedRename::Column { from: gone.name.clone(), to: come.name.clone() }),
        );
    }
}

fn tables(planner: &mut Planner<'_>) {
    let of_kind = |kind| planner.diff.tables.iter().filter(move |diff: &&TableDiff<'_>| diff.kind == kind);
    let gone: Vec<&Table> = of_kind(TableKind::Drop).filter_map(|diff| diff.live.as_ref()).collect();
    let come: Vec<&Table> = of_kind(TableKind::Create).filter_map(|diff| diff.desired).collect();
    let pairs: Vec<(Name, Name)> =
        matching(&gone, &come, |table| &table.name.name, |gone, come| same_shape(gone, come))
            .into_iter()
            .map(|(gone, come)| (gone.name.clone(), come.name.clone()))
            .collect();
    for (from, to) in pairs {
        let key = folded(planner.dialect, &from);
        let Some(entry) = planner.entry_of.get(&key).copied().filter(|entry| counts(planner, *entry)) else { continue };
        let (from, to) = (from.to_string(), to.to_string());
        planner.entries[entry].suspected_renames.push(SuspectedRename::Table { from, to });
    }
}

/// Most columns of the smaller one are in the other, under the same name and of the same type.
fn same_shape(gone: &Table, come: &Table) -> bool {
    let same = |column: &&Column| come.column(&column.name).is_some_and(|other| other.ty == column.ty);
    let shared = gone.columns.iter().filter(same).count();
    // A key alone is in many tables.
    shared > 1 && shared * 4 >= gone.columns.len().max(come.columns.len()) * 3
}

fn views(planner: &mut Planner<'_>) {
    let of_kind = |kind| planner.diff.views.iter().filter(move |diff: &&ViewDiff| diff.kind == kind);
    // The database may word a query in its own way: what the model said of both is compared.
    let gone: Vec<&View> = of_kind(ViewKind::Drop).filter_map(|diff| planner.base_view(&diff.name)).collect();
    let come: Vec<&View> = of_kind(ViewKind::Create).filter_map(|diff| diff.desired.as_ref()).collect();
    let dialect = planner.dialect;
    let pairs: Vec<(Name, Name)> = matching(
        &gone,
        &come,
        |view| &view.name.name,
        |gone, come| gone.materialized == come.materialized && dialect.same_query(said(come), said(gone)),
    )
    .into_iter()
    .map(|(gone, come)| (gone.name.clone(), come.name.clone()))
    .collect();
    for (from, to) in pairs {
        let entry = planner
            .entries
            .iter_mut()
            .find(|entry| entry.object.kind == EntryKind::View && entry.object.name == from && entry.errors.is_empty());
        if let Some(entry) = entry {
            entry.suspected_renames.push(SuspectedRename::View { from: from.to_string(), to: to.to_string() });
        }
    }
}

/// The query as the model has it.
fn said(view: &View) -> &str {
    view.written.as_ref().unwrap_or(&view.sql)
}

/// One label goes and one comes: the rows with the old one would have to be told what becomes of them.
fn labels(planner: &mut Planner<'_>) {
    for entry in planner.entries.iter_mut().filter(|entry| entry.object.kind == EntryKind::Type) {
        let pairs = matching(&entry.labels_dropped, &entry.labels_added, |label| label, |_, _| true);
        let pairs: Vec<SuspectedRename> = pairs
            .into_iter()
            .map(|(gone, come)| SuspectedRename::Label { from: gone.clone(), to: come.clone() })
            .collect();
        entry.suspected_renames.extend(pairs);
    }
}

/// Each of what goes with the one that comes in its place: the only one that is alike, or the one of the most similar name.
fn matching<'t, T>(
    gone: &'t [T],
    come: &'t [T],
    name: impl Fn(&T) -> &str,
    alike: impl Fn(&T, &T) -> bool,
) -> Vec<(&'t T, &'t T)> {
    if gone.len().saturating_mul(come.len()) > MOST_PAIRS {
        return Vec::new();
    }
    let mut ranked: Vec<(usize, usize, usize)> = Vec::new();
    for (at, old) in gone.iter().enumerate() {
        let candidates = come.iter().enumerate().filter(|(_, new)| alike(old, new));
        ranked.extend(candidates.map(|(to, new)| (distance(name(old), name(new)), at, to)));
    }
    ranked.sort_unstable();
    let (mut from, mut to) = (vec![false; gone.len()], vec![false; come.len()]);
    let mut pairs = Vec::new();
    for (_, old, new) in ranked {
        if !from[old] && !to[new] {
            (from[old], to[new]) = (true, true);
            pairs.push((old, new));
        }
    }
    pairs.sort_unstable();
    pairs.into_iter().map(|(old, new)| (&gone[old], &come[new])).collect()
}

/// How many characters have to be changed to make one of the other. Names are short: the database's limit on them bounds the work.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (at, x) in a.to_lowercase().chars().enumerate() {
        let mut before = std::mem::replace(&mut row[0], at + 1);
        for (place, y) in b.iter().enumerate() {
            let changed = before + usize::from(x != *y);
            before = row[place + 1];
            row[place + 1] = changed.min(before + 1).min(row[place] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_most_alike_by_name_is_taken_for_the_same() {
        let gone = ["email", "full_name"].map(str::to_owned);
        let come = ["name", "e_mail", "other"].map(str::to_owned);
        let pairs = matching(&gone, &come, |name| name, |_, _| true);
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        assert_eq!(pairs, [("email", "e_mail"), ("full_name", "name")]);
    }

    #[test]
    fn the_distance_of_names_counts_changed_characters() {
        assert_eq!(distance("email", "e_mail"), 1);
        assert_eq!(distance("Name", "name"), 0);
        assert_eq!(distance("", "ab"), 2);
        assert_eq!(distance("größe", "grosse"), 3);
    }
}
