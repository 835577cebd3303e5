//! What was there under a name of its own when its table was adopted, and was as the model described it, is ours from then on (M1).

use schemasync::{Error, schema};
use schemasync_tests::{Feature, assert_says, found, scenario};

/// Made by other hands: a key, a unique constraint, a check and an index, each under a name that they chose.
const SHOP: &str = "CREATE TABLE people (id BIGINT NOT NULL PRIMARY KEY, email VARCHAR(80) NOT NULL, city VARCHAR(40) NOT NULL, age INT NOT NULL, CONSTRAINT of_age CHECK (age > 17), CONSTRAINT one_mailbox UNIQUE (email));
    CREATE INDEX by_city ON people (city);
    CREATE TABLE orders (id BIGINT NOT NULL PRIMARY KEY, buyer BIGINT NOT NULL, CONSTRAINT bought_by FOREIGN KEY (buyer) REFERENCES people (id));
    INSERT INTO people VALUES (1, 'a', 'Bonn', 30);
    INSERT INTO orders VALUES (1, 1)";

mod v1 {
    #[derive(schemasync::DbTable)]
    #[db(table = "people", check(name = "of_age", sql = "age > 17"))]
    pub struct Person {
        #[db(id)]
        pub id: i64,
        #[db(unique, max_length = 80)]
        pub email: String,
        #[db(index, max_length = 40)]
        pub city: String,
        pub age: i32,
    }
    #[derive(schemasync::DbTable)]
    #[db(table = "orders")]
    pub struct Order {
        #[db(id)]
        pub id: i64,
        #[db(fk = Person::id)]
        pub buyer: i64,
    }
}

/// Nothing of what hung on the columns.
mod bare {
    #[derive(schemasync::DbTable)]
    #[db(table = "people")]
    pub struct Person {
        #[db(id)]
        pub id: i64,
        #[db(max_length = 80)]
        pub email: String,
        #[db(max_length = 40)]
        pub city: String,
        pub age: i32,
    }
    #[derive(schemasync::DbTable)]
    #[db(table = "orders")]
    pub struct Order {
        #[db(id)]
        pub id: i64,
        pub buyer: i64,
    }
}

/// Each of another form.
mod changed {
    #[derive(schemasync::DbTable)]
    #[db(table = "people", check(name = "of_age", sql = "age > 20"), index(columns(city desc), name = "city"))]
    pub struct Person {
        #[db(id)]
        pub id: i64,
        #[db(unique, max_length = 80)]
        pub email: String,
        #[db(max_length = 40)]
        pub city: String,
        pub age: i32,
    }
    #[derive(schemasync::DbTable)]
    #[db(table = "orders")]
    pub struct Order {
        #[db(id)]
        pub id: i64,
        #[db(fk = Person::id, on_delete = cascade)]
        pub buyer: i64,
    }
}

/// Tables and columns under other names.
mod renamed {
    #[derive(schemasync::DbTable)]
    #[db(table = "customers", renamed = "people", check(name = "of_age", sql = "age > 17"))]
    pub struct Customer {
        #[db(id)]
        pub id: i64,
        #[db(unique, max_length = 80, renamed = "email")]
        pub mail: String,
        #[db(index, max_length = 40, renamed = "city")]
        pub town: String,
        pub age: i32,
    }
    #[derive(schemasync::DbTable)]
    #[db(table = "orders")]
    pub struct Order {
        #[db(id)]
        pub id: i64,
        #[db(fk = Customer::id, renamed = "buyer")]
        pub customer: i64,
    }
}

mod renamed_and_bare {
    #[derive(schemasync::DbTable)]
    #[db(table = "customers")]
    pub struct Customer {
        #[db(id)]
        pub id: i64,
        #[db(max_length = 80)]
        pub mail: String,
        #[db(max_length = 40)]
        pub town: String,
        pub age: i32,
    }
    #[derive(schemasync::DbTable)]
    #[db(table = "orders")]
    pub struct Order {
        #[db(id)]
        pub id: i64,
        pub customer: i64,
    }
}

scenario!(m1_what_was_adopted_is_not_listed_as_unmanaged, |db| {
    db.exec(SHOP).await;
    let before = db.dump().await;
    let plan = db.plan(schema![v1::Person, v1::Order]).await;
    assert!(plan.is_empty(), "{plan}");
    let report = db.sync(schema![v1::Person, v1::Order]).await;
    for table in ["people", "orders"] {
        let entry = report.entries.iter().find(|entry| entry.name() == table);
        assert!(entry.is_none_or(|entry| entry.unmanaged.is_empty()), "{}", *report);
    }
    assert_eq!(db.dump().await, before, "the first sync changes nothing");
});

scenario!(m1_what_was_adopted_goes_when_the_model_drops_it, |db| {
    db.exec(SHOP).await;
    db.sync(schema![v1::Person, v1::Order]).await;
    db.sync(schema![bare::Person, bare::Order]).await;
    let indexes = db.indexes("people").await;
    assert!(!indexes.iter().any(|index| index.contains("city") || index.contains("email")), "{indexes:?}");
    assert!(db.foreign_keys("orders").await.is_empty());
    db.exec("INSERT INTO people VALUES (2, 'a', 'Bonn', 3); INSERT INTO orders VALUES (2, 77)").await;
    assert_eq!(db.rows("SELECT id, email, age FROM people ORDER BY id").await, [["1", "'a'", "30"], ["2", "'a'", "3"]]);
});

scenario!(m1_what_was_adopted_changes_and_has_no_twin, |db| {
    db.exec(SHOP).await;
    db.sync(schema![v1::Person, v1::Order]).await;
    let before = (db.indexes("people").await.len(), db.foreign_keys("orders").await.len());
    db.sync(schema![changed::Person, changed::Order]).await;
    assert_eq!((db.indexes("people").await.len(), db.foreign_keys("orders").await.len()), before, "no twins");
    assert_says(db.foreign_keys("orders").await.join(", ").to_lowercase(), &["cascade"]);
    assert!(db.try_exec("INSERT INTO people VALUES (2, 'b', 'Bonn', 19)").await.is_err(), "the new check binds");
    db.exec("INSERT INTO people VALUES (2, 'b', 'Bonn', 21)").await;
    assert!(
        db.try_exec("INSERT INTO people VALUES (3, 'b', 'Bonn', 21)").await.is_err(),
        "the unique one is still there"
    );
    // And back, from what the base remembers by now.
    db.sync_with(schema![v1::Person, v1::Order], |sync| sync.allow_revert(true)).await;
    assert!(!db.foreign_keys("orders").await.join(", ").to_lowercase().contains("cascade"));
    db.exec("INSERT INTO people VALUES (4, 'd', 'Bonn', 19)").await;
    db.sync(schema![bare::Person, bare::Order]).await;
    db.exec("INSERT INTO people VALUES (5, 'd', 'Bonn', 2)").await;
});

scenario!(m1_what_was_adopted_keeps_its_name_when_it_changes, |db| {
    db.exec(SHOP).await;
    db.sync(schema![v1::Person, v1::Order]).await;
    db.sync(schema![changed::Person, changed::Order]).await;
    assert_says(db.indexes("people").await.join(", "), &["by_city"]);
    let dump = db.dump().await;
    if db.supports(Feature::AlterColumn) {
        assert_says(&dump, &["bought_by", "of_age"]);
    }
    assert!(!dump.contains("schemasync__"), "{dump}");
});

scenario!(m1_what_was_adopted_follows_renames_of_its_table_and_columns, |db| {
    db.exec(SHOP).await;
    db.sync(schema![v1::Person, v1::Order]).await;
    let indexes = db.indexes("people").await.len();
    db.sync(schema![renamed::Customer, renamed::Order]).await;
    assert_eq!(db.indexes("customers").await.len(), indexes, "no twins");
    assert_eq!(db.foreign_keys("orders").await.len(), 1, "no twins");
    assert!(db.try_exec("INSERT INTO customers VALUES (2, 'a', 'Bonn', 30)").await.is_err());
    db.sync(schema![renamed_and_bare::Customer, renamed_and_bare::Order]).await;
    assert!(db.foreign_keys("orders").await.is_empty());
    db.exec("INSERT INTO customers VALUES (2, 'a', 'Bonn', 3)").await;
    assert_eq!(db.rows("SELECT id FROM customers ORDER BY id").await, [["1"], ["2"]]);
});

scenario!(m1_what_the_model_did_not_describe_at_the_adoption_stays, |db| {
    db.exec(SHOP).await;
    let report = db.sync(schema![bare::Person, bare::Order]).await;
    assert_says(found(&report.entries, "people").unmanaged.join(", "), &["by_city", "> 17"]);
    assert_says(found(&report.entries, "orders").unmanaged.join(", "), &["foreign key (buyer)"]);
    let before = db.dump().await;
    // Described later, it satisfies the model; it does not become ours by that.
    db.sync(schema![v1::Person, v1::Order]).await;
    assert_eq!(db.dump().await, before);
    db.sync_with(schema![bare::Person, bare::Order], |sync| sync.allow_revert(true)).await;
    assert_eq!(db.dump().await, before);
});

scenario!(m1_a_key_that_still_binds_beside_the_models_is_warned_of, |db| {
    db.exec(SHOP).await;
    let report = db.sync(schema![changed::Person, changed::Order]).await;
    assert_says(found(&report.entries, "orders").warnings.join(", "), &["foreign key", "(buyer)", "still binds"]);
    assert_says(found(&report.entries, "people").warnings.join(", "), &["of_age", "still binds"]);
});

scenario!(m1_a_column_goes_with_the_adopted_index_on_it, |db| {
    mod without {
        #[derive(schemasync::DbTable)]
        #[db(table = "people", check(name = "of_age", sql = "age > 17"))]
        pub struct Person {
            #[db(id)]
            pub id: i64,
            pub age: i32,
        }
    }
    db.exec(SHOP).await;
    db.sync(schema![v1::Person, v1::Order]).await;
    db.sync(schema![without::Person, v1::Order]).await;
    assert_eq!(db.columns("people").await, ["id", "age"]);
    assert_eq!(db.rows("SELECT id, age FROM people").await, [["1", "30"]]);
});

scenario!(m1_safe_mode_remembers_what_was_adopted, |db| {
    db.exec(SHOP).await;
    db.sync(schema![v1::Person, v1::Order]).await;
    db.sync_with(schema![bare::Person, bare::Order], |sync| sync.safe(true)).await;
    db.sync(schema![bare::Person, bare::Order]).await;
    assert!(db.foreign_keys("orders").await.is_empty());
    let indexes = db.indexes("people").await;
    assert!(!indexes.iter().any(|index| index.contains("city")), "{indexes:?}");
});

scenario!(m1_an_adopted_index_that_somebody_dropped_comes_back_under_its_name, |db| {
    db.exec(SHOP).await;
    db.sync(schema![v1::Person, v1::Order]).await;
    if db.try_exec("DROP INDEX by_city").await.is_err() {
        db.exec("DROP INDEX by_city ON people").await;
    }
    let drift = db.syncing(&schema![v1::Person, v1::Order]).drift().await.expect("drift");
    assert_eq!(drift.entries[0].indexes_dropped, ["by_city"]);
    db.sync_with(schema![v1::Person, v1::Order], |sync| sync.force(true)).await;
    assert_says(db.indexes("people").await.join(", "), &["by_city: (city)"]);
});

scenario!(m1_what_is_adopted_is_no_drift, |db| {
    db.exec(SHOP).await;
    db.sync(schema![v1::Person, v1::Order]).await;
    let drift = db.syncing(&schema![v1::Person, v1::Order]).drift().await.expect("drift");
    assert!(drift.is_empty() && drift.entries.is_empty(), "{drift:?}");
});

scenario!(m1_a_table_that_is_given_back_stays_as_it_is, |db| {
    db.exec(SHOP).await;
    db.sync(schema![v1::Person, v1::Order]).await;
    let before = db.dump().await;
    let model = schema![v1::Person, v1::Order];
    let error = db.syncing(&model).forget(&["orders", "nothing"]).await.expect_err("there is no such table");
    assert!(matches!(error, Error::NotManaged { .. }), "{error}");
    db.syncing(&model).forget(&["orders"]).await.expect("giving back");
    let report = db.sync(schema![v1::Person]).await;
    assert_says(report.unmanaged.join(", "), &["orders"]);
    assert_eq!(db.dump().await, before);
    // A model that has it again adopts it again.
    db.sync(model).await;
    assert_eq!(db.dump().await, before);
    db.sync(schema![v1::Person, bare::Order]).await;
    assert!(db.foreign_keys("orders").await.is_empty());
});

scenario!(sqlite: m1_constraints_without_names_are_adopted, |db| {
    db.exec("CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, city TEXT NOT NULL, age INTEGER NOT NULL CHECK (age > 17), UNIQUE (city, age));
        CREATE INDEX by_city ON people (city);
        CREATE TABLE orders (id INTEGER PRIMARY KEY, buyer INTEGER NOT NULL REFERENCES people (id))").await;
    db.exec("INSERT INTO people VALUES (1, 'a', 'Bonn', 30); INSERT INTO orders VALUES (1, 1)").await;
    db.sync(schema![v1::Person, v1::Order]).await;
    db.sync(schema![changed::Person, changed::Order]).await;
    assert_eq!(db.foreign_keys("orders").await.len(), 1);
    assert!(db.try_exec("INSERT INTO people VALUES (2, 'b', 'Bonn', 19)").await.is_err());
    db.exec("INSERT INTO people VALUES (2, 'b', 'Bonn', 21)").await;
    assert!(db.try_exec("INSERT INTO people VALUES (3, 'c', 'Bonn', 21)").await.is_err(), "the pair was never described");
    db.sync(schema![bare::Person, bare::Order]).await;
    assert!(db.foreign_keys("orders").await.is_empty());
    db.exec("INSERT INTO people VALUES (3, 'b', 'Bonn', 2)").await;
    assert!(db.try_exec("INSERT INTO people VALUES (4, 'c', 'Bonn', 2)").await.is_err(), "the pair was never described");
});

scenario!(postgres: m1_an_adopted_key_keeps_its_deferral_when_its_action_changes, |db| {
    db.exec(&SHOP.replace("REFERENCES people (id)", "REFERENCES people (id) DEFERRABLE INITIALLY DEFERRED")).await;
    db.sync(schema![v1::Person, v1::Order]).await;
    db.sync(schema![changed::Person, changed::Order]).await;
    let key = db.rows("SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'orders'::regclass AND contype = 'f'").await;
    assert_eq!(key.len(), 1);
    assert_says(key[0].join(" "), &["bought_by", "ON DELETE CASCADE", "DEFERRABLE INITIALLY DEFERRED"]);
});

scenario!(postgres: m1_adopted_parts_change_online, |db| {
    db.exec(SHOP).await;
    db.sync(schema![v1::Person, v1::Order]).await;
    db.sync_with(schema![changed::Person, changed::Order], |sync| sync.online(true)).await;
    assert_eq!(db.foreign_keys("orders").await.len(), 1);
    assert_says(db.indexes("people").await.join(", "), &["by_city"]);
    db.sync_with(schema![bare::Person, bare::Order], |sync| sync.online(true)).await;
    assert!(db.foreign_keys("orders").await.is_empty());
});

scenario!(postgres: m1_a_check_that_was_not_validated_is_left_alone, |db| {
    db.exec(&SHOP.replace(", CONSTRAINT of_age CHECK (age > 17)", "")).await;
    db.exec("INSERT INTO people VALUES (9, 'z', 'Ulm', 3); ALTER TABLE people ADD CONSTRAINT of_age CHECK (age > 17) NOT VALID").await;
    let before = db.dump().await;
    db.sync(schema![v1::Person, v1::Order]).await;
    assert_eq!(db.dump().await, before);
});

scenario!(m1_what_was_adopted_stays_when_the_types_under_it_change, |db| {
    mod wider {
        #[derive(schemasync::DbTable)]
        #[db(table = "people", sync_method = recreate, check(name = "of_age", sql = "age > 17"))]
        pub struct Person {
            #[db(id)]
            pub id: i64,
            #[db(unique, max_length = 90)]
            pub email: String,
            #[db(index, max_length = 50)]
            pub city: String,
            pub age: i64,
        }
    }
    db.exec(SHOP).await;
    db.sync(schema![v1::Person, v1::Order]).await;
    let (indexes, keys) = (db.indexes("people").await, db.foreign_keys("orders").await);
    db.sync(schema![wider::Person, v1::Order]).await;
    assert_eq!((db.indexes("people").await, db.foreign_keys("orders").await), (indexes, keys));
    assert!(db.try_exec("INSERT INTO people VALUES (2, 'b', 'Bonn', 3)").await.is_err());
    db.sync(schema![bare::Person, bare::Order]).await;
    assert!(db.foreign_keys("orders").await.is_empty());
});

scenario!(m1_a_table_that_a_document_calls_external_is_left_alone, |db| {
    use schemasync::Schema;
    let json = |external: &str| {
        let tables = format!(
            r#"{{"schemasync": 1, "tables": [{{"name": "orders", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "buyer", "type": "int64"}}], "primary_key": "id", "foreign_keys": [{{"columns": "buyer", "target": "people", "target_columns": "id"}}]}}, {{"name": "people", {external}}}]}}"#
        );
        Schema::from_json(&tables).unwrap_or_else(|error| panic!("{error}"))
    };
    db.sync(schema![v1::Person, v1::Order]).await;
    db.exec("INSERT INTO people VALUES (1, 'a', 'Bonn', 30); INSERT INTO orders VALUES (1, 1)").await;
    let before = db.dump().await;
    // It was managed, and is given back by that.
    db.sync(json(r#""external": true"#)).await;
    assert_eq!(db.dump().await, before);
    let report = db.sync(schema![bare::Order]).await;
    assert_says(report.unmanaged.join(", "), &["people"]);
    assert_eq!(db.rows("SELECT id, age FROM people").await, [["1", "30"]]);
    let report = db.run(json(r#""external": true, "columns": [{"name": "wings", "type": "text"}]"#)).await;
    assert!(!report.has_errors(), "{report}");
    assert_says(report.to_string(), &["people", "is missing columns: wings"]);
    let error =
        Schema::from_json(r#"{"schemasync": 1, "tables": [{"name": "t", "external": true, "primary_key": "id"}]}"#)
            .expect_err("it says too much");
    assert_says(error.to_string(), &["t is external"]);
});

scenario!(postgres: m1_what_a_dump_leaves_out_stays, |db| {
    db.exec("CREATE TABLE measured (at date NOT NULL, v int) PARTITION BY RANGE (at); CREATE TABLE measured_1 PARTITION OF measured FOR VALUES FROM ('2024-01-01') TO ('2025-01-01'); CREATE TABLE nothing ()").await;
    db.exec("INSERT INTO measured VALUES ('2024-02-03', 1)").await;
    db.sync(schema![bare::Order]).await;
    let before = db.dump().await;
    let (pulled, notes) = schemasync::Schema::from_database(&db.pool).await.expect("pulling");
    assert_says(notes.join(", "), &["measured", "nothing"]);
    let external: Vec<&str> = pulled.tables.iter().filter(|table| table.external).map(|table| table.name.as_str()).collect();
    assert_eq!(external, ["measured", "measured_1", "nothing"]);
    assert_says(schemasync::cli::pull::rust_source(&pulled, &notes), &[".external(\"measured\")"]);
    db.sync(schemasync::Schema::from_json(&pulled.to_json()).expect("its own document")).await;
    assert_eq!(db.dump().await, before);
});

scenario!(postgres: m1_what_the_server_prints_otherwise_the_second_time_has_no_twin, |db| {
    db.exec("CREATE TABLE t (id bigint PRIMARY KEY, s varchar(9) NOT NULL, CONSTRAINT known CHECK (s IN ('a', 'b'))); CREATE INDEX few ON t (id) WHERE s IN ('a', 'b'); INSERT INTO t VALUES (1, 'a')").await;
    let before = db.dump().await;
    let (pulled, notes) = schemasync::Schema::from_database(&db.pool).await.expect("pulling");
    assert_eq!(notes, Vec::<String>::new());
    assert_eq!((pulled.tables[0].checks.len(), pulled.tables[0].indexes.len()), (1, 1));
    db.sync(pulled.clone()).await;
    assert_eq!(db.dump().await, before);
    // What a person writes is the same, too.
    let mut written = pulled;
    written.tables[0].checks[0].sql = "s in ('a','b')".into();
    written.tables[0].indexes[0].predicate = Some("s in ('a','b')".into());
    db.sync(written).await;
    assert_eq!(db.dump().await, before);
});

/// Two tables, columns and indexes whose names differ in case only.
const CASES: &str = r#"{"schemasync": 1, "tables": [
    {"name": "log", "columns": [{"name": "id", "type": "int64"}, {"name": "ID", "type": "int64"}], "primary_key": "id", "indexes": [{"name": "ID", "parts": ["ID"]}, {"name": "id", "parts": ["id"]}]},
    {"name": "Log", "columns": [{"name": "id", "type": "int64"}], "primary_key": "id", "indexes": [{"name": "id", "parts": ["id"]}]}]}"#;

scenario!(postgres: m1_names_that_differ_in_case_only_are_two_where_the_database_takes_them, |db| {
    let model = schemasync::Schema::from_json(CASES).expect("a document");
    db.sync(model).await;
    let (pulled, notes) = schemasync::Schema::from_database(&db.pool).await.expect("pulling");
    assert_eq!(notes, Vec::<String>::new());
    assert_eq!(pulled.tables.iter().map(|table| (table.columns.len(), table.indexes.len())).collect::<Vec<_>>(), [(1, 1), (2, 2)]);
    let plan = db.plan(pulled.clone()).await;
    assert!(plan.is_empty(), "{plan}");
    assert_says(schemasync::cli::pull::rust_source(&pulled, &[]), &["pub id: i64", "column = \"ID\"", "pub id_2: i64"]);
});

scenario!(sqlite: m1_names_that_differ_in_case_only_are_an_error_where_they_are_one, |db| {
    let report = db.run(schemasync::Schema::from_json(CASES).expect("a document")).await;
    assert!(report.has_errors());
    assert_says(report.to_string(), &["\"id\" and column \"ID\" have one name", "\"Log\" and \"log\" have one name"]);
});
