//! Giving back: a table or a view is managed no longer, and stays as it is.

use super::state::State;
use super::{Options, SchemaSync, Work};
use crate::catalog::Name;
use crate::dialect::{Dialect, Session, known, with_session};
use crate::diff::folded;
use crate::error::{Error, Result};
use std::collections::BTreeSet;

impl SchemaSync<'_> {
    /// Gives back tables and views (`users`, or `billing.invoices` where it is in a schema of its own): they stay as they are, with their
    /// rows, indexes and constraints, and are unmanaged from then on. The model is not needed. A model that still has one of them adopts
    /// it at the next sync; one that has it no longer leaves it alone, where it would have dropped it.
    ///
    /// ```
    /// # use schemasync::{DbTable, Schema, SchemaSync, schema};
    /// # #[derive(DbTable)]
    /// # struct User {
    /// #     #[db(id)]
    /// #     id: i64,
    /// # }
    /// # #[derive(DbTable)]
    /// # struct Log {
    /// #     #[db(id)]
    /// #     id: i64,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use sqlx::Connection;
    /// # let mut connection = sqlx::SqliteConnection::connect("sqlite::memory:").await?;
    /// schemasync::sync(&mut connection, schema![User, Log]).await?;
    /// SchemaSync::new(&mut connection).forget(&["log"]).await?;
    ///
    /// let report = schemasync::sync(&mut connection, schema![User]).await?;
    /// assert_eq!(report.unmanaged, ["table \"log\""]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`NotManaged`](Error::NotManaged) where one of them is not managed in the namespace: nothing is given back then. Where the state
    /// cannot be read or written.
    pub async fn forget(self, names: &[&str]) -> Result<()> {
        give_back(self, names.iter().map(|name| (*name).to_owned()).collect()).await
    }
}

fn give_back(sync: SchemaSync<'_>, names: Vec<String>) -> Work<'_, ()> {
    Box::pin(async move {
        let SchemaSync { database, options, .. } = sync;
        with_session!(database, session => {
            session.begin(options.lock_timeout).await?;
            let done = forget(&mut session, &names, &options).await;
            let finished = session.finish(done.is_ok()).await;
            done.and(finished.map_err(Into::into))
        })
    })
}

async fn forget<S: Session>(session: &mut S, names: &[String], options: &Options) -> Result<()> {
    session.gate(&options.namespace, &known("")).await?;
    let dialect = session.dialect();
    let row = session.read_state(&options.namespace).await?;
    let mut state = row.map(|row| State::read(&options.namespace, &row)).transpose()?.unwrap_or_default();
    let gone =
        names.iter().map(|name| find(&*dialect, &state, name)).collect::<std::result::Result<BTreeSet<Name>, _>>();
    let gone = gone.map_err(|name| {
        let managed = state.base.tables.keys().chain(state.base.views.keys());
        Error::NotManaged {
            name,
            namespace: options.namespace.clone(),
            managed: managed.map(ToString::to_string).collect(),
        }
    })?;
    state.base.tables.retain(|name, _| !gone.contains(name));
    state.base.views.retain(|name, _| !gone.contains(name));
    state.base.earlier.retain(|name, _| !gone.contains(name));
    state.pending.required.retain(|column| !gone.contains(&column.table));
    // The next run has to look: what the model says is the same, what is managed is not.
    state.fingerprint.clear();
    session.write_state(&options.namespace, &state.to_row()?).await?;
    Ok(())
}

/// The managed table or view of that name; the name itself, where there is none.
fn find(dialect: &dyn Dialect, state: &State, wanted: &str) -> std::result::Result<Name, String> {
    let whole = dialect.name_of(None, wanted);
    let parts = wanted.split_once('.').map(|(schema, name)| dialect.name_of(Some(schema), name));
    let keys: Vec<Name> = [Some(whole), parts].into_iter().flatten().map(|name| folded(dialect, &name)).collect();
    let all = || state.base.tables.keys().chain(state.base.views.keys());
    let found = keys.iter().find_map(|key| all().find(|name| folded(dialect, name) == *key));
    found.cloned().ok_or_else(|| wanted.to_owned())
}
