//! PostgreSQL: what somebody else in the database may not make a run do.

#![allow(missing_docs, reason = "tests")]

mod busy;
mod cancelled;
mod frozen;
mod shadows;
mod state;
mod temporary;
mod waiting;

use schemasync::Schema;

/// A model from the tables (and, behind `VIEWS`, the views) of a schema document.
fn model(tables: &str) -> Schema {
    let (tables, views) = tables.split_once("VIEWS").unwrap_or((tables, ""));
    let json = format!("{{\"schemasync\": 1, \"tables\": [{tables}], \"views\": [{views}]}}");
    Schema::from_json(&json).unwrap_or_else(|error| panic!("{error}\n{json}"))
}

/// A table `users` with these columns beside its key.
fn users(columns: &str) -> Schema {
    let comma = if columns.is_empty() { "" } else { "," };
    model(&format!(
        r#"{{"name": "users", "columns": [{{"name": "id", "type": "int64"}}{comma}{columns}], "primary_key": "id"}}"#
    ))
}
