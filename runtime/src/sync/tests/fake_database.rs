//! What the fake database holds, and what its commands do to it. Each is done as a whole, or refused.

use super::fake_dialect::Command;
use crate::catalog::{Catalog, Column, IndexKind, IndexOn, Name, Table, View};
use crate::change::{Change, CopySource, DataCheck, Rebuild};
use crate::dialect::{HistoryRow, StateRow};
use std::collections::{BTreeMap, BTreeSet};

/// The values of a row by column.
pub(super) type Row = BTreeMap<String, Option<String>>;

/// A table and its rows.
#[derive(Debug, Clone)]
pub(super) struct Stored {
    pub(super) table: Table,
    pub(super) rows: Vec<Row>,
}

/// What the fake database holds. It outlives its connections.
#[derive(Debug, Clone, Default)]
pub(super) struct FakeDatabase {
    pub(super) tables: BTreeMap<Name, Stored>,
    pub(super) views: BTreeMap<Name, View>,
    /// Tables that a rebuild fills, or has replaced.
    pub(super) temporary: BTreeMap<String, Stored>,
    pub(super) state: Option<StateRow>,
    pub(super) history: Vec<HistoryRow>,
}

type Answer<T> = Result<T, String>;

impl FakeDatabase {
    pub(super) fn catalog(&self) -> Catalog {
        let tables = self.tables.iter().map(|(name, stored)| (name.clone(), stored.table.clone()));
        let views = self.views.iter().map(|(name, view)| {
            let columns = if self.is_broken(view) { Vec::new() } else { vec!["a".to_owned()] };
            (name.clone(), View { columns, ..view.clone() })
        });
        Catalog { tables: tables.collect(), views: views.collect(), ..Catalog::default() }
    }

    fn is_broken(&self, view: &View) -> bool {
        view.sql.reads.relations.iter().any(|name| !self.tables.contains_key(name) && !self.views.contains_key(name))
    }

    fn stored(&mut self, name: &Name) -> Answer<&mut Stored> {
        self.tables.get_mut(name).ok_or_else(|| format!("no such table: {name}"))
    }

    fn is_taken(&self, name: &Name) -> Answer<()> {
        let taken = self.tables.contains_key(name) || self.views.contains_key(name);
        if taken { Err(format!("{name} is there already")) } else { Ok(()) }
    }

    pub(super) fn execute(&mut self, command: Command) -> Answer<()> {
        match command {
            Command::Change(change) => self.change(change),
            Command::CreateTemporary(rebuild) => {
                let stored = Stored { table: without_indexes(&rebuild.to), rows: Vec::new() };
                let taken = self.temporary.insert(new_name(&rebuild), stored).is_some();
                if taken { Err("the temporary table is there already".to_owned()) } else { Ok(()) }
            }
            Command::Copy(rebuild) => {
                let rows = self.stored(&rebuild.from.name)?.rows.iter().map(|row| copied(&rebuild, row)).collect();
                let temporary = self.temporary.get_mut(&new_name(&rebuild)).ok_or("no temporary table")?;
                temporary.rows = rows;
                Ok(())
            }
            Command::Swap(rebuild) => {
                let new = self.temporary.remove(&new_name(&rebuild)).ok_or("no temporary table")?;
                let old = self.tables.insert(rebuild.to.name.clone(), new).ok_or("no such table")?;
                self.temporary.insert(old_name(&rebuild), old);
                Ok(())
            }
            Command::DropReplaced(rebuild) => {
                self.temporary.remove(&old_name(&rebuild)).map(drop).ok_or_else(|| "no temporary table".to_owned())
            }
            query => Err(format!("not a command: {query:?}")),
        }
    }

    fn change(&mut self, change: Change) -> Answer<()> {
        match change {
            Change::CreateTable { table } => {
                self.is_taken(&table.name)?;
                self.tables.insert(table.name.clone(), Stored { table: without_indexes(&table), rows: Vec::new() });
            }
            Change::DropTable { table } => {
                self.stored(&table)?;
                self.tables.remove(&table);
            }
            Change::RenameTable { from, to } => self.rename_table(&from, to)?,
            Change::AddColumn { table, column, foreign_keys } => {
                let stored = self.stored(&table)?;
                if stored.table.column(&column.name).is_some() {
                    return Err(format!("duplicate column: {}", column.name));
                }
                for row in &mut stored.rows {
                    row.insert(column.name.clone(), default_of(&column));
                }
                stored.table.columns.push(column);
                stored.table.foreign_keys.extend(foreign_keys);
            }
            Change::RenameColumn { table, from, to } => self.rename_column(&table, &from, &to)?,
            Change::DropColumn { table, column } => {
                let stored = self.stored(&table)?;
                let used = stored.table.indexes.iter().any(|index| {
                    index.parts.iter().any(|part| matches!(&part.on, IndexOn::Column(name) if *name == column))
                });
                if used || stored.table.column(&column).is_none() {
                    return Err(format!("cannot drop {column}"));
                }
                stored.table.columns.retain(|known| known.name != column);
                stored.rows.iter_mut().for_each(|row| drop(row.remove(&column)));
            }
            Change::CreateIndex { table, index } => {
                let stored = self.stored(&table)?;
                let columns: Vec<&String> = index
                    .parts
                    .iter()
                    .filter_map(|part| match &part.on {
                        IndexOn::Column(name) => Some(name),
                        IndexOn::Expression(_) => None,
                    })
                    .collect();
                let keys: Vec<Vec<&Option<String>>> =
                    stored.rows.iter().map(|row| columns.iter().map(|name| &row[*name]).collect()).collect();
                let distinct: BTreeSet<&Vec<&Option<String>>> = keys.iter().collect();
                if index.kind == IndexKind::Unique && distinct.len() < keys.len() {
                    return Err(format!("duplicate values for {}", index.name));
                }
                stored.table.indexes.push(index);
            }
            Change::DropIndex { table, index } => {
                self.stored(&table)?.table.indexes.retain(|known| known.name != index.name);
            }
            Change::CreateView { view } => {
                self.is_taken(&view.name)?;
                if self.is_broken(&view) {
                    return Err(format!("view {} reads what is not there", view.name));
                }
                self.views.insert(view.name.clone(), view);
            }
            Change::DropView { name, .. } => {
                self.views.remove(&name).ok_or_else(|| format!("no such view: {name}"))?;
            }
            other => return Err(format!("the fake database cannot do {other:?}")),
        }
        Ok(())
    }

    fn rename_table(&mut self, from: &Name, to: Name) -> Answer<()> {
        self.is_taken(&to)?;
        let mut stored = self.tables.remove(from).ok_or_else(|| format!("no such table: {from}"))?;
        stored.table.name = to.clone();
        self.tables.insert(to.clone(), stored);
        let keys = self.tables.values_mut().flat_map(|stored| &mut stored.table.foreign_keys);
        keys.filter(|key| key.target == *from).for_each(|key| key.target = to.clone());
        Ok(())
    }

    fn rename_column(&mut self, table: &Name, from: &str, to: &str) -> Answer<()> {
        let Stored { table, rows } = self.stored(table)?;
        if table.column(from).is_none() || table.column(to).is_some() {
            return Err(format!("cannot rename {from} to {to}"));
        }
        let rename = |name: &mut String| {
            if name == from {
                to.clone_into(name);
            }
        };
        table.columns.iter_mut().for_each(|column| rename(&mut column.name));
        table.primary_key.iter_mut().flat_map(|key| &mut key.columns).for_each(rename);
        table.foreign_keys.iter_mut().flat_map(|key| &mut key.columns).for_each(rename);
        for part in table.indexes.iter_mut().flat_map(|index| &mut index.parts) {
            if let IndexOn::Column(name) = &mut part.on {
                rename(name);
            }
        }
        for row in rows {
            let value = row.remove(from).ok_or("a row without the column")?;
            row.insert(to.to_owned(), value);
        }
        Ok(())
    }

    pub(super) fn query(&self, command: &Command) -> Answer<Vec<Vec<Option<String>>>> {
        let rows = |table: &Name| Ok::<_, String>(&self.tables.get(table).ok_or("no such table")?.rows);
        match command {
            Command::Count(DataCheck::Rows { table } | DataCheck::AnyRow { table }) => {
                Ok(vec![vec![Some(rows(table)?.len().to_string())]])
            }
            Command::Count(DataCheck::Nulls { table, column }) => {
                let nulls = rows(table)?.iter().filter(|row| row.get(column).is_none_or(Option::is_none)).count();
                Ok(vec![vec![Some(nulls.to_string())]])
            }
            Command::Count(_) => Ok(vec![vec![Some("0".to_owned())]]),
            Command::Unconvertible(rebuild) => {
                let converted = rebuild.copy.iter().filter_map(|column| match &column.source {
                    CopySource::Cast { from, .. } if column.to.ty == "INTEGER" => Some(&from.name),
                    _ => None,
                });
                let values = converted.flat_map(|name| {
                    rows(&rebuild.from.name).into_iter().flatten().filter_map(move |row| row[name].clone())
                });
                Ok(values.filter(|value| value.parse::<i64>().is_err()).map(|value| vec![Some(value)]).collect())
            }
            Command::Broken(view) => {
                let broken = self.views.get(&Name::new(view)).is_none_or(|view| self.is_broken(view));
                Ok(if broken { vec![vec![Some("it reads what is not there".to_owned())]] } else { Vec::new() })
            }
            command => Err(format!("not a query: {command:?}")),
        }
    }
}

fn without_indexes(table: &Table) -> Table {
    let indexes = table.indexes.iter().filter(|index| index.constraint).cloned().collect();
    Table { indexes, ..table.clone() }
}

fn new_name(rebuild: &Rebuild) -> String {
    format!("new {}", rebuild.to.name)
}

fn old_name(rebuild: &Rebuild) -> String {
    format!("old {}", rebuild.to.name)
}

fn default_of(column: &Column) -> Option<String> {
    column.default.as_ref().map(|sql| sql.trim_matches('\'').to_owned())
}

fn copied(rebuild: &Rebuild, row: &Row) -> Row {
    let value = |column: &crate::change::CopyColumn| match &column.source {
        CopySource::Keep(from) => row[from].clone(),
        CopySource::Cast { from, .. } => row[&from.name].clone(),
        CopySource::FillNulls { from, .. } => row[&from.name].clone().or_else(|| default_of(&column.to)),
        CopySource::Default => default_of(&column.to),
    };
    rebuild.copy.iter().map(|column| (column.to.name.clone(), value(column))).collect()
}
