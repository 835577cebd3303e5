//! What a step does to those who use the database meanwhile, in the dialect's words where it knows better than the planner.

use super::types::{Plan, Step};
use crate::catalog::Name;
use crate::change::Hazard;
use crate::dialect::{Dialect, NameKind};
use std::collections::BTreeMap;

/// Fills in lock and hazards.
pub(crate) fn note(dialect: &dyn Dialect, step: &mut Step) {
    let Some(effect) = dialect.effect(&step.change) else { return };
    let deletes = step.hazards.contains(&Hazard::DeletesData);
    step.lock = effect.lock.map(str::to_owned);
    step.hazards = effect.hazards;
    if deletes {
        step.hazards.push(Hazard::DeletesData);
    }
    step.hazards.sort_unstable();
    step.hazards.dedup();
}

impl Plan {
    /// Keeps what the database guesses of the tables that are changed.
    pub(crate) fn note_estimates(&mut self, dialect: &dyn Dialect, estimates: &BTreeMap<Name, u64>) {
        if estimates.is_empty() {
            return;
        }
        let by_text: BTreeMap<String, u64> = estimates
            .iter()
            .map(|(name, rows)| (dialect.fold(NameKind::Relation, &name.to_string()).into_owned(), *rows))
            .collect();
        for step in self.steps.iter().filter(|step| step.lock.is_some()) {
            let entry = &mut self.entries[step.entry];
            let live = entry.renamed_from.clone().unwrap_or_else(|| entry.name());
            entry.estimated_rows = by_text.get(&*dialect.fold(NameKind::Relation, &live)).copied();
        }
    }
}
