//! What `ALTER TABLE … ADD COLUMN` and `… DROP COLUMN` can do to a table.

use super::defaults;
use crate::catalog::{Catalog, Column, ForeignKey, Index, IndexOn, Reads, Table, Trigger};
use crate::change::DropColumn;

/// Whether the column can be added without a rebuild. `foreign_keys` is off during a run, so that a key with a default is no obstacle.
pub(crate) fn add_in_place(table: &Table, column: &Column, foreign_keys: &[ForeignKey], empty: bool) -> bool {
    let is_key = column.identity.is_some()
        || table.primary_key.as_ref().is_some_and(|key| key.columns.iter().any(|name| same(name, &column.name)));
    let is_constrained = table.indexes.iter().any(|index| index.constraint && index_uses(index, &column.name));
    if table.opaque.is_some() || is_key || is_constrained || foreign_keys.iter().any(|key| key.columns.len() != 1) {
        return false;
    }
    if empty {
        return true;
    }
    match (&column.generated, &column.default) {
        (Some(generated), _) => !generated.stored,
        (None, Some(default)) => defaults::is_plain_default(default) && !default.starts_with("CURRENT_"),
        (None, None) => column.nullable,
    }
}

/// How the column can be dropped.
pub(crate) fn drop(table: &Table, column: &Column, catalog: &Catalog) -> DropColumn {
    let name = &column.name;
    let mut blocked = Vec::new();
    let mut rebuild = table.primary_key.as_ref().is_some_and(|key| key.columns.iter().any(|member| same(member, name)));
    for index in table.indexes.iter().filter(|index| index_uses(index, name)) {
        if index.constraint && index.parts.len() == 1 {
            rebuild = true;
        } else if index.constraint {
            let text = index.sql.as_deref().unwrap_or(&index.name);
            blocked.push(format!("unique constraint {text}"));
        } else if !index.is_managed() {
            blocked.push(format!("index \"{}\"", index.name));
        }
    }
    for check in table.checks.iter().filter(|check| check.sql.reads.column(name)) {
        if check.sql.reads.columns.len() > 1 && !check.is_managed() {
            blocked.push(format!("check ({})", check.sql));
        }
        rebuild = true;
    }
    for key in table.foreign_keys.iter().filter(|key| key.columns.iter().any(|member| same(member, name))) {
        if key.columns.len() > 1 && !key.is_managed() {
            blocked.push(format!("foreign key ({})", key.columns.join(", ")));
        }
        rebuild = true;
    }
    for other in table.columns.iter().filter(|other| !same(&other.name, name)) {
        if other.generated.as_ref().is_some_and(|generated| generated.sql.reads.column(name)) {
            blocked.push(format!("generated column \"{}\"", other.name));
        }
    }
    blocked.extend(dependents(table, name, catalog));
    match (blocked.is_empty(), rebuild) {
        (false, _) => DropColumn::Blocked(blocked),
        (true, true) => DropColumn::Rebuild,
        (true, false) => DropColumn::InPlace,
    }
}

/// Triggers, views and foreign keys, of this table and of others, that use the column.
fn dependents(table: &Table, name: &str, catalog: &Catalog) -> Vec<String> {
    let mut found = Vec::new();
    let own = &table.name;
    let takes = |reads: &Reads| reads.relation_column(own, name) || reads.all_columns && reads.relations.contains(own);
    let mut triggers = |triggers: &[Trigger], on_table: bool| {
        for trigger in triggers {
            let reads = &trigger.sql.reads;
            if on_table && reads.column(name) || takes(reads) {
                found.push(format!("trigger \"{}\"", trigger.name));
            }
        }
    };
    for other in catalog.tables.values() {
        triggers(&other.triggers, other.name == table.name);
    }
    for view in catalog.views.values() {
        triggers(&view.triggers, false);
    }
    for view in catalog.views.values() {
        if takes(&view.sql.reads) {
            found.push(format!("view \"{}\"", view.name));
        }
    }
    for other in catalog.tables.values().filter(|other| other.name != table.name) {
        for key in other.foreign_keys.iter().filter(|key| key.target == table.name && !key.is_managed()) {
            if key.target_columns.iter().any(|target| same(target, name)) {
                found.push(format!("foreign key ({}) of \"{}\"", key.columns.join(", "), other.name));
            }
        }
    }
    found
}

fn same(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

/// Whether the index reads the column: as a part, in an expression or in its condition.
pub(crate) fn index_uses(index: &Index, column: &str) -> bool {
    let part = |on: &IndexOn| match on {
        IndexOn::Column(name) => same(name, column),
        IndexOn::Expression(sql) => sql.reads.column(column),
    };
    index.parts.iter().any(|p| part(&p.on)) || index.predicate.as_ref().is_some_and(|sql| sql.reads.column(column))
}
