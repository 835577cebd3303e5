//! [`Unit`]: steps that succeed or fail together.

use super::build::Planned;
use super::types::Step;
use crate::catalog::Name;
use crate::change::Change;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Steps that succeed or fail together. The units are in the order in which they are done, and every step of the plan whose
/// [`StepIsolation`](crate::StepIsolation) is `Unit` is in exactly one of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Unit {
    /// Positions in [`Plan::steps`](super::Plan::steps), in the order in which they are done. Empty where the planner has given up the
    /// entries: what depends on this unit is then not done.
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

/// The units of a plan: the steps of coupled entries at the place of the first one; steps that come later on their own (a view that is
/// created, a foreign key that closes a cycle) are a unit of their own.
pub(crate) fn units_of(planned: &Planned) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    let mut units_of_entry: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for entry in given_up(planned) {
        units_of_entry.entry(entry).or_default().push(units.len());
        units.push(Unit { entries: vec![entry], ..Unit::default() });
    }
    let renames = renames(planned);
    for steps in groups(planned) {
        let step = |&at: &usize| &planned.plan.steps[at];
        let entries: BTreeSet<usize> = steps.iter().map(|at| step(at).entry).collect();
        let mut parents: Vec<usize> =
            entries.iter().flat_map(|&entry| planned.targets[entry].depends_on.iter().copied()).collect();
        for at in &steps {
            if matches!(step(at).change, Change::CreateView { .. }) {
                parents.extend(&planned.targets[step(at).entry].reads);
            }
        }
        let others = parents.iter().filter(|parent| !entries.contains(parent));
        let depends_on: BTreeSet<usize> =
            others.filter_map(|parent| units_of_entry.get(parent)).flatten().copied().collect();
        let check = check(planned, &entries, &renames);
        for &entry in &entries {
            units_of_entry.entry(entry).or_default().push(units.len());
        }
        let (entries, depends_on) = (entries.into_iter().collect(), depends_on.into_iter().collect());
        units.push(Unit { steps, entries, depends_on, check });
    }
    units
}

/// Entries without steps that the planner has given up and that others depend on.
fn given_up(planned: &Planned) -> Vec<usize> {
    let plan = &planned.plan;
    let working: BTreeSet<usize> = plan.steps.iter().map(|step| step.entry).collect();
    let needed: BTreeSet<usize> =
        planned.targets.iter().flat_map(|target| target.depends_on.iter().chain(&target.reads).copied()).collect();
    let failed = |at: &usize| !plan.entries[*at].errors.is_empty() && !working.contains(at) && needed.contains(at);
    (0..plan.entries.len()).filter(failed).collect()
}

/// Positions of the steps of each unit.
fn groups(planned: &Planned) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut open: BTreeMap<usize, usize> = BTreeMap::new();
    let mut last = None;
    let in_units = |(_, step): &(usize, &Step)| step.isolation.is_unit();
    for (position, step) in planned.plan.steps.iter().enumerate().filter(in_units) {
        let unit = planned.targets[step.entry].unit;
        let closes_cycle = step.optional && matches!(step.change, Change::AddForeignKey { .. });
        let late = closes_cycle || matches!(step.change, Change::CreateView { .. });
        match open.get(&unit).filter(|_| !late) {
            Some(&at) => groups[at].push(position),
            None if last == Some((step.entry, late)) => {
                if let Some(group) = groups.last_mut() {
                    group.push(position);
                }
            }
            None => {
                if !late {
                    open.insert(unit, groups.len());
                }
                groups.push(vec![position]);
            }
        }
        last = Some((step.entry, late));
    }
    groups
}

/// The tables that are renamed, by their new names: the entry and the old name.
fn renames(planned: &Planned) -> BTreeMap<&Name, (usize, &Name)> {
    let steps = planned.plan.steps.iter();
    let renames = steps.filter_map(|step| match &step.change {
        Change::RenameTable { from, to } => Some((to, (step.entry, from))),
        _ => None,
    });
    renames.collect()
}

/// The tables whose keys these entries may break. One that another unit renames is looked for by both of its names.
fn check(planned: &Planned, entries: &BTreeSet<usize>, renames: &BTreeMap<&Name, (usize, &Name)>) -> Vec<Name> {
    let mut names: BTreeSet<Name> =
        entries.iter().flat_map(|&entry| planned.targets[entry].check.iter().cloned()).collect();
    let elsewhere = |name: &Name| renames.get(name).filter(|(entry, _)| !entries.contains(entry));
    let old: Vec<Name> = names.iter().filter_map(|name| Some(elsewhere(name)?.1.clone())).collect();
    names.extend(old);
    names.into_iter().collect()
}
