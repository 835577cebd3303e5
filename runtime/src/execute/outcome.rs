//! What has become of a plan.

use crate::change::Change;
use crate::plan::{Entry, EntryStatus, Plan};
use std::collections::BTreeSet;

/// How much of an entry the database holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    /// Nothing: it is as before the run.
    Nothing,
    /// Some of its statements are kept and others are not, or nobody knows how many (DDL that is not transactional).
    Some,
    /// All of it, but for the optional steps that its errors name.
    All,
}

/// What has become of a plan.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    /// The plan's entries, with the errors that came.
    pub(crate) entries: Vec<Entry>,
    /// The statements that were run and kept.
    pub(crate) statements: Vec<String>,
    /// How much of each entry is kept, by its position.
    pub(crate) kept: Vec<Kept>,
    /// Entries that have failed: what depends on them is not done.
    failed: BTreeSet<usize>,
    /// Units that are not done and will not be.
    failed_units: BTreeSet<usize>,
    /// How many units of each entry are not finished.
    open: Vec<usize>,
    /// The last unit, or an optional step of it, failed only because others were in the way.
    pub(super) busy: bool,
}

impl Outcome {
    /// Nothing is done yet: what the planner has given up has failed, what has no steps is as it should be.
    pub(super) fn new(plan: &Plan) -> Self {
        let mut open = vec![0; plan.entries.len()];
        for entry in plan.units.iter().flat_map(|unit| &unit.entries) {
            open[*entry] += 1;
        }
        let with_steps: BTreeSet<usize> = plan.steps.iter().map(|step| step.entry).collect();
        let given_up = |at: usize| !plan.entries[at].errors.is_empty() && !with_steps.contains(&at);
        let failed: BTreeSet<usize> = (0..plan.entries.len()).filter(|&at| given_up(at)).collect();
        let kept = |at| if failed.contains(&at) || open[at] > 0 { Kept::Nothing } else { Kept::All };
        Self {
            entries: plan.entries.clone(),
            statements: Vec::new(),
            kept: (0..plan.entries.len()).map(kept).collect(),
            failed,
            failed_units: BTreeSet::new(),
            open,
            busy: false,
        }
    }

    /// Whether nothing of that entry will be done any more.
    pub(super) fn has_failed(&self, entry: usize) -> bool {
        self.failed.contains(&entry)
    }

    /// The entry that keeps a unit from being done: one of its own that has failed, or one of a unit that it depends on.
    pub(super) fn obstacle(&self, plan: &Plan, unit: usize) -> Option<usize> {
        let unit = &plan.units[unit];
        let failed = |at: &&usize| self.failed.contains(at);
        let parents = unit.depends_on.iter().filter(|at| self.failed_units.contains(at));
        let mut parents = parents.flat_map(|&at| plan.units[at].entries.iter());
        unit.entries.iter().find(failed).or_else(|| parents.find(failed)).copied()
    }

    /// The unit is about to change something; gives what of its entries is kept until then.
    pub(super) fn begin_unit(&mut self, plan: &Plan, unit: usize) -> Vec<(usize, Kept)> {
        let entries = plan.units[unit].entries.iter();
        entries.map(|&entry| (entry, std::mem::replace(&mut self.kept[entry], Kept::Some))).collect()
    }

    /// Nothing of the unit that was begun is kept.
    pub(super) fn restore_kept(&mut self, before: Vec<(usize, Kept)>) {
        for (entry, kept) in before {
            self.kept[entry] = kept;
        }
    }

    /// The unit is done.
    pub(super) fn unit_done(&mut self, plan: &Plan, unit: usize) {
        for &entry in &plan.units[unit].entries {
            self.open[entry] -= 1;
            if self.open[entry] == 0 {
                self.kept[entry] = Kept::All;
            }
        }
    }

    /// The unit is not done; its entries have failed. Those that had failed before keep their own errors.
    pub(super) fn unit_failed(&mut self, plan: &Plan, unit: usize, errors: &[String]) {
        self.failed_units.insert(unit);
        for &entry in &plan.units[unit].entries {
            if self.failed.insert(entry) {
                fail(&mut self.entries[entry], errors);
            }
        }
    }

    /// A unit whose steps all come later, outside of the units, is done; whether it is one.
    pub(super) fn skip_empty(&mut self, plan: &Plan, unit: usize) -> bool {
        let empty = plan.units[unit].steps.is_empty();
        if empty {
            self.unit_done(plan, unit);
        }
        empty
    }

    /// Gives the unit up where an entry of its own, or a unit that it depends on, has failed; whether it has.
    pub(super) fn give_up(&mut self, plan: &Plan, unit: usize) -> bool {
        let Some(entry) = self.obstacle(plan, unit) else { return false };
        let error = format!("depends on {}, which failed", plan.entries[entry].name());
        self.unit_failed(plan, unit, &[error]);
        true
    }
}

/// An entry of which the user has to know that it is not as it should be.
fn fail(entry: &mut Entry, errors: &[String]) {
    tracing::debug!(entry = %entry.name(), ?errors, "the entry failed");
    let old = std::mem::take(entry);
    *entry = Entry {
        object: old.object,
        status: EntryStatus::Error,
        errors: old.errors,
        warnings: old.warnings,
        unmanaged: old.unmanaged,
        ..Entry::default()
    };
    for error in errors {
        if !entry.errors.contains(error) {
            entry.errors.push(error.clone());
        }
    }
}

/// One change of an entry is not done; the others are.
pub(super) fn lacks(entry: &mut Entry, change: &Change, error: &str) {
    entry.status = EntryStatus::Error;
    entry.errors.push(format!("{error}. The entry's other changes are kept; the next run tries again"));
    if let Change::CreateIndex { index, .. } = change {
        entry.indexes_created.retain(|name| *name != index.name);
    }
}
