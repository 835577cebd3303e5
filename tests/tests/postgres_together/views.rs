//! Views of ours whose text means one thing before the run and another after it.

use super::{model, table};
use schemasync_tests::{TestDatabase, scenario};

fn text(name: &str, more: &str) -> String {
    format!(r#"{{"name": "{name}", "type": "text", "nullable": true{more}}}"#)
}

scenario!(postgres: v2_a_column_that_gets_its_tables_name_is_not_the_whole_row, |db| {
    let before = table("x", &text("a", ""), "");
    let after = table("x", &text("x", r#", "renamed": "a""#), "");
    let view = |sql: &str| format!(r#"VIEWS {{"name": "v", "sql": "{sql}", "columns": ["x"]}}"#);
    db.sync(model(&format!("{before}{}", view(r#"SELECT \"a\" AS \"x\" FROM \"x\""#)))).await;
    db.exec("INSERT INTO x VALUES (1, 'one')").await;
    let schema = model(&format!("{after}{}", view(r#"SELECT \"x\" FROM \"x\""#)));
    db.sync(schema.clone()).await;
    assert_eq!(db.texts("SELECT x::text FROM v").await, ["one"]);
    db.assert_settled(&schema).await;
    db.assert_like_new(schema).await;
});

scenario!(postgres: v2_a_view_over_a_name_that_moves_on_reads_the_table_that_gets_it, |db| {
    let view = r#"VIEWS {"name": "v", "sql": "SELECT * FROM b", "columns": ["id", "n"]}"#;
    let other = r#"VIEWS {"name": "v", "sql": "SELECT id, q AS n FROM b", "columns": ["id", "n"]}"#;
    let before = [table("a", &text("n", ""), ""), table("b", &text("q", ""), "")].join(",");
    let after =
        [table("b", &text("n", ""), r#", "renamed": "a""#), table("c", &text("q", ""), r#", "renamed": "b""#)].join(",");
    db.sync(model(&format!("{before}{other}"))).await;
    db.exec("INSERT INTO a VALUES (1, 'of a'); INSERT INTO b VALUES (2, 'of b')").await;
    let schema = model(&format!("{after}{view}"));
    db.sync(schema.clone()).await;
    assert_eq!(db.texts("SELECT id || n FROM v").await, ["1of a"]);
    assert_eq!(db.texts("SELECT id || q FROM c").await, ["2of b"]);
    db.assert_settled(&schema).await;
    db.assert_like_new(schema).await;
});
