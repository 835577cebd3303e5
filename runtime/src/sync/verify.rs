//! Rule S9: looks again after the work; what still differs is an error.

use super::Options;
use super::prepare::{PlanRequest, Prepared, SyncContext, make_plan, pending_columns, resolve};
use super::state::State;
use crate::catalog::Name;
use crate::change::Renames;
use crate::dialect::{Lowered, Session};
use crate::diff;
use crate::error::Result;
use crate::execute::text;
use crate::model::Schema;
use crate::plan::build::Planned;
use crate::plan::{Entry, EntryKind, EntryStatus};
use std::collections::BTreeMap;

/// Looks again; a difference is an error of its entry. The state gets what was written in the database's own words, so that the next run
/// need not ask for them.
pub(super) async fn verify<S: Session>(
    session: &mut S,
    schema: &Schema,
    options: &Options,
    Prepared { context, planned, .. }: &Prepared,
    state: &mut State,
    entries: &mut Vec<Entry>,
) -> Result<()> {
    session.scope(schema, &state.base).await?;
    let dialect = session.dialect();
    let mut live = session.inspect().await?;
    let mut left = Lowered { catalog: std::mem::take(&mut state.base), ..Lowered::default() };
    let base = left.catalog.clone();
    session.normalise(&mut left, &live, &base, &Renames::default(), options.safe).await?;
    state.base = left.catalog;
    // What depends on a view is not ours to remember.
    state.base.views.values_mut().for_each(crate::catalog::View::forget_live);
    let mut lowered = dialect.lower(schema);
    dialect.expand_stars(&mut lowered, &live);
    let model = context.older.as_ref().unwrap_or(schema);
    let renames = resolve(&*dialect, model, &lowered, &live, &state.base, &context.claims);
    session.normalise(&mut lowered, &live, &state.base, &renames, options.safe).await?;
    diff::adopted::adopt(&*dialect, &mut lowered.catalog, &mut live, &state.base, &renames);
    let context = &SyncContext { lowered, renames, ..context.clone() };
    let pending = pending_columns(&*dialect, state);
    let request = PlanRequest { schema, options, context, base: &state.base, pending: &pending };
    let again = make_plan(session, request, live).await?;
    compare(planned, &again, entries);
    Ok(())
}

/// What a second plan would still do is an error of the entry of the same object, or an entry of its own.
pub(super) fn compare(planned: &Planned, again: &Planned, entries: &mut Vec<Entry>) {
    let object =
        |planned: &Planned, at: usize| (planned.plan.entries[at].object.kind, planned.targets[at].object.clone());
    let known: BTreeMap<(EntryKind, Name), usize> =
        (0..planned.targets.len()).map(|at| (object(planned, at), at)).collect();
    for (at, left) in again.plan.entries.iter().enumerate() {
        let steps: Vec<String> = again
            .plan
            .steps
            .iter()
            .filter(|step| step.entry == at)
            .flat_map(|step| step.statements.iter().map(text))
            .collect();
        // What is as it should be goes and comes back with the change of something else, which has errors of its own.
        let collateral = left.object.kind == EntryKind::View && left.status == EntryStatus::InSync;
        if (steps.is_empty() || collateral) && left.errors.is_empty() {
            continue;
        }
        let error = format!(
            "after the sync it still differs from the model; please report this. Left to do: {}",
            left.errors.iter().cloned().chain(steps).collect::<Vec<_>>().join("; ")
        );
        match known.get(&object(again, at)).and_then(|&at| entries.get_mut(at)) {
            Some(entry) if entry.errors.is_empty() => {
                entry.status = EntryStatus::Error;
                entry.errors.push(error);
            }
            Some(_) => {}
            None => entries.push(Entry {
                object: left.object.clone(),
                status: EntryStatus::Error,
                errors: vec![error],
                ..Entry::default()
            }),
        }
    }
}
