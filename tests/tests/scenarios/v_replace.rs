//! A view that can be replaced where it stands is not dropped: what is over it survives (rules V2, M4).

use super::written::{assert_refused, model};
use schemasync_tests::{Postgres, TestDatabase as _, scenario};

const T: &str = "t id a b";
const V: &str = "v = SELECT id, a FROM t";
const ROWS: &str = "INSERT INTO t (id, a, b) VALUES (1, 'a1', 'b1')";

/// What the server calls the relation by: one that is recreated has another.
async fn number(db: &Postgres, name: &str) -> String {
    db.value(&format!("SELECT '{name}'::regclass::oid::bigint")).await
}

async fn replaced(db: &Postgres, after: &str, row: &str) {
    let before = number(db, "v").await;
    db.sync(model(&[T, after])).await;
    assert_eq!(number(db, "v").await, before, "it was dropped");
    assert_eq!(db.value("SELECT v::text FROM v").await, format!("'{row}'"));
}

scenario!(postgres: v2_a_view_that_gains_columns_at_its_end_is_replaced, |db| {
    db.sync(model(&[T, V])).await;
    db.exec(ROWS).await;
    replaced(db, "v = SELECT id, a, b FROM t", "(1,a1,b1)").await;
    db.assert_like_new(model(&[T, "v = SELECT id, a, b FROM t"])).await;
});

scenario!(postgres: v2_a_view_whose_query_changes_and_whose_columns_stay_is_replaced, |db| {
    db.sync(model(&[T, V])).await;
    db.exec(ROWS).await;
    replaced(db, "v = SELECT id, upper(a) AS a FROM t WHERE b IS NOT NULL", "(1,A1)").await;
    db.assert_like_new(model(&[T, "v = SELECT id, upper(a) AS a FROM t WHERE b IS NOT NULL"])).await;
});

scenario!(postgres: m4_what_is_over_a_replaced_view_survives, |db| {
    db.sync(model(&[T, V])).await;
    db.exec(ROWS).await;
    db.exec(
        "CREATE VIEW theirs AS SELECT a FROM v; CREATE FUNCTION rows_of_v() RETURNS SETOF v LANGUAGE sql AS 'SELECT * FROM v'; CREATE MATERIALIZED VIEW counted AS SELECT count(*) AS n FROM v;
         GRANT SELECT ON v TO public; COMMENT ON VIEW v IS 'kept'; ALTER VIEW v SET (security_barrier = true)",
    )
    .await;
    let before = [number(db, "theirs").await, number(db, "counted").await];
    replaced(db, "v = SELECT id, lower(a) AS a, b FROM t", "(1,a1,b1)").await;
    assert_eq!([number(db, "theirs").await, number(db, "counted").await], before);
    assert_eq!(db.rows("SELECT b FROM rows_of_v()").await, [["'b1'"]]);
    assert_eq!(
        db.rows("SELECT has_table_privilege('public', 'v', 'select'), obj_description('v'::regclass), (SELECT reloptions::text FROM pg_class WHERE oid = 'v'::regclass)").await,
        [["1", "'kept'", "'{security_barrier=true}'"]]
    );
});

scenario!(postgres: m4_a_view_that_cannot_be_replaced_names_the_function_over_it, |db| {
    db.sync(model(&[T, V])).await;
    db.exec("CREATE FUNCTION theirs() RETURNS SETOF v LANGUAGE sql AS 'SELECT * FROM v'").await;
    for after in ["v = SELECT a, id FROM t", "v = SELECT id FROM t", "v = SELECT id, a AS c FROM t", "v = SELECT a AS id, a FROM t", "v ^= SELECT id, a FROM t"] {
        assert_refused(db, model(&[T, after]), "v", &["function theirs()"]).await;
    }
});

scenario!(postgres: v2_views_over_a_replaced_view_of_ours_stay_where_they_are, |db| {
    let [w, x] = ["w = SELECT a FROM v", "x ^= SELECT a FROM w"];
    db.sync(model(&[T, V, w, x])).await;
    db.exec(ROWS).await;
    db.exec("CREATE UNIQUE INDEX by_hand ON x (a); REFRESH MATERIALIZED VIEW x").await;
    let before = [number(db, "v").await, number(db, "w").await, number(db, "x").await, number(db, "by_hand").await];
    db.sync(model(&[T, "v = SELECT id, a, upper(b) AS b FROM t", w, x])).await;
    assert_eq!([number(db, "v").await, number(db, "w").await, number(db, "x").await, number(db, "by_hand").await], before);
    assert_eq!(db.rows("SELECT a FROM x").await, [["'a1'"]]);
});

scenario!(postgres: v2_a_view_turns_away_from_a_column_that_goes_and_is_replaced, |db| {
    db.sync(model(&[T, "v = SELECT id, b FROM t"])).await;
    db.exec("CREATE FUNCTION theirs() RETURNS SETOF v LANGUAGE sql AS 'SELECT * FROM v'").await;
    let before = number(db, "v").await;
    db.sync(model(&["t id a", "v = SELECT id, a AS b FROM t"])).await;
    assert_eq!(number(db, "v").await, before);
});

scenario!(p3_a_saved_plan_that_changes_a_view_is_the_plan_that_was_made, |db| {
    db.sync(model(&[T, V])).await;
    db.exec(ROWS).await;
    let after = model(&[T, "v = SELECT id, a FROM t WHERE b = 'b1'"]);
    let plan = db.plan(after.clone()).await;
    let read = schemasync::Plan::from_json(&plan.to_json().unwrap()).unwrap();
    assert_eq!(read, plan);
    let report = db.syncing(&after).apply(&read).await.unwrap();
    assert!(!report.has_errors(), "{report}");
    assert_eq!(db.rows("SELECT id, a FROM v").await, [["1", "'a1'"]]);
});

scenario!(postgres: v2_a_chain_of_views_is_replaced_together_with_a_renamed_column, |db| {
    db.sync(model(&[T, V, "w = SELECT a FROM v"])).await;
    db.exec(ROWS).await;
    let before = [number(db, "v").await, number(db, "w").await];
    let after = ["t id c<a b", "v = SELECT id, c AS a, b FROM t", "w = SELECT a, b FROM v"];
    db.sync(model(&after)).await;
    assert_eq!([number(db, "v").await, number(db, "w").await], before);
    assert_eq!(db.rows("SELECT a, b FROM w").await, [["'a1'", "'b1'"]]);
    db.assert_like_new(model(&after)).await;
});

scenario!(postgres: v2_a_view_is_replaced_to_read_a_table_that_comes_in_the_same_run, |db| {
    db.sync(model(&[T, V])).await;
    db.exec("CREATE FUNCTION theirs() RETURNS SETOF v LANGUAGE sql AS 'SELECT * FROM v'").await;
    let before = number(db, "v").await;
    db.sync(model(&["n id a", "v = SELECT id, a FROM n"])).await;
    assert_eq!(number(db, "v").await, before);
    assert_eq!(db.tables().await, ["n"]);
});
