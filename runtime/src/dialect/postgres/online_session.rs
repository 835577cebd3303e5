//! The session of an online run: one lock across many short transactions.

use super::paths::CATALOG;
use super::session::{Handle, LOCK, NORMALIZED_SETTINGS, Own, PostgresSession, SLICE, code};
use super::text::quote_text;
use crate::dialect::{Error, Result};
use sqlx::Connection;
use sqlx::postgres::PgConnection;
use std::time::{Duration, Instant};

/// What an online run has changed in its session, and where it stands.
#[derive(Debug, Default)]
pub(super) struct OnlineSession {
    /// Settings as they were.
    saved: Vec<(&'static str, String)>,
    /// Inside one of its transactions.
    pub(super) inside: bool,
}

const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";

/// How long an online run's session may be silent before the server ends it, and with it the lock.
const IDLE: &str = "'60s'";

/// Settings that an online run changes.
const SETTINGS: [&str; 6] = [
    "application_name",
    "search_path",
    "lock_timeout",
    "statement_timeout",
    "idle_in_transaction_session_timeout",
    "idle_session_timeout",
];

impl PostgresSession<'_> {
    /// Takes the lock of the session.
    pub(super) async fn begin_online(&mut self, timeout: Duration) -> Result<()> {
        if let Handle::Borrowed(_) = self.handle {
            return Err(borrowed());
        }
        self.refuse_frozen().await?;
        self.patience = timeout;
        self.refuse_pooler().await?;
        let doing = || Error::database("preparing the session for online mode");
        let settings = || SETTINGS.into_iter().chain(NORMALIZED_SETTINGS.iter().map(|(name, _)| *name));
        let names: Vec<String> = settings().map(|name| format!("pg_catalog.current_setting('{name}', true)")).collect();
        let rows = self.fetch(format!("SELECT {}", names.join(", "))).await.map_err(doing())?;
        let values = rows.into_iter().next().unwrap_or_default();
        // Version 13 does not know them all.
        let saved = settings().zip(values).filter_map(|(name, value)| Some((name, value?)));
        let saved: Vec<(&'static str, String)> = saved.collect();
        let idle = saved.iter().filter(|(name, _)| name.starts_with("idle_"));
        let idle: String = idle.map(|(name, _)| format!("; SET {name} = {IDLE}")).collect();
        self.online = Some(OnlineSession { saved, inside: false });
        self.introduce().await?;
        let lock = format!("SELECT pg_catalog.pg_try_advisory_lock({}, {})", LOCK.0, LOCK.1);
        self.wait_for_lock(&lock, timeout).await?;
        // An index is built as long as it takes.
        self.execute(format!("SET statement_timeout = 0{idle}")).await.map_err(doing())?;
        self.configure_session().await
    }

    /// What is set for a session does not survive a pooler that changes it under us. Two connections tell: while the one has a
    /// transaction open, the other has another backend.
    async fn refuse_pooler(&mut self) -> Result<()> {
        const BACKEND: &str = "SELECT pg_catalog.pg_backend_pid()";
        let Some(pool) = self.pool.clone() else { return Ok(()) };
        let doing = || Error::database("looking for a pooler");
        let before = self.fetch(BACKEND).await.map_err(doing())?;
        let mut other = PgConnection::connect_with(&pool.connect_options()).await.map_err(doing())?;
        let mut transaction = other.begin().await.map_err(doing())?;
        let theirs: i32 =
            sqlx::query_scalar(BACKEND).persistent(false).fetch_one(&mut *transaction).await.map_err(doing())?;
        let after = self.fetch(BACKEND).await.map_err(doing())?;
        transaction.rollback().await.map_err(doing())?;
        other.close().await.map_err(doing())?;
        let same = before == after && before.first() != Some(&vec![Some(theirs.to_string())]);
        if same { Ok(()) } else { Err(pooled()) }
    }

    /// Waits without a snapshot of its own: whoever builds an index concurrently waits for all who have one.
    pub(super) async fn wait_for_lock(&mut self, sql: &str, timeout: Duration) -> Result<()> {
        let started = Instant::now();
        let mut pause = Duration::from_millis(5);
        loop {
            let rows = self.fetch(sql.to_owned()).await.map_err(Error::database("taking the lock of this database"))?;
            if super::session::is_true(rows.last().and_then(|row| row.first())) {
                return Ok(());
            }
            if started.elapsed() >= timeout {
                return Err(Error::LockTimeout { waited: started.elapsed(), holder: self.holder().await });
            }
            tokio::time::sleep(pause.min(timeout.saturating_sub(started.elapsed()))).await;
            pause = (pause * 2).min(Duration::from_millis(200));
        }
    }

    /// Who holds the lock, as far as the server tells.
    async fn holder(&mut self) -> Option<String> {
        let sql = format!(
            "{CATALOG}; SELECT 'process ' || l.pid || coalesce(' of ' || nullif(a.application_name, ''), '') || coalesce(', user ' || a.usename, '') || coalesce(' at ' || a.client_addr::text, '')
FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid WHERE {}",
            held()
        );
        let rows = self.fetch(sql).await.ok()?;
        rows.into_iter().next()?.into_iter().next()?
    }

    pub(super) async fn open_transaction(&mut self) -> Result<()> {
        let doing = || Error::database("beginning a transaction");
        self.execute(BEGIN).await.map_err(doing())?;
        if let Some(online) = &mut self.online {
            online.inside = true;
        }
        self.refuse_lost_lock().await
    }

    /// The lock is still ours, so this is the session that we began with.
    pub(super) async fn refuse_lost_lock(&mut self) -> Result<()> {
        let sql = format!(
            "{CATALOG}; SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_locks l WHERE l.pid = pg_backend_pid() AND {})",
            held()
        );
        let rows = self.fetch(sql).await.map_err(Error::database("looking for our lock"))?;
        if super::session::is_true(rows.first().and_then(|row| row.first())) { Ok(()) } else { Err(pooled()) }
    }

    pub(super) async fn close_transaction(&mut self, commit: bool) -> Result<()> {
        let Some(online) = self.online.as_mut().filter(|online| online.inside) else { return Ok(()) };
        online.inside = false;
        let doing = || Error::database(if commit { "committing" } else { "rolling back" });
        self.execute(if commit { "COMMIT" } else { "ROLLBACK" }).await.map(drop).map_err(doing())
    }

    /// Outside of transactions; waits as long as the caller allows, which keeps no writer waiting.
    pub(super) async fn alone(&mut self, sql: &str) -> Result<u64, sqlx::Error> {
        let milliseconds = self.patience.as_millis().clamp(1, 2_000_000_000);
        self.execute(format!("SET lock_timeout = {milliseconds}; {}", self.path.set_for_session())).await?;
        let done = self.execute(sql).await;
        if done.as_ref().is_err_and(|error| code(error).as_deref() == Some("55P03")) {
            self.in_the_way = self.lock_holders(Some(sql)).await;
        }
        let slice = self.patience.min(SLICE).as_millis().max(1);
        self.execute(format!("SET lock_timeout = {slice}; {}", CATALOG.replace("LOCAL ", ""))).await?;
        done
    }

    /// Gives the session back as it was.
    pub(super) async fn restore_session(&mut self) -> Result<()> {
        let ended = self.close_transaction(false).await;
        let Some(online) = &self.online else { return ended };
        let settings: Vec<String> = online
            .saved
            .iter()
            .map(|(name, value)| format!("pg_catalog.set_config('{name}', {}, false)", quote_text(value)))
            .collect();
        let unlock = format!("SELECT pg_catalog.pg_advisory_unlock({}, {}), {}", LOCK.0, LOCK.1, settings.join(", "));
        let left = self.execute(unlock).await.map(drop).map_err(Error::database("giving the lock back"));
        if left.is_ok() {
            self.online = None;
        }
        ended.and(left)
    }
}

/// The run was cancelled, or its connection is lost: nothing of it may reach the next user of the pool. What is owned is closed with it;
/// on a borrowed connection the driver rolls the transaction back, which is all that a run without online mode has changed.
impl Drop for PostgresSession<'_> {
    fn drop(&mut self) {
        match &mut self.handle {
            Handle::Begun(Own::Pool(connection)) => connection.close_on_drop(),
            Handle::Own(Own::Pool(connection)) if self.online.is_some() => connection.close_on_drop(),
            _ => {}
        }
    }
}

/// Another session holds, or waited for, what the statement needed.
pub(super) fn is_busy(error: &sqlx::Error) -> bool {
    matches!(code(error).as_deref(), Some("55P03" | "40P01"))
}

fn held() -> String {
    format!(
        "l.locktype = 'advisory' AND l.granted AND l.classid = {} AND l.objid = {} AND l.objsubid = 2
  AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())",
        LOCK.0, LOCK.1
    )
}

/// Nothing can be set back on a borrowed connection once the future of the run is dropped.
fn borrowed() -> Error {
    Error::Refused(
        "online mode changes settings of its session and takes a lock in it, and a run that is cancelled could not give a borrowed connection \
         back as it was: give it the pool, or the connection itself (`SchemaSync::new(connection)`), or run without `online`"
            .to_owned(),
    )
}

fn pooled() -> Error {
    Error::Refused(
        "online mode needs a session of its own: this connection goes through a pooler that changes the session between \
         transactions. Give it the server's own address (or a pooler in session mode), or run without `online`"
            .to_owned(),
    )
}
