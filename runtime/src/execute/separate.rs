//! Steps outside of the units, each as its isolation says: what would keep the writers of a table waiting is done once the units are
//! done, and what a change that fails has left behind is compensated.

use super::Job;
use super::backoff::RetryBackoff;
use super::copy::Progress;
use super::error::{Failure, StepError, outcome as parted, refused};
use super::outcome::{Outcome, lacks};
use super::step::text;
use crate::change::{Statement, StepIsolation};
use crate::dialect::{Error, Result, Session};
use crate::plan::Step;

/// Runs the steps outside of the units, those of one change together. What fails is an error of its entry.
pub(super) async fn run<S: Session>(session: &mut S, job: &Job<'_>, outcome: &mut Outcome) -> Result<()> {
    let steps: Vec<&Step> = job.plan.steps.iter().filter(|step| !step.isolation.is_unit()).collect();
    for change in steps.chunk_by(|a, b| a.entry == b.entry && a.change == b.change) {
        run_change(session, job, change, outcome).await?;
    }
    Ok(())
}

async fn run_change<S: Session>(session: &mut S, job: &Job<'_>, steps: &[&Step], outcome: &mut Outcome) -> Result<()> {
    let Some(entry) = steps.first().map(|step| step.entry).filter(|&entry| !outcome.has_failed(entry)) else {
        return Ok(());
    };
    for (at, step) in steps.iter().enumerate() {
        let mut done = Vec::new();
        let result = match step.isolation {
            StepIsolation::Autocommit => run_autocommit(session, step, &mut done).await,
            StepIsolation::Batched => run_batched(session, job, step, &mut done).await,
            StepIsolation::OwnTransaction | StepIsolation::Unit => {
                run_in_transaction(session, job, step, &mut done).await
            }
        };
        let result = parted(result)?;
        outcome.statements.append(&mut done);
        if let Err(Failure { text: error, .. }) = result {
            tracing::debug!(entry = %outcome.entries[entry].name(), error, "a change failed");
            lacks(&mut outcome.entries[entry], &step.change, &error);
            for sql in steps[..=at].iter().rev().flat_map(|step| &step.compensation) {
                compensate(session, job, sql).await?;
            }
            break;
        }
    }
    Ok(())
}

async fn run_autocommit<S: Session>(session: &mut S, step: &Step, done: &mut Vec<String>) -> Result<(), StepError> {
    for sql in step.statements.iter().map(text) {
        tracing::debug!(sql, "execute outside of transactions");
        session.execute_autocommit(&sql).await.map_err(|error| refused(error, &sql))?;
        done.push(sql);
    }
    Ok(())
}

async fn run_batched<S: Session>(
    session: &mut S,
    job: &Job<'_>,
    step: &Step,
    done: &mut Vec<String>,
) -> Result<(), StepError> {
    for statement in &step.statements {
        run_fill(session, job, statement).await?;
    }
    let statements = executed(step);
    while run_statements(session, job, &statements).await? > 0 {}
    done.extend(step.statements.iter().map(text));
    Ok(())
}

/// Range by range: what was changed by an earlier run is read once more, and not written.
async fn run_fill<S: Session>(session: &mut S, job: &Job<'_>, statement: &Statement) -> Result<(), StepError> {
    let Statement::Fill { update, end: query, length, table } = statement else { return Ok(()) };
    let rows = session.query(query).await.map_err(|error| refused(error, query))?;
    let value = rows.into_iter().next().and_then(|row| row.into_iter().next().flatten());
    let end: u64 = value
        .as_deref()
        .and_then(|end| end.parse().ok())
        .ok_or_else(|| format!("the end of \"{table}\" is not known: the database answers {value:?}"))?;
    let (mut after, mut rows) = (0, 0);
    while after < end {
        let last = end.min(after.saturating_add((*length).max(1)));
        let sql = Statement::fill(update, &after.to_string(), &last.to_string());
        rows += run_statements(session, job, &[sql]).await?;
        if let Some(callback) = job.progress {
            callback(&Progress { table: table.clone(), rows, total: None });
        }
        after = last;
    }
    Ok(())
}

async fn run_in_transaction<S: Session>(
    session: &mut S,
    job: &Job<'_>,
    step: &Step,
    done: &mut Vec<String>,
) -> Result<(), StepError> {
    run_statements(session, job, &executed(step)).await?;
    done.extend(step.statements.iter().map(text));
    Ok(())
}

fn executed(step: &Step) -> Vec<String> {
    let statements = step.statements.iter();
    statements.filter(|statement| matches!(statement, Statement::Execute(_))).map(text).collect()
}

/// In a transaction of their own, which lets others go first and tries again; the number of rows changed.
async fn run_statements<S: Session>(session: &mut S, job: &Job<'_>, statements: &[String]) -> Result<u64, StepError> {
    let mut backoff = RetryBackoff::new(job.lock_timeout);
    loop {
        session.begin_transaction().await?;
        let result = parted(run_all(session, statements).await)?;
        session.end_transaction(result.is_ok()).await?;
        match result {
            Ok(rows) => return Ok(rows),
            Err(failure) if failure.busy && backoff.may_retry() => backoff.pause().await,
            Err(failure) => return Err(StepError::Failed(failure)),
        }
    }
}

async fn run_all<S: Session>(session: &mut S, statements: &[String]) -> Result<u64, StepError> {
    let mut rows = 0;
    for sql in statements {
        tracing::debug!(sql, "execute in a transaction of its own");
        rows += session.execute(sql).await.map_err(|error| refused(error, sql))?;
    }
    Ok(rows)
}

/// Removes what a change has left behind. What cannot be removed now is recognised by the next run.
async fn compensate<S: Session>(session: &mut S, job: &Job<'_>, sql: &str) -> Result<()> {
    let mut backoff = RetryBackoff::new(job.lock_timeout);
    loop {
        session.begin_transaction().await?;
        let done = session.execute(sql).await;
        session.end_transaction(done.is_ok()).await?;
        match done {
            Err(error) if error.is_busy() && backoff.may_retry() => backoff.pause().await,
            Err(error) if error.is_connection_lost() => {
                return Err(Error::Database {
                    doing: "removing what a change has left behind".to_owned(),
                    source: error,
                });
            }
            Err(error) => {
                tracing::warn!(sql, %error, "left for the next run");
                return Ok(());
            }
            Ok(_) => return Ok(()),
        }
    }
}
