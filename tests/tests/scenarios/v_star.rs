//! V2: `*` in the query of a view means the columns that the model has.

use schemasync::{EntryStatus, Plan, Schema};
use schemasync_tests::random::quote;
use schemasync_tests::{Feature, TestDatabase, assert_says, errors, found, scenario};

/// A table `t` of these columns, `u (id, b)`, and views, by name and query.
fn model(columns: &str, views: &[(&str, &str)]) -> Schema {
    let columns: Vec<String> = columns
        .split(", ")
        .map(|column| match column.split_once('=') {
            Some((name, old)) => {
                format!(r#"{{"name": "{name}", "renamed": "{old}", "type": "int64", "nullable": true}}"#)
            }
            None => format!(r#"{{"name": "{column}", "type": "int64", "nullable": true}}"#),
        })
        .collect();
    let views: Vec<String> = views
        .iter()
        .map(|(name, sql)| format!(r#"{{"name": "{name}", "sql": {}}}"#, serde_json::to_string(sql).unwrap()))
        .collect();
    let text = format!(
        r#"{{"schemasync": 1, "tables": [{{"name": "t", "columns": [{}]}},
        {{"name": "u", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "b", "type": "int64"}}]}}], "views": [{}]}}"#,
        columns.join(", "),
        views.join(", ")
    );
    Schema::from_json(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The columns of a view, in their order.
async fn columns<D: TestDatabase>(db: &D, view: &str) -> Vec<String> {
    db.columns(view).await.into_iter().map(|column| column.trim_end_matches('?').to_owned()).collect()
}

/// What a plan does to the views.
fn changes(plan: &Plan) -> Vec<(&str, EntryStatus)> {
    plan.entries
        .iter()
        .filter(|entry| entry.object.kind == schemasync::EntryKind::View)
        .map(|entry| (entry.object.name.name.as_str(), entry.status))
        .collect()
}

const STAR: &[(&str, &str)] = &[("v", "SELECT * FROM t")];

scenario!(v2_a_star_follows_a_renamed_column, |db| {
    db.sync(model("id, a", STAR)).await;
    db.exec("INSERT INTO t VALUES (1, 10)").await;
    let after = model("id, b=a", STAR);
    let plan = db.plan(after.clone()).await;
    assert_eq!(changes(&plan), [("v", EntryStatus::Alter)], "{plan}");
    db.sync(after.clone()).await;
    assert_eq!(columns(db, "v").await, ["id", "b"]);
    assert_eq!(db.rows("SELECT id, b FROM v").await, [["1", "10"]]);
    db.assert_like_new(after).await;
});

scenario!(v2_a_star_gains_an_added_column, |db| {
    db.sync(model("id, a", STAR)).await;
    db.exec("INSERT INTO t VALUES (1, 10)").await;
    let after = model("id, a, c", STAR);
    let plan = db.plan(after.clone()).await;
    assert_eq!(changes(&plan), [("v", EntryStatus::Alter)], "{plan}");
    db.sync(after.clone()).await;
    assert_eq!(columns(db, "v").await, ["id", "a", "c"]);
    assert_eq!(db.rows("SELECT * FROM v").await, [["1", "10", "NULL"]]);
    db.assert_like_new(after).await;
});

scenario!(v2_a_star_loses_a_dropped_column, |db| {
    db.sync(model("id, a, c", STAR)).await;
    db.exec("INSERT INTO t VALUES (1, 10, 100)").await;
    let after = model("id, c", STAR);
    let plan = db.plan(after.clone()).await;
    assert_eq!(changes(&plan), [("v", EntryStatus::Alter)], "{plan}");
    db.sync(after.clone()).await;
    assert_eq!(columns(db, "v").await, ["id", "c"]);
    assert_eq!(db.rows("SELECT * FROM v").await, [["1", "100"]]);
    db.assert_like_new(after).await;
});

scenario!(v2_a_star_follows_through_chains_of_views, |db| {
    let chain: &[(&str, &str)] = &[
        ("a_top", "SELECT m.*, 1 AS one FROM m_middle m"),
        ("m_middle", "SELECT * FROM z_base"),
        ("z_base", "SELECT * FROM t WHERE id > 0"),
        ("other", "SELECT id FROM u"),
    ];
    db.sync(model("id, a", chain)).await;
    db.exec("INSERT INTO t VALUES (1, 10)").await;
    for after in ["id, a, c", "id, b=a, c", "b, id"] {
        let after = model(after, chain);
        let plan = db.plan(after.clone()).await;
        let expected =
            [("a_top", EntryStatus::Alter), ("m_middle", EntryStatus::Alter), ("z_base", EntryStatus::Alter)];
        let mut found = changes(&plan);
        found.retain(|(name, _)| *name != "other");
        assert_eq!(found, expected, "{plan}");
        db.sync(after.clone()).await;
        db.assert_like_new(after).await;
    }
    assert_eq!(columns(db, "a_top").await, ["b", "id", "one"]);
    assert_eq!(db.rows("SELECT b, id, one FROM a_top").await, [["10", "1", "1"]]);
});

scenario!(v2_a_star_is_expanded_wherever_it_stands, |db| {
    // Each with the columns that it has when `t` has (id, a), and what becomes of them with (id, a, c).
    let views: &[(&str, &str, &[&str])] = &[
        ("joined", "SELECT t.*, u.b AS other FROM t JOIN u ON u.id = t.id", &["id", "a", "c", "other"]),
        ("aliased", "select x . * from t as x left join u y on x.id = y.id", &["id", "a", "c"]),
        ("quoted", "SELECT \"x y\".* FROM t \"x y\"", &["id", "a", "c"]),
        ("both", "SELECT x.*, y.b FROM u y, t x", &["id", "a", "c", "b"]),
        (
            "sub",
            "SELECT * FROM (SELECT * FROM t) s WHERE s.id IN (SELECT id FROM (SELECT * FROM u) w)",
            &["id", "a", "c"],
        ),
        (
            "cte",
            "WITH x AS (SELECT * FROM t), y (p, q) AS (SELECT id, b FROM u) SELECT x.*, y.* FROM x CROSS JOIN y",
            &["id", "a", "c", "p", "q"],
        ),
        ("unions", "SELECT * FROM t UNION ALL SELECT * FROM t WHERE id IS NOT DISTINCT FROM 3", &["id", "a", "c"]),
        ("distinct_ones", "SELECT DISTINCT * FROM t -- all of them", &["id", "a", "c"]),
        ("counted", "SELECT count(*) AS n, 2 * 3 AS six, max(id) * 2 AS top FROM t", &["n", "six", "top"]),
        (
            "inside",
            "SELECT id, (SELECT count(*) FROM (SELECT * FROM u) z) AS n FROM t WHERE EXISTS (SELECT * FROM u WHERE u.id = t.id)",
            &["id", "n"],
        ),
        ("named", "SELECT s.* FROM (SELECT id, count(*) n, a AS \"A b\" FROM t GROUP BY id, a) s", &["id", "n", "A b"]),
        (
            "recursive",
            "WITH RECURSIVE r AS (SELECT id, 1 AS depth FROM t UNION ALL SELECT r.id, r.depth + 1 FROM r WHERE r.depth < 3) SELECT * FROM r",
            &["id", "depth"],
        ),
        ("commented", "SELECT /* not * this */ * /* but that */ FROM t WHERE '*' <> ', *'", &["id", "a", "c"]),
        ("paired", "SELECT p.* FROM t p JOIN u USING (id)", &["id", "a", "c"]),
        ("ordered", "SELECT * FROM t ORDER BY id LIMIT 5", &["id", "a", "c"]),
    ];
    let queries: Vec<(&str, &str)> = views.iter().map(|(name, sql, _)| (*name, *sql)).collect();
    db.sync(model("id, a", &queries)).await;
    db.exec("INSERT INTO t VALUES (1, 10), (2, 20); INSERT INTO u VALUES (1, 7)").await;
    let after = model("id, a, c", &queries);
    db.sync(after.clone()).await;
    for (name, sql, expected) in views {
        assert_eq!(columns(db, name).await, *expected, "{name}");
        // And the rows are those of the query itself.
        let (mut here, mut there) = (db.rows(&format!("SELECT * FROM {}", quote(name))).await, db.rows(sql).await);
        here.sort();
        there.sort();
        assert_eq!(here, there, "{name}");
    }
    db.assert_like_new(after).await;
});

scenario!(v2_a_star_has_no_column_that_the_model_has_not, |db| {
    db.sync(model("id, a", STAR)).await;
    db.exec("ALTER TABLE t ADD COLUMN theirs integer; INSERT INTO t VALUES (1, 10, 5)").await;
    assert!(db.plan(model("id, a", STAR)).await.is_empty());
    db.sync(model("id, a, c", STAR)).await;
    assert_eq!(columns(db, "v").await, ["id", "a", "c"]);
    // And it stands in nobody's way.
    db.exec("ALTER TABLE t DROP COLUMN theirs").await;
    db.sync(model("id, a, c", STAR)).await;
});

scenario!(v2_a_star_over_an_unmanaged_table_is_what_is_there, |db| {
    db.exec("CREATE TABLE theirs (x INTEGER, y INTEGER); CREATE VIEW looks AS SELECT y FROM theirs; INSERT INTO theirs VALUES (1, 2)").await;
    let views: &[(&str, &str)] = &[("v", "SELECT * FROM theirs"), ("w", "SELECT l.* FROM looks l")];
    db.sync(model("id", views)).await;
    assert_eq!(columns(db, "v").await, ["x", "y"]);
    assert_eq!(db.rows("SELECT * FROM w").await, [["2"]]);
});

scenario!(v2_a_star_that_nobody_can_expand_is_refused_with_advice, |db| {
    let views: &[(&str, &str, &str)] = &[
        ("unknown", "SELECT * FROM nowhere", "nothing is known of \"nowhere\""),
        ("merged", "SELECT * FROM t JOIN u USING (id)", "USING and NATURAL"),
        ("natural_one", "SELECT * FROM t NATURAL JOIN u", "USING and NATURAL"),
        ("unnamed", "SELECT * FROM (SELECT id, a + 1 FROM t) s", "has no name of its own"),
        ("not_there", "SELECT x.* FROM t", "nothing that is called \"x\""),
        ("itself", "SELECT * FROM itself", "reads itself"),
        ("values_ones", "SELECT * FROM (VALUES (1, 2)) s", "the columns of VALUES have no names"),
    ];
    for (name, sql, says) in views {
        let schema = model("id, a", &[(name, sql), ("fine", "SELECT * FROM t")]);
        let plan = db.plan(schema.clone()).await;
        let told = found(&plan.entries, name).errors.join("; ");
        assert_says(&told, &[says, "`*` in the query of", "name the columns"]);
        let report = db.run(schema).await;
        assert_eq!(errors(&report, name), told);
        assert_eq!(db.views().await, ["fine"], "{name}");
    }
});

scenario!(postgres: v2_stars_of_postgres, |db| {
    for (sql, says) in [
        ("SELECT * FROM generate_series(1, 3)", "is a function"),
        ("SELECT (t).* FROM t", "takes a value apart"),
        ("SELECT * FROM t, u", "two columns would be called \"id\""),
        ("SELECT * FROM pg_catalog.pg_class", "nothing is known of \"pg_class\""),
    ] {
        let report = db.run(model("id, a", &[("v", sql)])).await;
        assert_says(errors(&report, "v"), &[says, "name the columns"]);
    }
    let views: &[(&str, &str)] = &[
        ("v", "TABLE t"),
        ("w", "SELECT DISTINCT ON (id) * FROM public.t ORDER BY id"),
        ("x", "SELECT s.* FROM t, LATERAL (SELECT t.*, 1 AS one) s"),
        ("y", "SELECT T.* FROM T WHERE T.* IS NOT NULL"),
        ("z", "SELECT g.i, row_to_json(t.*) AS doc FROM t, generate_series(1, 3) AS g (i)"),
    ];
    db.sync(model("id, a", views)).await;
    let after = model("id, b=a, c", views);
    db.sync(after.clone()).await;
    for (view, expected) in [("v", &["id", "b", "c"][..]), ("w", &["id", "b", "c"]), ("x", &["id", "b", "c", "one"]), ("y", &["id", "b", "c"]), ("z", &["i", "doc"])] {
        assert_eq!(columns(db, view).await, expected, "{view}");
    }
    db.assert_like_new(after).await;
});

scenario!(sqlite: v2_stars_of_sqlite, |db| {
    let views: &[(&str, &str)] = &[
        ("v", "SELECT [X].* FROM main.T AS x"),
        ("w", "SELECT * FROM t, u"),
        ("x", "SELECT `t`.* FROM t INDEXED BY i WHERE a > 0"),
        ("y", "SELECT * FROM (t JOIN (SELECT b FROM u) AS w ON w.b = t.id)"),
    ];
    let with_index = |columns: &str| {
        let mut schema = model(columns, views);
        let index = schemasync::model::Index { name: "i".to_owned(), kind: schemasync::model::IndexKind::Plain, nulls_not_distinct: false, language: None, parts: vec![schemasync::model::IndexPart::column("a")], predicate: None, include: vec![], filters: vec![] };
        schema.tables[0].indexes.push(index);
        schema.views[2].sql = Some("SELECT `t`.* FROM t INDEXED BY schemasync__t__i WHERE a > 0".to_owned());
        schema
    };
    db.sync(with_index("id, a")).await;
    db.sync(with_index("id, a, c")).await;
    for (view, expected) in [("v", &["id", "a", "c"][..]), ("w", &["id", "a", "c", "id:1", "b"]), ("x", &["id", "a", "c"]), ("y", &["id", "a", "c", "b"])] {
        assert_eq!(columns(db, view).await, expected, "{view}");
    }
    db.assert_like_new(with_index("id, a, c")).await;
});

scenario!(sqlite: v2_an_adopted_view_with_a_star_stays_as_long_as_it_means_the_same, |db| {
    db.exec("CREATE TABLE t (id INTEGER, a INTEGER); CREATE VIEW v AS SELECT * FROM t").await;
    let report = db.run(model("id, a", STAR)).await;
    assert!(!report.has_errors(), "{report}");
    assert_says(db.sql_of("v").await, &["select * from"]);
    db.sync(model("id, a, c", STAR)).await;
    assert_eq!(columns(db, "v").await, ["id", "a", "c"]);
    db.assert_like_new(model("id, a, c", STAR)).await;
});

scenario!(v2_a_star_in_a_materialized_view, |db| {
    let stored = |columns: &str| {
        let mut schema = model(columns, STAR);
        schema.views[0].materialized = true;
        schema
    };
    db.sync(stored("id, a")).await;
    db.exec("INSERT INTO t VALUES (1, 10)").await;
    db.sync(stored("id, b=a, c")).await;
    assert_eq!(columns(db, "v").await, ["id", "b", "c"]);
    assert_eq!(db.rows("SELECT id, b FROM v").await, [["1", "10"]]);
    assert!(db.supports(Feature::TransactionalDdl));
    db.assert_like_new(stored("id, b, c")).await;
});
