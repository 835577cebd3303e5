//! Units where each statement of DDL commits by itself. Nothing can be rolled back: the data checks come first, what is left behind is
//! remembered before and after each unit, and the next run finishes from what is there, whatever the point at which this one ended.

use super::Job;
use super::error::{Failure, StepError, outcome as parted, shortened};
use super::outcome::{Outcome, lacks};
use super::restore::Definitions;
use super::step::{assert_empty, run_step, text};
use super::violations::ForeignKeyGuard;
use crate::change::Statement;
use crate::dialect::{Error, Result, Session};
use crate::plan::{Plan, Step};

/// Runs all units. The state is written before each unit, so that a run that is killed inside of it has said what it was doing, and
/// after the last one.
pub(super) async fn run<S: Session>(session: &mut S, job: &Job<'_>, outcome: &mut Outcome) -> Result<()> {
    session.remove_leftovers().await?;
    let mut begun = false;
    for unit in 0..job.plan.units.len() {
        if outcome.give_up(job.plan, unit) || outcome.skip_empty(job.plan, unit) {
            continue;
        }
        if let Err(failure) = parted(check_data(session, job.plan, unit).await)? {
            outcome.unit_failed(job.plan, unit, &[failure.text]);
            continue;
        }
        let before = outcome.begin_unit(job.plan, unit);
        write_state(session, job, outcome).await?;
        begun = true;
        if !run_unit(session, job, unit, outcome).await? {
            outcome.restore_kept(before);
        }
    }
    if begun {
        write_state(session, job, outcome).await?;
    }
    Ok(())
}

async fn write_state<S: Session>(session: &mut S, job: &Job<'_>, outcome: &Outcome) -> Result<()> {
    session.write_state(job.namespace, &(job.state_after)(outcome)?).await
}

/// Asks the data checks of a unit before its first statement. Those that come after a statement of their step, or of an earlier step
/// that concerns the same entry, look at what that one leaves, and are asked in their place.
async fn check_data<S: Session>(session: &mut S, plan: &Plan, unit: usize) -> Result<(), StepError> {
    let mut changed = Vec::new();
    for step in plan.units[unit].steps.iter().map(|&at| &plan.steps[at]) {
        if !changed.contains(&step.entry) && !step.optional {
            for statement in &step.statements {
                let Statement::AssertEmpty { query, message } = statement else { break };
                assert_empty(session, query, message).await?;
            }
        }
        changed.push(step.entry);
    }
    Ok(())
}

/// How far a unit has come.
struct Progress<'a> {
    /// Each step, and how many of its statements that change something are done.
    steps: Vec<(&'a Step, usize)>,
    /// How many of the steps were begun.
    begun: usize,
}

impl<'a> Progress<'a> {
    fn new(plan: &'a Plan, unit: usize) -> Self {
        Self { steps: plan.units[unit].steps.iter().map(|&at| (&plan.steps[at], 0)).collect(), begun: 0 }
    }

    fn done(&self) -> usize {
        self.steps.iter().map(|(_, done)| done).sum()
    }

    /// `2 of 5 statements applied`
    fn count(&self) -> String {
        let all: usize = self.steps.iter().map(|(step, _)| changing(step).count()).sum();
        format!("{} of {all} statements applied", self.done())
    }

    /// As `count`, with the statements.
    fn account(&self) -> String {
        let list = |done: bool| {
            let of_step = |(step, count): &(&'a Step, usize)| {
                let (skip, take) = if done { (0, *count) } else { (*count, usize::MAX) };
                changing(step)
                    .skip(skip)
                    .take(take)
                    .map(|sql| format!("`{}`", shortened(&sql, 120)))
                    .collect::<Vec<_>>()
            };
            let all: Vec<String> = self.steps.iter().flat_map(of_step).collect();
            if all.is_empty() { "none".to_owned() } else { all.join(", ") }
        };
        format!("{} (applied: {}; not applied: {})", self.count(), list(true), list(false))
    }
}

/// The statements of a step that change something, as they are shown.
fn changing(step: &Step) -> impl Iterator<Item = String> {
    step.statements.iter().filter(|statement| !matches!(statement, Statement::AssertEmpty { .. })).map(text)
}

/// Runs one unit; what fails is an error of its entries. `false`: nothing of it is kept.
async fn run_unit<S: Session>(session: &mut S, job: &Job<'_>, unit: usize, outcome: &mut Outcome) -> Result<bool> {
    let mut progress = Progress::new(job.plan, unit);
    let kept = outcome.statements.len();
    let result = run_steps(session, job, unit, &mut progress, outcome).await;
    let result = parted(result).map_err(|error| interrupted(error, job, unit, &progress))?;
    let Err(Failure { text: error, .. }) = result else {
        outcome.unit_done(job.plan, unit);
        return Ok(true);
    };
    let account = progress.account();
    let nothing_left = compensate(session, &progress.steps[..progress.begun]).await?;
    if nothing_left {
        outcome.statements.truncate(kept);
    }
    let account = match (progress.done(), nothing_left) {
        (0, _) => None,
        (_, true) => Some(format!("{account}, and compensated: nothing of them is left")),
        (_, false) => Some(format!("{account}; the next run goes on from there")),
    };
    outcome.unit_failed(job.plan, unit, &std::iter::once(error).chain(account).collect::<Vec<_>>());
    Ok(!nothing_left)
}

async fn run_steps<S: Session>(
    session: &mut S,
    job: &Job<'_>,
    unit: usize,
    progress: &mut Progress<'_>,
    outcome: &mut Outcome,
) -> Result<(), StepError> {
    let mut guard = ForeignKeyGuard::new(&job.plan.units[unit].check);
    let mut definitions = Definitions::default();
    for at in 0..progress.steps.len() {
        progress.begun = at + 1;
        let (step, done) = &mut progress.steps[at];
        guard.check(session, step).await?;
        let kept = outcome.statements.len();
        let result = run_step(session, job, step, &mut definitions, &mut outcome.statements).await;
        *done = outcome.statements.len() - kept;
        match parted(result)? {
            Ok(()) => {}
            Err(failure) if step.optional => {
                let mut text = failure.text;
                if compensate(session, &progress.steps[at..=at]).await? {
                    outcome.statements.truncate(kept);
                    progress.steps[at].1 = 0;
                } else {
                    text = format!("{text}; {}", Progress { steps: vec![progress.steps[at]], begun: 1 }.account());
                }
                let step = progress.steps[at].0;
                lacks(&mut outcome.entries[step.entry], &step.change, &text);
            }
            Err(failure) => return Err(StepError::Failed(failure)),
        }
    }
    guard.compare(session).await
}

/// Runs the compensation of these steps, the last one first: also of one that has failed, which may leave something behind. `true`:
/// nothing of them is left, as far as is known.
async fn compensate<S: Session>(session: &mut S, steps: &[(&Step, usize)]) -> Result<bool> {
    let mut nothing_left = true;
    for (step, done) in steps.iter().rev() {
        nothing_left &= *done == 0 || !step.compensation.is_empty();
        for sql in &step.compensation {
            match session.execute(sql).await {
                Ok(_) => {}
                Err(error) if error.is_connection_lost() => {
                    return Err(Error::Database {
                        doing: "compensating what a unit has done".to_owned(),
                        source: error,
                    });
                }
                Err(error) => {
                    tracing::warn!(sql, %error, "left for the next run");
                    nothing_left = false;
                }
            }
        }
    }
    Ok(nothing_left)
}

/// The run ends in the middle of a unit.
fn interrupted(error: Error, job: &Job<'_>, unit: usize, progress: &Progress<'_>) -> Error {
    let names: Vec<String> = job.plan.units[unit].entries.iter().map(|&entry| job.plan.entries[entry].name()).collect();
    match error {
        Error::Database { doing, source } => Error::Database {
            doing: format!("{doing} to {}: {}; the next run goes on from there", names.join(", "), progress.count()),
            source,
        },
        error => error,
    }
}
