//! Catalog → model: what is PostgreSQL's own.

use super::{IDENTIFIER_LIMIT, search};
use crate::catalog::{self, IdentifierLimit, check_name};
use crate::descriptor::Collation;
use crate::dialect::sql::raise::{Logical, RaiseNative, nearest, numbers};
use crate::model::{DataType, DefaultValue, IndexPart, NativeColumn, NativeMut, TableOptions};

/// [`RaiseNative`] of PostgreSQL.
pub(crate) struct PostgresRaise;

impl RaiseNative for PostgresRaise {
    fn identifier_limit(&self) -> IdentifierLimit {
        IDENTIFIER_LIMIT
    }

    fn case_tells_apart(&self) -> bool {
        true
    }

    fn logical(&self, native: &str) -> Logical {
        if native.trim().eq_ignore_ascii_case("citext") {
            return Logical { ty: DataType::Text, collate: Some(Collation::Nocase), exact: true };
        }
        let (ty, exact) = logical(native.trim());
        Logical { ty, collate: None, exact }
    }

    fn native_mut<'a>(&self, native: &'a mut NativeColumn) -> NativeMut<'a> {
        native.postgres.native_mut()
    }

    fn column_option(&self, _: &mut NativeColumn, _: &str, _: &str) -> bool {
        false
    }

    fn table_option(&self, options: &mut TableOptions, name: &str, value: &str) -> bool {
        let postgres = &mut options.postgres;
        match (name, value.parse()) {
            ("unlogged", _) => postgres.unlogged = true,
            ("fillfactor", Ok(factor)) => postgres.fillfactor = Some(factor),
            ("collate", _) => postgres.collate = Some(value.to_owned()),
            _ => return false,
        }
        true
    }

    fn fulltext(&self, index: &catalog::Index) -> Option<(Vec<IndexPart>, Option<String>)> {
        search::raise(index)
    }

    fn check_prefix(&self, table: &str) -> String {
        check_name(table, "", IdentifierLimit::NONE)
    }

    /// `'free'` of `'free'::text`, where that is the column's own type: so lowering writes a literal.
    fn literal<'a>(&self, sql: &'a str, native: &str) -> &'a str {
        let bare = native.split('(').next().unwrap_or_default().trim();
        match sql.rsplit_once("::") {
            Some((literal, ty)) if ty == bare && literal.ends_with('\'') => literal,
            _ => sql,
        }
    }

    fn computed(&self, sql: &str, ty: &DataType) -> Option<DefaultValue> {
        let now = match ty {
            DataType::Date => "CURRENT_DATE",
            DataType::Time => "LOCALTIME",
            DataType::Timestamp => "NOW()",
            DataType::DateTime => "(NOW() AT TIME ZONE 'UTC'::TEXT)",
            DataType::Uuid => return (sql == "GEN_RANDOM_UUID()").then_some(DefaultValue::Uuid),
            _ => return None,
        };
        (sql == now).then_some(DefaultValue::Now)
    }
}

/// The words of `format_type`.
fn logical(native: &str) -> (DataType, bool) {
    if let Some(element) = native.strip_suffix("[]") {
        let (element, exact) = logical(element);
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
        _ => return modified(native),
    };
    (exact, true)
}

fn modified(native: &str) -> (DataType, bool) {
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
