//! [`Database`]: what a run takes. The list of databases: another one is a folder of its own, and a line in each list of this file.

use std::fmt;

/// A database to sync: made by `into()` from a pool, a reference to one, or a connection.
#[non_exhaustive]
pub enum Database<'c> {
    /// SQLite.
    #[cfg(feature = "sqlite")]
    Sqlite(super::sqlite::SqliteDatabase<'c>),
    /// PostgreSQL.
    #[cfg(feature = "postgres")]
    Postgres(super::postgres::PostgresDatabase<'c>),
    /// MySQL or MariaDB.
    #[cfg(feature = "mysql")]
    Mysql(super::mysql::MysqlDatabase<'c>),
    /// Keeps the lifetime where no database is compiled in.
    #[doc(hidden)]
    Never(std::convert::Infallible, std::marker::PhantomData<&'c mut ()>),
}

impl fmt::Debug for Database<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(database) => database.fmt(f),
            #[cfg(feature = "postgres")]
            Self::Postgres(database) => database.fmt(f),
            #[cfg(feature = "mysql")]
            Self::Mysql(database) => database.fmt(f),
            Self::Never(never, _) => match *never {},
        }
    }
}

/// Opens the session of whichever database it is, and runs the expression with it.
macro_rules! with_session {
    ($database:expr, $session:ident => $body:expr) => {
        match $database {
            #[cfg(feature = "sqlite")]
            $crate::dialect::Database::Sqlite(database) => {
                let mut $session = database.open().await?;
                $body
            }
            #[cfg(feature = "postgres")]
            $crate::dialect::Database::Postgres(database) => {
                let mut $session = database.open().await?;
                $body
            }
            #[cfg(feature = "mysql")]
            $crate::dialect::Database::Mysql(database) => {
                let mut $session = database.open().await?;
                $body
            }
            $crate::dialect::Database::Never(never, _) => match never {},
        }
    };
}
pub(crate) use with_session;
