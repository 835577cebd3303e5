//! Keys whose two tables change together, or of which one has to stay: the key is never lost on the way.

use super::{model, table};
use schemasync_tests::{TestDatabase, assert_says, errors, found, scenario};

/// The foreign keys that there are, each by its table and name.
const KEYS: &str = "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'f' ORDER BY 1, 2";

fn key(column: &str, target: &str, target_column: &str) -> String {
    format!(r#"{{"columns": "{column}", "target": "{target}", "target_columns": "{target_column}"}}"#)
}

fn posts(columns: &str, more: &str) -> String {
    table("posts", columns, &format!(r#", "foreign_keys": [{}]{more}"#, key("user_id", "users", "id")))
}

const USER_ID: &str = r#"{"name": "user_id", "type": "int64", "nullable": true}"#;
const UNLOGGED: &str = r#", "options": {"postgres": {"unlogged": true}}"#;

scenario!(postgres: f3_a_key_stays_where_only_one_of_its_tables_can_change, |db| {
    let with = |id: &str, user_more: &str, post_more: &str| {
        let user = format!(r#"{{"name": "users", "columns": [{{"name": "id", "type": "{id}"}}, {{"name": "v", "type": "{user_more}"}}], "primary_key": "id"}}"#);
        model(&format!("{user}, {}", posts(&format!(r#"{{"name": "user_id", "type": "{id}"}}, {{"name": "v", "type": "{post_more}"}}"#), "")))
    };
    db.sync(with("text", "text", "text")).await;
    db.exec("INSERT INTO users VALUES ('1', 'x'); INSERT INTO posts VALUES (7, '1', 'x')").await;
    let before = db.dump().await;
    for (after, broken, other) in [(with("int64", "text", "int64"), "posts", "users"), (with("int64", "int64", "text"), "users", "posts")] {
        let report = db.run(after).await;
        assert_says(errors(&report, broken), &["1 value cannot be converted"]);
        assert_says(errors(&report, other), &[&format!("depends on {broken}, which has errors")]);
        assert_eq!(db.dump().await, before);
    }
    db.sync(with("int64", "text", "text")).await;
    assert_eq!(db.rows(KEYS).await, [["'posts'", "'schemasync__fk__posts__user_id'"]]);
});

scenario!(postgres: p1_safe_mode_keeps_what_the_keys_of_a_table_that_it_keeps_need, |db| {
    let likes = table("likes", USER_ID, &format!(r#", "foreign_keys": [{}]"#, key("user_id", "users", "code")));
    let before = format!("{}, {}, {likes}", table("users", r#"{"name": "code", "type": "int64"}"#, r#", "indexes": [{"name": "code", "kind": "unique", "parts": ["code"]}]"#), posts(USER_ID, ""));
    db.sync(model(&before)).await;
    db.exec("INSERT INTO users VALUES (1, 1), (2, 2); INSERT INTO posts VALUES (7, 1), (8, NULL); INSERT INTO likes VALUES (9, 2)").await;
    let keys = db.rows(KEYS).await;
    assert_eq!(keys.len(), 2);
    // Another primary key, no unique index any longer, another type; and nothing of what pointed there.
    let after = model(r#"{"name": "users", "columns": [{"name": "id", "type": "int64"}, {"name": "code", "type": "text"}], "primary_key": "code"}"#);
    let report = db.sync_with(after.clone(), |sync| sync.safe(true)).await;
    let withheld = found(&report.entries, "users").withheld.iter().map(|item| format!("{}: {}", item.what, item.why));
    assert_says(withheld.collect::<Vec<_>>().join("\n"), &[
        "change the primary key: safe mode: posts, which stays, references it",
        "drop index \"schemasync__unique__users__code\": safe mode: likes, which stays, references it",
        "alter column \"code\" (bigint → text): safe mode: likes, which stays, references it",
    ]);
    assert_eq!(db.rows(KEYS).await, keys);
    assert!(db.syncing(&after).drift().await.unwrap().is_empty());
    db.sync_with(after.clone(), |sync| sync.force(true)).await;
    assert_eq!(db.rows("SELECT id, code FROM users ORDER BY id").await, [["1", "'1'"], ["2", "'2'"]]);
    db.assert_like_new(after).await;
});

scenario!(postgres: p1_a_type_that_a_kept_key_allows_is_changed_in_safe_mode, |db| {
    let user = |id: &str| format!(r#"{{"name": "users", "columns": [{{"name": "id", "type": "{id}"}}], "primary_key": "id"}}"#);
    db.sync(model(&format!("{}, {}", user("int32"), posts(r#"{"name": "user_id", "type": "int32"}"#, "")))).await;
    db.exec("INSERT INTO users VALUES (1); INSERT INTO posts VALUES (7, 1)").await;
    let report = db.sync_with(model(&user("int64")), |sync| sync.safe(true)).await;
    assert!(found(&report.entries, "users").withheld.is_empty());
    assert_eq!(db.rows("SELECT pg_typeof(id)::text FROM users").await, [["'bigint'"]]);
    assert_eq!(db.rows(KEYS).await, [["'posts'", "'schemasync__fk__posts__user_id'"]]);
});

scenario!(postgres: o1_tables_that_reference_each_other_become_unlogged_and_logged_again_in_one_run, |db| {
    let with = |option: &str| {
        let tree = format!(r#", "foreign_keys": [{}]{option}"#, key("tree", "trees", "id"));
        let ring = |name: &str, other: &str| table(name, r#"{"name": "r", "type": "int64", "nullable": true}"#, &format!(r#", "foreign_keys": [{}]{option}"#, key("r", other, "id")));
        model(&format!(
            "{}, {}, {}, {}, {}",
            table("users", r#"{"name": "v", "type": "text"}"#, option),
            posts(USER_ID, option),
            table("trees", r#"{"name": "tree", "type": "int64", "nullable": true}"#, &tree),
            ring("ring", "circle"),
            ring("circle", "ring")
        ))
    };
    db.sync(with("")).await;
    db.exec("INSERT INTO users VALUES (1, 'ü'); INSERT INTO posts VALUES (7, 1), (8, NULL); INSERT INTO trees VALUES (1, NULL), (2, 1)").await;
    db.exec("INSERT INTO ring VALUES (1, NULL); INSERT INTO circle VALUES (1, 1); UPDATE ring SET r = 1").await;
    // One of somebody else comes back as it was.
    db.exec("ALTER TABLE posts ADD CONSTRAINT theirs FOREIGN KEY (id) REFERENCES posts DEFERRABLE; ALTER TABLE posts ADD CONSTRAINT too FOREIGN KEY (user_id) REFERENCES users ON DELETE SET NULL DEFERRABLE").await;
    for option in [UNLOGGED, ""] {
        let persistence = if option.is_empty() { "'p'" } else { "'u'" };
        db.sync_with(with(option), |sync| sync.allow_revert(true)).await;
        assert_eq!(db.rows("SELECT DISTINCT relpersistence::text FROM pg_class WHERE relname IN ('users', 'posts', 'trees', 'ring', 'circle')").await, [[persistence]]);
        assert_eq!(db.rows("SELECT p.user_id, u.v, c.r FROM posts p, users u, circle c WHERE p.user_id = u.id").await, [["1", "'ü'", "1"]]);
        assert_eq!(db.rows("SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conname IN ('theirs', 'too') ORDER BY 1").await, [
            ["'theirs'", "'FOREIGN KEY (id) REFERENCES posts(id) DEFERRABLE'"],
            ["'too'", "'FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE SET NULL DEFERRABLE'"],
        ]);
        assert_eq!(db.rows(KEYS).await.len(), 6);
    }
});

scenario!(postgres: o1_a_key_that_unlogged_would_forbid_is_an_error_of_the_plan, |db| {
    let with = |users: &str, posts_more: &str| model(&format!("{}, {}", table("users", "", users), posts(USER_ID, posts_more)));
    let reason = "a table that is logged references none that is `unlogged`";
    let key = "foreign key (user_id) → users(id) of posts cannot be";
    // New tables, then one that is there.
    let plan = db.syncing(&with(UNLOGGED, "")).plan().await.unwrap();
    assert_says(found(&plan.entries, "posts").errors.join(" "), &[key, reason]);
    db.sync(with("", "")).await;
    let before = db.dump().await;
    let plan = db.syncing(&with(UNLOGGED, "")).plan().await.unwrap();
    let report = db.run(with(UNLOGGED, "")).await;
    assert_eq!(errors(&report, "users"), found(&plan.entries, "users").errors.join("\n"));
    assert_says(errors(&report, "users"), &[key, reason]);
    assert_eq!(db.dump().await, before);
    db.sync(with("", UNLOGGED)).await;
});

scenario!(postgres: m4_a_key_of_others_keeps_the_primary_key_that_it_stands_on, |db| {
    let users = |key: &str, more: &str| model(&format!(r#"{{"name": "users", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "code", "type": "int64"}}], "primary_key": "{key}"{more}}}"#));
    let unique = r#", "indexes": [{"name": "code", "kind": "unique", "parts": ["code"]}]"#;
    db.sync(users("id", unique)).await;
    for (theirs, after, named) in [
        ("CREATE TABLE theirs (x bigint REFERENCES users)", users("code", unique), "users(id)"),
        ("CREATE TABLE theirs (x bigint REFERENCES users (code))", users("id", ""), "users(code)"),
    ] {
        db.exec(theirs).await;
        let before = db.dump().await;
        let plan = db.syncing(&after).plan().await.unwrap();
        let report = db.run(after.clone()).await;
        assert_eq!(errors(&report, "users"), found(&plan.entries, "users").errors.join("\n"));
        assert_says(errors(&report, "users"), &[named, "foreign key (x) of \"theirs\", which is unmanaged, stands on it", "drop that key first"]);
        assert_eq!(db.dump().await, before);
        db.exec("DROP TABLE theirs").await;
        db.sync(after).await;
        db.sync_with(users("id", unique), |sync| sync.allow_revert(true)).await;
    }
});

scenario!(postgres: f3_a_key_between_types_that_do_not_compare_is_an_error_of_the_plan, |db| {
    const TEXT: &str = r#""type": "text""#;
    const FOLDED: &str = r#""type": "text", "collate": "nocase""#;
    const MOOD: &str = r#""type": {"enum": {"name": "mood", "variants": ["a", "b"], "postgres": {"type": "mood"}}}"#;
    const ADDRESS: &str = r#""type": "text", "native": {"postgres": {"type": "inet"}}"#;
    let users = |ty: &str| format!(r#"{{"name": "users", "columns": [{{"name": "id", {ty}}}], "primary_key": "id"}}"#);
    let with = |id: &str, user_id: &str| model(&format!("{}, {}", users(id), posts(&format!(r#"{{"name": "user_id", {user_id}}}"#), "")));
    let refused = async |after: &schemasync::Schema, entry: &str| {
        let before = db.dump().await;
        let plan = db.syncing(after).allow_revert(true).plan().await.unwrap();
        let report = db.syncing(after).allow_revert(true).run_report().await.unwrap();
        assert_says(errors(&report, entry), &["foreign key (user_id) → users(id) of posts cannot be", "make them of one type"]);
        assert_eq!(errors(&report, entry), found(&plan.entries, entry).errors.join("\n"));
        assert_eq!(db.dump().await, before);
    };
    db.sync(model(&users(FOLDED))).await;
    refused(&with(FOLDED, TEXT), "posts").await;
    db.sync(with(FOLDED, FOLDED)).await;
    db.exec("INSERT INTO users VALUES ('a'); INSERT INTO posts VALUES (7, 'a')").await;
    refused(&with(FOLDED, TEXT), "posts").await;
    db.sync(with(TEXT, FOLDED)).await;
    db.sync(with(TEXT, TEXT)).await;
    for (after, entry) in [(with(FOLDED, TEXT), "users"), (with(MOOD, TEXT), "users"), (with(TEXT, MOOD), "posts"), (with(TEXT, ADDRESS), "posts")] {
        let plan = db.syncing(&after).allow_revert(true).plan().await.unwrap();
        assert_says(found(&plan.entries, entry).errors.join("\n"), &["foreign key (user_id) → users(id) of posts cannot be"]);
    }
    db.sync(with(MOOD, MOOD)).await;
    assert_eq!(db.rows("SELECT p.user_id::text FROM posts p JOIN users u ON u.id = p.user_id").await, [["'a'"]]);
});
