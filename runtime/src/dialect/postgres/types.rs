//! The one table of types: what sqlx binds for each logical type, in the words of `format_type`.
//!
//! sqlx binds no unsigned integers on PostgreSQL: `u8` to `u64` get the smallest type that holds all their values.

use crate::descriptor::Collation;
use crate::model::{Column, DataType};

/// The column type of a logical type. A native type is as written: the server words it.
///
/// # Errors
/// What has no type.
pub(crate) fn lower(column: &Column) -> Result<String, String> {
    if let Some(native) = &column.native.postgres.ty {
        return Ok(native.trim().to_owned());
    }
    if column.encrypted {
        return Ok("text".to_owned());
    }
    let ty = plain(&column.ty).map_err(|reason| format!("column \"{}\": {reason}", column.name))?;
    let is_text = matches!(column.ty, DataType::Text | DataType::Varchar(_) | DataType::Char | DataType::Enum { .. });
    Ok(if column.collate == Some(Collation::Nocase) && is_text { "citext".to_owned() } else { ty })
}

fn plain(ty: &DataType) -> Result<String, String> {
    Ok(match ty {
        DataType::Bool => "boolean",
        DataType::Int8 => "\"char\"",
        DataType::Int16 | DataType::Uint8 => "smallint",
        DataType::Int32 | DataType::Uint16 => "integer",
        DataType::Int64 | DataType::Uint32 => "bigint",
        DataType::Uint64 => "numeric(20,0)",
        DataType::Float32 => "real",
        DataType::Float64 => "double precision",
        DataType::Text | DataType::Enum { .. } => "text",
        DataType::Varchar(length) if *length > 10_485_760 => "text",
        DataType::Varchar(length) => return Ok(format!("character varying({length})")),
        DataType::Char => "character varying(1)",
        DataType::Bytes => "bytea",
        DataType::Uuid => "uuid",
        DataType::Date => "date",
        DataType::Time => "time without time zone",
        DataType::DateTime => "timestamp without time zone",
        DataType::Timestamp => "timestamp with time zone",
        DataType::Decimal(None) => "numeric",
        DataType::Decimal(Some((precision, scale))) => return Ok(format!("numeric({precision},{scale})")),
        DataType::Json => "jsonb",
        DataType::Array(element) => {
            return match &**element {
                DataType::Array(_) => Ok("jsonb".to_owned()),
                DataType::Json | DataType::Vector(_) | DataType::GeoPoint => {
                    Err("no array of this type: give it a native type, as in #[db(postgres(type = \"…\"))]".to_owned())
                }
                element => Ok(format!("{}[]", plain(element)?)),
            };
        }
        DataType::Vector(dimensions) => return Ok(format!("vector({dimensions})")),
        DataType::GeoPoint => "geography(Point,4326)",
    }
    .to_owned())
}

/// The extensions whose types we know.
pub(crate) const EXTENSIONS: [&str; 3] = ["citext", "vector", "postgis"];

/// The extension that a type comes from.
pub(crate) fn extension(ty: &str) -> Option<&'static str> {
    match base(ty).as_str() {
        "citext" => Some("citext"),
        "vector" | "halfvec" | "sparsevec" => Some("vector"),
        "geography" | "geometry" => Some("postgis"),
        _ => None,
    }
}

/// The extension that a column's type comes from; an enum type may have any name.
pub(crate) fn extension_of(column: &crate::catalog::Column) -> Option<&'static str> {
    if column.labels.is_empty() { extension(&column.ty) } else { None }
}

/// The Debian package that brings the extension, for messages.
pub(crate) fn package(extension: &str) -> &'static str {
    match extension {
        "vector" => "pgvector (Debian: postgresql-NN-pgvector)",
        "postgis" => "PostGIS (Debian: postgresql-NN-postgis-3)",
        _ => "postgresql-contrib",
    }
}

/// The type without its modifiers and array brackets, in lower case: `character varying` of `character varying(40)`.
pub(crate) fn base(ty: &str) -> String {
    bare(ty).trim_end_matches("[]").to_lowercase()
}

/// The type without its modifiers.
pub(crate) fn bare(ty: &str) -> String {
    let ty = ty.trim();
    match (ty.find('('), ty.find(')')) {
        (Some(open), Some(close)) if open < close => format!("{}{}", ty[..open].trim_end(), &ty[close + 1..]),
        _ => ty.to_owned(),
    }
}

/// The modifiers: `[10, 2]` of `numeric(10,2)`.
pub(crate) fn modifiers(ty: &str) -> Vec<u32> {
    let inside = ty.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map_or("", |(inside, _)| inside);
    inside.split(',').filter_map(|number| number.trim().parse().ok()).collect()
}

/// Whether a type of times keeps all digits of the seconds that another has: six are all that the server stores.
pub(crate) fn keeps_fractions(from: &str, to: &str) -> bool {
    const TIMES: [&str; 5] = [
        "time without time zone",
        "time with time zone",
        "timestamp without time zone",
        "timestamp with time zone",
        "interval",
    ];
    let digits = |ty: &str| modifiers(ty).first().copied().unwrap_or(6).min(6);
    !is_array(from) && base(from) == base(to) && TIMES.contains(&base(to).as_str()) && digits(from) <= digits(to)
}

/// A native type as the server words it, as far as that is known without asking: `character varying(9)` of `VARCHAR (9)`.
pub(crate) fn spelled(ty: &str) -> String {
    let bare = bare(ty).to_lowercase();
    let (name, array) = bare.strip_suffix("[]").map_or((bare.as_str(), ""), |name| (name.trim_end(), "[]"));
    let name = match name {
        "varchar" => "character varying",
        "char" => "character",
        "int2" => "smallint",
        "int" | "int4" => "integer",
        "int8" => "bigint",
        "bool" => "boolean",
        "float4" => "real",
        "float8" | "float" => "double precision",
        "decimal" => "numeric",
        "time" => "time without time zone",
        "timestamp" => "timestamp without time zone",
        "timestamptz" => "timestamp with time zone",
        other => other,
    };
    let modifiers: Vec<String> = modifiers(ty).iter().map(ToString::to_string).collect();
    if modifiers.is_empty() { format!("{name}{array}") } else { format!("{name}({}){array}", modifiers.join(",")) }
}

/// Whether it is an array.
pub(crate) fn is_array(ty: &str) -> bool {
    ty.trim_end().ends_with("[]")
}

/// Types whose values sqlx reads alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Text,
    Json,
    Numeric,
    Other,
}

fn class(ty: &str) -> Class {
    match base(ty).as_str() {
        "text" | "character varying" | "character" | "bpchar" | "name" | "citext" => Class::Text,
        "json" | "jsonb" => Class::Json,
        "numeric" => Class::Numeric,
        _ => Class::Other,
    }
}

/// Whether the type takes a collation.
pub(crate) fn is_collatable(ty: &str) -> bool {
    matches!(base(ty).as_str(), "text" | "character varying" | "character" | "bpchar")
}

/// Whether the text is a number type that counts up by identity.
pub(crate) fn is_identity(ty: &str) -> bool {
    matches!(ty, "smallint" | "integer" | "bigint")
}

/// Whether values of the one serve as well in the other, so that an adopted column need not change.
pub(crate) fn equivalent(desired: &str, live: &str) -> bool {
    desired == live
        || is_array(desired) == is_array(live) && class(desired) != Class::Other && class(desired) == class(live)
}

/// Whether the type is one of ours, in the words of `format_type`; else the server has to word it.
pub(crate) fn is_worded(ty: &str) -> bool {
    matches!(
        base(ty).as_str(),
        "boolean"
            | "\"char\""
            | "smallint"
            | "integer"
            | "bigint"
            | "numeric"
            | "real"
            | "double precision"
            | "text"
            | "character varying"
            | "citext"
            | "bytea"
            | "uuid"
            | "date"
            | "time without time zone"
            | "timestamp without time zone"
            | "timestamp with time zone"
            | "jsonb"
            | "vector"
            | "geography"
    ) && !ty.contains(", ")
        && ty.to_lowercase() == ty
        || ty == "geography(Point,4326)"
}
