//! What a run may do by itself: suspected renames, the rules of plans, policies.

use schemasync::{EntryStatus, Level, Policy, Rule, RunStatus, SuspectedRename, schema};
use schemasync_tests::{assert_says, errors, found, scenario};

mod v1 {
    use schemasync::{DbTable, DbView};

    #[derive(DbTable)]
    #[db(table = "users")]
    pub struct User {
        #[db(id)]
        pub id: i64,
        pub full_name: Option<String>,
        pub age: Option<i64>,
    }
    #[derive(DbTable)]
    #[db(table = "logs")]
    pub struct Log {
        #[db(id)]
        pub id: i64,
        pub line: String,
        pub level: Option<i64>,
    }
    #[derive(DbView)]
    #[db(view = "lines", sql = "SELECT line FROM logs")]
    pub struct Lines {
        pub line: String,
    }
}

/// One column has another name, and the model does not say so; another comes.
mod v2 {
    use schemasync::DbTable;

    #[derive(DbTable)]
    #[db(table = "users")]
    pub struct User {
        #[db(id)]
        pub id: i64,
        pub display_name: Option<String>,
        pub age: Option<i64>,
    }
    #[derive(DbTable)]
    #[db(table = "logs")]
    pub struct Log {
        #[db(id)]
        pub id: i64,
        pub line: String,
        pub level: Option<i64>,
        pub host: Option<String>,
    }
}

/// As `v2`, and the rename is said.
mod v3 {
    use schemasync::DbTable;

    #[derive(DbTable)]
    #[db(table = "users")]
    pub struct User {
        #[db(id)]
        pub id: i64,
        #[db(renamed = "full_name")]
        pub display_name: Option<String>,
        pub age: Option<i64>,
    }
}

const ROWS: &str =
    "INSERT INTO users VALUES (1, 'Ada', 30), (2, 'Bob', NULL); INSERT INTO logs VALUES (1, 'a', 1), (2, 'b', 2)";

fn renamed_column(from: &str, to: &str) -> SuspectedRename {
    serde_json::from_value(serde_json::json!({"kind": "column", "from": from, "to": to})).expect("a suspected rename")
}

scenario!(p_a_column_that_looks_renamed_is_asked_about_and_nothing_is_guessed, |db| {
    db.sync(schema![v1::User, v1::Log]).await;
    db.exec(ROWS).await;
    let plan = db.plan(schema![v2::User, v2::Log]).await;
    let entry = found(&plan.entries, "users");
    assert_eq!(entry.suspected_renames, [renamed_column("full_name", "display_name")]);
    assert!(found(&plan.entries, "logs").suspected_renames.is_empty());
    assert_says(plan.to_string(), &["did you mean #[db(renamed = \"full_name\")] on \"display_name\"?"]);
    db.sync(schema![v2::User, v2::Log]).await;
    assert_eq!(
        db.rows("SELECT id, display_name, age FROM users ORDER BY id").await,
        [["1", "NULL", "30"], ["2", "NULL", "NULL"]]
    );
});

scenario!(p_a_rename_that_is_said_is_not_suspected, |db| {
    db.sync(schema![v1::User]).await;
    db.exec("INSERT INTO users VALUES (1, 'Ada', 30)").await;
    let plan = db.plan(schema![v3::User]).await;
    assert!(found(&plan.entries, "users").suspected_renames.is_empty(), "{plan}");
    db.sync(schema![v3::User]).await;
    assert_eq!(db.value("SELECT display_name FROM users").await, "'Ada'");
});

scenario!(p_columns_of_other_types_are_not_taken_for_each_other, |db| {
    mod other {
        use schemasync::DbTable;

        #[derive(DbTable)]
        #[db(table = "users")]
        pub struct User {
            #[db(id)]
            pub id: i64,
            pub full_name: Option<String>,
            pub years: Option<f64>,
        }
    }
    db.sync(schema![v1::User]).await;
    let plan = db.plan(schema![other::User]).await;
    assert!(found(&plan.entries, "users").suspected_renames.is_empty(), "{plan}");
});

scenario!(p_a_table_and_a_view_that_look_renamed_are_asked_about, |db| {
    mod renamed {
        use schemasync::{DbTable, DbView};

        #[derive(DbTable)]
        #[db(table = "people")]
        pub struct Person {
            #[db(id)]
            pub id: i64,
            pub full_name: Option<String>,
            pub age: Option<i64>,
        }
        #[derive(DbView)]
        #[db(view = "log_lines", sql = "SELECT line FROM logs")]
        pub struct Lines {
            pub line: String,
        }
    }
    db.sync(schema![v1::User, v1::Log, v1::Lines]).await;
    db.exec(ROWS).await;
    let plan = db.plan(schema![renamed::Person, v1::Log, renamed::Lines]).await;
    let suspected =
        |name: &str| found(&plan.entries, name).suspected_renames.iter().map(ToString::to_string).collect::<String>();
    assert_says(suspected("users"), &["table \"users\" goes and \"people\"", "#[db(renamed = \"users\")]"]);
    assert_says(suspected("lines"), &["view \"lines\" goes and \"log_lines\""]);
    // Nothing is done under the policy of production, and all of it by somebody who means it.
    let schema = || schema![renamed::Person, v1::Log, renamed::Lines];
    let report = db.syncing(&schema()).policy(Policy::production()).run_report().await.expect("a report");
    assert_says(errors(&report, "users"), &["the policy denies rename-suspected"]);
    assert_eq!(db.value("SELECT count(*) FROM users").await, "2");
    db.sync(schema()).await;
    assert_eq!(db.tables().await, ["logs", "people"]);
    db.assert_like_new(schema()).await;
});

scenario!(p_production_denies_a_suspected_rename_and_does_the_rest, |db| {
    db.sync(schema![v1::User, v1::Log]).await;
    db.exec(ROWS).await;
    let sync = db.syncing(&schema![v2::User, v2::Log]).policy(Policy::production());
    let error = sync.run().await.expect_err("an errored entry").to_string();
    assert_says(&error, &["users", "the policy denies rename-suspected", "#[db(renamed = \"full_name\")]"]);
    assert_eq!(db.columns("users").await, ["id", "full_name?", "age?"]);
    assert_eq!(db.columns("logs").await, ["id", "line", "level?", "host?"]);
    assert_eq!(db.value("SELECT full_name FROM users WHERE id = 1").await, "'Ada'");
    db.sync_with(schema![v3::User, v2::Log], |sync| sync.policy(Policy::production())).await;
    assert_eq!(db.value("SELECT display_name FROM users WHERE id = 1").await, "'Ada'");
});

scenario!(p_production_withholds_drops_until_somebody_means_them, |db| {
    db.sync(schema![v1::User, v1::Log]).await;
    db.exec(ROWS).await;
    let report = db.sync_with(schema![v1::User], |sync| sync.policy(Policy::production())).await;
    assert_says(report.to_string(), &["not done: drop table (2 rows)"]);
    assert_eq!(db.value("SELECT count(*) FROM logs").await, "2");
    let report = db.sync(schema![v1::User]).await;
    assert_eq!((report.status, found(&report.entries, "logs").status), (RunStatus::Synced, EntryStatus::Drop));
    assert_eq!(db.tables().await, ["users"]);
});

scenario!(p_a_rule_that_is_denied_keeps_the_table_and_lets_the_others_go_on, |db| {
    mod changed {
        use schemasync::DbTable;

        #[derive(DbTable)]
        #[db(table = "users")]
        pub struct User {
            #[db(id)]
            pub id: i64,
            pub full_name: Option<String>,
            pub age: Option<i64>,
            pub city: Option<String>,
        }
    }
    db.sync(schema![v1::User, v1::Log, v1::Lines]).await;
    db.exec(ROWS).await;
    let policy = || Policy::development().rule(Rule::DropsTable, Level::Deny);
    let report = db.syncing(&schema![changed::User]).policy(policy()).run_report().await.expect("a report");
    assert_eq!(report.status, RunStatus::Incomplete);
    assert_says(errors(&report, "logs"), &["the policy denies drops-table: it is dropped with 2 rows"]);
    assert_eq!(db.value("SELECT count(*) FROM logs").await, "2");
    assert_eq!(db.columns("users").await, ["id", "full_name?", "age?", "city?"]);
    let plan = db.syncing(&schema![changed::User]).policy(policy()).plan().await.expect("a plan");
    assert!(plan.has_errors() && plan.steps.is_empty(), "{plan}");
    db.sync(schema![changed::User]).await;
    assert_eq!(db.tables().await, ["users"]);
});

scenario!(p_a_long_wait_is_denied_by_the_number_of_rows, |db| {
    mod texts {
        use schemasync::DbTable;

        #[derive(DbTable)]
        #[db(table = "users", sync_method = recreate)]
        pub struct User {
            #[db(id)]
            pub id: i64,
            pub full_name: Option<String>,
            pub age: Option<String>,
        }
    }
    db.sync(schema![v1::User, v1::Log]).await;
    db.exec(ROWS).await;
    let production = |rows| Policy::production().waiting_rows(rows);
    let report = db.syncing(&schema![texts::User, v1::Log]).policy(production(2)).run_report().await.expect("a report");
    assert_says(errors(&report, "users"), &["the policy denies blocks-writes: it cannot be written to meanwhile"]);
    assert_eq!(db.rows("SELECT age FROM users ORDER BY id").await, [["30"], ["NULL"]]);
    db.sync_with(schema![texts::User, v1::Log], |sync| sync.policy(production(3))).await;
    assert_eq!(db.rows("SELECT age FROM users ORDER BY id").await, [["'30'"], ["NULL"]]);
});
