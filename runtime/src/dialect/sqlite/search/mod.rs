//! Indexes that SQLite has no kind of its own for: each is kept in a virtual table of ours, with triggers that follow the rows.
//!
//! [`follow`] writes the triggers, whatever the virtual table is; [`fulltext`] is FTS5, [`points`] an
//! R*Tree; [`live`] finds all of it again in a database.

mod ask;
mod follow;
mod fulltext;
mod guards;
mod live;
mod names;
mod points;
mod rows;

pub(crate) use ask::{fulltext as ask_fulltext, words};
pub(crate) use fulltext::{SHADOWS as FTS5_SHADOWS, language, tokenizer};
use guards::unmanaged;
pub(crate) use live::{LiveIndexes, read};
pub(crate) use points::SHADOWS as RTREE_SHADOWS;

use super::fold;
use super::normalise::quote;
use crate::catalog::{Catalog, Column, Index, IndexKind, IndexTables, Name, Table};
use crate::change::{Renames, Statement};
use crate::dialect::Lowered;
use follow::{Entries, Store};
use fulltext::Fts5;
use points::Rtree;
use rows::Rows;

/// Gives each index of the table that is kept in tables of its own those tables, and leaves out what SQLite cannot index: the reasons.
/// `unique`: unique indexes that the live table has beside those of the model.
pub(crate) fn lower(table: &mut Table, unique: &[Index]) -> Vec<String> {
    let mut notes = Vec::new();
    let mut indexes = std::mem::take(&mut table.indexes);
    table.indexes.clone_from(&indexes);
    indexes.retain_mut(|index| match tables(table, index, unique) {
        Ok(tables) => {
            index.tables = tables.map(Box::new);
            true
        }
        Err(reason) => {
            notes.push(reason);
            false
        }
    });
    table.indexes = indexes;
    notes
}

/// The tables of an index; `None`: it is an index of SQLite's own.
fn tables(table: &Table, index: &Index, unique: &[Index]) -> Result<Option<IndexTables>, String> {
    match index.kind {
        IndexKind::Fulltext => {
            let what = format!("full-text index \"{}\"", index.name);
            let rows = Rows::of(table, &index.name)
                .ok_or_else(|| format!("{what}: a table without a primary key has no rows that it could find again"))?;
            fulltext::tables(table, index, &rows, unique).map(Some).map_err(|reason| format!("{what}: {reason}"))
        }
        IndexKind::Geo => {
            let what = format!("geo index \"{}\"", index.name);
            let rows = Rows::of(table, &index.name)
                .ok_or_else(|| format!("{what}: a table without a primary key has no rows that it could find again"))?;
            Ok(Some(points::tables(table, index, &rows, unique)))
        }
        _ => Ok(None),
    }
}

/// All names in the database that belong to an index: its own, and those of the tables that it is kept in.
pub(crate) fn names(index: &Index) -> Vec<String> {
    let mut names = vec![index.name.clone()];
    if index.tables.is_some() {
        let parts = [names::REPLACED, names::KEYS, names::ROWS].into_iter().chain(names::TRIGGERS);
        names.extend(parts.map(|part| names::part(&index.name, part)));
        let shadows: &[&str] = if index.kind == IndexKind::Geo { &points::SHADOWS } else { &fulltext::SHADOWS };
        names.extend(shadows.iter().map(|shadow| format!("{}_{shadow}", index.name)));
    }
    names
}

/// Makes the index: whatever is left of an earlier one goes first.
pub(crate) fn create(table: &str, index: &Index, tables: &IndexTables) -> Vec<Statement> {
    let mut statements = drop(index);
    statements.extend(tables.create.iter().cloned().map(Statement::Execute));
    statements.extend(rows::number(table, index, tables).map(Statement::Execute));
    statements.push(fill(index, tables));
    statements
}

/// Drops all that belongs to the index, as far as it is there.
pub(crate) fn drop(index: &Index) -> Vec<Statement> {
    let name = &index.name;
    let triggers = names::TRIGGERS.iter().map(|part| ("TRIGGER", names::part(name, part)));
    let parts = [("VIEW", names::part(name, names::ROWS)), ("TABLE", name.clone())];
    let tables = [names::REPLACED, names::KEYS].map(|part| ("TABLE", names::part(name, part)));
    let all = triggers.chain(parts).chain(tables);
    all.map(|(kind, name)| Statement::Execute(format!("DROP {kind} IF EXISTS {}", quote(&name)))).collect()
}

/// Fills it from the rows that are there, in batches.
fn fill(index: &Index, tables: &IndexTables) -> Statement {
    let fts5 = Fts5 { name: &index.name, columns: &tables.columns };
    let rtree = Rtree { name: &index.name, rowid: &tables.rowid };
    let store: &dyn Store = if index.kind == IndexKind::Geo { &rtree } else { &fts5 };
    let (source, rowid) = (quote(&tables.source), quote(&tables.rowid));
    let values: Vec<String> = tables.columns.iter().map(|column| quote(column)).collect();
    let held = store.holds(&values).map_or_else(String::new, |condition| format!(" WHERE {condition}"));
    let entries = Entries {
        rowid: rowid.clone(),
        values,
        from: Some(source.clone()),
        conditions: vec![format!("{rowid} > {{after}}"), format!("{rowid} <= {{last}}")],
    };
    Statement::Copy {
        insert: store.add(&entries),
        next: super::rebuild::next(&rowid, &numbered(index, tables)),
        rows: format!("SELECT count(*) FROM {source}{held}"),
        table: index.name.clone(),
    }
}

/// What tells the numbers of the rows without looking for the rows.
fn numbered(index: &Index, tables: &IndexTables) -> String {
    if tables.keys.is_empty() { quote(&tables.source) } else { quote(&names::part(&index.name, names::KEYS)) }
}

/// Has the indexes follow what is unique in the live tables and not in the model: rows can be replaced over it as well.
pub(crate) fn follow_unmanaged(lowered: &mut Lowered, live: &Catalog, base: &Catalog, renames: &Renames) {
    for table in
        lowered.catalog.tables.values_mut().filter(|table| table.indexes.iter().any(|index| index.tables.is_some()))
    {
        let before = renames.tables.iter().find(|(_, to)| *to == table.name).map_or(&table.name, |(from, _)| from);
        let same = |name: &&Name| fold(&name.name) == fold(&before.name);
        let Some(live) = live.tables.keys().find(same).and_then(|name| live.tables.get(name)) else { continue };
        let base = base.tables.keys().find(same).and_then(|name| base.tables.get(name));
        let changes = renames.columns.get(&table.name);
        let after = |column: &str| {
            let renamed = changes
                .into_iter()
                .flat_map(|changes| &changes.ordered)
                .fold(column, |name, (from, to)| if name.eq_ignore_ascii_case(from) { to } else { name });
            let is = |other: &&Column| other.name.eq_ignore_ascii_case(renamed);
            let unmanaged = |base: &Table| !base.columns.iter().any(|known| known.name.eq_ignore_ascii_case(column));
            let stays = || base.is_none_or(unmanaged).then(|| renamed.to_owned());
            table.columns.iter().find(is).map(|column| column.name.clone()).or_else(stays)
        };
        let unique = unmanaged(live, after);
        if !unique.is_empty() {
            let mut followed = table.clone();
            lower(&mut followed, &unique);
            table.indexes = followed.indexes;
        }
    }
}
