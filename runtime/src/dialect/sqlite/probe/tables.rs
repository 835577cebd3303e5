//! Asks SQLite whether it takes the expressions that the model writes for its tables (rule P4): an empty database in memory gets each
//! table that has a new one.

use super::super::render;
use crate::catalog::{Catalog, Expression, IndexOn, Table};
use crate::change::Change;
use crate::dialect::Lowered;
use crate::dialect::sqlite::statistics::Statistics;
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Connection};
use std::collections::{BTreeMap, BTreeSet};

/// What SQLite says of the expressions that the live tables do not have: nothing, or an error by table. `real`: the connection of the
/// run, which may have functions of its own.
pub(crate) async fn tables(lowered: &mut Lowered, live_catalog: &Catalog, real: &mut SqliteConnection) {
    let live: BTreeMap<String, &Table> =
        live_catalog.tables.values().map(|table| (table.name.name.to_ascii_lowercase(), table)).collect();
    let desired = lowered.catalog.tables.values().filter(|table| !lowered.errors.contains_key(&table.name));
    let open: Vec<&Table> =
        desired.filter(|table| is_open(table, live.get(&table.name.name.to_ascii_lowercase()).copied())).collect();
    if open.is_empty() {
        return;
    }
    let mut refused = Vec::new();
    match SqliteConnection::connect("sqlite::memory:").await {
        Ok(mut connection) => {
            for table in open {
                if let Some(said) = refusal(&mut connection, table).await
                    && is_certain(&said, real).await
                {
                    refused.push((table.name.clone(), said));
                }
            }
            drop(connection.close().await);
        }
        Err(error) => tracing::debug!(%error, "the expressions of the model cannot be tried"),
    }
    for (name, said) in refused {
        let error = format!("SQLite does not take what the model writes for this table: {said}");
        lowered.errors.entry(name).or_default().push(error);
    }
}

/// Whether the table has an expression that the live one does not have. Its defaults are looked at when a row is inserted, not now.
fn is_open(table: &Table, live: Option<&Table>) -> bool {
    let known: BTreeSet<&str> = live.map(|live| expressions(live).collect()).unwrap_or_default();
    expressions(table).any(|sql| !known.contains(sql))
}

fn expressions(table: &Table) -> impl Iterator<Item = &str> {
    let generated = table.columns.iter().filter_map(|column| Some(column.generated.as_ref()?.sql.as_str()));
    let parts = table.indexes.iter().flat_map(|index| &index.parts).filter_map(|part| match &part.on {
        IndexOn::Expression(sql) => Some(sql.as_str()),
        IndexOn::Column(_) => None,
    });
    let predicates = table.indexes.iter().filter_map(|index| index.predicate.as_ref().map(Expression::as_str));
    generated.chain(parts).chain(predicates).chain(table.checks.iter().map(|check| check.sql.as_str()))
}

/// What SQLite says when it shall make the table and its indexes.
async fn refusal(connection: &mut SqliteConnection, table: &Table) -> Option<String> {
    let bare = Table { foreign_keys: Vec::new(), ..table.clone() };
    let create = Change::CreateTable { table: bare };
    let indexes =
        table.indexes.iter().map(|index| Change::CreateIndex { table: table.name.clone(), index: index.clone() });
    let mut said = None;
    for change in std::iter::once(create).chain(indexes) {
        // What cannot be rendered is an error of its own.
        for statement in render::render(&change, Statistics::default()).unwrap_or_default() {
            let crate::change::Statement::Execute(sql) = statement else { continue };
            if let Err(sqlx::Error::Database(error)) = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *connection).await
            {
                said = Some(error.message().to_owned());
                break;
            }
        }
        if said.is_some() {
            break;
        }
    }
    let drop_it = format!("DROP TABLE IF EXISTS {}", super::quote(&table.name.name));
    let _ = sqlx::raw_sql(AssertSqlSafe(drop_it)).execute(connection).await;
    said
}

/// Whether the connection of the run would say the same.
async fn is_certain(message: &str, real: &mut SqliteConnection) -> bool {
    if let Some(function) = message.strip_prefix("no such function: ") {
        const KNOWN: &str = "SELECT count(*) FROM pragma_function_list WHERE name = ?1 COLLATE NOCASE";
        let known = sqlx::query_scalar::<_, i64>(KNOWN).bind(function).persistent(false).fetch_one(real).await;
        return known.is_ok_and(|known| known == 0);
    }
    if let Some(collation) = message.strip_prefix("no such collation sequence: ") {
        const KNOWN: &str = "SELECT count(*) FROM pragma_collation_list WHERE name = ?1 COLLATE NOCASE";
        let known = sqlx::query_scalar::<_, i64>(KNOWN).bind(collation).persistent(false).fetch_one(real).await;
        return known.is_ok_and(|known| known == 0);
    }
    // A table that is there only in memory does not clash with anything, and has no rows.
    true
}
