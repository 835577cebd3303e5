//! Which of a table's indexes can be made.

use super::keys::plain_part;
use crate::catalog::{Index, IndexOn, IndexPart, Table};
use crate::dialect::DataCheck;
use crate::diff::column::AlteredColumn;
use crate::diff::table::TableDiff;
use crate::model::IndexKind;
use crate::plan::build::Planner;
use crate::plan::facts::{counted, counted_that, samples};
use crate::plan::table::Decisions;
use crate::plan::types::ColumnProperty;

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
            duplicates(planner, diff, decisions, index)
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

/// The column as it is live; one that changes its type, as its values will be.
fn live_value(planner: &Planner<'_>, diff: &TableDiff, decisions: &Decisions, name: &str) -> IndexOn {
    let live = planner.live_column(&diff.name, name);
    retyped(diff, decisions)
        .find(|altered| altered.to.name == name)
        .and_then(|altered| planner.dialect.converted(&live, &altered.from, &altered.to))
        .map_or(IndexOn::Column(live), IndexOn::Expression)
}

fn retyped<'d>(diff: &'d TableDiff, decisions: &'d Decisions) -> impl Iterator<Item = &'d AlteredColumn> {
    let altered = decisions.altered.iter().map(|&at| &diff.altered[at]);
    altered.filter(|altered| altered.changes(ColumnProperty::Type) && altered.to.generated.is_none())
}

/// Keys and unique indexes that stay while a column of theirs changes its type: two values may become one.
pub(super) fn collapsed(planner: &Planner<'_>, diff: &TableDiff, current: &Table, decisions: &mut Decisions) {
    if !planner.dialect.capabilities().alter_column || planner.policy.allow_lossy || decisions.rebuild {
        return;
    }
    let key = current.primary_key.as_ref().filter(|_| !diff.primary_key.changed);
    let key = key.map(|key| ("the primary key".to_owned(), key.columns.clone()));
    let stays = |index: &&Index| {
        let goes = diff.indexes_dropped.iter().any(|dropped| dropped.name == index.name);
        index.kind == IndexKind::Unique && index.predicate.is_none() && !goes
    };
    let columns = |index: &Index| -> Option<Vec<String>> {
        let plain = |part: &IndexPart| match &part.on {
            IndexOn::Column(name) => Some(name.clone()),
            IndexOn::Expression(_) => None,
        };
        index.parts.iter().map(plain).collect()
    };
    let unique = current.indexes.iter().filter(stays);
    let unique = unique.filter_map(|index| Some((format!("unique index \"{}\"", index.name), columns(index)?)));
    let mut errors = Vec::new();
    for (what, columns) in key.into_iter().chain(unique) {
        let Some(altered) = retyped(diff, decisions).find(|altered| columns.contains(&altered.to.name)) else {
            continue;
        };
        let mut parts: Vec<IndexPart> = columns.iter().map(|name| plain_part(name)).collect();
        for part in &mut parts {
            if let IndexOn::Column(name) = &part.on {
                part.on = live_value(planner, diff, decisions, name);
            }
        }
        let index = Index { name: what.clone(), kind: IndexKind::Unique, parts, ..Index::default() };
        let answer = planner.facts.ask(DataCheck::Duplicates { table: planner.live_table(&diff.name), index });
        if answer.count > 0 {
            errors.push(format!(
                "Type change on {}.{} ({} → {}): {} more than once in {what}{}. Nothing was changed",
                diff.name,
                altered.to.name,
                altered.from.ty,
                altered.to.ty,
                counted_that(answer.count, "value", "would be there", "would be there"),
                samples(&answer)
            ));
        }
    }
    decisions.errors.extend(errors);
}

pub(super) fn duplicates(
    planner: &Planner<'_>,
    diff: &TableDiff,
    decisions: &Decisions,
    index: &Index,
) -> Option<String> {
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
            IndexOn::Column(name) => live_value(planner, diff, decisions, name),
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
