//! DDL commits by itself: a client that is killed after any statement leaves a database from which the next run finishes.

use crate::both;
use schemasync::{RunStatus, Schema};
use schemasync_tests::{Mysql, TestDatabase};
use std::process::{Child, Command, Stdio};

const OLD: &str = r#"{"schemasync": 1, "tables": [
    {"name": "accounts", "columns": [{"name": "id", "type": "int64"}, {"name": "mail", "type": "text"}, {"name": "age", "type": "text"}, {"name": "old", "type": "text", "nullable": true}],
     "primary_key": "id", "indexes": [{"name": "mail", "parts": ["mail"]}, {"name": "both", "parts": ["mail", "old"]}], "checks": [{"name": "full", "sql": "mail <> ''"}]},
    {"name": "posts", "columns": [{"name": "id", "type": "int64"}, {"name": "author", "type": "int64"}, {"name": "title", "type": {"varchar": 40}}],
     "primary_key": "id", "foreign_keys": [{"columns": "author", "target": "accounts", "target_columns": "id"}]},
    {"name": "gone", "columns": [{"name": "id", "type": "int64"}], "primary_key": "id"}],
    "views": [{"name": "mails", "sql": "SELECT mail AS a FROM accounts"}]}"#;

const NEW: &str = r#"{"schemasync": 1, "tables": [
    {"name": "users", "renamed": ["accounts"], "columns": [{"name": "id", "type": "int64"}, {"name": "email", "renamed": ["mail"], "type": {"varchar": 80}}, {"name": "age", "type": "int64"},
        {"name": "tier", "type": {"varchar": 20}, "default": {"text": "free"}}],
     "primary_key": "id", "indexes": [{"name": "email", "kind": "unique", "parts": ["email"]}, {"name": "tier", "parts": ["tier", "age"]}], "checks": [{"name": "full", "sql": "email <> ''"}]},
    {"name": "posts", "columns": [{"name": "id", "type": "int64"}, {"name": "author", "type": "int64"}, {"name": "title", "type": {"varchar": 80}, "nullable": true}],
     "primary_key": "id", "foreign_keys": [{"columns": "author", "target": "users", "target_columns": "id", "on_delete": "cascade"}]},
    {"name": "tags", "columns": [{"name": "id", "type": "int64"}, {"name": "post", "type": "int64"}], "primary_key": "id",
     "foreign_keys": [{"columns": "post", "target": "posts", "target_columns": "id"}]}],
    "views": [{"name": "mails", "sql": "SELECT email AS a FROM users"}, {"name": "more", "sql": "SELECT a FROM mails"}]}"#;

fn model(json: &str) -> Schema {
    Schema::from_json(json).expect("a document")
}

/// An empty database with the old model and rows.
async fn old(db: &Mysql) {
    db.exec(&format!("DROP DATABASE {0}; CREATE DATABASE {0}; USE {0}", db.name)).await;
    let report = db.run(model(OLD)).await;
    assert!(!report.has_errors(), "{report}");
    db.exec("INSERT INTO accounts VALUES (1, 'a', '30', 'x'), (2, 'b', '31', NULL); INSERT INTO posts VALUES (1, 1, 'one'), (2, 2, 'two'); INSERT INTO gone VALUES (1)").await;
}

async fn rows_are_there(db: &Mysql, when: &str) {
    assert_eq!(
        db.rows("SELECT id, email, age FROM users ORDER BY id").await,
        [["1", "'a'", "30"], ["2", "'b'", "31"]],
        "{when}"
    );
    assert_eq!(db.rows("SELECT * FROM posts ORDER BY id").await, [["1", "1", "'one'"], ["2", "2", "'two'"]], "{when}");
    assert_eq!(db.rows("SELECT a FROM more ORDER BY a").await, [["'a'"], ["'b'"]], "{when}");
}

fn child(db: &Mysql, json: &std::path::Path, point: Option<usize>) -> Child {
    let url = std::env::var(db.server.variable()).expect("the server");
    let (server, _) = url.rsplit_once('/').expect("a URL with a database");
    let mut command = Command::new(env!("CARGO_BIN_EXE_fault_mysql"));
    command.arg(format!("{server}/{}", db.name)).arg(json).args(point.map(|point| point.to_string()));
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the helper process")
}

fn stride() -> usize {
    if std::env::var("SCHEMASYNC_FAULTS").as_deref() == Ok("all") { 1 } else { 5 }
}

both!(s8_the_client_is_killed_after_a_statement, |db| {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("new.json");
    std::fs::write(&path, NEW).expect("a file");
    old(db).await;
    db.sync(model(NEW)).await;
    rows_are_there(db, "undisturbed").await;
    let expected = db.dump().await;
    let mut reached = 0;
    for point in (1..).step_by(stride()) {
        old(db).await;
        let output = child(db, &path, Some(point)).wait_with_output().expect("its end");
        let when = format!("statement {point}");
        if output.status.success() {
            break;
        }
        assert!(output.stderr.is_empty(), "{when}: {}", String::from_utf8_lossy(&output.stderr));
        reached += 1;
        // The lock of the dead is free once the server has noticed.
        let report = db.run(model(NEW)).await;
        assert!(!report.has_errors(), "{when}: {report}");
        rows_are_there(db, &when).await;
        assert_eq!(db.dump().await, expected, "{when}");
        db.assert_settled(&model(NEW)).await;
    }
    assert!(reached > if stride() == 1 { 20 } else { 5 }, "{reached}");
});

both!(s5_fifty_processes_boot_at_once, |db| {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("old.json");
    std::fs::write(&path, OLD).expect("a file");
    let children: Vec<Child> = (0..50).map(|_| child(db, &path, None)).collect();
    let mut synced = 0;
    for child in children {
        let output = child.wait_with_output().expect("its end");
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{err}");
        synced += usize::from(out.starts_with(&format!("{:?} ", RunStatus::Synced)));
        assert!(["Synced ", "SyncedByPeer ", "UpToDate "].iter().any(|status| out.starts_with(status)), "{out}");
    }
    assert_eq!(synced, 1);
    db.assert_settled(&model(OLD)).await;
});
