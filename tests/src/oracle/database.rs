//! A database file of its own, gone at the end.

use schemasync::{Plan, Report, Schema, SchemaSync};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use std::path::{Path, PathBuf};

/// A database file in memory where the system has such a place.
#[derive(Debug)]
pub struct Scratch {
    /// Whether plans and runs look at the database though the model has not changed.
    pub force: bool,
    path: PathBuf,
    _folder: tempfile::TempDir,
}

impl Default for Scratch {
    fn default() -> Self {
        Self::new()
    }
}

impl Scratch {
    /// An empty one.
    pub fn new() -> Self {
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
        let folder = folder.expect("a folder for the database");
        Self { force: false, path: folder.path().join("test.db"), _folder: folder }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The bytes of the file.
    pub fn bytes(&self) -> Vec<u8> {
        std::fs::read(&self.path).unwrap_or_default()
    }

    /// A new connection, fast and not durable.
    pub async fn connect(&self) -> SqliteConnection {
        let options = SqliteConnectOptions::new()
            .filename(&self.path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Memory)
            .synchronous(SqliteSynchronous::Off)
            .foreign_keys(true)
            .disable_statement_logging();
        options.connect().await.expect("a connection")
    }

    /// `plan()`
    pub async fn plan(&self, schema: &Schema, safe: bool) -> schemasync::Result<Plan> {
        let mut connection = self.connect().await;
        let plan = SchemaSync::new(&mut connection)
            .schema(schema.clone())
            .safe(safe)
            .force(self.force)
            .allow_revert(true)
            .plan()
            .await;
        connection.close().await.expect("closing");
        plan
    }

    /// `run()`
    pub async fn run(&self, schema: &Schema, safe: bool) -> schemasync::Result<Report> {
        let mut connection = self.connect().await;
        let run = SchemaSync::new(&mut connection)
            .schema(schema.clone())
            .safe(safe)
            .force(self.force)
            .allow_revert(true)
            .run_report()
            .await;
        connection.close().await.expect("closing");
        run
    }

    /// Runs statements with foreign keys off; those that fail are as if they had not been written.
    pub async fn try_all(&self, statements: &[String]) {
        let mut connection = self.connect().await;
        let _ = sqlx::raw_sql("PRAGMA foreign_keys = OFF").execute(&mut connection).await;
        for statement in statements {
            let _ = sqlx::raw_sql(AssertSqlSafe(statement.clone())).execute(&mut connection).await;
        }
        connection.close().await.expect("closing");
    }
}
