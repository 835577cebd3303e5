//! What the runs of a namespace have done (rule S3).

use super::read_again::read_only;
use super::{SchemaSync, Work};
use crate::dialect::{HistoryRow, Session, with_session};
use crate::error::Result;
use serde::Serialize;
use std::time::Duration;

/// One run that changed something.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct HistoryEntry {
    /// When, RFC 3339, UTC.
    pub at: String,
    /// Fingerprint of the model.
    pub fingerprint: String,
    /// Version of schemasync.
    pub version: String,
    /// Host name, empty where it was not known.
    pub host: String,
    /// How long it took, in milliseconds.
    pub duration_ms: i64,
    /// `synced`, or `failed` where an entry had errors.
    pub outcome: String,
    /// Statements that were run, in order.
    pub statements: Vec<String>,
}

impl From<HistoryRow> for HistoryEntry {
    fn from(row: HistoryRow) -> Self {
        // A text that somebody has edited by hand is shown as it is.
        let statements = serde_json::from_str(&row.statements).unwrap_or_else(|_| vec![row.statements]);
        Self {
            at: row.at,
            fingerprint: row.fingerprint,
            version: row.version,
            host: row.host,
            duration_ms: row.duration_ms,
            outcome: row.outcome,
            statements,
        }
    }
}

impl SchemaSync<'_> {
    /// The last runs of the namespace that changed something, the newest first. The model is not needed; writes nothing.
    ///
    /// ```
    /// # use schemasync::{DbTable, SchemaSync, schema};
    /// # #[derive(DbTable)]
    /// # struct User {
    /// #     #[db(id)]
    /// #     id: i64,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use sqlx::Connection;
    /// # let mut connection = sqlx::SqliteConnection::connect("sqlite::memory:").await?;
    /// let report = schemasync::sync(&mut connection, schema![User]).await?;
    ///
    /// let runs = SchemaSync::new(&mut connection).history(10).await?;
    /// assert!(runs[0].statements[0].starts_with("CREATE TABLE"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub async fn history(self, limit: u32) -> Result<Vec<HistoryEntry>> {
        last(self, limit).await
    }
}

fn last(sync: SchemaSync<'_>, limit: u32) -> Work<'_, Vec<HistoryEntry>> {
    Box::pin(async move {
        let SchemaSync { database, options, .. } = sync;
        with_session!(database, session => read(&mut session, &options.namespace, options.lock_timeout, limit).await)
    })
}

async fn read<S: Session>(
    session: &mut S,
    namespace: &str,
    timeout: Duration,
    limit: u32,
) -> Result<Vec<HistoryEntry>> {
    read_only!(session, timeout, rows(session, namespace, limit))
}

async fn rows<S: Session>(session: &mut S, namespace: &str, limit: u32) -> Result<Vec<HistoryEntry>> {
    let rows = session.history(namespace, limit).await?;
    Ok(rows.into_iter().map(HistoryEntry::from).collect())
}
