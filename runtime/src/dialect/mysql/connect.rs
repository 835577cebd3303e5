//! What a run takes: a pool or a connection.

use super::MysqlSession;
use crate::dialect::{Database, Error, Result};
use sqlx::pool::PoolConnection;
use sqlx::{MySql, MySqlConnection, MySqlPool, Transaction};
use std::fmt;

/// A MySQL or MariaDB database to sync.
#[non_exhaustive]
pub enum MysqlDatabase<'c> {
    /// A pool: one connection is taken for the run.
    Pool(MySqlPool),
    /// A connection that is not inside a transaction.
    Connection(&'c mut MySqlConnection),
}

impl<'c> MysqlDatabase<'c> {
    /// Takes the connection of a run.
    pub(crate) async fn open(self) -> Result<MysqlSession<'c>> {
        match self {
            Self::Pool(pool) => {
                let connection = pool.acquire().await.map_err(Error::database("connecting to the database"))?;
                Ok(MysqlSession::from(connection))
            }
            Self::Connection(connection) => Ok(MysqlSession::from(connection)),
        }
    }
}

impl fmt::Debug for MysqlDatabase<'_> {
    /// Names the kind only: a URL may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pool(_) => "MysqlPool",
            Self::Connection(_) => "MysqlConnection",
        })
    }
}

impl From<MySqlPool> for Database<'_> {
    fn from(pool: MySqlPool) -> Self {
        Self::Mysql(MysqlDatabase::Pool(pool))
    }
}

impl From<&MySqlPool> for Database<'_> {
    fn from(pool: &MySqlPool) -> Self {
        Self::Mysql(MysqlDatabase::Pool(pool.clone()))
    }
}

impl<'c> From<&'c mut MySqlConnection> for Database<'c> {
    fn from(connection: &'c mut MySqlConnection) -> Self {
        Self::Mysql(MysqlDatabase::Connection(connection))
    }
}

impl<'c> From<&'c mut PoolConnection<MySql>> for Database<'c> {
    fn from(connection: &'c mut PoolConnection<MySql>) -> Self {
        Self::Mysql(MysqlDatabase::Connection(connection))
    }
}

/// Accepted so that the error can say why it does not work (rule S7).
impl<'c> From<&'c mut Transaction<'_, MySql>> for Database<'c> {
    fn from(transaction: &'c mut Transaction<'_, MySql>) -> Self {
        Self::Mysql(MysqlDatabase::Connection(transaction))
    }
}
