//! What differs between databases: [`Dialect`] is pure (text in, text out), [`Session`] talks to the server.
//!
//! The planner asks [`Capabilities`] and the dialect's answers; it never asks which database it is.

mod capabilities;
mod database;
mod error;
#[cfg(feature = "mysql")]
pub mod mysql;
#[cfg(feature = "postgres")]
pub mod postgres;
pub(crate) mod script;
mod search;
mod session;
#[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
mod sql;
#[cfg(feature = "sqlite")]
pub mod sqlite;
mod state_store;
#[cfg(feature = "cli")]
pub(crate) mod url;

pub use capabilities::Capabilities;
pub use database::Database;
pub(crate) use database::with_session;
pub use error::{DatabaseError, DatabaseErrorKind, Error, Result};
pub use search::SearchSql;
pub use session::{Session, TableLocks};
pub(crate) use state_store::known;
pub use state_store::{Fingerprint, Gate, GateState, HistoryRow, StateRow, StateStore};

use crate::catalog::{Catalog, Column, ForeignKey, Index, Name, Reads, Table};
use crate::change::{CastSafety, Change, CheckQuery, DataCheck, DropColumn, Impact, OnlinePart, Statement};
use crate::model::{DataType, NativeColumn, NativeMut, Schema};
use std::borrow::Cow;
use std::collections::BTreeMap;

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

/// What a name is of: databases may ignore the case of some names and not of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NameKind {
    /// A table or a view.
    Relation,
    /// A column.
    Column,
    /// An index.
    Index,
    /// An enum type.
    Type,
    /// A label of an enum type: a value, not a name of the schema.
    Label,
}

/// What raising makes of a live database.
#[derive(Debug, Clone, Default)]
pub struct Raised {
    /// The model.
    pub schema: Schema,
    /// What a model cannot say, one sentence each.
    pub notes: Vec<String>,
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

    /// Writes the columns that a `*` stands for into the queries of the desired views (rule V2): those of the model, and of `live` what is
    /// not in it. One that cannot be expanded becomes an error of its view.
    fn expand_stars(&self, lowered: &mut Lowered, live: &Catalog) {
        let _ = (lowered, live);
    }

    /// The model of a live database, the reverse of [`Dialect::lower`]: it lowers to that catalog, as far as a model can say it.
    fn raise(&self, catalog: &Catalog) -> Raised;

    /// The logical type that a native type is for, or that comes nearest to it.
    fn raise_type(&self, native: &str) -> DataType;

    /// Where a column of the model says its type and its collation for this database.
    fn native_mut<'a>(&self, native: &'a mut NativeColumn) -> NativeMut<'a>;

    /// The key by which the database compares names of that kind: folded where it ignores case (rule C1).
    fn fold<'a>(&self, kind: NameKind, name: &'a str) -> Cow<'a, str>;

    /// The physical name of a model's table or view.
    fn name_of(&self, schema: Option<&str>, name: &str) -> Name {
        let _ = schema;
        Name::new(name)
    }

    /// The name that the server itself gives to the primary key of a table, or to the sequence of that identity column of it; `None`:
    /// it has no such names.
    fn server_generated_name(&self, table: &str, column: Option<&str>) -> Option<String> {
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

    /// The native type of the columns of an enum type.
    fn type_text(&self, name: &Name) -> String {
        name.name.clone()
    }

    /// What an expression over the columns of that table reads, as far as its text tells; without a table: the query of a view. Where the
    /// server knows more, inspection says so.
    fn read_expression(&self, table: Option<&Table>, text: &str) -> Reads;

    /// A condition that every row fulfils for which the expression can be computed; for others the query fails.
    fn computes(&self, expression: &str) -> String {
        format!("(({expression}) IS NULL) IN (TRUE, FALSE)")
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
    fn cast(&self, from: &Column, to: &Column) -> CastSafety;

    /// Whether the values of another kind have to be written anew although the native type stays.
    fn rewrites_values(&self, from: &Column, to: &Column) -> bool {
        let _ = (from, to);
        false
    }

    /// What the values of an adopted column may be, where its native type leaves that open and the conversion depends on it: the first
    /// reading by which all its values convert is the one. Empty: nothing is open.
    fn readings(&self, from: &Column, to: &Column) -> Vec<Column> {
        let _ = (from, to);
        Vec::new()
    }

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
    fn types_comparable(&self, from: &str, to: &str) -> Option<bool> {
        (from == to).then_some(true)
    }

    /// Whether a table with the one options can have a foreign key to one with the other, or why not.
    fn options_allow_reference(
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

    /// Whether a change of a table can be done in one statement with these, as [`Change::AlterTable`].
    fn joins(&self, changes: &[Change], next: &Change) -> bool {
        let _ = (changes, next);
        false
    }

    /// What a change does to those who use the table; `None`: what the planner knows is all.
    fn effect(&self, change: &Change) -> Option<Impact> {
        let _ = change;
        None
    }

    /// The parts of a change of a table in use, so that nobody who writes to it waits for long (online mode); `None`: it is done as
    /// always. `replaces`: an index of that name is there, and gives way to this one.
    fn render_online(&self, change: &Change, replaces: bool) -> Option<Vec<OnlinePart>> {
        let _ = (change, replaces);
        None
    }

    /// The settings of a session that a run makes, and that its statements rely on.
    fn session_settings(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    /// The queries of a data check.
    fn render_check(&self, check: &DataCheck) -> CheckQuery;

    /// The counts of several data checks in one query: one row, a column for each.
    fn render_counts(&self, checks: &[DataCheck]) -> String {
        let counts: Vec<String> = checks.iter().map(|check| format!("({})", self.render_check(check).count)).collect();
        format!("SELECT {}", counts.join(", "))
    }

    /// How a full-text index is searched: the table and the index as they are desired, the index as the model has it, and the number of the
    /// parameter that the words are bound to. `None`: it is not known how.
    fn search_fulltext(
        &self,
        table: &Table,
        index: &Index,
        model: &crate::model::Index,
        parameter: u16,
    ) -> Option<SearchSql> {
        let _ = (table, index, model, parameter);
        None
    }

    /// Somebody's words as a full-text search takes them: rows that have all of them. No words make it fail.
    fn search_words(&self, words: &str) -> String {
        words.replace('\0', " ")
    }

    /// The statement that fills a materialized view again.
    ///
    /// # Errors
    /// A sentence: there are none on this database.
    fn refresh_view(&self, view: &Name) -> Result<Statement, String> {
        let _ = view;
        Err(format!("{} has no materialized views: a plain view is always up to date", self.capabilities().server))
    }
}
