//! Columns, their defaults and what they say about single databases.

use super::{Collation, Increment, LogicalType, Similarity};

/// One column. `..ColumnDef::new(..)` fills what an attribute does not say.
#[derive(Debug, Clone, Copy)]
pub struct ColumnDef {
    /// The Rust field.
    pub field: &'static str,
    /// Physical name.
    pub name: &'static str,
    /// Earlier physical names.
    pub renamed: &'static [&'static str],
    /// Logical type.
    pub ty: LogicalType,
    /// From `Option<T>`.
    pub nullable: bool,
    /// Part of the primary key, in field order.
    pub primary_key: bool,
    /// Default.
    pub default: Option<DefaultDef>,
    /// Generated column.
    pub generated: Option<GeneratedDef>,
    /// Collation.
    pub collate: Option<Collation>,
    /// Longest text, in characters.
    pub max_length: Option<u32>,
    /// Digits in all, and after the point.
    pub precision: Option<(u32, u32)>,
    /// `json`: one JSON column, whatever the type.
    pub json: bool,
    /// `encrypted`: unbounded text, whatever the type.
    pub encrypted: bool,
    /// `version`: an optimistic lock counter.
    pub version: bool,
    /// Carried for other tools.
    pub dimension: bool,
    /// Carried for other tools.
    pub measure: bool,
    /// Vector parameters: dimensions, similarity, threshold; the index is in `indexes`.
    pub vector: Option<VectorDef>,
    /// Native types and column options of single databases.
    pub native: NativeDef,
    /// From the doc comment.
    pub comment: Option<&'static str>,
}

impl ColumnDef {
    /// A plain column of that field, name, type and nullability.
    pub const fn new(field: &'static str, name: &'static str, ty: LogicalType, nullable: bool) -> Self {
        Self {
            field,
            name,
            renamed: &[],
            ty,
            nullable,
            primary_key: false,
            default: None,
            generated: None,
            collate: None,
            max_length: None,
            precision: None,
            json: false,
            encrypted: false,
            version: false,
            dimension: false,
            measure: false,
            vector: None,
            native: NativeDef::NONE,
            comment: None,
        }
    }
}

/// `vector(1536, similarity = cosine, threshold = 0.7)`
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VectorDef {
    /// Dimensions.
    pub dimensions: u32,
    /// The distance.
    pub similarity: Similarity,
    /// 0 to 1.
    pub threshold: Option<f64>,
}

/// Native types and column options of single databases.
#[derive(Debug, Clone, Copy)]
pub struct NativeDef {
    /// `sqlite(type = "…")`
    pub sqlite: Option<&'static str>,
    /// `sqlite(collate = "…")`
    pub sqlite_collate: Option<&'static str>,
    /// `postgres(type = "…")`
    pub postgres: Option<&'static str>,
    /// `postgres(collate = "…")`
    pub postgres_collate: Option<&'static str>,
    /// `mysql(type = "…")`
    pub mysql: Option<&'static str>,
    /// `mysql(unsigned)`
    pub mysql_unsigned: bool,
    /// `mysql(on_update = "…")`
    pub mysql_on_update: Option<&'static str>,
    /// `mysql(collate = "…")`
    pub mysql_collate: Option<&'static str>,
}

impl NativeDef {
    /// Nothing said.
    pub const NONE: Self = Self {
        sqlite: None,
        sqlite_collate: None,
        postgres: None,
        postgres_collate: None,
        mysql: None,
        mysql_unsigned: false,
        mysql_on_update: None,
        mysql_collate: None,
    };
}

/// A default value.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs)]
pub enum DefaultDef {
    Bool(bool),
    Int(i128),
    Float(f64),
    Text(&'static str),
    /// `default(increment = 1000)`, `default(increment(serial, step = 5))`
    Increment(Increment),
    /// `default(uuid)`
    Uuid,
    /// `default(now)`
    Now,
    /// `default(sql = "…")`
    Sql(&'static str),
}

/// `generated(sql = "…", stored)`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GeneratedDef {
    /// The expression.
    pub sql: &'static str,
    /// Stored, or computed when read.
    pub stored: bool,
}
