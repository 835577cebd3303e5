//! Invariant 4, by force: a run is killed, cancelled or starved at every point, and what is left is the old schema or the new one.

use schemasync::{RunStatus, Schema, SchemaSync};
use schemasync_tests::oracle::{Content, Scratch};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use std::future::Future;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::pin::{Pin, pin};
use std::process::{Child, Command, Stdio};
use std::task::{Context, Poll};
use std::time::Duration;

const OLD: &str = r#"{
  "schemasync": 1,
  "tables": [
    {"name": "accounts", "columns": [{"name": "id", "type": "int64", "default": {"increment": 1}}, {"name": "mail", "type": "text"}], "primary_key": ["id"],
     "indexes": [{"name": "mail", "kind": "unique", "parts": ["mail"]}, {"name": "search", "kind": "fulltext", "parts": ["mail"]}]},
    {"name": "gone", "columns": [{"name": "id", "type": "int64"}, {"name": "why", "type": "text", "nullable": true}], "primary_key": ["id"],
     "indexes": [{"name": "search", "kind": "fulltext", "parts": ["why"]}]},
    {"name": "lines", "columns": [{"name": "order_id", "type": "int64"}, {"name": "line", "type": "int64"}, {"name": "price", "type": "text"}], "primary_key": ["order_id", "line"],
     "foreign_keys": [{"columns": ["order_id"], "target": "orders", "target_columns": ["id"]}], "indexes": [{"name": "search", "kind": "fulltext", "parts": ["price"]}]},
    {"name": "orders", "columns": [{"name": "id", "type": "int64"}, {"name": "account", "type": "int64", "nullable": true}, {"name": "note", "type": "text", "nullable": true}], "primary_key": ["id"],
     "foreign_keys": [{"columns": ["account"], "target": "accounts", "target_columns": ["id"]}], "indexes": [{"name": "search", "kind": "fulltext", "parts": ["note"]}]}
  ],
  "views": [{"name": "notes", "sql": "SELECT id, note FROM orders"}, {"name": "why", "sql": "SELECT why FROM gone"}]
}"#;

const NEW: &str = r#"{
  "schemasync": 1,
  "tables": [
    {"name": "lines", "sync_method": "recreate", "columns": [{"name": "order_id", "type": "int64"}, {"name": "line", "type": "int64"}, {"name": "price", "type": "float64"}, {"name": "tax", "type": "int64", "default": {"int": 7}}], "primary_key": ["order_id", "line"],
     "foreign_keys": [{"columns": ["order_id"], "target": "orders", "target_columns": ["id"], "on_delete": "cascade"}], "checks": [{"name": "tax", "sql": "tax >= 0"}],
     "indexes": [{"name": "search", "kind": "fulltext", "parts": ["price"]}]},
    {"name": "orders", "columns": [{"name": "id", "type": "int64"}, {"name": "user", "renamed": ["account"], "type": "int64", "nullable": true}, {"name": "paid", "type": "bool", "default": {"bool": false}}], "primary_key": ["id"],
     "foreign_keys": [{"columns": ["user"], "target": "users", "target_columns": ["id"], "on_delete": "set_null"}], "indexes": [{"name": "user", "parts": ["user"]}]},
    {"name": "tags", "columns": [{"name": "id", "type": "int64"}, {"name": "of", "type": "int64", "nullable": true}], "primary_key": ["id"], "foreign_keys": [{"columns": ["of"], "target": "tags", "target_columns": ["id"]}]},
    {"name": "users", "renamed": ["accounts"], "columns": [{"name": "id", "type": "int64", "default": {"increment": 1}}, {"name": "email", "renamed": ["mail"], "type": "text"}], "primary_key": ["id"],
     "indexes": [{"name": "email", "kind": "unique", "parts": ["email"]}, {"name": "search", "kind": "fulltext", "parts": ["email"]}, {"name": "parts", "kind": "fulltext", "language": "trigram", "parts": ["email"]}]}
  ],
  "views": [{"name": "notes", "sql": "SELECT id, user FROM orders"}, {"name": "totals", "sql": "SELECT u.email, sum(l.price) AS total FROM users u JOIN orders o ON o.user = u.id JOIN lines l ON l.order_id = o.id GROUP BY u.email"}]
}"#;

const ROWS: &str = "
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300) INSERT INTO accounts (id, mail) SELECT i, 'mail ' || i || hex(zeroblob(40)) FROM n;
INSERT INTO orders SELECT id, id, 'note ' || id FROM accounts;
INSERT INTO lines SELECT id, 1, id || '.5' FROM accounts;
INSERT INTO lines SELECT id, 2, '3' FROM accounts;
INSERT INTO gone SELECT id, 'why' FROM accounts;";

fn schema(json: &str) -> Schema {
    Schema::from_json(json).expect("a schema document")
}

/// A connection that leaves the journal mode of the file as it is.
async fn open(path: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true).disable_statement_logging();
    options.connect().await.expect("a connection")
}

async fn all(connection: &mut SqliteConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(connection).await.unwrap_or_else(|e| panic!("{e}\n{sql}"));
}

/// A folder with the old database (populated), both models, and what the databases hold before and after.
struct Scene {
    scratch: Scratch,
    before: Content,
    after: Content,
}

impl Scene {
    async fn new(mode: SqliteJournalMode) -> Self {
        let scratch = Scratch::new();
        let scene = Self { before: Content::default(), after: Content::default(), scratch };
        std::fs::write(scene.at("old.json"), OLD).expect("a file");
        std::fs::write(scene.at("new.json"), NEW).expect("a file");
        let path = scene.at("template.db");
        let options = SqliteConnectOptions::new().filename(&path).create_if_missing(true).journal_mode(mode);
        let mut connection = options.disable_statement_logging().connect().await.expect("a connection");
        let report = SchemaSync::new(&mut connection).schema(schema(OLD)).run_report().await.expect("the old schema");
        assert!(!report.has_errors(), "{report}");
        all(&mut connection, ROWS).await;
        connection.close().await.expect("closing");
        let before = content(&path).await;
        let copy = scene.copy();
        assert_eq!(finish(&copy).await, RunStatus::Synced);
        let after = content(&copy).await;
        assert_eq!(after.rows["lines"].len(), 600);
        assert_ne!(before, after);
        Self { before, after, ..scene }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.scratch.path().with_file_name(name)
    }

    /// A fresh copy of the old database.
    fn copy(&self) -> PathBuf {
        let path = self.scratch.path().to_owned();
        for ending in ["-journal", "-wal", "-shm"] {
            let _ = std::fs::remove_file(self.at(&format!("test.db{ending}")));
        }
        std::fs::copy(self.at("template.db"), &path).expect("a copy");
        path
    }

    fn child(&self, path: &Path, model: &str, point: &[&str]) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fault"));
        command.arg(path).arg(self.at(model)).args(point).stdout(Stdio::piped()).stderr(Stdio::inherit());
        command.spawn().expect("the helper process")
    }

    /// Old or new, nothing in between; and the next run does the rest.
    async fn is_whole(&self, path: &Path, when: &str) -> bool {
        let found = content(path).await;
        let done = found == self.after;
        assert!(done || found == self.before, "{when}: neither the old schema nor the new one: {found:#?}");
        let status = finish(path).await;
        assert!(matches!(status, RunStatus::Synced | RunStatus::UpToDate), "{when}: {status:?}");
        assert_eq!(status == RunStatus::UpToDate, done, "{when}");
        assert_eq!(content(path).await, self.after, "{when}: after the next run");
        assert_eq!(finish(path).await, RunStatus::UpToDate, "{when}");
        done
    }
}

async fn content(path: &Path) -> Content {
    let mut connection = open(path).await;
    let content = Content::read(&mut connection).await;
    connection.close().await.expect("closing");
    assert_eq!(content.integrity, "ok");
    assert!(content.oddities.is_empty(), "{:?}", content.oddities);
    assert!(content.violations.values().all(|found| *found == Some(0)), "{:?}", content.violations);
    content
}

async fn finish(path: &Path) -> RunStatus {
    let mut connection = open(path).await;
    let report = SchemaSync::new(&mut connection).schema(schema(NEW)).run_report().await.expect("a run");
    assert!(!report.has_errors(), "{report}");
    connection.close().await.expect("closing");
    report.status
}

/// The first line that it says.
fn first_line(child: &mut Child) -> String {
    let mut line = String::new();
    let output = child.stdout.as_mut().expect("its output");
    BufReader::new(output).read_line(&mut line).expect("a line");
    line.trim().to_owned()
}

/// SIGKILL on Unix.
fn kill(mut child: Child) {
    child.kill().expect("killing");
    child.wait().expect("its end");
}

async fn killed_everywhere(mode: SqliteJournalMode) {
    let scene = Scene::new(mode).await;
    let path = scene.copy();
    let mut child = scene.child(&path, "new.json", &["statement", "0"]);
    let line = first_line(&mut child);
    assert!(child.wait().expect("its end").success());
    let numbers: Vec<u64> = line.split(' ').skip(1).map(|number| number.parse().expect("a number")).collect();
    let (statements, work) = (numbers[0], numbers[1]);
    assert!(line.starts_with("Synced") && statements > 30 && work > 50, "{line}");
    let mut done = 0;
    for at in 1..=statements {
        let path = scene.copy();
        let mut child = scene.child(&path, "new.json", &["statement", &at.to_string()]);
        assert_eq!(first_line(&mut child), "reached", "statement {at}");
        kill(child);
        done += u64::from(scene.is_whole(&path, &format!("killed after statement {at} of {statements}")).await);
    }
    assert!(done > 0 && done < statements / 2, "{done} of {statements} were done");
    for at in (1..=work).step_by(usize::try_from(work / 25).unwrap_or(1).max(1)) {
        let path = scene.copy();
        let mut child = scene.child(&path, "new.json", &["work", &at.to_string()]);
        // The numbers of two runs differ by a little: it may be through before.
        first_line(&mut child);
        kill(child);
        scene.is_whole(&path, &format!("killed in the middle of a statement, {at} of {work}")).await;
    }
    for at in 0..25 {
        let path = scene.copy();
        let child = scene.child(&path, "new.json", &[]);
        std::thread::sleep(Duration::from_millis(at * 2));
        kill(child);
        scene.is_whole(&path, &format!("killed after {} ms", at * 2)).await;
    }
}

#[tokio::test]
async fn s8_killed_at_every_statement_with_a_rollback_journal() {
    killed_everywhere(SqliteJournalMode::Delete).await;
}

#[tokio::test]
async fn s8_killed_at_every_statement_with_a_write_ahead_log() {
    killed_everywhere(SqliteJournalMode::Wal).await;
}

/// Polls a future so often and no more.
struct Patience<F> {
    inner: Pin<Box<F>>,
    left: usize,
}

impl<F: Future> Future for Patience<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        self.left -= 1;
        match self.inner.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending => Poll::Pending,
        }
    }
}

async fn flag(connection: &mut SqliteConnection, pragma: &str) -> i64 {
    sqlx::query_scalar(AssertSqlSafe(format!("PRAGMA {pragma}"))).fetch_one(connection).await.expect("a pragma")
}

#[tokio::test]
async fn s7_cancelled_at_every_wait_the_connection_is_as_before() {
    let scene = Scene::new(SqliteJournalMode::Delete).await;
    let mut waits = 1;
    let mut through = false;
    while !through {
        let path = scene.copy();
        let mut connection = open(&path).await;
        let run = SchemaSync::new(&mut connection).schema(schema(NEW)).run_report();
        through = pin!(Patience { inner: Box::pin(run), left: waits }).await.is_some();
        assert_eq!(flag(&mut connection, "foreign_keys").await, 1, "after {waits} waits");
        assert_eq!(flag(&mut connection, "legacy_alter_table").await, 0, "after {waits} waits");
        let found = Content::read(&mut connection).await;
        assert!(found == scene.before || found == scene.after, "cancelled after {waits} waits: {found:#?}");
        // Not inside a transaction.
        all(&mut connection, "BEGIN; ROLLBACK").await;
        if waits % 2 == 0 {
            connection.close().await.expect("closing");
        } else {
            drop(connection);
        }
        scene.is_whole(&path, &format!("cancelled after {waits} waits")).await;
        waits += 1 + waits / 12;
    }
    assert!(waits > 20, "{waits}");
}

#[tokio::test]
async fn s7_cancelled_at_every_wait_the_callers_transaction_goes_on() {
    let scene = Scene::new(SqliteJournalMode::Delete).await;
    for plan in [false, true] {
        for waits in 1.. {
            let path = scene.copy();
            let mut connection = open(&path).await;
            // sqlx does not know of it.
            all(&mut connection, "BEGIN; DELETE FROM gone").await;
            let sync = SchemaSync::new(&mut connection).schema(schema(NEW));
            let through = if plan {
                pin!(Patience { inner: Box::pin(sync.plan()), left: waits }).await.map(|plan| plan.map(drop))
            } else {
                pin!(Patience { inner: Box::pin(sync.run_report()), left: waits }).await.map(|report| report.map(drop))
            };
            all(&mut connection, "COMMIT").await;
            assert_eq!(flag(&mut connection, "foreign_keys").await, 1, "after {waits} waits");
            connection.close().await.expect("closing");
            assert!(content(&path).await.rows["gone"].is_empty(), "after {waits} waits");
            if let Some(result) = through {
                assert!(matches!(result, Err(schemasync::Error::InTransaction)), "{result:?}");
                break;
            }
        }
    }
}

#[tokio::test]
async fn s7_the_connection_closed_in_the_middle_leaves_the_old_schema() {
    let scene = Scene::new(SqliteJournalMode::Wal).await;
    for waits in [3, 20, 40, 60, 90] {
        let path = scene.copy();
        let pool = sqlx::SqlitePool::connect_lazy_with(SqliteConnectOptions::new().filename(&path));
        {
            let run = SchemaSync::new(&pool).schema(schema(NEW)).run_report();
            let mut run = pin!(Patience { inner: Box::pin(run), left: waits });
            let _ = run.as_mut().await;
            let _ = tokio::time::timeout(Duration::from_millis(1), pool.close()).await;
        }
        pool.close().await;
        scene.is_whole(&path, &format!("closed after {waits} waits")).await;
    }
}

#[tokio::test]
async fn s8_a_full_disk_leaves_the_old_schema_and_says_so() {
    let scene = Scene::new(SqliteJournalMode::Delete).await;
    let mut full = 0;
    for more in 0.. {
        let path = scene.copy();
        let mut connection = open(&path).await;
        let pages = flag(&mut connection, "page_count").await;
        all(&mut connection, &format!("PRAGMA max_page_count = {}", pages + more)).await;
        let run = SchemaSync::new(&mut connection).schema(schema(NEW)).run_report().await;
        let complete = run.as_ref().is_ok_and(|report| !report.has_errors());
        if !complete {
            full += 1;
            let said = match &run {
                Ok(report) => report.to_string(),
                Err(error) => error.to_string(),
            };
            assert!(said.contains("full"), "{said}");
        }
        connection.close().await.expect("closing");
        let found = content(&path).await;
        for table in ["accounts", "orders", "lines"] {
            let new = if table == "accounts" { "users" } else { table };
            let rows = found.rows.get(table).or_else(|| found.rows.get(new)).map(Vec::len);
            assert_eq!(rows, Some(scene.before.rows[table].len()), "{table} with {more} pages more");
        }
        if complete {
            assert_eq!(found, scene.after);
            break;
        }
        finish(&path).await;
        assert_eq!(content(&path).await, scene.after, "with {more} pages more");
    }
    assert!(full > 3, "the disk was full {full} times");
}

/// What somebody else has put into the database makes SQLite refuse our ALTER in the middle of the run.
#[tokio::test]
async fn r3_a_statement_that_fails_in_the_middle_takes_back_its_entry_alone() {
    let obstacles = [
        ("CREATE VIEW hand AS SELECT nope FROM missing", "DROP VIEW hand"),
        (
            "CREATE TRIGGER hand AFTER INSERT ON gone BEGIN INSERT INTO missing VALUES (1); END",
            "DROP TRIGGER IF EXISTS hand",
        ),
        (
            "CREATE TABLE hand (x); CREATE TRIGGER hand2 BEFORE INSERT ON hand BEGIN SELECT nope FROM accounts; END",
            "DROP TABLE hand",
        ),
        (
            "UPDATE lines SET price = 'dear' WHERE line = 2 AND order_id = 9",
            "UPDATE lines SET price = '3' WHERE price = 'dear'",
        ),
    ];
    for (obstacle, away) in obstacles {
        let scene = Scene::new(SqliteJournalMode::Delete).await;
        let path = scene.copy();
        let mut connection = open(&path).await;
        all(&mut connection, obstacle).await;
        let report = SchemaSync::new(&mut connection).schema(schema(NEW)).run_report().await.expect("a run");
        let found = Content::read(&mut connection).await;
        assert_eq!(found.integrity, "ok");
        for (old, new) in [("accounts", "users"), ("orders", "orders"), ("lines", "lines")] {
            let entry = report.entry(new).expect("an entry");
            if entry.errors.is_empty() {
                assert_eq!(found.rows[new], scene.after.rows[new], "{obstacle}: {new}\n{report}");
            } else {
                assert_eq!(
                    found.rows[old],
                    scene.before.rows.get(old).map_or_else(Vec::new, |rows| {
                        rows.iter()
                            .cloned()
                            .map(|mut row| {
                                if obstacle.starts_with("UPDATE")
                                    && row.get("order_id").is_some_and(|id| id == "i9")
                                    && row["line"] == "i2"
                                {
                                    row.insert("price".into(), "t64656172".to_uppercase().replace('T', "t"));
                                }
                                row
                            })
                            .collect()
                    }),
                    "{obstacle}: {old}\n{report}"
                );
            }
        }
        all(&mut connection, away).await;
        let report = SchemaSync::new(&mut connection).schema(schema(NEW)).run_report().await.expect("a run");
        assert!(!report.has_errors(), "{obstacle}: {report}");
        connection.close().await.expect("closing");
        let last = content(&path).await;
        assert_eq!(last, scene.after, "{obstacle}");
    }
}

fn statuses(children: Vec<Child>) -> Vec<String> {
    children
        .into_iter()
        .map(|child| {
            let output = child.wait_with_output().expect("its end");
            assert!(output.status.success(), "a process failed");
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            assert_eq!(text.lines().count(), 1, "{text}");
            text.split(' ').next().unwrap_or_default().to_owned()
        })
        .collect()
}

#[tokio::test]
async fn s5_thirty_processes_at_once_on_an_empty_file() {
    for wal in [false, true] {
        let scratch = Scratch::new();
        let scene = Scene { before: Content::default(), after: Content::default(), scratch };
        std::fs::write(scene.at("old.json"), OLD).expect("a file");
        let path = scene.scratch.path().to_owned();
        if wal {
            let mut connection = open(&path).await;
            all(&mut connection, "PRAGMA journal_mode = WAL").await;
            connection.close().await.expect("closing");
        }
        let children: Vec<Child> = (0..30).map(|_| scene.child(&path, "old.json", &[])).collect();
        let statuses = statuses(children);
        let synced = statuses.iter().filter(|status| *status == "Synced").count();
        let others = statuses.iter().filter(|status| matches!(status.as_str(), "SyncedByPeer" | "UpToDate")).count();
        assert_eq!((synced, others), (1, 29), "{statuses:?}");
    }
}

#[tokio::test]
async fn s6_old_replicas_that_restart_meanwhile_change_nothing() {
    let scene = Scene::new(SqliteJournalMode::Delete).await;
    let path = scene.copy();
    let children: Vec<Child> =
        (0..20).map(|n| scene.child(&path, if n % 3 == 0 { "old.json" } else { "new.json" }, &[])).collect();
    let statuses = statuses(children);
    let old: Vec<&String> = statuses.iter().step_by(3).collect();
    assert!(old.iter().all(|status| matches!(status.as_str(), "UpToDate" | "LeftBehind")), "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| *status == "Synced").count(), 1, "{statuses:?}");
    assert_eq!(content(&path).await, scene.after);
    let late = scene.child(&path, "old.json", &[]);
    assert_eq!(self::statuses(vec![late]), ["LeftBehind"], "columns that it needs are gone");
    assert_eq!(content(&path).await, scene.after);
}
