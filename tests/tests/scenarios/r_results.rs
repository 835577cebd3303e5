//! Results: R1 to R6.

use schemasync::{EntryKind, EntryStatus, Error, Plan, Report, RunStatus, SchemaSync, schema};
use schemasync_tests::{Feature, Recorder, assert_says, errors, found, scenario};
use std::sync::{Arc, Mutex};

mod before {
    use schemasync::DbTable;

    #[derive(DbTable)]
    #[db(table = "users")]
    pub struct User {
        #[db(id)]
        pub id: i64,
        pub age: String,
    }

    #[derive(DbTable)]
    #[db(table = "posts")]
    pub struct Post {
        #[db(id)]
        pub id: i64,
        pub title: String,
    }

    #[derive(DbTable)]
    #[db(table = "old_logs")]
    pub struct OldLog {
        #[db(id)]
        pub id: i64,
    }
}

/// `age` becomes a number without `sync_method`, `posts` gets a column, `old_logs` goes, `tags` comes.
mod after {
    use schemasync::DbTable;

    #[derive(DbTable)]
    #[db(table = "users")]
    pub struct User {
        #[db(id)]
        pub id: i64,
        pub age: i64,
    }

    #[derive(DbTable)]
    #[db(table = "posts")]
    pub struct Post {
        #[db(id)]
        pub id: i64,
        pub title: String,
        pub summary: Option<String>,
    }

    #[derive(DbTable)]
    #[db(table = "tags")]
    pub struct Tag {
        #[db(id)]
        pub id: i64,
    }
}

scenario!(r1_plan_run_and_the_one_liner, |db| {
    let model = schema![before::User, before::Post];
    let plan: Plan = db.plan(model.clone()).await;
    assert_eq!(found(&plan.entries, "users").status, EntryStatus::Create);
    assert!(db.tables().await.is_empty(), "plan() did something");

    let report: Report = schemasync::sync(db.handle(), model.clone()).await.unwrap();
    assert_eq!(report.status, RunStatus::Synced);
    assert_eq!(db.tables().await, ["posts", "users"]);
    db.assert_settled(&model).await;
});

scenario!(r1_the_one_liner_fails_with_the_report_inside, |db| {
    db.exec("CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY, email TEXT, mail TEXT)").await;
    mod v1 {
        #[derive(schemasync::DbTable)]
        #[db(table = "users")]
        pub struct User {
            #[db(id)]
            pub id: i64,
            #[db(renamed = "mail")]
            pub email: Option<String>,
        }
    }
    let error = schemasync::sync(db.handle(), schema![v1::User]).await.unwrap_err();
    assert_says(error.to_string(), &["users", "Column rename conflict on users"]);
    let Error::Failed { report } = error else { panic!("not Failed") };
    assert_eq!(found(&report.entries, "users").status, EntryStatus::Error);
});

scenario!(r2_every_status_of_runs_and_entries, |db| {
    let report = db.sync(schema![before::User, before::Post, before::OldLog]).await;
    assert_eq!(report.status, RunStatus::Synced);
    let unchanged = db.run(schema![before::User, before::Post, before::OldLog]).await;
    assert_eq!(unchanged.status, RunStatus::UpToDate);

    db.exec("INSERT INTO users (id, age) VALUES (1, '41')").await;
    if db.supports(Feature::AlterColumn) {
        return;
    }
    let report = db.run(schema![after::User, after::Post, after::Tag]).await;
    assert_eq!(report.status, RunStatus::Incomplete);
    let status = |name| found(&report.entries, name).status;
    assert_eq!(status("users"), EntryStatus::Error);
    assert_eq!(status("posts"), EntryStatus::Alter);
    assert_eq!(status("tags"), EntryStatus::Create);
    assert_eq!(status("old_logs"), EntryStatus::Drop);
    assert_eq!(db.tables().await, ["posts", "tags", "users"]);
    let report = db.run(schema![before::User, after::Post, after::Tag]).await;
    assert_eq!(found(&report.entries, "users").status, EntryStatus::InSync);
});

scenario!(r2_an_entry_tells_all_that_happened, |db| {
    mod v1 {
        #[derive(schemasync::DbTable)]
        #[db(table = "people")]
        pub struct Person {
            #[db(id)]
            pub id: i64,
            pub mail: String,
            pub fax: Option<String>,
            #[db(index)]
            pub city: Option<String>,
            pub age: String,
        }
    }
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "users", renamed = "people", sync_method = recreate)]
        pub struct User {
            #[db(id)]
            pub id: i64,
            #[db(renamed = "mail", unique)]
            pub email: String,
            pub city: Option<String>,
            pub age: i64,
            #[db(fk = User::id)]
            pub boss: Option<i64>,
        }
    }
    db.sync(schema![v1::Person]).await;
    db.exec("INSERT INTO people (id, mail, fax, age) VALUES (1, 'a', '55', '30'), (2, 'b', NULL, '31')").await;

    let report = db.sync(schema![v2::User]).await;
    let entry = found(&report.entries, "users");
    assert_eq!(entry.object.kind, EntryKind::Table);
    assert_eq!(entry.renamed_from.as_deref(), Some("people"));
    assert_eq!(entry.columns_added, ["boss"]);
    assert_eq!((entry.columns_renamed[0].from.as_str(), entry.columns_renamed[0].to.as_str()), ("mail", "email"));
    assert_eq!(entry.columns_altered[0].column, "age");
    assert_eq!(entry.columns_dropped, ["fax"]);
    assert_eq!((entry.values_lost[0].column.as_str(), entry.values_lost[0].rows), ("fax", 1));
    assert_eq!(entry.indexes_created, ["schemasync__unique__users__email"]);
    assert_eq!(entry.indexes_dropped, ["schemasync__people__city"]);
    assert_eq!(entry.foreign_keys_added, ["(boss) → users(id)"]);
    assert!(entry.destructive);
    assert_eq!(entry.recreated, !db.supports(Feature::AlterColumn));
    assert_eq!(
        db.rows("SELECT id, email, age, boss FROM users ORDER BY id").await,
        [["1", "'a'", "30", "NULL"], ["2", "'b'", "31", "NULL"]]
    );
});

scenario!(r3_one_broken_table_leaves_the_others_alone, |db| {
    db.sync(schema![before::User, before::Post, before::OldLog]).await;
    db.exec("INSERT INTO users (id, age) VALUES (1, 'forty')").await;
    let report = db.run(schema![after::User, after::Post, after::Tag]).await;
    assert!(report.has_errors());
    assert_says(errors(&report, "users"), &["users.age"]);
    assert_eq!(db.columns("posts").await, ["id", "title", "summary?"]);
    assert_eq!(db.tables().await, ["posts", "tags", "users"]);
    assert_eq!(db.rows("SELECT * FROM users").await, [["1", "'forty'"]]);
});

scenario!(r1_a_run_fails_where_a_table_does_and_has_the_report_inside, |db| {
    db.sync(schema![before::User, before::Post, before::OldLog]).await;
    db.exec("INSERT INTO users (id, age) VALUES (1, 'forty')").await;
    let recorder = Recorder::default();
    let failed = {
        let _guard = tracing::subscriber::set_default(recorder.clone());
        db.syncing(&schema![after::User, after::Post, after::Tag]).run().await
    };
    let Err(error @ Error::Failed { .. }) = failed else { panic!("{failed:?}") };
    assert_says(error.to_string(), &["the sync is not complete", "users: ", "users.age"]);
    assert_eq!(format!("{error:?}"), error.to_string(), "`fn main() -> Result` shows what `Debug` says");
    let Error::Failed { report } = error else { unreachable!() };
    assert_says(errors(&report, "users"), &["users.age"]);
    // What could be done is done, and all is told.
    assert_eq!(db.columns("posts").await, ["id", "title", "summary?"]);
    let events = recorder.events("schemasync").join("\n");
    assert_says(
        &events,
        &["the entry has errors", "entry=users", "the sync is not complete", "errors=1 ", "duration_ms="],
    );
    assert_says(&events, &["entry=old_logs", "destroyed"]);
});

scenario!(r3_what_stands_on_a_broken_table_says_so, |db| {
    mod v1 {
        use schemasync::DbTable;

        #[derive(DbTable)]
        #[db(table = "parents")]
        pub struct Parent {
            #[db(id)]
            pub id: i64,
        }

        #[derive(DbTable)]
        #[db(table = "children")]
        pub struct Child {
            #[db(id)]
            pub id: i64,
            #[db(fk = Parent::id)]
            pub parent_id: i64,
        }

        #[derive(DbTable)]
        #[db(table = "bystanders")]
        pub struct Bystander {
            #[db(id)]
            pub id: i64,
        }
    }
    db.exec("CREATE VIEW parents AS SELECT 1 AS id").await;
    let model = schema![v1::Parent, v1::Child, v1::Bystander];
    let report = db.run(model.clone()).await;
    assert_says(errors(&report, "parents"), &["view", "parents"]);
    assert_says(errors(&report, "children"), &["depends on parents"]);
    assert_eq!(db.tables().await, ["bystanders"]);

    db.exec("DROP VIEW parents").await;
    db.sync(model).await;
    assert_eq!(db.tables().await, ["bystanders", "children", "parents"]);
});

scenario!(r4_a_run_with_errors_is_tried_again, |db| {
    mod v1 {
        #[derive(schemasync::DbTable)]
        #[db(table = "users")]
        pub struct User {
            #[db(id)]
            pub id: i64,
            #[db(unique)]
            pub email: String,
        }
    }
    db.exec("CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY, email TEXT NOT NULL)").await;
    db.exec("INSERT INTO users VALUES (1, 'a'), (2, 'a')").await;
    for _ in 0..2 {
        let report = db.run(schema![v1::User]).await;
        assert!(report.has_errors(), "{report}");
        assert_eq!(report.status, RunStatus::Incomplete, "tried again, not up to date");
    }
    db.exec("UPDATE users SET email = 'b' WHERE id = 2").await;
    db.sync(schema![v1::User]).await;
    assert_eq!(db.indexes("users").await, ["schemasync__unique__users__email: unique (email)"]);
});

scenario!(r4_errors_of_external_views_are_advisory, |db| {
    mod v1 {
        #[derive(schemasync::DbView)]
        #[db(view = "report")]
        pub struct Report {
            pub total: i64,
        }
    }
    let model = schema![before::User, v1::Report];
    let report = db.run(model.clone()).await;
    assert_says(errors(&report, "report"), &["External view \"report\" does not exist"]);
    assert!(!report.has_errors());
    assert_eq!(db.run(model).await.status, RunStatus::UpToDate);
});

scenario!(r5_plans_and_reports_read_well_and_serialise, |db| {
    db.sync(schema![before::User, before::Post, before::OldLog]).await;
    db.exec("INSERT INTO old_logs (id) VALUES (1), (2), (3)").await;
    let model = schema![before::User, after::Post, after::Tag];
    let plan = db.plan(model.clone()).await;
    let text = plan.to_string();
    assert_says(&text, &["+ tags", "~ posts", "+ summary", "- old_logs", "1 in sync", "drops 3 rows", "DESTRUCTIVE"]);
    assert_eq!(Plan::from_json(&plan.to_json().unwrap()).unwrap(), plan);

    let report = db.sync(model.clone()).await;
    assert_says(db.plan(model).await.to_string(), &["✓ Nothing to do", "3"]);
    assert_says(report.to_string(), &["✓ Synced", "+ tags", "~ posts", "- old_logs"]);
    let json = serde_json::to_string(&*report).unwrap();
    assert_eq!(serde_json::from_str::<Report>(&json).unwrap(), *report);
});

scenario!(r5_errors_are_marked, |db| {
    db.sync(schema![before::User]).await;
    db.exec("INSERT INTO users (id, age) VALUES (1, 'forty')").await;
    let report = db.run(schema![after::User]).await;
    assert_says(report.to_string(), &["✗ users", "✗ Not everything could be done"]);
});

scenario!(r5_a_database_never_shows_its_url, |db| {
    assert!(!format!("{:?}", db.handle()).contains('/'));
});

scenario!(sqlite: r5_long_copies_report_progress, |db| {
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "users", sync_method = recreate)]
        pub struct User {
            #[db(id)]
            pub id: i64,
            pub age: i64,
        }
    }
    db.sync(schema![before::User]).await;
    db.exec(
        "INSERT INTO users (id, age) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 250000) SELECT i, i FROM n",
    )
    .await;
    let heard = Arc::new(Mutex::new(Vec::new()));
    let into = Arc::clone(&heard);
    let report = SchemaSync::new(&db.pool)
        .schema(schema![v2::User])
        .on_progress(move |progress| into.lock().unwrap().push((progress.table.clone(), progress.rows)))
        .run_report()
        .await
        .unwrap();
    assert!(!report.has_errors(), "{report}");
    let heard = std::mem::take(&mut *heard.lock().unwrap());
    assert!(heard.len() > 1, "{heard:?}");
    assert!(heard.windows(2).all(|pair| pair[0].1 < pair[1].1), "{heard:?}");
    assert_eq!(*heard.last().unwrap(), ("users".to_owned(), 250_000));
    assert_eq!(db.value("SELECT sum(typeof(age) = 'integer') FROM users").await, "250000");
});

scenario!(r6_every_statement_is_a_tracing_event, |db| {
    let recorder = Recorder::default();
    let report = {
        let _guard = tracing::subscriber::set_default(recorder.clone());
        db.run(schema![before::User, before::Post]).await
    };
    let events = recorder.events("schemasync");
    for statement in &report.statements {
        assert!(events.iter().any(|event| event.contains(statement.as_str())), "{statement} is not in {events:#?}");
    }
});

/// What a program starts in a task of its own has to be `Send`.
#[test]
fn r1_every_future_may_go_to_another_thread() {
    fn is_send<T: Send>(_: fn(SchemaSync<'static>) -> T) {}
    is_send(SchemaSync::run);
    is_send(SchemaSync::run_report);
    is_send(SchemaSync::plan);
    is_send(SchemaSync::status);
    is_send(SchemaSync::drift);
    is_send(|sync| sync.history(1));
    is_send(SchemaSync::dump_sql);
    is_send(|sync| async move { sync.apply(&schemasync::Plan::default()).await });
    is_send(|_| schemasync::Schema::from_database(sqlx::PgPool::connect_lazy("postgres://localhost").unwrap()));
}
