//! Columns: native types and defaults → logical ones.

use crate::catalog;
use crate::descriptor::Collation;
use crate::model::{Column, DataType, DefaultValue, Generated, NativeColumn};

pub(super) fn column(
    table: &catalog::Table,
    live: &catalog::Column,
    primary_key: &[String],
    dialect: &str,
    notes: &mut Vec<String>,
) -> Column {
    let at = format!("{}.{}", table.name, live.name);
    let mut native = NativeColumn::default();
    let (ty, exact) = data_type(&live.ty, dialect);
    // A column without a type, which SQLite takes, is best left to the logical one.
    if !exact && !live.ty.trim().is_empty() {
        let said = Some(live.ty.clone());
        match dialect {
            "postgres" => native.postgres.ty = said,
            "mysql" => native.mysql.ty = said,
            _ => native.sqlite.ty = said,
        }
    }
    let collate = collation(live, dialect, &mut native, &at, notes);
    for (name, value) in &live.extra {
        match (dialect, name.as_str()) {
            ("mysql", "on_update") => native.mysql.on_update = Some(value.clone()),
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
            (None, default) => default.as_deref().map(|sql| default_value(sql, &ty)),
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

/// The logical type, and whether the dialect's lowering makes exactly this native type of it.
fn data_type(native: &str, dialect: &str) -> (DataType, bool) {
    let upper = native.trim().to_ascii_uppercase();
    if dialect == "sqlite" {
        let exact = match upper.as_str() {
            "INTEGER" => Some(DataType::Int64),
            "TEXT" => Some(DataType::Text),
            "REAL" => Some(DataType::Float64),
            "BLOB" => Some(DataType::Bytes),
            "BOOLEAN" => Some(DataType::Bool),
            "DATE" => Some(DataType::Date),
            "TIME" => Some(DataType::Time),
            "DATETIME" => Some(DataType::DateTime),
            _ => None,
        };
        if let Some(ty) = exact {
            return (ty, true);
        }
    }
    (nearest(&upper), false)
}

/// What kind of values a native type is for, by its first word and by the parts of words that SQLite goes by
/// (<https://www.sqlite.org/datatype3.html>, section 3.1).
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

/// A literal where the text is one that is written so again; else the expression.
fn default_value(sql: &str, ty: &DataType) -> DefaultValue {
    match (ty, sql) {
        (DataType::Bool, "0" | "false") => return DefaultValue::Bool(false),
        (DataType::Bool, "1" | "true") => return DefaultValue::Bool(true),
        _ => {}
    }
    if let Ok(value) = sql.parse::<i64>()
        && value.to_string() == sql
    {
        return DefaultValue::Int(value.into());
    }
    if let Ok(value) = sql.parse::<f64>()
        && value.is_finite()
        && format!("{value:?}") == sql
    {
        return DefaultValue::Float(value);
    }
    match text_literal(sql) {
        Some(text) => DefaultValue::Text(text),
        None => DefaultValue::Sql(sql.to_owned()),
    }
}

/// What a literal between single quotes says; `None`: it is something else.
fn text_literal(sql: &str) -> Option<String> {
    let inner = sql.strip_prefix('\'')?.strip_suffix('\'')?;
    let text = inner.replace("''", "'");
    (text.replace('\'', "''") == inner && !text.contains(['\\', '\0'])).then_some(text)
}

fn collation(
    live: &catalog::Column,
    dialect: &str,
    native: &mut NativeColumn,
    at: &str,
    notes: &mut Vec<String>,
) -> Option<Collation> {
    let name = live.collate.as_ref()?;
    match dialect {
        "postgres" => native.postgres.collate = Some(name.clone()),
        "mysql" => native.mysql.collate = Some(name.clone()),
        _ if name.eq_ignore_ascii_case("nocase") => return Some(Collation::Nocase),
        _ => notes.push(format!("{at}: the collation {name} is not part of a schema")),
    }
    None
}
