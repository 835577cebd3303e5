//! Long copies, in batches by key.

use super::Job;
use super::error::{StepError, refused};
use crate::change::Statement;
use crate::dialect::Session;
use std::sync::Arc;

/// How far a long copy is (rule R5).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Progress {
    /// The table that is rebuilt.
    pub table: String,
    /// Rows copied so far.
    pub rows: u64,
    /// Rows that there are, where that is known.
    pub total: Option<u64>,
}

/// Hears how far a long copy is.
pub(crate) type ProgressCallback = Arc<dyn Fn(&Progress) + Send + Sync>;

/// Copies in batches: memory does not grow with the rows, and the caller hears how far it is.
pub(super) async fn copy<S: Session>(
    session: &mut S,
    job: &Job<'_>,
    statement: &Statement,
    done: &mut Vec<String>,
) -> Result<(), StepError> {
    let Statement::Copy { insert, next, rows: total, table } = statement else { return Ok(()) };
    let there = first_value(session, total).await?;
    let there: u64 = there
        .as_deref()
        .and_then(|rows| rows.parse().ok())
        .ok_or_else(|| format!("the rows of \"{table}\" cannot be counted: the database answers {there:?}"))?;
    let mut after = Statement::BEFORE_ALL_KEYS.to_owned();
    let mut rows = 0;
    while let Some(last) = first_value(session, &Statement::fill(next, &after, "")).await? {
        let sql = Statement::fill(insert, &after, &last);
        rows += session.execute(&sql).await.map_err(|error| refused(error, &sql))?;
        if let Some(callback) = job.progress {
            callback(&Progress { table: table.clone(), rows, total: Some(there) });
        }
        after = last;
    }
    if rows != there {
        return Err(format!("not every row of \"{table}\" was copied: {rows} of {there}").into());
    }
    done.push(insert.clone());
    Ok(())
}

async fn first_value<S: Session>(session: &mut S, sql: &str) -> Result<Option<String>, StepError> {
    let rows = session.query(sql).await.map_err(|error| refused(error, sql))?;
    Ok(rows.into_iter().next().and_then(|row| row.into_iter().next().flatten()))
}
