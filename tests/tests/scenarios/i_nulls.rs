//! Unique indexes that take NULLs as equal (`nulls_not_distinct`): I1 and I2, and what a server without them is given.

use schemasync::{EntryStatus, Schema, schema};
use schemasync_tests::{Feature, assert_says, errors, found, scenario};

mod off {
    #[derive(schemasync::DbTable)]
    #[db(table = "users")]
    pub struct User {
        #[db(id)]
        pub id: i64,
        #[db(unique)]
        pub email: Option<String>,
    }
}

mod on {
    #[derive(schemasync::DbTable)]
    #[db(table = "users")]
    pub struct User {
        #[db(id)]
        pub id: i64,
        #[db(index(unique, nulls_not_distinct))]
        pub email: Option<String>,
    }
}

/// A table `users` with these indexes, of a schema document.
fn users(indexes: &str) -> Schema {
    Schema::from_json(&format!(
        r#"{{"schemasync": 1, "tables": [{{"name": "users", "primary_key": "id", "indexes": [{indexes}], "columns": [
            {{"name": "id", "type": "int64"}}, {{"name": "tenant", "type": "int64", "nullable": true}},
            {{"name": "email", "type": "text", "nullable": true}}, {{"name": "note", "type": "text", "nullable": true}}]}}]}}"#
    ))
    .expect("a document")
}

scenario!(i1_nulls_count_as_equal_and_as_different_again, |db| {
    db.sync(schema![off::User]).await;
    db.exec("INSERT INTO users VALUES (1, NULL), (2, 'a')").await;
    let report = db.sync(schema![on::User]).await;
    let again = "INSERT INTO users VALUES (3, NULL)";
    if db.supports(Feature::EqualNulls) {
        assert_eq!(found(&report.entries, "users").indexes_created, ["schemasync__unique__users__email"]);
        assert!(db.try_exec(again).await.is_err());
        db.assert_like_new(schema![on::User]).await;
    } else {
        // The rest of the index is better than none, and what is missing is said: on each run that looks.
        assert_eq!(found(&report.entries, "users").status, EntryStatus::InSync);
        assert_says(report.to_string(), &["NULLS NOT DISTINCT", "lets more than one NULL in"]);
        assert_says(db.plan(schema![on::User]).await.to_string(), &["lets more than one NULL in"]);
        assert!(db.try_exec("INSERT INTO users VALUES (3, 'a')").await.is_err());
    }
    db.sync_with(schema![off::User], |sync| sync.allow_revert(true)).await;
    db.exec(again).await;
    db.assert_like_new(schema![off::User]).await;
});

scenario!(i1_where_there_are_no_nulls_nothing_is_missing, |db| {
    mod required {
        #[derive(schemasync::DbTable)]
        #[db(table = "users")]
        pub struct User {
            #[db(id)]
            pub id: i64,
            #[db(index(unique, nulls_not_distinct))]
            pub email: String,
        }
    }
    let report = db.sync(schema![required::User]).await;
    assert!(found(&report.entries, "users").withheld.is_empty(), "{report}");
});

scenario!(i2_nulls_that_shall_count_as_equal_are_duplicates, |db| {
    if !db.supports(Feature::EqualNulls) {
        return;
    }
    mod more {
        #[derive(schemasync::DbTable)]
        #[db(table = "users")]
        pub struct User {
            #[db(id)]
            pub id: i64,
            #[db(index(unique, nulls_not_distinct))]
            pub email: Option<String>,
            pub phone: Option<String>,
        }
    }
    db.sync(schema![off::User]).await;
    db.exec("INSERT INTO users VALUES (1, NULL), (2, NULL), (3, 'c')").await;
    let report = db.run(schema![more::User]).await;
    assert_says(errors(&report, "users"), &["schemasync__unique__users__email", "1 value", "NULL (2 rows)"]);
    assert_eq!(db.columns("users").await, ["id", "email?", "phone?"], "its other changes are kept");
    db.exec("UPDATE users SET email = 'b' WHERE id = 2").await;
    db.sync(schema![more::User]).await;
    db.assert_like_new(schema![more::User]).await;
});

scenario!(i2_a_new_column_is_null_in_every_row, |db| {
    if !db.supports(Feature::EqualNulls) {
        return;
    }
    let with = |more: &str| {
        let json = format!(
            r#"{{"schemasync": 1, "tables": [{{"name": "users", "primary_key": "id", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "tenant", "type": "int64", "nullable": true}}{more}}}]}}"#
        );
        Schema::from_json(&json).expect("a document")
    };
    let indexed = |parts: &str| {
        with(&format!(
            r#", {{"name": "email", "type": "text", "nullable": true}}], "indexes": [{{"name": "e", "kind": "unique", "nulls_not_distinct": true, "parts": [{parts}]}}]"#
        ))
    };
    db.sync(with("]")).await;
    db.exec("INSERT INTO users VALUES (1, 7), (2, 7), (3, NULL)").await;
    let report = db.run(indexed(r#""email""#)).await;
    assert_says(errors(&report, "users"), &["schemasync__unique__users__e", "NULL, in 3 rows"]);
    // With another column it is that one which has to tell the rows apart.
    let both = indexed(r#""email", "tenant""#);
    let report = db.run(both.clone()).await;
    assert_says(errors(&report, "users"), &["schemasync__unique__users__e", "2 rows"]);
    db.exec("UPDATE users SET tenant = 8 WHERE id = 2").await;
    db.sync(both.clone()).await;
    db.assert_like_new(both).await;
});

scenario!(i1_equal_nulls_in_composite_partial_covering_and_expression_indexes, |db| {
    if !db.supports(Feature::EqualNulls) {
        return;
    }
    let all = |nulls: &str| {
        users(&format!(
            r#"{{"name": "both", "kind": "unique"{nulls}, "parts": ["tenant", {{"column": "email", "order": "desc"}}], "include": ["note"]}},
           {{"name": "some", "kind": "unique"{nulls}, "parts": ["email"], "where": "tenant > 5"}},
           {{"name": "folded", "kind": "unique"{nulls}, "parts": [{{"expression": "lower(note)"}}, "id"]}}"#
        ))
    };
    let equal = || all(r#", "nulls_not_distinct": true"#);
    db.sync(all("")).await;
    db.exec("INSERT INTO users VALUES (1, 1, NULL, 'x'), (2, NULL, 'a', 'y'), (3, 6, NULL, 'z')").await;
    db.sync(equal()).await;
    db.assert_like_new(equal()).await;
    for (row, why) in [("4, 1, NULL, NULL", "both"), ("4, 7, NULL, NULL", "some")] {
        let refused = db.try_exec(&format!("INSERT INTO users VALUES ({row})")).await.expect_err(row);
        assert_says(refused, &[why]);
    }
    db.exec("INSERT INTO users VALUES (4, 2, NULL, NULL)").await;
    db.sync_with(all(""), |sync| sync.allow_revert(true)).await;
    db.exec("INSERT INTO users VALUES (5, 7, NULL, NULL), (6, 7, NULL, NULL)").await;
    // The condition holds for the question, too.
    let report = db.syncing(&equal()).allow_revert(true).run_report().await.expect("a run");
    assert_says(errors(&report, "users"), &["users__some", "NULL (3 rows)", "users__both", "7, NULL (2 rows)"]);
});

scenario!(postgres: i1_an_index_by_hand_that_takes_nulls_as_equal_is_adopted, |db| {
    if !db.supports(Feature::EqualNulls) {
        return;
    }
    db.exec("CREATE TABLE users (id bigint PRIMARY KEY, email text); CREATE UNIQUE INDEX theirs ON users (email) NULLS NOT DISTINCT").await;
    let (pulled, notes) = Schema::from_database(&db.pool).await.expect("pulling");
    assert_eq!(notes, Vec::<String>::new());
    assert!(pulled.tables[0].indexes[0].nulls_not_distinct, "{pulled:?}");
    let source = schemasync::cli::pull::rust_source(&pulled, &notes);
    assert_says(&source, &["#[db(index(unique, nulls_not_distinct, name = \"theirs\"))]"]);
    db.sync(schema![on::User]).await;
    assert_eq!(db.indexes("users").await, ["theirs: unique (email) NULLS NOT DISTINCT"]);
    // It is ours since it was adopted, and changes under its name.
    db.sync(schema![off::User]).await;
    assert_eq!(db.indexes("users").await, ["theirs: unique (email)"]);
    // One of ours that somebody has changed is restored.
    db.exec("DROP INDEX theirs; CREATE UNIQUE INDEX theirs ON users (email) NULLS NOT DISTINCT").await;
    let report = db.syncing(&schema![off::User]).force(true).run_report().await.expect("a run");
    assert_eq!(found(&report.entries, "users").indexes_created, ["theirs"]);
});

scenario!(postgres: i1_nulls_change_online_and_with_keys_on_the_index, |db| {
    if !db.supports(Feature::EqualNulls) {
        return;
    }
    let both = |nulls: bool| {
        let mut schema = users(r#"{"name": "email", "kind": "unique", "parts": ["email"]}"#);
        schema.tables[0].indexes[0].nulls_not_distinct = nulls;
        let posts = Schema::from_json(
            r#"{"schemasync": 1, "tables": [{"name": "posts", "primary_key": "id", "columns": [{"name": "id", "type": "int64"}, {"name": "author", "type": "text"}],
                "foreign_keys": [{"columns": "author", "target": "users", "target_columns": "email"}]}, {"name": "users", "columns": [{"name": "email", "type": "text"}], "primary_key": "email"}]}"#,
        )
        .expect("a document");
        schema.tables.insert(0, posts.tables[0].clone());
        schema
    };
    db.sync(both(false)).await;
    db.exec("INSERT INTO users VALUES (1, 1, NULL, ''), (2, 1, 'a', ''); INSERT INTO posts VALUES (1, 'a')").await;
    db.sync_with(both(true), |sync| sync.online(true)).await;
    db.assert_like_new(both(true)).await;
    db.sync_with(both(false), |sync| sync.online(true).allow_revert(true)).await;
    db.sync_with(both(true), |sync| sync.allow_revert(true)).await;
    db.assert_like_new(both(true)).await;
});
