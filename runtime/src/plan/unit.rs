//! [`Unit`]: steps that succeed or fail together.

use crate::catalog::Name;
use serde::{Deserialize, Serialize};

/// Steps that succeed or fail together. The units are in the order in which they are done, and every step of the plan whose
/// [`StepIsolation`](crate::change::StepIsolation) is `Unit` is in exactly one of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Unit {
    /// Positions in [`Plan::steps`](super::Plan::steps), in the order in which they are done.
    pub steps: Vec<usize>,
    /// Positions in [`Plan::entries`](super::Plan::entries) of the entries that the steps belong to, sorted.
    pub entries: Vec<usize>,
    /// Positions of earlier units. When one of them fails, this one is not done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<usize>,
    /// Tables whose foreign keys are compared before and after, by their names while the unit runs (rule X3).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub check: Vec<Name>,
}
