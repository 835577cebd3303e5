//! The state tables (rule S3).

use super::server;
use crate::dialect::{Error, Result};
use crate::dialect::{Gate, GateState, HistoryRow, StateRow};
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

/// `main.`: a temporary table of the same name is none of ours.
const TABLES: &str = "
CREATE TABLE IF NOT EXISTS main.\"__schemasync_state\" (
  \"namespace\" TEXT NOT NULL PRIMARY KEY,
  \"format\" INTEGER NOT NULL,
  \"fingerprint\" TEXT NOT NULL,
  \"attempted\" TEXT NOT NULL,
  \"server\" TEXT NOT NULL,
  \"pending\" TEXT NOT NULL,
  \"claims\" TEXT NOT NULL,
  \"base\" TEXT NOT NULL,
  \"updated_at\" TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS main.\"__schemasync_history\" (
  \"id\" INTEGER PRIMARY KEY,
  \"namespace\" TEXT NOT NULL,
  \"at\" TEXT NOT NULL,
  \"fingerprint\" TEXT NOT NULL,
  \"version\" TEXT NOT NULL,
  \"host\" TEXT NOT NULL,
  \"duration_ms\" INTEGER NOT NULL,
  \"outcome\" TEXT NOT NULL,
  \"statements\" TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS main.\"__schemasync_history_fingerprint\" ON \"__schemasync_history\" (\"namespace\", \"fingerprint\");
";

const GATE: &str = "SELECT sqlite_version() AS version,
  s.namespace IS NOT NULL AS found, s.format, s.fingerprint, s.attempted, s.server, s.pending
FROM (SELECT 1) LEFT JOIN main.__schemasync_state AS s ON s.namespace = ?1";

pub(crate) async fn gate(connection: &mut SqliteConnection, namespace: &str) -> Result<Gate> {
    let row = match sqlx::query(GATE).bind(namespace).persistent(false).fetch_one(&mut *connection).await {
        Ok(row) => row,
        Err(error) if is_missing(&error) => return Ok(Gate { state: None, server: version(connection).await? }),
        Err(error) => return Err(unreadable(namespace)(error)),
    };
    read_gate(&row).map_err(unreadable(namespace))
}

async fn version(connection: &mut SqliteConnection) -> Result<String> {
    let version = sqlx::query_scalar("SELECT sqlite_version()").persistent(false).fetch_one(connection).await;
    version.map(|version: String| server(&version)).map_err(Error::database("reading the version of SQLite"))
}

fn read_gate(row: &SqliteRow) -> Result<Gate, sqlx::Error> {
    let state = if row.try_get::<i64, _>("found")? == 1 { Some(gate_state(row)?) } else { None };
    Ok(Gate { state, server: server(&row.try_get::<String, _>("version")?) })
}

fn gate_state(row: &SqliteRow) -> Result<GateState, sqlx::Error> {
    Ok(GateState {
        format: row.try_get("format")?,
        fingerprint: row.try_get("fingerprint")?,
        attempted: row.try_get("attempted")?,
        server: row.try_get("server")?,
        pending: row.try_get("pending")?,
    })
}

/// The state tables do not exist.
fn is_missing(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| error.message().contains("no such table"))
}

/// What the row holds is wrong, or the table has other columns; anything else is the database's trouble.
fn unreadable(namespace: &str) -> impl FnOnce(sqlx::Error) -> Error {
    let namespace = namespace.to_owned();
    move |error| {
        let is_shape = match &error {
            sqlx::Error::Database(error) => error.message().contains("no such column"),
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::ColumnNotFound(_) | sqlx::Error::Decode(_) => true,
            _ => false,
        };
        if is_shape {
            Error::CorruptState { namespace, reason: error.to_string() }
        } else {
            Error::database("reading the state")(error)
        }
    }
}

pub(crate) async fn read(connection: &mut SqliteConnection, namespace: &str) -> Result<Option<StateRow>> {
    const READ: &str = "SELECT format, fingerprint, attempted, server, pending, base, claims FROM main.__schemasync_state WHERE namespace = ?1";
    let row = match sqlx::query(READ).bind(namespace).persistent(false).fetch_optional(connection).await {
        Ok(Some(row)) => row,
        Ok(None) => return Ok(None),
        Err(error) if is_missing(&error) => return Ok(None),
        Err(error) => return Err(unreadable(namespace)(error)),
    };
    let state = gate_state(&row)
        .and_then(|gate| Ok(StateRow { gate, base: row.try_get("base")?, claims: row.try_get("claims")? }));
    state.map(Some).map_err(unreadable(namespace))
}

pub(crate) async fn other_claims(connection: &mut SqliteConnection, namespace: &str) -> Result<Vec<(String, String)>> {
    const OTHERS: &str =
        "SELECT namespace, claims FROM main.__schemasync_state WHERE namespace <> ?1 ORDER BY namespace";
    match sqlx::query_as(OTHERS).bind(namespace).persistent(false).fetch_all(connection).await {
        Ok(rows) => Ok(rows),
        Err(error) if is_missing(&error) => Ok(Vec::new()),
        Err(error) => Err(unreadable(namespace)(error)),
    }
}

async fn create(connection: &mut SqliteConnection) -> Result<()> {
    let done = sqlx::raw_sql(TABLES).execute(connection).await;
    done.map(drop).map_err(Error::database("creating the state tables"))
}

pub(crate) async fn write(connection: &mut SqliteConnection, namespace: &str, row: &StateRow) -> Result<()> {
    const WRITE: &str = "INSERT INTO main.__schemasync_state (namespace, format, fingerprint, attempted, server, pending, claims, base, updated_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
ON CONFLICT (namespace) DO UPDATE SET format = excluded.format, fingerprint = excluded.fingerprint, attempted = excluded.attempted,
  server = excluded.server, pending = excluded.pending, claims = excluded.claims, base = excluded.base, updated_at = excluded.updated_at";
    create(connection).await?;
    let done = sqlx::query(WRITE)
        .bind(namespace)
        .bind(row.gate.format)
        .bind(&row.gate.fingerprint)
        .bind(&row.gate.attempted)
        .bind(&row.gate.server)
        .bind(&row.gate.pending)
        .bind(&row.claims)
        .bind(&row.base)
        .persistent(false)
        .execute(connection)
        .await;
    done.map(drop).map_err(Error::database("writing the state"))
}

pub(crate) async fn append_history(connection: &mut SqliteConnection, namespace: &str, row: &HistoryRow) -> Result<()> {
    const APPEND: &str = "INSERT INTO main.__schemasync_history (namespace, at, fingerprint, version, host, duration_ms, outcome, statements) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    create(connection).await?;
    let done = sqlx::query(APPEND)
        .bind(namespace)
        .bind(&row.at)
        .bind(&row.fingerprint)
        .bind(&row.version)
        .bind(&row.host)
        .bind(row.duration_ms)
        .bind(&row.outcome)
        .bind(&row.statements)
        .persistent(false)
        .execute(connection)
        .await;
    done.map(drop).map_err(Error::database("writing the history"))
}

pub(crate) async fn has_history(connection: &mut SqliteConnection) -> Result<bool> {
    const FOUND: &str = "SELECT count(*) FROM main.sqlite_schema WHERE name = '__schemasync_history'";
    let found = sqlx::query_scalar(FOUND).persistent(false).fetch_one(connection).await;
    found.map(|found: i64| found > 0).map_err(Error::database("looking for the history"))
}

pub(crate) async fn history(connection: &mut SqliteConnection, namespace: &str, limit: u32) -> Result<Vec<HistoryRow>> {
    const HISTORY: &str = "SELECT at, fingerprint, version, host, duration_ms, outcome, statements FROM main.__schemasync_history WHERE namespace = ?1 ORDER BY id DESC LIMIT ?2";
    let rows = sqlx::query(HISTORY).bind(namespace).bind(limit).persistent(false).fetch_all(connection).await;
    let rows = match rows {
        Ok(rows) => rows,
        Err(error) if is_missing(&error) => return Ok(Vec::new()),
        Err(error) => return Err(Error::database("reading the history")(error)),
    };
    let rows: Result<Vec<HistoryRow>, sqlx::Error> = rows.iter().map(history_row).collect();
    rows.map_err(Error::database("reading the history"))
}

fn history_row(row: &SqliteRow) -> Result<HistoryRow, sqlx::Error> {
    Ok(HistoryRow {
        at: row.try_get("at")?,
        fingerprint: row.try_get("fingerprint")?,
        version: row.try_get("version")?,
        host: row.try_get("host")?,
        duration_ms: row.try_get("duration_ms")?,
        outcome: row.try_get("outcome")?,
        statements: row.try_get("statements")?,
    })
}
