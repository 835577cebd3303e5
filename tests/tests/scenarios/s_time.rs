//! Rule S6: which start of a program is one of an older model. `docs/rolling-deploys.md` has the same table in words.

use schemasync::{Error, RunStatus, Schema, SchemaSync};
use schemasync_tests::{TestDatabase, assert_says, scenario};

const EMAIL: &str = r#"{"name": "email", "type": "text", "nullable": true}"#;
const PLAN: &str = r#"{"name": "plan", "type": "text", "nullable": true}"#;
const CITY: &str = r#"{"name": "city", "type": "text", "nullable": true}"#;
const UNIQUE: &str = r#", "indexes": [{"name": "email", "kind": "unique", "parts": ["email"]}]"#;

fn users(columns: &[&str], rest: &str) -> Schema {
    let columns: String = columns.iter().map(|column| format!(", {column}")).collect();
    let json = format!(
        r#"{{"schemasync": 1, "tables": [{{"name": "users", "columns": [{{"name": "id", "type": "int64"}}{columns}], "primary_key": "id"{rest}}}]}}"#
    );
    Schema::from_json(&json).unwrap_or_else(|error| panic!("{error}\n{json}"))
}

/// The model of that name.
fn model(name: &str) -> Schema {
    match name {
        "v1" => users(&[EMAIL], ""),
        "v2" => users(&[EMAIL, PLAN], ""),
        "v3" => users(&[EMAIL, PLAN, CITY], ""),
        // Two rows have the same address: these fail and change nothing.
        "fails" => users(&[EMAIL], UNIQUE),
        "fails too" => users(&[EMAIL], r#", "indexes": [{"name": "other", "kind": "unique", "parts": ["email"]}]"#),
        // This one fails, and leaves a column.
        "leaves" => users(&[EMAIL, PLAN], UNIQUE),
        // These take a column away, by its name and altogether.
        "renames" => users(&[r#"{"name": "address", "renamed": ["email"], "type": "text", "nullable": true}"#], ""),
        "drops" => users(&[], ""),
        other => panic!("no model {other:?}"),
    }
}

/// Starts the program of a model; `revert v1` allows to go back, `mend` mends the rows.
async fn start<D: TestDatabase>(db: &D, word: &str) -> String {
    if word == "mend" {
        db.exec("UPDATE users SET email = 'b' WHERE id = 2").await;
        return String::new();
    }
    let (name, back) = word.strip_prefix("revert ").map_or((word, false), |name| (name, true));
    let schema = model(name);
    let plan = SchemaSync::new(db.handle()).schema(schema.clone()).allow_revert(back).plan().await.expect("a plan");
    let before = db.dump().await;
    let said = db.syncing(&schema).allow_revert(back).run_report().await;
    let lacks = matches!(&said, Err(Error::LeftBehind { .. }));
    let superseded = lacks || matches!(&said, Ok(report) if report.status == RunStatus::Superseded);
    assert_eq!((plan.superseded, !plan.lacks.is_empty()), (superseded, lacks), "{word}: the plan foretells it");
    match said {
        Ok(report) => {
            if superseded {
                assert_eq!(report.fingerprint, plan.fingerprint);
                assert_says(report.warnings.join("\n"), &["already left this model behind", "allow_revert"]);
                assert_eq!(db.dump().await, before, "{word}");
            }
            format!("{:?}", report.status)
        }
        Err(Error::LeftBehind { lacks }) => {
            assert_eq!(db.dump().await, before, "{word}");
            lacks.join(", ")
        }
        Err(error) => panic!("{word}: {error}"),
    }
}

/// What was started, one after another, and how the last start ends.
const ORDERS: [(&[&str], &str); 27] = [
    (&["v1"], "Synced"),
    (&["v1", "v1"], "UpToDate"),
    (&["v1", "v2"], "Synced"),
    (&["v1", "v2", "v1"], "Superseded"),
    (&["v1", "v2", "v1", "v2"], "UpToDate"),
    (&["v1", "v2", "v3", "v1"], "Superseded"),
    (&["v1", "v2", "v3", "v2"], "Superseded"),
    // Back.
    (&["v1", "v2", "revert v1"], "Synced"),
    (&["v1", "v2", "revert v1", "v1"], "UpToDate"),
    (&["v1", "v2", "revert v1", "v2"], "Synced"),
    (&["v1", "v2", "revert v1", "v2", "v2"], "UpToDate"),
    (&["v1", "v2", "revert v1", "v2", "v1"], "Superseded"),
    (&["v1", "v2", "v3", "revert v2", "v1"], "Superseded"),
    (&["v1", "v2", "v3", "revert v2", "v3"], "Synced"),
    (&["v1", "v2", "v3", "revert v1", "v2"], "Synced"),
    (&["v1", "v2", "v3", "revert v1", "v3"], "Synced"),
    (&["v1", "v2", "v3", "revert v1", "v3", "v2"], "Superseded"),
    // A run that failed and changed nothing is no step in time.
    (&["v1", "fails"], "Incomplete"),
    (&["v1", "fails", "v1"], "Synced"),
    (&["v1", "fails", "v1", "v1"], "UpToDate"),
    (&["v1", "fails", "fails too", "mend", "fails"], "Synced"),
    (&["v1", "v2", "fails", "v1"], "Superseded"),
    // One that left something is.
    (&["v1", "leaves", "v1"], "Superseded"),
    (&["v1", "leaves", "mend", "leaves"], "Synced"),
    // Back, which fails: the younger model is still the one.
    (&["mend", "fails", "v1", "again", "revert fails", "v1", "fails"], "Superseded"),
    // What an older program needs and does not find is an error.
    (&["v1", "renames", "v1"], "column \"email\" of \"users\""),
    (&["v1", "drops", "v1"], "column \"email\" of \"users\""),
];

scenario!(s6_every_order_of_models_ends_as_the_table_says, |db| {
    for (order, expected) in ORDERS {
        db.exec("CREATE TABLE users (id BIGINT PRIMARY KEY NOT NULL, email TEXT)").await;
        db.exec("INSERT INTO users VALUES (1, 'a'), (2, 'a')").await;
        let mut last = String::new();
        for word in order {
            last = match *word {
                "again" => {
                    db.exec("UPDATE users SET email = 'a'").await;
                    continue;
                }
                word => start(db, word).await,
            };
        }
        assert_eq!(last, expected, "{order:?}");
        if last == "Synced" || last == "UpToDate" {
            db.assert_settled(&model(order[order.len() - 1].trim_start_matches("revert "))).await;
        }
        db.exec("DROP TABLE users").await;
        db.exec("DROP TABLE __schemasync_state").await;
        db.exec("DROP TABLE __schemasync_history").await;
    }
});

scenario!(s6_a_run_that_changed_nothing_is_not_in_the_history, |db| {
    db.sync(model("v1")).await;
    let renamed = users(&[r#"{"name": "email", "renamed": ["mail"], "type": "text", "nullable": true}"#], "");
    db.sync(renamed).await;
    assert_eq!(db.rows("SELECT outcome FROM __schemasync_history").await, [["'synced'"]]);
    assert!(!SchemaSync::new(db.handle()).schema(model("v1")).plan().await.unwrap().superseded);
});

scenario!(s6_a_dropped_history_makes_no_older_model_a_newer_one, |db| {
    db.sync(model("v1")).await;
    db.sync(model("v2")).await;
    db.exec("DROP TABLE __schemasync_history").await;
    assert_eq!(db.run(model("v1")).await.status, RunStatus::Superseded);
    let report = db.run(model("v3")).await;
    assert_says(report.warnings.join("\n"), &["history", "has been dropped"]);
    assert_eq!(db.run(model("v2")).await.status, RunStatus::Superseded);
    // Without its state, the history tells.
    db.exec("DROP TABLE __schemasync_state").await;
    db.sync(model("v3")).await;
    db.exec("DELETE FROM __schemasync_history").await;
    let report = db.run(users(&[EMAIL, PLAN, CITY], UNIQUE)).await;
    assert!(report.warnings.is_empty(), "{report}");
    assert_eq!(db.run(model("v3")).await.status, RunStatus::Superseded);
});

scenario!(postgres: s6_an_older_model_finds_wider_types_and_no_narrower_ones, |db| {
    let code = |ty: &str| users(&[&format!(r#"{{"name": "code", "type": {ty}}}"#)], "");
    for (first, second, lacks) in [
        (r#""int32""#, r#""int64""#, ""),
        (r#""int64""#, r#""int32""#, "column \"code\" of \"users\" as bigint (it is integer)"),
        (r#"{"varchar": 10}"#, r#""text""#, ""),
        (r#""text""#, r#"{"varchar": 10}"#, "column \"code\" of \"users\" as text (it is character varying(10))"),
        (r#""text""#, r#""int32""#, "column \"code\" of \"users\" as text (it is integer)"),
    ] {
        db.sync(code(first)).await;
        db.sync(code(second)).await;
        match db.syncing(&code(first)).run_report().await {
            Ok(report) => assert_eq!((report.status, lacks), (RunStatus::Superseded, ""), "{first} {second}"),
            Err(Error::LeftBehind { lacks: found }) => assert_eq!(found, [lacks], "{first} {second}"),
            Err(error) => panic!("{first} {second}: {error}"),
        }
        db.exec("DROP TABLE users, __schemasync_state, __schemasync_history").await;
    }
});
