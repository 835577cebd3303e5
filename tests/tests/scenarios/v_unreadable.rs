//! A view whose new query cannot be read is an error of the plan, and what it reads and what reads it stay (rules V1, P4).

use super::written::{assert_refused, model};
use schemasync_tests::{assert_says, errors, scenario};

const ROWS: &str = "INSERT INTO t (id, a, b) VALUES (1, 'a1', 'b1'), (2, 'a2', 'b2')";
const T: &str = "t id a b";
const U: &str = "u id a";
const V: &str = "v = SELECT a, b FROM t";
const NARROW: &str = "v = SELECT a FROM t";
const W: &str = "w = SELECT b FROM v";

scenario!(v2_a_reader_that_changes_and_is_broken_keeps_what_it_reads, |db| {
    db.sync(model(&[T, V, W])).await;
    db.exec(ROWS).await;
    let before = db.dump().await;
    let report = db.run(model(&[T, NARROW, "w = SELECT naught FROM v"])).await;
    assert_says(errors(&report, "w"), &["naught"]);
    assert_eq!(db.dump().await, before);
    assert_eq!(db.rows("SELECT b FROM w ORDER BY 1").await, [["'b1'"], ["'b2'"]]);
});

scenario!(t3_a_table_is_not_dropped_under_a_view_that_has_errors, |db| {
    db.sync(model(&[T, U, "v = SELECT a FROM t"])).await;
    db.exec(ROWS).await;
    let before = db.dump().await;
    let report = db.run(model(&[U, "v = SELECT naught FROM u"])).await;
    assert!(!errors(&report, "v").is_empty(), "{report}");
    assert_says(errors(&report, "t"), &["v"]);
    assert_eq!(db.dump().await, before);
    assert_eq!(db.rows("SELECT a FROM v ORDER BY 1").await, [["'a1'"], ["'a2'"]]);
});

scenario!(sqlite: p4_a_view_that_cannot_be_read_is_an_error_of_the_plan, |db| {
    db.exec("CREATE VIRTUAL TABLE docs USING fts5(body); CREATE VIEW theirs AS SELECT 1 AS one").await;
    db.sync(model(&[T, V])).await;
    for (v, says) in [
        ("v = SELECT naught FROM t", "naught"),
        ("v = SELECT q.naught FROM t AS q", "naught"),
        ("v = SELECT a FROM nowhere", "nowhere"),
        ("v = SELECT a FROM t, t AS q", "ambiguous"),
        ("v = SELECT a FROM (SELECT a AS c FROM t)", "no such column"),
    ] {
        assert_refused(db, model(&[T, v]), "v", &[says]).await;
    }
    for v in [
        "v = SELECT a FROM t WHERE id IN (SELECT rowid FROM docs WHERE docs MATCH 'x' ORDER BY rank)",
        "v = SELECT one FROM theirs",
        "v = SELECT value FROM json_each('[1]')",
        "v = SELECT name FROM sqlite_schema",
    ] {
        db.sync_with(model(&[T, v]), |sync| sync.allow_revert(true)).await;
    }
});

scenario!(sqlite: v2_what_the_text_does_not_say_of_a_view_is_known_all_the_same, |db| {
    db.sync(model(&["t id a b", "s id a", "v = SELECT * FROM t", W])).await;
    db.exec(ROWS).await;
    assert_refused(db, model(&["t id a b", "s id a", "v = SELECT * FROM s", W]), "v", &["\"w\"", "\"b\""]).await;
    assert_refused(db, model(&["t id a b", "s id a", "v = SELECT count(*), max(a) FROM t", W]), "v", &["\"w\""]).await;
    assert_eq!(db.rows("SELECT b FROM w ORDER BY 1").await, [["'b1'"], ["'b2'"]]);
});

scenario!(postgres: p4_a_view_that_the_server_does_not_take_is_foretold_with_the_table_that_it_reads, |db| {
    let broken = [
        ("v = SELECT naught FROM t", "naught"),
        ("v = SELECT a FROM nowhere", "nowhere"),
        ("v = SELECT nonsense(a) FROM t", "nonsense"),
        ("v = SELECT a, count(*) FROM t GROUP BY b", "GROUP BY"),
        ("v = SELECT t.id FROM t JOIN t AS q ON true WHERE a = 'x'", "ambiguous"),
        ("v = SELECT a + b AS c FROM t", "operator"),
    ];
    // On an empty database, then where the table is there and gets other columns, then where it is as it was.
    for table in ["t id a b", "t id a b c", "t id a b c"] {
        for (view, says) in broken {
            let after = model(&[table, view, "w = SELECT 1 AS one FROM v"]);
            let plan = db.syncing(&after).allow_revert(true).plan().await.unwrap();
            assert_says(errors_of(&plan, "v"), &[says]);
            let report = db.syncing(&after).allow_revert(true).run_report().await.unwrap();
            assert_eq!(errors_of(&plan, "v"), errors(&report, "v"), "the run says something else than the plan");
            assert!(db.views().await.is_empty());
        }
    }
    // What may be read is made.
    let views = [
        "v = SELECT id, a, count(*) AS n FROM public.t GROUP BY id",
        "w = SELECT t.id, v.n FROM v JOIN t USING (id)",
        "x = SELECT rows FROM t AS rows",
        "y = SELECT oid FROM pg_catalog.pg_class",
        "z = SELECT c FROM t",
    ];
    db.sync_with(model(&[&["t id a b c d"][..], &views[..]].concat()), |sync| sync.allow_revert(true)).await;
    assert_eq!(db.views().await, ["v", "w", "x", "y", "z"]);
});

/// What the plan says is wrong with the entry.
fn errors_of(plan: &schemasync::Plan, name: &str) -> String {
    plan.entry(name).map(|entry| entry.errors.join("\n")).unwrap_or_default()
}
