//! The checks that need the type system: called in `const` items of the generated code, with the span of the user's
//! token, so that a failure is a sentence at that token.

mod column;
mod default;
mod foreign_key;
mod relation;
mod vector;
mod view;

pub use column::*;
pub use default::*;
pub use foreign_key::*;
pub use relation::*;
pub use vector::*;
pub use view::*;

use crate::descriptor::LogicalType;

/// What a column of this type is called in a sentence.
const fn words(ty: LogicalType) -> &'static str {
    match ty {
        LogicalType::Bool => "a boolean",
        LogicalType::Int8 => "an 8-bit integer",
        LogicalType::Int16 => "a 16-bit integer",
        LogicalType::Int32 => "a 32-bit integer",
        LogicalType::Int64 => "a 64-bit integer",
        LogicalType::UInt8 => "an unsigned 8-bit integer",
        LogicalType::UInt16 => "an unsigned 16-bit integer",
        LogicalType::UInt32 => "an unsigned 32-bit integer",
        LogicalType::UInt64 => "an unsigned 64-bit integer",
        LogicalType::Float32 => "a 32-bit float",
        LogicalType::Float64 => "a 64-bit float",
        LogicalType::Text => "text",
        LogicalType::Char => "a single character",
        LogicalType::Bytes => "bytes",
        LogicalType::Uuid => "a UUID",
        LogicalType::Date => "a date",
        LogicalType::Time => "a time of day",
        LogicalType::DateTime => "a date and time",
        LogicalType::Timestamp => "a timestamp",
        LogicalType::Decimal => "a decimal",
        LogicalType::Json => "JSON",
        LogicalType::Array(_) => "an array",
        LogicalType::Enum(_) => "an enum",
        LogicalType::Vector(_) => "a vector",
        LogicalType::GeoPoint => "a point",
    }
}

/// The least and the greatest value of an integer type.
const fn integer_range(ty: LogicalType) -> Option<(i128, i128)> {
    Some(match ty {
        LogicalType::Int8 => (i8::MIN as i128, i8::MAX as i128),
        LogicalType::Int16 => (i16::MIN as i128, i16::MAX as i128),
        LogicalType::Int32 => (i32::MIN as i128, i32::MAX as i128),
        LogicalType::Int64 => (i64::MIN as i128, i64::MAX as i128),
        LogicalType::UInt8 => (0, u8::MAX as i128),
        LogicalType::UInt16 => (0, u16::MAX as i128),
        LogicalType::UInt32 => (0, u32::MAX as i128),
        LogicalType::UInt64 => (0, u64::MAX as i128),
        _ => return None,
    })
}

/// `==` for texts, in `const` code.
const fn same_text(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

/// Whether the text is among the texts.
const fn contains(list: &[&str], text: &str) -> bool {
    let mut i = 0;
    while i < list.len() {
        if same_text(list[i], text) {
            return true;
        }
        i += 1;
    }
    false
}
