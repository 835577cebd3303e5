//! What is about PostgreSQL alone. Rules that hold on every database are in the scenarios.

#![allow(missing_docs, reason = "tests")]

use schemasync::{Error, RunStatus, Schema, SchemaSync};
use schemasync_tests::{Postgres, TestDatabase, assert_says, errors, found, scenario};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, PgPool};
use std::str::FromStr;
use std::time::Duration;

/// A model from the tables (and views) of a schema document.
fn model(tables: &str) -> Schema {
    let (tables, views) = tables.split_once("VIEWS").unwrap_or((tables, ""));
    let json = format!("{{\"schemasync\": 1, \"tables\": [{tables}], \"views\": [{views}]}}");
    Schema::from_json(&json).unwrap_or_else(|error| panic!("{error}\n{json}"))
}

/// A table `users` with these columns beside its key.
fn users(columns: &str) -> Schema {
    let comma = if columns.is_empty() { "" } else { "," };
    model(&format!(
        "{{\"name\": \"users\", \"columns\": [{{\"name\": \"id\", \"type\": \"int64\"}}{comma}{columns}], \"primary_key\": [\"id\"]}}"
    ))
}

/// A pool of the same database whose sessions begin with these settings.
async fn pool_with(db: &Postgres, settings: &[(&str, &str)]) -> PgPool {
    let options = db.options().options(settings.iter().map(|(key, value)| (*key, (*value).to_owned())));
    PgPoolOptions::new().max_connections(5).connect_with(options).await.expect("connecting")
}

async fn settled(pool: &PgPool, schema: &Schema) {
    let plan = SchemaSync::new(pool).schema(schema.clone()).plan().await.unwrap();
    assert!(plan.is_empty(), "{plan}\n{}", plan.to_sql());
    let second = SchemaSync::new(pool).schema(schema.clone()).force(true).run_report().await.unwrap();
    assert_eq!(second.status, RunStatus::UpToDate, "{second}");
}

const EVERYTHING: &str = r#"{
  "name": "things", "comment": "It's everything.",
  "columns": [
    {"name": "id", "type": "int64", "default": {"increment": 100}},
    {"name": "yes", "type": "bool", "default": true},
    {"name": "tiny", "type": "int8", "default": 5},
    {"name": "small", "type": "int16", "default": -5},
    {"name": "middle", "type": "int32", "default": 2147483647},
    {"name": "big", "type": "int64", "default": -9223372036854775808},
    {"name": "u8", "type": "uint8", "default": 255},
    {"name": "u16", "type": "uint16", "default": 65535},
    {"name": "u32", "type": "uint32", "default": 4294967295},
    {"name": "u64", "type": "uint64", "default": 18446744073709551615},
    {"name": "f32", "type": "float32", "default": 1.5},
    {"name": "f64", "type": "float64", "default": -1e300},
    {"name": "words", "type": "text", "default": {"text": "it's \\ here"}, "comment": "A \"comment\"."},
    {"name": "short", "type": {"varchar": 10}, "default": {"text": "x"}, "collate": "binary"},
    {"name": "letter", "type": "char", "nullable": true},
    {"name": "bytes", "type": "bytes", "nullable": true},
    {"name": "uuid", "type": "uuid", "default": "uuid"},
    {"name": "day", "type": "date", "default": "now"},
    {"name": "time", "type": "time", "default": "now"},
    {"name": "moment", "type": "date_time", "default": "now"},
    {"name": "instant", "type": "timestamp", "default": "now"},
    {"name": "millis", "type": "int64", "default": "now"},
    {"name": "price", "type": {"decimal": [10, 2]}, "default": 0},
    {"name": "amount", "type": "decimal", "nullable": true},
    {"name": "document", "type": "json", "default": {"sql": "'{\"b\": 1, \"a\": 2}'"}},
    {"name": "tags", "type": {"array": "text"}, "default": {"text": "{}"}},
    {"name": "numbers", "type": {"array": "int64"}, "nullable": true},
    {"name": "tier", "type": {"enum": {"name": "tier", "variants": ["free", "paid"]}}, "default": {"text": "free"}},
    {"name": "email", "type": "text", "collate": "nocase"},
    {"name": "name", "type": "text", "collate": "unicode", "nullable": true},
    {"name": "secret", "type": "int64", "encrypted": true},
    {"name": "address", "type": "text", "native": {"postgres": {"type": "INET"}}, "nullable": true},
    {"name": "bits", "type": "text", "native": {"postgres": {"type": "varbit(8)"}}, "default": {"sql": "B'101'"}},
    {"name": "shout", "type": "text", "generated": {"sql": "upper(words) || '!'", "stored": true}},
    {"name": "mind", "type": {"vector": 384}, "nullable": true},
    {"name": "mind_big", "type": {"vector": 3072}, "nullable": true},
    {"name": "place", "type": "geo_point", "nullable": true}
  ],
  "primary_key": ["id"],
  "indexes": [
    {"name": "email", "kind": "unique", "parts": ["email"], "include": ["tier"]},
    {"name": "recent", "parts": [{"column": "tier"}, {"column": "instant", "order": "desc"}], "where": "tier IN ('paid', 'free') and price > 1"},
    {"name": "folded", "parts": [{"expression": "lower(words)"}, {"column": "price"}]},
    {"name": "search", "kind": "fulltext", "parts": [{"column": "words", "weight": 10}, {"column": "name", "weight": 2}]},
    {"name": "mind", "kind": {"vector": {"dimensions": 384, "similarity": "cosine", "threshold": 0.7}}, "parts": ["mind"]},
    {"name": "mind_big", "kind": {"vector": {"dimensions": 3072, "similarity": "euclidean"}}, "parts": ["mind_big"]},
    {"name": "place", "kind": "geo", "parts": ["place"]}
  ],
  "checks": [{"name": "sane", "sql": "price >= 0 AND tier IN ('free', 'paid')"}],
  "options": {"postgres": {"fillfactor": 80}}
}"#;

scenario!(postgres: every_type_default_index_and_option_comes_back_as_it_went, |db| {
    let mut schema = model(EVERYTHING);
    for (extension, columns) in [("vector", &["mind", "mind_big"][..]), ("postgis", &["place"])] {
        if !db.has_extension(extension).await {
            let things = &mut schema.tables[0];
            things.columns.retain(|column| !columns.contains(&column.name.as_str()));
            things.indexes.retain(|index| !columns.contains(&index.name.as_str()));
        }
    }
    let report = db.sync(schema.clone()).await;
    assert!(found(&report.entries, "things").withheld.is_empty(), "{report}");
    db.exec("INSERT INTO things (email, secret) VALUES ('A@b', 'x')").await;
    assert!(db.try_exec("INSERT INTO things (email, secret) VALUES ('a@B', 'x')").await.is_err(), "nocase");
    assert_eq!(db.value("SELECT id FROM things").await, "100");
    assert_eq!(db.texts("SELECT u64::text || shout || (millis > 1700000000000)::text FROM things").await, ["18446744073709551615IT'S \\ HERE!true"]);
    assert_eq!(db.texts("SELECT obj_description('things'::regclass)").await, ["It's everything."]);
    settled(&db.pool, &schema).await;
});

scenario!(postgres: the_model_of_the_live_database_can_be_had, |db| {
    db.sync(users(r#"{"name": "email", "type": "text"}, {"name": "at", "type": "timestamp", "default": "now"}"#)).await;
    let (schema, notes) = Schema::from_database(&db.pool).await.unwrap();
    assert_eq!(schema.tables.len(), 1, "{notes:?}");
    assert_eq!(schema.tables[0].columns.len(), 3);
});

scenario!(postgres: types_change_in_place_both_ways, |db| {
    let with = |ty: &str| users(&format!(r#"{{"name": "v", "type": {ty}, "default": {{"sql": "NULL"}}, "nullable": true}}"#));
    let sync = async |ty: &str| db.sync_with(with(ty), |sync| sync.allow_revert(true)).await;
    sync("\"text\"").await;
    db.exec("INSERT INTO users VALUES (1, '42'), (2, NULL), (3, '-7')").await;
    let types = ["\"int16\"", "\"int64\"", "\"float64\"", "{\"decimal\": [12, 3]}", "\"int32\"", "{\"varchar\": 5}", "\"text\"", "\"uint64\"", "\"text\""];
    let numbers = types.iter().filter(|ty| **ty != "\"uint64\"");
    for ty in numbers {
        sync(ty).await;
        assert_eq!(db.texts("SELECT v::numeric::integer FROM users ORDER BY id").await, ["42", "", "-7"], "{ty}");
    }
    for (text, ty) in [
        ("2024-02-29", "\"date\""),
        ("2024-02-29 12:30:00", "\"date_time\""),
        ("2024-02-29 12:30:00+00", "\"timestamp\""),
        ("12:30:00", "\"time\""),
        ("0b0b9a4e-7d5a-4f0e-9a9b-0d4d8c6a1b2c", "\"uuid\""),
        ("{\"a\": 1}", "\"json\""),
        ("{a,b}", "{\"array\": \"text\"}"),
        ("true", "\"bool\""),
    ] {
        db.exec(&format!("UPDATE users SET v = '{text}'")).await;
        sync(ty).await;
        sync("\"text\"").await;
        assert_eq!(db.texts("SELECT v FROM users WHERE id = 1").await, [text], "{ty}");
        db.exec("UPDATE users SET v = 'nonsense' WHERE id = 2").await;
        let report = db.syncing(&with(ty)).allow_revert(true).run_report().await.unwrap();
        if db.version < 160_000 && matches!(ty, "\"json\"" | "{\"array\": \"text\"}") {
            // Nothing but the conversion itself can tell.
            assert_says(errors(&report, "users"), &["in: ALTER TABLE"]);
        } else {
            assert_says(errors(&report, "users"), &["1 value cannot be converted", "nonsense", "id = 2"]);
        }
    }
});

scenario!(postgres: a_conversion_that_would_lose_is_counted, |db| {
    let with = |ty: &str| users(&format!(r#"{{"name": "v", "type": {ty}}}"#));
    for (ty, good, bad, to) in [
        ("\"int64\"", "7", "70000", "\"int16\""),
        ("\"float64\"", "7", "7.5", "\"int64\""),
        ("\"float64\"", "0.5", "0.1", "\"float32\""),
        ("\"decimal\"", "1.25", "1.255", "{\"decimal\": [5, 2]}"),
        ("\"text\"", "'abc'", "'abcdef'", "{\"varchar\": 5}"),
        ("\"date_time\"", "'2024-01-01'", "'2024-01-01 10:00'", "\"date\""),
        ("\"int64\"", "1", "2", "\"bool\""),
        ("\"int64\"", "9007199254740992", "9007199254740993", "\"float64\""),
        ("\"text\"", "'1.5'", "'1.55'", "{\"decimal\": [3, 1]}"),
        ("\"text\"", "'12'", "'12x'", "\"uint64\""),
    ] {
        db.exec("DROP TABLE IF EXISTS users").await;
        let first = db.syncing(&with(ty)).allow_revert(true).run_report().await.unwrap();
        assert!(!first.has_errors(), "{first}");
        db.exec(&format!("INSERT INTO users VALUES (1, {good}), (2, {bad})")).await;
        let before = db.dump().await;
        let report = db.syncing(&with(to)).allow_revert(true).run_report().await.unwrap();
        assert_says(errors(&report, "users"), &["1 value cannot be converted", "id = 2"]);
        assert_eq!(db.dump().await, before);
        db.exec("DELETE FROM users WHERE id = 2").await;
        let report = db.syncing(&with(to)).allow_revert(true).run_report().await.unwrap();
        assert!(!report.has_errors(), "{ty} -> {to}: {report}");
        assert_eq!(db.value("SELECT count(*) FROM users").await, "1");
    }
});

scenario!(postgres: views_of_others_survive_a_new_type_with_grants_and_comments, |db| {
    let role = format!("{}_reader", db.name);
    db.exec(&format!("CREATE ROLE {role}")).await;
    db.sync(users(r#"{"name": "age", "type": "text"}"#)).await;
    db.exec("INSERT INTO users VALUES (1, '30')").await;
    db.exec("CREATE VIEW ages WITH (security_barrier) AS SELECT id, age FROM users WHERE age <> ''; CREATE MATERIALIZED VIEW old AS SELECT * FROM ages; CREATE INDEX old_age ON old (age); CREATE SCHEMA far; CREATE VIEW far.away AS SELECT count(*) FROM old").await;
    db.exec(&format!("GRANT SELECT ON ages TO {role}; COMMENT ON VIEW ages IS 'theirs'; COMMENT ON COLUMN ages.age IS 'old?'")).await;
    let before = db.dump().await;
    db.exec("DROP VIEW far.away; DROP MATERIALIZED VIEW old; DROP VIEW ages; CREATE VIEW ages WITH (security_barrier) AS SELECT id, age FROM users; CREATE MATERIALIZED VIEW old AS SELECT * FROM ages; CREATE INDEX old_age ON old (age); CREATE VIEW far.away AS SELECT count(*) FROM old").await;
    db.exec(&format!("GRANT SELECT ON ages TO {role}; COMMENT ON VIEW ages IS 'theirs'; COMMENT ON COLUMN ages.age IS 'old?'")).await;
    assert_ne!(db.dump().await, before);
    let report = db.sync(users(r#"{"name": "age", "type": "int64"}"#)).await;
    let after = db.dump().await;
    assert_says(&after, &["far.away view", "old_age", "security_barrier = true } theirs", "comment old ?", &format!("{role} = r /")]);
    assert_eq!(db.rows("SELECT age FROM old").await, [["30"]]);
    assert!(report.statements.iter().any(|sql| sql.contains("DROP MATERIALIZED VIEW")), "{report}");
    let report = db.run(users("")).await;
    assert_says(errors(&report, "users"), &["age", "view \"ages\""]);
    db.exec(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).await;
});

scenario!(postgres: views_over_views_go_and_come_together, |db| {
    let table = |ty: &str| format!(r#"{{"name": "users", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "age", "type": "{ty}"}}], "primary_key": "id"}}"#);
    let query = |ty: &str, columns: &str, condition: &str| model(&format!(
        r#"{} VIEWS {{"name": "a_top", "sql": "SELECT id FROM z_low WHERE id > 0"}}, {{"name": "z_low", "sql": "SELECT {columns} FROM users WHERE {condition}"}}"#,
        table(ty)
    ));
    let with = |ty: &str, condition: &str| query(ty, "id, age", condition);
    db.sync(with("int32", "age IN (1, 2)")).await;
    db.exec("INSERT INTO users VALUES (1, 2)").await;
    db.sync(with("int64", "age IN (1, 2)")).await;
    db.sync(with("int64", "age > 1")).await;
    assert_eq!(db.rows("SELECT id FROM a_top").await, [["1"]]);
    db.exec("CREATE VIEW theirs AS SELECT id FROM a_top").await;
    // Its columns stay: it is replaced under the unmanaged view.
    db.sync(with("int64", "age > 2")).await;
    assert!(db.rows("SELECT id FROM theirs").await.is_empty());
    db.exec("UPDATE users SET age = 3").await;
    assert_eq!(db.rows("SELECT id FROM theirs").await, [["1"]]);
    // Here it would have to be dropped.
    let report = db.run(query("int64", "age, id", "age > 2")).await;
    assert!(report.has_errors());
    assert_says(report.to_string(), &["z_low", "theirs", "is unmanaged"]);
    assert_eq!(db.rows("SELECT id FROM theirs").await, [["1"]]);
});

scenario!(postgres: schemas_are_made_and_keys_cross_them, |db| {
    let schema = model(r#"{"name": "users", "schema": "auth", "columns": [{"name": "id", "type": "int64"}], "primary_key": "id"},
      {"name": "posts", "columns": [{"name": "id", "type": "int64"}, {"name": "user_id", "type": "int64"}], "primary_key": "id",
       "foreign_keys": [{"columns": "user_id", "target_schema": "auth", "target": "users", "target_columns": "id"}]}"#);
    let report = db.sync(schema.clone()).await;
    assert_eq!(report.entries.iter().map(schemasync::Entry::name).collect::<Vec<_>>(), ["auth.users", "posts"]);
    let foreign = db.texts("SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f'").await;
    assert_eq!(foreign, ["posts FOREIGN KEY (user_id) REFERENCES auth.users(id)"]);
});

scenario!(postgres: a_search_path_elsewhere_has_its_own_tables, |db| {
    db.exec("CREATE SCHEMA app; CREATE SCHEMA extensions; CREATE EXTENSION citext SCHEMA extensions; CREATE TABLE public.users (id text)").await;
    let pool = pool_with(db, &[("search_path", "nowhere,app,public")]).await;
    let schema = users(r#"{"name": "email", "type": "text", "collate": "nocase", "default": {"text": "x"}}"#);
    let first = SchemaSync::new(&pool).schema(schema.clone()).run_report().await.unwrap();
    assert!(!first.has_errors(), "{first}");
    settled(&pool, &schema).await;
    assert_eq!(db.texts("SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'public.users'::regclass AND attnum > 0").await, ["text"]);
    assert_eq!(db.texts("SELECT count(*) FROM app.users").await, ["0"]);
    assert_eq!(db.texts("SELECT count(*) FROM app.__schemasync_state").await, ["1"]);
    // A temporary table of that name is nobody's business.
    let mut connection = pool.acquire().await.unwrap();
    sqlx::raw_sql("CREATE TEMP TABLE users (id text); CREATE TEMP TABLE __schemasync_state (namespace text)").execute(&mut *connection).await.unwrap();
    let report = SchemaSync::new(&mut connection).schema(schema).force(true).run_report().await.unwrap();
    assert_eq!(report.status, RunStatus::UpToDate, "{report}");
    drop(connection);
    pool.close().await;
});

scenario!(postgres: s3_the_state_moves_with_its_schema_and_another_schemas_state_does_not_count, |db| {
    db.exec("CREATE SCHEMA app; CREATE SCHEMA other").await;
    let schema = users(r#"{"name": "email", "type": "text"}"#);
    let pool = pool_with(db, &[("search_path", "app")]).await;
    let first = SchemaSync::new(&pool).schema(schema.clone()).run_report().await.unwrap();
    assert!(!first.has_errors(), "{first}");
    pool.close().await;
    db.exec("INSERT INTO app.users VALUES (1, 'a@b.c'); ALTER SCHEMA app RENAME TO shop").await;
    // Under its new name it is the same database: looked at once, then known.
    let pool = pool_with(db, &[("search_path", "shop")]).await;
    let looked = SchemaSync::new(&pool).schema(schema.clone()).run_report().await.unwrap();
    assert!(looked.statements.is_empty() && !looked.has_errors(), "{looked}");
    settled(&pool, &schema).await;
    assert_eq!(db.texts("SELECT home FROM shop.__schemasync_state").await, ["shop"]);
    pool.close().await;
    // The search path goes on to it, but there is nothing of ours in the schema that comes first.
    let pool = pool_with(db, &[("search_path", "other,shop")]).await;
    let report = SchemaSync::new(&pool).schema(schema.clone()).run_report().await.unwrap();
    assert_eq!(report.status, RunStatus::Synced, "{report}");
    settled(&pool, &schema).await;
    assert_eq!(db.texts("SELECT count(*) FROM other.users").await, ["0"]);
    assert_eq!(db.texts("SELECT id || email FROM shop.users").await, ["1a@b.c"]);
    pool.close().await;
});

scenario!(postgres: s3_either_state_table_can_be_dropped_alone, |db| {
    let (first, second) = (users(""), users(r#"{"name": "email", "type": "text", "nullable": true}"#));
    db.sync(first.clone()).await;
    db.exec("INSERT INTO users VALUES (1); DROP TABLE __schemasync_history").await;
    assert_eq!(db.run(first.clone()).await.status, RunStatus::UpToDate);
    db.sync(second.clone()).await;
    assert_eq!(db.run(first.clone()).await.status, RunStatus::Superseded, "the state knows what was left behind");
    db.exec("DROP TABLE __schemasync_state").await;
    db.sync(first.clone()).await;
    assert_eq!(db.run(first).await.status, RunStatus::UpToDate);
    assert_eq!(db.texts("SELECT id FROM users").await, ["1"]);
});

scenario!(postgres: a_role_without_create_is_told_so, |db| {
    let role = format!("{}_guest", db.name);
    // Below 15, everybody may create in `public`.
    db.exec(&format!("REVOKE CREATE ON SCHEMA public FROM PUBLIC; CREATE ROLE {role}; GRANT USAGE ON SCHEMA public TO {role}")).await;
    let pool = pool_with(db, &[("role", &role)]).await;
    let schema = users("");
    let report = SchemaSync::new(&pool).schema(schema.clone()).run_report().await;
    let said = match report { Ok(report) => report.to_string(), Err(error) => error.to_string() };
    assert_says(said, &["permission denied"]);
    assert!(db.tables().await.is_empty());
    // With what it may read, it is up to date.
    db.sync(schema.clone()).await;
    db.exec(&format!("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")).await;
    let report = SchemaSync::new(&pool).schema(schema).run_report().await.unwrap();
    assert_eq!(report.status, RunStatus::UpToDate);
    // Without the right to make extensions, the table's entry says what is missing.
    db.exec(&format!("GRANT CREATE ON SCHEMA public TO {role}; GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}; GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {role}")).await;
    let schema = model(r#"{"name": "places", "columns": [{"name": "id", "type": "int64"}, {"name": "at", "type": "geo_point"}], "primary_key": "id"}, {"name": "plain", "columns": [{"name": "id", "type": "int64"}], "primary_key": "id"}"#);
    let report = SchemaSync::new(&pool).namespace("guest").schema(schema).run_report().await.unwrap();
    assert_says(errors(&report, "places"), &["extension", "postgis"]);
    assert!(errors(&report, "plain").is_empty(), "{report}");
    pool.close().await;
    db.exec(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).await;
});

/// Many at once on an empty database.
async fn race(pool: &PgPool, many: usize) {
    let schema = users(r#"{"name": "email", "type": "text"}"#);
    let runs: Vec<_> = (0..many)
        .map(|_| {
            let (pool, schema) = (pool.clone(), schema.clone());
            tokio::spawn(async move { SchemaSync::new(pool).schema(schema).run_report().await })
        })
        .collect();
    let mut synced = 0;
    for run in runs {
        let report = run.await.unwrap().unwrap();
        assert!(!report.has_errors(), "{report}");
        synced += usize::from(report.status == RunStatus::Synced);
    }
    assert_eq!(synced, 1);
}

scenario!(postgres: s5_ten_at_once_and_one_does_the_work, |db| {
    race(&db.pool, 10).await;
    assert_eq!(db.value("SELECT count(*) FROM __schemasync_history").await, "1");
});

scenario!(postgres: s5_behind_a_transaction_pooler, |db| {
    let Some(url) = schemasync_tests::postgres::pgbouncer() else { return };
    let options = PgConnectOptions::from_str(&url).unwrap().database(&db.name);
    let pool = PgPoolOptions::new().max_connections(10).connect_with(options).await.unwrap();
    race(&pool, 10).await;
    let schema = users(r#"{"name": "email", "type": "text", "default": {"sql": "lower('X')"}}, {"name": "age", "type": "int64", "nullable": true}"#);
    let first = SchemaSync::new(&pool).schema(schema.clone()).run_report().await.unwrap();
    assert!(!first.has_errors(), "{first}");
    settled(&pool, &schema).await;
    pool.close().await;
});

scenario!(postgres: s5_the_holder_of_the_lock_is_named, |db| {
    let options = db.options().application_name("the other one");
    let mut holder = sqlx::PgConnection::connect_with(&options).await.unwrap();
    sqlx::raw_sql("BEGIN; SELECT pg_advisory_xact_lock(1935894643, 1)").execute(&mut holder).await.unwrap();
    let error = db.syncing(&users("")).lock_timeout(Duration::from_millis(200)).run_report().await.unwrap_err();
    assert!(matches!(error, Error::LockTimeout { .. }), "{error}");
    assert_says(error.to_string(), &["the other one", "process"]);
    drop(holder);
});

scenario!(postgres: s7_the_callers_transaction_is_refused, |db| {
    let mut transaction = db.pool.begin().await.unwrap();
    let error = SchemaSync::new(&mut transaction).schema(users("")).run_report().await.unwrap_err();
    assert!(matches!(error, Error::InTransaction), "{error}");
    drop(transaction);
    let mut connection = db.connect().await;
    sqlx::raw_sql("BEGIN").execute(&mut connection).await.unwrap();
    let error = SchemaSync::new(&mut connection).schema(users("")).run_report().await.unwrap_err();
    assert!(matches!(error, Error::InTransaction), "{error}");
    assert!(db.tables().await.is_empty());
});

scenario!(postgres: s7_a_cancelled_run_leaves_nothing, |db| {
    db.sync(users("")).await;
    let mut holder = db.connect().await;
    sqlx::raw_sql("BEGIN; LOCK TABLE users IN ACCESS SHARE MODE").execute(&mut holder).await.unwrap();
    let mut connection = db.connect().await;
    let schema = users(r#"{"name": "email", "type": "text", "nullable": true}"#);
    let run = SchemaSync::new(&mut connection).schema(schema.clone()).run_report();
    assert!(tokio::time::timeout(Duration::from_millis(500), run).await.is_err(), "it waits for the table");
    sqlx::raw_sql("ROLLBACK").execute(&mut holder).await.unwrap();
    let report = SchemaSync::new(&mut connection).schema(schema.clone()).run_report().await.unwrap();
    assert_eq!(report.status, RunStatus::Synced);
    settled(&db.pool, &schema).await;
});

scenario!(postgres: a_statement_waits_for_the_locks_of_others_and_tries_again, |db| {
    db.sync(users("")).await;
    let mut holder = db.connect().await;
    sqlx::raw_sql("BEGIN; LOCK TABLE users IN ACCESS SHARE MODE").execute(&mut holder).await.unwrap();
    let waiting = tokio::spawn({
        let sync = db.syncing(&users(r#"{"name": "email", "type": "text", "nullable": true}"#));
        async move { sync.run_report().await }
    });
    tokio::time::sleep(Duration::from_millis(2600)).await;
    sqlx::raw_sql("ROLLBACK").execute(&mut holder).await.unwrap();
    let report = waiting.await.unwrap().unwrap();
    assert_eq!(report.status, RunStatus::Synced, "{report}");
});

scenario!(postgres: the_backend_dies_and_the_next_run_converges, |db| {
    db.sync(users("")).await;
    let mut holder = db.connect().await;
    sqlx::raw_sql("BEGIN; LOCK TABLE users IN ACCESS SHARE MODE").execute(&mut holder).await.unwrap();
    let schema = users(r#"{"name": "email", "type": "text", "nullable": true}"#);
    let running = tokio::spawn({
        let sync = db.syncing(&schema);
        async move { sync.run_report().await }
    });
    tokio::time::sleep(Duration::from_millis(500)).await;
    db.texts("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())").await;
    assert!(running.await.unwrap().is_err());
    sqlx::raw_sql("ROLLBACK").execute(&mut holder).await.unwrap();
    db.sync(schema).await;
});

scenario!(postgres: opaque_tables_are_reported_and_not_touched, |db| {
    db.exec("CREATE TABLE parts (id bigint, at date) PARTITION BY RANGE (at); CREATE TABLE parts_1 PARTITION OF parts DEFAULT").await;
    let report = db.sync(users("")).await;
    assert_says(report.unmanaged.join(" "), &["parts", "parts_1"]);
});

scenario!(postgres: i3_an_invalid_index_is_made_again, |db| {
    let schema = users(r#"{"name": "email", "type": "text"}"#).to_json().replace(
        "\"primary_key\"",
        "\"indexes\": [{\"name\": \"email\", \"parts\": [{\"column\": \"email\"}]}], \"primary_key\"",
    );
    let schema = Schema::from_json(&schema).unwrap();
    db.sync(schema.clone()).await;
    db.exec("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'schemasync__users__email'::regclass").await;
    let report = db.syncing(&schema).force(true).run_report().await.unwrap();
    assert_eq!(report.status, RunStatus::Synced, "{report}");
    assert_eq!(db.damage().await, Vec::<String>::new());
});

scenario!(postgres: renamed_tables_and_columns_rename_what_is_named_after_them, |db| {
    let table = |name: &str, renamed: &str, column: &str, column_renamed: &str| model(&format!(
        r#"{{"name": "{name}"{renamed}, "columns": [{{"name": "id", "type": "int64"}}, {{"name": "{column}"{column_renamed}, "type": "int64", "default": {{"sql": "1 + 1"}}}}], "primary_key": "id",
           "indexes": [{{"name": "{column}", "parts": ["{column}"]}}, {{"name": "x", "parts": [{{"expression": "{column} + 1"}}], "where": "{column} > 0"}}],
           "checks": [{{"name": "positive", "sql": "{column} > 0"}}],
           "foreign_keys": [{{"columns": "{column}", "target": "{name}", "target_columns": "id"}}]}}"#
    ));
    db.sync(table("nodes", "", "up", "")).await;
    db.exec("INSERT INTO nodes VALUES (2, 2)").await;
    let after = table("points", ", \"renamed\": \"nodes\"", "parent", ", \"renamed\": \"up\"");
    let report = db.sync(after.clone()).await;
    assert!(report.statements.iter().all(|sql| sql.contains("RENAME")), "{:#?}", report.statements);
    db.assert_like_new(after).await;
});

/// The names of primary keys and sequences, sorted.
const OWN_NAMES: &str = "SELECT relname FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND (relkind = 'S' OR EXISTS (SELECT 1 FROM pg_index WHERE indexrelid = c.oid AND indisprimary)) AND relname NOT LIKE '\\_\\_schemasync%' ORDER BY 1";

/// A table with an identity column, its only key.
fn counted(name: &str, renamed: &str, column: &str, column_renamed: &str) -> String {
    format!(
        r#"{{"name": "{name}", "renamed": [{renamed}], "columns": [{{"name": "{column}", "renamed": [{column_renamed}], "type": "int64", "default": {{"increment": 1}}}}], "primary_key": "{column}"}}"#
    )
}

scenario!(postgres: names_that_the_server_gave_follow_renames_also_in_a_chain, |db| {
    db.sync(model(&[counted("a", "", "id", ""), counted("b", "", "id", "")].join(","))).await;
    db.exec("INSERT INTO a DEFAULT VALUES").await;
    let long = "ö".repeat(31);
    let after = model(&[counted("b", "\"a\"", "number", "\"id\""), counted(&long, "\"b\"", "id", ""), counted("a", "", "id", "")].join(","));
    let report = db.sync(after.clone()).await;
    let cut = "ö".repeat(29);
    let names = ["a_id_seq", "a_pkey", "b_number_seq", "b_pkey", &format!("{}_id_seq", "ö".repeat(28)), &format!("{cut}_pkey")];
    assert_eq!(db.texts(OWN_NAMES).await, names, "{report}");
    assert!(report.to_string().contains("primary key renamed: a_pkey → b_pkey"), "{report}");
    assert_eq!(db.value("INSERT INTO b DEFAULT VALUES RETURNING number").await, "2");
    db.assert_like_new(after.clone()).await;
    settled(&db.pool, &after).await;
});

scenario!(postgres: names_that_somebody_chose_or_that_are_taken_stay, |db| {
    db.exec("CREATE TABLE a (id bigint GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME my_numbers), CONSTRAINT my_key PRIMARY KEY (id))").await;
    db.sync(model(&[counted("a", "", "id", ""), counted("b", "", "id", "")].join(","))).await;
    db.exec("CREATE SEQUENCE d_id_seq; CREATE TYPE d_pkey AS (x int)").await;
    let after = model(&[counted("c", "\"a\"", "id", ""), counted("d", "\"b\"", "id", "")].join(","));
    db.sync(after.clone()).await;
    assert_eq!(db.texts(OWN_NAMES).await, ["b_id_seq", "b_pkey", "d_id_seq", "my_key", "my_numbers"]);
    db.exec("DROP SEQUENCE d_id_seq; ALTER SEQUENCE b_id_seq RENAME TO d_id_seq; DROP TYPE d_pkey; ALTER TABLE d RENAME CONSTRAINT b_pkey TO d_pkey").await;
    db.exec("ALTER TABLE d ADD CONSTRAINT e_pkey CHECK (id <> 7)").await;
    let after = model(&[counted("c", "\"a\"", "id", ""), counted("e", "\"d\"", "id", "")].join(","));
    db.sync(after.clone()).await;
    assert_eq!(db.texts(OWN_NAMES).await, ["d_pkey", "e_id_seq", "my_key", "my_numbers"]);
    settled(&db.pool, &after).await;
});

scenario!(postgres: a_key_that_changes_with_a_rename_is_named_as_a_new_one, |db| {
    let table = |name: &str, renamed: &str, key: &str| model(&format!(
        r#"{{"name": "{name}", "renamed": [{renamed}], "columns": [{{"name": "id", "type": "int64", "default": {{"increment": 1}}}}, {{"name": "n", "type": "int64"}}], "primary_key": {key}}}"#
    ));
    db.sync(table("a", "", "[\"id\"]")).await;
    db.exec("INSERT INTO a (n) VALUES (1)").await;
    let after = table("b", "\"a\"", "[\"n\", \"id\"]");
    db.sync(after.clone()).await;
    assert_eq!(db.texts(OWN_NAMES).await, ["b_id_seq", "b_pkey"]);
    db.assert_like_new(after).await;
    db.sync(table("b", "", "[\"n\"]")).await;
    db.assert_like_new(table("b", "", "[\"n\"]")).await;
});

scenario!(postgres: identity_comes_goes_and_never_gives_a_value_twice, |db| {
    let with = |default: &str| model(&format!(r#"{{"name": "users", "columns": [{{"name": "id", "type": "int64"{default}}}, {{"name": "n", "type": "int64"}}], "primary_key": "id"}}"#));
    db.exec("CREATE TABLE users (id bigserial PRIMARY KEY, n bigint NOT NULL)").await;
    db.exec("INSERT INTO users (n) VALUES (1), (2); INSERT INTO users VALUES (50, 3)").await;
    db.sync(with(", \"default\": {\"increment\": 1}")).await;
    db.exec("INSERT INTO users (n) VALUES (4)").await;
    assert_eq!(db.value("SELECT max(id) FROM users").await, "51");
    db.sync(with("")).await;
    assert!(db.try_exec("INSERT INTO users (n) VALUES (5)").await.is_err());
});

scenario!(postgres: what_the_server_refuses_is_said_of_its_table, |db| {
    db.sync(users(r#"{"name": "v", "type": "text", "default": {"sql": "'a'"}}"#)).await;
    let bad = users(r#"{"name": "v", "type": "text", "default": {"sql": "nonsense(1)"}}"#);
    let report = db.run(bad).await;
    assert_says(errors(&report, "users"), &["nonsense"]);
    let plan = db.plan(users(r#"{"name": "v", "type": "text", "native": {"postgres": {"type": "no_such_type"}}}"#)).await;
    assert_says(plan.to_string(), &["no_such_type"]);
});

scenario!(postgres: c3_a_required_column_waits_and_is_seen_by_the_gate, |db| {
    db.sync(users("")).await;
    db.exec("INSERT INTO users VALUES (1)").await;
    let schema = users(r#"{"name": "plan", "type": "text"}"#);
    let report = db.run(schema.clone()).await;
    assert_says(report.to_string(), &["`plan` is required but 1 row has no value"]);
    let report = db.run(schema.clone()).await;
    assert_eq!(report.status, RunStatus::UpToDate, "{report}");
    db.exec("UPDATE users SET plan = 'free'").await;
    db.sync(schema).await;
    assert_eq!(db.columns("users").await, ["id", "plan"]);
});

scenario!(postgres: a_plan_writes_nothing, |db| {
    let plan = db.plan(model(EVERYTHING)).await;
    assert!(!plan.is_empty());
    assert!(db.tables().await.is_empty());
    assert_eq!(db.texts("SELECT to_regclass('__schemasync_state')::text").await, [""]);
    assert_eq!(db.texts("SELECT count(*) FROM pg_extension WHERE extname <> 'plpgsql'").await, ["0"]);
});

#[test]
fn an_old_server_and_a_server_that_is_not_there_are_clear_errors() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let pool = PgPoolOptions::new()
            .acquire_timeout(Duration::from_secs(2))
            .connect_lazy("postgres://someone:secret-password@127.0.0.1:1/nothing")
            .unwrap();
        let error = SchemaSync::new(&pool).schema(users("")).run_report().await.unwrap_err();
        let said = format!("{error} {error:?}");
        assert!(!said.contains("secret-password"), "{said}");
        assert_says(said, &["connecting to the database"]);
    });
}

scenario!(postgres: a_question_that_the_data_does_not_answer_is_an_error_of_its_table, |db| {
    let table = |name: &str, more: &str| format!(r#"{{"name": "{name}", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "price", "type": "int64"}}], "primary_key": "id"{more}}}"#);
    let other = |column: &str| format!(r#"{{"name": "other", "columns": [{{"name": "id", "type": "int64"}}{column}], "primary_key": "id"}}"#);
    db.sync(model(&format!("{}, {}, {}", table("checked", ""), table("indexed", ""), other("")))).await;
    db.exec("INSERT INTO checked VALUES (1, 0), (2, 5); INSERT INTO indexed VALUES (1, 0), (2, 5)").await;
    let check = r#", "checks": [{"name": "sane", "sql": "100 / price > 0"}]"#;
    let index = r#", "indexes": [{"name": "x", "kind": "unique", "parts": [{"expression": "100 / price"}]}]"#;
    let wanted = model(&format!("{}, {}, {}", table("checked", check), table("indexed", index), other(r#", {"name": "note", "type": "text", "nullable": true}"#)));
    for online in [false, true] {
        let plan = db.syncing(&wanted).online(online).plan().await.unwrap();
        let report = db.syncing(&wanted).online(online).run_report().await.unwrap();
        assert_says(errors(&report, "checked"), &["division by zero"]);
        assert_says(errors(&report, "indexed"), &["division by zero", "the next run tries again"]);
        assert_eq!(plan.entries, report.entries);
        assert_eq!(db.columns("other").await, ["id", "note?"]);
    }
    db.exec("UPDATE checked SET price = 1; UPDATE indexed SET price = id").await;
    db.sync(wanted).await;
});

scenario!(postgres: what_cannot_be_parsed_is_an_error_of_its_table, |db| {
    let table = |name: &str, more: &str| format!(r#"{{"name": "{name}", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "price", "type": "int64"}}], "primary_key": "id"{more}}}"#);
    for (more, said) in [
        (r#", "checks": [{"name": "sane", "sql": "price >"}]"#, "syntax error"),
        (r#", "checks": [{"name": "sane", "sql": "price > 0 positive"}]"#, "syntax error"),
        (r#", "indexes": [{"name": "x", "kind": "unique", "parts": [{"expression": "price +"}]}]"#, "syntax error"),
    ] {
        db.exec("DROP SCHEMA public CASCADE; CREATE SCHEMA public").await;
        db.sync(model(&table("prices", ""))).await;
        db.exec("INSERT INTO prices VALUES (1, 2), (3, 4)").await;
        let report = db.run(model(&format!("{}, {}", table("prices", more), table("others", "")))).await;
        assert_says(errors(&report, "prices"), &[said]);
        assert!(errors(&report, "others").is_empty(), "{report}");
    }
});

scenario!(postgres: f2_a_key_to_a_table_that_is_made_in_the_same_run_counts_orphans, |db| {
    let posts = |keys: &str| format!(r#"{{"name": "posts", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "user_id", "type": "int64", "nullable": true}}], "primary_key": "id"{keys}}}"#);
    db.sync(model(&posts(""))).await;
    db.exec("INSERT INTO posts VALUES (1, NULL), (2, 7)").await;
    let both = model(&format!(r#"{}, {{"name": "users", "columns": [{{"name": "id", "type": "int64"}}], "primary_key": "id"}}"#, posts(r#", "foreign_keys": [{"columns": "user_id", "target": "users", "target_columns": "id"}]"#)));
    let report = db.run(both.clone()).await;
    assert_says(errors(&report, "posts"), &["1 row has no match in users"]);
    db.exec("UPDATE posts SET user_id = NULL").await;
    db.sync(both).await;
});

scenario!(postgres: a_column_becomes_a_generated_one_and_what_hangs_on_it_stays, |db| {
    let with = |v: &str| model(&format!(
        r#"{{"name": "items", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "n", "type": "int64"}}, {{"name": "v", "type": "int64", {v}}}], "primary_key": "id",
          "indexes": [{{"name": "v", "kind": "unique", "parts": ["v", "id"], "where": "v > 0"}}, {{"name": "e", "parts": [{{"expression": "v + 1"}}]}}], "checks": [{{"name": "c", "sql": "v > -5 AND n > 0"}}],
          "foreign_keys": [{{"columns": "v", "target": "items", "target_columns": "id"}}]}} VIEWS {{"name": "vs", "sql": "SELECT v FROM items"}}"#
    ));
    db.sync(with(r#""nullable": true"#)).await;
    db.exec("INSERT INTO items VALUES (1, 1, 1), (2, 1, NULL); CREATE VIEW theirs AS SELECT v FROM items").await;
    let generated = |sql: &str| with(&format!(r#""nullable": true, "generated": {{"sql": "{sql}", "stored": true}}"#));
    let plan = db.plan(generated("n + 0")).await;
    assert_eq!(plan.risk(), schemasync::Risk::Destructive, "{plan}");
    assert_says(plan.to_string(), &["DESTRUCTIVE", "rewrites the table"]);
    let report = db.syncing(&generated("n + 0")).safe(true).run_report().await.unwrap();
    assert_says(report.to_string(), &["not done", "generated"]);
    assert_eq!(db.texts("SELECT v FROM items ORDER BY id").await, ["1", ""]);
    db.sync(generated("n + 0")).await;
    assert_eq!(db.texts("SELECT v FROM theirs ORDER BY 1").await, ["1", "1"]);
    db.sync(generated("n + 1")).await;
    assert_eq!(db.texts("SELECT v FROM theirs ORDER BY 1").await, ["2", "2"]);
    db.sync_with(with(r#""nullable": true"#), |sync| sync.allow_revert(true)).await;
    // What is unmanaged is never dropped along.
    db.exec("CREATE INDEX theirs_too ON items (v)").await;
    let report = db.syncing(&generated("n * 1")).run_report().await.unwrap();
    assert_says(errors(&report, "items"), &["theirs_too"]);
    db.exec("DROP INDEX theirs_too; DROP VIEW theirs").await;
    db.sync(generated("n * 1")).await;
    db.assert_like_new(generated("n * 1")).await;
});

scenario!(postgres: c10_a_key_changes_while_tables_that_stand_on_it_go_or_stay, |db| {
    let child = |name: &str, target: &str| format!(r#"{{"name": "{name}", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "tag", "type": "int64", "nullable": true}}], "primary_key": "id", "foreign_keys": [{{"columns": "tag", "target": "tags", "target_columns": "{target}"}}]}}"#);
    let tags = |key: &str, indexes: &str| format!(r#"{{"name": "tags", "columns": [{{"name": "a", "type": "int64"}}, {{"name": "b", "type": "int64"}}], "primary_key": "{key}", "indexes": [{indexes}]}}"#);
    let unique = r#"{"name": "a", "kind": "unique", "parts": ["a"]}"#;
    db.sync(model(&format!("{}, {}, {}, {}", tags("a", ""), child("gone", "a"), child("stays", "a"), child("moves", "a")))).await;
    db.exec("INSERT INTO tags VALUES (1, 1), (2, 2); INSERT INTO stays VALUES (1, 2); INSERT INTO moves VALUES (1, 2)").await;
    let after = model(&format!("{}, {}, {}", tags("b", unique), child("stays", "a"), child("moves", "b")));
    db.sync(after.clone()).await;
    db.assert_like_new(after).await;
    // And back, by way of the unique index that goes.
    let before = model(&format!("{}, {}, {}", tags("a", ""), child("stays", "a"), child("moves", "a")));
    db.sync(before.clone()).await;
    db.assert_like_new(before).await;
});

scenario!(postgres: a_plan_can_be_had_where_nothing_can_be_written, |db| {
    let with = |default: &str| users(&format!(r#"{{"name": "email", "type": "text", "default": {{"sql": "{default}"}}}}"#));
    db.sync(with("lower('X')")).await;
    // As on a standby, which takes no temporary table either.
    let pool = pool_with(db, &[("default_transaction_read_only", "on")]).await;
    let plan = SchemaSync::new(&pool).schema(with("upper('x')")).plan().await.unwrap();
    assert!(!plan.has_errors(), "{plan}");
    assert_says(plan.to_sql(), &["SET DEFAULT upper('x')"]);
    let plan = SchemaSync::new(&pool).schema(with("lower('X')")).plan().await.unwrap();
    assert!(plan.is_empty(), "{plan}");
    assert_eq!(SchemaSync::new(&pool).schema(with("lower('X')")).run_report().await.unwrap().status, RunStatus::UpToDate);
    pool.close().await;
});

scenario!(postgres: a_thousand_tables_of_others_cost_no_query, |db| {
    db.exec("DO $$ BEGIN FOR i IN 1..1000 LOOP EXECUTE format('CREATE TABLE theirs_%s (id bigint PRIMARY KEY, v text)', i); END LOOP; END $$").await;
    db.exec("CREATE SCHEMA elsewhere; DO $$ BEGIN FOR i IN 1..200 LOOP EXECUTE format('CREATE TABLE elsewhere.t_%s (id bigint)', i); END LOOP; END $$").await;
    let schema = users(r#"{"name": "email", "type": "text"}"#);
    let report = db.sync(schema.clone()).await;
    assert_eq!(report.unmanaged.len(), 1000, "the schema that is not used is not read");
    let recorder = schemasync_tests::Recorder::default();
    let pool = PgPoolOptions::new().max_connections(1).connect_with(db.recorded()).await.unwrap();
    let many = {
        let _guard = tracing::subscriber::set_default(recorder.clone());
        let forced = SchemaSync::new(&pool).schema(schema.clone()).force(true).run_report().await.unwrap();
        assert!(!forced.has_errors(), "{forced}");
        recorder.events("sqlx::query").len()
    };
    db.exec("DROP SCHEMA public CASCADE; CREATE SCHEMA public").await;
    db.sync(schema.clone()).await;
    let before = recorder.events("sqlx::query").len();
    let few = {
        let _guard = tracing::subscriber::set_default(recorder.clone());
        let forced = SchemaSync::new(&pool).schema(schema.clone()).force(true).run_report().await.unwrap();
        assert!(!forced.has_errors(), "{forced}");
        recorder.events("sqlx::query").len() - before
    };
    assert_eq!(many, few, "{:#?}", recorder.events("sqlx::query"));
    assert!((2..=16).contains(&few), "{few} queries");
    pool.close().await;
});

scenario!(postgres: p1_a_safe_run_that_holds_back_a_generated_column_settles, |db| {
    let with = |v: &str| users(&format!(r#"{{"name": "n", "type": "int64"}}, {{"name": "v", {v}}}"#));
    db.sync(with(r#""type": "uint8", "nullable": true, "default": {"int": 100}"#)).await;
    let generated = with(r#""type": "bool", "nullable": true, "generated": {"sql": "n IS NULL", "stored": true}"#);
    db.sync_with(generated.clone(), |sync| sync.safe(true)).await;
    db.sync(generated).await;
});

scenario!(postgres: p1_a_generated_column_that_safe_mode_holds_back_is_worded_by_its_own_type, |db| {
    let first = model(
        r#"{"name": "t", "columns": [{"name": "id", "type": "int64"}, {"name": "n", "type": "int16"}, {"name": "v", "type": "uint16", "nullable": true}],
            "primary_key": "id"}"#,
    );
    let second = model(
        r#"{"name": "t", "columns": [{"name": "id", "type": "int64"}, {"name": "c", "renamed": "n", "type": "int16"},
            {"name": "v", "type": "bool", "nullable": true, "generated": {"sql": "\"c\" IS NULL", "stored": true}}],
            "primary_key": "id", "checks": [{"name": "c", "sql": "\"c\" IS NOT NULL"}]}"#,
    );
    db.sync(first).await;
    // What waits may be worded by the next look: that changes nothing.
    for _ in 0..2 {
        let report = db.syncing(&second).safe(true).force(true).run_report().await.unwrap();
        assert!(!report.has_errors(), "{report}");
        assert_says(report.to_string(), &["not done: make column \"v\" a generated one (safe mode)"]);
    }
    assert!(db.syncing(&second).safe(true).plan().await.unwrap().is_empty());
    db.sync(second.clone()).await;
    db.assert_like_new(second).await;
});

scenario!(postgres: keys_that_make_way_come_back_under_their_new_names, |db| {
    let nodes = |name: &str, renamed: &str, ty: &str, key: &str, index: &str| format!(
        r#"{{"name": "{name}"{renamed}, "columns": [{{"name": "a", "type": "{ty}"}}, {{"name": "b", "type": "int64"}}, {{"name": "up", "type": "{ty}", "nullable": true}}], "primary_key": "{key}", "indexes": [{index}],
           "foreign_keys": [{{"columns": "up", "target": "{name}", "target_columns": "a"}}]}}"#
    );
    let leaves = |name: &str, renamed: &str, ty: &str, target: &str| format!(
        r#"{{"name": "{name}"{renamed}, "columns": [{{"name": "id", "type": "int64"}}, {{"name": "node", "type": "{ty}"}}], "primary_key": "id", "foreign_keys": [{{"columns": "node", "target": "{target}", "target_columns": "a"}}]}}"#
    );
    let unique = r#"{"name": "a", "kind": "unique", "parts": ["a"]}"#;
    db.sync(model(&format!("{}, {}", nodes("nodes", "", "int64", "a", ""), leaves("leaves", "", "int64", "nodes")))).await;
    db.exec("INSERT INTO nodes VALUES (1, 1, NULL), (2, 2, 1); INSERT INTO leaves VALUES (1, 2)").await;
    // A new type on both sides, and new names.
    let second = model(&format!("{}, {}", nodes("points", r#", "renamed": "nodes""#, "text", "a", ""), leaves("tips", r#", "renamed": "leaves""#, "text", "points")));
    db.sync(second.clone()).await;
    db.assert_like_new(second).await;
    // Another primary key, and new names again.
    let third = model(&format!("{}, {}", nodes("knots", r#", "renamed": "points""#, "text", "b", unique), leaves("ends", r#", "renamed": "tips""#, "text", "knots")));
    db.sync(third.clone()).await;
    db.assert_like_new(third).await;
    assert_eq!(db.rows("SELECT node FROM ends").await, [["'2'"]]);
});

scenario!(postgres: a_key_that_goes_makes_way_for_a_new_type, |db| {
    let tags = |ty: &str| format!(r#"{{"name": "a_tags", "columns": [{{"name": "id", "type": "{ty}"}}], "primary_key": "id"}}"#);
    let posts = |more: &str| format!(r#"{{"name": "posts", "columns": [{{"name": "id", "type": "int64"}}{more}"#);
    let key = r#", {"name": "tag", "type": "text", "nullable": true}], "primary_key": "id", "foreign_keys": [{"columns": "tag", "target": "a_tags", "target_columns": "id"}]}"#;
    db.sync(model(&format!("{}, {}", tags("text"), posts(key)))).await;
    let after = model(&format!("{}, {}", tags("uuid"), posts(r#"], "primary_key": "id"}"#)));
    db.sync(after.clone()).await;
    db.assert_like_new(after).await;
});

scenario!(postgres: m4_a_check_of_others_on_a_column_that_shall_go_is_named, |db| {
    db.sync(users(r#"{"name": "age", "type": "int64", "nullable": true}"#)).await;
    db.exec("ALTER TABLE users ADD CONSTRAINT theirs CHECK (age > 0)").await;
    let report = db.run(users("")).await;
    assert_says(errors(&report, "users"), &["age > 0", "cannot be dropped"]);
    assert_eq!(db.texts("SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = 'users'::regclass").await, ["theirs"]);
});
