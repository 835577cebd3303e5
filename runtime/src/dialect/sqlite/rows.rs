//! What SQLite answers: rows and errors.

use super::inspect::SchemaRow;
use crate::dialect::{Error, Result};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, TypeInfo, ValueRef};
use std::time::Duration;

/// A row of `sqlite_schema`, which holds whatever somebody has written into it.
pub(crate) fn schema_row(row: &SqliteRow) -> Result<(bool, SchemaRow), sqlx::Error> {
    let [kind, name, table, sql] = [readable(row, 1)?, readable(row, 2)?, readable(row, 3)?, readable(row, 4)?];
    let unreadable = [&kind, &name, &table, &sql].into_iter().flatten().any(|(_, readable)| !readable);
    let text = |text: Option<(String, bool)>| text.map(|(text, _)| text);
    let [kind, name, table] = [kind, name, table].map(|value| text(value).unwrap_or_default());
    Ok((row.try_get::<i64, _>(0)? == 1, SchemaRow { kind, name, table, sql: text(sql), unreadable }))
}

/// A text with the bytes that are not UTF-8 written out, and whether there were none.
fn readable(row: &SqliteRow, at: usize) -> Result<Option<(String, bool)>, sqlx::Error> {
    let Some(bytes) = row.try_get_unchecked::<Option<Vec<u8>>, _>(at)? else { return Ok(None) };
    Ok(Some(match String::from_utf8(bytes) {
        Ok(text) => (text, true),
        Err(error) => (written_out(error.as_bytes()), false),
    }))
}

/// `caf\xE9`
fn written_out(bytes: &[u8]) -> String {
    let chunk = |chunk: std::str::Utf8Chunk<'_>| {
        let wrong: String = chunk.invalid().iter().map(|byte| format!("\\x{byte:02X}")).collect();
        format!("{}{wrong}", chunk.valid())
    };
    bytes.utf8_chunks().map(chunk).collect()
}

/// A temporary table hides the real one of its name, and a temporary trigger dies with the table that a rebuild drops.
pub(crate) fn refuse_hidden(main: &[SchemaRow], temporary: &[SchemaRow]) -> Result<()> {
    let is_main = |name: &str| main.iter().any(|row| row.name.eq_ignore_ascii_case(name));
    for row in temporary {
        let hides = matches!(row.kind.as_str(), "table" | "view") && is_main(&row.name);
        let hangs_on = row.kind == "trigger" && is_main(&row.table);
        if hides || hangs_on {
            return Err(Error::Refused(format!(
                "the temporary {} \"{}\" of this connection stands in the way: give sync a connection of its own",
                row.kind, row.name
            )));
        }
    }
    Ok(())
}

/// SQLITE_BUSY or SQLITE_LOCKED, with any extension.
pub(crate) fn is_busy(error: &sqlx::Error) -> bool {
    let code =
        error.as_database_error().and_then(sqlx::error::DatabaseError::code).and_then(|code| code.parse::<i64>().ok());
    code.is_some_and(|code| matches!(code & 0xff, 5 | 6))
}

pub(crate) fn is_nested_transaction(error: &sqlx::Error) -> bool {
    let text = error.to_string();
    text.contains("within a transaction") || text.contains("inside a transaction")
}

/// `posts row 3 → users (key 0)`
pub(crate) fn violation(row: &[Option<String>]) -> String {
    let at = |n: usize| row.get(n).and_then(|value| value.as_deref()).unwrap_or("?");
    format!("{} row {} → {} (key {})", at(0), at(1), at(2), at(3))
}

/// Any value as text; blobs as hex digits, and text that is not UTF-8 as far as it can be read.
pub(crate) fn text(row: &SqliteRow, at: usize) -> Result<Option<String>, sqlx::Error> {
    let value = row.try_get_raw(at)?;
    if value.is_null() {
        return Ok(None);
    }
    let ty = value.type_info().name().to_owned();
    Ok(Some(match ty.as_str() {
        "INTEGER" => row.try_get_unchecked::<i64, _>(at)?.to_string(),
        "REAL" => format!("{:?}", row.try_get_unchecked::<f64, _>(at)?),
        "BLOB" => row.try_get_unchecked::<Vec<u8>, _>(at)?.iter().map(|byte| format!("{byte:02x}")).collect(),
        _ => String::from_utf8_lossy(&row.try_get_unchecked::<Vec<u8>, _>(at)?).into_owned(),
    }))
}

pub(crate) fn milliseconds(duration: Duration) -> i64 {
    i64::from(i32::try_from(duration.as_millis()).unwrap_or(i32::MAX))
}

/// A full disk, an interrupt: SQLite has rolled back all of the run by itself, and its savepoints are gone. What it said then counts.
pub(crate) fn savepoint_error(error: sqlx::Error, failed: Option<String>) -> Error {
    match failed.filter(|_| error.to_string().contains("no such savepoint")) {
        Some(said) => Error::Refused(format!("SQLite has rolled back the run: {said}. Nothing was changed")),
        None => Error::database("setting a savepoint")(error),
    }
}
