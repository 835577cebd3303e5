//! What others have hung on our tables and views: it stays, or it is named before anything happens.

use super::{model, table, users};
use schemasync_tests::{TestDatabase, assert_says, errors, scenario};

const FUNCTION: &str = "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';";

scenario!(postgres: m4_what_keeps_a_column_as_it_is_is_named_by_the_plan, |db| {
    db.sync(users(r#"{"name": "v", "type": "text", "nullable": true}"#)).await;
    for (theirs, away, said, also_retyped) in [
        (&*format!("{FUNCTION} CREATE TRIGGER theirs BEFORE UPDATE OF v ON users FOR EACH ROW EXECUTE FUNCTION f()"), "DROP FUNCTION f CASCADE", "trigger \"theirs\"", true),
        ("CREATE POLICY theirs ON users USING (v <> '')", "DROP POLICY theirs ON users", "policy \"theirs\" of users", true),
        ("CREATE TABLE log (v text); CREATE RULE theirs AS ON INSERT TO users DO ALSO INSERT INTO log VALUES (new.v)", "DROP TABLE log CASCADE", "rule \"theirs\" of users", true),
        ("CREATE PUBLICATION theirs FOR TABLE users (id, v)", "DROP PUBLICATION theirs", "publication \"theirs\"", true),
        ("CREATE FUNCTION theirs() RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT v FROM users; END", "DROP FUNCTION theirs", "function theirs()", true),
        ("CREATE STATISTICS theirs ON id, v FROM users", "DROP STATISTICS theirs", "statistics object \"theirs\"", false),
    ] {
        db.exec(theirs).await;
        let before = db.dump().await;
        for (after, asked) in [(users(""), true), (users(r#"{"name": "v", "type": {"varchar": 9}, "nullable": true}"#), also_retyped)] {
            if asked {
                let plan = db.syncing(&after).allow_revert(true).plan().await.unwrap();
                let entry = schemasync_tests::found(&plan.entries, "users");
                assert_says(entry.errors.join(" "), &[said, "drop that first"]);
                let report = db.syncing(&after).allow_revert(true).run_report().await.unwrap();
                assert_eq!(errors(&report, "users"), entry.errors.join("\n"));
                assert_eq!(db.dump().await, before);
            }
        }
        db.exec(away).await;
    }
    let report = db.syncing(&users(r#"{"name": "v", "type": {"varchar": 9}, "nullable": true}"#)).allow_revert(true).run_report().await.unwrap();
    assert!(!report.has_errors(), "{report}");
});

scenario!(postgres: m4_what_a_drop_would_take_along_is_foretold, |db| {
    db.sync(model(&format!("{}, {}", table("users", "", ""), table("posts", "", "")))).await;
    db.exec("CREATE FUNCTION theirs() RETURNS SETOF users LANGUAGE sql AS 'SELECT * FROM users'").await;
    let said = ["cannot be dropped: function theirs() depends on it"];
    assert_says(db.plan(model(&table("posts", "", ""))).await.to_string(), &said);
    assert_says(errors(&db.run(model(&table("posts", "", ""))).await, "users"), &said);
    assert_eq!(db.tables().await, ["posts", "users"]);
});

scenario!(postgres: v3_all_that_hangs_on_a_view_comes_back_with_it, |db| {
    db.sync(users(r#"{"name": "v", "type": "text"}"#)).await;
    db.exec("INSERT INTO users VALUES (1, '7')").await;
    db.exec("CREATE VIEW ages AS SELECT id, v FROM users; ALTER VIEW ages ALTER COLUMN id SET DEFAULT 7;
      CREATE MATERIALIZED VIEW old AS SELECT id, v FROM users; CREATE INDEX old_v ON old (v); COMMENT ON INDEX old_v IS 'theirs';
      CREATE STATISTICS old_statistics ON id, v FROM old; ALTER MATERIALIZED VIEW old ALTER COLUMN v SET STATISTICS 300; ALTER MATERIALIZED VIEW old CLUSTER ON old_v;
      CREATE MATERIALIZED VIEW empty AS SELECT v FROM users WITH NO DATA").await;
    let report = db.sync(users(r#"{"name": "v", "type": "int64"}"#)).await;
    let facts = "SELECT concat_ws(' ', pg_get_expr(d.adbin, d.adrelid), obj_description('old_v'::regclass), s.stxname, a.attstattarget, i.indisclustered, e.relispopulated)
      FROM pg_attrdef d, pg_statistic_ext s, pg_attribute a, pg_index i, pg_class e WHERE d.adrelid = 'ages'::regclass AND a.attrelid = 'old'::regclass AND a.attname = 'v'
      AND i.indexrelid = 'old_v'::regclass AND e.oid = 'empty'::regclass";
    assert_eq!(db.texts(facts).await, ["7 theirs old_statistics 300 t f"]);
    assert_eq!(db.rows("SELECT v FROM old").await, [["7"]]);
    assert!(report.statements.iter().any(|sql| sql.starts_with("CREATE VIEW public.ages AS SELECT")), "{:?}", report.statements);
});

scenario!(postgres: v2_what_hangs_on_a_changed_view_stays_where_its_columns_do, |db| {
    let with = |sql: &str| model(&format!("{} VIEWS {{\"name\": \"sums\", \"sql\": \"{sql}\", \"materialized\": true}}", table("users", r#"{"name": "v", "type": "text"}"#, "")));
    db.sync(with("SELECT id, v FROM users")).await;
    db.exec("CREATE UNIQUE INDEX theirs ON sums (id); CREATE INDEX of_v ON sums (v); GRANT SELECT (id) ON sums TO PUBLIC; COMMENT ON COLUMN sums.id IS 'key'").await;
    db.sync(with("SELECT id, upper(v) AS w FROM users")).await;
    let left = "SELECT concat_ws(' ', (SELECT string_agg(indexrelid::regclass::text, ',') FROM pg_index WHERE indrelid = a.attrelid), attacl, col_description(attrelid, attnum)) FROM pg_attribute a WHERE attrelid = 'sums'::regclass AND attname = 'id'";
    assert_eq!(db.texts(left).await, ["theirs {=r/postgres} key"]);
});

scenario!(postgres: v5_what_hangs_on_a_renamed_view_moves_along, |db| {
    let with = |name: &str, renamed: &str, materialized: bool| model(&format!(
        r#"{} VIEWS {{"name": "{name}"{renamed}, "sql": "SELECT id, v FROM users", "materialized": {materialized}}}"#,
        table("users", r#"{"name": "v", "type": "text"}"#, "")
    ));
    for materialized in [false, true] {
        db.sync_with(with("old", "", materialized), |sync| sync.allow_revert(true)).await;
        db.exec("GRANT SELECT ON old TO PUBLIC; GRANT SELECT (v) ON old TO pg_monitor; COMMENT ON COLUMN old.v IS 'old'").await;
        if materialized {
            db.exec("CREATE UNIQUE INDEX theirs ON old (id)").await;
        }
        db.sync_with(with("Fresh", r#", "renamed": "old""#, materialized), |sync| sync.allow_revert(true)).await;
        let left = "SELECT concat_ws(' ', relacl, attacl, col_description(c.oid, attnum), (SELECT indexrelid::regclass FROM pg_index WHERE indrelid = c.oid)) FROM pg_class c, pg_attribute WHERE attrelid = c.oid AND relname = 'Fresh' AND attname = 'v'";
        assert_says(db.texts(left).await.join(""), &["=r/postgres", "pg_monitor=r/postgres", " old", if materialized { "theirs" } else { "" }]);
        db.exec(&format!("DROP {} VIEW \"Fresh\"", if materialized { "MATERIALIZED" } else { "" })).await;
    }
});
