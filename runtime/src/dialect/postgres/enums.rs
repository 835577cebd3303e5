//! Enum types: lowering, names, statements, conversions.

use super::text::{self, quote, quote_text};
use super::{Postgres, types};
use crate::catalog::{Column, EnumType, Name};
use crate::change::{CastSafety, LabelPlace, Statement};
use crate::model::{self, DataType};
use std::collections::BTreeMap;

impl Postgres {
    /// The native type of the columns of an enum type, as the server words it: with its schema where its name alone would be another
    /// type.
    pub(super) fn enum_text(&self, name: &Name) -> String {
        let schema = self.schema_of(name);
        let own = text::plain(&name.name);
        if schema == self.home && !self.built_in.contains(&name.name) {
            own
        } else {
            format!("{}.{own}", text::plain(schema))
        }
    }
}

/// The enum types of a model, by name.
pub(super) fn lower(dialect: &Postgres, schema: &model::Schema) -> BTreeMap<Name, EnumType> {
    let mut types = BTreeMap::new();
    for found in schema.enum_types() {
        let name = dialect.full_name(found.native.schema.as_deref(), &found.native.ty);
        types.entry(name.clone()).or_insert_with(|| EnumType {
            ty: dialect.enum_text(&name),
            labels: found.labels.to_vec(),
            name,
            ..EnumType::default()
        });
    }
    types
}

/// The native type and the labels of a column that is of an enum type.
pub(super) fn column(dialect: &Postgres, model: &model::Column) -> Option<(String, Vec<String>)> {
    let found = model.enum_type()?;
    let name = dialect.full_name(found.native.schema.as_deref(), &found.native.ty);
    let array = if matches!(model.ty, DataType::Array(_)) { "[]" } else { "" };
    Some((format!("{}{array}", dialect.enum_text(&name)), found.labels.to_vec()))
}

/// `CREATE TYPE` under that (quoted) name.
pub(super) fn create(name: &str, labels: &[String]) -> String {
    format!("CREATE TYPE {name} AS ENUM ({})", list(labels))
}

/// The statements of `CreateType`, but for the schema.
pub(super) fn create_all(dialect: &Postgres, ty: &EnumType) -> Vec<String> {
    let create = create(&dialect.qualified(&ty.name), &ty.labels);
    std::iter::once(create).chain(ty.restore.iter().cloned()).collect()
}

pub(super) fn add_label(dialect: &Postgres, name: &Name, label: &str, place: &LabelPlace) -> String {
    let place = match place {
        LabelPlace::Before(other) => format!(" BEFORE {}", quote_text(other)),
        LabelPlace::After(other) => format!(" AFTER {}", quote_text(other)),
        LabelPlace::Only => String::new(),
    };
    format!("ALTER TYPE {} ADD VALUE {}{place}", dialect.qualified(name), quote_text(label))
}

pub(super) fn rename_label(dialect: &Postgres, name: &Name, from: &str, to: &str) -> String {
    format!("ALTER TYPE {} RENAME VALUE {} TO {}", dialect.qualified(name), quote_text(from), quote_text(to))
}

/// # Errors
/// A sentence, where the two are in different schemas.
pub(super) fn rename(dialect: &Postgres, from: &Name, to: &Name) -> Result<Vec<Statement>, String> {
    if from.schema != to.schema {
        return Err(format!("\"{from}\" and \"{to}\" are in different schemas"));
    }
    Ok(vec![Statement::Execute(format!("ALTER TYPE {} RENAME TO {}", dialect.qualified(from), quote(&to.name)))])
}

/// Labels, or texts, with commas.
pub(super) fn list(labels: &[String]) -> String {
    labels.iter().map(|label| quote_text(label)).collect::<Vec<_>>().join(", ")
}

/// The condition that a value, or an element of an array, is one of these labels.
pub(super) fn has(value: &str, array: bool, labels: &[String]) -> String {
    if array {
        format!("{value}::text[] OPERATOR(pg_catalog.&&) ARRAY[{}]::text[]", list(labels))
    } else {
        format!("{value}::text IN ({})", list(labels))
    }
}

/// The conversion of a value to an enum type, or of an array to an array of one: how safe, the value, and whether it converts.
/// `None`: the column is of another type.
pub(super) fn conversion(
    dialect: &Postgres,
    value: &str,
    from: &Column,
    to: &Column,
) -> Option<(CastSafety, String, String)> {
    if to.labels.is_empty() {
        // An array of an enum type is one of texts, and each of them is its label.
        let texts = !from.labels.is_empty() && types::is_array(&from.ty) && to.ty == "text[]";
        return texts.then(|| (CastSafety::Safe, format!("{value}::text[]"), "true".to_owned()));
    }
    if from.ty == to.ty {
        return None;
    }
    let arrays = (types::is_array(&from.ty), types::is_array(&to.ty));
    let known = !from.labels.is_empty() && from.labels.iter().all(|label| to.labels.contains(label));
    if known && arrays.0 == arrays.1 {
        let text = if arrays.0 { "text[]" } else { "text" };
        return Some((CastSafety::Safe, format!("{value}::{text}::{}", to.ty), "true".to_owned()));
    }
    if types::base(&from.ty) == "bytea" {
        return Some((CastSafety::Impossible, format!("{value}::{}", to.ty), "false".to_owned()));
    }
    let converts = match arrays {
        (_, false) => format!("{value}::text IN ({})", list(&to.labels)),
        (true, true) => all_known(&format!("{value}::text[]"), &to.labels),
        (false, true) => {
            let elements = all_known(&format!("{value}::text::text[]"), &to.labels);
            let readable = if dialect.tests_input() {
                format!("pg_catalog.pg_input_is_valid({value}::text, 'text[]')")
            } else {
                format!("{value}::text ~ '^\\{{.*\\}}$'")
            };
            format!("CASE WHEN {readable} THEN {elements} ELSE false END")
        }
    };
    let text = match arrays {
        (true, true) => "text[]",
        (false, true) => "text::text[]",
        (_, false) => "text",
    };
    Some((CastSafety::Checked, format!("{value}::{text}::{}", to.ty), converts))
}

/// Every element that is not NULL is a label.
fn all_known(texts: &str, labels: &[String]) -> String {
    let known = format!("ARRAY[{}]::text[]", list(labels));
    // Elements that are NULL are contained in nothing, and only a flat array can be rid of them.
    format!(
        "CASE WHEN coalesce(pg_catalog.array_ndims({texts}), 1) > 1 THEN {texts} OPERATOR(pg_catalog.<@) {known} ELSE pg_catalog.array_remove({texts}, NULL) OPERATOR(pg_catalog.<@) {known} END"
    )
}
