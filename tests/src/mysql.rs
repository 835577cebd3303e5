//! MySQL and MariaDB: each test has a database of its own on the server that `SCHEMASYNC_TEST_MYSQL_URL` or `SCHEMASYNC_TEST_MARIADB_URL` names.

mod pending;

pub use pending::{Standing, standing};

use crate::postgres::in_ci;
use crate::{Feature, Native, TestDatabase};
use schemasync::Database;
use sqlx::mysql::{MySqlConnectOptions, MySqlPoolOptions, MySqlRow};
use sqlx::{AssertSqlSafe, Column, ConnectOptions, Connection, Executor, MySqlConnection, MySqlPool, Row, TypeInfo};
use std::cell::Cell;
use std::str::FromStr;
use std::sync::OnceLock;

/// One of the two servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Server {
    Mysql,
    Mariadb,
}

impl Server {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Mysql, Self::Mariadb];

    /// The variable that names the server.
    pub fn variable(self) -> &'static str {
        match self {
            Self::Mysql => "SCHEMASYNC_TEST_MYSQL_URL",
            Self::Mariadb => "SCHEMASYNC_TEST_MARIADB_URL",
        }
    }

    /// Whether there is a server to test on. In CI it must be there.
    pub fn is_there(self) -> bool {
        static TOLD: [OnceLock<bool>; 2] = [OnceLock::new(), OnceLock::new()];
        *TOLD[usize::from(self == Self::Mariadb)].get_or_init(|| {
            let variable = self.variable();
            let there = std::env::var(variable).is_ok_and(|url| !url.is_empty());
            assert!(there || !in_ci(), "{variable} is not set: CI does not skip {self:?}");
            if !there {
                println!("NOT TESTED: {self:?}, because {variable} is not set (see docs/testing.md)");
            }
            there
        })
    }

    fn options(self) -> MySqlConnectOptions {
        let variable = self.variable();
        let url = std::env::var(variable).unwrap_or_else(|_| panic!("{variable} is not set"));
        MySqlConnectOptions::from_str(&url)
            .unwrap_or_else(|error| panic!("{variable}: {error}"))
            .disable_statement_logging()
    }

    async fn exec(self, sql: String) {
        let mut connection = MySqlConnection::connect_with(&self.options()).await.expect("connecting to the server");
        let done = sqlx::raw_sql(AssertSqlSafe(sql.clone())).execute(&mut connection).await;
        done.unwrap_or_else(|error| panic!("{error}\nin: {sql}"));
    }
}

thread_local! {
    /// The server on which a scenario of this thread makes its databases.
    static SERVER: Cell<Server> = const { Cell::new(Server::Mysql) };
}

/// Runs a scenario on that server: as [`crate::run_scenario`]. One that is known not to work yet has to fail.
pub fn run_scenario(server: Server, name: &str, scenario: impl AsyncFnOnce(&Mysql)) {
    if !server.is_there() {
        return;
    }
    SERVER.set(server);
    match standing(server, name) {
        Standing::Works => crate::run_scenario::<Mysql>(scenario),
        Standing::OtherDatabases(reason) => println!("NOT FOR {server:?}: {name}: {reason}"),
        Standing::NotYet(reason) => {
            let run = std::panic::AssertUnwindSafe(|| crate::run_scenario::<Mysql>(scenario));
            let failed = std::panic::catch_unwind(run).is_err();
            println!("NOT YET on {server:?}: {name}: {reason}");
            assert!(failed, "{name} works on {server:?}: take it off the list in tests/src/mysql/pending.rs");
        }
    }
}

/// A database of its own on one of the servers, and a pool on it.
#[derive(Debug)]
pub struct Mysql {
    /// The server.
    pub server: Server,
    /// Its name.
    pub name: String,
    /// The pool. Names stand between double quotes here, as on the other databases: a run must not depend on that.
    pub pool: MySqlPool,
}

impl Mysql {
    /// How the pool connects.
    pub fn options(&self) -> MySqlConnectOptions {
        self.server.options().database(&self.name)
    }

    /// A connection of its own, with the server's own settings.
    pub async fn connect(&self) -> MySqlConnection {
        MySqlConnection::connect_with(&self.options()).await.expect("connecting")
    }

    /// The first column of each row of a query, as text.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let rows = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).fetch_all(&self.pool).await;
        let rows = rows.unwrap_or_else(|error| panic!("{error}\nin: {sql}"));
        rows.iter().map(|row| cell(row, 0).unwrap_or_default()).collect()
    }

    async fn table_rows(&self, sql: String) -> Vec<Vec<String>> {
        let rows = sqlx::raw_sql(AssertSqlSafe(sql.clone())).fetch_all(&self.pool).await;
        let rows = rows.unwrap_or_else(|error| panic!("{error}\nin: {sql}"));
        rows.iter().map(|row| (0..row.len()).map(|at| cell(row, at).unwrap_or_default()).collect()).collect()
    }

    /// `SHOW CREATE …` of a table or a view, without what differs by chance.
    async fn definition(&self, kind: &str, name: &str) -> Vec<String> {
        let rows = self.table_rows(format!("SHOW CREATE {kind} `{name}`")).await;
        let sql = rows[0][1].clone();
        let mut lines: Vec<String> = sql
            .lines()
            .map(|line| {
                let words = line.trim_end_matches(',').split(' ');
                words.filter(|word| !word.starts_with("AUTO_INCREMENT=")).collect::<Vec<_>>().join(" ")
            })
            .collect();
        lines[1..].sort();
        lines
    }
}

fn cell(row: &MySqlRow, at: usize) -> Option<String> {
    let bytes = row.get_unchecked::<Option<Vec<u8>>, _>(at)?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn text(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

/// A value as the literal that it is; booleans as 1 and 0.
fn literal(row: &MySqlRow, at: usize) -> String {
    let Some(bytes) = row.get_unchecked::<Option<Vec<u8>>, _>(at) else { return "NULL".to_owned() };
    let value = String::from_utf8_lossy(&bytes).into_owned();
    let name = row.column(at).type_info().name().to_owned();
    match name.as_str() {
        name if name.contains("INT") || name == "DECIMAL" || name == "BOOLEAN" || name == "YEAR" => value,
        "FLOAT" | "DOUBLE" => format!("{:?}", value.parse::<f64>().expect("a float")),
        name if (name.contains("BLOB") || name.contains("BINARY"))
            && !<String as sqlx::Type<sqlx::MySql>>::compatible(row.column(at).type_info()) =>
        {
            format!("x'{}'", bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
        }
        _ => text(&value),
    }
}

impl TestDatabase for Mysql {
    async fn create() -> Self {
        let server = SERVER.get();
        let name = format!("schemasync_test_{}", uuid::Uuid::new_v4().simple());
        server.exec(format!("CREATE DATABASE {name}")).await;
        let options = server.options().database(&name);
        let pool = MySqlPoolOptions::new().max_connections(10).after_connect(|connection, _| {
            Box::pin(async move {
                connection
                    .execute("SET sql_mode = CONCAT(@@sql_mode, ',ANSI_QUOTES,STRICT_ALL_TABLES')")
                    .await
                    .map(drop)
            })
        });
        let pool = pool.connect_with(options).await.expect("connecting");
        Self { server, name, pool }
    }

    async fn remove(self) {
        self.pool.close().await;
        self.server.exec(format!("DROP DATABASE {}", self.name)).await;
    }

    fn supports(&self, feature: Feature) -> bool {
        match feature {
            Feature::AlterColumn => true,
            Feature::MaterializedViews
            | Feature::TransactionalDdl
            | Feature::PartialIndexes
            | Feature::EqualNulls
            | Feature::IgnoresCase => false,
        }
    }

    fn native(&self, word: Native) -> &'static str {
        match word {
            Native::Integer => "bigint",
            Native::Text => "longtext",
            Native::Real => "double",
            Native::Bytes => "longblob",
            Native::Bool => "tinyint(1)",
        }
    }

    fn trigger(&self, name: &str, event: &str, table: &str, reads: &str) -> String {
        let event = event.split(" OF ").next().unwrap_or(event);
        format!("CREATE TRIGGER {name} {event} ON {table} FOR EACH ROW SET @looked = ({reads})")
    }

    fn handle(&self) -> Database<'static> {
        Database::from(&self.pool)
    }

    async fn try_exec(&self, sql: &str) -> Result<(), String> {
        let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&self.pool).await;
        done.map(drop).map_err(|error| error.to_string())
    }

    async fn rows(&self, sql: &str) -> Vec<Vec<String>> {
        let rows = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).fetch_all(&self.pool).await;
        let rows = rows.unwrap_or_else(|error| panic!("{error}\nin: {sql}"));
        rows.iter().map(|row| (0..row.len()).map(|at| literal(row, at)).collect()).collect()
    }

    async fn read<T: crate::Readable>(&self, sql: &str) -> Vec<T> {
        let rows = sqlx::query_as(AssertSqlSafe(sql.to_owned())).fetch_all(&self.pool).await;
        rows.unwrap_or_else(|error| panic!("{error}\nin: {sql}"))
    }

    async fn tables(&self) -> Vec<String> {
        self.texts("SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE' AND TABLE_NAME NOT IN ('__schemasync_state', '__schemasync_history') ORDER BY BINARY TABLE_NAME").await
    }

    async fn views(&self) -> Vec<String> {
        self.texts("SELECT TABLE_NAME FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE() ORDER BY BINARY TABLE_NAME").await
    }

    async fn columns(&self, table: &str) -> Vec<String> {
        let sql = format!(
            "SELECT COLUMN_NAME, IS_NULLABLE, COLUMN_DEFAULT, DATA_TYPE, COLUMN_DEFAULT IS NULL OR COLUMN_DEFAULT = 'NULL', EXTRA, TABLE_NAME IN (SELECT v.TABLE_NAME FROM information_schema.VIEWS v WHERE v.TABLE_SCHEMA = DATABASE()) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = {} ORDER BY ORDINAL_POSITION",
            text(table)
        );
        let rows = self.table_rows(sql).await;
        let line = |row: &Vec<String>| {
            let nullable = if row[1] == "YES" && !row[5].contains("GENERATED") { "?" } else { "" };
            let is_number = row[3].contains("int") || matches!(row[3].as_str(), "double" | "float" | "decimal");
            let bare = self.server == Server::Mysql && !is_number && !row[5].contains("DEFAULT_GENERATED");
            let default = match (row[4] == "1" || row[6] != "0", bare) {
                (true, _) => String::new(),
                (false, true) => format!(" = {}", text(&row[2])),
                (false, false) => {
                    format!(" = {}", row[2].replace("_utf8mb4\\'", "'").replace("\\\\\\'", "''").replace("\\'", "'"))
                }
            };
            format!("{}{nullable}{default}", row[0])
        };
        rows.iter().map(line).collect()
    }

    async fn type_of(&self, table: &str, column: &str) -> String {
        let sql = format!(
            "SELECT COLUMN_TYPE FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = {} AND COLUMN_NAME = {}",
            text(table),
            text(column)
        );
        let ty = self.texts(&sql).await.join(" ");
        match ty.split_once('(') {
            Some((name, rest)) if name.ends_with("int") && ty != "tinyint(1)" => {
                format!("{name}{}", rest.split_once(')').map_or("", |(_, rest)| rest))
            }
            _ => ty,
        }
    }

    async fn primary_key(&self, table: &str) -> Vec<String> {
        let sql = format!(
            "SELECT COLUMN_NAME FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = {} AND INDEX_NAME = 'PRIMARY' ORDER BY SEQ_IN_INDEX",
            text(table)
        );
        self.texts(&sql).await
    }

    async fn indexes(&self, table: &str) -> Vec<String> {
        let expression = if self.server == Server::Mysql { "EXPRESSION" } else { "NULL" };
        // Those that a foreign key needs are part of it.
        let sql = format!(
            "SELECT concat(INDEX_NAME, ': ', if(NON_UNIQUE = 0, 'unique ', ''), '(', group_concat(concat(coalesce(COLUMN_NAME, {expression}), if(COLLATION = 'D', ' desc', '')) ORDER BY SEQ_IN_INDEX SEPARATOR ', '), ')') \
             FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = {} AND INDEX_NAME <> 'PRIMARY' AND INDEX_NAME NOT LIKE 'schemasync|_|_%|_|_fk|_|_%' ESCAPE '|' \
             AND INDEX_NAME NOT IN (SELECT CONSTRAINT_NAME FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE()) GROUP BY INDEX_NAME, NON_UNIQUE ORDER BY BINARY INDEX_NAME",
            text(table)
        );
        self.texts(&sql).await
    }

    async fn foreign_keys(&self, table: &str) -> Vec<String> {
        let sql = format!(
            "SELECT concat('(', group_concat(k.COLUMN_NAME ORDER BY k.ORDINAL_POSITION SEPARATOR ', '), ') -> ', k.REFERENCED_TABLE_NAME, '(', group_concat(k.REFERENCED_COLUMN_NAME ORDER BY k.ORDINAL_POSITION SEPARATOR ', '), ')', \
             if(r.DELETE_RULE IN ('NO ACTION', 'RESTRICT'), '', concat(' on delete ', lower(r.DELETE_RULE))), if(r.UPDATE_RULE IN ('NO ACTION', 'RESTRICT'), '', concat(' on update ', lower(r.UPDATE_RULE)))) \
             FROM information_schema.KEY_COLUMN_USAGE k JOIN information_schema.REFERENTIAL_CONSTRAINTS r ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME AND r.TABLE_NAME = k.TABLE_NAME \
             WHERE k.TABLE_SCHEMA = DATABASE() AND k.TABLE_NAME = {} AND k.REFERENCED_TABLE_NAME IS NOT NULL GROUP BY k.CONSTRAINT_NAME, k.REFERENCED_TABLE_NAME, r.DELETE_RULE, r.UPDATE_RULE",
            text(table)
        );
        let mut keys = self.texts(&sql).await;
        keys.sort();
        keys
    }

    async fn dump(&self) -> String {
        let mut lines = Vec::new();
        for table in self.tables().await {
            lines.extend(self.definition("TABLE", &table).await);
        }
        for view in self.views().await {
            lines.extend(self.definition("VIEW", &view).await);
        }
        lines.extend(self.texts("SELECT concat('trigger ', TRIGGER_NAME, ' ', ACTION_TIMING, ' ', EVENT_MANIPULATION, ' on ', EVENT_OBJECT_TABLE, ' ', ACTION_STATEMENT) FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() ORDER BY TRIGGER_NAME").await);
        lines.join("\n")
    }

    async fn run_script(&self, _: &str) -> Option<Result<(), String>> {
        None
    }

    async fn damage(&self) -> Vec<String> {
        self.texts("SELECT concat('left over: ', TABLE_NAME) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME LIKE '|_|_schemasync|_tmp|_%' ESCAPE '|' UNION ALL SELECT concat('lock held by ', ID) FROM information_schema.PROCESSLIST WHERE ID = IS_USED_LOCK(left(concat('schemasync.', DATABASE()), 64))").await
    }
}
