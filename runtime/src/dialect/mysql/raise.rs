//! Catalog → model: what is MySQL's and MariaDB's own.

use super::{IDENTIFIER_LIMIT, Mysql, defaults, types};
use crate::catalog::{IdentifierLimit, check_name};
use crate::descriptor::Collation;
use crate::dialect::sql::raise::{Logical, RaiseNative, nearest, numbers};
use crate::model::{DataType, DefaultValue, NativeColumn, NativeMut, TableOptions};

/// [`RaiseNative`] of MySQL and MariaDB.
pub(crate) struct MysqlRaise<'a>(pub(crate) &'a Mysql);

impl RaiseNative for MysqlRaise<'_> {
    fn identifier_limit(&self) -> IdentifierLimit {
        IDENTIFIER_LIMIT
    }

    fn logical(&self, native: &str) -> Logical {
        let (ty, exact) = logical(&types::normal(native));
        Logical { ty, collate: None, exact }
    }

    fn native_mut<'a>(&self, native: &'a mut NativeColumn) -> NativeMut<'a> {
        native.mysql.native_mut()
    }

    fn portable_collation(&self, name: &str, ty: &DataType) -> Option<Collation> {
        let is_text = matches!(ty, DataType::Text | DataType::Varchar(_));
        let all = [Collation::Nocase, Collation::Unicode];
        all.into_iter().find(|collation| is_text && self.0.collation(*collation) == name)
    }

    fn column_option(&self, native: &mut NativeColumn, name: &str, value: &str) -> bool {
        if name == "on_update" {
            native.mysql.on_update = Some(value.to_owned());
        }
        name == "on_update"
    }

    fn table_option(&self, options: &mut TableOptions, name: &str, value: &str) -> bool {
        let mysql = &mut options.mysql;
        match name {
            "engine" => mysql.engine = Some(value.to_owned()),
            "charset" => mysql.charset = Some(value.to_owned()),
            "collate" => mysql.collate = Some(value.to_owned()),
            _ => return false,
        }
        true
    }

    fn implies_part(&self, extra: &str) -> bool {
        extra == super::lower::PREFIX.to_string()
    }

    fn check_prefix(&self, table: &str) -> String {
        check_name(table, "", IdentifierLimit::NONE)
    }

    fn computed(&self, sql: &str, ty: &DataType) -> Option<DefaultValue> {
        let now = match ty {
            DataType::Date => "(UTC_DATE())",
            DataType::Time => "(UTC_TIME(6))",
            DataType::DateTime => "(UTC_TIMESTAMP(6))",
            DataType::Timestamp if defaults::is_current_timestamp(sql) => return Some(DefaultValue::Now),
            DataType::Uuid => {
                return (sql == "(UNHEX(REPLACE(UUID(),'-','')))").then_some(DefaultValue::Uuid);
            }
            _ => return None,
        };
        (sql == now).then_some(DefaultValue::Now)
    }
}

/// The logical type whose values a native type holds, and whether lowering makes this type, or one that serves as well, of it.
fn logical(ty: &str) -> (DataType, bool) {
    let exact = match ty {
        "tinyint(1)" => DataType::Bool,
        "tinyint" => DataType::Int8,
        "smallint" => DataType::Int16,
        "int" => DataType::Int32,
        "bigint" => DataType::Int64,
        "tinyint unsigned" => DataType::Uint8,
        "smallint unsigned" => DataType::Uint16,
        "int unsigned" => DataType::Uint32,
        "bigint unsigned" => DataType::Uint64,
        "float" => DataType::Float32,
        "double" => DataType::Float64,
        "longtext" => DataType::Text,
        "longblob" => DataType::Bytes,
        "binary(16)" => DataType::Uuid,
        "date" => DataType::Date,
        "time(6)" => DataType::Time,
        "datetime(6)" => DataType::DateTime,
        "timestamp(6)" => DataType::Timestamp,
        "decimal(57,28)" => DataType::Decimal(None),
        "json" => DataType::Json,
        _ => return modified(ty),
    };
    (exact, true)
}

fn modified(ty: &str) -> (DataType, bool) {
    let whole = if types::is_integer(ty) { Some(integer(ty)) } else { None };
    match (types::base(ty), numbers(ty).as_slice()) {
        ("varchar", [length]) if (1..=16_383).contains(length) => (DataType::Varchar(*length), true),
        ("char", [length]) => (DataType::Varchar((*length).max(1)), false),
        ("decimal", [precision, scale]) if !ty.contains("unsigned") => {
            (DataType::Decimal(Some((*precision, *scale))), true)
        }
        ("datetime", _) => (DataType::DateTime, false),
        ("timestamp", _) => (DataType::Timestamp, false),
        ("time", _) => (DataType::Time, false),
        ("tinytext" | "text" | "mediumtext" | "enum" | "set", _) => (DataType::Text, false),
        ("tinyblob" | "blob" | "mediumblob" | "binary" | "varbinary" | "bit", _) => (DataType::Bytes, false),
        ("year", _) => (DataType::Int16, false),
        _ => (whole.unwrap_or_else(|| nearest(&ty.to_ascii_uppercase())), false),
    }
}

/// The integer that holds the values of `mediumint`, `int zerofill` and the like.
fn integer(ty: &str) -> DataType {
    let unsigned = ty.contains("unsigned");
    match types::base(ty) {
        "tinyint" if unsigned => DataType::Uint8,
        "tinyint" => DataType::Int8,
        "smallint" if unsigned => DataType::Uint16,
        "smallint" => DataType::Int16,
        "bigint" if unsigned => DataType::Uint64,
        "bigint" => DataType::Int64,
        _ if unsigned => DataType::Uint32,
        _ => DataType::Int32,
    }
}
