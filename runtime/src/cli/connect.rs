//! A URL becomes a connection.

use super::exit::Failure;
use crate::dialect::Database;
use crate::dialect::url::{self, Opened, OwnedConnection};
use std::time::Duration;

/// A connection to a database, of whichever kind.
pub(super) struct Link {
    connection: OwnedConnection,
    /// Where it is.
    pub(super) shown: String,
    /// The file was made by this connection.
    pub(super) created: bool,
}

impl Link {
    /// Connects. A file that is not there is made only where `create` says so.
    pub(super) async fn open(url: &str, create: bool, lock_timeout: Option<Duration>) -> Result<Self, Failure> {
        let opened = url::open(url, create, lock_timeout).await.map_err(Failure::other)?;
        let Opened { connection, place, created } = opened;
        Ok(Self { connection, shown: place, created })
    }

    /// For one run.
    pub(super) fn database(&mut self) -> Database<'_> {
        self.connection.database()
    }
}
