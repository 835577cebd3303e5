//! Values that do not fit what a column, a check or an option will ask of them.

use super::projected_rows;
use crate::catalog::{Column, Expression, Table};
use crate::change::{CastSafety, CheckResult, ColumnProperty, DataCheck};
use crate::dialect::{Dialect, NameKind};
use crate::diff::column::AlteredColumn;
use crate::diff::table::TableDiff;
use crate::plan::build::Planner;
use crate::plan::data_checks::{counted, counted_that, samples};
use crate::plan::table::Decisions;

/// Rows that will violate a condition, those columns included that this run adds.
pub(super) fn violations(
    planner: &mut Planner<'_>,
    diff: &TableDiff,
    live_table: &Table,
    sql: &Expression,
    decisions: &mut Decisions,
    message: impl Fn(String) -> String,
) {
    let columns = &sql.reads.columns;
    let retyped = planner.dialect.capabilities().alter_column_in_place
        && diff
            .altered
            .iter()
            .any(|altered| altered.changes(ColumnProperty::Type) && columns.contains(&altered.to.name));
    let changing =
        diff.columns.iter().any(|column| columns.contains(&column.name) && planner.types.is_changing(column));
    // Over the old type it may not even be a question; adding the check asks it.
    if retyped || changing || planner.types.mentions_changing_type(sql) {
        return;
    }
    if projected_rows::is_made(planner, diff, decisions, &|name| columns.iter().any(|column| column == name)) {
        let table = planner.live_table(&diff.name);
        let check = DataCheck::Violations { table, sql: sql.text.clone(), added: Vec::new() };
        let answer = projected_rows::result(planner, diff, decisions, check);
        if answer.count > 0 {
            let rows = counted_that(answer.count, "row", "violates", "violate");
            decisions.errors.push(message(format!("{rows} it{}", samples(&answer))));
        }
        return;
    }
    let mut added = Vec::new();
    for column in diff.added.iter().filter(|column| columns.contains(&column.name)) {
        // What each row gets is only known beforehand where it is a constant, or made of what is there under its own name.
        let constant = column.default.as_ref().is_none_or(|default| !default.reads.volatile);
        let own = diff.column_renames.is_empty() && !diff.added.iter().any(|other| reads(column, &other.name));
        let known = if column.generated.is_some() { own } else { constant && column.identity.is_none() };
        let taken = live_table.column(&column.name).is_some()
            || diff.column_renames.iter().any(|(from, _)| {
                planner.dialect.fold(NameKind::Column, from) == planner.dialect.fold(NameKind::Column, &column.name)
            });
        if !known || taken {
            return;
        }
        added.push(column.clone());
    }
    let mut live = sql.text.clone();
    for (from, to) in diff.column_renames.iter().rev() {
        live = planner.dialect.rename_in_expression(&live, to, from);
    }
    let answer =
        planner.data_checks.result(DataCheck::Violations { table: planner.live_table(&diff.name), sql: live, added });
    if answer.count > 0 {
        let rows = counted_that(answer.count, "row", "violates", "violate");
        decisions.errors.push(message(format!("{rows} it{}", samples(&answer))));
    }
}

pub(super) fn reads(column: &Column, name: &str) -> bool {
    column.generated.as_ref().is_some_and(|generated| generated.sql.reads.column(name))
}

/// Values that were let into a column although they are not of its type, and that an option of the table will not let in any more.
pub(super) fn wrong_types(planner: &mut Planner<'_>, diff: &TableDiff, decisions: &mut Decisions) {
    let key = diff.live.iter().filter_map(|table| table.primary_key.as_ref()).flat_map(|pk| &pk.columns);
    let key: Vec<String> = key.map(|name| planner.live_column(&diff.name, name)).collect();
    let table = planner.live_table(&diff.name);
    let new = |column: &&Column| diff.added.iter().any(|added| added.name == column.name);
    for column in decisions.columns.iter().filter(|column| column.generated.is_none() && !new(column)) {
        let altered = diff.altered.iter().find(|altered| altered.to.name == column.name);
        let live = planner.live_column(&diff.name, &column.name);
        let check = match altered.filter(|altered| altered.changes(ColumnProperty::Type)) {
            Some(altered) if planner.dialect.cast(&altered.from, &altered.to) != CastSafety::Safe => continue,
            Some(altered) => DataCheck::Unconvertible {
                table: table.clone(),
                from: Column { name: live, ..altered.from.clone() },
                to: altered.to.clone(),
                key: key.clone(),
                lossy: false,
            },
            None => {
                let column = Column { name: live, ..column.clone() };
                DataCheck::WrongType { table: table.clone(), column, key: key.clone() }
            }
        };
        let answer = planner.data_checks.result(check);
        if answer.count > 0 {
            decisions.errors.push(format!(
                "{} cannot enforce the types of its columns: {} of \"{}\" {} no {}{}. Mend them first",
                diff.name,
                counted(answer.count, "value"),
                column.name,
                if answer.count == 1 { "is" } else { "are" },
                column.ty,
                samples(&answer)
            ));
        }
    }
}

/// Columns whose native type stays while the model reads another kind of values in them: values that are none of it are an error, and a
/// warning in a column that was adopted.
pub(crate) fn reinterpreted(planner: &mut Planner<'_>, entry: usize, diff: &TableDiff, decisions: &mut Decisions) {
    if !decisions.errors.is_empty() || decisions.discard_rows {
        return;
    }
    for (from, to) in &diff.reinterpreted {
        let withheld = decisions.columns.iter().any(|column| column.name == to.name && column.values != to.values);
        if withheld || planner.dialect.cast(from, to) == CastSafety::Safe {
            continue;
        }
        let mut answer = unconvertible(planner, diff, from, to, false);
        if answer.count > 0 && planner.planning.allow_lossy {
            let inexact = answer.count;
            answer = unconvertible(planner, diff, from, to, true);
            if inexact > answer.count {
                let rounded = counted_that(inexact - answer.count, "value", "is", "are");
                planner.entries[entry].warnings.push(format!("column \"{}\": {rounded} rounded when read", to.name));
            }
        }
        let Some(kind) = to.values.as_ref().filter(|_| answer.count > 0) else { continue };
        let values = counted_that(answer.count, "value", "is", "are");
        let samples = samples(&answer);
        match &from.values {
            Some(old) => decisions.errors.push(format!(
                "Type change on {}.{} ({old} → {kind}): {values} no {kind}{samples}. Nothing was changed: mend the values first",
                diff.name, to.name
            )),
            None => planner.entries[entry].warnings.push(format!(
                "`{}` is adopted as {kind}, and {values} no {kind}{samples}: they cannot be read until they are mended",
                to.name
            )),
        }
    }
}

/// Values of a live column that do not convert without loss; `lossy`: those that do not convert at all.
pub(crate) fn unconvertible(
    planner: &Planner<'_>,
    diff: &TableDiff,
    from: &Column,
    to: &Column,
    lossy: bool,
) -> CheckResult {
    let key = diff.live.iter().filter_map(|table| table.primary_key.as_ref()).flat_map(|pk| &pk.columns);
    let key = key.map(|name| planner.live_column(&diff.name, name)).collect();
    let table = planner.live_table(&diff.name);
    let from = Column { name: planner.live_column(&diff.name, &from.name), ..from.clone() };
    planner.data_checks.result(DataCheck::Unconvertible { table, from, to: to.clone(), key, lossy })
}

/// Whether the column is a generated one whose values are computed anew, so that there is nothing to convert: a rebuild copies none, and
/// neither does a column that is dropped and added.
pub(crate) fn is_computed(dialect: &dyn Dialect, altered: &AlteredColumn) -> bool {
    altered.to.generated.is_some()
        && (!dialect.capabilities().alter_column_in_place || dialect.replaces_column(&altered.from, &altered.to))
}

/// Rules C5, C7: values that do not convert, NULLs that may not stay.
pub(super) fn column(planner: &mut Planner<'_>, diff: &TableDiff, at: usize, decisions: &mut Decisions) {
    let altered = &diff.altered[at];
    if is_computed(planner.dialect, altered) {
        return;
    }
    let table = planner.live_table(&diff.name);
    let live = planner.live_column(&diff.name, &altered.from.name);
    let place = format!("{}.{}", diff.name, altered.to.name);
    let mut lost = 0;
    if altered.changes(ColumnProperty::Type) {
        let types = format!("({} → {})", planner.types.shown(&altered.from.ty), altered.to.ty);
        match planner.dialect.cast(&altered.from, &altered.to) {
            CastSafety::Safe => {}
            // The labels that go have been looked for in all columns of the type.
            CastSafety::Checked if planner.types.is_superseded(&altered.from.ty) => {}
            CastSafety::Impossible => decisions.errors.push(format!(
                "Type change on {place} {types} is not possible: there is no conversion. Add a new field and drop this one"
            )),
            CastSafety::Checked => {
                let allow_lossy = planner.planning.allow_lossy;
                let answer = unconvertible(planner, diff, &altered.from, &altered.to, allow_lossy);
                lost = answer.count;
                if lost > 0 && !allow_lossy {
                    decisions.errors.push(format!(
                        "Type change on {place} {types}: {} cannot be converted{}. Nothing was changed: mend the values, or \
                         run with allow_lossy to round them, or to replace them by the default or NULL",
                        counted(lost, "value"),
                        samples(&answer)
                    ));
                }
            }
        }
    }
    if altered.to.nullable || altered.to.generated.is_some() {
        return;
    }
    let fills = altered.to.default.is_some();
    if lost > 0 && planner.planning.allow_lossy && !fills {
        decisions.errors.push(format!(
            "Type change on {place}: {} cannot be converted, and the column is required and has no default",
            counted(lost, "value")
        ));
    }
    if altered.changes(ColumnProperty::Nullable) && !fills {
        let nulls = planner.data_checks.result(DataCheck::Nulls { table, column: live }).count;
        if nulls > 0 {
            decisions.errors.push(format!(
                "{place} cannot become required: {} NULL. Backfill them, or give the field a default",
                counted_that(nulls, "row", "is", "are")
            ));
        }
    }
}
