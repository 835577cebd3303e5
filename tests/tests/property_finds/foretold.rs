//! What the data will say to the values that a run makes: the plan knows it (rule P2).

use super::{Done, arrives, follow};

/// One table `t` with these columns and more.
fn table(columns: &str, more: &str) -> String {
    let id = r#"{"name": "id", "type": "int64", "default": {"increment": 1}}"#;
    format!(
        r#""tables": [{{"name": "p", "columns": [{id}], "primary_key": "id"}}, {{"name": "t", "sync_method": "recreate", "columns": [{id}, {columns}], "primary_key": "id"{more}}}]"#
    )
}

/// The error is in the plan as it is in the report, and the rows are as they were.
async fn refused(old: &str, rows: &str, new: &str, said: &str) -> Done {
    let done = follow(old, rows, new, false).await;
    assert_eq!(done.plan.entries, done.report.entries);
    let errors = done.entry("t").errors.join("; ");
    assert!(errors.contains(said), "{errors}");
    done
}

const OPTIONAL: &str = r#"{"name": "a", "type": "text", "nullable": true}"#;
const WHOLE: &str = r#"{"name": "a", "type": "int64", "nullable": true}"#;
const FILLED: &str = r#"{"name": "a", "type": "text", "default": {"text": "z"}}"#;
const UNIQUE: &str = r#", "indexes": [{"name": "a", "kind": "unique", "parts": ["a"]}]"#;
const CHECK: &str = r#", "checks": [{"name": "small", "sql": "a < 100"}]"#;
const KEY: &str = r#", "foreign_keys": [{"columns": ["a"], "target": "p", "target_columns": ["id"]}]"#;

#[tokio::test]
async fn p2_a_check_is_asked_of_converted_values() {
    let (old, new) = (table(OPTIONAL, ""), table(WHOLE, CHECK));
    let done = arrives(&old, "INSERT INTO t (a) VALUES ('7'), ('30'), (NULL)", &new).await;
    assert_eq!(done.values("t", "a"), ["NULL", "i30", "i7"]);
    let said = "check (a < 100) cannot be added to t: 1 row violates it (for example a = 300)";
    refused(&old, "INSERT INTO t (a) VALUES ('7'), ('300')", &new, said).await;
}

#[tokio::test]
async fn i2_duplicates_are_counted_among_converted_values() {
    let said =
        "unique index \"schemasync__unique__t__a\" on t cannot be made: 1 value is there more than once (1 (2 rows))";
    let (old, new) = (table(OPTIONAL, ""), table(WHOLE, UNIQUE));
    refused(&old, "INSERT INTO t (a) VALUES ('1'), (' 1')", &new, &said.replace("(1 (", "(for example 1 (")).await;
}

#[tokio::test]
async fn i2_duplicates_are_counted_among_filled_values() {
    let (old, new) = (table(OPTIONAL, ""), table(FILLED, UNIQUE));
    refused(&old, "INSERT INTO t (a) VALUES (NULL), (NULL)", &new, "'z' (2 rows)").await;
    arrives(&old, "INSERT INTO t (a) VALUES (NULL), ('y')", &new).await;
}

#[tokio::test]
async fn i2_duplicates_are_counted_among_added_values() {
    const OLD: &str = r#"{"name": "b", "type": "text"}"#;
    const NEW: &str = r#"{"name": "b", "type": "text"}, {"name": "a", "type": "int64", "default": 1}"#;
    const BOTH: &str = r#", "indexes": [{"name": "both", "kind": "unique", "parts": ["a", "b"]}]"#;
    refused(&table(OLD, ""), "INSERT INTO t (b) VALUES ('x'), ('x')", &table(NEW, BOTH), "1, 'x' (2 rows)").await;
    arrives(&table(OLD, ""), "INSERT INTO t (b) VALUES ('x'), ('y')", &table(NEW, BOTH)).await;
}

#[tokio::test]
async fn i2_duplicates_are_counted_among_generated_values() {
    const OLD: &str = r#"{"name": "b", "type": "text"}"#;
    const NEW: &str = r#"{"name": "b", "type": "text"}, {"name": "a", "type": "text", "nullable": true, "generated": {"sql": "lower(b)"}}"#;
    refused(&table(OLD, ""), "INSERT INTO t (b) VALUES ('X'), ('x')", &table(NEW, UNIQUE), "'x' (2 rows)").await;
}

#[tokio::test]
async fn i2_an_index_that_stays_is_asked_about_the_new_values() {
    let said = "unique index \"schemasync__unique__t__a\" on t does not allow the new values: 1 value would be there more than once";
    let done =
        refused(&table(OPTIONAL, UNIQUE), "INSERT INTO t (a) VALUES ('1'), (' 1')", &table(WHOLE, UNIQUE), said).await;
    assert!(done.report.statements.is_empty());
    let theirs = "CREATE UNIQUE INDEX theirs ON t (id > 0) WHERE a IS NOT NULL; INSERT INTO t (a) VALUES (NULL), ('x')";
    refused(&table(OPTIONAL, ""), theirs, &table(FILLED, ""), "unique index \"theirs\" on t does not allow").await;
}

#[tokio::test]
async fn f2_orphans_are_counted_among_the_values_of_this_run() {
    let rows = "INSERT INTO p VALUES (1); INSERT INTO t (a) VALUES ('1'), ('9')";
    refused(&table(OPTIONAL, ""), rows, &table(WHOLE, KEY), "1 row has no match in p (for example 9)").await;

    let added = r#"{"name": "b", "type": "text"}, {"name": "a", "type": "int64", "default": 7}"#;
    let rows = "INSERT INTO p VALUES (1); INSERT INTO t (b) VALUES ('x')";
    let old = table(r#"{"name": "b", "type": "text"}"#, "");
    refused(&old, rows, &table(added, KEY), "1 row has no match in p (for example 7)").await;
}

#[tokio::test]
async fn p2_an_expression_that_fails_over_a_row_is_an_error_of_the_plan() {
    let old = table(r#"{"name": "b", "type": "text"}"#, "");
    let rows = "INSERT INTO t (b) VALUES ('no json')";
    let generated = |stored: bool| {
        let sql = format!(r#"{{"sql": "json_extract(b, '$.x')", "stored": {stored}}}"#);
        table(
            &format!(
                r#"{{"name": "b", "type": "text"}}, {{"name": "a", "type": "text", "nullable": true, "generated": {sql}}}"#
            ),
            "",
        )
    };
    for new in [
        generated(false),
        generated(true),
        table(
            r#"{"name": "b", "type": "text"}"#,
            r#", "indexes": [{"name": "x", "parts": [{"expression": "json_extract(b, '$.x')"}]}]"#,
        ),
        table(
            r#"{"name": "b", "type": "text"}"#,
            r#", "indexes": [{"name": "x", "parts": ["b"], "where": "json_extract(b, '$.x') > 1"}]"#,
        ),
    ] {
        let done = refused(&old, rows, &new, "malformed JSON").await;
        assert_eq!(done.values("t", "b"), ["t6E6F206A736F6E"]);
    }
}

#[tokio::test]
async fn m4_a_key_of_others_keeps_the_unique_index_that_it_stands_on() {
    let unique = r#", "indexes": [{"name": "b", "kind": "unique", "parts": ["b"]}]"#;
    let column = r#"{"name": "b", "type": "text"}"#;
    let theirs = "CREATE TABLE theirs (x TEXT REFERENCES t (b)); INSERT INTO t (b) VALUES ('1'); INSERT INTO theirs VALUES ('1')";
    let said = "t(b) cannot cease to be unique: foreign key (x) of \"theirs\", which is unmanaged, stands on it";
    refused(&table(column, unique), theirs, &table(column, ""), said).await;

    let renamed = r#"{"name": "c", "renamed": "b", "type": "text"}"#;
    let new = table(renamed, &unique.replace("\"b\"", "\"c\""));
    let done = follow(&table(column, unique), theirs, &new, false).await;
    assert!(!done.report.has_errors(), "{}", done.report);
    assert!(done.after.violations.values().all(Option::is_some), "{:?}", done.after.violations);
}

#[tokio::test]
async fn p2_indexes_and_triggers_of_others_are_shown_as_they_come_back() {
    let old = table(r#"{"name": "b", "type": "text"}, {"name": "n", "type": "text", "nullable": true}"#, "");
    let theirs = "CREATE TABLE log (x); CREATE INDEX theirs ON t(b collate nocase) WHERE n IS NOT NULL; \
        CREATE TRIGGER theirs_too AFTER UPDATE OF b ON t BEGIN INSERT INTO log VALUES (old.b||new.b); END; INSERT INTO t (b) VALUES ('1')";
    let new = old.replace(r#""name": "t""#, r#""name": "u", "renamed": "t""#);
    let new = new.replace(r#"{"name": "b", "type": "text"}"#, r#"{"name": "c", "renamed": "b", "type": "int64"}"#);
    let done = follow(&old, theirs, &new, false).await;
    assert!(!done.report.has_errors(), "{}", done.report);
    let shown: String = done.plan.to_sql();
    for statement in done.report.statements.iter().filter(|statement| statement.contains("theirs")) {
        assert!(shown.contains(statement.as_str()), "{statement}\n{shown}");
    }
    assert!(shown.contains("CREATE INDEX theirs ON \"u\"(\"c\" collate nocase) WHERE n IS NOT NULL"), "{shown}");
}

#[tokio::test]
async fn m4_a_full_text_table_of_others_keeps_what_it_reads() {
    let old = table(r#"{"name": "b", "type": "text"}, {"name": "n", "type": "text", "nullable": true}"#, "");
    let theirs = "INSERT INTO t (b) VALUES ('hello'); CREATE VIRTUAL TABLE words USING fts5(b, content='t', content_rowid='id'); \
        INSERT INTO words (words) VALUES ('rebuild')";
    let renamed = old.replace(r#""name": "t""#, r#""name": "u", "renamed": "t""#);
    let column = old.replace(r#""name": "b""#, r#""name": "c", "renamed": "b""#);
    let dropped = old.split(r#", {"name": "t""#).next().map(|kept| format!("{kept}]")).expect("the first table");
    for (new, entry, said) in [
        (renamed, "u", "it cannot be renamed"),
        (column, "t", "column \"b\" cannot be renamed"),
        (dropped, "t", "cannot be dropped"),
    ] {
        let done = follow(&old, theirs, &new, false).await;
        assert_eq!(done.plan.entries, done.report.entries);
        let error = &done.entry(entry).errors[0];
        assert!(error.contains(said) && error.contains("virtual table \"words\", which is unmanaged"), "{error}");
    }
    let new = old.replace(r#""name": "n", "type": "text""#, r#""name": "n", "type": "int64""#);
    let done = follow(&old, theirs, &new, false).await;
    assert!(!done.report.has_errors(), "{}", done.report);
    let mut connection = done.scratch.connect().await;
    let found: i64 = sqlx::query_scalar("SELECT rowid FROM words WHERE words MATCH 'hello'")
        .fetch_one(&mut connection)
        .await
        .expect("a row");
    assert_eq!(found, 1);
}

#[tokio::test]
async fn p1_an_index_waits_with_the_table_that_references_it() {
    let old = r#""tables": [{"name": "p", "columns": [{"name": "b", "type": "text", "nullable": true}], "indexes": [{"name": "b", "kind": "unique", "parts": ["b"]}]},
        {"name": "k", "columns": [{"name": "b", "type": "text", "nullable": true}], "foreign_keys": [{"columns": ["b"], "target": "p", "target_columns": ["b"]}]}]"#;
    let new = r#""tables": [{"name": "p", "columns": [{"name": "b", "type": "text", "nullable": true}]}]"#;
    let done = follow(old, "INSERT INTO p VALUES ('1'); INSERT INTO k VALUES ('1')", new, true).await;
    assert!(!done.report.has_errors(), "{}", done.report);
    assert!(done.after.violations.values().all(Option::is_some), "{:?}", done.after.violations);
    assert_eq!(done.entry("p").withheld[0].why, "safe mode: k, which stays, references it");
    let later = done.scratch.run(&super::schema(new), false).await.expect("a normal run");
    assert!(!later.has_errors(), "{later}");
    assert!(done.scratch.content().await.schema.tables["p"].indexes.is_empty());
}

#[tokio::test]
async fn i2_a_new_key_that_numbers_the_rows_has_no_duplicates() {
    let old = r#""tables": [{"name": "t", "sync_method": "recreate", "columns": [{"name": "x", "type": "text"}]}]"#;
    let new = r#""tables": [{"name": "t", "sync_method": "recreate", "columns": [{"name": "n", "type": "int64", "default": 0}, {"name": "x", "type": "text"}], "primary_key": "n",
        "indexes": [{"name": "n", "kind": "unique", "parts": [{"expression": "abs(n)"}]}]}]"#;
    let done = arrives(old, "INSERT INTO t VALUES ('1'), ('2')", new).await;
    assert_eq!(done.values("t", "n"), ["i1", "i2"]);
}
