//! The state and the history of a database ([`StateStore`]), and the gate (rule S2).

use super::session::{MysqlSession, number};
use super::state::{self, TextRow};
use crate::dialect::{DatabaseError, Dialect, Error, Fingerprint, Gate, HistoryRow, Result, StateRow, StateStore};

/// There is no such table.
const NO_TABLE: u16 = 1146;
/// There is no such column.
const NO_COLUMN: u16 = 1054;
/// No database is selected.
const NO_DATABASE: u16 = 1046;

fn unreadable(namespace: &str) -> impl FnOnce(sqlx::Error) -> Error {
    let namespace = namespace.to_owned();
    move |error| match number(&error) {
        Some(NO_COLUMN) => Error::CorruptState { namespace, reason: DatabaseError::from(error).message },
        _ => Error::database("reading the state")(error),
    }
}

fn none_if_missing(
    rows: std::result::Result<Vec<TextRow>, sqlx::Error>,
) -> std::result::Result<Vec<TextRow>, sqlx::Error> {
    match rows {
        Err(error) if number(&error) == Some(NO_TABLE) => Ok(Vec::new()),
        rows => rows,
    }
}

impl StateStore for MysqlSession<'_> {
    async fn gate(&mut self, namespace: &str, _: &Fingerprint<'_>) -> Result<Gate> {
        self.refuse_transaction()?;
        let rows = match self.ask(&state::gate(namespace)).await {
            Err(error) if matches!(number(&error), Some(NO_TABLE | NO_COLUMN | NO_DATABASE)) => {
                self.ask(state::SERVER).await
            }
            rows => rows,
        };
        let row = rows.map_err(unreadable(namespace))?.into_iter().next().unwrap_or_default();
        self.meet(&row)?;
        let state = row.get(3..8).map_or(Ok(None), |row| state::gate_state(namespace, row))?;
        Ok(Gate { state, server: self.dialect.capabilities().server.clone() })
    }

    async fn read_state(&mut self, namespace: &str) -> Result<Option<StateRow>> {
        let sql = state::read(&self.dialect.home, namespace);
        let rows = none_if_missing(self.ask(&sql).await).map_err(unreadable(namespace))?;
        rows.first().map_or(Ok(None), |row| state::read_row(namespace, row))
    }

    async fn other_claims(&mut self, namespace: &str) -> Result<Vec<(String, String)>> {
        let sql = state::other_claims(&self.dialect.home, namespace);
        let rows = none_if_missing(self.ask(&sql).await).map_err(unreadable(namespace))?;
        let pair = |row: TextRow| match <[Option<String>; 2]>::try_from(row) {
            Ok([Some(namespace), Some(claims)]) => Some((namespace, claims)),
            _ => None,
        };
        Ok(rows.into_iter().filter_map(pair).collect())
    }

    async fn write_state(&mut self, namespace: &str, row: &StateRow) -> Result<()> {
        if !self.has_state {
            for sql in state::create(&self.dialect.home) {
                self.tell(&sql).await.map_err(Error::database("creating the state tables"))?;
            }
            self.has_state = true;
        }
        let sql = state::write(&self.dialect.home, namespace, row);
        self.tell(&sql).await.map(drop).map_err(Error::database("writing the state"))
    }

    async fn append_history(&mut self, namespace: &str, row: &HistoryRow) -> Result<()> {
        if !self.has_history().await? {
            // Somebody has dropped it alone.
            for sql in state::create(&self.dialect.home) {
                self.tell(&sql).await.map_err(Error::database("creating the state tables"))?;
            }
        }
        let sql = state::append_history(&self.dialect.home, namespace, row);
        self.tell(&sql).await.map(drop).map_err(Error::database("writing the history"))
    }

    async fn has_history(&mut self) -> Result<bool> {
        let rows = self.ask(&state::has_history(&self.dialect.home)).await;
        Ok(!rows.map_err(Error::database("looking for the history"))?.is_empty())
    }

    async fn history(&mut self, namespace: &str, limit: u32) -> Result<Vec<HistoryRow>> {
        let sql = state::history(&self.dialect.home, namespace, limit);
        let rows = none_if_missing(self.ask(&sql).await).map_err(Error::database("reading the history"))?;
        Ok(rows.into_iter().filter_map(state::history_row).collect())
    }
}
