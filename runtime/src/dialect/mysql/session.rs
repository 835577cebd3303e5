//! A connection taken for one run.

use super::inspect::{self, Rows};
use super::state::TextRow;
use super::text::quote_text;
use super::{Mysql, normalise, probe, queries};
use crate::catalog::{Catalog, Name, TEMPORARY_PREFIX, fit_identifier};
use crate::change::Renames;
use crate::dialect::{DatabaseError, DatabaseErrorKind, Dialect, Error, Lowered, Result, Session};
use crate::model::Schema;
use sqlx::mysql::{MySqlConnection, MySqlDatabaseError, MySqlRow};
use sqlx::pool::PoolConnection;
use sqlx::{AssertSqlSafe, Connection, Row};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What expressions and values mean must not depend on who asks; nor must the server cut, round or leave out what does not fit.
pub(super) const SETTINGS: [(&str, &str); 8] = [
    (
        "sql_mode",
        "'STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,PIPES_AS_CONCAT'",
    ),
    ("time_zone", "'+00:00'"),
    ("autocommit", "1"),
    ("foreign_key_checks", "1"),
    ("unique_checks", "1"),
    ("sql_safe_updates", "0"),
    ("sql_select_limit", "18446744073709551615"),
    ("group_concat_max_len", "1048576"),
];

/// Settings of a session that a run changes beside [`SETTINGS`].
const WAITS: [&str; 2] = ["lock_wait_timeout", "innodb_lock_wait_timeout"];

/// The names of the settings of the character sets.
const CHARSETS: [&str; 4] =
    ["character_set_client", "character_set_connection", "character_set_results", "collation_connection"];

/// A connection to MySQL or MariaDB, taken for one run: of a pool, or borrowed.
pub struct MysqlSession<'c> {
    handle: Handle<'c>,
    pub(super) dialect: Mysql,
    /// The state table is there, and the history.
    pub(super) has_state: bool,
    /// Databases that are looked at.
    scope: BTreeSet<String>,
    /// The caller's settings, while ours are set.
    saved: Option<Vec<(String, Option<String>)>>,
    /// The name of the lock, while we hold it.
    lock: Option<String>,
    /// How long the caller is ready to wait for locks.
    patience: Duration,
    /// `TABLE_ROWS` of the tables last seen.
    estimates: BTreeMap<Name, u64>,
}

enum Handle<'c> {
    Pool(PoolConnection<sqlx::MySql>),
    Borrowed(&'c mut MySqlConnection),
}

impl From<PoolConnection<sqlx::MySql>> for MysqlSession<'static> {
    fn from(connection: PoolConnection<sqlx::MySql>) -> Self {
        Self::over(Handle::Pool(connection))
    }
}

impl<'c> From<&'c mut MySqlConnection> for MysqlSession<'c> {
    fn from(connection: &'c mut MySqlConnection) -> Self {
        Self::over(Handle::Borrowed(connection))
    }
}

impl std::fmt::Debug for MysqlSession<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MysqlSession").field("dialect", &self.dialect).finish_non_exhaustive()
    }
}

/// A run that is cancelled leaves its settings and its lock on the connection: no pool gets it back.
impl Drop for MysqlSession<'_> {
    fn drop(&mut self) {
        if let (Handle::Pool(connection), true) = (&mut self.handle, self.saved.is_some()) {
            connection.close_on_drop();
        }
    }
}

/// The server's own number of an error.
pub(super) fn number(error: &sqlx::Error) -> Option<u16> {
    let error = error.as_database_error()?.try_downcast_ref::<MySqlDatabaseError>()?;
    Some(error.number())
}

/// What the server has refused.
fn refused(error: sqlx::Error) -> DatabaseError {
    // Lock wait timeout, deadlock.
    let busy = matches!(number(&error), Some(1205 | 1213));
    // Server shutdown, killed connection, gone away.
    let lost = matches!(number(&error), Some(1053 | 1927 | 2006 | 2013 | 4031));
    let code = number(&error).map(|number| number.to_string());
    let mut refused = DatabaseError::from(error);
    refused.code = code.or(refused.code);
    if busy {
        refused.kind = DatabaseErrorKind::Busy;
    } else if lost {
        refused.kind = DatabaseErrorKind::Connection;
    }
    refused
}

fn texts(row: &MySqlRow) -> Result<TextRow, sqlx::Error> {
    let cell = |at: usize| -> Result<Option<String>, sqlx::Error> {
        match row.try_get_unchecked::<Option<Vec<u8>>, _>(at)? {
            Some(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
            None => Ok(None),
        }
    };
    (0..row.len()).map(cell).collect()
}

impl<'c> MysqlSession<'c> {
    fn over(handle: Handle<'c>) -> Self {
        Self {
            handle,
            dialect: Mysql::new("", "", false),
            has_state: false,
            scope: BTreeSet::new(),
            saved: None,
            lock: None,
            patience: Duration::ZERO,
            estimates: BTreeMap::new(),
        }
    }

    fn connection(&mut self) -> &mut MySqlConnection {
        match &mut self.handle {
            Handle::Pool(connection) => connection,
            Handle::Borrowed(connection) => connection,
        }
    }

    /// One message of the text protocol; every value comes as text.
    pub(super) async fn ask(&mut self, sql: &str) -> Result<Vec<TextRow>, sqlx::Error> {
        let rows = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).fetch_all(self.connection()).await?;
        rows.iter().map(texts).collect()
    }

    /// One message of the text protocol; the number of rows changed.
    pub(super) async fn tell(&mut self, sql: &str) -> Result<u64, sqlx::Error> {
        Ok(sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(self.connection()).await?.rows_affected())
    }

    /// One statement of the model's: it goes by itself, and what would follow behind a `;` is refused.
    async fn tell_one(&mut self, sql: &str) -> Result<u64, sqlx::Error> {
        self.tell(sql).await
    }

    /// The caller's transaction is not ours to commit (rule S7): DDL would.
    pub(super) fn refuse_transaction(&mut self) -> Result<()> {
        if self.connection().is_in_transaction() { Err(Error::InTransaction) } else { Ok(()) }
    }

    /// Learns from the first columns of the gate which server it is.
    pub(super) fn meet(&mut self, row: &[Option<String>]) -> Result<()> {
        let [Some(version), home, folds, ..] = row else {
            return Err(Error::Refused("the server does not tell its version".to_owned()));
        };
        let Some(home) = home else {
            return Err(Error::Refused(
                "the connection has no database: name one in its URL (mysql://USER@HOST/DATABASE)".to_owned(),
            ));
        };
        let folds = folds.as_deref().is_some_and(|value| value != "0");
        self.has_state = row.len() > 3;
        let known = std::mem::replace(&mut self.dialect, Mysql::new(version, home, folds));
        (self.dialect.live, self.dialect.renames) = (known.live, known.renames);
        let oldest = if self.dialect.is_mariadb() { "10.6" } else { "8.0.19" };
        if is_older(&self.dialect.capabilities().server, oldest) {
            let server = &self.dialect.capabilities().server;
            return Err(Error::Refused(format!("{server} is too old: schemasync needs {oldest} or later")));
        }
        Ok(())
    }

    /// Keeps the caller's settings and makes ours.
    async fn configure(&mut self, patience: Duration) -> Result<()> {
        const DOING: &str = "setting up the session";
        self.refuse_transaction()?;
        // It is refused inside of a transaction that the driver does not know of, and changes nothing outside of one.
        match self.tell("SET TRANSACTION READ WRITE").await {
            Err(error) if number(&error) == Some(1568) => return Err(Error::InTransaction),
            done => done.map_err(Error::database(DOING))?,
        };
        let names: Vec<&str> =
            CHARSETS.into_iter().chain(SETTINGS.iter().map(|(name, _)| *name)).chain(WAITS).collect();
        let values: Vec<String> = names.iter().map(|name| format!("@@SESSION.{name}")).collect();
        let rows = self.ask(&format!("SELECT {}", values.join(", "))).await.map_err(Error::database(DOING))?;
        let values = rows.into_iter().next().unwrap_or_default();
        self.saved = Some(names.into_iter().map(str::to_owned).zip(values).collect());
        self.patience = patience;
        let seconds = patience.as_secs().clamp(1, 31_536_000).to_string();
        let settings = SETTINGS.iter().map(|(name, value)| format!("SESSION {name} = {value}"));
        let waits = WAITS.iter().map(|name| format!("SESSION {name} = {seconds}"));
        let all: Vec<String> = settings.chain(waits).collect();
        self.tell("SET NAMES utf8mb4").await.map_err(Error::database(DOING))?;
        self.tell(&format!("SET {}", all.join(", "))).await.map(drop).map_err(Error::database(DOING))
    }

    async fn restore_settings(&mut self) -> Result<()> {
        let Some(saved) = self.saved.take() else { return Ok(()) };
        let is_word = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let value = |value: &Option<String>| match value {
            Some(text) if is_word(text) => text.clone(),
            Some(text) => quote_text(text),
            None => "NULL".to_owned(),
        };
        let all: Vec<String> = saved.iter().map(|(name, old)| format!("SESSION {name} = {}", value(old))).collect();
        let done = self.tell(&format!("SET {}", all.join(", "))).await;
        done.map(drop).map_err(Error::database("restoring the session's settings"))
    }

    /// Waits for the lock, and tells who holds it when it does not come.
    async fn take_lock(&mut self, timeout: Duration) -> Result<()> {
        let name = fit_identifier(&format!("schemasync.{}", self.dialect.home), super::IDENTIFIER_LIMIT);
        let started = Instant::now();
        let sql = format!("SELECT GET_LOCK({}, {})", quote_text(&name), timeout.as_secs_f64());
        let rows = self.ask(&sql).await.map_err(Error::database("taking the lock"))?;
        let got = rows.into_iter().next().and_then(|row| row.into_iter().next().flatten());
        match got.as_deref() {
            Some("1") => {
                self.lock = Some(name);
                Ok(())
            }
            Some(_) => {
                let rows = self.ask(&normalise::holder_of(&name)).await.unwrap_or_default();
                let holder = rows.into_iter().next().and_then(|row| row.into_iter().next().flatten());
                Err(Error::LockTimeout { waited: started.elapsed(), holder })
            }
            None => Err(Error::Refused("the server could not give the lock (GET_LOCK gave NULL)".to_owned())),
        }
    }

    async fn release_lock(&mut self) -> Result<()> {
        let Some(name) = self.lock.take() else { return Ok(()) };
        let sql = format!("SELECT RELEASE_LOCK({})", quote_text(&name));
        self.ask(&sql).await.map(drop).map_err(Error::database("giving the lock back"))
    }

    /// Ends what could not be begun properly; the first error is the one to be told.
    async fn or_finish(&mut self, begun: Result<()>) -> Result<()> {
        if begun.is_err() {
            let _ = self.finish(false).await;
        }
        begun
    }

    async fn server(&mut self) -> Result<()> {
        if !self.dialect.home.is_empty() {
            return Ok(());
        }
        let rows = self.ask(super::state::SERVER).await.map_err(Error::database("asking for the server's version"))?;
        self.meet(rows.first().map_or(&[], Vec::as_slice))
    }

    async fn look(&mut self, schemas: &[String]) -> Result<Rows> {
        let flavor = self.dialect.flavor;
        let mut ask = async |sql: String| self.ask(&sql).await.map_err(Error::database("reading the catalog"));
        Ok(Rows {
            tables: ask(queries::tables(schemas)).await?,
            columns: ask(queries::columns(flavor, schemas)).await?,
            indexes: ask(queries::indexes(flavor, schemas)).await?,
            foreign_keys: ask(queries::foreign_keys(schemas)).await?,
            checks: ask(queries::checks(flavor, schemas)).await?,
            views: ask(queries::views(schemas)).await?,
            triggers: ask(queries::triggers(schemas)).await?,
        })
    }

    /// Has the server print what a temporary table is made of; what it does not take is an error of the table.
    async fn word(&mut self, lowered: &mut Lowered, probe: &normalise::Probe) -> Result<()> {
        let name = self.dialect.qualified(&probe.temporary);
        if let Err(error) = self.tell(&probe.create).await {
            // Without the right to make temporary tables, and on a server that is read only, the model is compared by its own words.
            if matches!(number(&error), Some(1044 | 1142 | 1227 | 1290 | 1792 | 1836)) {
                tracing::warn!(%error, "the model is compared by its own words");
                return Ok(());
            }
            let Some(said) = error.as_database_error().map(|error| error.message().to_owned()) else {
                return Err(Error::database("wording the model's expressions")(error));
            };
            let errors = lowered.errors.entry(probe.name.clone()).or_default();
            errors.push(format!("the server does not take what the model writes for this table: {said}"));
            return Ok(());
        }
        let printed = self.ask(&format!("SHOW CREATE TABLE {name}")).await;
        self.tell(&format!("DROP TEMPORARY TABLE {name}"))
            .await
            .map_err(Error::database("dropping a temporary table"))?;
        let rows = printed.map_err(Error::database("wording the model's expressions"))?;
        let printed = rows.into_iter().next().and_then(|row| row.into_iter().nth(1).flatten()).unwrap_or_default();
        if let Some(table) = lowered.catalog.tables.get_mut(&probe.name) {
            normalise::adopt(&self.dialect, table, &probe::read(&printed));
        }
        Ok(())
    }
}

/// Whether the version of a server, as in its capabilities, is below that one.
fn is_older(server: &str, oldest: &str) -> bool {
    let numbers = |text: &str| -> Vec<u32> { text.split('.').filter_map(|part| part.parse().ok()).collect() };
    let version = server.split(' ').nth(1).unwrap_or_default();
    numbers(version) < numbers(oldest)
}

impl Session for MysqlSession<'_> {
    fn dialect(&self) -> Arc<dyn Dialect> {
        Arc::new(self.dialect.clone())
    }

    async fn begin(&mut self, timeout: Duration) -> Result<()> {
        let begun = async {
            self.configure(timeout).await?;
            self.server().await?;
            self.take_lock(timeout).await
        }
        .await;
        self.or_finish(begun).await
    }

    async fn begin_read(&mut self, timeout: Duration) -> Result<()> {
        let begun = async {
            self.configure(timeout).await?;
            self.server().await
        }
        .await;
        self.or_finish(begun).await
    }

    async fn finish(&mut self, _: bool) -> Result<()> {
        let released = self.release_lock().await;
        let restored = self.restore_settings().await;
        released.and(restored)
    }

    async fn remove_leftovers(&mut self) -> Result<()> {
        let sql = format!(
            "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = {} AND TABLE_TYPE = 'BASE TABLE' AND LEFT(TABLE_NAME, {}) = {}",
            quote_text(&self.dialect.home),
            TEMPORARY_PREFIX.chars().count(),
            quote_text(TEMPORARY_PREFIX)
        );
        let rows = self.ask(&sql).await.map_err(Error::database("looking for leftovers"))?;
        for name in rows.into_iter().filter_map(|row| row.into_iter().next().flatten()) {
            let sql = format!("DROP TABLE IF EXISTS {}", self.dialect.qualified(&Name::new(name)));
            self.tell(&sql).await.map_err(Error::database("removing what a killed run has left behind"))?;
        }
        Ok(())
    }

    fn row_estimates(&self) -> BTreeMap<Name, u64> {
        self.estimates.clone()
    }

    async fn scope(&mut self, schema: &Schema, base: &Catalog) -> Result<()> {
        self.scope = BTreeSet::from([self.dialect.home.clone()]);
        self.scope.extend(schema.tables.iter().filter_map(|table| table.schema.clone()));
        self.scope.extend(schema.views.iter().filter_map(|view| view.schema.clone()));
        self.scope.extend(base.tables.keys().chain(base.views.keys()).filter_map(|name| name.schema.clone()));
        Ok(())
    }

    async fn scope_everything(&mut self) -> Result<()> {
        // Another database is another application's.
        self.scope = BTreeSet::from([self.dialect.home.clone()]);
        Ok(())
    }

    async fn view_columns(&mut self, name: &Name) -> Result<Vec<(String, String)>, DatabaseError> {
        let sql = format!(
            "SELECT COLUMN_NAME, COLUMN_TYPE FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = {} AND TABLE_NAME = {} ORDER BY ORDINAL_POSITION",
            quote_text(self.dialect.schema_of(name)),
            quote_text(&name.name)
        );
        let rows = self.ask(&sql).await.map_err(refused)?;
        let pair = |row: TextRow| match <[Option<String>; 2]>::try_from(row) {
            Ok([Some(name), Some(ty)]) => Some((name, super::types::normal(&ty))),
            _ => None,
        };
        Ok(rows.into_iter().filter_map(pair).collect())
    }

    async fn normalise(
        &mut self,
        lowered: &mut Lowered,
        live: &Catalog,
        base: &Catalog,
        renames: &Renames,
        safe: bool,
    ) -> Result<()> {
        self.dialect.renames = Arc::new(renames.clone());
        for probe in normalise::prepare(&self.dialect, renames, lowered, live, base, safe) {
            self.word(lowered, &probe).await?;
        }
        Ok(())
    }

    async fn inspect(&mut self) -> Result<Catalog> {
        let mut schemas: Vec<String> = self.scope.iter().cloned().collect();
        if schemas.is_empty() {
            schemas.push(self.dialect.home.clone());
        }
        let rows = self.look(&schemas).await?;
        let estimate = |row: &TextRow| {
            let rows = row.get(7)?.as_deref()?.parse().ok()?;
            Some((self.dialect.full_name(row.first()?.as_deref(), row.get(1)?.as_deref()?), rows))
        };
        self.estimates = rows.tables.iter().filter_map(estimate).collect();
        let catalog = inspect::catalog(&self.dialect, &rows);
        self.dialect.live = Arc::new(catalog.clone());
        Ok(catalog)
    }

    async fn execute(&mut self, sql: &str) -> Result<u64, DatabaseError> {
        self.tell_one(sql).await.map_err(refused)
    }

    async fn query(&mut self, sql: &str) -> Result<Vec<TextRow>, DatabaseError> {
        self.ask(sql).await.map_err(refused)
    }

    async fn definitions(&mut self, _: &Name) -> Result<BTreeMap<Option<String>, String>> {
        // Nothing is restored by the server's own words here.
        Ok(BTreeMap::new())
    }

    async fn violations(&mut self, _: &[Name]) -> Result<Vec<String>> {
        // The server checks every key at every statement.
        Ok(Vec::new())
    }
}
