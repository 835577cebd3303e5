//! What a live database holds and a valid model cannot: left out, and told.

use super::validate::{by_name, key};
use super::{Column, IndexOn, Schema, Table};
use crate::catalog::IdentifierLimit;
use std::collections::BTreeSet;

/// Leaves out what makes the model invalid, the least of it that does.
pub(crate) fn remove_invalid(schema: &mut Schema, notes: &mut Vec<String>) {
    for table in &mut schema.tables {
        columns(table, notes);
        parts(table, notes);
    }
    tables(schema, notes);
    index_names(schema, notes);
    while remove_dangling_keys(schema, notes) {}
    notes.extend(schema.all_problems());
}

impl Table {
    /// Takes a column out of the model with what is over it. `false`: the primary key is, so the table cannot stay.
    pub(crate) fn remove_column(&mut self, name: &str, notes: &mut Vec<String>) -> bool {
        let at = self.name.clone();
        self.columns.retain(|column| column.name != name);
        self.indexes.retain(|index| {
            let over = index.include.iter().chain(&index.filters).any(|column| column == name)
                || index.parts.iter().any(|part| matches!(&part.on, IndexOn::Column(column) if column == name));
            if over {
                notes.push(format!("{at}, index {}: left out with its column {name}", index.name));
            }
            !over
        });
        self.foreign_keys.retain(|key| {
            let over = key.columns.iter().any(|column| column == name);
            if over {
                notes.push(format!("{at}, foreign key ({}): left out with its column {name}", key.columns.join(", ")));
            }
            !over
        });
        !self.primary_key.iter().any(|column| column == name) && !self.columns.is_empty()
    }

    fn bare(&self) -> Self {
        let mut bare = self.clone();
        bare.indexes.clear();
        bare.checks.clear();
        bare.foreign_keys.clear();
        bare
    }
}

/// Problems of a table by itself.
fn problems(table: Table) -> Vec<String> {
    Schema::new(vec![table], Vec::new()).all_problems()
}

fn columns(table: &mut Table, notes: &mut Vec<String>) {
    if problems(table.bare()).is_empty() {
        return;
    }
    let mut seen = BTreeSet::new();
    let alone = |table: &Table, column: &Column| {
        let in_key = table.primary_key.contains(&column.name);
        let primary_key = if in_key { vec![column.name.clone()] } else { Vec::new() };
        problems(Table { name: table.name.clone(), columns: vec![column.clone()], primary_key, ..Table::default() })
    };
    let mut wrong = Vec::new();
    for column in &table.columns {
        let mut why = alone(table, column);
        if !seen.insert(&column.name) {
            why.push(format!("{}: another column has the same name", table.name));
        }
        if !why.is_empty() {
            wrong.push((column.name.clone(), why));
        }
    }
    for (name, why) in wrong {
        notes.extend(why.iter().map(|why| format!("column {name} left out: {why}")));
        table.remove_column(&name, notes);
    }
}

fn parts(table: &mut Table, notes: &mut Vec<String>) {
    let bare = table.bare();
    let mut keep = |probe: Table| {
        let why = problems(probe);
        notes.extend(why.iter().map(|why| format!("left out: {why}")));
        why.is_empty()
    };
    if !problems(bare.clone()).is_empty() {
        return;
    }
    table.indexes.retain(|index| keep(Table { indexes: vec![index.clone()], ..bare.clone() }));
    table.checks.retain(|check| keep(Table { checks: vec![check.clone()], ..bare.clone() }));
}

fn tables(schema: &mut Schema, notes: &mut Vec<String>) {
    let mut seen = BTreeSet::new();
    schema.tables.retain(|table| {
        let mut why = problems(table.bare());
        if !seen.insert((table.schema.clone(), table.name.clone())) {
            why.push(format!("{}: another table has this name", table.name));
        }
        notes.extend(why.iter().map(|why| format!("table {} left out: {why}", table.name)));
        why.is_empty()
    });
    schema.views.retain(|view| {
        let mut why = Schema::new(Vec::new(), vec![view.clone()]).all_problems();
        if !seen.insert((view.schema.clone(), view.name.clone())) {
            why.push(format!("{}: a table or view has this name", view.name));
        }
        notes.extend(why.iter().map(|why| format!("view {} left out: {why}", view.name)));
        why.is_empty()
    });
}

/// Index names that would be one name in the database: the later one goes.
fn index_names(schema: &mut Schema, notes: &mut Vec<String>) {
    let mut seen = BTreeSet::new();
    for table in &mut schema.tables {
        let (at, namespace) = (table.name.clone(), table.schema.clone());
        table.indexes.retain(|index| {
            let managed = crate::catalog::index_name(&index.kind, &at, &index.name, IdentifierLimit::NONE);
            let free = seen.insert((namespace.clone(), managed));
            if !free {
                notes.push(format!(
                    "{at}, index {}: left out: an index of another table would have its name",
                    index.name
                ));
            }
            free
        });
    }
}

/// Databases may hold keys that a model must not: to a table that is not there, to columns that are not unique. Whether any went.
pub(crate) fn remove_dangling_keys(schema: &mut Schema, notes: &mut Vec<String>) -> bool {
    let wrong: Vec<Vec<bool>> = {
        let tables = by_name(schema);
        (schema.tables.iter())
            .map(|table| {
                let keys = table.foreign_keys.iter().enumerate();
                keys.map(|(position, foreign_key)| {
                    let mut problems = Vec::new();
                    key::check_one(schema, &tables, table, foreign_key, &mut problems);
                    if table.foreign_keys[..position].iter().any(|earlier| key::same_pairs(earlier, foreign_key)) {
                        problems.push(format!("{}: a foreign key is there twice", table.name));
                    }
                    notes.extend(problems.iter().map(|problem| format!("left out: {problem}")));
                    !problems.is_empty()
                })
                .collect()
            })
            .collect()
    };
    let mut any = false;
    for (table, wrong) in schema.tables.iter_mut().zip(wrong) {
        any |= wrong.contains(&true);
        let mut wrong = wrong.into_iter();
        table.foreign_keys.retain(|_| !wrong.next().unwrap_or(false));
    }
    any
}
