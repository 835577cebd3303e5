//! [`Database`]: what [`SchemaSync::new`](crate::SchemaSync::new) takes.

use std::fmt;

/// A database to sync: made by `into()` from a pool, a reference to one, or a connection.
#[non_exhaustive]
pub enum Database<'c> {
    /// A SQLite pool: one connection is taken for the run.
    #[cfg(feature = "sqlite")]
    SqlitePool(sqlx::SqlitePool),
    /// A SQLite connection that is not inside a transaction.
    #[cfg(feature = "sqlite")]
    SqliteConnection(&'c mut sqlx::SqliteConnection),
    /// A PostgreSQL pool: one connection is taken for the run.
    #[cfg(feature = "postgres")]
    PostgresPool(sqlx::PgPool),
    /// A PostgreSQL connection that is not inside a transaction.
    #[cfg(feature = "postgres")]
    PostgresConnection(&'c mut sqlx::PgConnection),
    /// Keeps the lifetime where no database is compiled in.
    #[doc(hidden)]
    Never(std::convert::Infallible, std::marker::PhantomData<&'c mut ()>),
}

impl fmt::Debug for Database<'_> {
    /// Names the kind only: a URL may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            #[cfg(feature = "sqlite")]
            Self::SqlitePool(_) => "SqlitePool",
            #[cfg(feature = "sqlite")]
            Self::SqliteConnection(_) => "SqliteConnection",
            #[cfg(feature = "postgres")]
            Self::PostgresPool(_) => "PostgresPool",
            #[cfg(feature = "postgres")]
            Self::PostgresConnection(_) => "PostgresConnection",
            Self::Never(never, _) => match *never {},
        })
    }
}

/// The pool that a run takes its connection from, to be told when the schema has changed.
pub(crate) enum Others {
    #[cfg(feature = "sqlite")]
    Sqlite(sqlx::SqlitePool),
    None,
}

impl Others {
    pub(crate) fn of(database: &Database<'_>) -> Self {
        match database {
            #[cfg(feature = "sqlite")]
            Database::SqlitePool(pool) => Self::Sqlite(pool.clone()),
            _ => Self::None,
        }
    }

    /// Lets the pool's idle connections see the new schema.
    pub(crate) async fn refresh(&self) {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(pool) => crate::dialect::sqlite::refresh_idle(pool).await,
            Self::None => {}
        }
    }
}

#[cfg(feature = "sqlite")]
mod sqlite {
    use super::Database;
    use sqlx::pool::PoolConnection;
    use sqlx::{Sqlite, SqliteConnection, SqlitePool, Transaction};

    impl From<SqlitePool> for Database<'_> {
        fn from(pool: SqlitePool) -> Self {
            Self::SqlitePool(pool)
        }
    }

    impl From<&SqlitePool> for Database<'_> {
        fn from(pool: &SqlitePool) -> Self {
            Self::SqlitePool(pool.clone())
        }
    }

    impl<'c> From<&'c mut SqliteConnection> for Database<'c> {
        fn from(connection: &'c mut SqliteConnection) -> Self {
            Self::SqliteConnection(connection)
        }
    }

    impl<'c> From<&'c mut PoolConnection<Sqlite>> for Database<'c> {
        fn from(connection: &'c mut PoolConnection<Sqlite>) -> Self {
            Self::SqliteConnection(connection)
        }
    }

    /// Accepted so that the error can say why it does not work (rule S7).
    impl<'c> From<&'c mut Transaction<'_, Sqlite>> for Database<'c> {
        fn from(transaction: &'c mut Transaction<'_, Sqlite>) -> Self {
            Self::SqliteConnection(transaction)
        }
    }
}

#[cfg(feature = "postgres")]
mod postgres {
    use super::Database;
    use sqlx::pool::PoolConnection;
    use sqlx::{PgConnection, PgPool, Postgres, Transaction};

    impl From<PgPool> for Database<'_> {
        fn from(pool: PgPool) -> Self {
            Self::PostgresPool(pool)
        }
    }

    impl From<&PgPool> for Database<'_> {
        fn from(pool: &PgPool) -> Self {
            Self::PostgresPool(pool.clone())
        }
    }

    impl<'c> From<&'c mut PgConnection> for Database<'c> {
        fn from(connection: &'c mut PgConnection) -> Self {
            Self::PostgresConnection(connection)
        }
    }

    impl<'c> From<&'c mut PoolConnection<Postgres>> for Database<'c> {
        fn from(connection: &'c mut PoolConnection<Postgres>) -> Self {
            Self::PostgresConnection(connection)
        }
    }

    /// Accepted so that the error can say why it does not work (rule S7).
    impl<'c> From<&'c mut Transaction<'_, Postgres>> for Database<'c> {
        fn from(transaction: &'c mut Transaction<'_, Postgres>) -> Self {
            Self::PostgresConnection(transaction)
        }
    }
}

/// Opens the session of whichever database it is, and runs the expression with it.
macro_rules! with_session {
    ($database:expr, $session:ident => $body:expr) => {
        match $database {
            #[cfg(feature = "sqlite")]
            $crate::sync::Database::SqlitePool(pool) => {
                let connection = pool.acquire().await.map_err($crate::Error::database("connecting to the database"))?;
                let mut $session = $crate::dialect::sqlite::SqliteSession::from(connection);
                $body
            }
            #[cfg(feature = "sqlite")]
            $crate::sync::Database::SqliteConnection(connection) => {
                let mut $session = $crate::dialect::sqlite::SqliteSession::from(connection);
                $body
            }
            #[cfg(feature = "postgres")]
            $crate::sync::Database::PostgresPool(pool) => {
                let connection = pool.acquire().await.map_err($crate::Error::database("connecting to the database"))?;
                let mut $session = $crate::dialect::postgres::PostgresSession::of_pool(pool, connection);
                $body
            }
            #[cfg(feature = "postgres")]
            $crate::sync::Database::PostgresConnection(connection) => {
                let mut $session = $crate::dialect::postgres::PostgresSession::from(connection);
                $body
            }
            $crate::sync::Database::Never(never, _) => match never {},
        }
    };
}
pub(crate) use with_session;
