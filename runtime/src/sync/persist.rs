//! What is remembered after a run: the state row and the history (rules S3, R4).

use super::failed_renames::restore_references;
use super::prepare::Prepared;
use super::report::{Report, RunStatus};
use super::state::{Pending, PendingColumn, State};
use super::verify::verify;
use super::{Options, clock, revert};
use crate::catalog::{Catalog, Earlier, Name, Table};
use crate::dialect::{Dialect, HistoryRow, Session};
use crate::diff;
use crate::error::{Error, Result};
use crate::execute::{Kept, Outcome};
use crate::model::Schema;
use crate::plan::build::{BaseObject, Planned, Target};
use crate::plan::{EntryKind, EntryStatus, WithheldReason};
use std::time::Instant;

/// Looks whether all is as it shall be, and writes down what was done.
pub(super) async fn persist_state<S: Session>(
    session: &mut S,
    schema: &Schema,
    options: &Options,
    fingerprint: &str,
    prepared: &Prepared,
    outcome: Outcome,
    started: Instant,
) -> Result<Report> {
    let mut state = next_state(&*session.dialect(), prepared, &outcome, options);
    let left = left_something(prepared, &outcome, &state);
    let Outcome { mut entries, statements, .. } = outcome;
    if options.verify && !prepared.planned.plan.steps.is_empty() {
        verify(session, schema, options, prepared, &mut state, &mut entries).await?;
    }
    let mut report = Report {
        status: RunStatus::Synced,
        namespace: options.namespace.clone(),
        fingerprint: fingerprint.to_owned(),
        entries,
        unmanaged: prepared.planned.plan.unmanaged.clone(),
        other_namespaces: prepared.planned.plan.other_namespaces.clone(),
        statements,
        ..Report::default()
    };
    let failed = report.has_errors();
    if failed {
        report.status = RunStatus::Incomplete;
    }
    // To go back is a step in time, though the database may be there already.
    let is_step = left || (prepared.context.older.is_some() && !failed);
    if is_step {
        state.pending.timeline.step(fingerprint);
    }
    state.server.clone_from(&prepared.server);
    state.attempted = fingerprint.to_owned();
    state.pending.back &= failed;
    state.fingerprint = if failed { String::new() } else { fingerprint.to_owned() };
    report.duration_ms = clock::elapsed_ms(started);
    // A repair of what somebody has changed by hand leaves the state as it was, and is history all the same.
    if prepared.context.stored && prepared.context.state == state && report.statements.is_empty() {
        // Nothing is new: not even the clock is written, but where the run has written down what it was doing.
        let committed = !session.dialect().capabilities().transactional_ddl && !prepared.planned.plan.units.is_empty();
        if committed {
            session.write_state(&options.namespace, &state.to_row()?).await?;
        }
        if !failed {
            report.status = RunStatus::UpToDate;
        }
        return Ok(report);
    }
    if prepared.context.stored && !session.has_history().await? {
        report.warnings.push(
            "the history, `__schemasync_history`, has been dropped: what earlier runs did is not known any more; it is made again".to_owned(),
        );
    }
    session.write_state(&options.namespace, &state.to_row()?).await?;
    if !is_step && !failed {
        return Ok(report);
    }
    let row = HistoryRow {
        at: clock::now_rfc3339(),
        fingerprint: fingerprint.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        host: clock::host(),
        duration_ms: i64::try_from(report.duration_ms).unwrap_or(i64::MAX),
        outcome: if failed { "failed" } else { "synced" }.to_owned(),
        statements: serde_json::to_string(&report.statements)
            .map_err(|source| Error::Json { doing: "writing the history", source })?,
    };
    session.append_history(&options.namespace, &row).await?;
    Ok(report)
}

/// Whether the run is a step in time (rule S6): it has changed the database, or what is managed of it.
pub(super) fn left_something(prepared: &Prepared, outcome: &Outcome, state: &State) -> bool {
    let same = || objects(&prepared.context.state.base) == objects(&state.base);
    !outcome.statements.is_empty() || outcome.kept.contains(&Kept::Some) || !same()
}

/// What is managed, without how the model words it.
fn objects(base: &Catalog) -> Catalog {
    let mut base = base.clone();
    base.tables.values_mut().for_each(|table| table.written.clear());
    base.views.values_mut().for_each(|view| view.written = None);
    base
}

/// What is remembered: what each entry left behind, done or not.
pub(super) fn next_state(dialect: &dyn Dialect, prepared: &Prepared, outcome: &Outcome, options: &Options) -> State {
    let (planned, old) = (&prepared.planned, &prepared.context.state);
    let mut state = State::default();
    state.pending.back = prepared.context.older.is_some();
    state.pending.timeline.clone_from(&old.pending.timeline);
    for (at, target) in planned.targets.iter().enumerate() {
        let (kept, entry) = (outcome.kept[at], &planned.plan.entries[at]);
        for object in left_behind(target, kept) {
            match object {
                BaseObject::Table(table) => {
                    let earlier = if kept == Kept::Nothing || target.renamed_from.as_ref() == Some(&table.name) {
                        old.base.earlier.get(&table.name).cloned().unwrap_or_default()
                    } else {
                        revert::earlier(&old.base, entry, target.renamed_from.as_ref(), &table)
                    };
                    if earlier != Earlier::default() {
                        state.base.earlier.insert(table.name.clone(), earlier);
                    }
                    let required = target.pending.iter().filter(|_| kept == Kept::All);
                    state.pending.required.extend(
                        required.map(|column| PendingColumn { table: table.name.clone(), column: column.clone() }),
                    );
                    if kept != Kept::All || !entry.errors.is_empty() {
                        keep_pending(dialect, &table.name, &old.pending, &mut state.pending);
                    }
                    let mut table = Table::clone(&table);
                    name_inline_constraints(dialect, &mut table);
                    state.base.tables.insert(table.name.clone(), table);
                }
                BaseObject::Type(ty) => drop(state.base.types.insert(ty.name.clone(), ty)),
                BaseObject::View(mut view) => {
                    view.forget_live();
                    state.base.views.insert(view.name.clone(), view);
                }
            }
        }
        let held = entry.withheld.iter().any(|withheld| withheld.reason == WithheldReason::SafeMode);
        state.pending.withheld |= options.safe && held;
    }
    one_of_table_and_view(planned, &mut state.base);
    restore_references(prepared, outcome, &mut state.base);
    revert::forget(&mut state.base);
    state.pending.required.sort();
    state.pending.required.dedup();
    state
}

/// A unique constraint that is a piece of its table's definition is called as the database likes, and otherwise after a rebuild.
fn name_inline_constraints(dialect: &dyn Dialect, table: &mut Table) {
    if dialect.capabilities().named_constraints {
        return;
    }
    for index in table.indexes.iter_mut().filter(|index| index.constraint) {
        if let Some(managed) = &index.adopted {
            index.name.clone_from(managed);
        }
    }
}

/// What the base says of an entry. Where only some of it may be done, all that could be there is ours: objects that are not there do no
/// harm in a base, while ours that are missing in it would become unmanaged.
fn left_behind(target: &Target, kept: Kept) -> Vec<BaseObject> {
    let objects: Vec<&BaseObject> = match kept {
        Kept::Nothing => target.before.iter().collect(),
        Kept::All => target.after.iter().collect(),
        Kept::Some => target.before.iter().chain(&target.after).collect(),
    };
    match objects.as_slice() {
        [BaseObject::Table(before), BaseObject::Table(after)] => {
            let both = BaseObject::table(&merged(before, after));
            let renamed = before.name != after.name;
            renamed.then(|| objects[0].clone()).into_iter().chain([both]).collect()
        }
        // The old definition: what it differs in is compared with what is there.
        [BaseObject::View(before), BaseObject::View(after)] if before.name == after.name => vec![objects[0].clone()],
        [BaseObject::Type(before), BaseObject::Type(after)] if before.name == after.name => vec![objects[0].clone()],
        _ => objects.into_iter().cloned().collect(),
    }
}

/// A table on the way from the one to the other. What both have is as it was: the next run compares it with what is there.
fn merged(before: &Table, after: &Table) -> Table {
    let mut both = Table { name: after.name.clone(), ..before.clone() };
    let new = after.columns.iter().filter(|column| before.column(&column.name).is_none());
    both.columns.extend(new.cloned());
    let new = after.indexes.iter().filter(|index| before.indexes.iter().all(|known| known.name != index.name));
    both.indexes.extend(new.cloned());
    let new = after.foreign_keys.iter().filter(|key| !before.foreign_keys.contains(key));
    both.foreign_keys.extend(new.cloned());
    let new = after.checks.iter().filter(|check| before.checks.iter().all(|known| known.name != check.name));
    both.checks.extend(new.cloned());
    let new = after.options.iter().filter(|(key, _)| !before.options.contains_key(*key));
    both.options.extend(new.map(|(key, value)| (key.clone(), value.clone())));
    both
}

/// A table that became a view, or the other way round, is one of the two.
fn one_of_table_and_view(planned: &Planned, base: &mut Catalog) {
    let (tables, views) = (&mut base.tables, &mut base.views);
    let both: Vec<Name> = tables.keys().filter(|name| views.contains_key(*name)).cloned().collect();
    for name in both {
        let mut entries = planned.plan.entries.iter().zip(&planned.targets);
        let is_view = entries.any(|(entry, target)| {
            target.object == name && entry.status == EntryStatus::Create && entry.object.kind != EntryKind::Table
        });
        if is_view { drop(tables.remove(&name)) } else { drop(views.remove(&name)) }
    }
}

fn keep_pending(dialect: &dyn Dialect, table: &Name, old: &Pending, new: &mut Pending) {
    let key = diff::folded(dialect, table);
    new.required.extend(old.required.iter().filter(|column| diff::folded(dialect, &column.table) == key).cloned());
}
