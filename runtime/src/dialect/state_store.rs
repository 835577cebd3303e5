//! [`StateStore`]: where a database keeps what the last run left behind, and the history (rule S3).

use super::Result;
use std::future::Future;
use std::sync::LazyLock;

/// A fingerprint that is worked out when it is looked at: the gate of a server does so while its question is on the way.
pub type Fingerprint<'a> = LazyLock<String, Box<dyn FnOnce() -> String + Send + 'a>>;

/// A fingerprint that has been worked out.
pub(crate) fn known(fingerprint: &str) -> Fingerprint<'_> {
    Fingerprint::new(Box::new(|| fingerprint.to_owned()))
}

/// What the one query of the gate returns (rule S2).
#[derive(Debug, Clone, Default)]
pub struct Gate {
    /// The state row without its base; `None`: there is none, or no state table.
    pub state: Option<GateState>,
    /// The server, as in [`Capabilities::server`](super::Capabilities::server).
    pub server: String,
}

/// The small part of the state row.
#[derive(Debug, Clone)]
pub struct GateState {
    /// Format of the row.
    pub format: i64,
    /// Fingerprint of the last run; empty when it had errors.
    pub fingerprint: String,
    /// Fingerprint of the last run, also when it had errors (rule S6).
    pub attempted: String,
    /// [`Capabilities::server`](super::Capabilities::server) of the last run.
    pub server: String,
    /// Pending work, JSON (see `sync::state`).
    pub pending: String,
}

/// A whole state row, as stored.
#[derive(Debug, Clone)]
pub struct StateRow {
    /// The small part.
    pub gate: GateState,
    /// Base, JSON (see `sync::state`).
    pub base: String,
    /// Names of the tables and views of this namespace, JSON.
    pub claims: String,
}

/// A row of the history (rule S3).
#[derive(Debug, Clone)]
pub struct HistoryRow {
    /// RFC 3339, UTC.
    pub at: String,
    /// Fingerprint of the model.
    pub fingerprint: String,
    /// Version of this crate.
    pub version: String,
    /// Host name, where known.
    pub host: String,
    /// Milliseconds.
    pub duration_ms: i64,
    /// `synced`, `failed`
    pub outcome: String,
    /// Statements, JSON array of texts.
    pub statements: String,
}

/// What is remembered in the database itself (rule S3).
pub trait StateStore: Send {
    /// The one query of the gate (rule S2). Never writes. The fingerprint is worked out while the answer is on the way.
    fn gate(&mut self, namespace: &str, fingerprint: &Fingerprint<'_>) -> impl Future<Output = Result<Gate>> + Send;

    /// The state row of a namespace.
    fn read_state(&mut self, namespace: &str) -> impl Future<Output = Result<Option<StateRow>>> + Send;

    /// What other namespaces claim: `(namespace, claims JSON)`.
    fn other_claims(&mut self, namespace: &str) -> impl Future<Output = Result<Vec<(String, String)>>> + Send;

    /// Writes the state row, creating the state tables where they are missing.
    fn write_state(&mut self, namespace: &str, row: &StateRow) -> impl Future<Output = Result<()>> + Send;

    /// Appends to the history.
    fn append_history(&mut self, namespace: &str, row: &HistoryRow) -> impl Future<Output = Result<()>> + Send;

    /// Whether the table of the history is there.
    fn has_history(&mut self) -> impl Future<Output = Result<bool>> + Send;

    /// The last runs of a namespace that changed something, the newest first; none where there is no history.
    fn history(&mut self, namespace: &str, limit: u32) -> impl Future<Output = Result<Vec<HistoryRow>>> + Send;
}
