//! Reading the catalog, while other sessions change it.

use super::cells::Cells;
use super::inspect::Rows;
use super::paths::SearchPath;
use super::queries;
use super::rows::{ColumnRow, ConstraintRow, IndexRow, TableRow};
use super::session::PostgresSession;
use crate::dialect::{DatabaseError, DatabaseErrorKind, Error, Result};
use futures_util::TryStreamExt;
use sqlx::{AssertSqlSafe, Either};
use std::time::Duration;

const DOING: &str = "reading the catalog";

/// How often the catalog is read again within one transaction.
const ATTEMPTS: u32 = 20;

/// The reader and another session waited for each other, and the server has ended the reader's wait.
const DEADLOCK: &str = "40P01";

/// A relation, an attribute, a type or a schema that the query has found was gone when the server came to word it; or what it would word is
/// held by a session that waits for this one.
fn catalog_changed(error: Error) -> Error {
    match error {
        Error::Database { doing, source }
            if matches!(
                source.code.as_deref(),
                Some("XX000" | "42P01" | "42703" | "42704" | "42883" | "3F000" | DEADLOCK)
            ) =>
        {
            Error::Database { doing, source: DatabaseError { kind: DatabaseErrorKind::CatalogChanged, ..source } }
        }
        error => error,
    }
}

fn is_catalog_changed<T>(result: &Result<T>) -> bool {
    matches!(result, Err(Error::Database { source, .. }) if source.is_catalog_changed())
}

/// The other session goes on once this one has let go of all that it holds.
fn is_deadlock<T>(result: &Result<T>) -> bool {
    matches!(result, Err(Error::Database { source, .. }) if source.code.as_deref() == Some(DEADLOCK))
}

impl PostgresSession<'_> {
    /// The rows of the queries of inspection. Where another session drops what is being read, it is read again: by a run, whose every
    /// statement sees what is there; a plan has one snapshot, and is made again.
    pub(super) async fn inspect_rows(&mut self, schemas: &[String]) -> Result<Rows> {
        let mut attempt = 1;
        loop {
            let rows = self.inspect_once(schemas).await;
            let again = is_catalog_changed(&rows) && !is_deadlock(&rows);
            if !again || !self.has_own_savepoint() || attempt == ATTEMPTS {
                return rows;
            }
            tracing::debug!(attempt, "another session changes the catalog; reading it again");
            self.execute("ROLLBACK TO SAVEPOINT schemasync_inspect; RELEASE SAVEPOINT schemasync_inspect")
                .await
                .map_err(Error::database(DOING))?;
            tokio::time::sleep(Duration::from_millis(u64::from(attempt))).await;
            attempt += 1;
        }
    }

    /// Whether the catalog is read under a savepoint.
    fn has_own_savepoint(&self) -> bool {
        !self.reading && self.is_inside_transaction()
    }

    /// Four queries in one message, whose rows are read while the server goes on; and one that takes the server longer to plan than to
    /// do, only where it has something to tell.
    async fn inspect_once(&mut self, schemas: &[String]) -> Result<Rows> {
        let version = self.dialect.version;
        let first = [
            queries::tables(schemas, &self.type_names),
            queries::columns(schemas),
            queries::constraints(schemas, version),
            queries::indexes(schemas, version),
        ];
        let mut rows = Rows::default();
        self.read(&first, |at, cells| {
            match at {
                0 => rows.tables.push(TableRow::read(cells)?),
                1 => rows.columns.push(ColumnRow::read(cells)?),
                2 => rows.constraints.push(ConstraintRow::read(cells)?),
                _ => rows.indexes.extend(Some(IndexRow::read(cells)?).filter(IndexRow::is_complete)),
            }
            Ok(())
        })
        .await?;
        if rows.tables.first().is_none_or(|row| row.others) {
            self.read(&[queries::others(schemas, &self.type_names)], |_, cells| {
                rows.others.extend(cells.json()?);
                Ok(())
            })
            .await?;
        }
        Ok(rows)
    }

    /// Hands on each row as it comes, with the position of its query.
    async fn read(
        &mut self,
        queries: &[String],
        mut take: impl FnMut(usize, &mut Cells<'_>) -> Result<()>,
    ) -> Result<()> {
        let done = self.read_rows(queries, &mut take).await.map_err(catalog_changed);
        if let Err(Error::Database { source, .. }) = &done
            && source.code.as_deref() == Some("55P03")
        {
            // What was begun ends here; who is in the way can still be asked.
            let _ = self.execute("ROLLBACK").await;
            let holders = self.lock_holders(None).await;
            return done.map_err(|error| match error {
                Error::Database { doing, source } => {
                    Error::Database { doing, source: DatabaseError { detail: holders, ..source } }
                }
                error => error,
            });
        }
        done
    }

    async fn read_rows(
        &mut self,
        queries: &[String],
        take: &mut impl FnMut(usize, &mut Cells<'_>) -> Result<()>,
    ) -> Result<()> {
        let (mut sql, mut before) =
            (self.patiently(&self.path.worded(queries)), SearchPath::before_answers(queries) + 1);
        if self.has_own_savepoint() {
            sql = format!("SAVEPOINT schemasync_inspect; {sql}; RELEASE SAVEPOINT schemasync_inspect");
            before += 1;
        }
        let connection = self.connection().map_err(Error::database(DOING))?;
        let mut stream = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_many(connection);
        let mut statement: usize = 0;
        while let Some(item) = stream.try_next().await.map_err(Error::database(DOING))? {
            match item {
                Either::Left(_) => statement += 1,
                Either::Right(row) => take(statement.saturating_sub(before), &mut Cells::of(&row, DOING))?,
            }
        }
        Ok(())
    }
}
