//! PostgreSQL: several things in one run, and what others have hung on our tables.

#![allow(missing_docs, reason = "tests")]

mod extensions;
mod generated;
mod keys;
mod schemas;
mod theirs;
mod tied;
mod values;
mod views;

use schemasync::Schema;

/// A model from the tables (and, behind `VIEWS`, the views) of a schema document.
fn model(tables: &str) -> Schema {
    let (tables, views) = tables.split_once("VIEWS").unwrap_or((tables, ""));
    let json = format!("{{\"schemasync\": 1, \"tables\": [{tables}], \"views\": [{views}]}}");
    Schema::from_json(&json).unwrap_or_else(|error| panic!("{error}\n{json}"))
}

/// A table `users` with these columns beside its key, and what follows them.
fn users(columns: &str) -> Schema {
    model(&table("users", columns, ""))
}

/// A table with these columns beside its key; `more` begins with a comma.
fn table(name: &str, columns: &str, more: &str) -> String {
    let comma = if columns.is_empty() { "" } else { "," };
    format!(
        "{{\"name\": \"{name}\", \"columns\": [{{\"name\": \"id\", \"type\": \"int64\"}}{comma}{columns}], \"primary_key\": \"id\"{more}}}"
    )
}
