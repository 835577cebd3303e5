//! The whole way: gate, lock, look, plan, apply, verify, remember.

use super::apply::{self, Applied};
use super::report::{Report, RunStatus};
use super::state::{self, Pending, PendingColumn, State, Verdict};
use super::{Options, back, clock};
use crate::catalog::{Catalog, Earlier, Name, Table};
use crate::change::{CheckResult, DataCheck};
use crate::dialect::{Dialect, Fingerprint, HistoryRow, Lowered, Session, known};
use crate::diff::{self, Diff, Input};
use crate::error::{Error, Result};
use crate::model::Schema;
use crate::plan::build::{self, BaseObject, Planned, Policy};
use crate::plan::enum_type;
use crate::plan::facts::Facts;
use crate::plan::{EntryStatus, Plan};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
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
        match state::judge(&gate, &options.namespace, &fingerprint, options)? {
            Verdict::UpToDate => return Ok(report(RunStatus::UpToDate)),
            Verdict::Superseded => return Ok(superseded(report(RunStatus::Superseded))),
            Verdict::Waiting(columns) => {
                // The gate has told which server it is.
                let dialect = session.dialect();
                if let Some(warnings) = still_waiting(session, &*dialect, &columns).await? {
                    return Ok(Report { warnings, ..report(RunStatus::UpToDate) });
                }
            }
            Verdict::Look => {}
        }
    }
    // A fingerprint that the gate knows was checked when it was stored: only now is there something to check.
    schema.validate()?;
    if options.online && session.dialect().capabilities().online {
        let begun = session.begin_online(options.lock_timeout).await;
        let result = match begun {
            Ok(()) => super::online::run(session, schema, options, &fingerprint, expected, started).await,
            Err(error) => Err(error.into()),
        };
        let finished = session.finish(false).await;
        let report = result?;
        finished?;
        return Ok(report);
    }
    session.begin(options.lock_timeout).await?;
    let result = locked(session, schema, options, &fingerprint, expected, started).await;
    let finished = session.finish(result.as_ref().is_ok_and(|(_, commit)| *commit)).await;
    let (mut report, _) = result?;
    finished?;
    if options.online {
        let what = "online: this database has no online mode, the run was one transaction as always";
        report.warnings.push(what.to_owned());
    }
    Ok(report)
}

/// The fingerprint of the model for that database, worked out when it is looked at.
pub(super) fn fingerprint<'a>(schema: &'a Schema, dialect: &dyn Dialect) -> Fingerprint<'a> {
    let (name, version) = (dialect.name(), dialect.lowering_version());
    Fingerprint::new(Box::new(move || schema.fingerprint(name, version)))
}

/// Rule S6: nothing is done, and it is said.
fn superseded(mut report: Report) -> Report {
    report.warnings.push(
        "this database has already left this model behind: an older binary is speaking, nothing was changed; \
         `.allow_revert(true)` goes back to it"
            .to_owned(),
    );
    report
}

/// Rule C3: one query counts the NULLs of the columns that wait. `None`: one of them has none left, there is work.
async fn still_waiting<S: Session>(
    session: &mut S,
    dialect: &dyn Dialect,
    columns: &[PendingColumn],
) -> Result<Option<Vec<String>>> {
    let counts: Vec<String> = columns
        .iter()
        .map(|pending| {
            let check = DataCheck::Nulls { table: pending.table.clone(), column: pending.column.clone() };
            format!("({})", dialect.render_check(&check).count)
        })
        .collect();
    // A table that was dropped or altered by hand makes this fail: then a full run has to look.
    let Ok(rows) = session.query(&format!("SELECT {}", counts.join(", "))).await else { return Ok(None) };
    let counts: Vec<u64> = rows.iter().flatten().map(|value| parse_count(value.as_deref())).collect();
    if counts.len() != columns.len() || counts.contains(&0) {
        return Ok(None);
    }
    let warnings = columns.iter().zip(counts).map(|(pending, count)| {
        let rows = crate::plan::facts::counted_that(count, "row", "has", "have");
        format!("{}: `{}` is required but {rows} no value: backfill them", pending.table, pending.column)
    });
    Ok(Some(warnings.collect()))
}

fn parse_count(value: Option<&str>) -> u64 {
    value.and_then(|value| value.parse().ok()).unwrap_or(0)
}

/// Everything that has to be known for a plan.
#[derive(Clone, Default)]
pub(super) struct View {
    lowered: Lowered,
    actual: Catalog,
    /// As it was stored; an empty one, where there is none.
    pub(super) state: State,
    stored: bool,
    claims: BTreeMap<Name, String>,
    pending: BTreeSet<(Name, String)>,
    /// The model as it has to be read, where it is one that the database has left behind.
    older: Option<Schema>,
}

impl View {
    /// Of a database that no run has been at.
    pub(super) fn fresh(lowered: Lowered) -> Self {
        Self { lowered, ..Self::default() }
    }

    /// `back`: the model is one that the database has left behind.
    async fn take<S: Session>(session: &mut S, schema: &Schema, options: &Options, back: bool) -> Result<Self> {
        let row = session.read_state(&options.namespace).await?;
        let state = row.map(|row| State::read(&options.namespace, &row)).transpose()?;
        let claims = state::other_claims(session, &options.namespace).await?;
        let stored = state.is_some();
        let state = state.unwrap_or_default();
        let older = back.then(|| back::schema(&*session.dialect(), schema, &state.base));
        let schema = older.as_ref().unwrap_or(schema);
        session.scope(schema, &state.base).await?;
        let actual = session.inspect().await?;
        let dialect = session.dialect();
        let mut lowered = dialect.lower(schema);
        session.normalise(&mut lowered, &actual, &state.base, options.safe).await?;
        let required = state.pending.required.iter();
        let pending = required
            .map(|column| {
                let name = dialect.fold(&column.column).into_owned();
                (diff::folded(&*dialect, &column.table), name)
            })
            .collect();
        Ok(Self { lowered, actual, state, stored, claims, pending, older })
    }
}

fn policy(options: &Options) -> Policy {
    Policy { safe: options.safe, allow_lossy: options.allow_lossy }
}

/// Plans against `actual`, asking the data until no question is open.
pub(super) async fn make_plan<S: Session>(
    session: &mut S,
    schema: &Schema,
    options: &Options,
    view: &View,
    actual: Catalog,
    base: &Catalog,
    pending: &BTreeSet<(Name, String)>,
) -> Result<Planned> {
    let dialect: Arc<dyn Dialect> = session.dialect();
    let schema = view.older.as_ref().unwrap_or(schema);
    let input = Input { dialect: &*dialect, schema, lowered: &view.lowered, base, claims: &view.claims };
    let online = options.online && dialect.capabilities().online;
    let mut facts = Facts::default();
    let types = loop {
        let types = enum_type::decide(&input, &actual, policy(options), online, &facts);
        let open = facts.take_open();
        if open.is_empty() {
            break types;
        }
        learn(session, &*dialect, &mut facts, open).await?;
    };
    let mut actual = actual;
    types.follow(&*dialect, &mut actual);
    let lowered = types.relabel(&view.lowered);
    let input = Input { lowered: &lowered, ..input };
    let differences: Diff<'_> = diff::diff(&input, actual);
    loop {
        let mut planned = build::plan(&input, &differences, &types, policy(options), &facts, pending);
        let open = facts.take_open();
        if open.is_empty() {
            if online {
                crate::plan::online::split(&*dialect, &mut planned);
            }
            planned.plan.note_estimates(&*dialect, &session.row_estimates());
            return Ok(planned);
        }
        learn(session, &*dialect, &mut facts, open).await?;
    }
}

async fn learn<S: Session>(
    session: &mut S,
    dialect: &dyn Dialect,
    facts: &mut Facts,
    open: Vec<(String, DataCheck)>,
) -> Result<()> {
    for (key, check) in open {
        let answer = answer(session, dialect, &check).await?;
        facts.learn(key, check, answer);
    }
    Ok(())
}

async fn answer<S: Session>(session: &mut S, dialect: &dyn Dialect, check: &DataCheck) -> Result<CheckResult> {
    let query = dialect.render_check(check);
    let doing = || format!("looking at the data of {}", check.table());
    let rows = match session.try_query(&query.count).await {
        Ok(rows) => rows,
        Err(source) if source.is_connection_lost() => return Err(Error::Database { doing: doing(), source }),
        // The data of one table is no reason to give up the others.
        Err(error) => {
            tracing::debug!(?check, %error, "data check");
            return Ok(CheckResult { raised: Some(error.message), ..CheckResult::default() });
        }
    };
    let count = parse_count(rows.first().and_then(|row| row.first()).and_then(Option::as_deref));
    let mut samples = Vec::new();
    if let Some(query) = query.samples.filter(|_| count > 0) {
        // Without samples the count still tells.
        let rows = session.try_query(&query).await.unwrap_or_default();
        samples = rows.into_iter().filter_map(|row| row.into_iter().next().flatten()).collect();
    }
    tracing::debug!(?check, count, "data check");
    Ok(CheckResult { count, samples, raised: None })
}

/// SHA-256 of the live catalog (rule P3).
fn live_fingerprint(catalog: &Catalog) -> Result<String> {
    let json =
        serde_json::to_vec(catalog).map_err(|source| Error::Json { doing: "writing the live catalog", source })?;
    Ok(Sha256::digest(&json).iter().map(|byte| format!("{byte:02x}")).collect())
}

/// `plan()`: looks, plans, writes nothing at all.
pub(crate) async fn plan<S: Session>(session: &mut S, schema: &Schema, options: &Options) -> Result<Plan> {
    schema.validate()?;
    let dialect = session.dialect();
    let fingerprint = fingerprint(schema, &*dialect);
    session.begin_read().await?;
    let result = async {
        let gate = session.gate(&options.namespace, &fingerprint).await?;
        let verdict = state::judge(&gate, &options.namespace, &fingerprint, options)?;
        let mut view =
            View::take(session, schema, options, state::goes_back(&gate, &options.namespace, &fingerprint)?).await?;
        let live = live_fingerprint(&view.actual)?;
        let actual = std::mem::take(&mut view.actual);
        let mut plan = if verdict == Verdict::Superseded {
            Plan { superseded: true, dialect: dialect.name().to_owned(), ..Plan::default() }
        } else {
            make_plan(session, schema, options, &view, actual, &view.state.base, &view.pending).await?.plan
        };
        plan.live = live;
        plan.namespace.clone_from(&options.namespace);
        plan.fingerprint.clone_from(&fingerprint);
        Ok::<Plan, Error>(plan)
    }
    .await;
    let finished = session.finish(false).await;
    let plan = result?;
    finished?;
    Ok(plan)
}

/// What a run has seen under the lock, and what it will do.
pub(super) struct Looked {
    pub(super) view: View,
    pub(super) planned: Planned,
    /// [`Capabilities::server`](crate::dialect::Capabilities::server).
    server: String,
}

/// What is done under the lock; the flag says whether to commit.
async fn locked<S: Session>(
    session: &mut S,
    schema: &Schema,
    options: &Options,
    fingerprint: &str,
    expected: Option<&Plan>,
    started: Instant,
) -> Result<(Report, bool)> {
    let dialect = session.dialect();
    let looked = match look(session, schema, options, fingerprint, expected, started).await? {
        Ok(looked) => looked,
        Err(report) => return Ok((*report, false)),
    };
    let planned = &looked.planned;
    let applied = apply::apply(session, planned, options).await?;
    let state = next_state(&*dialect, &looked, &applied.failed, options);
    let report = remember(session, schema, options, fingerprint, &looked, (applied, state), started).await?;
    Ok((report, true))
}

/// Looks again under the lock, and plans; the report, where there is nothing to do.
pub(super) async fn look<S: Session>(
    session: &mut S,
    schema: &Schema,
    options: &Options,
    fingerprint: &str,
    expected: Option<&Plan>,
    started: Instant,
) -> Result<std::result::Result<Looked, Box<Report>>> {
    // While this process waited, a peer may have done the work, or a newer one has.
    let gate = session.gate(&options.namespace, &known(fingerprint)).await?;
    let verdict = state::judge(&gate, &options.namespace, fingerprint, options)?;
    if expected.is_none() && matches!(verdict, Verdict::UpToDate | Verdict::Superseded) {
        let mut report = Report {
            status: RunStatus::SyncedByPeer,
            namespace: options.namespace.clone(),
            fingerprint: fingerprint.to_owned(),
            ..Report::default()
        };
        if verdict == Verdict::Superseded {
            report.status = RunStatus::Superseded;
            report = superseded(report);
        }
        report.duration_ms = clock::elapsed_ms(started);
        return Ok(Err(Box::new(report)));
    }
    let mut view =
        View::take(session, schema, options, state::goes_back(&gate, &options.namespace, fingerprint)?).await?;
    let live = expected.map(|_| live_fingerprint(&view.actual)).transpose()?;
    let actual = std::mem::take(&mut view.actual);
    let planned = make_plan(session, schema, options, &view, actual, &view.state.base, &view.pending).await?;
    if let Some(plan) = expected
        && (live.as_ref() != Some(&plan.live) || plan.steps != planned.plan.steps)
    {
        return Err(Error::StalePlan);
    }
    Ok(Ok(Looked { view, planned, server: gate.server }))
}

/// Looks whether all is as it shall be, and writes down what was done.
pub(super) async fn remember<S: Session>(
    session: &mut S,
    schema: &Schema,
    options: &Options,
    fingerprint: &str,
    looked: &Looked,
    (applied, mut state): (Applied, State),
    started: Instant,
) -> Result<Report> {
    let Applied { mut entries, statements, .. } = applied;
    if options.verify && !looked.planned.plan.steps.is_empty() {
        verify(session, schema, options, &looked.view, &mut state, &mut entries).await?;
    }
    let mut report = Report {
        status: RunStatus::Synced,
        namespace: options.namespace.clone(),
        fingerprint: fingerprint.to_owned(),
        entries,
        unmanaged: looked.planned.plan.unmanaged.clone(),
        statements,
        ..Report::default()
    };
    state.server.clone_from(&looked.server);
    state.attempted = fingerprint.to_owned();
    state.pending.back &= report.has_errors();
    state.fingerprint = if report.has_errors() { String::new() } else { fingerprint.to_owned() };
    report.duration_ms = clock::elapsed_ms(started);
    if looked.view.stored && looked.view.state == state {
        // Nothing is new: not even the clock is written.
        if report.statements.is_empty() && !report.has_errors() {
            report.status = RunStatus::UpToDate;
        }
        return Ok(report);
    }
    session.write_state(&options.namespace, &state.to_row()?).await?;
    let row = HistoryRow {
        at: clock::now_rfc3339(),
        fingerprint: fingerprint.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        host: clock::host(),
        duration_ms: i64::try_from(report.duration_ms).unwrap_or(i64::MAX),
        outcome: if report.has_errors() { "failed" } else { "synced" }.to_owned(),
        statements: serde_json::to_string(&report.statements)
            .map_err(|source| Error::Json { doing: "writing the history", source })?,
    };
    session.append_history(&options.namespace, &row).await?;
    Ok(report)
}

/// What is remembered: what each entry left behind, done or not.
pub(super) fn next_state(dialect: &dyn Dialect, looked: &Looked, failed: &BTreeSet<usize>, options: &Options) -> State {
    let Looked { planned, view, .. } = looked;
    let old = &view.state;
    let mut state = State::default();
    state.pending.back = view.older.is_some();
    for (at, target) in planned.targets.iter().enumerate() {
        let object = if failed.contains(&at) { &target.before } else { &target.after };
        match object {
            Some(BaseObject::Table(table)) => {
                let earlier = if failed.contains(&at) {
                    old.base.earlier.get(&table.name).cloned().unwrap_or_default()
                } else {
                    back::earlier(&old.base, &planned.plan.entries[at], target.renamed_from.as_ref(), table)
                };
                if earlier != Earlier::default() {
                    state.base.earlier.insert(table.name.clone(), earlier);
                }
                state.base.tables.insert(table.name.clone(), Table::clone(table));
                let required = target.pending.iter().filter(|_| !failed.contains(&at));
                state
                    .pending
                    .required
                    .extend(required.map(|column| PendingColumn { table: table.name.clone(), column: column.clone() }));
                if failed.contains(&at) || !planned.plan.entries[at].errors.is_empty() {
                    keep_pending(dialect, &table.name, &old.pending, &mut state.pending);
                }
            }
            Some(BaseObject::Type(ty)) => drop(state.base.types.insert(ty.name.clone(), ty.clone())),
            Some(BaseObject::View(view)) => {
                let mut view = view.clone();
                view.restore.clear();
                state.base.views.insert(view.name.clone(), view);
            }
            None => {}
        }
        let held = planned.plan.entries[at].withheld.iter().any(|withheld| withheld.why.starts_with("safe mode"));
        state.pending.withheld |= options.safe && held;
    }
    // A table that became a view, or the other way round, is one of the two.
    let (tables, views) = (&mut state.base.tables, &mut state.base.views);
    let both: Vec<Name> = tables.keys().filter(|name| views.contains_key(*name)).cloned().collect();
    for name in both {
        let is_view = planned.plan.entries.iter().any(|entry| {
            entry.name == name.to_string()
                && entry.status == EntryStatus::Create
                && entry.kind != crate::plan::EntryKind::Table
        });
        if is_view { drop(tables.remove(&name)) } else { drop(views.remove(&name)) }
    }
    back::forget(&mut state.base);
    state.pending.required.sort();
    state.pending.required.dedup();
    state
}

fn keep_pending(dialect: &dyn Dialect, table: &Name, old: &Pending, new: &mut Pending) {
    let key = diff::folded(dialect, table);
    new.required.extend(old.required.iter().filter(|column| diff::folded(dialect, &column.table) == key).cloned());
}

/// Rule S9: looks again; a difference is an error of its entry.
async fn verify<S: Session>(
    session: &mut S,
    schema: &Schema,
    options: &Options,
    view: &View,
    state: &mut State,
    entries: &mut [crate::plan::Entry],
) -> Result<()> {
    session.scope(schema, &state.base).await?;
    let dialect = session.dialect();
    let actual = session.inspect().await?;
    // What was written is remembered in the database's words, so that the next run need not ask for them.
    let mut left = Lowered { catalog: std::mem::take(&mut state.base), ..Lowered::default() };
    let base = left.catalog.clone();
    session.normalise(&mut left, &actual, &base, options.safe).await?;
    state.base = left.catalog;
    // What hangs on a view is not ours to remember.
    state.base.views.values_mut().for_each(|view| view.restore.clear());
    let mut lowered = dialect.lower(schema);
    session.normalise(&mut lowered, &actual, &state.base, options.safe).await?;
    let view = &View { lowered, ..view.clone() };
    let required = state.pending.required.iter();
    let pending = required
        .map(|column| (diff::folded(&*dialect, &column.table), dialect.fold(&column.column).into_owned()))
        .collect();
    let again = make_plan(session, schema, options, view, actual, &state.base, &pending).await?.plan;
    for (at, left) in again.entries.iter().enumerate() {
        let steps: Vec<String> = again
            .steps
            .iter()
            .filter(|step| step.entry == at)
            .flat_map(|step| step.statements.iter().map(apply::text))
            .collect();
        // What is as it should be goes and comes back with the change of something else, which has errors of its own.
        let collateral = left.kind == crate::plan::EntryKind::View && left.status == EntryStatus::InSync;
        if (steps.is_empty() || collateral) && left.errors.is_empty() {
            continue;
        }
        let Some(entry) = entries.iter_mut().find(|entry| entry.name == left.name && entry.kind == left.kind) else {
            continue;
        };
        if entry.errors.is_empty() {
            entry.status = EntryStatus::Error;
            entry.errors.push(format!(
                "after the sync it still differs from the model; please report this. Left to do: {}",
                left.errors.iter().cloned().chain(steps).collect::<Vec<_>>().join("; ")
            ));
        }
    }
    Ok(())
}
