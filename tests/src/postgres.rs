//! PostgreSQL: each test has a database of its own on the server that `SCHEMASYNC_TEST_POSTGRES_URL` names.

use crate::text::normal;
use crate::{Feature, Native, TestDatabase};
use schemasync::Database;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgRow};
use sqlx::{AssertSqlSafe, Column, ConnectOptions, Connection, PgConnection, PgPool, Row, TypeInfo};
use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::OnceLock;

/// The variable that names the server.
pub const URL: &str = "SCHEMASYNC_TEST_POSTGRES_URL";

/// The variable that says that the server has PostgreSQL's own extensions alone: `cargo xtask test --postgres` sets it.
pub const BARE: &str = "SCHEMASYNC_TEST_POSTGRES_BARE";

pub(crate) fn in_ci() -> bool {
    std::env::var("CI").as_deref() == Ok("true")
}

pub(crate) fn is_bare() -> bool {
    std::env::var(BARE).is_ok_and(|value| !value.is_empty())
}

/// Whether there is a server to test on. In CI it must be there.
pub fn is_there() -> bool {
    static TOLD: OnceLock<bool> = OnceLock::new();
    *TOLD.get_or_init(|| {
        let there = std::env::var(URL).is_ok_and(|url| !url.is_empty());
        assert!(there || !in_ci(), "{URL} is not set: CI does not skip PostgreSQL");
        if !there {
            println!("NOT TESTED: PostgreSQL, because {URL} is not set (see docs/testing.md)");
        }
        there
    })
}

/// The URL of the PgBouncer in front of the server. In CI it must be there; a [`BARE`] server has none.
pub fn pgbouncer() -> Option<String> {
    const PGBOUNCER: &str = "SCHEMASYNC_TEST_PGBOUNCER_URL";
    let url = std::env::var(PGBOUNCER).ok().filter(|url| !url.is_empty());
    assert!(url.is_some() || !in_ci() || is_bare(), "{PGBOUNCER} is not set: CI does not skip PgBouncer");
    if url.is_none() {
        println!("NOT TESTED: PgBouncer, because {PGBOUNCER} is not set");
    }
    url
}

fn server() -> PgConnectOptions {
    let url = std::env::var(URL).unwrap_or_else(|_| panic!("{URL} is not set"));
    PgConnectOptions::from_str(&url).unwrap_or_else(|error| panic!("{URL}: {error}")).disable_statement_logging()
}

/// Everything that a user can see of the schemas, as (relation, fact), with the names of constraints and of the sequences that belong to
/// a column.
const FACTS: &str = "WITH c AS (SELECT c.*, n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname NOT LIKE 'pg_temp%' AND c.relname NOT LIKE '\\_\\_schemasync%'
    AND NOT EXISTS (SELECT 1 FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e'))
SELECT fact, relname FROM (
  SELECT format('%s.%s relation %s %s %s %s', nspname, relname, relkind, relpersistence, reloptions, obj_description(oid, 'pg_class')) AS fact, relname FROM c WHERE relkind IN ('r', 'p', 'f', 'v', 'm')
  UNION ALL SELECT format('%s.%s column %s %s%s default %s generated %s identity %s collation %s comment %s', nspname, relname, a.attname, format_type(a.atttypid, a.atttypmod),
    CASE WHEN a.attnotnull THEN ' required' ELSE '' END, pg_get_expr(d.adbin, d.adrelid), a.attgenerated, a.attidentity, a.attcollation, col_description(c.oid, a.attnum)), relname
    FROM c JOIN pg_attribute a ON a.attrelid = c.oid LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum WHERE relkind IN ('r', 'p', 'f', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL SELECT format('%s.%s constraint %s %s', nspname, relname, k.conname, pg_get_constraintdef(k.oid)), relname FROM c JOIN pg_constraint k ON k.conrelid = c.oid WHERE k.contype <> 'n'
  UNION ALL SELECT format('%s.%s sequence %s of %s', nspname, c.relname, s.oid::regclass, a.attname), c.relname FROM c JOIN pg_depend d ON d.refobjid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.classid = 'pg_class'::regclass AND d.deptype IN ('i', 'a')
    JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S' JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
  UNION ALL SELECT format('%s.%s index %s', nspname, relname, pg_get_indexdef(i.indexrelid)), c.relname FROM c JOIN pg_index i ON i.indrelid = c.oid WHERE NOT i.indisprimary
  UNION ALL SELECT format('%s.%s view %s', nspname, relname, pg_get_viewdef(oid)), relname FROM c WHERE relkind IN ('v', 'm')
  UNION ALL SELECT format('%s.%s trigger %s', nspname, relname, pg_get_triggerdef(t.oid)), relname FROM c JOIN pg_trigger t ON t.tgrelid = c.oid WHERE NOT t.tgisinternal
  UNION ALL SELECT format('%s.%s enum type %s %s %s', n.nspname, t.typname, (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid), t.typacl, obj_description(t.oid, 'pg_type')), t.typname
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'e' AND n.nspname NOT LIKE 'pg\\_temp%'
  UNION ALL SELECT format('%s.%s grants %s', nspname, relname, relacl), relname FROM c WHERE relacl IS NOT NULL AND relkind IN ('r', 'v', 'm')
) f ORDER BY fact COLLATE \"C\"";

/// A database of its own, and a pool on it.
#[derive(Debug)]
pub struct Postgres {
    /// Its name.
    pub name: String,
    /// The server's version, as `server_version_num` gives it.
    pub version: u32,
    /// The pool.
    pub pool: PgPool,
}

impl Postgres {
    /// How the pool connects.
    pub fn options(&self) -> PgConnectOptions {
        server().database(&self.name)
    }

    /// As [`Postgres::options`], for a [`crate::Recorder`]: every statement is told under `sqlx::query`.
    pub fn recorded(&self) -> PgConnectOptions {
        let level = "debug".parse().expect("a level");
        self.options().log_slow_statements(level, std::time::Duration::ZERO)
    }

    /// A connection of its own.
    pub async fn connect(&self) -> PgConnection {
        PgConnection::connect_with(&self.options()).await.expect("connecting")
    }

    /// Whether the server can have that extension. The server of CI must; one that is known to be [`BARE`] need not.
    pub async fn has_extension(&self, name: &str) -> bool {
        let sql = format!("SELECT 1 FROM pg_available_extensions WHERE name = {}", text(name));
        let there = !self.texts(&sql).await.is_empty();
        assert!(there || !in_ci() || is_bare(), "the server has no extension {name:?}: CI does not skip it");
        if !there {
            println!("NOT TESTED: {name}, which this server does not have");
        }
        there
    }

    /// What a user can see of the schemas: for each relation its facts, sorted, in the server's words.
    pub async fn facts(&self) -> BTreeMap<String, Vec<String>> {
        let rows = sqlx::raw_sql(AssertSqlSafe(FACTS.to_owned())).fetch_all(&self.pool).await.expect("the facts");
        let mut facts: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for row in rows {
            let [fact, relation] = [0, 1].map(|at| row.get_unchecked::<Option<String>, _>(at).unwrap_or_default());
            facts.entry(relation).or_default().push(fact);
        }
        facts
    }

    /// The first column of each row of a query, as text.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let rows = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).fetch_all(&self.pool).await;
        let rows = rows.unwrap_or_else(|error| panic!("{error}\nin: {sql}"));
        rows.iter().map(|row| row.get_unchecked::<Option<String>, _>(0).unwrap_or_default()).collect()
    }
}

async fn on_server(sql: String) {
    let mut connection = PgConnection::connect_with(&server()).await.expect("connecting to the server");
    let done = sqlx::raw_sql(AssertSqlSafe(sql.clone())).execute(&mut connection).await;
    done.unwrap_or_else(|error| panic!("{error}\nin: {sql}"));
}

fn text(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

/// The table of that name in the first schema of the search path.
fn regclass(table: &str) -> String {
    format!("{}::regclass", text(&format!("\"{}\"", table.replace('"', "\"\""))))
}

/// A value as the literal that it is; booleans as 1 and 0.
fn literal(row: &PgRow, at: usize) -> String {
    let Some(value) = row.get_unchecked::<Option<String>, _>(at) else { return "NULL".to_owned() };
    match row.column(at).type_info().name() {
        "INT2" | "INT4" | "INT8" | "NUMERIC" => value,
        "FLOAT4" | "FLOAT8" => format!("{:?}", value.parse::<f64>().expect("a float")),
        "BOOL" => if value == "t" { "1" } else { "0" }.to_owned(),
        "BYTEA" => format!("x'{}'", value.trim_start_matches("\\x")),
        _ => text(&value),
    }
}

/// A default as it was written: without the cast of its literal.
fn plain(default: &str) -> String {
    match default.rsplit_once("'::") {
        Some((literal, ty)) if !ty.contains([')', '\'']) => {
            let number = literal.trim_start_matches('\'');
            if ty == "integer" || ty == "numeric" || ty == "bigint" { number.to_owned() } else { format!("{literal}'") }
        }
        _ => default.to_owned(),
    }
}

impl TestDatabase for Postgres {
    async fn create() -> Self {
        let name = format!("schemasync_test_{}", uuid::Uuid::new_v4().simple());
        on_server(format!("CREATE DATABASE {name}")).await;
        let options = server().database(&name);
        let pool = PgPoolOptions::new().max_connections(10).connect_with(options).await.expect("connecting");
        let version = pool.acquire().await.expect("connecting").server_version_num().unwrap_or_default();
        Self { name, version, pool }
    }

    async fn remove(self) {
        self.pool.close().await;
        on_server(format!("DROP DATABASE {} WITH (FORCE)", self.name)).await;
    }

    fn supports(&self, feature: Feature) -> bool {
        match feature {
            Feature::AlterColumn | Feature::MaterializedViews | Feature::TransactionalDdl | Feature::PartialIndexes => {
                true
            }
            Feature::EqualNulls => self.version >= 150_000,
            Feature::IgnoresCase => false,
        }
    }

    fn native(&self, word: Native) -> &'static str {
        match word {
            Native::Integer => "bigint",
            Native::Text => "text",
            Native::Real => "double precision",
            Native::Bytes => "bytea",
            Native::Bool => "boolean",
        }
    }

    fn trigger(&self, name: &str, event: &str, table: &str, reads: &str) -> String {
        format!(
            "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM {reads}; RETURN NULL; END'; CREATE TRIGGER {name} {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
        )
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
        self.texts("SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace AND relname NOT IN ('__schemasync_state', '__schemasync_history') ORDER BY relname COLLATE \"C\"").await
    }

    async fn views(&self) -> Vec<String> {
        self.texts("SELECT relname FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = current_schema()::regnamespace ORDER BY relname COLLATE \"C\"").await
    }

    async fn columns(&self, table: &str) -> Vec<String> {
        let sql = format!(
            "SELECT a.attname::text, a.attnotnull, pg_get_expr(d.adbin, d.adrelid) FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE a.attrelid = {} AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
            regclass(table)
        );
        let rows = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_all(&self.pool).await.expect("reading the columns");
        rows.iter()
            .map(|row| {
                let [name, required, default] = [0, 1, 2].map(|at| row.get_unchecked::<Option<String>, _>(at));
                let nullable = if required.as_deref() == Some("t") { "" } else { "?" };
                let default = default.map_or_else(String::new, |default| format!(" = {}", plain(&default)));
                format!("{}{nullable}{default}", name.unwrap_or_default())
            })
            .collect()
    }

    async fn type_of(&self, table: &str, column: &str) -> String {
        let sql = format!(
            "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = {} AND attname = {}",
            regclass(table),
            text(column)
        );
        self.texts(&sql).await.join(" ")
    }

    async fn primary_key(&self, table: &str) -> Vec<String> {
        let sql = format!(
            "SELECT a.attname FROM pg_constraint k, unnest(k.conkey) WITH ORDINALITY u (number, at), pg_attribute a WHERE k.contype = 'p' AND k.conrelid = {} AND a.attrelid = k.conrelid AND a.attnum = u.number ORDER BY u.at",
            regclass(table)
        );
        self.texts(&sql).await
    }

    async fn indexes(&self, table: &str) -> Vec<String> {
        let sql = format!(
            "SELECT c.relname || ': ' || CASE WHEN i.indisunique THEN 'unique ' ELSE '' END || regexp_replace(pg_get_indexdef(i.indexrelid), '^.* USING (btree )?', '')
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = {} AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')) ORDER BY c.relname COLLATE \"C\"",
            regclass(table)
        );
        let indexes = self.texts(&sql).await;
        indexes.into_iter().map(|index| index.replace(" DESC", " desc").replace(" WHERE ", " where ")).collect()
    }

    async fn foreign_keys(&self, table: &str) -> Vec<String> {
        let sql = format!(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' AND conrelid = {}",
            regclass(table)
        );
        let keys = self.texts(&sql).await;
        let mut keys: Vec<String> = keys
            .into_iter()
            .map(|key| {
                let key = key.replace("FOREIGN KEY ", "").replace(" REFERENCES ", " -> ");
                let Some(at) = key.find(" ON ") else { return key };
                let mut actions: Vec<&str> = key[at..].split(" ON ").filter(|action| !action.is_empty()).collect();
                actions.sort_unstable();
                let actions: String = actions.iter().map(|action| format!(" on {}", action.to_lowercase())).collect();
                format!("{}{actions}", &key[..at])
            })
            .collect();
        keys.sort();
        keys
    }

    async fn dump(&self) -> String {
        self.texts(FACTS).await.iter().map(|fact| normal(fact)).collect::<Vec<_>>().join("\n")
    }

    async fn run_script(&self, script: &str) -> Option<Result<(), String>> {
        let server = std::env::var(URL).unwrap_or_else(|_| panic!("{URL} is not set"));
        let (server, parameters) = server.split_once('?').unwrap_or((&server, ""));
        let (server, _) = server.rsplit_once('/').unwrap_or_else(|| panic!("{URL} names no database"));
        let parameters = if parameters.is_empty() { String::new() } else { format!("?{parameters}") };
        crate::client::psql(&format!("{server}/{}{parameters}", self.name), &self.name, script)
    }

    async fn damage(&self) -> Vec<String> {
        let leftovers = "SELECT 'left over: ' || relname FROM pg_class WHERE relname LIKE '\\_\\_schemasync\\_tmp\\_%' UNION ALL SELECT 'type left over: ' || typname FROM pg_type WHERE typname LIKE '\\_\\_schemasync\\_tmp\\_%' UNION ALL SELECT 'invalid: ' || indexrelid::regclass FROM pg_index WHERE NOT indisvalid UNION ALL SELECT 'open transaction' FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'";
        self.texts(leftovers).await
    }
}
