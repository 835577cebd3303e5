//! What a run takes: a pool or a connection.

use super::PostgresSession;
use super::session::Own;
use crate::dialect::{Database, Error, Result};
use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, PgPool, Postgres, Transaction};
use std::fmt;

/// A PostgreSQL database to sync.
#[non_exhaustive]
pub enum PostgresDatabase<'c> {
    /// A pool: one connection is taken for the run.
    Pool(PgPool),
    /// A connection that is not inside a transaction. It goes on to be used by its owner, also where the run is cancelled: so not for online
    /// mode, which changes the session itself.
    Connection(&'c mut PgConnection),
    /// A connection of the run's own: it is closed with the run.
    Owned(Box<PgConnection>),
    /// As [`PostgresDatabase::Connection`], by an owner who closes it where the run is cancelled.
    #[doc(hidden)]
    Lent(&'c mut PgConnection),
}

impl<'c> PostgresDatabase<'c> {
    /// Takes the connection of a run.
    pub(crate) async fn open(self) -> Result<PostgresSession<'c>> {
        match self {
            Self::Pool(pool) => {
                let connection = pool.acquire().await.map_err(Error::database("connecting to the database"))?;
                Ok(PostgresSession::of_pool(pool, connection))
            }
            Self::Connection(connection) => Ok(PostgresSession::from(connection)),
            Self::Owned(connection) => Ok(PostgresSession::own(Own::Owned(connection))),
            Self::Lent(connection) => Ok(PostgresSession::own(Own::Lent(connection))),
        }
    }
}

impl fmt::Debug for PostgresDatabase<'_> {
    /// Names the kind only: a URL may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pool(_) => "PostgresPool",
            Self::Connection(_) | Self::Owned(_) | Self::Lent(_) => "PostgresConnection",
        })
    }
}

impl From<PgPool> for Database<'_> {
    fn from(pool: PgPool) -> Self {
        Self::Postgres(PostgresDatabase::Pool(pool))
    }
}

impl From<&PgPool> for Database<'_> {
    fn from(pool: &PgPool) -> Self {
        Self::Postgres(PostgresDatabase::Pool(pool.clone()))
    }
}

impl<'c> From<&'c mut PgConnection> for Database<'c> {
    fn from(connection: &'c mut PgConnection) -> Self {
        Self::Postgres(PostgresDatabase::Connection(connection))
    }
}

impl From<PgConnection> for Database<'_> {
    fn from(connection: PgConnection) -> Self {
        Self::Postgres(PostgresDatabase::Owned(Box::new(connection)))
    }
}

impl<'c> From<&'c mut PoolConnection<Postgres>> for Database<'c> {
    fn from(connection: &'c mut PoolConnection<Postgres>) -> Self {
        Self::Postgres(PostgresDatabase::Connection(connection))
    }
}

/// Accepted so that the error can say why it does not work (rule S7).
impl<'c> From<&'c mut Transaction<'_, Postgres>> for Database<'c> {
    fn from(transaction: &'c mut Transaction<'_, Postgres>) -> Self {
        Self::Postgres(PostgresDatabase::Connection(transaction))
    }
}
