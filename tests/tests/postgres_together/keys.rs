//! Keys that change together with what they stand on, names that are taken twice, defaults in odd words.

use super::{model, table, users};
use schemasync_tests::{TestDatabase, assert_says, errors, scenario};

scenario!(postgres: f3_a_key_that_changes_waits_for_its_target_that_does, |db| {
    let child = |name: &str, renamed: &str, column: &str, old: &str, ty: &str, key: &str| {
        table(name, &format!(r#"{{"name": "{column}"{old}, "type": "{ty}"}}"#), &format!(r#"{renamed}, "foreign_keys": [{{"columns": "{column}", {key}}}]"#))
    };
    let unique = |column: &str| format!(r#", "indexes": [{{"name": "{column}", "kind": "unique", "parts": ["{column}"]}}]"#);
    let to = r#""target": "users", "target_columns": "id""#;
    db.sync(model(&format!(
        "{}, {}, {}",
        table("users", r#"{"name": "code", "type": "text"}"#, &unique("code")),
        child("posts", "", "user_id", "", "int64", to),
        child("likes", "", "user_id", "", "int64", to)
    )))
    .await;
    db.exec("INSERT INTO users VALUES (1, 'a'), (2, 'b'); INSERT INTO posts VALUES (1, 1); INSERT INTO likes VALUES (1, 2)").await;
    // Another primary key, another type of the old one, and new names for all.
    let to = r#""target": "people", "target_columns": "number""#;
    let people = r#"{"name": "people", "renamed": "users", "columns": [{"name": "number", "renamed": "id", "type": "int32"}, {"name": "code", "type": {"varchar": 9}}], "primary_key": "code""#;
    let after = model(&format!(
        "{people}{}}}, {}, {}",
        unique("number"),
        child("posts", "", "person", r#", "renamed": "user_id""#, "int32", to),
        child("hearts", r#", "renamed": "likes""#, "user_id", "", "int32", &format!(r#"{to}, "on_update": "cascade""#))
    ));
    db.sync(after.clone()).await;
    assert_eq!(db.rows("SELECT p.person, h.user_id FROM posts p, hearts h").await, [["1", "2"]]);
    db.assert_like_new(after).await;
});

scenario!(postgres: c8_a_default_that_needs_parentheses_gets_them, |db| {
    let with = |default: &str| users(&format!(r#"{{"name": "on", "type": "bool", "default": {{"sql": "{default}"}}}}"#));
    for default in ["not true", "1 IN (1, 2)", "true AND false", "(1 IS NULL)", "'a' LIKE 'b'"] {
        db.sync_with(with(default), |sync| sync.allow_revert(true)).await;
        db.assert_like_new(with(default)).await;
    }
});

scenario!(postgres: t4_a_table_takes_the_place_of_a_view_over_a_view_that_changes, |db| {
    let with = |users: &str, ty: &str, more: &str, views: &str| model(&format!(r#"{}{more} VIEWS {{"name": "names", "sql": "SELECT id, v FROM {users}"}}{views}"#, table(users, &format!(r#"{{"name": "v", "type": "{ty}"}}"#), if users == "users" { "" } else { r#", "renamed": "users""# })));
    db.sync(with("users", "text", "", r#", {"name": "ids", "sql": "SELECT id FROM names"}"#)).await;
    db.exec("INSERT INTO users VALUES (1, '7')").await;
    let after = with("people", "int32", &format!(", {}", table("ids", "", "")), r#", {"name": "others", "sql": "SELECT id FROM names"}"#);
    db.sync(after.clone()).await;
    assert_eq!(db.rows("SELECT v FROM names").await, [["7"]]);
    db.assert_like_new(after).await;
});

scenario!(postgres: s5_who_holds_a_table_is_named, |db| {
    db.sync(users("")).await;
    let mut holder = db.connect().await;
    sqlx::raw_sql("SET application_name = 'holder'; BEGIN; LOCK TABLE users IN ACCESS SHARE MODE").execute(&mut holder).await.unwrap();
    let after = users(r#"{"name": "v", "type": "text", "nullable": true}"#);
    let report = db.syncing(&after).lock_timeout(std::time::Duration::from_millis(200)).run_report().await.unwrap();
    assert_says(errors(&report, "users"), &["lock timeout", "of holder, user", "holds AccessShareLock on public.users"]);
    drop(holder);
    db.sync(after).await;
});
