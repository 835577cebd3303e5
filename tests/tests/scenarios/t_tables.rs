//! Tables: T1 to T5.

use schemasync::{EntryStatus, Schema, schema};
use schemasync_tests::{Feature, assert_says, errors, found, scenario};

mod users {
    #[derive(schemasync::DbTable)]
    #[db(table = "users")]
    pub struct User {
        #[db(id)]
        pub id: i64,
        #[db(unique)]
        pub email: String,
    }
}

scenario!(t1_create_with_everything_on_it, |db| {
    mod v1 {
        #[derive(schemasync::DbTable)]
        #[db(table = "order_items", index(columns(order_id, amount desc)), check(name = "positive", sql = "amount > 0"))]
        pub struct Line {
            #[db(id)]
            pub order_id: i64,
            #[db(id)]
            pub line: i32,
            #[db(fk = super::users::User::id, on_delete = cascade)]
            pub user_id: Option<i64>,
            pub amount: i64,
            #[db(default = "new")]
            pub state: String,
        }
    }
    let report = db.sync(schema![v1::Line, users::User]).await;
    assert_eq!(found(&report.entries, "order_items").status, EntryStatus::Create);
    assert_eq!(db.columns("order_items").await, ["order_id", "line", "user_id?", "amount", "state = 'new'"]);
    assert_eq!(db.primary_key("order_items").await, ["order_id", "line"]);
    assert_eq!(db.indexes("order_items").await, ["schemasync__order_items__order_id_amount: (order_id, amount desc)"]);
    assert_eq!(db.foreign_keys("order_items").await, ["(user_id) -> users(id) on delete cascade"]);
    db.exec("INSERT INTO order_items (order_id, line, amount) VALUES (1, 1, 5)").await;
    assert_eq!(db.value("SELECT state FROM order_items").await, "'new'");
    assert!(
        db.try_exec("INSERT INTO order_items (order_id, line, amount) VALUES (1, 2, 0)").await.is_err(),
        "the check"
    );
    assert!(db.try_exec("INSERT INTO order_items (order_id, line, amount) VALUES (1, 1, 5)").await.is_err(), "the key");
});

scenario!(t1_tables_in_a_circle_are_made_in_any_order, |db| {
    mod v1 {
        use schemasync::DbTable;

        #[derive(DbTable)]
        #[db(table = "a_teams")]
        pub struct Team {
            #[db(id)]
            pub id: i64,
            #[db(fk = Player::id)]
            pub captain: Option<i64>,
        }

        #[derive(DbTable)]
        #[db(table = "b_players")]
        pub struct Player {
            #[db(id)]
            pub id: i64,
            #[db(fk = Team::id)]
            pub team: i64,
        }
    }
    db.sync(schema![v1::Team, v1::Player]).await;
    assert_eq!(db.foreign_keys("a_teams").await, ["(captain) -> b_players(id)"]);
    db.exec("INSERT INTO a_teams VALUES (1, NULL)").await;
    db.exec("INSERT INTO b_players VALUES (7, 1)").await;
    db.exec("UPDATE a_teams SET captain = 7").await;
});

mod app_users {
    #[derive(schemasync::DbTable)]
    #[db(table = "app_users", renamed = "users")]
    pub struct User {
        #[db(id)]
        pub id: i64,
        #[db(unique)]
        pub email: String,
    }
}

scenario!(t2_rename_keeps_rows_and_the_hint_may_stay, |db| {
    db.sync(schema![users::User]).await;
    db.exec("INSERT INTO users VALUES (1, 'a'), (2, 'b')").await;
    let report = db.sync(schema![app_users::User]).await;
    assert_eq!(found(&report.entries, "app_users").renamed_from.as_deref(), Some("users"));
    assert_eq!(db.rows("SELECT * FROM app_users ORDER BY id").await, [["1", "'a'"], ["2", "'b'"]]);
    assert_eq!(db.tables().await, ["app_users"]);
    assert_eq!(db.indexes("app_users").await, ["schemasync__unique__app_users__email: unique (email)"]);
    db.assert_like_new(schema![app_users::User]).await;
});

scenario!(t2_rename_of_nothing_creates, |db| {
    let report = db.sync(schema![app_users::User]).await;
    assert_eq!(found(&report.entries, "app_users").status, EntryStatus::Create);
    assert_eq!(found(&report.entries, "app_users").renamed_from, None);
});

scenario!(t2_rename_conflict_is_said_and_changes_nothing, |db| {
    db.exec("CREATE TABLE app_users (id INTEGER NOT NULL PRIMARY KEY); INSERT INTO app_users VALUES (9)").await;
    db.exec("CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY, email TEXT); INSERT INTO users VALUES (1, 'a')")
        .await;
    let before = db.dump().await;
    let report = db.run(schema![app_users::User]).await;
    assert_eq!(
        errors(&report, "app_users"),
        "Table rename conflict: cannot rename \"users\" → \"app_users\" because \"app_users\" already exists."
    );
    assert_eq!(db.dump().await, before);
    assert_eq!(db.rows("SELECT * FROM app_users").await, [["9"]]);
    assert_eq!(db.rows("SELECT * FROM users").await, [["1", "'a'"]]);
});

scenario!(t2_a_table_is_not_dropped_for_one_that_claims_to_be_it, |db| {
    let table = |name: &str, renamed: &str| {
        format!(r#"{{"name": "{name}"{renamed}, "columns": [{{"name": "id", "type": "int64"}}], "primary_key": "id"}}"#)
    };
    let model = |tables: &str| Schema::from_json(&format!(r#"{{"schemasync": 1, "tables": [{tables}]}}"#)).unwrap();
    // Sync itself has made both.
    db.sync(model(&format!("{}, {}", table("users", ""), table("app_users", "")))).await;
    db.exec("INSERT INTO users VALUES (1); INSERT INTO app_users VALUES (9)").await;
    let before = db.dump().await;
    let report = db.run(model(&table("app_users", r#", "renamed": "users""#))).await;
    assert_eq!(
        errors(&report, "app_users"),
        "Table rename conflict: cannot rename \"users\" → \"app_users\" because \"app_users\" already exists."
    );
    assert_eq!(db.dump().await, before);
    assert_eq!(db.rows("SELECT id FROM users").await, [["1"]]);
});

scenario!(t2_rename_and_other_changes_in_one_run, |db| {
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "app_users", renamed("people", "users"))]
        pub struct User {
            #[db(id)]
            pub id: i64,
            #[db(renamed = "email", index)]
            pub mail: String,
            #[db(default = "free")]
            pub plan: String,
        }
    }
    db.sync(schema![users::User]).await;
    db.exec("INSERT INTO users VALUES (1, 'a')").await;
    db.sync(schema![v2::User]).await;
    assert_eq!(db.rows("SELECT id, mail, plan FROM app_users").await, [["1", "'a'", "'free'"]]);
    assert_eq!(db.indexes("app_users").await, ["schemasync__app_users__mail: (mail)"]);
    db.assert_like_new(schema![v2::User]).await;
});

scenario!(t2_what_hangs_on_a_renamed_table_follows, |db| {
    mod v1 {
        #[derive(schemasync::DbTable)]
        #[db(table = "posts")]
        pub struct Post {
            #[db(id)]
            pub id: i64,
            #[db(fk = super::users::User::id, on_delete = cascade)]
            pub user_id: i64,
        }
    }
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "posts")]
        pub struct Post {
            #[db(id)]
            pub id: i64,
            #[db(fk = super::app_users::User::id, on_delete = cascade)]
            pub user_id: i64,
        }
    }
    db.sync(schema![users::User, v1::Post]).await;
    db.exec("INSERT INTO users VALUES (1, 'a'); INSERT INTO posts VALUES (5, 1)").await;
    db.exec("CREATE VIEW by_hand AS SELECT email FROM users").await;
    db.exec("CREATE INDEX by_hand_index ON users (id, email)").await;
    db.exec(&db.trigger("by_hand_trigger", "AFTER INSERT", "users", "1")).await;
    db.sync(schema![app_users::User, v2::Post]).await;
    assert_eq!(db.foreign_keys("posts").await, ["(user_id) -> app_users(id) on delete cascade"]);
    assert_eq!(db.rows("SELECT * FROM posts").await, [["5", "1"]]);
    assert_eq!(db.rows("SELECT * FROM by_hand").await, [["'a'"]]);
    let dump = db.dump().await.replace("public.", "").replace("( ", "(").replace(" ,", ",");
    assert_says(dump, &["by_hand_index", "(id, email", "trigger by_hand_trigger", "on app_users"]);
});

scenario!(t3_drop_children_before_parents_whatever_the_rows, |db| {
    mod v1 {
        #[derive(schemasync::DbTable)]
        #[db(table = "a_children")]
        pub struct Child {
            #[db(id)]
            pub id: i64,
            #[db(fk = super::users::User::id)]
            pub user_id: i64,
        }
        #[derive(schemasync::DbTable)]
        #[db(table = "kept")]
        pub struct Kept {
            #[db(id)]
            pub id: i64,
        }
    }
    db.sync(schema![users::User, v1::Child, v1::Kept]).await;
    db.exec("INSERT INTO users VALUES (1, 'a'); INSERT INTO a_children VALUES (1, 1); INSERT INTO kept VALUES (3)")
        .await;
    let report = db.sync(schema![v1::Kept]).await;
    assert_eq!(found(&report.entries, "users").status, EntryStatus::Drop);
    assert_eq!(db.tables().await, ["kept"]);
    assert_eq!(db.rows("SELECT * FROM kept").await, [["3"]]);
});

scenario!(t3_tables_in_a_circle_are_dropped, |db| {
    mod v1 {
        use schemasync::DbTable;

        #[derive(DbTable)]
        #[db(table = "chickens")]
        pub struct Chicken {
            #[db(id)]
            pub id: i64,
            #[db(fk = Egg::id)]
            pub egg: Option<i64>,
        }
        #[derive(DbTable)]
        #[db(table = "eggs")]
        pub struct Egg {
            #[db(id)]
            pub id: i64,
            #[db(fk = Chicken::id)]
            pub chicken: Option<i64>,
        }
    }
    db.sync(schema![users::User, v1::Chicken, v1::Egg]).await;
    db.exec("INSERT INTO chickens VALUES (1, NULL); INSERT INTO eggs VALUES (1, 1); UPDATE chickens SET egg = 1").await;
    db.sync(schema![users::User]).await;
    assert_eq!(db.tables().await, ["users"]);
});

scenario!(t3_a_table_that_others_reference_is_not_dropped, |db| {
    mod kept {
        #[derive(schemasync::DbTable)]
        #[db(table = "kept")]
        pub struct Kept {
            #[db(id)]
            pub id: i64,
        }
    }
    db.sync(schema![users::User, kept::Kept]).await;
    db.exec("CREATE TABLE theirs (id INTEGER, user_id INTEGER REFERENCES users (id) ON DELETE CASCADE)").await;
    db.exec("INSERT INTO users VALUES (1, 'a'); INSERT INTO theirs VALUES (1, 1)").await;
    let report = db.run(schema![kept::Kept]).await;
    assert_says(errors(&report, "users"), &["cannot be dropped", "theirs(user_id)"]);
    assert_eq!(db.rows("SELECT * FROM users").await, [["1", "'a'"]]);
    assert_eq!(db.rows("SELECT * FROM theirs").await, [["1", "1"]]);
});

mod as_view {
    #[derive(schemasync::DbView)]
    #[db(view = "users", sql = "SELECT id, name FROM people")]
    pub struct User {
        pub id: i64,
        pub name: String,
    }
    #[derive(schemasync::DbTable)]
    #[db(table = "people")]
    pub struct Person {
        #[db(id)]
        pub id: i64,
        pub name: String,
    }
}

scenario!(t4_a_table_becomes_a_view_and_back, |db| {
    db.sync(schema![users::User]).await;
    db.exec("INSERT INTO users VALUES (1, 'a')").await;
    let plan = db.plan(schema![as_view::Person, as_view::User]).await;
    assert_eq!(plan.risk(), schemasync::Risk::Destructive);
    db.sync(schema![as_view::Person, as_view::User]).await;
    assert_eq!((db.tables().await, db.views().await), (vec!["people".to_owned()], vec!["users".to_owned()]));
    db.exec("INSERT INTO people VALUES (1, 'ada')").await;
    assert_eq!(db.rows("SELECT * FROM users").await, [["1", "'ada'"]]);

    db.sync_with(schema![users::User, as_view::Person], |sync| sync.allow_revert(true)).await;
    assert_eq!((db.tables().await, db.views().await), (vec!["people".to_owned(), "users".to_owned()], vec![]));
    assert_eq!(db.columns("users").await, ["id", "email"]);
});

scenario!(t4_a_name_that_is_taken_by_what_is_not_ours_is_an_error, |db| {
    db.exec("CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL); CREATE TABLE users (x TEXT); INSERT INTO users VALUES ('x')").await;
    let report = db.run(schema![as_view::Person, as_view::User]).await;
    assert_says(errors(&report, "users"), &["table", "unmanaged"]);
    assert_eq!(db.rows("SELECT * FROM users").await, [["'x'"]]);
});

scenario!(t5_the_plan_counts_what_a_drop_destroys, |db| {
    mod v1 {
        #[derive(schemasync::DbTable)]
        #[db(table = "kept")]
        pub struct Kept {
            #[db(id)]
            pub id: i64,
            pub note: Option<String>,
        }
    }
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "kept")]
        pub struct Kept {
            #[db(id)]
            pub id: i64,
        }
    }
    db.sync(schema![users::User, v1::Kept]).await;
    db.exec("INSERT INTO users VALUES (1, 'a'), (2, 'b'), (3, 'c'); INSERT INTO kept VALUES (1, 'x'), (2, NULL)").await;
    let plan = db.plan(schema![v2::Kept]).await;
    assert_eq!(found(&plan.entries, "users").rows_lost, Some(3));
    assert_eq!(found(&plan.entries, "kept").values_lost[0].rows, 1);
    assert_says(plan.to_string(), &["drops 3 rows", "drops 1 value"]);
    assert!(db.supports(Feature::TransactionalDdl) || !plan.steps.is_empty());
});

scenario!(t3_a_drop_waits_for_the_key_that_points_to_it, |db| {
    mod v1 {
        #[derive(schemasync::DbTable)]
        #[db(table = "posts")]
        pub struct Post {
            #[db(id)]
            pub id: i64,
            #[db(fk = super::users::User::id, on_delete = cascade)]
            pub user_id: Option<i64>,
        }
    }
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "posts")]
        pub struct Post {
            #[db(id)]
            pub id: i64,
            pub user_id: Option<i64>,
        }
    }
    db.sync(schema![users::User, v1::Post]).await;
    db.exec("INSERT INTO users VALUES (1, 'a'); INSERT INTO posts VALUES (5, 1)").await;
    db.sync(schema![v2::Post]).await;
    assert_eq!(db.tables().await, ["posts"]);
    assert_eq!(db.rows("SELECT * FROM posts").await, [["5", "1"]]);
});

scenario!(t3_a_table_and_the_views_of_ours_over_it_are_dropped, |db| {
    mod views {
        #[derive(schemasync::DbView)]
        #[db(view = "emails", sql = "SELECT email FROM users")]
        pub struct Email {
            pub email: String,
        }
    }
    mod changed {
        #[derive(schemasync::DbTable)]
        #[db(table = "people")]
        pub struct Person {
            #[db(id)]
            pub id: i64,
            pub email: String,
        }
        #[derive(schemasync::DbView)]
        #[db(view = "emails", sql = "SELECT email FROM people")]
        pub struct Email {
            pub email: String,
        }
    }
    db.sync(schema![users::User, views::Email]).await;
    db.sync(schema![changed::Person, changed::Email]).await;
    assert_eq!(db.tables().await, ["people"]);
    assert!(db.rows("SELECT * FROM emails").await.is_empty());
    db.assert_like_new(schema![changed::Person, changed::Email]).await;
});

scenario!(t3_a_view_of_theirs_over_a_dropped_table_is_named, |db| {
    db.sync(schema![users::User, as_view::Person]).await;
    db.exec("CREATE VIEW theirs AS SELECT email FROM users; INSERT INTO users VALUES (1, 'a')").await;
    let report = db.run(schema![as_view::Person]).await;
    assert_says(errors(&report, "users"), &["theirs", "unmanaged"]);
    assert_eq!(db.rows("SELECT * FROM theirs").await, [["'a'"]]);
});

scenario!(sqlite: t1_a_name_that_the_database_keeps_for_itself_is_an_error_of_the_entry, |db| {
    mod reserved {
        #[derive(schemasync::DbTable)]
        #[db(table = "sqlite_users")]
        pub struct User {
            #[db(id)]
            pub id: i64,
        }
    }
    let report = db.run(schema![users::User, reserved::User]).await;
    assert_says(errors(&report, "sqlite_users"), &["reserved"]);
    assert_eq!(db.tables().await, ["users"]);
});

scenario!(sqlite: t1_a_schema_is_ignored_with_a_note, |db| {
    mod v1 {
        #[derive(schemasync::DbTable)]
        #[db(table = "users", schema = "auth")]
        pub struct User {
            #[db(id)]
            pub id: i64,
        }
    }
    let report = db.sync(schema![v1::User]).await;
    assert_says(&found(&report.entries, "users").withheld[0].what, &["`schema` is ignored"]);
    assert_eq!(db.tables().await, ["users"]);
});

scenario!(t2_a_name_that_is_taken_again_waits_for_the_table_that_had_it, |db| {
    // Nothing is there yet. The table that was `items` cannot be made: a table made as `items` would be taken for it by the next run.
    let with = |columns: &str| {
        Schema::from_json(&format!(
        r#"{{"schemasync": 1, "tables": [
          {{"name": "goods", "renamed": ["items"], "columns": [{{"name": "id", "type": "int64"}}{columns}], "primary_key": ["id"]}},
          {{"name": "items", "columns": [{{"name": "id", "type": "int64"}}], "primary_key": ["id"]}}]}}"#
    )).unwrap()
    };
    let report = db.run(with(r#", {"name": "x", "type": "int64", "generated": {"sql": "nonsense(id)", "stored": false}, "nullable": true}"#)).await;
    assert!(!errors(&report, "goods").is_empty(), "{report}");
    assert_says(errors(&report, "items"), &["goods"]);
    assert!(db.tables().await.is_empty());
    db.sync(with("")).await;
});
