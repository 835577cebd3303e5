//! The statements of one step.

use super::Job;
use super::copy::copy;
use super::error::{StepError, refused};
use super::restore::Definitions;
use crate::change::Statement;
use crate::dialect::Session;
use crate::plan::{Entry, Step};

/// Runs the statements of a step, one after another, up to the first that fails. `done` gets those that were done.
pub(super) async fn run_step<S: Session>(
    session: &mut S,
    job: &Job<'_>,
    step: &Step,
    definitions: &mut Definitions,
    done: &mut Vec<String>,
) -> Result<(), StepError> {
    let entry = job.plan.entries.get(step.entry).map_or_else(String::new, Entry::name);
    let span = tracing::debug_span!("step", entry, risk = ?step.risk);
    span.in_scope(|| tracing::debug!("begin"));
    definitions.save(session, step).await?;
    for statement in &step.statements {
        match statement {
            Statement::Execute(sql) => execute(session, sql, done).await?,
            Statement::Restore { object, part, sql } => {
                restore(session, definitions.get(object, part.as_deref()).unwrap_or(sql), done).await?;
            }
            Statement::AssertEmpty { query, message } => assert_empty(session, query, message).await?,
            Statement::Copy { .. } => copy(session, job, statement, done).await?,
            // Only of a step that is batched, which is not run here.
            Statement::Fill { .. } => {}
        }
    }
    Ok(())
}

async fn execute<S: Session>(session: &mut S, sql: &str, done: &mut Vec<String>) -> Result<(), StepError> {
    tracing::debug!(sql, "execute");
    session.execute(sql).await.map_err(|error| refused(error, sql))?;
    done.push(sql.to_owned());
    Ok(())
}

async fn restore<S: Session>(session: &mut S, sql: &str, done: &mut Vec<String>) -> Result<(), StepError> {
    tracing::debug!(sql, "restore");
    session.execute_restored(sql).await.map_err(|error| refused(error, sql))?;
    done.push(sql.to_owned());
    Ok(())
}

/// Fails with the message and the first row, where there is one.
pub(super) async fn assert_empty<S: Session>(session: &mut S, query: &str, message: &str) -> Result<(), StepError> {
    let rows = session.query(query).await.map_err(|error| refused(error, query))?;
    match rows.first() {
        None => Ok(()),
        Some(row) => {
            let values: Vec<&str> = row.iter().map(|value| value.as_deref().unwrap_or("NULL")).collect();
            Err(format!("{message} ({})", values.join(", ")).into())
        }
    }
}

/// The statement as it is shown.
pub(crate) fn text(statement: &Statement) -> String {
    match statement {
        Statement::Execute(sql) | Statement::Restore { sql, .. } => sql.clone(),
        Statement::AssertEmpty { query, message } => format!("-- must be empty, else {message}\n{query}"),
        Statement::Copy { insert, .. } => insert.clone(),
        Statement::Fill { update, .. } => update.clone(),
    }
}
