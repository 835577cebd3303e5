//! Catalog → model: what is SQLite's own.

use super::{IDENTIFIER_LIMIT, lower, normalise, parse, search};
use crate::catalog::{self, IdentifierLimit};
use crate::descriptor::Collation;
use crate::dialect::sql::raise::{Logical, RaiseNative, nearest, numbers};
use crate::model::{DataType, DefaultValue, IndexPart, NativeColumn, NativeMut, TableOptions};

/// [`RaiseNative`] of SQLite.
pub(crate) struct SqliteRaise;

impl RaiseNative for SqliteRaise {
    fn identifier_limit(&self) -> IdentifierLimit {
        IDENTIFIER_LIMIT
    }

    fn logical(&self, native: &str) -> Logical {
        let (ty, exact) = logical(&native.trim().to_ascii_uppercase());
        Logical { ty, collate: None, exact }
    }

    fn native_mut<'a>(&self, native: &'a mut NativeColumn) -> NativeMut<'a> {
        native.sqlite.native_mut()
    }

    fn portable_collation(&self, name: &str, ty: &DataType) -> Option<Collation> {
        let is_portable = name.eq_ignore_ascii_case("nocase") && matches!(ty, DataType::Text | DataType::Varchar(_));
        is_portable.then_some(Collation::Nocase)
    }

    fn table_option(&self, options: &mut TableOptions, name: &str, _: &str) -> bool {
        match name {
            "strict" => options.sqlite.strict = true,
            "without_rowid" => options.sqlite.without_rowid = true,
            _ => return false,
        }
        true
    }

    /// SQLite reads a collation as a part of what is indexed.
    fn collated_part(&self, on: &catalog::IndexOn, collation: &str) -> Option<String> {
        Some(match on {
            catalog::IndexOn::Column(name) => format!("{} COLLATE {collation}", normalise::quote(name)),
            catalog::IndexOn::Expression(sql) => format!("{sql} COLLATE {collation}"),
        })
    }

    fn fulltext(&self, index: &catalog::Index) -> Option<(Vec<IndexPart>, Option<String>)> {
        let part = |part: &catalog::IndexPart| {
            let catalog::IndexOn::Column(name) = &part.on else { return None };
            let weight = part.extra.as_deref().and_then(|weight| weight.parse().ok());
            Some(IndexPart { weight, ..IndexPart::column(name) })
        };
        let parts = index.parts.iter().map(part).collect::<Option<_>>()?;
        Some((parts, index.method.as_deref().and_then(search::language).map(str::to_owned)))
    }

    /// There is no table in it: a constraint keeps its name when its table is renamed.
    fn check_prefix(&self, _: &str) -> String {
        lower::CHECK_PREFIX.to_owned()
    }

    fn computed(&self, sql: &str, ty: &DataType) -> Option<DefaultValue> {
        let now = match ty {
            DataType::Date => "CURRENT_DATE",
            DataType::Time => "CURRENT_TIME",
            DataType::DateTime => "CURRENT_TIMESTAMP",
            _ => return None,
        };
        (sql == now).then_some(DefaultValue::Now)
    }

    /// A view that is not written as we write it is in the catalog with its whole statement.
    fn view_query<'a>(&self, sql: &'a str) -> Option<&'a str> {
        let is_statement = parse::tokenize(sql).first().is_some_and(|token| token.is("create"));
        if is_statement { parse::view_query(sql).map(parse::trim_statement) } else { Some(sql) }
    }
}

/// By the whole word where sqlx goes by it, else by the parts of words that SQLite goes by
/// (<https://www.sqlite.org/datatype3.html>, section 3.1).
fn logical(upper: &str) -> (DataType, bool) {
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

fn length(upper: &str) -> Option<u32> {
    match numbers(upper).as_slice() {
        [length] if *length > 0 => Some(*length),
        _ => None,
    }
}
