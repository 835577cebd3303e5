//! MySQL 8 and later, and MariaDB 10.6 and later: [`Mysql`] is the dialect of both, [`MysqlSession`] its connection.
//!
//! What the model gives no schema lives in the database of the connection, where the state tables are as well. DDL commits by itself here.

mod alter;
mod casts;
mod checks;
mod columns;
mod connect;
mod defaults;
mod inspect;
mod lower;
mod normalise;
mod probe;
mod queries;
mod raise;
mod reads;
mod render;
mod script;
mod session;
mod state;
mod store;
mod text;
mod types;
#[cfg(feature = "cli")]
pub(super) mod url;
mod view;

pub use connect::MysqlDatabase;
pub(crate) use script::write as script;
pub use session::MysqlSession;

use super::sql::raise::{RaiseNative, raise};
use super::sql::star::{self, Syntax};
use super::{Capabilities, Dialect, Lowered, NameKind, Raised};
use crate::catalog::{Catalog, Column, Expression, ForeignKey, IdentifierLimit, Name, Reads, Table};
use crate::change::{CastSafety, Change, CheckQuery, DataCheck, DropColumn, Renames, Statement};
use crate::descriptor::{Collation, ReferentialAction};
use crate::model::sql::Lexer;
use crate::model::{DataType, NativeColumn, NativeMut, Schema};
use std::borrow::Cow;
use std::sync::Arc;

const IDENTIFIER_LIMIT: IdentifierLimit = IdentifierLimit::Characters(64);

/// Which of the two servers it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flavor {
    Mysql,
    Mariadb,
}

/// The dialect of MySQL and MariaDB, and what of the server it is for is not in the catalog.
#[derive(Debug, Clone)]
pub struct Mysql {
    capabilities: Capabilities,
    flavor: Flavor,
    /// The database of the connection.
    home: String,
    /// Table names are compared without their case (`lower_case_table_names`).
    folds_tables: bool,
    /// The tables that were last seen: what a rename has to carry along is not in the change.
    live: Arc<Catalog>,
    /// What this run renames.
    renames: Arc<Renames>,
}

impl Mysql {
    /// For a server of that version (`VERSION()`) and a connection to the database `home`.
    pub fn new(version: &str, home: &str, folds_tables: bool) -> Self {
        let flavor = if version.to_ascii_lowercase().contains("mariadb") { Flavor::Mariadb } else { Flavor::Mysql };
        Self {
            capabilities: Capabilities {
                server: server(version),
                alter_column_in_place: true,
                projects_rows: false,
                generated_columns_block_changes: true,
                foreign_keys_block_changes: true,
                alter_foreign_key: true,
                alter_check: true,
                alter_primary_key: true,
                alter_option: true,
                rename_index: true,
                rename_constraint: false,
                views_block_changes: false,
                replace_view: true,
                replace_view_columns: true,
                views_follow_renames: false,
                renames_read_all_views: false,
                triggers_hold_names: true,
                online: false,
                transactional_ddl: false,
                named_constraints: true,
                identifier_limit: IDENTIFIER_LIMIT,
            },
            flavor,
            home: home.to_owned(),
            folds_tables,
            live: Arc::default(),
            renames: Arc::default(),
        }
    }

    fn is_mariadb(&self) -> bool {
        self.flavor == Flavor::Mariadb
    }

    fn server_name(&self) -> &'static str {
        match self.flavor {
            Flavor::Mysql => "MySQL",
            Flavor::Mariadb => "MariaDB",
        }
    }

    /// The name of an object; that of the connection's own database is without one.
    fn full_name(&self, schema: Option<&str>, name: &str) -> Name {
        lower::full_name(&self.home, schema, name)
    }

    /// The live table that is called so after the renames of this run.
    fn live_table(&self, name: &Name) -> Option<&Table> {
        self.renames.live_table(&self.live, name)
    }

    fn schema_of<'a>(&'a self, name: &'a Name) -> &'a str {
        name.schema.as_deref().unwrap_or(&self.home)
    }

    /// `` `database`.`name` ``
    fn qualified(&self, name: &Name) -> String {
        format!("{}.{}", text::quote(self.schema_of(name)), text::quote(&name.name))
    }

    /// The server's name of a portable collation. None of them takes blanks at the end for nothing.
    fn collation(&self, collation: Collation) -> &'static str {
        match (self.flavor, collation) {
            (Flavor::Mysql, Collation::Binary) => "utf8mb4_0900_bin",
            (Flavor::Mysql, Collation::Nocase) => "utf8mb4_0900_as_ci",
            (Flavor::Mysql, Collation::Unicode) => "utf8mb4_0900_as_cs",
            (Flavor::Mariadb, Collation::Binary) => "utf8mb4_nopad_bin",
            (Flavor::Mariadb, Collation::Nocase) => "utf8mb4_uca1400_nopad_as_ci",
            (Flavor::Mariadb, Collation::Unicode) => "utf8mb4_uca1400_nopad_as_cs",
        }
    }

    /// The action as it is compared: InnoDB knows no constraint that is checked later.
    #[allow(clippy::unused_self)]
    fn action(&self, action: ReferentialAction) -> ReferentialAction {
        match action {
            ReferentialAction::Restrict => ReferentialAction::NoAction,
            action => action,
        }
    }
}

/// As in [`Capabilities::server`]: `mysql 9.7.1`, `mariadb 11.8.2`.
fn server(version: &str) -> String {
    let name = if version.to_ascii_lowercase().contains("mariadb") { "mariadb" } else { "mysql" };
    // Replicas of MariaDB may say `5.5.5-` first.
    let version = version.strip_prefix("5.5.5-").unwrap_or(version);
    let number = version.split(|c: char| !c.is_ascii_digit() && c != '.').next().unwrap_or_default();
    format!("{name} {number}")
}

impl Dialect for Mysql {
    fn name(&self) -> &'static str {
        "mysql"
    }

    fn lowering_version(&self) -> u32 {
        1
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn lower(&self, schema: &Schema) -> Lowered {
        lower::lower(self, schema)
    }

    fn raise(&self, catalog: &Catalog) -> Raised {
        raise(&raise::MysqlRaise(self), catalog)
    }

    fn raise_type(&self, native: &str) -> DataType {
        raise::MysqlRaise(self).logical(native).ty
    }

    fn native_mut<'a>(&self, native: &'a mut NativeColumn) -> NativeMut<'a> {
        native.mysql.native_mut()
    }

    fn expand_stars(&self, lowered: &mut Lowered, live: &Catalog) {
        let syntax = Syntax {
            dialect: self,
            lexer: &Lexer::MYSQL,
            folds_words: false,
            only_schema: None,
            unique_columns: true,
            query_of: |sql| Some(sql),
        };
        let read = |name: &Name, sql: String| {
            let mut reads = reads::read(self, None, &sql);
            reads.relations.retain(|other| other != name);
            Expression::reading(sql, reads)
        };
        star::expand(syntax, lowered, live, &read);
        reads::link(&mut lowered.catalog);
    }

    fn fold<'a>(&self, kind: NameKind, name: &'a str) -> Cow<'a, str> {
        match kind {
            NameKind::Relation if !self.folds_tables => Cow::Borrowed(name),
            NameKind::Relation | NameKind::Column | NameKind::Index => Cow::Owned(name.to_lowercase()),
            NameKind::Type | NameKind::Label => Cow::Borrowed(name),
        }
    }

    fn name_of(&self, schema: Option<&str>, name: &str) -> Name {
        self.full_name(schema, name)
    }

    fn rename_in_expression(&self, sql: &str, from: &str, to: &str) -> String {
        text::rename_in_expression(sql, from, to)
    }

    fn read_expression(&self, table: Option<&Table>, text: &str) -> Reads {
        reads::read(self, table, text)
    }

    fn quote(&self, identifier: &str) -> String {
        text::quote(identifier)
    }

    fn equivalent_type(&self, desired: &str, live: &str) -> bool {
        types::equivalent(desired, live)
    }

    fn types_comparable(&self, from: &str, to: &str) -> Option<bool> {
        Some(types::types_comparable(from, to))
    }

    fn cast(&self, from: &Column, to: &Column) -> CastSafety {
        casts::cast(from, to)
    }

    fn converted(&self, column: &str, _: &Column, to: &Column) -> Option<String> {
        casts::converted(&text::quote(column), to)
    }

    fn add_column_in_place(&self, _: &Table, _: &Column, _: &[ForeignKey], _: bool) -> bool {
        true
    }

    fn drop_column(&self, table: &Table, column: &Column, catalog: &Catalog) -> DropColumn {
        columns::drop(table, column, catalog)
    }

    fn replaces_column(&self, from: &Column, to: &Column) -> bool {
        columns::is_replaced(from, to)
    }

    fn render(&self, change: &Change) -> Result<Vec<Statement>, String> {
        render::render(self, change)
    }

    fn joins(&self, changes: &[Change], next: &Change) -> bool {
        alter::joins(changes, next)
    }

    fn session_settings(&self) -> Vec<(String, String)> {
        session::SETTINGS.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn render_check(&self, check: &DataCheck) -> CheckQuery {
        super::sql::checks::render(self, check)
    }
}
