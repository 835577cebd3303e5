//! Models in a few words, for scenarios in which the names alone matter.

use schemasync::Schema;
use schemasync_tests::{TestDatabase, assert_says};

/// A model of tables and views. `t id a b:int32`: a table with the key `id` and two columns, texts that may be NULL unless a type is said;
/// `t<s id b<a`: both have been called otherwise; `u id t_id:int64->t`: a foreign key, `->t!cascade` with what it does on delete.
/// `v = SELECT …`: a view, `v<w = …` has been called otherwise, `v ^= …` is materialized, `v = ?a,b` external.
pub(crate) fn model(items: &[&str]) -> Schema {
    let (views, tables): (Vec<&str>, Vec<&str>) = items.iter().partition(|item| is_view(item));
    let tables: Vec<String> = tables.into_iter().map(table).collect();
    let views: Vec<String> = views.into_iter().map(view).collect();
    let json = format!("{{\"schemasync\": 1, \"tables\": [{}], \"views\": [{}]}}", tables.join(", "), views.join(", "));
    Schema::from_json(&json).unwrap_or_else(|error| panic!("{error}\n{json}"))
}

fn is_view(item: &str) -> bool {
    item.split(' ').nth(1).is_some_and(|word| matches!(word, "=" | "^="))
}

fn named(text: &str) -> String {
    match text.split_once('<') {
        Some((name, old)) => format!("\"name\": {name:?}, \"renamed\": [{old:?}]"),
        None => format!("\"name\": {text:?}"),
    }
}

fn table(item: &str) -> String {
    let mut words = item.split(' ');
    let name = named(words.next().unwrap_or_default());
    let (mut columns, mut keys) = (Vec::new(), Vec::new());
    for word in words {
        let (column, target) = word.split_once("->").map_or((word, None), |(column, target)| (column, Some(target)));
        let (column, ty) = column.split_once(':').unwrap_or((column, if column == "id" { "int64" } else { "text" }));
        let optional = if column == "id" { "" } else { ", \"nullable\": true" };
        columns.push(format!("{{{}, \"type\": {ty:?}{optional}}}", named(column)));
        if let Some(target) = target {
            let column = column.split('<').next().unwrap_or_default();
            let (target, action) = target.split_once('!').unwrap_or((target, "no_action"));
            keys.push(format!(
                "{{\"columns\": {column:?}, \"target\": {target:?}, \"target_columns\": \"id\", \"on_delete\": {action:?}}}"
            ));
        }
    }
    format!(
        "{{{name}, \"columns\": [{}], \"primary_key\": \"id\", \"foreign_keys\": [{}]}}",
        columns.join(", "),
        keys.join(", ")
    )
}

fn view(item: &str) -> String {
    let (name, rest) = item.split_once(' ').unwrap_or_default();
    let (kind, sql) = rest.split_once(' ').unwrap_or_default();
    if let Some(columns) = sql.strip_prefix('?') {
        let columns: Vec<&str> = columns.split(',').collect();
        return format!("{{{}, \"columns\": {columns:?}}}", named(name));
    }
    format!("{{{}, \"sql\": {sql:?}, \"materialized\": {}}}", named(name), kind == "^=")
}

/// Rule P4: the plan refuses the entry with these words and does nothing else; the run says the same and leaves everything as it was.
pub(crate) async fn assert_refused<D: TestDatabase>(db: &D, schema: Schema, entry: &str, parts: &[&str]) {
    let before = db.dump().await;
    let syncing = || db.syncing(&schema).allow_revert(true);
    let plan = syncing().plan().await.unwrap_or_else(|error| panic!("plan: {error}"));
    let errors: Vec<&str> = plan
        .entries
        .iter()
        .filter(|found| found.name() == entry)
        .flat_map(|found| &found.errors)
        .map(String::as_str)
        .collect();
    assert_says(errors.join("\n"), parts);
    assert!(plan.steps.is_empty(), "the plan does something all the same:\n{plan}\n{}", plan.to_sql());
    let report = syncing().run_report().await.unwrap_or_else(|error| panic!("run: {error}"));
    assert_eq!(report.entries, plan.entries, "the run says something else than the plan");
    assert_eq!(db.dump().await, before);
    assert_eq!(db.damage().await, Vec::<String>::new());
}
