//! An online run: each unit in a short transaction of its own, tried again while others are in the way, and the state kept up with each.

use super::Job;
use super::backoff::RetryBackoff;
use super::outcome::Outcome;
use super::transactional::run_unit;
use crate::dialect::{Result, Session};

/// Runs all units. What is remembered is written in the same transaction.
pub(super) async fn run<S: Session>(session: &mut S, job: &Job<'_>, outcome: &mut Outcome) -> Result<()> {
    for unit in 0..job.plan.units.len() {
        if outcome.give_up(job.plan, unit) || outcome.skip_empty(job.plan, unit) {
            continue;
        }
        let mut backoff = RetryBackoff::new(job.lock_timeout);
        loop {
            let before = outcome.clone();
            outcome.busy = false;
            session.begin_transaction().await?;
            run_unit(session, job, unit, outcome).await?;
            if outcome.busy && backoff.may_retry() {
                session.end_transaction(false).await?;
                *outcome = before;
                backoff.pause().await;
                continue;
            }
            if outcome.statements.len() > before.statements.len() {
                session.write_state(job.namespace, &(job.state_after)(outcome)?).await?;
            }
            session.end_transaction(true).await?;
            break;
        }
    }
    Ok(())
}
