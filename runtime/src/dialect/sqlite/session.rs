//! A connection taken for one run.

use super::inspect::{self, SchemaRow};
use super::pool::refresh_idle;
use super::rows::{
    is_busy, is_nested_transaction, milliseconds, refuse_hidden, savepoint_error, schema_row, text, violation,
};
use super::statistics::Statistics;
use super::{Sqlite, normalise, probe, reads, search, state};
use crate::catalog::{Catalog, Name};
use crate::change::Renames;
use crate::dialect::{
    DatabaseError, Dialect, Error, Fingerprint, Gate, HistoryRow, Lowered, Result, Session, StateRow, StateStore,
};
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::{AssertSqlSafe, Connection, Row};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Waker};
use std::time::{Duration, Instant};

/// How long one attempt waits inside SQLite, before the clock is looked at.
const SLICE: Duration = Duration::from_millis(200);

/// A connection to SQLite, taken for one run: of a pool, borrowed, or owned.
#[derive(Debug)]
pub struct SqliteSession<'c> {
    handle: Handle<'c>,
    /// Where the connection is from.
    pool: Option<SqlitePool>,
    dialect: Sqlite,
    /// What was before the run began; `None`: no run.
    saved: Option<Saved>,
    /// What SQLite said to the last statement, where that has failed.
    failed: Option<String>,
}

#[derive(Debug)]
enum Handle<'c> {
    Pool(PoolConnection<sqlx::Sqlite>),
    Borrowed(&'c mut SqliteConnection),
    Owned(Box<SqliteConnection>),
}

/// Settings of the caller's that a run changes.
#[derive(Debug, Clone)]
struct Saved {
    foreign_keys: i64,
    legacy_alter_table: i64,
    busy_timeout: i64,
    /// How long the caller is ready to wait.
    patience: Duration,
    /// The settings have been changed.
    changed: bool,
}

impl Saved {
    fn pragmas(&self) -> [(&'static str, i64); 3] {
        [
            ("foreign_keys", self.foreign_keys),
            ("legacy_alter_table", self.legacy_alter_table),
            ("busy_timeout", self.busy_timeout),
        ]
    }
}

impl SqliteSession<'static> {
    /// Over a connection of that pool.
    pub(crate) fn of_pool(pool: SqlitePool, connection: PoolConnection<sqlx::Sqlite>) -> Self {
        let mut session = Self::over(Handle::Pool(connection));
        session.pool = Some(pool);
        session
    }
}

impl From<PoolConnection<sqlx::Sqlite>> for SqliteSession<'static> {
    fn from(connection: PoolConnection<sqlx::Sqlite>) -> Self {
        Self::over(Handle::Pool(connection))
    }
}

impl From<SqliteConnection> for SqliteSession<'static> {
    fn from(connection: SqliteConnection) -> Self {
        Self::over(Handle::Owned(Box::new(connection)))
    }
}

impl<'c> From<&'c mut SqliteConnection> for SqliteSession<'c> {
    fn from(connection: &'c mut SqliteConnection) -> Self {
        Self::over(Handle::Borrowed(connection))
    }
}

impl<'c> SqliteSession<'c> {
    /// The library is part of this process: its version is known, and corrected by the gate.
    fn over(handle: Handle<'c>) -> Self {
        Self { handle, pool: None, dialect: Sqlite::new(""), saved: None, failed: None }
    }

    fn connection(&mut self) -> &mut SqliteConnection {
        match &mut self.handle {
            Handle::Pool(connection) => connection,
            Handle::Borrowed(connection) => connection,
            Handle::Owned(connection) => connection,
        }
    }

    async fn pragma(&mut self, name: &'static str) -> Result<i64> {
        let sql = AssertSqlSafe(format!("PRAGMA {name}"));
        let row = sqlx::query(sql).persistent(false).fetch_one(self.connection()).await;
        row.and_then(|row| row.try_get(0)).map_err(Error::database(format!("reading `PRAGMA {name}`")))
    }

    async fn set_pragma(&mut self, name: &'static str, value: i64) -> Result<()> {
        let sql = AssertSqlSafe(format!("PRAGMA {name} = {value}"));
        let done = sqlx::raw_sql(sql).execute(self.connection()).await;
        done.map(drop).map_err(Error::database(format!("setting `PRAGMA {name}`")))
    }

    /// The caller's transaction is not ours to commit (rule S7). sqlx knows those that it began; of the others SQLite tells by
    /// refusing to set `synchronous`, be it to what it is. (A `BEGIN` would tell as well, and stay behind when the run is
    /// cancelled right after it.)
    async fn refuse_transaction(&mut self) -> Result<()> {
        if self.connection().is_in_transaction() {
            return Err(Error::InTransaction);
        }
        let level = self.pragma("synchronous").await?;
        let sql = AssertSqlSafe(format!("PRAGMA synchronous = {level}"));
        match sqlx::raw_sql(sql).execute(self.connection()).await {
            Ok(_) => Ok(()),
            Err(error) if is_nested_transaction(&error) => Err(Error::InTransaction),
            Err(error) => Err(Error::database("looking for a transaction")(error)),
        }
    }

    /// Runs a statement, without keeping it prepared.
    async fn raw(&mut self, sql: &'static str) -> Result<(), sqlx::Error> {
        sqlx::raw_sql(sql).execute(self.connection()).await.map(drop)
    }

    async fn save(&mut self, patience: Duration) -> Result<()> {
        let saved = Saved {
            foreign_keys: self.pragma("foreign_keys").await?,
            legacy_alter_table: self.pragma("legacy_alter_table").await?,
            busy_timeout: self.pragma("busy_timeout").await?,
            patience,
            changed: false,
        };
        self.saved = Some(saved);
        Ok(())
    }

    /// `BEGIN IMMEDIATE`, until it succeeds or the time is over.
    async fn lock(&mut self, timeout: Duration) -> Result<()> {
        let started = Instant::now();
        loop {
            let left = timeout.saturating_sub(started.elapsed());
            self.set_pragma("busy_timeout", milliseconds(left.min(SLICE))).await?;
            match self.raw("BEGIN IMMEDIATE").await {
                Ok(()) => return self.set_pragma("busy_timeout", milliseconds(timeout)).await,
                Err(error) if is_busy(&error) => {
                    let waited = started.elapsed();
                    if waited >= timeout {
                        return Err(Error::LockTimeout { waited, holder: None });
                    }
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                Err(error) if is_nested_transaction(&error) => return Err(Error::InTransaction),
                Err(error) => return Err(Error::database("taking the lock (`BEGIN IMMEDIATE`)")(error)),
            }
        }
    }

    async fn prepare(&mut self, timeout: Duration) -> Result<()> {
        self.mark_changed();
        self.set_pragma("foreign_keys", 0).await?;
        self.set_pragma("legacy_alter_table", 0).await?;
        if self.pragma("foreign_keys").await? != 0 {
            return Err(Error::Refused(
                "`PRAGMA foreign_keys` stays on, so that a rebuild would delete rows of other tables".into(),
            ));
        }
        self.lock(timeout).await
    }

    fn mark_changed(&mut self) {
        if let Some(saved) = &mut self.saved {
            saved.changed = true;
        }
    }

    async fn restore(&mut self) -> Result<()> {
        let Some(saved) = self.saved.clone() else { return Ok(()) };
        let mut restored = Ok(());
        if saved.changed {
            for (name, value) in saved.pragmas() {
                restored = restored.and(self.set_pragma(name, value).await);
            }
        }
        if restored.is_ok() {
            self.saved = None;
        }
        restored
    }

    async fn savepoint(&mut self, sql: &'static str) -> Result<()> {
        self.raw(sql).await.map_err(|error| savepoint_error(error, self.failed.take()))
    }

    /// No savepoint knows of a setting: a rebuild that failed over its rename has left its own.
    async fn roll_back_to(&mut self, sql: &'static str) -> Result<()> {
        self.savepoint(sql).await?;
        if self.saved.as_ref().is_some_and(|saved| saved.changed) {
            self.set_pragma("legacy_alter_table", 0).await?;
        }
        Ok(())
    }

    /// Readers can hold a commit up: it is tried again as long as the caller is ready to wait.
    async fn commit(&mut self) -> Result<()> {
        let patience = self.saved.as_ref().map_or(Duration::ZERO, |saved| saved.patience);
        let started = Instant::now();
        loop {
            match self.raw("COMMIT").await {
                Ok(()) => return Ok(()),
                Err(error) if is_busy(&error) && started.elapsed() < patience => {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                Err(error) => return Err(Error::database("committing")(error)),
            }
        }
    }

    async fn rollback(&mut self) -> Result<()> {
        match self.raw("ROLLBACK").await {
            Ok(()) => Ok(()),
            // SQLite has rolled back by itself: a full disk, an interrupt.
            Err(error) if error.to_string().contains("no transaction is active") => Ok(()),
            Err(error) => Err(Error::database("rolling back")(error)),
        }
    }

    /// Hands a statement to the connection's worker without waiting for its end, which `drop` cannot. The worker runs it before
    /// whatever comes next.
    fn enqueue(&mut self, sql: impl Into<String>) {
        let sql = sql.into();
        let running = pin!(sqlx::raw_sql(AssertSqlSafe(sql)).execute(self.connection()));
        // One poll sends it; the next ones would wait for the answer.
        let _ = running.poll(&mut Context::from_waker(Waker::noop()));
    }

    /// The columns of the views, in one query. A view that is broken makes that fail: then each is asked on its own, and the broken
    /// ones have none that anybody knows.
    async fn view_columns(&mut self, catalog: &mut Catalog) {
        const ALL: &str = "SELECT v.name, c.name FROM main.sqlite_schema AS v, pragma_table_xinfo(v.name, 'main') AS c WHERE v.type = 'view' ORDER BY v.name, c.cid";
        const ONE: &str = "SELECT ?1, name FROM pragma_table_xinfo(?1, 'main') ORDER BY cid";
        if catalog.views.is_empty() {
            return;
        }
        let all = sqlx::query_as::<_, (String, String)>(ALL).persistent(false).fetch_all(self.connection()).await;
        let rows = match all {
            Ok(rows) => rows,
            Err(_) => {
                let mut rows = Vec::new();
                for name in catalog.views.keys() {
                    let one = sqlx::query_as(ONE).bind(&name.name).persistent(false).fetch_all(self.connection()).await;
                    rows.extend(one.unwrap_or_default());
                }
                rows
            }
        };
        for (view, column) in rows {
            if let Some(view) = catalog.views.get_mut(&Name::new(view)) {
                view.columns.push(column);
            }
        }
    }

    async fn schema_rows(&mut self) -> Result<Vec<SchemaRow>> {
        const ALL: &str = "SELECT 0, type, name, tbl_name, sql FROM main.sqlite_schema UNION ALL SELECT 1, type, name, tbl_name, NULL FROM temp.sqlite_schema";
        let rows = sqlx::query(ALL).persistent(false).fetch_all(self.connection()).await;
        let rows = rows.map_err(Error::database("reading the schema"))?;
        let (mut main, mut temporary) = (Vec::new(), Vec::new());
        for row in &rows {
            let (is_temporary, row) = schema_row(row).map_err(Error::database("reading the schema"))?;
            if is_temporary { temporary.push(row) } else { main.push(row) }
        }
        refuse_hidden(&main, &temporary)?;
        Ok(main)
    }
}

impl Drop for SqliteSession<'_> {
    /// A run that was cancelled: nothing of it stays, and the caller's settings come back.
    fn drop(&mut self) {
        let Some(saved) = self.saved.take() else { return };
        self.enqueue("ROLLBACK");
        if saved.changed {
            for (name, value) in saved.pragmas() {
                self.enqueue(format!("PRAGMA {name} = {value}"));
            }
        }
    }
}

impl Session for SqliteSession<'_> {
    fn dialect(&self) -> Arc<dyn Dialect> {
        Arc::new(self.dialect.clone())
    }

    async fn begin(&mut self, timeout: Duration) -> Result<()> {
        self.refuse_transaction().await?;
        self.save(timeout).await?;
        let begun = self.prepare(timeout).await;
        if begun.is_err() {
            // The first error is the one to be told.
            let _ = self.restore().await;
        }
        begun
    }

    async fn begin_read(&mut self, _: Duration) -> Result<()> {
        self.refuse_transaction().await?;
        self.save(Duration::ZERO).await?;
        let begun = self.raw("BEGIN").await;
        if begun.is_err() {
            self.saved = None;
        }
        begun.map_err(Error::database("beginning to read"))
    }

    async fn finish(&mut self, commit: bool) -> Result<()> {
        if self.saved.is_none() {
            return Ok(());
        }
        let done = if commit { self.commit().await } else { self.rollback().await };
        if commit && done.is_err() {
            let _ = self.rollback().await;
        }
        let restored = self.restore().await;
        if commit {
            // sqlx remembers the columns of prepared statements: those of before the run are not those of now.
            let forgotten = self.connection().clear_cached_statements().await;
            forgotten.map_err(Error::database("forgetting prepared statements"))?;
        }
        done.and(restored)
    }

    async fn refresh_pool(&mut self) {
        if let Some(pool) = &self.pool {
            refresh_idle(pool).await;
        }
    }

    async fn inspect(&mut self) -> Result<Catalog> {
        let rows = self.schema_rows().await?;
        self.dialect.statistics = Statistics::of(&rows);
        let search = search::read(self.connection(), &rows).await;
        let search = search.map_err(Error::database("reading how full-text indexes are ranked"))?;
        let mut catalog = inspect::catalog(&rows, search);
        self.view_columns(&mut catalog).await;
        // A view may read columns of another.
        reads::link(&mut catalog);
        Ok(catalog)
    }

    async fn normalise(
        &mut self,
        lowered: &mut Lowered,
        live: &Catalog,
        base: &Catalog,
        renames: &Renames,
        safe: bool,
    ) -> Result<()> {
        search::follow_unmanaged(lowered, live, base, renames);
        probe::tables(lowered, live, self.connection()).await;
        probe::views(lowered, live, base, safe).await;
        // The columns of views are known only now.
        reads::link(&mut lowered.catalog);
        Ok(())
    }

    async fn execute(&mut self, sql: &str) -> Result<u64, DatabaseError> {
        let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(self.connection()).await;
        self.failed = done.as_ref().err().map(ToString::to_string);
        Ok(done?.rows_affected())
    }

    async fn execute_batch(&mut self, statements: &[String]) -> Result<(), DatabaseError> {
        // A line comment at the end of a statement ends with the line.
        self.execute(&statements.join("\n;\n")).await.map(drop)
    }

    async fn begin_unit(&mut self) -> Result<()> {
        self.savepoint("SAVEPOINT schemasync_unit").await
    }

    async fn commit_unit(&mut self) -> Result<()> {
        self.savepoint("RELEASE SAVEPOINT schemasync_unit").await
    }

    async fn rollback_unit(&mut self) -> Result<()> {
        self.roll_back_to("ROLLBACK TO SAVEPOINT schemasync_unit; RELEASE SAVEPOINT schemasync_unit").await
    }

    async fn begin_step(&mut self) -> Result<()> {
        self.savepoint("SAVEPOINT schemasync_step").await
    }

    async fn commit_step(&mut self) -> Result<()> {
        self.savepoint("RELEASE SAVEPOINT schemasync_step").await
    }

    async fn rollback_step(&mut self) -> Result<()> {
        self.roll_back_to("ROLLBACK TO SAVEPOINT schemasync_step; RELEASE SAVEPOINT schemasync_step").await
    }

    async fn view_columns(&mut self, name: &Name) -> Result<Vec<(String, String)>, DatabaseError> {
        let query = sqlx::query_as("SELECT name, type FROM pragma_table_info(?)");
        Ok(query.bind(&name.name).persistent(false).fetch_all(self.connection()).await?)
    }

    async fn query(&mut self, sql: &str) -> Result<Vec<Vec<Option<String>>>, DatabaseError> {
        let query = sqlx::query(AssertSqlSafe(sql.to_owned())).persistent(false);
        let rows = query.fetch_all(self.connection()).await?;
        let values: Result<Vec<Vec<Option<String>>>, sqlx::Error> =
            rows.iter().map(|row| (0..row.len()).map(|at| text(row, at)).collect()).collect();
        Ok(values?)
    }

    async fn definitions(&mut self, table: &Name) -> Result<BTreeMap<Option<String>, String>> {
        let doing = format!("reading the indexes and triggers of \"{table}\"");
        let query = sqlx::query(
            "SELECT 0, type, name, tbl_name, sql FROM main.sqlite_schema WHERE type IN ('index', 'trigger') AND sql IS NOT NULL AND tbl_name = ? COLLATE NOCASE",
        );
        let rows = query.bind(&table.name).persistent(false).fetch_all(self.connection()).await;
        let mut definitions = BTreeMap::new();
        for row in &rows.map_err(Error::database(doing.clone()))? {
            let (_, row) = schema_row(row).map_err(Error::database(doing.clone()))?;
            definitions.extend(row.sql.filter(|_| !row.unreadable).map(|sql| (Some(row.name), sql)));
        }
        Ok(definitions)
    }

    async fn violations(&mut self, tables: &[Name]) -> Result<Vec<String>> {
        let mut found = Vec::new();
        for table in tables {
            let sql = format!("PRAGMA foreign_key_check({})", normalise::quote(&table.name));
            match self.query(&sql).await {
                Ok(rows) => found.extend(rows.iter().map(|row| violation(row))),
                // It has another name at this moment: it is in the list by that one, too.
                Err(error) if error.message.contains("no such table") => {}
                Err(error) if error.message.contains("foreign key mismatch") => {
                    found.push(format!("\"{table}\": {}", error.message));
                }
                Err(error) => return Err(Error::database(format!("checking the foreign keys of \"{table}\""))(error)),
            }
        }
        Ok(found)
    }
}

impl StateStore for SqliteSession<'_> {
    async fn gate(&mut self, namespace: &str, _: &Fingerprint<'_>) -> Result<Gate> {
        if self.saved.is_none() && self.connection().is_in_transaction() {
            return Err(Error::InTransaction);
        }
        let gate = state::gate(self.connection(), namespace).await?;
        self.dialect = Sqlite::new(gate.server.strip_prefix("sqlite ").unwrap_or(&gate.server));
        Ok(gate)
    }

    async fn read_state(&mut self, namespace: &str) -> Result<Option<StateRow>> {
        state::read(self.connection(), namespace).await
    }

    async fn other_claims(&mut self, namespace: &str) -> Result<Vec<(String, String)>> {
        state::other_claims(self.connection(), namespace).await
    }

    async fn write_state(&mut self, namespace: &str, row: &StateRow) -> Result<()> {
        state::write(self.connection(), namespace, row).await
    }

    async fn append_history(&mut self, namespace: &str, row: &HistoryRow) -> Result<()> {
        state::append_history(self.connection(), namespace, row).await
    }

    async fn has_history(&mut self) -> Result<bool> {
        state::has_history(self.connection()).await
    }

    async fn history(&mut self, namespace: &str, limit: u32) -> Result<Vec<HistoryRow>> {
        state::history(self.connection(), namespace, limit).await
    }
}
