//! Asking: the SQL that searches the indexes of a model, which is different on each database and hard to write right.
//!
//! This is no query builder. It gives the three parts of a query that depend on the index; the rest is yours, and so are the words,
//! which are a parameter: nothing that somebody types can break the query or change what it means.

use crate::catalog::{Name, index_name};
use crate::dialect::{Dialect, SearchSql};
use crate::model::{IndexKind, Schema};
use std::sync::Arc;

/// The searches of a model on one kind of database.
///
/// ```
/// # #[cfg(feature = "sqlite")] {
/// use schemasync::search::Search;
/// use schemasync::{DbTable, schema};
///
/// #[derive(DbTable)]
/// #[db(table = "articles")]
/// struct Article {
///     #[db(id)]
///     id: i64,
///     #[db(index(fulltext, name = "text", language = "english", weight = 10))]
///     title: String,
///     #[db(index(fulltext, name = "text"))]
///     body: String,
/// }
///
/// let model = schema![Article];
/// let search = Search::sqlite(&model).fulltext("articles", "text", 1)?;
/// let sql = format!(
///     "SELECT articles.* FROM {} WHERE {} ORDER BY {} LIMIT 20",
///     search.from(), search.condition(), search.order()
/// );
/// // sqlx::query_as::<_, Article>(AssertSqlSafe(sql)).bind(search.words(typed)).fetch_all(&pool).await?;
/// assert_eq!(search.words("to \"be\" OR"), r#""to" """be""" "OR""#);
/// # let _ = sql;
/// # }
/// # Ok::<(), schemasync::search::SearchError>(())
/// ```
#[derive(Clone)]
pub struct Search<'s> {
    schema: &'s Schema,
    dialect: Arc<dyn Dialect>,
}

impl std::fmt::Debug for Search<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Search").field("dialect", &self.dialect.name()).finish_non_exhaustive()
    }
}

/// Why there is nothing to search.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SearchError {
    /// The model has no such table.
    #[error("the model has no table \"{table}\"")]
    NoTable {
        /// The table.
        table: String,
    },
    /// The table has no such index.
    #[error("table \"{table}\" has no full-text index \"{index}\": its full-text indexes are {known:?}")]
    NoIndex {
        /// The table.
        table: String,
        /// The index.
        index: String,
        /// Those that it has.
        known: Vec<String>,
    },
    /// The database does not have it.
    #[error("full-text index \"{index}\" of \"{table}\" is not there on {database}{reason}")]
    Withheld {
        /// The table.
        table: String,
        /// The index.
        index: String,
        /// The database.
        database: &'static str,
        /// Why, with a colon before it, where that is known.
        reason: String,
    },
}

impl<'s> Search<'s> {
    /// On SQLite.
    #[cfg(feature = "sqlite")]
    pub fn sqlite(schema: &'s Schema) -> Self {
        Self { schema, dialect: Arc::new(crate::dialect::sqlite::Sqlite::new("")) }
    }

    /// On PostgreSQL.
    #[cfg(feature = "postgres")]
    pub fn postgres(schema: &'s Schema) -> Self {
        // What searches look like is the same on all versions. Tables of the connection's own schema are named without it.
        Self { schema, dialect: Arc::new(crate::dialect::postgres::Postgres::new(170_000, "")) }
    }

    /// A search in the full-text index of that name, as the model has it (without name: the columns joined by `_`). The words are
    /// bound to the parameter of that number.
    ///
    /// # Errors
    /// There is no such index in the model, or not on that database.
    pub fn fulltext(&self, table: &str, index: &str, parameter: u16) -> Result<Fulltext, SearchError> {
        let found = self.schema.tables.iter().find(|found| found.name == table);
        let model = found.ok_or_else(|| SearchError::NoTable { table: table.to_owned() })?;
        let mut known = model.indexes.iter().filter(|index| index.kind == IndexKind::Fulltext);
        let Some(of_model) = known.clone().find(|known| known.name == index) else {
            let known = known.by_ref().map(|index| index.name.clone()).collect();
            return Err(SearchError::NoIndex { table: table.to_owned(), index: index.to_owned(), known });
        };
        let lowered = self.dialect.lower(self.schema);
        let name: Name = self.dialect.name_of(model.schema_name(), &model.name);
        let limit = self.dialect.capabilities().identifier_limit;
        let managed = index_name(&of_model.kind, &model.name, &of_model.name, limit);
        let sql = lowered.catalog.tables.get(&name).and_then(|table| {
            let index = table.indexes.iter().find(|index| index.name == managed)?;
            self.dialect.search_fulltext(table, index, of_model, parameter)
        });
        let sql = sql.ok_or_else(|| {
            let notes = lowered.notes.get(&name).map(|notes| notes.join("; ")).filter(|notes| !notes.is_empty());
            SearchError::Withheld {
                table: table.to_owned(),
                index: index.to_owned(),
                database: self.dialect.name(),
                reason: notes.map_or_else(String::new, |notes| format!(": {notes}")),
            }
        })?;
        Ok(Fulltext { sql, dialect: Arc::clone(&self.dialect) })
    }
}

/// A search in a full-text index.
#[derive(Clone)]
pub struct Fulltext {
    sql: SearchSql,
    dialect: Arc<dyn Dialect>,
}

impl std::fmt::Debug for Fulltext {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fulltext").field("sql", &self.sql).finish_non_exhaustive()
    }
}

impl Fulltext {
    /// What stands after `FROM`: the table under its own name, joined with the index where that is a table.
    pub fn from(&self) -> &str {
        &self.sql.from
    }

    /// What stands after `WHERE`: the row has all of the words.
    pub fn condition(&self) -> &str {
        &self.sql.condition
    }

    /// What stands after `ORDER BY`: the best rows first, by the weights of the model.
    pub fn order(&self) -> &str {
        &self.sql.order
    }

    /// What is bound to the parameter for these words. No words are no error, and find no row.
    pub fn words(&self, words: &str) -> String {
        self.dialect.search_words(words)
    }
}
