//! Functions and operators that somebody overloads in `public` are never called (rule S7).

use super::model;
use schemasync::{RunStatus, Schema, SchemaSync};
use schemasync_tests::{Postgres, Recorder, TestDatabase, scenario};
use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::collections::BTreeSet;

/// Types that columns are changed between.
const TYPES: [&str; 15] = [
    "\"bool\"",
    "\"int16\"",
    "\"int64\"",
    "\"float32\"",
    "\"float64\"",
    "\"decimal\"",
    "{\"decimal\": [10, 2]}",
    "\"text\"",
    "{\"varchar\": 20}",
    "\"uuid\"",
    "\"date\"",
    "\"date_time\"",
    "\"timestamp\"",
    "\"json\"",
    "{\"array\": \"int64\"}",
];

/// Two models: whatever a run does, it does between them.
fn before(every: usize) -> Schema {
    let pairs = pairs().into_iter().step_by(every).map(|(name, from, _)| pair(&name, from));
    model(&std::iter::once(BEFORE.to_owned()).chain(pairs).collect::<Vec<_>>().join(","))
}

fn after(every: usize) -> Schema {
    let pairs = pairs().into_iter().step_by(every).map(|(name, _, to)| pair(&name, to));
    let (tables, views) = AFTER.split_once("VIEWS").expect("views");
    let tables = [tables.to_owned()].into_iter().chain(pairs).collect::<Vec<_>>().join(",");
    model(&format!("{tables} VIEWS {views}"))
}

fn pairs() -> Vec<(String, &'static str, &'static str)> {
    let mut pairs = Vec::new();
    for (a, from) in TYPES.iter().enumerate() {
        for (b, to) in TYPES.iter().enumerate().filter(|(b, _)| *b != a) {
            pairs.push((format!("pair_{a}_{b}"), *from, *to));
        }
    }
    pairs
}

fn pair(name: &str, ty: &str) -> String {
    format!(
        r#"{{"name": "{name}", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "v", "type": {ty}, "nullable": true}}], "primary_key": "id"}}"#
    )
}

const BEFORE: &str = r#"
{"name": "people", "columns": [{"name": "id", "type": "int32", "default": {"increment": 1}}, {"name": "mail", "type": "text", "collate": "nocase"},
    {"name": "nick", "type": {"varchar": 30}, "nullable": true}, {"name": "words", "type": "text", "nullable": true},
    {"name": "mood", "type": {"enum": {"name": "mood", "variants": ["sad", "ok", "odd"], "postgres": {"type": "mood"}}}, "nullable": true},
    {"name": "moods", "type": "text", "nullable": true}], "primary_key": "id"},
{"name": "orders", "columns": [{"name": "id", "type": "int64"}, {"name": "mail", "type": "text", "collate": "nocase", "nullable": true}, {"name": "nick", "type": "text", "nullable": true},
    {"name": "person", "type": "int64", "nullable": true}, {"name": "number", "type": "int64", "nullable": true}], "primary_key": "id"}"#;

const AFTER: &str = r#"
{"name": "humans", "renamed": "people", "columns": [{"name": "id", "type": "int32", "default": {"increment": 1}}, {"name": "mail", "type": "text", "collate": "nocase"},
    {"name": "nick", "type": {"varchar": 30}, "nullable": true}, {"name": "words", "type": "text", "nullable": true, "default": {"text": "x"}},
    {"name": "mood", "type": {"enum": {"name": "mood", "variants": ["sad", "ok", "new"], "postgres": {"type": "mood"}}}, "nullable": true},
    {"name": "moods", "type": {"array": {"enum": {"name": "mood", "variants": ["sad", "ok", "new"], "postgres": {"type": "mood"}}}}, "nullable": true},
    {"name": "at", "type": "timestamp", "default": "now"}, {"name": "millis", "type": "int64", "default": "now"}, {"name": "day", "type": "date", "default": "now"},
    {"name": "code", "type": "uuid", "default": "uuid"}, {"name": "required", "type": "text"}],
  "primary_key": "id", "indexes": [{"name": "mail", "kind": "unique", "parts": ["mail"]}, {"name": "nick", "kind": "unique", "parts": ["nick"]},
    {"name": "words", "kind": "fulltext", "parts": [{"column": "words", "weight": 3}, {"column": "nick"}]}], "comment": "People."},
{"name": "orders", "columns": [{"name": "id", "type": "int64"}, {"name": "mail", "type": "text", "collate": "nocase", "nullable": true}, {"name": "nick", "type": "text", "nullable": true},
    {"name": "person", "type": "int64", "nullable": true}, {"name": "number", "type": "int64", "default": {"increment": 1}}], "primary_key": "id",
  "foreign_keys": [{"columns": ["mail"], "target": "humans", "target_columns": ["mail"]}, {"columns": ["nick"], "target": "humans", "target_columns": ["nick"]}, {"columns": ["person"], "target": "humans", "target_columns": ["id"]}]}
VIEWS {"name": "names", "sql": "SELECT id, mail FROM humans"}, {"name": "solid", "sql": "SELECT id FROM humans", "materialized": true}"#;

const ROWS: &str = "INSERT INTO people (mail, nick, mood, moods) VALUES ('a', 'x', 'sad', '{sad,ok}'), ('b', 'y', 'ok', NULL); INSERT INTO orders VALUES (1, 'A', 'x', 1, 1), (2, 'b', NULL, NULL, 2)";

/// Everything that a run, and a look, can do; `every` so many pairs of types.
async fn everything(pool: &PgPool, every: usize) {
    let (before, after) = (before(every), after(every));
    let on = |schema: &Schema| SchemaSync::new(pool).schema(schema.clone());
    on(&before).plan().await.unwrap();
    let report = on(&before).run_report().await.unwrap();
    assert!(!report.has_errors(), "{report}");
    let rows = ROWS.to_owned()
        + &pairs()
            .iter()
            .step_by(every)
            .map(|(name, ..)| format!("; INSERT INTO {name} VALUES (1, NULL)"))
            .collect::<String>();
    sqlx::raw_sql(sqlx::AssertSqlSafe(rows)).execute(pool).await.unwrap();
    assert_eq!(on(&before).run_report().await.unwrap().status, RunStatus::UpToDate);
    on(&after).plan().await.unwrap();
    on(&after).status().await.unwrap();
    let report = on(&after).online(true).run_report().await.unwrap();
    assert!(report.statements.len() > 20, "{report}");
    // Some pairs of types do not convert; the columns that wait for their values are looked at again.
    let runs = [
        on(&after),
        on(&after).force(true).allow_lossy(true),
        on(&before).allow_revert(true),
        on(&after).allow_revert(true),
        on(&after).namespace("other"),
    ];
    on(&before).plan().await.unwrap();
    for run in runs {
        let report = run.run_report().await.unwrap();
        assert!(!report.entries.is_empty(), "it has not looked: {report}");
    }
    on(&after).drift().await.unwrap();
    on(&after).history(10).await.unwrap();
    on(&after).refresh("solid").await.unwrap();
    SchemaSync::new(pool).dump_sql().await.unwrap();
    Schema::from_database(pool).await.unwrap();
}

/// The words of statements that may be functions, the operators, and the types of casts.
fn used(statements: &[String]) -> [BTreeSet<String>; 3] {
    let mut used: [BTreeSet<String>; 3] = Default::default();
    for statement in statements {
        let mut word = String::new();
        let mut operator = String::new();
        let mut after_cast = false;
        for c in statement.chars().chain([' ']) {
            if c.is_ascii_alphanumeric() || c == '_' {
                word.push(c);
            } else if !word.is_empty() {
                let word = std::mem::take(&mut word).to_lowercase();
                if after_cast {
                    used[2].insert(word.clone());
                }
                // A keyword stands for an operator or a function as well.
                for keyword in [
                    ("like", "~~"),
                    ("between", ">="),
                    ("between", "<="),
                    ("in", "="),
                    ("in", "<>"),
                    ("any", "="),
                    ("nullif", "="),
                ] {
                    if word == keyword.0 {
                        used[1].insert(keyword.1.to_owned());
                    }
                }
                if !word.starts_with(|c: char| c.is_ascii_digit()) {
                    used[0].insert(word);
                }
            }
            if "+-*/<>=~!@#%^&|`?".contains(c) {
                operator.push(c);
            } else if !operator.is_empty() {
                used[1].insert(std::mem::take(&mut operator));
            }
            if c == ':' || !c.is_ascii_alphanumeric() && c != '_' && c != '"' {
                after_cast = c == ':';
            }
        }
    }
    used
}

fn list(names: &BTreeSet<String>) -> String {
    names.iter().map(|name| format!("'{}'", name.replace('\'', "''"))).collect::<Vec<_>>().join(", ")
}

/// What somebody who may do no more than create in `public` can: for each function and operator, overloads for whatever types there are.
/// Each of them counts in a sequence, which no rollback takes back.
fn overloads([functions, operators, types]: &[BTreeSet<String>; 3]) -> String {
    format!(
        r#"
CREATE SEQUENCE public.called; GRANT ALL ON SEQUENCE public.called TO PUBLIC;
DO $do$
DECLARE
  t text; u text; f record; o text; arguments text; made integer := 0;
  types text[] := ARRAY(SELECT DISTINCT pg_catalog.format_type(y.oid, NULL) FROM pg_catalog.pg_type y WHERE y.typtype IN ('b', 'e') AND y.typname NOT LIKE 'pg\_%'
    AND (y.oid IN (SELECT a.atttypid FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
      WHERE a.attnum > 0 AND c.relname IN ({functions})) OR y.typname IN ({types}) OR pg_catalog.format_type(y.oid, NULL) IN ({types})));
  body text := ' LANGUAGE plpgsql AS $f$ BEGIN PERFORM pg_catalog.nextval(''public.called''); RAISE WARNING ''CALLED %%''; RETURN NULL; END $f$';
BEGIN
  FOR f IN SELECT DISTINCT p.proname, p.pronargs AS n, p.provariadic <> 0 AS variadic FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = 'pg_catalog' AND p.prokind IN ('f', 'a', 'w') AND p.proname IN ({functions}) AND p.pronargs <= 3 AND NOT EXISTS (SELECT FROM pg_catalog.pg_type y WHERE y.typname = p.proname) LOOP
    FOREACH t IN ARRAY types LOOP
      FOREACH arguments IN ARRAY CASE WHEN f.variadic THEN ARRAY['VARIADIC ' || t || '[]', 'text, VARIADIC ' || t || '[]', t, 'text, ' || t] ELSE ARRAY[]::text[] END || CASE f.n WHEN 0 THEN ARRAY['']
        WHEN 1 THEN ARRAY[t] WHEN 2 THEN ARRAY[t || ', ' || t, t || ', text', 'text, ' || t, t || ', integer', t || ', boolean']
        ELSE ARRAY[t || ', text, text', 'text, ' || t || ', ' || t, t || ', integer, integer', t || ', bigint, boolean', t || ', integer, boolean', 'text, ' || t || ', integer'] END LOOP
        BEGIN
          EXECUTE pg_catalog.format('CREATE FUNCTION public.%I(%s) RETURNS text', f.proname, arguments) || pg_catalog.replace(body, '%%', f.proname || '(' || arguments || ')');
          made := made + 1;
        EXCEPTION WHEN others THEN NULL; END;
      END LOOP;
    END LOOP;
  END LOOP;
  FOREACH t IN ARRAY types LOOP FOREACH u IN ARRAY types LOOP
    EXECUTE pg_catalog.format('CREATE FUNCTION public.called_by(%s, %s) RETURNS boolean', t, u) || pg_catalog.replace(body, '%%', 'operator ' || t || ', ' || u);
    FOR o IN SELECT DISTINCT p.oprname FROM pg_catalog.pg_operator p JOIN pg_catalog.pg_namespace n ON n.oid = p.oprnamespace WHERE n.nspname = 'pg_catalog' AND p.oprname IN ({operators}) LOOP
      BEGIN
        EXECUTE pg_catalog.format('CREATE OPERATOR public.%s (FUNCTION = public.called_by, LEFTARG = %s, RIGHTARG = %s)', o, t, u);
        made := made + 1;
      EXCEPTION WHEN others THEN NULL; END;
    END LOOP;
  END LOOP; END LOOP;
  RAISE NOTICE 'made %', made;
END $do$"#,
        functions = list(functions),
        operators = list(operators),
        types = list(types),
    )
}

async fn pool(options: PgConnectOptions) -> PgPool {
    PgPoolOptions::new().max_connections(4).connect_with(options).await.expect("connecting")
}

/// The rows of a query that calls the server's own functions alone.
async fn safely(db: &Postgres, sql: &str) -> Vec<String> {
    db.texts(&format!("SET LOCAL search_path = pg_catalog; {sql}")).await
}

async fn prepare(db: &Postgres) {
    db.exec("CREATE EXTENSION citext; GRANT CREATE ON SCHEMA public TO PUBLIC").await;
}

scenario!(postgres: s7_no_overload_of_what_our_statements_use_is_ever_called, |db| {
    // What our statements use, as the driver has seen them go.
    prepare(db).await;
    let recorder = Recorder::default();
    {
        let _guard = tracing::subscriber::set_default(recorder.clone());
        let seen = pool(db.recorded()).await;
        everything(&seen, 1).await;
        seen.close().await;
    }
    let statements = recorder.events("sqlx::query");
    let used = used(&statements);
    for name in ["format", "json_build_object", "to_json", "count", "pg_get_viewdef", "unnest", "array_remove", "abs"] {
        assert!(used[0].contains(name), "{name} was not seen in {} statements", statements.len());
    }
    for (path, every) in [("\"$user\", public", 4), ("public, pg_catalog", 23)] {
        let other = Postgres::create().await;
        prepare(&other).await;
        let role = format!("{}_mallory", other.name);
        other.exec(&format!("CREATE ROLE {role}")).await;
        let mut mallory = other.connect().await;
        let sql = format!("SET ROLE {role}; {}", overloads(&used));
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut mallory).await.unwrap();
        let counted = safely(&other, "SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace UNION ALL SELECT count(*) FROM pg_operator WHERE oprnamespace = 'public'::regnamespace").await;
        assert!(counted.iter().all(|made| made.parse::<usize>().unwrap() > 3000), "{counted:?} functions and operators");
        // They do catch whoever calls without a schema.
        for call in ["SELECT format('%s', relname) FROM pg_class LIMIT 1", "SELECT 1 FROM pg_class WHERE oid = 'pg_class'::regclass"] {
            sqlx::raw_sql(sqlx::AssertSqlSafe(call)).execute(&other.pool).await.unwrap();
            assert_eq!(safely(&other, "SELECT is_called::text FROM public.called").await, ["true"], "{call}");
            safely(&other, "SELECT setval('public.called', 1, false)").await;
        }
        let recorder = Recorder::default();
        {
            let _guard = tracing::subscriber::set_default(recorder.clone());
            let seen = pool(other.recorded().options([("search_path", path)])).await;
            everything(&seen, every).await;
            seen.close().await;
        }
        let called = safely(&other, "SELECT is_called::text FROM public.called").await;
        let notices: BTreeSet<String> = recorder.events("sqlx::postgres::notice").into_iter().filter(|text| text.contains("CALLED")).collect();
        assert_eq!(called, ["false"], "{path}: {notices:#?}");
        drop(mallory);
        other.exec(&format!("DROP OWNED BY {role} CASCADE; DROP ROLE {role}")).await;
        other.remove().await;
    }
});
