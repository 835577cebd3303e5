//! Default expressions → literals, where they are ones that are written so again and fit the column's type.

use super::RaiseNative;
use crate::model::{DataType, DefaultValue};

/// A literal where the text is one that is written so again; else the expression.
pub(super) fn default_value(database: &dyn RaiseNative, sql: &str, ty: &DataType, native: &str) -> DefaultValue {
    literal(database.literal(sql, native), ty)
        .or_else(|| database.computed(&sql.trim().to_ascii_uppercase(), ty))
        .unwrap_or_else(|| DefaultValue::Sql(sql.to_owned()))
}

fn literal(sql: &str, ty: &DataType) -> Option<DefaultValue> {
    match (ty, sql) {
        (DataType::Bool, "0" | "false") => return Some(DefaultValue::Bool(false)),
        (DataType::Bool, "1" | "true") => return Some(DefaultValue::Bool(true)),
        _ => {}
    }
    let whole = sql.parse::<i64>().ok().filter(|value| value.to_string() == sql);
    if let Some(value) = whole.filter(|value| takes_integer(ty, *value)) {
        return Some(DefaultValue::Int(value.into()));
    }
    let real = sql.parse::<f64>().ok().filter(|value| value.is_finite() && format!("{value:?}") == sql);
    if let Some(value) = real.filter(|_| takes_float(ty)) {
        return Some(DefaultValue::Float(value));
    }
    text_literal(sql).filter(|text| takes_text(ty, text)).map(DefaultValue::Text)
}

fn takes_integer(ty: &DataType, value: i64) -> bool {
    match ty {
        DataType::Int8 => i8::try_from(value).is_ok(),
        DataType::Int16 => i16::try_from(value).is_ok(),
        DataType::Int32 => i32::try_from(value).is_ok(),
        DataType::Int64 => true,
        _ => takes_float(ty),
    }
}

fn takes_float(ty: &DataType) -> bool {
    matches!(ty, DataType::Float32 | DataType::Float64 | DataType::Decimal(_))
}

fn takes_text(ty: &DataType, text: &str) -> bool {
    match ty {
        DataType::Text | DataType::Date | DataType::Time | DataType::DateTime | DataType::Timestamp => true,
        DataType::Enum { variants, .. } => variants.iter().any(|label| label == text),
        DataType::Varchar(length) => text.chars().count() <= *length as usize,
        _ => false,
    }
}

/// What a literal between single quotes says; `None`: it is something else.
fn text_literal(sql: &str) -> Option<String> {
    let inner = sql.strip_prefix('\'')?.strip_suffix('\'')?;
    let text = inner.replace("''", "'");
    (text.replace('\'', "''") == inner && !text.contains(['\\', '\0'])).then_some(text)
}
