//! What is over a column that becomes one of an enum type, or one of another: the server compares values of one type only, so
//! checks, partial indexes and indexes over expressions go before the column changes and come back after it.

use crate::catalog::{Check, Expression, Index, Table};
use crate::change::ColumnProperty;
use crate::diff::table::TableDiff;
use crate::plan::build::Planner;

/// The differences with those among the changes; `None`: there are none.
pub(super) fn recreate_dependents<'t>(
    planner: &Planner<'_>,
    diff: &TableDiff<'t>,
    live_table: &Table,
) -> Option<TableDiff<'t>> {
    let desired = diff.desired?;
    let checks: Vec<&Check> = desired.checks.iter().filter(|check| is_over(planner, diff, &check.sql)).collect();
    let indexes: Vec<&Index> =
        desired.indexes.iter().filter(|index| index.expressions().any(|sql| is_over(planner, diff, sql))).collect();
    if checks.is_empty() && indexes.is_empty() {
        return None;
    }
    let mut recreated = diff.clone();
    for check in checks {
        let Some(at) = recreated.checks.kept.iter().position(|kept| kept.name == check.name) else { continue };
        let mut old = recreated.checks.kept.remove(at);
        let renamed = recreated.checks.renamed.iter().position(|(_, to)| Some(to) == check.name.as_ref());
        if let Some(renamed) = renamed {
            old.name = Some(recreated.checks.renamed.remove(renamed).0);
        }
        recreated.checks.dropped.push(old);
        recreated.checks.added.push(check.clone());
    }
    for index in indexes {
        if recreated.indexes_added.iter().any(|added| added.name == index.name) {
            continue;
        }
        let renamed = recreated.indexes_renamed.iter().position(|(_, to)| *to == index.name);
        let old = renamed.map_or_else(|| index.name.clone(), |at| recreated.indexes_renamed.remove(at).0);
        let Some(old) = live_table.indexes.iter().find(|live| live.name == old && !live.constraint) else { continue };
        recreated.indexes_dropped.push(old.clone());
        recreated.indexes_added.push(index.clone());
    }
    Some(recreated)
}

/// Whether the expression is over a column that becomes one of another type, where either is an enum type, or mentions a type that is
/// recreated.
pub(crate) fn is_over(planner: &Planner<'_>, diff: &TableDiff<'_>, sql: &Expression) -> bool {
    let retyped = diff.altered.iter().filter(|altered| altered.changes(ColumnProperty::Type));
    let mut enums = retyped.filter(|altered| !altered.from.labels.is_empty() || !altered.to.labels.is_empty());
    enums.any(|altered| sql.reads.column(&altered.to.name)) || planner.types.mentions_superseded_type(sql)
}
