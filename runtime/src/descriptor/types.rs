//! Logical column types, and the enums stored in them.

/// A logical column type, from [`crate::DbValue::TYPE`].
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum LogicalType {
    Bool,
    Int8,
    Int16,
    Int32,
    Int64,
    UInt8,
    UInt16,
    UInt32,
    UInt64,
    Float32,
    Float64,
    Text,
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
    /// Stored as JSON where the database has no arrays.
    Array(&'static LogicalType),
    /// A fieldless enum stored as text; the variants' stored names.
    Enum(&'static EnumDef),
    /// A vector of so many `f32`; 0 when the type does not say.
    Vector(u32),
    GeoPoint,
}

/// A fieldless Rust enum that is stored as text.
#[derive(Debug, PartialEq)]
pub struct EnumDef {
    /// The Rust name, in snake_case.
    pub name: &'static str,
    /// The stored text of each variant, in order.
    pub variants: &'static [&'static str],
    /// `postgres(enum = "…")`: an enum type of its own on PostgreSQL.
    pub postgres: Option<PostgresEnumDef>,
}

/// The enum type of a Rust enum on PostgreSQL.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PostgresEnumDef {
    /// The type's name.
    pub name: &'static str,
    /// Its schema; `None`: the connection's own.
    pub schema: Option<&'static str>,
    /// Earlier names of the type.
    pub renamed: &'static [&'static str],
    /// Labels that had other names, and those.
    pub renamed_labels: &'static [(&'static str, &'static [&'static str])],
}
