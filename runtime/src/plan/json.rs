//! A plan as JSON: saved, reviewed, applied later (rule P3).

use super::Plan;

/// A plan that cannot be written as JSON, or a text that is no plan.
#[derive(Debug, thiserror::Error)]
#[error("{doing}: {source}")]
#[non_exhaustive]
pub struct PlanError {
    /// What was being done.
    pub doing: &'static str,
    /// What serde said.
    #[source]
    pub source: serde_json::Error,
}

impl Plan {
    /// The plan as JSON, to be saved and applied later (rule P3).
    ///
    /// # Errors
    /// Where serde fails.
    pub fn to_json(&self) -> Result<String, PlanError> {
        serde_json::to_string_pretty(self).map_err(|source| PlanError { doing: "writing the plan", source })
    }

    /// A saved plan.
    ///
    /// # Errors
    /// Where the text is not a plan, or one that another version of schemasync has written in another format.
    pub fn from_json(json: &str) -> Result<Self, PlanError> {
        let wrong = |source| PlanError { doing: "reading the plan", source };
        let plan: Self = serde_json::from_str(json).map_err(wrong)?;
        if plan.format != Self::FORMAT {
            let (found, known) = (plan.format, Self::FORMAT);
            let text = format!("it has format {found}, this version of schemasync knows {known}: make a new plan");
            return Err(wrong(serde::de::Error::custom(text)));
        }
        Ok(plan)
    }
}
