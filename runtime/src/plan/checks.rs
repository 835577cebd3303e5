//! What the data has to say before a table is touched (rules C5, C7, C10, F2, I2, X2).

use super::build::Planner;
use super::facts::{counted, counted_that, samples};
use super::table::Decisions;
use super::types::ColumnProperty;
use crate::catalog::{Column, ForeignKey, Index, IndexOn, Name, Table};
use crate::dialect::{Cast, DataCheck};
use crate::diff::folded;
use crate::diff::table::{TableDiff, TableKind};
use crate::model::IndexKind;

/// Adds an error to `decisions` for everything in the data that stands in the way.
pub(crate) fn check(planner: &mut Planner<'_>, diff: &TableDiff, current: &Table, decisions: &mut Decisions) {
    if !decisions.errors.is_empty() {
        return;
    }
    if decisions.discard_rows {
        return references(planner, diff, decisions);
    }
    for at in decisions.altered.clone() {
        column(planner, diff, at, decisions);
    }
    if diff.primary_key.changed {
        primary_key(planner, diff, decisions);
    }
    for key in &diff.foreign_keys.added {
        orphans(planner, diff, key, decisions);
    }
    for check in &diff.checks.added {
        violations(planner, diff, current, &check.columns, &check.sql, decisions, |rows| {
            format!("check ({}) cannot be added to {}: {rows}", check.sql, diff.name)
        });
    }
    for column in diff.added.iter().filter(|column| column.generated.is_some() && !column.nullable) {
        let required = format!("{} IS NOT NULL", planner.dialect.quote(&column.name));
        violations(planner, diff, current, std::slice::from_ref(&column.name), &required, decisions, |rows| {
            format!("{}.{} is required, and generates NULL: {rows}", diff.name, column.name)
        });
    }
    if diff.options.iter().any(|(key, _, to)| planner.dialect.enforces_types(key, to.as_deref())) {
        wrong_types(planner, diff, decisions);
    }
}

/// Rows that will violate a condition, those columns included that this run adds.
fn violations(
    planner: &mut Planner<'_>,
    diff: &TableDiff,
    current: &Table,
    columns: &[String],
    sql: &str,
    decisions: &mut Decisions,
    message: impl Fn(String) -> String,
) {
    let retyped = planner.dialect.capabilities().alter_column
        && diff
            .altered
            .iter()
            .any(|altered| altered.changes(ColumnProperty::Type) && columns.contains(&altered.to.name));
    // Over the old type it may not even be a question; adding the check asks it.
    if retyped {
        return;
    }
    let mut added = Vec::new();
    for column in diff.added.iter().filter(|column| columns.contains(&column.name)) {
        // What each row gets is only known beforehand where it is a constant, or made of what is there under its own name.
        let constant = column.default.as_deref().is_none_or(|default| !default.contains('('));
        let own = diff.column_renames.is_empty() && !diff.added.iter().any(|other| reads(planner, column, &other.name));
        let known = if column.generated.is_some() { own } else { constant && column.identity.is_none() };
        let taken = current.column(&column.name).is_some()
            || diff
                .column_renames
                .iter()
                .any(|(from, _)| planner.dialect.fold(from) == planner.dialect.fold(&column.name));
        if !known || taken {
            return;
        }
        added.push(column.clone());
    }
    let mut live = sql.to_owned();
    for (from, to) in diff.column_renames.iter().rev() {
        live = planner.dialect.rename_in_expression(&live, to, from);
    }
    let answer = planner.facts.ask(DataCheck::Violations { table: planner.live_table(&diff.name), sql: live, added });
    if answer.count > 0 {
        let rows = counted_that(answer.count, "row", "violates", "violate");
        decisions.errors.push(message(format!("{rows} it{}", samples(&answer))));
    }
}

fn reads(planner: &Planner<'_>, column: &Column, name: &str) -> bool {
    column.generated.as_ref().is_some_and(|generated| planner.dialect.mentions(&generated.sql, name))
}

/// Values that were let into a column although they are not of its type, and that an option of the table will not let in any more.
fn wrong_types(planner: &mut Planner<'_>, diff: &TableDiff, decisions: &mut Decisions) {
    let key = diff.current.iter().filter_map(|table| table.primary_key.as_ref()).flat_map(|pk| &pk.columns);
    let key: Vec<String> = key.map(|name| planner.live_column(&diff.name, name)).collect();
    let table = planner.live_table(&diff.name);
    let new = |column: &&Column| diff.added.iter().any(|added| added.name == column.name);
    for column in decisions.columns.iter().filter(|column| column.generated.is_none() && !new(column)) {
        let altered = diff.altered.iter().find(|altered| altered.to.name == column.name);
        let live = planner.live_column(&diff.name, &column.name);
        let check = match altered.filter(|altered| altered.changes(ColumnProperty::Type)) {
            Some(altered) if planner.dialect.cast(&altered.from, &altered.to) != Cast::Safe => continue,
            Some(altered) => DataCheck::Unconvertible {
                table: table.clone(),
                from: Column { name: live, ..altered.from.clone() },
                to: altered.to.clone(),
                key: key.clone(),
            },
            None => {
                let column = Column { name: live, ..column.clone() };
                DataCheck::WrongType { table: table.clone(), column, key: key.clone() }
            }
        };
        let answer = planner.facts.ask(check);
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

fn is_added(diff: &TableDiff, name: &str) -> bool {
    diff.added.iter().any(|column| column.name == name)
}

/// Rules C5, C7: values that do not convert, NULLs that may not stay.
fn column(planner: &mut Planner<'_>, diff: &TableDiff, at: usize, decisions: &mut Decisions) {
    let altered = &diff.altered[at];
    // Its values are computed anew.
    if altered.to.generated.is_some() && planner.dialect.replaces_column(&altered.from, &altered.to) {
        return;
    }
    let table = planner.live_table(&diff.name);
    let live = planner.live_column(&diff.name, &altered.from.name);
    let place = format!("{}.{}", diff.name, altered.to.name);
    let mut lost = 0;
    if altered.changes(ColumnProperty::Type) {
        let types = format!("({} → {})", altered.from.ty, altered.to.ty);
        match planner.dialect.cast(&altered.from, &altered.to) {
            Cast::Safe => {}
            Cast::Impossible => decisions.errors.push(format!(
                "Type change on {place} {types} is not possible: there is no conversion. Add a new field and drop this one"
            )),
            Cast::Checked => {
                let mut from = altered.from.clone();
                from.name.clone_from(&live);
                let key = diff.current.iter().filter_map(|table| table.primary_key.as_ref()).flat_map(|pk| &pk.columns);
                let key = key.map(|name| planner.live_column(&diff.name, name)).collect();
                let answer = planner.facts.ask(DataCheck::Unconvertible {
                    table: table.clone(),
                    from,
                    to: altered.to.clone(),
                    key,
                });
                lost = answer.count;
                if lost > 0 && !planner.policy.allow_lossy {
                    decisions.errors.push(format!(
                        "Type change on {place} {types}: {} cannot be converted{}. Nothing was changed: mend the values, or \
                         run with allow_lossy to replace them by the default or NULL",
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
    if lost > 0 && planner.policy.allow_lossy && !fills {
        decisions.errors.push(format!(
            "Type change on {place}: {} cannot be converted, and the column is required and has no default",
            counted(lost, "value")
        ));
    }
    if altered.changes(ColumnProperty::Nullable) && !fills {
        let nulls = planner.facts.ask(DataCheck::Nulls { table, column: live }).count;
        if nulls > 0 {
            decisions.errors.push(format!(
                "{place} cannot become required: {} NULL. Backfill them, or give the field a default",
                counted_that(nulls, "row", "is", "are")
            ));
        }
    }
}

/// Rule C10.
fn primary_key(planner: &mut Planner<'_>, diff: &TableDiff, decisions: &mut Decisions) {
    let Some(key) = &diff.primary_key.to else { return };
    if key.columns.iter().any(|name| is_added(diff, name)) {
        // The rebuild's own constraint says it, and the entry is rolled back.
        return;
    }
    let table = planner.live_table(&diff.name);
    let live: Vec<String> = key.columns.iter().map(|name| planner.live_column(&diff.name, name)).collect();
    for column in &live {
        let nulls = planner.facts.ask(DataCheck::Nulls { table: table.clone(), column: column.clone() }).count;
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
    let index =
        Index { name: super::facts::PRIMARY_KEY.to_owned(), kind: IndexKind::Unique, parts, ..Index::default() };
    let answer = planner.facts.ask(DataCheck::Duplicates { table, index });
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

fn plain_part(name: &str) -> crate::catalog::IndexPart {
    crate::catalog::IndexPart {
        on: IndexOn::Column(name.to_owned()),
        order: crate::descriptor::SortOrder::Asc,
        collate: None,
        extra: None,
    }
}

/// Rule F2.
fn orphans(planner: &mut Planner<'_>, diff: &TableDiff, key: &ForeignKey, decisions: &mut Decisions) {
    let retyped = |diff: &TableDiff, names: &[String]| {
        diff.altered.iter().any(|altered| altered.changes(ColumnProperty::Type) && names.contains(&altered.to.name))
    };
    if key.columns.iter().any(|name| is_added(diff, name)) || retyped(diff, &key.columns) {
        return;
    }
    let parent = planner.diff_of.get(&folded(planner.dialect, &key.target)).copied();
    if parent.is_some_and(|parent| {
        retyped(parent, &key.target_columns) || key.target_columns.iter().any(|name| is_added(parent, name))
    }) {
        return;
    }
    let mut live = live_key(planner, &diff.name, key);
    if parent.is_some_and(|parent| parent.kind == TableKind::Create) {
        // The parent is made in this run and empty: every value is an orphan, whatever bears its name now.
        live.target_columns.clear();
    }
    let answer = planner.facts.ask(DataCheck::Orphans { table: planner.live_table(&diff.name), foreign_key: live });
    if answer.count > 0 {
        decisions.errors.push(format!(
            "foreign key {} cannot be added to {}: {} no match in {}{}",
            super::table::describe_key(key),
            diff.name,
            counted_that(answer.count, "row", "has", "have"),
            key.target,
            samples(&answer)
        ));
    }
}

/// The key in the names that both tables have before this run.
fn live_key(planner: &Planner<'_>, table: &Name, key: &ForeignKey) -> ForeignKey {
    let mut live = key.clone();
    live.columns = key.columns.iter().map(|name| planner.live_column(table, name)).collect();
    live.target_columns = key.target_columns.iter().map(|name| planner.live_column(&key.target, name)).collect();
    live.target = planner.live_table(&key.target);
    live
}

/// Rule X2: rows elsewhere that point to rows which shall go.
fn references(planner: &mut Planner<'_>, diff: &TableDiff, decisions: &mut Decisions) {
    let key = folded(planner.dialect, &diff.name);
    for (other, foreign_key) in planner.referencing.get(&key).cloned().unwrap_or_default() {
        // A parent without those columns has no row that anything could point to.
        let lacks = |name: &String| diff.current.as_ref().is_none_or(|current| current.column(name).is_none());
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
        let answer = planner.facts.ask(DataCheck::References { table: planner.live_table(&other), foreign_key: live });
        if answer.count > 0 {
            decisions.errors.push(format!(
                "{} cannot be dropped and made again: {} of {other}({}) reference it",
                diff.name,
                counted(answer.count, "row"),
                foreign_key.columns.join(", ")
            ));
        }
    }
}

/// The indexes that are to be made, without the unique ones that the data does not allow: each of those is an error of the entry,
/// and its other changes are kept (rule I2). The flag tells whether a failure takes back that index alone.
pub(crate) fn indexes(
    planner: &mut Planner<'_>,
    entry: usize,
    diff: &TableDiff,
    decisions: &Decisions,
) -> Vec<(Index, bool)> {
    let mut result = Vec::new();
    let added = |index: &Index| diff.indexes_added.iter().any(|added| added.name == index.name);
    if decisions.rebuild {
        // Ours went with the old table; those that did not change have to come back, or the rebuild is taken back.
        let current = diff.current.iter().flat_map(|current| &current.indexes);
        let kept: Vec<Index> = current
            .filter(|index| {
                !index.constraint
                    && crate::catalog::is_managed_name(&index.name)
                    && !diff.indexes_dropped.iter().any(|dropped| dropped.name == index.name)
            })
            .cloned()
            .collect();
        result.extend(kept.into_iter().filter(|index| !added(index)).map(|index| (index, false)));
    }
    for index in &diff.indexes_added {
        let error = if index.kind == IndexKind::Unique && !decisions.discard_rows {
            duplicates(planner, diff, index)
        } else {
            None
        };
        match error {
            Some(error) => {
                planner.entries[entry].errors.push(error);
                planner.entries[entry].indexes_created.retain(|name| *name != index.name);
            }
            None => result.push((index.clone(), true)),
        }
    }
    result
}

fn duplicates(planner: &Planner<'_>, diff: &TableDiff, index: &Index) -> Option<String> {
    let message = |count: u64, samples: String| {
        format!(
            "unique index \"{}\" on {} cannot be made: {} more than once{samples}. Its other changes are kept; the next run tries again",
            index.name,
            diff.name,
            counted_that(count, "value", "is there", "are there"),
        )
    };
    let names: Vec<&String> = index
        .parts
        .iter()
        .filter_map(|part| match &part.on {
            IndexOn::Column(name) => Some(name),
            IndexOn::Expression(_) => None,
        })
        .collect();
    let new: Vec<_> = diff
        .added
        .iter()
        .filter(|column| {
            let reads = |sql: &String| planner.dialect.mentions(sql, &column.name);
            names.contains(&&column.name)
                || index.predicate.as_ref().is_some_and(reads)
                || index.parts.iter().any(|part| matches!(&part.on, IndexOn::Expression(sql) if reads(sql)))
        })
        .collect();
    if !new.is_empty() {
        // The one column of a new primary key may number the rows by itself: the key is asked, not the default.
        let is_key =
            diff.primary_key.to.as_ref().is_some_and(|key| names.iter().any(|name| key.columns == [(*name).clone()]));
        let constant = !is_key
            && names.len() == index.parts.len()
            && new.len() == names.len()
            && index.predicate.is_none()
            && new.iter().all(|column| column.default.as_deref().is_some_and(|default| !default.contains('(')));
        let rows = if constant { planner.rows(&diff.name) } else { 0 };
        return (rows > 1).then(|| message(1, format!(" (the default, in {})", counted(rows, "row"))));
    }
    let mut live = index.clone();
    let back = |sql: &str| {
        diff.column_renames
            .iter()
            .rev()
            .fold(sql.to_owned(), |sql, (from, to)| planner.dialect.rename_in_expression(&sql, to, from))
    };
    for part in &mut live.parts {
        part.on = match &part.on {
            IndexOn::Column(name) => IndexOn::Column(planner.live_column(&diff.name, name)),
            IndexOn::Expression(sql) => IndexOn::Expression(back(sql)),
        };
    }
    live.predicate = live.predicate.as_deref().map(back);
    let answer = planner.facts.ask(DataCheck::Duplicates { table: planner.live_table(&diff.name), index: live });
    if let Some(said) = &answer.raised {
        return Some(format!(
            "unique index \"{}\" on {} cannot be made: {said}. Its other changes are kept; the next run tries again",
            index.name, diff.name
        ));
    }
    (answer.count > 0).then(|| message(answer.count, samples(&answer)))
}
