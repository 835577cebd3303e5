//! Which of a table's indexes can be made.

use super::image;
use super::keys::plain_part;
use crate::catalog::{Index, IndexOn, IndexPart};
use crate::dialect::DataCheck;
use crate::diff::table::TableDiff;
use crate::model::IndexKind;
use crate::plan::build::Planner;
use crate::plan::facts::{counted, counted_that, samples};
use crate::plan::table::Decisions;

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
            duplicates(planner, diff, index, decisions)
        } else if !decisions.discard_rows {
            computes(planner, diff, index, decisions)
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

/// Unique indexes that stay, whosever they are, over values that this run makes: where those are alike nothing of the table can be done.
pub(super) fn kept(planner: &Planner<'_>, diff: &TableDiff, decisions: &mut Decisions) {
    let current = diff.current.iter().flat_map(|current| &current.indexes);
    let goes = |index: &Index| {
        let named = |other: &Index| other.name == index.name;
        diff.indexes_dropped.iter().any(named) || diff.indexes_added.iter().any(named)
    };
    for index in current.filter(|index| index.kind == IndexKind::Unique && !goes(index)) {
        if !image::is_made(planner, diff, decisions, &image::index_reads(planner, index)) {
            continue;
        }
        let table = planner.live_table(&diff.name);
        let answer = image::ask(planner, diff, decisions, DataCheck::Duplicates { table, index: index.clone() });
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
    if planner.dialect.capabilities().alter_column {
        return None;
    }
    let expressions = index.parts.iter().filter_map(|part| match &part.on {
        IndexOn::Expression(sql) => Some(sql),
        IndexOn::Column(_) => None,
    });
    let computed: Vec<String> = expressions.chain(&index.predicate).map(|sql| planner.dialect.computes(sql)).collect();
    if computed.is_empty() {
        return None;
    }
    let table = planner.live_table(&diff.name);
    // Asked as of an index, it is that index's own matter; how many rows are alike is of no interest.
    let on = IndexOn::Expression(computed.join(" AND "));
    let part = IndexPart { on, ..plain_part("") };
    let asked = Index { name: index.name.clone(), parts: vec![part], ..Index::default() };
    let answer = image::ask(planner, diff, decisions, DataCheck::Duplicates { table, index: asked });
    answer.raised.map(|said| cannot_be_made(diff, index, &said))
}

fn cannot_be_made(diff: &TableDiff, index: &Index, said: &str) -> String {
    let unique = if index.kind == IndexKind::Unique { "unique " } else { "" };
    format!(
        "{unique}index \"{}\" on {} cannot be made: {said}. Its other changes are kept; the next run tries again",
        index.name, diff.name
    )
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
        if rows > 1 {
            return Some(message(1, format!(" (the default, in {})", counted(rows, "row"))));
        }
    }
    let made = image::is_made(planner, diff, decisions, &image::index_reads(planner, index));
    if !new.is_empty() && !made {
        return None;
    }
    if made {
        let table = planner.live_table(&diff.name);
        let answer = image::ask(planner, diff, decisions, DataCheck::Duplicates { table, index: index.clone() });
        if let Some(said) = &answer.raised {
            return Some(cannot_be_made(diff, index, said));
        }
        return (answer.count > 0).then(|| message(answer.count, samples(&answer)));
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
        return Some(cannot_be_made(diff, index, said));
    }
    (answer.count > 0).then(|| message(answer.count, samples(&answer)))
}
