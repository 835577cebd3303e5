//! What goes wrong while a database is spoken to: [`DatabaseError`] is one refused statement, [`Error`] is what ends a session's work.

use std::time::Duration;

/// What kind of failure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DatabaseErrorKind {
    /// The database has refused the statement.
    Statement,
    /// Other sessions were in the way: the same statement may succeed later.
    Busy,
    /// Another session has changed what was being read: it can be read again, in a new transaction.
    CatalogChanged,
    /// There is no connection any more, or what came over it cannot be read.
    Connection,
}

/// A statement that the database has refused, without any type of its driver.
#[derive(Debug, thiserror::Error)]
#[error("{message}{}", .detail.as_ref().map(|detail| format!(" ({detail})")).unwrap_or_default())]
#[non_exhaustive]
pub struct DatabaseError {
    /// What kind of failure it is.
    pub kind: DatabaseErrorKind,
    /// The database's own code: an SQLSTATE, an extended result code of SQLite.
    pub code: Option<String>,
    /// What the database said.
    pub message: String,
    /// What it said beside that: the key of a duplicate, who holds a lock.
    pub detail: Option<String>,
    /// The driver's own error.
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl DatabaseError {
    /// Whether the statement may succeed once others are out of the way.
    pub fn is_busy(&self) -> bool {
        self.kind == DatabaseErrorKind::Busy
    }

    /// Whether another session has changed what was being read.
    pub fn is_catalog_changed(&self) -> bool {
        self.kind == DatabaseErrorKind::CatalogChanged
    }

    /// Whether there is no database to speak to any more.
    pub fn is_connection_lost(&self) -> bool {
        self.kind == DatabaseErrorKind::Connection
    }
}

/// What ends a session's work.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The connection given is inside a transaction of the caller's (rule S7).
    #[error("the connection is inside a transaction")]
    InTransaction,
    /// Somebody else holds the lock (rule S5).
    #[error("somebody else holds the lock")]
    LockTimeout {
        /// How long it waited.
        waited: Duration,
        /// Who holds it, where the database knows.
        holder: Option<String>,
    },
    /// The state row cannot be read.
    #[error("the state row of namespace {namespace:?} cannot be read: {reason}")]
    CorruptState {
        /// The namespace.
        namespace: String,
        /// What is wrong with it.
        reason: String,
    },
    /// To go on would put data at risk.
    #[error("{0}")]
    Refused(String),
    /// The database said no.
    #[error("{doing}: {source}")]
    Database {
        /// What was being done.
        doing: String,
        /// What the database said.
        #[source]
        source: DatabaseError,
    },
    /// What the database answered cannot be read.
    #[error("{doing}: {source}")]
    Json {
        /// What was being done.
        doing: &'static str,
        /// What serde said.
        #[source]
        source: serde_json::Error,
    },
}

/// `Result` with [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// For `map_err`: tells what was being done when the database said no.
    pub(crate) fn database<E: Into<DatabaseError>>(doing: impl Into<String>) -> impl FnOnce(E) -> Self {
        let doing = doing.into();
        move |source| Self::Database { doing, source: source.into() }
    }
}
