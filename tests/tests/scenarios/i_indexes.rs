//! Indexes: I1 and I2. (I3 is about concurrent builds, which SQLite does not have.)

use schemasync::{EntryStatus, schema};
use schemasync_tests::{Feature, Native, assert_says, errors, found, scenario};

mod bare {
    #[derive(schemasync::DbTable)]
    #[db(table = "users")]
    pub struct User {
        #[db(id)]
        pub id: i64,
        pub email: String,
        pub city: String,
    }
}

mod by_email {
    #[derive(schemasync::DbTable)]
    #[db(table = "users", index(columns(email), name = "lookup"))]
    pub struct User {
        #[db(id)]
        pub id: i64,
        pub email: String,
        pub city: String,
    }
}

scenario!(i1_an_index_comes_changes_and_goes, |db| {
    mod both {
        #[derive(schemasync::DbTable)]
        #[db(table = "users", index(columns(email, city desc), name = "lookup"))]
        pub struct User {
            #[db(id)]
            pub id: i64,
            pub email: String,
            pub city: String,
        }
    }
    mod turned {
        #[derive(schemasync::DbTable)]
        #[db(table = "users", index(columns(city, email), name = "lookup"))]
        pub struct User {
            #[db(id)]
            pub id: i64,
            pub email: String,
            pub city: String,
        }
    }
    mod unique {
        #[derive(schemasync::DbTable)]
        #[db(table = "users", index(columns(city, email), name = "lookup", unique))]
        pub struct User {
            #[db(id)]
            pub id: i64,
            pub email: String,
            pub city: String,
        }
    }
    mod gone {
        #[derive(schemasync::DbTable)]
        #[db(table = "users")]
        pub struct User {
            #[db(id)]
            pub id: i64,
            pub email: String,
            pub city: String,
            pub last: Option<String>,
        }
    }
    db.sync(schema![bare::User]).await;
    db.exec("INSERT INTO users VALUES (1, 'a', 'x'), (2, 'b', 'x')").await;
    db.sync(schema![by_email::User]).await;
    assert_eq!(db.indexes("users").await, ["schemasync__users__lookup: (email)"]);
    db.sync(schema![both::User]).await;
    assert_eq!(db.indexes("users").await, ["schemasync__users__lookup: (email, city desc)"]);
    db.sync(schema![turned::User]).await;
    assert_eq!(db.indexes("users").await, ["schemasync__users__lookup: (city, email)"]);
    db.sync(schema![unique::User]).await;
    assert_eq!(db.indexes("users").await, ["schemasync__unique__users__lookup: unique (city, email)"]);
    db.sync(schema![gone::User]).await;
    assert!(db.indexes("users").await.is_empty());
    assert_eq!(db.value("SELECT count(*) FROM users").await, "2");
});

scenario!(i1_condition_and_expression_are_compared, |db| {
    mod v1 {
        #[derive(schemasync::DbTable)]
        #[db(
            table = "users",
            index(columns(email), name = "live", unique, where = "city <> 'gone'"),
            index(expression = "lower(email)", name = "folded")
        )]
        pub struct User {
            #[db(id)]
            pub id: i64,
            pub email: String,
            pub city: String,
        }
    }
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(
            table = "users",
            index(columns(email), name = "live", unique, where = "city <> 'left'"),
            index(expression = "upper(email)", name = "folded")
        )]
        pub struct User {
            #[db(id)]
            pub id: i64,
            pub email: String,
            pub city: String,
        }
    }
    if !db.supports(Feature::PartialIndexes) {
        return;
    }
    db.sync(schema![v1::User]).await;
    db.exec("INSERT INTO users VALUES (1, 'a', 'gone'), (2, 'a', 'gone'), (3, 'a', 'x')").await;
    let report = db.run(schema![v2::User]).await;
    assert_says(errors(&report, "users"), &["schemasync__unique__users__live", "3 rows"]);
    db.exec("UPDATE users SET email = 'b' WHERE id = 1; UPDATE users SET email = 'c' WHERE id = 2").await;
    db.sync(schema![v2::User]).await;
    let indexes = db.indexes("users").await.join("\n").replace(' ', "");
    let (live, folded) = indexes.split_once('\n').expect("two indexes");
    assert_says(live, &["schemasync__unique__users__live:unique(email)where", "city<>'left'"]);
    assert_says(folded, &["schemasync__users__folded:(", "upper(email)"]);
});

scenario!(i1_an_index_changed_by_hand_is_put_back, |db| {
    db.sync(schema![by_email::User]).await;
    db.exec("DROP INDEX schemasync__users__lookup").await;
    db.exec("CREATE INDEX schemasync__users__lookup ON users (city)").await;
    let report = db.syncing(&schema![by_email::User]).force(true).run_report().await.unwrap();
    assert_eq!(found(&report.entries, "users").indexes_created, ["schemasync__users__lookup"]);
    assert_eq!(db.indexes("users").await, ["schemasync__users__lookup: (email)"]);
});

scenario!(i1_an_equal_index_of_theirs_is_enough, |db| {
    let integer = db.native(Native::Integer);
    db.exec(&format!("CREATE TABLE users (id {integer} PRIMARY KEY, email TEXT NOT NULL, city TEXT NOT NULL)")).await;
    db.exec("CREATE INDEX theirs ON users (email)").await;
    let report = db.sync(schema![by_email::User]).await;
    assert_eq!(found(&report.entries, "users").status, EntryStatus::InSync, "{report}");
    assert_eq!(db.indexes("users").await, ["theirs: (email)"]);
});

scenario!(i1_the_collation_of_the_column_is_that_of_the_index, |db| {
    mod v1 {
        #[derive(schemasync::DbTable)]
        #[db(table = "users")]
        pub struct User {
            #[db(id)]
            pub id: i64,
            #[db(collate = nocase, unique)]
            pub email: String,
        }
    }
    db.sync(schema![v1::User]).await;
    db.exec("INSERT INTO users VALUES (1, 'a')").await;
    assert!(db.try_exec("INSERT INTO users VALUES (2, 'A')").await.is_err());
});

scenario!(i2_duplicates_are_named_and_the_rest_is_kept, |db| {
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "users")]
        pub struct User {
            #[db(id)]
            pub id: i64,
            #[db(unique)]
            pub email: String,
            #[db(index)]
            pub city: String,
            pub phone: Option<String>,
        }
    }
    db.sync(schema![bare::User]).await;
    db.exec("INSERT INTO users VALUES (1, 'twin', 'x'), (2, 'twin', 'y'), (3, 'c', 'z')").await;
    let report = db.run(schema![v2::User]).await;
    assert_says(errors(&report, "users"), &["schemasync__unique__users__email", "1 value", "twin", "2 rows"]);
    assert_eq!(db.columns("users").await, ["id", "email", "city", "phone?"]);
    assert_eq!(db.indexes("users").await, ["schemasync__users__city: (city)"]);
    assert!(db.run(schema![v2::User]).await.has_errors(), "retried");
    db.exec("DELETE FROM users WHERE id = 2").await;
    db.sync(schema![v2::User]).await;
    db.assert_like_new(schema![v2::User]).await;
});

scenario!(i2_nulls_are_no_duplicates, |db| {
    mod v1 {
        #[derive(schemasync::DbTable)]
        #[db(table = "users")]
        pub struct User {
            #[db(id)]
            pub id: i64,
            pub email: Option<String>,
        }
    }
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "users")]
        pub struct User {
            #[db(id)]
            pub id: i64,
            #[db(unique)]
            pub email: Option<String>,
        }
    }
    db.sync(schema![v1::User]).await;
    db.exec("INSERT INTO users VALUES (1, NULL), (2, NULL), (3, 'c')").await;
    db.sync(schema![v2::User]).await;
});

scenario!(i1_a_unique_index_goes_with_the_key_that_needed_it, |db| {
    mod before {
        use schemasync::DbTable;

        #[derive(DbTable)]
        #[db(table = "users")]
        pub struct User {
            #[db(id)]
            pub id: i64,
            #[db(unique)]
            pub email: String,
        }
        #[derive(DbTable)]
        #[db(table = "posts")]
        pub struct Post {
            #[db(id)]
            pub id: i64,
            #[db(fk = User::email)]
            pub author: String,
        }
    }
    mod after {
        use schemasync::DbTable;

        #[derive(DbTable)]
        #[db(table = "users")]
        pub struct User {
            #[db(id)]
            pub id: i64,
            pub email: String,
        }
        #[derive(DbTable)]
        #[db(table = "posts")]
        pub struct Post {
            #[db(id)]
            pub id: i64,
            pub author: String,
        }
    }
    db.sync(schema![before::User, before::Post]).await;
    db.exec("INSERT INTO users VALUES (1, 'a'); INSERT INTO posts VALUES (5, 'a')").await;
    db.sync(schema![after::User, after::Post]).await;
    assert!(db.indexes("users").await.is_empty());
    assert_eq!(db.rows("SELECT * FROM posts").await, [["5", "'a'"]]);
    db.assert_like_new(schema![after::User, after::Post]).await;
});

scenario!(i1_a_renamed_index_replaces_the_old_one, |db| {
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "users", index(columns(email), name = "other"))]
        pub struct User {
            #[db(id)]
            pub id: i64,
            pub email: String,
            pub city: String,
        }
    }
    db.sync(schema![by_email::User]).await;
    db.sync(schema![v2::User]).await;
    assert_eq!(db.indexes("users").await, ["schemasync__users__other: (email)"]);
});
