//! A dialect whose DDL commits by itself. Its statements are JSON documents; names, types and the comparison are those of SQLite.

use crate::catalog::{Catalog, Column, ForeignKey, Reads, Table};
use crate::change::{CastSafety, Change, CheckQuery, DataCheck, DropColumn, Rebuild, Statement};
use crate::dialect::sqlite::Sqlite;
use crate::dialect::{Capabilities, Dialect, Lowered, NameKind, Raised};
use crate::model::{DataType, NativeColumn, NativeMut, Schema};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// What the fake database understands.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum Command {
    /// One change, done as a whole.
    Change(Change),
    /// The new table of a rebuild, under a temporary name.
    CreateTemporary(Box<Rebuild>),
    /// Its rows.
    Copy(Box<Rebuild>),
    /// The old table and the new one change their names, at once.
    Swap(Box<Rebuild>),
    /// The old one goes.
    DropReplaced(Box<Rebuild>),
    /// One row with the answer.
    Count(DataCheck),
    /// A row for each value that does not convert.
    Unconvertible(Box<Rebuild>),
    /// A row, where the view cannot be read.
    Broken(String),
}

impl Command {
    pub(super) fn text(&self) -> String {
        serde_json::to_string(self).expect("a command is JSON")
    }

    fn execute(self) -> Statement {
        Statement::Execute(self.text())
    }
}

/// The dialect of the fake database.
#[derive(Debug, Clone)]
pub(super) struct FakeDialect {
    like: Sqlite,
    capabilities: Capabilities,
}

impl FakeDialect {
    pub(super) fn new() -> Self {
        let like = Sqlite::new("1");
        let capabilities =
            Capabilities { server: "fake 1".to_owned(), transactional_ddl: false, ..like.capabilities().clone() };
        Self { like, capabilities }
    }
}

impl Dialect for FakeDialect {
    fn name(&self) -> &'static str {
        "fake"
    }

    fn lowering_version(&self) -> u32 {
        1
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn lower(&self, schema: &Schema) -> Lowered {
        self.like.lower(schema)
    }

    fn raise(&self, catalog: &Catalog) -> Raised {
        self.like.raise(catalog)
    }

    fn raise_type(&self, native: &str) -> DataType {
        self.like.raise_type(native)
    }

    fn native_mut<'a>(&self, native: &'a mut NativeColumn) -> NativeMut<'a> {
        self.like.native_mut(native)
    }

    fn fold<'a>(&self, kind: NameKind, name: &'a str) -> Cow<'a, str> {
        self.like.fold(kind, name)
    }

    fn rename_in_expression(&self, sql: &str, from: &str, to: &str) -> String {
        self.like.rename_in_expression(sql, from, to)
    }

    fn read_expression(&self, table: Option<&Table>, text: &str) -> Reads {
        self.like.read_expression(table, text)
    }

    fn quote(&self, identifier: &str) -> String {
        self.like.quote(identifier)
    }

    fn equivalent_type(&self, desired: &str, live: &str) -> bool {
        self.like.equivalent_type(desired, live)
    }

    fn cast(&self, from: &Column, to: &Column) -> CastSafety {
        self.like.cast(from, to)
    }

    fn add_column_in_place(&self, table: &Table, column: &Column, foreign_keys: &[ForeignKey], empty: bool) -> bool {
        self.like.add_column_in_place(table, column, foreign_keys, empty)
    }

    fn drop_column(&self, table: &Table, column: &Column, catalog: &Catalog) -> DropColumn {
        self.like.drop_column(table, column, catalog)
    }

    fn render(&self, change: &Change) -> Result<Vec<Statement>, String> {
        Ok(match change {
            Change::RebuildTable(rebuild) => {
                let check = Statement::AssertEmpty {
                    query: Command::Unconvertible(rebuild.clone()).text(),
                    message: "a value cannot be converted".to_owned(),
                };
                let commands = [
                    Command::CreateTemporary(rebuild.clone()),
                    Command::Copy(rebuild.clone()),
                    Command::Swap(rebuild.clone()),
                    Command::DropReplaced(rebuild.clone()),
                ];
                std::iter::once(check).chain(commands.map(Command::execute)).collect()
            }
            Change::CreateView { view } => vec![
                Command::Change(change.clone()).execute(),
                Statement::AssertEmpty {
                    query: Command::Broken(view.name.name.clone()).text(),
                    message: format!("view \"{}\" cannot be read", view.name),
                },
            ],
            _ => vec![Command::Change(change.clone()).execute()],
        })
    }

    fn render_check(&self, check: &DataCheck) -> CheckQuery {
        CheckQuery { count: Command::Count(check.clone()).text(), samples: None }
    }
}
