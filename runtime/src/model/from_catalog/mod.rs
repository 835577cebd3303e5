//! Catalog → model: a live database as a schema, to begin from.
//!
//! What comes out lowers to what went in, as far as a model can say it; the rest is told in sentences.

mod column;
mod constraint;
mod default;
mod index;
pub(crate) mod settle;
pub(crate) mod types;
mod view;

use super::{MysqlOptions, PostgresOptions, Schema, SqliteOptions, Table, TableOptions};
use crate::catalog::{self, Catalog};

impl Schema {
    /// The model of a live database of that dialect (`sqlite`, `postgres`, `mysql`), and a sentence for each thing that a model
    /// cannot say.
    ///
    /// Types that are not what the dialect makes of a logical type are given as native types. Managed indexes and checks (rule
    /// M3) lose their prefix.
    pub fn from_catalog(catalog: &Catalog, dialect: &str) -> (Self, Vec<String>) {
        let mut notes = Vec::new();
        let tables = catalog.tables.values().filter_map(|live| table(catalog, live, dialect, &mut notes)).collect();
        let views = catalog.views.values().filter_map(|live| view::view(live, &mut notes)).collect();
        for ty in catalog.types.values().filter(|ty| ty.other.is_none()) {
            let used =
                |table: &catalog::Table| table.opaque.is_none() && table.columns.iter().any(|column| ty.is_of(column));
            if !catalog.tables.values().any(used) {
                notes.push(format!("{}: left out: no column is of this enum type", ty.name));
            }
        }
        let mut schema = Self::new(tables, views);
        settle::leave_out_invalid(&mut schema, &mut notes);
        (schema, notes)
    }
}

fn table(catalog: &Catalog, live: &catalog::Table, dialect: &str, notes: &mut Vec<String>) -> Option<Table> {
    let at = live.name.to_string();
    if let Some(reason) = &live.opaque {
        notes.push(format!("{at}: left out: {reason}"));
        return None;
    }
    notes.extend(
        live.triggers.iter().map(|trigger| format!("{at}: the trigger {} is not part of a schema", trigger.name)),
    );
    if let Some(key) = &live.primary_key {
        let details = key.extra.values().map(String::as_str).collect::<Vec<_>>();
        if !details.is_empty() {
            notes.push(format!("{at}: the primary key's {} is not part of a schema", details.join(", ")));
        }
    }
    let primary_key = live.primary_key.as_ref().map(|key| key.columns.clone()).unwrap_or_default();
    Some(Table {
        name: live.name.name.clone(),
        schema: live.name.schema.clone(),
        comment: live.comment.clone(),
        columns: (live.columns.iter())
            .map(|column| column::column(catalog, live, column, &primary_key, dialect, notes))
            .collect(),
        indexes: index::indexes(live, dialect, notes),
        foreign_keys: live.foreign_keys.iter().map(|key| constraint::foreign_key(&at, key, notes)).collect(),
        checks: constraint::checks(live, dialect, notes),
        options: options(live, dialect, notes),
        primary_key,
        ..Table::default()
    })
}

/// Options by their native names, as the dialects' lowering writes them.
fn options(live: &catalog::Table, dialect: &str, notes: &mut Vec<String>) -> TableOptions {
    let mut options = TableOptions::default();
    let TableOptions { sqlite, postgres, mysql, .. } = &mut options;
    for (name, value) in &live.options {
        let text = || Some(value.clone());
        match (dialect, name.as_str()) {
            ("sqlite", "strict") => *sqlite = SqliteOptions { strict: true, ..sqlite.clone() },
            ("sqlite", "without_rowid") => *sqlite = SqliteOptions { without_rowid: true, ..sqlite.clone() },
            ("postgres", "unlogged") => *postgres = PostgresOptions { unlogged: true, ..postgres.clone() },
            ("postgres", "fillfactor") if value.parse::<u32>().is_ok() => postgres.fillfactor = value.parse().ok(),
            ("postgres", "collate") => postgres.collate = text(),
            ("mysql", "engine") => *mysql = MysqlOptions { engine: text(), ..mysql.clone() },
            ("mysql", "charset") => mysql.charset = text(),
            ("mysql", "collate") => mysql.collate = text(),
            _ => notes.push(format!("{}: the option {name} = {value} is not part of a schema", live.name)),
        }
    }
    options
}

#[cfg(test)]
mod tests;
