//! Changes of one table that the server takes in one statement are one step: the table is locked, read and rewritten once.

use super::effects;
use super::types::{Plan, Step};
use crate::catalog::Name;
use crate::change::Change;
use crate::dialect::Dialect;
use std::collections::BTreeMap;

/// Joins the steps of each unit that follow one another and can be one.
pub(crate) fn coalesce(dialect: &dyn Dialect, plan: &mut Plan) {
    let mut steps: Vec<Step> = Vec::with_capacity(plan.steps.len());
    let mut places: BTreeMap<usize, usize> = BTreeMap::new();
    let unit_of: BTreeMap<usize, usize> =
        plan.units.iter().enumerate().flat_map(|(unit, of)| of.steps.iter().map(move |step| (*step, unit))).collect();
    for (at, step) in std::mem::take(&mut plan.steps).into_iter().enumerate() {
        let same_unit = at > 0 && unit_of.contains_key(&at) && unit_of.get(&at) == unit_of.get(&(at - 1));
        let last = steps.len().saturating_sub(1);
        match steps.get(last).filter(|_| same_unit).and_then(|last| joined(dialect, last, &step)) {
            Some(both) => steps[last] = both,
            None => steps.push(step),
        }
        places.insert(at, steps.len() - 1);
    }
    for unit in &mut plan.units {
        unit.steps = unit.steps.iter().filter_map(|at| places.get(at).copied()).collect();
        unit.steps.dedup();
    }
    plan.steps = steps;
}

/// The two as one step, where the dialect can do them in one statement.
fn joined(dialect: &dyn Dialect, last: &Step, next: &Step) -> Option<Step> {
    if last.entry != next.entry || last.optional || next.optional || !last.isolation.is_unit() {
        return None;
    }
    let table = altered(&next.change)?.clone();
    let mut changes = match &last.change {
        Change::AlterTable { changes, .. } => changes.clone(),
        change => vec![change.clone()],
    };
    if altered(&last.change) != Some(&table) || !dialect.joins(&changes, &next.change) {
        return None;
    }
    changes.push(next.change.clone());
    let change = Change::AlterTable { table, changes };
    let statements = dialect.render(&change).ok()?;
    let mut hazards = last.hazards.clone();
    hazards.extend(&next.hazards);
    hazards.sort_unstable();
    hazards.dedup();
    let mut step = Step { risk: last.risk.max(next.risk), hazards, ..Step::new(last.entry, change, statements) };
    effects::note(dialect, &mut step);
    Some(step)
}

fn altered(change: &Change) -> Option<&Name> {
    match change {
        Change::AddColumn { table, .. }
        | Change::AlterColumn { table, .. }
        | Change::DropColumn { table, .. }
        | Change::AlterTable { table, .. } => Some(table),
        _ => None,
    }
}
