//! Foreign keys: F1 to F4.

use schemasync::{EntryStatus, schema};
use schemasync_tests::{Feature, Native, assert_says, errors, found, scenario};

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

mod loose {
    #[derive(schemasync::DbTable)]
    #[db(table = "posts")]
    pub struct Post {
        #[db(id)]
        pub id: i64,
        pub author: Option<i64>,
    }
}

mod tied {
    #[derive(schemasync::DbTable)]
    #[db(table = "posts")]
    pub struct Post {
        #[db(id)]
        pub id: i64,
        #[db(fk = super::users::User::id)]
        pub author: Option<i64>,
    }
}

mod cascading {
    #[derive(schemasync::DbTable)]
    #[db(table = "posts")]
    pub struct Post {
        #[db(id)]
        pub id: i64,
        #[db(fk = super::users::User::id, on_delete = cascade, on_update = set_null)]
        pub author: Option<i64>,
    }
}

const ROWS: &str = "INSERT INTO users VALUES (1, 'a'), (2, 'b'); INSERT INTO posts VALUES (5, 1), (6, 2), (7, NULL)";

scenario!(f1_keys_come_change_and_go, |db| {
    mod again {
        #[derive(schemasync::DbTable)]
        #[db(table = "posts")]
        pub struct Post {
            #[db(id)]
            pub id: i64,
            pub author: Option<i64>,
            pub note: Option<String>,
        }
    }
    db.sync(schema![users::User, loose::Post]).await;
    db.exec(ROWS).await;
    let report = db.sync(schema![users::User, tied::Post]).await;
    assert_eq!(found(&report.entries, "posts").foreign_keys_added, ["(author) → users(id)"]);
    assert_eq!(db.foreign_keys("posts").await, ["(author) -> users(id)"]);
    db.sync(schema![users::User, cascading::Post]).await;
    assert_eq!(db.foreign_keys("posts").await, ["(author) -> users(id) on delete cascade on update set null"]);
    db.sync(schema![users::User, again::Post]).await;
    assert!(db.foreign_keys("posts").await.is_empty());
    assert_eq!(db.rows("SELECT id, author FROM posts ORDER BY id").await, [["5", "1"], ["6", "2"], ["7", "NULL"]]);
});

scenario!(f1_no_action_is_the_default_and_no_change, |db| {
    mod said {
        #[derive(schemasync::DbTable)]
        #[db(table = "posts")]
        pub struct Post {
            #[db(id)]
            pub id: i64,
            #[db(fk = super::users::User::id, on_delete = no_action, on_update = no_action)]
            pub author: Option<i64>,
        }
    }
    db.sync(schema![users::User, tied::Post]).await;
    let plan = db.plan(schema![users::User, said::Post]).await;
    assert_eq!(found(&plan.entries, "posts").status, EntryStatus::InSync);
    db.sync(schema![users::User, said::Post]).await;
});

scenario!(f1_a_key_of_theirs_that_says_the_same_is_enough, |db| {
    let integer = db.native(Native::Integer);
    db.exec(&format!("CREATE TABLE users (id {integer} PRIMARY KEY, email TEXT NOT NULL UNIQUE)")).await;
    db.exec(&format!("CREATE TABLE posts (id {integer} PRIMARY KEY, author {integer} REFERENCES users)")).await;
    let report = db.sync(schema![users::User, tied::Post]).await;
    assert_eq!(found(&report.entries, "posts").status, EntryStatus::InSync, "{report}");
});

scenario!(f2_orphans_are_counted_first, |db| {
    db.sync(schema![users::User, loose::Post]).await;
    db.exec(ROWS).await;
    db.exec("INSERT INTO posts VALUES (8, 77), (9, 78)").await;
    let before = db.dump().await;
    let report = db.run(schema![users::User, tied::Post]).await;
    assert_says(errors(&report, "posts"), &["(author) → users(id)", "2 rows have no match", "77"]);
    assert_eq!(db.dump().await, before);
    db.exec("DELETE FROM posts WHERE author > 70").await;
    db.sync(schema![users::User, tied::Post]).await;
});

scenario!(f3_to_itself, |db| {
    mod v1 {
        #[derive(schemasync::DbTable)]
        #[db(table = "nodes")]
        pub struct Node {
            #[db(id)]
            pub id: i64,
            pub parent: Option<i64>,
        }
    }
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "nodes")]
        pub struct Node {
            #[db(id)]
            pub id: i64,
            #[db(fk = Node::id, on_delete = cascade)]
            pub parent: Option<i64>,
        }
    }
    db.sync(schema![v1::Node]).await;
    db.exec("INSERT INTO nodes VALUES (1, NULL), (2, 1), (3, 2)").await;
    db.sync(schema![v2::Node]).await;
    assert_eq!(db.value("SELECT count(*) FROM nodes").await, "3", "the rebuild deleted nothing");
    db.exec("DELETE FROM nodes WHERE id = 2").await;
    assert_eq!(db.rows("SELECT id FROM nodes").await, [["1"]]);
});

scenario!(f3_several_keys_to_one_table_and_to_a_unique_column, |db| {
    mod v1 {
        #[derive(schemasync::DbTable)]
        #[db(table = "messages")]
        pub struct Message {
            #[db(id)]
            pub id: i64,
            #[db(fk(super::users::User::id, alias = "sender"))]
            pub sender: i64,
            #[db(fk(super::users::User::id, alias = "receiver"), on_delete = set_null)]
            pub receiver: Option<i64>,
            #[db(fk = super::users::User::email)]
            pub copy_to: String,
        }
    }
    db.sync(schema![users::User, v1::Message]).await;
    assert_eq!(
        db.foreign_keys("messages").await,
        ["(copy_to) -> users(email)", "(receiver) -> users(id) on delete set null", "(sender) -> users(id)"]
    );
    db.exec("INSERT INTO users VALUES (1, 'a'); INSERT INTO messages VALUES (1, 1, 1, 'a')").await;
    assert!(db.try_exec("INSERT INTO messages VALUES (2, 1, 1, 'nobody')").await.is_err());
});

mod orders {
    use schemasync::DbTable;

    #[derive(DbTable)]
    #[db(table = "order_items")]
    pub struct Line {
        #[db(id)]
        pub order_id: i64,
        #[db(id)]
        pub line: i64,
    }

    #[derive(DbTable)]
    #[db(table = "parcels", fk(columns(order_id, line) => Line(order_id, line), on_delete = cascade))]
    pub struct Parcel {
        #[db(id)]
        pub id: i64,
        pub order_id: i64,
        pub line: i64,
    }
}

scenario!(f3_composite, |db| {
    mod before {
        #[derive(schemasync::DbTable)]
        #[db(table = "parcels")]
        pub struct Parcel {
            #[db(id)]
            pub id: i64,
            pub order_id: i64,
            pub line: i64,
        }
    }
    db.sync(schema![orders::Line, before::Parcel]).await;
    db.exec("INSERT INTO order_items VALUES (1, 1), (1, 2); INSERT INTO parcels VALUES (1, 1, 1), (2, 2, 1)").await;
    let report = db.run(schema![orders::Line, orders::Parcel]).await;
    assert_says(errors(&report, "parcels"), &["(order_id, line) → order_items(order_id, line)", "1 row has no match"]);
    db.exec("UPDATE parcels SET order_id = 1, line = 2 WHERE id = 2").await;
    db.sync(schema![orders::Line, orders::Parcel]).await;
    assert_eq!(db.foreign_keys("parcels").await, ["(order_id, line) -> order_items(order_id, line) on delete cascade"]);
    assert_eq!(db.value("SELECT count(*) FROM parcels").await, "2");
});

scenario!(f3_targets_that_are_made_renamed_and_rebuilt_in_the_same_run, |db| {
    mod before {
        use schemasync::DbTable;

        #[derive(DbTable)]
        #[db(table = "people")]
        pub struct Person {
            #[db(id)]
            pub id: i64,
        }
        #[derive(DbTable)]
        #[db(table = "cities")]
        pub struct City {
            #[db(id)]
            pub id: i64,
            pub zip: String,
        }
        #[derive(DbTable)]
        #[db(table = "visits")]
        pub struct Visit {
            #[db(id)]
            pub id: i64,
            pub person: i64,
            pub city: i64,
        }
    }
    mod after {
        use schemasync::DbTable;

        #[derive(DbTable)]
        #[db(table = "z_users", renamed = "people")]
        pub struct User {
            #[db(id, renamed = "id")]
            pub user_id: i64,
        }
        #[derive(DbTable)]
        #[db(table = "cities", sync_method = recreate)]
        pub struct City {
            #[db(id)]
            pub id: i64,
            pub zip: i64,
        }
        #[derive(DbTable)]
        #[db(table = "z_moods")]
        pub struct Mood {
            #[db(id)]
            pub id: i64,
        }
        #[derive(DbTable)]
        #[db(table = "visits")]
        pub struct Visit {
            #[db(id)]
            pub id: i64,
            #[db(fk = User::user_id)]
            pub person: i64,
            #[db(fk = City::id)]
            pub city: i64,
            #[db(fk = Mood::id)]
            pub mood: Option<i64>,
        }
    }
    db.sync(schema![before::Person, before::City, before::Visit]).await;
    db.exec(
        "INSERT INTO people VALUES (1); INSERT INTO cities VALUES (3, '75001'); INSERT INTO visits VALUES (9, 1, 3)",
    )
    .await;
    db.sync(schema![after::User, after::City, after::Mood, after::Visit]).await;
    assert_eq!(
        db.foreign_keys("visits").await,
        ["(city) -> cities(id)", "(mood) -> z_moods(id)", "(person) -> z_users(user_id)"]
    );
    assert_eq!(db.rows("SELECT * FROM visits").await, [["9", "1", "3", "NULL"]]);
    assert_eq!(db.rows("SELECT * FROM cities").await, [["3", "75001"]]);
    db.assert_like_new(schema![after::User, after::City, after::Mood, after::Visit]).await;
});

scenario!(f4_a_key_needs_no_method, |db| {
    if db.supports(Feature::AlterColumn) {
        return;
    }
    db.sync(schema![users::User, loose::Post]).await;
    db.exec(ROWS).await;
    db.exec("ALTER TABLE posts ADD COLUMN extra TEXT DEFAULT 'e'; CREATE INDEX theirs ON posts (extra)").await;
    let report = db.sync(schema![users::User, cascading::Post]).await;
    assert!(found(&report.entries, "posts").recreated);
    assert_eq!(db.rows("SELECT * FROM posts WHERE id = 7").await, [["7", "NULL", "'e'"]]);
    assert_eq!(db.indexes("posts").await, ["theirs: (extra)"]);
});

scenario!(f3_one_column_may_point_to_two_tables, |db| {
    let json = r#"{"schemasync": 1, "tables": [
      {"name": "a", "columns": [{"name": "id", "type": "int64"}], "primary_key": ["id"]},
      {"name": "b", "columns": [{"name": "id", "type": "int64"}], "primary_key": ["id"]},
      {"name": "c", "columns": [{"name": "id", "type": "int64"}], "primary_key": ["id"],
       "foreign_keys": [{"columns": ["id"], "target": "a", "target_columns": ["id"]}, {"columns": ["id"], "target": "b", "target_columns": ["id"], "on_delete": "cascade"}]}]}"#;
    db.sync(schemasync::Schema::from_json(json).unwrap()).await;
    assert_eq!(db.foreign_keys("c").await, ["(id) -> a(id)", "(id) -> b(id) on delete cascade"]);
});

scenario!(f3_a_circle_of_any_length_is_made_and_dropped, |db| {
    for length in [3, 7] {
        let table = |at: usize, key: bool| {
            let key = if key {
                format!(
                    r#", "foreign_keys": [{{"columns": "next", "target": "t{}", "target_columns": "id"}}]"#,
                    (at + 1) % length
                )
            } else {
                String::new()
            };
            format!(
                r#"{{"name": "t{at}", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "next", "type": "int64", "nullable": true}}], "primary_key": "id"{key}}}"#
            )
        };
        let model = |tables: Vec<String>| {
            schemasync::Schema::from_json(&format!(r#"{{"schemasync": 1, "tables": [{}]}}"#, tables.join(", ")))
                .unwrap()
        };
        let circle = model((0..length).map(|at| table(at, true)).collect());
        db.sync(circle).await;
        assert_eq!(db.foreign_keys("t0").await.len(), 1);
        db.sync_with(model(vec![table(length, false)]), |sync| sync.allow_revert(true)).await;
        assert_eq!(db.tables().await, [format!("t{length}")]);
        db.exec(&format!("DROP TABLE t{length}")).await;
    }
});
