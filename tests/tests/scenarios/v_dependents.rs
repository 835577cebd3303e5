//! What reads a view that changes or goes comes back, or nothing goes (rules V1, V2, M4, P4).

use super::written::{assert_refused, model};
use schemasync::EntryStatus;
use schemasync_tests::{Feature, assert_says, errors, found, scenario};

const ROWS: &str = "INSERT INTO t (id, a, b) VALUES (1, 'a1', 'b1'), (2, 'a2', 'b2')";
const T: &str = "t id a b";
const V: &str = "v = SELECT a, b FROM t";
const NARROW: &str = "v = SELECT a FROM t";
const W: &str = "w = SELECT b FROM v";

scenario!(v2_a_view_comes_back_after_the_table_below_a_view_that_stays, |db| {
    mod chain {
        use schemasync::{DbTable, DbView};

        #[derive(DbTable)]
        #[db(table = "t")]
        pub struct T {
            #[db(id)]
            pub id: i64,
            pub x: Option<i64>,
        }
        #[derive(DbView)]
        #[db(view = "m", sql = "SELECT id, x FROM t")]
        pub struct Middle {
            pub id: i64,
            pub x: Option<i64>,
        }
        #[derive(DbView)]
        #[db(view = "a", sql = "SELECT x FROM m")]
        pub struct Outer {
            pub x: Option<i64>,
        }
    }
    let schema = || schemasync::schema![chain::T, chain::Middle, chain::Outer];
    db.sync(schema()).await;
    db.exec("DROP VIEW a").await;
    if db.try_exec("DROP TABLE t").await.is_err() {
        db.exec("DROP TABLE t CASCADE").await;
    }
    let report = db.syncing(&schema()).force(true).run().await.expect("all of it in one run");
    assert!(!report.statements.is_empty(), "{report}");
    db.exec("INSERT INTO t VALUES (1, 5)").await;
    assert_eq!(db.rows("SELECT x FROM a").await, [["5"]]);
    db.assert_settled(&schema()).await;
    db.assert_like_new(schema()).await;
});

scenario!(v2_a_view_that_loses_a_column_names_the_view_that_still_reads_it, |db| {
    db.sync(model(&[T, V, W])).await;
    db.exec(ROWS).await;
    assert_refused(db, model(&[T, NARROW, W]), "v", &["\"w\"", "\"b\""]).await;
    assert_eq!(db.rows("SELECT b FROM w ORDER BY 1").await, [["'b1'"], ["'b2'"]]);
});

scenario!(v2_in_safe_mode_no_view_goes_that_does_not_come_back, |db| {
    db.sync(model(&[T, V, W])).await;
    db.exec(ROWS).await;
    let before = db.dump().await;
    let report = db.syncing(&model(&[T, NARROW, W])).safe(true).run_report().await.unwrap();
    assert_says(errors(&report, "v"), &["\"w\"", "\"b\""]);
    assert_eq!(db.dump().await, before);
    assert_eq!(db.rows("SELECT b FROM w ORDER BY 1").await, [["'b1'"], ["'b2'"]]);
});

scenario!(v2_a_view_that_loses_a_column_keeps_the_materialized_view_over_it, |db| {
    let w = "w ^= SELECT b FROM v";
    db.sync(model(&[T, V, w])).await;
    db.exec(ROWS).await;
    if db.supports(Feature::MaterializedViews) {
        db.exec("REFRESH MATERIALIZED VIEW w; CREATE UNIQUE INDEX by_hand ON w (b); GRANT SELECT ON w TO public").await;
    }
    assert_refused(db, model(&[T, NARROW, w]), "v", &["\"w\"", "\"b\""]).await;
    assert_eq!(db.rows("SELECT b FROM w ORDER BY 1").await, [["'b1'"], ["'b2'"]]);
});

scenario!(v2_a_view_that_loses_a_column_looks_at_each_view_of_a_chain, |db| {
    let chain = ["x = SELECT a, b FROM v", "y = SELECT a, b AS c FROM x", "z = SELECT c FROM y"];
    db.sync(model(&[&[T, V], &chain[..]].concat())).await;
    db.exec(ROWS).await;
    assert_refused(db, model(&[&[T, NARROW], &chain[..]].concat()), "v", &["\"x\"", "\"b\""]).await;
    // The first of them gives it up as well: then the second is named.
    let shorter = [T, NARROW, "x = SELECT a FROM v", chain[1], chain[2]];
    let report = db.run(model(&shorter)).await;
    assert_says(errors(&report, "x"), &["\"y\"", "\"b\""]);
    assert_eq!(db.rows("SELECT c FROM z ORDER BY 1").await, [["'b1'"], ["'b2'"]]);
    // All of them give it up.
    let all = [T, NARROW, "x = SELECT a FROM v", "y = SELECT a FROM x", "z = SELECT a FROM y"];
    db.sync(model(&all)).await;
    assert_eq!(db.rows("SELECT * FROM z ORDER BY 1").await, [["'a1'"], ["'a2'"]]);
});

scenario!(v2_a_view_that_loses_a_column_beside_a_renamed_one_breaks_no_reader, |db| {
    db.sync(model(&[T, V, W])).await;
    db.exec(ROWS).await;
    let report = db.run(model(&["t id c<a b", "v = SELECT c FROM t", W])).await;
    assert_says(errors(&report, "v"), &["\"w\"", "\"b\""]);
    assert_eq!(db.rows("SELECT b FROM w ORDER BY 1").await, [["'b1'"], ["'b2'"]]);
    assert_eq!(db.views().await, ["v", "w"]);
    db.sync(model(&["t id c<a b", "v = SELECT c FROM t", "w = SELECT c FROM v"])).await;
    assert_eq!(db.rows("SELECT * FROM w ORDER BY 1").await, [["'a1'"], ["'a2'"]]);
});

scenario!(v2_a_view_that_loses_a_column_beside_a_renamed_table_breaks_no_reader, |db| {
    db.sync(model(&[T, V, W])).await;
    db.exec(ROWS).await;
    let report = db.run(model(&["u<t id a b", "v = SELECT a FROM u", W])).await;
    assert_says(errors(&report, "v"), &["\"w\"", "\"b\""]);
    assert_eq!(db.rows("SELECT b FROM w ORDER BY 1").await, [["'b1'"], ["'b2'"]]);
    assert_eq!(db.views().await, ["v", "w"]);
});

scenario!(v2_a_column_that_comes_by_another_name_is_there, |db| {
    db.sync(model(&[T, V, W])).await;
    db.exec(ROWS).await;
    db.sync(model(&["t id a c<b", "v = SELECT a, c AS b FROM t", W])).await;
    assert_eq!(db.rows("SELECT b FROM w ORDER BY 1").await, [["'b1'"], ["'b2'"]]);
    db.assert_like_new(model(&["t id a c<b", "v = SELECT a, c AS b FROM t", W])).await;
});

scenario!(v2_a_view_of_others_that_reads_a_lost_column_is_named, |db| {
    db.sync(model(&[T, V])).await;
    db.exec("CREATE VIEW w AS SELECT b FROM v").await;
    db.exec(ROWS).await;
    assert_refused(db, model(&[T, NARROW]), "v", &["\"w\""]).await;
    assert_eq!(db.rows("SELECT b FROM w ORDER BY 1").await, [["'b1'"], ["'b2'"]]);
});

scenario!(v2_an_external_view_that_reads_a_lost_column_is_named, |db| {
    db.sync(model(&[T, V])).await;
    db.exec("CREATE VIEW w AS SELECT b FROM v").await;
    db.exec(ROWS).await;
    db.sync(model(&[T, V, "w = ?b"])).await;
    assert_refused(db, model(&[T, NARROW, "w = ?b"]), "v", &["\"w\""]).await;
    assert_eq!(db.rows("SELECT b FROM w ORDER BY 1").await, [["'b1'"], ["'b2'"]]);
});

scenario!(v1_a_view_of_ours_is_not_dropped_under_another_of_ours, |db| {
    db.sync(model(&[T, V, W])).await;
    db.exec(ROWS).await;
    assert_refused(db, model(&[T, W]), "v", &["\"w\""]).await;
    assert_eq!(db.rows("SELECT b FROM w ORDER BY 1").await, [["'b1'"], ["'b2'"]]);
});

scenario!(v1_a_view_is_not_dropped_under_an_external_one, |db| {
    db.sync(model(&[T, V])).await;
    db.exec("CREATE VIEW w AS SELECT b FROM v").await;
    db.exec(ROWS).await;
    db.sync(model(&[T, V, "w = ?b"])).await;
    assert_refused(db, model(&[T, "w = ?b"]), "v", &["\"w\""]).await;
    assert_eq!(db.rows("SELECT b FROM w ORDER BY 1").await, [["'b1'"], ["'b2'"]]);
});

scenario!(v5_a_view_is_not_renamed_under_one_of_ours_that_says_the_old_name, |db| {
    db.sync(model(&[T, V, W])).await;
    db.exec(ROWS).await;
    assert_refused(db, model(&[T, "n<v = SELECT a, b FROM t", W]), "n", &["\"w\""]).await;
    assert_eq!(db.rows("SELECT b FROM w ORDER BY 1").await, [["'b1'"], ["'b2'"]]);
    db.sync(model(&[T, "n<v = SELECT a, b FROM t", "w = SELECT b FROM n"])).await;
    assert_eq!(db.views().await, ["n", "w"]);
    assert_eq!(db.rows("SELECT b FROM w ORDER BY 1").await, [["'b1'"], ["'b2'"]]);
});

scenario!(t4_a_view_becomes_a_table_without_the_column_that_another_view_reads, |db| {
    db.sync(model(&[T, V, W])).await;
    db.exec(ROWS).await;
    assert_refused(db, model(&[T, "v id a", W]), "v", &["\"w\"", "\"b\""]).await;
    assert_eq!(db.rows("SELECT b FROM w ORDER BY 1").await, [["'b1'"], ["'b2'"]]);
});

scenario!(t4_a_view_becomes_a_table_that_has_what_another_view_reads, |db| {
    db.sync(model(&[T, V, W])).await;
    db.sync(model(&[T, "v id a b", W])).await;
    db.exec("INSERT INTO v (id, b) VALUES (7, 'here')").await;
    assert_eq!(db.rows("SELECT b FROM w").await, [["'here'"]]);
    db.assert_like_new(model(&[T, "v id a b", W])).await;
});

scenario!(v2_readers_that_change_along_lose_the_column_too, |db| {
    db.sync(model(&[T, V, W])).await;
    db.exec(ROWS).await;
    let report = db.sync(model(&[T, NARROW, "w = SELECT a FROM v"])).await;
    assert_eq!(found(&report.entries, "w").status, EntryStatus::Alter);
    assert_eq!(db.rows("SELECT * FROM w ORDER BY 1").await, [["'a1'"], ["'a2'"]]);
    db.assert_like_new(model(&[T, NARROW, "w = SELECT a FROM v"])).await;
});

scenario!(v2_a_reader_that_names_a_lost_column_in_its_condition_only_is_named, |db| {
    let w = "w = SELECT a FROM v WHERE b <> 'x' ORDER BY a";
    db.sync(model(&[T, V, w])).await;
    db.exec(ROWS).await;
    assert_refused(db, model(&[T, NARROW, w]), "v", &["\"w\"", "\"b\""]).await;
    assert_eq!(db.rows("SELECT a FROM w").await, [["'a1'"], ["'a2'"]]);
});

scenario!(v2_a_reader_of_two_views_needs_both, |db| {
    let w = "w = SELECT v.a, v2.b FROM v JOIN v2 ON v.id = v2.id";
    let [v, v2] = ["v = SELECT id, a FROM t", "v2 = SELECT id, a, b FROM t"];
    db.sync(model(&[T, v, v2, w])).await;
    db.exec(ROWS).await;
    let report = db.run(model(&[T, "v = SELECT id, upper(a) AS a FROM t", "v2 = SELECT id, a FROM t", w])).await;
    assert_says(errors(&report, "v2"), &["\"w\"", "\"b\""]);
    assert_eq!(db.rows("SELECT b FROM w ORDER BY 1").await, [["'b1'"], ["'b2'"]]);
    assert_eq!(db.views().await, ["v", "v2", "w"]);
});

scenario!(v2_a_view_changes_under_readers_that_find_all_they_need, |db| {
    let chain = ["x = SELECT b FROM v", "y = SELECT count(*) AS n FROM x WHERE b <> 'b1'"];
    db.sync(model(&[&[T, V], &chain[..]].concat())).await;
    db.exec(ROWS).await;
    db.sync(model(&[&[T, "v = SELECT lower(b) AS b FROM t"], &chain[..]].concat())).await;
    assert_eq!(db.rows("SELECT n FROM y").await, [["1"]]);
});

scenario!(c9_a_column_goes_that_a_view_over_a_changed_view_still_needs, |db| {
    db.sync(model(&[T, V, W])).await;
    db.exec(ROWS).await;
    let report = db.run(model(&["t id a", NARROW, W])).await;
    assert!(report.has_errors(), "{report}");
    assert_says(errors(&report, "v"), &["\"w\"", "\"b\""]);
    assert_eq!(db.columns("t").await, ["id", "a?", "b?"]);
    assert_eq!(db.rows("SELECT b FROM w ORDER BY 1").await, [["'b1'"], ["'b2'"]]);
});

scenario!(sqlite: v2_the_case_of_a_column_is_no_difference_to_a_reader, |db| {
    db.sync(model(&[T, V, W])).await;
    db.exec(ROWS).await;
    db.sync(model(&[T, "v = SELECT a || '' AS a, B FROM t", W])).await;
    assert_eq!(db.rows("SELECT b FROM w ORDER BY 1").await, [["'b1'"], ["'b2'"]]);
});

scenario!(sqlite: m4_a_view_that_a_trigger_reads_is_not_dropped, |db| {
    db.sync(model(&[T, V, "u id a"])).await;
    db.exec("CREATE TRIGGER theirs AFTER INSERT ON u BEGIN INSERT INTO t (a) SELECT b FROM v; END").await;
    assert_refused(db, model(&[T, "u id a"]), "v", &["trigger \"theirs\""]).await;
    db.exec("INSERT INTO u VALUES (1, 'x')").await;
});

scenario!(sqlite: m4_a_view_keeps_the_column_that_a_trigger_reads, |db| {
    db.sync(model(&[T, V, "u id x"])).await;
    db.exec(ROWS).await;
    db.exec("CREATE TABLE log (what TEXT); CREATE TRIGGER theirs AFTER INSERT ON u BEGIN INSERT INTO log SELECT b FROM v; END").await;
    assert_refused(db, model(&[T, NARROW, "u id x"]), "v", &["trigger \"theirs\" on u", "\"b\""]).await;
    db.exec("INSERT INTO u VALUES (1, 'x')").await;
    assert_eq!(db.rows("SELECT count(*) FROM log").await, [["2"]]);
    // What it does not read may go.
    db.sync(model(&[T, "v = SELECT b FROM t", "u id x"])).await;
    db.exec("INSERT INTO u VALUES (2, 'y')").await;
    assert_eq!(db.rows("SELECT count(*) FROM log").await, [["4"]]);
});

scenario!(postgres: m4_a_function_over_the_rows_of_a_view_keeps_it, |db| {
    db.sync(model(&[T, V])).await;
    db.exec(ROWS).await;
    db.exec("CREATE FUNCTION theirs() RETURNS SETOF v LANGUAGE sql AS 'SELECT * FROM v'").await;
    assert_refused(db, model(&[T, NARROW]), "v", &["function theirs()"]).await;
    assert_refused(db, model(&[T]), "v", &["function theirs()"]).await;
    assert_refused(db, model(&[T, "n<v = SELECT a, b FROM t"]), "n", &["function theirs()"]).await;
    assert_eq!(db.rows("SELECT b FROM theirs() ORDER BY 1").await, [["'b1'"], ["'b2'"]]);
});

scenario!(postgres: m4_a_function_whose_body_reads_a_view_keeps_it, |db| {
    if db.version < 140_000 {
        return;
    }
    db.sync(model(&[T, V])).await;
    db.exec("CREATE FUNCTION theirs() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(b) FROM v; END").await;
    assert_refused(db, model(&[T, NARROW]), "v", &["function theirs()"]).await;
    assert_refused(db, model(&[T]), "v", &["function theirs()"]).await;
});

scenario!(postgres: m4_a_policy_a_rule_and_a_column_of_its_rows_keep_a_view, |db| {
    db.sync(model(&[T, V, "u id a"])).await;
    for (made, gone, says) in [
        ("CREATE POLICY theirs ON u USING (a IN (SELECT a FROM v))", "DROP POLICY theirs ON u", "policy"),
        ("CREATE RULE theirs AS ON INSERT TO u DO ALSO SELECT count(*) FROM v", "DROP RULE theirs ON u", "rule"),
        ("CREATE TABLE other (x v)", "DROP TABLE other", "other"),
        ("CREATE TABLE other (x v[])", "DROP TABLE other", "other"),
        ("CREATE DOMAIN theirs AS v", "DROP DOMAIN theirs", "theirs"),
    ] {
        db.exec(made).await;
        assert_refused(db, model(&[T, NARROW, "u id a"]), "v", &[says]).await;
        assert_refused(db, model(&[T, "u id a"]), "v", &[says]).await;
        db.exec(gone).await;
    }
    db.sync_with(model(&[T, NARROW, "u id a"]), |sync| sync.allow_revert(true)).await;
});

scenario!(postgres: v3_a_retyped_column_under_a_view_with_a_function_is_an_error, |db| {
    let v = "v = SELECT id, a FROM t";
    db.sync(model(&["t id a:int32", v])).await;
    db.exec("CREATE FUNCTION theirs() RETURNS SETOF v LANGUAGE sql AS 'SELECT * FROM v'").await;
    assert_refused(db, model(&["t id a:int64", v]), "t", &["function theirs()", "\"v\""]).await;
});

scenario!(postgres: v3_a_label_that_goes_under_a_view_with_a_function_is_an_error, |db| {
    let with = |labels: &str| {
        let json = format!(
            r#"{{"schemasync": 1, "tables": [{{"name": "t", "primary_key": "id", "columns": [{{"name": "id", "type": "int64"}},
              {{"name": "m", "nullable": true, "type": {{"enum": {{"name": "mood", "variants": [{labels}], "postgres": {{"type": "mood"}}}}}}}}]}}],
              "views": [{{"name": "v", "sql": "SELECT id, m FROM t"}}]}}"#
        );
        schemasync::Schema::from_json(&json).unwrap_or_else(|error| panic!("{error}\n{json}"))
    };
    db.sync(with(r#""ok", "sad""#)).await;
    db.exec("INSERT INTO t VALUES (1, 'ok'); CREATE FUNCTION theirs() RETURNS SETOF v LANGUAGE sql AS 'SELECT * FROM v'").await;
    assert_refused(db, with(r#""ok""#), "mood", &["function theirs()", "\"v\""]).await;
    assert_eq!(db.rows("SELECT id FROM theirs()").await, [["1"]]);
});
