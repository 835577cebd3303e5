//! Values under a new type: what would be lost is counted, whatever the type and whoever asks.

use super::users;
use schemasync::SchemaSync;
use schemasync_tests::{TestDatabase, assert_says, errors, scenario};

fn native(ty: &str) -> schemasync::Schema {
    users(&format!(r#"{{"name": "v", "type": "text", "native": {{"postgres": {{"type": "{ty}"}}}}}}"#))
}

scenario!(postgres: c5_what_a_modifier_would_round_is_counted, |db| {
    for (from, to, good, bad) in [
        ("numeric(6,3)[]", "numeric(6,1)[]", "{1.200}", "{1.234}"),
        ("text[]", "numeric(4,1)[]", "{1.5}", "{1.55}"),
        ("timestamp[]", "date[]", "{2024-01-01}", "{2024-01-01 10:00}"),
        ("double precision[]", "real[]", "{0.5}", "{0.123456789}"),
        ("varchar(9)[]", "varchar(2)[]", "{ab}", "{abc}"),
        ("timestamp(6)", "timestamp(0)", "2024-01-01 10:00:00", "2024-01-01 10:00:00.5"),
        ("timestamp", "timestamptz(3)", "2024-01-01 10:00:00.123", "2024-01-01 10:00:00.1234"),
        ("text", "time(0)", "10:00:00", "10:00:00.5"),
        ("interval", "interval(0)", "10 seconds", "10.5 seconds"),
    ] {
        db.exec("DROP TABLE IF EXISTS users").await;
        db.sync_with(native(from), |sync| sync.allow_revert(true)).await;
        db.exec(&format!("INSERT INTO users VALUES (1, '{good}'), (2, '{bad}')")).await;
        let before = db.dump().await;
        let report = db.syncing(&native(to)).allow_revert(true).run_report().await.unwrap();
        assert_says(errors(&report, "users"), &["1 value cannot be converted", "id = 2"]);
        assert_eq!(db.dump().await, before);
        db.exec("DELETE FROM users WHERE id = 2").await;
        db.sync_with(native(to), |sync| sync.allow_revert(true)).await;
        // And back, which loses nothing.
        let back = db.syncing(&native(from)).allow_revert(true).run_report().await.unwrap();
        assert!(!back.has_errors(), "{to} -> {from}: {back}");
        assert_eq!(db.value("SELECT count(*) FROM users").await, "1");
    }
});

scenario!(postgres: c5_values_that_become_one_are_counted_where_they_must_not, |db| {
    for (from, to, rows) in [
        (r#""type": "text""#, r#""type": "int32""#, "(1, '7'), (2, '07')"),
        (r#""type": "text""#, r#""type": "text", "collate": "nocase""#, "(1, 'a'), (2, 'A')"),
    ] {
        for key in [false, true] {
            db.exec("DROP TABLE IF EXISTS users").await;
            let with = |ty: &str| {
                let (key, more) = if key { ("v", "") } else { ("id", r#", "indexes": [{"name": "v", "kind": "unique", "parts": ["v"]}]"#) };
                crate::model(&format!(r#"{{"name": "users", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "v", {ty}}}], "primary_key": "{key}"{more}}}"#))
            };
            let report = db.syncing(&with(from)).allow_revert(true).run_report().await.unwrap();
            assert!(!report.has_errors(), "{report}");
            db.exec(&format!("INSERT INTO users VALUES {rows}")).await;
            let before = db.dump().await;
            let plan = db.syncing(&with(to)).allow_revert(true).plan().await.unwrap();
            assert_says(plan.entries[0].errors.join(" "), &["1 value would be there more than once", "2 rows"]);
            let report = db.syncing(&with(to)).allow_revert(true).run_report().await.unwrap();
            assert_eq!(errors(&report, "users"), plan.entries[0].errors.join("\n"));
            assert_eq!(db.dump().await, before);
        }
    }
});

scenario!(postgres: x1_values_that_do_not_convert_become_null_where_the_column_becomes_optional, |db| {
    db.sync(users(r#"{"name": "v", "type": "text"}"#)).await;
    db.exec("INSERT INTO users VALUES (1, '7'), (2, 'x')").await;
    db.sync_with(users(r#"{"name": "v", "type": "int32", "nullable": true}"#), |sync| sync.allow_lossy(true)).await;
    assert_eq!(db.rows("SELECT v FROM users ORDER BY id").await, [["7"], ["NULL"]]);
});

scenario!(postgres: c8_the_words_of_the_server_do_not_depend_on_who_asks, |db| {
    let schema = users(
        r#"{"name": "i", "type": "text", "native": {"postgres": {"type": "interval"}}, "default": {"sql": "'1 day 02:00'"}},
           {"name": "b", "type": "bytes", "default": {"sql": "'\\xdeadbeef'::bytea"}}, {"name": "select", "type": "text", "nullable": true, "generated": {"sql": "id::text || 'it''s \\'", "stored": true}},
           {"name": "at", "type": "timestamp", "default": {"sql": "'2020-02-03 04:05:06+00'"}}"#,
    );
    db.sync(schema.clone()).await;
    let settings = [
        ("intervalstyle", "sql_standard"), ("bytea_output", "escape"), ("timezone", "Asia/Tokyo"), ("datestyle", "German"), ("quote_all_identifiers", "on"), ("standard_conforming_strings", "off"),
    ];
    for (name, value) in settings {
        db.exec(&format!("ALTER DATABASE {} SET {name} = '{value}'", db.name)).await;
        let mut connection = db.connect().await;
        let plan = SchemaSync::new(&mut connection).schema(schema.clone()).plan().await.unwrap();
        assert!(plan.is_empty(), "{name} = {value}: {}", plan.to_sql());
        let report = SchemaSync::new(&mut connection).schema(schema.clone()).force(true).run_report().await.unwrap();
        assert_eq!(report.status, schemasync::RunStatus::UpToDate, "{name}: {report}");
        // An online run sets back what it sets for its session.
        let pool = sqlx::postgres::PgPoolOptions::new().max_connections(1).connect_with(db.options()).await.unwrap();
        let show = || sqlx::query_scalar::<_, String>(sqlx::AssertSqlSafe(format!("SHOW {name}"))).fetch_one(&pool);
        let before = show().await.unwrap();
        let report = SchemaSync::new(&pool).schema(schema.clone()).force(true).online(true).run_report().await.unwrap();
        assert!(!report.has_errors(), "{report}");
        let after = show().await.unwrap();
        pool.close().await;
        assert_eq!(before, after);
    }
});

scenario!(postgres: p2_rows_that_a_policy_hides_are_not_left_out_of_a_count, |db| {
    let role = format!("{}_owner", db.name);
    db.exec(&format!("CREATE ROLE {role} LOGIN; GRANT ALL ON SCHEMA public TO {role}")).await;
    let options = db.options().options([("role", &role)]);
    let pool = sqlx::postgres::PgPoolOptions::new().connect_with(options).await.unwrap();
    let sync = |schema| SchemaSync::new(&pool).schema(schema).run_report();
    let report = sync(native("numeric(6,3)")).await.unwrap();
    assert!(!report.has_errors(), "{report}");
    db.exec("INSERT INTO users VALUES (1, 1.234); ALTER TABLE users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY").await;
    let report = sync(native("numeric(6,1)")).await.unwrap();
    assert_says(errors(&report, "users"), &["row-level security"]);
    let report = sync(users("")).await.unwrap();
    assert_says(errors(&report, "users"), &["row-level security"]);
    assert_eq!(db.texts("SELECT v FROM users").await, ["1.234"]);
    pool.close().await;
    db.exec(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).await;
});

scenario!(postgres: i2_a_unique_index_over_values_that_are_replaced_is_made_in_the_same_run, |db| {
    db.sync(users(r#"{"name": "v", "type": "text"}"#)).await;
    db.exec("INSERT INTO users VALUES (1, '1'), (2, 'zz')").await;
    let unique = r#", "indexes": [{"name": "v", "kind": "unique", "parts": ["v"]}]"#;
    let after = crate::model(&crate::table("users", r#"{"name": "v", "type": "int64", "default": 7}"#, unique));
    db.sync_with(after.clone(), |sync| sync.allow_lossy(true)).await;
    assert_eq!(db.rows("SELECT v FROM users ORDER BY id").await, [["1"], ["7"]]);
    db.assert_like_new(after).await;
});

scenario!(postgres: p1_a_native_type_that_safe_mode_holds_back_is_said_and_done_later, |db| {
    for (native, worded, waits) in [("NUMERIC(5 , 2)", "numeric(5,2)", true), ("INT", "integer", true), ("VARCHAR (9)", "character varying(9)", true), ("VARCHAR", "character varying", false)] {
        db.exec("DROP TABLE IF EXISTS users").await;
        let made = r#", {"name": "made", "type": "text", "nullable": true, "generated": {"sql": "v::text || 'x'", "stored": true}}"#;
        let native = format!(r#"{{"name": "v", "type": "text", "nullable": true, "native": {{"postgres": {{"type": "{native}"}}}}}}{made}"#);
        db.sync_with(users(&format!(r#"{{"name": "v", "type": "text", "nullable": true}}{made}"#)), |sync| sync.allow_revert(true).force(true)).await;
        db.exec("INSERT INTO users (id, v) VALUES (1, '7')").await;
        let report = db.sync_with(users(&native), |sync| sync.safe(true)).await;
        let withheld: Vec<&str> = schemasync_tests::found(&report.entries, "users").withheld.iter().map(|item| item.what.as_str()).collect();
        assert_eq!(withheld, if waits { vec![format!("alter column \"v\" (text → {worded})")] } else { vec![] });
        db.sync_with(users(&native), |sync| sync.force(true)).await;
        assert_eq!(db.rows("SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname = 'v'").await, [[format!("'{worded}'")]]);
        db.assert_like_new(users(&native)).await;
    }
});
