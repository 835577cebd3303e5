//! One column against another: which properties differ, and what the column is once they have been dealt with.

use crate::catalog::{Column, Expression, Identity, Table};
use crate::change::{ColumnAlteration, ColumnProperty};
use crate::descriptor::IncrementForm;
use crate::dialect::{Dialect, NameKind};

/// A column that exists and is not as the model wants it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AlteredColumn {
    /// As it is, under its new name.
    pub(crate) from: Column,
    /// As it shall be; what is not compared is as it was.
    pub(crate) to: Column,
    /// What differs, never empty.
    pub(crate) properties: Vec<ColumnAlteration>,
}

impl AlteredColumn {
    pub(crate) fn changes(&self, property: ColumnProperty) -> bool {
        self.properties.iter().any(|altered| altered.property == property)
    }
}

/// The column as it shall be, and what of it differs from `live`.
///
/// Where the live property serves the model just as well (an adopted `VARCHAR(40)` for `TEXT`), it is no difference as long as the
/// model has not changed its mind since the base: `base` is `None` or says the same as `desired`.
pub(crate) fn compare(
    dialect: &dyn Dialect,
    desired: &Column,
    live: &Column,
    live_table: &Table,
    base: Option<&Column>,
) -> (Column, Vec<ColumnAlteration>) {
    let mut to = desired.clone();
    let mut altered = Vec::new();
    let mut push = |property, from: String, to: String| {
        altered.push(ColumnAlteration { column: desired.name.clone(), property, from, to });
    };
    if desired.ty != live.ty {
        let unchanged = base.is_none_or(|base| base.ty == desired.ty);
        if unchanged && dialect.equivalent_type(&desired.ty, &live.ty) {
            to.ty.clone_from(&live.ty);
        } else {
            push(ColumnProperty::Type, live.ty.clone(), desired.ty.clone());
        }
    }
    if to.ty == live.ty && to.values != live.values && dialect.rewrites_values(live, &to) {
        let words = |column: &Column| {
            column.values.as_ref().map_or_else(|| column.ty.clone(), |kind| format!("{} ({kind})", column.ty))
        };
        push(ColumnProperty::Type, words(live), words(&to));
    }
    if desired.nullable != live.nullable {
        let in_key = live_table.primary_key.as_ref().is_some_and(|key| {
            key.columns
                .iter()
                .any(|name| dialect.fold(NameKind::Column, name) == dialect.fold(NameKind::Column, &live.name))
        });
        if in_key && live.nullable && base.is_none_or(|base| base.nullable == desired.nullable) {
            to.nullable = live.nullable;
        } else {
            push(ColumnProperty::Nullable, nullability(live.nullable), nullability(desired.nullable));
        }
    }
    let expression = |sql: &Option<Expression>| sql.as_ref().map_or_else(|| "none".to_owned(), ToString::to_string);
    let words = |sql: &Option<String>| sql.clone().unwrap_or_else(|| "none".to_owned());
    if desired.default != live.default {
        push(ColumnProperty::Default, expression(&live.default), expression(&desired.default));
    }
    if desired.generated != live.generated {
        let text = |column: &Column| {
            column.generated.as_ref().map_or_else(
                || "none".to_owned(),
                |generated| format!("({}){}", generated.sql, if generated.stored { " stored" } else { "" }),
            )
        };
        push(ColumnProperty::Generated, text(live), text(desired));
    }
    if desired.collate != live.collate {
        push(ColumnProperty::Collation, words(&live.collate), words(&desired.collate));
    }
    if let Some((from, new)) = compare_identity(dialect, desired, live, base, &mut to) {
        push(ColumnProperty::Identity, from, new);
    }
    if same_comment(desired.comment.as_deref(), live.comment.as_deref()) {
        to.comment.clone_from(&live.comment);
    } else {
        push(ColumnProperty::Comment, words(&live.comment), words(&desired.comment));
    }
    for (from, new) in compare_extra(desired, live, base, &mut to) {
        push(ColumnProperty::Extra, from, new);
    }
    (to, altered)
}

/// What changes of the identity, from and to in words; fills in that of `to`.
fn compare_identity(
    dialect: &dyn Dialect,
    desired: &Column,
    live: &Column,
    base: Option<&Column>,
    to: &mut Column,
) -> Option<(String, String)> {
    match (&desired.identity, &live.identity) {
        (Some(desired), Some(identity)) => {
            let known = base.and_then(|base| base.identity.as_ref());
            let mut new = merged_identity(desired, identity, known);
            let counts_alike = new.counts_like(identity);
            let moves = dialect.capabilities().alter_column_in_place && identity.start != desired.start;
            let moves = moves && known.is_some_and(|known| known.start != desired.start);
            let told = Identity { start: known.map_or(identity.start, |known| known.start), ..identity.clone() };
            let change = (moves || !counts_alike).then(|| {
                let from = if moves { told } else { Identity { start: desired.start, ..identity.clone() } };
                (identity_in_words(&from), identity_in_words(&new))
            });
            if change.is_some() && !moves {
                // Where it begins is no difference by itself.
                new.start = identity.start;
            }
            to.identity = Some(new);
            change
        }
        // An adopted AUTOINCREMENT serves a key that does not ask for it as well, as long as the key still counts.
        (None, Some(identity)) if base.is_none_or(|base| base.identity.is_none()) && dialect.can_count(&to.ty) => {
            to.identity = Some(identity.clone());
            None
        }
        (None, None) => None,
        (desired, _) => {
            let text =
                |identity: &Option<Identity>| identity.as_ref().map_or_else(|| "none".to_owned(), identity_in_words);
            Some((text(&live.identity), text(desired)))
        }
    }
}

/// The identity as it shall be: what the model does not say is as it is live, unless the last run said something of it.
fn merged_identity(desired: &Identity, live: &Identity, base: Option<&Identity>) -> Identity {
    let mut new = Identity { sequence: live.sequence.clone(), ..desired.clone() };
    // An identity of either kind serves a model that has not changed its mind.
    let is_serial = |identity: &Identity| identity.form == IncrementForm::Serial;
    let lets_be = base.is_none_or(|base| base.form == desired.form) && desired.form == IncrementForm::ByDefault;
    if lets_be && !is_serial(live) {
        new.form = live.form;
    }
    let keep =
        |said: Option<i64>, live: Option<i64>, base: Option<i64>| if base.is_none() { said.or(live) } else { said };
    let known = |of: fn(&Identity) -> Option<i64>| base.and_then(of);
    new.step = keep(new.step, live.step, known(|base| base.step));
    new.min = keep(new.min, live.min, known(|base| base.min));
    new.max = keep(new.max, live.max, known(|base| base.max));
    new.cache = keep(new.cache, live.cache, known(|base| base.cache));
    new.cycle |= live.cycle && !base.is_some_and(|base| base.cycle);
    new
}

/// `increment from 1`, `serial from 5 by 10`
fn identity_in_words(identity: &Identity) -> String {
    let Identity { start, sequence: _, form, step, min, max, cache, cycle } = identity;
    let form = match form {
        IncrementForm::Serial => "serial",
        IncrementForm::Always => "increment always",
        _ => "increment",
    };
    let mut text = format!("{form} from {start}");
    for (word, number) in [("by", step), ("min", min), ("max", max), ("cache", cache)] {
        text.extend(number.map(|number| format!(" {word} {number}")));
    }
    if *cycle {
        text.push_str(" cycle");
    }
    text
}

/// What changes of the native details, from and to in words; those that neither the model nor the base names are kept in `to`.
fn compare_extra(desired: &Column, live: &Column, base: Option<&Column>, to: &mut Column) -> Vec<(String, String)> {
    let mut changed = Vec::new();
    for (key, value) in &live.extra {
        let asked = desired.extra.get(key);
        let had = base.and_then(|base| base.extra.get(key));
        if asked.is_none() && had.is_none() {
            to.extra.insert(key.clone(), value.clone());
        } else if asked != Some(value) {
            let new = asked.map_or("none", String::as_str);
            changed.push((format!("{key} {value}"), format!("{key} {new}")));
        }
    }
    let added = desired.extra.iter().filter(|(key, _)| !live.extra.contains_key(*key));
    changed.extend(added.map(|(key, value)| (format!("{key} none"), format!("{key} {value}"))));
    changed
}

/// Equal but for spaces at the ends of lines, which a doc comment does not have.
pub(super) fn same_comment(a: Option<&str>, b: Option<&str>) -> bool {
    let lines = |text: &str| -> Vec<String> { text.trim().lines().map(|line| line.trim().to_owned()).collect() };
    a == b || a.map(lines) == b.map(lines)
}

fn nullability(nullable: bool) -> String {
    if nullable { "NULL" } else { "NOT NULL" }.to_owned()
}
