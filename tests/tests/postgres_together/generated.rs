//! Generated columns while what they are made of changes: the server lets it change under none.

use super::{model, table, users};
use schemasync_tests::{assert_says, errors, found, scenario};

const SHOUT: &str =
    r#"{"name": "shout", "type": "text", "nullable": true, "generated": {"sql": "v || '!'", "stored": true}}"#;

scenario!(postgres: c5_a_column_changes_its_type_under_a_generated_one, |db| {
    let with = |ty: &str, twice: &str| users(&format!(
        r#"{{"name": "v", "type": "{ty}"}}, {{"name": "twice", "type": "{twice}", "nullable": true, "generated": {{"sql": "v * 2", "stored": true}}}}"#
    ));
    db.sync(with("int32", "int64")).await;
    db.exec("INSERT INTO users (id, v) VALUES (1, 4)").await;
    let report = db.sync(with("int64", "int64")).await;
    assert_says(report.to_string(), &["generated column recreated: twice"]);
    assert!(!found(&report.entries, "users").destructive, "its values are computed");
    db.sync(with("int32", "int32")).await;
    assert_eq!(db.rows("SELECT v, twice FROM users").await, [["4", "8"]]);
    db.assert_like_new(with("int32", "int32")).await;
});

scenario!(postgres: c5_indexes_checks_and_views_on_the_generated_one_come_back, |db| {
    let with = |v: &str, shout: &str, old: &str| {
        let columns = format!(
            r#"{{"name": "{v}", {old}}}, {{"name": "shout", "type": "text", "nullable": true, "generated": {{"sql": "{shout}", "stored": true}}}}"#
        );
        let more = r#", "indexes": [{"name": "shout", "kind": "unique", "parts": ["shout"]}], "checks": [{"name": "long", "sql": "length(shout) > 1"}]"#;
        model(&format!("{} VIEWS {{\"name\": \"loud\", \"sql\": \"SELECT shout FROM users\"}}", table("users", &columns, more)))
    };
    db.sync(with("v", "v || '!'", r#""type": "text""#)).await;
    db.exec("INSERT INTO users (id, v) VALUES (1, 'a'); CREATE VIEW theirs AS SELECT shout FROM users; GRANT SELECT ON theirs TO PUBLIC").await;
    let after = with("word", "word || '!'", r#""type": {"varchar": 20}, "renamed": "v""#);
    db.sync(after.clone()).await;
    assert_eq!(db.rows("SELECT l.shout, t.shout FROM loud l, theirs t").await, [["'a!'", "'a!'"]]);
    assert_says(db.dump().await, &["= r /"]);
    db.exec("DROP VIEW theirs").await;
    db.assert_like_new(after).await;
});

scenario!(postgres: c9_a_column_goes_when_the_generated_one_lets_go_of_it, |db| {
    let before = users(&format!(r#"{{"name": "v", "type": "text"}}, {{"name": "w", "type": "text"}}, {SHOUT}"#));
    db.sync(before.clone()).await;
    db.exec("INSERT INTO users (id, v, w) VALUES (1, 'a', 'b')").await;
    // It is made of another column from now on.
    db.sync(users(&format!(r#"{{"name": "w", "type": "text"}}, {}"#, SHOUT.replace("v ||", "w ||")))).await;
    assert_eq!(db.rows("SELECT shout FROM users").await, [["'b!'"]]);
    // It becomes a plain one and keeps what it holds.
    db.sync(users(r#"{"name": "shout", "type": "text", "nullable": true}"#)).await;
    assert_eq!(db.rows("SELECT shout FROM users").await, [["'b!'"]]);
    assert_eq!(db.columns("users").await, ["id", "shout?"]);
});

scenario!(postgres: c2_a_new_generated_column_is_made_of_the_new_type, |db| {
    db.sync(users(r#"{"name": "v", "type": "text"}"#)).await;
    db.exec("INSERT INTO users (id, v) VALUES (1, '4')").await;
    let after = users(r#"{"name": "v", "type": "int32"}, {"name": "twice", "type": "int64", "nullable": true, "generated": {"sql": "v * 2", "stored": true}}"#);
    db.sync(after.clone()).await;
    assert_eq!(db.rows("SELECT twice FROM users").await, [["8"]]);
    db.assert_like_new(after).await;
});

scenario!(postgres: m4_what_others_have_on_the_generated_one_is_named_and_stays, |db| {
    db.sync(users(&format!(r#"{{"name": "v", "type": "text"}}, {SHOUT}"#))).await;
    db.exec("CREATE INDEX theirs ON users (shout); GRANT SELECT (shout) ON users TO PUBLIC").await;
    let before = db.dump().await;
    let report = db.run(users(&format!(r#"{{"name": "v", "type": {{"varchar": 9}}}}, {SHOUT}"#))).await;
    assert_says(errors(&report, "users"), &["shout", "index \"theirs\"", "a grant on it"]);
    assert_eq!(db.dump().await, before);
});

scenario!(postgres: p1_expressions_over_a_type_that_waits_are_worded_over_the_one_that_is_there, |db| {
    let with = |ty: &str, more: &str| model(&table("users", &format!(r#"{{"name": "v", "type": {ty}}}"#), more));
    db.sync(with(r#""text""#, r#", "indexes": [{"name": "low", "parts": [{"expression": "lower(v)"}]}]"#)).await;
    let more = r#", "indexes": [{"name": "low", "parts": [{"expression": "lower(v)"}]}, {"name": "up", "parts": [{"expression": "upper(v)"}]}], "checks": [{"name": "c", "sql": "v <> 'z'"}]"#;
    let after = with(r#"{"varchar": 9}"#, more);
    db.sync_with(after.clone(), |sync| sync.safe(true)).await;
    assert_eq!(db.indexes("users").await.len(), 2);
    db.sync(after.clone()).await;
    db.assert_like_new(after).await;
});
