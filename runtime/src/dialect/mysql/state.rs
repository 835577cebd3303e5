//! The state tables (rule S3), in the connection's own database.

use super::text::{hex_text, quote, quote_text};
use crate::dialect::{Error, GateState, HistoryRow, Result, StateRow};

/// Rows as texts.
pub(crate) type TextRow = Vec<Option<String>>;

/// The state table.
pub(super) const STATE: &str = "__schemasync_state";
/// The history.
pub(super) const HISTORY: &str = "__schemasync_history";

/// The one query of the gate: the server, the database, and the state. It holds no text that a `sql_mode` could read otherwise.
pub(crate) fn gate(namespace: &str) -> String {
    format!(
        "SELECT VERSION(), DATABASE(), @@lower_case_table_names, s.format, s.fingerprint, s.attempted, s.server, s.pending \
         FROM (SELECT 1) one LEFT JOIN {STATE} s ON s.namespace = {}",
        hex_text(namespace)
    )
}

/// One row where the history is there.
pub(crate) fn has_history(home: &str) -> String {
    format!(
        "SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = {} AND TABLE_NAME = '{HISTORY}'",
        quote_text(home)
    )
}

/// The server and the database, where there is no state.
pub(crate) const SERVER: &str = "SELECT VERSION(), DATABASE(), @@lower_case_table_names";

/// The state of a gate's row: the six columns from `format` on.
pub(crate) fn gate_state(namespace: &str, row: &[Option<String>]) -> Result<Option<GateState>> {
    let [Some(format), Some(fingerprint), Some(attempted), Some(server), Some(pending)] = row else {
        return Ok(None);
    };
    let format = format
        .parse()
        .map_err(|_| Error::CorruptState { namespace: namespace.to_owned(), reason: format!("format {format:?}") })?;
    Ok(Some(GateState {
        format,
        fingerprint: fingerprint.clone(),
        attempted: attempted.clone(),
        server: server.clone(),
        pending: pending.clone(),
    }))
}

/// The tables, whichever is missing, in the order in which they are made.
pub(crate) fn create(home: &str) -> [String; 2] {
    let text = "CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL";
    let end = "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin";
    let home = quote(home);
    [
        format!(
            "CREATE TABLE IF NOT EXISTS {home}.{HISTORY} (id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, namespace varchar(255) {text}, at varchar(64) {text}, \
             fingerprint varchar(128) {text}, version varchar(64) {text}, host varchar(255) {text}, duration_ms bigint NOT NULL, outcome varchar(32) {text}, \
             statements longtext {text}, KEY __schemasync_history_fingerprint (namespace, fingerprint)) {end}"
        ),
        format!(
            "CREATE TABLE IF NOT EXISTS {home}.{STATE} (namespace varchar(255) {text} PRIMARY KEY, format bigint NOT NULL, fingerprint varchar(128) {text}, \
             attempted varchar(128) {text}, server varchar(255) {text}, pending longtext {text}, claims longtext {text}, base longtext {text}, \
             updated_at timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6)) {end}"
        ),
    ]
}

pub(crate) fn read(home: &str, namespace: &str) -> String {
    format!(
        "SELECT format, fingerprint, attempted, server, pending, base, claims FROM {}.{STATE} WHERE namespace = {}",
        quote(home),
        hex_text(namespace)
    )
}

pub(crate) fn read_row(namespace: &str, row: &TextRow) -> Result<Option<StateRow>> {
    let (Some(Some(base)), Some(Some(claims))) = (row.get(5), row.get(6)) else { return Ok(None) };
    let gate = gate_state(namespace, &row[..5])?;
    Ok(gate.map(|gate| StateRow { gate, base: base.clone(), claims: claims.clone() }))
}

pub(crate) fn other_claims(home: &str, namespace: &str) -> String {
    format!(
        "SELECT namespace, claims FROM {}.{STATE} WHERE namespace <> {} ORDER BY namespace",
        quote(home),
        hex_text(namespace)
    )
}

pub(crate) fn write(home: &str, namespace: &str, row: &StateRow) -> String {
    let gate = &row.gate;
    let values = [namespace, &gate.fingerprint, &gate.attempted, &gate.server, &gate.pending, &row.claims, &row.base]
        .map(quote_text);
    format!(
        "REPLACE INTO {}.{STATE} (namespace, fingerprint, attempted, server, pending, claims, base, format) VALUES ({}, {})",
        quote(home),
        values.join(", "),
        gate.format
    )
}

pub(crate) fn append_history(home: &str, namespace: &str, row: &HistoryRow) -> String {
    let values =
        [namespace, &row.at, &row.fingerprint, &row.version, &row.host, &row.outcome, &row.statements].map(quote_text);
    format!(
        "INSERT INTO {}.{HISTORY} (namespace, at, fingerprint, version, host, outcome, statements, duration_ms) VALUES ({}, {})",
        quote(home),
        values.join(", "),
        row.duration_ms
    )
}

pub(crate) fn history(home: &str, namespace: &str, limit: u32) -> String {
    format!(
        "SELECT at, fingerprint, version, host, duration_ms, outcome, statements FROM {}.{HISTORY} WHERE namespace = {} ORDER BY id DESC LIMIT {limit}",
        quote(home),
        hex_text(namespace)
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
