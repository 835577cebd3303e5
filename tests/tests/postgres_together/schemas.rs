//! Tables that the model gives another schema: they move there with their rows.

use super::model;
use schemasync_tests::{TestDatabase, assert_says, errors, found, scenario};

/// A table with its schema, its columns beside the key, and what follows.
fn table(name: &str, schema: &str, columns: &str, more: &str) -> String {
    let schema = if schema.is_empty() { String::new() } else { format!(r#", "schema": "{schema}""#) };
    crate::table(name, columns, &format!("{schema}{more}"))
}

const COLUMNS: &str = r#"{"name": "v", "type": "text", "default": {"text": "x"}}"#;
const INDEX: &str = r#", "indexes": [{"name": "v", "parts": [{"expression": "lower(v)"}]}]"#;

scenario!(postgres: t2_a_table_moves_to_another_schema_with_its_rows, |db| {
    let posts = |schema: &str| {
        let schema = if schema.is_empty() { String::new() } else { format!(r#""target_schema": "{schema}", "#) };
        crate::table("posts", r#"{"name": "user_id", "type": "int64"}"#, &format!(r#", "foreign_keys": [{{"columns": "user_id", {schema}"target": "users", "target_columns": "id"}}]"#))
    };
    let with = |schema: &str| model(&format!("{}, {}", table("users", schema, COLUMNS, INDEX), posts(schema)));
    db.sync(with("a")).await;
    db.exec("INSERT INTO a.users VALUES (1, 'A'); INSERT INTO posts VALUES (7, 1); CREATE VIEW theirs AS SELECT v FROM a.users; GRANT SELECT ON a.users TO PUBLIC").await;
    let report = db.sync(with("b")).await;
    let entry = found(&report.entries, "b.users");
    assert_eq!((entry.renamed_from.as_deref(), entry.destructive), (Some("a.users"), false));
    assert_eq!(db.rows("SELECT u.v, p.id, t.v FROM b.users u, posts p, theirs t").await, [["'A'", "7", "'A'"]]);
    // Back to the connection's own schema, under another name and with another type.
    let plain = format!("{}, {}", table("people", "", r#"{"name": "v", "type": {"varchar": 9}, "default": {"text": "x"}}"#, &format!(r#"{INDEX}, "renamed": "users""#)), posts("").replace(r#""target": "users""#, r#""target": "people""#));
    db.sync(model(&plain)).await;
    assert_eq!(db.rows("SELECT v FROM people").await, [["'A'"]]);
    assert_says(db.dump().await, &["public.people grants", "= r / postgres"]);
    db.exec("DROP VIEW theirs; REVOKE ALL ON people FROM PUBLIC; DROP SCHEMA a, b").await;
});

scenario!(postgres: t3_a_table_that_goes_does_not_move_to_one_that_is_there, |db| {
    let both = format!("{}, {}", table("users", "a", COLUMNS, ""), table("users", "b", COLUMNS, ""));
    db.sync(model(&both)).await;
    db.exec("INSERT INTO a.users VALUES (1, 'A'); INSERT INTO b.users VALUES (2, 'B')").await;
    let report = db.sync(model(&table("users", "b", COLUMNS, ""))).await;
    assert_eq!(found(&report.entries, "a.users").rows_lost, Some(1));
    assert_eq!(db.rows("SELECT id FROM b.users").await, [["2"]]);
});

scenario!(postgres: t2_two_tables_that_could_move_are_a_conflict, |db| {
    let both = format!("{}, {}", table("users", "a", COLUMNS, ""), table("users", "b", COLUMNS, ""));
    db.sync(model(&both)).await;
    db.exec("INSERT INTO a.users VALUES (1, 'A'); INSERT INTO b.users VALUES (2, 'B')").await;
    let before = db.dump().await;
    let report = db.run(model(&table("users", "c", COLUMNS, ""))).await;
    assert_says(errors(&report, "c.users"), &["a.users", "b.users", "could be it as well"]);
    assert_eq!(db.dump().await, before);
});
