//! Checks of one column's attributes against its type.

use super::super::Column;
use super::super::message::Message;
use super::{integer_range, words};
use crate::descriptor::LogicalType;

/// A path through an embedded struct names a column.
pub const fn is_column(_: &Column) {}

/// `id`: a primary key cannot be null.
#[track_caller]
pub const fn primary_key(column: &Column) {
    if column.known.is_some() && column.nullable {
        Message::new().text("a primary key cannot be null, but ").code(column.path).text(" is an `Option`").fail();
    }
}

/// `set_null` needs a column that can be null.
#[track_caller]
pub const fn set_null(column: &Column) {
    if column.known.is_some() && !column.nullable {
        Message::new()
            .text("`set_null` needs a column that can be null: make ")
            .code(column.path)
            .text(" an `Option`")
            .fail();
    }
}

/// `version` is for integers that are never null.
#[track_caller]
pub const fn version(column: &Column) {
    let Some(ty) = column.known else { return };
    if integer_range(ty).is_none() {
        wrong("version", "counts with an integer", column, ty);
    }
    if column.nullable {
        Message::new().text("`version` is never null, but ").code(column.path).text(" is an `Option`").fail();
    }
}

/// `precision` is for decimals.
#[track_caller]
pub const fn precision(column: &Column) {
    if let Some(ty) = column.known
        && !matches!(ty, LogicalType::Decimal)
    {
        wrong("precision", "is for decimals", column, ty);
    }
}

/// `max_length` is for text.
#[track_caller]
pub const fn max_length(column: &Column) {
    if let Some(ty) = column.known
        && !matches!(ty, LogicalType::Text | LogicalType::Enum(_))
    {
        wrong("max_length", "is for text", column, ty);
    }
}

/// `collate` is for text.
#[track_caller]
pub const fn collate(column: &Column) {
    if let Some(ty) = column.known
        && !matches!(ty, LogicalType::Text | LogicalType::Char | LogicalType::Enum(_))
    {
        wrong("collate", "is for text", column, ty);
    }
}

/// `index(fulltext)` is for text.
#[track_caller]
pub const fn fulltext(column: &Column) {
    if let Some(ty) = column.known
        && !matches!(ty, LogicalType::Text | LogicalType::Enum(_))
    {
        wrong("index(fulltext)", "is for text", column, ty);
    }
}

/// `index(geo)` is for points.
#[track_caller]
pub const fn geo(column: &Column) {
    if let Some(ty) = column.known
        && !matches!(ty, LogicalType::GeoPoint)
    {
        wrong("index(geo)", "is for `GeoPoint`", column, ty);
    }
}

/// `mysql(unsigned)` is for numbers.
#[track_caller]
pub const fn unsigned(column: &Column) {
    if let Some(ty) = column.known
        && integer_range(ty).is_none()
        && !matches!(ty, LogicalType::Float32 | LogicalType::Float64 | LogicalType::Decimal)
    {
        wrong("unsigned", "is for numbers", column, ty);
    }
}

#[track_caller]
const fn wrong(attribute: &str, rule: &str, column: &Column, ty: LogicalType) -> ! {
    Message::new()
        .code(attribute)
        .text(" ")
        .text(rule)
        .text(", but ")
        .code(column.path)
        .text(" is ")
        .text(words(ty))
        .fail()
}
