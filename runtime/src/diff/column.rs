//! One column against another: which properties differ, and what the column is once they have been dealt with.

use crate::catalog::{Column, Expression, Identity, Table};
use crate::change::{ColumnAlteration, ColumnProperty};
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
            to.identity = Some(Identity { start: desired.start, ..identity.clone() });
            let known = base.and_then(|base| base.identity.as_ref()).map(|identity| identity.start);
            let moves = dialect.capabilities().alter_column_in_place && identity.start != desired.start;
            let text = |start: i64| format!("increment from {start}");
            known.filter(|known| moves && *known != desired.start).map(|known| (text(known), text(desired.start)))
        }
        // An adopted AUTOINCREMENT serves a key that does not ask for it as well, as long as the key still counts.
        (None, Some(identity)) if base.is_none_or(|base| base.identity.is_none()) && dialect.can_count(&to.ty) => {
            to.identity = Some(identity.clone());
            None
        }
        (None, None) => None,
        (desired, _) => {
            let text = |on: bool| if on { "increment" } else { "none" }.to_owned();
            Some((text(desired.is_none()), text(desired.is_some())))
        }
    }
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
