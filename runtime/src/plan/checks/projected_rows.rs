//! The rows of a table as this run will leave them: what is asked of values that a rebuild makes.

use crate::catalog::{Column, Index};
use crate::change::{CheckResult, CopyColumn, CopySource, DataCheck, ProjectedRows};
use crate::diff::table::TableDiff;
use crate::plan::build::Planner;
use crate::plan::rebuild;
use crate::plan::table::Decisions;

/// Whether any column that `reads` tells of gets values in this run that it does not have yet, and can be asked for all the same.
pub(super) fn is_made(
    planner: &Planner<'_>,
    diff: &TableDiff,
    decisions: &Decisions,
    reads: &dyn Fn(&str) -> bool,
) -> bool {
    if !planner.dialect.capabilities().projects_rows {
        return false;
    }
    let made = with_generated(decisions, |column| is_new(diff, decisions, column));
    // The one column of a new primary key may number the rows by itself: nobody knows its values.
    let key = diff.primary_key.to.as_ref().map(|key| key.columns.as_slice());
    let numbers = |column: &Column| {
        let added = diff.added.iter().any(|added| added.name == column.name);
        added && key == Some(std::slice::from_ref(&column.name))
    };
    let unknown = with_generated(decisions, numbers);
    made.iter().any(|column| reads(&column.name)) && !unknown.iter().any(|column| reads(&column.name))
}

/// Those columns, and the generated ones that are made of them.
fn with_generated(decisions: &Decisions, is_one: impl Fn(&Column) -> bool) -> Vec<&Column> {
    let mut found: Vec<&Column> = decisions.columns.iter().filter(|column| is_one(column)).collect();
    loop {
        let follows = |column: &&Column| {
            let sql = column.generated.as_ref().map(|generated| &generated.sql);
            !found.iter().any(|other| other.name == column.name)
                && sql.is_some_and(|sql| found.iter().any(|other| sql.reads.column(&other.name)))
        };
        let more: Vec<&Column> = decisions.columns.iter().filter(follows).collect();
        if more.is_empty() {
            return found;
        }
        found.extend(more);
    }
}

fn is_new(diff: &TableDiff, decisions: &Decisions, column: &Column) -> bool {
    let altered = decisions.altered.iter().map(|&at| &diff.altered[at]).any(|altered| {
        altered.to.name == column.name
            && (altered.to.generated != altered.from.generated || altered.to.collate != altered.from.collate)
    });
    altered || !matches!(rebuild::source(diff, decisions, column, false), CopySource::Keep(_))
}

/// What an index reads, by name.
pub(super) fn index_reads(index: &Index) -> impl Fn(&str) -> bool + '_ {
    |name| index.keys_read(name)
}

/// Asks `check`, whose columns have their names after the run.
pub(super) fn result(planner: &Planner<'_>, diff: &TableDiff, decisions: &Decisions, check: DataCheck) -> CheckResult {
    let images = vec![image(planner, diff, decisions)];
    planner.data_checks.result(DataCheck::OnProjection { images, check: Box::new(check) })
}

fn image(planner: &Planner<'_>, diff: &TableDiff, decisions: &Decisions) -> ProjectedRows {
    let all: Vec<&Column> = decisions.columns.iter().chain(&decisions.kept).chain(&diff.unmanaged_columns).collect();
    let live = |name: &String| planner.live_column(&diff.name, name);
    let copied = |column: &Column| {
        let mut source = rebuild::source(diff, decisions, column, planner.planning.allow_lossy);
        match &mut source {
            CopySource::Keep(name) => *name = live(name),
            CopySource::Cast { from, .. } | CopySource::FillNulls { from, .. } => from.name = live(&from.name),
            CopySource::Default => {}
        }
        CopyColumn { to: column.clone(), source }
    };
    let columns = all.iter().filter(|column| column.generated.is_none()).map(|column| copied(column)).collect();
    let mut left: Vec<&Column> = all.into_iter().filter(|column| column.generated.is_some()).collect();
    let mut generated = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let waits = |column: &Column| {
            let sql = column.generated.as_ref().map(|generated| &generated.sql);
            let reads =
                |other: &&Column| other.name != column.name && sql.is_some_and(|sql| sql.reads.column(&other.name));
            left.iter().any(reads)
        };
        let next = left.iter().position(|column| !waits(column)).unwrap_or(0);
        generated.push(left.remove(next).clone());
    }
    ProjectedRows { table: planner.live_table(&diff.name), columns, generated }
}
