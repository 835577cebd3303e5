//! How statements and queries are sent: waiting for locks, guarded by savepoints, with the path that their words need.

use super::paths::CATALOG;
use super::session::{PostgresSession, SLICE, is_lock_timeout, texts};
use super::state::TextRow;
use crate::dialect::{Error, Result};
use sqlx::AssertSqlSafe;

impl PostgresSession<'_> {
    /// Runs one statement with the model's path. `is_ours`: the words are the server's or
    /// ours, of whatever number.
    pub(super) async fn execute_waiting(&mut self, sql: &str, is_ours: bool) -> Result<u64, sqlx::Error> {
        if !self.is_ours() {
            return self.execute(sql).await;
        }
        if let Some(online) = &self.online {
            // Outside of a transaction a path is set for its message alone.
            let inside = online.inside;
            return if inside {
                self.execute_once(sql, is_ours).await
            } else {
                self.execute(self.path.around(sql)).await
            };
        }
        self.execute_once(sql, is_ours).await
    }

    /// Runs one statement, which waits for others a moment only: the run ends its transaction, or rolls back, before it comes again.
    pub(super) async fn execute_once(&mut self, sql: &str, is_ours: bool) -> Result<u64, sqlx::Error> {
        let done = self.tell_guarded(sql, is_ours).await;
        if done.as_ref().is_err_and(is_lock_timeout) {
            self.execute("ROLLBACK TO SAVEPOINT schemasync_try").await?;
            self.in_the_way = self.lock_holders(Some(sql)).await;
        }
        done
    }

    /// Runs a query that may fail over the data, under a savepoint of its own.
    pub(super) async fn query_guarded(&mut self, sql: &str) -> Result<Vec<TextRow>, sqlx::Error> {
        if matches!(&self.online, Some(online) if !online.inside) || !self.is_ours() {
            return self.query_as_model(sql).await;
        }
        // In a message of its own: of one that cannot be parsed nothing is done, the savepoint neither.
        self.execute("SAVEPOINT schemasync_look").await?;
        let guarded = self.read_in_unit(&self.path.around(sql));
        let rows = self.fetch(format!("{guarded}; RELEASE SAVEPOINT schemasync_look")).await;
        if let Err(sqlx::Error::Database(_)) = &rows {
            self.execute("ROLLBACK TO SAVEPOINT schemasync_look; RELEASE SAVEPOINT schemasync_look").await?;
        }
        if rows.as_ref().is_err_and(is_lock_timeout) {
            self.in_the_way = self.lock_holders(Some(sql)).await;
        }
        rows
    }

    /// Statements that only read: waiting for a lock they keep nobody else waiting, so they wait as long as the caller allows. Not within a
    /// unit, which may have locked something.
    pub(super) fn read_in_unit(&self, sql: &str) -> String {
        if self.unit_depth > 0 { sql.to_owned() } else { self.patiently(sql) }
    }

    /// As long as the caller allows.
    pub(super) fn patiently(&self, sql: &str) -> String {
        let milliseconds = self.patience.as_millis().clamp(1, 2_000_000_000);
        let slice = self.patience.min(SLICE).as_millis().max(1);
        format!("SET LOCAL lock_timeout = {milliseconds}; {sql}; SET LOCAL lock_timeout = {slice}")
    }

    pub(super) async fn savepoint(&mut self, sql: &'static str) -> Result<()> {
        self.execute(sql).await.map(drop).map_err(Error::database("setting a savepoint"))
    }

    /// A query that names what the model names; before a run has begun, one that is ours alone.
    pub(super) async fn query_as_model(&mut self, sql: &str) -> Result<Vec<TextRow>, sqlx::Error> {
        let sql = if self.is_ours() { self.read_in_unit(&self.path.around(sql)) } else { format!("{CATALOG}; {sql}") };
        self.fetch(sql).await
    }

    /// A query of ours whose answer is worded as the model would be.
    pub(super) async fn ask_worded(&mut self, sql: String) -> Result<Vec<TextRow>, sqlx::Error> {
        let sql = self.read_in_unit(&self.path.worded(&[sql]));
        self.fetch(sql).await
    }

    /// One message of the simple protocol; every value comes as text.
    pub(super) async fn fetch(&mut self, sql: impl Into<String>) -> Result<Vec<TextRow>, sqlx::Error> {
        let sql = AssertSqlSafe(sql.into());
        let rows = sqlx::raw_sql(sql).fetch_all(self.connection()?).await?;
        rows.iter().map(texts).collect()
    }

    /// One message of the simple protocol; the number of rows changed.
    pub(super) async fn execute(&mut self, sql: impl Into<String>) -> Result<u64, sqlx::Error> {
        let sql = AssertSqlSafe(sql.into());
        Ok(sqlx::raw_sql(sql).execute(self.connection()?).await?.rows_affected())
    }

    /// Runs one statement; the number of rows changed. One that holds a semicolon, be it in a text, goes by the extended protocol, by
    /// which the server takes no second statement; the others cannot hold one.
    pub(super) async fn tell_one(&mut self, sql: &str) -> Result<u64, sqlx::Error> {
        if !sql.contains(';') {
            return self.execute(sql).await;
        }
        let query = sqlx::query(AssertSqlSafe(sql.to_owned())).persistent(false);
        Ok(query.execute(self.connection()?).await?.rows_affected())
    }

    /// As [`PostgresSession::tell_one`], with the model's path and under a savepoint: all in one message where that can be.
    pub(super) async fn tell_guarded(&mut self, sql: &str, is_ours: bool) -> Result<u64, sqlx::Error> {
        if is_ours || !sql.contains(';') {
            let inside = self.path.around(sql);
            return self.execute(format!("SAVEPOINT schemasync_try; {inside}; RELEASE SAVEPOINT schemasync_try")).await;
        }
        self.execute(format!("SAVEPOINT schemasync_try; {}", self.path.set())).await?;
        let done = self.tell_one(sql).await?;
        self.execute(format!("{CATALOG}; RELEASE SAVEPOINT schemasync_try")).await?;
        Ok(done)
    }

    /// Runs statements one after another, with as few messages as [`PostgresSession::tell_one`] allows, and one of ours behind them.
    pub(super) async fn tell_all(&mut self, statements: &[String], after: &str) -> Result<(), sqlx::Error> {
        let mut message = String::new();
        for sql in statements {
            if sql.contains(';') {
                if !message.is_empty() {
                    self.execute(std::mem::take(&mut message)).await?;
                }
                self.tell_one(sql).await?;
            } else {
                // A line comment ends with the line.
                message.push_str(sql);
                message.push_str("\n;\n");
            }
        }
        message.push_str(after);
        if message.is_empty() { Ok(()) } else { self.execute(message).await.map(drop) }
    }
}
