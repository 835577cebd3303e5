//! What a namespace keeps between runs: fingerprint, base, pending work (rules S1 to S4).

use crate::catalog::{Catalog, Name};
use crate::dialect::{Gate, GateState, Session, StateRow};
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Format of the state row; a newer one is refused.
pub(crate) const STATE_FORMAT: i64 = 1;

/// Work that is known and not done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pending {
    /// Columns that shall be required once they have no NULL left (rule C3).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) required: Vec<PendingColumn>,
    /// Safe mode held something back: a run without it has work to do (rule P1).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) withheld: bool,
    /// A run that went back to an older model did not come to its end: the next one still goes back (rule S6).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) back: bool,
}

/// A column that shall be required.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct PendingColumn {
    pub(crate) table: Name,
    pub(crate) column: String,
}

/// The state of a namespace, read and checked.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct State {
    /// Fingerprint of the last run without errors.
    pub(crate) fingerprint: String,
    /// Fingerprint of the last run.
    pub(crate) attempted: String,
    pub(crate) server: String,
    pub(crate) pending: Pending,
    pub(crate) base: Catalog,
}

impl State {
    pub(crate) fn read(namespace: &str, row: &StateRow) -> Result<Self> {
        let corrupt = |what: &str, error: &serde_json::Error| Error::CorruptState {
            namespace: namespace.to_owned(),
            reason: format!("{what}: {error}"),
        };
        check_format(namespace, row.gate.format)?;
        let pending = read_pending(namespace, &row.gate)?;
        let base: Catalog = serde_json::from_str(&row.base).map_err(|error| corrupt("base", &error))?;
        Ok(Self {
            fingerprint: row.gate.fingerprint.clone(),
            attempted: row.gate.attempted.clone(),
            server: row.gate.server.clone(),
            pending,
            base,
        })
    }

    pub(crate) fn to_row(&self) -> Result<StateRow> {
        let json = |source| Error::Json { doing: "writing the state", source };
        let claims: Vec<&Name> = {
            let base = &self.base;
            base.tables.keys().chain(base.views.keys()).chain(base.types.keys()).collect()
        };
        Ok(StateRow {
            gate: GateState {
                format: STATE_FORMAT,
                fingerprint: self.fingerprint.clone(),
                attempted: self.attempted.clone(),
                server: self.server.clone(),
                pending: serde_json::to_string(&self.pending).map_err(json)?,
            },
            base: serde_json::to_string(&self.base).map_err(json)?,
            claims: serde_json::to_string(&claims).map_err(json)?,
        })
    }
}

pub(crate) fn check_format(namespace: &str, format: i64) -> Result<()> {
    match format {
        STATE_FORMAT => Ok(()),
        found if found > STATE_FORMAT => {
            Err(Error::NewerState { namespace: namespace.to_owned(), found, known: STATE_FORMAT })
        }
        found => Err(Error::CorruptState { namespace: namespace.to_owned(), reason: format!("format {found}") }),
    }
}

pub(crate) fn read_pending(namespace: &str, gate: &GateState) -> Result<Pending> {
    serde_json::from_str(&gate.pending).map_err(|error| Error::CorruptState {
        namespace: namespace.to_owned(),
        reason: format!("pending work: {error}"),
    })
}

/// Folded names that other namespaces claim (rule S4).
pub(crate) async fn other_claims<S: Session>(session: &mut S, namespace: &str) -> Result<BTreeMap<Name, String>> {
    let dialect = session.dialect();
    let mut claims = BTreeMap::new();
    for (other, json) in session.other_claims(namespace).await? {
        let names: Vec<Name> = serde_json::from_str(&json)
            .map_err(|error| Error::CorruptState { namespace: other.clone(), reason: format!("claims: {error}") })?;
        claims.extend(names.iter().map(|name| (crate::diff::folded(&*dialect, name), other.clone())));
    }
    Ok(claims)
}

/// What the gate says before any lock is taken.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Nothing changed since the last run.
    UpToDate,
    /// Nothing changed, but columns wait for a backfill: to be counted.
    Waiting(Vec<PendingColumn>),
    /// An older binary is speaking (rule S6).
    Superseded,
    /// There is work, or the caller insists.
    Look,
}

/// The model is one that the namespace has left behind (rule S6).
fn is_left_behind(gate: &Gate, state: &GateState, fingerprint: &str) -> bool {
    gate.known_fingerprint && state.attempted != fingerprint
}

/// A run of this model goes back (rule S6), or goes on with that.
pub(crate) fn goes_back(gate: &Gate, namespace: &str, fingerprint: &str) -> Result<bool> {
    let Some(state) = &gate.state else { return Ok(false) };
    let goes_on = state.attempted == fingerprint && read_pending(namespace, state)?.back;
    Ok(goes_on || is_left_behind(gate, state, fingerprint))
}

/// Reads the gate (rules S2, S6).
pub(crate) fn judge(gate: &Gate, namespace: &str, fingerprint: &str, options: &super::Options) -> Result<Verdict> {
    let Some(state) = &gate.state else { return Ok(Verdict::Look) };
    check_format(namespace, state.format)?;
    if is_left_behind(gate, state, fingerprint) && !options.allow_revert {
        return Ok(Verdict::Superseded);
    }
    let pending = read_pending(namespace, state)?;
    let same = state.fingerprint == fingerprint && state.server == gate.server;
    if !same || options.force || (pending.withheld && !options.safe) {
        return Ok(Verdict::Look);
    }
    Ok(if pending.required.is_empty() { Verdict::UpToDate } else { Verdict::Waiting(pending.required) })
}
