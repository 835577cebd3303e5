//! Keys: duplicates and NULLs in a primary key, orphans of a foreign one, rows that point to what goes.

use super::{is_added, projected_rows};
use crate::catalog::IndexKind;
use crate::catalog::{ForeignKey, Index, IndexOn, Name};
use crate::change::{ColumnProperty, DataCheck};
use crate::diff::folded;
use crate::diff::table::{TableDiff, TableKind};
use crate::plan::build::Planner;
use crate::plan::data_checks::{PRIMARY_KEY, counted, counted_that, samples};
use crate::plan::table::{Decisions, never_compares};

/// Rule C10.
pub(super) fn primary_key(planner: &mut Planner<'_>, diff: &TableDiff, decisions: &mut Decisions) {
    let Some(key) = &diff.primary_key.to else { return };
    let made =
        projected_rows::is_made(planner, diff, decisions, &|name| key.columns.iter().any(|column| column == name));
    let added = key.columns.iter().any(|name| is_added(diff, name));
    if added && !made {
        // The rebuild's own constraint says it, and the entry is rolled back.
        return;
    }
    let table = planner.live_table(&diff.name);
    let live = |name: &String| if made { name.clone() } else { planner.live_column(&diff.name, name) };
    let live: Vec<String> = key.columns.iter().map(live).collect();
    let ask = |planner: &Planner<'_>, decisions: &Decisions, check| {
        if made { projected_rows::result(planner, diff, decisions, check) } else { planner.data_checks.result(check) }
    };
    for column in &live {
        let nulls = ask(planner, decisions, DataCheck::Nulls { table: table.clone(), column: column.clone() }).count;
        if nulls > 0 {
            decisions.errors.push(format!(
                "{}({}) cannot become the primary key: {} NULL in \"{column}\"",
                diff.name,
                key.columns.join(", "),
                counted_that(nulls, "row", "is", "are")
            ));
        }
    }
    let parts = live.iter().map(|name| plain_part(name)).collect();
    let index = Index { name: PRIMARY_KEY.to_owned(), kind: IndexKind::Unique, parts, ..Index::default() };
    let answer = ask(planner, decisions, DataCheck::Duplicates { table, index });
    if answer.count > 0 {
        decisions.errors.push(format!(
            "{}({}) cannot become the primary key: {} more than once{}",
            diff.name,
            key.columns.join(", "),
            counted_that(answer.count, "value", "is there", "are there"),
            samples(&answer)
        ));
    }
}

pub(super) fn plain_part(name: &str) -> crate::catalog::IndexPart {
    crate::catalog::IndexPart {
        on: IndexOn::Column(name.to_owned()),
        order: crate::descriptor::SortOrder::Asc,
        collate: None,
        extra: None,
    }
}

/// Rule F2.
pub(super) fn orphans(planner: &mut Planner<'_>, diff: &TableDiff, key: &ForeignKey, decisions: &mut Decisions) {
    let retyped = |diff: &TableDiff, names: &[String]| {
        diff.altered.iter().any(|altered| altered.changes(ColumnProperty::Type) && names.contains(&altered.to.name))
    };
    let made =
        projected_rows::is_made(planner, diff, decisions, &|name| key.columns.iter().any(|column| column == name));
    if !made && (key.columns.iter().any(|name| is_added(diff, name)) || retyped(diff, &key.columns)) {
        return;
    }
    let parent = planner.diff_of.get(&folded(planner.dialect, &key.target)).copied();
    if parent.is_some_and(|parent| {
        retyped(parent, &key.target_columns) || key.target_columns.iter().any(|name| is_added(parent, name))
    }) {
        return;
    }
    // What the server cannot compare it cannot be asked: the key is an error already.
    if never_compares(planner, diff, key) {
        return;
    }
    let mut live = live_key(planner, &diff.name, key);
    if parent.is_some_and(|parent| parent.kind == TableKind::Create) {
        // The parent is made in this run and empty: every value is an orphan, whatever bears its name now.
        live.target_columns.clear();
    }
    let table = planner.live_table(&diff.name);
    let answer = if made {
        live.columns.clone_from(&key.columns);
        if key.target == diff.name && !live.target_columns.is_empty() {
            live.target_columns.clone_from(&key.target_columns);
        }
        projected_rows::result(planner, diff, decisions, DataCheck::Orphans { table, foreign_key: live })
    } else {
        planner.data_checks.result(DataCheck::Orphans { table, foreign_key: live })
    };
    if answer.count > 0 {
        decisions.errors.push(format!(
            "foreign key {} cannot be added to {}: {} no match in {}{}",
            crate::plan::table::describe_key(key),
            diff.name,
            counted_that(answer.count, "row", "has", "have"),
            key.target,
            samples(&answer)
        ));
    }
}

/// The key in the names that both tables have before this run.
pub(super) fn live_key(planner: &Planner<'_>, table: &Name, key: &ForeignKey) -> ForeignKey {
    let mut live = key.clone();
    live.columns = key.columns.iter().map(|name| planner.live_column(table, name)).collect();
    live.target_columns = key.target_columns.iter().map(|name| planner.live_column(&key.target, name)).collect();
    live.target = planner.live_table(&key.target);
    live
}

/// Rule X2: rows elsewhere that point to rows which shall go.
pub(super) fn references(planner: &mut Planner<'_>, diff: &TableDiff, decisions: &mut Decisions) {
    let key = folded(planner.dialect, &diff.name);
    for (other, foreign_key) in planner.referencing.get(&key).cloned().unwrap_or_default() {
        // A parent without those columns has no row that anything could point to.
        let lacks = |name: &String| diff.live.as_ref().is_none_or(|live_table| live_table.column(name).is_none());
        if other == diff.name || foreign_key.target_columns.iter().any(lacks) {
            continue;
        }
        let child = planner.diff_of.get(&folded(planner.dialect, &other)).copied();
        let going = child
            .is_some_and(|child| child.kind == TableKind::Drop || child.foreign_keys.dropped.contains(&foreign_key));
        if going {
            continue;
        }
        let live = live_key(planner, &other, &foreign_key);
        let answer =
            planner.data_checks.result(DataCheck::References { table: planner.live_table(&other), foreign_key: live });
        if answer.count > 0 {
            decisions.errors.push(format!(
                "{} cannot be dropped and recreated: {} of {other}({}) reference it",
                diff.name,
                counted(answer.count, "row"),
                foreign_key.columns.join(", ")
            ));
        }
    }
}
