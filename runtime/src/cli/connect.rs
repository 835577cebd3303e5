//! A URL becomes a connection.

use super::exit::Failure;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
use super::place;
use crate::Database;
use std::time::Duration;

/// How long a server may take to answer.
const PATIENCE: Duration = Duration::from_secs(15);

/// A connection to a database, of whichever kind.
pub(super) struct Link {
    kind: Kind,
    /// Where it is.
    pub(super) shown: String,
    /// The file was made by this connection.
    pub(super) created: bool,
}

enum Kind {
    #[cfg(feature = "sqlite")]
    Sqlite(Box<sqlx::SqliteConnection>),
    #[cfg(feature = "postgres")]
    Postgres(Box<sqlx::PgConnection>),
    #[allow(dead_code, reason = "keeps the type inhabited by nothing where no database is compiled in")]
    Never(std::convert::Infallible),
}

impl Link {
    /// Connects. A SQLite file that is not there is made only where `create` says so.
    pub(super) async fn open(url: &str, create: bool) -> Result<Self, Failure> {
        let url = url.trim();
        let scheme = url.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
        let (kind, shown, created) = match scheme.as_deref() {
            Some("sqlite") => sqlite(url, create).await?,
            Some("postgres" | "postgresql") => postgres(url).await?,
            Some(scheme @ ("mysql" | "mariadb" | "mongodb" | "mongodb+srv")) => {
                return Err(Failure::other(format!("{scheme} is not supported yet: expected {EXPECTED}")));
            }
            // It may be anything, a password as well: nothing of it is shown.
            Some(_) if url.contains("://") => {
                return Err(Failure::other(format!("the scheme of the URL is not known: expected {EXPECTED}")));
            }
            _ => return Err(Failure::other(format!("what was given is not a database URL: expected {EXPECTED}"))),
        };
        Ok(Self { kind, shown, created })
    }

    /// For one run.
    pub(super) fn database(&mut self) -> Database<'_> {
        match &mut self.kind {
            #[cfg(feature = "sqlite")]
            Kind::Sqlite(connection) => (&mut **connection).into(),
            #[cfg(feature = "postgres")]
            Kind::Postgres(connection) => (&mut **connection).into(),
            Kind::Never(never) => match *never {},
        }
    }
}

const EXPECTED: &str = "sqlite:FILE or postgres://USER@HOST/NAME";

#[cfg(feature = "sqlite")]
async fn sqlite(url: &str, create: bool) -> Result<(Kind, String, bool), Failure> {
    use sqlx::ConnectOptions;
    let (options, place) = place::sqlite(url)?;
    let file = options.get_filename().to_owned();
    let in_memory = url.contains(":memory:") || url.contains("mode=memory");
    let missing = !in_memory && !file.exists();
    if missing && !create {
        return Err(Failure::other(format!(
            "the database file {} does not exist: `sync` makes it, this command does not",
            file.display()
        )));
    }
    if missing && let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists()) {
        return Err(Failure::other(format!("the folder {} does not exist: make it first", folder.display())));
    }
    if file.is_dir() {
        return Err(Failure::other(format!("{} is a folder: expected a SQLite file", file.display())));
    }
    let wrong = |error: sqlx::Error| {
        let why = error.as_database_error().map_or_else(|| error.to_string(), |error| error.message().to_owned());
        Failure::other(format!("{} cannot be opened: {why}", file.display()))
    };
    let mut connection = options.create_if_missing(create).busy_timeout(PATIENCE).connect().await.map_err(wrong)?;
    // Only now is the file read.
    sqlx::raw_sql("PRAGMA schema_version").execute(&mut connection).await.map_err(wrong)?;
    Ok((Kind::Sqlite(Box::new(connection)), place, missing))
}

#[cfg(not(feature = "sqlite"))]
async fn sqlite(_: &str, _: bool) -> Result<(Kind, String, bool), Failure> {
    Err(Failure::other("this program was built without SQLite: enable the feature `sqlite` of schemasync"))
}

#[cfg(feature = "postgres")]
async fn postgres(url: &str) -> Result<(Kind, String, bool), Failure> {
    use sqlx::ConnectOptions;
    let (options, place) = place::postgres(url)?;
    match tokio::time::timeout(PATIENCE, options.connect()).await {
        Ok(Ok(connection)) => Ok((Kind::Postgres(Box::new(connection)), place, false)),
        Ok(Err(error)) => {
            // The server's own words, without the lines of its source.
            let why = error.as_database_error().map_or_else(|| error.to_string(), |error| error.message().to_owned());
            Err(Failure::other(format!("{place}: no connection: {why}")))
        }
        Err(_) => Err(Failure::other(format!("{place}: no answer within {} s", PATIENCE.as_secs()))),
    }
}

#[cfg(not(feature = "postgres"))]
async fn postgres(_: &str) -> Result<(Kind, String, bool), Failure> {
    Err(Failure::other("this program was built without PostgreSQL: enable the feature `postgres` of schemasync"))
}
