//! Recreate and drop: X1 to X4.

use schemasync::{Error, Risk, RunStatus, SchemaSync, schema};
use schemasync_tests::{Feature, Native, assert_says, errors, found, scenario};
use sqlx::Executor;

mod v1 {
    use schemasync::DbTable;

    #[derive(DbTable)]
    #[db(table = "users")]
    pub struct User {
        #[db(id)]
        pub id: i64,
        #[db(unique)]
        pub email: String,
        pub age: String,
    }

    #[derive(DbTable)]
    #[db(table = "posts")]
    pub struct Post {
        #[db(id)]
        pub id: i64,
        #[db(fk = User::id, on_delete = cascade)]
        pub user_id: i64,
    }
}

mod v2 {
    use schemasync::DbTable;

    #[derive(DbTable)]
    #[db(table = "users", sync_method = recreate)]
    pub struct User {
        #[db(id)]
        pub id: i64,
        #[db(unique)]
        pub email: String,
        pub age: i64,
    }

    #[derive(DbTable)]
    #[db(table = "posts")]
    pub struct Post {
        #[db(id)]
        pub id: i64,
        #[db(fk = User::id, on_delete = cascade)]
        pub user_id: i64,
    }
}

mod dropped {
    use schemasync::DbTable;

    #[derive(DbTable)]
    #[db(table = "users", sync_method = drop)]
    pub struct User {
        #[db(id)]
        pub id: i64,
        #[db(unique)]
        pub email: String,
        pub age: i64,
    }

    #[derive(DbTable)]
    #[db(table = "posts")]
    pub struct Post {
        #[db(id)]
        pub id: i64,
        #[db(fk = User::id, on_delete = cascade)]
        pub user_id: i64,
    }
}

scenario!(x1_values_are_converted_and_everything_else_is_as_it_was, |db| {
    db.sync(schema![v1::User, v1::Post]).await;
    db.exec("INSERT INTO users VALUES (1, 'a', '30'), (7, 'b', ' 31 '), (-3, 'ü', '-9223372036854775808')").await;
    db.exec("INSERT INTO posts VALUES (1, 7), (2, -3)").await;
    db.sync(schema![v2::User, v2::Post]).await;
    assert_eq!(
        db.rows("SELECT * FROM users ORDER BY id").await,
        [["-3", "'ü'", "-9223372036854775808"], ["1", "'a'", "30"], ["7", "'b'", "31"]]
    );
    assert_eq!(db.rows("SELECT * FROM posts ORDER BY id").await, [["1", "7"], ["2", "-3"]]);
    assert_eq!(db.indexes("users").await, ["schemasync__unique__users__email: unique (email)"]);
    db.exec("DELETE FROM users WHERE id = 7").await;
    assert_eq!(db.rows("SELECT id FROM posts").await, [["2"]], "the key of the other table still works");
    db.assert_like_new(schema![v2::User, v2::Post]).await;
});

scenario!(x1_values_that_cannot_be_converted_stop_it_with_samples, |db| {
    db.sync(schema![v1::User]).await;
    db.exec("INSERT INTO users VALUES (1, 'a', '30'), (2, 'b', 'old'), (3, 'c', '3.5'), (4, 'd', ''), (5, 'e', '99999999999999999999')").await;
    let before = (db.dump().await, db.rows("SELECT * FROM users ORDER BY id").await);
    let report = db.run(schema![v2::User]).await;
    let text = errors(&report, "users");
    assert_says(&text, &["users.age", "4 values cannot be converted", "old", "allow_lossy"]);
    assert_eq!((db.dump().await, db.rows("SELECT * FROM users ORDER BY id").await), before);
});

scenario!(x1_allow_lossy_replaces_and_counts_them, |db| {
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "users", sync_method = recreate)]
        pub struct User {
            #[db(id)]
            pub id: i64,
            #[db(unique)]
            pub email: String,
            #[db(default = 18)]
            pub age: i64,
        }
    }
    db.sync(schema![v1::User]).await;
    db.exec("INSERT INTO users VALUES (1, 'a', '30'), (2, 'b', 'old'), (3, 'c', 'older')").await;
    let report = db.syncing(&schema![v2::User]).allow_lossy(true).run_report().await.unwrap();
    assert!(!report.has_errors(), "{report}");
    assert_says(found(&report.entries, "users").warnings.join("\n"), &["2 values", "age", "18"]);
    assert_eq!(db.rows("SELECT age FROM users ORDER BY id").await, [["30"], ["18"], ["18"]]);
    db.assert_settled(&schema![v2::User]).await;
});

/// One table with a required column of that type.
fn measured(ty: &str) -> schemasync::Schema {
    schemasync::Schema::from_json(&format!(
        r#"{{"schemasync": 1, "tables": [{{"name": "measured", "sync_method": "recreate", "primary_key": "id",
            "columns": [{{"name": "id", "type": "int64"}}, {{"name": "v", "type": {ty}}}]}}]}}"#
    ))
    .expect("a document")
}

scenario!(x1_allow_lossy_rounds_where_there_is_a_nearest_value, |db| {
    db.sync(measured(r#""float64""#)).await;
    db.exec("INSERT INTO measured VALUES (1, 1.6), (2, -2.25), (3, 7.0)").await;
    let to = measured(r#""int64""#);
    let report = db.run(to.clone()).await;
    assert_says(errors(&report, "measured"), &["measured.v", "2 values cannot be converted", "1.6", "allow_lossy"]);
    // It is required and has no default: nothing has to take the place of a value.
    let report = db.syncing(&to).allow_lossy(true).run_report().await.unwrap();
    assert!(!report.has_errors(), "{report}");
    assert_says(
        found(&report.entries, "measured").warnings.join("\n"),
        &["2 values of \"v\"", "without loss", "rounded"],
    );
    assert_eq!(db.rows("SELECT v FROM measured ORDER BY id").await, [["2"], ["-2"], ["7"]]);
    db.assert_settled(&to).await;
});

/// As [`measured`], with what follows the type.
fn measured_as(ty: &str, more: &str) -> schemasync::Schema {
    measured(&format!("{ty}{more}"))
}

scenario!(x1_allow_lossy_replaces_what_a_narrower_integer_does_not_hold, |db| {
    for (at, (more, becomes)) in
        [(r#", "nullable": true"#, "NULL"), (r#", "default": -1"#, "-1")].into_iter().enumerate()
    {
        db.exec("DROP TABLE IF EXISTS measured").await;
        // A column more, so that no model is one that was left behind.
        let measured = |ty: &str| {
            let mut schema = measured_as(ty, more);
            schema.tables[0]
                .columns
                .push(schemasync::model::Column::new(format!("c{at}"), schemasync::model::DataType::Bool));
            schema.tables[0].columns[2].nullable = true;
            schema
        };
        db.sync(measured(r#""int64""#)).await;
        db.exec("INSERT INTO measured (id, v) VALUES (1, 300000), (2, 7), (3, -32768), (4, -32769)").await;
        let to = measured(r#""int16""#);
        let report = db.run(to.clone()).await;
        assert_says(errors(&report, "measured"), &["measured.v", "2 values", "300000"]);
        let report = db.syncing(&to).allow_lossy(true).run_report().await.unwrap();
        assert!(!report.has_errors(), "{report}");
        assert_says(
            found(&report.entries, "measured").warnings.join("\n"),
            &["2 values of \"v\"", "replaced by", becomes],
        );
        assert_eq!(db.rows("SELECT v FROM measured ORDER BY id").await, [[becomes], ["7"], ["-32768"], [becomes]]);
        db.assert_settled(&to).await;
    }
});

scenario!(sqlite: x1_what_is_none_of_the_new_kind_gives_way_on_request, |db| {
    let tier = r#"{"enum": {"name": "tier", "variants": ["free", "paid"]}}"#;
    for (at, (from, to, value, kept)) in [
        (r#""int64""#, r#""int8""#, "300", "7"),
        (r#""int64""#, r#""uint8""#, "-1", "7"),
        (r#""uint32""#, r#""uint16""#, "70000", "7"),
        (r#""text""#, tier, "'gold'", "'free'"),
        (r#""text""#, r#""char""#, "'ab'", "'a'"),
        (r#""text""#, r#""json""#, "'{'", "'[1]'"),
        (r#""json""#, r#""geo_point""#, "'[1]'", "'{\"type\":\"Point\",\"coordinates\":[1,2]}'"),
        (r#""text""#, r#""decimal""#, "'much'", "'1.5'"),
        (r#"{"vector": 1}"#, r#"{"vector": 2}"#, "x'00000000'", "NULL"),
        (r#""bytes""#, r#""uuid""#, "x'00'", "x'000102030405060708090a0b0c0d0e0f'"),
    ]
    .into_iter()
    .enumerate()
    {
        db.exec("DROP TABLE IF EXISTS measured").await;
        let measured = |ty: &str, method: bool| {
            let mut schema = measured_as(ty, r#", "nullable": true"#);
            schema.tables[0].sync_method = schema.tables[0].sync_method.filter(|_| method);
            schema.tables[0].columns.push(schemasync::model::Column::new(format!("c{at}"), schemasync::model::DataType::Bool));
            schema.tables[0].columns[2].nullable = true;
            schema
        };
        db.sync(measured(from, true)).await;
        db.exec(&format!("INSERT INTO measured (id, v) VALUES (1, {value}), (2, {kept})")).await;
        let lossy = |method: bool| db.syncing(&measured(to, method)).allow_lossy(true);
        assert!(db.run(measured(to, true)).await.has_errors(), "{from} → {to}");
        // The rows are written anew: that is for the model to say.
        assert_says(errors(&lossy(false).run_report().await.unwrap(), "measured"), &["Type change on measured.v", "sync_method"]);
        let plan = lossy(true).plan().await.unwrap();
        let report = lossy(true).run_report().await.unwrap();
        assert!(!report.has_errors(), "{from} → {to}: {report}");
        assert_eq!(plan.entries, report.entries);
        assert_says(found(&report.entries, "measured").warnings.join("\n"), &["1 value of \"v\"", "replaced by NULL"]);
        assert_eq!(db.rows("SELECT v FROM measured ORDER BY id").await, [["NULL"], [kept]], "{from} → {to}");
        db.assert_settled(&measured(to, true)).await;
    }
});

scenario!(x1_a_value_without_a_nearest_one_stops_a_required_column, |db| {
    db.sync(measured(r#""float64""#)).await;
    db.exec("INSERT INTO measured VALUES (1, 1.6), (2, 1e300)").await;
    let report = db.syncing(&measured(r#""int64""#)).allow_lossy(true).run_report().await.unwrap();
    assert_says(errors(&report, "measured"), &["measured.v", "1 value cannot be converted", "required", "no default"]);
    assert_eq!(db.value("SELECT v FROM measured WHERE id = 1").await, "1.6");
});

scenario!(postgres: x1_allow_lossy_does_what_the_servers_cast_does, |db| {
    for (at, (from, to, value, becomes)) in [
        (r#"{"decimal": [10, 4]}"#, r#"{"decimal": [10, 2]}"#, "1.2355", "1.24"),
        (r#""float64""#, r#"{"decimal": [10, 2]}"#, "1.236", "1.24"),
        (r#"{"decimal": [10, 4]}"#, r#""int32""#, "2.5", "3"),
        (r#""float64""#, r#""float32""#, "0.1", "0.1"),
        (r#""text""#, r#"{"varchar": 3}"#, "'abcdef'", "'abc'"),
        (r#""timestamp""#, r#""date""#, "'2024-02-29 12:30:00+00'", "'2024-02-29'"),
        (r#""int64""#, r#""bool""#, "7", "1"),
    ]
    .into_iter()
    .enumerate()
    {
        db.exec("DROP TABLE IF EXISTS measured").await;
        // A column more, so that no model is one that was left behind.
        let measured = |ty: &str| {
            let mut schema = measured(ty);
            schema.tables[0].name = "measured".to_owned();
            schema.tables[0].columns.push(schemasync::model::Column::new(format!("c{at}"), schemasync::model::DataType::Bool));
            schema.tables[0].columns[2].nullable = true;
            schema
        };
        db.sync(measured(from)).await;
        db.exec(&format!("INSERT INTO measured (id, v) VALUES (1, {value})")).await;
        let report = db.run(measured(to)).await;
        assert_says(errors(&report, "measured"), &["1 value cannot be converted"]);
        let report = db.syncing(&measured(to)).allow_lossy(true).run_report().await.unwrap();
        assert!(!report.has_errors(), "{from} → {to}: {report}");
        assert_says(found(&report.entries, "measured").warnings.join("\n"), &["1 value of \"v\"", "rounded or cut"]);
        assert_eq!(db.value("SELECT v FROM measured").await, becomes, "{from} → {to}");
    }
});

scenario!(sqlite: c5_a_float_is_read_as_a_single_one_on_request, |db| {
    db.sync(measured(r#""float64""#)).await;
    db.exec("INSERT INTO measured VALUES (1, 0.1), (2, 0.5)").await;
    let report = db.run(measured(r#""float32""#)).await;
    assert_says(errors(&report, "measured"), &["measured.v (float64 → float32)", "1 value is no float32", "0.1"]);
    let report = db.syncing(&measured(r#""float32""#)).allow_lossy(true).run_report().await.unwrap();
    assert!(!report.has_errors(), "{report}");
    assert_says(found(&report.entries, "measured").warnings.join("\n"), &["1 value", "rounded"]);
    db.assert_settled(&measured(r#""float32""#)).await;
});

scenario!(c11_a_generated_column_of_another_type_is_computed_anew, |db| {
    let with = |ty: &str, sql: &str| {
        schemasync::Schema::from_json(&format!(
            r#"{{"schemasync": 1, "tables": [{{"name": "made", "sync_method": "recreate", "primary_key": "id",
                "columns": [{{"name": "id", "type": "int64"}},
                    {{"name": "g", "type": "{ty}", "nullable": true, "generated": {{"sql": "{sql}", "stored": true}}}}]}}]}}"#
        ))
        .expect("a document")
    };
    db.sync(with("text", "'no number ' || CAST(id AS TEXT)")).await;
    db.exec("INSERT INTO made (id) VALUES (7)").await;
    db.sync(with("int64", "id * 2")).await;
    assert_eq!(db.value("SELECT g FROM made").await, "14");
    // No value of the one is one of the other.
    db.sync(with(
        "bytes",
        if db.supports(schemasync_tests::Feature::AlterColumn) { "'\\\\x07'::bytea" } else { "x'07'" },
    ))
    .await;
    assert_eq!(db.value("SELECT g FROM made").await, "x'07'");
});

scenario!(postgres: c5_values_that_become_equal_in_a_partial_unique_index_are_counted, |db| {
    let with = |ty: &str| {
        schemasync::Schema::from_json(&format!(
            r#"{{"schemasync": 1, "tables": [{{"name": "people", "primary_key": "id",
                "columns": [{{"name": "id", "type": "int64"}}, {{"name": "v", "type": "{ty}"}}, {{"name": "live", "type": "bool"}}],
                "indexes": [{{"name": "v", "kind": "unique", "parts": ["v"], "where": "live"}}]}}]}}"#
        ))
        .expect("a document")
    };
    db.sync(with("text")).await;
    db.exec("INSERT INTO people VALUES (1, '5', true), (2, ' 5', true), (3, '5 ', false)").await;
    let plan = db.plan(with("int64")).await;
    assert_says(found(&plan.entries, "people").errors.join("\n"), &["people.v", "1 value would be there more than once", "unique index"]);
    db.exec("UPDATE people SET live = false WHERE id = 2").await;
    db.sync(with("int64")).await;
    assert_eq!(db.rows("SELECT v FROM people ORDER BY id").await, [["5"], ["5"], ["5"]]);
});

scenario!(sqlite: x1_the_high_water_of_autoincrement_stays, |db| {
    mod v1 {
        #[derive(schemasync::DbTable)]
        #[db(table = "items")]
        pub struct Item {
            #[db(id, default(increment))]
            pub id: i64,
            pub n: String,
        }
    }
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "items", sync_method = recreate)]
        pub struct Item {
            #[db(id, default(increment))]
            pub id: i64,
            pub n: i64,
        }
    }
    db.sync(schema![v1::Item]).await;
    db.exec("INSERT INTO items (id, n) VALUES (1, '1'), (900, '2'); DELETE FROM items WHERE id = 900").await;
    db.sync(schema![v2::Item]).await;
    db.exec("INSERT INTO items (n) VALUES (3)").await;
    assert_eq!(db.rows("SELECT * FROM items ORDER BY id").await, [["1", "1"], ["901", "3"]]);
    assert_eq!(db.rows("SELECT * FROM sqlite_sequence").await, [["'items'", "901"]]);
});

scenario!(sqlite: x1_rowids_and_generated_columns_survive, |db| {
    mod v1 {
        #[derive(schemasync::DbTable)]
        #[db(table = "notes")]
        pub struct Note {
            #[db(id)]
            pub slug: String,
            pub n: String,
            #[db(generated(sql = "upper(slug)", stored))]
            pub shout: String,
        }
    }
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "notes", sync_method = recreate)]
        pub struct Note {
            #[db(id)]
            pub slug: String,
            pub n: i64,
            #[db(generated(sql = "upper(slug)", stored))]
            pub shout: String,
        }
    }
    db.sync(schema![v1::Note]).await;
    db.exec("INSERT INTO notes (rowid, slug, n) VALUES (5, 'b', '1'), (9, 'a', '2')").await;
    db.sync(schema![v2::Note]).await;
    assert_eq!(
        db.rows("SELECT rowid, slug, n, shout FROM notes ORDER BY rowid").await,
        [["5", "'b'", "1", "'B'"], ["9", "'a'", "2", "'A'"]]
    );
});

scenario!(sqlite: x1_stored_types_of_untouched_columns_are_byte_identical, |db| {
    mod v1 {
        #[derive(schemasync::DbTable)]
        #[db(table = "loose")]
        pub struct Loose {
            #[db(id)]
            pub id: i64,
            pub t: Option<String>,
            pub i: Option<i64>,
            pub r: Option<f64>,
            pub b: Option<Vec<u8>>,
            pub n: String,
        }
    }
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "loose", sync_method = recreate)]
        pub struct Loose {
            #[db(id)]
            pub id: i64,
            pub t: Option<String>,
            pub i: Option<i64>,
            pub r: Option<f64>,
            pub b: Option<Vec<u8>>,
            pub n: i64,
        }
    }
    db.sync(schema![v1::Loose]).await;
    db.exec("INSERT INTO loose VALUES (1, x'00ff', 'text', 'text', 'text', '1'), (2, 'a', 9223372036854775807, 0.1, x'', '2'), (3, '1e3', 1.5, -0.0, 7, '3')").await;
    let all = "SELECT id, t, i, r, b, typeof(t), typeof(i), typeof(r), typeof(b) FROM loose ORDER BY id";
    let before = db.rows(all).await;
    db.sync(schema![v2::Loose]).await;
    assert_eq!(db.rows(all).await, before);
});

scenario!(x2_drop_makes_it_anew_and_empty, |db| {
    db.sync(schema![v1::User]).await;
    db.exec("INSERT INTO users VALUES (1, 'a', 'old')").await;
    let plan = db.plan(schema![dropped::User]).await;
    if !db.supports(Feature::AlterColumn) {
        assert_eq!(plan.risk(), Risk::Destructive);
        assert_eq!(found(&plan.entries, "users").rows_lost, Some(1));
        db.sync(schema![dropped::User]).await;
        assert_eq!(db.value("SELECT count(*) FROM users").await, "0");
        assert_eq!(db.type_of("users", "age").await, db.native(Native::Integer));
        db.assert_like_new(schema![dropped::User]).await;
    }
});

scenario!(x2_drop_never_cascades, |db| {
    if db.supports(Feature::AlterColumn) {
        return;
    }
    db.sync(schema![v1::User, v1::Post]).await;
    db.exec("INSERT INTO users VALUES (1, 'a', '30'); INSERT INTO posts VALUES (5, 1)").await;
    let report = db.run(schema![dropped::User, dropped::Post]).await;
    assert_says(errors(&report, "users"), &["1 row of posts(user_id)"]);
    assert_eq!(db.rows("SELECT * FROM posts").await, [["5", "1"]]);
    assert_eq!(db.rows("SELECT * FROM users").await, [["1", "'a'", "'30'"]]);
    db.exec("DELETE FROM posts").await;
    db.sync(schema![dropped::User, dropped::Post]).await;
    assert_eq!(db.foreign_keys("posts").await, ["(user_id) -> users(id) on delete cascade"]);
});

scenario!(sqlite: x3_children_with_cascade_survive_the_rebuild_of_their_parent, |db| {
    for foreign_keys in [1, 0] {
        db.exec("DROP TABLE IF EXISTS posts; DROP TABLE IF EXISTS users; DROP TABLE IF EXISTS __schemasync_state; DROP TABLE IF EXISTS __schemasync_history").await;
        db.sync(schema![v1::User, v1::Post]).await;
        db.exec("INSERT INTO users VALUES (1, 'a', '30'), (2, 'b', '31'); INSERT INTO posts VALUES (5, 1), (6, 2), (7, 2)").await;
        let mut connection = db.connect().await;
        connection.execute(sqlx::AssertSqlSafe(format!("PRAGMA foreign_keys = {foreign_keys}"))).await.unwrap();
        let report = SchemaSync::new(&mut connection).schema(schema![v2::User, v2::Post]).run_report().await.unwrap();
        assert!(!report.has_errors(), "{report}");
        assert_eq!(db.rows("SELECT * FROM posts ORDER BY id").await, [["5", "1"], ["6", "2"], ["7", "2"]]);
        assert_eq!(db.foreign_keys("posts").await, ["(user_id) -> users(id) on delete cascade"]);
        db.assert_settled(&schema![v2::User, v2::Post]).await;
    }
});

scenario!(sqlite: x3_old_violations_do_not_fail_it_and_stay, |db| {
    db.sync(schema![v1::User, v1::Post]).await;
    db.exec("INSERT INTO users VALUES (1, 'a', '30')").await;
    let mut careless = db.connect().await;
    careless.execute("PRAGMA foreign_keys = 0; INSERT INTO posts VALUES (5, 1), (6, 99)").await.unwrap();
    let report = db.run(schema![v2::User, v2::Post]).await;
    assert!(!report.has_errors(), "{report}");
    assert_eq!(db.rows("SELECT * FROM posts ORDER BY id").await, [["5", "1"], ["6", "99"]]);
    assert_eq!(db.rows("SELECT age FROM users").await, [["30"]]);
    db.assert_settled(&schema![v2::User, v2::Post]).await;
});

scenario!(sqlite: x3_new_violations_fail_the_entry, |db| {
    mod v2 {
        use schemasync::DbTable;

        #[derive(DbTable)]
        #[db(table = "users", sync_method = recreate)]
        pub struct User {
            #[db(id)]
            pub id: String,
            pub email: String,
        }
        #[derive(DbTable)]
        #[db(table = "posts")]
        pub struct Post {
            #[db(id)]
            pub id: i64,
            #[db(fk = User::id)]
            pub user_id: String,
        }
    }
    mod v1 {
        use schemasync::DbTable;

        #[derive(DbTable)]
        #[db(table = "users")]
        pub struct User {
            #[db(id)]
            pub id: String,
            #[db(unique)]
            pub email: String,
        }
        #[derive(DbTable)]
        #[db(table = "posts")]
        pub struct Post {
            #[db(id)]
            pub id: i64,
            #[db(fk = User::email)]
            pub user_id: String,
        }
    }
    db.sync(schema![v1::User, v1::Post]).await;
    db.exec("INSERT INTO users VALUES ('1', 'a'); INSERT INTO posts VALUES (5, 'a')").await;
    let before = db.dump().await;
    let report = db.run(schema![v2::User, v2::Post]).await;
    assert_says(errors(&report, "posts"), &["foreign key", "users", "1 row"]);
    assert_says(db.dump().await, &["(user_id) -> users(email)"]);
    assert_eq!(db.rows("SELECT * FROM posts").await, [["5", "'a'"]]);
    assert!(before.contains("users(email)"));
});

scenario!(sqlite: x3_a_temporary_table_that_hides_ours_is_refused, |db| {
    db.sync(schema![v1::User]).await;
    let mut connection = db.connect().await;
    connection.execute("CREATE TEMP TABLE users (x TEXT); INSERT INTO users VALUES ('mine')").await.unwrap();
    let bytes = db.bytes();
    let error = SchemaSync::new(&mut connection).schema(schema![v2::User]).run_report().await;
    assert!(matches!(error, Err(Error::Refused(_))), "{error:?}");
    assert_eq!(db.bytes(), bytes);
});

scenario!(x4_many_changes_are_one_rebuild, |db| {
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "users", sync_method = recreate, check(sql = "age > 0"))]
        pub struct User {
            #[db(id)]
            pub id: i64,
            #[db(renamed = "email", default = "-", collate = nocase)]
            pub mail: Option<String>,
            pub age: i64,
            #[db(fk = User::id)]
            pub boss: Option<i64>,
            #[db(default = 1)]
            pub level: i64,
        }
    }
    db.sync(schema![v1::User]).await;
    db.exec("INSERT INTO users VALUES (1, 'a', '30')").await;
    let report = db.sync(schema![v2::User]).await;
    let rebuilds = report.statements.iter().filter(|sql| sql.contains("CREATE TABLE")).count();
    assert!(rebuilds <= 1, "{:#?}", report.statements);
    assert_eq!(report.status, RunStatus::Synced);
    assert_eq!(db.rows("SELECT id, mail, age, boss, level FROM users").await, [["1", "'a'", "30", "NULL", "1"]]);
    db.assert_like_new(schema![v2::User]).await;
});

scenario!(sqlite: x1_rows_at_the_ends_of_the_keys_are_copied, |db| {
    db.sync(schema![v1::User]).await;
    db.exec("INSERT INTO users VALUES (-9223372036854775808, 'a', '1'), (0, 'b', '2'), (9223372036854775807, 'c', '3')").await;
    db.sync(schema![v2::User]).await;
    assert_eq!(
        db.rows("SELECT id, age FROM users ORDER BY id").await,
        [["-9223372036854775808", "1"], ["0", "2"], ["9223372036854775807", "3"]]
    );
});

scenario!(sqlite: x1_tables_without_rowids_are_copied, |db| {
    mod before {
        #[derive(schemasync::DbTable)]
        #[db(table = "pairs", sqlite(without_rowid))]
        pub struct Pair {
            #[db(id)]
            pub left: String,
            #[db(id)]
            pub right: String,
            pub n: String,
        }
    }
    mod after {
        #[derive(schemasync::DbTable)]
        #[db(table = "pairs", sqlite(without_rowid), sync_method = recreate)]
        pub struct Pair {
            #[db(id)]
            pub left: String,
            #[db(id, renamed = "right")]
            pub other: String,
            pub n: f64,
        }
    }
    db.sync(schema![before::Pair]).await;
    db.exec("INSERT INTO pairs VALUES ('b', 'x', '1.5'), ('a', 'y', '2'), ('a', 'x', '-0.25')").await;
    db.sync(schema![after::Pair]).await;
    assert_eq!(
        db.rows("SELECT * FROM pairs").await,
        [["'a'", "'x'", "-0.25"], ["'a'", "'y'", "2.0"], ["'b'", "'x'", "1.5"]]
    );
    db.assert_like_new(schema![after::Pair]).await;
});

scenario!(x1_texts_become_what_they_say, |db| {
    mod before {
        #[derive(schemasync::DbTable)]
        #[db(table = "t", sync_method = recreate)]
        pub struct T {
            #[db(id)]
            pub id: i64,
            pub flag: String,
            pub real: String,
            pub text: i64,
            pub day: String,
        }
    }
    mod after {
        #[derive(schemasync::DbTable)]
        #[db(table = "t", sync_method = recreate)]
        pub struct T {
            #[db(id)]
            pub id: i64,
            pub flag: bool,
            pub real: f64,
            pub text: String,
            pub day: chrono::NaiveDate,
        }
    }
    db.sync(schema![before::T]).await;
    db.exec(
        "INSERT INTO t VALUES (1, 'true', '0.1', -5, '2024-02-29'), (2, '0', '7', 9223372036854775807, '1999-12-31')",
    )
    .await;
    db.sync(schema![after::T]).await;
    assert_eq!(
        db.rows("SELECT * FROM t ORDER BY id").await,
        [["1", "1", "0.1", "'-5'", "'2024-02-29'"], ["2", "0", "7.0", "'9223372036854775807'", "'1999-12-31'"]]
    );
});

scenario!(x1_dates_that_are_none_stop_it, |db| {
    mod before {
        #[derive(schemasync::DbTable)]
        #[db(table = "t", sync_method = recreate)]
        pub struct T {
            #[db(id)]
            pub id: i64,
            pub day: String,
        }
    }
    mod after {
        #[derive(schemasync::DbTable)]
        #[db(table = "t", sync_method = recreate)]
        pub struct T {
            #[db(id)]
            pub id: i64,
            pub day: chrono::NaiveDate,
        }
    }
    db.sync(schema![before::T]).await;
    db.exec("INSERT INTO t VALUES (1, '2023-02-29'), (2, 'yesterday'), (3, '2023-02-28')").await;
    let report = db.run(schema![after::T]).await;
    assert_says(errors(&report, "t"), &["2 values cannot be converted", "2023-02-29", "id = 1"]);
    assert_eq!(db.rows("SELECT day FROM t WHERE id = 2").await, [["'yesterday'"]]);
});

scenario!(x1_a_key_and_the_keys_that_point_to_it_change_their_type_together, |db| {
    mod before {
        use schemasync::DbTable;

        #[derive(DbTable)]
        #[db(table = "users")]
        pub struct User {
            #[db(id)]
            pub id: String,
        }
        #[derive(DbTable)]
        #[db(table = "posts")]
        pub struct Post {
            #[db(id)]
            pub id: i64,
            #[db(fk = User::id, on_delete = cascade)]
            pub user_id: String,
        }
    }
    mod after {
        use schemasync::DbTable;

        #[derive(DbTable)]
        #[db(table = "users", sync_method = recreate)]
        pub struct User {
            #[db(id)]
            pub id: i64,
        }
        #[derive(DbTable)]
        #[db(table = "posts", sync_method = recreate)]
        pub struct Post {
            #[db(id)]
            pub id: i64,
            #[db(fk = User::id, on_delete = cascade)]
            pub user_id: i64,
        }
    }
    db.sync(schema![before::User, before::Post]).await;
    db.exec("INSERT INTO users VALUES ('7'), ('8'); INSERT INTO posts VALUES (1, '7'), (2, '8')").await;
    db.sync(schema![after::User, after::Post]).await;
    assert_eq!(db.rows("SELECT * FROM posts ORDER BY id").await, [["1", "7"], ["2", "8"]]);
    assert_eq!(db.rows("SELECT * FROM users ORDER BY id").await, [["7"], ["8"]]);
    db.assert_like_new(schema![after::User, after::Post]).await;
});

scenario!(c6_tables_are_rebuilt_without_a_method_where_the_caller_says_so, |db| {
    let with = |ty: &str| {
        let mut schema = measured(ty);
        schema.tables[0].sync_method = None;
        schema
    };
    db.sync(with(r#""text""#)).await;
    db.exec("INSERT INTO measured VALUES (1, '5')").await;
    if !db.supports(schemasync_tests::Feature::AlterColumn) {
        let report = db.run(with(r#""int64""#)).await;
        assert_says(errors(&report, "measured"), &["sync_method = recreate"]);
    }
    db.sync_with(with(r#""int64""#), |sync| sync.sqlite_rebuild(true)).await;
    assert_eq!(db.value("SELECT v FROM measured").await, "5");
});

scenario!(sqlite: x1_what_analyze_has_found_is_kept, |db| {
    const FOUND: &str = "SELECT tbl, idx, stat FROM sqlite_stat1 WHERE tbl NOT LIKE '!_!_schemasync%' ESCAPE '!' ORDER BY tbl, idx";
    const SAMPLES: &str = "SELECT tbl, idx, neq, nlt, ndlt, hex(sample) FROM sqlite_stat4 WHERE idx IN ('schemasync__people__a', 'theirs') ORDER BY 1, 2, 6";
    let schema = |names: [&str; 2], columns: &str, parts: &str, options: &str| {
        let [people, keyed] = names;
        let json = format!(
            r#"{{"schemasync": 1, "tables": [
                {{"name": "{people}", "sync_method": "recreate", "primary_key": "id"{options},
                  "columns": [{{"name": "id", "type": "int64"}}, {{"name": "a", "type": "int64"}}, {columns}],
                  "indexes": [{{"name": "a", "parts": ["a"]}}, {{"name": "b", "kind": "unique", "parts": ["b"]}}, {{"name": "c", "parts": {parts}}}]}},
                {{"name": "{keyed}", "sync_method": "recreate", "primary_key": ["x", "y"],
                  "columns": [{{"name": "x", "type": "int64"}}, {{"name": "y", "type": "text"}}]}}]}}"#
        );
        schemasync::Schema::from_json(&json).unwrap_or_else(|error| panic!("{error}"))
    };
    let b = |ty: &str| format!(r#"{{"name": "b", "type": "{ty}"}}"#);
    db.sync(schema(["people", "keyed"], &b("text"), r#"["a", "b"]"#, "")).await;
    db.exec("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60) INSERT INTO people (id, a, b) SELECT i, i % 7, i FROM n").await;
    db.exec("INSERT INTO keyed SELECT id, 'y' || a FROM people; CREATE INDEX theirs ON people (a DESC, id); ANALYZE").await;
    let samples = db.rows(SAMPLES).await;
    let found = db.rows(FOUND).await;
    assert_eq!(found.iter().filter(|row| row[0] == "'people'").count(), 4, "{found:?}");
    assert!(found.iter().any(|row| row[0] == "'keyed'"), "{found:?}");
    // A rebuild: what was counted is as it was; samples of converted values are not.
    db.sync(schema(["people", "keyed"], &b("int64"), r#"["a", "b"]"#, "")).await;
    assert_eq!(db.rows(FOUND).await, found);
    assert!(samples.len() > 2, "{samples:?}");
    assert_eq!(db.rows(SAMPLES).await, samples);
    assert_eq!(db.rows("SELECT DISTINCT idx FROM sqlite_stat4 WHERE tbl = 'people' ORDER BY idx").await, [["'schemasync__people__a'"], ["'theirs'"]]);
    assert_eq!(db.value("SELECT typeof(b) FROM people LIMIT 1").await, "'integer'");
    // A rebuild with an index that changes: of that one nothing is known any more.
    db.sync(schema(["people", "keyed"], &b("text"), r#"["b", "a"]"#, "")).await;
    let rest: Vec<_> = found.iter().filter(|row| row[1] != "'schemasync__people__c'").cloned().collect();
    assert_eq!(db.rows(FOUND).await, rest);
    // A table, and the indexes of its constraints, by another name.
    let before = db.rows("SELECT stat FROM sqlite_stat1 WHERE tbl = 'keyed'").await;
    let mut renamed = schema(["people", "with_keys"], &b("text"), r#"["b", "a"]"#, "");
    renamed.tables[1].renamed = vec!["keyed".to_owned()];
    db.sync(renamed).await;
    assert_eq!(db.rows("SELECT stat FROM sqlite_stat1 WHERE tbl = 'with_keys' AND idx IN (SELECT name FROM pragma_index_list('with_keys'))").await, before);
    assert_eq!(db.rows("SELECT * FROM sqlite_stat1 WHERE tbl NOT IN (SELECT name FROM sqlite_schema WHERE type = 'table')").await, Vec::<Vec<String>>::new());
    assert_eq!(db.rows(SAMPLES).await, samples);
    db.exec("ANALYZE").await;
});
