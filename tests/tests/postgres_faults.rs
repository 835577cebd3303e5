//! Invariant 4 on PostgreSQL, by force: the client is killed after each statement, the server's process ends at each command. In one
//! transaction what is left is the old schema or the new one; online it is one that the next run finishes. Rows are whole.
//!
//! `SCHEMASYNC_FAULTS=all` looks at every point; without it at every fourth.

#![allow(missing_docs, reason = "tests")]

use schemasync::{RunStatus, Schema};
use schemasync_tests::random::quote;
use schemasync_tests::{Postgres, TestDatabase, postgres, scenario};
use sqlx::{AssertSqlSafe, Executor};
use std::collections::BTreeMap;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const OLD: &str = r#"{"schemasync": 1, "tables": [
  {"name": "accounts", "columns": [{"name": "id", "type": "int64", "default": {"increment": 1}}, {"name": "mail", "type": "text", "nullable": true}], "primary_key": "id", "indexes": [{"name": "mail", "parts": ["mail"]}]},
  {"name": "gone", "columns": [{"name": "id", "type": "int64"}], "primary_key": "id"},
  {"name": "lines", "columns": [{"name": "id", "type": "int64"}, {"name": "account", "type": "int64"}, {"name": "price", "type": "text"}], "primary_key": "id"}
], "views": [{"name": "prices", "sql": "SELECT price FROM lines"}]}"#;

const NEW: &str = r#"{"schemasync": 1, "tables": [
  {"name": "users", "renamed": ["accounts"], "columns": [{"name": "id", "type": "int64", "default": {"increment": 1}}, {"name": "email", "renamed": ["mail"], "type": "text"}, {"name": "tier", "type": "text", "default": {"text": "free"}}], "primary_key": "id",
   "indexes": [{"name": "email", "kind": "unique", "parts": ["email"]}, {"name": "tier", "parts": ["tier", "id"]}]},
  {"name": "lines", "columns": [{"name": "id", "type": "int64"}, {"name": "account", "type": "int64"}, {"name": "price", "type": "float64"}], "primary_key": "id",
   "checks": [{"name": "paid", "sql": "price >= 0"}], "foreign_keys": [{"columns": "account", "target": "users", "target_columns": "id", "on_delete": "cascade"}]},
  {"name": "tags", "columns": [{"name": "id", "type": "int64"}, {"name": "user", "type": "int64"}], "primary_key": "id", "foreign_keys": [{"columns": "user", "target": "users", "target_columns": "id"}]}
], "views": [{"name": "prices", "sql": "SELECT price, account FROM lines"}]}"#;

fn schema(json: &str) -> Schema {
    Schema::from_json(json).unwrap_or_else(|error| panic!("{error}"))
}

type Facts = BTreeMap<String, Vec<String>>;

/// The old database, with rows.
async fn old(db: &Postgres) {
    db.exec("DROP SCHEMA public CASCADE; CREATE SCHEMA public").await;
    let report = db.run(schema(OLD)).await;
    assert!(!report.has_errors(), "{report}");
    db.exec("INSERT INTO accounts (mail) SELECT 'mail ' || i FROM generate_series(1, 200) i; INSERT INTO lines SELECT i, i, i || '.5' FROM generate_series(1, 200) i; INSERT INTO gone VALUES (1)").await;
}

async fn rows_are_whole(db: &Postgres, when: &str) {
    let tables = db.tables().await;
    let accounts = if tables.iter().any(|name| name == "users") { "users" } else { "accounts" };
    let mail =
        if db.columns(accounts).await.iter().any(|column| column.starts_with("email")) { "email" } else { "mail" };
    let sql = format!(
        "SELECT count(*) || ' ' || sum(id) || ' ' || md5(string_agg({mail}, ',' ORDER BY id)) FROM {}",
        quote(accounts)
    );
    let sum = db
        .texts("SELECT '200 20100 ' || md5(string_agg('mail ' || i, ',' ORDER BY i)) FROM generate_series(1, 200) i")
        .await;
    assert_eq!(db.texts(&sql).await, sum, "{when}");
    assert_eq!(
        db.texts("SELECT count(*) || ' ' || sum(price::text::numeric) FROM lines").await,
        ["200 20200.0"],
        "{when}"
    );
}

/// What the runs leave where nobody disturbs them.
async fn undisturbed(db: &Postgres) -> (Facts, Facts) {
    old(db).await;
    let before = db.facts().await;
    let report = db.run(schema(NEW)).await;
    assert!(!report.has_errors(), "{report}");
    rows_are_whole(db, "undisturbed").await;
    (before, db.facts().await)
}

/// Looks at what is left, and lets a run finish it.
async fn recover(db: &Postgres, online: bool, finish_online: bool, (before, after): &(Facts, Facts), when: &str) {
    rows_are_whole(db, when).await;
    let found = db.facts().await;
    let done = found == *after;
    assert!(online || done || found == *before, "{when}: neither the old schema nor the new one: {found:#?}");
    let report =
        db.syncing(&schema(NEW)).online(finish_online).run_report().await.unwrap_or_else(|e| panic!("{when}: {e}"));
    assert!(!report.has_errors(), "{when}: {report}");
    assert!(matches!(report.status, RunStatus::Synced | RunStatus::UpToDate), "{when}: {report}");
    assert_eq!(db.facts().await, *after, "{when}: after the next run\n{report}");
    assert_eq!(db.damage().await, Vec::<String>::new(), "{when}");
    rows_are_whole(db, when).await;
    assert_eq!(db.run(schema(NEW)).await.status, RunStatus::UpToDate, "{when}");
}

fn stride() -> usize {
    if std::env::var("SCHEMASYNC_FAULTS").as_deref() == Ok("all") { 1 } else { 4 }
}

/// A command of the run ends the server's process that does it: before it, or after it.
async fn the_server_dies(db: &Postgres, online: bool) {
    let expected = undisturbed(db).await;
    let mut reached = 0;
    for point in (1..).step_by(stride()) {
        old(db).await;
        // Sequences do not go back with a transaction.
        db.exec(&format!("CREATE SCHEMA fault; CREATE SEQUENCE fault.points; CREATE FUNCTION fault.point() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
          IF current_setting('application_name') = 'victim' AND nextval('fault.points') = {point} THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF; END $$;
          CREATE EVENT TRIGGER before_each ON ddl_command_start EXECUTE FUNCTION fault.point(); CREATE EVENT TRIGGER after_each ON ddl_command_end EXECUTE FUNCTION fault.point()")).await;
        let options = db.options().application_name("victim");
        let pool = sqlx::postgres::PgPoolOptions::new().max_connections(2).connect_with(options).await.unwrap();
        let report = schemasync::SchemaSync::new(&pool).schema(schema(NEW)).online(online).run_report().await;
        pool.close().await;
        db.exec("DROP EVENT TRIGGER before_each; DROP EVENT TRIGGER after_each; DROP SCHEMA fault CASCADE").await;
        let when = format!("online {online}, command {point}");
        if let Ok(report) = report {
            assert!(!report.has_errors(), "{when}: {report}");
            break;
        }
        reached += 1;
        recover(db, online, point % 2 == 0, &expected, &when).await;
    }
    assert!(reached > if stride() == 1 { 20 } else { 5 }, "{reached}");
}

scenario!(postgres: the_servers_process_ends_at_a_command, |db| {
    the_server_dies(db, false).await;
});

scenario!(postgres: online_the_servers_process_ends_at_a_command, |db| {
    the_server_dies(db, true).await;
});

fn child(db: &Postgres, model: &std::path::Path, mode: &str, point: Option<usize>) -> Child {
    let url = std::env::var(postgres::URL).expect("the server");
    let (server, _) = url.rsplit_once('/').expect("a URL with a database");
    let mut command = Command::new(env!("CARGO_BIN_EXE_fault_postgres"));
    command.arg(format!("{server}/{}", db.name)).arg(model).arg(mode).args(point.map(|point| point.to_string()));
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the helper process")
}

/// The server has noticed that its client is gone.
async fn is_alone(db: &Postgres) {
    let mut mine = db.connect().await;
    for _ in 0..200 {
        let others = mine.fetch_all(AssertSqlSafe(
            "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())".to_owned(),
        ));
        if others.await.unwrap().is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the lock of a killed client is still held");
}

async fn the_client_dies(db: &Postgres, online: bool) {
    let expected = undisturbed(db).await;
    let folder = tempfile::tempdir().unwrap();
    let model = folder.path().join("new.json");
    std::fs::write(&model, NEW).unwrap();
    let mode = if online { "online" } else { "normal" };
    let mut reached = 0;
    for point in (1..).step_by(stride()) {
        old(db).await;
        let output = child(db, &model, mode, Some(point)).wait_with_output().unwrap();
        let when = format!("{mode}, statement {point}");
        if output.status.success() {
            break;
        }
        assert!(output.stderr.is_empty(), "{when}: {}", String::from_utf8_lossy(&output.stderr));
        reached += 1;
        is_alone(db).await;
        recover(db, online, point % 2 == 0, &expected, &when).await;
    }
    assert!(reached > if stride() == 1 { 20 } else { 5 }, "{reached}");
}

scenario!(postgres: the_client_is_killed_after_a_statement, |db| {
    the_client_dies(db, false).await;
});

scenario!(postgres: online_the_client_is_killed_after_a_statement, |db| {
    the_client_dies(db, true).await;
});

scenario!(postgres: s5_fifty_processes_boot_at_once, |db| {
    let folder = tempfile::tempdir().unwrap();
    let model = folder.path().join("new.json");
    std::fs::write(&model, NEW).unwrap();
    let children: Vec<Child> = (0..50).map(|n| child(db, &model, if n % 10 == 9 { "online" } else { "normal" }, None)).collect();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        *counts.entry(said.split(' ').next().unwrap_or_default().to_owned()).or_default() += 1;
    }
    assert_eq!(counts.get("Synced"), Some(&1), "{counts:?}");
    assert!(counts.keys().all(|status| ["Synced", "SyncedByPeer", "UpToDate"].contains(&status.as_str())), "{counts:?}");
    db.assert_settled(&schema(NEW)).await;
});
