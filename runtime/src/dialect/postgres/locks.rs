//! The locks of a run, taken together before its first statement.

use super::effects::{ACCESS_EXCLUSIVE, SHARE, SHARE_ROW_EXCLUSIVE};
use super::online_session::is_busy;
use super::session::{PostgresSession, SLICE};
use crate::dialect::{Error, Result, TableLocks};
use std::time::Duration;

/// How long the locks are waited for at first; each time that others are in the way twice as long, up to [`SLICE`]. So long do those wait who
/// come meanwhile, and no longer.
const FIRST_WAIT: Duration = Duration::from_millis(250);

impl PostgresSession<'_> {
    /// All or none of them. `false`: others hold one.
    pub(super) async fn lock_together(&mut self, locks: &TableLocks) -> Result<bool> {
        let wait = (FIRST_WAIT * 2_u32.pow(self.lock_attempts.min(8))).min(SLICE).min(self.patience);
        let slice = self.patience.min(SLICE).as_millis().max(1);
        let mut message = format!("SAVEPOINT schemasync_lock; SET LOCAL lock_timeout = {}; ", wait.as_millis().max(1));
        for (table, modes) in locks {
            let table = self.dialect.qualified(table);
            // The strongest first: a lock that grows can deadlock.
            let mut modes: Vec<&str> = modes.iter().map(String::as_str).collect();
            modes.sort_by_key(|mode| std::cmp::Reverse(strength(mode)));
            message.extend(modes.iter().map(|mode| format!("LOCK TABLE {table} IN {mode} MODE; ")));
        }
        message.push_str(&format!("SET LOCAL lock_timeout = {slice}; RELEASE SAVEPOINT schemasync_lock"));
        let Err(error) = self.execute(message).await else { return Ok(true) };
        if error.as_database_error().is_none() {
            return Err(Error::database("locking the tables")(error));
        }
        self.execute("ROLLBACK TO SAVEPOINT schemasync_lock; RELEASE SAVEPOINT schemasync_lock")
            .await
            .map_err(Error::database("locking the tables"))?;
        let busy = is_busy(&error);
        if busy {
            self.lock_attempts += 1;
            tracing::info!(?wait, "another session holds a lock that the run needs");
        } else {
            // A table that is not there, or may not be locked by itself: the statements tell.
            tracing::debug!(%error, "the locks are taken one by one");
        }
        Ok(!busy)
    }
}

fn strength(mode: &str) -> u8 {
    match mode {
        ACCESS_EXCLUSIVE => 3,
        SHARE_ROW_EXCLUSIVE => 2,
        SHARE => 1,
        _ => 0,
    }
}
