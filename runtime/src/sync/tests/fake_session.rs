//! A connection to the fake database, which can be told to fail.

use super::fake_database::FakeDatabase;
use super::fake_dialect::{Command, FakeDialect};
use crate::catalog::{Catalog, Name};
use crate::dialect::{
    DatabaseError, DatabaseErrorKind, Dialect, Error, Fingerprint, Gate, HistoryRow, Result, Session, StateRow,
    StateStore,
};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What happens to one of the statements that change something, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    None,
    /// The database refuses it.
    Refused(usize),
    /// The connection is lost before it is done.
    LostBefore(usize),
    /// The connection is lost after it is done: nobody is told.
    LostAfter(usize),
}

/// A connection to the fake database.
pub(super) struct FakeSession {
    database: Arc<Mutex<FakeDatabase>>,
    fault: Fault,
    /// Statements that change something, so far.
    pub(super) statements: usize,
    lost: bool,
}

type Rows = Vec<Vec<Option<String>>>;

impl FakeSession {
    pub(super) fn new(database: &Arc<Mutex<FakeDatabase>>, fault: Fault) -> Self {
        Self { database: database.clone(), fault, statements: 0, lost: false }
    }

    fn database(&self) -> MutexGuard<'_, FakeDatabase> {
        self.database.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reached(&self) -> Result<(), DatabaseError> {
        if self.lost { Err(error(DatabaseErrorKind::Connection, "the connection is lost")) } else { Ok(()) }
    }

    /// One statement that changes something, done or not.
    fn write(&mut self, work: impl FnOnce(&mut FakeDatabase) -> Result<(), String>) -> Result<(), DatabaseError> {
        self.reached()?;
        self.statements += 1;
        self.lost = self.fault == Fault::LostBefore(self.statements);
        self.reached()?;
        if self.fault == Fault::Refused(self.statements) {
            return Err(error(DatabaseErrorKind::Statement, "the disk is full"));
        }
        let done = work(&mut self.database());
        self.lost = self.fault == Fault::LostAfter(self.statements);
        self.reached()?;
        done.map_err(|message| error(DatabaseErrorKind::Statement, &message))
    }
}

fn error(kind: DatabaseErrorKind, message: &str) -> DatabaseError {
    DatabaseError { kind, code: None, message: message.to_owned(), detail: None, source: None }
}

fn command(text: &str) -> Result<Command, DatabaseError> {
    serde_json::from_str(text).map_err(|cause| error(DatabaseErrorKind::Statement, &format!("{cause}: {text}")))
}

impl Session for FakeSession {
    fn dialect(&self) -> Arc<dyn Dialect> {
        Arc::new(FakeDialect::new())
    }

    async fn begin(&mut self, _: Duration) -> Result<()> {
        self.reached().map_err(Error::database("beginning"))
    }

    async fn begin_read(&mut self, _: Duration) -> Result<()> {
        self.reached().map_err(Error::database("beginning"))
    }

    async fn finish(&mut self, _: bool) -> Result<()> {
        self.reached().map_err(Error::database("finishing"))
    }

    async fn remove_leftovers(&mut self) -> Result<()> {
        let names: Vec<String> = self.database().temporary.keys().cloned().collect();
        for name in names {
            let removed = self.write(|database| {
                database.temporary.remove(&name);
                Ok(())
            });
            removed.map_err(Error::database("removing leftovers"))?;
        }
        Ok(())
    }

    async fn view_columns(&mut self, _: &Name) -> Result<Vec<(String, String)>, DatabaseError> {
        Ok(Vec::new())
    }

    async fn inspect(&mut self) -> Result<Catalog> {
        self.reached().map_err(Error::database("reading the catalog"))?;
        Ok(self.database().catalog())
    }

    async fn execute(&mut self, sql: &str) -> Result<u64, DatabaseError> {
        let command = command(sql)?;
        self.write(|database| database.execute(command)).map(|()| 0)
    }

    async fn query(&mut self, sql: &str) -> Result<Rows, DatabaseError> {
        self.reached()?;
        let rows = self.database().query(&command(sql)?);
        rows.map_err(|message| error(DatabaseErrorKind::Statement, &message))
    }

    async fn definitions(&mut self, _: &Name) -> Result<BTreeMap<Option<String>, String>> {
        Ok(BTreeMap::new())
    }

    async fn violations(&mut self, _: &[Name]) -> Result<Vec<String>> {
        Ok(Vec::new())
    }
}

impl StateStore for FakeSession {
    async fn gate(&mut self, _: &str, _: &Fingerprint<'_>) -> Result<Gate> {
        self.reached().map_err(Error::database("the gate"))?;
        let database = self.database();
        Ok(Gate { state: database.state.as_ref().map(|row| row.gate.clone()), server: "fake 1".to_owned() })
    }

    async fn read_state(&mut self, _: &str) -> Result<Option<StateRow>> {
        Ok(self.database().state.clone())
    }

    async fn other_claims(&mut self, _: &str) -> Result<Vec<(String, String)>> {
        Ok(Vec::new())
    }

    async fn write_state(&mut self, _: &str, row: &StateRow) -> Result<()> {
        let written = self.write(|database| {
            database.state = Some(row.clone());
            Ok(())
        });
        written.map_err(Error::database("writing the state"))
    }

    async fn append_history(&mut self, _: &str, row: &HistoryRow) -> Result<()> {
        let written = self.write(|database| {
            database.history.push(row.clone());
            Ok(())
        });
        written.map_err(Error::database("writing the history"))
    }

    async fn has_history(&mut self) -> Result<bool> {
        Ok(true)
    }

    async fn history(&mut self, _: &str, _: u32) -> Result<Vec<HistoryRow>> {
        Ok(self.database().history.clone())
    }
}
