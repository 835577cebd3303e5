//! Entries that succeed or fail together, beside those that need each other anyway ([`super::graph`]).

use super::build::Planner;
use super::propagate::{earlier_names, name_giver};
use super::table;
use crate::change::Change;
use crate::diff::folded;
use crate::diff::table::{TableDiff, TableKind};

/// Couples the entries of tables, and orders those of which one takes a name that another gives up.
pub(crate) fn couple(planner: &mut Planner<'_>) {
    let earlier = earlier_names(planner);
    for diff in &planner.diff.tables {
        let Some(&at) = planner.entry_of.get(&folded(planner.dialect, &diff.name)) else { continue };
        if let Some(giver) = name_giver(planner, &earlier, diff)
            && let Some(&giver) = planner.entry_of.get(&folded(planner.dialect, &giver.name))
            && giver != at
        {
            planner.coupled.push((at, giver));
            planner.entry_order.push((giver, at));
        }
        for other in coupled_tables(planner, at, diff) {
            if let Some(&other) = planner.entry_of.get(&folded(planner.dialect, &other)).filter(|&&other| other != at) {
                planner.coupled.push((at, other));
            }
        }
    }
}

/// The tables that a table succeeds or fails with, because of the foreign keys between them.
fn coupled_tables(planner: &Planner<'_>, at: usize, diff: &TableDiff<'_>) -> Vec<crate::catalog::Name> {
    let mut tables = Vec::new();
    // Unmanaged keys are restored in the end, or nothing is done of either table.
    tables.extend(table::suspended_keys(planner, diff).into_iter().map(|key| key.target));
    // A key that gives way to the change of its target goes with it, or not at all; one that goes by itself, before it.
    tables.extend(table::standing_keys(planner, diff).into_iter().map(|(other, ..)| other));
    if diff.kind == TableKind::Match {
        tables.extend(table::coupled_tables(planner, diff));
    }
    let rebuilt = |name: &crate::catalog::Name| {
        let entry = planner.entry_of.get(&folded(planner.dialect, name));
        entry.is_some_and(|&entry| rebuilds(planner, entry))
    };
    if rebuilds(planner, at) {
        // Keys that go in this run couple rebuilt tables as well: each alone would be checked against half of the other.
        let keys = diff.desired.into_iter().chain(&diff.live).flat_map(|table| &table.foreign_keys);
        tables.extend(keys.map(|key| key.target.clone()).filter(rebuilt));
    }
    if planner.dialect.capabilities().foreign_keys_block_changes {
        let changes = |key: &&crate::catalog::ForeignKey| table::changed_together(planner, diff, key);
        tables.extend(diff.foreign_keys.kept.iter().filter(changes).map(|key| key.target.clone()));
    }
    tables
}

fn rebuilds(planner: &Planner<'_>, entry: usize) -> bool {
    planner.steps[entry].iter().any(|step| matches!(step.change, Change::RebuildTable(_)))
}
