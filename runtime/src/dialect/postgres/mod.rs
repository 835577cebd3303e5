//! PostgreSQL 13 and later: [`Postgres`] is its dialect, [`PostgresSession`] its connection.
//!
//! What the model gives no schema lives in the connection's own: the first of its `search_path` that exists (`public` where none
//! does). The state tables are there as well. A run names everything with its schema.

mod alter;
mod casts;
mod cells;
mod checks;
mod columns;
mod configure_session;
mod connect;
mod dependents;
mod effects;
mod enums;
mod extension_casts;
mod inspect;
mod locks;
mod lower;
mod normalise;
mod online;
mod online_session;
mod paths;
mod pending_enum_types;
mod probe;
mod queries;
mod raise;
mod read_catalog;
mod reads;
mod remarks;
mod render;
mod reprinted;
mod rows;
mod scope;
mod script;
mod search;
mod sequences;
mod server_generated_names;
mod session;
mod state;
mod statements;
mod store;
mod text;
mod transactions;
mod trust;
mod type_names;
mod type_rows;
mod types;
#[cfg(feature = "cli")]
pub(super) mod url;
mod view;
mod view_stand_ins;

pub use connect::PostgresDatabase;
pub(crate) use script::write as script;
pub use session::PostgresSession;

use super::sql::raise::{RaiseNative, raise};
use super::sql::star::{self, Syntax};
use super::{Capabilities, Dialect, Lowered, NameKind, Raised, SearchSql};
use crate::catalog::{Catalog, Column, Expression, ForeignKey, IdentifierLimit, Index, Name, Reads, Table};
use crate::change::{CastSafety, Change, CheckQuery, DataCheck, DropColumn, Impact, OnlinePart, Statement};
use crate::model::sql::Lexer;
use crate::model::{DataType, NativeColumn, NativeMut, Schema};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// `NAMEDATALEN` - 1.
const IDENTIFIER_BYTES: usize = 63;

const IDENTIFIER_LIMIT: IdentifierLimit = IdentifierLimit::Bytes(IDENTIFIER_BYTES);

/// What the server has of an extension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Extension {
    /// Part of this database.
    Installed,
    /// The server has it: `CREATE EXTENSION` makes it part of the database.
    Available,
    /// The server does not have it.
    Missing,
}

/// The dialect of PostgreSQL, and what of the database it is for is not in the catalog.
#[derive(Debug, Clone)]
pub struct Postgres {
    capabilities: Capabilities,
    /// `server_version_num`: 170004.
    version: u32,
    /// The schema of what the model gives none.
    home: String,
    /// Schemas that exist.
    schemas: BTreeSet<String>,
    extensions: BTreeMap<String, Extension>,
    /// The schemas of the installed ones.
    extension_schemas: BTreeMap<String, String>,
    /// Live columns of their types, each with its extension.
    extension_columns: BTreeMap<(Name, String), &'static str>,
    /// Names of enum types that are the server's own types as well.
    built_in: BTreeSet<String>,
    /// Enum types that are ours to name; `None`: all.
    enums: Option<BTreeSet<Name>>,
    /// The search path of a run; empty: none has begun.
    search_path: String,
}

impl Postgres {
    /// For a server of that version (`server_version_num`) and a connection whose own schema is `home`.
    pub fn new(version: u32, home: &str) -> Self {
        Self {
            capabilities: Capabilities {
                server: format!("postgres {}", version_text(version)),
                alter_column_in_place: true,
                projects_rows: false,
                generated_columns_block_changes: true,
                foreign_keys_block_changes: true,
                alter_foreign_key: true,
                alter_check: true,
                alter_primary_key: true,
                alter_option: true,
                rename_index: true,
                rename_constraint: true,
                views_block_changes: true,
                views_follow_renames: true,
                renames_read_all_views: false,
                triggers_hold_names: false,
                replace_view: true,
                replace_view_columns: false,
                online: true,
                transactional_ddl: true,
                named_constraints: true,
                identifier_limit: IDENTIFIER_LIMIT,
            },
            version,
            home: home.to_owned(),
            schemas: BTreeSet::from([home.to_owned()]),
            extensions: BTreeMap::new(),
            extension_schemas: BTreeMap::new(),
            extension_columns: BTreeMap::new(),
            built_in: BTreeSet::new(),
            enums: Some(BTreeSet::new()),
            search_path: String::new(),
        }
    }

    /// The name of an object; that of the connection's own schema is without one.
    fn full_name(&self, schema: Option<&str>, name: &str) -> Name {
        Name { schema: schema.filter(|schema| *schema != self.home).map(str::to_owned), name: name.to_owned() }
    }

    fn schema_of<'a>(&'a self, name: &'a Name) -> &'a str {
        name.schema.as_deref().unwrap_or(&self.home)
    }

    /// `"schema"."name"`
    fn qualified(&self, name: &Name) -> String {
        format!("{}.{}", text::quote(self.schema_of(name)), text::quote(&name.name))
    }

    /// The equality of a live column's type, whatever else of that name a schema of the search path has.
    fn equality(&self, table: &Name, column: &str) -> String {
        let extension = self.extension_columns.get(&(table.clone(), column.to_owned()));
        let schema = extension.and_then(|extension| self.extension_schemas.get(*extension));
        format!("OPERATOR({}.=)", schema.map_or_else(|| "pg_catalog".to_owned(), |schema| text::quote(schema)))
    }

    /// Generated columns that are computed when they are read.
    fn has_virtual_columns(&self) -> bool {
        self.version >= 180_000
    }

    /// `NULLS NOT DISTINCT`
    fn has_nulls_not_distinct(&self) -> bool {
        self.version >= 150_000
    }

    /// `SET EXPRESSION`
    fn sets_expression(&self) -> bool {
        self.version >= 170_000
    }

    /// `pg_input_is_valid`
    fn tests_input(&self) -> bool {
        self.version >= 160_000
    }
}

/// `17.4` of 170004, `9.6.24` of 90624.
fn version_text(version: u32) -> String {
    match (version / 10_000, version / 100 % 100, version % 100) {
        (major, minor, patch) if major < 10 => format!("{major}.{minor}.{patch}"),
        (major, ..) => format!("{major}.{}", version % 10_000),
    }
}

impl Dialect for Postgres {
    fn name(&self) -> &'static str {
        "postgres"
    }

    fn lowering_version(&self) -> u32 {
        2
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn lower(&self, schema: &Schema) -> Lowered {
        lower::lower(self, schema)
    }

    fn raise(&self, catalog: &Catalog) -> Raised {
        raise(&raise::PostgresRaise, catalog)
    }

    fn raise_type(&self, native: &str) -> DataType {
        raise::PostgresRaise.logical(native).ty
    }

    fn native_mut<'a>(&self, native: &'a mut NativeColumn) -> NativeMut<'a> {
        raise::PostgresRaise.native_mut(native)
    }

    fn expand_stars(&self, lowered: &mut Lowered, live: &Catalog) {
        let syntax = Syntax {
            dialect: self,
            lexer: &Lexer::POSTGRES,
            folds_words: true,
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
    }

    fn fold<'a>(&self, _: NameKind, name: &'a str) -> Cow<'a, str> {
        Cow::Borrowed(name)
    }

    fn name_of(&self, schema: Option<&str>, name: &str) -> Name {
        self.full_name(schema, name)
    }

    fn server_generated_name(&self, table: &str, column: Option<&str>) -> Option<String> {
        Some(server_generated_names::choose(table, column))
    }

    fn rename_in_expression(&self, sql: &str, from: &str, to: &str) -> String {
        text::rename_in_expression(sql, from, to)
    }

    fn rename_type_in(&self, sql: &str, from: &str, to: &str) -> String {
        type_names::rename_type(sql, from, to)
    }

    fn rename_label_in(&self, sql: &str, ty: &str, from: &str, to: &str) -> String {
        type_names::rename_label(sql, ty, from, to)
    }

    fn type_text(&self, name: &Name) -> String {
        self.enum_text(name)
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
        casts::types_comparable(from, to)
    }

    fn options_allow_reference(
        &self,
        child: &BTreeMap<String, String>,
        parent: &BTreeMap<String, String>,
    ) -> std::result::Result<(), &'static str> {
        let is_unlogged = |options: &BTreeMap<String, String>| options.contains_key("unlogged");
        if is_unlogged(parent) && !is_unlogged(child) {
            return Err("a table that is logged references none that is `unlogged`; make both of them so, or none");
        }
        Ok(())
    }

    fn cast(&self, from: &Column, to: &Column) -> CastSafety {
        casts::cast(self, from, to)
    }

    fn add_column_in_place(&self, _: &Table, _: &Column, _: &[ForeignKey], _: bool) -> bool {
        true
    }

    fn converted(&self, column: &str, from: &Column, to: &Column) -> Option<String> {
        let column = text::quote(column);
        // What is equal to `citext`, also where the extension comes with this run.
        let folds = types::base(&to.ty) == "citext";
        Some(if folds { format!("lower({column}::text)") } else { casts::conversion(self, &column, from, to).value })
    }

    fn drop_column(&self, table: &Table, column: &Column, catalog: &Catalog) -> DropColumn {
        columns::drop(table, column, catalog)
    }

    fn replaces_column(&self, from: &Column, to: &Column) -> bool {
        columns::is_replaced(self, from, to)
    }

    fn render(&self, change: &Change) -> Result<Vec<Statement>, String> {
        render::render(self, change)
    }

    fn joins(&self, changes: &[Change], next: &Change) -> bool {
        let render = render::Render(self);
        changes.iter().chain([next]).all(|change| alter::joins(&render, change))
    }

    fn effect(&self, change: &Change) -> Option<Impact> {
        Some(effects::of(change))
    }

    fn render_online(&self, change: &Change, replaces: bool) -> Option<Vec<OnlinePart>> {
        online::render(self, change, replaces)
    }

    fn session_settings(&self) -> Vec<(String, String)> {
        let path = (!self.search_path.is_empty()).then_some(("search_path", self.search_path.as_str()));
        let all = session::NORMALIZED_SETTINGS.iter().map(|(name, value)| (*name, *value)).chain(path);
        all.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    fn search_fulltext(
        &self,
        table: &Table,
        _: &Index,
        model: &crate::model::Index,
        parameter: u16,
    ) -> Option<SearchSql> {
        Some(search::ask(&table.name, model, parameter))
    }

    fn render_check(&self, check: &DataCheck) -> CheckQuery {
        super::sql::checks::render(self, check)
    }

    fn refresh_view(&self, view: &Name) -> Result<Statement, String> {
        Ok(Statement::Execute(format!("REFRESH MATERIALIZED VIEW {}", self.qualified(view))))
    }
}
