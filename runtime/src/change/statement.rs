//! [`Statement`]: what one step sends to the database.

use crate::catalog::Name;
use serde::{Deserialize, Serialize};

/// One statement of a step, as text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Statement {
    /// Runs it.
    Execute(String),
    /// A query that must return no row; else the step fails with the message, followed by the first row.
    AssertEmpty {
        /// The query.
        query: String,
        /// What it means when there is a row.
        message: String,
    },
    /// Makes an unmanaged object again by its own SQL. When the run itself has renamed something, what the database holds
    /// right before the step counts, not `sql`, which is what it held when the plan was made.
    Restore {
        /// The view; or the table or view that it is a part of.
        object: Name,
        /// The name of the part: an index, a trigger, a foreign key. `None`: the view itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        part: Option<String>,
        /// Its SQL.
        sql: String,
    },
    /// Copies rows in batches, reporting progress. `{after}` stands for the last key copied so far, [`Statement::BEFORE_ALL_KEYS`] at first;
    /// `{last}` for the key of the last row of the next batch, which the query `next` gives (no row: done).
    Copy {
        /// `INSERT INTO … SELECT … WHERE rowid > {after} AND rowid <= {last}`
        insert: String,
        /// `SELECT max(rowid) FROM (SELECT rowid FROM … WHERE rowid > {after} ORDER BY rowid LIMIT …)`
        next: String,
        /// `SELECT count(*) FROM …`: how many rows there are to copy. Other than were copied, the step has failed.
        rows: String,
        /// The table, for the progress callback.
        table: String,
    },
    /// Changes the rows of a table range by range, each in a transaction of its own, reporting progress: only in a step that is
    /// [`Batched`](super::StepIsolation::Batched), whose other statements do what this one has not met.
    Fill {
        /// `UPDATE … WHERE … >= {after} AND … < {last}`
        update: String,
        /// A query for the end of the last range.
        end: String,
        /// How long a range is.
        length: u64,
        /// The table, for the progress callback.
        table: String,
    },
}

impl Statement {
    /// A key below every 64-bit integer, the least one included.
    pub const BEFORE_ALL_KEYS: &'static str = "-9.3e18";

    /// A text of [`Statement::Copy`] or [`Statement::Fill`] with its placeholders filled: those between quotes are somebody's name or text.
    pub(crate) fn fill(sql: &str, after: &str, last: &str) -> String {
        let mut filled = String::with_capacity(sql.len());
        let mut quote = None;
        let mut rest = sql;
        while let Some(c) = rest.chars().next() {
            let placeholder =
                [("{after}", after), ("{last}", last)].into_iter().find(|(name, _)| rest.starts_with(name));
            if let (None, Some((name, value))) = (quote, placeholder) {
                filled.push_str(value);
                rest = &rest[name.len()..];
                continue;
            }
            match quote {
                Some(open) if c == open => quote = None,
                None if matches!(c, '"' | '\'' | '`') => quote = Some(c),
                _ => {}
            }
            filled.push(c);
            rest = &rest[c.len_utf8()..];
        }
        filled
    }
}
