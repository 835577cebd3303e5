//! Views that are built from other models, next to tables that fail.

use super::{arrives, follow};

const JOINED_TO_ITSELF: &str = r#"{"name": "v", "query": {"from": {"name": "t"}, "joins": [{"source": {"name": "t", "as": "j"},
    "on": {"compare": {"left": {"column": {"source": "t", "column": "x"}}, "op": "=", "right": {"column": {"source": "j", "column": "x"}}}}}],
    "columns": [{"name": "x", "column": {"source": "t", "column": "x"}}]}}"#;

#[tokio::test]
async fn v1_a_table_that_is_joined_to_itself_is_read_under_two_names() {
    let old = r#""tables": [{"name": "t", "columns": [{"name": "x", "type": "text"}, {"name": "y", "type": "text", "nullable": true}]}]"#;
    let new = format!(
        r#""tables": [{{"name": "t", "columns": [{{"name": "x", "type": "text"}}]}}], "views": [{JOINED_TO_ITSELF}]"#
    );
    arrives(old, "INSERT INTO t VALUES ('1', '2')", &new).await;

    let theirs = "INSERT INTO t VALUES ('1', '2'); CREATE INDEX theirs ON t (y)";
    let done = follow(old, theirs, &new, false).await;
    assert_eq!(done.plan.entries, done.report.entries);
    assert_eq!(done.entry("t").errors.len(), 1, "{}", done.report);
    let again = done.scratch.plan(&super::schema(&new), false).await.expect("a plan");
    assert!(again.steps.is_empty(), "{again}");
}

#[tokio::test]
async fn s9_a_view_that_goes_and_comes_with_a_table_is_as_the_model_says() {
    let old = r#""tables": [{"name": "t", "columns": [{"name": "x", "type": "text"}, {"name": "y", "type": "text", "nullable": true}]}],
        "views": [{"name": "v", "sql": "SELECT x, \"a text\" AS said FROM t"}]"#;
    let new = old.replace(r#", {"name": "y", "type": "text", "nullable": true}"#, "");
    let theirs = "INSERT INTO t VALUES ('1', '2'); CREATE INDEX theirs ON t (y)";
    let done = follow(old, theirs, &new, false).await;
    assert!(done.entry("v").errors.is_empty(), "{}", done.report);
    assert_eq!(done.entry("t").errors.len(), 1, "{}", done.report);
}

#[tokio::test]
async fn c9_a_view_that_reads_another_tables_column_of_that_name_holds_nothing() {
    let old = r#""tables": [{"name": "t", "columns": [{"name": "x", "type": "text"}, {"name": "y", "type": "text", "nullable": true}]},
        {"name": "u", "columns": [{"name": "y", "type": "text"}]}],
        "views": [{"name": "v", "query": {"from": {"name": "t"}, "joins": [{"source": {"name": "u"},
            "on": {"compare": {"left": {"column": {"source": "t", "column": "x"}}, "op": "=", "right": {"column": {"source": "u", "column": "y"}}}}}],
            "columns": [{"name": "y", "column": {"source": "u", "column": "y"}}]}}]"#;
    let new = old.replacen(r#", {"name": "y", "type": "text", "nullable": true}"#, "", 1);
    arrives(old, "INSERT INTO t VALUES ('1', '2'); INSERT INTO u VALUES ('1')", &new).await;

    let uses = old.replace(r#"{"source": "u", "column": "y"}}]"#, r#"{"source": "t", "column": "y"}}]"#);
    let done = follow(
        &uses,
        "",
        &uses
            .replacen(r#", {"name": "y", "type": "text", "nullable": true}"#, "", 1)
            .replace(r#"{"source": "t", "column": "y"}"#, r#"{"source": "u", "column": "y"}"#),
        false,
    )
    .await;
    assert!(!done.report.has_errors(), "{}", done.report);
}

#[tokio::test]
async fn p2_a_view_over_one_that_cannot_be_made_is_an_error_of_the_plan() {
    let old = r#""tables": [{"name": "t", "columns": [{"name": "x", "type": "text"}]}]"#;
    let view = |name: &str, of: &str| {
        format!(
            r#"{{"name": "{name}", "query": {{"from": {{"name": "{of}"}}, "columns": [{{"name": "z", "column": {{"source": "{of}", "column": "z"}}}}]}}}}"#
        )
    };
    let new = format!(
        r#""tables": [{{"name": "t", "columns": [{{"name": "x", "type": "int64"}}, {{"name": "z", "type": "text", "nullable": true}}]}}], "views": [{}, {}, {}]"#,
        view("c", "t"),
        view("a", "c"),
        view("b", "a"),
    );
    let done = follow(old, "INSERT INTO t VALUES ('1')", &new, false).await;
    assert_eq!(done.plan.entries, done.report.entries);
    assert_eq!(done.entry("c").errors, ["depends on t, which has errors"]);
    assert_eq!(done.entry("a").errors, ["depends on c, which has errors"]);
    assert_eq!(done.entry("b").errors, ["depends on a, which has errors"]);
}

#[tokio::test]
async fn v1_what_a_view_that_stays_reads_stays_as_well() {
    let view = |name: &str, of: &str| {
        format!(
            r#"{{"name": "{name}", "query": {{"from": {{"name": "{of}"}}, "columns": [{{"name": "x", "column": {{"source": "{of}", "column": "x"}}}}]}}}}"#
        )
    };
    let old = format!(
        r#""tables": [{{"name": "goes", "columns": [{{"name": "x", "type": "text"}}]}}, {{"name": "t", "columns": [{{"name": "y", "type": "text"}}]}}], "views": [{}, {}]"#,
        view("a", "b"),
        view("b", "goes")
    );
    // The table has errors, so the new view over it is not made, and what reads that stays as it is.
    let new = format!(
        r#""tables": [{{"name": "t", "columns": [{{"name": "y", "type": "int64"}}, {{"name": "x", "type": "text", "nullable": true}}]}}], "views": [{}, {}]"#,
        view("a", "c"),
        view("c", "t")
    );
    let done = follow(&old, "INSERT INTO goes VALUES ('1'); INSERT INTO t VALUES ('z')", &new, false).await;
    assert_eq!(done.plan.entries, done.report.entries);
    assert_eq!(done.entry("a").errors, ["depends on c, which has errors"]);
    assert_eq!(done.entry("b").errors, ["view \"a\", which has errors and stays, reads it"]);
    assert_eq!(done.entry("goes").errors, ["view \"b\", which has errors and stays, reads it"]);
    assert_eq!(done.values("goes", "x"), ["t31"]);
}
