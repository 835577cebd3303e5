//! What Rust makes of a value in another type.

use super::value::Value;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use rust_decimal::Decimal;
use schemasync::model::DataType;
use schemasync::{GeoPoint, Vector};
use uuid::Uuid;

/// Whether `read` is what Rust makes of `old` in its type.
pub fn is_what_rust_makes(old: &Value, ty: &DataType, read: &Value) -> bool {
    if old == read {
        return true;
    }
    match (old, read) {
        (_, Value::Bool(new)) => bool_of(old) == Some(*new),
        (_, Value::Int(new)) => int_of(old) == Some(*new),
        (_, Value::Float32(new)) => float32_of(old) == Some(*new),
        (_, Value::Float64(new)) => float64_of(old) == Some(*new),
        (_, Value::Text(new)) => says(old, new),
        (_, Value::Char(new)) => says(old, &new.to_string()),
        (_, Value::Decimal(new)) => decimal_of(old, *new),
        (_, Value::Json(new)) => json_of(old, new),
        (_, Value::Array(new)) => json_of(old, &serde_json::Value::Array(new.clone())),
        (_, Value::Point(new)) => text_of(old).and_then(|text| GeoPoint::from_geojson(&text).ok()) == Some(*new),
        (_, Value::Bytes(new)) => bytes_of(old).as_ref() == Some(new),
        (Value::Bytes(old), Value::Uuid(new)) => old.as_slice() == new.as_bytes(),
        (Value::Text(old), Value::Uuid(new)) => Uuid::parse_str(old).ok() == Some(*new),
        (Value::Bytes(old), Value::Vector(new)) => Vector::from_bytes(old).ok().as_ref() == Some(new),
        (_, Value::Date(new)) => date_of(old) == Some(*new),
        (Value::Text(old), Value::Time(new)) => time_of(old) == Some(*new),
        (_, Value::DateTime(new)) => date_time_of(old) == Some(*new),
        (_, Value::Timestamp(new)) => timestamp_of(old) == Some(*new),
        _ => panic!("{old:?} has become {read:?} ({ty:?}): Rust makes no such thing"),
    }
}

/// The text that stands for it, where there is one.
fn text_of(value: &Value) -> Option<String> {
    Some(match value {
        Value::Text(text) => text.clone(),
        Value::Char(letter) => letter.to_string(),
        Value::Decimal(number) => number.to_string(),
        Value::Json(json) => json.to_string(),
        Value::Array(items) => serde_json::Value::Array(items.clone()).to_string(),
        Value::Point(point) => point.to_geojson(),
        Value::Bool(value) => value.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Uuid(uuid) => uuid.to_string(),
        Value::Bytes(bytes) => String::from_utf8(bytes.clone()).ok()?,
        _ => return None,
    })
}

/// Whether the text says the value: it is read back as it.
fn says(value: &Value, text: &str) -> bool {
    match value {
        Value::Float32(old) => text.parse() == Ok(*old),
        Value::Float64(old) => text.parse() == Ok(*old),
        Value::Date(old) => text == old.to_string(),
        Value::Time(old) => time_of(text) == Some(*old),
        Value::DateTime(old) => moment(text).is_some_and(|(clock, offset)| offset.is_none() && clock == *old),
        Value::Timestamp(old) => DateTime::parse_from_rfc3339(text).is_ok_and(|new| new == *old),
        Value::Json(old) => serde_json::from_str::<serde_json::Value>(text).is_ok_and(|new| new == *old),
        value => text_of(value).as_deref() == Some(text),
    }
}

fn bool_of(value: &Value) -> Option<bool> {
    let number = match value {
        Value::Int(number) => *number as f64,
        Value::Float32(number) => f64::from(*number),
        Value::Float64(number) => *number,
        value => {
            return match text_of(value)?.trim().to_lowercase().as_str() {
                "1" | "true" | "t" | "yes" | "y" | "on" => Some(true),
                "0" | "false" | "f" | "no" | "n" | "off" => Some(false),
                _ => None,
            };
        }
    };
    [(0.0, false), (1.0, true)].into_iter().find(|(known, _)| *known == number).map(|(_, value)| value)
}

fn int_of(value: &Value) -> Option<i64> {
    let of_float = |number: f64| (number.fract() == 0.0 && number.abs() < 9.3e18).then_some(number as i64);
    match value {
        Value::Int(number) => Some(*number),
        Value::Bool(value) => Some(i64::from(*value)),
        Value::Float32(number) => of_float(f64::from(*number)),
        Value::Float64(number) => of_float(*number),
        value => {
            let text = text_of(value)?;
            text.trim().parse().ok().or_else(|| {
                let number: Decimal = text.trim().parse().ok()?;
                number.is_integer().then(|| number.try_into().ok())?
            })
        }
    }
}

fn float64_of(value: &Value) -> Option<f64> {
    match value {
        Value::Int(number) => Some(*number as f64),
        Value::Bool(value) => Some(f64::from(u8::from(*value))),
        Value::Float32(number) => Some(f64::from(*number)),
        Value::Float64(number) => Some(*number),
        value => text_of(value)?.trim().parse().ok(),
    }
}

fn float32_of(value: &Value) -> Option<f32> {
    match value {
        Value::Int(number) => Some(*number as f32).filter(|new| *new as i64 == *number),
        Value::Bool(value) => Some(f32::from(u8::from(*value))),
        Value::Float32(number) => Some(*number),
        Value::Float64(number) => Some(*number as f32).filter(|new| f64::from(*new) == *number),
        value => text_of(value)?.trim().parse().ok(),
    }
}

fn decimal_of(value: &Value, new: Decimal) -> bool {
    match value {
        Value::Float32(old) => new.to_string().parse() == Ok(*old),
        Value::Float64(old) => new.to_string().parse() == Ok(*old),
        value => text_of(value).and_then(|text| Decimal::from_str_exact(&text).ok()) == Some(new),
    }
}

fn json_of(value: &Value, new: &serde_json::Value) -> bool {
    match value {
        Value::Float32(old) => new.as_f64() == Some(f64::from(*old)),
        Value::Float64(old) => new.as_f64() == Some(*old),
        Value::Date(_) | Value::Time(_) | Value::DateTime(_) | Value::Timestamp(_) | Value::Uuid(_) => {
            new.as_str().is_some_and(|text| says(value, text))
        }
        value => text_of(value)
            .is_some_and(|text| serde_json::from_str::<serde_json::Value>(&text).is_ok_and(|old| old == *new)),
    }
}

fn bytes_of(value: &Value) -> Option<Vec<u8>> {
    match value {
        Value::Uuid(uuid) => Some(uuid.as_bytes().to_vec()),
        Value::Vector(vector) => Some(vector.to_bytes()),
        value => text_of(value).map(String::into_bytes),
    }
}

/// The clock of a text, and the offset that it says.
fn moment(text: &str) -> Option<(NaiveDateTime, Option<i32>)> {
    if let Ok(day) = text.parse::<NaiveDate>() {
        return Some((day.into(), None));
    }
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Some((moment.naive_local(), Some(moment.offset().local_minus_utc())));
    }
    let formats = ["%F %T%.f", "%FT%T%.f", "%F %R", "%FT%R"];
    formats.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok()).map(|moment| (moment, None))
}

fn time_of(text: &str) -> Option<NaiveTime> {
    ["%T%.f", "%R"].iter().find_map(|format| NaiveTime::parse_from_str(text, format).ok())
}

fn date_time_of(value: &Value) -> Option<NaiveDateTime> {
    match value {
        Value::Date(day) => Some((*day).into()),
        Value::DateTime(old) => Some(*old),
        Value::Timestamp(old) => Some(old.naive_utc()),
        Value::Text(text) => moment(text).filter(|(_, offset)| offset.unwrap_or(0) == 0).map(|(moment, _)| moment),
        _ => None,
    }
}

fn timestamp_of(value: &Value) -> Option<DateTime<Utc>> {
    match value {
        Value::Date(day) => Some(NaiveDateTime::from(*day).and_utc()),
        Value::DateTime(old) => Some(old.and_utc()),
        Value::Text(text) => moment(text)
            .map(|(moment, offset)| moment.and_utc() - chrono::TimeDelta::seconds(offset.unwrap_or(0).into())),
        _ => None,
    }
}

fn date_of(value: &Value) -> Option<NaiveDate> {
    let midnight = date_time_of(value)?;
    (midnight.time() == NaiveTime::MIN).then(|| midnight.date())
}
