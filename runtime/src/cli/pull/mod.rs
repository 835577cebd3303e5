//! A live database as Rust source with derives: `schemasync pull`.
//!
//! The text is written as rustfmt writes it; no formatter is needed for it. (prettyplease leaves the arguments of attributes on one
//! line, however long: its text would change under `cargo fmt`.)

mod attributes;
mod enum_type;
mod expressible;
mod literal;
mod names;
mod table;
mod types;
mod view;

use crate::model::{DataType, Schema, Table};
use names::Names;
use std::fmt::Write as _;

/// Rust source whose derives say that schema, and nothing else: a plan of these structs against the database that the schema was
/// read from ([`Schema::from_database`]) is empty.
///
/// `unsupported` are the sentences that came with the schema. They stand in the comment at the head of the text, with what the
/// grammar of the derives cannot say: nothing is lost in silence.
///
/// ```
/// use schemasync::{Schema, cli::pull::rust_source};
///
/// let schema = Schema::from_json(
///     r#"{"schemasync": 1, "tables": [{"name": "users", "columns": [{"name": "id", "type": "int64"}], "primary_key": "id"}]}"#,
/// )?;
/// let source = rust_source(&schema, &[]);
/// assert!(source.contains("pub struct User {\n    #[db(id)]\n    pub id: i64,\n}"), "{source}");
/// # Ok::<_, schemasync::DocumentError>(())
/// ```
pub fn rust_source(schema: &Schema, unsupported: &[String]) -> String {
    let all = schema;
    let (schema, left_out) = expressible::expressible(schema);
    let names = Names::new(&schema);
    let mut out = header(&schema, unsupported.iter().chain(&left_out));
    for item in enum_type::sources(&schema, &names) {
        out.push('\n');
        out.push_str(&item);
    }
    for item in schema.tables.iter().map(|table| table::source(&schema, table, &names)) {
        out.push('\n');
        out.push_str(&item);
    }
    for (at, view) in schema.views.iter().enumerate() {
        out.push('\n');
        out.push_str(&view::source(&schema, view, names.view(at), &names));
    }
    out.push_str(&whole(&names, &not_described(all, &schema)));
    out
}

/// The comment at the head, and what is used.
fn header<'a>(schema: &Schema, left_alone: impl Iterator<Item = &'a String>) -> String {
    let mut out = "// The models of a database, as `schemasync pull` found it.\n".to_owned();
    let needs = types::needs(all_types(schema));
    if !needs.is_empty() {
        let _ = writeln!(out, "//\n// needs: {}", needs.join(", "));
    }
    let near = stand_ins(schema);
    if !near.is_empty() {
        out.push_str("//\n// a text stands in for types that have no Rust type here (give the field one of your own, with `DbValue`):\n");
        for line in near {
            let _ = writeln!(out, "// - {}", one_line(&line));
        }
    }
    let mut left_alone: Vec<String> = left_alone.map(|line| one_line(line)).collect();
    let mut seen = std::collections::BTreeSet::new();
    left_alone.retain(|line| seen.insert(line.clone()));
    if !left_alone.is_empty() {
        out.push_str("//\n// not in the models, left alone:\n");
        for line in left_alone {
            let _ = writeln!(out, "// - {line}");
        }
    }
    let mut used: Vec<&str> = Vec::new();
    if !schema.tables.is_empty() {
        used.push("DbTable");
    }
    if schema.enum_types().next().is_some() {
        used.push("DbValue");
    }
    if !schema.views.is_empty() {
        used.push("DbView");
    }
    match used.as_slice() {
        [] => {}
        [one] => {
            let _ = writeln!(out, "\nuse schemasync::{one};");
        }
        several => {
            let _ = writeln!(out, "\nuse schemasync::{{{}}};", several.join(", "));
        }
    }
    out
}

/// Columns of a native type that is no text, whose field is one.
fn stand_ins(schema: &Schema) -> Vec<String> {
    let is_text = |ty: &DataType| matches!(ty, DataType::Text);
    let mut near = Vec::new();
    for table in &schema.tables {
        for column in &table.columns {
            let text = match &column.ty {
                DataType::Array(element) => is_text(element),
                ty => is_text(ty),
            };
            let native = column.native.type_that_is_no_text().filter(|_| text);
            near.extend(native.map(|ty| format!("{}.{}: {ty}", table.name, column.name)));
        }
    }
    near
}

fn all_types(schema: &Schema) -> impl Iterator<Item = &DataType> {
    let columns = schema.tables.iter().flat_map(|table| &table.columns).map(|column| &column.ty);
    columns.chain(schema.views.iter().flat_map(|view| view.types.iter().flatten()))
}

/// A comment ends with its line.
fn one_line(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    super::visible::visible_line(&lines.collect::<Vec<_>>().join(" "))
}

/// Tables that are there and have no struct, as [`Schema::external`] takes them: a sync of the models leaves them alone.
fn not_described(all: &Schema, described: &Schema) -> Vec<String> {
    let is_there =
        |table: &Table| described.tables.iter().any(|other| other.name == table.name && other.schema == table.schema);
    let without = all.tables.iter().filter(|table| !is_there(table));
    let name = |table: &Table| match table.schema_name() {
        Some(schema) => format!("{schema}.{}", table.name),
        None => table.name.clone(),
    };
    without.map(name).collect()
}

/// `schema()`: all of it.
fn whole(names: &Names, external: &[String]) -> String {
    let mut out = "\n/// All of these models.\npub fn schema() -> schemasync::Schema {\n".to_owned();
    let all: Vec<&str> = names.all().collect();
    if all.is_empty() {
        out.push_str("    schemasync::Schema::default()");
    } else {
        out.push_str("    schemasync::schema! {\n");
        for name in all {
            let _ = writeln!(out, "        {name},");
        }
        out.push_str("    }");
    }
    for name in external {
        let _ = write!(out, "\n    .external({})", literal::text(name));
    }
    out.push_str("\n}\n");
    out
}

#[cfg(test)]
mod tests;
