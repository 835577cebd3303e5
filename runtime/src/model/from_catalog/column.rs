//! Columns: native types and defaults → logical ones.

use super::default::default_value;
use super::types::{Logical, logical};
use crate::catalog::{self, Catalog, EnumType};
use crate::descriptor::Collation;
use crate::model::{Column, DataType, DefaultValue, Generated, NativeColumn, PostgresEnum};

pub(super) fn column(
    catalog: &Catalog,
    table: &catalog::Table,
    live: &catalog::Column,
    primary_key: &[String],
    dialect: &str,
    notes: &mut Vec<String>,
) -> Column {
    let at = format!("{}.{}", table.name, live.name);
    let mut native = NativeColumn::default();
    let enum_type =
        catalog.type_of(live).map(|ty| Logical { ty: enumeration(ty, &live.ty), collate: None, exact: true });
    let Logical { ty, collate: implied, exact } = enum_type.unwrap_or_else(|| logical(&live.ty, dialect));
    if !exact {
        let said = Some(live.ty.clone());
        match dialect {
            "postgres" => native.postgres.ty = said,
            "mysql" => native.mysql.ty = said,
            _ => native.sqlite.ty = said,
        }
    }
    let collate = collation(live, &ty, dialect, &mut native).or(implied);
    for (name, value) in &live.extra {
        match (dialect, name.as_str()) {
            ("mysql", "on_update") => native.mysql.on_update = Some(value.clone()),
            // Kept as it is, and no difference to an identity that lets values in.
            ("postgres", "identity") => {}
            _ => notes.push(format!("{at}: {name} = {value} is not part of a schema")),
        }
    }
    let is_key = primary_key.contains(&live.name);
    if is_key && live.nullable {
        notes.push(format!("{at}: the primary key takes NULL, which a schema does not allow"));
    }
    Column {
        name: live.name.clone(),
        renamed: Vec::new(),
        nullable: live.nullable && !is_key,
        default: match (&live.identity, &live.default) {
            (Some(identity), _) => Some(DefaultValue::Increment(identity.start)),
            (None, default) => default.as_deref().map(|sql| default_value(sql, &ty, &live.ty, dialect)),
        },
        generated: (live.generated.as_ref())
            .map(|generated| Generated { sql: generated.sql.clone(), stored: generated.stored }),
        collate,
        encrypted: false,
        native,
        comment: live.comment.clone(),
        ty,
    }
}

/// The logical type of a column of an enum type, or of arrays of one.
fn enumeration(of: &EnumType, native: &str) -> DataType {
    let postgres = PostgresEnum { ty: of.name.name.clone(), schema: of.name.schema.clone(), ..PostgresEnum::default() };
    let variants = of.labels.clone();
    let ty = DataType::Enum { name: of.name.name.clone(), variants, postgres: Some(Box::new(postgres)) };
    if native == of.ty { ty } else { DataType::Array(Box::new(ty)) }
}

/// A portable collation is for texts; every other one is native.
fn collation(live: &catalog::Column, ty: &DataType, dialect: &str, native: &mut NativeColumn) -> Option<Collation> {
    let name = live.collate.as_ref()?;
    match dialect {
        "postgres" => native.postgres.collate = Some(name.clone()),
        "mysql" => native.mysql.collate = Some(name.clone()),
        _ if name.eq_ignore_ascii_case("nocase") && matches!(ty, DataType::Text | DataType::Varchar(_)) => {
            return Some(Collation::Nocase);
        }
        _ => native.sqlite.collate = Some(name.clone()),
    }
    None
}
