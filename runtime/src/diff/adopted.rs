//! Rule M1: what was there under a name of its own when its table was adopted, and was as the model described it, is managed from then on
//! under that name. The base remembers it; what the model did not describe stays unmanaged.

use super::part::{Part, Standing};
use super::{folded, renames};
use crate::catalog::{Catalog, Index, Name, Table, is_managed_name};
use crate::change::Renames;
use crate::dialect::{Dialect, NameKind};
use std::collections::BTreeMap;

/// Marks in `live` what is ours although its name does not say so, and gives the parts of the model that it stands for its names.
pub(crate) fn adopt(
    dialect: &dyn Dialect,
    desired: &mut Catalog,
    live: &mut Catalog,
    base: &Catalog,
    renames: &Renames,
) {
    let known: BTreeMap<Name, &Table> =
        base.tables.iter().map(|(name, table)| (folded(dialect, name), table)).collect();
    let mut marks: BTreeMap<Name, Marks> = BTreeMap::new();
    for table in live.tables.values_mut().filter(|table| table.opaque.is_none()) {
        let key = folded(dialect, &table.name);
        if let Some(base) = known.get(&key) {
            marks.insert(key, mark(dialect, base, table));
        }
    }
    let renamed = renamed(dialect, live, renames);
    let after = renamed.as_ref().unwrap_or(live);
    let by_name: BTreeMap<Name, &Table> =
        after.tables.iter().map(|(name, table)| (folded(dialect, name), table)).collect();
    let mut first = Vec::new();
    for (name, table) in &mut desired.tables {
        let key = folded(dialect, name);
        let Some(live) = by_name.get(&key).filter(|live| live.opaque.is_none()) else { continue };
        let before = renames.table_before(name);
        let before_key = folded(dialect, before);
        match known.get(&before_key).or_else(|| known.get(&key)) {
            Some(base) => follow(dialect, table, base, live, marks.get(&before_key).unwrap_or(&Marks::NONE)),
            None => first.push((before.clone(), adopt_table(dialect, table, live))),
        }
    }
    for (name, adopted) in first {
        let live = live.tables.iter_mut().find(|(live, _)| folded(dialect, live) == folded(dialect, &name));
        if let Some((_, table)) = live {
            adopted.mark(table);
        }
    }
}

/// The live catalog once the renames are done, where there are some.
fn renamed(dialect: &dyn Dialect, live: &Catalog, renames: &Renames) -> Option<Catalog> {
    if renames.tables.is_empty() && renames.columns.values().all(|changes| changes.ordered.is_empty()) {
        return None;
    }
    let mut after = live.clone();
    for (from, to) in &renames.tables {
        renames::rename_table(dialect, &mut after, from, to);
    }
    for (table, changes) in renames.columns.iter().filter(|(_, changes)| !changes.ordered.is_empty()) {
        let key = folded(dialect, table);
        let Some(name) = after.tables.keys().find(|name| folded(dialect, name) == key).cloned() else { continue };
        for (from, to) in &changes.ordered {
            renames::rename_column(dialect, &mut after, &name, from, to);
        }
    }
    Some(after)
}

/// Whether a part has a name by which it can be told from others. A unique constraint that is no more than a piece of its table's
/// definition is called as the database likes.
fn is_named(dialect: &dyn Dialect, index: &Index) -> bool {
    !index.constraint || dialect.capabilities().named_constraints
}

/// Which live part each part of the base is, by their positions.
#[derive(Default)]
struct Marks {
    indexes: BTreeMap<usize, usize>,
    foreign_keys: BTreeMap<usize, usize>,
    checks: BTreeMap<usize, usize>,
}

impl Marks {
    const NONE: Self = Self { indexes: BTreeMap::new(), foreign_keys: BTreeMap::new(), checks: BTreeMap::new() };
}

/// Marks what the base remembers.
fn mark(dialect: &dyn Dialect, base: &Table, live: &mut Table) -> Marks {
    let index = |known: &Index, live: &Index| {
        if is_named(dialect, known) {
            let fold = |name: &str| dialect.fold(NameKind::Index, name).into_owned();
            fold(&known.name) == fold(&live.name) && is_named(dialect, live)
        } else {
            live.constraint && known.same(live, dialect)
        }
    };
    Marks {
        indexes: mark_parts(dialect, &base.indexes, &mut live.indexes, index),
        foreign_keys: mark_parts(dialect, &base.foreign_keys, &mut live.foreign_keys, |a, b| is_it(dialect, a, b)),
        checks: mark_parts(dialect, &base.checks, &mut live.checks, |a, b| is_it(dialect, a, b)),
    }
}

/// Without a name of its own, a part is what it says.
fn is_it<T: Part>(dialect: &dyn Dialect, known: &T, live: &T) -> bool {
    known.name() == live.name() && (known.name().is_some() || known.same(live, dialect))
}

fn mark_parts<T: Part>(
    dialect: &dyn Dialect,
    base: &[T],
    live: &mut [T],
    is: impl Fn(&T, &T) -> bool,
) -> BTreeMap<usize, usize> {
    let mut marks = BTreeMap::new();
    for (position, known) in base.iter().enumerate() {
        let Some(managed) = known.adopted() else { continue };
        let fits = |at: &usize| !live[*at].is_managed() && is(known, &live[*at]);
        // Some databases let several have one name.
        let exact = (0..live.len()).find(|at| fits(at) && known.same(&live[*at], dialect));
        let Some(at) = exact.or_else(|| (0..live.len()).find(fits)) else { continue };
        live[at].set_adopted(managed.to_owned());
        marks.insert(position, at);
    }
    marks
}

/// A table that is known: what the base remembers keeps its own name.
fn follow(dialect: &dyn Dialect, desired: &mut Table, base: &Table, live: &Table, marks: &Marks) {
    let tables = (base.name.name.as_str(), live.name.name.as_str());
    let indexes = (base.indexes.as_slice(), live.indexes.as_slice(), &marks.indexes);
    follow_parts(dialect, &mut desired.indexes, indexes, tables, &|index| is_named(dialect, index));
    let keys = (base.foreign_keys.as_slice(), live.foreign_keys.as_slice(), &marks.foreign_keys);
    follow_parts(dialect, &mut desired.foreign_keys, keys, tables, &|key| key.name.is_some());
    let checks = (base.checks.as_slice(), live.checks.as_slice(), &marks.checks);
    follow_parts(dialect, &mut desired.checks, checks, tables, &|check| check.name.is_some());
}

fn follow_parts<T: Part>(
    dialect: &dyn Dialect,
    desired: &mut [T],
    (base, live, marks): (&[T], &[T], &BTreeMap<usize, usize>),
    tables: (&str, &str),
    is_named: &dyn Fn(&T) -> bool,
) {
    let mut taken = vec![false; desired.len()];
    let mut open = Vec::new();
    for (position, known) in base.iter().enumerate().filter(|(_, known)| known.adopted().is_some()) {
        let there = marks.get(&position).and_then(|at| live.get(*at));
        let follows = moved(known.adopted().unwrap_or_default(), tables);
        let called = |part: &T| part.is_called_like(known, there, follows.as_deref());
        match (0..desired.len()).find(|&at| !taken[at] && called(&desired[at])) {
            Some(at) => taken[at] = take_over(dialect, &mut desired[at], known, there, is_named),
            None => open.extend(there.map(|there| (known, there))),
        }
    }
    // What the model calls otherwise now, and is the same.
    for (known, there) in open {
        let stands = |part: &T| {
            live.iter().any(|live| live.adopted().is_none() && live.name() == part.name() && live.same(part, dialect))
        };
        let same = |at: &usize| !taken[*at] && there.same(&desired[*at], dialect) && !stands(&desired[*at]);
        if let Some(at) = (0..desired.len()).find(same) {
            taken[at] = take_over(dialect, &mut desired[at], known, Some(there), is_named);
        }
    }
}

/// `managed` as it would be called in the table's new name.
fn moved(managed: &str, (before, after): (&str, &str)) -> Option<String> {
    (before != after).then(|| managed.replacen(&format!("__{before}__"), &format!("__{after}__"), 1))
}

/// Gives a part of the model the name of what it stands for. `false`: one that has no name, and changes, goes; the new one is named as ours
/// are.
fn take_over<T: Part>(
    dialect: &dyn Dialect,
    desired: &mut T,
    known: &T,
    there: Option<&T>,
    is_named: &dyn Fn(&T) -> bool,
) -> bool {
    let same = there.is_some_and(|there| there.same(desired, dialect));
    if !same && !is_named(there.unwrap_or(known)) {
        return false;
    }
    let managed = desired.adopted().or(desired.name()).unwrap_or_default().to_owned();
    desired.take_over(there.unwrap_or(known), same);
    desired.set_adopted(managed);
    true
}

/// What of a table is adopted: positions of live parts, and the names that they would have had.
#[derive(Default)]
struct Adopted {
    indexes: Vec<(usize, String)>,
    foreign_keys: Vec<(usize, String)>,
    checks: Vec<(usize, String)>,
}

impl Adopted {
    fn mark(self, table: &mut Table) {
        fn set<T: Part>(parts: &mut [T], adopted: Vec<(usize, String)>) {
            for (at, managed) in adopted {
                if let Some(part) = parts.get_mut(at) {
                    part.set_adopted(managed);
                }
            }
        }
        set(&mut table.indexes, self.indexes);
        set(&mut table.foreign_keys, self.foreign_keys);
        set(&mut table.checks, self.checks);
    }
}

/// A table that is adopted now.
fn adopt_table(dialect: &dyn Dialect, desired: &mut Table, live: &Table) -> Adopted {
    Adopted {
        indexes: adopt_parts(dialect, &mut desired.indexes, &live.indexes),
        foreign_keys: adopt_parts(dialect, &mut desired.foreign_keys, &live.foreign_keys),
        checks: adopt_parts(dialect, &mut desired.checks, &live.checks),
    }
}

fn adopt_parts<T: Part>(dialect: &dyn Dialect, desired: &mut [T], live: &[T]) -> Vec<(usize, String)> {
    let mut adopted: Vec<(usize, String)> = Vec::new();
    for part in desired {
        let stands = |live: &T| live.name().is_some_and(is_managed_name) && live.same(part, dialect);
        if part.adopted().is_some() || live.iter().any(stands) {
            continue;
        }
        // One that has not been checked for the rows that were there satisfies the model; it is left as it is.
        let fits = |live: &T| !live.is_managed() && live.standing() == Standing::Proved && live.same(part, dialect);
        let free = |at: &usize| adopted.iter().all(|(taken, _)| taken != at);
        let Some(at) = (0..live.len()).find(|at| free(at) && fits(&live[*at])) else { continue };
        let managed = part.name().unwrap_or_default().to_owned();
        part.take_over(&live[at], true);
        part.set_adopted(managed.clone());
        adopted.push((at, managed));
    }
    adopted
}
