//! Names that are wanted by two.

use super::{arrives, follow};

const TWO: &str = r#""tables": [{"name": "a", "columns": [{"name": "x", "type": "text"}]}, {"name": "b", "columns": [{"name": "x", "type": "text"}]}]"#;

#[tokio::test]
async fn t2_both_names_that_the_last_run_left_are_a_conflict() {
    let done = follow(
        TWO,
        "INSERT INTO a VALUES ('1'); INSERT INTO b VALUES ('2')",
        r#""tables": [{"name": "b", "renamed": "a", "columns": [{"name": "x", "type": "text"}]}]"#,
        false,
    )
    .await;
    let said = "Table rename conflict: cannot rename \"a\" → \"b\" because \"b\" already exists.";
    assert_eq!(done.plan.entries, done.report.entries);
    assert_eq!(done.entry("b").errors, [said]);
    assert_eq!((done.values("a", "x"), done.values("b", "x")), (vec!["t31"], vec!["t32"]));
}

#[tokio::test]
async fn c4_both_names_that_the_last_run_left_are_a_conflict() {
    let done = follow(
        r#""tables": [{"name": "users", "columns": [{"name": "email_address", "type": "text"}, {"name": "email", "type": "text"}]}]"#,
        "INSERT INTO users VALUES ('old', 'new')",
        r#""tables": [{"name": "users", "columns": [{"name": "email", "renamed": "email_address", "type": "text"}]}]"#,
        false,
    )
    .await;
    assert_eq!(
        done.entry("users").errors,
        [
            "Column rename conflict on users: cannot rename \"email_address\" → \"email\" because \"email\" already exists."
        ]
    );
    assert_eq!(done.values("users", "email_address"), ["t6F6C64"]);
}

#[tokio::test]
async fn t4_a_table_takes_the_name_of_a_view_that_goes() {
    const OLD: &str = r#""tables": [{"name": "b", "columns": [{"name": "x", "type": "text"}]}], "views": [{"name": "a", "sql": "SELECT x FROM b"}]"#;
    const NEW: &str = r#""tables": [{"name": "a", "renamed": "b", "columns": [{"name": "x", "type": "text"}]}]"#;
    let done = arrives(OLD, "INSERT INTO b VALUES ('1')", NEW).await;
    assert_eq!(done.values("a", "x"), ["t31"]);

    let safe = follow(OLD, "INSERT INTO b VALUES ('1')", NEW, true).await;
    assert_eq!(safe.values("b", "x"), ["t31"]);
    assert!(safe.report.statements.is_empty(), "{}", safe.report);
    let later = safe.scratch.run(&super::schema(NEW), false).await.expect("a run");
    assert!(!later.has_errors(), "{later}");
    assert_eq!(safe.scratch.content().await.schema, done.after.schema);
}

#[tokio::test]
async fn t4_a_table_and_a_view_take_each_others_names() {
    let done = arrives(
        r#""tables": [{"name": "b", "columns": [{"name": "x", "type": "text"}]}], "views": [{"name": "a", "sql": "SELECT x FROM b"}]"#,
        "INSERT INTO b VALUES ('1')",
        r#""tables": [{"name": "a", "renamed": "b", "columns": [{"name": "x", "type": "text"}]}], "views": [{"name": "b", "sql": "SELECT x FROM a"}]"#,
    )
    .await;
    assert_eq!(done.values("a", "x"), ["t31"]);
}
