//! Gate, state and lock: S1 to S9. Most of it is about files and sessions, so about SQLite.

use schemasync::{Error, RunStatus, SchemaSync, schema};
use schemasync_tests::peer::models;
use schemasync_tests::{Sqlite, TestDatabase, assert_says, errors, found, scenario};
use sqlx::{Connection, Executor};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

mod v1 {
    #[derive(schemasync::DbTable)]
    #[db(table = "users")]
    pub struct User {
        #[db(id)]
        pub id: i64,
        pub email: String,
    }
}

mod v2 {
    #[derive(schemasync::DbTable)]
    #[db(table = "users")]
    pub struct User {
        #[db(id)]
        pub id: i64,
        pub email: String,
        pub plan: Option<String>,
    }
}

mod v3 {
    #[derive(schemasync::DbTable)]
    #[db(table = "users")]
    pub struct User {
        #[db(id)]
        pub id: i64,
        pub email: String,
        pub plan: Option<String>,
        pub city: Option<String>,
    }
}

fn helper(db: &Sqlite, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_peer"));
    command.arg(db.path()).args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn modified(db: &Sqlite) -> SystemTime {
    std::fs::metadata(db.path()).unwrap().modified().unwrap()
}

async fn history(db: &Sqlite, columns: &str) -> Vec<Vec<String>> {
    db.rows(&format!("SELECT {columns} FROM __schemasync_history ORDER BY id")).await
}

scenario!(s1_every_part_of_the_model_is_in_the_fingerprint, |db| {
    mod collated {
        #[derive(schemasync::DbTable)]
        #[db(table = "users")]
        pub struct User {
            #[db(id)]
            pub id: i64,
            #[db(collate = nocase)]
            pub email: String,
        }
    }
    mod ordered {
        #[derive(schemasync::DbTable)]
        #[db(table = "users")]
        pub struct User {
            #[db(id)]
            pub id: i64,
            #[db(index(name = "by_email", order = desc))]
            pub email: String,
        }
    }
    mod hinted {
        #[derive(schemasync::DbTable)]
        #[db(table = "users", renamed = "people")]
        pub struct User {
            #[db(id)]
            pub id: i64,
            pub email: String,
        }
    }
    let models = [schema![v1::User], schema![collated::User], schema![ordered::User], schema![hinted::User]];
    let mut fingerprints = Vec::new();
    for model in models {
        fingerprints.push(db.plan(model).await.fingerprint);
    }
    assert!(fingerprints.iter().all(|fingerprint| fingerprint.len() == 64), "{fingerprints:?}");
    fingerprints.sort();
    fingerprints.dedup();
    assert_eq!(fingerprints.len(), 4);
});

scenario!(s1_the_order_in_which_models_are_named_is_nothing, |db| {
    mod other {
        #[derive(schemasync::DbTable)]
        #[db(table = "posts")]
        pub struct Post {
            #[db(id)]
            pub id: i64,
        }
    }
    let report = db.sync(schema![v1::User, other::Post]).await;
    assert_eq!(db.plan(schema![other::Post, v1::User, v1::User]).await.fingerprint, report.fingerprint);
    assert_eq!(db.run(schema![other::Post, v1::User]).await.status, RunStatus::UpToDate);
});

scenario!(sqlite: s2_nothing_changed_is_one_query_and_no_write, |db| {
    helper(db, &["v1"]).output().unwrap();
    let (bytes, time) = (db.bytes(), modified(db));

    let output = helper(db, &["v1"]).output().unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = output.lines().collect();
    assert_eq!(lines[0], "UpToDate");
    assert_eq!(lines.len(), 2, "more than one query:\n{output}");
    assert_eq!((db.bytes(), modified(db)), (bytes, time));
});

scenario!(sqlite: s2_the_gate_waits_for_no_lock, |db| {
    db.sync(schema![v1::User]).await;
    let mut writer = db.connect().await;
    writer.execute("BEGIN IMMEDIATE; INSERT INTO users VALUES (1, 'a')").await.unwrap();
    let report = db.syncing(&schema![v1::User]).lock_timeout(Duration::ZERO).run_report().await.unwrap();
    assert_eq!(report.status, RunStatus::UpToDate);
    writer.execute("COMMIT").await.unwrap();
});

scenario!(s2_force_looks_and_finds_what_was_changed_by_hand, |db| {
    let model = schema![v2::User];
    db.sync(model.clone()).await;
    db.exec("ALTER TABLE users DROP COLUMN plan").await;
    assert_eq!(db.run(model.clone()).await.status, RunStatus::UpToDate, "the gate does not look at tables");
    let report = db.syncing(&model).force(true).run_report().await.unwrap();
    assert_eq!(found(&report.entries, "users").columns_added, ["plan"]);
    assert_eq!(db.columns("users").await, ["id", "email", "plan?"]);
    db.assert_settled(&model).await;
});

scenario!(sqlite: s2_another_server_makes_the_next_run_look, |db| {
    db.sync(schema![v2::User]).await;
    db.exec("UPDATE __schemasync_state SET server = 'sqlite 3.0.0'; ALTER TABLE users DROP COLUMN plan").await;
    assert_eq!(db.run(schema![v2::User]).await.status, RunStatus::Synced);
    assert_eq!(db.columns("users").await, ["id", "email", "plan?"]);
});

scenario!(sqlite: s3_plan_leaves_the_file_as_it_is, |db| {
    db.exec("CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL)").await;
    for model in [schema![v1::User], schema![v2::User]] {
        let (bytes, time) = (db.bytes(), modified(db));
        db.plan(model.clone()).await;
        assert_eq!((db.bytes(), modified(db)), (bytes, time));
        assert!(std::fs::read_dir(db.path().parent().unwrap()).unwrap().count() == 1, "plan() left a file");
        db.sync(model).await;
    }
});

scenario!(sqlite: s3_plan_of_an_empty_database_makes_no_state_table, |db| {
    db.plan(schema![v1::User]).await;
    assert_eq!(db.value("SELECT count(*) FROM sqlite_schema").await, "0");
});

scenario!(sqlite: s3_one_state_row_and_one_history_row_for_each_change, |db| {
    let first = db.sync(schema![v1::User]).await;
    let second = db.sync(schema![v2::User]).await;
    let state = db.rows("SELECT namespace, fingerprint FROM __schemasync_state").await;
    assert_eq!(state, [["'default'".to_owned(), format!("'{}'", second.fingerprint)]]);
    let rows = history(db, "namespace, fingerprint, version, outcome").await;
    let row = |fingerprint: &str| {
        [
            "'default'".to_owned(),
            format!("'{fingerprint}'"),
            format!("'{}'", env!("CARGO_PKG_VERSION")),
            "'synced'".to_owned(),
        ]
    };
    assert_eq!(rows, [row(&first.fingerprint), row(&second.fingerprint)]);
    let statements = &history(db, "statements").await[1][0];
    assert_says(statements, &["ALTER TABLE", "ADD COLUMN", "plan"]);
    let times = history(db, "at GLOB '[0-9]*T*Z' AND duration_ms >= 0").await;
    assert_eq!(times, [["1"], ["1"]]);
});

scenario!(sqlite: s3_a_failed_run_is_in_the_history_as_such, |db| {
    db.exec("CREATE VIEW users AS SELECT 1 AS id").await;
    let report = db.run(schema![v1::User]).await;
    assert_eq!(report.status, RunStatus::Incomplete, "{report}");
    assert_eq!(history(db, "outcome").await, [["'failed'"]]);
    assert_eq!(db.rows("SELECT fingerprint FROM __schemasync_state").await, [["''"]]);
});

scenario!(s3_a_state_table_that_somebody_dropped_is_made_again, |db| {
    db.sync(schema![v1::User]).await;
    db.exec("DROP TABLE __schemasync_history").await;
    assert!(db.plan(schema![v1::User]).await.is_empty());
    db.sync(schema![v2::User]).await;
    assert_eq!(db.rows("SELECT outcome FROM __schemasync_history").await, [["'synced'"]]);
    // Without its state the table is adopted.
    db.exec("DROP TABLE __schemasync_state").await;
    db.sync(schema![v2::User]).await;
    assert_eq!(db.rows("SELECT count(*) FROM __schemasync_state").await, [["1"]]);
    assert_eq!(db.rows("SELECT count(*) FROM __schemasync_history").await, [["2"]]);
});

scenario!(s4_namespaces_leave_each_other_alone, |db| {
    mod billing {
        #[derive(schemasync::DbTable)]
        #[db(table = "invoices")]
        pub struct Invoice {
            #[db(id)]
            pub id: i64,
        }
        #[derive(schemasync::DbTable)]
        #[db(table = "payments")]
        pub struct Payment {
            #[db(id)]
            pub id: i64,
        }
    }
    db.sync(schema![v1::User]).await;
    db.sync_with(schema![billing::Invoice, billing::Payment], |sync| sync.namespace("billing")).await;
    db.sync(schema![v2::User]).await;
    let report = db.sync_with(schema![billing::Invoice], |sync| sync.namespace("billing")).await;
    assert_eq!(db.tables().await, ["invoices", "users"]);
    assert_eq!(report.unmanaged, Vec::<String>::new());
    assert_eq!(report.other_namespaces["default"], ["table \"users\""]);
    let plan = db.syncing(&schema![billing::Invoice]).namespace("billing").plan().await.expect("a plan");
    assert_says(plan.to_string(), &["of namespace \"default\", left alone: table \"users\""]);
    let drift = db.syncing(&schema![billing::Invoice]).namespace("billing").drift().await.expect("drift");
    assert!(drift.is_empty() && drift.unmanaged.is_empty(), "{drift:?}");
});

scenario!(s3_a_repair_of_what_was_changed_by_hand_is_history, |db| {
    db.sync(schema![v1::User]).await;
    let runs = async || db.value("SELECT count(*) FROM __schemasync_history").await;
    assert_eq!(runs().await, "1");
    db.exec("ALTER TABLE users DROP COLUMN email").await;
    let report = db.syncing(&schema![v1::User]).force(true).run().await.expect("a repair");
    assert!(!report.statements.is_empty(), "{report}");
    assert_eq!(runs().await, "2");
    db.exec("ALTER TABLE users DROP COLUMN email").await;
    let plan = db.plan(schema![v1::User]).await;
    let report = db.syncing(&schema![v1::User]).apply(&plan).await.expect("a repair");
    assert!(!report.statements.is_empty(), "{report}");
    assert_eq!(runs().await, "3");
    let report = db.syncing(&schema![v1::User]).force(true).run().await.expect("nothing to do");
    assert_eq!(report.status, RunStatus::UpToDate);
    assert_eq!(runs().await, "3");
    db.assert_like_new(schema![v1::User]).await;
});

scenario!(s4_two_namespaces_cannot_have_one_table, |db| {
    db.sync_with(schema![v1::User], |sync| sync.namespace("billing")).await;
    let before = db.dump().await;
    let report = db.run(schema![v2::User]).await;
    assert_says(errors(&report, "users"), &["billing"]);
    assert_eq!(db.dump().await, before);
});

scenario!(sqlite: s5_a_lock_that_is_not_given_is_a_timeout, |db| {
    db.sync(schema![v1::User]).await;
    let bytes = db.bytes();
    let mut writer = db.connect().await;
    writer.execute("BEGIN IMMEDIATE").await.unwrap();
    let error = db.syncing(&schema![v2::User]).lock_timeout(Duration::from_millis(50)).run_report().await.unwrap_err();
    assert!(matches!(error, Error::LockTimeout { .. }), "{error}");
    assert_says(error.to_string(), &["lock"]);
    writer.execute("ROLLBACK").await.unwrap();
    assert_eq!(db.bytes(), bytes);
    db.sync(schema![v2::User]).await;
});

scenario!(sqlite: s5_a_lock_that_is_given_in_time_is_taken, |db| {
    let mut writer = db.connect().await;
    writer.execute("BEGIN IMMEDIATE").await.unwrap();
    let model = schema![v1::User];
    let sync = db.syncing(&model).run_report();
    let release = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        writer.execute("ROLLBACK").await.unwrap();
    };
    let (report, ()) = tokio::join!(sync, release);
    assert_eq!(report.unwrap().status, RunStatus::Synced);
});

scenario!(sqlite: s5_of_eight_tasks_one_does_the_work, |db| {
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..8 {
        tasks.spawn(SchemaSync::new(&db.pool).schema(models("v2")).run_report());
    }
    let mut statuses = Vec::new();
    while let Some(report) = tasks.join_next().await {
        statuses.push(report.unwrap().unwrap().status);
    }
    let count = |wanted| statuses.iter().filter(|status| **status == wanted).count();
    assert_eq!(count(RunStatus::Synced), 1, "{statuses:?}");
    assert_eq!(count(RunStatus::SyncedByPeer) + count(RunStatus::UpToDate), 7, "{statuses:?}");
    assert_eq!(history(db, "outcome").await.len(), 1);
    db.assert_settled(&models("v2")).await;
});

scenario!(sqlite: s5_of_twenty_processes_one_does_the_work, |db| {
    db.sync(models("v1")).await;
    db.exec("INSERT INTO users VALUES (1, '30'), (2, '31')").await;
    let children: Vec<_> = (0..20).map(|_| helper(db, &["v2"]).spawn().unwrap()).collect();
    let mut statuses = Vec::new();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap();
        statuses.push(text.lines().next().unwrap_or_default().to_owned());
    }
    let count = |wanted: &str| statuses.iter().filter(|status| *status == wanted).count();
    assert_eq!(count("Synced"), 1, "{statuses:?}");
    assert_eq!(count("SyncedByPeer") + count("UpToDate"), 19, "{statuses:?}");
    assert_eq!(db.rows("SELECT * FROM users ORDER BY id").await, [["1", "30"], ["2", "31"]]);
    db.assert_settled(&models("v2")).await;
    db.assert_like_new(models("v2")).await;
});

scenario!(s6_an_older_binary_changes_nothing, |db| {
    db.sync(schema![v1::User]).await;
    db.sync(schema![v2::User]).await;
    db.exec("INSERT INTO users VALUES (1, 'a', 'free')").await;
    let before = db.dump().await;

    assert!(db.plan(schema![v1::User]).await.superseded);
    let report = db.run(schema![v1::User]).await;
    assert_eq!(report.status, RunStatus::Superseded);
    assert_says(report.warnings.join("\n"), &["older", "allow_revert"]);
    assert_eq!(db.dump().await, before);
    assert_eq!(db.rows("SELECT * FROM users").await, [["1", "'a'", "'free'"]]);
    assert_eq!(db.run(schema![v2::User]).await.status, RunStatus::UpToDate);
});

scenario!(s6_allow_revert_goes_back, |db| {
    db.sync(schema![v1::User]).await;
    db.sync(schema![v2::User]).await;
    db.sync(schema![v3::User]).await;
    let report = db.syncing(&schema![v1::User]).allow_revert(true).run_report().await.unwrap();
    assert_eq!(report.status, RunStatus::Synced);
    assert_eq!(db.columns("users").await, ["id", "email"]);
    db.assert_settled(&schema![v1::User]).await;
    assert_eq!(db.run(schema![v3::User]).await.status, RunStatus::Synced, "what was reverted may come again");
});

/// A name and the earlier ones.
type Renamed<'a> = (&'a str, &'a [&'a str]);

/// A model of tables and columns, each with its earlier names.
fn renaming(tables: &[(&str, &[&str], &[Renamed<'_>])]) -> schemasync::Schema {
    let table = |(name, renamed, columns): &(&str, &[&str], &[Renamed<'_>])| {
        let column = |(name, renamed): &(&str, &[&str])| serde_json::json!({"name": name, "type": "text", "nullable": true, "renamed": renamed});
        let mut all = vec![serde_json::json!({"name": "id", "type": "int64"})];
        all.extend(columns.iter().map(column));
        serde_json::json!({"name": name, "renamed": renamed, "primary_key": "id", "columns": all})
    };
    let tables: Vec<_> = tables.iter().map(table).collect();
    schemasync::Schema::from_json(&serde_json::json!({"schemasync": 1, "tables": tables}).to_string())
        .expect("a schema")
}

scenario!(s6_to_go_back_is_to_take_renames_back, |db| {
    let v1 = renaming(&[("users", &[], &[("full name", &[]), ("city", &[])]), ("cities", &[], &[("c", &[])])]);
    let v2 =
        renaming(&[("people", &["users"], &[("name", &["full name"]), ("city", &[])]), ("cities", &[], &[("c", &[])])]);
    // The annotations are gone, another rename has come, and a name is taken by something new.
    let v3 = renaming(&[
        ("persons", &["people"], &[("label", &["name"]), ("city", &[])]),
        ("towns", &["cities"], &[("c", &[]), ("d", &[])]),
    ]);
    db.sync(v1.clone()).await;
    db.exec(r#"INSERT INTO users (id, "full name", city) VALUES (1, 'Ada', 'L'), (2, NULL, NULL); INSERT INTO cities VALUES (1, 'x')"#).await;
    db.sync(v2.clone()).await;
    db.sync(v3.clone()).await;

    let plan = db.syncing(&v1).allow_revert(true).plan().await.unwrap();
    assert_eq!(plan.entry("users").unwrap().renamed_from.as_deref(), Some("persons"), "{plan}");
    assert_eq!(plan.entry("cities").unwrap().columns_dropped, ["d"], "{plan}");
    db.sync_with(v1.clone(), |sync| sync.allow_revert(true)).await;
    let rows = r#"SELECT id || coalesce("full name", '-') || coalesce(city, '-') FROM users ORDER BY id"#;
    assert_eq!(db.rows(rows).await, [["'1AdaL'"], ["'2--'"]]);
    assert_eq!(db.rows("SELECT id || c FROM cities").await, [["'1x'"]]);
    db.assert_settled(&v1).await;
    db.assert_like_new(v1.clone()).await;

    // Forward again, past the model that had the rename, and back by one only.
    db.sync(v3).await;
    db.sync_with(v2.clone(), |sync| sync.allow_revert(true)).await;
    assert_eq!(
        db.rows("SELECT id || coalesce(name, '-') || coalesce(city, '-') FROM people ORDER BY id").await,
        [["'1AdaL'"], ["'2--'"]]
    );
    db.assert_settled(&v2).await;
});

scenario!(s6_a_way_back_that_fails_is_gone_on_with, |db| {
    let model = |name: &str, renamed: &str, ty: &str| {
        schemasync::Schema::from_json(&format!(
            r#"{{"schemasync": 1, "tables": [{{"name": "{name}", {renamed} "sync_method": "recreate", "primary_key": "id", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "n", "type": "{ty}"}}]}}]}}"#
        ))
        .expect("a schema")
    };
    let (v1, v2) = (model("a", "", "int64"), model("b", r#""renamed": "a","#, "text"));
    db.sync(v1.clone()).await;
    db.exec("INSERT INTO a VALUES (1, 10)").await;
    db.sync(v2.clone()).await;
    db.exec("INSERT INTO b VALUES (2, 'many')").await;
    for _ in 0..2 {
        let report = db.syncing(&v1).allow_revert(true).run_report().await.unwrap();
        assert!(report.entry("a").unwrap().errors.join(" ").contains("many"), "{report}");
        assert_eq!(db.rows("SELECT n FROM b ORDER BY id").await, [["'10'"], ["'many'"]]);
    }
    db.exec("UPDATE b SET n = '20' WHERE id = 2").await;
    // Once it is under way, it needs no leave.
    db.sync(v1.clone()).await;
    assert_eq!(db.rows("SELECT n FROM a ORDER BY id").await, [["10"], ["20"]]);
    db.assert_settled(&v1).await;
});

scenario!(s6_a_name_that_something_new_has_taken_is_not_an_earlier_name, |db| {
    let v1 = renaming(&[("a", &[], &[("x", &[])])]);
    let v2 = renaming(&[("b", &["a"], &[("y", &["x"])])]);
    let v3 = renaming(&[("b", &[], &[("y", &[]), ("x", &[])]), ("a", &[], &[("x", &[])])]);
    db.sync(v1.clone()).await;
    db.exec("INSERT INTO a VALUES (1, 'old')").await;
    db.sync(v2.clone()).await;
    db.sync(v3.clone()).await;
    db.exec("INSERT INTO a VALUES (7, 'new')").await;
    // Here `a` is `a`, and `b` goes, as every plan says before.
    let plan = db.syncing(&v1).allow_revert(true).plan().await.unwrap();
    assert_eq!(plan.entry("b").unwrap().rows_lost, Some(1), "{plan}");
    db.sync_with(v1.clone(), |sync| sync.allow_revert(true)).await;
    assert_eq!(db.rows("SELECT id || x FROM a").await, [["'7new'"]]);
    db.assert_settled(&v1).await;
});

scenario!(sqlite: s6_an_older_binary_that_waited_for_the_lock_changes_nothing, |db| {
    db.sync(schema![v1::User]).await;
    db.sync(schema![v2::User]).await;
    let before = db.dump().await;
    let report = db.syncing(&schema![v1::User]).force(true).run_report().await.unwrap();
    assert_eq!(report.status, RunStatus::Superseded);
    assert_eq!(db.dump().await, before);
});

scenario!(sqlite: s7_a_connection_inside_a_transaction_is_refused, |db| {
    db.exec("CREATE TABLE notes (id INTEGER PRIMARY KEY)").await;
    let mut transaction = db.pool.begin().await.unwrap();
    transaction.execute("INSERT INTO notes VALUES (1)").await.unwrap();
    let run = SchemaSync::new(&mut transaction).schema(schema![v1::User]).run_report().await;
    assert!(matches!(run, Err(Error::InTransaction)), "{run:?}");
    let plan = SchemaSync::new(&mut transaction).schema(schema![v1::User]).plan().await;
    assert!(matches!(plan, Err(Error::InTransaction)), "{plan:?}");
    transaction.execute("INSERT INTO notes VALUES (2)").await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(db.value("SELECT count(*) FROM notes").await, "2");
    assert_eq!(db.tables().await, ["notes"]);
});

scenario!(sqlite: s7_a_transaction_that_sqlx_does_not_know_of_is_refused, |db| {
    for (model, begin) in [(schema![v1::User], "BEGIN"), (schema![v1::User], "BEGIN EXCLUSIVE"), (schema![v1::User], "SAVEPOINT mine")] {
        let mut connection = db.connect().await;
        connection.execute(begin).await.unwrap();
        let run = SchemaSync::new(&mut connection).schema(model).run_report().await;
        assert!(matches!(run, Err(Error::InTransaction)), "{begin}: {run:?}");
        connection.execute("CREATE TABLE mine (id INTEGER); ROLLBACK").await.unwrap();
        connection.close().await.unwrap();
    }
    assert!(db.tables().await.is_empty());
});

const SETTINGS: [(&str, i64); 3] = [("foreign_keys", 1), ("legacy_alter_table", 1), ("busy_timeout", 1234)];

async fn assert_settings_are_restored(db: &Sqlite, connection: &mut sqlx::SqliteConnection, after: &str) {
    for (name, value) in SETTINGS {
        assert_eq!(Sqlite::pragma(connection, name).await, value, "{name} after {after}");
    }
    let _ = db;
}

scenario!(sqlite: s7_settings_are_restored_after_whatever_happens, |db| {
    let mut connection = db.connect().await;
    for (name, value) in SETTINGS {
        connection.execute(sqlx::AssertSqlSafe(format!("PRAGMA {name} = {value}"))).await.unwrap();
    }
    SchemaSync::new(&mut connection).schema(models("v1")).plan().await.unwrap();
    assert_settings_are_restored(db, &mut connection, "a plan").await;
    let report = SchemaSync::new(&mut connection).schema(models("v1")).run_report().await.unwrap();
    assert!(!report.has_errors(), "{report}");
    assert_settings_are_restored(db, &mut connection, "a run").await;
    connection.execute("INSERT INTO users VALUES (1, 'forty')").await.unwrap();
    let report = SchemaSync::new(&mut connection).schema(models("v2")).run_report().await.unwrap();
    assert!(report.has_errors());
    assert_settings_are_restored(db, &mut connection, "an errored entry").await;
    connection.execute("UPDATE users SET age = '40'").await.unwrap();

    let mut writer = db.connect().await;
    writer.execute("BEGIN IMMEDIATE").await.unwrap();
    let timeout = Duration::from_millis(20);
    let error = SchemaSync::new(&mut connection).schema(models("v2")).lock_timeout(timeout).run_report().await;
    assert!(matches!(error, Err(Error::LockTimeout { .. })), "{error:?}");
    writer.execute("ROLLBACK").await.unwrap();
    assert_settings_are_restored(db, &mut connection, "a timeout").await;

    let report = SchemaSync::new(&mut connection).schema(models("v2")).run_report().await.unwrap();
    assert!(!report.has_errors(), "{report}");
    assert_settings_are_restored(db, &mut connection, "a rebuild").await;
    connection.execute("UPDATE __schemasync_state SET base = '{'").await.unwrap();
    let error = SchemaSync::new(&mut connection).schema(models("v2")).force(true).run_report().await;
    assert!(matches!(error, Err(Error::CorruptState { .. })), "{error:?}");
    assert_settings_are_restored(db, &mut connection, "a corrupt state").await;
});

scenario!(sqlite: s7_a_cancelled_run_leaves_nothing, |db| {
    db.sync(models("v1")).await;
    db.exec("INSERT INTO users VALUES (1, '40')").await;
    let before = db.dump().await;
    let mut connection = db.connect().await;
    for polls in (0..200).step_by(10) {
        let mut run = Box::pin(SchemaSync::new(&mut connection).schema(models("v2")).run_report());
        for _ in 0..polls {
            // Dropped at some await or other, or done: whatever it is, it is all or nothing.
            tokio::select! { biased; _ = &mut run => break, () = tokio::task::yield_now() => {} }
        }
        drop(run);
        assert_eq!(Sqlite::pragma(&mut connection, "foreign_keys").await, 1);
        let now = db.dump().await;
        assert!(now == before || now.contains("column age INTEGER"), "{now}");
    }
    db.sync(models("v2")).await;
    assert_eq!(db.rows("SELECT * FROM users").await, [["1", "40"]]);
});

scenario!(sqlite: s8_a_crash_in_the_middle_leaves_the_old_schema, |db| {
    db.sync(models("v1")).await;
    db.exec("INSERT INTO users VALUES (1, '40'), (2, '41')").await;
    let before = (db.dump().await, db.rows("SELECT * FROM users").await);

    let output = helper(db, &["v2", "abort"]).output().unwrap();
    assert!(!output.status.success(), "it did not die");
    assert_eq!((db.dump().await, db.rows("SELECT * FROM users").await), before);
    assert_eq!(history(db, "outcome").await.len(), 1);
    db.sync(models("v2")).await;
    assert_eq!(db.rows("SELECT * FROM users").await, [["1", "40"], ["2", "41"]]);
    db.assert_like_new(models("v2")).await;
});

scenario!(sqlite: s8_a_failing_last_entry_does_not_undo_the_others, |db| {
    db.sync(models("v1")).await;
    db.exec("INSERT INTO users VALUES (1, 'forty')").await;
    let before = db.sql_of("users").await;
    let report = db.run(models("v2")).await;
    assert!(!errors(&report, "users").is_empty());
    assert_eq!(db.tables().await, ["posts", "users"], "posts does not need the change of users");
    assert_eq!(db.sql_of("users").await, before);
});

scenario!(sqlite: s8_leftovers_of_a_crash_are_ours_to_clean_up, |db| {
    db.sync(models("v1")).await;
    db.exec("INSERT INTO users VALUES (1, '40')").await;
    db.exec("CREATE TABLE __schemasync_tmp_users (id INTEGER, x TEXT); INSERT INTO __schemasync_tmp_users VALUES (9, 'x')").await;
    let report = db.sync(models("v2")).await;
    assert!(report.unmanaged.is_empty(), "{report}");
    assert_eq!(db.rows("SELECT * FROM users").await, [["1", "40"]]);
    db.assert_like_new(models("v2")).await;
});

scenario!(s9_the_look_afterwards_can_be_switched_off, |db| {
    db.sync_with(schema![v1::User], |sync| sync.verify(false)).await;
    db.sync_with(schema![v2::User], |sync| sync.verify(false)).await;
    db.assert_like_new(schema![v2::User]).await;
});

scenario!(s4_a_table_that_one_namespace_gives_up_may_be_taken_by_another, |db| {
    mod other {
        #[derive(schemasync::DbTable)]
        #[db(table = "invoices")]
        pub struct Invoice {
            #[db(id)]
            pub id: i64,
        }
    }
    db.sync_with(schema![v1::User, other::Invoice], |sync| sync.namespace("billing")).await;
    db.sync_with(schema![other::Invoice], |sync| sync.namespace("billing")).await;
    db.sync(schema![v2::User]).await;
    assert_eq!(db.tables().await, ["invoices", "users"]);
    db.sync_with(schema![other::Invoice], |sync| sync.namespace("billing")).await;
    assert_eq!(db.tables().await, ["invoices", "users"], "not billing's any more");
});

scenario!(s4_a_rename_does_not_take_the_table_of_another_namespace, |db| {
    mod thief {
        #[derive(schemasync::DbTable)]
        #[db(table = "people", renamed = "users")]
        pub struct Person {
            #[db(id)]
            pub id: i64,
            pub email: String,
        }
    }
    db.sync_with(schema![v1::User], |sync| sync.namespace("billing")).await;
    db.exec("INSERT INTO users VALUES (1, 'a')").await;
    let _ = db.run(schema![thief::Person]).await;
    assert_eq!(db.rows("SELECT * FROM users").await, [["1", "'a'"]]);
});
