//! What a run takes: a pool or a connection.

use super::SqliteSession;
use crate::dialect::{Database, Error, Result};
use sqlx::pool::PoolConnection;
use sqlx::{Sqlite, SqliteConnection, SqlitePool, Transaction};
use std::fmt;

/// A SQLite database to sync.
#[non_exhaustive]
pub enum SqliteDatabase<'c> {
    /// A pool: one connection is taken for the run.
    Pool(SqlitePool),
    /// A connection that is not inside a transaction.
    Connection(&'c mut SqliteConnection),
}

impl<'c> SqliteDatabase<'c> {
    /// Takes the connection of a run.
    pub(crate) async fn open(self) -> Result<SqliteSession<'c>> {
        match self {
            Self::Pool(pool) => {
                let connection = pool.acquire().await.map_err(Error::database("connecting to the database"))?;
                Ok(SqliteSession::of_pool(pool, connection))
            }
            Self::Connection(connection) => Ok(SqliteSession::from(connection)),
        }
    }
}

impl fmt::Debug for SqliteDatabase<'_> {
    /// Names the kind only: a URL may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pool(_) => "SqlitePool",
            Self::Connection(_) => "SqliteConnection",
        })
    }
}

impl From<SqlitePool> for Database<'_> {
    fn from(pool: SqlitePool) -> Self {
        Self::Sqlite(SqliteDatabase::Pool(pool))
    }
}

impl From<&SqlitePool> for Database<'_> {
    fn from(pool: &SqlitePool) -> Self {
        Self::Sqlite(SqliteDatabase::Pool(pool.clone()))
    }
}

impl<'c> From<&'c mut SqliteConnection> for Database<'c> {
    fn from(connection: &'c mut SqliteConnection) -> Self {
        Self::Sqlite(SqliteDatabase::Connection(connection))
    }
}

impl<'c> From<&'c mut PoolConnection<Sqlite>> for Database<'c> {
    fn from(connection: &'c mut PoolConnection<Sqlite>) -> Self {
        Self::Sqlite(SqliteDatabase::Connection(connection))
    }
}

/// Accepted so that the error can say why it does not work (rule S7).
impl<'c> From<&'c mut Transaction<'_, Sqlite>> for Database<'c> {
    fn from(transaction: &'c mut Transaction<'_, Sqlite>) -> Self {
        Self::Sqlite(SqliteDatabase::Connection(transaction))
    }
}
