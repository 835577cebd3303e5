//! The one table of types: what sqlx binds for each logical type, and what it makes of what is declared.

use super::normalise;
use crate::catalog::ValueKind;
use crate::model::{Column, DataType};

/// What SQLite does to the values of a column (<https://www.sqlite.org/datatype3.html>).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Affinity {
    Integer,
    Text,
    Blob,
    Real,
    Numeric,
}

/// How sqlx reads a column (`DataType::from_str` of sqlx-sqlite).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    Integer,
    Real,
    Text,
    Blob,
    Bool,
    Date,
    Time,
    DateTime,
    /// sqlx does not know it: the value decides.
    Other,
}

pub(crate) fn affinity(ty: &str) -> Affinity {
    let ty = ty.to_ascii_uppercase();
    let has = |part: &str| ty.contains(part);
    if has("INT") {
        Affinity::Integer
    } else if has("CHAR") || has("CLOB") || has("TEXT") {
        Affinity::Text
    } else if has("BLOB") || ty.is_empty() {
        Affinity::Blob
    } else if has("REAL") || has("FLOA") || has("DOUB") {
        Affinity::Real
    } else {
        Affinity::Numeric
    }
}

pub(crate) fn class(ty: &str) -> Class {
    let ty = ty.to_ascii_lowercase();
    let has = |part: &str| ty.contains(part);
    // A precision, `datetime(6)`, changes nothing about the values.
    match ty.split('(').next().unwrap_or_default().trim_end() {
        "boolean" | "bool" => Class::Bool,
        "date" => Class::Date,
        "time" => Class::Time,
        "datetime" | "timestamp" => Class::DateTime,
        _ if has("int") => Class::Integer,
        _ if has("char") || has("clob") || has("text") => Class::Text,
        _ if has("blob") || ty.is_empty() => Class::Blob,
        _ if has("real") || has("floa") || has("doub") => Class::Real,
        _ => Class::Other,
    }
}

/// Whether values of the one serve as well in the other.
pub(crate) fn equivalent(desired: &str, live: &str) -> bool {
    desired.eq_ignore_ascii_case(live)
        || class(desired) != Class::Other && class(desired) == class(live) && affinity(desired) == affinity(live)
}

/// The column type of a logical type.
///
/// # Errors
/// A native type that a STRICT table does not take.
pub(crate) fn lower(column: &Column, strict: bool) -> Result<String, String> {
    if let Some(native) = &column.native.sqlite.ty {
        let ty = normalise::column_type(native);
        let known = ["INT", "INTEGER", "REAL", "TEXT", "BLOB", "ANY"];
        return if strict && !known.contains(&ty.as_str()) {
            Err(format!(
                "column \"{}\": a STRICT table takes INT, INTEGER, REAL, TEXT, BLOB and ANY, not {ty}",
                column.name
            ))
        } else {
            Ok(ty)
        };
    }
    if column.encrypted {
        return Ok("TEXT".into());
    }
    let ty = match &column.ty {
        DataType::Bool => "BOOLEAN",
        DataType::Int8
        | DataType::Int16
        | DataType::Int32
        | DataType::Int64
        | DataType::Uint8
        | DataType::Uint16
        | DataType::Uint32
        | DataType::Uint64 => "INTEGER",
        DataType::Float32 | DataType::Float64 => "REAL",
        DataType::Bytes | DataType::Uuid | DataType::Vector(_) => "BLOB",
        DataType::Date => "DATE",
        DataType::Time => "TIME",
        DataType::DateTime | DataType::Timestamp => "DATETIME",
        DataType::Text
        | DataType::Varchar(_)
        | DataType::Char
        | DataType::Decimal(_)
        | DataType::Json
        | DataType::Array(_)
        | DataType::Enum { .. }
        | DataType::GeoPoint => "TEXT",
    };
    Ok(match ty {
        "BOOLEAN" if strict => "INTEGER",
        "DATE" | "TIME" | "DATETIME" if strict => "TEXT",
        ty => ty,
    }
    .into())
}

/// What the values of the column are.
pub(crate) fn value_kind(column: &Column) -> ValueKind {
    let integer = |signed, bits| ValueKind::Integer { signed, bits };
    if column.encrypted {
        return ValueKind::Text;
    }
    match &column.ty {
        DataType::Bool => ValueKind::Bool,
        DataType::Int8 => integer(true, 8),
        DataType::Int16 => integer(true, 16),
        DataType::Int32 => integer(true, 32),
        DataType::Int64 => integer(true, 64),
        DataType::Uint8 => integer(false, 8),
        DataType::Uint16 => integer(false, 16),
        DataType::Uint32 => integer(false, 32),
        DataType::Uint64 => integer(false, 64),
        DataType::Float32 => ValueKind::Float32,
        DataType::Float64 => ValueKind::Float64,
        DataType::Text | DataType::Varchar(_) => ValueKind::Text,
        DataType::Char => ValueKind::Char,
        DataType::Bytes => ValueKind::Bytes,
        DataType::Uuid => ValueKind::Uuid,
        DataType::Date => ValueKind::Date,
        DataType::Time => ValueKind::Time,
        DataType::DateTime => ValueKind::DateTime,
        DataType::Timestamp => ValueKind::Timestamp,
        DataType::Decimal(_) => ValueKind::Decimal,
        DataType::Json => ValueKind::Json,
        DataType::Array(_) => ValueKind::Array,
        DataType::Enum { variants, .. } => ValueKind::Enum(variants.clone()),
        DataType::Vector(dimensions) => ValueKind::Vector(*dimensions),
        DataType::GeoPoint => ValueKind::GeoPoint,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adopted_types_serve_where_sqlx_reads_them_alike() {
        for (desired, live) in [
            ("TEXT", "VARCHAR(40)"),
            ("INTEGER", "INT"),
            ("INTEGER", "BIGINT"),
            ("REAL", "DOUBLE PRECISION"),
            ("BOOLEAN", "BOOL"),
            ("DATETIME", "TIMESTAMP"),
            ("DATETIME", "DATETIME(6)"),
            ("BLOB", ""),
        ] {
            assert!(equivalent(desired, live), "{desired} {live}");
        }
        for (desired, live) in [("TEXT", "INTEGER"), ("TEXT", "DECIMAL(10,2)"), ("DATETIME", "TEXT"), ("TEXT", "JSON")]
        {
            assert!(!equivalent(desired, live), "{desired} {live}");
        }
    }
}
