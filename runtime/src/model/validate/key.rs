//! Primary and foreign keys.

use super::{Full, Tables, full, list, repeated};
use crate::descriptor::ReferentialAction;
use crate::model::{Column, ForeignKey, IndexKind, IndexOn, Schema, Table};

/// The columns of the primary key.
pub(super) fn check_primary(table: &Table, problems: &mut Vec<String>) {
    let at = full(table);
    for name in &table.primary_key {
        if column(table, name).is_none() {
            problems.push(format!("{at}: the primary key is over {name}, which is not a column: name one that is"));
        }
    }
    for name in repeated(&table.primary_key) {
        problems.push(format!("{at}: the primary key is over {name} twice: name it once"));
    }
}

/// The foreign keys of a table and what they point to.
pub(super) fn check_foreign(schema: &Schema, tables: &Tables<'_>, table: &Table, problems: &mut Vec<String>) {
    for (position, key) in table.foreign_keys.iter().enumerate() {
        if table.foreign_keys[..position].iter().any(|earlier| same_pairs(earlier, key)) {
            problems.push(format!("{}: it is there twice: leave one out", place(table, key)));
        }
        check_one(schema, tables, table, key, problems);
    }
}

/// One foreign key.
pub(in crate::model) fn check_one(
    schema: &Schema,
    tables: &Tables<'_>,
    table: &Table,
    key: &ForeignKey,
    problems: &mut Vec<String>,
) {
    let at = place(table, key);
    check_columns(table, key, &at, problems);
    let target_name = Full(key.target_schema.as_deref(), &key.target);
    if let Some(target) = tables.get(&(key.target_schema.as_deref(), key.target.as_str())) {
        // Of an external one it is for the database to say what its columns are.
        if !target.external {
            check_target(target, key, &at, problems);
        }
    } else if schema.views.iter().any(|view| view.schema == key.target_schema && view.name == key.target) {
        problems.push(format!("{at}: {target_name} is a view: a foreign key needs a table"));
    } else if let Some(space) = crate::registry::space_of(key.target_schema.as_deref(), &key.target) {
        problems.push(format!(
            "{at}: {} references {target_name}, which is in the space \"{space}\", another database: no foreign key reaches there",
            full(table)
        ));
    } else {
        problems.push(format!(
            "{at}: {} references {target_name}, which is not in the schema: add it to `schema![..]`",
            full(table)
        ));
    }
}

fn place(table: &Table, key: &ForeignKey) -> String {
    format!("{}, foreign key ({})", full(table), list(&key.columns))
}

fn check_columns(table: &Table, key: &ForeignKey, at: &str, problems: &mut Vec<String>) {
    if key.columns.is_empty() {
        problems.push(format!("{at}: it has no columns: name them"));
    }
    if key.columns.len() != key.target_columns.len() {
        problems.push(format!(
            "{at}: it has {} columns and references {}: name them in pairs",
            key.columns.len(),
            key.target_columns.len()
        ));
    }
    for name in repeated(&key.columns) {
        problems.push(format!("{at}: {name} stands twice in it: name it once"));
    }
    for name in &key.columns {
        let Some(column) = column(table, name) else {
            problems.push(format!("{at}: {name} is not a column of {}: name one that is", full(table)));
            continue;
        };
        for (what, action) in [("on_delete", key.on_delete), ("on_update", key.on_update)] {
            if action == ReferentialAction::SetNull && !column.nullable {
                problems.push(format!(
                    "{at}: `{what} = set_null`, but {name} cannot be NULL: make the field an `Option`, or choose another action"
                ));
            }
            if action == ReferentialAction::SetDefault && column.default.is_none() {
                problems.push(format!(
                    "{at}: `{what} = set_default`, but {name} has no default: give it one, or choose another action"
                ));
            }
        }
    }
}

fn check_target(target: &Table, key: &ForeignKey, at: &str, problems: &mut Vec<String>) {
    let missing: Vec<&String> = key.target_columns.iter().filter(|name| column(target, name).is_none()).collect();
    for name in &missing {
        problems.push(format!("{at}: {name} is not a column of {}: name one that is", full(target)));
    }
    if missing.is_empty() && !key.target_columns.is_empty() && !is_unique(target, &key.target_columns) {
        problems.push(format!(
            "{at}: ({}) of {} is neither the primary key nor unique: make it `unique`, or reference the primary key",
            list(&key.target_columns),
            full(target)
        ));
    }
}

/// Whether exactly these columns, in any order, are the primary key or a unique index over the whole table.
fn is_unique(table: &Table, columns: &[String]) -> bool {
    let same = |names: &[&String]| names.len() == columns.len() && columns.iter().all(|column| names.contains(&column));
    same(&table.primary_key.iter().collect::<Vec<_>>())
        || table.indexes.iter().any(|index| {
            let names: Option<Vec<&String>> = index
                .parts
                .iter()
                .map(|part| match &part.on {
                    IndexOn::Column(name) => Some(name),
                    IndexOn::Expression(_) => None,
                })
                .collect();
            index.kind == IndexKind::Unique && index.predicate.is_none() && names.is_some_and(|names| same(&names))
        })
}

/// The same columns referencing the same columns of the same table, in whatever order.
pub(in crate::model) fn same_pairs(a: &ForeignKey, b: &ForeignKey) -> bool {
    let pairs = |key: &ForeignKey| {
        let mut pairs: Vec<(String, String)> =
            key.columns.iter().cloned().zip(key.target_columns.iter().cloned()).collect();
        pairs.sort();
        pairs
    };
    a.target == b.target && a.target_schema == b.target_schema && pairs(a) == pairs(b)
}

fn column<'a>(table: &'a Table, name: &str) -> Option<&'a Column> {
    table.columns.iter().find(|column| column.name == name)
}
