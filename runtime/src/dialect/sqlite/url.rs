//! A URL becomes a connection: the options that it says, and the place that may be shown of it.

use crate::dialect::url::{Opened, OwnedConnection, why};
use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use std::time::Duration;

/// Connects. A file that is not there is made only where `create` says so; one that others hold is waited for that long.
pub(crate) async fn open(url: &str, create: bool, lock_timeout: Duration) -> Result<Opened, String> {
    let (options, place) = options(url)?;
    let file = options.get_filename().to_owned();
    let in_memory = url.contains(":memory:") || url.contains("mode=memory");
    let missing = !in_memory && !file.exists();
    if missing && !create {
        return Err(format!(
            "the database file {} does not exist: `sync` makes it, this command does not",
            file.display()
        ));
    }
    if missing && let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists()) {
        return Err(format!("the folder {} does not exist: make it first", folder.display()));
    }
    if file.is_dir() {
        return Err(format!("{} is a folder: expected a SQLite file", file.display()));
    }
    let wrong = |error: sqlx::Error| {
        if is_locked(&error) {
            return format!(
                "{}: another program holds this database for itself: waited {lock_timeout:?}. Try again later, or raise --lock-timeout",
                file.display()
            );
        }
        let why = error.as_database_error().map_or_else(|| error.to_string(), |error| error.message().to_owned());
        format!("{} cannot be opened: {why}", file.display())
    };
    let mut connection = options.create_if_missing(create).busy_timeout(lock_timeout).connect().await.map_err(wrong)?;
    // Only now is the file read.
    sqlx::raw_sql("PRAGMA schema_version").execute(&mut connection).await.map_err(wrong)?;
    Ok(Opened { connection: OwnedConnection::Sqlite(Box::new(connection)), place, created: missing })
}

/// SQLITE_BUSY, whatever more is said of it.
fn is_locked(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.and_then(|code| code.parse::<u32>().ok()).is_some_and(|code| code & 0xff == 5)
}

/// A SQLite URL, read, and the place that it names.
fn options(url: &str) -> Result<(SqliteConnectOptions, String), String> {
    let options: SqliteConnectOptions = url.parse().map_err(|error: sqlx::Error| {
        let named = error.to_string();
        let named = named.split_once("unknown query parameter `").and_then(|(_, rest)| rest.split_once('`'));
        let is_name = |key: &str| key.chars().all(|c| c.is_ascii_lowercase() || matches!(c, '_' | '-'));
        let why = match named.filter(|(key, _)| is_name(key)) {
            Some((key, _)) => format!("the parameter `{key}` is not known"),
            None => why(&error).to_owned(),
        };
        format!("the URL (sqlite:…) cannot be read: {why}")
    })?;
    let file = options.get_filename().to_string_lossy().into_owned();
    let is_in_memory = url.contains(":memory:") || url.contains("mode=memory");
    let place = if is_in_memory { "sqlite::memory:".to_owned() } else { format!("sqlite:{file}") };
    Ok((options, place))
}
