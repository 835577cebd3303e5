//! The other connections of the pool that a run took its connection from.

use sqlx::{Connection, SqlitePool};

/// Lets the idle connections of the pool see the new schema.
///
/// sqlx remembers the columns of the statements that a connection has prepared, and a connection prepares by the schema that it
/// knows. A `SELECT *` prepared before a sync and run after it would come back with the columns of before, which makes sqlx's
/// worker panic. So each idle connection forgets its statements and reads the schema again. Connections that others hold at that
/// moment are theirs: sync before they work, as at boot.
pub(super) async fn refresh_idle(pool: &SqlitePool) {
    let mut held = Vec::new();
    for _ in 0..pool.num_idle() {
        let Some(mut connection) = pool.try_acquire() else { break };
        let forgotten = connection.clear_cached_statements().await;
        let read = sqlx::query("SELECT 1 FROM sqlite_schema LIMIT 1").persistent(false).execute(&mut *connection).await;
        if let Err(error) = forgotten.and(read.map(drop)) {
            tracing::debug!(%error, "an idle connection could not be refreshed");
        }
        held.push(connection);
    }
}
