//! Several replicas, as real processes, on one database: a first boot all at once, then a rolling deploy. On SQLite, and on PostgreSQL where
//! `SCHEMASYNC_TEST_POSTGRES_URL` names a server.

#![allow(unreachable_pub, reason = "one module of helpers, for this file only")]

mod postgres;
mod replica;

use postgres::Postgres;
use replica::{Replica, refused};
use serde_json::json;
use sqlx::Executor;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use std::path::Path;

const REPLICAS: usize = 6;

#[test]
fn s5_replicas_boot_at_once_on_an_empty_database_and_one_of_them_syncs() {
    let folder = tempfile::tempdir().unwrap();
    boot_at_once(&url(&folder.path().join("app.db")));
}

#[test]
fn s5_replicas_boot_at_once_on_an_empty_postgres_database_and_one_of_them_syncs() {
    let Some(database) = Postgres::create() else { return };
    boot_at_once(&database.url);
}

fn boot_at_once(url: &str) {
    let booting: Vec<Replica> = (0..REPLICAS).map(|_| Replica::start(url, "v1")).collect();
    let replicas: Vec<Replica> = booting.into_iter().map(Replica::ready).collect();

    let said: Vec<&str> = replicas.iter().map(Replica::status).collect();
    assert_eq!(said.iter().filter(|status| **status == "✓ Synced").count(), 1, "{said:?}");
    assert!(said.iter().all(|status| ["✓ Synced", "✓ Synced by another process", "✓ Up to date"].contains(status)));

    for (at, replica) in replicas.iter().enumerate() {
        let (status, user) = replica.post("/users", &json!({ "email": format!("{at}@example.com") }));
        assert_eq!((status, &user["name"]), (201, &json!(null)));
        let (status, post) = replica.post("/posts", &json!({ "user_id": user["id"], "title": "hello" }));
        assert_eq!((status, post), (201, json!({ "id": at + 1, "user_id": user["id"], "title": "hello" })));
    }
    for replica in &replicas {
        assert_eq!(replica.get("/users").as_array().unwrap().len(), REPLICAS);
        assert_eq!(replica.get("/posts").as_array().unwrap().len(), REPLICAS);
        assert_eq!(replica.post("/users", &json!({ "email": "0@example.com" })).0, 409);
        assert_eq!(replica.post("/posts", &json!({ "user_id": 404, "title": "whose?" })).0, 422);
    }
}

#[test]
fn s6_a_newer_replica_upgrades_under_running_old_ones_and_an_old_one_that_restarts_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    deploy(&url(&folder.path().join("app.db")));
}

#[test]
fn s6_a_newer_replica_upgrades_a_postgres_database_under_running_old_ones() {
    let Some(database) = Postgres::create() else { return };
    deploy(&database.url);
}

fn deploy(url: &str) {
    let mut old = [Replica::start(url, "v1").ready(), Replica::start(url, "v1").ready()];
    assert_eq!([old[0].status(), old[1].status()], ["✓ Synced", "✓ Up to date"]);
    let before = json!({ "id": 1, "email": "ada@example.com", "name": "Ada" });
    assert_eq!(old[0].post("/users", &json!({ "email": "ada@example.com", "name": "Ada" })), (201, before.clone()));

    // The newer release comes; the two old ones still run, with connections that were made before it.
    let new = Replica::start(url, "v2").ready();
    assert_eq!(new.status(), "✓ Synced");
    let ada = json!({ "id": 1, "email": "ada@example.com", "name": "Ada", "plan": "free" });
    assert_eq!(new.get("/users"), json!([ada]));
    for (replica, email) in old.iter().zip(["bob@example.com", "eve@example.com"]) {
        assert_eq!(replica.get("/users")[0], before);
        let (status, user) = replica.post("/users", &json!({ "email": email }));
        assert_eq!((status, user.get("plan")), (201, None));
        assert_eq!(replica.post("/posts", &json!({ "user_id": user["id"], "title": "from before" })).0, 201);
    }
    assert_eq!(new.get("/users")[2]["plan"], "free");
    let post = json!({ "id": 1, "user_id": 2, "title": "from before", "body": null, "published": false });
    assert_eq!(new.get("/posts")[0], post);

    // An old one restarts in the middle of the deploy.
    old[0] = Replica::start(url, "v1").ready();
    assert_eq!(old[0].status(), "! Superseded");
    assert_eq!(old[0].post("/users", &json!({ "email": "late@example.com" })).0, 201);
    for replica in &old {
        assert_eq!(replica.get("/users").as_array().unwrap().len(), 4);
    }
    // It has changed nothing, and the next new one has nothing to do.
    assert_eq!(Replica::start(url, "v2").ready().status(), "✓ Up to date");
    assert_eq!(new.get("/users")[3]["plan"], "free");
}

/// Rule R3: the index cannot be made, so the program says why and does not listen.
#[tokio::test]
async fn r1_a_run_with_errors_ends_the_program_and_says_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.db");
    let pool = SqlitePool::connect_with(SqliteConnectOptions::new().filename(&path).create_if_missing(true));
    let pool = pool.await.unwrap();
    pool.execute("CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT NOT NULL, name TEXT)")
        .await
        .unwrap();
    pool.execute("INSERT INTO users (email) VALUES ('ada@example.com'), ('ada@example.com')").await.unwrap();
    pool.close().await;

    let (code, out, err) = refused(&url(&path), "v1");
    assert_eq!(code, Some(1), "{out}{err}");
    assert!(err.contains("the sync is not complete") && err.contains("ada@example.com"), "{err}");
    assert!(!out.contains("listening"), "{out}");
}

#[test]
fn a_database_that_is_not_spoken_is_an_error_that_keeps_the_password() {
    let (code, out, err) = refused("oracle://app:secret@localhost/app", "v1");
    assert_eq!((code, out.as_str()), (Some(1), ""));
    assert!(err.contains("\"oracle\"") && !err.contains("secret"), "{err}");
}

fn url(path: &Path) -> String {
    format!("sqlite:{}", path.display())
}
