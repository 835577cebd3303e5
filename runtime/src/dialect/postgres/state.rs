//! The state tables (rule S3), in the connection's own schema. Every query is one message of the simple protocol: one round trip,
//! and nothing that a transaction pooler would have to remember.

use super::text::{quote, quote_text};
use super::trust::{guarded, xml_row};
use crate::dialect::{Error, Result};
use crate::dialect::{GateState, HistoryRow, StateRow};

/// Rows as texts.
pub(crate) type TextRow = Vec<Option<String>>;

/// The state table.
pub(super) const STATE: &str = "__schemasync_state";
/// The history.
pub(super) const HISTORY: &str = "__schemasync_history";

/// The columns of the state table, with their types.
pub(super) const STATE_COLUMNS: [(&str, &str); 10] = [
    ("namespace", "text"),
    ("home", "text"),
    ("format", "bigint"),
    ("fingerprint", "text"),
    ("attempted", "text"),
    ("server", "text"),
    ("pending", "text"),
    ("claims", "text"),
    ("base", "text"),
    ("updated_at", "timestamp with time zone"),
];

/// The columns of the history, with their types.
pub(super) const HISTORY_COLUMNS: [(&str, &str); 9] = [
    ("id", "bigint"),
    ("namespace", "text"),
    ("at", "text"),
    ("fingerprint", "text"),
    ("version", "text"),
    ("host", "text"),
    ("duration_ms", "bigint"),
    ("outcome", "text"),
    ("statements", "text"),
];

/// The columns that the gate reads.
const GATE_COLUMNS: [&str; 6] = ["home", "format", "fingerprint", "attempted", "server", "pending"];

/// `table` is what is read; safe under every search path.
fn of_namespace(columns: &str, table: &str, namespace: &str) -> String {
    format!(
        "SELECT {columns} FROM {table} WHERE namespace OPERATOR(pg_catalog.=) {}::pg_catalog.text",
        quote_text(namespace)
    )
}

/// The one query of the gate: whether a transaction is open, the connection's own schema, and the state, where the search path finds a
/// state table that is ours to read. It fails over nothing that may be there, so that a caller's transaction stays as it is.
pub(crate) fn gate(namespace: &str) -> String {
    const HEAD: &str =
        "pg_catalog.now() OPERATOR(pg_catalog.<>) pg_catalog.statement_timestamp(), pg_catalog.current_schema(), ";
    guarded(HEAD, STATE, &of_namespace(&GATE_COLUMNS.join(", "), STATE, namespace))
}

/// The state of an answer to [`gate`], where it was written in the connection's own schema, `here`: a search path goes on to other
/// schemas, whose state is unmanaged.
pub(crate) fn gate_row(here: Option<&str>, xml: Option<&str>) -> TextRow {
    let row = xml.map(|xml| xml_row(xml, &GATE_COLUMNS)).unwrap_or_default();
    let at_home = here.is_some() && row.first().is_some_and(|home| home.as_deref() == here);
    if at_home { row } else { TextRow::new() }
}

/// The state, by those who know its schema and have looked at the table.
pub(crate) fn known_gate(home: &str, namespace: &str) -> String {
    of_namespace(&GATE_COLUMNS.join(", "), &format!("{}.{STATE}", quote(home)), namespace)
}

/// The state of a gate's row, read by a connection whose own schema is `here`: its last six columns. A row that was written in another
/// schema (which was renamed, or copied) names no server: the run looks, and writes it anew.
pub(crate) fn gate_state(namespace: &str, here: &str, row: &[Option<String>]) -> Result<Option<GateState>> {
    let [Some(home), Some(format), Some(fingerprint), Some(attempted), Some(server), Some(pending)] = row else {
        return Ok(None);
    };
    let server = if home == here { server.as_str() } else { "" };
    let format = format
        .parse()
        .map_err(|_| Error::CorruptState { namespace: namespace.to_owned(), reason: format!("format {format:?}") })?;
    Ok(Some(GateState {
        format,
        fingerprint: fingerprint.clone(),
        attempted: attempted.clone(),
        server: server.to_owned(),
        pending: pending.clone(),
    }))
}

pub(crate) fn read(home: &str, namespace: &str) -> String {
    format!(
        "SELECT home, format, fingerprint, attempted, server, pending, base, claims FROM {}.__schemasync_state WHERE namespace = {}",
        quote(home),
        quote_text(namespace)
    )
}

pub(crate) fn read_row(namespace: &str, here: &str, row: &TextRow) -> Result<Option<StateRow>> {
    let (Some(Some(base)), Some(Some(claims))) = (row.get(6), row.get(7)) else { return Ok(None) };
    let gate = gate_state(namespace, here, &row[..6])?;
    Ok(gate.map(|gate| StateRow { gate, base: base.clone(), claims: claims.clone() }))
}

pub(crate) fn other_claims(home: &str, namespace: &str) -> String {
    format!(
        "SELECT namespace, claims FROM {}.__schemasync_state WHERE namespace <> {} ORDER BY namespace",
        quote(home),
        quote_text(namespace)
    )
}

/// Makes the schema and the tables, whichever is missing. One that somebody has made since is an error: it would not be ours.
pub(crate) fn create(home: &str, home_exists: bool, has_state: bool, has_history: bool) -> String {
    let home = quote(home);
    let table = |name: &str, columns: &[(&str, &str)], key: &str| {
        let define = |(name, ty): &(&str, &str)| {
            let key = if *name == key { " PRIMARY KEY" } else { "" };
            let identity = if *name == "id" { " GENERATED BY DEFAULT AS IDENTITY" } else { "" };
            format!("  {name} {ty} NOT NULL{identity}{key}")
        };
        let columns: Vec<String> = columns.iter().map(define).collect();
        format!("CREATE TABLE {home}.{name} (\n{}\n)", columns.join(",\n"))
    };
    let mut statements = Vec::new();
    if !home_exists {
        statements.push(format!("CREATE SCHEMA IF NOT EXISTS {home}"));
    }
    if !has_state {
        statements.push(table(STATE, &STATE_COLUMNS, "namespace"));
    }
    if !has_history {
        statements.push(table(HISTORY, &HISTORY_COLUMNS, "id"));
        statements.push(format!(
            "CREATE INDEX __schemasync_history_fingerprint ON {home}.{HISTORY} (namespace, fingerprint)"
        ));
    }
    statements.join(";\n")
}

pub(crate) fn write(home: &str, namespace: &str, row: &StateRow) -> String {
    let values: Vec<String> = [
        namespace,
        home,
        &row.gate.fingerprint,
        &row.gate.attempted,
        &row.gate.server,
        &row.gate.pending,
        &row.claims,
        &row.base,
    ]
    .into_iter()
    .map(quote_text)
    .collect();
    format!(
        "INSERT INTO {}.__schemasync_state AS s (namespace, home, fingerprint, attempted, server, pending, claims, base, format, updated_at)
VALUES ({}, {}, clock_timestamp())
ON CONFLICT (namespace) DO UPDATE SET home = excluded.home, format = excluded.format, fingerprint = excluded.fingerprint, attempted = excluded.attempted,
  server = excluded.server, pending = excluded.pending, claims = excluded.claims, base = excluded.base, updated_at = excluded.updated_at",
        quote(home),
        values.join(", "),
        row.gate.format
    )
}

pub(crate) fn append_history(home: &str, namespace: &str, row: &HistoryRow) -> String {
    let values: Vec<String> =
        [namespace, &row.at, &row.fingerprint, &row.version, &row.host, &row.outcome, &row.statements]
            .into_iter()
            .map(quote_text)
            .collect();
    format!(
        "INSERT INTO {}.__schemasync_history (namespace, at, fingerprint, version, host, outcome, statements, duration_ms) VALUES ({}, {})",
        quote(home),
        values.join(", "),
        row.duration_ms
    )
}

pub(crate) fn history(home: &str, namespace: &str, limit: u32) -> String {
    format!(
        "SELECT at, fingerprint, version, host, duration_ms, outcome, statements FROM {}.__schemasync_history WHERE namespace = {} ORDER BY id DESC LIMIT {limit}",
        quote(home),
        quote_text(namespace)
    )
}

pub(crate) fn history_row(row: TextRow) -> Option<HistoryRow> {
    let [at, fingerprint, version, host, duration, outcome, statements] = <[Option<String>; 7]>::try_from(row).ok()?;
    Some(HistoryRow {
        at: at?,
        fingerprint: fingerprint?,
        version: version?,
        host: host?,
        duration_ms: duration?.parse().ok()?,
        outcome: outcome?,
        statements: statements?,
    })
}
