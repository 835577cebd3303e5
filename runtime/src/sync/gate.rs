//! What the gate says before any lock is taken (rules S2, S6).

use super::Options;
use super::report::{Report, RunStatus};
use super::state::{Pending, PendingColumn, check_format, read_pending};
use crate::change::DataCheck;
use crate::dialect::{Dialect, Gate, GateState, Session};
use crate::error::Result;
use crate::plan::data_checks::counted_that;

/// What the gate says before any lock is taken.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nothing changed since the last run.
    UpToDate,
    /// Nothing changed, but columns wait for a backfill: to be counted.
    Waiting(Vec<PendingColumn>),
    /// An older binary is speaking (rule S6).
    Superseded,
    /// There is work, or the caller insists.
    Look,
}

/// A run of this model goes back to one that was here before, to an older or again to a younger one (rule S6), or goes on with that: what
/// was renamed since then gets the names that it had.
pub(super) fn is_revert(gate: &Gate, namespace: &str, fingerprint: &str) -> Result<bool> {
    let Some(state) = &gate.state else { return Ok(false) };
    let pending = read_pending(namespace, state)?;
    Ok(goes_on_back(state, &pending, fingerprint) || pending.timeline.is_past(fingerprint))
}

/// The last run was of this model and went back to it, but did not come to its end.
fn goes_on_back(state: &GateState, pending: &Pending, fingerprint: &str) -> bool {
    state.attempted == fingerprint && pending.back
}

/// Reads the gate (rules S2, S6).
pub(super) fn check_gate(gate: &Gate, namespace: &str, fingerprint: &str, options: &Options) -> Result<Verdict> {
    let Some(state) = &gate.state else { return Ok(Verdict::Look) };
    check_format(namespace, state.format)?;
    let pending = read_pending(namespace, state)?;
    if pending.timeline.is_left_behind(fingerprint)
        && !goes_on_back(state, &pending, fingerprint)
        && !options.allow_revert
    {
        return Ok(Verdict::Superseded);
    }
    let same = state.fingerprint == fingerprint && state.server == gate.server;
    if !same || options.force || (pending.withheld && !options.safe) {
        return Ok(Verdict::Look);
    }
    Ok(if pending.required.is_empty() { Verdict::UpToDate } else { Verdict::Waiting(pending.required) })
}

/// Rule S6: the report of a run that does nothing because an older binary is speaking.
pub(crate) fn superseded(report: Report) -> Report {
    let warning = "this database has already left this model behind: an older binary is speaking, nothing was changed; \
                   `.allow_revert(true)` goes back to it";
    Report { status: RunStatus::Superseded, warnings: vec![warning.to_owned()], ..report }
}

/// Rule C3: one query counts the NULLs of the columns that wait. `None`: one of them has none left, or they cannot be counted; a full
/// run has to look.
pub(super) async fn still_waiting<S: Session>(
    session: &mut S,
    dialect: &dyn Dialect,
    columns: &[PendingColumn],
) -> Result<Option<Vec<String>>> {
    let nulls =
        |pending: &PendingColumn| DataCheck::Nulls { table: pending.table.clone(), column: pending.column.clone() };
    let query = dialect.render_counts(&columns.iter().map(nulls).collect::<Vec<_>>());
    // A table that was dropped or altered by hand makes this fail: then a full run has to look.
    let Ok(rows) = session.query(&query).await else { return Ok(None) };
    let counts: Option<Vec<u64>> = rows.iter().flatten().map(|value| parse_count(value.as_deref()).ok()).collect();
    let Some(counts) = counts.filter(|counts| counts.len() == columns.len() && !counts.contains(&0)) else {
        return Ok(None);
    };
    let warnings = columns.iter().zip(counts).map(|(pending, count)| {
        let rows = counted_that(count, "row", "has", "have");
        format!("{}: `{}` is required but {rows} no value: backfill them", pending.table, pending.column)
    });
    Ok(Some(warnings.collect()))
}

/// A count, as the database gives it.
///
/// # Errors
/// A sentence, where it is none: no rows are not zero rows.
pub(super) fn parse_count(value: Option<&str>) -> Result<u64, String> {
    let value = value.ok_or("the database gave no count")?;
    value.parse().map_err(|_| format!("the database gave {value:?}, which is no count"))
}
