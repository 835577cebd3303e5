//! The whole way: gate, lock, prepare, execute, verify, persist.

use super::gate::{self, Verdict};
use super::lacks::lacks;
use super::persist::{left_something, next_state, persist_state};
use super::prepare::{self, PlanRequest, Prepared, SyncContext};
use super::read_again::{ReadAgain, read_only};
use super::report::{Report, RunStatus};
use super::{Options, clock};
use crate::dialect::{self, Dialect, Fingerprint, Session, StateRow};
use crate::error::{Error, Result};
use crate::execute::{self, Job, Outcome};
use crate::model::Schema;
use crate::plan::Plan;
use std::time::Instant;

/// `run()`, and `apply(plan)` where `expected` is given.
pub(crate) async fn run<S: Session>(
    session: &mut S,
    schema: &Schema,
    options: &Options,
    expected: Option<&Plan>,
) -> Result<Report> {
    let started = Instant::now();
    if !schema.problems.is_empty() {
        schema.validate()?;
    }
    let dialect = session.dialect();
    let fingerprint = fingerprint(schema, &*dialect);
    let report = |status| Report {
        status,
        namespace: options.namespace.clone(),
        fingerprint: fingerprint.clone(),
        duration_ms: clock::elapsed_ms(started),
        ..Report::default()
    };
    if let Some(plan) = expected.filter(|plan| plan.fingerprint != *fingerprint || plan.dialect != dialect.name()) {
        tracing::debug!(planned = %plan.fingerprint, model = %*fingerprint, "the plan is of another model");
        return Err(Error::StalePlan);
    }
    let gate = session.gate(&options.namespace, &fingerprint).await?;
    if expected.is_none() {
        match gate::check_gate(&gate, &options.namespace, &fingerprint, options)? {
            Verdict::UpToDate => return Ok(report(RunStatus::UpToDate)),
            Verdict::Superseded => {
                schema.validate()?;
                prepare::refuse_lacking(&left_behind(session, schema, options).await?)?;
                return Ok(gate::superseded(report(RunStatus::Superseded)));
            }
            Verdict::Waiting(columns) => {
                // The gate has told which server it is.
                let dialect = session.dialect();
                if let Some(warnings) = gate::still_waiting(session, &*dialect, &columns).await? {
                    return Ok(Report { warnings, ..report(RunStatus::UpToDate) });
                }
            }
            Verdict::Look => {}
        }
    }
    // A fingerprint that the gate knows was checked when it was stored: only now is there something to check.
    schema.validate()?;
    let call = Call { schema, options, fingerprint: &fingerprint, expected, started };
    if options.online && session.dialect().capabilities().online {
        return online(session, &call).await;
    }
    let mut report = under_lock(session, &call).await?;
    if options.online {
        let what = "online: this database has no online mode, the run was one transaction as always";
        report.warnings.push(what.to_owned());
    }
    Ok(report)
}

/// What an older model needs and the database does not have.
async fn left_behind<S: Session>(session: &mut S, schema: &Schema, options: &Options) -> Result<Vec<String>> {
    read_only!(session, options.lock_timeout, lacking(session, schema, options))
}

async fn lacking<S: Session>(session: &mut S, schema: &Schema, options: &Options) -> Result<Vec<String>> {
    session.gate(&options.namespace, &dialect::known("")).await?;
    let context = SyncContext::read(session, schema, options, false).await?;
    Ok(lacks(&*session.dialect(), &context))
}

/// What the caller wants.
struct Call<'a> {
    schema: &'a Schema,
    options: &'a Options,
    fingerprint: &'a str,
    expected: Option<&'a Plan>,
    started: Instant,
}

/// All under the lock of one transaction, where the database has such.
async fn under_lock<S: Session>(session: &mut S, call: &Call<'_>) -> Result<Report> {
    let mut again = ReadAgain::new(call.options.lock_timeout);
    loop {
        session.begin(call.options.lock_timeout).await?;
        let result = in_transaction(session, call).await;
        if again.is_needed(&result) {
            again.start_over(session).await?;
            continue;
        }
        let finished = session.finish(result.as_ref().is_ok_and(|(_, commit)| *commit)).await;
        let (report, _) = result?;
        finished?;
        return Ok(report);
    }
}

/// The flag says whether to commit.
async fn in_transaction<S: Session>(session: &mut S, call: &Call<'_>) -> Result<(Report, bool)> {
    let prepared = match call.prepare(session).await? {
        Ok(prepared) => prepared,
        Err(report) => return Ok((*report, false)),
    };
    let outcome = call.execute(session, &prepared).await?;
    Ok((call.persist(session, &prepared, outcome).await?, true))
}

/// All under the lock of the session, in many short transactions.
async fn online<S: Session>(session: &mut S, call: &Call<'_>) -> Result<Report> {
    let mut again = ReadAgain::new(call.options.lock_timeout);
    loop {
        let result = match session.begin_online(call.options.lock_timeout).await {
            Ok(()) => in_transactions(session, call).await,
            Err(error) => Err(error.into()),
        };
        // What was done until then is written down: the next look goes on from there.
        if again.is_needed(&result) {
            again.start_over(session).await?;
            continue;
        }
        let finished = session.finish(false).await;
        let report = result?;
        finished?;
        return Ok(report);
    }
}

async fn in_transactions<S: Session>(session: &mut S, call: &Call<'_>) -> Result<Report> {
    session.begin_transaction().await?;
    let prepared = call.prepare(session).await?;
    session.end_transaction(false).await?;
    let prepared = match prepared {
        Ok(prepared) => prepared,
        Err(report) => return Ok(*report),
    };
    let outcome = call.execute(session, &prepared).await?;
    session.begin_transaction().await?;
    let report = call.persist(session, &prepared, outcome).await?;
    session.end_transaction(true).await?;
    Ok(report)
}

impl Call<'_> {
    async fn prepare<S: Session>(&self, session: &mut S) -> Result<std::result::Result<Prepared, Box<Report>>> {
        prepare::prepare(session, self.schema, self.options, self.fingerprint, self.expected, self.started).await
    }

    async fn execute<S: Session>(&self, session: &mut S, prepared: &Prepared) -> Result<Outcome> {
        let dialect = session.dialect();
        let state_after = |outcome: &Outcome| -> dialect::Result<StateRow> {
            let mut state = next_state(&*dialect, prepared, outcome, self.options);
            state.attempted = self.fingerprint.to_owned();
            if left_something(prepared, outcome, &state) {
                state.pending.timeline.step(self.fingerprint);
            }
            state.to_row()
        };
        let job = Job {
            plan: &prepared.planned.plan,
            namespace: &self.options.namespace,
            online: self.options.online,
            lock_timeout: self.options.lock_timeout,
            progress: self.options.progress.as_ref(),
            state_after: &state_after,
        };
        Ok(execute::execute(session, &job).await?)
    }

    async fn persist<S: Session>(&self, session: &mut S, prepared: &Prepared, outcome: Outcome) -> Result<Report> {
        let Self { schema, options, fingerprint, started, .. } = *self;
        persist_state(session, schema, options, fingerprint, prepared, outcome, started).await
    }
}

/// The fingerprint of the model for that database, worked out when it is looked at.
pub(super) fn fingerprint<'a>(schema: &'a Schema, dialect: &dyn Dialect) -> Fingerprint<'a> {
    let (name, version) = (dialect.name(), dialect.lowering_version());
    Fingerprint::new(Box::new(move || schema.fingerprint(name, version)))
}

/// `plan()`: looks, plans, writes nothing at all.
pub(crate) async fn plan<S: Session>(session: &mut S, schema: &Schema, options: &Options) -> Result<Plan> {
    schema.validate()?;
    let dialect = session.dialect();
    let fingerprint = fingerprint(schema, &*dialect);
    read_only!(session, options.lock_timeout, look(session, schema, options, &fingerprint))
}

async fn look<S: Session>(
    session: &mut S,
    schema: &Schema,
    options: &Options,
    fingerprint: &Fingerprint<'_>,
) -> Result<Plan> {
    let gate = session.gate(&options.namespace, fingerprint).await?;
    let verdict = gate::check_gate(&gate, &options.namespace, fingerprint, options)?;
    let is_revert = gate::is_revert(&gate, &options.namespace, fingerprint)?;
    let mut context = SyncContext::read(session, schema, options, is_revert).await?;
    let dialect = session.dialect();
    let plan = if verdict == Verdict::Superseded {
        let lacks = lacks(&*dialect, &context);
        let live = std::mem::take(&mut context.live);
        let live = prepare::live_fingerprint(&*dialect, &context, live, None)?;
        Plan { superseded: true, lacks, dialect: dialect.name().to_owned(), live, ..Plan::default() }
    } else {
        let live = std::mem::take(&mut context.live);
        let (base, pending) = (&context.state.base, &context.pending);
        let request = PlanRequest { schema, options, context: &context, base, pending };
        let planned = prepare::make_plan(session, request, live.clone()).await?;
        let live = prepare::live_fingerprint(&*session.dialect(), &context, live, Some(&planned))?;
        Plan { live, ..planned.plan }
    };
    Ok(Plan { namespace: options.namespace.clone(), fingerprint: (*fingerprint).clone(), ..plan })
}
