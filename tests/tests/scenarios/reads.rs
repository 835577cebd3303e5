//! What an expression reads is known, and never taken from words that only look like it (C9, C4, C8, M4, V5).

use schemasync::{RunStatus, Schema, schema};
use schemasync_tests::{assert_says, errors, found, scenario};

/// A model from tables, and views behind `VIEWS`, of a schema document.
fn model(tables: &str) -> Schema {
    let (tables, views) = tables.split_once("VIEWS").unwrap_or((tables, ""));
    let json = format!("{{\"schemasync\": 1, \"tables\": [{tables}], \"views\": [{views}]}}");
    Schema::from_json(&json).unwrap_or_else(|error| panic!("{error}\n{json}"))
}

mod words {
    #[derive(schemasync::DbTable)]
    #[db(table = "words", check(name = "known", sql = "kind <> 'text' OR kind <> 'lower'"))]
    pub struct Words {
        #[db(id)]
        pub id: i64,
        pub text: Option<String>,
        pub lower: Option<String>,
        pub kind: String,
        #[db(postgres(type = "character varying(40)"))]
        pub name: String,
        #[db(generated(sql = "lower(CAST(name AS text))", stored))]
        pub low: Option<String>,
    }

    #[derive(schemasync::DbView)]
    #[db(view = "lowered", sql = "SELECT id, lower(CAST(name AS text)) AS low FROM words WHERE kind <> 'text'")]
    pub struct Lowered {
        pub id: i64,
        pub low: Option<String>,
    }
}

scenario!(c9_a_column_goes_whose_name_is_a_type_a_function_or_a_string_elsewhere, |db| {
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "words", check(name = "known", sql = "kind <> 'text' OR kind <> 'lower'"))]
        pub struct Words {
            #[db(id)]
            pub id: i64,
            pub kind: String,
            #[db(postgres(type = "character varying(40)"))]
            pub name: String,
            #[db(generated(sql = "lower(CAST(name AS text))", stored))]
            pub low: Option<String>,
        }
    }
    db.sync(schema![words::Words, words::Lowered]).await;
    db.exec("CREATE INDEX theirs ON words (lower(name)) WHERE kind = 'text'").await;
    db.exec("CREATE VIEW their_view AS SELECT lower(name) AS n FROM words WHERE kind <> 'lower'").await;
    db.exec("INSERT INTO words (id, text, lower, kind, name) VALUES (1, 'gone', 'gone', 'x', 'Ada')").await;
    let report = db.sync(schema![v2::Words, words::Lowered]).await;
    assert_eq!(found(&report.entries, "words").columns_dropped, ["text", "lower"]);
    assert_eq!(db.rows("SELECT id, kind, name, low FROM words").await, [["1", "'x'", "'Ada'", "'ada'"]]);
    assert_eq!(db.rows("SELECT low FROM lowered").await, [["'ada'"]]);
    assert_eq!(db.rows("SELECT n FROM their_view").await, [["'ada'"]]);
    assert!(db.indexes("words").await.iter().any(|index| index.starts_with("theirs")));
});

scenario!(c4_a_column_is_renamed_whose_name_is_a_type_and_a_function_in_its_own_expression, |db| {
    let table = |column: &str, renamed: &str, expression: &str| {
        model(&format!(
            r#"{{"name": "notes", "columns": [{{"name": "id", "type": "int64"}},
                {{"name": "{column}", "type": "text", "native": {{"postgres": {{"type": "character varying(40)"}}}}{renamed}}},
                {{"name": "up", "type": "text", "nullable": true, "generated": {{"sql": "{expression}", "stored": true}}}}], "primary_key": "id"}}"#
        ))
    };
    db.sync(table("text", "", "upper(CAST(text AS text))")).await;
    db.exec("INSERT INTO notes (id, text) VALUES (1, 'a')").await;
    let report = db.sync(table("body", r#", "renamed": ["text"]"#, "upper(CAST(body AS text))")).await;
    let entry = found(&report.entries, "notes");
    assert_eq!((entry.columns_renamed.len(), entry.columns_altered.len(), entry.recreated), (1, 0, false));
    assert_eq!(db.rows("SELECT id, body, up FROM notes").await, [["1", "'a'", "'A'"]]);
});

scenario!(postgres: c9_a_column_goes_whose_name_is_a_keyword_or_a_schema_in_an_expression, |db| {
    let table = |columns: &str| {
        model(&format!(
            r#"{{"name": "people", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "born", "type": "date"}},
                {{"name": "at", "type": "timestamp"}}{columns},
                {{"name": "age", "type": "float64", "nullable": true, "generated": {{"sql": "(extract(year FROM born))::double precision", "stored": true}}}}],
                "primary_key": "id", "checks": [{{"name": "late", "sql": "(at AT TIME ZONE 'UTC') > date '1900-01-01' AND app.fine(id)"}}]}}"#
        ))
    };
    let gone = ["year", "zone", "date", "precision", "app", "fine"];
    let more: Vec<String> =
        gone.iter().map(|name| format!(r#", {{"name": "{name}", "type": "int64", "nullable": true}}"#)).collect();
    db.exec("CREATE SCHEMA app; CREATE FUNCTION app.fine(bigint) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'").await;
    db.sync(table(&more.concat())).await;
    db.exec("CREATE INDEX theirs ON people (extract(year FROM born)) WHERE born > date '1900-01-01'").await;
    db.exec("INSERT INTO people (id, born, at) VALUES (1, '1815-12-10', '2020-01-01 00:00:00Z')").await;
    let report = db.sync(table("")).await;
    assert_eq!(found(&report.entries, "people").columns_dropped, gone);
    assert_eq!(db.value("SELECT age::text FROM people").await, "'1815'");
    assert!(db.indexes("people").await.iter().any(|index| index.starts_with("theirs")));
});

scenario!(c9_a_column_that_an_expression_reads_is_in_the_way_all_the_same, |db| {
    let table = |columns: &str| {
        model(&format!(
            r#"{{"name": "notes", "columns": [{{"name": "id", "type": "int64"}}{columns}], "primary_key": "id"}}"#
        ))
    };
    let column =
        r#", {"name": "lower", "type": "text", "nullable": true}, {"name": "end", "type": "text", "nullable": true}"#;
    db.sync(table(column)).await;
    db.exec(r#"CREATE INDEX theirs ON notes (lower("lower"))"#).await;
    db.exec(r#"CREATE INDEX others ON notes (id) WHERE CASE WHEN "end" = 'x' THEN 1 ELSE 2 END = 1"#).await;
    let report = db.run(table("")).await;
    let said = errors(&report, "notes");
    assert_says(
        &said,
        &["\"lower\" cannot be dropped: index \"theirs\"", "\"end\" cannot be dropped: index \"others\""],
    );
    assert_eq!(db.columns("notes").await, ["id", "lower?", "end?"]);
});

scenario!(postgres: a_label_goes_though_another_table_has_a_column_called_like_the_type, |db| {
    let tables = |labels: &str, other: &str| {
        model(&format!(
            r#"{{"name": "users", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "feels", "nullable": true,
                "type": {{"enum": {{"name": "mood", "variants": [{labels}], "postgres": {{"type": "mood"}}}}}}}}], "primary_key": "id"}},
               {{"name": "songs", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "mood", "type": "text"}},
                {{"name": "sad", "type": "text", "nullable": true, "generated": {{"sql": "upper(mood)", "stored": true}}}}{other}],
                "primary_key": "id", "checks": [{{"name": "said", "sql": "mood <> 'sad'"}}]}}"#
        ))
    };
    db.sync(tables(r#""sad", "ok""#, r#", {"name": "old", "type": "text", "nullable": true}"#)).await;
    db.exec("ALTER TABLE songs ADD COLUMN new text; INSERT INTO users VALUES (1, 'ok')").await;
    let report = db.run(tables(r#""ok""#, r#", {"name": "new", "type": "text", "nullable": true, "renamed": ["old"]}"#)).await;
    assert_says(errors(&report, "songs"), &["Column rename conflict"]);
    assert_eq!(found(&report.entries, "mood").labels_dropped, ["sad"]);
    assert_eq!(found(&report.entries, "mood").errors, Vec::<String>::new());
    assert_eq!(db.value("SELECT string_agg(enumlabel, ',') FROM pg_enum").await, "'ok'");
    assert_eq!(db.value("SELECT feels::text FROM users").await, "'ok'");
});

scenario!(postgres: c2_a_default_rewrites_the_table_only_where_rows_get_values_of_their_own, |db| {
    let table = |default: &str| {
        let column = if default.is_empty() {
            String::new()
        } else {
            format!(r#", {{"name": "made", "type": "text", "default": {{"sql": {default:?}}}}}"#)
        };
        model(&format!(
            r#"{{"name": "t", "columns": [{{"name": "id", "type": "int64"}}{column}], "primary_key": "id"}}"#
        ))
    };
    db.exec(
        "CREATE FUNCTION fixed() RETURNS text LANGUAGE sql STABLE AS 'SELECT ''x(y'''; CREATE FUNCTION loose() RETURNS text LANGUAGE plpgsql AS 'BEGIN RETURN ''x''; END'",
    )
    .await;
    for (default, rewrites) in [
        ("'a(b'", false),
        ("md5(now()::text)", false),
        ("fixed()", false),
        ("loose()", true),
        ("md5(random()::text || now()::text)", true),
        ("gen_random_uuid()::text", true),
    ] {
        db.sync(table("")).await;
        db.exec("INSERT INTO t (id) SELECT n FROM generate_series(1, 100) n").await;
        let plan = db.plan(table(default)).await;
        assert_eq!(plan.to_string().contains("rewrites the table"), rewrites, "{default}:\n{plan}");
        let before = db.value("SELECT pg_relation_filenode('t')::bigint").await;
        db.sync(table(default)).await;
        let after = db.value("SELECT pg_relation_filenode('t')::bigint").await;
        assert_eq!(before != after, rewrites, "{default}");
        db.exec("DROP TABLE t, __schemasync_state, __schemasync_history").await;
    }
});

scenario!(postgres: c11_a_collation_keeps_the_schema_that_it_is_in, |db| {
    let table = |ty: &str| {
        model(&format!(
            r#"{{"name": "t", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "name", "type": "text",
                "native": {{"postgres": {{"type": "{ty}", "collate": "app.folded"}}}}}}], "primary_key": "id",
                "indexes": [{{"kind": "plain", "name": "name", "parts": [{{"column": "name"}}]}}]}}"#
        ))
    };
    db.exec("CREATE SCHEMA app; CREATE COLLATION app.folded (provider = icu, locale = 'und-u-ks-level2', deterministic = false)").await;
    const COLLATION: &str = "SELECT attcollation::regcollation::text FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'name'";
    db.sync(table("character varying(10)")).await;
    assert_eq!(db.value(COLLATION).await, "'app.folded'");
    db.exec("INSERT INTO t VALUES (1, 'Ada')").await;
    // The change of the type says the collation again.
    db.sync(table("character varying(20)")).await;
    assert_eq!(db.value(COLLATION).await, "'app.folded'");
    assert_eq!(db.value("SELECT count(*) FROM t WHERE name = 'ADA'").await, "1");
});

scenario!(postgres: v5_columns_of_an_external_view_are_compared_as_the_server_compares_them, |db| {
    let view = |column: &str| {
        model(&format!(r#"VIEWS {{"name": "places", "columns": ["id", "{column}"]}}"#))
    };
    db.exec(r#"CREATE VIEW places AS SELECT 1 AS id, '06000' AS "Zip""#).await;
    let report = db.run(view("Zip")).await;
    assert_eq!(errors(&report, "places"), "");
    let report = db.run(view("zip")).await;
    assert_says(errors(&report, "places"), &["External view \"places\" is missing columns: zip"]);
});

scenario!(t3_a_table_goes_whose_name_a_view_has_for_a_column, |db| {
    let tables = |more: &str| {
        model(&format!(
            r#"{{"name": "visits", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "users", "type": "int64"}}], "primary_key": "id"}}{more}
            VIEWS {{"name": "busy", "sql": "SELECT id, users FROM visits WHERE users > 1", "columns": ["id", "users"]}}"#
        ))
    };
    let users = r#", {"name": "users", "columns": [{"name": "id", "type": "int64"}], "primary_key": "id"}"#;
    db.sync(tables(users)).await;
    db.exec("INSERT INTO visits VALUES (1, 5)").await;
    let report = db.sync(tables("")).await;
    assert_eq!(report.status, RunStatus::Synced);
    assert_eq!(db.tables().await, ["visits"]);
    assert_eq!(db.rows("SELECT id, users FROM busy").await, [["1", "5"]]);
});

scenario!(sqlite: v3_a_string_in_double_quotes_stays_one_when_another_table_has_a_column_of_that_name, |db| {
    let tables = |column: &str, renamed: &str| {
        model(&format!(
            r#"{{"name": "t", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "{column}", "type": "text"{renamed}}}], "primary_key": "id"}},
               {{"name": "u", "columns": [{{"name": "open", "type": "int64"}}], "primary_key": "open"}}
            VIEWS {{"name": "v", "sql": "SELECT id, \"open\" AS state FROM t", "columns": ["id", "state"]}}"#
        ))
    };
    db.sync(tables("name", "")).await;
    db.exec("INSERT INTO t VALUES (1, 'a')").await;
    db.sync(tables("title", r#", "renamed": ["name"]"#)).await;
    assert_eq!(db.rows("SELECT id, state FROM v").await, [["1", "'open'"]]);
    assert_eq!(db.value("SELECT instr(sql, '\"open\" AS state') > 0 FROM sqlite_schema WHERE name = 'v'").await, "1");
});

scenario!(sqlite: m4_triggers_are_in_the_way_of_what_they_read_and_of_nothing_else, |db| {
    let table = |columns: &str| {
        model(&format!(
            r#"{{"name": "t", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "name", "type": "text"}}{columns}], "primary_key": "id"}}"#
        ))
    };
    let column = |name: &str| format!(r#", {{"name": "{name}", "type": "text", "nullable": true}}"#);
    db.sync(table(&["lower", "text", "kept"].map(column).concat())).await;
    db.exec("CREATE TABLE log (what TEXT, kept TEXT)").await;
    db.exec("CREATE TRIGGER lower AFTER INSERT ON t BEGIN INSERT INTO log (what) VALUES (lower(CAST(new.name AS text))); END").await;
    db.exec("CREATE TRIGGER other AFTER INSERT ON log BEGIN UPDATE log SET kept = (SELECT kept FROM t); END").await;
    db.sync(table(&column("kept"))).await;
    db.exec("INSERT INTO t (id, name) VALUES (1, 'Ada')").await;
    assert_eq!(db.rows("SELECT what FROM log").await, [["'ada'"]]);
    assert_says(errors(&db.run(table("")).await, "t"), &["\"kept\" cannot be dropped: trigger \"other\" uses it"]);
});

scenario!(postgres: v2_an_index_of_a_view_stays_when_a_column_goes_whose_name_it_calls_as_a_function, |db| {
    let tables = |columns: &str| {
        let names = columns.replace(", ", "\", \"");
        model(&format!(
            r#"{{"name": "t", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "name", "type": "text"}}, {{"name": "lower", "type": "text"}}], "primary_key": "id"}}
            VIEWS {{"name": "v", "sql": "SELECT {columns} FROM t", "columns": ["{names}"], "materialized": true}}"#
        ))
    };
    db.sync(tables("id, name, lower")).await;
    db.exec("CREATE INDEX theirs ON v (lower(name)); CREATE INDEX gone ON v (lower); INSERT INTO t VALUES (1, 'Ada', 'x')").await;
    db.sync(tables("id, name")).await;
    assert_eq!(db.texts("SELECT indexname::text FROM pg_indexes WHERE tablename = 'v' ORDER BY 1").await, ["theirs"]);
    assert_eq!(db.rows("SELECT id, name FROM v").await, [["1", "'Ada'"]]);
});

scenario!(postgres: v2_a_view_that_is_as_it_was_stays_while_a_column_gets_the_name_of_a_type_in_it, |db| {
    let tables = |column: &str, renamed: &str| {
        model(&format!(
            r#"{{"name": "t", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "{column}", "type": "text"{renamed}}}], "primary_key": "id"}}
            VIEWS {{"name": "v", "sql": "SELECT id, (id + 1)::text AS next FROM t", "columns": ["id", "next"]}}"#
        ))
    };
    db.sync(tables("body", "")).await;
    let before = db.value("SELECT 'v'::regclass::oid::bigint").await;
    db.sync(tables("text", r#", "renamed": ["body"]"#)).await;
    assert_eq!(db.value("SELECT 'v'::regclass::oid::bigint").await, before);
});
