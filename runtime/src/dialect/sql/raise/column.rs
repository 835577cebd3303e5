//! Columns: native types and defaults → logical ones.

use super::default::default_value;
use super::{Logical, RaiseNative};
use crate::catalog::{self, Catalog, EnumType};
use crate::model::{Column, DataType, DefaultValue, Generated, NativeColumn, PostgresEnum};

pub(super) fn column(
    database: &dyn RaiseNative,
    catalog: &Catalog,
    table: &catalog::Table,
    live: &catalog::Column,
    primary_key: &[String],
    notes: &mut Vec<String>,
) -> Column {
    let at = format!("{}.{}", table.name, live.name);
    let mut native = NativeColumn::default();
    let enum_type =
        catalog.type_of(live).map(|ty| Logical { ty: enumeration(ty, &live.ty), collate: None, exact: true });
    let Logical { ty, collate: implied, exact } = enum_type.unwrap_or_else(|| database.logical(&live.ty));
    if !exact {
        *database.native_mut(&mut native).ty = Some(live.ty.clone());
    }
    // A portable collation is for texts; every other one is native.
    let collate = live.collate.as_deref().and_then(|name| database.portable_collation(name, &ty));
    if collate.is_none() && live.collate.is_some() {
        *database.native_mut(&mut native).collate = live.collate.clone();
    }
    for (name, value) in &live.extra {
        if !database.column_option(&mut native, name, value) {
            notes.push(format!("{at}: {name} = {value} is not part of a schema"));
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
            (Some(identity), _) => Some(DefaultValue::Increment(identity.increment())),
            (None, default) => default.as_deref().map(|sql| default_value(database, sql, &ty, &live.ty)),
        },
        generated: (live.generated.as_ref())
            .map(|generated| Generated { sql: generated.sql.text.clone(), stored: generated.stored }),
        collate: collate.or(implied),
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
