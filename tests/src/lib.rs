//! What the scenarios stand on: a database of their own, and the eyes of a user who looks into it.
//!
//! Nothing here asks schemasync what is in a database: the catalogs are read and normalised by this crate's own code.

#![allow(async_fn_in_trait)]

mod client;
pub mod mysql;
pub mod oracle;
pub mod peer;
pub mod pg_dump;
pub mod postgres;
pub mod proxy;
pub mod random;
mod recorder;
pub mod sqlite;
mod text;

pub use mysql::Mysql;
pub use postgres::Postgres;
pub use recorder::Recorder;
pub use sqlite::Sqlite;

use schemasync::{Database, Entry, EntryStatus, Plan, Report, RunStatus, Schema, SchemaSync};
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// What not every database has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feature {
    /// Types, nullability and defaults are altered in place, without `sync_method`.
    AlterColumn,
    /// One run is one transaction.
    TransactionalDdl,
    /// Materialized views.
    MaterializedViews,
    /// Partial and expression indexes.
    PartialIndexes,
    /// Unique indexes that take NULLs as equal (`NULLS NOT DISTINCT`).
    EqualNulls,
    /// The catalog keeps the case of names, and compares them without it.
    IgnoresCase,
}

/// The words by which scenarios name native types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Native {
    Integer,
    Text,
    Real,
    Bytes,
    Bool,
}

/// What sqlx makes of a row of any of the databases: `#[derive(sqlx::FromRow)]`.
pub trait Readable:
    Send
    + Unpin
    + for<'r> sqlx::FromRow<'r, sqlx::sqlite::SqliteRow>
    + for<'r> sqlx::FromRow<'r, sqlx::postgres::PgRow>
    + for<'r> sqlx::FromRow<'r, sqlx::mysql::MySqlRow>
{
}

impl<T> Readable for T where
    T: Send
        + Unpin
        + for<'r> sqlx::FromRow<'r, sqlx::sqlite::SqliteRow>
        + for<'r> sqlx::FromRow<'r, sqlx::postgres::PgRow>
        + for<'r> sqlx::FromRow<'r, sqlx::mysql::MySqlRow>
{
}

/// A database of a test's own, with a random name.
///
/// `rows` gives every value as the SQL literal that it is (`1`, `1.0`, `'a'`, `x'00ff'`, `NULL`), so that the type that is really
/// stored is seen.
pub trait TestDatabase: Sized {
    /// Makes an empty database.
    async fn create() -> Self;
    /// Drops it.
    async fn remove(self);
    /// Whether it can have that.
    fn supports(&self, feature: Feature) -> bool;
    /// The native type of that word.
    fn native(&self, word: Native) -> &'static str;
    /// Statements that make a trigger which does nothing: `AFTER INSERT`, `AFTER UPDATE OF fax`; `reads`: an expression over `new`.
    fn trigger(&self, name: &str, event: &str, table: &str, reads: &str) -> String;
    /// What [`SchemaSync::new`] takes.
    fn handle(&self) -> Database<'static>;
    /// Runs SQL, one statement or several.
    async fn try_exec(&self, sql: &str) -> Result<(), String>;
    /// Runs a query.
    async fn rows(&self, sql: &str) -> Vec<Vec<String>>;
    /// Reads a query into structs as a program does, through sqlx's own `FromRow`.
    async fn read<T: Readable>(&self, sql: &str) -> Vec<T>;
    /// Names of the tables, those of schemasync left out.
    async fn tables(&self) -> Vec<String>;
    /// Names of the views.
    async fn views(&self) -> Vec<String>;
    /// Columns in their order: `id`, `nickname?` (nullable), `plan = 'free'` (default).
    async fn columns(&self, table: &str) -> Vec<String>;
    /// The native type of a column.
    async fn type_of(&self, table: &str, column: &str) -> String;
    /// Columns of the primary key.
    async fn primary_key(&self, table: &str) -> Vec<String>;
    /// Indexes that are not constraints, sorted: `by_email: unique (email) where …`.
    async fn indexes(&self, table: &str) -> Vec<String>;
    /// Foreign keys, sorted: `(author_id) -> users(id) on delete cascade`.
    async fn foreign_keys(&self, table: &str) -> Vec<String>;
    /// Everything that a user can see of the schema, normalised and sorted; the order of columns is not in it.
    async fn dump(&self) -> String;
    /// Runs a script as it is with the database's own client, in its words where it fails; `None`: the client is not there.
    async fn run_script(&self, script: &str) -> Option<Result<(), String>>;
    /// Corruption, foreign key violations, leftovers of ours; one text each.
    async fn damage(&self) -> Vec<String>;

    /// Runs SQL that has to work.
    async fn exec(&self, sql: &str) {
        if let Err(error) = self.try_exec(sql).await {
            panic!("{error}\nin: {sql}");
        }
    }

    /// The one value of a query.
    async fn value(&self, sql: &str) -> String {
        let rows = self.rows(sql).await;
        match rows.as_slice() {
            [row] if row.len() == 1 => row[0].clone(),
            other => panic!("{sql} gives {other:?}, not one value"),
        }
    }

    /// A sync of this database.
    fn syncing(&self, schema: &Schema) -> SchemaSync<'static> {
        SchemaSync::new(self.handle()).schema(schema.clone())
    }

    /// What a run would do.
    async fn plan(&self, schema: Schema) -> Plan {
        self.syncing(&schema).plan().await.unwrap_or_else(|error| panic!("plan: {error}"))
    }

    /// One run, whatever its entries say.
    async fn run(&self, schema: Schema) -> Report {
        self.syncing(&schema).run_report().await.unwrap_or_else(|error| panic!("run: {error}"))
    }

    /// One run without errors that does what its plan said (rule P2), leaves nothing broken and nothing to do.
    async fn sync(&self, schema: Schema) -> CheckedReport {
        self.sync_with(schema, |sync| sync).await
    }

    /// As [`TestDatabase::sync`], with options.
    async fn sync_with(
        &self,
        schema: Schema,
        options: impl Fn(SchemaSync<'static>) -> SchemaSync<'static>,
    ) -> CheckedReport {
        let plan = options(self.syncing(&schema)).plan().await.unwrap_or_else(|error| panic!("plan: {error}"));
        let report = options(self.syncing(&schema)).run_report().await.unwrap_or_else(|error| panic!("run: {error}"));
        assert!(!report.has_errors(), "{report}");
        if report.status == RunStatus::Synced {
            assert_eq!(plan.entries, report.entries, "the plan said something else than the run did");
        }
        assert_eq!(self.damage().await, Vec::<String>::new(), "after {report}");
        self.assert_settled_with(&schema, options).await;
        CheckedReport(report)
    }

    /// The second plan is empty and the second run has nothing to do, also when it has to look.
    async fn assert_settled(&self, schema: &Schema) {
        self.assert_settled_with(schema, |sync| sync).await;
    }

    /// As [`TestDatabase::assert_settled`], with options.
    async fn assert_settled_with(&self, schema: &Schema, options: impl Fn(SchemaSync<'static>) -> SchemaSync<'static>) {
        let plan = options(self.syncing(schema)).plan().await.unwrap_or_else(|error| panic!("second plan: {error}"));
        assert!(plan.is_empty(), "the second plan is not empty:\n{plan}\n{}", plan.to_sql());
        assert!(plan.entries.iter().all(|entry| entry.status == EntryStatus::InSync), "{plan}");
        for force in [false, true] {
            let second = options(self.syncing(schema)).force(force).run_report().await;
            let second = second.unwrap_or_else(|error| panic!("second run: {error}"));
            assert_eq!(second.status, RunStatus::UpToDate, "force {force}: {second}");
            assert_eq!(second.statements, Vec::<String>::new(), "force {force}");
        }
        let drift = options(self.syncing(schema)).drift().await.unwrap_or_else(|error| panic!("drift: {error}"));
        assert!(drift.is_empty(), "a sync has left drift: {drift:#?}");
    }

    /// Path independence: the same models on an empty database leave the same schema.
    async fn assert_like_new(&self, schema: Schema) {
        let fresh = Self::create().await;
        let report = fresh.run(schema).await;
        assert!(!report.has_errors(), "{report}");
        let (here, there) = (self.dump().await, fresh.dump().await);
        fresh.remove().await;
        assert_eq!(here, there, "left: this database, right: a fresh one");
    }
}

/// The report of a run without errors: whoever asked for the run need not look at it again.
#[derive(Debug)]
pub struct CheckedReport(Report);

impl std::ops::Deref for CheckedReport {
    type Target = Report;

    fn deref(&self) -> &Report {
        &self.0
    }
}

impl std::fmt::Display for CheckedReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// What went wrong with one entry.
pub fn errors(report: &Report, entry: &str) -> String {
    found(&report.entries, entry).errors.join("\n")
}

/// The entry of that table or view.
pub fn found<'a>(entries: &'a [Entry], name: &str) -> &'a Entry {
    entries.iter().find(|entry| entry.name() == name).unwrap_or_else(|| panic!("no entry {name:?} in {entries:#?}"))
}

/// `assert!(text.contains(part))` for each part, with a message worth reading.
#[track_caller]
pub fn assert_says(text: impl AsRef<str>, parts: &[&str]) {
    for part in parts {
        assert!(text.as_ref().contains(part), "{part:?} is not in:\n{}", text.as_ref());
    }
}

/// Runs one scenario on one kind of database; the database is dropped whatever happens.
pub fn run_scenario<D: TestDatabase>(scenario: impl AsyncFnOnce(&D)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let database = runtime.block_on(D::create());
    let outcome = catch_unwind(AssertUnwindSafe(|| block_on(&runtime, scenario(&database))));
    runtime.block_on(database.remove());
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
}

fn block_on<F: Future<Output = ()>>(runtime: &tokio::runtime::Runtime, scenario: F) {
    // Boxed: a scenario's future is large, and test threads have small stacks.
    runtime.block_on(Box::pin(scenario));
}

/// Writes a scenario once and makes a test of it for every database: `scenario!(c4_…, |db| { … })`. What is about one database alone
/// says so: `scenario!(sqlite: x3_…, |db| { … })`.
#[macro_export]
macro_rules! scenario {
    (sqlite: $name:ident, |$db:ident| $body:block) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;
            #[allow(unused_imports)]
            use $crate::TestDatabase as _;

            async fn scenario($db: &$crate::Sqlite) $body

            #[test]
            fn sqlite() {
                $crate::run_scenario(scenario);
            }
        }
    };
    (postgres: $name:ident, |$db:ident| $body:block) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;
            #[allow(unused_imports)]
            use $crate::TestDatabase as _;

            async fn scenario($db: &$crate::Postgres) $body

            #[test]
            fn postgres() {
                if $crate::postgres::is_there() {
                    $crate::run_scenario(scenario);
                }
            }
        }
    };
    ($name:ident, |$db:ident| $body:block) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;
            #[allow(unused_imports)]
            use $crate::TestDatabase as _;

            async fn scenario<D: $crate::TestDatabase>($db: &D) $body

            #[test]
            fn sqlite() {
                $crate::run_scenario(scenario::<$crate::Sqlite>);
            }

            #[test]
            fn postgres() {
                if $crate::postgres::is_there() {
                    $crate::run_scenario(scenario::<$crate::Postgres>);
                }
            }

            #[test]
            fn mysql() {
                $crate::mysql::run_scenario($crate::mysql::Server::Mysql, module_path!(), scenario);
            }

            #[test]
            fn mariadb() {
                $crate::mysql::run_scenario($crate::mysql::Server::Mariadb, module_path!(), scenario);
            }
        }
    };
}
