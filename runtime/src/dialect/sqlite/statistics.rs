//! What `ANALYZE` has found. SQLite drops it with a table, and leaves it under the old name where a table is renamed.

use super::inspect::SchemaRow;
use super::normalise::quote_text;

/// Which of its tables there are.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Statistics {
    /// `sqlite_stat1`: how many rows there are to each key of an index.
    rows: bool,
    /// `sqlite_stat4`: values of some of the keys.
    samples: bool,
}

impl Statistics {
    /// Of the rows of `sqlite_schema`.
    pub(crate) fn of(rows: &[SchemaRow]) -> Self {
        let has = |name: &str| rows.iter().any(|row| row.kind == "table" && row.name == name);
        Self { rows: has("sqlite_stat1"), samples: has("sqlite_stat4") }
    }

    /// Copies what there is of a table to another name, but for the indexes that are `dropped`, and the samples of those that are
    /// `converted`: their keys are other values by then.
    pub(crate) fn copy(self, from: &str, to: &str, dropped: &[String], converted: &[&str]) -> Vec<String> {
        let copy = |table: &str, columns: &str, without: Vec<&str>| {
            let names: Vec<String> = without.into_iter().map(quote_text).collect();
            let others = if names.is_empty() {
                String::new()
            } else {
                format!(" AND coalesce(idx, '') NOT IN ({})", names.join(", "))
            };
            let (from, to) = (quote_text(from), quote_text(to));
            format!(
                "INSERT INTO {table} (tbl, idx, {columns}) SELECT {to}, idx, {columns} FROM {table} WHERE tbl = {from} COLLATE NOCASE{others}"
            )
        };
        let dropped = || dropped.iter().map(String::as_str);
        let rows = self.rows.then(|| copy("sqlite_stat1", "stat", dropped().collect()));
        let samples = self.samples.then(|| {
            copy("sqlite_stat4", "neq, nlt, ndlt, sample", dropped().chain(converted.iter().copied()).collect())
        });
        rows.into_iter().chain(samples).collect()
    }

    /// The table has another name, and so have the indexes of its constraints; those have not in a rebuild, `only_table`, which gives it
    /// its own name back.
    pub(crate) fn rename(self, from: &str, to: &str, only_table: bool) -> Vec<String> {
        let index = |name: &str| format!("sqlite_autoindex_{name}_");
        let (old, new) = (quote_text(&index(from)), quote_text(&index(to)));
        let (from, to) = (quote_text(from), quote_text(to));
        let indexes = if only_table {
            String::new()
        } else {
            // The key of a table without rowids goes by the name of the table.
            format!(
                ", idx = CASE WHEN idx = {from} COLLATE NOCASE THEN {to} WHEN substr(idx, 1, length({old})) = {old} COLLATE NOCASE THEN {new} || substr(idx, length({old}) + 1) ELSE idx END"
            )
        };
        let update = |table: &str| format!("UPDATE {table} SET tbl = {to}{indexes} WHERE tbl = {from} COLLATE NOCASE");
        let rows = self.rows.then(|| update("sqlite_stat1"));
        rows.into_iter().chain(self.samples.then(|| update("sqlite_stat4"))).collect()
    }
}
