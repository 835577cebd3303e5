//! Indexes that shall be others and cannot be made, and what stands on an index that goes: nothing is let go for something that does not come.

use schemasync::Schema;
use schemasync_tests::{assert_says, errors, scenario};

/// The tables of a schema document.
fn model(tables: &str) -> Schema {
    Schema::from_json(&format!("{{\"schemasync\": 1, \"tables\": [{tables}]}}"))
        .unwrap_or_else(|error| panic!("{error}\n{tables}"))
}

/// A table of numbers beside its key; `more` begins with a comma.
fn table(name: &str, columns: &[&str], more: &str) -> String {
    let columns: Vec<String> = columns
        .iter()
        .map(|column| format!(r#", {{"name": "{column}", "type": "int64", "nullable": true}}"#))
        .collect();
    format!(
        r#"{{"name": "{name}", "columns": [{{"name": "id", "type": "int64"}}{}], "primary_key": "id"{more}}}"#,
        columns.concat()
    )
}

fn unique(name: &str, columns: &str) -> String {
    format!(r#", "indexes": [{{"name": "{name}", "kind": "unique", "parts": [{columns}]}}]"#)
}

fn key(target: &str) -> String {
    format!(r#", "foreign_keys": [{{"columns": "user_no", "target": "users", "target_columns": "{target}"}}]"#)
}

const STAYS: &str = "1 value is there more than once";

scenario!(i2_a_unique_index_that_cannot_be_another_stays_as_it_is, |db| {
    db.sync(model(&table("users", &["a", "b"], &unique("u", r#""a", "b""#)))).await;
    db.exec("INSERT INTO users VALUES (1, 7, 1), (2, 7, 2), (3, NULL, NULL)").await;
    let after = model(&table("users", &["a", "b", "c"], &unique("u", r#""a""#)));
    for _ in 0..2 {
        let report = db.run(after.clone()).await;
        assert_says(errors(&report, "users"), &[STAYS, "Until then the one that is there stays"]);
        assert_eq!(db.indexes("users").await, ["schemasync__unique__users__u: unique (a, b)"]);
        assert_eq!(db.columns("users").await, ["id", "a?", "b?", "c?"]);
    }
    assert!(db.try_exec("INSERT INTO users VALUES (4, 7, 1, NULL)").await.is_err());
    db.exec("DELETE FROM users WHERE id = 2").await;
    db.sync(after.clone()).await;
    db.assert_like_new(after).await;
});

scenario!(i2_a_unique_index_that_cannot_be_another_follows_its_table, |db| {
    db.sync(model(&table("users", &["a", "b"], &unique("u", r#""a", "b""#)))).await;
    db.exec("INSERT INTO users VALUES (1, 7, 1), (2, 7, 2), (3, NULL, NULL)").await;
    let after = model(&table("people", &["a", "b"], &format!(r#"{}, "renamed": "users""#, unique("u", r#""a""#))));
    for _ in 0..2 {
        let report = db.run(after.clone()).await;
        assert_says(errors(&report, "people"), &[STAYS, "Until then the one that is there stays"]);
        assert_eq!(db.indexes("people").await, ["schemasync__unique__people__u: unique (a, b)"]);
    }
    db.exec("UPDATE people SET a = 8 WHERE id = 2").await;
    db.sync(after.clone()).await;
    db.assert_like_new(after).await;
});

scenario!(i1_an_index_does_not_go_before_the_key_that_stands_on_it, |db| {
    let with = |unique_on: &str, target: &str, posts: &[&str]| {
        model(&format!(
            "{}, {}",
            table("users", &["a", "b"], &unique(unique_on, &format!("\"{unique_on}\""))),
            table("posts", posts, &key(target))
        ))
    };
    db.sync(with("a", "a", &["user_no"])).await;
    db.exec("INSERT INTO users VALUES (1, 7, 1), (2, 8, 2); INSERT INTO posts VALUES (1, 7)").await;
    let before = db.dump().await;
    // The new key has an orphan, so the old one stays, and so does what it stands on.
    let after = with("b", "b", &["user_no"]);
    let report = db.run(after.clone()).await;
    assert_says(
        errors(&report, "posts"),
        &["foreign key (user_no) → users(b) cannot be added to posts: 1 row has no match"],
    );
    assert_says(errors(&report, "users"), &["depends on posts, which has errors"]);
    assert_eq!(db.dump().await, before);
    assert!(db.try_exec("INSERT INTO posts VALUES (2, 9)").await.is_err());
    db.exec("INSERT INTO posts VALUES (3, 8); UPDATE users SET b = a").await;
    db.sync(after.clone()).await;
    db.assert_like_new(after).await;
});

scenario!(i1_an_index_does_not_go_before_the_table_whose_key_stands_on_it, |db| {
    db.sync(model(&format!(
        "{}, {}",
        table("users", &["a"], &unique("a", r#""a""#)),
        table("posts", &["user_no"], &key("a"))
    )))
    .await;
    db.exec("INSERT INTO users VALUES (1, 7); INSERT INTO posts VALUES (1, 7); CREATE VIEW theirs AS SELECT user_no FROM posts").await;
    let before = db.dump().await;
    let after = model(&table("users", &["a"], ""));
    let report = db.run(after.clone()).await;
    assert_says(errors(&report, "posts"), &["view \"theirs\", which is unmanaged, reads it"]);
    assert_says(errors(&report, "users"), &["depends on posts, which has errors"]);
    assert_eq!(db.dump().await, before);
    db.exec("DROP VIEW theirs").await;
    db.sync(after.clone()).await;
    db.assert_like_new(after).await;
});

scenario!(postgres: i2_an_index_that_a_key_stands_on_stays_with_the_key, |db| {
    // Below 15 the server cannot take NULLs as equal.
    if db.version < 150_000 {
        return;
    }
    let with = |nulls: &str, posts: &str, column: &str, more: &str| {
        let users = table("users", &["a"], &format!(r#", "indexes": [{{"name": "a", "kind": "unique", "parts": ["a"]{nulls}}}]"#));
        let key = key("a").replace("user_no", column);
        let old = if column == "user_no" { "" } else { r#", "renamed": "user_no""# };
        let posts = format!(r#"{{"name": "{posts}", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "{column}", "type": "int64"{old}}}], "primary_key": "id"{key}{more}}}"#);
        model(&format!("{users}, {posts}"))
    };
    db.sync(with("", "posts", "user_no", "")).await;
    db.exec("INSERT INTO users VALUES (1, 7), (2, NULL), (3, NULL); INSERT INTO posts VALUES (1, 7)").await;
    let before = db.dump().await;
    const NULLS: &str = r#", "nulls_not_distinct": true"#;
    for after in [with(NULLS, "posts", "user_no", ""), with(NULLS, "articles", "user", r#", "renamed": "posts""#)] {
        let report = db.run(after.clone()).await;
        assert_says(errors(&report, "users"), &["1 value is there more than once (for example NULL (2 rows))"]);
        assert_eq!(db.dump().await, before);
    }
    db.exec("DELETE FROM users WHERE id = 3").await;
    db.sync(with(NULLS, "articles", "user", r#", "renamed": "posts""#)).await;
    db.assert_like_new(with(NULLS, "articles", "user", "")).await;
});
