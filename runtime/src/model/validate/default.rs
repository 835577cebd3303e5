//! Whether a default fits the type of its column: what the derives check while they compile, for schema documents.

use crate::derive_support::check::{is_decimal, is_uuid};
use crate::descriptor::Increment;
use crate::model::{DataType, DefaultValue};

/// What is wrong, in words, where it does not fit.
pub(super) fn fits(ty: &DataType, default: &DefaultValue) -> Result<(), String> {
    use DataType::{
        Array, Bool, Bytes, Char, Date, DateTime, Decimal, Enum, Float32, Float64, Int64, Json, Text, Time, Timestamp,
        Uuid, Varchar,
    };
    let is_number = matches!(ty, Float32 | Float64 | Decimal(_) | Json);
    let fits = match default {
        DefaultValue::Bool(_) => matches!(ty, Bool | Json),
        DefaultValue::Int(value) => match integer_range(ty) {
            Some((least, most)) if !(least..=most).contains(value) => {
                return Err(format!("the default {value} is out of range: the column takes {least} to {most}"));
            }
            range => range.is_some() || is_number,
        },
        DefaultValue::Float(_) => is_number,
        DefaultValue::Text(text) => match ty {
            Text | Json | Array(_) | Date | Time | DateTime | Timestamp | Enum { .. } => true,
            Varchar(length) if text.chars().count() > *length as usize => {
                return Err(format!(
                    "the default {text:?} is longer than the {length} characters that the column takes"
                ));
            }
            Varchar(_) => true,
            Char => text.chars().count() == 1,
            Uuid => is_uuid(text),
            Decimal(_) => is_decimal(text),
            _ => false,
        },
        DefaultValue::Increment(increment) => {
            counts(increment)?;
            let range = integer_range(ty);
            range.is_none_or(|(least, most)| (least..=most).contains(&i128::from(increment.start)))
        }
        DefaultValue::Uuid => matches!(ty, Uuid | Text | Varchar(36..) | Bytes),
        DefaultValue::Now => matches!(ty, Date | Time | DateTime | Timestamp | Int64),
        DefaultValue::Sql(_) => true,
    };
    if fits { Ok(()) } else { Err(format!("the default {} is no value of the type {}", shown(default), name(ty))) }
}

/// Whether it gets from one number to the next.
fn counts(increment: &Increment) -> Result<(), String> {
    let Increment { start, step, min, max, cache, .. } = *increment;
    if step == Some(0) {
        return Err("the default `increment` has a step of 0: it never counts".to_owned());
    }
    if cache.is_some_and(|cache| cache < 1) {
        return Err("the default `increment` needs a cache of at least 1".to_owned());
    }
    if min.zip(max).is_some_and(|(min, max)| min >= max) {
        return Err("the default `increment` has a `min` that is not below its `max`".to_owned());
    }
    if min.is_some_and(|min| start < min) || max.is_some_and(|max| start > max) {
        return Err(format!("the default `increment` begins at {start}, which is outside of its `min` and `max`"));
    }
    Ok(())
}

/// The least and the greatest integer of the type.
fn integer_range(ty: &DataType) -> Option<(i128, i128)> {
    Some(match ty {
        DataType::Int8 => (i8::MIN.into(), i8::MAX.into()),
        DataType::Int16 => (i16::MIN.into(), i16::MAX.into()),
        DataType::Int32 => (i32::MIN.into(), i32::MAX.into()),
        DataType::Int64 => (i64::MIN.into(), i64::MAX.into()),
        DataType::Uint8 => (0, u8::MAX.into()),
        DataType::Uint16 => (0, u16::MAX.into()),
        DataType::Uint32 => (0, u32::MAX.into()),
        DataType::Uint64 => (0, u64::MAX.into()),
        _ => return None,
    })
}

fn shown(default: &DefaultValue) -> String {
    match default {
        DefaultValue::Bool(value) => value.to_string(),
        DefaultValue::Int(value) => value.to_string(),
        DefaultValue::Float(value) => format!("{value:?}"),
        DefaultValue::Text(text) => format!("{text:?}"),
        DefaultValue::Increment(increment) => format!("`increment` from {}", increment.start),
        DefaultValue::Uuid => "`uuid`".to_owned(),
        DefaultValue::Now => "`now`".to_owned(),
        DefaultValue::Sql(sql) => sql.clone(),
    }
}

/// The type as a document says it.
fn name(ty: &DataType) -> String {
    serde_json::to_string(ty).unwrap_or_default().replace('"', "")
}
