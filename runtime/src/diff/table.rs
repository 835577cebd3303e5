//! One table of the model against the table that is there.

use super::column::{self, AlteredColumn};
use super::part::{Part, Standing};
use crate::catalog::{Check, Column, ForeignKey, Index, Name, PrimaryKey, Table, is_managed_name};
use crate::change::ColumnProperty;
use crate::dialect::{Dialect, NameKind};
use std::collections::{BTreeMap, BTreeSet};

/// What happens to a table as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TableKind {
    Create,
    Match,
    Drop,
}

/// A table of the model or of the base, and how it differs from what is there.
#[derive(Debug, Clone)]
pub(crate) struct TableDiff<'a> {
    pub(crate) name: Name,
    pub(crate) kind: TableKind,
    /// Its name before this run, where it is another.
    pub(crate) renamed_from: Option<Name>,
    /// A view of ours has its name and goes first (rule T4).
    pub(crate) replaces_view: bool,
    /// What the model wants; `None` for a drop.
    pub(crate) desired: Option<&'a Table>,
    /// What is there is what the model wants, to the letter: nothing else is filled in.
    pub(crate) unchanged: bool,
    /// What is there, once the renames are done; `None` for a create.
    pub(crate) live: Option<Table>,
    /// What stands in the way of any change, in words.
    pub(crate) errors: Vec<String>,
    pub(crate) column_renames: Vec<(String, String)>,
    /// The model's columns as they shall be, in its order; what is not compared is as it is live.
    pub(crate) columns: Vec<Column>,
    pub(crate) added: Vec<Column>,
    pub(crate) altered: Vec<AlteredColumn>,
    /// Columns in which the model reads another kind of values than the base, or than anybody has said, while the stored ones stay as they
    /// are: as they are live, and as they shall be.
    pub(crate) reinterpreted: Vec<(Column, Column)>,
    pub(crate) dropped: Vec<Column>,
    pub(crate) unmanaged_columns: Vec<Column>,
    pub(crate) primary_key: Delta<Option<PrimaryKey>>,
    pub(crate) indexes_added: Vec<Index>,
    pub(crate) indexes_dropped: Vec<Index>,
    /// Old and new names of indexes that are otherwise as they shall be.
    pub(crate) indexes_renamed: Vec<(String, String)>,
    pub(crate) foreign_keys: Members<ForeignKey>,
    pub(crate) checks: Members<Check>,
    pub(crate) options: Vec<(String, Option<String>, Option<String>)>,
    pub(crate) comment: Delta<Option<String>>,
}

/// A property as it shall be, and whether that is a change.
#[derive(Debug, Clone, Default)]
pub(crate) struct Delta<T> {
    pub(crate) to: T,
    pub(crate) changed: bool,
}

/// A set of constraints: what stays (ours that match, and all that are unmanaged), what comes, what goes.
#[derive(Debug, Clone)]
pub(crate) struct Members<T> {
    pub(crate) kept: Vec<T>,
    pub(crate) unmanaged: Vec<T>,
    pub(crate) added: Vec<T>,
    pub(crate) dropped: Vec<T>,
    /// Old and new names of those that are otherwise as they shall be.
    pub(crate) renamed: Vec<(String, String)>,
}

impl<T> Default for Members<T> {
    fn default() -> Self {
        Self { kept: Vec::new(), unmanaged: Vec::new(), added: Vec::new(), dropped: Vec::new(), renamed: Vec::new() }
    }
}

impl TableDiff<'_> {
    pub(crate) fn new(name: Name, kind: TableKind) -> Self {
        Self {
            name,
            kind,
            renamed_from: None,
            replaces_view: false,
            desired: None,
            unchanged: false,
            live: None,
            errors: Vec::new(),
            column_renames: Vec::new(),
            columns: Vec::new(),
            added: Vec::new(),
            altered: Vec::new(),
            reinterpreted: Vec::new(),
            dropped: Vec::new(),
            unmanaged_columns: Vec::new(),
            primary_key: Delta::default(),
            indexes_added: Vec::new(),
            indexes_dropped: Vec::new(),
            indexes_renamed: Vec::new(),
            foreign_keys: Members::default(),
            checks: Members::default(),
            options: Vec::new(),
            comment: Delta::default(),
        }
    }

    /// Whether its name or that of one of its columns changes.
    pub(crate) fn renames(&self) -> bool {
        self.renamed_from.is_some() || !self.column_renames.is_empty()
    }

    /// Fills in how `current` differs from `desired`. `base` has the names that `current` has.
    pub(crate) fn compare(&mut self, dialect: &dyn Dialect, base: Option<&Table>) {
        let Some(desired) = self.desired else { return };
        let Some(mut live) = self.live.take() else { return };
        know_values(dialect, &mut live, base);
        self.compare_with(dialect, desired, &live, base);
        self.live = Some(live);
    }

    fn compare_with(&mut self, dialect: &dyn Dialect, desired: &Table, live: &Table, base: Option<&Table>) {
        self.compare_columns(dialect, desired, live, base);
        self.compare_primary_key(dialect, desired, live);
        self.compare_indexes(dialect, desired, live);
        let named = dialect.capabilities().named_constraints;
        let rename = dialect.capabilities().rename_constraint;
        self.foreign_keys =
            members(&desired.foreign_keys, &live.foreign_keys, |a, b| same_foreign_key(dialect, a, b), named, rename);
        self.checks = members(&desired.checks, &live.checks, |a, b| a.sql == b.sql, true, rename);
        let keys: BTreeSet<&String> =
            desired.options.keys().chain(base.into_iter().flat_map(|base| base.options.keys())).collect();
        for key in keys {
            let (from, to) = (live.options.get(key), desired.options.get(key));
            if from != to {
                self.options.push((key.clone(), from.cloned(), to.cloned()));
            }
        }
        let commented = desired.comment.is_some() || base.is_some_and(|base| base.comment.is_some());
        let changed = commented && !column::same_comment(desired.comment.as_deref(), live.comment.as_deref());
        self.comment = Delta { changed, to: if changed { &desired.comment } else { &live.comment }.clone() };
    }

    fn compare_columns(&mut self, dialect: &dyn Dialect, desired: &Table, live_table: &Table, base: Option<&Table>) {
        let live: BTreeMap<String, &Column> =
            live_table.columns.iter().map(|c| (key(dialect, NameKind::Column, &c.name), c)).collect();
        let known: BTreeMap<String, &Column> = base
            .into_iter()
            .flat_map(|base| &base.columns)
            .map(|column| (key(dialect, NameKind::Column, &column.name), column))
            .collect();
        let mut named = BTreeSet::new();
        for column in &desired.columns {
            let folded = key(dialect, NameKind::Column, &column.name);
            match live.get(&folded) {
                None => {
                    self.added.push(column.clone());
                    self.columns.push(column.clone());
                }
                Some(live) => {
                    let base = known.get(&folded).copied();
                    let (to, properties) = column::compare(dialect, column, live, live_table, base);
                    let retyped = properties.iter().any(|altered| altered.property == ColumnProperty::Type);
                    if !retyped && to.generated.is_none() && to.values != live.values {
                        self.reinterpreted.push(((*live).clone(), to.clone()));
                    }
                    if !properties.is_empty() {
                        self.altered.push(AlteredColumn { from: (*live).clone(), to: to.clone(), properties });
                    }
                    self.columns.push(to);
                }
            }
            named.insert(folded);
        }
        for column in &live_table.columns {
            let folded = key(dialect, NameKind::Column, &column.name);
            if named.contains(&folded) {
                continue;
            }
            let list = if known.contains_key(&folded) { &mut self.dropped } else { &mut self.unmanaged_columns };
            list.push(column.clone());
        }
    }

    fn compare_primary_key(&mut self, dialect: &dyn Dialect, desired: &Table, live: &Table) {
        let columns = |table: &Table| -> Vec<String> {
            table
                .primary_key
                .iter()
                .flat_map(|pk| &pk.columns)
                .map(|name| key(dialect, NameKind::Column, name))
                .collect()
        };
        let same = columns(desired) == columns(live);
        self.primary_key = Delta { to: if same { live } else { desired }.primary_key.clone(), changed: !same };
    }

    fn compare_indexes(&mut self, dialect: &dyn Dialect, desired: &Table, live_table: &Table) {
        let live: BTreeMap<String, &Index> = live_table
            .indexes
            .iter()
            .filter(|index| !index.constraint || index.is_managed())
            .map(|index| (key(dialect, NameKind::Index, &index.name), index))
            .collect();
        let mut named: BTreeSet<String> = BTreeSet::new();
        let names: BTreeSet<String> =
            desired.indexes.iter().map(|index| key(dialect, NameKind::Index, &index.name)).collect();
        for index in &desired.indexes {
            let folded = key(dialect, NameKind::Index, &index.name);
            match live.get(&folded) {
                Some(live) if live.same_definition(index) && !live.invalid => {}
                Some(live) => {
                    self.indexes_dropped.push((*live).clone());
                    self.indexes_added.push(index.clone());
                }
                None => {
                    let satisfied = live_table
                        .indexes
                        .iter()
                        .any(|live| !live.is_managed() && !live.invalid && live.same_definition(index));
                    let renamed = live.iter().find(|(name, live)| {
                        dialect.capabilities().rename_index
                            && is_managed_name(&live.name)
                            && !names.contains(*name)
                            && !named.contains(*name)
                            && !live.invalid
                            && live.same_definition(index)
                    });
                    if let Some((name, live)) = renamed.filter(|_| !satisfied) {
                        self.indexes_renamed.push((live.name.clone(), index.name.clone()));
                        named.insert(name.clone());
                    } else if !satisfied {
                        self.indexes_added.push(index.clone());
                    }
                }
            }
            named.insert(folded);
        }
        for (folded, index) in live {
            if index.is_managed() && !named.contains(&folded) {
                self.indexes_dropped.push(index.clone());
            }
        }
    }
}

impl<T> Members<T> {
    pub(crate) fn is_same(&self) -> bool {
        self.added.is_empty() && self.dropped.is_empty() && self.renamed.is_empty()
    }
}

fn key(dialect: &dyn Dialect, kind: NameKind, name: &str) -> String {
    dialect.fold(kind, name).into_owned()
}

/// Writes into the live columns what the last run knew of their values, as far as nobody has changed their types since.
fn know_values(dialect: &dyn Dialect, live: &mut Table, base: Option<&Table>) {
    let known: BTreeMap<String, &Column> =
        base.into_iter().flat_map(|base| &base.columns).map(|c| (key(dialect, NameKind::Column, &c.name), c)).collect();
    for column in &mut live.columns {
        let base = known.get(&key(dialect, NameKind::Column, &column.name)).filter(|base| base.ty == column.ty);
        column.values = base.and_then(|base| base.values.clone());
    }
}

/// Whether the last run knew the same of the values as the model says.
pub(super) fn is_read_alike(dialect: &dyn Dialect, desired: &Table, base: Option<&Table>) -> bool {
    // What a counter begins with is read back from the database on some, and not on others.
    let Some(base) = base else { return desired.columns.iter().all(|column| column.values.is_none()) };
    let known: BTreeMap<String, &Column> =
        base.columns.iter().map(|c| (key(dialect, NameKind::Column, &c.name), c)).collect();
    desired.columns.iter().all(|column| {
        let base = known.get(&key(dialect, NameKind::Column, &column.name));
        let start = |column: &Column| column.identity.as_ref().map(|identity| identity.start);
        let counts_alike = base.is_none_or(|base| base.identity.is_none() || start(base) == start(column));
        counts_alike && column.values == base.and_then(|base| base.values.clone())
    })
}

/// Whether nothing of the table differs, and nothing is there that is not ours to tell of. `false` says no more than that it has to be
/// compared.
pub(super) fn is_as_wanted(desired: &Table, live: &Table) -> bool {
    let Table {
        name,
        columns,
        primary_key,
        indexes,
        foreign_keys,
        checks,
        triggers,
        column_dependents: _,
        dependents: _,
        options,
        comment,
        opaque,
        reads,
        unreadable: _,
        written: _,
    } = desired;
    let key = |a: &PrimaryKey, b: &PrimaryKey| a.columns == b.columns && a.extra == b.extra;
    let check = |a: &Check, b: &Check| a.name == b.name && a.sql == b.sql && a.extra == b.extra;
    *name == live.name
        && all_match(columns, &live.columns, is_column_as_wanted)
        && all_match(primary_key.as_slice(), live.primary_key.as_slice(), key)
        && all_match(indexes, &live.indexes, |a, b| a == b)
        && all_match(foreign_keys, &live.foreign_keys, |a, b| a == b)
        && all_match(checks, &live.checks, check)
        && *triggers == live.triggers
        && *options == live.options
        && *comment == live.comment
        && *opaque == live.opaque
        && *reads == live.reads
}

fn is_column_as_wanted(desired: &Column, live: &Column) -> bool {
    let Column { name, ty, labels: _, values: _, nullable, default, generated, collate, identity, comment, extra } =
        desired;
    *name == live.name
        && *ty == live.ty
        && *nullable == live.nullable
        && *default == live.default
        && *generated == live.generated
        && *collate == live.collate
        && match (identity, &live.identity) {
            (Some(desired), Some(live)) => desired.counts_like(live),
            (desired, live) => desired.is_none() && live.is_none(),
        }
        && *comment == live.comment
        && *extra == live.extra
}

/// Whether there are as many, and each has its like, at its own place as a rule.
fn all_match<T>(desired: &[T], live: &[T], alike: impl Fn(&T, &T) -> bool) -> bool {
    desired.len() == live.len()
        && desired.iter().enumerate().all(|(at, item)| {
            live.get(at).is_some_and(|there| alike(item, there)) || live.iter().any(|there| alike(item, there))
        })
}

/// Equal in what rule F1 compares, names compared as the database compares them.
pub(crate) fn same_foreign_key(dialect: &dyn Dialect, a: &ForeignKey, b: &ForeignKey) -> bool {
    let folded = |foreign_key: &ForeignKey| {
        let mut folded = foreign_key.clone();
        folded.target.name = key(dialect, NameKind::Relation, &folded.target.name);
        for name in folded.columns.iter_mut().chain(&mut folded.target_columns) {
            *name = key(dialect, NameKind::Column, name);
        }
        folded
    };
    folded(a).same_definition(&folded(b))
}

/// Compares constraints. An equal one that is unmanaged satisfies the model just as well. `named`: a managed one also has to have
/// its managed name; one of ours whose rows have not been looked at is recreated (an online run was broken off), and what is
/// not kept at all satisfies nothing; `rename`: it can be given it.
fn members<T: Part>(
    desired: &[T],
    live_items: &[T],
    same: impl Fn(&T, &T) -> bool,
    named: bool,
    rename: bool,
) -> Members<T> {
    let usable = |item: &T| item.is_managed() && item.standing() == Standing::Proved;
    let mut members = Members::default();
    let mut used = vec![false; live_items.len()];
    let mut open = Vec::new();
    for item in desired {
        let fits = |live: &T| same(live, item) && (!named || live.name() == item.name());
        let position = (0..live_items.len()).find(|&at| !used[at] && usable(&live_items[at]) && fits(&live_items[at]));
        match position {
            Some(at) => {
                used[at] = true;
                members.kept.push(live_items[at].clone());
            }
            None => open.push(item),
        }
    }
    for item in open {
        // What was adopted keeps its own name.
        let renames = |live: &T| rename && live.adopted().is_none() && usable(live) && same(live, item);
        let other = (0..live_items.len()).find(|&at| !used[at] && renames(&live_items[at]));
        if let Some((at, (from, to))) = other.and_then(|at| Some((at, live_items[at].name().zip(item.name())?))) {
            used[at] = true;
            members.renamed.push((from.to_owned(), to.to_owned()));
            members.kept.push(item.clone());
            continue;
        }
        let kept = |live: &T| live.standing() != Standing::Unenforced;
        if !live_items.iter().any(|live| !live.is_managed() && kept(live) && same(live, item)) {
            members.added.push(item.clone());
        }
    }
    for (at, live) in live_items.iter().enumerate() {
        if !live.is_managed() {
            members.unmanaged.push(live.clone());
        } else if !used[at] {
            members.dropped.push(live.clone());
        }
    }
    members
}
