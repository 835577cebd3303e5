//! What has to be known for a plan, and the plan.

use super::gate::{self, Verdict, parse_count};
use super::lacks::lacks;
use super::policy::Level;
use super::report::{Report, RunStatus};
use super::state::{self, State};
use super::timeline::Timeline;
use super::{Options, clock, revert};
use crate::catalog::{Catalog, Name};
use crate::change::{CheckResult, DataCheck, Renames};
use crate::dialect::{Dialect, Lowered, NameKind, Session, known};
use crate::diff::resolve::Resolving;
use crate::diff::{self, Diff, Input};
use crate::error::{Error, Result};
use crate::model::Schema;
use crate::plan::build::{self, Planned, Planning};
use crate::plan::coalesce::coalesce;
use crate::plan::data_checks::DataChecks;
use crate::plan::{Finding, Plan, enum_type};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Instant;

/// Everything that has to be known for a plan.
#[derive(Clone, Default)]
pub(super) struct SyncContext {
    pub(super) lowered: Lowered,
    pub(super) live: Catalog,
    /// As it was stored; an empty one, where there is none.
    pub(super) state: State,
    pub(super) stored: bool,
    pub(super) claims: BTreeMap<Name, String>,
    /// Columns that wait for their NULLs to go: (table, column), folded.
    pub(super) pending: BTreeSet<(Name, String)>,
    /// The model as it has to be read, where it is one that the database has left behind.
    pub(super) older: Option<Schema>,
    pub(super) renames: Renames,
}

/// What a run of that model would rename.
pub(super) fn resolve(
    dialect: &dyn Dialect,
    schema: &Schema,
    lowered: &Lowered,
    live: &Catalog,
    base: &Catalog,
    claims: &BTreeMap<Name, String>,
) -> Renames {
    Resolving { dialect, schema, desired: &lowered.catalog, live, base, claims }.resolve()
}

impl SyncContext {
    /// Of a database that no run has been at.
    pub(super) fn fresh(lowered: Lowered) -> Self {
        Self { lowered, ..Self::default() }
    }

    /// `is_revert`: the model is one that the database has left behind.
    pub(super) async fn read<S: Session>(
        session: &mut S,
        schema: &Schema,
        options: &Options,
        is_revert: bool,
    ) -> Result<Self> {
        let row = session.read_state(&options.namespace).await?;
        let state = row.map(|row| State::read(&options.namespace, &row)).transpose()?;
        let claims = state::other_claims(session, &options.namespace).await?;
        let stored = state.is_some();
        let mut state = state.unwrap_or_default();
        if state.pending.timeline.is_empty() {
            let history = session.history(&options.namespace, Timeline::HISTORY).await?;
            state.pending.timeline = Timeline::of_history(&history);
        }
        let older = is_revert.then(|| revert::schema(&*session.dialect(), schema, &state.base));
        let schema = older.as_ref().unwrap_or(schema);
        session.scope(schema, &state.base).await?;
        let mut live = session.inspect().await?;
        let dialect = session.dialect();
        let mut lowered = diff::one_name::lower(&*dialect, schema);
        dialect.expand_stars(&mut lowered, &live);
        let renames = resolve(&*dialect, schema, &lowered, &live, &state.base, &claims);
        session.normalise(&mut lowered, &live, &state.base, &renames, options.safe).await?;
        diff::adopted::adopt(&*dialect, &mut lowered.catalog, &mut live, &state.base, &renames);
        let pending = pending_columns(&*dialect, &state);
        Ok(Self { lowered, live, state, stored, claims, pending, older, renames })
    }
}

/// The columns that wait for their NULLs to go: (table, column), folded.
pub(super) fn pending_columns(dialect: &dyn Dialect, state: &State) -> BTreeSet<(Name, String)> {
    let required = state.pending.required.iter();
    required
        .map(|column| {
            (diff::folded(dialect, &column.table), dialect.fold(NameKind::Column, &column.column).into_owned())
        })
        .collect()
}

fn planning(options: &Options) -> Planning {
    Planning { safe: options.safe, allow_lossy: options.allow_lossy, rebuild: options.sqlite_rebuild }
}

/// What a plan is made of, beside the session.
#[derive(Clone, Copy)]
pub(super) struct PlanRequest<'a> {
    pub(super) schema: &'a Schema,
    pub(super) options: &'a Options,
    pub(super) context: &'a SyncContext,
    pub(super) base: &'a Catalog,
    pub(super) pending: &'a BTreeSet<(Name, String)>,
}

/// Plans against `live`. What the policy denies is not done: the plan is made again without it, as others may need it.
pub(super) async fn make_plan<S: Session>(session: &mut S, request: PlanRequest<'_>, live: Catalog) -> Result<Planned> {
    let policy = &request.options.policy;
    if !policy.denies() {
        return plan_once(session, request, &request.context.lowered, live, &BTreeMap::new()).await;
    }
    let mut denied: BTreeMap<Name, Vec<String>> = BTreeMap::new();
    loop {
        let mut lowered = request.context.lowered.clone();
        for (name, errors) in &denied {
            lowered.errors.entry(name.clone()).or_default().extend(errors.iter().cloned());
        }
        let mut planned = plan_once(session, request, &lowered, live.clone(), &denied).await?;
        count_waiting(session, &mut planned).await?;
        let findings = policy.findings(&planned.plan).into_iter().filter(|(level, _)| *level == Level::Deny);
        let found: Vec<Finding> = findings.map(|(_, finding)| finding).collect();
        if found.is_empty() {
            return Ok(planned);
        }
        for finding in found {
            let errors = denied.entry(finding.object.name.clone()).or_default();
            errors.push(format!(
                "the policy denies {}: it {}. Look at the plan and sync from the command line, or allow the rule",
                finding.rule, finding.message
            ));
        }
    }
}

/// Counts the rows of tables whose change makes others wait, where the database has no estimate.
async fn count_waiting<S: Session>(session: &mut S, planned: &mut Planned) -> Result<()> {
    let dialect = session.dialect();
    let is_unknown = |finding: &Finding| finding.rule.is_about_waiting() && finding.rows.is_none();
    let unknown: BTreeSet<_> =
        planned.plan.findings().into_iter().filter(is_unknown).map(|finding| finding.object).collect();
    for (entry, target) in planned.plan.entries.iter_mut().zip(&planned.targets) {
        if unknown.contains(&entry.object) {
            let table = target.renamed_from.clone().unwrap_or_else(|| entry.object.name.clone());
            entry.estimated_rows = Some(answer(session, &*dialect, &DataCheck::Rows { table }).await?.count);
        }
    }
    Ok(())
}

/// Asks the data until no question is open. `denied`: what must not be done, by the name of its object.
async fn plan_once<S: Session>(
    session: &mut S,
    request: PlanRequest<'_>,
    lowered: &Lowered,
    live: Catalog,
    denied: &BTreeMap<Name, Vec<String>>,
) -> Result<Planned> {
    let PlanRequest { schema, options, context, base, pending } = request;
    let dialect: Arc<dyn Dialect> = session.dialect();
    let schema = context.older.as_ref().unwrap_or(schema);
    let SyncContext { claims, renames, .. } = context;
    let input = Input { dialect: &*dialect, schema, lowered, base, claims, renames };
    let online = options.online && dialect.capabilities().online;
    let mut data_checks = DataChecks::default();
    let types = loop {
        let types = enum_type::decide(&input, &live, planning(options), online, &data_checks);
        let open = data_checks.take_open();
        if open.is_empty() {
            break types;
        }
        answer_all(session, &*dialect, &mut data_checks, open).await?;
    };
    let mut live = live;
    types.follow(&*dialect, &mut live);
    let lowered = types.relabel(lowered);
    let input = Input { lowered: &lowered, ..input };
    let mut differences: Diff<'_> = diff::diff(&input, live);
    differences.deny(denied);
    loop {
        let mut planned = build::plan(&input, &differences, &types, planning(options), &data_checks, pending);
        let open = data_checks.take_open();
        if open.is_empty() {
            if online {
                crate::plan::online::split(&*dialect, &mut planned);
            }
            coalesce(&*dialect, &mut planned.plan);
            planned.plan.session_settings = dialect.session_settings();
            planned.plan.note_estimates(&*dialect, &session.row_estimates());
            return Ok(planned);
        }
        answer_all(session, &*dialect, &mut data_checks, open).await?;
    }
}

async fn answer_all<S: Session>(
    session: &mut S,
    dialect: &dyn Dialect,
    data_checks: &mut DataChecks,
    open: Vec<(String, DataCheck)>,
) -> Result<()> {
    for (key, check) in open {
        let answer = answer(session, dialect, &check).await?;
        data_checks.record(key, check, answer);
    }
    Ok(())
}

async fn answer<S: Session>(session: &mut S, dialect: &dyn Dialect, check: &DataCheck) -> Result<CheckResult> {
    let query = dialect.render_check(check);
    let doing = || format!("looking at the data of {}", check.table());
    let raised = |message: String| CheckResult { raised: Some(message), ..CheckResult::default() };
    let rows = match session.try_query(&query.count).await {
        Ok(rows) => rows,
        Err(source) if source.is_connection_lost() => return Err(Error::Database { doing: doing(), source }),
        // The data of one table is no reason to give up the others.
        Err(error) => {
            tracing::debug!(?check, %error, "data check");
            return Ok(raised(error.to_string()));
        }
    };
    let count = match parse_count(rows.first().and_then(|row| row.first()).and_then(Option::as_deref)) {
        Ok(count) => count,
        Err(error) => {
            tracing::debug!(?check, error, "data check");
            return Ok(raised(error));
        }
    };
    let mut samples = Vec::new();
    if let Some(query) = query.samples.filter(|_| count > 0) {
        // Without samples the count still tells.
        let rows = session.try_query(&query).await.unwrap_or_default();
        samples = rows.into_iter().filter_map(|row| row.into_iter().next().flatten()).collect();
    }
    tracing::debug!(?check, count, "data check");
    Ok(CheckResult { count, samples, raised: None })
}

/// SHA-256 of what of the live catalog a plan was made from (rule P3): what the base or the model names, and what hangs on the tables that
/// the plan changes. What nobody manages may come and go elsewhere meanwhile; where it is in the way of a step, the plan has other steps.
pub(super) fn live_fingerprint(
    dialect: &dyn Dialect,
    context: &SyncContext,
    mut live: Catalog,
    planned: Option<&Planned>,
) -> Result<String> {
    let fold = |name: &Name| diff::folded(dialect, name);
    let (base, desired, renames) = (&context.state.base, &context.lowered.catalog, &context.renames);
    let tables = base.tables.keys().chain(desired.tables.keys()).chain(renames.tables.iter().map(|(from, _)| from));
    let views = base.views.keys().chain(desired.views.keys()).chain(renames.views.values());
    let types = base.types.keys().chain(desired.types.keys()).chain(renames.types.values());
    let known: BTreeSet<Name> = tables.chain(views).chain(types).map(fold).collect();
    let targets = planned.into_iter().flat_map(|planned| {
        let changed: BTreeSet<usize> = planned.plan.steps.iter().map(|step| step.entry).collect();
        let targets = planned.targets.iter().enumerate().filter(move |(at, _)| changed.contains(at));
        targets.flat_map(|(_, target)| target.renamed_from.iter().chain([&target.object]))
    });
    let changed: BTreeSet<Name> = targets.map(fold).collect();
    live.tables.retain(|name, _| known.contains(&fold(name)));
    live.views.retain(|name, _| known.contains(&fold(name)));
    live.types.retain(|name, _| known.contains(&fold(name)));
    for (_, table) in live.tables.iter_mut().filter(|(name, _)| !changed.contains(&fold(name))) {
        table.indexes.retain(|index| index.constraint || index.is_managed());
        table.triggers.clear();
    }
    let json = serde_json::to_vec(&live).map_err(|source| Error::Json { doing: "writing the live catalog", source })?;
    Ok(Sha256::digest(&json).iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Rule S6: a program whose tables are not there must not go on.
pub(super) fn refuse_lacking(lacks: &[String]) -> Result<()> {
    if lacks.is_empty() { Ok(()) } else { Err(Error::LeftBehind { lacks: lacks.to_vec() }) }
}

/// What a run has seen under the lock, and what it will do.
pub(super) struct Prepared {
    pub(super) context: SyncContext,
    pub(super) planned: Planned,
    /// [`Capabilities::server`](crate::dialect::Capabilities::server).
    pub(super) server: String,
}

/// Looks again under the lock, and plans; the report, where there is nothing to do.
pub(super) async fn prepare<S: Session>(
    session: &mut S,
    schema: &Schema,
    options: &Options,
    fingerprint: &str,
    expected: Option<&Plan>,
    started: Instant,
) -> Result<std::result::Result<Prepared, Box<Report>>> {
    // While this process waited, a peer may have done the work, or a newer one has.
    let gate = session.gate(&options.namespace, &known(fingerprint)).await?;
    let verdict = gate::check_gate(&gate, &options.namespace, fingerprint, options)?;
    if expected.is_none() && verdict == Verdict::Superseded {
        let context = SyncContext::read(session, schema, options, false).await?;
        refuse_lacking(&lacks(&*session.dialect(), &context))?;
    }
    if expected.is_none() && matches!(verdict, Verdict::UpToDate | Verdict::Superseded) {
        let mut report = Report {
            status: RunStatus::SyncedByPeer,
            namespace: options.namespace.clone(),
            fingerprint: fingerprint.to_owned(),
            ..Report::default()
        };
        if verdict == Verdict::Superseded {
            report = gate::superseded(report);
        }
        report.duration_ms = clock::elapsed_ms(started);
        return Ok(Err(Box::new(report)));
    }
    let is_revert = gate::is_revert(&gate, &options.namespace, fingerprint)?;
    let mut context = SyncContext::read(session, schema, options, is_revert).await?;
    let live = std::mem::take(&mut context.live);
    let seen = expected.map(|_| live.clone());
    let (base, pending) = (&context.state.base, &context.pending);
    let request = PlanRequest { schema, options, context: &context, base, pending };
    let planned = make_plan(session, request, live).await?;
    if let Some((plan, seen)) = expected.zip(seen)
        && (plan.steps != planned.plan.steps
            || plan.live != live_fingerprint(&*session.dialect(), &context, seen, Some(&planned))?)
    {
        return Err(Error::StalePlan);
    }
    Ok(Ok(Prepared { context, planned, server: gate.server }))
}
