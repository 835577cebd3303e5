//! A connection taken for one run.

use super::inspect;
use super::online_session::{self, OnlineSession};
use super::paths::{CATALOG, SearchPath};
use super::state::TextRow;
use super::text::quote_text;
use super::view_stand_ins::Model;
use super::{Postgres, normalise, pending_enum_types, queries, types};
use crate::catalog::{Catalog, Name};
use crate::change::Renames;
use crate::dialect::{DatabaseError, DatabaseErrorKind, Dialect, Error, Lowered, Result, Session, TableLocks};
use crate::model::Schema;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnection, PgPool, PgRow};
use sqlx::{Row, Transaction};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

/// The two numbers of our advisory lock: "schs", and one lock for the whole database.
pub(super) const LOCK: (i32, i32) = (0x7363_6873, 1);

/// How long a statement waits for the locks of others before it lets them go first and tries again.
pub(super) const SLICE: Duration = Duration::from_secs(2);

/// After how long the server ends a session whose run was cancelled while its transaction began.
pub(super) const ABANDONED: &str = "'10s'";

/// A connection to PostgreSQL, taken for one run: of a pool, or borrowed.
pub struct PostgresSession<'c> {
    pub(super) handle: Handle<'c>,
    pub(super) dialect: Postgres,
    /// The state table is there, and the history.
    pub(super) has_state: bool,
    pub(super) has_history: bool,
    /// Schemas that are looked at.
    pub(super) scope: BTreeSet<String>,
    /// Names that the model gives enum types: whatever has one is looked at.
    pub(super) type_names: Vec<String>,
    /// The earlier names of the model's tables and columns.
    /// How long the caller is ready to wait for locks.
    pub(super) patience: Duration,
    /// A borrowed connection whose transaction is rolled back, and can begin again.
    pub(super) idle: bool,
    /// For `plan()`: nothing is written.
    pub(super) reading: bool,
    /// Where the connection is from.
    pub(super) pool: Option<PgPool>,
    /// An online run.
    pub(super) online: Option<OnlineSession>,
    /// `reltuples` of the tables last seen.
    estimates: BTreeMap<Name, u64>,
    /// A temporary object that somebody has left in this session, under a name that means something else as well.
    pub(super) temporary: Option<String>,
    /// The caller's `idle_in_transaction_session_timeout`.
    pub(super) idle_timeout: String,
    /// How many units are open, one in another.
    pub(super) unit_depth: u32,
    /// How often the locks of the run were asked for in vain.
    pub(super) lock_attempts: u32,
    /// Who held the table that the last statement waited for in vain.
    pub(super) in_the_way: Option<String>,
    /// The path by which the model's own words are read.
    pub(super) path: SearchPath,
}

/// What the server words, and what it takes for a value, must not depend on who asks; nor may rows be hidden from the questions.
/// Compiling a catalog query takes longer than it runs, and of a cursor's rows we take all.
pub(super) const NORMALIZED_SETTINGS: [(&str, &str); 10] = [
    ("datestyle", "'ISO, MDY'"),
    ("intervalstyle", "'postgres'"),
    ("bytea_output", "'hex'"),
    ("timezone", "'UTC'"),
    ("extra_float_digits", "1"),
    ("standard_conforming_strings", "on"),
    ("quote_all_identifiers", "off"),
    ("row_security", "off"),
    ("jit", "off"),
    ("cursor_tuple_fraction", "1"),
];

pub(super) enum Handle<'c> {
    Own(Own<'c>),
    Borrowed(&'c mut PgConnection),
    /// Our own, inside a transaction of ours.
    Begun(Own<'c>),
    /// Borrowed, inside a transaction of ours; it is rolled back when the run is cancelled.
    Transaction(Transaction<'c, sqlx::Postgres>),
    Gone,
}

/// A connection that is closed where the run on it is cancelled: of a pool; owned; lent by one who sees to it.
pub(super) enum Own<'c> {
    Pool(PoolConnection<sqlx::Postgres>),
    Owned(Box<PgConnection>),
    Lent(&'c mut PgConnection),
}

impl Own<'_> {
    pub(super) fn connection(&mut self) -> &mut PgConnection {
        match self {
            Self::Pool(connection) => connection,
            Self::Owned(connection) => connection,
            Self::Lent(connection) => connection,
        }
    }
}

impl From<PoolConnection<sqlx::Postgres>> for PostgresSession<'static> {
    fn from(connection: PoolConnection<sqlx::Postgres>) -> Self {
        Self::own(Own::Pool(connection))
    }
}

impl PostgresSession<'static> {
    /// Over a connection of that pool.
    pub(crate) fn of_pool(pool: PgPool, connection: PoolConnection<sqlx::Postgres>) -> Self {
        let mut session = Self::own(Own::Pool(connection));
        session.pool = Some(pool);
        session
    }
}

impl<'c> From<&'c mut PgConnection> for PostgresSession<'c> {
    fn from(connection: &'c mut PgConnection) -> Self {
        Self::over(Handle::Borrowed(connection))
    }
}

impl std::fmt::Debug for PostgresSession<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PostgresSession").field("dialect", &self.dialect).finish_non_exhaustive()
    }
}

/// The code that the server gives an error.
pub(super) fn code(error: &sqlx::Error) -> Option<String> {
    error.as_database_error().and_then(sqlx::error::DatabaseError::code).map(std::borrow::Cow::into_owned)
}

pub(super) fn is_lock_timeout(error: &sqlx::Error) -> bool {
    code(error).as_deref() == Some("55P03")
}

pub(super) fn texts(row: &PgRow) -> Result<TextRow, sqlx::Error> {
    (0..row.len()).map(|at| row.try_get_unchecked::<Option<String>, _>(at)).collect()
}

impl<'c> PostgresSession<'c> {
    pub(super) fn own(connection: Own<'c>) -> Self {
        Self::over(Handle::Own(connection))
    }

    fn over(handle: Handle<'c>) -> Self {
        Self {
            handle,
            dialect: Postgres::new(130_000, "public"),
            has_state: false,
            has_history: false,
            scope: BTreeSet::new(),
            type_names: Vec::new(),
            patience: Duration::ZERO,
            idle: false,
            reading: false,
            pool: None,
            online: None,
            estimates: BTreeMap::new(),
            temporary: None,
            idle_timeout: "0".to_owned(),
            unit_depth: 0,
            lock_attempts: 0,
            in_the_way: None,
            path: SearchPath::default(),
        }
    }

    pub(super) fn connection(&mut self) -> Result<&mut PgConnection, sqlx::Error> {
        match &mut self.handle {
            Handle::Own(connection) | Handle::Begun(connection) => Ok(connection.connection()),
            Handle::Borrowed(connection) => Ok(connection),
            Handle::Transaction(transaction) => Ok(transaction),
            Handle::Gone => Err(sqlx::Error::PoolClosed),
        }
    }

    /// What the server has refused, with what it says beside its message.
    pub(super) fn refused(&self, error: sqlx::Error) -> DatabaseError {
        let busy = self.is_ours() && online_session::is_busy(&error);
        let detail = if is_lock_timeout(&error) {
            self.in_the_way.clone()
        } else {
            let said = error.as_database_error();
            let said = said.and_then(|said| said.try_downcast_ref::<sqlx::postgres::PgDatabaseError>());
            said.and_then(|said| Some(said.detail()?.lines().collect::<Vec<_>>().join("; ")))
        };
        let mut refused = DatabaseError { detail, ..DatabaseError::from(error) };
        if busy {
            refused.kind = DatabaseErrorKind::Busy;
        }
        refused
    }

    pub(super) fn is_ours(&self) -> bool {
        (matches!(self.handle, Handle::Transaction(_) | Handle::Begun(_)) && !self.idle) || self.online.is_some()
    }

    /// Inside a transaction of a run, or of an online run.
    pub(super) fn is_inside_transaction(&self) -> bool {
        match &self.online {
            Some(online) => online.inside,
            None => self.is_ours(),
        }
    }

    pub(super) fn set_server(&mut self, version: u32, home: &str) -> Result<()> {
        if version < 130_000 {
            let version = super::version_text(version);
            return Err(Error::Refused(format!("PostgreSQL {version} is too old: schemasync needs 13 or later")));
        }
        let known = std::mem::replace(&mut self.dialect, Postgres::new(version, home));
        if known.home == self.dialect.home {
            self.dialect.schemas.extend(known.schemas);
            self.dialect.extensions = known.extensions;
            self.dialect.extension_schemas = known.extension_schemas;
            self.dialect.extension_columns = known.extension_columns;
            self.dialect.built_in = known.built_in;
            self.dialect.enums = known.enums;
            self.dialect.search_path = known.search_path;
        }
        Ok(())
    }

    pub(super) async fn ask_version(&mut self) -> Result<u32> {
        let rows = self.fetch("SELECT pg_catalog.current_setting('server_version_num')").await;
        let rows = rows.map_err(Error::database("asking for the server's version"))?;
        let number = rows.into_iter().next().and_then(|row| row.into_iter().next().flatten());
        Ok(number.and_then(|number| number.parse().ok()).unwrap_or(0))
    }
}

pub(super) fn is_true(value: Option<&Option<String>>) -> bool {
    value.is_some_and(|value| value.as_deref() == Some("t"))
}

impl Session for PostgresSession<'_> {
    fn dialect(&self) -> Arc<dyn Dialect> {
        Arc::new(self.dialect.clone())
    }

    async fn begin(&mut self, timeout: Duration) -> Result<()> {
        self.refuse_frozen().await?;
        self.patience = timeout;
        let begun = async {
            self.begin_with("READ COMMITTED", true).await?;
            self.introduce().await?;
            self.lock(timeout).await?;
            self.configure_session().await
        }
        .await;
        self.or_roll_back(begun).await
    }

    async fn begin_read(&mut self, timeout: Duration) -> Result<()> {
        let frozen = self.refuse_transaction().await?;
        self.patience = timeout;
        self.reading = true;
        let begun = async {
            self.begin_with("REPEATABLE READ", !frozen).await?;
            self.introduce().await?;
            self.configure_session().await
        }
        .await;
        self.or_roll_back(begun).await
    }

    async fn begin_online(&mut self, timeout: Duration) -> Result<()> {
        self.begin_online(timeout).await
    }

    async fn begin_transaction(&mut self) -> Result<()> {
        self.open_transaction().await
    }

    async fn end_transaction(&mut self, commit: bool) -> Result<()> {
        self.close_transaction(commit).await
    }

    async fn begin_unit(&mut self) -> Result<()> {
        self.savepoint("SAVEPOINT schemasync_unit").await?;
        self.unit_depth += 1;
        Ok(())
    }

    async fn lock_tables(&mut self, locks: &TableLocks) -> Result<bool> {
        self.lock_together(locks).await
    }

    async fn commit_unit(&mut self) -> Result<()> {
        self.unit_depth = self.unit_depth.saturating_sub(1);
        self.savepoint("RELEASE SAVEPOINT schemasync_unit").await
    }

    async fn rollback_unit(&mut self) -> Result<()> {
        self.unit_depth = self.unit_depth.saturating_sub(1);
        self.savepoint("ROLLBACK TO SAVEPOINT schemasync_unit; RELEASE SAVEPOINT schemasync_unit").await
    }

    async fn begin_step(&mut self) -> Result<()> {
        self.savepoint("SAVEPOINT schemasync_step").await
    }

    async fn commit_step(&mut self) -> Result<()> {
        self.savepoint("RELEASE SAVEPOINT schemasync_step").await
    }

    async fn rollback_step(&mut self) -> Result<()> {
        self.savepoint("ROLLBACK TO SAVEPOINT schemasync_step; RELEASE SAVEPOINT schemasync_step").await
    }

    async fn execute_batch(&mut self, statements: &[String]) -> Result<(), DatabaseError> {
        let done = if statements.iter().any(|sql| sql.contains(';')) {
            match self.execute(self.path.set()).await {
                Ok(_) => self.tell_all(statements, CATALOG).await,
                Err(error) => Err(error),
            }
        } else {
            // A line comment at the end of a statement ends with the line.
            self.execute_waiting(&statements.join("\n;\n"), true).await.map(drop)
        };
        done.map_err(|error| self.refused(error))
    }

    async fn execute_autocommit(&mut self, sql: &str) -> Result<u64, DatabaseError> {
        let done = self.alone(sql).await;
        done.map_err(|error| self.refused(error))
    }

    fn row_estimates(&self) -> BTreeMap<Name, u64> {
        self.estimates.clone()
    }

    async fn finish(&mut self, commit: bool) -> Result<()> {
        self.unit_depth = 0;
        if self.online.is_some() {
            return self.restore_session().await;
        }
        let doing = if commit { "committing" } else { "rolling back" };
        if let Handle::Begun(_) = &self.handle {
            self.execute(if commit { "COMMIT" } else { "ROLLBACK" }).await.map_err(Error::database(doing))?;
        }
        match std::mem::replace(&mut self.handle, Handle::Gone) {
            Handle::Begun(connection) => {
                self.handle = Handle::Own(connection);
                Ok(())
            }
            Handle::Transaction(transaction) if commit => transaction.commit().await.map_err(Error::database(doing)),
            Handle::Transaction(transaction) => transaction.rollback().await.map_err(Error::database(doing)),
            handle => {
                self.handle = handle;
                Ok(())
            }
        }
    }

    async fn start_over(&mut self) -> Result<()> {
        // The driver's transaction, once it is ended, lets go of a borrowed connection.
        if self.online.is_none() && matches!(self.handle, Handle::Transaction(_)) {
            self.idle = true;
            return self.execute("ROLLBACK").await.map(drop).map_err(Error::database("rolling back"));
        }
        self.finish(false).await
    }

    async fn scope(&mut self, schema: &Schema, base: &Catalog) -> Result<()> {
        self.read_scope(schema, base).await
    }

    async fn inspect(&mut self) -> Result<Catalog> {
        let mut schemas: Vec<String> = self.scope.iter().cloned().collect();
        if schemas.is_empty() {
            schemas.push(self.dialect.home.clone());
        }
        let rows = self.inspect_rows(&schemas).await?;
        let tables = rows.tables.iter().filter(|row| !row.hidden);
        // Before PostgreSQL 14 a table that nobody has counted has the estimate 0, since then -1.
        let known = i64::from(self.dialect.version < 140_000);
        let counted = tables.filter(|row| row.estimate >= known);
        let estimates = counted.filter_map(|row| Some((row, u64::try_from(row.estimate).ok()?)));
        self.estimates =
            estimates.map(|(row, rows)| (self.dialect.full_name(Some(&row.schema), &row.name), rows)).collect();
        let catalog = inspect::catalog(&self.dialect, rows, false);
        let columns =
            catalog.tables.values().flat_map(|table| table.columns.iter().map(|column| (&table.name, column)));
        let of_extensions = columns
            .filter_map(|(table, column)| Some(((table.clone(), column.name.clone()), types::extension_of(column)?)));
        self.dialect.extension_columns = of_extensions.collect();
        Ok(catalog)
    }

    async fn scope_everything(&mut self) -> Result<()> {
        let sql =
            "SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'";
        let rows = self.fetch(sql).await.map_err(Error::database("reading the schemas"))?;
        let view = |row: TextRow| crate::model::View { schema: row.into_iter().next().flatten(), ..Default::default() };
        let all = Schema::new(Vec::new(), rows.into_iter().map(view).collect());
        self.dialect.enums = None;
        self.scope(&all, &Catalog::default()).await
    }

    async fn remarks(&mut self) -> Result<Vec<String>> {
        let rows =
            self.fetch(&super::remarks::query()).await.map_err(Error::database("reading what a schema cannot say"))?;
        let remarks = rows.into_iter().filter_map(|row| row.into_iter().next().flatten());
        let home = self.dialect.schema_of(&Name::default()).to_owned();
        Ok(remarks.map(|remark| super::remarks::without_home(&remark, &home)).collect())
    }

    async fn view_columns(&mut self, name: &Name) -> Result<Vec<(String, String)>, DatabaseError> {
        let sql = format!(
            "SELECT attname, pg_catalog.format_type(atttypid, atttypmod) FROM pg_catalog.pg_attribute \
             WHERE attrelid = to_regclass({}) AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
            quote_text(&self.dialect.qualified(name))
        );
        let text = |value: Option<Option<String>>| value.flatten().unwrap_or_default();
        let columns = self.ask_worded(sql).await?.into_iter().map(|row| {
            let mut values = row.into_iter();
            (text(values.next()), text(values.next()))
        });
        Ok(columns.collect())
    }

    async fn normalise(
        &mut self,
        lowered: &mut Lowered,
        live_catalog: &Catalog,
        base: &Catalog,
        renames: &Renames,
        safe: bool,
    ) -> Result<()> {
        let pending = pending_enum_types::of(&self.dialect, lowered, live_catalog);
        let (probes, mut views) =
            normalise::prepare(&self.dialect, renames, lowered, live_catalog, base, &pending, safe);
        if !probes.is_empty() {
            views.extend(self.probe(lowered, probes, &pending).await?);
        }
        if !views.is_empty() {
            let model =
                Model { dialect: &self.dialect, lowered, live: live_catalog, base, renames, pending: &pending, safe };
            let stand_ins = model.stand_ins(&views);
            self.probe_views(lowered, stand_ins, &pending).await?;
        }
        self.volatility(renames, lowered, live_catalog).await
    }

    async fn execute(&mut self, sql: &str) -> Result<u64, DatabaseError> {
        let done = self.execute_waiting(sql, false).await;
        done.map_err(|error| self.refused(error))
    }

    async fn execute_restored(&mut self, sql: &str) -> Result<(), DatabaseError> {
        let done = self.execute_waiting(sql, true).await;
        done.map(drop).map_err(|error| self.refused(error))
    }

    async fn query(&mut self, sql: &str) -> Result<Vec<TextRow>, DatabaseError> {
        let rows = self.query_as_model(sql).await;
        rows.map_err(|error| self.refused(error))
    }

    async fn try_query(&mut self, sql: &str) -> Result<Vec<TextRow>, DatabaseError> {
        let rows = self.query_guarded(sql).await;
        rows.map_err(|error| self.refused(error))
    }

    async fn definitions(&mut self, name: &Name) -> Result<BTreeMap<Option<String>, String>> {
        // No table is rebuilt here: what is asked for are views, and foreign keys that make way.
        let regclass = format!("pg_catalog.to_regclass({})", quote_text(&self.dialect.qualified(name)));
        let sql = queries::view_definition(&regclass);
        let doing = || Error::database(format!("reading the definition of \"{name}\""));
        let rows = self.ask_worded(sql).await.map_err(doing())?;
        if let Some(sql) = rows.into_iter().next().and_then(|row| row.into_iter().next().flatten()) {
            return Ok(BTreeMap::from([(None, super::text::trim(&sql).to_owned())]));
        }
        let rows = self.ask_worded(queries::foreign_keys(&regclass)).await.map_err(doing())?;
        let pair = |row: TextRow| match <[Option<String>; 2]>::try_from(row) {
            Ok([Some(name), Some(sql)]) => Some((Some(name), sql)),
            _ => None,
        };
        Ok(rows.into_iter().filter_map(pair).collect())
    }

    async fn violations(&mut self, _: &[Name]) -> Result<Vec<String>> {
        // The server checks every key at every statement.
        Ok(Vec::new())
    }
}
