//! Which renames to do (rules T2, C4), and what the live catalog looks like once they are done.

use crate::catalog::{Catalog, IndexOn, Name, Table};
use crate::dialect::Dialect;
use std::collections::{BTreeMap, BTreeSet};

/// Something that the model names, with its earlier names.
pub(crate) struct Wanted<'a> {
    pub(crate) name: &'a str,
    pub(crate) renamed: Vec<&'a str>,
}

/// A rename that cannot be done: both names exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Conflict {
    pub(crate) from: String,
    pub(crate) to: String,
    /// What is there already: the new name, or another of the earlier names.
    pub(crate) because: String,
}

/// Renames in the order in which they can be done, and conflicts by the wanted name.
#[derive(Debug, Default)]
pub(crate) struct Renames {
    pub(crate) ordered: Vec<(String, String)>,
    pub(crate) conflicts: Vec<Conflict>,
}

/// Resolves the renames of one set of names (the tables of a namespace, the columns of a table).
///
/// A chain (`b → c`, `a → b`) is done from its free end. A name that the model itself still wants is no leftover of a rename: with
/// both there, nothing is to be done. One that it does not want any more would be dropped while its rows are said to be those of the
/// new name: a conflict, whoever made the two.
pub(crate) fn resolve(dialect: &dyn Dialect, wanted: &[Wanted<'_>], live: &[&str], base: &[&str]) -> Renames {
    let exact: BTreeSet<&str> = live.iter().copied().collect();
    if wanted.iter().all(|item| item.renamed.is_empty() && exact.contains(item.name)) {
        return Renames::default();
    }
    let fold = |name: &str| dialect.fold(name).into_owned();
    let mut present: BTreeMap<String, String> = live.iter().map(|name| (fold(name), (*name).to_owned())).collect();
    let mut known: BTreeSet<String> = base.iter().map(|name| fold(name)).collect();
    let claimed: BTreeSet<String> = wanted.iter().map(|item| fold(item.name)).collect();
    let mut renames = Renames::default();
    let mut open: Vec<&Wanted<'_>> = wanted.iter().filter(|item| !item.renamed.is_empty()).collect();
    // A name that a rename has just brought is nobody's earlier name.
    let mut arrived: BTreeSet<String> = BTreeSet::new();
    loop {
        let before = open.len();
        open.retain(|item| {
            let new = fold(item.name);
            if present.contains_key(&new) {
                return true;
            }
            let mut candidates: Vec<String> = Vec::new();
            for old in item.renamed.iter().map(|old| fold(old)) {
                let is_live = present.contains_key(&old) && !arrived.contains(&old);
                // Both were there once and the model still wants both: the annotation has had its day. An old one that the model no longer
                // wants would be dropped: its rows are better off under the new name.
                let two_things = known.contains(&new) && known.contains(&old) && claimed.contains(&old);
                if is_live && !two_things && !candidates.contains(&old) {
                    candidates.push(old);
                }
            }
            if candidates.len() > 1 {
                // What the model wants under that very name, and nothing else would become, is not what is meant.
                let stays = |old: &String| {
                    wanted.iter().any(|other| {
                        fold(other.name) == *old && !other.renamed.iter().any(|name| present.contains_key(&fold(name)))
                    })
                };
                candidates.retain(|old| !stays(old));
            }
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
                    renames.conflicts.push(Conflict {
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
    for item in open {
        let new = fold(item.name);
        if !present.contains_key(&new) {
            continue;
        }
        for old in item.renamed.iter().map(|old| fold(old)) {
            if let Some(from) = present.get(&old).filter(|_| old != new && !claimed.contains(&old)) {
                renames.conflicts.push(Conflict {
                    from: from.clone(),
                    to: item.name.to_owned(),
                    because: item.name.to_owned(),
                });
            }
        }
    }
    for item in wanted {
        if let Some(live) = present.get(&fold(item.name)).filter(|live| live.as_str() != item.name) {
            renames.ordered.push((live.clone(), item.name.to_owned()));
        }
    }
    renames
}

/// The tables that the model has moved to another schema: `wanted` is not there, while a table that the base knows is, under that name or
/// an earlier one, in a schema where the model does not want it any more. To take it for another table would be to drop its rows.
/// `names`: all tables of the model with their earlier names.
pub(crate) fn moved(
    dialect: &dyn Dialect,
    names: &BTreeMap<&Name, &[String]>,
    wanted: &Name,
    live: &Catalog,
    base: &Catalog,
) -> Vec<Name> {
    let same = |a: &str, b: &str| dialect.fold(a) == dialect.fold(b);
    let is = |name: &Name, other: &Name| name.schema == other.schema && same(&name.name, &other.name);
    let there = |name: &Name| live.tables.keys().chain(live.views.keys()).any(|other| is(name, other));
    if live.tables.contains_key(wanted) || base.tables.keys().all(|name| name.schema == wanted.schema) {
        return Vec::new();
    }
    let earlier = |name: &Name| names.get(name).copied().unwrap_or_default();
    let here = |old: &String| there(&Name { schema: wanted.schema.clone(), name: old.clone() });
    if there(wanted) || earlier(wanted).iter().any(here) {
        return Vec::new();
    }
    let fits = |name: &&Name| {
        name.schema != wanted.schema
            && (same(&name.name, &wanted.name) || earlier(wanted).iter().any(|old| same(old, &name.name)))
            && live.tables.keys().any(|other| is(name, other))
    };
    // What the model wants there, or will have renamed there, stays there.
    let stays = |name: &Name| {
        names.iter().any(|(other, old)| {
            is(name, other)
                || other.schema == name.schema && !there(other) && old.iter().any(|old| same(old, &name.name))
        })
    };
    base.tables.keys().filter(fits).filter(|name| !stays(name)).cloned().collect()
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
    let same = |a: &Name, b: &Name| a.schema == b.schema && dialect.fold(&a.name) == dialect.fold(&b.name);
    for table in catalog.tables.values_mut() {
        for key in table.foreign_keys.iter_mut().filter(|key| same(&key.target, from)) {
            key.target = to.clone();
        }
    }
    // Those of views are not: they are made again from this very text.
    for trigger in catalog.tables.values_mut().flat_map(|table| &mut table.triggers) {
        if dialect.mentions(&trigger.sql, &from.name) {
            trigger.sql = dialect.rename_table_in(&trigger.sql, &from.name, &to.name);
        }
    }
    for view in catalog.views.values_mut() {
        let columns = view.reads_columns.iter_mut().map(|(name, _)| name);
        for name in view.reads.iter_mut().chain(columns).filter(|name| same(name, from)) {
            *name = to.clone();
        }
    }
}

/// The catalog as the database has it after `ALTER TABLE … RENAME COLUMN`: keys, indexes, expressions and the foreign keys of
/// others follow.
pub(crate) fn rename_column(dialect: &dyn Dialect, catalog: &mut Catalog, table: &Name, from: &str, to: &str) {
    let same = |name: &str| dialect.fold(name) == dialect.fold(from);
    let follow = |names: &mut Vec<String>| {
        for name in names.iter_mut().filter(|name| same(name)) {
            to.clone_into(name);
        }
    };
    if let Some(table) = catalog.tables.get_mut(table) {
        rename_in_table(dialect, table, from, to);
    }
    let target = |name: &Name| name.schema == table.schema && dialect.fold(&name.name) == dialect.fold(&table.name);
    for other in catalog.tables.values_mut() {
        for key in other.foreign_keys.iter_mut().filter(|key| target(&key.target)) {
            follow(&mut key.target_columns);
        }
    }
    for view in catalog.views.values_mut() {
        for (_, column) in view.reads_columns.iter_mut().filter(|(name, column)| target(name) && same(column)) {
            to.clone_into(column);
        }
    }
}

fn rename_in_table(dialect: &dyn Dialect, table: &mut Table, from: &str, to: &str) {
    let same = |name: &str| dialect.fold(name) == dialect.fold(from);
    let follow = |names: &mut Vec<String>| {
        for name in names.iter_mut().filter(|name| same(name)) {
            to.clone_into(name);
        }
    };
    let rewrite = |sql: &mut String| *sql = dialect.rename_in_expression(sql, from, to);
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
            index.sql.iter_mut().for_each(rewrite);
        } else {
            index.sql.iter_mut().for_each(|sql| *sql = dialect.rename_in_statement(sql, from, to));
        }
    }
    for key in &mut table.foreign_keys {
        follow(&mut key.columns);
    }
    for check in &mut table.checks {
        rewrite(&mut check.sql);
        follow(&mut check.columns);
    }
    for trigger in &mut table.triggers {
        trigger.sql = dialect.rename_in_statement(&trigger.sql, from, to);
    }
    for holder in table.holders.iter_mut().filter(|holder| same(&holder.column)) {
        to.clone_into(&mut holder.column);
    }
}
