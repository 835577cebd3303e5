//! Checks of views against what they read.

use super::super::Column;
use super::super::message::Message;
use super::foreign_key::is_same;
use super::{contains, default, integer_range, same_text, words};
use crate::descriptor::{Aggregate, LogicalType};

/// A source is read once, and is not the view itself. `ids`: those of all sources, `at`: the position of this one.
#[track_caller]
pub const fn new_source(own: &str, name: &str, ids: &[&str], at: usize) {
    if same_text(own, ids[at]) {
        Message::new().text("a view cannot read itself, and this is ").code(name).fail();
    }
    let mut i = 0;
    while i < at {
        if same_text(ids[i], ids[at]) {
            Message::new()
                .text("this view reads ")
                .code(name)
                .text(" already, and could not tell the two apart: join a view of ")
                .code(name)
                .text(", or give this one as `sql = \"SELECT …\"`")
                .fail();
        }
        i += 1;
    }
}

/// The source of a column is among the first `within` ones.
#[track_caller]
pub const fn is_read(name: &str, id: &str, ids: &[&str], within: usize) {
    match position(id, ids) {
        Some(position) if position < within => {}
        Some(_) => Message::new()
            .code(name)
            .text(" is joined only after this: a condition of a join names what stands before it, and what it joins")
            .fail(),
        None => Message::new()
            .text("this view does not read ")
            .code(name)
            .text(": join it, as `join(")
            .text(name)
            .text(", on(…))`")
            .fail(),
    }
}

/// Whether a left join brings the source.
pub const fn is_left(id: &str, ids: &[&str], left: &[bool]) -> bool {
    match position(id, ids) {
        Some(position) => left[position],
        None => false,
    }
}

const fn position(id: &str, ids: &[&str]) -> Option<usize> {
    let mut i = 0;
    while i < ids.len() {
        if same_text(ids[i], id) {
            return Some(i);
        }
        i += 1;
    }
    None
}

/// A field shows a column as it is.
#[track_caller]
pub const fn shows(field: &Column, column: &Column, left: bool) {
    let Some(column_ty) = column.known else { return };
    let Some(ty) = field.known else {
        // What serde makes of a type is JSON, whatever the type.
        if !matches!(column_ty, LogicalType::Json) {
            Message::new()
                .code(field.path)
                .text(" shows ")
                .code(column.path)
                .text(", which is ")
                .text(words(column_ty))
                .text(", but no column type is known for its own type: derive `DbValue` for it")
                .fail();
        }
        return nullable(field, column, left);
    };
    let is_text_of_enum = matches!((ty, column_ty), (LogicalType::Text, LogicalType::Enum(_)));
    if !is_same(ty, column_ty) && !is_text_of_enum {
        Message::new()
            .code(field.path)
            .text(" is ")
            .text(words(ty))
            .text(", but ")
            .code(column.path)
            .text(", which it shows, is ")
            .text(words(column_ty))
            .fail();
    }
    nullable(field, column, left);
}

#[track_caller]
const fn nullable(field: &Column, column: &Column, left: bool) {
    if column.nullable && !field.nullable {
        let message = Message::new().code(field.path).text(" must be an `Option`: ").code(column.path);
        if left {
            message.text(" is NULL where the left join finds nothing").fail();
        }
        message.text(" can be NULL").fail();
    }
}

/// A field is an aggregate of a column. `grouped`: there are fields that are none, so that no group is empty.
#[track_caller]
pub const fn aggregates(aggregate: Aggregate, field: &Column, column: &Column, grouped: bool, left: bool) {
    let Some(of) = column.known else { return };
    let word = word(aggregate);
    let fits = match aggregate {
        Aggregate::Count => true,
        Aggregate::Sum | Aggregate::Avg => is_number(of),
        Aggregate::Min | Aggregate::Max => {
            is_number(of)
                || matches!(
                    of,
                    LogicalType::Text
                        | LogicalType::Char
                        | LogicalType::Enum(_)
                        | LogicalType::Date
                        | LogicalType::Time
                        | LogicalType::DateTime
                        | LogicalType::Timestamp
                )
        }
    };
    if !fits {
        let of_what = match aggregate {
            Aggregate::Sum | Aggregate::Avg => " is of numbers, but ",
            _ => " is of numbers, texts and times, but ",
        };
        Message::new().code(word).text(of_what).code(column.path).text(" is ").text(words(of)).fail();
    }
    let Some(ty) = field.known else {
        Message::new().code(field.path).text(" is an aggregate: its type must be one that a column can hold").fail()
    };
    result(aggregate, field, ty, column, of);
    if matches!(aggregate, Aggregate::Count) || field.nullable {
        return;
    }
    if !grouped {
        Message::new()
            .code(field.path)
            .text(" must be an `Option`: ")
            .code(word)
            .text(" of no rows is NULL, and this view has no field to group by")
            .fail();
    }
    nullable(field, column, left);
}

/// A field is `count` without a column.
#[track_caller]
pub const fn counts(field: &Column) {
    match field.known {
        Some(ty) if integer_range(ty).is_some() => {}
        _ => Message::new().text("`count` is a whole number: make ").code(field.path).text(" an `i64`").fail(),
    }
}

#[track_caller]
const fn result(aggregate: Aggregate, field: &Column, ty: LogicalType, column: &Column, of: LogicalType) {
    let is_float = matches!(ty, LogicalType::Float32 | LogicalType::Float64);
    let is_decimal = matches!(ty, LogicalType::Decimal);
    let (fits, remedy) = match aggregate {
        Aggregate::Count => return counts(field),
        Aggregate::Avg => (is_float || is_decimal, "an `f64`, or a decimal"),
        Aggregate::Sum => match (integer_range(of), integer_range(ty)) {
            (Some((_, of)), Some((_, ty))) => (of <= ty, "an integer that is no narrower, as `i64`, or a decimal"),
            (Some(_), None) => (is_float || is_decimal, "an integer, as `i64`, or a decimal"),
            (None, _) if matches!(of, LogicalType::Decimal) => (is_decimal || is_float, "a decimal"),
            (None, _) => (is_float, "an `f64`"),
        },
        Aggregate::Min | Aggregate::Max => (is_same(ty, of), "of the type of the column"),
    };
    if !fits {
        Message::new()
            .code(field.path)
            .text(" is ")
            .text(words(ty))
            .text(", but it shows `")
            .text(word(aggregate))
            .text("` of ")
            .code(column.path)
            .text(", which is ")
            .text(words(of))
            .text(": make it ")
            .text(remedy)
            .fail();
    }
}

const fn word(aggregate: Aggregate) -> &'static str {
    match aggregate {
        Aggregate::Count => "count",
        Aggregate::Sum => "sum",
        Aggregate::Avg => "avg",
        Aggregate::Min => "min",
        Aggregate::Max => "max",
    }
}

const fn is_number(ty: LogicalType) -> bool {
    integer_range(ty).is_some() || matches!(ty, LogicalType::Float32 | LogicalType::Float64 | LogicalType::Decimal)
}

/// Values of these two types compare.
const fn compare(a: LogicalType, b: LogicalType) -> bool {
    is_number(a) && is_number(b) || text(a) && text(b) || is_same(a, b)
}

const fn text(ty: LogicalType) -> bool {
    matches!(ty, LogicalType::Text | LogicalType::Char | LogicalType::Enum(_))
}

/// Whether values of this type are compared at all.
const fn is_plain(ty: LogicalType) -> bool {
    !matches!(ty, LogicalType::Json | LogicalType::Array(_) | LogicalType::Vector(_) | LogicalType::GeoPoint)
}

#[track_caller]
const fn plain(column: &Column, ty: LogicalType) {
    if !is_plain(ty) {
        Message::new()
            .code(column.path)
            .text(" is ")
            .text(words(ty))
            .text(", of which a condition asks only `.is_null()` and `.is_some()`")
            .fail();
    }
}

/// Two columns are compared.
#[track_caller]
pub const fn comparable(left: &Column, right: &Column) {
    let (Some(a), Some(b)) = (left.known, right.known) else { return };
    plain(left, a);
    plain(right, b);
    if !compare(a, b) {
        Message::new()
            .code(left.path)
            .text(" is ")
            .text(words(a))
            .text(" and ")
            .code(right.path)
            .text(" is ")
            .text(words(b))
            .text(": they do not compare")
            .fail();
    }
}

/// A column is compared with a boolean.
#[track_caller]
pub const fn compares_bool(column: &Column) {
    if let Some(ty) = column.known {
        plain(column, ty);
        if !matches!(ty, LogicalType::Bool) {
            misfit(column, ty, "a boolean");
        }
    }
}

/// A column is compared with a whole number, which it could hold.
#[track_caller]
pub const fn compares_int(column: &Column, value: i128) {
    let Some(ty) = column.known else { return };
    plain(column, ty);
    match integer_range(ty) {
        Some((min, max)) if value < min || value > max => Message::new()
            .code(column.path)
            .text(" is ")
            .text(words(ty))
            .text(", from ")
            .number(min)
            .text(" to ")
            .number(max)
            .text(": ")
            .number(value)
            .text(" is out of its range")
            .fail(),
        Some(_) => {}
        None if is_number(ty) => {}
        None => misfit(column, ty, "a whole number"),
    }
}

/// A column is compared with a number.
#[track_caller]
pub const fn compares_float(column: &Column) {
    if let Some(ty) = column.known {
        plain(column, ty);
        if !is_number(ty) {
            misfit(column, ty, "a number");
        }
    }
}

/// A column is compared with a text.
#[track_caller]
pub const fn compares_text(column: &Column, value: &str) {
    let Some(ty) = column.known else { return };
    plain(column, ty);
    match ty {
        LogicalType::Enum(def) if !contains(def.variants, value) => Message::new()
            .code(column.path)
            .text(" is never ")
            .code(value)
            .text(": its values are ")
            .list(def.variants)
            .fail(),
        LogicalType::Uuid if !default::is_uuid(value) => misfit(column, ty, "a text that is none"),
        LogicalType::Decimal if !default::is_decimal(value) => misfit(column, ty, "a text that is none"),
        LogicalType::Text
        | LogicalType::Char
        | LogicalType::Enum(_)
        | LogicalType::Uuid
        | LogicalType::Decimal
        | LogicalType::Date
        | LogicalType::Time
        | LogicalType::DateTime
        | LogicalType::Timestamp => {}
        _ => misfit(column, ty, "a text"),
    }
}

/// `like` is for text.
#[track_caller]
pub const fn like(column: &Column) {
    if let Some(ty) = column.known
        && !text(ty)
    {
        Message::new().text("`like` is for text, but ").code(column.path).text(" is ").text(words(ty)).fail();
    }
}

/// A column by itself is a condition.
#[track_caller]
pub const fn holds(column: &Column) {
    if let Some(ty) = column.known
        && !matches!(ty, LogicalType::Bool)
    {
        Message::new()
            .text("a column by itself is a condition when it is a boolean, but ")
            .code(column.path)
            .text(" is ")
            .text(words(ty))
            .fail();
    }
}

#[track_caller]
const fn misfit(column: &Column, ty: LogicalType, given: &str) -> ! {
    Message::new()
        .code(column.path)
        .text(" is ")
        .text(words(ty))
        .text(", which does not compare with ")
        .text(given)
        .fail()
}
