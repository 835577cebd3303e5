//! Native types → logical ones.

use crate::descriptor::Collation;
use crate::model::DataType;

/// What a native type is for.
pub(crate) struct Logical {
    pub(crate) ty: DataType,
    /// The collation that the type stands for.
    pub(super) collate: Option<Collation>,
    /// The dialect makes this native type of it, or one that serves as well; else the native type has to be given.
    pub(super) exact: bool,
}

pub(crate) fn logical(native: &str, dialect: &str) -> Logical {
    let upper = native.trim().to_ascii_uppercase();
    let (ty, exact) = match dialect {
        "sqlite" => sqlite(&upper),
        "postgres" if upper == "CITEXT" => {
            return Logical { ty: DataType::Text, collate: Some(Collation::Nocase), exact: true };
        }
        "postgres" => postgres(native.trim()),
        _ => (nearest(&upper), false),
    };
    Logical { ty, collate: None, exact }
}

/// By the whole word where sqlx goes by it, else by the parts of words that SQLite goes by
/// (<https://www.sqlite.org/datatype3.html>, section 3.1).
fn sqlite(upper: &str) -> (DataType, bool) {
    let has = |part: &str| upper.contains(part);
    match upper {
        "BOOLEAN" | "BOOL" => (DataType::Bool, true),
        "DATE" => (DataType::Date, true),
        "TIME" => (DataType::Time, true),
        "DATETIME" | "TIMESTAMP" => (DataType::DateTime, true),
        _ if has("INT") => (DataType::Int64, true),
        _ if has("CHAR") => (length(upper).map_or(DataType::Text, DataType::Varchar), true),
        _ if has("CLOB") || has("TEXT") => (DataType::Text, true),
        _ if has("BLOB") || upper.is_empty() => (DataType::Bytes, true),
        _ if has("REAL") || has("FLOA") || has("DOUB") => (DataType::Float64, true),
        // SQLite has no decimals: it stores integers and floats.
        _ if ["NUMERIC", "DECIMAL", "DEC", "NUMBER", "MONEY"].iter().any(|word| upper.starts_with(word)) => {
            (DataType::Float64, false)
        }
        _ => (nearest(upper), false),
    }
}

/// The words of `format_type`.
fn postgres(native: &str) -> (DataType, bool) {
    if let Some(element) = native.strip_suffix("[]") {
        let (element, exact) = postgres(element);
        let plain =
            exact && !matches!(element, DataType::Array(_) | DataType::Json | DataType::GeoPoint | DataType::Int8);
        return (DataType::Array(Box::new(element)), plain);
    }
    let exact = match native {
        "boolean" => DataType::Bool,
        "smallint" => DataType::Int16,
        "integer" => DataType::Int32,
        "bigint" => DataType::Int64,
        "real" => DataType::Float32,
        "double precision" => DataType::Float64,
        "text" | "character varying" => DataType::Text,
        "bytea" => DataType::Bytes,
        "uuid" => DataType::Uuid,
        "date" => DataType::Date,
        "time without time zone" => DataType::Time,
        "timestamp without time zone" => DataType::DateTime,
        "timestamp with time zone" => DataType::Timestamp,
        "numeric" => DataType::Decimal(None),
        "jsonb" => DataType::Json,
        "\"char\"" => DataType::Int8,
        "geography(Point,4326)" => DataType::GeoPoint,
        _ => return postgres_modified(native),
    };
    (exact, true)
}

fn postgres_modified(native: &str) -> (DataType, bool) {
    let word = native.split('(').next().unwrap_or_default().trim();
    match (word, numbers(native).as_slice()) {
        ("character varying", [length]) if *length > 0 => (DataType::Varchar(*length), true),
        ("character", [length]) if *length > 0 => (DataType::Varchar(*length), false),
        ("numeric", [precision, scale]) if *precision > 0 && scale <= precision => {
            (DataType::Decimal(Some((*precision, *scale))), true)
        }
        ("vector", [dimensions]) if *dimensions > 0 => (DataType::Vector(*dimensions), true),
        _ => (nearest(&native.to_ascii_uppercase()), false),
    }
}

/// The numbers between the parentheses; none where something else stands there too.
fn numbers(native: &str) -> Vec<u32> {
    let inside = native.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map_or("", |(inside, _)| inside);
    inside.split(',').map(|number| number.trim().parse().ok()).collect::<Option<_>>().unwrap_or_default()
}

fn length(upper: &str) -> Option<u32> {
    match numbers(upper).as_slice() {
        [length] if *length > 0 => Some(*length),
        _ => None,
    }
}

/// What kind of values a native type is for, by its first word.
fn nearest(upper: &str) -> DataType {
    let word = upper.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    let has = |part: &str| upper.contains(part);
    match word {
        "" | "BYTEA" | "BINARY" | "VARBINARY" => DataType::Bytes,
        "BOOL" | "BOOLEAN" => DataType::Bool,
        "DATE" => DataType::Date,
        "TIME" => DataType::Time,
        "DATETIME" => DataType::DateTime,
        "TIMESTAMP" if has("WITH TIME ZONE") => DataType::Timestamp,
        "TIMESTAMP" => DataType::DateTime,
        "TIMESTAMPTZ" => DataType::Timestamp,
        "DECIMAL" | "NUMERIC" | "DEC" => DataType::Decimal(None),
        "JSON" | "JSONB" => DataType::Json,
        "INTERVAL" | "POINT" => DataType::Text,
        _ if has("INT") => DataType::Int64,
        _ if has("CHAR") || has("CLOB") || has("TEXT") => DataType::Text,
        _ if has("BLOB") => DataType::Bytes,
        _ if has("REAL") || has("FLOA") || has("DOUB") => DataType::Float64,
        _ => DataType::Text,
    }
}
