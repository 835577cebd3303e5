//! Runs a plan: a savepoint for each entry, so that what fails leaves the others alone (rules R3, S8).

use super::{Options, Progress};
use crate::catalog::{ForeignKey, Name, TEMPORARY_PREFIX};
use crate::change::{Change, Statement};
use crate::dialect::{DatabaseError, Session};
use crate::error::{Error, Result};
use crate::plan::build::Planned;
use crate::plan::{Entry, EntryStatus, Step};
use std::collections::{BTreeMap, BTreeSet};

/// What became of a plan.
#[derive(Clone)]
pub(crate) struct Applied {
    /// The plan's entries, with the errors that came.
    pub(crate) entries: Vec<Entry>,
    /// The statements that were run and kept.
    pub(crate) statements: Vec<String>,
    /// Entries of which nothing was kept.
    pub(crate) failed: BTreeSet<usize>,
    /// Entries that are done.
    pub(super) done: BTreeSet<usize>,
    /// The last group only failed because others were in the way.
    pub(super) busy: bool,
}

impl Applied {
    /// Nothing is done yet.
    pub(super) fn new(planned: &Planned) -> Self {
        Self {
            entries: planned.plan.entries.clone(),
            statements: Vec::new(),
            failed: planned_failures(planned),
            done: BTreeSet::new(),
            busy: false,
        }
    }
}

/// Why a step failed, in words.
pub(super) struct Failure {
    pub(super) text: String,
    /// Others were in the way.
    pub(super) busy: bool,
}

impl From<String> for Failure {
    fn from(text: String) -> Self {
        Self { text, busy: false }
    }
}

pub(crate) async fn apply<S: Session>(session: &mut S, planned: &Planned, options: &Options) -> Result<Applied> {
    let mut applied = Applied::new(planned);
    let groups = groups(planned);
    let mut at = 0;
    while at < groups.len() {
        let plain =
            groups[at..].iter().take(BATCH).take_while(|group| is_plain(planned, group, &applied.failed)).count();
        if plain > 1 && batch(session, &groups[at..at + plain], &mut applied).await? {
            at += plain;
            continue;
        }
        // What a batch could not do is done group by group: that tells which one failed, and keeps the others.
        for group in &groups[at..at + plain.max(1)] {
            apply_group(session, planned, group, options, &mut applied).await?;
        }
        at += plain.max(1);
    }
    Ok(applied)
}

/// How many groups are sent at once.
const BATCH: usize = 100;

/// A group that needs nothing but its statements: it can be sent together with others.
fn is_plain(planned: &Planned, group: &[&Step], failed: &BTreeSet<usize>) -> bool {
    group.iter().all(|step| {
        let target = &planned.targets[step.entry];
        !step.optional
            && target.check.is_empty()
            && !matches!(step.change, Change::CreateView { .. })
            && !failed.contains(&step.entry)
            && !target.depends_on.iter().any(|parent| failed.contains(parent))
            && step.statements.iter().all(|statement| matches!(statement, Statement::Execute(_)))
    })
}

/// Sends plain groups in one go; `false`: one of them failed, and nothing of them was kept.
async fn batch<S: Session>(session: &mut S, groups: &[Vec<&Step>], applied: &mut Applied) -> Result<bool> {
    let statements: Vec<String> = groups.iter().flatten().flat_map(|step| &step.statements).map(text).collect();
    savepoint(session, "SAVEPOINT schemasync_batch").await?;
    for sql in &statements {
        tracing::debug!(sql, "execute in a batch");
    }
    // A line comment at the end of a statement ends with the line.
    let done = session.execute(&statements.join("\n;\n")).await;
    if let Err(error) = &done {
        tracing::debug!(%error, "the batch failed: each entry on its own");
        savepoint(session, "ROLLBACK TO SAVEPOINT schemasync_batch").await?;
    }
    savepoint(session, "RELEASE SAVEPOINT schemasync_batch").await?;
    if done.is_ok() {
        applied.statements.extend(statements);
        applied.done.extend(groups.iter().flatten().map(|step| step.entry));
    }
    Ok(done.is_ok())
}

/// Runs one group under its own savepoint; what fails is an error of its entries.
pub(super) async fn apply_group<S: Session>(
    session: &mut S,
    planned: &Planned,
    group: &[&Step],
    options: &Options,
    applied: &mut Applied,
) -> Result<()> {
    let members: BTreeSet<usize> = group.iter().map(|step| step.entry).collect();
    let late = group.iter().filter(|step| matches!(step.change, Change::CreateView { .. }));
    let depends = members.iter().flat_map(|&at| &planned.targets[at].depends_on);
    let depends = depends.chain(late.flat_map(|step| &planned.targets[step.entry].reads));
    if let Some(parent) =
        depends.into_iter().find(|parent| applied.failed.contains(parent) && !members.contains(parent))
    {
        let error = format!("depends on {}, which failed", planned.plan.entries[*parent].name);
        fail(applied, &members, &error);
        return put_back_views(session, group, planned).await;
    }
    if members.iter().any(|at| applied.failed.contains(at)) {
        return Ok(());
    }
    let check: BTreeSet<Name> = members.iter().flat_map(|&at| planned.targets[at].check.iter().cloned()).collect();
    let check: Vec<Name> = check.into_iter().map(|name| name_now(planned, applied, &members, name)).collect();
    savepoint(session, "SAVEPOINT schemasync_entry").await?;
    let from = applied.statements.len();
    match run_group(session, group, &check, options, applied).await? {
        Ok(()) => {
            savepoint(session, "RELEASE SAVEPOINT schemasync_entry").await?;
            applied.done.extend(&members);
        }
        Err(Failure { text: error, busy }) => {
            applied.busy = busy;
            savepoint(session, "ROLLBACK TO SAVEPOINT schemasync_entry").await?;
            savepoint(session, "RELEASE SAVEPOINT schemasync_entry").await?;
            applied.statements.truncate(from);
            fail(applied, &members, &error);
            put_back_views(session, group, planned).await?;
        }
    }
    Ok(())
}

/// The name that a table has while this group runs: one whose rename comes later, or failed, has its old one.
fn name_now(planned: &Planned, applied: &Applied, members: &BTreeSet<usize>, name: Name) -> Name {
    let renamed = planned.plan.steps.iter().find_map(|step| match &step.change {
        Change::RenameTable { from, to } if *to == name => Some((step.entry, from)),
        _ => None,
    });
    match renamed {
        Some((entry, from)) if !members.contains(&entry) && !applied.done.contains(&entry) => from.clone(),
        _ => name,
    }
}

/// Entries that the planner gave up.
fn planned_failures(planned: &Planned) -> BTreeSet<usize> {
    let working: BTreeSet<usize> = planned.plan.steps.iter().map(|step| step.entry).collect();
    (0..planned.plan.entries.len())
        .filter(|at| !planned.plan.entries[*at].errors.is_empty() && !working.contains(at))
        .collect()
}

/// The steps of each unit, at the place of its first one; steps that come later on their own (a view that is made again) are a
/// group of their own.
pub(super) fn groups(planned: &Planned) -> Vec<Vec<&Step>> {
    let mut groups: Vec<Vec<&Step>> = Vec::new();
    let mut open: BTreeMap<usize, usize> = BTreeMap::new();
    let mut last = None;
    for step in planned.plan.steps.iter().filter(|step| step.isolation.is_unit()) {
        let unit = planned.targets[step.entry].unit;
        let closes_circle = step.optional && matches!(step.change, Change::AddForeignKey { .. });
        let late = closes_circle || matches!(step.change, Change::CreateView { .. });
        match open.get(&unit).filter(|_| !late) {
            Some(&at) => groups[at].push(step),
            None if last == Some((step.entry, late)) => {
                if let Some(group) = groups.last_mut() {
                    group.push(step);
                }
            }
            None => {
                if !late {
                    open.insert(unit, groups.len());
                }
                groups.push(vec![step]);
            }
        }
        last = Some((step.entry, late));
    }
    groups
}

fn fail(applied: &mut Applied, members: &BTreeSet<usize>, error: &str) {
    for &at in members {
        let entry = &mut applied.entries[at];
        tracing::error!(entry = %entry.name, error, "the entry failed and was taken back");
        let old = std::mem::take(entry);
        *entry = Entry {
            name: old.name,
            kind: old.kind,
            status: EntryStatus::Error,
            errors: old.errors,
            warnings: old.warnings,
            unmanaged: old.unmanaged,
            ..Entry::default()
        };
        if !entry.errors.iter().any(|known| known == error) {
            entry.errors.push(error.to_owned());
        }
        applied.failed.insert(at);
    }
}

async fn savepoint<S: Session>(session: &mut S, sql: &str) -> Result<()> {
    session.execute(sql).await.map(drop).map_err(Error::database("setting a savepoint"))
}

async fn run_group<S: Session>(
    session: &mut S,
    group: &[&Step],
    check: &[Name],
    options: &Options,
    applied: &mut Applied,
) -> Result<Result<(), Failure>> {
    let mut before: Option<Vec<String>> = None;
    let mut saved = BTreeMap::new();
    for step in group {
        let entry = &applied.entries[step.entry];
        let span = tracing::debug_span!("step", entry = %entry.name, risk = ?step.risk);
        span.in_scope(|| tracing::debug!("begin"));
        if before.is_none() && !check.is_empty() && !is_rename(&step.change) {
            before = Some(session.violations(check).await?);
        }
        if step.optional {
            savepoint(session, "SAVEPOINT schemasync_step").await?;
        }
        let from = applied.statements.len();
        if let Change::SuspendView { view } = &step.change {
            saved.extend(session.definitions(&view.name).await?);
        }
        if let Change::SuspendForeignKey { table, foreign_key: ForeignKey { name: Some(name), .. } } = &step.change {
            // Keys of several tables may bear one name.
            let sql = session.definitions(table).await?.remove(name);
            saved.extend(sql.map(|sql| (format!("{table} {name}"), sql)));
        }
        match run_step(session, step, options, &saved, &mut applied.statements).await? {
            Ok(()) if step.optional => savepoint(session, "RELEASE SAVEPOINT schemasync_step").await?,
            Ok(()) => {}
            Err(Failure { text: error, busy }) if step.optional => {
                applied.busy |= busy;
                savepoint(session, "ROLLBACK TO SAVEPOINT schemasync_step").await?;
                savepoint(session, "RELEASE SAVEPOINT schemasync_step").await?;
                applied.statements.truncate(from);
                let entry = &mut applied.entries[step.entry];
                entry.status = EntryStatus::Error;
                lacks(entry, &step.change, &error);
            }
            Err(failure) => return Ok(Err(failure)),
        }
    }
    if let Some(before) = before {
        let after = session.violations(check).await?;
        if let Some(new) = new_violations(before, after) {
            return Ok(Err(new.into()));
        }
    }
    Ok(Ok(()))
}

/// One change of an entry is not done; the others are.
pub(super) fn lacks(entry: &mut Entry, change: &Change, error: &str) {
    entry.status = EntryStatus::Error;
    entry.errors.push(format!("{error}. The entry's other changes are kept; the next run tries again"));
    if let Change::CreateIndex { index, .. } = change {
        entry.indexes_created.retain(|name| *name != index.name);
    }
}

fn is_rename(change: &Change) -> bool {
    matches!(
        change,
        Change::RenameTable { .. } | Change::RenameColumn { .. } | Change::DropView { .. } | Change::SuspendView { .. }
    )
}

/// Rule X3: only violations that were not there before count. The number of the key is not compared: a rebuild may change it.
fn new_violations(before: Vec<String>, after: Vec<String>) -> Option<String> {
    let bare = |violation: &str| violation.split(" (key ").next().unwrap_or_default().to_owned();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for violation in before {
        *known.entry(bare(&violation)).or_default() += 1;
    }
    let mut new = Vec::new();
    for violation in after {
        match known.get_mut(&bare(&violation)) {
            Some(left) if *left > 0 => *left -= 1,
            _ => new.push(violation),
        }
    }
    let first = new.first()?;
    Some(format!(
        "{} would violate a foreign key (for example {first})",
        crate::plan::facts::counted(new.len() as u64, "row")
    ))
}

async fn run_step<S: Session>(
    session: &mut S,
    step: &Step,
    options: &Options,
    saved: &BTreeMap<String, String>,
    done: &mut Vec<String>,
) -> Result<Result<(), Failure>> {
    let definitions = match &step.change {
        Change::RebuildTable(rebuild) if step.statements.iter().any(|s| matches!(s, Statement::Restore { .. })) => {
            session.definitions(&rebuild.from.name).await?
        }
        _ => BTreeMap::new(),
    };
    for statement in &step.statements {
        let result = match statement {
            Statement::Execute(sql) => execute(session, sql, done).await,
            Statement::Restore { name, sql } => {
                let sql = definitions.get(name).or_else(|| saved.get(name)).unwrap_or(sql);
                execute(session, sql, done).await
            }
            Statement::AssertEmpty { query, message } => match session.query(query).await {
                Ok(rows) => match rows.first() {
                    None => Ok(()),
                    Some(row) => {
                        let values: Vec<&str> = row.iter().map(|value| value.as_deref().unwrap_or("NULL")).collect();
                        Err(format!("{message} ({})", values.join(", ")).into())
                    }
                },
                Err(error) => Err(said(&error, query)),
            },
            Statement::Copy { .. } => copy(session, statement, options, done).await,
        };
        if let Err(failure) = result {
            return Ok(Err(failure));
        }
    }
    Ok(Ok(()))
}

async fn execute<S: Session>(session: &mut S, sql: &str, done: &mut Vec<String>) -> Result<(), Failure> {
    tracing::debug!(sql, "execute");
    session.execute(sql).await.map_err(|error| said(&error, sql))?;
    done.push(sql.to_owned());
    Ok(())
}

/// Copies in batches by key: memory does not grow with the rows, and the caller hears how far it is.
async fn copy<S: Session>(
    session: &mut S,
    statement: &Statement,
    options: &Options,
    done: &mut Vec<String>,
) -> Result<(), Failure> {
    let Statement::Copy { insert, next, rows: total, table } = statement else { return Ok(()) };
    let mut after = Statement::BEFORE_ALL_KEYS.to_owned();
    let mut rows = 0;
    let found = session.query(total).await.map_err(|error| said(&error, total))?;
    let there = found.into_iter().next().and_then(|row| row.into_iter().next().flatten());
    let there: u64 = there.and_then(|rows| rows.parse().ok()).unwrap_or_default();
    loop {
        let query = Statement::fill(next, &after, "");
        let found = session.query(&query).await.map_err(|error| said(&error, &query))?;
        let Some(last) = found.into_iter().next().and_then(|row| row.into_iter().next().flatten()) else { break };
        let sql = Statement::fill(insert, &after, &last);
        rows += session.execute(&sql).await.map_err(|error| said(&error, &sql))?;
        if let Some(callback) = &options.progress {
            callback(&Progress { table: table.clone(), rows, total: Some(there) });
        }
        after = last;
    }
    if rows != there {
        return Err(format!("not every row of \"{table}\" was copied: {rows} of {there}").into());
    }
    done.push(insert.clone());
    Ok(())
}

/// What the database said, and to what.
pub(super) fn said(error: &DatabaseError, sql: &str) -> Failure {
    // The user knows the table by its name, not by the one that it has while it is built.
    let message = error.to_string().replace(TEMPORARY_PREFIX, "");
    let mut shown: String = sql.chars().take(300).collect();
    if shown.len() < sql.len() {
        shown.push('…');
    }
    Failure { text: format!("{message}, in: {shown}"), busy: error.is_busy() }
}

/// The statement as it is shown.
pub(crate) fn text(statement: &Statement) -> String {
    match statement {
        Statement::Execute(sql) | Statement::Restore { sql, .. } => sql.clone(),
        Statement::AssertEmpty { query, message } => format!("-- must be empty, else {message}\n{query}"),
        Statement::Copy { insert, .. } => insert.clone(),
    }
}

/// A view that was dropped in this run and could not be made again gets its old definition back where that still works.
async fn put_back_views<S: Session>(session: &mut S, group: &[&Step], planned: &Planned) -> Result<()> {
    for step in group {
        let Change::CreateView { .. } = &step.change else { continue };
        let Some(crate::plan::build::BaseObject::View(old)) = &planned.targets[step.entry].before else { continue };
        let change = Change::CreateView { view: old.clone() };
        let Ok(statements) = session.dialect().render(&change) else { continue };
        savepoint(session, "SAVEPOINT schemasync_entry").await?;
        let mut failed = false;
        for statement in &statements {
            failed |= match statement {
                Statement::Execute(sql) => session.execute(sql).await.is_err(),
                Statement::AssertEmpty { query, .. } => session.query(query).await.is_err(),
                Statement::Restore { .. } | Statement::Copy { .. } => false,
            };
        }
        if failed {
            savepoint(session, "ROLLBACK TO SAVEPOINT schemasync_entry").await?;
        }
        savepoint(session, "RELEASE SAVEPOINT schemasync_entry").await?;
    }
    Ok(())
}
