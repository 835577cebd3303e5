//! Indexes.

use super::{Full, check_expression, check_name, full, repeated};
use crate::catalog::{IdentifierLimit, index_name};
use crate::model::{Index, IndexKind, IndexOn, Schema, Table};
use std::collections::HashMap;

/// What the indexes of a table are over.
pub(super) fn check(table: &Table, problems: &mut Vec<String>) {
    for index in &table.indexes {
        let at = format!("{}, index {}", full(table), index.name);
        check_name("the index", &index.name, &at, problems);
        check_parts(table, index, &at, problems);
        for (what, columns) in [("includes", &index.include), ("filters by", &index.filters)] {
            for column in columns.iter().filter(|name| !has_column(table, name)) {
                problems.push(format!("{at}: it {what} {column}, which is not a column: name one that is"));
            }
            for column in repeated(columns) {
                problems.push(format!("{at}: it {what} {column} twice: name it once"));
            }
        }
        if index.nulls_not_distinct && index.kind != IndexKind::Unique {
            problems.push(format!("{at}: `nulls_not_distinct` is for unique indexes: make it one, or leave it out"));
        }
        if index.language.is_some() && index.kind != IndexKind::Fulltext {
            problems.push(format!("{at}: `language` is for full-text indexes: make it one, or leave it out"));
        }
        if let Some(predicate) = &index.predicate {
            check_expression("`where`", predicate, &at, problems);
        }
    }
}

fn check_parts(table: &Table, index: &Index, at: &str, problems: &mut Vec<String>) {
    if index.parts.is_empty() {
        problems.push(format!("{at}: it is over no column: name one"));
    }
    for (position, part) in index.parts.iter().enumerate() {
        match &part.on {
            IndexOn::Column(name) if !has_column(table, name) => {
                problems.push(format!("{at}: it is over {name}, which is not a column: name one that is"));
            }
            IndexOn::Column(name) if index.parts[..position].iter().any(|earlier| earlier.on == part.on) => {
                problems.push(format!("{at}: it is over {name} twice: name it once"));
            }
            IndexOn::Column(_) => {}
            IndexOn::Expression(sql) => check_expression("an expression", sql, at, problems),
        }
    }
    match &index.kind {
        IndexKind::Vector(parameters) => {
            if index.parts.len() > 1 {
                problems.push(format!("{at}: a vector index is over one column: make one for each"));
            }
            if parameters.dimensions == 0 {
                problems
                    .push(format!("{at}: the number of dimensions is not known: write it, as in #[db(vector(1536))]"));
            }
            if parameters.threshold.is_some_and(|threshold| !(0.0..=1.0).contains(&threshold)) {
                problems.push(format!("{at}: the threshold is from 0 to 1"));
            }
        }
        IndexKind::Geo if index.parts.len() > 1 => {
            problems.push(format!("{at}: a geo index is over one column: make one for each"));
        }
        _ => {}
    }
}

/// Names of one kind must differ inside a table; and since the table's name is a part of the managed name (rule M3), those of
/// table `a` and index `b__c` and of table `a__b` and index `c` must, too.
pub(super) fn check_names(schema: &Schema, problems: &mut Vec<String>) {
    let mut seen: HashMap<(Option<&str>, String), (&Table, &Index)> = HashMap::new();
    for table in &schema.tables {
        for index in &table.indexes {
            let managed = index_name(&index.kind, &table.name, &index.name, IdentifierLimit::NONE);
            let Some((other_table, other)) = seen.insert((table.schema.as_deref(), managed), (table, index)) else {
                continue;
            };
            let at = full(table);
            problems.push(if std::ptr::eq(table, other_table) {
                format!("{at}: two indexes are named {}: give one of them a name, as in #[db(index(name = \"…\"))]", other.name)
            } else {
                format!(
                    "{at}: its index {} would have the same name in the database as the index {} of {}: give one of them another name",
                    index.name,
                    other.name,
                    Full(other_table.schema.as_deref(), &other_table.name)
                )
            });
        }
    }
}

fn has_column(table: &Table, name: &str) -> bool {
    table.columns.iter().any(|column| column.name == name)
}
