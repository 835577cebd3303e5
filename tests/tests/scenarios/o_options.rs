//! Options, search, geo: what of O1 to O5 SQLite can have.

use schemasync::{GeoPoint, schema};
use schemasync_tests::{assert_says, errors, found, scenario};

mod plain {
    #[derive(schemasync::DbTable)]
    #[db(table = "users")]
    pub struct User {
        #[db(id)]
        pub id: String,
        pub age: i64,
    }
}

mod strict {
    #[derive(schemasync::DbTable)]
    #[db(table = "users", sqlite(strict, without_rowid), sync_method = recreate)]
    pub struct User {
        #[db(id)]
        pub id: String,
        pub age: i64,
    }
}

scenario!(sqlite: o1_options_come_and_go_with_a_method, |db| {
    mod back {
        #[derive(schemasync::DbTable)]
        #[db(table = "users", sync_method = recreate)]
        pub struct User {
            #[db(id)]
            pub id: String,
            pub age: i64,
        }
    }
    db.sync(schema![plain::User]).await;
    db.exec("INSERT INTO users VALUES ('a', 1), ('b', 2)").await;
    db.sync(schema![strict::User]).await;
    assert_says(db.sql_of("users").await, &[") strict , without rowid"]);
    assert_eq!(db.rows("SELECT * FROM users ORDER BY id").await, [["'a'", "1"], ["'b'", "2"]]);
    assert!(db.try_exec("INSERT INTO users VALUES ('c', 'x')").await.is_err());
    db.sync(schema![back::User]).await;
    assert!(!db.sql_of("users").await.contains("strict"));
    assert_eq!(db.value("SELECT count(*) FROM users").await, "2");
});

scenario!(sqlite: o1_without_a_method_it_is_an_error, |db| {
    mod strict {
        #[derive(schemasync::DbTable)]
        #[db(table = "users", sqlite(strict))]
        pub struct User {
            #[db(id)]
            pub id: String,
            pub age: i64,
        }
    }
    db.sync(schema![plain::User]).await;
    let report = db.run(schema![strict::User]).await;
    assert_says(errors(&report, "users"), &["strict", "#[db(sync_method = recreate)]"]);
});

scenario!(sqlite: o1_values_that_a_strict_table_refuses_leave_the_old_one, |db| {
    db.sync(schema![plain::User]).await;
    db.exec("INSERT INTO users VALUES ('a', 1), ('b', 'two')").await;
    let before = db.dump().await;
    let plan = db.syncing(&schema![strict::User]).plan().await.unwrap();
    assert_says(found(&plan.entries, "users").errors.join("\n"), &["1 value of \"age\" is no INTEGER", "'two' (id = 'b')"]);
    let report = db.run(schema![strict::User]).await;
    assert!(report.has_errors());
    assert_eq!(db.dump().await, before);
    assert_eq!(db.rows("SELECT * FROM users ORDER BY id").await, [["'a'", "1"], ["'b'", "'two'"]]);
});

scenario!(sqlite: o1_options_that_nobody_names_are_no_difference, |db| {
    db.exec("CREATE TABLE users (id TEXT NOT NULL PRIMARY KEY, age INTEGER NOT NULL) STRICT, WITHOUT ROWID").await;
    db.exec("INSERT INTO users VALUES ('a', 1)").await;
    db.sync(schema![plain::User]).await;
    assert_says(db.sql_of("users").await, &["strict", "without rowid"]);
});

scenario!(sqlite: o4_points_are_json, |db| {
    mod v1 {
        use schemasync::GeoPoint;

        #[derive(schemasync::DbTable)]
        #[db(table = "places")]
        pub struct Place {
            #[db(id)]
            pub id: i64,
            #[db(index(geo))]
            pub at: GeoPoint,
        }
    }
    db.sync(schema![v1::Place]).await;
    sqlx::query("INSERT INTO places VALUES (1, ?)").bind(GeoPoint { lon: 2.5, lat: 48.5 }).execute(&db.pool).await.unwrap();
    assert_eq!(db.value("SELECT json_extract(at, '$.coordinates[1]') FROM places").await, "48.5");
});
