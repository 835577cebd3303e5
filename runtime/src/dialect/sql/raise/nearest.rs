//! Native types that no logical one lowers to: the logical type whose values they hold.

use crate::descriptor::Collation;
use crate::model::DataType;

/// What a native type is for.
pub(crate) struct Logical {
    pub(crate) ty: DataType,
    /// The collation that the type stands for.
    pub(crate) collate: Option<Collation>,
    /// The dialect makes this native type of it, or one that serves as well; else the native type has to be given.
    pub(crate) exact: bool,
}

/// What kind of values a native type is for, by its first word.
pub(crate) fn nearest(upper: &str) -> DataType {
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

/// The numbers between the parentheses; none where something else stands there too.
pub(crate) fn numbers(native: &str) -> Vec<u32> {
    let inside = native.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map_or("", |(inside, _)| inside);
    inside.split(',').map(|number| number.trim().parse().ok()).collect::<Option<_>>().unwrap_or_default()
}
