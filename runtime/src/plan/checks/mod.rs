//! What the data has to say before a table is touched (rules C5, C7, C10, F2, I2, X2).

mod indexes;
mod keys;
pub(crate) mod keys_losing_target;
mod projected_rows;
mod values;
pub(crate) mod virtual_tables;

pub(crate) use indexes::{indexes, withhold_failing_indexes};

use keys::{orphans, primary_key, references};
use values::{column, violations, wrong_types};
pub(crate) use values::{is_computed, reinterpreted, unconvertible};

use crate::catalog::{Expression, Reads, Table};
use crate::change::DataCheck;
use crate::diff::table::TableDiff;
use crate::plan::build::Planner;
use crate::plan::table::Decisions;

/// Adds an error to `decisions` for everything in the data that stands in the way.
pub(crate) fn check(planner: &mut Planner<'_>, diff: &TableDiff, live: &Table, decisions: &mut Decisions) {
    if !decisions.errors.is_empty() {
        return;
    }
    keys_losing_target::check(planner, diff, decisions);
    decisions.errors.extend(virtual_tables::errors(planner, diff));
    if decisions.discard_rows {
        return references(planner, diff, decisions);
    }
    for at in decisions.altered.clone() {
        column(planner, diff, at, decisions);
    }
    if decisions.errors.is_empty() {
        indexes::collapsed(planner, diff, live, decisions);
    }
    if diff.primary_key.changed {
        primary_key(planner, diff, decisions);
    }
    for key in &diff.foreign_keys.added {
        orphans(planner, diff, key, decisions);
    }
    for check in &diff.checks.added {
        violations(planner, diff, live, &check.sql, decisions, |rows| {
            format!("check ({}) cannot be added to {}: {rows}", check.sql, diff.name)
        });
    }
    generated(planner, diff, decisions);
    indexes::kept(planner, diff, decisions);
    for column in diff.added.iter().filter(|column| column.generated.is_some() && !column.nullable) {
        let text = format!("{} IS NOT NULL", planner.dialect.quote(&column.name));
        let reads = Reads { columns: vec![column.name.clone()], ..Reads::default() };
        violations(planner, diff, live, &Expression::reading(text, reads), decisions, |rows| {
            format!("{}.{} is required, and generates NULL: {rows}", diff.name, column.name)
        });
    }
    if diff.options.iter().any(|(key, _, to)| planner.dialect.enforces_types(key, to.as_deref())) {
        wrong_types(planner, diff, decisions);
    }
}

/// Generated columns that come or change: an expression that fails over a row would make all of them unreadable.
fn generated(planner: &Planner<'_>, diff: &TableDiff, decisions: &Decisions) {
    for column in decisions.columns.iter().filter(|column| column.generated.is_some()) {
        if projected_rows::is_made(planner, diff, decisions, &|name| name == column.name) {
            let table = planner.live_table(&diff.name);
            let sql = planner.dialect.computes(&planner.dialect.quote(&column.name));
            projected_rows::result(planner, diff, decisions, DataCheck::Violations { table, sql, added: Vec::new() });
        }
    }
}

pub(super) fn is_added(diff: &TableDiff, name: &str) -> bool {
    diff.added.iter().any(|column| column.name == name)
}
