//! What differs between databases: [`Dialect`] is pure (text in, text out), [`Session`] talks to the server.
//!
//! The planner asks [`Capabilities`] and the dialect's answers; it never asks which database it is.

#[cfg(feature = "postgres")]
pub mod postgres;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod query;
#[cfg(feature = "sqlite")]
pub mod sqlite;

use crate::catalog::{Catalog, Column, ForeignKey, Name, Table};
use crate::diff::Change;
use crate::error::{Error, Result};
use crate::model::Schema;
use crate::plan::{Hazard, Placement};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

/// What a server can do. Stored with the state: an upgraded server makes the next run look again (rule S2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capabilities {
    /// `sqlite 3.51.3`, as shown to users and compared by the gate.
    pub server: String,
    /// Types, nullability, defaults and the like of a column can be altered in place.
    pub alter_column: bool,
    /// Foreign keys can be added and dropped on a table that exists; else they are part of its definition.
    pub alter_foreign_key: bool,
    /// CHECK constraints can be added and dropped on a table that exists.
    pub alter_check: bool,
    /// Primary keys can be changed in place.
    pub alter_primary_key: bool,
    /// Table options can be changed in place.
    pub alter_option: bool,
    /// Indexes can be renamed.
    pub rename_index: bool,
    /// Foreign keys and checks can be renamed.
    pub rename_constraint: bool,
    /// A view holds on to the columns that it reads: they are neither dropped nor retyped while it is there.
    pub views_hold: bool,
    /// Tables can be changed while others write to them, in many short transactions (online mode).
    pub online: bool,
    /// DDL is part of transactions.
    pub transactional_ddl: bool,
    /// Constraints have names of their own that are compared.
    pub named_constraints: bool,
    /// Materialized views.
    pub materialized_views: bool,
    /// Longest identifier, in bytes.
    pub identifier_limit: usize,
}

/// What lowering makes of a model.
#[derive(Debug, Clone, Default)]
pub struct Lowered {
    /// The desired state.
    pub catalog: Catalog,
    /// What the model asks for and this server does not have, per table or view: reported as `withheld`, with the reason.
    pub notes: BTreeMap<Name, Vec<String>>,
    /// What cannot be lowered at all, per table or view: the entry becomes an error and nothing of it is changed.
    pub errors: BTreeMap<Name, Vec<String>>,
}

/// How safe the conversion of values between two native types is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cast {
    /// Every value converts without loss.
    Safe,
    /// Some values may not convert, or lose something: they are counted first ([`DataCheck::Unconvertible`]). Where the count
    /// is nought nothing is lost.
    Checked,
    /// A conversion that does not make sense (a blob to a date).
    Impossible,
}

/// How a dialect drops a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DropColumn {
    /// `ALTER TABLE … DROP COLUMN` does it.
    InPlace,
    /// The table has to be rebuilt.
    Rebuild,
    /// Something that is not ours stands in the way (rule M4): what it is, in words (`index "by_hand"`).
    Blocked(Vec<String>),
}

/// One statement of a step, as text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
    /// Makes an object that is not ours again by its own SQL. When the run itself has renamed something, what the database holds
    /// right before the step counts, not `sql`, which is what it held when the plan was made.
    Restore {
        /// The object's name.
        name: String,
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
}

impl Statement {
    /// A key below every 64-bit integer, the least one included.
    pub const BEFORE_ALL_KEYS: &'static str = "-9.3e18";

    /// A text of [`Statement::Copy`] with its placeholders filled: those between quotes are somebody's name or text.
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

/// A question about the data that has to be answered before a change (rules C5, C7, C10, F2, I2, T5, X2).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(clippy::large_enum_variant)] // A run has a handful of these.
pub enum DataCheck {
    /// Rows of a table.
    Rows {
        /// The table, by its live name.
        table: Name,
    },
    /// Rows in which the column is NULL.
    Nulls {
        /// The table, by its live name.
        table: Name,
        /// The column, by its live name.
        column: String,
    },
    /// Rows whose value does not survive the cast between the two native types. Samples: the values.
    Unconvertible {
        /// The table, by its live name.
        table: Name,
        /// The column, by its live name, with its live type.
        from: Column,
        /// The column as it shall be.
        to: Column,
        /// The primary key, for the samples.
        key: Vec<String>,
    },
    /// Groups of rows that are equal in these parts; and not NULL in any, unless the index takes NULLs as equal. Samples: the values.
    Duplicates {
        /// The table, by its live name.
        table: Name,
        /// Its index, in live column names.
        index: crate::catalog::Index,
    },
    /// Rows whose foreign key points nowhere. Samples: the values.
    Orphans {
        /// The referencing table, by its live name.
        table: Name,
        /// The key, in live names of both tables.
        foreign_key: ForeignKey,
    },
    /// Rows of a table that reference any row of another.
    References {
        /// The referencing table, by its live name.
        table: Name,
        /// The key, in live names of both tables.
        foreign_key: ForeignKey,
    },
    /// Rows that violate the check. Samples: the keys.
    Violations {
        /// The table, by its live name.
        table: Name,
        /// The condition, in live column names.
        sql: String,
        /// Columns that are not there yet: each row has their default, or what they generate.
        added: Vec<Column>,
    },
    /// Values of a column, or elements of its arrays, that are one of these labels. Samples: the values.
    Labels {
        /// The table, by its live name.
        table: Name,
        /// The column, by its live name.
        column: String,
        /// It holds arrays.
        array: bool,
        /// The labels.
        labels: Vec<String>,
        /// The primary key, for the samples.
        key: Vec<String>,
    },
    /// Rows whose value is not of the column's type, where the database has let it in. Samples: the values.
    WrongType {
        /// The table, by its live name.
        table: Name,
        /// The column, by its live name.
        column: Column,
        /// The primary key, for the samples.
        key: Vec<String>,
    },
    /// Another question, asked of the rows as this run will leave them; only where a rebuild changes them.
    After {
        /// The tables of the question that change.
        images: Vec<Image>,
        /// The question: tables by their live names, the columns of those by their names after the run.
        check: Box<DataCheck>,
    },
}

/// The rows of a table as a run will leave them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Image {
    /// The table, by its live name.
    pub table: Name,
    /// Where each column gets its values, in live names.
    pub columns: Vec<crate::diff::CopyColumn>,
    /// Generated columns, each after those that it is made of.
    pub generated: Vec<Column>,
}

impl DataCheck {
    /// The table that is asked, by its live name.
    pub fn table(&self) -> &Name {
        match self {
            Self::Rows { table }
            | Self::Nulls { table, .. }
            | Self::Labels { table, .. }
            | Self::Unconvertible { table, .. }
            | Self::Duplicates { table, .. }
            | Self::Orphans { table, .. }
            | Self::References { table, .. }
            | Self::Violations { table, .. }
            | Self::WrongType { table, .. } => table,
            Self::After { check, .. } => check.table(),
        }
    }
}

/// The SQL of a [`DataCheck`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckQuery {
    /// One row, one integer column.
    pub count: String,
    /// Up to three rows of one text column: asked only where the count is above nought.
    pub samples: Option<String>,
}

/// The answer to a [`DataCheck`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// How many.
    pub count: u64,
    /// Up to three.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub samples: Vec<String>,
    /// What the database said where it could not answer (an expression that divides by nought).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raised: Option<String>,
}

/// What a change does to those who use the table meanwhile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Effect {
    /// The lock that it takes, in the database's own words.
    pub lock: Option<&'static str>,
    /// Hazards.
    pub hazards: Vec<Hazard>,
}

/// One part of a change that is done online.
#[derive(Debug, Clone, PartialEq)]
pub struct OnlinePart {
    /// In which transaction.
    pub placement: Placement,
    /// Its statements.
    pub statements: Vec<Statement>,
    /// What it does to others.
    pub effect: Effect,
    /// What takes back what it leaves behind.
    pub undo: Vec<String>,
}

/// The pure part of a database: lowering, comparing, rendering.
pub trait Dialect: Send + Sync + 'static {
    /// `sqlite`
    fn name(&self) -> &'static str;

    /// Changes when lowering changes: part of the fingerprint (rule S1).
    fn lowering_version(&self) -> u32;

    /// What the server can do.
    fn capabilities(&self) -> &Capabilities;

    /// The physical state that the model asks for. Index, FK and check names are the managed ones.
    fn lower(&self, schema: &Schema) -> Lowered;

    /// The key by which the database compares names: folded where it ignores case (rule C1).
    fn fold<'a>(&self, name: &'a str) -> Cow<'a, str>;

    /// The physical name of a model's table or view.
    fn name_of(&self, schema: Option<&str>, name: &str) -> Name {
        let _ = schema;
        Name::new(name)
    }

    /// The name that the server itself gives to the primary key of a table, or to the sequence of that identity column of it; `None`:
    /// it has no such names.
    fn own_name(&self, table: &str, column: Option<&str>) -> Option<String> {
        let _ = (table, column);
        None
    }

    /// The expression after its column `from` was renamed to `to`, as the database itself rewrites it.
    fn rename_in_expression(&self, sql: &str, from: &str, to: &str) -> String;

    /// The statement of an index or a trigger after a column was renamed.
    fn rename_in_statement(&self, sql: &str, from: &str, to: &str) -> String {
        self.rename_in_expression(sql, from, to)
    }

    /// The text of a trigger after a table was renamed, as far as the planner has to know it. As it is, where triggers hold no names.
    fn rename_table_in(&self, sql: &str, from: &str, to: &str) -> String {
        let _ = (from, to);
        sql.to_owned()
    }

    /// The expression after an enum type got another name, as the database words it then; both as the native type of a column.
    fn rename_type_in(&self, sql: &str, from: &str, to: &str) -> String {
        let _ = (from, to);
        sql.to_owned()
    }

    /// The expression after a label of that enum type got another name.
    fn rename_label_in(&self, sql: &str, ty: &str, from: &str, to: &str) -> String {
        let _ = (ty, from, to);
        sql.to_owned()
    }

    /// Whether a text in the expression could be that label of an enum type: rather yes than no.
    fn mentions_label(&self, sql: &str, label: &str) -> bool {
        sql.contains(label)
    }

    /// The native type of the columns of an enum type.
    fn type_text(&self, name: &Name) -> String {
        name.name.clone()
    }

    /// Whether the text of a view or a trigger mentions the table or view of that name.
    fn mentions(&self, sql: &str, name: &str) -> bool;

    /// Whether the query of a view may read that column of the table or view: rather yes than no.
    fn reads_column(&self, sql: &str, _relation: &Name, column: &str) -> bool {
        self.mentions(sql, column)
    }

    /// Whether the text of a trigger reads or writes the table or view of that name: what is only called so, a column, does not count.
    fn uses(&self, sql: &str, name: &str) -> bool {
        self.mentions(sql, name)
    }

    /// A condition that every row fulfils for which the expression can be computed; for others the query fails.
    fn computes(&self, expression: &str) -> String {
        format!("(({expression}) IS NULL) IN (TRUE, FALSE)")
    }

    /// Whether a query holds a name in quotes that nothing has (`is_known`), and that the database takes for a text: a rename, of whatever,
    /// writes it as one.
    fn names_text(&self, sql: &str, is_known: &dyn Fn(&str) -> bool) -> bool {
        let _ = (sql, is_known);
        false
    }

    /// Whether two definitions of a view say the same.
    fn same_query(&self, a: &str, b: &str) -> bool {
        a == b
    }

    /// The one quoting function for identifiers.
    fn quote(&self, identifier: &str) -> String;

    /// Whether a column of that native type can number its rows: the integers.
    fn can_count(&self, ty: &str) -> bool {
        ty.to_ascii_lowercase().contains("int")
    }

    /// Whether the option, once set to that value, refuses values that a column holds although they are not of its type.
    fn enforces_types(&self, option: &str, value: Option<&str>) -> bool {
        let _ = (option, value);
        false
    }

    /// Whether a live type that differs in text serves the model's type just as well, so that an adopted table need not change.
    fn equivalent_type(&self, desired: &str, live: &str) -> bool;

    /// How safe a conversion is.
    fn cast(&self, from: &Column, to: &Column) -> Cast;

    /// The value of the column of that (live) name as it will be after a change of its type in place; `None`: not known before.
    fn converted(&self, column: &str, from: &Column, to: &Column) -> Option<String> {
        let _ = (column, from, to);
        None
    }

    /// Whether `ALTER TABLE … ADD COLUMN` can add it to that live table, with the foreign keys that the new column brings;
    /// `empty`: the table has no rows.
    fn add_column_in_place(&self, table: &Table, column: &Column, foreign_keys: &[ForeignKey], empty: bool) -> bool;

    /// How the column of that live table can be dropped, once our own indexes on it are gone. `views`: all live views, with their triggers.
    fn drop_column(&self, table: &Table, column: &Column, catalog: &Catalog) -> DropColumn;

    /// Whether a foreign key can be from a column of the one native type to one of the other; `None`: the server has to say.
    fn can_reference(&self, from: &str, to: &str) -> Option<bool> {
        (from == to).then_some(true)
    }

    /// Whether a table with the one options can have a foreign key to one with the other, or why not.
    fn may_reference(
        &self,
        child: &BTreeMap<String, String>,
        parent: &BTreeMap<String, String>,
    ) -> Result<(), &'static str> {
        let _ = (child, parent);
        Ok(())
    }

    /// Whether a column changes by being dropped and added again, so that what hangs on it goes along.
    fn replaces_column(&self, from: &Column, to: &Column) -> bool {
        let _ = (from, to);
        false
    }

    /// The statements of a change.
    ///
    /// # Errors
    /// A sentence: what this dialect cannot do.
    fn render(&self, change: &Change) -> Result<Vec<Statement>, String>;

    /// What a change does to those who use the table; `None`: what the planner knows is all.
    fn effect(&self, change: &Change) -> Option<Effect> {
        let _ = change;
        None
    }

    /// The parts of a change of a table in use, so that nobody who writes to it waits for long (online mode); `None`: it is done as
    /// always. `replaces`: an index of that name is there, and gives way to this one.
    fn render_online(&self, change: &Change, replaces: bool) -> Option<Vec<OnlinePart>> {
        let _ = (change, replaces);
        None
    }

    /// The queries of a data check.
    fn render_check(&self, check: &DataCheck) -> CheckQuery;

    /// The statement that fills a materialized view again.
    ///
    /// # Errors
    /// A sentence: there are none on this database.
    fn refresh_view(&self, view: &Name) -> Result<Statement, String> {
        let _ = view;
        Err(format!("{} has no materialized views: a plain view is always up to date", self.capabilities().server))
    }
}

/// A fingerprint that is worked out when it is looked at: the gate of a server does so while its question is on the way.
pub type Fingerprint<'a> = LazyLock<String, Box<dyn FnOnce() -> String + Send + 'a>>;

/// A fingerprint that has been worked out.
pub(crate) fn known(fingerprint: &str) -> Fingerprint<'_> {
    Fingerprint::new(Box::new(|| fingerprint.to_owned()))
}

/// What the one query of the gate returns (rule S2).
#[derive(Debug, Clone, Default)]
pub struct Gate {
    /// The state row without its base; `None`: there is none, or no state table.
    pub state: Option<GateState>,
    /// The server, as in [`Capabilities::server`].
    pub server: String,
    /// Whether the history knows the fingerprint that was asked for.
    pub known_fingerprint: bool,
}

/// The small part of the state row.
#[derive(Debug, Clone)]
pub struct GateState {
    /// Format of the row.
    pub format: i64,
    /// Fingerprint of the last run; empty when it had errors.
    pub fingerprint: String,
    /// Fingerprint of the last run, also when it had errors (rule S6).
    pub attempted: String,
    /// [`Capabilities::server`] of the last run.
    pub server: String,
    /// Pending work, JSON (see `sync::state`).
    pub pending: String,
}

/// A whole state row, as stored.
#[derive(Debug, Clone)]
pub struct StateRow {
    /// The small part.
    pub gate: GateState,
    /// Base, JSON (see `sync::state`).
    pub base: String,
    /// Names of the tables and views of this namespace, JSON.
    pub claims: String,
}

/// A row of the history (rule S3).
#[derive(Debug, Clone)]
pub struct HistoryRow {
    /// RFC 3339, UTC.
    pub at: String,
    /// Fingerprint of the model.
    pub fingerprint: String,
    /// Version of this crate.
    pub version: String,
    /// Host name, where known.
    pub host: String,
    /// Milliseconds.
    pub duration_ms: i64,
    /// `synced`, `failed`
    pub outcome: String,
    /// Statements, JSON array of texts.
    pub statements: String,
}

/// A connection taken for one run.
pub trait Session: Send {
    /// Its dialect, made for the server's version.
    fn dialect(&self) -> Arc<dyn Dialect>;

    /// The one query of the gate (rule S2). Never writes.
    fn gate(&mut self, namespace: &str, fingerprint: &Fingerprint<'_>) -> impl Future<Output = Result<Gate>> + Send;

    /// Takes the lock and begins (rules S5, S7): after it, the connection is ours until [`Session::finish`].
    fn begin(&mut self, timeout: Duration) -> impl Future<Output = Result<()>> + Send;

    /// A read-only look for `plan()`: a consistent snapshot, no lock, nothing written.
    fn begin_read(&mut self) -> impl Future<Output = Result<()>> + Send;

    /// Commits or rolls back, and restores every session setting, whatever happened before.
    fn finish(&mut self, commit: bool) -> impl Future<Output = Result<()>> + Send;

    /// Takes a lock that is kept across transactions (online mode), until [`Session::finish`].
    fn begin_online(&mut self, timeout: Duration) -> impl Future<Output = Result<()>> + Send {
        let _ = timeout;
        async { Err(Error::Refused("this database has no online mode".to_owned())) }
    }

    /// Begins one of the short transactions of an online run.
    fn begin_part(&mut self) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }

    /// Ends it.
    fn finish_part(&mut self, commit: bool) -> impl Future<Output = Result<()>> + Send {
        let _ = commit;
        async { Ok(()) }
    }

    /// Runs one statement outside of transactions, waiting for the locks of others as long as the caller allows.
    fn execute_alone(&mut self, sql: &str) -> impl Future<Output = Result<u64, sqlx::Error>> + Send {
        self.execute(sql)
    }

    /// What the database says of an error beside its message.
    fn detail(&self, error: &sqlx::Error) -> Option<String> {
        let _ = error;
        None
    }

    /// Whether the statement only failed because others were in the way: it may be tried again.
    fn is_busy(&self, error: &sqlx::Error) -> bool {
        let _ = error;
        false
    }

    /// About how many rows the tables of the last [`Session::inspect`] have, where the database knows without counting.
    fn row_estimates(&self) -> BTreeMap<Name, u64> {
        BTreeMap::new()
    }

    /// Tells what the model and the base name, before [`Session::inspect`]: a database with many schemas is read only where they are.
    fn scope(&mut self, schema: &Schema, base: &Catalog) -> impl Future<Output = Result<()>> + Send {
        let _ = (schema, base);
        async { Ok(()) }
    }

    /// As [`Session::scope`], for whoever wants to see all that there is.
    fn scope_everything(&mut self) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }

    /// Names and native types of a view's columns.
    fn view_columns(&mut self, name: &Name) -> impl Future<Output = Result<Vec<(String, String)>, sqlx::Error>> + Send;

    /// Puts what the model wrote into the database's own words, where they are needed to compare it. What the database refuses
    /// becomes an error of its table. Leaves nothing behind. `safe`: for a safe run, which leaves some types as they are.
    fn normalise(
        &mut self,
        lowered: &mut Lowered,
        actual: &Catalog,
        base: &Catalog,
        safe: bool,
    ) -> impl Future<Output = Result<()>> + Send {
        let _ = (lowered, actual, base, safe);
        async { Ok(()) }
    }

    /// The database, in a constant number of queries; state tables, temporary objects of ours and shadow tables left out.
    fn inspect(&mut self) -> impl Future<Output = Result<Catalog>> + Send;

    /// Runs one statement of DDL or DML; the number of rows changed.
    fn execute(&mut self, sql: &str) -> impl Future<Output = Result<u64, sqlx::Error>> + Send;

    /// Runs a query; every value as text.
    fn query(&mut self, sql: &str) -> impl Future<Output = Result<Vec<Vec<Option<String>>>, sqlx::Error>> + Send;

    /// As [`Session::query`], for one that may fail over the data: the transaction goes on.
    fn try_query(&mut self, sql: &str) -> impl Future<Output = Result<Vec<Vec<Option<String>>>, sqlx::Error>> + Send {
        self.query(sql)
    }

    /// The SQL of a view, or of the indexes, triggers and foreign keys of a table, as the database holds it now, by name, for
    /// [`Statement::Restore`].
    fn definitions(&mut self, table: &Name) -> impl Future<Output = Result<BTreeMap<String, String>>> + Send;

    /// Foreign key violations of those of these tables that are there, one text each, to be compared before and after (rule X3).
    fn violations(&mut self, tables: &[Name]) -> impl Future<Output = Result<Vec<String>>> + Send;

    /// The state row of a namespace.
    fn read_state(&mut self, namespace: &str) -> impl Future<Output = Result<Option<StateRow>>> + Send;

    /// What other namespaces claim: `(namespace, claims JSON)`.
    fn other_claims(&mut self, namespace: &str) -> impl Future<Output = Result<Vec<(String, String)>>> + Send;

    /// Writes the state row, creating the state tables where they are missing.
    fn write_state(&mut self, namespace: &str, row: &StateRow) -> impl Future<Output = Result<()>> + Send;

    /// Appends to the history.
    fn append_history(&mut self, namespace: &str, row: &HistoryRow) -> impl Future<Output = Result<()>> + Send;

    /// The last runs of a namespace that changed something, the newest first; none where there is no history.
    fn history(&mut self, namespace: &str, limit: u32) -> impl Future<Output = Result<Vec<HistoryRow>>> + Send;
}
