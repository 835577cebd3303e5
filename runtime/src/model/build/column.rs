//! One column: descriptor → model.

use super::owned;
use crate::descriptor::{ColumnDef, DefaultDef, LogicalType, NativeDef, PostgresEnumDef};
use crate::model::{
    Column, DataType, DefaultValue, Generated, MysqlColumn, NativeColumn, PostgresColumn, PostgresEnum, SqliteColumn,
};

/// The column under a physical name; `nullable`: an `Option` on the way to it. Problems name it with its table.
pub(super) fn column(def: &ColumnDef, name: String, nullable: bool, table: &str, problems: &mut Vec<String>) -> Column {
    let mut problem = |text: String| problems.push(format!("{table}.{name}: {text}"));
    let default = match (def.default, def.version) {
        (Some(default), _) => Some(default_value(default)),
        (None, true) => Some(DefaultValue::Int(0)),
        (None, false) => None,
    };
    let ty = data_type(def, &mut problem);
    Column {
        name,
        renamed: Vec::new(),
        ty,
        nullable: (nullable || def.nullable) && !def.version,
        default,
        generated: def.generated.map(|generated| Generated { sql: generated.sql.into(), stored: generated.stored }),
        collate: def.collate,
        encrypted: def.encrypted,
        native: native(&def.native),
        comment: def.comment.map(Into::into),
    }
}

fn data_type(def: &ColumnDef, problem: &mut impl FnMut(String)) -> DataType {
    if def.json {
        return DataType::Json;
    }
    if let Some(vector) = def.vector {
        return vector_type(def, vector.dimensions, problem);
    }
    let ty = plain_type(&def.ty);
    match (def.max_length, def.precision) {
        (Some(length), _) if ty == DataType::Text => DataType::Varchar(length),
        (_, Some(precision)) if ty == DataType::Decimal(None) => DataType::Decimal(Some(precision)),
        // Ciphertext has no such bounds, and a newtype may hide what it is: the attribute then says nothing about storage.
        _ if def.encrypted => ty,
        (Some(_), _) => {
            problem("`max_length` is for text columns: leave it out".to_owned());
            ty
        }
        (_, Some(_)) => {
            problem("`precision` is for decimal columns: leave it out".to_owned());
            ty
        }
        (None, None) => ty,
    }
}

/// The attribute and the type may both say the length, and have to agree.
fn vector_type(def: &ColumnDef, said: u32, problem: &mut impl FnMut(String)) -> DataType {
    let carried = match def.ty {
        LogicalType::Vector(carried) => carried,
        LogicalType::Array(LogicalType::Float32) => 0,
        _ => {
            problem("`vector` is for `Vec<f32>`, `[f32; N]` and `Vector<N>`: change the field's type".to_owned());
            0
        }
    };
    match (said, carried) {
        (0, carried) => DataType::Vector(carried),
        (said, 0) => DataType::Vector(said),
        (said, carried) => {
            if said != carried {
                problem(format!(
                    "the attribute says {said} dimensions and the field's type {carried}: make them agree"
                ));
            }
            DataType::Vector(said)
        }
    }
}

/// The type that a logical type is, whatever attributes say.
pub(super) fn plain_type(ty: &LogicalType) -> DataType {
    match ty {
        LogicalType::Bool => DataType::Bool,
        LogicalType::Int8 => DataType::Int8,
        LogicalType::Int16 => DataType::Int16,
        LogicalType::Int32 => DataType::Int32,
        LogicalType::Int64 => DataType::Int64,
        LogicalType::UInt8 => DataType::Uint8,
        LogicalType::UInt16 => DataType::Uint16,
        LogicalType::UInt32 => DataType::Uint32,
        LogicalType::UInt64 => DataType::Uint64,
        LogicalType::Float32 => DataType::Float32,
        LogicalType::Float64 => DataType::Float64,
        LogicalType::Text => DataType::Text,
        LogicalType::Char => DataType::Char,
        LogicalType::Bytes => DataType::Bytes,
        LogicalType::Uuid => DataType::Uuid,
        LogicalType::Date => DataType::Date,
        LogicalType::Time => DataType::Time,
        LogicalType::DateTime => DataType::DateTime,
        LogicalType::Timestamp => DataType::Timestamp,
        LogicalType::Decimal => DataType::Decimal(None),
        LogicalType::Json => DataType::Json,
        LogicalType::Array(element) => DataType::Array(Box::new(plain_type(element))),
        LogicalType::Enum(def) => DataType::Enum {
            name: def.name.into(),
            variants: owned(def.variants),
            postgres: def.postgres.as_ref().map(|native| Box::new(postgres_enum(native))),
        },
        LogicalType::Vector(dimensions) => DataType::Vector(*dimensions),
        LogicalType::GeoPoint => DataType::GeoPoint,
    }
}

fn postgres_enum(def: &PostgresEnumDef) -> PostgresEnum {
    PostgresEnum {
        ty: def.name.into(),
        schema: def.schema.map(Into::into),
        renamed: owned(def.renamed),
        renamed_labels: def.renamed_labels.iter().map(|(label, old)| ((*label).to_owned(), owned(old))).collect(),
    }
}

fn default_value(def: DefaultDef) -> DefaultValue {
    match def {
        DefaultDef::Bool(value) => DefaultValue::Bool(value),
        DefaultDef::Int(value) => DefaultValue::Int(value),
        DefaultDef::Float(value) => DefaultValue::Float(value),
        DefaultDef::Text(value) => DefaultValue::Text(value.into()),
        DefaultDef::Increment(increment) => DefaultValue::Increment(increment),
        DefaultDef::Uuid => DefaultValue::Uuid,
        DefaultDef::Now => DefaultValue::Now,
        DefaultDef::Sql(sql) => DefaultValue::Sql(sql.into()),
    }
}

fn native(def: &NativeDef) -> NativeColumn {
    NativeColumn {
        sqlite: SqliteColumn { ty: def.sqlite.map(Into::into), collate: def.sqlite_collate.map(Into::into) },
        postgres: PostgresColumn { ty: def.postgres.map(Into::into), collate: def.postgres_collate.map(Into::into) },
        mysql: MysqlColumn {
            ty: def.mysql.map(Into::into),
            collate: def.mysql_collate.map(Into::into),
            unsigned: def.mysql_unsigned,
            on_update: def.mysql_on_update.map(Into::into),
        },
    }
}
