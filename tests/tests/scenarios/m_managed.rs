//! What belongs to us: M1 to M4.

use schemasync::{EntryStatus, schema};
use schemasync_tests::{Feature, assert_says, errors, found, scenario};

mod v1 {
    #[derive(schemasync::DbTable)]
    #[db(table = "users")]
    pub struct User {
        #[db(id)]
        pub id: i64,
        #[db(index)]
        pub email: String,
        pub fax: Option<String>,
    }
}

mod v2 {
    #[derive(schemasync::DbTable)]
    #[db(table = "users")]
    pub struct User {
        #[db(id)]
        pub id: i64,
        pub email: String,
    }
}

mod rebuilt {
    #[derive(schemasync::DbTable)]
    #[db(table = "users", sync_method = recreate)]
    pub struct User {
        #[db(id)]
        pub id: i64,
        pub email: Option<String>,
        pub fax: Option<String>,
    }
}

scenario!(m1_what_is_not_ours_stays_and_is_listed, |db| {
    db.exec("CREATE TABLE theirs (id INTEGER); INSERT INTO theirs VALUES (1)").await;
    db.exec("CREATE VIEW their_view AS SELECT id FROM theirs").await;
    db.sync(schema![v1::User]).await;
    db.exec("ALTER TABLE users ADD COLUMN extra TEXT; CREATE INDEX their_index ON users (extra)").await;
    db.exec(&db.trigger("their_trigger", "AFTER INSERT", "users", "1")).await;
    db.exec("INSERT INTO users VALUES (1, 'a', NULL, 'x')").await;
    let report = db.sync(schema![v2::User]).await;
    assert_says(report.unmanaged.join(", "), &["theirs", "their_view"]);
    let entry = found(&report.entries, "users");
    assert_says(entry.unmanaged.join(", "), &["extra", "their_index", "their_trigger"]);
    assert_eq!(entry.columns_dropped, ["fax"]);
    assert_eq!(db.rows("SELECT * FROM users").await, [["1", "'a'", "'x'"]]);
    assert_eq!(db.indexes("users").await, ["their_index: (extra)"], "ours went, theirs stayed");
    assert_says(db.dump().await, &["trigger their_trigger"]);
    assert_eq!(db.rows("SELECT * FROM their_view").await, [["1"]]);
});

scenario!(m2_a_table_that_was_there_is_adopted, |db| {
    db.exec("CREATE TABLE users (id INTEGER PRIMARY KEY, email VARCHAR(40) NOT NULL, legacy TEXT NOT NULL)").await;
    db.exec("INSERT INTO users VALUES (1, 'a', 'x')").await;
    let report = db.sync(schema![v1::User]).await;
    let entry = found(&report.entries, "users");
    assert_eq!(entry.status, EntryStatus::Alter);
    assert_eq!(entry.columns_added, ["fax"]);
    assert_says(entry.unmanaged.join(", "), &["legacy"]);
    assert_says(entry.warnings.join(", "), &["legacy", "required", "inserts"]);
    assert_eq!(db.rows("SELECT id, email, legacy, fax FROM users").await, [["1", "'a'", "'x'", "NULL"]]);
    assert_says(
        db.type_of("users", "email").await.to_lowercase().replace("character varying", "varchar"),
        &["varchar(40)"],
    );
});

scenario!(m2_an_adopted_column_is_not_dropped_later, |db| {
    db.exec("CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL, legacy TEXT)").await;
    db.exec("INSERT INTO users VALUES (1, 'a', 'x')").await;
    db.sync(schema![v1::User]).await;
    db.sync(schema![v2::User]).await;
    assert_eq!(db.columns("users").await, ["id", "email", "legacy?"]);
});

scenario!(m2_an_adopted_type_that_does_not_fit_is_an_error, |db| {
    db.exec("CREATE TABLE users (id INTEGER PRIMARY KEY, email INTEGER NOT NULL)").await;
    db.exec("INSERT INTO users VALUES (1, 7)").await;
    if db.supports(Feature::AlterColumn) {
        db.sync(schema![v2::User]).await;
        assert_eq!(db.rows("SELECT * FROM users").await, [["1", "'7'"]]);
        return;
    }
    let report = db.run(schema![v2::User]).await;
    assert_says(errors(&report, "users"), &["users.email", "INTEGER", "TEXT"]);
    assert_eq!(db.rows("SELECT * FROM users").await, [["1", "7"]]);
});

scenario!(m3_index_names_carry_table_and_kind, |db| {
    mod v1 {
        #[derive(schemasync::DbTable)]
        #[db(table = "users", index(columns(city, age), name = "where_and_when"))]
        pub struct User {
            #[db(id)]
            pub id: i64,
            #[db(unique)]
            pub email: String,
            #[db(index)]
            pub city: String,
            pub age: i64,
        }
        #[derive(schemasync::DbTable)]
        #[db(table = "orders")]
        pub struct Order {
            #[db(id)]
            pub id: i64,
            #[db(index, unique)]
            pub email: String,
        }
    }
    db.sync(schema![v1::User, v1::Order]).await;
    assert_eq!(
        db.indexes("users").await,
        [
            "schemasync__unique__users__email: unique (email)",
            "schemasync__users__city: (city)",
            "schemasync__users__where_and_when: (city, age)"
        ]
    );
    assert_eq!(
        db.indexes("orders").await,
        ["schemasync__orders__email: (email)", "schemasync__unique__orders__email: unique (email)"]
    );
});

scenario!(m4_an_index_of_theirs_in_the_way_of_a_drop_is_named, |db| {
    db.sync(schema![v1::User]).await;
    db.exec("CREATE INDEX their_index ON users (fax); INSERT INTO users VALUES (1, 'a', '5')").await;
    let before = db.dump().await;
    let report = db.run(schema![v2::User]).await;
    assert_says(errors(&report, "users"), &["fax", "their_index"]);
    assert_eq!(db.dump().await, before, "nothing of that table is changed");
    db.exec("DROP INDEX their_index").await;
    db.sync(schema![v2::User]).await;
    assert_eq!(db.columns("users").await, ["id", "email"]);
});

scenario!(m4_a_trigger_of_theirs_in_the_way_of_a_drop_is_named, |db| {
    db.sync(schema![v1::User]).await;
    db.exec(&db.trigger("their_trigger", "AFTER UPDATE OF fax", "users", "new.fax")).await;
    let report = db.run(schema![v2::User]).await;
    assert_says(errors(&report, "users"), &["fax", "their_trigger"]);
    assert_eq!(db.columns("users").await, ["id", "email", "fax?"]);
});

scenario!(m4_a_view_of_theirs_in_the_way_of_a_drop_is_named, |db| {
    db.sync(schema![v1::User]).await;
    db.exec("CREATE VIEW their_view AS SELECT fax FROM users; INSERT INTO users VALUES (1, 'a', '5')").await;
    let report = db.run(schema![v2::User]).await;
    assert_says(errors(&report, "users"), &["fax", "their_view"]);
    assert_eq!(db.rows("SELECT * FROM their_view").await, [["'5'"]]);
});

scenario!(sqlite: m4_a_rebuild_keeps_what_is_not_ours, |db| {
    db.sync(schema![v1::User]).await;
    db.exec("ALTER TABLE users ADD COLUMN extra TEXT DEFAULT 'e'").await;
    db.exec("CREATE TABLE log (n TEXT)").await;
    db.exec("CREATE INDEX their_index ON users (fax DESC) WHERE fax IS NOT NULL").await;
    db.exec("CREATE INDEX their_expression ON users (lower(email))").await;
    db.exec("CREATE TRIGGER their_trigger AFTER INSERT ON users BEGIN INSERT INTO log VALUES (new.email); END").await;
    db.exec("CREATE VIEW their_view AS SELECT email, extra FROM users").await;
    db.exec("INSERT INTO users VALUES (1, 'a', '5', 'x')").await;
    let kept = ["their_index", "their_expression", "their_trigger", "their_view"];
    let mut before = Vec::new();
    for name in kept {
        before.push(db.sql_of(name).await);
    }
    let report = db.sync(schema![rebuilt::User]).await;
    assert!(found(&report.entries, "users").recreated);
    for (name, sql) in kept.iter().zip(before) {
        assert_eq!(db.sql_of(name).await, sql);
    }
    assert_eq!(db.rows("SELECT id, email, fax, extra FROM users").await, [["1", "'a'", "'5'", "'x'"]]);
    db.exec("INSERT INTO users (id, email) VALUES (2, 'b')").await;
    assert_eq!(db.rows("SELECT n FROM log").await, [["'a'"], ["'b'"]], "the trigger works, and the copy did not fire it");
    assert_eq!(db.rows("SELECT * FROM their_view").await, [["'a'", "'x'"], ["'b'", "'e'"]]);
});

scenario!(sqlite: m2_an_adopted_key_that_numbers_itself_becomes_a_text, |db| {
    mod v1 {
        #[derive(schemasync::DbTable)]
        #[db(table = "tags", sync_method = recreate)]
        pub struct Tag {
            #[db(id)]
            pub id: String,
            pub note: Option<String>,
        }
    }
    db.exec("CREATE TABLE tags (id INTEGER PRIMARY KEY AUTOINCREMENT, note TEXT); INSERT INTO tags VALUES (7, 'kept')").await;
    db.sync(schema![v1::Tag]).await;
    assert_eq!(db.rows("SELECT id, note FROM tags").await, [["'7'", "'kept'"]]);
});
