//! Names that Rust takes, for whatever a database calls its things.

use crate::model::{PostgresEnum, Schema, Table};
use heck::{ToSnakeCase, ToUpperCamelCase};
use std::collections::{BTreeMap, BTreeSet};

/// Type names that the generated source uses itself.
const TAKEN: &[&str] = &[
    "Box", "Clone", "Copy", "DbTable", "DbValue", "DbView", "Debug", "None", "Ok", "Err", "Option", "Result", "Self",
    "Some", "String", "Vec",
];

/// Words that are no identifiers.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Words that are no identifiers even with `r#` before them.
const NEVER: &[&str] = &["self", "super", "crate", "_"];

/// The Rust names of a schema's tables, views and columns.
pub(super) struct Names {
    tables: Vec<String>,
    views: Vec<String>,
    by_table: BTreeMap<(Option<String>, String), usize>,
    fields: Vec<BTreeMap<String, String>>,
    enums: BTreeMap<(Option<String>, String), String>,
}

impl Names {
    pub(super) fn new(schema: &Schema) -> Self {
        let mut taken = BTreeSet::new();
        let mut free = |name: &str, singular: bool| unused(&mut taken, type_name(name, singular), "");
        let tables = schema.tables.iter().map(|table| free(&table.name, true)).collect();
        let views = schema.views.iter().map(|view| free(&view.name, false)).collect();
        let enums: BTreeSet<_> =
            schema.enum_types().map(|found| (found.native.schema.clone(), found.native.ty.clone())).collect();
        Self {
            tables,
            views,
            enums: enums.into_iter().map(|key| (key.clone(), free(&key.1, false))).collect(),
            by_table: (schema.tables.iter().enumerate())
                .map(|(at, table)| ((table.schema.clone(), table.name.clone()), at))
                .collect(),
            fields: schema.tables.iter().map(|table| fields(table.columns.iter().map(|column| &column.name))).collect(),
        }
    }

    fn at(&self, schema: Option<&str>, table: &str) -> usize {
        self.by_table.get(&(schema.map(str::to_owned), table.to_owned())).copied().unwrap_or_default()
    }

    /// The struct of a table.
    pub(super) fn table(&self, schema: Option<&str>, table: &str) -> &str {
        self.tables.get(self.at(schema, table)).map_or("Unknown", String::as_str)
    }

    /// The field of a column, as it is written.
    pub(super) fn field(&self, schema: Option<&str>, table: &str, column: &str) -> &str {
        let fields = self.fields.get(self.at(schema, table));
        fields.and_then(|fields| fields.get(column)).map_or("unknown", String::as_str)
    }

    pub(super) fn field_of(&self, table: &Table, column: &str) -> &str {
        self.field(table.schema.as_deref(), &table.name, column)
    }

    /// The struct of the view at that place.
    pub(super) fn view(&self, at: usize) -> &str {
        self.views.get(at).map_or("Unknown", String::as_str)
    }

    /// The Rust enum of an enum type.
    pub(super) fn enum_type(&self, native: &PostgresEnum) -> &str {
        let key = (native.schema.clone(), native.ty.clone());
        self.enums.get(&key).map_or("String", String::as_str)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        self.tables.iter().chain(&self.views).map(String::as_str)
    }
}

/// Field names by column.
pub(super) fn fields<'a>(columns: impl Iterator<Item = &'a String>) -> BTreeMap<String, String> {
    let mut taken = BTreeSet::new();
    columns.map(|column| (column.clone(), raw(&unused(&mut taken, field_name(column), "_")))).collect()
}

/// Variants by label.
pub(super) fn variants(labels: &[String]) -> impl Iterator<Item = String> {
    let mut taken = BTreeSet::new();
    labels.iter().map(move |label| {
        let name = identifier(cleaned(label).to_upper_camel_case(), 'V', "Label");
        unused(&mut taken, if name == "Self" { "Self_".to_owned() } else { name }, "_")
    })
}

/// Whether the field's own name is the column's.
pub(super) fn says(field: &str, column: &str) -> bool {
    column.is_ascii() && field.strip_prefix("r#").unwrap_or(field) == column
}

fn unused(taken: &mut BTreeSet<String>, name: String, separator: &str) -> String {
    let mut free = name.clone();
    let mut number = 1;
    while !taken.insert(free.clone()) {
        number += 1;
        free = format!("{name}{separator}{number}");
    }
    free
}

fn type_name(name: &str, singular: bool) -> String {
    let words = cleaned(name);
    let words = if singular { self::singular(&words) } else { words };
    let name = identifier(words.to_upper_camel_case(), 'T', "Table");
    if TAKEN.contains(&name.as_str()) { format!("{name}Table") } else { name }
}

fn field_name(name: &str) -> String {
    let name = identifier(cleaned(name).to_snake_case(), '_', "column");
    if NEVER.contains(&name.as_str()) { format!("{name}_") } else { name }
}

fn raw(name: &str) -> String {
    if KEYWORDS.contains(&name) { format!("r#{name}") } else { name.to_owned() }
}

/// What cannot be in an identifier is a space between words.
fn cleaned(name: &str) -> String {
    name.chars().map(|c| if unicode_ident::is_xid_continue(c) { c } else { ' ' }).collect()
}

/// `before` stands before what cannot begin one; `empty` for what has no letters.
fn identifier(name: String, before: char, empty: &str) -> String {
    match name.chars().next() {
        None => empty.to_owned(),
        Some(first) if unicode_ident::is_xid_start(first) => name,
        Some(_) => format!("{before}{name}"),
    }
}

/// One of many, where English says so plainly: `categories` → `category`, `users` → `user`, and `address` stays.
fn singular(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| lower.ends_with(ending));
    let cut = |by: usize, end: &str| format!("{}{end}", &name[..name.len() - by]);
    if !name.is_ascii()
        || name.len() < 4
        || ends(&["ss", "us", "is", "series", "species", "news", "movies", "cookies", "as", "os"])
    {
        name.to_owned()
    } else if ends(&["ies"]) {
        let upper = name.ends_with('S');
        cut(3, if upper { "Y" } else { "y" })
    } else if ends(&["sses", "xes", "shes", "ches"]) {
        cut(2, "")
    } else if ends(&["s"]) {
        cut(1, "")
    } else {
        name.to_owned()
    }
}
