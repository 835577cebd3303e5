//! SQLite files with names and texts that are not UTF-8, as programs of old encodings have written them: what needs one is an error that names
//! it, and everything else works.

use schemasync::Schema;
use schemasync_tests::{Sqlite, TestDatabase, assert_says, errors, scenario};
use std::sync::atomic::{AtomicU32, Ordering};

fn users(age: &str, more: &str) -> Schema {
    let json = format!(
        r#"{{"schemasync": 1, "tables": [{{"name": "users", "sync_method": "recreate", "primary_key": "id",
            "columns": [{{"name": "id", "type": "int64"}}, {{"name": "age", "type": "{age}"}}{more}]}}]}}"#
    );
    Schema::from_json(&json).unwrap_or_else(|error| panic!("{error}"))
}

const EMAIL: &str = r#", {"name": "email", "type": "text", "nullable": true}"#;

/// Tells the other connections that the schema is another one.
static VERSION: AtomicU32 = AtomicU32::new(10_000);

/// Each `@` in the schema becomes the byte E9, which is `é` in Latin-1 and nothing in UTF-8.
async fn in_latin1(db: &Sqlite) {
    let byte = "CAST(x'E9' AS TEXT)";
    written(db, &format!("UPDATE sqlite_schema SET name = replace(name, '@', {byte}), tbl_name = replace(tbl_name, '@', {byte}), sql = replace(sql, '@', {byte}) WHERE instr(sql, '@') > 0")).await;
}

/// Writes into the schema itself.
async fn written(db: &Sqlite, sql: &str) {
    let version = VERSION.fetch_add(1, Ordering::Relaxed);
    db.exec(&format!(
        "PRAGMA writable_schema = ON; {sql}; PRAGMA schema_version = {version}; PRAGMA writable_schema = RESET"
    ))
    .await;
}

/// The bytes of what has such a text.
async fn odd(db: &Sqlite) -> Vec<Vec<String>> {
    db.rows("SELECT type, hex(name), hex(tbl_name), hex(sql) FROM sqlite_schema WHERE hex(sql) LIKE '%E9%' ORDER BY 2")
        .await
}

scenario!(sqlite: m4_names_that_are_not_utf8_are_in_nobodys_way, |db| {
    db.sync(users("text", "")).await;
    db.exec("CREATE TABLE \"caf@\" (id INTEGER PRIMARY KEY, \"co@l\" TEXT, v TEXT); INSERT INTO \"caf@\" VALUES (1, 'a', CAST(x'E9' AS TEXT));
        CREATE VIEW \"vu@\" AS SELECT 1 AS \"co@l\"; CREATE INDEX \"by@\" ON \"caf@\" (v); CREATE TABLE \"caf~\" (id INTEGER);
        CREATE TRIGGER \"on@\" AFTER INSERT ON \"caf@\" BEGIN SELECT 1; END; INSERT INTO users VALUES (1, '30')").await;
    in_latin1(db).await;
    let before = odd(db).await;
    assert_eq!(before.len(), 4, "{before:?}");
    let plan = db.plan(users("int64", EMAIL)).await;
    assert_says(plan.to_string(), &["unmanaged", "table \"caf\\xE9\"", "view \"vu\\xE9\"", "table \"caf~\""]);
    let report = db.syncing(&users("int64", EMAIL)).run_report().await.unwrap();
    assert!(!report.has_errors(), "{report}");
    assert_eq!(db.rows("SELECT id, age, email FROM users").await, [["1", "30", "NULL"]]);
    assert_eq!(odd(db).await, before);
    db.assert_settled(&users("int64", EMAIL)).await;
    // What reads the whole database does, too.
    let (_, notes) = Schema::from_database(&db.pool).await.unwrap();
    assert_says(notes.join("\n"), &["caf\\xE9"]);
    db.syncing(&users("int64", EMAIL)).dump_sql().await.unwrap();
    db.syncing(&users("int64", EMAIL)).status().await.unwrap();
    let mut wanted = users("int64", EMAIL);
    wanted.tables[0].name = "caf\\xE9".to_owned();
    // By chance somebody calls a table as that one is shown.
    let report = db.run(wanted).await;
    assert_says(errors(&report, "caf\\xE9"), &["not UTF-8"]);
    assert_eq!(odd(db).await, before);
});

scenario!(sqlite: m4_a_default_that_is_not_utf8_is_an_error_of_its_table, |db| {
    let both = |more: &str| {
        let mut schema = users("text", more);
        let mut other = schema.tables[0].clone();
        other.name = "others".to_owned();
        schema.tables.push(other);
        schema
    };
    db.sync(both("")).await;
    db.exec("DROP TABLE users; CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY, age TEXT NOT NULL DEFAULT 'd@j@'); INSERT INTO users (id) VALUES (1)").await;
    in_latin1(db).await;
    let before = (odd(db).await, db.rows("SELECT id, hex(age) FROM users").await);
    let report = db.run(both(EMAIL)).await;
    assert_says(errors(&report, "users"), &["cannot be managed", "not UTF-8"]);
    assert_eq!(errors(&report, "others"), "");
    assert_eq!(db.columns("others").await.len(), 3);
    assert_eq!((odd(db).await, db.rows("SELECT id, hex(age) FROM users").await), before);
});

scenario!(sqlite: m4_a_trigger_that_is_not_utf8_keeps_its_table_from_being_rebuilt_alone, |db| {
    for (what, sql) in [
        ("trigger \"noted\"", "CREATE TRIGGER noted AFTER INSERT ON users BEGIN UPDATE users SET age = 'd@j@' WHERE id = new.id; END"),
        ("index \"noted\"", "CREATE INDEX noted ON users (id) WHERE age <> 'd@j@'"),
        ("trigger \"not\\xE9\"", "CREATE TRIGGER \"not@\" AFTER DELETE ON users BEGIN SELECT 1; END"),
    ] {
        db.exec("DROP TABLE IF EXISTS users; DROP TABLE IF EXISTS __schemasync_state; DROP TABLE IF EXISTS __schemasync_history").await;
        db.sync(users("text", "")).await;
        db.exec(sql).await;
        in_latin1(db).await;
        db.exec("INSERT INTO users VALUES (1, '30')").await;
        let before = odd(db).await;
        assert_eq!(before.len(), 1, "{sql}");
        // A column is added in place.
        let report = db.run(users("text", EMAIL)).await;
        assert!(!report.has_errors(), "{report}");
        assert_eq!(odd(db).await, before);
        // A rebuild would have to make it again: the plan says so, and the run does nothing.
        let plan = db.plan(users("int64", EMAIL)).await;
        assert_says(plan.to_string(), &["users has to be rebuilt", what, "not UTF-8", "drop it first"]);
        let report = db.run(users("int64", EMAIL)).await;
        assert_says(errors(&report, "users"), &["users has to be rebuilt", what]);
        assert_eq!(odd(db).await, before);
        if !what.starts_with("index") {
            written(db, "DELETE FROM sqlite_schema WHERE hex(sql) LIKE '%E9%'").await;
            db.exec("UPDATE users SET age = '30'").await;
            db.sync(users("int64", EMAIL)).await;
        }
    }
});

scenario!(sqlite: m4_a_schema_that_somebody_has_written_into_is_read, |db| {
    db.sync(users("text", "")).await;
    // No text at all where there should be one: SQLite itself passes over such rows.
    db.exec("CREATE VIEW seen AS SELECT id FROM users; CREATE TRIGGER told AFTER INSERT ON users BEGIN SELECT 1; END").await;
    written(db, "UPDATE sqlite_schema SET sql = CAST(replace(sql, 'SELECT 1', 'SELECT 2') AS BLOB) WHERE name = 'told'").await;
    let report = db.run(users("int64", EMAIL)).await;
    assert!(!report.has_errors(), "{report}");
    assert_eq!(db.value("SELECT count(*) FROM sqlite_schema WHERE name = 'told'").await, "1");
    db.assert_settled(&users("int64", EMAIL)).await;
});
