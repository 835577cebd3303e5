//! What is there, printed once more: the server's words for what a model says may be its words for its own words. (Of `s IN ('a', 'b')` on a
//! `varchar` it makes a text that it prints in another way when it reads it.)

use super::normalise::temporary_index;
use crate::catalog::{Check, Expression, Index, IndexOn, Table};
use crate::change::Renames;
use crate::dialect::sql::wording::has_expression;

/// Live checks and indexes by the names that they have in the stand-in.
#[derive(Debug, Default)]
pub(crate) struct Reprinted {
    pub(super) checks: Vec<(String, Expression)>,
    pub(super) indexes: Vec<(String, Index)>,
    /// The statements of the stand-in without them.
    pub(super) without: Vec<String>,
}

impl Reprinted {
    /// The statements of the stand-in without what is there, where it is in it: that is no fault of the model.
    pub(crate) fn without(&self) -> Option<&[String]> {
        let is_empty = self.checks.is_empty() && self.indexes.is_empty();
        (!is_empty).then_some(self.without.as_slice())
    }
}

/// Adds to a stand-in what is there, as far as its columns are as they are there: the server's words for what the model says may be its words
/// for its own.
pub(super) fn reprint(
    renames: &Renames,
    desired: &Table,
    live: &Table,
    temporary: &str,
    asked: &mut Table,
) -> Reprinted {
    let mut reprinted = Reprinted::default();
    if renames.columns.get(&desired.name).is_some_and(|changes| !changes.ordered.is_empty()) {
        return reprinted;
    }
    let stays = |name: &String| {
        live.column(name)
            .zip(asked.column(name))
            .is_some_and(|(live, asked)| live.ty == asked.ty && live.collate == asked.collate && live.labels.is_empty())
    };
    let readable = |sql: &Expression| sql.reads.types.is_empty() && sql.reads.columns.iter().all(stays);
    for check in live.checks.iter().filter(|check| readable(&check.sql)) {
        if !desired.checks.iter().any(|wanted| wanted.sql == check.sql) {
            reprinted.checks.push((format!("l{}", reprinted.checks.len()), check.sql.clone()));
        }
    }
    for index in live.indexes.iter().filter(|index| has_expression(index) && !index.invalid && index.sql.is_some()) {
        let columns = index.parts.iter().all(|part| match &part.on {
            IndexOn::Column(name) => stays(name),
            IndexOn::Expression(_) => true,
        });
        let taken = desired.indexes.iter().any(|wanted| wanted.same_definition(index));
        if columns && !taken && index.method.is_none() && index.expressions().all(readable) {
            let name = temporary_index(temporary, FIRST_REPRINTED + reprinted.indexes.len(), index);
            reprinted.indexes.push((name, index.clone()));
        }
    }
    let check =
        |(name, sql): &(String, Expression)| Check { name: Some(name.clone()), sql: sql.clone(), ..Check::default() };
    asked.checks.extend(reprinted.checks.iter().map(check));
    let again =
        |(name, index): &(String, Index)| Index { name: name.clone(), sql: None, constraint: false, ..index.clone() };
    asked.indexes.extend(reprinted.indexes.iter().map(again));
    reprinted
}

/// The numbers of indexes that are printed once more begin here.
const FIRST_REPRINTED: usize = 100_000;
