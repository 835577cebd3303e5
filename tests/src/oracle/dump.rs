//! The schema and the rows of a database.

use super::database::Scratch;
use super::text;
use crate::random::quote;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, Connection, Row};
use std::collections::BTreeMap;

/// Schema and rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Content {
    /// The schema.
    pub schema: Dump,
    /// The rows by table.
    pub rows: BTreeMap<String, Rows>,
    /// Violations of foreign keys by table; `None`: the key has no proper target.
    pub violations: BTreeMap<String, Option<usize>>,
    /// What SQLite says of the file: `ok`.
    pub integrity: String,
    /// Objects that should not be there, and views that cannot be read.
    pub oddities: Vec<String>,
}

/// The rows of a table: each a map from column to value, with its storage class; under the empty name the rowid where it is hidden.
pub type Rows = Vec<BTreeMap<String, String>>;

/// The schema without what makes no difference.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dump {
    /// Tables by name.
    pub tables: BTreeMap<String, Table>,
    /// Views by name: their query.
    pub views: BTreeMap<String, String>,
    /// Triggers by name: their text.
    pub triggers: BTreeMap<String, String>,
    /// The tables in which full-text indexes are kept: their text.
    pub search: BTreeMap<String, String>,
}

/// A table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// Columns by name.
    pub columns: BTreeMap<String, Column>,
    /// Foreign keys, sorted.
    pub foreign_keys: Vec<String>,
    /// Checks, sorted.
    pub checks: Vec<String>,
    /// Unique constraints, sorted.
    pub uniques: Vec<String>,
    /// STRICT, WITHOUT ROWID.
    pub options: Vec<String>,
    /// Indexes by name.
    pub indexes: BTreeMap<String, Index>,
}

/// A column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Column {
    /// Declared type.
    pub ty: String,
    /// NOT NULL
    pub required: bool,
    /// Default, normalised.
    pub default: Option<String>,
    /// Position in the primary key, from 1.
    pub key: i64,
    /// 0: plain, 2: virtual, 3: stored.
    pub hidden: i64,
    /// Collation, generation, AUTOINCREMENT.
    pub clauses: Vec<String>,
}

/// An index.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Index {
    /// UNIQUE
    pub unique: bool,
    /// `c`: CREATE INDEX.
    pub origin: String,
    /// What it is over, in SQLite's words.
    pub parts: Vec<String>,
    /// Its text after the name of the table.
    pub text: String,
}

impl Scratch {
    /// Everything in the database.
    pub async fn content(&self) -> Content {
        let mut connection = self.connect().await;
        let content = Content::read(&mut connection).await;
        connection.close().await.expect("closing");
        content
    }
}

impl Content {
    /// Everything in the database but schemasync's own tables.
    pub async fn read(connection: &mut SqliteConnection) -> Self {
        let mut content = Self::default();
        let objects = all(connection, "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema").await;
        for row in &objects {
            let (kind, name, owner, sql) = (get(row, 0), get(row, 1), get(row, 2), get(row, 3));
            if name.to_ascii_lowercase().starts_with("__schemasync_tmp_") {
                content.oddities.push(format!("left over: {kind} {name}"));
            }
            if owner.starts_with("__schemasync_") || owner.starts_with("sqlite_") {
                continue;
            }
            match kind.as_str() {
                "table" if name.starts_with("schemasync__") => {
                    let is_fulltext = sql.starts_with("CREATE VIRTUAL");
                    content.schema.search.insert(name.clone(), text::expression(&text::tokens(&sql)));
                    let name = quote(&name);
                    // What the index holds, against what the rows hold.
                    let check = format!("INSERT INTO {name} ({name}, rank) VALUES ('integrity-check', 1)");
                    let done = match is_fulltext {
                        true => sqlx::raw_sql(AssertSqlSafe(check)).execute(&mut *connection).await.map(drop),
                        false => Ok(()),
                    };
                    content.oddities.extend(done.err().map(|error| format!("{name}: {error}")));
                }
                "table" => {
                    let table = table(connection, &name, &sql, &objects).await;
                    content.rows.insert(name.clone(), rows(connection, &name, &table).await);
                    content.violations.insert(name.clone(), violations(connection, &name).await);
                    content.schema.tables.insert(name, table);
                }
                "view" => {
                    let tokens = text::tokens(&sql);
                    let start = tokens.iter().position(|token| token.is("as")).map_or(0, |at| at + 1);
                    content.schema.views.insert(name.clone(), text::expression(&tokens[start..]));
                    let read = AssertSqlSafe(format!("SELECT * FROM {} LIMIT 1", quote(&name)));
                    if let Err(error) = sqlx::query(read).persistent(false).fetch_all(&mut *connection).await {
                        content.oddities.push(format!("view {name} cannot be read: {error}"));
                    }
                }
                "trigger" => {
                    content.schema.triggers.insert(name, text::expression(&text::tokens(&sql)));
                }
                _ => {}
            }
        }
        let integrity = all(connection, "PRAGMA integrity_check").await;
        content.integrity = integrity.iter().map(|row| get(row, 0)).collect::<Vec<_>>().join("; ");
        content
    }
}

async fn all(connection: &mut SqliteConnection, sql: &str) -> Vec<SqliteRow> {
    let query = sqlx::query(AssertSqlSafe(sql.to_owned())).persistent(false);
    query.fetch_all(connection).await.unwrap_or_else(|error| panic!("{error}\n{sql}"))
}

fn get(row: &SqliteRow, at: usize) -> String {
    row.try_get_unchecked::<Option<String>, _>(at).unwrap_or_default().unwrap_or_default()
}

fn number(row: &SqliteRow, at: usize) -> i64 {
    row.try_get_unchecked::<i64, _>(at).unwrap_or_default()
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

async fn table(connection: &mut SqliteConnection, name: &str, sql: &str, objects: &[SqliteRow]) -> Table {
    let said = text::table(sql);
    let mut table = Table { checks: said.checks, uniques: said.uniques, options: said.options, ..Table::default() };
    let columns =
        format!("SELECT name, type, dflt_value, \"notnull\", pk, hidden FROM pragma_table_xinfo({})", literal(name));
    for row in all(connection, &columns).await {
        let column = get(&row, 0);
        let default = row.try_get_unchecked::<Option<String>, _>(2).unwrap_or_default();
        let clauses = said.clauses.iter().find(|(name, _)| *name == column.to_ascii_lowercase());
        let described = Column {
            ty: get(&row, 1).to_ascii_uppercase(),
            required: number(&row, 3) == 1,
            default: default.map(|sql| text::expression(&text::tokens(&sql))).filter(|sql| sql != "null"),
            key: number(&row, 4),
            hidden: number(&row, 5),
            clauses: clauses.map(|(_, clauses)| clauses.clone()).unwrap_or_default(),
        };
        table.columns.insert(column, described);
    }
    let keys = format!(
        "SELECT id, \"table\", \"from\", coalesce(\"to\", '?'), on_update, on_delete FROM pragma_foreign_key_list({}) ORDER BY id, seq",
        literal(name)
    );
    let mut by_id: BTreeMap<i64, (String, Vec<String>)> = BTreeMap::new();
    for row in all(connection, &keys).await {
        let whole = format!("→ {} on update {} on delete {}", get(&row, 1), get(&row, 4), get(&row, 5));
        let key = by_id.entry(number(&row, 0)).or_insert((whole, Vec::new()));
        key.1.push(format!("{} → {}", get(&row, 2), get(&row, 3)));
    }
    table.foreign_keys = by_id.into_values().map(|(whole, pairs)| format!("{} {whole}", pairs.join(", "))).collect();
    table.foreign_keys.sort();
    let indexes = format!("SELECT name, \"unique\", origin FROM pragma_index_list({})", literal(name));
    for row in all(connection, &indexes).await {
        let index = get(&row, 0);
        let parts = format!(
            "SELECT cid, coalesce(name, ''), desc, coll FROM pragma_index_xinfo({}) WHERE key = 1 ORDER BY seqno",
            literal(&index)
        );
        let parts = all(connection, &parts).await;
        let parts = parts
            .iter()
            .map(|row| {
                format!(
                    "{} desc={} {}",
                    if number(row, 0) < 0 { "()".into() } else { get(row, 1) },
                    number(row, 2),
                    get(row, 3)
                )
            })
            .collect();
        let sql = objects.iter().find(|row| get(row, 0) == "index" && get(row, 1) == index).map(|row| get(row, 3));
        let tokens = text::tokens(&sql.unwrap_or_default());
        let start = tokens.iter().position(|token| token.is("on")).map_or(0, |at| at + 2);
        let text = text::expression(tokens.get(start..).unwrap_or_default());
        let described = Index { unique: number(&row, 1) == 1, origin: get(&row, 2), parts, text };
        // The automatic ones are named after the table when it was made, and numbered.
        let name = if described.origin == "c" {
            index.to_ascii_lowercase()
        } else {
            format!("automatic {}", described.parts.join(", "))
        };
        table.indexes.insert(name, described);
    }
    table
}

async fn rows(connection: &mut SqliteConnection, name: &str, table: &Table) -> Rows {
    let value = |sql: &str| {
        format!(
            "CASE typeof({sql}) WHEN 'null' THEN 'NULL' WHEN 'text' THEN 't' || hex({sql}) WHEN 'blob' THEN 'b' || hex({sql}) WHEN 'integer' THEN 'i' || {sql} ELSE 'r' || printf('%!.20g', {sql}) END"
        )
    };
    let names: Vec<&String> = table.columns.keys().collect();
    let mut wanted: Vec<String> = names.iter().map(|name| value(&quote(name))).collect();
    let alias = table.columns.values().any(|column| column.key == 1 && column.ty == "INTEGER")
        && table.columns.values().filter(|column| column.key > 0).count() == 1;
    let hidden = ["rowid", "_rowid_", "oid"]
        .into_iter()
        .find(|rowid| !names.iter().any(|name| name.eq_ignore_ascii_case(rowid)))
        .filter(|_| !alias && !table.options.iter().any(|option| option == "without rowid"));
    wanted.extend(hidden.map(value));
    let found = all(connection, &format!("SELECT {} FROM {}", wanted.join(", "), quote(name))).await;
    let mut rows: Rows = found
        .iter()
        .map(|row| {
            let mut values: BTreeMap<String, String> =
                names.iter().enumerate().map(|(at, name)| ((*name).clone(), get(row, at))).collect();
            if hidden.is_some() {
                values.insert(String::new(), get(row, names.len()));
            }
            values
        })
        .collect();
    rows.sort();
    rows
}

async fn violations(connection: &mut SqliteConnection, name: &str) -> Option<usize> {
    let sql = AssertSqlSafe(format!("PRAGMA foreign_key_check({})", quote(name)));
    sqlx::query(sql).persistent(false).fetch_all(connection).await.ok().map(|rows| rows.len())
}
