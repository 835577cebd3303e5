//! What a failed run leaves is what the next one, and `drift`, go by (rule R4).

use schemasync::{Schema, SchemaSync};
use schemasync_tests::{Feature, scenario};

fn schema(tables: &[String], rest: &str) -> Schema {
    let json = format!(r#"{{"schemasync": 1, "tables": [{}]{rest}}}"#, tables.join(","));
    Schema::from_json(&json).unwrap_or_else(|error| panic!("{error}\n{json}"))
}

/// A table with a key `key` that is called `a_id` in it, where it references `target`.
fn table(name: &str, renamed: &str, key: &str, target: Option<(&str, &str)>, rest: &str) -> String {
    let (column, foreign) = match target {
        Some((table, key)) => (
            r#", {"name": "a_id", "type": "int64", "nullable": true}"#,
            format!(r#", "foreign_keys": [{{"columns": ["a_id"], "target": "{table}", "target_columns": ["{key}"]}}]"#),
        ),
        None => ("", String::new()),
    };
    format!(
        r#"{{"name": "{name}"{renamed}, "columns": [{{"name": "{key}", "type": "int64"{}}}{column}{rest}], "primary_key": "{key}"{foreign}}}"#,
        if key == "number" { r#", "renamed": ["id"]"# } else { "" },
    )
}

scenario!(r4_a_rename_that_fails_leaves_what_refers_to_it_as_it_was, |db| {
    let others =
        |a: &str, key: &str| [table("b", "", "id", Some((a, key)), ""), table("c", "", "id", Some((a, key)), "")];
    let view = |a: &str| format!(r#", "views": [{{"name": "all_of_a", "sql": "SELECT n FROM {a}"}}]"#);
    let n = r#", {"name": "n", "type": "text", "nullable": true}"#;
    let first = schema(&[&[table("a", "", "id", None, n)][..], &others("a", "id")].concat(), &view("a"));
    let unique = r#", "indexes": [{"name": "n", "kind": "unique", "parts": ["n"]}]"#;
    let with_key = |table: String| table.replacen(r#", "primary_key""#, &format!(r#"{unique}, "primary_key""#), 1);
    // A column that a row keeps from becoming required makes the table fail, and its renames with it.
    let required = r#", {"name": "n", "type": "text"}"#;
    let renamed = r#", "renamed": ["a"], "sync_method": "recreate""#;
    for (key, rename) in [("id", true), ("number", true), ("number", false)] {
        db.sync(first.clone()).await;
        db.exec("INSERT INTO a (id, n) VALUES (1, NULL), (2, NULL)").await;
        let (name, hints) = if rename { ("a2", renamed) } else { ("a", r#", "sync_method": "recreate""#) };
        let a = with_key(table(name, hints, key, None, required));
        let second = schema(&[&[a][..], &others(name, key)].concat(), &view(name));
        let before = db.dump().await;
        let report = db.run(second.clone()).await;
        assert!(report.has_errors(), "{report}");
        if db.supports(Feature::AlterColumn) {
            assert_eq!(db.dump().await, before, "{report}");
        }
        let drift = SchemaSync::new(db.handle()).drift().await.unwrap();
        assert!(drift.is_empty(), "{key} {name}: {:#?}", drift.entries);
        db.exec("DELETE FROM a").await;
        db.sync(second).await;
        assert!(SchemaSync::new(db.handle()).drift().await.unwrap().is_empty());
        db.exec("DROP VIEW all_of_a").await;
        db.exec("DROP TABLE b").await;
        db.exec("DROP TABLE c").await;
        db.exec(&format!("DROP TABLE {name}")).await;
        db.exec("DROP TABLE __schemasync_state").await;
        db.exec("DROP TABLE __schemasync_history").await;
    }
});
