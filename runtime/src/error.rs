//! The one error type of the crate: what stops a whole run (rule R3).

use crate::dialect::{self, DatabaseError};
use crate::model::InvalidSchema;
use crate::plan::PlanError;
use crate::sync::Report;
use std::fmt;
use std::time::Duration;

/// What stops a whole run. What is wrong with one table is an errored entry of the report instead.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The model has neither tables nor views.
    #[error("the schema is empty: name at least one model, as in `schema![User]`, or link one that derives `DbTable`")]
    EmptySchema,

    /// The model contradicts itself; every problem is listed.
    #[error("the models cannot be synced:\n{}", .problems.iter().map(|p| format!("  - {p}")).collect::<Vec<_>>().join("\n"))]
    InvalidSchema {
        /// One sentence each.
        problems: Vec<String>,
    },

    /// The connection given is inside a transaction of the caller's (rule S7).
    #[error("the connection is inside a transaction: sync takes its own; commit or roll back first, or give it a pool")]
    InTransaction,

    /// Somebody else holds the lock (rule S5).
    #[error("{}: waited {waited:?}. Try again later, or raise `lock_timeout`", .holder.as_ref().map_or_else(|| "another program is writing to this database, a sync or something else".to_owned(), |holder| format!("another sync holds the lock of this database ({holder})")))]
    LockTimeout {
        /// How long it waited.
        waited: Duration,
        /// Who holds it, where the database knows.
        holder: Option<String>,
    },

    /// The state row cannot be read.
    #[error(
        "the state row of namespace {namespace:?} in `__schemasync_state` cannot be read ({reason}). Nothing was changed. Restore the row from a backup, or delete it: the next run then adopts the tables that are there"
    )]
    CorruptState {
        /// The namespace.
        namespace: String,
        /// What is wrong with it.
        reason: String,
    },

    /// The state row was written by a newer version of schemasync.
    #[error(
        "the state row of namespace {namespace:?} has format {found}, this version of schemasync knows {known}: upgrade schemasync. Nothing was changed"
    )]
    NewerState {
        /// The namespace.
        namespace: String,
        /// The format found.
        found: i64,
        /// The newest format known.
        known: i64,
    },

    /// A saved plan was made against another state of the database (rule P3).
    #[error("the plan is stale: the database has changed since it was made. Make a new plan")]
    StalePlan,

    /// The database has left the model behind, and lacks what it needs (rule S6).
    #[error(
        "this database has already left this model behind, and lacks what the model needs: {}. Nothing was changed. Start the program that the database is at, or go back to this one with `.allow_revert(true)` (`--allow-revert`)",
        .lacks.join(", ")
    )]
    LeftBehind {
        /// What is not there: `table "x"`.
        lacks: Vec<String>,
    },

    /// An entry of the report has errors; see [`SchemaSync::run`](crate::SchemaSync::run).
    #[error("{}", .report.error_summary())]
    Failed {
        /// The whole report.
        report: Box<Report>,
    },

    /// A session setting could not be made, so that going on would put data at risk.
    #[error("refused to go on: {0}. Nothing was changed")]
    Refused(String),

    /// That view cannot be refreshed.
    #[error("view \"{view}\" cannot be refreshed: {reason}")]
    CannotRefresh {
        /// The view, as the caller named it.
        view: String,
        /// Why.
        reason: String,
    },

    /// What is to be given back is not managed.
    #[error(
        "\"{name}\" is not managed in namespace {namespace:?}, and cannot be given back: nothing was changed. Managed there: {}",
        listed(managed)
    )]
    NotManaged {
        /// The table or view, as the caller named it.
        name: String,
        /// The namespace.
        namespace: String,
        /// What is managed there.
        managed: Vec<String>,
    },

    /// The database said no.
    #[error("{doing}: {source}")]
    Database {
        /// What was being done.
        doing: String,
        /// What the database said.
        #[source]
        source: DatabaseError,
    },

    /// Something of ours could not be written as JSON or read from it.
    #[error("{doing}: {source}")]
    Json {
        /// What was being done.
        doing: &'static str,
        /// What serde said.
        #[source]
        source: serde_json::Error,
    },
}

/// As it is displayed: `fn main() -> Result<(), schemasync::Error>` shows it so, and not as twenty empty lists.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// `Result` with [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

fn listed(names: &[String]) -> String {
    if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
}

impl Error {
    /// For `map_err`: tells what was being done when the database said no.
    pub(crate) fn database<E: Into<DatabaseError>>(doing: impl Into<String>) -> impl FnOnce(E) -> Self {
        let doing = doing.into();
        move |source| Self::Database { doing, source: source.into() }
    }
}

impl From<dialect::Error> for Error {
    fn from(error: dialect::Error) -> Self {
        match error {
            dialect::Error::InTransaction => Self::InTransaction,
            dialect::Error::LockTimeout { waited, holder } => Self::LockTimeout { waited, holder },
            dialect::Error::CorruptState { namespace, reason } => Self::CorruptState { namespace, reason },
            dialect::Error::Refused(reason) => Self::Refused(reason),
            dialect::Error::Database { doing, source } => Self::Database { doing, source },
            dialect::Error::Json { doing, source } => Self::Json { doing, source },
        }
    }
}

impl From<InvalidSchema> for Error {
    fn from(error: InvalidSchema) -> Self {
        match error {
            InvalidSchema::Empty => Self::EmptySchema,
            InvalidSchema::Problems(problems) => Self::InvalidSchema { problems },
        }
    }
}

impl From<PlanError> for Error {
    fn from(PlanError { doing, source }: PlanError) -> Self {
        Self::Json { doing, source }
    }
}
