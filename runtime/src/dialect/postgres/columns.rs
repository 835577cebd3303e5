//! What stands in the way of dropping a column: PostgreSQL drops indexes and constraints along with it, without a word.

use super::Postgres;
use crate::catalog::{Catalog, Column, DependentBehavior, Table};
use crate::change::DropColumn;

/// How the column can be dropped.
pub(crate) fn drop(table: &Table, column: &Column, catalog: &Catalog) -> DropColumn {
    let name = &column.name;
    let mut blocked = Vec::new();
    for index in &table.indexes {
        let uses = index.reads_column(name);
        if uses && index.constraint && index.parts.len() > 1 {
            blocked.push(format!("unique constraint \"{}\"", index.name));
        } else if uses && !index.constraint && !index.is_managed() {
            blocked.push(format!("index \"{}\"", index.name));
        }
    }
    for check in table.checks.iter().filter(|check| check.sql.reads.column(name)) {
        if !check.is_managed() {
            blocked.push(format!("check ({})", check.sql));
        }
    }
    for key in table.foreign_keys.iter().filter(|key| key.columns.contains(name)) {
        if key.columns.len() > 1 && !key.is_managed() {
            blocked.push(format!("foreign key ({})", key.columns.join(", ")));
        }
    }
    for other in table.columns.iter().filter(|other| other.name != *name) {
        if other.generated.as_ref().is_some_and(|generated| generated.sql.reads.column(name)) {
            blocked.push(format!("generated column \"{}\"", other.name));
        }
    }
    for holder in table
        .column_dependents
        .iter()
        .filter(|holder| holder.column == *name && holder.behavior != DependentBehavior::LosesGrant)
    {
        blocked.push(holder.what.clone());
    }
    for view in catalog.views.values() {
        if view.sql.reads.relation_column(&table.name, name) {
            blocked.push(format!("view \"{}\"", view.name));
        }
    }
    for other in catalog.tables.values().filter(|other| other.name != table.name) {
        for key in other.foreign_keys.iter().filter(|key| key.target == table.name && !key.is_managed()) {
            if key.target_columns.contains(name) {
                blocked.push(format!("foreign key ({}) of \"{}\"", key.columns.join(", "), other.name));
            }
        }
    }
    if blocked.is_empty() { DropColumn::InPlace } else { DropColumn::Blocked(blocked) }
}

/// Whether the column is dropped and added again: what it holds is computed. From version 17 the expression alone can change.
pub(crate) fn is_replaced(dialect: &Postgres, from: &Column, to: &Column) -> bool {
    let alike = from.ty == to.ty && from.collate == to.collate;
    match (&from.generated, &to.generated) {
        (None, Some(_)) => true,
        (Some(old), Some(new)) if alike && old.stored && new.stored => old != new && !dialect.sets_expression(),
        (Some(old), Some(new)) => old != new || !alike,
        _ => false,
    }
}
