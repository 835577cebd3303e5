//! Against real databases.

mod casting;
mod columns;
mod lowering;
mod parsing;
mod raising;
mod rebuilding;
mod sessions;

use super::{Sqlite, SqliteSession};
use crate::catalog::{Catalog, Name, Table};
use crate::change::{Change, CopyColumn, CopySource, Rebuild, Statement};
use crate::dialect::{Dialect, Session};
use crate::model::Schema;
use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;

pub(crate) async fn memory() -> SqliteSession<'static> {
    let connection = SqliteConnection::connect("sqlite::memory:").await.expect("a database in memory");
    SqliteSession::from(connection)
}

pub(crate) fn dialect() -> Sqlite {
    Sqlite::new("3")
}

/// As the runner of a plan does it.
pub(crate) async fn run(session: &mut SqliteSession<'_>, statements: &[Statement]) -> Result<(), String> {
    for statement in statements {
        match statement {
            Statement::Execute(sql) | Statement::Restore { sql, .. } => {
                session.execute(sql).await.map_err(|error| format!("{error}\n{sql}"))?;
            }
            Statement::AssertEmpty { query, message } => {
                let rows = session.query(query).await.map_err(|error| format!("{error}\n{query}"))?;
                if let Some(row) = rows.first() {
                    return Err(format!("{message}: {row:?}"));
                }
            }
            Statement::Copy { insert, next, .. } => {
                let mut after = Statement::BEFORE_ALL_KEYS.to_owned();
                loop {
                    let next = next.replace("{after}", &after);
                    let rows = session.query(&next).await.map_err(|error| format!("{error}\n{next}"))?;
                    let Some(Some(last)) = rows.first().and_then(|row| row.first().cloned()) else { break };
                    let insert = insert.replace("{after}", &after).replace("{last}", &last);
                    session.execute(&insert).await.map_err(|error| format!("{error}\n{insert}"))?;
                    after = last;
                }
            }
            other => return Err(format!("this database has no {other:?}")),
        }
    }
    Ok(())
}

pub(crate) async fn change(session: &mut SqliteSession<'_>, change: &Change) -> Result<(), String> {
    let statements = dialect().render(change)?;
    run(session, &statements).await
}

pub(crate) async fn all(session: &mut SqliteSession<'_>, sql: &str) {
    session.execute(sql).await.unwrap_or_else(|error| panic!("{error}\n{sql}"));
}

pub(crate) async fn rows(session: &mut SqliteSession<'_>, sql: &str) -> Vec<String> {
    let rows = session.query(sql).await.unwrap_or_else(|error| panic!("{error}\n{sql}"));
    let cell = |value: &Option<String>| value.clone().unwrap_or_else(|| "NULL".into());
    rows.iter().map(|row| row.iter().map(cell).collect::<Vec<_>>().join("|")).collect()
}

/// Makes everything that a catalog holds.
pub(crate) async fn create(session: &mut SqliteSession<'_>, catalog: &Catalog) -> Result<(), String> {
    for table in catalog.tables.values() {
        change(session, &Change::CreateTable { table: table.clone() }).await?;
        for index in table.indexes.iter().filter(|index| !index.constraint) {
            change(session, &Change::CreateIndex { table: table.name.clone(), index: index.clone() }).await?;
        }
    }
    for view in catalog.views.values() {
        change(session, &Change::CreateView { view: view.clone() }).await?;
    }
    Ok(())
}

/// The rule that holds it together: `lower(S) == inspect(database made from S)`.
pub(crate) async fn assert_round_trip(schema: &Schema) {
    let lowered = dialect().lower(schema);
    assert!(lowered.errors.is_empty(), "{:?}", lowered.errors);
    let mut session = memory().await;
    create(&mut session, &lowered.catalog).await.unwrap();
    let mut live = session.inspect().await.unwrap();
    let mut desired = lowered.catalog;
    for table in live.tables.values_mut().chain(desired.tables.values_mut()) {
        for column in &mut table.columns {
            // The first value is not read back.
            column.identity.iter_mut().for_each(|identity| identity.start = 1);
            // What the values mean is not in the database.
            column.values = None;
        }
    }
    // The columns of a view are what the database tells; the text of a query does not always tell them.
    for (name, view) in &mut live.views {
        if desired.views.get(name).is_some_and(|desired| desired.columns.is_empty()) {
            view.columns.clear();
        }
    }
    assert_eq!(live, desired);
}

/// A table of that name, as it is live.
pub(crate) async fn live(session: &mut SqliteSession<'_>, name: &str) -> Table {
    let catalog = session.inspect().await.unwrap();
    catalog.tables[&Name::new(name)].clone()
}

/// A rebuild that changes nothing.
pub(crate) fn same(table: &Table) -> Rebuild {
    let written = table.columns.iter().filter(|column| column.generated.is_none());
    Rebuild {
        from: table.clone(),
        to: table.clone(),
        copy: written
            .map(|column| CopyColumn { to: column.clone(), source: CopySource::Keep(column.name.clone()) })
            .collect(),
        discard_rows: false,
        restore_indexes: table.indexes.iter().filter(|index| !index.constraint).cloned().collect(),
        restore_triggers: table.triggers.clone(),
        dropped_indexes: Vec::new(),
    }
}
