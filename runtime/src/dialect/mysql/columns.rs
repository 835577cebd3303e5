//! What stands in the way of dropping a column: the server takes indexes along with it, or a part out of them, without a word.

use crate::catalog::{Catalog, Column, Reads, Table, Trigger};
use crate::change::DropColumn;

/// How the column can be dropped.
pub(crate) fn drop(table: &Table, column: &Column, catalog: &Catalog) -> DropColumn {
    let name = &column.name;
    let mut blocked = Vec::new();
    for index in table.indexes.iter().filter(|index| index.reads_column(name) && !index.is_managed()) {
        blocked.push(format!("index \"{}\"", index.name));
    }
    for check in table.checks.iter().filter(|check| check.sql.reads.column(name) && !check.is_managed()) {
        blocked.push(format!("check ({})", check.sql));
    }
    for key in table.foreign_keys.iter().filter(|key| key.columns.contains(name) && !key.is_managed()) {
        blocked.push(format!("foreign key ({})", key.columns.join(", ")));
    }
    for other in table.columns.iter().filter(|other| other.name != *name) {
        if other.generated.as_ref().is_some_and(|generated| generated.sql.reads.column(name)) {
            blocked.push(format!("generated column \"{}\"", other.name));
        }
    }
    let takes = |reads: &Reads| reads.relation_column(&table.name, name);
    let reads = |trigger: &&Trigger| trigger.sql.reads.column(name);
    blocked.extend(table.triggers.iter().filter(reads).map(|trigger| format!("trigger \"{}\"", trigger.name)));
    let views = catalog.views.values().filter(|view| takes(&view.sql.reads));
    blocked.extend(views.map(|view| format!("view \"{}\"", view.name)));
    for other in catalog.tables.values().filter(|other| other.name != table.name) {
        for key in other.foreign_keys.iter().filter(|key| key.target == table.name && !key.is_managed()) {
            if key.target_columns.contains(name) {
                blocked.push(format!("foreign key ({}) of \"{}\"", key.columns.join(", "), other.name));
            }
        }
    }
    if blocked.is_empty() { DropColumn::InPlace } else { DropColumn::Blocked(blocked) }
}

/// Whether the column is dropped and added again: what it holds is computed.
pub(crate) fn is_replaced(from: &Column, to: &Column) -> bool {
    match (&from.generated, &to.generated) {
        (None, Some(_)) => true,
        (Some(old), Some(new)) => old != new || from.ty != to.ty || from.collate != to.collate,
        // The values of a virtual one are nowhere.
        (Some(old), None) => !old.stored,
        (None, None) => false,
    }
}
