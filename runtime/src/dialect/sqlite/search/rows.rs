//! How the rows of a table are found again from an index that is kept in a virtual table: by a number.
//!
//! A table with an INTEGER PRIMARY KEY has one that stays. The rowids of other tables change when the file is vacuumed, and a WITHOUT
//! ROWID table has none: they get a table of ours that numbers their keys, and a view that shows the rows under those numbers. (The
//! other way, an index without contents of its own, could show no snippets.)

use super::names;
use crate::catalog::{Index, IndexTables, Table};
use crate::dialect::sqlite::normalise::quote;
use crate::dialect::sqlite::{parse, render};

/// How the rows of one table are numbered for one index.
pub(crate) struct Rows {
    /// The table, quoted.
    pub(crate) table: String,
    /// Where the rows are read from: the table, or the view.
    pub(crate) source: String,
    /// The column that numbers them there.
    pub(crate) rowid: String,
    /// The key columns of the table.
    pub(crate) keys: Vec<String>,
    /// The table that numbers the keys, quoted, where there is one.
    pub(crate) numbers: Option<String>,
}

impl Rows {
    /// `None`: nothing tells the rows of the table apart.
    pub(crate) fn of(table: &Table, index: &str) -> Option<Self> {
        let keys = table.primary_key.as_ref()?.columns.clone();
        let name = &table.name.name;
        if let Some(rowid) = render::rowid_column(table) {
            let rowid = rowid.to_owned();
            return Some(Self { table: quote(name), source: name.clone(), rowid, keys, numbers: None });
        }
        let mut rowid = "docid".to_owned();
        while table.columns.iter().any(|column| column.name.eq_ignore_ascii_case(&rowid)) {
            rowid.push('_');
        }
        Some(Self {
            table: quote(name),
            source: names::part(index, names::ROWS),
            rowid,
            keys,
            numbers: Some(quote(&names::part(index, names::KEYS))),
        })
    }

    /// The statements that make the numbers and the view.
    pub(crate) fn create(&self, table: &Table, columns: &[String]) -> Vec<String> {
        let Some(numbers) = &self.numbers else { return Vec::new() };
        let rowid = quote(&self.rowid);
        let define = |key: &String| {
            let column = table.column(key);
            let collate = column.and_then(|column| column.collate.as_ref());
            let collate = collate.map_or_else(String::new, |name| format!(" COLLATE {}", render::collation(name)));
            let ty = column.map_or_else(String::new, |column| affinity(&column.ty));
            format!("{}{ty}{collate}", quote(key))
        };
        let defined: Vec<String> = self.keys.iter().map(define).collect();
        let shown: Vec<String> =
            columns.iter().map(|column| format!("t.{} AS {}", quote(column), quote(column))).collect();
        vec![
            format!(
                "CREATE TABLE {numbers} ({rowid} INTEGER PRIMARY KEY, {}, UNIQUE ({}))",
                defined.join(", "),
                render::list(&self.keys)
            ),
            format!(
                "CREATE VIEW {} AS SELECT k.{rowid} AS {rowid}, {} FROM {numbers} AS k JOIN {} AS t ON {}",
                quote(&self.source),
                shown.join(", "),
                self.table,
                self.same_key("t", "k")
            ),
        ]
    }

    /// Whether two rows have the same key.
    pub(crate) fn same_key(&self, a: &str, b: &str) -> String {
        let same = |key: &String| format!("{a}.{} IS {b}.{}", quote(key), quote(key));
        self.keys.iter().map(same).collect::<Vec<_>>().join(" AND ")
    }

    /// The number of the row that is called so (`new`, `old`, the table).
    pub(crate) fn number(&self, row: &str) -> String {
        match &self.numbers {
            None => format!("{row}.{}", quote(&self.rowid)),
            Some(numbers) => {
                format!("(SELECT k.{} FROM {numbers} AS k WHERE {})", quote(&self.rowid), self.same_key("k", row))
            }
        }
    }
}

/// The declared type, so that a key compares with the column that it is of as that does with itself.
fn affinity(ty: &str) -> String {
    if ty.is_empty() { String::new() } else { format!(" {}", quote(ty)) }
}

/// Numbers the rows that are there, where a table of ours does.
pub(crate) fn number(table: &str, index: &Index, tables: &IndexTables) -> Option<String> {
    let keys = render::list(&tables.keys);
    let numbers = quote(&names::part(&index.name, names::KEYS));
    (!tables.keys.is_empty()).then(|| format!("INSERT INTO {numbers} ({keys}) SELECT {keys} FROM {}", quote(table)))
}

/// The table whose rows that view shows.
pub(crate) fn table_of(view: &str) -> Option<String> {
    let tokens = parse::tokenize(view);
    let at = tokens.iter().position(|token| token.is("JOIN"))?;
    tokens.get(at + 1).filter(|token| token.is_name()).map(|token| token.unquoted().into_owned())
}

/// The keys that this table of ours numbers.
pub(crate) fn keys_of(numbers: &str) -> Option<Vec<String>> {
    let parsed = parse::parse_table(numbers).ok()?;
    Some(parsed.columns.into_iter().skip(1).map(|column| column.name).collect())
}
