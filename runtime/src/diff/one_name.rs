//! Names that differ in case only: two things on some databases, one on others.

use super::folded;
use crate::catalog::Name;
use crate::dialect::{Dialect, Lowered, NameKind};
use crate::model::Schema;
use std::collections::BTreeMap;

/// What the model asks for, with an error for each table in which two things would have one name on this database.
pub(crate) fn lower(dialect: &dyn Dialect, schema: &Schema) -> Lowered {
    let mut lowered = dialect.lower(schema);
    let mut errors: Vec<(Name, String)> = Vec::new();
    let mut relations: BTreeMap<Name, &Name> = BTreeMap::new();
    for name in lowered.catalog.tables.keys().chain(lowered.catalog.views.keys()) {
        if let Some(other) = relations.insert(folded(dialect, name), name) {
            errors.push((name.clone(), in_words("", &other.name, &name.name, "table or view")));
        }
    }
    for (name, table) in &lowered.catalog.tables {
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        for column in &table.columns {
            let key = dialect.fold(NameKind::Column, &column.name).into_owned();
            if let Some(other) = seen.insert(key, &column.name).filter(|other| *other != column.name) {
                errors.push((name.clone(), in_words("column ", other, &column.name, "column")));
            }
        }
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        for index in &table.indexes {
            let key = dialect.fold(NameKind::Index, &index.name).into_owned();
            if let Some(other) = seen.insert(key, &index.name).filter(|other| *other != index.name) {
                errors.push((name.clone(), in_words("index ", other, &index.name, "index")));
            }
        }
    }
    for (name, error) in errors {
        lowered.errors.entry(name).or_default().push(error);
    }
    lowered
}

fn in_words(what: &str, first: &str, second: &str, kind: &str) -> String {
    format!(
        "{what}\"{first}\" and {what}\"{second}\" have one name here, where case does not tell names apart: give one {kind} another name"
    )
}
