//! What still needs a table that goes is named by the plan, and nothing is done of it (rules T3, M4, P4).

use super::written::{assert_refused, model};
use schemasync_tests::{Postgres, TestDatabase as _, assert_says, errors, found, scenario};

const ROWS: &str = "INSERT INTO t (id, a, b) VALUES (1, 'a1', 'b1'), (2, 'a2', 'b2')";
const T: &str = "t id a b";
const U: &str = "u id a";

scenario!(t3_a_table_is_not_dropped_under_a_view_of_ours_that_stays, |db| {
    let v = "v = SELECT a FROM t";
    db.sync(model(&[T, U, v])).await;
    db.exec(ROWS).await;
    assert_refused(db, model(&[U, v]), "t", &["\"v\""]).await;
    assert_eq!(db.rows("SELECT a FROM v ORDER BY 1").await, [["'a1'"], ["'a2'"]]);
    db.sync(model(&[U])).await;
    assert_eq!(db.tables().await, ["u"]);
});

scenario!(t3_a_table_is_not_dropped_under_views_that_stay_on_a_view_that_goes, |db| {
    let w = "w = SELECT a FROM v";
    db.sync(model(&[T, U, "v = SELECT a FROM t", w])).await;
    db.exec(ROWS).await;
    let before = db.dump().await;
    let report = db.run(model(&[U, w])).await;
    assert_says(errors(&report, "v"), &["\"w\""]);
    assert_says(errors(&report, "t"), &["\"v\""]);
    assert_eq!(db.dump().await, before);
    assert_eq!(db.rows("SELECT a FROM w ORDER BY 1").await, [["'a1'"], ["'a2'"]]);
});

scenario!(t3_a_table_is_not_dropped_under_an_external_view, |db| {
    db.exec("CREATE TABLE x (id INTEGER)").await;
    db.sync(model(&[T, U])).await;
    db.exec(ROWS).await;
    db.exec("CREATE VIEW theirs AS SELECT a FROM t").await;
    db.sync(model(&[T, U, "theirs = ?a"])).await;
    assert_refused(db, model(&[U, "theirs = ?a"]), "t", &["\"theirs\""]).await;
    assert_eq!(db.rows("SELECT a FROM theirs ORDER BY 1").await, [["'a1'"], ["'a2'"]]);
});

scenario!(t3_a_view_that_turns_to_another_table_lets_its_old_one_go, |db| {
    db.sync(model(&[T, U, "v = SELECT a FROM t", "w = SELECT a FROM v"])).await;
    db.exec("INSERT INTO u VALUES (1, 'kept')").await;
    db.sync(model(&[U, "v = SELECT a FROM u", "w = SELECT a FROM v"])).await;
    assert_eq!(db.rows("SELECT a FROM w").await, [["'kept'"]]);
    db.assert_like_new(model(&[U, "v = SELECT a FROM u", "w = SELECT a FROM v"])).await;
});

scenario!(p1_in_safe_mode_a_table_under_a_view_of_ours_stays_without_an_error, |db| {
    let v = "v = SELECT a FROM t";
    db.sync(model(&[T, U, v])).await;
    db.exec(ROWS).await;
    let before = db.dump().await;
    let report = db.syncing(&model(&[U, v])).safe(true).run_report().await.unwrap();
    assert_says(&found(&report.entries, "t").withheld[0].what, &["drop table"]);
    assert_eq!(db.dump().await, before);
    assert_eq!(db.rows("SELECT a FROM v ORDER BY 1").await, [["'a1'"], ["'a2'"]]);
});

scenario!(t3_the_other_tables_go_all_the_same, |db| {
    let v = "v = SELECT a FROM t";
    db.sync(model(&[T, U, "s id", v])).await;
    let report = db.run(model(&[U, v])).await;
    assert_says(errors(&report, "t"), &["\"v\""]);
    assert_eq!(db.tables().await, ["t", "u"]);
});

scenario!(t3_a_table_that_a_kept_table_needs_keeps_what_it_references, |db| {
    let v = "v = SELECT a FROM t";
    db.sync(model(&["p id", "t id a p_id:int64->p", U, v])).await;
    let before = db.dump().await;
    let report = db.run(model(&[U, v])).await;
    assert_says(errors(&report, "t"), &["\"v\""]);
    assert_says(errors(&report, "p"), &["t"]);
    assert_eq!(db.dump().await, before);
});

scenario!(sqlite: m4_a_table_that_a_trigger_elsewhere_writes_to_is_not_dropped, |db| {
    db.sync(model(&[T, U])).await;
    db.exec("CREATE TRIGGER theirs AFTER INSERT ON u BEGIN INSERT INTO t (a) VALUES (new.a); END").await;
    assert_refused(db, model(&[U]), "t", &["trigger \"theirs\" on u"]).await;
    db.exec("INSERT INTO u VALUES (1, 'x')").await;
    db.sync(model(&[T, "u id b<a"])).await;
    assert_eq!(db.rows("SELECT a FROM t").await, [["'x'"]]);
});

scenario!(sqlite: m4_a_table_that_a_trigger_elsewhere_reads_is_not_dropped, |db| {
    db.exec("CREATE TABLE other (x TEXT)").await;
    db.sync(model(&[T, U])).await;
    for body in [
        "SELECT count(*) FROM t",
        "UPDATE u SET a = (SELECT max(b) FROM \"T\")",
        "SELECT 1 FROM main.t",
        "UPDATE u SET a = a FROM t WHERE t.id = u.id",
        "SELECT 1 WHERE new.x IN t",
    ] {
        db.exec(&format!("CREATE TRIGGER theirs AFTER UPDATE ON other BEGIN {body}; END")).await;
        assert_refused(db, model(&[U]), "t", &["trigger \"theirs\" on other"]).await;
        db.exec("DROP TRIGGER theirs").await;
    }
    db.exec("CREATE TRIGGER theirs AFTER UPDATE ON other WHEN (SELECT count(*) FROM t) > 3 BEGIN SELECT 1; END").await;
    assert_refused(db, model(&[U]), "t", &["trigger \"theirs\" on other"]).await;
});

scenario!(sqlite: m4_a_table_that_a_trigger_on_a_view_writes_to_is_not_dropped, |db| {
    db.exec("CREATE VIEW way_in AS SELECT 'x' AS a").await;
    db.exec("CREATE TABLE filler (x TEXT)").await;
    db.sync(model(&[T, U, "v = SELECT a FROM u"])).await;
    db.exec("CREATE TRIGGER theirs INSTEAD OF INSERT ON way_in BEGIN INSERT INTO t (a) VALUES (new.a); END").await;
    assert_refused(db, model(&[U, "v = SELECT a FROM u"]), "t", &["trigger \"theirs\" on way_in"]).await;
    db.exec("DROP TRIGGER theirs").await;
    db.exec("CREATE TRIGGER theirs INSTEAD OF INSERT ON v BEGIN INSERT INTO t (a) VALUES (new.a); END").await;
    assert_refused(db, model(&[U, "v = SELECT a FROM u"]), "t", &["trigger \"theirs\" on v"]).await;
});

scenario!(sqlite: m4_a_trigger_that_goes_with_its_table_is_no_obstacle, |db| {
    db.sync(model(&[T, U, "s id"])).await;
    db.exec("CREATE TRIGGER theirs AFTER INSERT ON u BEGIN INSERT INTO t (a) VALUES (new.a); END").await;
    db.sync(model(&["s id"])).await;
    assert_eq!(db.tables().await, ["s"]);
});

scenario!(sqlite: m4_a_trigger_on_a_column_of_that_name_is_no_obstacle, |db| {
    db.sync(model(&[T, "u id t"])).await;
    db.exec("CREATE TRIGGER theirs AFTER UPDATE OF t ON u BEGIN UPDATE u SET t = upper(new.t) WHERE id = new.id AND t <> 't'; END").await;
    db.sync(model(&["u id t"])).await;
    assert_eq!(db.tables().await, ["u"]);
});

scenario!(sqlite: m4_a_table_that_becomes_a_view_keeps_the_triggers_that_write_to_it, |db| {
    db.sync(model(&[T, U])).await;
    db.exec("CREATE TRIGGER theirs AFTER INSERT ON u BEGIN INSERT INTO t (a) VALUES (new.a); END").await;
    assert_refused(db, model(&[U, "t = SELECT id, a FROM u"]), "t", &["trigger \"theirs\" on u"]).await;
    db.exec("INSERT INTO u VALUES (1, 'x')").await;
});

scenario!(sqlite: m4_a_rebuilt_table_keeps_the_triggers_elsewhere_that_write_to_it, |db| {
    db.sync(model(&["t id a:int32 b", U])).await;
    db.exec("CREATE TRIGGER theirs AFTER INSERT ON u BEGIN INSERT INTO t (b) VALUES (new.a); END").await;
    let rebuilt = |columns: &str| {
        let json = format!(
            r#"{{"schemasync": 1, "tables": [{{"name": "t", "sync_method": "recreate", "primary_key": "id", "columns": [{{"name": "id", "type": "int64"}}{columns}]}},
              {{"name": "u", "primary_key": "id", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "a", "type": "text", "nullable": true}}]}}]}}"#
        );
        schemasync::Schema::from_json(&json).unwrap_or_else(|error| panic!("{error}\n{json}"))
    };
    let a = r#", {"name": "a", "type": "text", "nullable": true}"#;
    // With the column that the trigger writes, and without.
    assert_refused(db, rebuilt(a), "t", &["trigger \"theirs\"", "\"b\""]).await;
    db.sync(rebuilt(&format!(r#"{a}, {{"name": "b", "type": "text", "nullable": true}}"#))).await;
    db.exec("INSERT INTO u VALUES (1, 'x')").await;
    assert_eq!(db.rows("SELECT b FROM t").await, [["'x'"]]);
});

scenario!(sqlite: m4_a_rebuild_for_a_dropped_column_names_the_trigger_that_writes_it, |db| {
    db.sync(model(&["p id", "t id a b:int64->p", U])).await;
    for body in ["INSERT INTO t (b) VALUES (1)", "UPDATE t SET b = 1", "SELECT t.b FROM t", "INSERT INTO t SELECT * FROM t"] {
        db.exec(&format!("CREATE TRIGGER theirs AFTER INSERT ON u BEGIN {body}; END")).await;
        assert_refused(db, model(&["p id", "t id a", U]), "t", &["trigger \"theirs\"", "\"b\""]).await;
        db.exec("DROP TRIGGER theirs").await;
    }
});

scenario!(sqlite: m4_a_renamed_table_and_column_are_followed_by_triggers_elsewhere, |db| {
    db.sync(model(&[T, U])).await;
    db.exec("CREATE TRIGGER theirs AFTER INSERT ON u BEGIN INSERT INTO t (a, b) VALUES (new.a, 'b'); END").await;
    db.sync(model(&["things<t id c<a b", U])).await;
    db.exec("INSERT INTO u VALUES (1, 'x')").await;
    assert_eq!(db.rows("SELECT c, b FROM things").await, [["'x'", "'b'"]]);
});

/// Whether the server would do that; it does not.
async fn lets(db: &Postgres, statement: &str) -> bool {
    let tried = format!("DO $$ BEGIN {statement}; RAISE EXCEPTION 'it would be done'; END $$");
    db.try_exec(&tried).await.is_err_and(|error| error.contains("it would be done"))
}

scenario!(postgres: m4_whatever_holds_on_to_a_table_is_named_before_it_goes, |db| {
    db.exec("CREATE TABLE other (id bigint PRIMARY KEY, a text)").await;
    db.sync(model(&[T, U])).await;
    db.exec(ROWS).await;
    let mut cases = vec![
        ("CREATE POLICY theirs ON other USING (a IN (SELECT a FROM t))", "DROP POLICY theirs ON other", "policy"),
        ("CREATE POLICY theirs ON u USING (EXISTS (SELECT FROM t))", "DROP POLICY theirs ON u", "policy"),
        ("CREATE RULE theirs AS ON INSERT TO other DO ALSO INSERT INTO t (id) VALUES (new.id)", "DROP RULE theirs ON other", "rule"),
        ("ALTER TABLE other ADD x t", "ALTER TABLE other DROP x", "column x of table other"),
        ("ALTER TABLE other ADD x t[]", "ALTER TABLE other DROP x", "column x of table other"),
        ("ALTER TABLE u ADD x t", "ALTER TABLE u DROP x", "column x of table u"),
        ("CREATE DOMAIN theirs AS t", "DROP DOMAIN theirs", "type theirs"),
        ("CREATE TYPE theirs AS (x t)", "DROP TYPE theirs", "theirs"),
        ("CREATE FUNCTION theirs(t) RETURNS text LANGUAGE sql AS 'SELECT $1.a'", "DROP FUNCTION theirs(t)", "function theirs(t)"),
        ("CREATE FUNCTION theirs() RETURNS SETOF t LANGUAGE sql AS 'SELECT * FROM t'", "DROP FUNCTION theirs()", "function theirs()"),
        ("CREATE FUNCTION theirs(t[]) RETURNS int LANGUAGE sql AS 'SELECT 1'", "DROP FUNCTION theirs(t[])", "function theirs(t[])"),
        ("CREATE MATERIALIZED VIEW theirs AS SELECT a FROM t", "DROP MATERIALIZED VIEW theirs", "theirs"),
        ("CREATE VIEW theirs AS SELECT count(*) FROM t", "DROP VIEW theirs", "theirs"),
        ("CREATE VIEW theirs AS SELECT NULL::t AS x", "DROP VIEW theirs", "theirs"),
        ("CREATE SEQUENCE s OWNED BY t.id; ALTER TABLE other ADD n bigint DEFAULT nextval('s')", "ALTER TABLE other DROP n; DROP SEQUENCE s", "column n of table other"),
        ("CREATE SCHEMA away; CREATE TABLE away.x (y t)", "DROP SCHEMA away CASCADE", "away.x"),
        ("ALTER TABLE other ADD CONSTRAINT theirs FOREIGN KEY (id) REFERENCES t (id)", "ALTER TABLE other DROP CONSTRAINT theirs", "other"),
    ];
    if db.version >= 140_000 {
        cases.extend([
            ("CREATE FUNCTION theirs() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM t; END", "DROP FUNCTION theirs()", "function theirs()"),
            ("CREATE FUNCTION theirs() RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT max(a) FROM t; END", "DROP FUNCTION theirs()", "function theirs()"),
            ("CREATE PROCEDURE theirs() LANGUAGE sql BEGIN ATOMIC DELETE FROM t; END", "DROP PROCEDURE theirs()", "theirs()"),
        ]);
    }
    for (made, gone, says) in cases {
        db.exec(made).await;
        assert!(!lets(db, "DROP TABLE t").await, "the server lets it go: {made}");
        assert_refused(db, model(&[U]), "t", &["cannot be dropped", says]).await;
        db.exec(gone).await;
    }
    db.sync(model(&[U])).await;
    assert_eq!(db.tables().await, ["other", "u"]);
});

scenario!(postgres: m4_what_goes_along_with_a_table_is_no_obstacle, |db| {
    db.sync(model(&[T, U, "s id t_id:int64->t"])).await;
    db.exec(
        "CREATE INDEX by_hand ON t (lower(a)); CREATE STATISTICS st ON a, b FROM t; CREATE SEQUENCE sq OWNED BY t.b; ALTER TABLE t ALTER a SET DEFAULT nextval('sq')::text;
         ALTER TABLE t ADD CONSTRAINT short CHECK (a <> b), ADD CONSTRAINT self FOREIGN KEY (id) REFERENCES t; GRANT SELECT ON t TO public; ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON t USING (a IN (SELECT b FROM t));
         CREATE RULE own_rule AS ON DELETE TO t DO ALSO SELECT count(*) FROM t; CREATE PUBLICATION pub FOR TABLE t",
    )
    .await;
    db.sync(model(&[U])).await;
    assert_eq!(db.tables().await, ["u"]);
});

scenario!(postgres: t3_a_table_goes_after_the_tables_that_store_its_rows, |db| {
    db.sync(model(&["a id x", "b id x", "c id x", U])).await;
    db.exec("ALTER TABLE b ADD y a; ALTER TABLE c ADD y b[]; CREATE POLICY own ON c USING (x IN (SELECT x FROM a))").await;
    db.sync(model(&[U])).await;
    assert_eq!(db.tables().await, ["u"]);
});

scenario!(postgres: m4_a_table_that_becomes_a_view_names_what_holds_on_to_it, |db| {
    db.sync(model(&[T, U])).await;
    db.exec("CREATE FUNCTION theirs() RETURNS SETOF t LANGUAGE sql AS 'SELECT * FROM t'").await;
    assert_refused(db, model(&[U, "t = SELECT id, a FROM u"]), "t", &["function theirs()"]).await;
});

scenario!(postgres: c9_whatever_holds_on_to_a_column_is_named_before_it_goes, |db| {
    db.exec("CREATE TABLE other (id bigint PRIMARY KEY, a text)").await;
    db.sync(model(&["t id a b:int64", U])).await;
    let mut cases = vec![
        ("CREATE POLICY theirs ON other USING (a IN (SELECT a FROM t WHERE b = 1))", "DROP POLICY theirs ON other", "policy"),
        ("CREATE POLICY theirs ON t USING (b = 1)", "DROP POLICY theirs ON t", "policy"),
        ("CREATE RULE theirs AS ON INSERT TO other DO ALSO INSERT INTO t (id, b) VALUES (new.id, 1)", "DROP RULE theirs ON other", "rule"),
        ("CREATE SEQUENCE s OWNED BY t.b; ALTER TABLE other ADD n bigint DEFAULT nextval('s')", "ALTER TABLE other DROP n; DROP SEQUENCE s", "column n of table other"),
        ("CREATE VIEW theirs AS SELECT t AS row FROM t", "DROP VIEW theirs", "theirs"),
    ];
    if db.version >= 140_000 {
        cases.push(("CREATE FUNCTION theirs() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT max(b) FROM t; END", "DROP FUNCTION theirs()", "function theirs()"));
    }
    if db.version >= 150_000 {
        cases.push(("CREATE PUBLICATION theirs FOR TABLE t (id, b)", "DROP PUBLICATION theirs", "publication"));
        cases.push(("CREATE PUBLICATION theirs FOR TABLE t WHERE (b > 1)", "DROP PUBLICATION theirs", "publication"));
    }
    for (made, gone, says) in cases {
        db.exec(made).await;
        if !lets(db, "ALTER TABLE t DROP b").await {
            assert_refused(db, model(&["t id a", U]), "t", &["column \"b\" cannot be dropped", says]).await;
        }
        db.exec(gone).await;
    }
    db.sync(model(&["t id a", U])).await;
});

scenario!(postgres: c5_a_table_whose_rows_are_a_column_elsewhere_cannot_be_retyped, |db| {
    db.exec("CREATE TABLE other (id bigint PRIMARY KEY)").await;
    db.sync(model(&["t id a b:int32", U])).await;
    for (made, gone, says) in [
        ("ALTER TABLE other ADD x t", "ALTER TABLE other DROP x", "column x of table other"),
        ("ALTER TABLE other ADD x t[]", "ALTER TABLE other DROP x", "column x of table other"),
        ("CREATE DOMAIN d AS t; ALTER TABLE other ADD x d", "ALTER TABLE other DROP x; DROP DOMAIN d", "column x of table other"),
        ("CREATE TYPE c AS (y t); ALTER TABLE other ADD x c", "ALTER TABLE other DROP x; DROP TYPE c", "column x of table other"),
    ] {
        db.exec(made).await;
        assert!(!lets(db, "ALTER TABLE t ALTER b TYPE bigint").await, "the server lets it be: {made}");
        assert_refused(db, model(&["t id a b:int64", U]), "t", &[says]).await;
        db.exec(gone).await;
    }
    // A function does not hold on to the type.
    db.exec("CREATE FUNCTION theirs(t) RETURNS text LANGUAGE sql AS 'SELECT $1.a'").await;
    db.sync(model(&["t id a b:int64", U])).await;
});
