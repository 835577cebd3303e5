//! Which renames to do of one set of names (rules T2, C4), and what the live catalog looks like once they are done.

use crate::catalog::{Catalog, Expression, IndexOn, Name, Table};
use crate::change::{NameChanges, RenameConflict};
use crate::dialect::{Dialect, NameKind};
use std::collections::{BTreeMap, BTreeSet};

/// Something that the model names, with its earlier names.
pub(crate) struct Desired<'a> {
    pub(crate) name: &'a str,
    pub(crate) renamed: Vec<&'a str>,
}

impl<'a> Desired<'a> {
    pub(crate) fn of(name: &'a str, renamed: &'a [String]) -> Self {
        Self { name, renamed: renamed.iter().map(String::as_str).collect() }
    }
}

/// Resolves the renames of one set of names (the tables of a namespace, the columns of a table).
///
/// A chain (`b → c`, `a → b`) is done from its free end. A name that the model itself still wants is no leftover of a rename: with
/// both there, nothing is to be done. One that it does not want any more would be dropped while its rows are said to be those of the
/// new name: a conflict, whoever made the two.
pub(crate) fn resolve(
    (dialect, kind): (&dyn Dialect, NameKind),
    desired: &[Desired<'_>],
    live: &[&str],
    base: &[&str],
) -> NameChanges {
    let exact: BTreeSet<&str> = live.iter().copied().collect();
    if desired.iter().all(|item| item.renamed.is_empty() && exact.contains(item.name)) {
        return NameChanges::default();
    }
    let fold = |name: &str| dialect.fold(kind, name).into_owned();
    let mut present: BTreeMap<String, String> = live.iter().map(|name| (fold(name), (*name).to_owned())).collect();
    let mut known: BTreeSet<String> = base.iter().map(|name| fold(name)).collect();
    let claimed: BTreeSet<String> = desired.iter().map(|item| fold(item.name)).collect();
    let mut renames = NameChanges::default();
    let mut open: Vec<&Desired<'_>> = desired.iter().filter(|item| !item.renamed.is_empty()).collect();
    // A name that a rename has just brought is nobody's earlier name.
    let mut arrived: BTreeSet<String> = BTreeSet::new();
    loop {
        let before = open.len();
        open.retain(|item| {
            let new = fold(item.name);
            if present.contains_key(&new) {
                return true;
            }
            let names = Names { present: &present, known: &known, claimed: &claimed, arrived: &arrived };
            let candidates = earlier_names(&fold, desired, item, &names);
            match candidates.as_slice() {
                [] => true,
                [old] => {
                    if let Some(from) = present.remove(old) {
                        renames.ordered.push((from, item.name.to_owned()));
                        // The old name is free again, for the next of a chain: what the base knew by it has moved along.
                        if known.remove(old) {
                            known.insert(new.clone());
                        }
                        arrived.insert(new.clone());
                        present.insert(new, item.name.to_owned());
                    }
                    false
                }
                [first, second, ..] => {
                    renames.conflicts.push(RenameConflict {
                        from: present[first].clone(),
                        to: item.name.to_owned(),
                        because: present[second].clone(),
                    });
                    false
                }
            }
        });
        if open.len() == before {
            break;
        }
    }
    renames.conflicts.extend(leftovers(&fold, &open, &present, &claimed));
    for item in desired {
        if let Some(live) = present.get(&fold(item.name)).filter(|live| live.as_str() != item.name) {
            renames.ordered.push((live.clone(), item.name.to_owned()));
        }
    }
    renames
}

/// Names while the renames of a set are resolved, all as the database compares them.
struct Names<'a> {
    /// Those that are there by now, with their spelling.
    present: &'a BTreeMap<String, String>,
    /// Those of the base.
    known: &'a BTreeSet<String>,
    /// Those that the model wants.
    claimed: &'a BTreeSet<String>,
    /// Those that a rename has just brought.
    arrived: &'a BTreeSet<String>,
}

/// The names, of those that the item once had, that are live and may become it.
fn earlier_names(
    fold: &dyn Fn(&str) -> String,
    desired: &[Desired<'_>],
    item: &Desired<'_>,
    names: &Names<'_>,
) -> Vec<String> {
    let new = fold(item.name);
    let mut candidates: Vec<String> = Vec::new();
    for old in item.renamed.iter().map(|old| fold(old)) {
        let is_live = names.present.contains_key(&old) && !names.arrived.contains(&old);
        // Both were there once and the model still wants both: the annotation has had its day. An old one that the model no longer
        // wants would be dropped: its rows are better off under the new name.
        let two_things = names.known.contains(&new) && names.known.contains(&old) && names.claimed.contains(&old);
        if is_live && !two_things && !candidates.contains(&old) {
            candidates.push(old);
        }
    }
    if candidates.len() > 1 {
        // What the model wants under that very name, and nothing else would become, is not what is meant.
        let stays = |old: &String| {
            desired.iter().any(|other| {
                fold(other.name) == *old && !other.renamed.iter().any(|name| names.present.contains_key(&fold(name)))
            })
        };
        candidates.retain(|old| !stays(old));
    }
    candidates
}

/// Conflicts of items that are there by their names while an earlier one, which nothing wants, is there as well.
fn leftovers(
    fold: &dyn Fn(&str) -> String,
    open: &[&Desired<'_>],
    present: &BTreeMap<String, String>,
    claimed: &BTreeSet<String>,
) -> Vec<RenameConflict> {
    let mut conflicts = Vec::new();
    for item in open {
        let new = fold(item.name);
        if !present.contains_key(&new) {
            continue;
        }
        for old in item.renamed.iter().map(|old| fold(old)) {
            if let Some(from) = present.get(&old).filter(|_| old != new && !claimed.contains(&old)) {
                let (to, because) = (item.name.to_owned(), item.name.to_owned());
                conflicts.push(RenameConflict { from: from.clone(), to, because });
            }
        }
    }
    conflicts
}

/// The catalog as the database has it after `ALTER TABLE … RENAME TO`: references follow.
pub(crate) fn rename_table(dialect: &dyn Dialect, catalog: &mut Catalog, from: &Name, to: &Name) {
    if let Some(mut table) = catalog.tables.remove(from) {
        table.name = to.clone();
        for sql in table.indexes.iter_mut().filter(|index| !index.constraint).filter_map(|index| index.sql.as_mut()) {
            *sql = dialect.rename_table_in(sql, &from.name, &to.name);
        }
        catalog.tables.insert(to.clone(), table);
    }
    let same = |a: &Name, b: &Name| {
        a.schema == b.schema && dialect.fold(NameKind::Relation, &a.name) == dialect.fold(NameKind::Relation, &b.name)
    };
    for table in catalog.tables.values_mut() {
        for key in table.foreign_keys.iter_mut().filter(|key| same(&key.target, from)) {
            key.target = to.clone();
        }
    }
    for table in catalog.tables.values_mut() {
        let is_own = table.name == *to;
        for trigger in table.triggers.iter_mut().filter(|trigger| is_own || trigger.sql.reads.relations.contains(from))
        {
            trigger.sql.text = dialect.rename_table_in(&trigger.sql, &from.name, &to.name);
            trigger.sql.reads.rename_relation(from, to);
        }
    }
    // The texts of views are not rewritten: they are recreated from them.
    for view in catalog.views.values_mut() {
        let triggers = view.triggers.iter_mut().map(|trigger| &mut trigger.sql.reads);
        triggers.chain([&mut view.sql.reads]).for_each(|reads| reads.rename_relation(from, to));
    }
}

/// The catalog as the database has it after `ALTER TABLE … RENAME COLUMN`: keys, indexes, expressions and the foreign keys of
/// others follow.
pub(crate) fn rename_column(dialect: &dyn Dialect, catalog: &mut Catalog, table: &Name, from: &str, to: &str) {
    let same = |name: &str| dialect.fold(NameKind::Column, name) == dialect.fold(NameKind::Column, from);
    let follow = |names: &mut Vec<String>| {
        for name in names.iter_mut().filter(|name| same(name)) {
            to.clone_into(name);
        }
    };
    if let Some(table) = catalog.tables.get_mut(table) {
        rename_in_table(dialect, table, from, to);
    }
    let target = |name: &Name| {
        name.schema == table.schema
            && dialect.fold(NameKind::Relation, &name.name) == dialect.fold(NameKind::Relation, &table.name)
    };
    for other in catalog.tables.values_mut() {
        for key in other.foreign_keys.iter_mut().filter(|key| target(&key.target)) {
            follow(&mut key.target_columns);
        }
    }
    for trigger in catalog.tables.values_mut().flat_map(|table| &mut table.triggers) {
        trigger.sql.reads.rename_relation_column(table, from, to);
    }
    for view in catalog.views.values_mut() {
        let triggers = view.triggers.iter_mut().map(|trigger| &mut trigger.sql.reads);
        triggers.chain([&mut view.sql.reads]).for_each(|reads| reads.rename_relation_column(table, from, to));
    }
}

fn rename_in_table(dialect: &dyn Dialect, table: &mut Table, from: &str, to: &str) {
    let same = |name: &str| dialect.fold(NameKind::Column, name) == dialect.fold(NameKind::Column, from);
    let follow = |names: &mut Vec<String>| {
        for name in names.iter_mut().filter(|name| same(name)) {
            to.clone_into(name);
        }
    };
    let rewrite = |sql: &mut Expression| {
        if sql.reads.column(from) {
            sql.text = dialect.rename_in_expression(sql, from, to);
            sql.reads.rename_column(from, to);
        }
    };
    for column in &mut table.columns {
        if same(&column.name) {
            to.clone_into(&mut column.name);
        }
        if let Some(generated) = &mut column.generated {
            rewrite(&mut generated.sql);
        }
    }
    if let Some(key) = &mut table.primary_key {
        follow(&mut key.columns);
    }
    for index in &mut table.indexes {
        for part in &mut index.parts {
            match &mut part.on {
                IndexOn::Column(name) if same(name) => to.clone_into(name),
                IndexOn::Column(_) => {}
                IndexOn::Expression(sql) => rewrite(sql),
            }
        }
        index.predicate.iter_mut().for_each(rewrite);
        follow(&mut index.include);
        follow(&mut index.filters);
        // That of a constraint is a part of the table's own.
        if index.constraint {
            index.sql.iter_mut().for_each(|sql| *sql = dialect.rename_in_expression(sql, from, to));
        } else {
            index.sql.iter_mut().for_each(|sql| *sql = dialect.rename_in_statement(sql, from, to));
        }
    }
    for key in &mut table.foreign_keys {
        follow(&mut key.columns);
    }
    for check in &mut table.checks {
        rewrite(&mut check.sql);
    }
    for trigger in &mut table.triggers {
        trigger.sql.text = dialect.rename_in_statement(&trigger.sql, from, to);
        trigger.sql.reads.rename_column(from, to);
    }
    for holder in table.column_dependents.iter_mut().filter(|holder| same(&holder.column)) {
        to.clone_into(&mut holder.column);
    }
}
