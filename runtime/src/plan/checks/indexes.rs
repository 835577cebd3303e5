//! Which of a table's indexes can be made.

use super::keys::plain_part;
use super::keys_losing_target::stands_on;
use super::projected_rows;
use crate::catalog::IndexKind;
use crate::catalog::{Column, Expression, Index, IndexOn, IndexPart, Name, Table};
use crate::change::{CastSafety, ColumnProperty, DataCheck};
use crate::diff::column::AlteredColumn;
use crate::diff::folded;
use crate::diff::table::TableDiff;
use crate::plan::build::Planner;
use crate::plan::data_checks::{counted, counted_that, samples};
use crate::plan::table::{Decisions, is_over, standing_keys};

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
        // Ours went with the old table; those that did not change have to come back, or the rebuild is rolled back.
        let live = diff.live.iter().flat_map(|live| &live.indexes);
        let kept: Vec<Index> = live
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
        match unmade(planner, diff, index, decisions) {
            Some(error) => {
                planner.entries[entry].errors.push(error);
                planner.entries[entry].indexes_created.retain(|name| *name != index.name);
            }
            None => result.push((index.clone(), true)),
        }
    }
    result
}

/// Why the index cannot be made over the rows.
fn unmade(planner: &Planner<'_>, diff: &TableDiff, index: &Index, decisions: &Decisions) -> Option<String> {
    if decisions.discard_rows {
        None
    } else if index.kind == IndexKind::Unique {
        duplicates(planner, diff, index, decisions)
    } else {
        computes(planner, diff, index, decisions)
    }
}

/// Rule I2: an index that shall be another one, and cannot be made, stays as it is where its columns do: what it kept apart is kept apart
/// until then, and keys stand on it. The differences without it.
pub(crate) fn withhold_failing_indexes<'t>(
    planner: &mut Planner<'_>,
    entry: usize,
    diff: &TableDiff<'t>,
    decisions: &mut Decisions,
) -> Option<TableDiff<'t>> {
    if diff.indexes_added.is_empty() || diff.indexes_dropped.is_empty() {
        return None;
    }
    let mut rest = diff.clone();
    let keys = standing_keys(planner, diff);
    let mut kept = Vec::new();
    for index in &diff.indexes_added {
        let Some(old) = diff.indexes_dropped.iter().find(|old| is_before(diff, old, index)) else { continue };
        let Some(error) = unmade(planner, diff, index, decisions) else { continue };
        let reads = projected_rows::index_reads(old);
        let mut changed = diff.altered.iter().map(|altered| &altered.to).chain(&diff.dropped);
        let stays = !old.invalid && !changed.any(|column| reads(&column.name));
        let renames =
            |name: &Name| planner.diff_of.get(&folded(planner.dialect, name)).is_some_and(|child| child.renames());
        let mut children = keys.iter().filter(|(_, key, _)| stands_on(key, old));
        if children.any(|(name, ..)| !stays || renames(name)) {
            decisions
                .errors
                .push(format!("{error}. A foreign key stands on the one that is there: nothing was changed"));
        } else if stays {
            rest.indexes_added.retain(|added| added.name != index.name);
            // Under the name of the table that it has now: else the next run would take it for one that nobody wants.
            let follows = old.name != index.name;
            if follows && !planner.dialect.capabilities().rename_index {
                rest.indexes_added.push(Index { name: index.name.clone(), sql: None, ..old.clone() });
            } else {
                rest.indexes_dropped.retain(|dropped| dropped.name != old.name);
                rest.indexes_renamed.extend(follows.then(|| (old.name.clone(), index.name.clone())));
            }
            kept.push(format!("{error}. Until then the one that is there stays"));
        }
    }
    let holds = !kept.is_empty();
    planner.entries[entry].errors.extend(kept);
    holds.then_some(rest)
}

/// Whether it is the same index before this run, also under the earlier name of its table.
fn is_before(diff: &TableDiff, old: &Index, index: &Index) -> bool {
    let follows = |from: &Name| {
        let (from, to) = (format!("__{}__", from.name), format!("__{}__", diff.name.name));
        old.name.replacen(&from, &to, 1) == index.name
    };
    old.name == index.name || diff.renamed_from.as_ref().is_some_and(follows)
}

/// Unique indexes that stay, whosever they are, over values that this run makes: where those are alike nothing of the table can be done.
pub(super) fn kept(planner: &Planner<'_>, diff: &TableDiff, decisions: &mut Decisions) {
    let live = diff.live.iter().flat_map(|live| &live.indexes);
    let goes = |index: &Index| {
        let named = |other: &Index| other.name == index.name;
        diff.indexes_dropped.iter().any(named) || diff.indexes_added.iter().any(named)
    };
    for index in live.filter(|index| index.kind == IndexKind::Unique && !goes(index)) {
        if !projected_rows::is_made(planner, diff, decisions, &projected_rows::index_reads(index)) {
            continue;
        }
        let table = planner.live_table(&diff.name);
        let answer =
            projected_rows::result(planner, diff, decisions, DataCheck::Duplicates { table, index: index.clone() });
        if answer.count > 0 {
            decisions.errors.push(format!(
                "unique index \"{}\" on {} does not allow the new values: {} more than once{}",
                index.name,
                diff.name,
                counted_that(answer.count, "value", "would be there", "would be there"),
                samples(&answer)
            ));
        }
    }
}

/// A plain index whose expressions or condition fail over a row cannot be made either.
fn computes(planner: &Planner<'_>, diff: &TableDiff, index: &Index, decisions: &Decisions) -> Option<String> {
    if !planner.dialect.capabilities().projects_rows {
        return None;
    }
    let computed: Vec<String> = index.expressions().map(|sql| planner.dialect.computes(sql)).collect();
    if computed.is_empty() {
        return None;
    }
    let table = planner.live_table(&diff.name);
    // Asked as of an index, it is that index's own matter; how many rows are alike is of no interest.
    let on = IndexOn::Expression(computed.join(" AND ").into());
    let part = IndexPart { on, ..plain_part("") };
    let asked = Index { name: index.name.clone(), parts: vec![part], ..Index::default() };
    let answer = projected_rows::result(planner, diff, decisions, DataCheck::Duplicates { table, index: asked });
    answer.raised.map(|said| cannot_be_made(diff, index, &said))
}

fn cannot_be_made(diff: &TableDiff, index: &Index, said: &str) -> String {
    let unique = if index.kind == IndexKind::Unique { "unique " } else { "" };
    format!(
        "{unique}index \"{}\" on {} cannot be made: {said}. Its other changes are kept; the next run tries again",
        index.name, diff.name
    )
}

/// The column as it is live; one that changes its type, as its values will be.
fn live_value(planner: &Planner<'_>, diff: &TableDiff, decisions: &Decisions, name: &str) -> IndexOn {
    let live = planner.live_column(&diff.name, name);
    retyped(diff, decisions)
        .find(|altered| altered.to.name == name)
        .and_then(|altered| planner.dialect.converted(&live, &altered.from, &altered.to))
        .map_or(IndexOn::Column(live), |sql| IndexOn::Expression(sql.into()))
}

fn retyped<'d>(diff: &'d TableDiff, decisions: &'d Decisions) -> impl Iterator<Item = &'d AlteredColumn> {
    let altered = decisions.altered.iter().map(|&at| &diff.altered[at]);
    altered.filter(|altered| altered.changes(ColumnProperty::Type) && altered.to.generated.is_none())
}

/// Keys and unique indexes that stay while a column of theirs changes its type: two values may become one.
pub(super) fn collapsed(planner: &Planner<'_>, diff: &TableDiff, live_table: &Table, decisions: &mut Decisions) {
    if !planner.dialect.capabilities().alter_column_in_place || planner.planning.allow_lossy || decisions.rebuild {
        return;
    }
    let key = live_table.primary_key.as_ref().filter(|_| !diff.primary_key.changed);
    let key =
        key.map(|key| Index { parts: key.columns.iter().map(|name| plain_part(name)).collect(), ..Index::default() });
    let key = key.map(|index| ("the primary key".to_owned(), index));
    let stays = |index: &&Index| {
        let goes = diff.indexes_dropped.iter().any(|dropped| dropped.name == index.name);
        index.kind == IndexKind::Unique && !goes
    };
    let unique = live_table.indexes.iter().filter(stays);
    let unique = unique.map(|index| (format!("unique index \"{}\"", index.name), index.clone()));
    let mut errors = Vec::new();
    for (what, index) in key.into_iter().chain(unique) {
        let keys = |altered: &&AlteredColumn| index.parts.iter().any(|part| is_column(part, &altered.to.name));
        let Some(altered) = retyped(diff, decisions).find(keys) else { continue };
        // What an expression makes of the new values is not known before.
        let computes = |part: &IndexPart| match &part.on {
            IndexOn::Column(_) => false,
            IndexOn::Expression(sql) => {
                retyped(diff, decisions).any(|altered| sql.reads.column(&altered.to.name))
                    || planner.types.mentions_changing_type(sql)
            }
        };
        let unknown = index.predicate.as_ref().is_some_and(|sql| planner.types.mentions_changing_type(sql));
        if unknown || index.parts.iter().any(computes) {
            continue;
        }
        let live = |part: &IndexPart| match &part.on {
            IndexOn::Column(name) => live_value(planner, diff, decisions, name),
            IndexOn::Expression(sql) => IndexOn::Expression(before_renames(planner, diff, sql).into()),
        };
        let parts = index.parts.iter().map(|part| IndexPart { on: live(part), ..part.clone() }).collect();
        // The condition is as it is now: over the old values.
        let predicate = index.predicate.as_deref().map(|sql| before_renames(planner, diff, sql).into());
        let index = Index { name: what.clone(), parts, predicate, sql: None, ..index };
        let answer = planner.data_checks.result(DataCheck::Duplicates { table: planner.live_table(&diff.name), index });
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

fn is_column(part: &IndexPart, column: &str) -> bool {
    matches!(&part.on, IndexOn::Column(name) if name == column)
}

/// The expression in the live names of the columns.
fn before_renames(planner: &Planner<'_>, diff: &TableDiff, sql: &str) -> String {
    diff.column_renames
        .iter()
        .rev()
        .fold(sql.to_owned(), |sql, (from, to)| planner.dialect.rename_in_expression(&sql, to, from))
}

pub(super) fn duplicates(
    planner: &Planner<'_>,
    diff: &TableDiff,
    index: &Index,
    decisions: &Decisions,
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
    let mut live = index.clone();
    let reads = projected_rows::index_reads(index);
    let new: Vec<&Column> = diff.added.iter().filter(|column| reads(&column.name)).collect();
    // What is the same in all rows tells none apart: the rest of the index has to.
    let rest_tells = !new.is_empty() && are_constant(diff, index, &names, &new);
    if rest_tells {
        let is_new = |part: &IndexPart| matches!(&part.on, IndexOn::Column(name) if new.iter().any(|column| column.name == *name));
        live.parts.retain(|part| !is_new(part));
        if live.parts.is_empty() {
            let rows = planner.rows(&diff.name);
            let value = if new.iter().all(|column| column.default.is_none()) { "NULL" } else { "the default" };
            return (rows > 1).then(|| message(1, format!(" ({value}, in {})", counted(rows, "row"))));
        }
    }
    let made = projected_rows::is_made(planner, diff, decisions, &reads);
    if !new.is_empty() && !made && !rest_tells {
        return None;
    }
    if made {
        let table = planner.live_table(&diff.name);
        let answer =
            projected_rows::result(planner, diff, decisions, DataCheck::Duplicates { table, index: index.clone() });
        if let Some(said) = &answer.raised {
            return Some(cannot_be_made(diff, index, said));
        }
        return (answer.count > 0).then(|| message(answer.count, samples(&answer)));
    }
    if is_unknown(planner, diff, index, decisions) {
        return None;
    }
    let back = |sql: &str| before_renames(planner, diff, sql);
    for part in &mut live.parts {
        part.on = match &part.on {
            IndexOn::Column(name) => live_value(planner, diff, decisions, name),
            IndexOn::Expression(sql) => IndexOn::Expression(back(sql).into()),
        };
    }
    live.predicate = live.predicate.as_deref().map(|sql| back(sql).into());
    let answer =
        planner.data_checks.result(DataCheck::Duplicates { table: planner.live_table(&diff.name), index: live });
    if let Some(said) = &answer.raised {
        return Some(cannot_be_made(diff, index, said));
    }
    (answer.count > 0).then(|| message(answer.count, samples(&answer)))
}

/// Whether the new columns of the index (`names`: all of its columns) have one value in all rows that are there.
fn are_constant(diff: &TableDiff, index: &Index, names: &[&String], new: &[&Column]) -> bool {
    // The one column of a new primary key may number the rows by itself: the key is asked, not the default.
    let is_key =
        diff.primary_key.to.as_ref().is_some_and(|key| names.iter().any(|name| key.columns == [(*name).clone()]));
    let constant = |column: &&Column| {
        let computed = column.generated.is_some() || column.identity.is_some();
        !computed && column.default.as_ref().map_or(index.nulls_not_distinct, |default| !default.reads.volatile)
    };
    !is_key && names.len() == index.parts.len() && index.predicate.is_none() && new.iter().all(constant)
}

/// Whether the values that the index will have cannot be asked for before: building the index asks for them.
fn is_unknown(planner: &Planner<'_>, diff: &TableDiff, index: &Index, decisions: &Decisions) -> bool {
    // Over the old type an expression may not even be a question.
    let changing = |sql: &Expression| {
        let over = |column: &Column| planner.types.is_changing(column) && sql.reads.column(&column.name);
        is_over(planner, diff, sql) || planner.types.mentions_changing_type(sql) || diff.columns.iter().any(over)
    };
    // What is put in the place of a value that does not convert is not known before.
    let reads = projected_rows::index_reads(index);
    let replaced = planner.planning.allow_lossy
        && retyped(diff, decisions).any(|altered| {
            reads(&altered.to.name) && planner.dialect.cast(&altered.from, &altered.to) == CastSafety::Checked
        });
    replaced || index.expressions().any(changing)
}
