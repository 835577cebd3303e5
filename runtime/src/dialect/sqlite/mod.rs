//! SQLite: [`Sqlite`] is its dialect, [`SqliteSession`] its connection.

mod casts;
mod checks;
mod columns;
mod connect;
mod defaults;
mod hidden;
mod inspect;
mod lower;
mod normalise;
mod parse;
mod pool;
mod probe;
mod query;
mod raise;
mod reads;
mod rebuild;
mod render;
mod rows;
mod script;
mod search;
mod session;
mod state;
mod statistics;
#[cfg(test)]
mod tests;
mod types;
#[cfg(feature = "cli")]
pub(super) mod url;
mod values;
mod view;

pub use connect::SqliteDatabase;
pub(crate) use script::write as script;
pub use session::SqliteSession;

use super::sql::raise::{RaiseNative, raise};
use super::sql::star::{self, Syntax};
use super::{Capabilities, Dialect, Lowered, NameKind, Raised, SearchSql};
use crate::catalog::{Catalog, Column, ForeignKey, IdentifierLimit, Index, Reads, Table};
use crate::change::{CastSafety, Change, CheckQuery, DataCheck, DropColumn, Statement};
use crate::model::sql::Lexer;
use crate::model::{DataType, NativeColumn, NativeMut, Schema};
use std::borrow::Cow;

/// SQLite sets no limit; names are cut where they would become absurd.
const IDENTIFIER_LIMIT: IdentifierLimit = IdentifierLimit::Bytes(1000);

/// The dialect of SQLite.
#[derive(Debug, Clone)]
pub struct Sqlite {
    capabilities: Capabilities,
    /// Of the database, once it has been looked at.
    statistics: statistics::Statistics,
}

impl Sqlite {
    /// For a server of that version (`sqlite_version()`).
    pub fn new(version: &str) -> Self {
        Self {
            statistics: statistics::Statistics::default(),
            capabilities: Capabilities {
                server: server(version),
                alter_column_in_place: false,
                projects_rows: true,
                generated_columns_block_changes: false,
                foreign_keys_block_changes: false,
                alter_foreign_key: false,
                alter_check: false,
                alter_primary_key: false,
                alter_option: false,
                rename_index: false,
                rename_constraint: false,
                views_block_changes: false,
                views_follow_renames: false,
                renames_read_all_views: true,
                triggers_hold_names: true,
                replace_view: false,
                replace_view_columns: false,
                online: false,
                transactional_ddl: true,
                named_constraints: false,
                identifier_limit: IDENTIFIER_LIMIT,
            },
        }
    }
}

/// As in [`Capabilities::server`].
fn server(version: &str) -> String {
    format!("sqlite {version}")
}

/// SQLite compares names without the case of ASCII letters.
fn fold(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

impl Dialect for Sqlite {
    fn name(&self) -> &'static str {
        "sqlite"
    }

    fn lowering_version(&self) -> u32 {
        3
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn lower(&self, schema: &Schema) -> Lowered {
        lower::lower(schema)
    }

    fn raise(&self, catalog: &Catalog) -> Raised {
        raise(&raise::SqliteRaise, catalog)
    }

    fn raise_type(&self, native: &str) -> DataType {
        raise::SqliteRaise.logical(native).ty
    }

    fn native_mut<'a>(&self, native: &'a mut NativeColumn) -> NativeMut<'a> {
        raise::SqliteRaise.native_mut(native)
    }

    fn expand_stars(&self, lowered: &mut Lowered, live: &Catalog) {
        let syntax = Syntax {
            dialect: self,
            lexer: &Lexer::SQLITE,
            folds_words: false,
            only_schema: Some("main"),
            unique_columns: false,
            query_of: view::query_of,
        };
        star::expand(syntax, lowered, live, &|_, sql| sql.into());
        reads::link(&mut lowered.catalog);
    }

    fn fold<'a>(&self, kind: NameKind, name: &'a str) -> Cow<'a, str> {
        match kind {
            NameKind::Relation | NameKind::Column | NameKind::Index | NameKind::Type => fold(name),
            NameKind::Label => Cow::Borrowed(name),
        }
    }

    fn rename_in_expression(&self, sql: &str, from: &str, to: &str) -> String {
        normalise::rename_in_expression(sql, from, to)
    }

    fn rename_in_statement(&self, sql: &str, from: &str, to: &str) -> String {
        normalise::rename_in_statement(sql, from, to)
    }

    fn rename_table_in(&self, sql: &str, from: &str, to: &str) -> String {
        normalise::rename_table(sql, from, to)
    }

    fn enforces_types(&self, option: &str, value: Option<&str>) -> bool {
        option == "strict" && value.is_some()
    }

    fn read_expression(&self, table: Option<&Table>, text: &str) -> Reads {
        reads::read(table, text)
    }

    fn computes(&self, expression: &str) -> String {
        format!("typeof({expression}) <> ''")
    }

    fn same_query(&self, a: &str, b: &str) -> bool {
        query::same_query(a, b)
    }

    fn quote(&self, identifier: &str) -> String {
        normalise::quote(identifier)
    }

    fn equivalent_type(&self, desired: &str, live: &str) -> bool {
        types::equivalent(desired, live)
    }

    fn cast(&self, from: &Column, to: &Column) -> CastSafety {
        casts::cast(from, to)
    }

    fn rewrites_values(&self, from: &Column, to: &Column) -> bool {
        casts::rewrites(from, to)
    }

    fn readings(&self, from: &Column, to: &Column) -> Vec<Column> {
        casts::readings(from, to)
    }

    fn add_column_in_place(&self, table: &Table, column: &Column, foreign_keys: &[ForeignKey], empty: bool) -> bool {
        columns::add_in_place(table, column, foreign_keys, empty)
    }

    fn drop_column(&self, table: &Table, column: &Column, catalog: &Catalog) -> DropColumn {
        columns::drop(table, column, catalog)
    }

    fn render(&self, change: &Change) -> Result<Vec<Statement>, String> {
        render::render(change, self.statistics)
    }

    fn search_fulltext(
        &self,
        table: &Table,
        index: &Index,
        _: &crate::model::Index,
        parameter: u16,
    ) -> Option<SearchSql> {
        search::ask_fulltext(table, index, parameter)
    }

    fn search_words(&self, words: &str) -> String {
        search::words(words)
    }

    fn render_check(&self, check: &DataCheck) -> CheckQuery {
        super::sql::checks::render(self, check)
    }
}
