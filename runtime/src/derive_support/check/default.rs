//! Checks of defaults against the column's type.

use super::super::Column;
use super::super::message::Message;
use super::{contains, integer_range, words};
use crate::descriptor::LogicalType;

/// `default = true`
#[track_caller]
pub const fn default_bool(column: &Column) {
    if let Some(ty) = column.known
        && !matches!(ty, LogicalType::Bool | LogicalType::Json)
    {
        misfit(column, ty, "a boolean");
    }
}

/// `default = 5`: in the range of the column's type.
#[track_caller]
pub const fn default_int(column: &Column, value: i128) {
    let Some(ty) = column.known else { return };
    match integer_range(ty) {
        Some((min, max)) => {
            if value < min || value > max {
                Message::new()
                    .text("the default of ")
                    .code(column.path)
                    .text(" is ")
                    .number(value)
                    .text(", but the column is ")
                    .text(words(ty))
                    .text(": ")
                    .number(min)
                    .text(" to ")
                    .number(max)
                    .fail();
            }
        }
        None => {
            if !matches!(ty, LogicalType::Float32 | LogicalType::Float64 | LogicalType::Decimal | LogicalType::Json) {
                misfit(column, ty, "an integer");
            }
        }
    }
}

/// `default = 0.5`
#[track_caller]
pub const fn default_float(column: &Column) {
    if let Some(ty) = column.known
        && !matches!(ty, LogicalType::Float32 | LogicalType::Float64 | LogicalType::Decimal | LogicalType::Json)
    {
        misfit(column, ty, "a float");
    }
}

/// `default = "free"`: one of the variants of an enum, one character for a `char`, a well-formed UUID or decimal.
#[track_caller]
pub const fn default_text(column: &Column, value: &str) {
    let Some(ty) = column.known else { return };
    match ty {
        LogicalType::Enum(def) => {
            if !contains(def.variants, value) {
                Message::new()
                    .text("the default of ")
                    .code(column.path)
                    .text(" is ")
                    .code(value)
                    .text(", but its values are ")
                    .list(def.variants)
                    .fail();
            }
        }
        LogicalType::Char => {
            if !is_one_char(value) {
                misfit(column, ty, "a longer text");
            }
        }
        LogicalType::Uuid => {
            if !is_uuid(value) {
                misfit(column, ty, "a text that is none");
            }
        }
        LogicalType::Decimal => {
            if !is_decimal(value) {
                misfit(column, ty, "a text that is none");
            }
        }
        LogicalType::Text
        | LogicalType::Json
        | LogicalType::Array(_)
        | LogicalType::Date
        | LogicalType::Time
        | LogicalType::DateTime
        | LogicalType::Timestamp => {}
        _ => misfit(column, ty, "text"),
    }
}

/// `default(now)`: date-time types, and epoch milliseconds on `i64`.
#[track_caller]
pub const fn default_now(column: &Column) {
    if let Some(ty) = column.known
        && !matches!(
            ty,
            LogicalType::Date | LogicalType::Time | LogicalType::DateTime | LogicalType::Timestamp | LogicalType::Int64
        )
    {
        kind_misfit(column, ty, "`default(now)` is for date and time types, and for `i64` (epoch milliseconds)");
    }
}

/// `default(uuid)`: UUIDs, text, bytes.
#[track_caller]
pub const fn default_uuid(column: &Column) {
    if let Some(ty) = column.known
        && !matches!(ty, LogicalType::Uuid | LogicalType::Text | LogicalType::Bytes)
    {
        kind_misfit(column, ty, "`default(uuid)` is for UUIDs, text and bytes");
    }
}

/// `default(increment)`: integers that are never null, starting in their range.
#[track_caller]
pub const fn default_increment(column: &Column, start: i64) {
    let Some(ty) = column.known else { return };
    let Some((min, max)) = integer_range(ty) else { kind_misfit(column, ty, "`default(increment)` is for integers") };
    if column.nullable {
        Message::new()
            .text("`default(increment)` fills every row, but ")
            .code(column.path)
            .text(" is an `Option`")
            .fail();
    }
    if (start as i128) < min || (start as i128) > max {
        default_int(column, start as i128);
    }
}

#[track_caller]
const fn misfit(column: &Column, ty: LogicalType, given: &str) -> ! {
    Message::new()
        .text("the default of ")
        .code(column.path)
        .text(" is ")
        .text(given)
        .text(", but the column is ")
        .text(words(ty))
        .fail()
}

#[track_caller]
const fn kind_misfit(column: &Column, ty: LogicalType, rule: &str) -> ! {
    Message::new().text(rule).text(", but ").code(column.path).text(" is ").text(words(ty)).fail()
}

const fn is_one_char(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut starts = 0;
    let mut i = 0;
    while i < bytes.len() {
        if bytes[i] & 0b1100_0000 != 0b1000_0000 {
            starts += 1;
        }
        i += 1;
    }
    starts == 1
}

/// Whether the text is a UUID, hyphens and all.
pub(crate) const fn is_uuid(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() != 36 {
        return false;
    }
    let mut i = 0;
    while i < bytes.len() {
        let fits = if matches!(i, 8 | 13 | 18 | 23) { bytes[i] == b'-' } else { bytes[i].is_ascii_hexdigit() };
        if !fits {
            return false;
        }
        i += 1;
    }
    true
}

/// Whether the text is a decimal number.
pub(crate) const fn is_decimal(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut i = if !bytes.is_empty() && bytes[0] == b'-' { 1 } else { 0 };
    let (mut digits, mut points) = (0, 0);
    while i < bytes.len() {
        match bytes[i] {
            b'0'..=b'9' => digits += 1,
            b'.' => points += 1,
            _ => return false,
        }
        i += 1;
    }
    digits > 0 && points <= 1
}
