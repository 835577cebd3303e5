//! What some versions of PostgreSQL have and others do not: the same models, and the same rules.

use schemasync::{EntryStatus, Schema};
use schemasync_tests::{assert_says, errors, found, scenario};

fn items(columns: &str, more: &str) -> Schema {
    let json = format!(
        r#"{{"schemasync": 1, "tables": [{{"name": "items", "columns": [{{"name": "id", "type": "int64"}}{columns}], "primary_key": "id"{more}}}]}}"#
    );
    Schema::from_json(&json).unwrap_or_else(|error| panic!("{error}\n{json}"))
}

scenario!(postgres: c11_a_generated_column_is_stored_where_the_server_has_no_other, |db| {
    let with = |sql: &str, stored: bool| items(
        &format!(r#", {{"name": "n", "type": "int64"}}, {{"name": "v", "type": "int64", "nullable": true, "generated": {{"sql": "{sql}", "stored": {stored}}}}}"#),
        "",
    );
    let kind = "SELECT attgenerated FROM pg_attribute WHERE attrelid = 'items'::regclass AND attname = 'v'";
    let report = db.sync(with("n + 1", false)).await;
    let withheld = &found(&report.entries, "items").withheld;
    let is_virtual = db.version >= 180_000;
    assert_eq!(db.texts(kind).await, [if is_virtual { "v" } else { "s" }]);
    assert_eq!(withheld.is_empty(), is_virtual, "{report}");
    db.exec("INSERT INTO items (id, n) VALUES (1, 1)").await;
    for (sql, stored, value) in [("n + 2", false, "3"), ("n + 2", true, "3"), ("n + 3", true, "4"), ("n + 3", false, "4")] {
        db.sync(with(sql, stored)).await;
        assert_eq!(db.texts(kind).await, [if is_virtual && !stored { "v" } else { "s" }], "{sql} {stored}");
        assert_eq!(db.texts("SELECT v FROM items").await, [value]);
    }
    db.assert_like_new(with("n + 3", false)).await;
});

scenario!(postgres: c7_a_column_that_is_required_of_new_rows_only_is_not_required, |db| {
    if db.version < 180_000 {
        return;
    }
    db.exec("CREATE TABLE items (id bigint PRIMARY KEY, n bigint); INSERT INTO items VALUES (1, NULL); ALTER TABLE items ADD CONSTRAINT theirs NOT NULL n NOT VALID").await;
    // What the model does not ask for is somebody else's.
    let report = db.sync(items(r#", {"name": "n", "type": "int64", "nullable": true}"#, "")).await;
    assert_says(report.to_string(), &["unmanaged", "IS NOT NULL"]);
    let required = items(r#", {"name": "n", "type": "int64"}"#, "");
    let report = db.run(required.clone()).await;
    assert_says(errors(&report, "items"), &["1 row"]);
    db.exec("UPDATE items SET n = 5").await;
    db.sync(required).await;
    assert_eq!(db.texts("SELECT conname || convalidated FROM pg_constraint WHERE contype = 'n' AND conname = 'theirs'").await, ["theirstrue"]);
});

scenario!(postgres: f1_a_constraint_of_others_that_is_not_enforced_is_not_enough, |db| {
    if db.version < 180_000 {
        return;
    }
    db.exec("CREATE TABLE items (id bigint PRIMARY KEY, up bigint CONSTRAINT theirs REFERENCES items NOT ENFORCED, CONSTRAINT their_check CHECK (up > 0) NOT ENFORCED)").await;
    let schema = items(
        r#", {"name": "up", "type": "int64", "nullable": true}"#,
        r#", "foreign_keys": [{"columns": "up", "target": "items", "target_columns": "id"}], "checks": [{"name": "c", "sql": "up > 0"}]"#,
    );
    let report = db.sync(schema.clone()).await;
    assert_eq!(found(&report.entries, "items").status, EntryStatus::Alter);
    assert!(db.try_exec("INSERT INTO items VALUES (1, 7)").await.is_err());
    assert!(db.try_exec("INSERT INTO items VALUES (1, -1)").await.is_err());
    assert_eq!(db.value("SELECT count(*) FROM pg_constraint WHERE conname LIKE 'their%' AND NOT conenforced").await, "2");
    // One of ours that somebody has let go of is recreated.
    db.exec("ALTER TABLE items ALTER CONSTRAINT schemasync__fk__items__up NOT ENFORCED").await;
    let report = db.syncing(&schema).force(true).run_report().await.expect("a run");
    assert!(!report.has_errors(), "{report}");
    assert!(db.try_exec("INSERT INTO items VALUES (1, 7)").await.is_err());
    // A new type on both sides leaves theirs as it is.
    db.exec("ALTER TABLE items DROP CONSTRAINT their_check").await;
    let text = Schema::from_json(&schema.to_json().replace("int64", "text").replace("up > 0", "up > '0'")).expect("a document");
    db.sync(text).await;
    assert_eq!(db.texts("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'theirs'").await, ["FOREIGN KEY (up) REFERENCES items(id) NOT ENFORCED"]);
});
