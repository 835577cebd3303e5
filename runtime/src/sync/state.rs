//! What a namespace keeps between runs: fingerprint, base, pending work (rules S1 to S4).

use super::timeline::Timeline;
use crate::catalog::{Catalog, Name};
use crate::dialect::{self, GateState, Session, StateRow};
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Format of the state row; a newer one is refused.
pub(crate) const STATE_FORMAT: i64 = 1;

/// Work that is known and not done, and what decides whether there is some.
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
    /// The models that have been here: what a run asks before it does any work.
    #[serde(default, skip_serializing_if = "Timeline::is_empty")]
    pub(crate) timeline: Timeline,
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

    pub(crate) fn to_row(&self) -> dialect::Result<StateRow> {
        let json = |source| dialect::Error::Json { doing: "writing the state", source };
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
