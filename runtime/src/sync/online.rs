//! An online run: many short transactions under one lock, and the state kept up with each.

use super::Options;
use super::apply::{self, Applied, Failure, said};
use super::report::Report;
use super::run::{self, Looked};
use crate::change::{Change, Statement, StepIsolation};
use crate::dialect::{DatabaseError, Session};
use crate::error::{Error, Result};
use crate::model::Schema;
use crate::plan::{Plan, Step};
use std::collections::BTreeSet;
use std::ops::Range;
use std::time::{Duration, Instant};

/// What is done under the lock of the session.
pub(super) async fn run<S: Session>(
    session: &mut S,
    schema: &Schema,
    options: &Options,
    fingerprint: &str,
    expected: Option<&Plan>,
    started: Instant,
) -> Result<Report> {
    session.begin_part().await?;
    let looked = run::look(session, schema, options, fingerprint, expected, started).await?;
    session.finish_part(false).await?;
    let looked = match looked {
        Ok(looked) => looked,
        Err(report) => return Ok(*report),
    };
    let mut applied = Applied::new(&looked.planned);
    entries(session, options, fingerprint, &looked, &mut applied).await?;
    for steps in tasks(&looked.planned.plan.steps) {
        task(session, options, steps, &mut applied).await?;
    }
    session.begin_part().await?;
    let dialect = session.dialect();
    let state = run::next_state(&*dialect, &looked, &applied.failed, options);
    let report = run::remember(session, schema, options, fingerprint, &looked, (applied, state), started).await?;
    session.finish_part(true).await?;
    Ok(report)
}

/// Each entry, or unit of entries, in a transaction of its own; what is remembered is written in the same one.
async fn entries<S: Session>(
    session: &mut S,
    options: &Options,
    fingerprint: &str,
    looked: &Looked,
    applied: &mut Applied,
) -> Result<()> {
    let planned = &looked.planned;
    let groups = apply::groups(planned);
    let mut open: BTreeSet<usize> = groups.iter().flatten().map(|step| step.entry).collect();
    for range in transactions(&groups) {
        let later: BTreeSet<usize> = groups[range.end..].iter().flatten().map(|step| step.entry).collect();
        let mut patience = Patience::new(options);
        loop {
            let before = applied.clone();
            let mut busy = false;
            session.begin_part().await?;
            for group in &groups[range.clone()] {
                applied.busy = false;
                apply::apply_group(session, planned, group, options, applied).await?;
                busy |= applied.busy;
            }
            if busy && patience.again().await {
                session.finish_part(false).await?;
                *applied = before;
                continue;
            }
            let here = groups[range.clone()].iter().flatten().map(|step| step.entry);
            for entry in here.filter(|entry| !later.contains(entry)) {
                open.remove(&entry);
            }
            if applied.statements.len() > before.statements.len() {
                let dialect = session.dialect();
                let undone = applied.failed.union(&open).copied().collect();
                let mut state = run::next_state(&*dialect, looked, &undone, options);
                state.attempted = fingerprint.to_owned();
                session.write_state(&options.namespace, &state.to_row()?).await?;
            }
            session.finish_part(true).await?;
            break;
        }
    }
    Ok(())
}

/// The groups that are done in one transaction: a view that is dropped and made again is never missed by those who read it.
fn transactions(groups: &[Vec<&Step>]) -> Vec<Range<usize>> {
    let has = |group: &[&Step], entry: usize| {
        group.iter().any(|step| step.entry == entry && matches!(step.change, Change::CreateView { .. }))
    };
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for (at, group) in groups.iter().enumerate() {
        let dropped = group.iter().filter(|step| matches!(step.change, Change::DropView { .. }));
        let comes = |step: &&&Step| groups.iter().rposition(|group| has(group, step.entry));
        let end = dropped.filter_map(|step| comes(&step)).max().map_or(at + 1, |last| last.max(at) + 1);
        match ranges.last_mut() {
            Some(range) if at < range.end => range.end = range.end.max(end),
            _ => ranges.push(at..end),
        }
    }
    ranges
}

/// The steps that come after the entries: those of one change together.
fn tasks(steps: &[Step]) -> impl Iterator<Item = &[Step]> {
    let later = steps.iter().position(|step| !step.isolation.is_unit()).unwrap_or(steps.len());
    steps[later..].chunk_by(|a, b| a.entry == b.entry && a.change == b.change)
}

/// One change; what fails is an error of its entry, and what it has left behind is taken back.
async fn task<S: Session>(session: &mut S, options: &Options, steps: &[Step], applied: &mut Applied) -> Result<()> {
    let Some(first) = steps.first().filter(|step| !applied.failed.contains(&step.entry)) else { return Ok(()) };
    for (at, step) in steps.iter().enumerate() {
        let mut done = Vec::new();
        let outcome = match step.isolation {
            StepIsolation::Autocommit => alone(session, step, &mut done).await?,
            StepIsolation::Batched => batches(session, options, step, &mut done).await?,
            StepIsolation::OwnTransaction | StepIsolation::Unit => {
                own(session, options, step, &mut done).await?.map(drop)
            }
        };
        applied.statements.append(&mut done);
        if let Err(failure) = outcome {
            tracing::error!(entry = %applied.entries[first.entry].name, error = failure.text, "a change was taken back");
            apply::lacks(&mut applied.entries[first.entry], &first.change, &failure.text);
            for sql in steps[..=at].iter().rev().flat_map(|step| &step.compensation) {
                take_back(session, options, sql).await?;
            }
            break;
        }
    }
    Ok(())
}

async fn alone<S: Session>(
    session: &mut S,
    step: &Step,
    done: &mut Vec<String>,
) -> Result<std::result::Result<(), Failure>> {
    for sql in step.statements.iter().map(apply::text) {
        tracing::debug!(sql, "execute outside of transactions");
        if let Err(error) = session.execute_alone(&sql).await {
            lost(&error)?;
            return Ok(Err(said(&error, &sql)));
        }
        done.push(sql);
    }
    Ok(Ok(()))
}

async fn batches<S: Session>(
    session: &mut S,
    options: &Options,
    step: &Step,
    done: &mut Vec<String>,
) -> Result<std::result::Result<(), Failure>> {
    loop {
        let mut again = Vec::new();
        match own(session, options, step, &mut again).await? {
            Ok(0) => {
                done.append(&mut again);
                return Ok(Ok(()));
            }
            Ok(_) => {}
            Err(failure) => return Ok(Err(failure)),
        }
    }
}

/// In a transaction of its own, which lets others go first and tries again; the number of rows changed.
async fn own<S: Session>(
    session: &mut S,
    options: &Options,
    step: &Step,
    done: &mut Vec<String>,
) -> Result<std::result::Result<u64, Failure>> {
    let mut patience = Patience::new(options);
    loop {
        session.begin_part().await?;
        let mut rows = 0;
        let mut failure = None;
        for statement in &step.statements {
            let Statement::Execute(sql) = statement else { continue };
            tracing::debug!(sql, "execute in a transaction of its own");
            match session.execute(sql).await {
                Ok(changed) => rows += changed,
                Err(error) => {
                    lost(&error)?;
                    failure = Some(said(&error, sql));
                    break;
                }
            }
        }
        session.finish_part(failure.is_none()).await?;
        match failure {
            None => {
                done.extend(step.statements.iter().map(apply::text));
                return Ok(Ok(rows));
            }
            Some(failure) if failure.busy && patience.again().await => {}
            Some(failure) => return Ok(Err(failure)),
        }
    }
}

/// What cannot be taken back now is recognised by the next run.
async fn take_back<S: Session>(session: &mut S, options: &Options, sql: &str) -> Result<()> {
    let mut patience = Patience::new(options);
    loop {
        session.begin_part().await?;
        let done = session.execute(sql).await;
        session.finish_part(done.is_ok()).await?;
        match done {
            Err(error) if error.is_busy() && patience.again().await => {}
            Err(error) => {
                lost(&error)?;
                tracing::warn!(sql, %error, "left for the next run");
                return Ok(());
            }
            Ok(_) => return Ok(()),
        }
    }
}

/// Without a connection there is no report.
fn lost(error: &DatabaseError) -> Result<()> {
    if error.is_connection_lost() {
        return Err(Error::Refused(format!("the connection was lost: {error}")));
    }
    Ok(())
}

/// How long a transaction is tried again.
struct Patience {
    started: Instant,
    length: Duration,
    pause: Duration,
}

impl Patience {
    fn new(options: &Options) -> Self {
        Self { started: Instant::now(), length: options.lock_timeout, pause: Duration::from_millis(50) }
    }

    /// Those who queue up behind us go first; `false`: enough.
    async fn again(&mut self) -> bool {
        if self.started.elapsed() >= self.length {
            return false;
        }
        tracing::info!(waited = ?self.started.elapsed(), "another session holds a lock; trying again");
        tokio::time::sleep(self.pause).await;
        self.pause = (self.pause * 2).min(Duration::from_secs(1));
        true
    }
}
