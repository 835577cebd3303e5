//! Columns: C1 to C13.

use schemasync::{EntryStatus, Risk, RunStatus, schema};
use schemasync_tests::{Feature, Native, assert_says, errors, found, scenario};

mod users {
    #[derive(schemasync::DbTable)]
    #[db(table = "users")]
    pub struct User {
        #[db(id)]
        pub id: i64,
        pub email_address: String,
        pub age: String,
        pub bio: Option<String>,
    }
}

const ROWS: &str = "INSERT INTO users (id, email_address, age, bio) VALUES (1, 'a', '30', 'x'), (2, '', '31', NULL), (3, 'ü''\"', '-5', '')";

scenario!(c1_a_difference_in_case_is_a_rename, |db| {
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "users")]
        pub struct User {
            #[db(id, column = "ID")]
            pub id: i64,
            #[db(column = "Email_Address")]
            pub email_address: String,
            pub age: String,
            pub bio: Option<String>,
        }
    }
    if !db.supports(Feature::IgnoresCase) {
        return;
    }
    db.sync(schema![users::User]).await;
    db.exec(ROWS).await;
    let report = db.sync(schema![v2::User]).await;
    let entry = found(&report.entries, "users");
    assert_eq!((entry.columns_renamed.len(), entry.columns_added.len()), (2, 0));
    assert_eq!(db.columns("users").await, ["ID", "Email_Address", "age", "bio?"]);
    assert_eq!(db.value("SELECT count(*) FROM users").await, "3");
});

scenario!(c1_a_table_that_differs_in_case_is_renamed, |db| {
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "Users")]
        pub struct User {
            #[db(id)]
            pub id: i64,
            #[db(index)]
            pub email_address: String,
            pub age: String,
            pub bio: Option<String>,
        }
    }
    if !db.supports(Feature::IgnoresCase) {
        return;
    }
    db.sync(schema![users::User]).await;
    db.exec(ROWS).await;
    db.sync(schema![v2::User]).await;
    assert_eq!(db.tables().await, ["Users"]);
    assert_eq!(db.value("SELECT count(*) FROM Users").await, "3");
});

scenario!(c2_add_nullable_and_with_a_default, |db| {
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "users")]
        pub struct User {
            #[db(id)]
            pub id: i64,
            pub email_address: String,
            pub age: String,
            pub bio: Option<String>,
            pub city: Option<String>,
            #[db(default = "it's \"free\"")]
            pub plan: String,
            #[db(default = -7)]
            pub credit: i64,
            #[db(default = true)]
            pub active: bool,
            #[db(default = 0.5)]
            pub score: f64,
            #[db(default = "n")]
            pub note: Option<String>,
        }
    }
    db.sync(schema![users::User]).await;
    db.exec(ROWS).await;
    db.sync(schema![v2::User]).await;
    assert_eq!(
        db.rows("SELECT city, plan, credit, active, score, note FROM users WHERE id = 2").await,
        [["NULL", "'it''s \"free\"'", "-7", "1", "0.5", "'n'"]]
    );
    assert_eq!(db.value("SELECT count(*) FROM users").await, "3");
    db.assert_like_new(schema![v2::User]).await;
});

scenario!(sqlite: c2_add_with_a_computed_default_fills_old_rows, |db| {
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "users")]
        pub struct User {
            #[db(id)]
            pub id: i64,
            pub email_address: String,
            pub age: String,
            pub bio: Option<String>,
            #[db(default(now))]
            pub created: i64,
            #[db(default(uuid))]
            pub token: String,
            #[db(default(sql = "1 + 1"))]
            pub two: i64,
        }
    }
    db.sync(schema![users::User]).await;
    db.exec(ROWS).await;
    db.sync(schema![v2::User]).await;
    assert_eq!(db.value("SELECT count(*) FROM users WHERE created > 1700000000000 AND two = 2").await, "3");
    assert_eq!(db.value("SELECT count(DISTINCT token) FROM users WHERE length(token) = 36").await, "3");
    assert_eq!(db.rows("SELECT email_address, age FROM users WHERE id = 3").await, [["'ü''\"'", "'-5'"]]);
});

mod with_plan {
    #[derive(schemasync::DbTable)]
    #[db(table = "users")]
    pub struct User {
        #[db(id)]
        pub id: i64,
        pub email_address: String,
        pub age: String,
        pub bio: Option<String>,
        pub plan: String,
    }
}

scenario!(c3_required_on_an_empty_table_is_required, |db| {
    db.sync(schema![users::User]).await;
    db.sync(schema![with_plan::User]).await;
    assert_eq!(db.columns("users").await, ["id", "email_address", "age", "bio?", "plan"]);
});

scenario!(c3_required_without_a_value_waits_for_the_backfill, |db| {
    let model = schema![with_plan::User];
    db.sync(schema![users::User]).await;
    db.exec(ROWS).await;
    let report = db.run(model.clone()).await;
    assert!(!report.has_errors(), "{report}");
    let warnings = found(&report.entries, "users").warnings.join("\n");
    assert_says(warnings, &["`plan` is required but 3 rows have no value: backfill them"]);
    assert_eq!(db.columns("users").await, ["id", "email_address", "age", "bio?", "plan?"]);
    assert_eq!(db.rows("SELECT DISTINCT plan FROM users").await, [["NULL"]], "nothing is invented");

    db.exec("UPDATE users SET plan = 'free' WHERE id < 3").await;
    let report = db.run(model.clone()).await;
    assert_eq!((report.status, report.statements.len()), (RunStatus::UpToDate, 0));
    assert_says(report.warnings.join("\n"), &["`plan` is required but 1 row has no value: backfill them"]);

    db.exec("UPDATE users SET plan = '' WHERE id = 3").await;
    db.sync(model.clone()).await;
    assert_eq!(db.columns("users").await, ["id", "email_address", "age", "bio?", "plan"]);
    assert_eq!(db.rows("SELECT plan FROM users ORDER BY id").await, [["'free'"], ["'free'"], ["''"]]);
    db.assert_like_new(model).await;
});

mod renamed {
    #[derive(schemasync::DbTable)]
    #[db(table = "users")]
    pub struct User {
        #[db(id)]
        pub id: i64,
        #[db(renamed("mail", "email_address"))]
        pub email: String,
        pub age: String,
        pub bio: Option<String>,
    }
}

scenario!(c4_column_rename_keeps_values, |db| {
    db.sync(schema![users::User]).await;
    db.exec(ROWS).await;
    let report = db.sync(schema![renamed::User]).await;
    assert!(!found(&report.entries, "users").recreated);
    assert_eq!(db.rows("SELECT id, email FROM users ORDER BY id").await, [["1", "'a'"], ["2", "''"], ["3", "'ü''\"'"]]);
    db.assert_like_new(schema![renamed::User]).await;
});

scenario!(c4_column_rename_conflict_has_the_seeds_words, |db| {
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "users")]
        pub struct User {
            #[db(id)]
            pub id: i64,
            #[db(renamed = "email_address")]
            pub email: String,
        }
    }
    db.exec("CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY, email_address TEXT, email TEXT)").await;
    db.exec("INSERT INTO users VALUES (1, 'old', 'new')").await;
    let before = db.dump().await;
    let report = db.run(schema![v2::User]).await;
    assert_eq!(
        errors(&report, "users"),
        "Column rename conflict on users: cannot rename \"email_address\" → \"email\" because \"email\" already exists."
    );
    assert_eq!(db.dump().await, before);
    assert_eq!(db.rows("SELECT * FROM users").await, [["1", "'old'", "'new'"]]);
});

scenario!(c4_a_column_is_not_dropped_for_one_that_claims_to_be_it, |db| {
    mod v1 {
        #[derive(schemasync::DbTable)]
        #[db(table = "users")]
        pub struct User {
            #[db(id)]
            pub id: i64,
            pub email_address: String,
            pub email: String,
        }
    }
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "users")]
        pub struct User {
            #[db(id)]
            pub id: i64,
            #[db(renamed = "email_address")]
            pub email: String,
        }
    }
    // Sync itself has made both.
    db.sync(schema![v1::User]).await;
    db.exec("INSERT INTO users VALUES (1, 'old', 'new')").await;
    let before = db.dump().await;
    let report = db.run(schema![v2::User]).await;
    assert_eq!(
        errors(&report, "users"),
        "Column rename conflict on users: cannot rename \"email_address\" → \"email\" because \"email\" already exists."
    );
    assert_eq!(db.dump().await, before);
    assert_eq!(db.rows("SELECT * FROM users").await, [["1", "'old'", "'new'"]]);
});

scenario!(c4_rename_with_type_null_default_key_and_index_in_one_run, |db| {
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "users", sync_method = recreate)]
        pub struct User {
            #[db(id)]
            pub id: i64,
            #[db(renamed = "email_address", unique, default = "none")]
            pub email: Option<String>,
            #[db(renamed = "age", index, fk = User::id)]
            pub parent: Option<i64>,
            #[db(renamed = "bio", default = "-")]
            pub about: String,
        }
    }
    db.sync(schema![users::User]).await;
    db.exec("INSERT INTO users VALUES (1, 'a', '1', 'x'), (2, 'b', '1', NULL)").await;
    db.sync(schema![v2::User]).await;
    assert_eq!(
        db.rows("SELECT id, email, parent, about FROM users ORDER BY id").await,
        [["1", "'a'", "1", "'x'"], ["2", "'b'", "1", "'-'"]]
    );
    assert_eq!(db.columns("users").await, ["id", "email? = 'none'", "parent?", "about = '-'"]);
    db.assert_like_new(schema![v2::User]).await;
});

scenario!(c4_two_columns_change_names, |db| {
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "users")]
        pub struct User {
            #[db(id)]
            pub id: i64,
            #[db(renamed = "email_address")]
            pub age: String,
            #[db(renamed = "age")]
            pub years: String,
            pub bio: Option<String>,
        }
    }
    db.sync(schema![users::User]).await;
    db.exec(ROWS).await;
    db.sync(schema![v2::User]).await;
    assert_eq!(db.rows("SELECT age, years FROM users WHERE id = 1").await, [["'a'", "'30'"]]);
});

mod aged {
    #[derive(schemasync::DbTable)]
    #[db(table = "users")]
    pub struct User {
        #[db(id)]
        pub id: i64,
        #[db(index)]
        pub email_address: String,
        pub age: i64,
        pub bio: Option<String>,
    }
}

mod aged_by_recreate {
    #[derive(schemasync::DbTable)]
    #[db(table = "users", sync_method = recreate)]
    pub struct User {
        #[db(id)]
        pub id: i64,
        #[db(index)]
        pub email_address: String,
        pub age: i64,
        pub bio: Option<String>,
    }
}

scenario!(c5_widening_is_safe_and_a_possible_loss_is_lossy, |db| {
    mod v1 {
        #[derive(schemasync::DbTable)]
        #[db(table = "t", sync_method = recreate)]
        pub struct T {
            #[db(id)]
            pub id: i64,
            pub n: i64,
            pub s: String,
        }
    }
    mod wider {
        #[derive(schemasync::DbTable)]
        #[db(table = "t", sync_method = recreate)]
        pub struct T {
            #[db(id)]
            pub id: i64,
            pub n: String,
            pub s: String,
        }
    }
    mod narrower {
        #[derive(schemasync::DbTable)]
        #[db(table = "t", sync_method = recreate)]
        pub struct T {
            #[db(id)]
            pub id: i64,
            pub n: i64,
            pub s: i64,
        }
    }
    db.sync(schema![v1::T]).await;
    db.exec("INSERT INTO t VALUES (1, 9007199254740993, '7')").await;
    assert_eq!(db.plan(schema![wider::T]).await.risk(), Risk::Safe);
    assert_eq!(db.plan(schema![narrower::T]).await.risk(), Risk::Lossy);
    db.sync(schema![wider::T]).await;
    assert_eq!(db.rows("SELECT n FROM t").await, [["'9007199254740993'"]]);
});

scenario!(c6_type_change_needs_a_method_and_says_which, |db| {
    if db.supports(Feature::AlterColumn) {
        return;
    }
    db.sync(schema![users::User]).await;
    db.exec(ROWS).await;
    let before = db.dump().await;
    let report = db.run(schema![aged::User]).await;
    assert_eq!(
        errors(&report, "users"),
        "Type change on users.age (TEXT → INTEGER). Add #[db(sync_method = recreate)] or #[db(sync_method = drop)], or migrate by hand."
    );
    assert_eq!(db.dump().await, before, "its indexes neither");
    db.sync(schema![aged_by_recreate::User]).await;
    assert_eq!(db.type_of("users", "age").await, db.native(Native::Integer));
    assert_eq!(db.rows("SELECT age FROM users ORDER BY id").await, [["30"], ["31"], ["-5"]]);
});

scenario!(c6_the_method_is_used_only_where_it_is_needed, |db| {
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "users", sync_method = drop)]
        pub struct User {
            #[db(id)]
            pub id: i64,
            #[db(index)]
            pub email_address: String,
            pub age: String,
            pub bio: Option<String>,
            pub city: Option<String>,
        }
    }
    db.sync(schema![users::User]).await;
    db.exec(ROWS).await;
    let report = db.sync(schema![v2::User]).await;
    assert!(!found(&report.entries, "users").recreated);
    assert_eq!(db.value("SELECT count(*) FROM users").await, "3");
});

mod strict_bio {
    #[derive(schemasync::DbTable)]
    #[db(table = "users", sync_method = recreate)]
    pub struct User {
        #[db(id)]
        pub id: i64,
        pub email_address: String,
        pub age: String,
        pub bio: String,
    }
}

scenario!(c7_to_required_needs_no_nulls_left, |db| {
    db.sync(schema![users::User]).await;
    db.exec(ROWS).await;
    let before = db.dump().await;
    let report = db.run(schema![strict_bio::User]).await;
    assert_says(errors(&report, "users"), &["bio", "1 row is NULL"]);
    assert_eq!(db.dump().await, before);
    assert_eq!(db.value("SELECT count(*) FROM users WHERE bio IS NULL").await, "1");
    db.exec("UPDATE users SET bio = 'none' WHERE bio IS NULL").await;
    db.sync(schema![strict_bio::User]).await;
    assert_eq!(db.columns("users").await, ["id", "email_address", "age", "bio"]);
    assert!(db.try_exec("UPDATE users SET bio = NULL").await.is_err());
});

scenario!(c7_to_required_with_a_default_fills_the_nulls, |db| {
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "users", sync_method = recreate)]
        pub struct User {
            #[db(id)]
            pub id: i64,
            pub email_address: String,
            pub age: String,
            #[db(default = "empty")]
            pub bio: String,
        }
    }
    db.sync(schema![users::User]).await;
    db.exec(ROWS).await;
    db.sync(schema![v2::User]).await;
    assert_eq!(db.rows("SELECT bio FROM users ORDER BY id").await, [["'x'"], ["'empty'"], ["''"]]);
});

scenario!(c7_null_change_needs_a_method_where_the_server_cannot, |db| {
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "users")]
        pub struct User {
            #[db(id)]
            pub id: i64,
            pub email_address: Option<String>,
            pub age: String,
            pub bio: Option<String>,
        }
    }
    if db.supports(Feature::AlterColumn) {
        return;
    }
    db.sync(schema![users::User]).await;
    let report = db.run(schema![v2::User]).await;
    assert_says(errors(&report, "users"), &["users.email_address", "NOT NULL → NULL", "#[db(sync_method = recreate)]"]);
});

mod defaulted {
    #[derive(schemasync::DbTable)]
    #[db(table = "users", sync_method = recreate)]
    pub struct User {
        #[db(id)]
        pub id: i64,
        pub email_address: String,
        #[db(default = "18")]
        pub age: String,
        pub bio: Option<String>,
    }
}

scenario!(c8_defaults_come_change_and_go, |db| {
    mod v3 {
        #[derive(schemasync::DbTable)]
        #[db(table = "users", sync_method = recreate)]
        pub struct User {
            #[db(id)]
            pub id: i64,
            pub email_address: String,
            #[db(default = "21")]
            pub age: String,
            pub bio: Option<String>,
        }
    }
    mod v4 {
        #[derive(schemasync::DbTable)]
        #[db(table = "users", sync_method = recreate)]
        pub struct User {
            #[db(id)]
            pub id: i64,
            pub email_address: String,
            pub age: String,
            pub bio: Option<String>,
        }
    }
    db.sync(schema![users::User]).await;
    db.exec(ROWS).await;
    db.sync(schema![defaulted::User]).await;
    db.exec("INSERT INTO users (id, email_address) VALUES (4, 'd')").await;
    db.sync(schema![v3::User]).await;
    db.exec("INSERT INTO users (id, email_address) VALUES (5, 'e')").await;
    db.sync(schema![v4::User]).await;
    assert_eq!(db.columns("users").await, ["id", "email_address", "age", "bio?"]);
    assert_eq!(
        db.rows("SELECT age FROM users ORDER BY id").await,
        [["'30'"], ["'31'"], ["'-5'"], ["'18'"], ["'21'"]],
        "old rows keep their values"
    );
});

scenario!(c8_a_default_written_otherwise_is_the_same, |db| {
    let integer = db.native(Native::Integer);
    db.exec(&format!("CREATE TABLE users (id {integer} PRIMARY KEY, email_address TEXT NOT NULL, age TEXT NOT NULL DEFAULT ( '18' ), bio TEXT DEFAULT NULL)")).await;
    let report = db.sync(schema![defaulted::User]).await;
    assert_eq!(found(&report.entries, "users").status, EntryStatus::InSync, "{report}");
});

scenario!(c9_drop_keeps_what_is_left_of_a_composite_index, |db| {
    mod v1 {
        #[derive(schemasync::DbTable)]
        #[db(table = "users")]
        pub struct User {
            #[db(id)]
            pub id: i64,
            #[db(index(name = "place"))]
            pub country: String,
            #[db(index(name = "place"))]
            pub city: String,
            #[db(unique)]
            pub email: String,
        }
    }
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "users")]
        pub struct User {
            #[db(id)]
            pub id: i64,
            #[db(index(name = "place"))]
            pub country: String,
        }
    }
    db.sync(schema![v1::User]).await;
    db.exec("INSERT INTO users VALUES (1, 'fr', 'paris', 'a'), (2, 'fr', 'nice', 'b')").await;
    let report = db.sync(schema![v2::User]).await;
    assert_eq!(found(&report.entries, "users").columns_dropped, ["city", "email"]);
    assert_eq!(db.rows("SELECT * FROM users ORDER BY id").await, [["1", "'fr'"], ["2", "'fr'"]]);
    assert_eq!(db.indexes("users").await, ["schemasync__users__place: (country)"]);
    db.assert_like_new(schema![v2::User]).await;
});

scenario!(c9_a_view_of_ours_that_still_uses_the_column_is_named, |db| {
    mod v1 {
        #[derive(schemasync::DbView)]
        #[db(view = "bios", sql = "SELECT id, bio FROM users")]
        pub struct Bio {
            pub id: i64,
            pub bio: Option<String>,
        }
    }
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "users")]
        pub struct User {
            #[db(id)]
            pub id: i64,
            pub email_address: String,
            pub age: String,
        }
    }
    db.sync(schema![users::User, v1::Bio]).await;
    db.exec(ROWS).await;
    let report = db.run(schema![v2::User, v1::Bio]).await;
    assert_says(errors(&report, "users"), &["bio", "bios"]);
    assert_eq!(db.value("SELECT count(bio) FROM bios").await, "2");
});

scenario!(c10_primary_key_change_checks_and_keeps_the_rows, |db| {
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "users", sync_method = recreate)]
        pub struct User {
            pub id: i64,
            #[db(id)]
            pub email_address: String,
            #[db(id)]
            pub age: String,
            pub bio: Option<String>,
        }
    }
    db.sync(schema![users::User]).await;
    db.exec("INSERT INTO users VALUES (1, 'a', '30', NULL), (2, 'a', '30', NULL)").await;
    let report = db.run(schema![v2::User]).await;
    assert_says(errors(&report, "users"), &["primary key", "more than once"]);
    assert_eq!(db.primary_key("users").await, ["id"]);
    db.exec("UPDATE users SET age = '31' WHERE id = 2").await;
    db.sync(schema![v2::User]).await;
    assert_eq!(db.primary_key("users").await, ["email_address", "age"]);
    assert_eq!(db.rows("SELECT id, age FROM users ORDER BY id").await, [["1", "'30'"], ["2", "'31'"]]);
});

scenario!(c10_primary_key_change_needs_a_method_where_the_server_cannot, |db| {
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "users")]
        pub struct User {
            #[db(id)]
            pub id: i64,
            #[db(id)]
            pub email_address: String,
            pub age: String,
            pub bio: Option<String>,
        }
    }
    if db.supports(Feature::AlterColumn) {
        return;
    }
    db.sync(schema![users::User]).await;
    let report = db.run(schema![v2::User]).await;
    assert_says(errors(&report, "users"), &["Primary key change on users", "#[db(sync_method = recreate)]"]);
});

scenario!(c11_collation_check_and_generated_expression_are_compared, |db| {
    mod v1 {
        #[derive(schemasync::DbTable)]
        #[db(table = "items", sync_method = recreate, check(sql = "price >= 0"))]
        pub struct Item {
            #[db(id)]
            pub id: i64,
            pub name: String,
            pub price: i64,
            #[db(generated(sql = "price * 2"))]
            pub double: i64,
        }
    }
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "items", sync_method = recreate, check(sql = "price >= 10"))]
        pub struct Item {
            #[db(id)]
            pub id: i64,
            #[db(collate = nocase)]
            pub name: String,
            pub price: i64,
            #[db(generated(sql = "price * 3", stored))]
            pub double: i64,
        }
    }
    db.sync(schema![v1::Item]).await;
    db.exec("INSERT INTO items (id, name, price) VALUES (1, 'A', 5), (2, 'b', 20)").await;
    let report = db.run(schema![v2::Item]).await;
    assert_says(errors(&report, "items"), &["price >= 10", "1 row"]);
    assert_eq!(db.rows("SELECT double FROM items ORDER BY id").await, [["10"], ["40"]]);

    db.exec("UPDATE items SET price = 11 WHERE id = 1").await;
    db.sync(schema![v2::Item]).await;
    assert_eq!(db.rows("SELECT double FROM items WHERE name = 'a'").await, [["33"]]);
    assert!(db.try_exec("INSERT INTO items (id, name, price) VALUES (3, 'c', 9)").await.is_err());
    db.assert_like_new(schema![v2::Item]).await;
});

scenario!(sqlite: c11_increment_comes_and_goes_with_a_method, |db| {
    mod v1 {
        #[derive(schemasync::DbTable)]
        #[db(table = "items", sync_method = recreate)]
        pub struct Item {
            #[db(id)]
            pub id: i64,
        }
    }
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "items", sync_method = recreate)]
        pub struct Item {
            #[db(id, default(increment = 1000))]
            pub id: i64,
        }
    }
    db.sync(schema![v1::Item]).await;
    db.exec("INSERT INTO items VALUES (5)").await;
    db.sync(schema![v2::Item]).await;
    db.exec("INSERT INTO items DEFAULT VALUES").await;
    assert_eq!(db.rows("SELECT id FROM items ORDER BY id").await, [["5"], ["1000"]]);
    assert_says(db.sql_of("items").await, &["autoincrement"]);
});

/// A table whose key counts from there.
fn counting(start: i64) -> schemasync::Schema {
    schemasync::Schema::from_json(&format!(
        r#"{{"schemasync": 1, "tables": [{{"name": "items", "primary_key": "id", "columns": [
            {{"name": "id", "type": "int64", "default": {{"increment": {start}}}}}, {{"name": "n", "type": "int64", "nullable": true}}]}}]}}"#
    ))
    .expect("a document")
}

scenario!(postgres: c11_a_changed_start_of_increment_is_applied, |db| {
    db.sync(counting(1)).await;
    db.exec("INSERT INTO items (n) VALUES (1), (2)").await;
    db.sync(counting(1000)).await;
    db.exec("INSERT INTO items (n) VALUES (3)").await;
    assert_eq!(db.rows("SELECT id FROM items ORDER BY id").await, [["1"], ["2"], ["1000"]]);
    db.exec("DELETE FROM items WHERE id = 1000").await;
    // Never one that was given before.
    db.sync(counting(500)).await;
    db.exec("INSERT INTO items (n) VALUES (4)").await;
    assert_eq!(db.rows("SELECT id FROM items ORDER BY id").await, [["1"], ["2"], ["1001"]]);
    assert_eq!(db.value("SELECT seqstart FROM pg_sequence s JOIN pg_class c ON c.oid = seqrelid WHERE relname LIKE 'items%'").await, "500");
});

scenario!(sqlite: c11_a_changed_start_of_increment_is_said, |db| {
    db.sync(counting(1)).await;
    db.exec("INSERT INTO items (n) VALUES (1)").await;
    let plan = db.plan(counting(1000)).await;
    assert_says(found(&plan.entries, "items").warnings.join("\n"), &["`id` counts on", "1 → 1000"]);
    db.sync(counting(1000)).await;
    db.exec("INSERT INTO items (n) VALUES (2)").await;
    assert_eq!(db.rows("SELECT id FROM items ORDER BY id").await, [["1"], ["2"]]);
    let plan = db.plan(counting(1000)).await;
    assert!(found(&plan.entries, "items").warnings.is_empty());
});

scenario!(postgres: c5_more_room_for_the_same_values_rewrites_nothing, |db| {
    for (at, (from, to)) in [
        ("timestamptz", "timestamptz(6)"),
        ("timestamptz(3)", "timestamptz"),
        ("timestamptz(3)", "timestamptz(4)"),
        ("time", "time(6)"),
        ("numeric(10,2)", "numeric(12,2)"),
        ("numeric(10,2)", "numeric"),
        ("varchar(10)", "text"),
    ]
    .into_iter()
    .enumerate()
    {
        let with = |ty: &str| {
            schemasync::Schema::from_json(&format!(
                r#"{{"schemasync": 1, "tables": [{{"name": "t{at}", "primary_key": "id", "columns": [
                    {{"name": "id", "type": "int64"}}, {{"name": "v", "type": "text", "nullable": true, "native": {{"postgres": {{"type": "{ty}"}}}}}}]}}]}}"#
            ))
            .expect("a document")
        };
        db.sync(with(from)).await;
        let file = format!("SELECT relfilenode FROM pg_class WHERE oid = 't{at}'::regclass");
        let before = db.value(&file).await;
        let plan = db.plan(with(to)).await;
        let rewrites = plan.steps.iter().any(|step| step.hazards.contains(&schemasync::change::Hazard::RewritesTable));
        assert!(!plan.steps.is_empty() && !rewrites, "{from} → {to}:\n{plan}");
        db.sync(with(to)).await;
        assert_eq!(db.value(&file).await, before, "{from} → {to}");
    }
});

scenario!(c12_the_order_of_columns_is_no_difference, |db| {
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "users")]
        pub struct User {
            pub bio: Option<String>,
            pub age: String,
            #[db(id)]
            pub id: i64,
            pub email_address: String,
        }
    }
    db.sync(schema![users::User]).await;
    db.exec(ROWS).await;
    let report = db.sync(schema![v2::User]).await;
    assert_eq!(found(&report.entries, "users").status, EntryStatus::InSync);
    assert_eq!(db.columns("users").await, ["id", "email_address", "age", "bio?"]);
});

scenario!(c13_encryption_on_and_off_is_a_type_change, |db| {
    mod v1 {
        #[derive(schemasync::DbTable)]
        #[db(table = "cards", sync_method = recreate)]
        pub struct Card {
            #[db(id)]
            pub id: i64,
            pub number: i64,
        }
    }
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "cards", sync_method = recreate)]
        pub struct Card {
            #[db(id)]
            pub id: i64,
            #[db(encrypted)]
            pub number: i64,
        }
    }
    db.sync(schema![v1::Card]).await;
    db.exec("INSERT INTO cards VALUES (1, 4711)").await;
    db.sync(schema![v2::Card]).await;
    assert_eq!(db.type_of("cards", "number").await, db.native(Native::Text));
    assert_eq!(db.rows("SELECT number FROM cards").await, [["'4711'"]], "stored as text, and not encrypted by us");
    db.sync_with(schema![v1::Card], |sync| sync.allow_revert(true)).await;
    assert_eq!(db.rows("SELECT number FROM cards").await, [["4711"]]);
});

scenario!(c3_a_waiting_column_does_not_stop_other_changes, |db| {
    mod v3 {
        #[derive(schemasync::DbTable)]
        #[db(table = "users", sync_method = recreate)]
        pub struct User {
            #[db(id)]
            pub id: i64,
            #[db(renamed = "email_address", unique)]
            pub email: String,
            pub age: i64,
            pub bio: Option<String>,
            #[db(index)]
            pub plan: String,
            pub city: Option<String>,
        }
    }
    db.sync(schema![users::User]).await;
    db.exec(ROWS).await;
    let report = db.run(schema![with_plan::User]).await;
    assert!(!report.has_errors(), "{report}");
    let report = db.run(schema![v3::User]).await;
    assert!(!report.has_errors(), "{report}");
    assert_eq!(db.columns("users").await, ["id", "email", "age", "bio?", "plan?", "city?"]);
    assert_says(found(&report.entries, "users").warnings.join("\n"), &["`plan` is required but 3 rows"]);
    db.exec("UPDATE users SET plan = 'p'").await;
    db.sync(schema![v3::User]).await;
    assert_eq!(db.rows("SELECT email, age, plan FROM users WHERE id = 3").await, [["'ü''\"'", "-5", "'p'"]]);
    db.assert_like_new(schema![v3::User]).await;
});

scenario!(c3_a_waiting_column_that_the_model_gives_up_is_dropped, |db| {
    mod v3 {
        #[derive(schemasync::DbTable)]
        #[db(table = "users")]
        pub struct User {
            #[db(id)]
            pub id: i64,
            pub email_address: String,
            pub age: String,
        }
    }
    db.sync(schema![users::User]).await;
    db.exec(ROWS).await;
    let report = db.run(schema![with_plan::User]).await;
    assert!(!report.has_errors(), "{report}");
    db.sync(schema![v3::User]).await;
    assert_eq!(db.columns("users").await, ["id", "email_address", "age"]);
});

scenario!(c3_a_required_key_column_waits_as_well, |db| {
    mod v2 {
        use schemasync::DbTable;

        #[derive(DbTable)]
        #[db(table = "teams")]
        pub struct Team {
            #[db(id)]
            pub id: i64,
        }
        #[derive(DbTable)]
        #[db(table = "users")]
        pub struct User {
            #[db(id)]
            pub id: i64,
            pub email_address: String,
            pub age: String,
            pub bio: Option<String>,
            #[db(fk = Team::id, on_delete = cascade, index)]
            pub team: i64,
        }
    }
    db.sync(schema![users::User]).await;
    db.exec(ROWS).await;
    let report = db.run(schema![v2::User, v2::Team]).await;
    assert!(!report.has_errors(), "{report}");
    db.exec("INSERT INTO teams VALUES (1); UPDATE users SET team = 1").await;
    db.sync(schema![v2::User, v2::Team]).await;
    assert_eq!(db.columns("users").await.last().unwrap(), "team");
    assert_eq!(db.value("SELECT count(*) FROM users").await, "3");
    db.assert_like_new(schema![v2::User, v2::Team]).await;
});

scenario!(c4_what_reads_a_renamed_column_follows, |db| {
    mod before {
        #[derive(schemasync::DbTable)]
        #[db(
            table = "items",
            check(name = "sane", sql = "price >= 0"),
            index(columns(price), where = "price > 10", name = "dear"),
            index(expression = "price * 2", name = "twice")
        )]
        pub struct Item {
            #[db(id)]
            pub id: i64,
            pub price: i64,
            #[db(generated(sql = "price + 1"))]
            pub next: i64,
        }
    }
    mod after {
        #[derive(schemasync::DbTable)]
        #[db(
            table = "items",
            check(name = "sane", sql = "cost >= 0"),
            index(columns(cost), where = "cost > 10", name = "dear"),
            index(expression = "cost * 2", name = "twice")
        )]
        pub struct Item {
            #[db(id)]
            pub id: i64,
            #[db(renamed = "price")]
            pub cost: i64,
            #[db(generated(sql = "cost + 1"))]
            pub next: i64,
        }
    }
    db.sync(schema![before::Item]).await;
    db.exec("INSERT INTO items (id, price) VALUES (1, 11)").await;
    let report = db.sync(schema![after::Item]).await;
    assert!(!found(&report.entries, "items").recreated, "{report}");
    assert_eq!(db.rows("SELECT id, cost, next FROM items").await, [["1", "11", "12"]]);
    db.assert_like_new(schema![after::Item]).await;
});

scenario!(c9_a_generated_column_that_needs_it_goes_along, |db| {
    mod before {
        #[derive(schemasync::DbTable)]
        #[db(table = "items")]
        pub struct Item {
            #[db(id)]
            pub id: i64,
            pub price: i64,
            #[db(generated(sql = "price + 1"))]
            pub next: i64,
        }
    }
    mod after {
        #[derive(schemasync::DbTable)]
        #[db(table = "items")]
        pub struct Item {
            #[db(id)]
            pub id: i64,
            pub name: Option<String>,
        }
    }
    db.sync(schema![before::Item]).await;
    db.exec("INSERT INTO items (id, price) VALUES (1, 11)").await;
    db.sync(schema![after::Item]).await;
    assert_eq!(db.rows("SELECT * FROM items").await, [["1", "NULL"]]);
});

scenario!(c11_a_check_over_an_added_column_is_asked_of_the_rows_first, |db| {
    mod v1 {
        #[derive(schemasync::DbTable)]
        #[db(table = "items")]
        pub struct Item {
            #[db(id)]
            pub id: i64,
            pub price: i64,
        }
    }
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "items", sync_method = recreate, check(sql = "price >= floor"))]
        pub struct Item {
            #[db(id)]
            pub id: i64,
            pub price: i64,
            #[db(default = 10)]
            pub floor: i64,
        }
    }
    db.sync(schema![v1::Item]).await;
    db.exec("INSERT INTO items VALUES (1, 20), (2, 5)").await;
    let before = db.dump().await;
    let plan = db.syncing(&schema![v2::Item]).plan().await.unwrap();
    assert_says(found(&plan.entries, "items").errors.join("\n"), &["cannot be added to", "1 row violates it"]);
    let report = db.run(schema![v2::Item]).await;
    assert_says(errors(&report, "items"), &["1 row violates it"]);
    assert_eq!(db.dump().await, before);
    db.exec("UPDATE items SET price = 11 WHERE id = 2").await;
    db.sync(schema![v2::Item]).await;
    assert_eq!(db.rows("SELECT id, price, floor FROM items ORDER BY id").await, [["1", "20", "10"], ["2", "11", "10"]]);
});
