//! Names of tables and views, and what a table has as a whole.

use super::{Full, check_expression, check_name, check_sql, full};
use crate::model::sql::Single;
use crate::model::{Schema, Table};
use std::collections::{BTreeMap, HashMap};

/// Names of tables and views, which share one name space on every database.
pub(super) fn names(schema: &Schema, problems: &mut Vec<String>) {
    let tables = schema.tables.iter().map(|table| ("table", table.schema.as_deref(), table.name.as_str()));
    let views = schema.views.iter().map(|view| ("view", view.schema.as_deref(), view.name.as_str()));
    // Whether case tells names apart is for the database to say.
    let mut seen: HashMap<(Option<&str>, &str), &str> = HashMap::new();
    for (kind, namespace, name) in tables.chain(views) {
        let at = Full(namespace, name);
        check_name(&format!("the {kind}"), name, &at, problems);
        if let Some(namespace) = namespace {
            check_name(&format!("the schema of the {kind}"), namespace, &at, problems);
        }
        if let Some(other) = seen.insert((namespace, name), kind) {
            problems.push(format!(
                "{at}: there is a {other} and another {kind} of this name: give one of them another name"
            ));
        }
    }
    for view in &schema.views {
        let at = Full(view.schema.as_deref(), &view.name);
        if let Some(sql) = &view.sql {
            check_sql(Single::Query, "the query", sql, &at, problems);
        } else if view.materialized && view.is_external() {
            problems
                .push(format!("{at}: a view without a query is external and cannot be materialized: give it `sql`"));
        }
        for column in super::repeated(&view.columns) {
            problems.push(format!("{at}: the column {column} is named twice: name it once"));
        }
    }
}

/// Columns, checks and options of a table.
pub(super) fn check(table: &Table, problems: &mut Vec<String>) {
    let at = full(table);
    if table.external {
        let described = !table.primary_key.is_empty()
            || !table.indexes.is_empty()
            || !table.foreign_keys.is_empty()
            || !table.checks.is_empty();
        if described || !table.renamed.is_empty() {
            problems.push(format!(
                "{at} is external: it has a name, and columns where they are to be checked; take the rest out, or `external`"
            ));
        }
    } else if table.columns.is_empty() {
        problems.push(format!("{at} has no columns: add a field that is one, or leave the table out"));
    }
    for column in &table.columns {
        check_name("the column", &column.name, &at, problems);
    }
    let mut columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    columns.sort_unstable();
    for pair in columns.windows(2) {
        if pair[0] == pair[1] {
            problems
                .push(format!("{at}: two columns are named {}: give one of the fields #[db(column = \"…\")]", pair[0]));
        }
    }
    let mut names: BTreeMap<String, &str> = BTreeMap::new();
    for check in &table.checks {
        check_name("the check", &check.name, &at, problems);
        check_expression(&format!("the condition of the check {}", check.name), &check.sql, &at, problems);
        if names.insert(check.name.to_ascii_lowercase(), &check.name).is_some() {
            problems.push(format!("{at}: two checks are named {}: give one of them another name", check.name));
        }
    }
    if table.options.postgres.fillfactor.is_some_and(|factor| !(10..=100).contains(&factor)) {
        problems.push(format!("{at}: `fillfactor` is from 10 to 100"));
    }
}
