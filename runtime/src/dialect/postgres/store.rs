//! The state and the history of a database ([`StateStore`]), and the gate (rule S2).

use super::session::{PostgresSession, code, is_true};
use super::state::{self, TextRow};
use crate::dialect::{
    DatabaseError, Dialect, Error, Fingerprint, Gate, GateState, HistoryRow, Result, StateRow, StateStore,
};
use sqlx::Connection;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::LazyLock;
use std::task::Poll;

/// Asks, and works until the answer is there.
async fn while_waiting<T, W>(mut answer: Pin<&mut impl Future<Output = T>>, work: impl FnOnce() -> W) -> T {
    match poll_fn(|context| Poll::Ready(answer.as_mut().poll(context))).await {
        Poll::Ready(answer) => answer,
        Poll::Pending => {
            work();
            answer.await
        }
    }
}

/// What the state table holds is wrong, or it has other columns; anything else is the database's trouble.
fn unreadable(namespace: &str) -> impl FnOnce(sqlx::Error) -> Error {
    let namespace = namespace.to_owned();
    move |error| match code(&error).as_deref() {
        Some("42703" | "42883") => Error::CorruptState { namespace, reason: DatabaseError::from(error).message },
        Some("25P02") => Error::InTransaction,
        _ => Error::database("reading the state")(error),
    }
}

impl PostgresSession<'_> {
    /// Before a run has begun: one question, and the model's fingerprint is worked out while it is on the way.
    async fn state_from_outside(
        &mut self,
        namespace: &str,
        fingerprint: &Fingerprint<'_>,
    ) -> Result<Option<GateState>> {
        let connection = self.connection().map_err(Error::database("taking the connection"))?;
        if connection.is_in_transaction() {
            return Err(Error::InTransaction);
        }
        // The server told when the connection was made; not every pooler hands it on.
        let version = connection.server_version_num();
        let answer = {
            let answer = pin!(self.fetch(state::gate(namespace)));
            while_waiting(answer, || LazyLock::force(fingerprint)).await
        };
        let rows = match answer {
            // The table has other columns: the run looks, and says so.
            Err(error) if matches!(code(&error).as_deref(), Some("42703" | "42883")) => return Ok(None),
            answer => answer.map_err(unreadable(namespace))?,
        };
        let row = rows.into_iter().next().unwrap_or_default();
        let [in_transaction, home, xml] = row.as_slice() else {
            let reason = "the gate has no row".to_owned();
            return Err(Error::CorruptState { namespace: namespace.to_owned(), reason });
        };
        if is_true(Some(in_transaction)) {
            return Err(Error::InTransaction);
        }
        let version = match version {
            Some(version) => version,
            None => self.ask_version().await?,
        };
        let row = state::gate_row(home.as_deref(), xml.as_deref());
        let home = home.as_deref().unwrap_or("public");
        self.set_server(version, home)?;
        state::gate_state(namespace, home, &row)
    }

    /// Within a run, which has looked at the state tables when it began.
    async fn known_state(&mut self, namespace: &str) -> Result<Option<GateState>> {
        if !self.has_state {
            return Ok(None);
        }
        let home = self.dialect.home.clone();
        let rows = self.fetch(state::known_gate(&home, namespace)).await.map_err(unreadable(namespace))?;
        rows.first().map_or(Ok(None), |row| state::gate_state(namespace, &home, row))
    }
}

impl StateStore for PostgresSession<'_> {
    async fn gate(&mut self, namespace: &str, fingerprint: &Fingerprint<'_>) -> Result<Gate> {
        let state = if self.is_ours() {
            self.known_state(namespace).await?
        } else {
            self.state_from_outside(namespace, fingerprint).await?
        };
        Ok(Gate { state, server: self.dialect.capabilities().server.clone() })
    }

    async fn read_state(&mut self, namespace: &str) -> Result<Option<StateRow>> {
        if !self.has_state {
            return Ok(None);
        }
        let home = self.dialect.home.clone();
        let rows = self.fetch(state::read(&home, namespace)).await.map_err(unreadable(namespace))?;
        rows.first().map_or(Ok(None), |row| state::read_row(namespace, &home, row))
    }

    async fn other_claims(&mut self, namespace: &str) -> Result<Vec<(String, String)>> {
        if !self.has_state {
            return Ok(Vec::new());
        }
        let rows =
            self.fetch(state::other_claims(&self.dialect.home, namespace)).await.map_err(unreadable(namespace))?;
        let pair = |row: TextRow| match <[Option<String>; 2]>::try_from(row) {
            Ok([Some(namespace), Some(claims)]) => Some((namespace, claims)),
            _ => None,
        };
        Ok(rows.into_iter().filter_map(pair).collect())
    }

    async fn write_state(&mut self, namespace: &str, row: &StateRow) -> Result<()> {
        let home = self.dialect.home.clone();
        if !(self.has_state && self.has_history) {
            let home_exists = self.dialect.schemas.contains(&home);
            let sql = state::create(&home, home_exists, self.has_state, self.has_history);
            self.execute(sql).await.map_err(Error::database("creating the state tables"))?;
            (self.has_state, self.has_history) = (true, true);
        }
        let sql = state::write(&home, namespace, row);
        self.execute(sql).await.map(drop).map_err(Error::database("writing the state"))
    }

    async fn append_history(&mut self, namespace: &str, row: &HistoryRow) -> Result<()> {
        let sql = state::append_history(&self.dialect.home, namespace, row);
        self.execute(sql).await.map(drop).map_err(Error::database("writing the history"))
    }

    async fn has_history(&mut self) -> Result<bool> {
        Ok(self.has_history)
    }

    async fn history(&mut self, namespace: &str, limit: u32) -> Result<Vec<HistoryRow>> {
        if !self.has_history {
            return Ok(Vec::new());
        }
        let rows = self.fetch(state::history(&self.dialect.home, namespace, limit)).await;
        let rows = rows.map_err(Error::database("reading the history"))?;
        Ok(rows.into_iter().filter_map(state::history_row).collect())
    }
}
