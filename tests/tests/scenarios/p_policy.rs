//! Safe mode and policy: P1 to P3.

use schemasync::change::Statement;
use schemasync::{EntryStatus, Error, Plan, RunStatus, schema};
use schemasync_tests::{Feature, assert_says, errors, found, scenario};

mod v1 {
    use schemasync::{DbTable, DbView};

    #[derive(DbTable)]
    #[db(table = "users")]
    pub struct User {
        #[db(id)]
        pub id: i64,
        pub fax: Option<String>,
        pub age: String,
    }
    #[derive(DbTable)]
    #[db(table = "logs")]
    pub struct Log {
        #[db(id)]
        pub id: i64,
    }
    #[derive(DbView)]
    #[db(view = "ages", sql = "SELECT age FROM users")]
    pub struct Ages {
        pub age: String,
    }
}

/// Drops a column, a table and a view, narrows a type, and adds a column and an index.
mod v2 {
    use schemasync::DbTable;

    #[derive(DbTable)]
    #[db(table = "users", sync_method = recreate)]
    pub struct User {
        #[db(id)]
        pub id: i64,
        #[db(index)]
        pub age: i64,
        pub city: Option<String>,
    }
}

const ROWS: &str = "INSERT INTO users VALUES (1, '5', '30'); INSERT INTO logs VALUES (1), (2)";

scenario!(p1_safe_mode_holds_back_what_loses_and_does_the_rest, |db| {
    db.sync(schema![v1::User, v1::Log, v1::Ages]).await;
    db.exec(ROWS).await;
    let report = db.sync_with(schema![v2::User], |sync| sync.safe(true)).await;
    let withheld = |name| {
        let items = &found(&report.entries, name).withheld;
        items.iter().map(|item| format!("{} ({})", item.what, item.why)).collect::<Vec<_>>().join("\n")
    };
    assert_says(withheld("users"), &["drop column \"fax\" (safe mode", "alter column \"age\""]);
    assert_says(withheld("logs"), &["drop table", "2 rows", "safe mode"]);
    assert_says(withheld("ages"), &["drop view (safe mode"]);
    assert_says(report.to_string(), &["not done"]);
    assert_eq!(db.tables().await, ["logs", "users"]);
    assert_eq!(db.views().await, ["ages"]);
    assert_eq!(db.rows("SELECT id, fax, age, city FROM users").await, [["1", "'5'", "'30'", "NULL"]]);
    assert_eq!(db.indexes("users").await, ["schemasync__users__age: (age)"]);
});

scenario!(p1_a_later_normal_run_does_what_was_held_back, |db| {
    db.sync(schema![v1::User, v1::Log, v1::Ages]).await;
    db.exec(ROWS).await;
    db.sync_with(schema![v2::User], |sync| sync.safe(true)).await;
    let report = db.sync(schema![v2::User]).await;
    assert_eq!(report.status, RunStatus::Synced);
    assert_eq!(found(&report.entries, "logs").status, EntryStatus::Drop);
    assert_eq!(db.tables().await, ["users"]);
    assert!(db.views().await.is_empty());
    assert_eq!(db.rows("SELECT id, age, city FROM users").await, [["1", "30", "NULL"]]);
    db.assert_like_new(schema![v2::User]).await;
});

scenario!(p1_safe_mode_still_renames_and_rebuilds_what_keeps_everything, |db| {
    mod kept {
        use schemasync::DbTable;

        #[derive(DbTable)]
        #[db(table = "people", renamed = "users", sync_method = recreate)]
        pub struct Person {
            #[db(id)]
            pub id: i64,
            #[db(renamed = "fax")]
            pub telefax: Option<String>,
            pub age: Option<String>,
            #[db(fk = Log::id)]
            pub log: Option<i64>,
        }
        #[derive(DbTable)]
        #[db(table = "logs")]
        pub struct Log {
            #[db(id)]
            pub id: i64,
        }
    }
    db.sync(schema![v1::User, v1::Log]).await;
    db.exec(ROWS).await;
    let report = db.sync_with(schema![kept::Person, kept::Log], |sync| sync.safe(true)).await;
    assert!(report.entries.iter().all(|entry| entry.withheld.is_empty()), "{report}");
    assert_eq!(db.rows("SELECT id, telefax, age, log FROM people").await, [["1", "'5'", "'30'", "NULL"]]);
    assert_eq!(db.columns("people").await, ["id", "telefax?", "age?", "log?"]);
});

scenario!(p1_safe_mode_drops_no_rows_for_a_sync_method, |db| {
    mod dropped {
        #[derive(schemasync::DbTable)]
        #[db(table = "users", sync_method = drop)]
        pub struct User {
            #[db(id)]
            pub id: i64,
            pub fax: Option<String>,
            pub age: Option<String>,
        }
    }
    db.sync(schema![v1::User]).await;
    db.exec("INSERT INTO users VALUES (1, '5', '30')").await;
    let report = db.syncing(&schema![dropped::User]).safe(true).run_report().await.unwrap();
    assert_eq!(db.value("SELECT count(*) FROM users").await, "1", "{report}");
    if !db.supports(Feature::AlterColumn) {
        assert_says(&found(&report.entries, "users").withheld[0].why, &["safe mode"]);
    }
});

scenario!(p2_the_plan_lists_what_the_run_does, |db| {
    db.sync(schema![v1::User, v1::Log, v1::Ages]).await;
    db.exec(ROWS).await;
    for safe in [true, false] {
        let model = schema![v2::User];
        let plan = db.syncing(&model).safe(safe).plan().await.unwrap();
        let report = db.syncing(&model).safe(safe).run_report().await.unwrap();
        assert_eq!(plan.entries, report.entries);
        let planned: Vec<&str> = plan
            .statements()
            .filter_map(|statement| match statement {
                Statement::Execute(sql) | Statement::Restore { sql, .. } => Some(sql.as_str()),
                Statement::Copy { insert, .. } => Some(insert.as_str()),
                Statement::AssertEmpty { .. } => None,
                other => panic!("a kind of statement that this test does not know: {other:?}"),
            })
            .collect();
        assert_eq!(planned, report.statements);
    }
});

scenario!(p2_a_plan_with_errors_is_a_run_with_the_same_errors, |db| {
    db.sync(schema![v1::User, v1::Log]).await;
    db.exec("INSERT INTO users VALUES (1, '5', 'old')").await;
    let model = schema![v2::User, v1::Log];
    let plan = db.plan(model.clone()).await;
    let report = db.run(model).await;
    assert_eq!(plan.entries, report.entries);
    assert_says(errors(&report, "users"), &["old"]);
});

scenario!(p3_a_saved_plan_is_applied_later, |db| {
    db.sync(schema![v1::User, v1::Log]).await;
    db.exec(ROWS).await;
    let saved = db.plan(schema![v2::User]).await.to_json().unwrap();
    let plan = Plan::from_json(&saved).unwrap();
    let report = db.syncing(&schema![v2::User]).apply(&plan).await.unwrap();
    assert_eq!(report.entries, plan.entries);
    assert_eq!(db.rows("SELECT id, age, city FROM users").await, [["1", "30", "NULL"]]);
    db.assert_settled(&schema![v2::User]).await;
});

scenario!(p3_a_plan_of_another_state_is_refused, |db| {
    db.sync(schema![v1::User, v1::Log]).await;
    let plan = db.plan(schema![v2::User]).await;
    db.exec("CREATE INDEX theirs ON users (fax)").await;
    let before = db.dump().await;
    let error = db.syncing(&schema![v2::User]).apply(&plan).await.unwrap_err();
    assert!(matches!(error, Error::StalePlan), "{error}");
    assert_eq!(db.dump().await, before);
});

scenario!(p3_a_plan_of_another_model_is_refused, |db| {
    db.sync(schema![v1::User, v1::Log]).await;
    let plan = db.plan(schema![v2::User]).await;
    let error = db.syncing(&schema![v1::User]).apply(&plan).await.unwrap_err();
    assert!(matches!(error, Error::StalePlan), "{error}");
    assert_eq!(db.tables().await, ["logs", "users"]);
});

scenario!(p3_a_plan_is_not_applied_twice, |db| {
    let plan = db.plan(schema![v1::User]).await;
    let report = db.syncing(&schema![v1::User]).apply(&plan).await.unwrap();
    assert!(!report.has_errors(), "{report}");
    let error = db.syncing(&schema![v1::User]).apply(&plan).await.unwrap_err();
    assert!(matches!(error, Error::StalePlan), "{error}");
});

scenario!(p3_a_tampered_plan_is_refused, |db| {
    let plan = db.plan(schema![v1::User, v1::Log]).await;
    let json = plan.to_json().unwrap().replace("CREATE TABLE \\\"logs\\\"", "CREATE TABLE \\\"other\\\"");
    let tampered = Plan::from_json(&json).unwrap();
    if tampered == plan {
        return;
    }
    let error = db.syncing(&schema![v1::User, v1::Log]).apply(&tampered).await.unwrap_err();
    assert!(matches!(error, Error::StalePlan), "{error}");
    assert!(db.tables().await.is_empty());
});

scenario!(p1_safe_mode_keeps_the_view_that_would_become_a_table, |db| {
    mod view {
        #[derive(schemasync::DbView)]
        #[db(view = "logs", sql = "SELECT id FROM users")]
        pub struct Log {
            pub id: i64,
        }
    }
    db.sync(schema![v1::User, view::Log]).await;
    let report = db.syncing(&schema![v1::User, v1::Log]).safe(true).run_report().await.unwrap();
    assert!(!report.has_errors(), "{report}");
    assert_eq!(db.views().await, ["logs"]);
    db.sync(schema![v1::User, v1::Log]).await;
    assert_eq!(db.tables().await, ["logs", "users"]);
});

scenario!(p1_safe_mode_keeps_the_table_that_would_become_a_view, |db| {
    mod view {
        #[derive(schemasync::DbView)]
        #[db(view = "logs", sql = "SELECT id FROM users")]
        pub struct Log {
            pub id: i64,
        }
    }
    db.sync(schema![v1::User, v1::Log]).await;
    db.exec(ROWS).await;
    let report = db.syncing(&schema![v1::User, view::Log]).safe(true).run_report().await.unwrap();
    assert!(!report.has_errors(), "{report}");
    assert_eq!(db.value("SELECT count(*) FROM logs").await, "2");
    db.sync(schema![v1::User, view::Log]).await;
    assert_eq!(db.views().await, ["logs"]);
});
