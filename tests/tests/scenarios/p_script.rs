//! P4: a script of a plan, run as it is by the database's own client, does what the run does and loses nothing that the run keeps.

use schemasync::model::DefaultValue;
use schemasync::{EntryStatus, Schema};
use schemasync_tests::random::{Choices, Filling, Model, edit, for_postgres, inserts, inserts_for_postgres, quote};
use schemasync_tests::{Postgres, Sqlite, TestDatabase, assert_says, scenario};

/// A model of these tables and views, in JSON.
fn model(tables: &str, views: &str) -> Schema {
    let text = format!("{{\"schemasync\": 1, \"tables\": [{tables}], \"views\": [{views}]}}");
    Schema::from_json(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// All rows of all tables and views.
async fn rows<D: TestDatabase>(db: &D) -> Vec<String> {
    let mut all = Vec::new();
    for name in db.tables().await.into_iter().chain(db.views().await) {
        let mut rows = db.rows(&format!("SELECT * FROM {}", quote(&name))).await;
        rows.sort();
        all.push(format!("{name}: {rows:?}"));
    }
    if db.try_exec("SELECT 1 FROM sqlite_sequence").await.is_ok() {
        all.push(format!("sequences: {:?}", db.rows("SELECT name, seq FROM sqlite_sequence ORDER BY name").await));
    }
    all
}

/// What differs between a database that is synced from `before` to `after` and one that the script of the same plan was run on. `Some`: the
/// run has errors, and a script stops where a run goes on without what failed.
async fn by_script<D: TestDatabase>(
    before: &Schema,
    data: &[String],
    after: &Schema,
    online: bool,
) -> Result<Option<String>, String> {
    let (run, script) = (D::create().await, D::create().await);
    let told = compare(&run, &script, before, data, after, online).await;
    run.remove().await;
    script.remove().await;
    told
}

async fn compare<D: TestDatabase>(
    run: &D,
    script: &D,
    before: &Schema,
    data: &[String],
    after: &Schema,
    online: bool,
) -> Result<Option<String>, String> {
    for db in [run, script] {
        drop(db.run(before.clone()).await);
        for sql in data {
            // Of random rows, what does not fit is left out: in both alike.
            let done = db.try_exec(sql).await;
            assert!(done.is_ok() || data.len() > 1, "{done:?}: {sql}");
        }
    }
    let plan = script.syncing(after).online(online).plan().await.map_err(|error| error.to_string())?;
    let report = run.syncing(after).online(online).run_report().await.map_err(|error| error.to_string())?;
    if plan.has_errors() || report.has_errors() {
        return Ok(Some(format!("{plan}\n{report}")));
    }
    let sql = plan.to_sql();
    let told = |what: &str| format!("{what}\nthe script:\n{sql}");
    let Some(done) = script.run_script(&sql).await else { return Ok(None) };
    done.map_err(|error| told(&error))?;
    let (is, want) = (script.dump().await, run.dump().await);
    if is != want {
        return Err(told(&format!("the schema\n{is}\nis not\n{want}")));
    }
    let (is, want) = (rows(script).await, rows(run).await);
    if is != want {
        return Err(told(&format!("the rows\n{is:#?}\nare not\n{want:#?}")));
    }
    let (is, want) = (script.damage().await, run.damage().await);
    if is != want {
        return Err(told(&format!("the damage {is:?} is not {want:?}")));
    }
    // The next sync has nothing to do, and remembers.
    let report = script.run(after.clone()).await;
    if report.has_errors() || !report.statements.is_empty() {
        return Err(told(&format!("the next sync has work: {report}\n{:#?}", report.statements)));
    }
    let plan = script.plan(after.clone()).await;
    if !plan.is_empty() || plan.entries.iter().any(|entry| entry.status != EntryStatus::InSync) {
        return Err(told(&format!("the plan after it is not empty: {plan}")));
    }
    Ok(None)
}

async fn same<D: TestDatabase>(before: &Schema, data: &str, after: &Schema) {
    assert_eq!(by_script::<D>(before, &[data.to_owned()], after, false).await, Ok(None));
}

/// Parents whose children go with them, and grandchildren.
fn family(code: &str, more: &str) -> String {
    format!(
        r#"{{"name": "parents", "sync_method": "recreate", "primary_key": "id", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "code", {code}}}{more}]}},
        {{"name": "children", "primary_key": "id", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "parent_id", "type": "int64"}}],
          "foreign_keys": [{{"columns": "parent_id", "target": "parents", "target_columns": "id", "on_delete": "cascade", "on_update": "cascade"}}]}},
        {{"name": "toys", "primary_key": "id", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "child_id", "type": "int64", "nullable": true}}],
          "foreign_keys": [{{"columns": "child_id", "target": "children", "target_columns": "id", "on_delete": "set_null"}}]}}"#
    )
}

const FAMILY: &str = "INSERT INTO parents (id, code) VALUES (1, '10'), (2, '20'); INSERT INTO children VALUES (1, 1), (2, 1), (3, 2); INSERT INTO toys VALUES (1, 1), (2, NULL)";

scenario!(p4_a_rebuild_with_cascading_children_loses_none, |_db| {
    let before =
        model(&family(r#""type": "text""#, ""), r#"{"name": "codes", "sql": "SELECT code FROM parents -- all"}"#);
    for (code, views) in [
        (r#""type": "int64""#, ""),
        (r#""type": "int64""#, r#"{"name": "codes", "sql": "SELECT code FROM parents -- all"}"#),
        (
            r#""type": "text", "nullable": true, "default": {"text": "no;ne"}"#,
            r#"{"name": "codes", "sql": "SELECT id FROM parents"}"#,
        ),
        (r#""type": "text", "nullable": true"#, ""),
    ] {
        same_as(&before, FAMILY, &model(&family(code, ""), views), _db).await;
    }
    let named = family(r#""type": "int64""#, r#", {"name": "extra", "type": "text", "nullable": true}"#);
    let named = named
        .replace("\"name\": \"parents\"", "\"name\": \"elders\", \"renamed\": \"parents\"")
        .replace("\"target\": \"parents\"", "\"target\": \"elders\"");
    let named = named.replace("\"name\": \"code\"", "\"name\": \"number\", \"renamed\": \"code\"");
    same_as(&before, FAMILY, &model(&named, r#"{"name": "codes", "sql": "SELECT number FROM elders"}"#), _db).await;
});

/// [`same`] on the kind of database that the scenario is on.
async fn same_as<D: TestDatabase>(before: &Schema, data: &str, after: &Schema, _db: &D) {
    same::<D>(before, data, after).await;
}

fn users(columns: &str, rest: &str) -> String {
    format!(
        r#"{{"name": "users", "sync_method": "recreate", "primary_key": "id", "columns": [{{"name": "id", "type": "int64", "default": {{"increment": 1}}}}{columns}]{rest}}}"#
    )
}

const NAME: &str = r#", {"name": "name", "type": "text"}, {"name": "age", "type": "int64", "nullable": true}, {"name": "fax", "type": "text", "nullable": true}"#;
const LOG: &str = r#"{"name": "log", "columns": [{"name": "line", "type": "text"}]}"#;

scenario!(p4_scripts_do_what_runs_do, |_db| {
    let before = users(NAME, r#", "indexes": [{"name": "name", "parts": ["name"]}]"#);
    let before = model(
        &format!("{before}, {LOG}"),
        r#"{"name": "old", "sql": "SELECT name, age FROM users"}, {"name": "older", "sql": "SELECT name FROM old"}"#,
    );
    // The highest number is given, and its row gone.
    let data = "INSERT INTO users (name, age, fax) VALUES ('ada', 36, NULL), ('it''s; --', NULL, '1'), ('x', 5, '2'); DELETE FROM users WHERE name = 'x'; INSERT INTO log VALUES ('a')";
    let name = r#", {"name": "name", "type": "text"}"#;
    let afters = [
        // Everything goes but the table.
        (users("", ""), ""),
        // A table, a column, an index and the views go; others come.
        (
            users(
                &format!(r#"{name}, {{"name": "city", "type": "text", "default": {{"text": "{{after}}; -- x\n"}}}}"#),
                r#", "indexes": [{"name": "some", "kind": "unique", "parts": ["name"], "where": "name <> ';'"}]"#,
            ),
            "",
        ),
        (
            users(
                r#", {"name": "name", "type": "text"}, {"name": "age", "type": "int64", "default": 7}, {"name": "fax", "type": "text", "nullable": true}"#,
                "",
            ),
            "",
        ),
        (
            users(NAME, r#", "checks": [{"name": "sane", "sql": "age IS NULL OR age < 200"}]"#),
            r#"{"name": "old", "sql": "SELECT age FROM users"}"#,
        ),
        (
            users(
                &format!(
                    r#"{NAME}, {{"name": "half", "type": "int64", "nullable": true, "generated": {{"sql": "age / 2", "stored": true}}}}"#
                ),
                "",
            ),
            r#"{"name": "old", "sql": "SELECT name, half AS age FROM users"}, {"name": "older", "sql": "SELECT name FROM old"}"#,
        ),
        // A column that is required and waits for its values.
        (users(r#", {"name": "name", "type": "text"}, {"name": "plan", "type": "text"}"#, ""), ""),
        // A view becomes a table.
        (format!(r#"{}, {{"name": "old", "columns": [{{"name": "name", "type": "text"}}]}}"#, users(NAME, "")), ""),
        // A key to a table that comes, and one to itself.
        (
            format!(
                r#"{}, {{"name": "boards", "primary_key": "id", "columns": [{{"name": "id", "type": "int64"}}]}}"#,
                users(
                    r#", {"name": "name", "type": "text"}, {"name": "board", "type": "int64", "nullable": true}, {"name": "boss", "type": "int64", "nullable": true}"#,
                    r#", "foreign_keys": [{"columns": "board", "target": "boards", "target_columns": "id"}, {"columns": "boss", "target": "users", "target_columns": "id", "on_delete": "set_null"}]"#
                )
            ),
            "",
        ),
        (
            users(
                r#", {"name": "title", "renamed": "name", "type": "text"}, {"name": "age", "type": "text", "nullable": true}"#,
                r#", "indexes": [{"name": "title", "parts": [{"expression": "lower(title)"}]}]"#,
            ),
            r#"{"name": "new", "renamed": "older", "sql": "SELECT title FROM users"}"#,
        ),
    ];
    for (tables, views) in afters {
        let rest = if views.contains("SELECT age FROM users") { LOG.to_owned() } else { String::new() };
        let tables = if rest.is_empty() { tables } else { format!("{tables}, {rest}") };
        same_as(&before, data, &model(&tables, views), _db).await;
    }
});

fn ring(a: &str, b: &str, action: &str) -> String {
    let one = |name: &str, old: &str, other: &str| {
        let renamed = if name == old { String::new() } else { format!("\"renamed\": \"{old}\", ") };
        format!(
            r#"{{"name": "{name}", {renamed}"primary_key": "id", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "other", "type": "int64", "nullable": true}}],
              "foreign_keys": [{{"columns": "other", "target": "{other}", "target_columns": "id", "on_delete": "{action}"}}]}}"#
        )
    };
    format!("{}, {}", one(a, "a", b), one(b, "b", a))
}

scenario!(p4_scripts_of_tables_in_a_circle, |_db| {
    let rows = "INSERT INTO a VALUES (1, NULL); INSERT INTO b VALUES (1, 1); UPDATE a SET other = 1";
    let nothing = model(LOG, "");
    let before = model(&ring("a", "b", "cascade"), "");
    same_as(&nothing, "", &before, _db).await;
    same_as(&before, rows, &model(&ring("a", "b", "set_null"), ""), _db).await;
    same_as(&before, rows, &model(&ring("aa", "b", "cascade"), ""), _db).await;
    same_as(&before, rows, &nothing, _db).await;
});

scenario!(sqlite: p4_a_script_keeps_what_others_have_hung_on_a_table, |_db| {
    let before = model(&format!("{}, {LOG}", family(r#""type": "text""#, r#", {"name": "note", "type": "text", "nullable": true}"#)), "");
    let theirs = "CREATE INDEX theirs ON parents (note) WHERE code <> ';'; CREATE TRIGGER told AFTER UPDATE OF code ON parents BEGIN INSERT INTO log VALUES ('; ' || new.code); INSERT INTO log VALUES (old.note); END; \
        CREATE VIEW looks AS SELECT code FROM parents; CREATE TRIGGER write INSTEAD OF INSERT ON looks BEGIN SELECT 1; END";
    for (code, name) in [(r#""type": "int64""#, "parents"), (r#""type": "int64""#, "elders")] {
        let after = family(code, r#", {"name": "note", "type": "text", "nullable": true}"#);
        let renamed = if name == "parents" { String::new() } else { ", \"renamed\": \"parents\"".to_owned() };
        let after = after.replace("\"name\": \"parents\"", &format!("\"name\": \"{name}\"{renamed}")).replace("\"target\": \"parents\"", &format!("\"target\": \"{name}\""));
        same_as(&before, &format!("{FAMILY}; {theirs}"), &model(&format!("{after}, {LOG}"), ""), _db).await;
    }
});

scenario!(sqlite: p4_a_script_minds_new_violations_alone, |db| {
    let orphan = "PRAGMA foreign_keys = OFF; INSERT INTO children VALUES (9, 99); PRAGMA foreign_keys = ON";
    let before = model(&family(r#""type": "text""#, ""), "");
    let after = model(&family(r#""type": "int64""#, "").replace("\"name\": \"children\"", "\"name\": \"kids\", \"renamed\": \"children\"").replace("\"target\": \"children\"", "\"target\": \"kids\""), "");
    same_as(&before, &format!("{FAMILY}; {orphan}"), &after, db).await;
    // One that comes with the script stops it: somebody makes the plan's key point nowhere.
    db.sync(before).await;
    db.exec(FAMILY).await;
    let plan = db.plan(after.clone()).await;
    let sql = plan.to_sql().replace("DROP TABLE \"parents\";", "DROP TABLE \"parents\";\nDELETE FROM \"__schemasync_tmp_parents\" WHERE id = 1;");
    assert_ne!(sql, plan.to_sql());
    let before = (db.dump().await, rows(db).await);
    let Some(done) = db.run_script(&sql).await else { return };
    assert_says(done.unwrap_err(), &["rows would violate a foreign key"]);
    assert_eq!((db.dump().await, rows(db).await), before);
});

scenario!(p4_a_failed_assertion_stops_the_script_and_nothing_is_changed, |db| {
    let before = model(&family(r#""type": "text""#, ""), "");
    db.sync(before).await;
    db.exec(FAMILY).await;
    let after = model(
        &format!("{LOG}, {}", family(r#""type": "int64""#, r#", {"name": "extra", "type": "text", "nullable": true}"#)),
        "",
    );
    let script = db.plan(after).await.to_sql();
    // Since the plan was made, there is a value that does not convert.
    db.exec("INSERT INTO parents VALUES (3, 'three')").await;
    let before = (db.dump().await, rows(db).await);
    let Some(done) = db.run_script(&script).await else { return };
    assert_says(done.unwrap_err(), &["a value of \"code\" cannot be converted"]);
    assert_eq!((db.dump().await, rows(db).await), before);
});

scenario!(p4_a_failed_statement_stops_the_script_and_nothing_is_changed, |db| {
    db.sync(model(&users(NAME, ""), "")).await;
    db.exec("INSERT INTO users (name) VALUES ('a'), ('b')").await;
    let unique = r#", "indexes": [{"name": "name", "kind": "unique", "parts": ["name"]}]"#;
    let script = db.plan(model(&format!("{LOG}, {}", users(NAME, unique)), "")).await.to_sql();
    db.exec("INSERT INTO users (name) VALUES ('a')").await;
    let before = (db.dump().await, rows(db).await);
    let Some(done) = db.run_script(&script).await else { return };
    assert!(done.is_err());
    assert_eq!((db.dump().await, rows(db).await), before);
});

scenario!(sqlite: p4_a_trigger_that_has_changed_since_the_plan_stops_the_script, |db| {
    db.sync(model(&family(r#""type": "text""#, ""), "")).await;
    db.exec(FAMILY).await;
    db.exec("CREATE TRIGGER theirs AFTER DELETE ON parents BEGIN SELECT 1; END").await;
    let script = db.plan(model(&family(r#""type": "int64""#, ""), "")).await.to_sql();
    db.exec("DROP TRIGGER theirs; CREATE TRIGGER theirs AFTER DELETE ON parents BEGIN SELECT 2; END").await;
    let before = (db.dump().await, rows(db).await);
    let Some(done) = db.run_script(&script).await else { return };
    assert_says(done.unwrap_err(), &["\"theirs\" is not what it was when the plan was made"]);
    assert_eq!((db.dump().await, rows(db).await), before);
});

scenario!(postgres: p4_a_script_puts_back_what_others_have, |_db| {
    let before = model(&family(r#""type": "text""#, ""), r#"{"name": "codes", "materialized": true, "sql": "SELECT code FROM parents"}"#);
    let theirs = "CREATE TABLE cousins (parent_id bigint CONSTRAINT \"Cousin's\" REFERENCES parents (id) DEFERRABLE); COMMENT ON CONSTRAINT \"Cousin's\" ON cousins IS 'it''s; theirs'; \
        CREATE VIEW looks AS SELECT code, 'a$do$b' AS d FROM parents WHERE code IS NOT NULL OR ';' = ''; GRANT SELECT ON looks TO PUBLIC; CREATE INDEX by_code ON codes (code)";
    let after = model(&family(r#""type": "int64""#, ""), r#"{"name": "codes", "materialized": true, "sql": "SELECT code FROM parents"}"#);
    same_as(&before, &format!("{FAMILY}; {theirs}"), &after, _db).await;
    let renamed = family(r#""type": "int64""#, "").replace("\"name\": \"code\"", "\"name\": \"number\", \"renamed\": \"code\"");
    same_as(&before, &format!("{FAMILY}; {theirs}"), &model(&renamed, ""), _db).await;
});

scenario!(postgres: p4_scripts_of_enum_types, |_db| {
    let users = |labels: &str, renamed: &str| {
        model(&format!(r#"{{"name": "users", "primary_key": "id", "columns": [{{"name": "id", "type": "int64"}},
            {{"name": "mood", "type": {{"enum": {{"name": "mood", "variants": [{labels}], "postgres": {{"type": "mood"{renamed}}}}}}}, "default": {{"text": "ok"}}}}],
            "checks": [{{"name": "c", "sql": "mood <> 'sad'"}}]}}"#), r#"{"name": "moods", "sql": "SELECT mood FROM users WHERE mood = 'ok'"}"#)
    };
    let before = users(r#""gone", "sad", "ok""#, "");
    let rows = "INSERT INTO users VALUES (1, 'ok')";
    for (labels, renamed) in [(r#""gone", "sad", "ok", "it's; new""#, ""), (r#""sad", "ok""#, ""), (r#""lost", "sad", "ok""#, r#", "renamed_labels": {"lost": ["gone"]}"#)] {
        same_as(&before, rows, &users(labels, renamed), _db).await;
    }
    same_as(&model(LOG, ""), "", &before, _db).await;
    same_as(&before, rows, &model(LOG, ""), _db).await;
});

scenario!(postgres: p4_scripts_of_online_plans, |_db| {
    let before = model(&format!("{}, {LOG}", users(NAME, "")), "");
    let after = users(
        &format!(r#"{}, {{"name": "log", "type": "int64", "nullable": true}}"#, NAME.replace(r#""type": "int64", "nullable": true"#, r#""type": "int64", "default": 5"#)),
        r#", "indexes": [{"name": "name", "parts": ["name"], "where": "name <> ';'"}], "checks": [{"name": "sane", "sql": "age < 200"}],
            "foreign_keys": [{"columns": "log", "target": "logs", "target_columns": "id"}]"#,
    );
    let after = model(&format!(r#"{after}, {{"name": "logs", "primary_key": "id", "columns": [{{"name": "id", "type": "int64"}}]}}"#), "");
    let rows = "INSERT INTO users (name, age) SELECT 'n' || i, nullif(i % 3, 0) FROM generate_series(1, 3000) i; ANALYZE users";
    assert_eq!(by_script::<Postgres>(&before, &[rows.to_owned()], &after, true).await, Ok(None));
});

/// Without what is another value each time.
fn steady(mut schema: Schema) -> Schema {
    for column in schema.tables.iter_mut().flat_map(|table| &mut table.columns) {
        column.default =
            column.default.take().filter(|default| !matches!(default, DefaultValue::Uuid | DefaultValue::Now));
    }
    schema
}

/// Numbers that are the same in each run.
fn numbers(seed: u32) -> Vec<u32> {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(12_345);
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state
    };
    (0..600).map(|_| next()).collect()
}

/// `SCHEMASYNC_SCRIPT_CASES=1000` tries so many.
fn cases(usual: u32) -> u32 {
    std::env::var("SCHEMASYNC_SCRIPT_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(usual)
}

scenario!(sqlite: p4_scripts_of_random_models, |_db| {
    let mut compared = 0;
    for seed in 1..=cases(40) {
        let numbers = numbers(seed);
        let mut choices = Choices::new(&numbers);
        let a = Model::random(&mut choices);
        let b = if seed % 4 == 0 { Model::random(&mut choices) } else { edit(&a, &mut choices) };
        let (Some(before), Some(after)) = (a.schema(), b.schema()) else { continue };
        let (before, after) = (steady(before), steady(after));
        let data = inserts(&a, Filling::Sound, &mut choices);
        match by_script::<Sqlite>(&before, &data, &after, false).await {
            Ok(done) => compared += u32::from(done.is_none()),
            Err(error) => panic!("seed {seed}: {error}\nfrom {}\nto {}", before.to_json(), after.to_json()),
        }
    }
    assert!(compared * 4 > cases(40), "{compared} of them say something");
});

scenario!(postgres: p4_scripts_of_random_models_on_postgres, |_db| {
    let mut compared = 0;
    for seed in 1..=cases(12) {
        let numbers = numbers(seed);
        let mut choices = Choices::new(&numbers);
        let a = Model::random(&mut choices);
        let b = edit(&a, &mut choices);
        let (Some(before), Some(after)) = (a.schema(), b.schema()) else { continue };
        let (before, after) = (steady(for_postgres(&before)), steady(for_postgres(&after)));
        if before.validate().is_err() || after.validate().is_err() {
            continue;
        }
        let data = inserts_for_postgres(&before, &mut choices);
        match by_script::<Postgres>(&before, &data, &after, seed % 3 == 0).await {
            Ok(done) => compared += u32::from(done.is_none()),
            Err(error) => panic!("seed {seed}: {error}\nfrom {}\nto {}", before.to_json(), after.to_json()),
        }
    }
    assert!(compared * 4 > cases(12), "{compared} of them say something");
});
