//! What a server has made of the model's expressions: words that are known from last time are taken over, and only what is still open has
//! to be asked.

use crate::catalog::{Check, Column, Expression, Index, IndexOn, Table};
use crate::change::Renames;

/// What an index is compared by, as one text.
pub(crate) fn index_text(index: &Index) -> String {
    format!("{:?} {:?} {:?}", index.parts, index.predicate, index.method)
}

/// Whether a server could word it in another way.
pub(crate) fn has_expression(index: &Index) -> bool {
    index.predicate.is_some() || index.parts.iter().any(|part| matches!(part.on, IndexOn::Expression(_)))
}

/// Where a table remembers the texts that were written: [`Table::written`].
pub(crate) fn default_place(column: &str) -> String {
    format!("d:{column}")
}

pub(crate) fn generated_place(column: &str) -> String {
    format!("g:{column}")
}

pub(crate) fn check_place(check: &Check) -> String {
    format!("c:{}", check.managed_name())
}

pub(crate) fn index_place(index: &Index) -> String {
    format!("i:{}", index.managed_name())
}

/// Takes over the words of last time, where the same was written over the same types; returns whether there were any.
pub(crate) fn recall(desired: &mut Table, base: &Table) -> bool {
    let same_types =
        desired.columns.iter().all(|column| base.column(&column.name).is_none_or(|known| known.ty == column.ty));
    if base.written.is_empty() || !same_types {
        return false;
    }
    let said = |place: &str, text: &str| base.written.get(place).is_some_and(|written| written == text);
    let mut written = Vec::new();
    let mut take = |place: String, sql: &mut Expression, words: &Expression| {
        if said(&place, sql) {
            written.push((place, std::mem::replace(sql, words.clone()).text));
        }
    };
    for column in &mut desired.columns {
        let Some(known) = base.column(&column.name) else { continue };
        if let (Some(default), Some(words)) = (&mut column.default, &known.default) {
            take(default_place(&column.name), default, words);
        }
        if let (Some(generated), Some(words)) = (&mut column.generated, &known.generated) {
            take(generated_place(&column.name), &mut generated.sql, &words.sql);
        }
    }
    for check in &mut desired.checks {
        if let Some(words) = base.checks.iter().find(|known| known.managed_name() == check.managed_name()) {
            take(check_place(check), &mut check.sql, &words.sql);
        }
    }
    for index in &mut desired.indexes {
        let (place, text) = (index_place(index), index_text(index));
        let known = base.indexes.iter().find(|known| known.managed_name() == index.managed_name());
        if let Some(words) = known.filter(|_| said(&place, &text)) {
            index.parts.clone_from(&words.parts);
            index.predicate.clone_from(&words.predicate);
            index.method.clone_from(&words.method);
            written.push((place, text));
        }
    }
    let any = !written.is_empty();
    desired.written.extend(written);
    any
}

/// Whether any expression that is there in both differs in text and could be the same.
///
/// `worded`: whether the server could print the default in another way than it is written.
pub(crate) fn is_open(
    renames: &Renames,
    desired: &Table,
    live: &Table,
    worded: impl Fn(&Column, &Expression) -> bool,
) -> bool {
    let open = |place: String| !desired.written.contains_key(&place);
    let column_is_open = |column: &Column| {
        let Some(live) = renames.live_column(live, &desired.name, &column.name) else { return false };
        let default = match (&column.default, &live.default) {
            (Some(a), Some(b)) => a != b && worded(column, a) && open(default_place(&column.name)),
            _ => false,
        };
        let generated = match (&column.generated, &live.generated) {
            (Some(a), Some(b)) => a.sql != b.sql && open(generated_place(&column.name)),
            _ => false,
        };
        default || generated
    };
    let check_is_open = |check: &Check| {
        !live.checks.is_empty() && !live.checks.iter().any(|live| live.sql == check.sql) && open(check_place(check))
    };
    let index_is_open = |index: &Index| {
        has_expression(index)
            && !live.indexes.is_empty()
            && !live.indexes.iter().any(|live| live.same_definition(index))
            && open(index_place(index))
    };
    desired.columns.iter().any(column_is_open)
        || desired.checks.iter().any(check_is_open)
        || desired.indexes.iter().any(index_is_open)
}
