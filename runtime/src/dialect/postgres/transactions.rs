//! How transactions are begun, on a connection of the pool and on a borrowed one, and the lock of the run (rules S5, S7).

use super::paths::CATALOG;
use super::session::{ABANDONED, Handle, LOCK, PostgresSession};
use super::text::quote_text;
use crate::dialect::{Error, Result, Session};
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, SqlSafeStr, Transaction};
use std::time::Duration;

impl<'c> PostgresSession<'c> {
    /// Begins a transaction of ours. Dropped without [`Session::finish`], it is rolled back.
    pub(super) async fn begin_with(&mut self, isolation: &str, may_write: bool) -> Result<()> {
        let doing = || Error::database("beginning the transaction");
        let begin = format!("BEGIN ISOLATION LEVEL {isolation}{}", if may_write { " READ WRITE" } else { "" });
        match std::mem::replace(&mut self.handle, Handle::Gone) {
            // The driver's own transaction would go back to the pool, open, where the run is cancelled while it begins.
            Handle::Own(connection) => {
                self.handle = Handle::Begun(connection);
                self.execute(begin).await.map(drop).map_err(doing())
            }
            Handle::Borrowed(connection) => self.begin_on_borrowed(connection, isolation, may_write).await,
            // Rolled back by `start_over`.
            Handle::Transaction(transaction) if self.idle => {
                self.handle = Handle::Transaction(transaction);
                self.idle = false;
                self.execute(begin).await.map(drop).map_err(doing())
            }
            handle => {
                self.handle = handle;
                Err(Error::InTransaction)
            }
        }
    }

    /// The driver rolls back a transaction that is dropped, but not one that is dropped while it begins. Its owner would go on in it without
    /// knowing. So until the driver has it nothing can be written in it, and the server ends the session when it is left alone.
    pub(super) async fn begin_on_borrowed(
        &mut self,
        connection: &'c mut PgConnection,
        isolation: &str,
        may_write: bool,
    ) -> Result<()> {
        let doing = || Error::database("beginning the transaction");
        let begin = AssertSqlSafe(format!(
            "BEGIN ISOLATION LEVEL {isolation} READ ONLY; SET LOCAL idle_in_transaction_session_timeout = {ABANDONED}"
        ));
        let transaction = match Transaction::begin(connection, Some(begin.into_sql_str())).await {
            Ok(transaction) => transaction,
            Err(sqlx::Error::InvalidSavePointStatement) => return Err(Error::InTransaction),
            Err(error) => return Err(doing()(error)),
        };
        self.handle = Handle::Transaction(transaction);
        let write = if may_write { "SET TRANSACTION READ WRITE; " } else { "" };
        let timeout = quote_text(&self.idle_timeout);
        let settings = format!("{write}SET LOCAL idle_in_transaction_session_timeout = {timeout}");
        self.execute(settings).await.map(drop).map_err(doing())
    }

    /// Ends a transaction that could not be begun properly; the first error is the one to be told.
    pub(super) async fn or_roll_back(&mut self, begun: Result<()>) -> Result<()> {
        if begun.is_err() {
            let _ = self.finish(false).await;
        }
        begun
    }

    /// Waits for the lock, and tells who holds it when it does not come.
    pub(super) async fn lock(&mut self, timeout: Duration) -> Result<()> {
        let lock = format!("SELECT pg_catalog.pg_try_advisory_xact_lock({}, {})", LOCK.0, LOCK.1);
        self.wait_for_lock(&lock, timeout).await
    }

    /// The sessions that hold a lock on a table which the statement names; without one, those that keep everybody from any table.
    pub(super) async fn lock_holders(&mut self, sql: Option<&str>) -> Option<String> {
        let tables = match sql {
            None => "l.mode = 'AccessExclusiveLock'".to_owned(),
            Some(sql) => format!(
                "strpos({}, '\"' || replace(n.nspname, '\"', '\"\"') || '\".\"' || replace(c.relname, '\"', '\"\"') || '\"') > 0",
                quote_text(sql)
            ),
        };
        let holders = format!(
            "SELECT string_agg(DISTINCT format('process %s%s, user %s, holds %s on %s.%s since %s', a.pid, coalesce(' of ' || nullif(a.application_name, ''), ''), a.usename, l.mode, n.nspname, c.relname, a.xact_start::timestamp(0)), '; ')
FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid JOIN pg_catalog.pg_class c ON c.oid = l.relation JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE l.granted AND l.locktype = 'relation' AND l.pid <> pg_backend_pid() AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())
  AND {tables}"
        );
        let rows = self.fetch(format!("{CATALOG}; {holders}")).await.ok()?;
        rows.into_iter().next()?.into_iter().next()?
    }
}
