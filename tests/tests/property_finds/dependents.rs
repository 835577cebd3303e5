//! What SQLite looks at while it renames: every view and every trigger of the database.

use super::{arrives, follow};

#[tokio::test]
async fn t2_a_view_over_a_view_that_changes_is_no_obstacle_to_a_rename() {
    let done = arrives(
        r#""tables": [{"name": "t", "columns": [{"name": "x", "type": "text"}]}],
           "views": [{"name": "v", "sql": "SELECT x FROM t"}, {"name": "w", "sql": "SELECT x FROM v"}]"#,
        "INSERT INTO t VALUES ('1')",
        r#""tables": [{"name": "u", "renamed": "t", "columns": [{"name": "x", "type": "text"}]}],
           "views": [{"name": "v", "sql": "SELECT x FROM u"}, {"name": "w", "sql": "SELECT x FROM v"}]"#,
    )
    .await;
    assert_eq!(done.values("u", "x"), ["t31"]);
}

#[tokio::test]
async fn c4_a_view_over_a_view_that_changes_is_no_obstacle_to_a_rename() {
    arrives(
        r#""tables": [{"name": "t", "columns": [{"name": "x", "type": "text"}]}],
           "views": [{"name": "v", "sql": "SELECT x FROM t"}, {"name": "w", "sql": "SELECT x FROM v"}]"#,
        "INSERT INTO t VALUES ('1')",
        r#""tables": [{"name": "t", "columns": [{"name": "y", "renamed": "x", "type": "text"}]}],
           "views": [{"name": "v", "sql": "SELECT y AS x FROM t"}, {"name": "w", "sql": "SELECT x FROM v"}]"#,
    )
    .await;
}

#[tokio::test]
async fn m4_views_of_others_over_a_view_that_changes_come_back_with_their_triggers() {
    const THEIRS: &str = "INSERT INTO t VALUES ('1'); CREATE VIEW theirs AS SELECT x FROM v; CREATE VIEW more AS SELECT x FROM theirs; \
        CREATE TABLE log (x); CREATE TRIGGER theirs_in INSTEAD OF INSERT ON theirs BEGIN INSERT INTO log VALUES (new.x); END";
    let done = follow(
        r#""tables": [{"name": "t", "columns": [{"name": "x", "type": "text"}]}], "views": [{"name": "v", "sql": "SELECT x FROM t"}]"#,
        THEIRS,
        r#""tables": [{"name": "t", "columns": [{"name": "y", "renamed": "x", "type": "text"}]}], "views": [{"name": "v", "sql": "SELECT y AS x FROM t"}]"#,
        false,
    )
    .await;
    assert!(!done.report.has_errors(), "{}", done.report);
    assert_eq!(done.plan.entries, done.report.entries);
    let mut connection = done.scratch.connect().await;
    let read: String = sqlx::query_scalar("SELECT x FROM more").fetch_one(&mut connection).await.expect("the view");
    assert_eq!(read, "1");
    sqlx::raw_sql("INSERT INTO theirs VALUES ('2')").execute(&mut connection).await.expect("the trigger");
}

#[tokio::test]
async fn m4_a_view_of_others_that_nobody_can_read_is_no_obstacle() {
    let done = follow(
        r#""tables": [{"name": "t", "columns": [{"name": "x", "type": "text"}, {"name": "z", "type": "text", "nullable": true}]}]"#,
        "CREATE VIEW broken AS SELECT a FROM nowhere; INSERT INTO t VALUES ('1', '2')",
        r#""tables": [{"name": "u", "renamed": "t", "columns": [{"name": "y", "renamed": "x", "type": "text"}]}]"#,
        false,
    )
    .await;
    assert!(!done.report.has_errors(), "{}", done.report);
    assert_eq!(done.values("u", "y"), ["t31"]);
    let mut connection = done.scratch.connect().await;
    let sql: String = sqlx::query_scalar("SELECT sql FROM sqlite_schema WHERE name = 'broken'")
        .fetch_one(&mut connection)
        .await
        .expect("the view");
    assert_eq!(sql, "CREATE VIEW broken AS SELECT a FROM nowhere");
}

#[tokio::test]
async fn m4_a_view_under_a_name_that_the_model_wants_and_that_nobody_can_read_is_no_obstacle() {
    let done = follow(
        r#""tables": [{"name": "t", "columns": [{"name": "x", "type": "text"}]}]"#,
        "CREATE VIEW v AS SELECT a FROM w; INSERT INTO t VALUES ('1')",
        r#""tables": [{"name": "u", "renamed": "t", "columns": [{"name": "x", "type": "text"}]}, {"name": "w", "columns": [{"name": "a", "type": "text"}]}],
           "views": [{"name": "v", "sql": "SELECT x FROM u"}]"#,
        false,
    )
    .await;
    assert!(done.entry("v").errors.join(" ").contains("unmanaged"), "{}", done.report);
    assert!(done.entry("u").errors.is_empty() && done.entry("w").errors.is_empty(), "{}", done.report);
    assert_eq!(done.values("u", "x"), ["t31"]);
    let mut connection = done.scratch.connect().await;
    let sql: String = sqlx::query_scalar("SELECT sql FROM sqlite_schema WHERE name = 'v'")
        .fetch_one(&mut connection)
        .await
        .expect("the view");
    assert_eq!(sql, "CREATE VIEW v AS SELECT a FROM w");
}

#[tokio::test]
async fn m4_a_view_of_others_that_would_have_to_be_rewritten_is_an_error_of_the_plan() {
    let done = follow(
        r#""tables": [{"name": "t", "columns": [{"name": "x", "type": "text"}]}], "views": [{"name": "v", "sql": "SELECT x FROM t"}]"#,
        "CREATE VIEW theirs AS SELECT v.x, t.x AS other FROM v, t",
        r#""tables": [{"name": "t", "columns": [{"name": "y", "renamed": "x", "type": "text"}]}], "views": [{"name": "v", "sql": "SELECT y AS x FROM t"}]"#,
        false,
    )
    .await;
    assert_eq!(done.plan.entries, done.report.entries);
    let said = &done.entry("t").errors[0];
    assert!(said.contains("view \"theirs\", which is unmanaged") && said.contains("column \"x\""), "{said}");
    assert!(done.report.statements.is_empty());
}

#[tokio::test]
async fn m4_a_trigger_of_others_on_a_view_that_names_what_is_renamed_is_not_lost() {
    let done = follow(
        r#""tables": [{"name": "t", "columns": [{"name": "x", "type": "text"}]}], "views": [{"name": "v", "sql": "SELECT x FROM t"}]"#,
        "CREATE TRIGGER theirs INSTEAD OF INSERT ON v BEGIN INSERT INTO t VALUES (new.x); END",
        r#""tables": [{"name": "u", "renamed": "t", "columns": [{"name": "x", "type": "text"}]}], "views": [{"name": "v", "sql": "SELECT x, 1 AS y FROM u"}]"#,
        false,
    )
    .await;
    assert_eq!(done.plan.entries, done.report.entries);
    assert!(done.entry("v").errors[0].contains("trigger \"theirs\" on it names table \"t\""), "{}", done.report);
}

#[tokio::test]
async fn m4_a_trigger_of_others_that_reads_a_view_which_changes_is_an_error_of_the_plan() {
    let done = follow(
        r#""tables": [{"name": "t", "columns": [{"name": "x", "type": "text"}]}], "views": [{"name": "v", "sql": "SELECT x FROM t"}]"#,
        "CREATE TABLE log (x); CREATE TRIGGER theirs AFTER INSERT ON log BEGIN UPDATE log SET x = (SELECT max(x) FROM v); END",
        r#""tables": [{"name": "t", "columns": [{"name": "y", "renamed": "x", "type": "text"}]}], "views": [{"name": "v", "sql": "SELECT y AS x FROM t"}]"#,
        false,
    )
    .await;
    assert_eq!(done.plan.entries, done.report.entries);
    assert!(done.entry("t").errors[0].contains("trigger \"theirs\" on log"), "{}", done.report);
}

#[tokio::test]
async fn v5_a_view_that_others_read_is_neither_dropped_nor_renamed() {
    const OLD: &str = r#""tables": [{"name": "t", "columns": [{"name": "x", "type": "text"}]}], "views": [{"name": "v", "sql": "SELECT x FROM t"}]"#;
    for new in [
        r#""tables": [{"name": "t", "columns": [{"name": "x", "type": "text"}]}]"#,
        r#""tables": [{"name": "t", "columns": [{"name": "x", "type": "text"}]}], "views": [{"name": "n", "renamed": "v", "sql": "SELECT x FROM t"}]"#,
    ] {
        let done = follow(OLD, "CREATE VIEW theirs AS SELECT x FROM v", new, false).await;
        assert_eq!(done.plan.entries, done.report.entries);
        assert!(done.report.to_string().contains("view \"theirs\", which is unmanaged, reads it"), "{}", done.report);
    }
}

#[tokio::test]
async fn v2_a_broken_view_of_ours_is_no_obstacle_to_a_rename() {
    arrives(
        r#""tables": [{"name": "t", "columns": [{"name": "x", "type": "text"}]}, {"name": "z", "columns": [{"name": "q", "type": "text"}]}],
           "views": [{"name": "v", "sql": "SELECT q FROM z"}]"#,
        "DROP TABLE z",
        r#""tables": [{"name": "t", "columns": [{"name": "y", "renamed": "x", "type": "text"}]}, {"name": "z", "columns": [{"name": "q", "type": "text"}]}],
           "views": [{"name": "v", "sql": "SELECT q FROM z"}]"#,
    )
    .await;
}

#[tokio::test]
async fn v2_a_text_in_double_quotes_outlives_a_rename() {
    arrives(
        r#""tables": [{"name": "t", "columns": [{"name": "x", "type": "text"}, {"name": "z", "type": "text"}]}],
           "views": [{"name": "v", "sql": "SELECT \"nothing\" AS q, z FROM t"}]"#,
        "INSERT INTO t VALUES ('1', '2')",
        r#""tables": [{"name": "t", "columns": [{"name": "y", "renamed": "x", "type": "text"}, {"name": "z", "type": "text"}]}],
           "views": [{"name": "v", "sql": "SELECT \"nothing\" AS q, z FROM t"}]"#,
    )
    .await;
}

#[tokio::test]
async fn c3_a_column_that_waits_for_a_backfill_is_no_drift() {
    let done = follow(
        r#""tables": [{"name": "t", "columns": [{"name": "x", "type": "text"}]}]"#,
        "INSERT INTO t VALUES ('1')",
        r#""tables": [{"name": "t", "columns": [{"name": "x", "type": "text"}, {"name": "plan", "type": "text"}]}]"#,
        false,
    )
    .await;
    let mut connection = done.scratch.connect().await;
    let drift = schemasync::SchemaSync::new(&mut connection).drift().await.expect("drift");
    assert!(drift.is_empty(), "{drift:?}");
}
