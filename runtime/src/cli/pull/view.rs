//! One view as a struct.

use super::attributes::{Argument, attributes};
use super::names::{self, Names};
use super::types;
use crate::model::{PostgresEnum, Schema, View};
use std::fmt::Write as _;

pub(super) fn source(schema: &Schema, view: &View, name: &str, names: &Names) -> String {
    let enums = |native: &PostgresEnum| names.enum_type(native).to_owned();
    let mut arguments = vec![Argument::text("view", &view.name)];
    arguments.extend(view.schema.as_deref().map(|schema| Argument::text("schema", schema)));
    if !view.renamed.is_empty() {
        arguments.push(super::table::earlier(&view.renamed));
    }
    if view.materialized {
        arguments.push(Argument::word("materialized"));
    }
    arguments.extend(view.sql.as_deref().map(|sql| Argument::text("sql", sql)));
    let mut out = "#[derive(Debug, Clone, DbView)]\n".to_owned();
    out.push_str(&attributes(arguments, ""));
    let _ = writeln!(out, "pub struct {name} {{");
    let fields = names::fields(view.columns.iter());
    for (at, column) in view.columns.iter().enumerate() {
        let field = &fields[column];
        let start = out.len();
        if !names::says(field, column) {
            out.push_str(&attributes(vec![Argument::text("column", column)], "    "));
        }
        let known = view.types.get(at).and_then(Option::as_ref).and_then(|ty| types::rust_type(ty, &enums));
        let ty = known.or_else(|| guess(schema, view, column, &enums)).unwrap_or_else(|| {
            out.insert_str(start, "    /// The database does not tell its type.\n");
            "String".to_owned()
        });
        // No database says that a column of a view is never NULL.
        let _ = writeln!(out, "    pub {field}: Option<{ty}>,");
    }
    out.push_str("}\n");
    out
}

/// The type of the only column of that name in what the query names.
fn guess(schema: &Schema, view: &View, column: &str, enums: &dyn Fn(&PostgresEnum) -> String) -> Option<String> {
    let sql = view.sql.as_deref()?.to_lowercase();
    let read = schema.tables.iter().filter(|table| sql.contains(&table.name.to_lowercase()));
    let mut types: Vec<String> = read
        .flat_map(|table| &table.columns)
        .filter(|known| known.name.eq_ignore_ascii_case(column))
        .filter_map(|known| types::rust_type(&known.ty, enums))
        .collect();
    types.sort();
    types.dedup();
    if types.len() == 1 { types.pop() } else { None }
}
