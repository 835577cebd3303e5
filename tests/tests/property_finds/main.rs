//! What the property tests have found, each as small as it came out of them; and what an examination by hand has.

mod built;
mod dependents;
mod foretold;
mod renames;

use schemasync::{Entry, EntryStatus, Plan, Report, Risk, RunStatus, Schema};
use schemasync_tests::oracle::{Content, Scratch};

struct Done {
    scratch: Scratch,
    plan: Plan,
    report: Report,
    after: Content,
}

impl Done {
    fn entry(&self, name: &str) -> &Entry {
        self.report.entry(name).unwrap_or_else(|| panic!("no entry {name}: {}", self.report))
    }

    fn values(&self, table: &str, column: &str) -> Vec<&str> {
        self.after.rows[table].iter().map(|row| row[column].as_str()).collect()
    }
}

/// `{"tables": …}` without what every document begins with.
fn schema(tables: &str) -> Schema {
    Schema::from_json(&format!("{{\"schemasync\": 1, {tables}}}")).expect("a schema document")
}

/// The statements of a script; the body of a trigger is none.
fn statements(script: &str) -> Vec<String> {
    let mut statements: Vec<String> = Vec::new();
    let mut open = false;
    for part in script.split(';') {
        match statements.last_mut().filter(|_| open) {
            Some(last) => *last = format!("{last};{part}"),
            None => statements.push(part.to_owned()),
        }
        let last = statements.last().map(String::as_str).unwrap_or_default();
        open = last.contains("BEGIN") && !last.ends_with("END");
    }
    statements
}

/// The old model, rows, and then the new one.
async fn follow(old: &str, rows: &str, new: &str, safe: bool) -> Done {
    let scratch = Scratch::new();
    let first = scratch.run(&schema(old), false).await.expect("the first run");
    assert!(!first.has_errors(), "{first}");
    scratch.try_all(&statements(rows)).await;
    let before = scratch.content().await;
    let plan = scratch.plan(&schema(new), safe).await.expect("a plan");
    let report = scratch.run(&schema(new), safe).await.expect("a run");
    let after = scratch.content().await;
    assert_eq!(after.integrity, "ok");
    assert!(after.oddities.iter().all(|oddity| before.oddities.contains(oddity)), "{:?}", after.oddities);
    Done { scratch, plan, report, after }
}

/// As `follow`; everything is done, and the second run finds nothing to do.
async fn arrives(old: &str, rows: &str, new: &str) -> Done {
    let done = follow(old, rows, new, false).await;
    assert!(!done.report.has_errors(), "{}", done.report);
    let planned: Vec<String> = done.plan.entries.iter().map(|entry| format!("{entry:?}")).collect();
    let entries: Vec<String> = done.report.entries.iter().map(|entry| format!("{entry:?}")).collect();
    assert_eq!(planned, entries);
    let second = done.scratch.run(&schema(new), false).await.expect("the second run");
    assert_eq!(second.status, RunStatus::UpToDate, "{second}");
    let fresh = Scratch::new();
    let first = fresh.run(&schema(new), false).await.expect("a fresh database");
    assert!(!first.has_errors(), "{first}");
    assert_eq!(done.after.schema, fresh.content().await.schema);
    done
}

#[tokio::test]
async fn t2_a_chain_of_names_that_the_base_knows_moves_every_row() {
    let done = arrives(
        r#""tables": [{"name": "a", "columns": [{"name": "x", "type": "text"}]}, {"name": "b", "columns": [{"name": "x", "type": "text"}]}]"#,
        "INSERT INTO a VALUES ('was a'); INSERT INTO b VALUES ('was b')",
        r#""tables": [{"name": "b", "renamed": "a", "columns": [{"name": "x", "type": "text"}]}, {"name": "c", "renamed": "b", "columns": [{"name": "x", "type": "text"}]}]"#,
    )
    .await;
    assert_eq!(done.values("b", "x"), ["t7761732061"]);
    assert_eq!(done.values("c", "x"), ["t7761732062"]);
}

#[tokio::test]
async fn t2_a_name_that_another_rename_brings_is_nobodys_earlier_name() {
    let done = arrives(
        r#""tables": [{"name": "users", "columns": [{"name": "x", "type": "text"}]}]"#,
        "INSERT INTO users VALUES ('1')",
        r#""tables": [{"name": "orders", "renamed": "users", "columns": [{"name": "x", "type": "text"}]}, {"name": "other", "renamed": "orders", "columns": [{"name": "x", "type": "text"}]}]"#,
    )
    .await;
    assert_eq!(done.values("orders", "x"), ["t31"]);
    assert_eq!(done.entry("other").status, EntryStatus::Create);
}

#[tokio::test]
async fn t2_tables_in_a_rename_conflict_are_not_dropped() {
    let done = follow(
        r#""tables": [{"name": "a", "columns": [{"name": "x", "type": "text"}]}, {"name": "b", "columns": [{"name": "x", "type": "text"}]}]"#,
        "INSERT INTO a VALUES ('1'); INSERT INTO b VALUES ('2')",
        r#""tables": [{"name": "c", "renamed": ["a", "b"], "columns": [{"name": "x", "type": "text"}]}]"#,
        false,
    )
    .await;
    assert!(done.entry("c").errors[0].contains("Table rename conflict"), "{}", done.report);
    assert!(done.entry("a").errors[0].contains("stays"), "{}", done.report);
    assert_eq!((done.values("a", "x"), done.values("b", "x")), (vec!["t31"], vec!["t32"]));
}

#[tokio::test]
async fn t2_earlier_names_that_differ_in_case_are_one() {
    let done = arrives(
        r#""tables": [{"name": "users", "columns": [{"name": "x", "type": "text"}]}]"#,
        "INSERT INTO users VALUES ('1')",
        r#""tables": [{"name": "people", "renamed": ["users", "USERS"], "columns": [{"name": "x", "type": "text"}]}]"#,
    )
    .await;
    assert_eq!(done.values("people", "x"), ["t31"]);
}

#[tokio::test]
async fn t2_a_name_that_is_not_given_up_is_not_taken() {
    let done = follow(
        r#""tables": [{"name": "a", "columns": [{"name": "x", "type": "text"}]}, {"name": "b", "columns": [{"name": "x", "type": "text"}]}]"#,
        "INSERT INTO a VALUES ('1'); INSERT INTO b VALUES ('2')",
        r#""tables": [{"name": "b", "renamed": "a", "columns": [{"name": "x", "type": "text"}]}, {"name": "c", "renamed": "b", "columns": [{"name": "x", "type": "int64"}]}]"#,
        false,
    )
    .await;
    assert!(done.plan.entry("c").is_some_and(|entry| entry.errors[0].contains("Type change")), "{}", done.plan);
    assert!(done.plan.entry("b").is_some_and(|entry| entry.errors[0].contains("depends on c")), "{}", done.plan);
    assert_eq!((done.values("a", "x"), done.values("b", "x")), (vec!["t31"], vec!["t32"]));
}

#[tokio::test]
async fn p1_safe_mode_does_not_drop_and_create() {
    let old = r#""tables": [{"name": "t", "columns": [{"name": "x", "type": "text", "nullable": true}]}]"#;
    let new = r#""tables": [{"name": "t", "sync_method": "drop", "columns": [{"name": "x", "type": "text", "default": {"text": "d"}}, {"name": "y", "type": "text", "nullable": true}]}]"#;
    let done = follow(old, "INSERT INTO t VALUES ('1')", new, true).await;
    assert!(!done.report.has_errors() && done.plan.risk() == Risk::Safe, "{}", done.report);
    assert!(done.entry("t").withheld.len() >= 2, "{}", done.report);
    assert_eq!(done.values("t", "x"), ["t31"]);
    assert_eq!(done.entry("t").columns_added, ["y"]);
    let later = done.scratch.run(&schema(new), false).await.expect("a normal run");
    assert_eq!(later.entry("t").and_then(|entry| entry.rows_lost), Some(1), "{later}");
}

#[tokio::test]
async fn p1_strict_waits_with_the_types_that_go_with_it() {
    let old = r#""tables": [{"name": "t", "sync_method": "recreate", "columns": [{"name": "x", "type": "text", "native": {"sqlite": {"type": "NUMERIC"}}}]}]"#;
    let new = r#""tables": [{"name": "t", "sync_method": "recreate", "columns": [{"name": "x", "type": "int64"}], "options": {"sqlite": {"strict": true}}}]"#;
    let done = follow(old, "INSERT INTO t VALUES (1)", new, true).await;
    assert!(!done.report.has_errors(), "{}", done.report);
    assert_eq!(done.entry("t").withheld.len(), 2, "{}", done.report);
}

#[tokio::test]
async fn c11_a_column_that_becomes_generated_says_what_it_loses() {
    let old = r#""tables": [{"name": "t", "columns": [{"name": "x", "type": "text"}, {"name": "y", "type": "text"}]}]"#;
    let new = r#""tables": [{"name": "t", "sync_method": "recreate", "columns": [{"name": "x", "type": "text"}, {"name": "y", "type": "text", "generated": {"sql": "lower(x)"}}]}]"#;
    let rows = "INSERT INTO t VALUES ('A', 'own')";
    let safe = follow(old, rows, new, true).await;
    assert_eq!(safe.values("t", "y"), ["t6F776E"]);
    assert_eq!(safe.entry("t").withheld.len(), 1, "{}", safe.report);
    let done = arrives(old, rows, new).await;
    assert_eq!(done.plan.risk(), Risk::Destructive);
    assert_eq!(done.plan.entries[0].values_lost[0].rows, 1);
    assert!(done.plan.entries[0].destructive);
}

const PARENT: &str =
    r#"{"name": "p", "sync_method": "recreate", "columns": [{"name": "id", "type": "int64"}], "primary_key": "id"}"#;
const REKEYED: &str =
    r#"{"name": "p", "sync_method": "recreate", "columns": [{"name": "key", "type": "int64"}], "primary_key": "key"}"#;

#[tokio::test]
async fn f3_a_parent_is_rebuilt_while_its_child_goes() {
    let child = r#"{"name": "c", "columns": [{"name": "of", "type": "int64", "nullable": true}], "foreign_keys": [{"columns": ["of"], "target": "p", "target_columns": ["id"]}]}"#;
    arrives(&format!("\"tables\": [{PARENT}, {child}]"), "", &format!("\"tables\": [{REKEYED}]")).await;
}

#[tokio::test]
async fn f3_a_parent_is_rebuilt_while_its_child_gives_up_the_key() {
    let child = r#"{"name": "c", "columns": [{"name": "of", "type": "int64", "nullable": true}], "foreign_keys": [{"columns": ["of"], "target": "p", "target_columns": ["id"]}]}"#;
    let without = r#"{"name": "c", "columns": [{"name": "of", "type": "int64", "nullable": true}]}"#;
    arrives(
        &format!("\"tables\": [{PARENT}, {child}]"),
        "INSERT INTO p VALUES (1); INSERT INTO c VALUES (1)",
        &format!(
            "\"tables\": [{}, {without}]",
            REKEYED.replace("\"key\", \"type\": \"int64\"", "\"key\", \"type\": \"int64\", \"default\": 0")
        ),
    )
    .await;
}

#[tokio::test]
async fn f2_a_key_to_a_column_that_comes_in_the_same_run() {
    let child = |to: &str| {
        format!(
            r#"{{"name": "c", "columns": [{{"name": "of", "type": "int64", "nullable": true}}], "foreign_keys": [{{"columns": ["of"], "target": "p", "target_columns": ["{to}"]}}]}}"#
        )
    };
    arrives(
        &format!("\"tables\": [{PARENT}, {}]", child("id")),
        "INSERT INTO c VALUES (NULL)",
        &format!("\"tables\": [{REKEYED}, {}]", child("key")),
    )
    .await;
}

#[tokio::test]
async fn i2_a_unique_index_over_an_expression_of_a_new_column() {
    arrives(
        r#""tables": [{"name": "t", "columns": [{"name": "x", "type": "text"}]}]"#,
        "INSERT INTO t VALUES ('1'); INSERT INTO t VALUES ('2')",
        r#""tables": [{"name": "t", "columns": [{"name": "x", "type": "text"}, {"name": "y", "type": "text", "nullable": true}], "indexes": [{"name": "e", "kind": "unique", "parts": [{"expression": "lower(y)"}]}]}]"#,
    )
    .await;
}

#[tokio::test]
async fn x3_a_renamed_child_whose_entry_fails_does_not_stop_the_run() {
    let child = |name: &str, renamed: &str, ty: &str| {
        format!(
            r#"{{"name": "{name}"{renamed}, "columns": [{{"name": "of", "type": "int64", "nullable": true}}, {{"name": "y", "type": "{ty}", "nullable": true}}], "foreign_keys": [{{"columns": ["of"], "target": "p", "target_columns": ["id"]}}]}}"#
        )
    };
    let parent = PARENT.replace("\"primary_key\"", "\"options\": {\"sqlite\": {\"strict\": true}}, \"primary_key\"");
    let done = follow(
        &format!("\"tables\": [{}, {PARENT}]", child("c", "", "text")),
        "INSERT INTO p VALUES (1); INSERT INTO c VALUES (1, 'x')",
        &format!("\"tables\": [{}, {parent}]", child("d", ", \"renamed\": \"c\"", "int64")),
        false,
    )
    .await;
    assert!(done.entry("d").errors[0].contains("Type change"), "{}", done.report);
    assert!(done.entry("p").recreated && done.entry("p").errors.is_empty(), "{}", done.report);
    assert_eq!(done.values("c", "of"), ["i1"]);
}

#[tokio::test]
async fn x3_tables_that_change_names_and_are_rebuilt_together() {
    let table = |name: &str, renamed: &str, of: &str, more: &str| {
        format!(
            r#"{{"name": "{name}"{renamed}, "sync_method": "recreate", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "of", "type": "int64", "nullable": true}}], "primary_key": "id", "foreign_keys": [{{"columns": ["of"], "target": "{of}", "target_columns": ["id"]}}]{more}}}"#
        )
    };
    let strict = ", \"options\": {\"sqlite\": {\"without_rowid\": true}}";
    let done = arrives(
        &format!("\"tables\": [{}, {}]", table("a", "", "b", ""), table("b", "", "b", "")),
        "INSERT INTO b VALUES (7, 7); INSERT INTO a VALUES (1, 7)",
        &format!(
            "\"tables\": [{}, {}]",
            table("b", ", \"renamed\": \"a\"", "c", strict),
            table("c", ", \"renamed\": \"b\"", "c", strict)
        ),
    )
    .await;
    assert_eq!((done.values("b", "id"), done.values("c", "id")), (vec!["i1"], vec!["i7"]));
}

#[tokio::test]
async fn v1_a_view_stays_when_what_it_shall_read_has_errors() {
    let done = follow(
        r#""tables": [{"name": "a", "columns": [{"name": "x", "type": "text"}]}], "views": [{"name": "v", "sql": "SELECT x FROM a"}]"#,
        "INSERT INTO a VALUES ('1')",
        r#""tables": [{"name": "b", "renamed": "a", "columns": [{"name": "x", "type": "int64"}]}], "views": [{"name": "v", "sql": "SELECT x FROM b"}]"#,
        false,
    )
    .await;
    assert!(done.entry("v").errors[0].contains("depends on b"), "{}", done.report);
    assert!(done.after.schema.views.contains_key("v"));
}

#[tokio::test]
async fn v1_what_a_failed_view_reads_is_not_dropped() {
    let done = follow(
        r#""tables": [{"name": "a", "columns": [{"name": "x", "type": "text"}]}, {"name": "b", "columns": [{"name": "x", "type": "text"}]}], "views": [{"name": "v", "sql": "SELECT x FROM a"}]"#,
        "INSERT INTO b VALUES ('1')",
        r#""tables": [{"name": "b", "columns": [{"name": "X", "renamed": "x", "type": "int64"}]}], "views": [{"name": "v", "sql": "SELECT X FROM b"}]"#,
        false,
    )
    .await;
    assert!(!done.entry("v").errors.is_empty() && !done.entry("a").errors.is_empty(), "{}", done.report);
    assert!(done.after.rows.contains_key("a"));
}

#[tokio::test]
async fn c2_a_stored_column_is_added_to_a_table_with_rows() {
    let done = arrives(
        r#""tables": [{"name": "t", "columns": [{"name": "x", "type": "text"}]}]"#,
        "INSERT INTO t VALUES ('A')",
        r#""tables": [{"name": "t", "columns": [{"name": "x", "type": "text"}, {"name": "y", "type": "text", "nullable": true, "generated": {"sql": "lower(x)", "stored": true}}]}]"#,
    )
    .await;
    assert_eq!(done.values("t", "y"), ["t61"]);
}

#[tokio::test]
async fn x1_rows_are_kept_also_where_no_column_is() {
    let done = arrives(
        r#""tables": [{"name": "t", "columns": [{"name": "x", "type": "text"}], "primary_key": "x", "options": {"sqlite": {"without_rowid": true}}}]"#,
        "INSERT INTO t VALUES ('A')",
        r#""tables": [{"name": "t", "sync_method": "recreate", "columns": [{"name": "y", "type": "text", "default": {"text": "d"}}, {"name": "z", "type": "text", "nullable": true}]}]"#,
    )
    .await;
    assert_eq!(done.values("t", "y"), ["t64"]);
}

#[tokio::test]
async fn c9_every_column_gives_way_to_a_new_one() {
    let done = arrives(
        r#""tables": [{"name": "t", "columns": [{"name": "x", "type": "text"}]}]"#,
        "INSERT INTO t VALUES ('A')",
        r#""tables": [{"name": "t", "columns": [{"name": "y", "type": "text", "nullable": true}]}]"#,
    )
    .await;
    assert_eq!(done.values("t", "y"), ["NULL"]);
}

#[tokio::test]
async fn t4_safe_mode_keeps_a_view_whose_name_a_table_wants_and_knows_it_later() {
    let old = r#""tables": [{"name": "t", "columns": [{"name": "x", "type": "text"}]}], "views": [{"name": "v", "sql": "SELECT x FROM t"}]"#;
    let new = r#""tables": [{"name": "t", "columns": [{"name": "x", "type": "text"}]}, {"name": "v", "columns": [{"name": "x", "type": "text"}]}]"#;
    let done = follow(old, "", new, true).await;
    assert!(!done.report.has_errors() && done.after.schema.views.contains_key("v"), "{}", done.report);
    assert!(!done.entry("v").withheld.is_empty(), "{}", done.report);
    let later = done.scratch.run(&schema(new), false).await.expect("a normal run");
    assert!(!later.has_errors(), "{later}");
    assert!(done.scratch.content().await.schema.tables.contains_key("v"));
}

#[tokio::test]
async fn p1_options_and_types_that_safe_mode_holds_back_are_not_forgotten() {
    let old = r#""tables": [{"name": "t", "sync_method": "drop", "columns": [{"name": "id", "type": "int64"}, {"name": "x", "type": "text", "native": {"sqlite": {"type": "VARCHAR(20)"}}}], "primary_key": "id", "options": {"sqlite": {"without_rowid": true}}}]"#;
    let new = r#""tables": [{"name": "t", "sync_method": "drop", "columns": [{"name": "id", "type": "int64"}, {"name": "x", "type": "text"}], "primary_key": "id"}]"#;
    let done = follow(old, "INSERT INTO t VALUES (1, 'a')", new, true).await;
    assert_eq!((done.report.has_errors(), done.values("t", "x")), (false, vec!["t61"]));
    assert!(done.entry("t").withheld.len() >= 2, "{}", done.report);
    let later = done.scratch.run(&schema(new), false).await.expect("a normal run");
    assert!(!later.has_errors(), "{later}");
    let fresh = Scratch::new();
    let first = fresh.run(&schema(new), false).await.expect("a fresh database");
    assert!(!first.has_errors(), "{first}");
    assert_eq!(done.scratch.content().await.schema, fresh.content().await.schema);
}

#[tokio::test]
async fn c4_a_key_follows_a_column_whose_table_is_renamed_later() {
    let child = |name: &str, renamed: &str, to: &str, more: &str| {
        format!(
            r#"{{"name": "{name}"{renamed}, "columns": [{{"name": "of", "type": "int64", "nullable": true}}, {{"name": "too", "type": "int64", "nullable": true}}], "foreign_keys": [{{"columns": ["of"], "target": "users", "target_columns": ["{to}"]}}{more}]}}"#
        )
    };
    let users = |id: &str, renamed: &str| {
        format!(
            r#"{{"name": "users", "columns": [{{"name": "{id}"{renamed}, "type": "int64"}}], "primary_key": "{id}"}}"#
        )
    };
    let second = r#", {"columns": ["too"], "target": "users", "target_columns": ["id"]}"#;
    let done = arrives(
        &format!("\"tables\": [{}, {}]", child("a", "", "id", second), users("id", "")),
        "INSERT INTO users VALUES (1); INSERT INTO a VALUES (1, 1)",
        &format!(
            "\"tables\": [{}, {}]",
            users("key", ", \"renamed\": \"id\""),
            child("z", ", \"renamed\": \"a\"", "key", "")
        ),
    )
    .await;
    assert_eq!(done.values("z", "too"), ["i1"]);
}

#[tokio::test]
async fn p1_strict_waits_with_the_columns_that_safe_mode_keeps() {
    let old = r#""tables": [{"name": "t", "sync_method": "recreate", "columns": [{"name": "x", "type": "int64"}, {"name": "day", "type": "date", "nullable": true}]}]"#;
    let new = r#""tables": [{"name": "t", "sync_method": "recreate", "columns": [{"name": "x", "type": "int64"}], "options": {"sqlite": {"strict": true}}}]"#;
    let done = follow(old, "INSERT INTO t VALUES (1, '2024-02-29')", new, true).await;
    assert!(!done.report.has_errors(), "{}", done.report);
    assert_eq!(done.entry("t").withheld.len(), 2, "{}", done.report);
    let later = done.scratch.run(&schema(new), false).await.expect("a normal run");
    assert!(!later.has_errors(), "{later}");
    assert_eq!(done.scratch.content().await.schema.tables["t"].options, ["strict"]);
}

#[tokio::test]
async fn v1_a_view_is_not_made_over_a_table_that_failed_in_the_run() {
    let done = follow(
        r#""tables": [{"name": "t", "columns": [{"name": "x", "type": "text"}]}]"#,
        "INSERT INTO t VALUES ('a')",
        r#""tables": [{"name": "t", "columns": [{"name": "y", "renamed": "x", "type": "text"}, {"name": "email", "type": "int64", "default": {"sql": "'a'"}}], "sync_method": "recreate", "options": {"sqlite": {"strict": true}}}], "views": [{"name": "v", "sql": "SELECT \"email\" FROM t"}]"#,
        false,
    )
    .await;
    assert!(done.entry("t").errors[0].contains("cannot store TEXT value"), "{}", done.report);
    assert!(done.entry("v").errors[0].contains("depends on t"), "{}", done.report);
    assert!(!done.after.schema.views.contains_key("v"));
}
