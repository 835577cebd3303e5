//! Enum types on PostgreSQL: made, adopted, extended, renamed, recreated and dropped, with everything that is of them.

#![allow(missing_docs, reason = "tests")]

use schemasync::{
    DbEmbed, DbTable, DbValue, EntryKind, EntryStatus, Plan, Risk, RunStatus, Schema, SchemaSync, schema,
};
use schemasync_tests::{Postgres, TestDatabase, assert_says, errors, found, scenario};

/// A model from the tables (and views, after `VIEWS`) of a schema document.
fn model(tables: &str) -> Schema {
    let (tables, views) = tables.split_once("VIEWS").unwrap_or((tables, ""));
    let json = format!("{{\"schemasync\": 1, \"tables\": [{tables}], \"views\": [{views}]}}");
    Schema::from_json(&json).unwrap_or_else(|error| panic!("{error}\n{json}"))
}

/// The type `mood` with these labels: `sad ok`; `ok=fine` had the name `fine`.
fn mood(labels: &str) -> String {
    enum_type("mood", labels, "")
}

/// As [`mood`], of another name and with more to say.
fn enum_type(name: &str, labels: &str, more: &str) -> String {
    let pairs: Vec<(&str, Option<&str>)> = labels
        .split(' ')
        .map(|label| label.split_once('=').map_or((label, None), |(new, old)| (new, Some(old))))
        .collect();
    let variants: Vec<String> = pairs.iter().map(|(label, _)| format!("{label:?}")).collect();
    let renamed: Vec<String> =
        pairs.iter().filter_map(|(label, old)| Some(format!("{label:?}: [{:?}]", (*old)?))).collect();
    let renamed =
        if renamed.is_empty() { String::new() } else { format!(", \"renamed_labels\": {{{}}}", renamed.join(", ")) };
    format!(
        r#"{{"enum": {{"name": {name:?}, "variants": [{}], "postgres": {{"type": {name:?}{renamed}{more}}}}}}}"#,
        variants.join(", ")
    )
}

/// A table with a key and a column `mood` of that type; `more` columns begin with a comma.
fn table(name: &str, ty: &str, more: &str, rest: &str) -> String {
    format!(
        r#"{{"name": {name:?}, "columns": [{{"name": "id", "type": "int64"}}, {{"name": "mood", "type": {ty}, "nullable": true}}{more}], "primary_key": "id"{rest}}}"#
    )
}

fn users(ty: &str) -> Schema {
    model(&table("users", ty, "", ""))
}

/// The labels of a type, in order.
async fn labels(db: &Postgres, ty: &str) -> Vec<String> {
    db.texts(&format!(
        "SELECT enumlabel FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid WHERE t.typname = '{ty}' ORDER BY enumsortorder"
    ))
    .await
}

/// The number that the server gives a type: one that is recreated has another.
async fn number(db: &Postgres, ty: &str) -> String {
    db.value(&format!("SELECT oid::bigint FROM pg_type WHERE typname = '{ty}'")).await
}

async fn moods(db: &Postgres, table: &str) -> Vec<String> {
    db.texts(&format!("SELECT mood::text FROM {table} ORDER BY id")).await
}

fn says(plan: &Plan, parts: &[&str]) {
    assert_says(plan.to_string(), parts);
}

// --- 1: made ---

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, sqlx::Type, DbValue)]
#[sqlx(type_name = "mood", rename_all = "snake_case")]
#[db(postgres(enum = "mood"))]
enum Mood {
    VerySad,
    Ok,
    #[sqlx(rename = "it's great")]
    Great,
}

#[derive(Debug, PartialEq, DbEmbed)]
struct Feeling {
    #[db(default = "ok")]
    now: Mood,
    before: Option<Mood>,
}

#[derive(Debug, PartialEq, sqlx::FromRow, DbTable)]
#[db(
    table = "people",
    index(columns(mood, id), where = "mood <> 'ok'"),
    check(name = "sane", sql = "mood >= 'very_sad'")
)]
struct Person {
    #[db(id)]
    id: i64,
    #[db(default = "it's great", index)]
    mood: Mood,
    maybe: Option<Mood>,
    many: Vec<Mood>,
    #[db(generated(sql = "CASE WHEN mood = 'ok' THEN 1 ELSE 2 END", stored))]
    rank: Option<i32>,
    #[db(embed)]
    #[sqlx(skip)]
    feeling: Option<Feeling>,
}

#[derive(Debug, sqlx::FromRow, DbTable)]
#[db(table = "kinds")]
struct Kind {
    #[db(id)]
    kind: Mood,
}

#[derive(Debug, sqlx::FromRow, DbTable)]
#[db(table = "things", schema = "app")]
struct Thing {
    #[db(id)]
    id: i64,
    #[db(fk = Kind::kind, unique)]
    kind: Option<Mood>,
}

scenario!(postgres: e1_a_type_is_made_before_the_tables_and_sqlx_binds_it, |db| {
    let model = schema![Person, Kind, Thing];
    let plan = db.plan(model.clone()).await;
    says(&plan, &["+ mood  (enum type)", "+ label very_sad", "+ label it's great", "+ people", "+ app.things"]);
    let report = db.sync(model.clone()).await;
    let entry = found(&report.entries, "mood");
    assert_eq!((entry.object.kind, entry.status), (EntryKind::Type, EntryStatus::Create));
    assert_eq!(labels(db, "mood").await, ["very_sad", "ok", "it's great"]);
    assert_eq!(db.type_of("people", "many").await, "mood[]");
    assert_eq!(db.type_of("people", "feeling__now").await, "mood");

    sqlx::query("INSERT INTO people (id, mood, maybe, many) VALUES ($1, $2, $3, $4)")
        .bind(1_i64).bind(Mood::Ok).bind(Some(Mood::VerySad)).bind(vec![Mood::Great, Mood::Ok])
        .execute(&db.pool).await.unwrap();
    db.exec("INSERT INTO people (id, many) VALUES (2, '{}')").await;
    let people: Vec<Person> = sqlx::query_as("SELECT * FROM people ORDER BY mood").fetch_all(&db.pool).await.unwrap();
    let person = |id, mood, maybe, many, rank| Person { id, mood, maybe, many, rank: Some(rank), feeling: None };
    assert_eq!(people, [
        person(1, Mood::Ok, Some(Mood::VerySad), vec![Mood::Great, Mood::Ok], 1),
        person(2, Mood::Great, None, vec![], 2),
    ]);
    sqlx::query("INSERT INTO kinds VALUES ($1)").bind(Mood::Ok).execute(&db.pool).await.unwrap();
    sqlx::query("INSERT INTO app.things VALUES (1, $1)").bind(Mood::Ok).execute(&db.pool).await.unwrap();
    assert!(db.try_exec("INSERT INTO app.things VALUES (2, 'very_sad')").await.is_err(), "the foreign key");
    db.assert_settled(&model).await;
});

scenario!(e1_on_sqlite_it_stays_text, |db| {
    let model = users(&mood("sad ok"));
    db.sync(model.clone()).await;
    db.exec("INSERT INTO users VALUES (1, 'ok')").await;
    assert_eq!(db.rows("SELECT mood FROM users").await, [["'ok'"]]);
    let plan = db.plan(model).await;
    assert!(plan.is_empty());
});

scenario!(postgres: e1_a_type_in_a_schema_of_its_own, |db| {
    let ty = enum_type("mood", "sad ok", r#", "schema": "types""#);
    let model = model(&table("users", &ty, r#", {"name": "now", "type": TYPE, "default": {"text": "ok"}}"#.replace("TYPE", &ty).as_str(),
        r#", "checks": [{"name": "c", "sql": "mood <> 'sad'::types.mood"}], "indexes": [{"name": "i", "parts": ["mood"], "where": "now = 'ok'"}]"#));
    db.sync(model).await;
    assert_eq!(db.type_of("users", "mood").await, "types.mood");
});

// --- 2: adopted ---

scenario!(postgres: e2_a_type_that_is_there_is_adopted, |db| {
    db.exec("CREATE TYPE mood AS ENUM ('sad', 'ok'); COMMENT ON TYPE mood IS 'by hand'").await;
    let before = number(db, "mood").await;
    let report = db.sync(users(&mood("sad ok"))).await;
    assert_eq!(found(&report.entries, "mood").status, EntryStatus::InSync);
    assert_eq!(number(db, "mood").await, before);
});

scenario!(postgres: e2_adopting_adds_what_is_missing_and_leaves_what_is_extra, |db| {
    db.exec("CREATE TYPE mood AS ENUM ('extra', 'sad', 'ok'); CREATE TABLE others (m mood); INSERT INTO others VALUES ('extra')").await;
    let report = db.sync(users(&mood("sad fine ok glad"))).await;
    let entry = found(&report.entries, "mood");
    assert_eq!(entry.labels_added, ["fine", "glad"]);
    assert_eq!(entry.unmanaged, ["label \"extra\""]);
    assert_says(entry.warnings.join("\n"), &["unmanaged label \"extra\""]);
    assert_eq!(labels(db, "mood").await, ["extra", "sad", "fine", "ok", "glad"]);
    assert_eq!(db.texts("SELECT m::text FROM others").await, ["extra"]);
});

scenario!(postgres: e2_what_is_no_enum_keeps_its_name, |db| {
    for (sql, what) in [
        ("CREATE TYPE mood AS (a integer)", "a composite type"),
        ("CREATE DOMAIN mood AS text", "a domain"),
        ("CREATE TABLE mood (a integer)", "the row type of a table"),
        ("CREATE VIEW mood AS SELECT 1 AS a", "the row type of a view"),
    ] {
        db.exec(sql).await;
        let report = db.run(users(&mood("sad ok"))).await;
        assert_says(errors(&report, "mood"), &[what, "is no enum type"]);
        assert_says(errors(&report, "users"), &["depends on type mood, which has errors"]);
        assert!(!db.tables().await.contains(&"users".to_owned()), "{report}");
        let kind = sql.split(' ').nth(1).unwrap();
        db.exec(&format!("DROP {kind} mood")).await;
    }
});

scenario!(postgres: e2_the_order_of_an_adopted_type_is_left_until_the_model_changes_its_own, |db| {
    db.exec("CREATE TYPE mood AS ENUM ('ok', 'sad')").await;
    let report = db.sync(users(&mood("sad ok"))).await;
    assert_says(found(&report.entries, "mood").warnings.join("\n"), &["another order"]);
    assert_eq!(labels(db, "mood").await, ["ok", "sad"]);
    db.sync(users(&mood("glad sad ok"))).await;
    assert_eq!(labels(db, "mood").await, ["ok", "glad", "sad"]);
    db.sync(users(&mood("ok glad sad"))).await;
    db.sync(users(&mood("sad glad ok"))).await;
    assert_eq!(labels(db, "mood").await, ["sad", "glad", "ok"]);
});

// --- 3: labels that come ---

scenario!(postgres: e3_labels_are_added_at_their_place, |db| {
    db.sync(users(&mood("sad ok"))).await;
    db.exec("INSERT INTO users VALUES (1, 'ok')").await;
    let before = number(db, "mood").await;
    let report = db.sync(users(&mood("worst sad fine ok best"))).await;
    let entry = found(&report.entries, "mood");
    assert_eq!((entry.status, entry.recreated), (EntryStatus::Alter, false));
    assert_eq!(labels(db, "mood").await, ["worst", "sad", "fine", "ok", "best"]);
    assert_eq!(number(db, "mood").await, before, "the type itself stays");
    assert_eq!(moods(db, "users").await, ["ok"]);
});

/// A table that uses the new label in every place where one can be used.
fn with_new_label() -> Schema {
    let ty = mood("sad angry ok");
    model(&format!(
        "{} VIEWS {}",
        table(
            "users",
            &ty,
            &format!(
                r#", {{"name": "now", "type": {ty}, "default": {{"text": "angry"}}}},
                {{"name": "all", "type": {{"array": {ty}}}, "default": {{"sql": "'{{angry}}'"}}}},
                {{"name": "hot", "type": "bool", "nullable": true, "generated": {{"sql": "mood = 'angry'", "stored": true}}}}"#
            ),
            r#", "checks": [{"name": "calm", "sql": "mood <> 'angry' OR id > 0"}],
               "indexes": [{"name": "hot", "parts": ["id"], "where": "mood = 'angry'"}, {"name": "expr", "parts": [{"expression": "CASE mood WHEN 'angry' THEN 1 ELSE 2 END"}]}]"#
        ),
        r#"{"name": "hot_users", "sql": "SELECT id FROM users WHERE mood = 'angry'"}"#
    ))
}

scenario!(postgres: e3_a_label_that_is_used_in_the_same_run_makes_the_type_anew, |db| {
    db.sync(users(&mood("sad ok"))).await;
    db.exec("INSERT INTO users VALUES (1, 'ok'), (2, NULL), (3, 'sad')").await;
    let role = db.name.replace("schemasync_test", "r");
    db.exec(&format!("CREATE VIEW their_view AS SELECT id, mood FROM users WHERE mood > 'sad'; CREATE ROLE {role}; GRANT SELECT ON their_view TO {role}")).await;
    let report = db.sync(with_new_label()).await;
    let entry = found(&report.entries, "mood");
    assert_eq!((entry.recreated, entry.destructive), (true, false), "{report}");
    assert_eq!(labels(db, "mood").await, ["sad", "angry", "ok"]);
    assert_eq!(moods(db, "users").await, ["ok", "", "sad"]);
    assert_eq!(db.texts("SELECT now::text || \"all\"::text FROM users ORDER BY id").await, ["angry{angry}"; 3]);
    assert_eq!(db.texts("SELECT mood::text FROM their_view").await, ["ok"]);
    assert_eq!(db.texts(&format!("SELECT has_table_privilege('{role}', 'their_view', 'SELECT')::text")).await, ["true"]);
    db.exec(&format!("DROP VIEW their_view; DROP ROLE {role}")).await;
    db.assert_like_new(with_new_label()).await;
});

scenario!(postgres: e3_in_online_mode_the_label_is_added_before_it_is_used, |db| {
    db.sync(users(&mood("sad ok"))).await;
    db.exec("INSERT INTO users VALUES (1, 'ok')").await;
    let before = number(db, "mood").await;
    let report = db.sync_with(with_new_label(), |sync| sync.online(true)).await;
    assert!(!found(&report.entries, "mood").recreated, "{report}");
    assert_eq!(number(db, "mood").await, before);
    db.assert_like_new(with_new_label()).await;
});

// --- 4: labels that get another name ---

scenario!(postgres: e4_a_label_is_renamed_and_the_rows_follow, |db| {
    let with = |ty: &str, label: &str| {
        let more = format!(r#", {{"name": "now", "type": {ty}, "default": {{"text": "{label}"}}}}, {{"name": "all", "type": {{"array": {ty}}}, "nullable": true}}"#);
        let rest = r#", "checks": [{"name": "c", "sql": "mood <> 'LABEL' OR id > 0"}], "indexes": [{"name": "i", "parts": ["id"], "where": "mood = 'LABEL'"}]"#;
        let view = r#"{"name": "seen", "sql": "SELECT id FROM users WHERE mood = 'LABEL'"}"#.replace("LABEL", &label.replace('\'', "''"));
        let rest = rest.replace("LABEL", &label.replace('\'', "''"));
        model(&format!("{} VIEWS {view}", table("users", ty, &more, &rest)))
    };
    db.sync(with(&mood("sad ok"), "ok")).await;
    db.exec("INSERT INTO users VALUES (1, 'ok', 'sad', '{ok,sad}'), (2, 'sad', DEFAULT, NULL)").await;
    let before = number(db, "mood").await;
    let next = with(&mood("sad it's=ok"), "it's");
    let report = db.sync(next.clone()).await;
    assert_eq!(found(&report.entries, "mood").labels_renamed.len(), 1);
    assert_eq!(number(db, "mood").await, before);
    assert_eq!(labels(db, "mood").await, ["sad", "it's"]);
    assert_eq!(db.texts("SELECT mood::text || now::text || coalesce(\"all\"::text, '') FROM users ORDER BY id").await, ["it'ssad{it's,sad}", "sadit's"]);
    let table = found(&report.entries, "users");
    assert!(table.columns_altered.is_empty() && table.indexes_created.is_empty() && table.other_changes.is_empty(), "{report}");
    db.assert_like_new(next).await;
});

scenario!(postgres: e4_a_rename_conflict_changes_nothing, |db| {
    db.exec("CREATE TYPE mood AS ENUM ('sad', 'ok', 'fine')").await;
    let report = db.run(users(&mood("sad ok=fine"))).await;
    assert_eq!(errors(&report, "mood"), "Label rename conflict on mood: cannot rename \"fine\" → \"ok\" because \"ok\" already exists.");
    assert_eq!(labels(db, "mood").await, ["sad", "ok", "fine"]);
    assert_says(errors(&report, "users"), &["depends on type mood"]);
});

scenario!(postgres: e4_neither_name_there_adds_the_label, |db| {
    db.sync(users(&mood("sad"))).await;
    let report = db.sync(users(&mood("sad ok=fine"))).await;
    assert_eq!(found(&report.entries, "mood").labels_added, ["ok"]);
});

// --- 5: labels that go, and order ---

/// Two tables, arrays, a primary key with its foreign key, a unique index, defaults, checks, generated columns, views.
fn everywhere(ty: &str) -> Schema {
    let users = table(
        "users",
        ty,
        &format!(
            r#", {{"name": "now", "type": {ty}, "default": {{"text": "ok"}}}}, {{"name": "all", "type": {{"array": {ty}}}, "default": {{"sql": "'{{ok,sad}}'"}}}},
            {{"name": "hot", "type": "bool", "nullable": true, "generated": {{"sql": "mood = 'ok'", "stored": true}}}}, {{"name": "note", "type": "text", "default": {{"sql": "'ok'::mood"}}}}"#
        ),
        r#", "checks": [{"name": "two", "sql": "mood IS NULL OR mood <= now"}, {"name": "one", "sql": "now <> 'sad' OR id > 0"}],
        "indexes": [{"name": "u", "kind": "unique", "parts": ["mood", "id"]}, {"name": "part", "parts": ["hot"], "where": "now = 'ok' AND mood IS NOT NULL"}, {"name": "expr", "parts": [{"expression": "greatest(mood, now)"}]}]"#,
    );
    let kinds = format!(r#"{{"name": "kinds", "columns": [{{"name": "kind", "type": {ty}}}], "primary_key": "kind"}}"#);
    let things = format!(
        r#"{{"name": "things", "schema": "app", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "kind", "type": {ty}, "nullable": true}}], "primary_key": "id",
        "foreign_keys": [{{"columns": "kind", "target": "kinds", "target_columns": "kind"}}]}}"#
    );
    let views = r#"{"name": "seen", "sql": "SELECT id, mood, hot FROM users WHERE now = 'ok'"}, {"name": "solid", "sql": "SELECT count(*) AS n, 'ok'::mood AS m FROM seen", "materialized": true}"#;
    model(&format!("{users}, {kinds}, {things} VIEWS {views}"))
}

async fn filled(db: &Postgres) {
    db.exec("INSERT INTO users (id, mood, now) VALUES (1, 'ok', 'ok'), (2, NULL, 'sad'), (3, 'sad', 'ok'); INSERT INTO kinds VALUES ('ok'), ('sad'); INSERT INTO app.things VALUES (1, 'ok'), (2, NULL)").await;
    db.exec(
        "CREATE VIEW theirs AS SELECT kind FROM app.things WHERE kind = 'ok'; CREATE INDEX by_hand ON users (mood)",
    )
    .await;
    db.exec("CREATE ROLE ENUMS; GRANT SELECT ON theirs TO ENUMS; GRANT USAGE ON TYPE mood TO ENUMS; COMMENT ON TYPE mood IS 'how one feels'".replace("ENUMS", &db.name.replace("schemasync_test", "r")).as_str()).await;
}

async fn still_there(db: &Postgres) {
    assert_eq!(db.texts("SELECT id || coalesce(mood::text, '-') || now::text || \"all\"::text || coalesce(hot::text, '-') || note FROM users ORDER BY id").await,
        ["1okok{ok,sad}trueok", "2-sad{ok,sad}-ok", "3sadok{ok,sad}falseok"]);
    assert_eq!(db.texts("SELECT kind::text FROM theirs").await, ["ok"]);
    assert_eq!(db.texts("SELECT kind::text FROM kinds ORDER BY kind::text").await, ["ok", "sad"]);
    let role = db.name.replace("schemasync_test", "r");
    assert_eq!(db.texts(&format!("SELECT has_table_privilege('{role}', 'theirs', 'SELECT')::text || has_type_privilege('{role}', 'mood', 'USAGE')::text || obj_description('mood'::regtype, 'pg_type')")).await, ["truetruehow one feels"]);
    assert!(db.indexes("users").await.iter().any(|index| index == "by_hand: (mood)"));
    assert!(db.try_exec("INSERT INTO app.things VALUES (3, 'sad'), (4, 'gone')").await.is_err());
    db.exec(&format!("DROP VIEW theirs; DROP INDEX by_hand; DROP OWNED BY {role}; DROP ROLE {role}; COMMENT ON TYPE mood IS NULL; REVOKE ALL ON TYPE mood FROM PUBLIC; GRANT USAGE ON TYPE mood TO PUBLIC")).await;
}

scenario!(postgres: e5_a_label_that_no_row_has_goes, |db| {
    db.sync(everywhere(&mood("gone sad ok"))).await;
    filled(db).await;
    let before = number(db, "mood").await;
    let model = everywhere(&mood("sad ok"));
    let plan = db.plan(model.clone()).await;
    assert_eq!(plan.risk(), Risk::Lossy, "{plan}");
    says(&plan, &["~ mood  (enum type, rebuilt)", "- label gone", "mood type: mood as it was → mood"]);
    let report = db.sync(model.clone()).await;
    assert!(found(&report.entries, "mood").recreated);
    assert_ne!(number(db, "mood").await, before);
    assert_eq!(labels(db, "mood").await, ["sad", "ok"]);
    still_there(db).await;
});

scenario!(postgres: e5_another_order_makes_the_type_anew, |db| {
    db.sync(everywhere(&mood("sad ok best"))).await;
    filled(db).await;
    let report = db.sync_with(everywhere(&mood("best sad ok")), |sync| sync.safe(true)).await;
    assert_says(report.to_string(), &["order: sad, ok, best → best, sad, ok"]);
    assert_eq!(labels(db, "mood").await, ["best", "sad", "ok"]);
    still_there(db).await;
});

scenario!(postgres: e5_a_label_that_rows_have_stays_and_nothing_is_changed, |db| {
    db.sync(everywhere(&mood("gone sad ok"))).await;
    db.exec("INSERT INTO users (id, \"all\") VALUES (7, '{ok,gone}'), (8, '{gone}'); INSERT INTO kinds VALUES ('gone')").await;
    db.exec("CREATE TABLE theirs (m mood); INSERT INTO theirs VALUES ('gone'), (NULL)").await;
    let before = db.dump().await;
    let report = db.run(everywhere(&mood("sad ok"))).await;
    assert_says(errors(&report, "mood"), &[
        "label \"gone\" cannot be removed: 2 values of users.all have it (for example '{ok,gone}' (id = 7)",
        "1 value of kinds.kind has it",
        "1 value of theirs.m has it",
    ]);
    assert_eq!(found(&report.entries, "kinds").status, EntryStatus::InSync, "{report}");
    assert_eq!(db.dump().await, before);
    db.exec("DELETE FROM users; DELETE FROM kinds; DELETE FROM theirs").await;
    let report = db.run(everywhere(&mood("sad ok"))).await;
    assert_says(errors(&report, "mood"), &["column \"m\" of theirs uses it, which is unmanaged"]);
    assert_eq!(db.dump().await, before);
    db.exec("DROP TABLE theirs").await;
    db.sync(everywhere(&mood("sad ok"))).await;
});

scenario!(postgres: e5_what_hangs_on_the_type_and_cannot_be_made_again_is_named, |db| {
    db.sync(users(&mood("gone ok"))).await;
    for (make, drop, what) in [
        ("CREATE FUNCTION f(m mood) RETURNS int LANGUAGE sql AS 'SELECT 1'", "DROP FUNCTION f", "function f(mood)"),
        ("CREATE DOMAIN d AS mood", "DROP DOMAIN d", "type d"),
        ("CREATE TYPE c AS (m mood)", "DROP TYPE c", "column m of composite type c"),
        ("CREATE INDEX theirs ON users (id) WHERE mood = 'ok'", "DROP INDEX theirs", "index \"theirs\" of users"),
        ("ALTER TABLE users ADD CONSTRAINT theirs CHECK (mood <> 'gone')", "ALTER TABLE users DROP CONSTRAINT theirs", "constraint \"theirs\" of users"),
        ("ALTER TABLE users ADD COLUMN theirs mood", "ALTER TABLE users DROP COLUMN theirs", "column \"theirs\" of users"),
    ] {
        db.exec(make).await;
        let before = db.dump().await;
        let report = db.run(users(&mood("ok"))).await;
        assert_says(errors(&report, "mood"), &["the type has to be recreated, because a label goes", what]);
        assert_eq!(db.dump().await, before);
        db.exec(drop).await;
    }
    db.sync(users(&mood("ok"))).await;
});

scenario!(postgres: e5_in_safe_mode_a_label_stays, |db| {
    db.sync(users(&mood("gone sad ok"))).await;
    let report = db.sync_with(users(&mood("sad fine ok")), |sync| sync.safe(true)).await;
    let entry = found(&report.entries, "mood");
    assert_says(format!("{:?}", entry.withheld), &["remove label \\\"gone\\\"", "safe mode"]);
    assert_eq!(labels(db, "mood").await, ["gone", "sad", "fine", "ok"]);
    db.sync(users(&mood("sad fine ok"))).await;
    assert_eq!(labels(db, "mood").await, ["sad", "fine", "ok"]);
});

// --- 6: to and from other types ---

scenario!(postgres: e6_text_becomes_an_enum_type_and_text_again, |db| {
    let with = |ty: &str| {
        let more = format!(r#", {{"name": "now", "type": {ty}, "default": {{"text": "ok"}}}}, {{"name": "all", "type": {{"array": {ty}}}, "nullable": true}},
            {{"name": "hot", "type": "bool", "nullable": true, "generated": {{"sql": "mood = 'ok'", "stored": true}}}}"#);
        let rest = r#", "checks": [{"name": "c", "sql": "mood IN ('sad', 'ok')"}, {"name": "same", "sql": "mood = now OR id > 0"}], "indexes": [{"name": "i", "parts": ["now"]}, {"name": "p", "kind": "unique", "parts": ["now", "id"], "where": "mood = 'ok'"}]"#;
        model(&format!("{} VIEWS {}", table("users", ty, &more, rest), r#"{"name": "seen", "sql": "SELECT id, mood FROM users WHERE now = 'ok'"}"#))
    };
    let text = r#"{"enum": {"name": "mood", "variants": ["sad", "ok"]}}"#;
    db.sync(with(text)).await;
    db.exec("INSERT INTO users VALUES (1, 'ok', 'sad', '{ok,NULL}'), (2, 'sad', DEFAULT, '{}'), (3, NULL, DEFAULT, NULL)").await;
    let values = "SELECT coalesce(mood::text, '-') || now::text || coalesce(\"all\"::text, '-') || coalesce(hot::text, '-') FROM users ORDER BY id";
    let before = db.texts(values).await;
    for ty in [mood("sad ok").as_str(), text, enum_type("other", "ok sad more", "").as_str(), mood("sad ok").as_str()] {
        db.sync_with(with(ty), |sync| sync.allow_revert(true)).await;
        assert_eq!(db.texts(values).await, before);
        assert_eq!(db.texts("SELECT id::text FROM seen ORDER BY id").await, ["2", "3"]);
    }
    db.assert_like_new(with(&mood("sad ok"))).await;
});

scenario!(postgres: e6_values_that_are_no_labels_are_counted_first, |db| {
    db.sync(users("\"text\"")).await;
    db.exec("INSERT INTO users VALUES (1, 'ok'), (2, 'nonsense'), (3, 'more')").await;
    let report = db.run(users(&mood("sad ok"))).await;
    assert_says(errors(&report, "users"), &["Type change on users.mood (text → mood): 2 values cannot be converted", "'nonsense' (id = 2)"]);
    assert_eq!(db.type_of("users", "mood").await, "text");
    db.exec("UPDATE users SET mood = 'sad' WHERE id > 1").await;
    db.sync(users(&mood("sad ok"))).await;
    assert_eq!(moods(db, "users").await, ["ok", "sad", "sad"]);
});

// --- 7: the type itself ---

scenario!(postgres: e7_the_type_gets_another_name, |db| {
    let with = |ty: &str| {
        let more = format!(r#", {{"name": "now", "type": {ty}, "default": {{"text": "ok"}}}}"#);
        model(&table("users", ty, &more, r#", "checks": [{"name": "c", "sql": "mood IN ('sad', 'ok')"}], "indexes": [{"name": "p", "parts": ["id"], "where": "mood = 'ok'"}]"#))
    };
    db.sync(with(&enum_type("old_mood", "sad ok", ""))).await;
    db.exec("INSERT INTO users VALUES (1, 'ok')").await;
    let before = number(db, "old_mood").await;
    let ty = enum_type("mood", "sad ok", r#", "renamed": "old_mood""#);
    let report = db.sync(with(&ty)).await;
    assert_eq!(found(&report.entries, "mood").renamed_from.as_deref(), Some("old_mood"));
    assert_eq!(found(&report.entries, "users").status, EntryStatus::InSync, "{report}");
    assert_eq!(number(db, "mood").await, before);
    assert_eq!(moods(db, "users").await, ["ok"]);
    db.exec("CREATE TYPE old_mood AS ENUM ('sad', 'ok')").await;
    let report = db.syncing(&with(&ty)).force(true).run_report().await.unwrap();
    assert_eq!(errors(&report, "mood"), "Type rename conflict: cannot rename \"old_mood\" → \"mood\" because \"mood\" already exists.");
});

scenario!(postgres: e7_a_type_of_ours_goes_when_nothing_uses_it, |db| {
    db.sync(users(&mood("sad ok"))).await;
    db.exec("INSERT INTO users VALUES (1, 'ok'); CREATE TABLE theirs (m mood); CREATE VIEW seen AS SELECT mood FROM users").await;
    let report = db.sync(users("\"text\"")).await;
    assert_says(format!("{:?}", found(&report.entries, "mood").withheld), &["drop the type", "column \\\"m\\\" of theirs uses it"]);
    assert_eq!(labels(db, "mood").await, ["sad", "ok"]);
    db.exec("DROP TABLE theirs").await;
    let plan = db.syncing(&users("\"text\"")).safe(true).force(true).plan().await.unwrap();
    assert_says(plan.to_string(), &["not done: drop the type (safe mode)"]);
    let report = db.syncing(&users("\"text\"")).force(true).run_report().await.unwrap();
    assert_eq!(found(&report.entries, "mood").status, EntryStatus::Drop, "{report}");
    assert_eq!(labels(db, "mood").await, Vec::<String>::new());
    assert_eq!(db.texts("SELECT mood FROM seen").await, ["ok"]);
    db.assert_settled(&users("\"text\"")).await;
});

scenario!(postgres: e7_a_type_goes_with_its_table_or_column, |db| {
    let keeper = table("keeper", "\"text\"", "", "");
    db.sync(model(&format!("{keeper}, {}, {}", table("users", &mood("sad ok"), "", ""), table("others", &enum_type("kind", "a b", ""), "", "")))).await;
    db.exec("INSERT INTO users VALUES (1, 'ok'); INSERT INTO others VALUES (1, 'a')").await;
    let others = r#"{"name": "others", "columns": [{"name": "id", "type": "int64"}], "primary_key": "id"}"#;
    let next = model(&format!("{keeper}, {others}"));
    db.sync(next.clone()).await;
    assert_eq!(db.texts("SELECT typname FROM pg_type WHERE typtype = 'e'").await, Vec::<String>::new());
    db.assert_like_new(next).await;
});

// --- 8: together ---

scenario!(postgres: e8_a_label_with_a_column_of_which_it_is_the_default, |db| {
    db.sync(users(&mood("sad ok"))).await;
    db.exec("INSERT INTO users VALUES (1, 'ok')").await;
    let ty = mood("sad ok new");
    let next = model(&table("users", &ty, &format!(r#", {{"name": "now", "type": {ty}, "default": {{"text": "new"}}}}"#), ""));
    db.sync(next.clone()).await;
    assert_eq!(db.texts("SELECT mood::text || now::text FROM users").await, ["oknew"]);
    db.assert_like_new(next).await;
});

scenario!(postgres: e8_a_label_goes_and_the_column_that_has_it, |db| {
    let ty = mood("gone ok");
    db.sync(model(&table("users", &ty, &format!(r#", {{"name": "was", "type": {ty}, "default": {{"text": "gone"}}}}"#), ""))).await;
    db.exec("INSERT INTO users VALUES (1, 'ok')").await;
    let next = users(&mood("ok"));
    db.sync(next.clone()).await;
    assert_eq!(moods(db, "users").await, ["ok"]);
    db.assert_like_new(next).await;
});

scenario!(postgres: e8_everything_gets_another_name_at_once, |db| {
    db.sync(model(&table("users", &enum_type("old_mood", "sad gone ok", ""), "", ""))).await;
    db.exec("INSERT INTO users VALUES (1, 'ok'); CREATE VIEW seen AS SELECT mood FROM users WHERE mood = 'ok'").await;
    let ty = enum_type("mood", "great=ok sad new", r#", "renamed": ["old_mood"]"#);
    let next = model(&format!(r#"{{"name": "people", "renamed": "users", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "feels", "renamed": "mood", "type": {ty}, "default": {{"text": "new"}}}}], "primary_key": "id"}}"#));
    db.sync(next.clone()).await;
    assert_eq!(db.texts("SELECT feels::text FROM people").await, ["great"]);
    assert_eq!(db.texts("SELECT mood::text FROM seen").await, ["great"]);
    assert_eq!(labels(db, "mood").await, ["great", "sad", "new"]);
    db.exec("DROP VIEW seen").await;
    db.assert_like_new(next).await;
});

scenario!(postgres: e8_another_type_of_the_same_name, |db| {
    db.sync(model(&format!("{}, {}", table("users", &mood("sad ok"), "", ""), table("keeper", "\"text\"", "", "")))).await;
    db.exec("INSERT INTO users VALUES (1, 'ok')").await;
    let next = model(&format!("{}, {}", table("users", "\"text\"", "", ""), table("keeper", &mood("x y"), "", "")));
    db.sync(next.clone()).await;
    assert_eq!(moods(db, "users").await, ["ok"]);
    assert_eq!(labels(db, "mood").await, ["x", "y"]);
    db.assert_like_new(next).await;
});

// --- 9 and 10: plans, policies, other namespaces, drift ---

scenario!(postgres: e9_a_plan_writes_nothing_and_words_what_is_not_there_yet, |db| {
    let with = |ty: &str, label: &str| model(&table("users", ty, "", &r#", "checks": [{"name": "c", "sql": "mood::text <> 'x' and mood != 'LABEL'"}]"#.replace("LABEL", label)));
    db.sync(with(&mood("sad ok"), "ok")).await;
    let before = (db.dump().await, number(db, "mood").await);
    for next in [with(&mood("sad ok new"), "new"), with(&mood("sad fine=ok"), "fine"), with(&enum_type("m", "sad ok", r#", "renamed": "mood""#), "ok")] {
        let plan = db.plan(next.clone()).await;
        assert!(!plan.has_errors(), "{plan}");
        assert_eq!((db.dump().await, number(db, "mood").await), before);
    }
    let plan = db.plan(with(&mood("sad fine=ok"), "fine")).await;
    assert_eq!(plan.statements().count(), 1, "the check follows by itself: {}", plan.to_sql());
});

scenario!(postgres: e9_a_plan_shows_the_statements_in_the_order_of_the_run, |db| {
    let other = |null: &str| format!(r#", {{"name": "z", "columns": [{{"name": "x", "type": "text"{null}}}]}}"#);
    let with = |ty: &str, null: &str| model(&(table("users", ty, "", "") + &other(null)));
    db.sync(with(&mood("sad gone ok"), "")).await;
    let next = with(&mood("ok sad"), r#", "nullable": true"#);
    let plan = db.plan(next.clone()).await;
    let planned: Vec<&str> = plan.statements().filter_map(|statement| match statement {
        schemasync::change::Statement::Execute(sql) => Some(sql.as_str()),
        _ => None,
    }).collect();
    assert_eq!(db.sync(next).await.statements, planned);
});

scenario!(postgres: e10_a_saved_plan_is_refused_once_the_type_has_changed, |db| {
    db.sync(users(&mood("sad ok"))).await;
    let next = users(&mood("sad ok more"));
    let saved = Plan::from_json(&db.plan(next.clone()).await.to_json().unwrap()).unwrap();
    db.exec("ALTER TYPE mood ADD VALUE 'hand'").await;
    assert!(db.syncing(&next).apply(&saved).await.is_err());
    let saved = Plan::from_json(&db.plan(next.clone()).await.to_json().unwrap()).unwrap();
    assert_eq!(db.syncing(&next).apply(&saved).await.unwrap().status, RunStatus::Synced);
    assert_eq!(labels(db, "mood").await, ["sad", "ok", "more", "hand"]);
});

scenario!(postgres: e10_two_namespaces_do_not_share_a_type, |db| {
    db.sync_with(users(&mood("sad ok")), |sync| sync.namespace("one")).await;
    let other = model(&table("others", &mood("sad ok more"), "", ""));
    let report = db.syncing(&other).namespace("two").run_report().await.unwrap();
    assert_says(errors(&report, "mood"), &["the type belongs to namespace \"one\""]);
    assert_eq!(labels(db, "mood").await, ["sad", "ok"]);
});

scenario!(postgres: e10_drift_tells_what_was_done_to_a_type_by_hand, |db| {
    db.sync(users(&mood("sad ok"))).await;
    db.exec("ALTER TYPE mood ADD VALUE 'hand'; ALTER TYPE mood RENAME VALUE 'sad' TO 'sorry'").await;
    let drift = SchemaSync::new(&db.pool).drift().await.unwrap();
    let entry = found(&drift.entries, "mood");
    assert_eq!((entry.object.kind, entry.status), (EntryKind::Type, EntryStatus::Alter));
    assert_eq!(entry.labels_dropped, ["sad"]);
    assert_eq!(entry.unmanaged, ["label \"sorry\"", "label \"hand\""]);
    db.exec("ALTER TABLE users DROP COLUMN mood; DROP TYPE mood").await;
    let drift = SchemaSync::new(&db.pool).drift().await.unwrap();
    assert_eq!(found(&drift.entries, "mood").status, EntryStatus::Drop);
    db.sync_with(users(&mood("sad ok")), |sync| sync.force(true)).await;
});

scenario!(postgres: e10_a_state_without_types_is_read, |db| {
    db.sync(users("\"text\"")).await;
    let base = "SELECT base::text FROM __schemasync_state";
    assert!(!db.texts(base).await[0].contains("types"));
    db.sync(users(&mood("sad ok"))).await;
    assert!(db.texts(base).await[0].contains("types"));
});

// --- 11: names ---

scenario!(postgres: e11_names_that_need_quotes, |db| {
    for name in ["Mood of the \"day\"; x", "date", "order", "point", "text", "interval", "vector", "x[]", "with(brackets)"] {
        let ty = enum_type(name, "it's a\\b {c,d} NULL", "");
        let with = |ty: &str| {
            let more = format!(r#", {{"name": "now", "type": {ty}, "default": {{"text": "it's"}}}}, {{"name": "all", "type": {{"array": {ty}}}, "default": {{"sql": "'{{}}'"}}}}"#);
            model(&table("users", ty, &more, r#", "checks": [{"name": "c", "sql": "mood <> 'it''s'"}]"#))
        };
        let sync = async |schema: Schema| db.sync_with(schema, |sync| sync.allow_revert(true)).await;
        sync(with(&ty)).await;
        db.exec("INSERT INTO users VALUES (1, 'a\\b')").await;
        sync(with(&enum_type(name, "new it's a\\b {c,d} NULL", ""))).await;
        sync(with(&enum_type(name, "NULL it's a\\b", ""))).await;
        assert_eq!(moods(db, "users").await, ["a\\b"], "{name}");
        sync(model(&table("keeper", "\"text\"", "", ""))).await;
    }
});

#[test]
fn e11_a_model_that_contradicts_itself() {
    let problem = |tables: &str| {
        let json = format!("{{\"schemasync\": 1, \"tables\": [{tables}]}}");
        Schema::from_json(&json).unwrap_err().to_string()
    };
    let of = |ty: &str| table("users", ty, "", "");
    let two = |a: &str, b: &str| format!("{}, {}", table("a", a, "", ""), table("b", b, "", ""));
    assert_says(
        problem(&two(&mood("sad ok"), &mood("ok sad"))),
        &["b.mood and a.mood: two enums have the enum type mood and do not say the same"],
    );
    let long = "x".repeat(64);
    assert_says(problem(&of(&mood(&long))), &["at most 63 bytes", "has 64"]);
    assert_says(problem(&of(&enum_type(&long, "a", ""))), &["at most 63 bytes"]);
    assert_says(problem(&of(&enum_type("users", "a", ""))), &["has the name of a table or view"]);
    assert_says(
        problem(&of(r#"{"enum": {"name": "m", "variants": [], "postgres": {"type": "m"}}}"#)),
        &["has no variants"],
    );
}

scenario!(postgres: e11_the_same_enum_in_two_tables_is_one_type, |db| {
    let model = model(&format!("{}, {}", table("a", &mood("sad ok"), "", ""), table("b", &mood("sad ok"), "", r#", "schema": "app""#)));
    db.sync(model).await;
    assert_eq!(db.texts("SELECT typname FROM pg_type WHERE typtype = 'e'").await, ["mood"]);
});

// --- what is read from a database, and what is written of it ---

scenario!(postgres: e12_a_pulled_type_plans_to_nothing_and_is_an_enum_in_rust, |db| {
    db.exec("CREATE SCHEMA app; CREATE TYPE app.\"Mood; of\" AS ENUM ('very sad', 'self', 'ok'); CREATE TYPE unused AS ENUM ('a')").await;
    db.exec("CREATE TABLE users (id bigint PRIMARY KEY, mood app.\"Mood; of\" NOT NULL DEFAULT 'ok', all_of app.\"Mood; of\"[] DEFAULT '{ok}', CHECK (mood <> 'self')); CREATE INDEX ON users (id) WHERE mood = 'ok'").await;
    let (pulled, notes) = Schema::from_database(&db.pool).await.unwrap();
    let types: Vec<String> = pulled.tables[0].columns.iter().map(|column| format!("{:?}", column.ty)).collect();
    assert_says(&types[1], &["Enum", "very sad", "Mood; of", "app"]);
    assert_says(&types[2], &["Array(Enum"]);
    assert!(notes.iter().any(|note| note.contains("unused: left out: no column is of this enum type")), "{notes:?}");
    let plan = db.plan(pulled.clone()).await;
    assert!(plan.is_empty(), "{plan}\n{}", plan.to_sql());
    let source = schemasync::cli::pull::rust_source(&pulled, &notes);
    assert_says(&source, &[
        "#[db(postgres(enum = \"Mood; of\", schema = \"app\"))]\npub enum MoodOf {\n    #[db(rename = \"very sad\")]\n    VerySad,\n    #[db(rename = \"self\")]\n    Self_,\n    #[db(rename = \"ok\")]\n    Ok,\n}",
        "    #[db(default = \"ok\")]\n    pub mood: MoodOf,",
        "Option<Vec<MoodOf>>",
        "use schemasync::{DbTable, DbValue};",
    ]);
    let before = number(db, "Mood; of").await;
    db.sync(pulled).await;
    assert_eq!(number(db, "Mood; of").await, before);
});

scenario!(postgres: e12_a_dump_makes_the_types_again, |db| {
    db.sync(everywhere(&mood("sad ok"))).await;
    let (script, _) = db.syncing(&everywhere(&mood("sad ok"))).dump_sql().await.unwrap();
    let fresh = Postgres::create().await;
    fresh.exec("CREATE SCHEMA app").await;
    fresh.exec(&script).await;
    let (here, there) = (db.dump().await, fresh.dump().await);
    fresh.remove().await;
    assert_eq!(here, there);
});

scenario!(postgres: e12_the_script_of_a_plan_does_what_the_run_does, |_db| {
    for next in ["gone sad more ok", "sad ok", "ok sad gone", "lost=gone sad more ok"] {
        let fresh = Postgres::create().await;
        fresh.sync(everywhere(&mood("gone sad ok"))).await;
        fresh.exec("INSERT INTO users (id, mood, now) VALUES (1, 'ok', 'ok'); CREATE VIEW theirs AS SELECT kind FROM app.things WHERE kind = 'ok'").await;
        let model = everywhere(&mood(next));
        let script = fresh.plan(model.clone()).await.to_sql();
        fresh.exec(&script).await;
        let by_hand = fresh.dump().await;
        let report = fresh.run(model.clone()).await;
        assert!(!report.has_errors(), "{report}");
        let left = fresh.dump().await;
        fresh.remove().await;
        assert_eq!(by_hand, left, "{script}");
    }
});

// --- all or nothing ---

scenario!(postgres: e13_what_fails_half_way_is_taken_back_with_all_of_it, |db| {
    db.sync(everywhere(&mood("gone sad ok"))).await;
    db.exec("INSERT INTO users (id, mood) VALUES (1, 'ok')").await;
    db.exec(
        "CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
           IF EXISTS (SELECT 1 FROM pg_event_trigger_ddl_commands() WHERE object_identity = 'app.things') THEN RAISE 'not today'; END IF;
         END $$;
         CREATE EVENT TRIGGER theirs ON ddl_command_end WHEN TAG IN ('ALTER TABLE') EXECUTE FUNCTION refuse()",
    )
    .await;
    let before = (db.dump().await, number(db, "mood").await);
    let report = db.run(everywhere(&mood("sad ok"))).await;
    assert_says(errors(&report, "mood"), &["not today"]);
    assert_says(errors(&report, "users"), &["not today"]);
    assert_eq!((db.dump().await, number(db, "mood").await), before);
    assert_eq!(db.damage().await, Vec::<String>::new());
    db.exec("DROP EVENT TRIGGER theirs").await;
    db.sync(everywhere(&mood("sad ok"))).await;
});

scenario!(postgres: e13_a_trigger_that_holds_a_column_is_named_before_anything_happens, |db| {
    db.sync(everywhere(&mood("gone sad ok"))).await;
    db.exec("CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER theirs AFTER UPDATE OF kind ON app.things FOR EACH ROW EXECUTE FUNCTION nothing()").await;
    let before = (db.dump().await, number(db, "mood").await);
    let report = db.run(everywhere(&mood("sad ok"))).await;
    assert_says(errors(&report, "mood"), &["the type has to be recreated: app.things, which has columns of it, has errors"]);
    assert_says(errors(&report, "app.things"), &["trigger", "theirs"]);
    assert_eq!((db.dump().await, number(db, "mood").await), before);
    db.exec("DROP TRIGGER theirs ON app.things").await;
    db.sync(everywhere(&mood("sad ok"))).await;
});

scenario!(postgres: e13_a_table_that_cannot_change_keeps_its_type, |db| {
    let two = |ty: &str, renamed: &str| model(&format!("{}, {}", table("users", ty, "", ""), table("others", ty, "", renamed)));
    db.sync(two(&mood("gone ok"), "")).await;
    db.exec("CREATE TABLE old_others (id bigint)").await;
    let before = db.dump().await;
    let report = db.run(two(&mood("ok"), r#", "renamed": "old_others""#)).await;
    assert_says(errors(&report, "mood"), &["the type has to be recreated: others, which has columns of it, has errors"]);
    assert_says(errors(&report, "users"), &["depends on type mood, which has errors"]);
    assert_eq!(db.dump().await, before);
});

scenario!(postgres: e13_safe_mode_keeps_a_column_that_keeps_its_type, |db| {
    let ty = mood("sad ok");
    let both = model(&table("users", &ty, &format!(r#", {{"name": "was", "type": {ty}, "nullable": true}}"#), ""));
    db.sync(both).await;
    let next = with_new_label();
    let report = db.syncing(&next).safe(true).run_report().await.unwrap();
    assert_says(errors(&report, "mood"), &["a new label is used in the run that adds it", "column \"was\" of users uses it"]);
    db.sync(next).await;
});

scenario!(postgres: e13_a_native_type_that_is_named_by_hand_is_nobodys, |db| {
    db.exec("CREATE TYPE mood AS ENUM ('sad', 'ok')").await;
    let raw = model(r#"{"name": "users", "columns": [{"name": "id", "type": "int64"}, {"name": "mood", "type": "text", "native": {"postgres": {"type": "mood"}}, "nullable": true}], "primary_key": "id"}"#);
    let report = db.sync(raw.clone()).await;
    assert!(report.entries.iter().all(|entry| entry.object.kind != EntryKind::Type), "{report}");
    db.exec("INSERT INTO users VALUES (1, 'ok')").await;
    let report = db.sync(users(&mood("sad ok more"))).await;
    assert_eq!(found(&report.entries, "users").status, EntryStatus::InSync, "{report}");
    db.sync_with(raw, |sync| sync.allow_revert(true)).await;
    assert_eq!(moods(db, "users").await, ["ok"]);
    assert_eq!(labels(db, "mood").await, ["sad", "ok", "more"]);
});

#[test]
fn e14_text_enums_have_the_fingerprint_that_they_had() {
    let json = users(r#"{"enum": {"name": "mood", "variants": ["sad"]}}"#).to_json();
    assert!(!json.contains("postgres"), "{json}");
}

// --- online ---

scenario!(postgres: e15_online_mode_makes_a_type_anew_in_one_transaction, |db| {
    db.sync(everywhere(&mood("gone sad ok"))).await;
    filled(db).await;
    let report = db.sync_with(everywhere(&mood("sad ok")), |sync| sync.online(true)).await;
    assert!(found(&report.entries, "mood").recreated);
    assert_eq!(labels(db, "mood").await, ["sad", "ok"]);
    still_there(db).await;
});

scenario!(postgres: e15_online_mode_makes_a_text_an_enum_type, |db| {
    let with = |ty: &str| model(&table("users", ty, "", r#", "checks": [{"name": "c", "sql": "mood <> 'sad'"}], "indexes": [{"name": "p", "parts": ["id"], "where": "mood = 'ok'"}]"#));
    db.sync(with("\"text\"")).await;
    db.exec("INSERT INTO users VALUES (1, 'ok')").await;
    db.sync_with(with(&mood("sad ok")), |sync| sync.online(true)).await;
    assert_eq!(moods(db, "users").await, ["ok"]);
    db.assert_like_new(with(&mood("sad ok"))).await;
});
