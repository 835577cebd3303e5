//! Whether a label that this run adds is used in the same run: a server that adds it to a type takes it only once that is committed.
//!
//! Expressions are texts, so what could use it counts as using it: that costs rewriting tables, and never fails.

use super::type_usage::TypeUsages;
use crate::catalog::{Catalog, Column, EnumType, Expression, Table};
use crate::diff::Input;

/// Whether anything that this run makes or changes could hold one of these labels.
pub(super) fn in_this_run(
    input: &Input<'_>,
    live_catalog: &Catalog,
    usages: &TypeUsages<'_>,
    ty: &EnumType,
    live_type: &EnumType,
    added: &[String],
) -> bool {
    let dialect = input.dialect;
    let holds = |sql: &Expression| added.iter().any(|label| sql.reads.could_hold(label));
    for (name, table) in &input.lowered.catalog.tables {
        let live = usages.live(live_catalog, name);
        let of_type = |column: &Column| ty.is_of(column);
        let about = |sql: &Expression| {
            sql.reads.types.contains(&ty.name)
                || table.columns.iter().any(|column| of_type(column) && sql.reads.column(&column.name))
        };
        for column in &table.columns {
            let found = live.and_then(|live| usages.live_column(live, name, &column.name));
            // Values of another type become labels.
            if of_type(column) && found.is_some_and(|found| !live_type.is_of(found)) {
                return true;
            }
            let before = found.and_then(|found| found.default.as_ref());
            let default = column.default.as_ref().filter(|default| before != Some(default));
            if default.is_some_and(|sql| (of_type(column) || sql.reads.types.contains(&ty.name)) && holds(sql)) {
                return true;
            }
            let before = found.and_then(|found| found.generated.as_ref());
            let generated = column.generated.as_ref().filter(|generated| before != Some(generated));
            if generated.is_some_and(|generated| (of_type(column) || about(&generated.sql)) && holds(&generated.sql)) {
                return true;
            }
        }
        if checks(table, live, &about, &holds) || indexes(table, live, &about, &holds) {
            return true;
        }
    }
    input.lowered.catalog.views.iter().any(|(name, view)| {
        let same = live_catalog.views.get(name).is_some_and(|live| dialect.same_query(&view.sql, &live.sql));
        !same && holds(&view.sql)
    })
}

fn checks(
    table: &Table,
    live: Option<&Table>,
    about: &impl Fn(&Expression) -> bool,
    holds: &impl Fn(&Expression) -> bool,
) -> bool {
    table.checks.iter().any(|check| {
        let there = live.is_some_and(|live| live.checks.iter().any(|live| live.sql == check.sql));
        !there && about(&check.sql) && holds(&check.sql)
    })
}

fn indexes(
    table: &Table,
    live: Option<&Table>,
    about: &impl Fn(&Expression) -> bool,
    holds: &impl Fn(&Expression) -> bool,
) -> bool {
    table.indexes.iter().any(|index| {
        let there = live.is_some_and(|live| live.indexes.iter().any(|live| live.same_definition(index)));
        !there && index.expressions().any(|sql| about(sql) && holds(sql))
    })
}
