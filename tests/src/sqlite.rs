//! SQLite: each test has a file of its own in a temporary folder.

use crate::text::{after, definitions, normal};
use crate::{Feature, Native, TestDatabase};
use schemasync::Database;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous};
use sqlx::{AssertSqlSafe, Connection, Row, SqliteConnection, SqlitePool, TypeInfo, ValueRef};
use std::path::PathBuf;
use tempfile::TempDir;

/// A SQLite file and a pool on it, `foreign_keys` on as sqlx has it by default.
#[derive(Debug)]
pub struct Sqlite {
    folder: TempDir,
    /// The pool.
    pub pool: SqlitePool,
}

impl Sqlite {
    /// The file.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("test.db")
    }

    /// The bytes of the file.
    pub fn bytes(&self) -> Vec<u8> {
        std::fs::read(self.path()).expect("the file is there")
    }

    /// How the pool connects: no WAL, so that the file is all there is.
    pub fn options(&self) -> SqliteConnectOptions {
        options(self.path())
    }

    /// A connection of its own.
    pub async fn connect(&self) -> SqliteConnection {
        SqliteConnection::connect_with(&self.options()).await.expect("connecting")
    }

    /// The SQL of an object as the database holds it, normalised; empty when it is not there.
    pub async fn sql_of(&self, name: &str) -> String {
        let sql: Option<String> = sqlx::query_scalar("SELECT sql FROM sqlite_schema WHERE name = ?")
            .bind(name)
            .fetch_optional(&self.pool)
            .await
            .expect("reading sqlite_schema");
        sql.map(|sql| normal(&sql)).unwrap_or_default()
    }

    /// `PRAGMA …` of a connection.
    pub async fn pragma(connection: &mut SqliteConnection, name: &str) -> i64 {
        let sql = AssertSqlSafe(format!("PRAGMA {name}"));
        sqlx::query_scalar(sql).fetch_one(connection).await.expect("reading a pragma")
    }

    /// A connection that knows the schema of now. SQLite looks for changes of others when a statement runs, which is too late for
    /// `INSERT INTO t VALUES (…)`: the number of columns is checked when it is prepared.
    async fn awake(&self) -> PoolConnection<sqlx::Sqlite> {
        let mut connection = self.pool.acquire().await.expect("connecting");
        let look = sqlx::raw_sql("SELECT 1 FROM sqlite_schema LIMIT 1").execute(&mut *connection).await;
        look.expect("reading sqlite_schema");
        connection
    }

    async fn names(&self, kind: &str) -> Vec<String> {
        let rows = sqlx::query_scalar("SELECT name FROM sqlite_schema WHERE type = ? ORDER BY name")
            .bind(kind)
            .fetch_all(&self.pool)
            .await
            .expect("reading sqlite_schema");
        let ours = ["__schemasync_state", "__schemasync_history"];
        rows.into_iter()
            .filter(|name: &String| {
                !name.starts_with("sqlite_") && !name.starts_with("schemasync__") && !ours.contains(&name.as_str())
            })
            .collect()
    }

    async fn facts(&self, table: &str) -> Vec<String> {
        let sql: String = sqlx::query_scalar("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?")
            .bind(table)
            .fetch_one(&self.pool)
            .await
            .expect("reading sqlite_schema");
        let (items, rest) = definitions(&sql);
        let mut facts: Vec<String> = self.pragma_columns(table, &items).await;
        facts.extend(items.iter().flat_map(|item| after(item, "check")).map(|check| format!("check ({check})")));
        facts.extend(self.index_facts(table, true).await.into_iter().map(|index| format!("index {index}")));
        facts.extend(self.foreign_keys(table).await.into_iter().map(|key| format!("foreign key {key}")));
        if items.iter().flatten().any(|token| token == "autoincrement") {
            facts.push("autoincrement".to_owned());
        }
        facts.extend(rest.into_iter().filter(|token| token != ","));
        facts.sort();
        facts
    }

    async fn pragma_columns(&self, table: &str, items: &[Vec<String>]) -> Vec<String> {
        let rows = self
            .rows(&format!(
                "SELECT name, type, \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo({})",
                text(table)
            ))
            .await;
        rows.iter()
            .map(|row| {
                let name = normal(&format!("\"{}\"", unquoted(&row[0]).replace('"', "\"\"")));
                let item = items.iter().find(|item| item.first() == Some(&name)).cloned().unwrap_or_default();
                let mut fact = format!("column {name} {}", unquoted(&row[1]).to_uppercase());
                if row[2] == "1" || row[4] != "0" {
                    fact.push_str(" required");
                }
                if row[3] != "NULL" {
                    fact.push_str(&format!(" default {}", normal(&unquoted(&row[3]))));
                }
                if row[4] != "0" {
                    fact.push_str(&format!(" key {}", row[4]));
                }
                if let Some(at) = item.iter().position(|token| token == "collate") {
                    fact.push_str(&format!(" collate {}", item[at + 1]));
                }
                let generated: Vec<String> = if row[5] == "0" { Vec::new() } else { after(&item, "as") };
                generated.iter().for_each(|sql| fact.push_str(&format!(" generated ({sql}) {}", row[5])));
                fact
            })
            .collect()
    }

    async fn index_facts(&self, table: &str, constraints: bool) -> Vec<String> {
        let list = self
            .rows(&format!(
                "SELECT l.name, l.\"unique\", l.origin, s.sql FROM pragma_index_list({}) AS l LEFT JOIN sqlite_schema AS s ON s.name = l.name AND s.type = 'index'",
                text(table)
            ))
            .await;
        let mut facts = Vec::new();
        for row in list {
            let (name, origin) = (unquoted(&row[0]), unquoted(&row[2]));
            if origin == "pk" || origin == "u" && !constraints {
                continue;
            }
            let parts = self
                .rows(&format!(
                    "SELECT name, \"desc\", coll, cid FROM pragma_index_xinfo({}) WHERE key = 1",
                    text(&name)
                ))
                .await;
            let sql = normal(&unquoted(&row[3]));
            let parts: Vec<String> = parts
                .iter()
                .map(|part| {
                    let order = if part[1] == "1" { " desc" } else { "" };
                    let collate = unquoted(&part[2]);
                    let collate = if collate == "BINARY" { String::new() } else { format!(" {collate}") };
                    let on = if part[3] == "-2" { "expression".to_owned() } else { unquoted(&part[0]) };
                    format!("{on}{collate}{order}")
                })
                .collect();
            let expressions = if parts.iter().any(|part| part.starts_with("expression")) {
                format!(" {}", sql.split_once(" ( ").map_or("", |(_, parts)| parts))
            } else {
                sql.split_once(" where ").map_or_else(String::new, |(_, condition)| format!(" where {condition}"))
            };
            let unique = if row[1] == "1" { "unique " } else { "" };
            let name = if origin == "u" { "constraint".to_owned() } else { name };
            facts.push(format!("{name}: {unique}({}){expressions}", parts.join(", ")));
        }
        facts.sort();
        facts
    }
}

fn options(path: PathBuf) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Delete)
        .synchronous(SqliteSynchronous::Off)
}

/// A text as SQL.
fn text(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

/// The text of a literal.
fn unquoted(literal: &str) -> String {
    match literal.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        Some(inner) => inner.replace("''", "'"),
        None if literal == "NULL" => String::new(),
        None => literal.to_owned(),
    }
}

/// A value as the literal that it is.
fn literal(row: &SqliteRow, at: usize) -> String {
    let value = row.try_get_raw(at).expect("a column of the row");
    if value.is_null() {
        return "NULL".to_owned();
    }
    match value.type_info().name() {
        "INTEGER" | "BOOLEAN" => row.get_unchecked::<i64, _>(at).to_string(),
        "REAL" => format!("{:?}", row.get_unchecked::<f64, _>(at)),
        "BLOB" => {
            let hex: String = row.get_unchecked::<Vec<u8>, _>(at).iter().map(|byte| format!("{byte:02x}")).collect();
            format!("x'{hex}'")
        }
        _ => text(&row.get_unchecked::<String, _>(at)),
    }
}

impl TestDatabase for Sqlite {
    async fn create() -> Self {
        let folder = tempfile::Builder::new().prefix("schemasync-").tempdir().expect("a temporary folder");
        let pool =
            SqlitePoolOptions::new().max_connections(10).connect_with(options(folder.path().join("test.db"))).await;
        Self { folder, pool: pool.expect("connecting") }
    }

    async fn remove(self) {
        self.pool.close().await;
        drop(self.folder);
    }

    fn supports(&self, feature: Feature) -> bool {
        match feature {
            Feature::AlterColumn | Feature::MaterializedViews | Feature::EqualNulls => false,
            Feature::TransactionalDdl | Feature::PartialIndexes | Feature::IgnoresCase => true,
        }
    }

    fn native(&self, word: Native) -> &'static str {
        match word {
            Native::Integer => "INTEGER",
            Native::Text => "TEXT",
            Native::Real => "REAL",
            Native::Bytes => "BLOB",
            Native::Bool => "BOOLEAN",
        }
    }

    fn trigger(&self, name: &str, event: &str, table: &str, reads: &str) -> String {
        format!("CREATE TRIGGER {name} {event} ON {table} BEGIN SELECT {reads}; END")
    }

    fn handle(&self) -> Database<'static> {
        Database::from(&self.pool)
    }

    async fn try_exec(&self, sql: &str) -> Result<(), String> {
        let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut *self.awake().await).await;
        done.map(drop).map_err(|error| error.to_string())
    }

    async fn rows(&self, sql: &str) -> Vec<Vec<String>> {
        let rows =
            sqlx::query(AssertSqlSafe(sql.to_owned())).persistent(false).fetch_all(&mut *self.awake().await).await;
        let rows = rows.unwrap_or_else(|error| panic!("{error}\nin: {sql}"));
        rows.iter().map(|row| (0..row.len()).map(|at| literal(row, at)).collect()).collect()
    }

    async fn read<T: crate::Readable>(&self, sql: &str) -> Vec<T> {
        let rows = sqlx::query_as(AssertSqlSafe(sql.to_owned())).fetch_all(&self.pool).await;
        rows.unwrap_or_else(|error| panic!("{error}\nin: {sql}"))
    }

    async fn tables(&self) -> Vec<String> {
        self.names("table").await
    }

    async fn views(&self) -> Vec<String> {
        self.names("view").await
    }

    async fn columns(&self, table: &str) -> Vec<String> {
        let rows = self
            .rows(&format!("SELECT name, \"notnull\", dflt_value, pk FROM pragma_table_xinfo({})", text(table)))
            .await;
        let column = |row: &Vec<String>| {
            let nullable = if row[1] == "0" && row[3] == "0" { "?" } else { "" };
            let default = if row[2] == "NULL" { String::new() } else { format!(" = {}", unquoted(&row[2])) };
            format!("{}{nullable}{default}", unquoted(&row[0]))
        };
        rows.iter().map(column).collect()
    }

    async fn type_of(&self, table: &str, column: &str) -> String {
        let sql = format!("SELECT type FROM pragma_table_xinfo({}) WHERE name = {}", text(table), text(column));
        unquoted(&self.value(&sql).await)
    }

    async fn primary_key(&self, table: &str) -> Vec<String> {
        let sql = format!("SELECT name FROM pragma_table_xinfo({}) WHERE pk > 0 ORDER BY pk", text(table));
        self.rows(&sql).await.iter().map(|row| unquoted(&row[0])).collect()
    }

    async fn indexes(&self, table: &str) -> Vec<String> {
        self.index_facts(table, false).await
    }

    async fn foreign_keys(&self, table: &str) -> Vec<String> {
        let sql = format!(
            "SELECT id, \"from\", \"table\", \"to\", on_delete, on_update FROM pragma_foreign_key_list({}) ORDER BY id, seq",
            text(table)
        );
        let rows = self.rows(&sql).await;
        let mut keys: Vec<(&[String], Vec<String>, Vec<String>)> = Vec::new();
        for row in &rows {
            if keys.last().is_none_or(|(first, ..)| first[0] != row[0]) {
                keys.push((row, Vec::new(), Vec::new()));
            }
            let (_, from, to) = keys.last_mut().expect("just pushed");
            from.push(unquoted(&row[1]));
            to.push(unquoted(&row[3]));
        }
        let mut facts = Vec::new();
        for (row, from, to) in keys {
            let target = unquoted(&row[2]);
            let to = if to.iter().all(String::is_empty) { self.primary_key(&target).await } else { to };
            let mut fact = format!("({}) -> {target}({})", from.join(", "), to.join(", "));
            for (event, action) in [("delete", &row[4]), ("update", &row[5])] {
                let action = unquoted(action).to_lowercase();
                if action != "no action" {
                    fact.push_str(&format!(" on {event} {action}"));
                }
            }
            facts.push(fact);
        }
        facts.sort();
        facts
    }

    async fn dump(&self) -> String {
        let mut lines = Vec::new();
        for table in self.tables().await {
            lines.push(format!("table {table}"));
            lines.extend(self.facts(&table).await.into_iter().map(|fact| format!("  {fact}")));
        }
        let rest = "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE type IN ('view', 'trigger') OR type = 'table' AND substr(name, 1, 12) = 'schemasync__' ORDER BY 1, 2";
        for row in self.rows(rest).await {
            let [kind, name, table, sql] = [0, 1, 2, 3].map(|at| unquoted(&row[at]));
            lines.push(format!("{kind} {name} on {table}: {}", normal(&sql)));
        }
        lines.join("\n")
    }

    async fn run_script(&self, script: &str) -> Option<Result<(), String>> {
        crate::client::sqlite3(&self.path(), script)
    }

    async fn damage(&self) -> Vec<String> {
        let mut damage: Vec<String> = Vec::new();
        let integrity = self.rows("PRAGMA integrity_check").await;
        damage.extend(integrity.iter().flatten().filter(|line| *line != "'ok'").cloned());
        damage.extend(self.rows("PRAGMA foreign_key_check").await.iter().map(|row| row.join(" ")));
        // What an index that is kept in a table of its own says of the rows, against the rows.
        let fulltext = "SELECT name FROM sqlite_schema WHERE substr(name, 1, 22) = 'schemasync__fulltext__' AND sql LIKE 'CREATE VIRTUAL%'";
        for row in self.rows(fulltext).await {
            let name = unquoted(&row[0]).replace('"', "\"\"");
            let check = format!("INSERT INTO \"{name}\" (\"{name}\", rank) VALUES ('integrity-check', 1)");
            damage.extend(self.try_exec(&check).await.err().map(|error| format!("{name}: {error}")));
        }
        let leftovers = "SELECT name FROM sqlite_schema WHERE substr(name, 1, 17) = '__schemasync_tmp_'";
        damage.extend(self.rows(leftovers).await.iter().map(|row| format!("left over: {}", row[0])));
        damage
    }
}
