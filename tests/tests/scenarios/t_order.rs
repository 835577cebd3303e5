//! Names that change hands, rings of keys and views between them, in one run (rules T1, T2, T4, V1, V5, F3).

use super::written::model;
use schemasync::Schema;
use schemasync_tests::{Feature, TestDatabase, assert_says, errors, found, scenario};

/// From the one to the other and its rows, as on an empty database.
async fn becomes<D: TestDatabase>(db: &D, before: &[&str], rows: &str, after: &[&str]) {
    db.sync(model(before)).await;
    if !rows.is_empty() {
        db.exec(rows).await;
    }
    db.sync(model(after)).await;
    db.assert_like_new(model(after)).await;
}

scenario!(t4_a_renamed_table_takes_the_name_of_a_view_over_it, |db| {
    becomes(db, &["t id a", "v = SELECT a FROM t"], "INSERT INTO t VALUES (1, 'x')", &["v<t id a"]).await;
    assert_eq!(db.rows("SELECT a FROM v").await, [["'x'"]]);
    assert!(db.views().await.is_empty());
});

scenario!(t4_a_renamed_table_takes_the_name_of_a_view_over_another_table, |db| {
    becomes(db, &["r id a", "s id b", "w = SELECT b FROM s"], "INSERT INTO r VALUES (1, 'x')", &["w<r id a", "s id b"])
        .await;
    assert_eq!(db.rows("SELECT a FROM w").await, [["'x'"]]);
});

scenario!(t4_a_renamed_table_takes_the_name_of_a_view_that_reads_nothing, |db| {
    becomes(db, &["r id a", "w = SELECT 1 AS one"], "INSERT INTO r VALUES (1, 'x')", &["w<r id a"]).await;
    assert_eq!(db.rows("SELECT a FROM w").await, [["'x'"]]);
});

scenario!(t4_a_renamed_table_takes_the_name_of_a_view_that_is_renamed, |db| {
    let before = ["t id a", "u id a", "v = SELECT a FROM t"];
    becomes(db, &before, "INSERT INTO u VALUES (1, 'x')", &["t id a", "v<u id a", "n<v = SELECT a FROM t"]).await;
    assert_eq!(db.rows("SELECT a FROM v").await, [["'x'"]]);
    assert_eq!(db.views().await, ["n"]);
});

scenario!(t4_a_renamed_table_takes_the_name_of_a_view_over_both, |db| {
    let before = ["t id a", "u id a", "v = SELECT t.a FROM t JOIN u ON t.id = u.id"];
    becomes(db, &before, "INSERT INTO u VALUES (1, 'x')", &["t id a", "v<u id a"]).await;
    assert_eq!(db.rows("SELECT a FROM v").await, [["'x'"]]);
});

scenario!(t4_a_renamed_table_takes_the_name_of_a_view_under_views_that_go_too, |db| {
    let before = ["t id a", "v = SELECT a FROM t", "w = SELECT a FROM v", "x = SELECT a FROM w"];
    becomes(db, &before, "INSERT INTO t VALUES (1, 'x')", &["v<t id a", "z = SELECT a FROM v"]).await;
    assert_eq!(db.rows("SELECT a FROM z").await, [["'x'"]]);
});

scenario!(t4_a_renamed_table_takes_the_name_of_a_view_that_another_view_goes_on_reading, |db| {
    let before = ["t id a", "v = SELECT id, a FROM t", "w = SELECT a FROM v"];
    becomes(db, &before, "INSERT INTO t VALUES (1, 'x')", &["v<t id a", "w = SELECT a FROM v"]).await;
    assert_eq!(db.rows("SELECT a FROM w").await, [["'x'"]]);
});

scenario!(t4_a_table_becomes_a_view_under_a_view_of_ours_that_stays, |db| {
    let [w, x] = ["w = SELECT a FROM t", "x = SELECT a FROM w"];
    becomes(
        db,
        &["t id a", "u id a", w, x],
        "INSERT INTO u VALUES (1, 'x')",
        &["u id a", "t = SELECT id, a FROM u", w, x],
    )
    .await;
    assert_eq!(db.rows("SELECT a FROM x").await, [["'x'"]]);
});

scenario!(t4_a_table_becomes_a_view_under_a_materialized_view_with_an_index, |db| {
    let w = "w ^= SELECT a FROM t";
    becomes(db, &["t id a", "u id a", w], "INSERT INTO u VALUES (1, 'x')", &["u id a", "t = SELECT id, a FROM u", w])
        .await;
    assert_eq!(db.rows("SELECT a FROM w").await, [["'x'"]]);
});

scenario!(postgres: t4_what_hangs_on_a_materialized_view_survives_a_table_that_becomes_a_view, |db| {
    let w = "w ^= SELECT a FROM t";
    db.sync(model(&["t id a", "u id a", w])).await;
    db.exec("CREATE UNIQUE INDEX by_hand ON w (a); GRANT SELECT ON w TO public; COMMENT ON MATERIALIZED VIEW w IS 'kept'").await;
    db.sync(model(&["u id a", "t = SELECT id, a FROM u", w])).await;
    assert_eq!(db.rows("SELECT has_table_privilege('public', 'w', 'select'), obj_description('w'::regclass), 'by_hand'::regclass::text").await, [["1", "'kept'", "'by_hand'"]]);
});

scenario!(t4_a_table_becomes_a_view_of_a_table_that_is_renamed, |db| {
    becomes(
        db,
        &["t id a", "u id a", "w = SELECT a FROM t"],
        "INSERT INTO u VALUES (1, 'x')",
        &["n<u id a", "t = SELECT id, a FROM n", "w = SELECT a FROM t"],
    )
    .await;
    assert_eq!(db.rows("SELECT a FROM w").await, [["'x'"]]);
});

/// `t(id, m mood)`, whose labels are these, and more.
fn with_mood(labels: &str, more: &str, views: &str) -> Schema {
    let json = format!(
        r#"{{"schemasync": 1, "tables": [{{"name": "t", "primary_key": "id", "columns": [{{"name": "id", "type": "int64"}},
          {{"name": "m", "nullable": true, "type": {{"enum": {{"name": "mood", "variants": [{labels}], "postgres": {{"type": "mood"}}}}}}}}]}}{more}], "views": [{views}]}}"#
    );
    Schema::from_json(&json).unwrap_or_else(|error| panic!("{error}\n{json}"))
}

const V_OF_MOOD: &str = r#"{"name": "v", "sql": "SELECT id, m FROM t"}"#;
const V_TABLE: &str = r#", {"name": "v", "primary_key": "id", "columns": [{"name": "id", "type": "int64"}]}"#;

scenario!(postgres: t4_a_label_goes_and_a_view_over_its_type_becomes_a_table, |db| {
    db.sync(with_mood(r#""ok", "sad""#, "", V_OF_MOOD)).await;
    db.exec("INSERT INTO t VALUES (1, 'ok')").await;
    db.sync(with_mood(r#""ok""#, V_TABLE, "")).await;
    assert_eq!(db.rows("SELECT m::text FROM t").await, [["'ok'"]]);
    assert_eq!((db.tables().await, db.views().await), (vec!["t".to_owned(), "v".to_owned()], vec![]));
    db.assert_like_new(with_mood(r#""ok""#, V_TABLE, "")).await;
});

scenario!(postgres: t4_a_label_goes_and_a_renamed_table_takes_the_name_of_a_view_over_its_type, |db| {
    let u = |name: &str| {
        format!(r#", {{{name}, "primary_key": "id", "columns": [{{"name": "id", "type": "int64"}}]}}"#)
    };
    db.sync(with_mood(r#""ok", "sad""#, &u(r#""name": "u""#), V_OF_MOOD)).await;
    db.exec("INSERT INTO t VALUES (1, 'ok'); INSERT INTO u VALUES (7)").await;
    db.sync(with_mood(r#""ok""#, &u(r#""name": "v", "renamed": "u""#), "")).await;
    assert_eq!(db.rows("SELECT id FROM v").await, [["7"]]);
    assert!(db.views().await.is_empty());
});

scenario!(postgres: t4_a_label_goes_and_a_view_over_its_type_becomes_a_table_under_a_view_that_stays, |db| {
    let w = r#"{"name": "w", "sql": "SELECT id FROM v"}"#;
    db.sync(with_mood(r#""ok", "sad""#, "", &format!("{V_OF_MOOD}, {w}"))).await;
    db.exec("INSERT INTO t VALUES (1, 'ok')").await;
    db.sync(with_mood(r#""ok""#, V_TABLE, w)).await;
    db.exec("INSERT INTO v VALUES (5)").await;
    assert_eq!(db.rows("SELECT id FROM w").await, [["5"]]);
    db.assert_like_new(with_mood(r#""ok""#, V_TABLE, w)).await;
});

scenario!(postgres: v3_a_label_goes_and_a_view_over_its_type_is_renamed, |db| {
    db.sync(with_mood(r#""ok", "sad""#, "", V_OF_MOOD)).await;
    db.exec("INSERT INTO t VALUES (1, 'ok')").await;
    db.sync(with_mood(r#""ok""#, "", r#"{"name": "n", "renamed": "v", "sql": "SELECT id, m FROM t"}"#)).await;
    assert_eq!(db.views().await, ["n"]);
    assert_eq!(db.rows("SELECT m::text FROM n").await, [["'ok'"]]);
});

scenario!(postgres: t4_a_label_goes_and_a_materialized_view_over_its_type_becomes_a_table_before_it_in_order, |db| {
    let a = r#"{"name": "a", "materialized": true, "sql": "SELECT id, m FROM t WHERE m = 'ok'"}, {"name": "b", "sql": "SELECT m FROM a"}"#;
    db.sync(with_mood(r#""ok", "sad""#, "", a)).await;
    db.exec("INSERT INTO t VALUES (1, 'ok')").await;
    let table = V_TABLE.replace("\"v\"", "\"a\"");
    db.sync(with_mood(r#""ok""#, &table, "")).await;
    assert_eq!((db.tables().await, db.views().await), (vec!["a".to_owned(), "t".to_owned()], vec![]));
    assert_eq!(db.rows("SELECT m::text FROM t").await, [["'ok'"]]);
});

scenario!(postgres: v3_a_label_goes_and_a_view_over_its_type_changes_or_goes, |db| {
    let both = format!(r#"{V_OF_MOOD}, {{"name": "w", "sql": "SELECT m FROM v"}}"#);
    db.sync(with_mood(r#""ok", "sad", "bad""#, "", &both)).await;
    db.exec("INSERT INTO t VALUES (1, 'ok')").await;
    let changed = r#"{"name": "v", "sql": "SELECT id, m, 1 AS one FROM t"}, {"name": "w", "sql": "SELECT m FROM v"}"#;
    db.sync(with_mood(r#""ok", "sad""#, "", changed)).await;
    assert_eq!(db.rows("SELECT m::text FROM w").await, [["'ok'"]]);
    db.sync(with_mood(r#""ok""#, "", V_OF_MOOD)).await;
    assert_eq!(db.views().await, ["v"]);
    assert_eq!(db.rows("SELECT m::text FROM v").await, [["'ok'"]]);
});

/// Tables `name0`, `name1`, … each with a key to the next one.
fn ring(names: &[String], old: Option<&[String]>, action: &str) -> Schema {
    let tables: Vec<String> = (0..names.len())
        .map(|at| {
            let old = old.map_or(String::new(), |old| format!("<{}", old[at]));
            format!("{}{old} id next:int64->{}!{action}", names[at], names[(at + 1) % names.len()])
        })
        .collect();
    model(&tables.iter().map(String::as_str).collect::<Vec<_>>())
}

async fn renames_a_ring<D: TestDatabase>(db: &D, size: usize) {
    let names = |prefix: &str| -> Vec<String> { (0..size).map(|at| format!("{prefix}{at:02}")).collect() };
    db.sync(ring(&names("a"), None, "no_action")).await;
    for at in 0..size {
        db.exec(&format!("INSERT INTO a{at:02} (id) VALUES (1)")).await;
    }
    for at in 0..size {
        db.exec(&format!("UPDATE a{at:02} SET next = 1")).await;
    }
    db.sync(ring(&names("b"), Some(&names("a")), "cascade")).await;
    assert_eq!(db.foreign_keys("b00").await, ["(next) -> b01(id) on delete cascade"]);
    assert_eq!(db.rows(&format!("SELECT id, next FROM b{:02}", size - 1)).await, [["1", "1"]]);
    db.assert_like_new(ring(&names("b"), None, "cascade")).await;
}

scenario!(f3_two_tables_that_reference_each_other_are_renamed_and_their_keys_change, |db| {
    renames_a_ring(db, 2).await;
});

scenario!(f3_a_ring_of_three_is_renamed_and_its_keys_change, |db| {
    renames_a_ring(db, 3).await;
});

scenario!(f3_a_ring_of_forty_is_renamed_and_its_keys_change, |db| {
    renames_a_ring(db, 40).await;
});

scenario!(f3_a_ring_is_renamed_under_views_and_its_keys_change, |db| {
    let before =
        ["a id n:int64->b", "b id n:int64->a", "v = SELECT a.id FROM a JOIN b ON a.n = b.id", "w = SELECT id FROM v"];
    let rows = "INSERT INTO a (id) VALUES (1); INSERT INTO b VALUES (2, 1); UPDATE a SET n = 2";
    let after = [
        "aa<a id n:int64->bb!cascade",
        "bb<b id m<n:int64->aa!cascade",
        "v = SELECT aa.id FROM aa JOIN bb ON aa.n = bb.id",
        "w = SELECT id FROM v",
    ];
    becomes(db, &before, rows, &after).await;
    assert_eq!(db.rows("SELECT id FROM w").await, [["1"]]);
});

scenario!(postgres: c5_four_columns_of_a_table_change_their_types_in_one_statement, |db| {
    db.sync(model(&["t id a:int32 b:int32 c:int32 d:int32"])).await;
    db.exec("INSERT INTO t SELECT i, i, i, i, i FROM generate_series(1, 100) i").await;
    let plan = db.plan(model(&["t id a:int64 b:int64 c:int64 d:int64"])).await;
    let altering = plan.statements().filter(|statement| format!("{statement:?}").contains("TYPE ")).count();
    assert_eq!(altering, 1, "{}", plan.to_sql());
    assert_says(plan.to_string(), &["1 table rewritten"]);
    let before = db.value("SELECT pg_relation_filenode('t')").await;
    db.sync(model(&["t id a:int64 b:int64 c:int64 d:int64"])).await;
    assert_ne!(db.value("SELECT pg_relation_filenode('t')").await, before);
    assert_eq!(db.rows("SELECT a, b, c, d FROM t WHERE id = 7").await, [["7", "7", "7", "7"]]);
});

scenario!(postgres: c5_types_defaults_and_nulls_of_a_table_change_in_one_statement_a_lock, |db| {
    let with = |ty: &str, default: &str, nullable: bool| {
        let column = |name: &str| format!(r#"{{"name": "{name}", "type": "{ty}", "nullable": {nullable}{default}}}"#);
        let json = format!(
            r#"{{"schemasync": 1, "tables": [{{"name": "t", "primary_key": "id", "columns": [{{"name": "id", "type": "int64"}}, {}, {}]}}], "views": [{{"name": "v", "sql": "SELECT a, b FROM t"}}]}}"#,
            column("a"),
            column("b")
        );
        Schema::from_json(&json).unwrap_or_else(|error| panic!("{error}\n{json}"))
    };
    db.sync(with("int32", "", true)).await;
    db.exec("INSERT INTO t VALUES (1, 2, 3)").await;
    let after = with("int64", r#", "default": {"int": 5}"#, false);
    let plan = db.plan(after.clone()).await;
    let altering = plan.statements().filter(|statement| format!("{statement:?}").contains("TYPE ")).count();
    assert_eq!(altering, 1, "{}", plan.to_sql());
    db.sync(after.clone()).await;
    assert_eq!(db.rows("SELECT a, b FROM v").await, [["2", "3"]]);
    db.assert_like_new(after).await;
});

scenario!(postgres: f3_of_two_tables_in_a_circle_of_which_one_has_errors_the_plan_promises_no_key_to_it, |db| {
    let model = |bad: &str| {
        let json = format!(
            r#"{{"schemasync": 1, "tables": [
              {{"name": "a", "primary_key": "id", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "b_id", "type": "int64", "nullable": true}}], "foreign_keys": [{{"columns": "b_id", "target": "b", "target_columns": "id"}}]}},
              {{"name": "b", "primary_key": "id", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "a_id", "type": "int64", "nullable": true}}{bad}], "foreign_keys": [{{"columns": "a_id", "target": "a", "target_columns": "id"}}]}}]}}"#
        );
        Schema::from_json(&json).unwrap_or_else(|error| panic!("{error}\n{json}"))
    };
    let broken = model(r#", {"name": "g", "type": "int64", "nullable": true, "generated": {"sql": "nonsense(id)", "stored": true}}"#);
    let plan = db.plan(broken.clone()).await;
    let report = db.run(broken.clone()).await;
    assert!(!errors(&report, "b").is_empty(), "{report}");
    assert_eq!(plan.entries, report.entries, "the run says something else than the plan");
    assert!(found(&plan.entries, "a").foreign_keys_added.is_empty(), "{plan}");
    db.sync(model("")).await;
    db.assert_like_new(model("")).await;
});

scenario!(p4_an_expression_that_the_server_does_not_take_is_foretold, |db| {
    let with = |more: &str| {
        let json = format!(
            r#"{{"schemasync": 1, "tables": [{{"name": "t", "primary_key": "id", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "a", "type": "text"}}]{more}}}]}}"#
        );
        Schema::from_json(&json).unwrap_or_else(|error| panic!("{error}\n{json}"))
    };
    let column = |column: &str| {
        let json = format!(
            r#"{{"schemasync": 1, "tables": [{{"name": "t", "primary_key": "id", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "a", "type": "text"}}, {column}]}}]}}"#
        );
        Schema::from_json(&json).unwrap_or_else(|error| panic!("{error}\n{json}"))
    };
    let mut broken = vec![
        with(r#", "checks": [{"name": "c", "sql": "nonsense(a) > 0"}]"#),
        with(r#", "checks": [{"name": "c", "sql": "missing > 0"}]"#),
        with(r#", "indexes": [{"name": "n", "parts": [{"expression": "nonsense(a)"}]}]"#),
        with(r#", "indexes": [{"name": "n", "parts": ["a"], "where": "missing > 0"}]"#),
        column(r#"{"name": "g", "type": "int64", "nullable": true, "generated": {"sql": "nonsense(id)"}}"#),
    ];
    if db.supports(Feature::AlterColumn) {
        broken.push(with(r#", "checks": [{"name": "c", "sql": "a + 1 > 0"}]"#));
        broken.push(column(r#"{"name": "d", "type": "int64", "nullable": true, "default": {"sql": "nonsense(1)"}}"#));
    }
    // Of a table that is created, then of one that is there and has rows.
    for created in [true, false] {
        for model in &broken {
            let plan = db.syncing(model).allow_revert(true).plan().await.unwrap();
            let report = db.syncing(model).allow_revert(true).run_report().await.unwrap();
            assert!(!errors(&report, "t").is_empty(), "{plan}");
            assert!(plan.has_errors() && plan.statements().next().is_none(), "created {created}: {plan}");
        }
        assert_eq!(db.tables().await.contains(&"t".to_owned()), !created);
        if created {
            db.sync(with("")).await;
            db.exec("INSERT INTO t VALUES (1, 'x')").await;
        }
    }
    assert_eq!(db.rows("SELECT id, a FROM t").await, [["1", "'x'"]]);
});
