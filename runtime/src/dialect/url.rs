//! A URL becomes a connection, of whichever database its scheme names.
//!
//! The place that is shown is made of the options that were parsed, never of the text: a password that should have been percent-encoded
//! can stand anywhere in it. Of a URL that cannot be read nothing is shown but a scheme that we know.

use super::Database;
use std::time::Duration;

/// How long a server may take to answer.
pub(super) const PATIENCE: Duration = Duration::from_secs(15);

const EXPECTED: &str = "sqlite:FILE, postgres://USER@HOST/NAME, mysql://USER@HOST/NAME or mariadb://USER@HOST/NAME";

/// A connection that was opened for a URL.
pub(crate) struct Opened {
    pub(crate) connection: OwnedConnection,
    /// Where it is.
    pub(crate) place: String,
    /// The file was made by this connection.
    pub(crate) created: bool,
}

/// A connection to a database, of whichever kind.
pub(crate) enum OwnedConnection {
    #[cfg(feature = "sqlite")]
    Sqlite(Box<sqlx::SqliteConnection>),
    #[cfg(feature = "postgres")]
    Postgres(Box<sqlx::PgConnection>),
    #[cfg(feature = "mysql")]
    Mysql(Box<sqlx::MySqlConnection>),
    #[allow(dead_code, reason = "keeps the type inhabited by nothing where no database is compiled in")]
    Never(std::convert::Infallible),
}

impl OwnedConnection {
    /// For one run.
    pub(crate) fn database(&mut self) -> Database<'_> {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(connection) => (&mut **connection).into(),
            #[cfg(feature = "postgres")]
            // What was opened for a command ends with it.
            Self::Postgres(connection) => Database::Postgres(super::postgres::PostgresDatabase::Lent(connection)),
            #[cfg(feature = "mysql")]
            Self::Mysql(connection) => (&mut **connection).into(),
            Self::Never(never) => match *never {},
        }
    }
}

/// Connects. A file that is not there is made only where `create` says so; one that others hold is waited for as long as `lock_timeout` says.
///
/// # Errors
/// A sentence: why there is no connection.
pub(crate) async fn open(url: &str, create: bool, lock_timeout: Option<Duration>) -> Result<Opened, String> {
    let url = url.trim();
    let scheme = url.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    match scheme.as_deref() {
        #[cfg(feature = "sqlite")]
        Some("sqlite") => super::sqlite::url::open(url, create, lock_timeout.unwrap_or(PATIENCE)).await,
        #[cfg(not(feature = "sqlite"))]
        Some("sqlite") => {
            let _ = (create, lock_timeout);
            Err(not_built("SQLite", "sqlite"))
        }
        #[cfg(feature = "postgres")]
        Some("postgres" | "postgresql") => super::postgres::url::open(url).await,
        #[cfg(not(feature = "postgres"))]
        Some("postgres" | "postgresql") => Err(not_built("PostgreSQL", "postgres")),
        #[cfg(feature = "mysql")]
        Some("mysql" | "mariadb") => super::mysql::url::open(url).await,
        #[cfg(not(feature = "mysql"))]
        Some("mysql" | "mariadb") => Err(not_built("MySQL and MariaDB", "mysql")),
        Some(scheme @ ("mongodb" | "mongodb+srv")) => {
            Err(format!("{scheme} is not supported yet: expected {EXPECTED}"))
        }
        // It may be anything, a password as well: nothing of it is shown.
        Some(_) if url.contains("://") => Err(format!("the scheme of the URL is not known: expected {EXPECTED}")),
        _ => Err(format!("what was given is not a database URL: expected {EXPECTED}")),
    }
}

#[cfg(not(all(feature = "sqlite", feature = "postgres", feature = "mysql")))]
fn not_built(server: &str, feature: &str) -> String {
    format!("this program was built without {server}: enable the feature `{feature}` of schemasync")
}

#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
/// What is wrong with a URL, without a word of it.
pub(super) fn why(error: &sqlx::Error) -> &'static str {
    match error.to_string().to_lowercase() {
        text if text.contains("port") => "the port is not a number",
        text if text.contains("host") || text.contains("domain") || text.contains("address") => "the host is not one",
        text if text.contains("ssl") => "the value of an SSL parameter is not known",
        _ => "it is not a URL, or a parameter has a value that is not known",
    }
}

#[cfg(any(feature = "postgres", feature = "mysql"))]
/// Why a server could not be reached, in its own words where it has said something, without the lines of its source.
pub(super) fn no_connection(error: &sqlx::Error) -> String {
    if let Some(error) = error.as_database_error() {
        return error.message().to_owned();
    }
    let has_tls = cfg!(any(feature = "tls-rustls", feature = "tls-native-tls"));
    match error {
        sqlx::Error::Tls(_) if !has_tls => {
            "the URL asks for TLS, and this program was built without it: enable the feature `tls-rustls` or `tls-native-tls` of schemasync".to_owned()
        }
        error => error.to_string(),
    }
}
