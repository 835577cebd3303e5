//! Foreign keys that somebody else made, on columns that change their type: kept to the letter, or named (rules M1, M4, C5, F1).

use schemasync::Schema;
use schemasync_tests::{Postgres, TestDatabase as _, assert_says, errors, found, scenario};

/// `users(id)`, `posts(id, author)` and what is said beside: the types of the two, and more of each table.
fn blog(users: (&str, &str), posts: (&str, &str)) -> Schema {
    let ((id, users), (author, posts)) = (users, posts);
    Schema::from_json(&format!(
        r#"{{"schemasync": 1, "tables": [
            {{"name": "users", "columns": [{{"name": "id", "type": "{id}"}}{users}], "primary_key": "id"}},
            {{"name": "posts", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "author", "type": "{author}", "nullable": true}}{posts}], "primary_key": "id"}}]}}"#
    ))
    .expect("a document")
}

fn plain(id: &str, author: &str) -> Schema {
    blog((id, ""), (author, ""))
}

/// All that there is to know of the unmanaged keys.
async fn theirs(db: &Postgres) -> Vec<String> {
    db.texts(
        "SELECT concat_ws(' | ', conname, conrelid::regclass, pg_get_constraintdef(oid), convalidated, condeferrable, condeferred, obj_description(oid, 'pg_constraint'))
         FROM pg_constraint WHERE contype = 'f' AND conname NOT LIKE 'schemasync%' ORDER BY conname",
    )
    .await
}

async fn filled(db: &Postgres, id: &str, author: &str) {
    db.sync(plain(id, author)).await;
    db.exec(
        "INSERT INTO users VALUES ('1'), ('2'); INSERT INTO posts VALUES (1, '1'), (2, NULL), (3, '2');
         ALTER TABLE posts ADD CONSTRAINT \"Their's\" FOREIGN KEY (author) REFERENCES users (id) MATCH FULL ON UPDATE CASCADE ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
         COMMENT ON CONSTRAINT \"Their's\" ON posts IS 'It''s \"theirs\"';
         ALTER TABLE posts ADD CONSTRAINT unproved FOREIGN KEY (author) REFERENCES users (id) NOT VALID",
    )
    .await;
}

scenario!(postgres: m4_a_key_of_others_is_put_back_when_both_sides_change, |db| {
    filled(db, "int64", "int64").await;
    let before = theirs(db).await;
    assert_says(before.join("\n"), &["MATCH FULL", "DEFERRABLE INITIALLY DEFERRED", "NOT VALID", "It's \"theirs\""]);
    let plan = db.plan(plain("text", "text")).await;
    assert_says(plan.to_sql(), &["DROP CONSTRAINT \"Their's\"", "ADD CONSTRAINT \"Their's\" FOREIGN KEY", "COMMENT ON CONSTRAINT"]);
    db.sync(plain("text", "text")).await;
    assert_eq!(theirs(db).await, before);
    assert_eq!(db.rows("SELECT author FROM posts ORDER BY id").await, [["'1'"], ["NULL"], ["'2'"]]);
    assert!(db.try_exec("INSERT INTO posts VALUES (9, 'nobody')").await.is_err());
    // And back, which has to look at the values; in online mode it is one transaction all the same.
    db.sync_with(plain("int64", "int64"), |sync| sync.online(true).allow_revert(true)).await;
    assert_eq!(theirs(db).await, before);
});

scenario!(postgres: m4_a_key_of_others_that_sets_some_columns_null_is_put_back, |db| {
    if db.version < 150_000 {
        return;
    }
    let with = |ty: &str| blog((ty, r#", {"name": "tenant", "type": "int64"}"#), (ty, r#", {"name": "tenant", "type": "int64"}"#));
    db.sync(with("int64")).await;
    db.exec("CREATE UNIQUE INDEX both_of_them ON users (tenant, id); ALTER TABLE posts ADD CONSTRAINT theirs FOREIGN KEY (tenant, author) REFERENCES users (tenant, id) ON DELETE SET NULL (author)").await;
    let before = theirs(db).await;
    assert_says(&before[0], &["ON DELETE SET NULL (author)"]);
    db.sync(with("text")).await;
    assert_eq!(theirs(db).await, before);
});

scenario!(postgres: m4_a_key_of_others_follows_renames_in_the_same_run, |db| {
    filled(db, "int64", "int64").await;
    let before = theirs(db).await.join("\n");
    let renamed = Schema::from_json(
        r#"{"schemasync": 1, "tables": [
            {"name": "people", "renamed": "users", "columns": [{"name": "number", "renamed": "id", "type": "text"}], "primary_key": "number"},
            {"name": "articles", "renamed": "posts", "columns": [{"name": "id", "type": "int64"}, {"name": "writer", "renamed": "author", "type": "text", "nullable": true}], "primary_key": "id"}]}"#,
    )
    .expect("a document");
    db.sync(renamed).await;
    let after = before.replace("posts", "articles").replace("users(id)", "people(number)").replace("(author)", "(writer)");
    assert_eq!(theirs(db).await.join("\n"), after);
});

scenario!(postgres: m4_a_key_of_others_to_its_own_table_is_put_back, |db| {
    let nodes = |ty: &str| Schema::from_json(&format!(
        r#"{{"schemasync": 1, "tables": [{{"name": "nodes", "columns": [{{"name": "id", "type": "{ty}"}}, {{"name": "up", "type": "{ty}", "nullable": true}}], "primary_key": "id"}}]}}"#
    )).expect("a document");
    db.sync(nodes("int32")).await;
    db.exec("INSERT INTO nodes VALUES (1, NULL), (2, 1); ALTER TABLE nodes ADD CONSTRAINT theirs FOREIGN KEY (up) REFERENCES nodes; CREATE VIEW tops AS SELECT id FROM nodes WHERE up IS NULL").await;
    let before = theirs(db).await;
    for ty in ["int64", "text", "uuid", "int32"] {
        if ty == "uuid" {
            let report = db.run(nodes(ty)).await;
            assert_says(errors(&report, "nodes"), &["cannot be converted"]);
        } else {
            db.sync_with(nodes(ty), |sync| sync.allow_revert(true)).await;
        }
        assert_eq!(theirs(db).await, before, "{ty}");
    }
});

scenario!(postgres: m4_where_one_side_alone_changes_the_key_of_others_is_named, |db| {
    filled(db, "int64", "int64").await;
    db.exec("CREATE TABLE elsewhere (author bigint CONSTRAINT from_afar REFERENCES users)").await;
    let before = (db.dump().await, theirs(db).await);
    let model = |id: &str, author: &str| {
        let mut model = plain(id, author);
        model.tables.extend(Schema::from_json(r#"{"schemasync": 1, "tables": [{"name": "others", "columns": [{"name": "id", "type": "int64"}], "primary_key": "id"}]}"#).expect("a document").tables);
        model
    };
    let plan = db.plan(model("text", "int64")).await;
    let report = db.run(model("text", "int64")).await;
    assert_eq!(plan.entries, report.entries);
    let said = errors(&report, "users");
    assert_says(&said, &["column \"id\" cannot become text", "\"Their's\" of posts, (author) → users(id), is unmanaged", "\"unproved\" of posts", "\"from_afar\" of elsewhere", "bigint with text"]);
    assert_eq!(found(&report.entries, "others").errors, Vec::<String>::new());
    db.exec("DROP TABLE others").await;
    assert_eq!((db.dump().await, theirs(db).await), before);
    // From the other side, and the key from afar stands in the way of both.
    let report = db.run(model("int64", "text")).await;
    assert_says(errors(&report, "posts"), &["column \"author\" cannot become text", "\"Their's\" of posts", "text with bigint"]);
    let report = db.run(model("text", "text")).await;
    assert_says(errors(&report, "users"), &["\"from_afar\" of elsewhere"]);
    assert_says(errors(&report, "posts"), &["depends on users"]);
    assert_eq!(theirs(db).await, before.1);
    // What compares all the same is the server's business.
    db.sync(model("int32", "int64")).await;
    assert_eq!(theirs(db).await, before.1);
    db.exec("DROP TABLE elsewhere").await;
    db.sync_with(model("text", "text"), |sync| sync.allow_revert(true)).await;
    let kept: Vec<String> = before.1.into_iter().filter(|key| !key.starts_with("from_afar")).collect();
    assert_eq!(theirs(db).await, kept);
});

scenario!(postgres: m4_values_that_do_not_convert_keep_the_key_of_others, |db| {
    filled(db, "text", "text").await;
    db.exec("INSERT INTO users VALUES ('x')").await;
    let before = (db.dump().await, theirs(db).await);
    let report = db.run(plain("int64", "int64")).await;
    assert_says(errors(&report, "users"), &["1 value cannot be converted"]);
    assert_says(errors(&report, "posts"), &["depends on users"]);
    assert_eq!((db.dump().await, theirs(db).await), before);
    db.exec("DELETE FROM users WHERE id = 'x'").await;
    db.sync(plain("int64", "int64")).await;
    assert_eq!(theirs(db).await, before.1);
});

scenario!(postgres: p1_safe_mode_lets_no_key_go_for_a_type_that_it_holds_back, |db| {
    filled(db, "text", "text").await;
    let before = theirs(db).await;
    let ours = |ty: &str| {
        let mut model = plain(ty, ty);
        let key = r#"{"schemasync": 1, "tables": [{"name": "users", "columns": [{"name": "id", "type": "text"}], "primary_key": "id"},
            {"name": "posts", "columns": [{"name": "author", "type": "text"}], "foreign_keys": [{"columns": "author", "target": "users", "target_columns": "id", "on_delete": "restrict"}]}]}"#;
        let key = Schema::from_json(key).expect("a document").tables.into_iter().find_map(|table| table.foreign_keys.into_iter().next());
        model.tables.iter_mut().find(|table| table.name == "posts").expect("posts").foreign_keys.extend(key);
        model
    };
    db.sync(ours("text")).await;
    let report = db.sync_with(ours("int64"), |sync| sync.safe(true)).await;
    assert_eq!(report.statements, Vec::<String>::new());
    assert_eq!(theirs(db).await, before);
    db.sync(ours("int64")).await;
    assert_eq!(theirs(db).await, before);
});

scenario!(postgres: f1_a_key_of_ours_whose_target_would_become_another_type_is_an_error_before, |db| {
    let model = |ty: &str, key: &str| {
        schemasync::Schema::from_json(&format!(
            r#"{{"schemasync": 1, "tables": [
              {{"name": "parents", "primary_key": "id", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "code", "type": "{ty}"}}],
                "indexes": [{{"name": "code", "kind": "unique", "parts": ["code"]}}]}},
              {{"name": "children", "primary_key": "id", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "code", "type": "int32", "nullable": true}}]{key}}}]}}"#
        ))
        .expect("a schema")
    };
    let key = r#", "foreign_keys": [{"columns": "code", "target": "parents", "target_columns": "code"}]"#;
    db.sync(model("int32", key)).await;
    db.exec("INSERT INTO parents VALUES (1, 7); INSERT INTO children VALUES (1, 7)").await;
    let report = db.run(model("text", key)).await;
    assert_says(report.entry("parents").unwrap().errors.join("\n"), &["of children cannot be", "is integer", "is text", "one type"]);
    assert!(report.statements.is_empty(), "{report}");
    assert_eq!(db.rows("SELECT code FROM children").await, [["7"]]);
    // And one that comes.
    db.sync_with(model("text", ""), |sync| sync.allow_revert(true)).await;
    let report = db.syncing(&model("text", key)).allow_revert(true).run_report().await.unwrap();
    assert_says(report.entry("children").unwrap().errors.join("\n"), &["of children cannot be", "is integer", "is text", "one type"]);
    assert_eq!(db.rows("SELECT code FROM parents").await, [["'7'"]]);
});
