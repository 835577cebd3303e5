//! [`ValueKind`]: what the values of a column are.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What the values of a column are, where the native type holds several kinds of them: a SQLite `BLOB` holds UUIDs, vectors or any bytes.
/// Conversions go by the old and the new kind, never by how a value looks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum ValueKind {
    Bool,
    /// Whole numbers: signed or not, of so many bits.
    Integer {
        #[serde(rename = "s")]
        signed: bool,
        #[serde(rename = "b")]
        bits: u32,
    },
    Float32,
    Float64,
    Text,
    /// One character.
    Char,
    Bytes,
    Uuid,
    Date,
    Time,
    /// Date and time without a zone.
    DateTime,
    /// An instant.
    Timestamp,
    Decimal,
    Json,
    Array,
    /// One of these texts.
    Enum(Vec<String>),
    /// So many floats.
    Vector(u32),
    GeoPoint,
}

impl ValueKind {
    /// All 64-bit integers.
    pub(crate) const INT64: Self = Self::Integer { signed: true, bits: 64 };

    /// The least and the greatest value, within those of 64 bits with a sign.
    pub(crate) fn range(signed: bool, bits: u32) -> (i64, i64) {
        let bits = bits.clamp(1, 64);
        match signed {
            true => (i64::MIN >> (64 - bits), i64::MAX >> (64 - bits)),
            false if bits == 64 => (0, i64::MAX),
            false => (0, (1_i64 << bits.min(63)).wrapping_sub(1)),
        }
    }
}

impl fmt::Display for ValueKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bool => "bool",
            Self::Integer { signed, bits } => return write!(f, "{}int{bits}", if *signed { "" } else { "u" }),
            Self::Float32 => "float32",
            Self::Float64 => "float64",
            Self::Text => "text",
            Self::Char => "char",
            Self::Bytes => "bytes",
            Self::Uuid => "uuid",
            Self::Date => "date",
            Self::Time => "time",
            Self::DateTime => "date_time",
            Self::Timestamp => "timestamp",
            Self::Decimal => "decimal",
            Self::Json => "json",
            Self::Array => "array",
            Self::Enum(labels) => return write!(f, "enum of {}", labels.join(", ")),
            Self::Vector(dimensions) => return write!(f, "vector({dimensions})"),
            Self::GeoPoint => "geo_point",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_have_the_range_of_their_rust_types() {
        assert_eq!(ValueKind::range(true, 8), (i8::MIN.into(), i8::MAX.into()));
        assert_eq!(ValueKind::range(true, 32), (i32::MIN.into(), i32::MAX.into()));
        assert_eq!(ValueKind::range(true, 64), (i64::MIN, i64::MAX));
        assert_eq!(ValueKind::range(false, 8), (0, u8::MAX.into()));
        assert_eq!(ValueKind::range(false, 32), (0, u32::MAX.into()));
        assert_eq!(ValueKind::range(false, 64), (0, i64::MAX));
    }

    #[test]
    fn kinds_are_short_in_the_state_row() {
        let kinds = [ValueKind::Uuid, ValueKind::Integer { signed: false, bits: 8 }, ValueKind::Vector(3)];
        let json = serde_json::to_string(&kinds).unwrap();
        assert_eq!(json, r#"["uuid",{"integer":{"s":false,"b":8}},{"vector":3}]"#);
        assert_eq!(serde_json::from_str::<Vec<ValueKind>>(&json).unwrap(), kinds);
    }
}
