//! Asks SQLite what the views of the model will be like: an empty database in memory gets the tables and views that the model has, so that
//! a query which cannot be read is known before anything is dropped for it, and the columns of the others are.

mod tables;

pub(crate) use tables::tables;

use super::normalise::quote;
use super::parse::tokenize;
use super::query::same_query;
use crate::catalog::{Catalog, Name, Table, View};
use crate::dialect::Lowered;
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Connection};
use std::collections::BTreeSet;

/// Fills in the columns of the model's views, and adds an error to each that changes or comes and that SQLite cannot read. What it says
/// of functions, modules and the like that the real connection may have is nothing to go by.
pub(crate) async fn views(lowered: &mut Lowered, live_catalog: &Catalog, base: &Catalog, safe: bool) {
    let mut changed = Vec::new();
    for view in lowered.catalog.views.values_mut() {
        match live_catalog.views.values().find(|live| same(&live.name, &view.name)) {
            Some(live) if same_query(&view.sql, &live.sql) => view.columns.clone_from(&live.columns),
            _ if lowered.errors.contains_key(&view.name) => {}
            _ => changed.push(view.name.clone()),
        }
    }
    if changed.is_empty() {
        return;
    }
    let answers = ask(lowered, live_catalog, base, safe, &changed).await;
    match answers {
        Ok(answers) => {
            for (name, answer) in answers {
                match answer {
                    Ok(columns) => {
                        if let Some(view) = lowered.catalog.views.get_mut(&name) {
                            view.columns = columns;
                        }
                    }
                    Err(said) => lowered.errors.entry(name).or_default().push(format!("cannot be read: {said}")),
                }
            }
        }
        Err(error) => tracing::debug!(%error, "the views of the model cannot be tried"),
    }
}

fn same(a: &Name, b: &Name) -> bool {
    a.name.eq_ignore_ascii_case(&b.name)
}

type Answers = Vec<(Name, Result<Vec<String>, String>)>;

async fn ask(
    lowered: &Lowered,
    live: &Catalog,
    base: &Catalog,
    safe: bool,
    changed: &[Name],
) -> Result<Answers, sqlx::Error> {
    let desired = &lowered.catalog;
    let stays = |managed: bool| safe || !managed;
    let tables: Vec<&Table> = desired
        .tables
        .values()
        .chain(live.tables.values().filter(|table| {
            let named = desired.tables.keys().chain(desired.views.keys()).any(|name| same(name, &table.name));
            !named && stays(base.tables.contains_key(&table.name))
        }))
        .collect();
    let is_wanted = |view: &View| desired.views.keys().any(|name| same(name, &view.name));
    let unknown_views = live.views.values().filter(|view| !is_wanted(view));
    // What nothing is known of: the columns of virtual tables, and views that a rename of this run rewrites.
    let unknown: Vec<&str> = tables
        .iter()
        .filter(|table| table.columns.is_empty())
        .map(|table| table.name.name.as_str())
        .chain(unknown_views.map(|view| view.name.name.as_str()))
        .collect();
    let mut connection = SqliteConnection::connect("sqlite::memory:").await?;
    let named = names_in(desired.views.values());
    for table in tables.into_iter().filter(|table| named.contains(&table.name.name.to_ascii_lowercase())) {
        let columns: Vec<String> = table.columns.iter().map(|column| quote(&column.name)).collect();
        let sql = format!("CREATE TABLE {} ({})", quote(&table.name.name), columns.join(", "));
        // One that cannot be is missed by whoever reads it.
        let _ = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await;
    }
    for view in desired.views.values() {
        let sql = format!("CREATE VIEW {} AS {}", quote(&view.name.name), view.sql);
        let _ = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await;
    }
    let mut answers = Vec::new();
    for name in changed {
        let Some(view) = desired.views.get(name) else { continue };
        let reached = reached(view, desired);
        let relations = reached.iter().flat_map(|view| &view.sql.reads.relations);
        if relations.into_iter().any(|read| unknown.iter().any(|name| read.name.eq_ignore_ascii_case(name))) {
            continue;
        }
        const COLUMNS: &str = "SELECT name FROM pragma_table_xinfo(?1, 'main') ORDER BY cid";
        let rows = sqlx::query_scalar::<_, String>(COLUMNS).bind(&name.name).fetch_all(&mut connection).await;
        match rows {
            // It could not even be made: the run will tell why.
            Ok(columns) if columns.is_empty() => {}
            Ok(columns) => answers.push((name.clone(), Ok(columns))),
            Err(sqlx::Error::Database(error)) if is_certain(error.message(), live) => {
                answers.push((name.clone(), Err(error.message().to_owned())));
            }
            Err(error) => tracing::debug!(%name, %error, "the view cannot be tried"),
        }
    }
    connection.close().await?;
    Ok(answers)
}

/// Whether the real database would say the same once the run is done.
fn is_certain(message: &str, live: &Catalog) -> bool {
    if let Some(table) = message.strip_prefix("no such table: ") {
        let table = table.strip_prefix("main.").unwrap_or(table);
        // One of SQLite's own, of a module, or hidden from the catalog.
        return !table.contains(['.', '_']) || live.tables.keys().any(|name| name.name.eq_ignore_ascii_case(table));
    }
    message.starts_with("no such column: ") || message.starts_with("ambiguous column name: ")
}

/// The words of these views, in lower case.
fn names_in<'v>(views: impl Iterator<Item = &'v View>) -> BTreeSet<String> {
    let words = |view: &View| -> Vec<String> {
        tokenize(&view.sql)
            .iter()
            .filter(|token| token.is_name())
            .map(|token| token.unquoted().to_ascii_lowercase())
            .collect()
    };
    views.flat_map(words).collect()
}

/// The view and those of the model that it reads, directly or not.
fn reached<'c>(view: &'c View, desired: &'c Catalog) -> Vec<&'c View> {
    let mut found = vec![view];
    let mut at = 0;
    while at < found.len() {
        for name in &found[at].sql.reads.relations {
            if let Some(view) = desired.views.get(name).filter(|view| found.iter().all(|known| known.name != view.name))
            {
                found.push(view);
            }
        }
        at += 1;
    }
    found
}
