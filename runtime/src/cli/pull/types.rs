//! Logical types → Rust types.

use crate::model::{DataType, PostgresEnum};
use std::collections::BTreeSet;

/// The Rust type of a required column; `None`: there is none. `enums`: the Rust name of an enum type.
pub(super) fn rust_type(ty: &DataType, enums: &dyn Fn(&PostgresEnum) -> String) -> Option<String> {
    Some(
        match ty {
            DataType::Bool => "bool",
            DataType::Int8 => "i8",
            DataType::Int16 => "i16",
            DataType::Int32 => "i32",
            DataType::Int64 => "i64",
            DataType::Uint8 => "u8",
            DataType::Uint16 => "u16",
            DataType::Uint32 => "u32",
            DataType::Uint64 => "u64",
            DataType::Float32 => "f32",
            DataType::Float64 => "f64",
            DataType::Text | DataType::Varchar(_) => "String",
            DataType::Char => "char",
            DataType::Bytes => "Vec<u8>",
            DataType::Uuid => "uuid::Uuid",
            DataType::Date => "chrono::NaiveDate",
            DataType::Time => "chrono::NaiveTime",
            DataType::DateTime => "chrono::NaiveDateTime",
            DataType::Timestamp => "chrono::DateTime<chrono::Utc>",
            DataType::Decimal(_) => "rust_decimal::Decimal",
            DataType::Json => "serde_json::Value",
            DataType::GeoPoint => "schemasync::GeoPoint",
            DataType::Vector(dimensions) => return Some(format!("schemasync::Vector<{dimensions}>")),
            // `Vec<u8>` is bytes, and lengths stand on columns.
            DataType::Array(element) if matches!(**element, DataType::Uint8) => return None,
            DataType::Array(element) => return Some(format!("Vec<{}>", rust_type(element, enums)?)),
            DataType::Enum { postgres: Some(native), .. } => return Some(enums(native)),
            // A type of the program: what it is called there is not known here.
            DataType::Enum { .. } => return None,
        }
        .to_owned(),
    )
}

/// What a `Cargo.toml` has to have for these types.
pub(super) fn needs<'a>(types: impl Iterator<Item = &'a DataType>) -> Vec<&'static str> {
    let mut needs = BTreeSet::new();
    for ty in types {
        let mut ty = ty;
        while let DataType::Array(element) = ty {
            ty = element;
        }
        needs.extend(match ty {
            DataType::Uuid => Some("uuid (feature `uuid` of schemasync)"),
            DataType::Date | DataType::Time | DataType::DateTime | DataType::Timestamp => {
                Some("chrono (feature `chrono` of schemasync)")
            }
            DataType::Decimal(_) => Some("rust_decimal (feature `rust_decimal` of schemasync)"),
            DataType::Json => Some("serde_json (feature `json` of schemasync)"),
            _ => None,
        });
    }
    needs.into_iter().collect()
}

/// What stands for an enum type where two types are compared.
pub(super) fn in_words(native: &PostgresEnum) -> String {
    format!("enum {:?} {:?}", native.schema, native.ty)
}
