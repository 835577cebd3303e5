//! Points: an R*Tree of the places that a column of GeoJSON points holds, for searches in a box.

use super::follow::{Entries, Follow, Store};
use super::guards::Guards;
use super::rows::Rows;
use crate::catalog::{Index, IndexOn, IndexTables, Table};
use crate::dialect::sqlite::normalise::quote;
use crate::dialect::sqlite::render;

/// What SQLite appends to the name of an R*Tree for the tables in which it keeps it.
pub(crate) const SHADOWS: [&str; 3] = ["node", "rowid", "parent"];

/// What is appended to the name of the column for the sides of its boxes, in their order.
pub(crate) const SIDES: [&str; 4] = [".min_lon", ".max_lon", ".min_lat", ".max_lat"];

/// The R*Tree of an index.
pub(crate) struct Rtree<'a> {
    pub(crate) name: &'a str,
    /// The column that numbers the rows, as in the source.
    pub(crate) rowid: &'a str,
}

impl Store for Rtree<'_> {
    fn remove(&self, entries: &Entries) -> String {
        let tail = entries.tail(None);
        format!("DELETE FROM {} WHERE {} IN (SELECT {}{tail})", quote(self.name), quote(self.rowid), entries.rowid)
    }

    fn add(&self, entries: &Entries) -> String {
        let point = entries.values.first().map_or("NULL", String::as_str);
        let [lon, lat] = [0, 1].map(|at| coordinate(point, at));
        let tail = entries.tail(self.holds(&entries.values));
        format!("INSERT INTO {} SELECT {}, {lon}, {lon}, {lat}, {lat}{tail}", quote(self.name), entries.rowid)
    }

    fn needs_values(&self) -> bool {
        false
    }

    /// What is no point is in no box.
    fn holds(&self, values: &[String]) -> Option<String> {
        let point = values.first()?;
        let number = |at: u8| format!("json_type({point}, '$.coordinates[{at}]') IN ('integer', 'real')");
        Some(format!("CASE WHEN json_valid({point}) THEN {} AND {} ELSE 0 END", number(0), number(1)))
    }
}

fn coordinate(point: &str, at: u8) -> String {
    format!("json_extract({point}, '$.coordinates[{at}]')")
}

/// The tables of a geo index.
pub(crate) fn tables(table: &Table, index: &Index, rows: &Rows, unique: &[Index]) -> IndexTables {
    let columns: Vec<String> = index
        .parts
        .iter()
        .filter_map(|part| match &part.on {
            IndexOn::Column(name) => Some(name.clone()),
            IndexOn::Expression(_) => None,
        })
        .collect();
    let mut create = rows.create(table, &columns);
    let sides = columns.iter().flat_map(|column| SIDES.iter().map(move |side| format!("{column}{side}")));
    let held: Vec<String> = std::iter::once(rows.rowid.clone()).chain(sides).collect();
    create.push(format!("CREATE VIRTUAL TABLE {} USING rtree({})", quote(&index.name), render::list(&held)));
    let guards = Guards::of(table, rows, unique);
    let store = Rtree { name: &index.name, rowid: &rows.rowid };
    create.extend(Follow { table, index: &index.name, columns: &columns, rows, guards, store: &store }.create());
    let keys = if rows.numbers.is_some() { rows.keys.clone() } else { Vec::new() };
    IndexTables { source: rows.source.clone(), keys, rowid: rows.rowid.clone(), columns, create }
}
