//! An online run: each unit in a short transaction of its own, tried again while others are in the way, and the state kept up with each.

use super::Job;
use super::backoff::RetryBackoff;
use super::outcome::Outcome;
use super::transactional::run_unit;
use crate::change::Change;
use crate::dialect::Session;
use crate::error::Result;
use crate::plan::{Plan, Unit};
use std::ops::Range;

/// Runs all units. What is remembered is written in the same transaction.
pub(super) async fn run<S: Session>(session: &mut S, job: &Job<'_>, outcome: &mut Outcome) -> Result<()> {
    for units in transactions(job.plan) {
        let mut backoff = RetryBackoff::new(job.lock_timeout);
        loop {
            let before = outcome.clone();
            let mut busy = false;
            session.begin_transaction().await?;
            for unit in units.clone() {
                outcome.busy = false;
                run_unit(session, job, unit, outcome).await?;
                busy |= outcome.busy;
            }
            if busy && backoff.may_retry() {
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

/// The units that are done in one transaction: a view that is dropped and created again is never missed by those who read it. To be
/// removed once a unit holds the drop of a view and its creation.
fn transactions(plan: &Plan) -> Vec<Range<usize>> {
    let steps = |unit: &Unit| unit.steps.iter().map(|&at| &plan.steps[at]).collect::<Vec<_>>();
    let creates = |unit: &Unit, entry: usize| {
        steps(unit).iter().any(|step| step.entry == entry && matches!(step.change, Change::CreateView { .. }))
    };
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for (at, unit) in plan.units.iter().enumerate() {
        let steps = steps(unit);
        let dropped = steps.iter().filter(|step| matches!(step.change, Change::DropView { .. }));
        let comes = |entry: usize| plan.units.iter().rposition(|unit| creates(unit, entry));
        let end = dropped.filter_map(|step| comes(step.entry)).max().map_or(at + 1, |last| last.max(at) + 1);
        match ranges.last_mut() {
            Some(range) if at < range.end => range.end = range.end.max(end),
            _ => ranges.push(at..end),
        }
    }
    ranges
}
