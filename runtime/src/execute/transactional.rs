//! Units inside a transaction: each is kept as a whole or rolled back, and leaves the others alone.

use super::Job;
use super::backoff::RetryBackoff;
use super::error::{StepError, outcome as parted};
use super::outcome::{Outcome, lacks};
use super::restore::Definitions;
use super::step::{run_step, text};
use super::violations::ForeignKeyGuard;
use crate::catalog::Name;
use crate::change::{Change, Statement};
use crate::dialect::{Result, Session, TableLocks};
use crate::plan::{EntryKind, Plan, Step};
use std::collections::{BTreeMap, BTreeSet};

/// How many units are sent at once.
const BATCH: usize = 100;

/// Runs all units, in the transaction that is open. Where others hold what a unit needs, everything is let go of and done again later: a
/// table that is done must not stay locked while another one is waited for. Once the time is up each unit tries once, and what cannot
/// be done is an error of its entries.
pub(super) async fn run<S: Session>(session: &mut S, job: &Job<'_>, outcome: &mut Outcome) -> Result<()> {
    let locks = table_locks(job.plan);
    if locks.is_empty() {
        return run_units(session, job, outcome, false).await;
    }
    let mut backoff = RetryBackoff::new(job.lock_timeout);
    loop {
        let before = outcome.clone();
        let may_retry = backoff.may_retry();
        session.begin_unit().await?;
        outcome.busy = !session.lock_tables(&locks).await?;
        if !(outcome.busy && may_retry) {
            run_units(session, job, outcome, may_retry).await?;
        }
        if !(outcome.busy && may_retry) {
            return session.commit_unit().await;
        }
        session.rollback_unit().await?;
        *outcome = before;
        backoff.pause().await;
    }
}

/// The locks of all steps, on the tables that there are before the run.
fn table_locks(plan: &Plan) -> TableLocks {
    let created = |step: &&Step| matches!(step.change, Change::CreateTable { .. });
    let created: BTreeSet<usize> = plan.steps.iter().filter(created).map(|step| step.entry).collect();
    let mut earlier: BTreeMap<&Name, &Name> = BTreeMap::new();
    for step in &plan.steps {
        if let Change::RenameTable { from, to } = &step.change {
            let first = earlier.get(from).copied().unwrap_or(from);
            earlier.insert(to, first);
        }
    }
    let is_new = |name: &Name| created.iter().any(|&entry| plan.entries[entry].object.name == *name);
    let mut locks = TableLocks::new();
    for step in &plan.steps {
        let Some(lock) = &step.lock else { continue };
        let entry = &plan.entries[step.entry].object;
        let of_entry = (entry.kind == EntryKind::Table).then_some(&entry.name);
        for name in of_entry.into_iter().chain(target_of_key(&step.change)).filter(|name| !is_new(name)) {
            let live = earlier.get(name).copied().unwrap_or(name);
            locks.entry(live.clone()).or_default().insert(lock.clone());
        }
    }
    locks
}

/// The other table that a change of a foreign key locks.
fn target_of_key(change: &Change) -> Option<&Name> {
    match change {
        Change::AddForeignKey { foreign_key, .. }
        | Change::DropForeignKey { foreign_key, .. }
        | Change::SuspendForeignKey { foreign_key, .. }
        | Change::RestoreForeignKey { foreign_key, .. } => Some(&foreign_key.target),
        _ => None,
    }
}

/// `until_busy`: not beyond a unit that others are in the way of.
async fn run_units<S: Session>(session: &mut S, job: &Job<'_>, outcome: &mut Outcome, until_busy: bool) -> Result<()> {
    let units = job.plan.units.len();
    let mut at = 0;
    while at < units {
        let plain = (at..units).take(BATCH).take_while(|&at| is_plain(job, at, outcome)).count();
        if plain > 1 && run_batch(session, job, at..at + plain, outcome).await? {
            at += plain;
            continue;
        }
        // What a batch could not do is done unit by unit: that tells which one failed, and keeps the others.
        for unit in at..at + plain.max(1) {
            outcome.busy = false;
            run_unit(session, job, unit, outcome).await?;
            if outcome.busy && until_busy {
                return Ok(());
            }
        }
        at += plain.max(1);
    }
    Ok(())
}

/// A unit that needs nothing but its statements: it can be sent together with others.
fn is_plain(job: &Job<'_>, at: usize, outcome: &Outcome) -> bool {
    let unit = &job.plan.units[at];
    unit.check.is_empty()
        && outcome.obstacle(job.plan, at).is_none()
        && unit.steps.iter().map(|&at| &job.plan.steps[at]).all(|step| {
            !step.optional && step.statements.iter().all(|statement| matches!(statement, Statement::Execute(_)))
        })
}

/// Sends plain units in one go; `false`: one of them failed, and nothing of them was kept.
async fn run_batch<S: Session>(
    session: &mut S,
    job: &Job<'_>,
    units: std::ops::Range<usize>,
    outcome: &mut Outcome,
) -> Result<bool> {
    let steps = units.clone().flat_map(|at| &job.plan.units[at].steps).map(|&at| &job.plan.steps[at]);
    let statements: Vec<String> = steps.flat_map(|step| &step.statements).map(text).collect();
    session.begin_unit().await?;
    for sql in &statements {
        tracing::debug!(sql, "execute in a batch");
    }
    if let Err(error) = session.execute_batch(&statements).await {
        tracing::debug!(%error, "the batch failed: each unit on its own");
        session.rollback_unit().await?;
        return Ok(false);
    }
    session.commit_unit().await?;
    outcome.statements.extend(statements);
    for unit in units {
        outcome.unit_done(job.plan, unit);
    }
    Ok(true)
}

/// Runs one unit; what fails is an error of its entries.
pub(super) async fn run_unit<S: Session>(
    session: &mut S,
    job: &Job<'_>,
    unit: usize,
    outcome: &mut Outcome,
) -> Result<()> {
    if outcome.give_up(job.plan, unit) || outcome.skip_empty(job.plan, unit) {
        return Ok(());
    }
    session.begin_unit().await?;
    let kept = outcome.statements.len();
    match parted(run_steps(session, job, unit, outcome).await)? {
        Ok(()) => {
            session.commit_unit().await?;
            outcome.unit_done(job.plan, unit);
            Ok(())
        }
        Err(failure) => {
            outcome.busy = failure.busy;
            session.rollback_unit().await?;
            outcome.statements.truncate(kept);
            outcome.unit_failed(job.plan, unit, &[failure.text]);
            Ok(())
        }
    }
}

async fn run_steps<S: Session>(
    session: &mut S,
    job: &Job<'_>,
    unit: usize,
    outcome: &mut Outcome,
) -> Result<(), StepError> {
    let unit = &job.plan.units[unit];
    let mut guard = ForeignKeyGuard::new(&unit.check);
    let mut definitions = Definitions::default();
    for step in unit.steps.iter().map(|&at| &job.plan.steps[at]) {
        guard.check(session, step).await?;
        if !step.optional {
            run_step(session, job, step, &mut definitions, &mut outcome.statements).await?;
            continue;
        }
        session.begin_step().await?;
        let kept = outcome.statements.len();
        let done = run_step(session, job, step, &mut definitions, &mut outcome.statements).await;
        match parted(done)? {
            Ok(()) => session.commit_step().await?,
            Err(failure) => {
                outcome.busy |= failure.busy;
                session.rollback_step().await?;
                outcome.statements.truncate(kept);
                lacks(&mut outcome.entries[step.entry], &step.change, &failure.text);
            }
        }
    }
    guard.compare(session).await
}
