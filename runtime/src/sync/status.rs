//! Where a namespace stands, without looking at its tables.

use super::gate::{self, Verdict};
use super::history::HistoryEntry;
use super::read_again::read_only;
use super::{Options, SchemaSync, Work, run, state};
use crate::dialect::{Session, with_session};
use crate::error::Result;
use crate::model::Schema;
use serde::Serialize;

/// How the model and the last run stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Standing {
    /// No run has been here.
    NeverSynced,
    /// The last run was of this model and without errors. What was changed by hand since is not looked for: see
    /// [`SchemaSync::drift`].
    UpToDate,
    /// As `UpToDate`, but columns wait for a backfill before they are made required (rule C3), or safe mode held something back.
    Pending,
    /// The model has changed since the last run.
    Changed,
    /// The last run was of this model and had errors.
    Failed,
    /// The server is another one, or another version, than at the last run.
    ServerChanged,
    /// The database has left this model behind (rule S6).
    Superseded,
}

/// Where a namespace stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Status {
    /// How the model and the last run stand to each other.
    pub standing: Standing,
    /// The dialect: `sqlite`.
    pub dialect: String,
    /// The server now: `sqlite 3.51.3`.
    pub server: String,
    /// The namespace.
    pub namespace: String,
    /// Fingerprint of the model (rule S1).
    pub fingerprint: String,
    /// Fingerprint of the last run; `None`: there was none.
    pub synced: Option<String>,
    /// The last run that changed something.
    pub last: Option<HistoryEntry>,
    /// Columns that shall be required once they have no NULL left: `users.plan`.
    pub waiting: Vec<String>,
    /// Safe mode held something back.
    pub withheld: bool,
    /// How many tables and views are managed.
    pub managed: usize,
}

impl SchemaSync<'_> {
    /// Where the namespace stands: a few small queries, whatever the number of tables; writes nothing.
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
    /// use schemasync::Standing;
    ///
    /// let status = SchemaSync::new(&mut connection).schema(schema![User]).status().await?;
    /// assert_eq!(status.standing, Standing::NeverSynced);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Where the database or the state cannot be read, or the model contradicts itself.
    pub async fn status(self) -> Result<Status> {
        look(self).await
    }
}

fn look(sync: SchemaSync<'_>) -> Work<'_, Status> {
    Box::pin(async move {
        let SchemaSync { database, schema, options } = sync;
        schema.validate()?;
        with_session!(database, session => {
            let session = &mut session;
            read_only!(session, options.lock_timeout, read(session, &schema, &options))
        })
    })
}

async fn read<S: Session>(session: &mut S, schema: &Schema, options: &Options) -> Result<Status> {
    let dialect = session.dialect();
    let fingerprint = run::fingerprint(schema, &*dialect);
    let gate = session.gate(&options.namespace, &fingerprint).await?;
    let row = session.read_state(&options.namespace).await?;
    let known = row.map(|row| state::State::read(&options.namespace, &row)).transpose()?;
    let last = session.history(&options.namespace, 1).await?.into_iter().next().map(HistoryEntry::from);
    // What a caller allows and insists on does not change where things stand.
    let plain = Options { namespace: options.namespace.clone(), ..Options::default() };
    let verdict = gate::check_gate(&gate, &options.namespace, &fingerprint, &plain)?;
    let standing = match (&known, verdict) {
        (None, _) => Standing::NeverSynced,
        (_, Verdict::UpToDate) => Standing::UpToDate,
        (_, Verdict::Waiting(_)) => Standing::Pending,
        (_, Verdict::Superseded) => Standing::Superseded,
        (Some(state), Verdict::Look) if state.attempted != *fingerprint => Standing::Changed,
        (Some(state), Verdict::Look) if state.fingerprint.is_empty() => Standing::Failed,
        (Some(state), Verdict::Look) if state.server != gate.server => Standing::ServerChanged,
        (Some(_), Verdict::Look) => Standing::Pending,
    };
    let waiting = known.iter().flat_map(|state| &state.pending.required);
    Ok(Status {
        standing,
        dialect: dialect.name().to_owned(),
        server: gate.server,
        namespace: options.namespace.clone(),
        fingerprint: fingerprint.clone(),
        synced: known.as_ref().map(|state| state.attempted.clone()),
        last,
        waiting: waiting.map(|column| format!("{}.{}", column.table, column.column)).collect(),
        withheld: known.as_ref().is_some_and(|state| state.pending.withheld),
        managed: known.as_ref().map_or(0, |state| state.base.tables.len() + state.base.views.len()),
    })
}
