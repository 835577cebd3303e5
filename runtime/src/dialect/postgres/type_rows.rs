//! What is read of enum types: each type with everything that is of it or mentions it.

use super::Postgres;
use crate::catalog::{EnumType, TypeUse, UseKind};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(crate) struct TypeRow {
    schema: String,
    name: String,
    /// `format_type`
    text: String,
    kind: String,
    labels: Option<Vec<String>>,
    uses: Option<Vec<UseRow>>,
    restore: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
struct UseRow {
    kind: UseKind,
    schema: Option<String>,
    table: Option<String>,
    name: Option<String>,
    array: bool,
}

/// The type that the row describes.
pub(crate) fn of(dialect: &Postgres, row: TypeRow) -> EnumType {
    let name = dialect.full_name(Some(&row.schema), &row.name);
    let other = match row.kind.as_str() {
        "e" => None,
        "c" => Some("a composite type"),
        "d" => Some("a domain"),
        "relation r" | "relation p" | "relation f" => Some("the row type of a table"),
        "relation v" | "relation m" => Some("the row type of a view"),
        _ => Some("another type"),
    };
    let uses = row.uses.unwrap_or_default().into_iter().map(|row| TypeUse {
        kind: row.kind,
        table: dialect.full_name(row.schema.as_deref(), &row.table.unwrap_or_default()),
        name: row.name.unwrap_or_default(),
        array: row.array,
    });
    EnumType {
        ty: dialect.live_enum_text(&name, &row.text),
        labels: row.labels.unwrap_or_default(),
        other: other.map(str::to_owned),
        uses: uses.collect(),
        restore: row.restore.unwrap_or_default(),
        name,
    }
}

impl Postgres {
    /// The native type of a live enum type's columns: as the model would say it, where it is one that we name; else as the server says it.
    pub(super) fn live_enum_text(&self, name: &crate::catalog::Name, said: &str) -> String {
        let named = self.enums.as_ref().is_none_or(|enums| enums.contains(name));
        if named { self.enum_text(name) } else { said.to_owned() }
    }
}
