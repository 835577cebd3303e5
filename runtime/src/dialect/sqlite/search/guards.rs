//! The rows that a statement can replace: those that are like the new one in something unique. `INSERT OR REPLACE` deletes them, and
//! tells the triggers of it only with `recursive_triggers` on, which it is not as a rule.

use super::rows::Rows;
use crate::catalog::{Index, IndexKind, IndexOn, Table, is_managed_name};
use crate::dialect::sqlite::normalise::quote;
use crate::dialect::sqlite::render;
use std::collections::BTreeSet;

/// What is unique in a table.
pub(crate) struct Guards {
    /// Conditions over a row of the table and `new`: each tells one that it would replace.
    pub(crate) conditions: Vec<String>,
    /// The columns in them.
    pub(crate) columns: BTreeSet<String>,
}

impl Guards {
    /// Of the table, with the unique indexes that it has beside those of the model.
    pub(crate) fn of(table: &Table, rows: &Rows, others: &[Index]) -> Self {
        let mut columns: BTreeSet<String> = rows.keys.iter().cloned().collect();
        let key = rows.keys.iter().map(|key| format!("{} = new.{}", quote(key), quote(key)));
        let key = key.collect::<Vec<_>>().join(" AND ");
        let mut unique: BTreeSet<String> = BTreeSet::new();
        for index in table.indexes.iter().chain(others).filter(|index| index.kind == IndexKind::Unique) {
            unique.insert(condition(index));
            columns.extend(read(index));
        }
        unique.remove(&key);
        Self { conditions: std::iter::once(key).chain(unique).collect(), columns }
    }

    /// Whether a row of the table is like the new one.
    pub(crate) fn matches(&self) -> String {
        self.conditions.iter().map(|condition| format!("({condition})")).collect::<Vec<_>>().join(" OR ")
    }
}

fn condition(index: &Index) -> String {
    let part = |part: &crate::catalog::IndexPart| {
        let collate =
            part.collate.as_ref().map_or_else(String::new, |name| format!(" COLLATE {}", render::collation(name)));
        match &part.on {
            IndexOn::Column(name) => format!("{} = new.{}{collate}", quote(name), quote(name)),
            // The same expression over the new row.
            IndexOn::Expression(sql) => {
                let new: Vec<String> =
                    sql.reads.columns.iter().map(|name| format!("new.{} AS {}", quote(name), quote(name))).collect();
                format!("({sql}) = (SELECT {sql} FROM (SELECT {})){collate}", new.join(", "))
            }
        }
    };
    let parts = index.parts.iter().map(part);
    parts.chain(index.predicate.iter().map(|sql| format!("({sql})"))).collect::<Vec<_>>().join(" AND ")
}

fn read(index: &Index) -> impl Iterator<Item = String> {
    let parts = index.parts.iter().filter_map(|part| match &part.on {
        IndexOn::Column(name) => Some(name.clone()),
        IndexOn::Expression(_) => None,
    });
    parts.chain(index.expressions().flat_map(|sql| sql.reads.columns.clone()))
}

/// The unique indexes of a live table that stay beside those of the model. `renamed`: a column by its name after the run, where it stays.
pub(crate) fn unmanaged(live: &Table, renamed: impl Fn(&str) -> Option<String>) -> Vec<Index> {
    let stays = |index: &&Index| index.kind == IndexKind::Unique && (index.constraint || !is_managed_name(&index.name));
    let follow = |index: &Index| {
        let mut index = index.clone();
        // Where an expression reads a column that is renamed, nobody knows its words after that yet: the next run does.
        if index.expressions().any(|sql| sql.reads.columns.iter().any(|name| renamed(name).as_ref() != Some(name))) {
            return None;
        }
        for part in &mut index.parts {
            if let IndexOn::Column(name) = &mut part.on {
                *name = renamed(name)?;
            }
        }
        Some(index)
    };
    live.indexes.iter().filter(stays).filter_map(follow).collect()
}
