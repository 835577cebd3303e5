//! Runs a plan: units that succeed or fail together, in their order (rules R3, S8). The only room that asks whether DDL is transactional.

mod autocommit;
mod backoff;
mod copy;
mod error;
mod online;
mod outcome;
mod restore;
mod separate;
mod step;
mod transactional;
mod violations;

pub use copy::Progress;
pub(crate) use copy::ProgressCallback;
pub(crate) use outcome::{Kept, Outcome};
pub(crate) use step::text;

use crate::dialect::{Result, Session, StateRow};
use crate::plan::Plan;
use std::time::Duration;

/// Gives what has to be remembered should the run end here.
pub(crate) type StateAfter<'a> = dyn Fn(&Outcome) -> Result<StateRow> + Send + Sync + 'a;

/// A plan to be run, and how.
pub(crate) struct Job<'a> {
    /// The plan. Its steps, units and entries are all that is looked at.
    pub(crate) plan: &'a Plan,
    /// The namespace whose state is kept up.
    pub(crate) namespace: &'a str,
    /// Many short transactions instead of one.
    pub(crate) online: bool,
    /// How long a transaction is tried again while others are in the way.
    pub(crate) lock_timeout: Duration,
    /// Hears how far a long copy is.
    pub(crate) progress: Option<&'a ProgressCallback>,
    /// The state, where it is written while the run goes on.
    pub(crate) state_after: &'a StateAfter<'a>,
}

/// Runs a plan, in the transaction that is open, under the lock that is held. What fails is an error of its entries.
///
/// # Errors
/// What ends the whole run: the connection is lost, the state cannot be written.
pub(crate) async fn execute<S: Session>(session: &mut S, job: &Job<'_>) -> Result<Outcome> {
    let mut outcome = Outcome::new(job.plan);
    if !session.dialect().capabilities().transactional_ddl {
        autocommit::run(session, job, &mut outcome).await?;
        separate::run(session, job, &mut outcome).await?;
    } else if job.online {
        online::run(session, job, &mut outcome).await?;
        separate::run(session, job, &mut outcome).await?;
    } else {
        transactional::run(session, job, &mut outcome).await?;
    }
    Ok(outcome)
}
