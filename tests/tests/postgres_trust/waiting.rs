//! Waiting for others has an end, and it is said who is waited for.

use super::users;
use schemasync::{Result, SchemaSync};
use schemasync_tests::{Postgres, Recorder, TestDatabase, assert_says, scenario};
use sqlx::postgres::PgPoolOptions;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const SHORT: Duration = Duration::from_millis(700);

fn text(said: Result<String>) -> String {
    said.unwrap_or_else(|error| error.to_string())
}

scenario!(postgres: s5_no_statement_waits_longer_than_was_said, |db| {
    let (first, second) = (users(r#"{"name": "email", "type": "text", "nullable": true}"#), users(r#"{"name": "email", "type": {"varchar": 20}}"#));
    db.sync(first.clone()).await;
    db.exec("INSERT INTO users VALUES (1, 'a'); CREATE VIEW mails AS SELECT email FROM users").await;
    let options = db.options().application_name("the holder");
    let holders = PgPoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
    for locked in ["ALTER TABLE users ADD COLUMN more text", "LOCK TABLE users IN ACCESS EXCLUSIVE MODE", "CREATE OR REPLACE VIEW mails AS SELECT email, 1 AS n FROM users"] {
        let mut holder = holders.begin().await.unwrap();
        sqlx::raw_sql(sqlx::AssertSqlSafe(locked)).execute(&mut *holder).await.unwrap();
        let on = || SchemaSync::new(&db.pool).schema(second.clone()).lock_timeout(SHORT);
        let ways = ["plan", "run", "online", "drift", "status", "dump"];
        for way in ways {
            let started = Instant::now();
            let said = match way {
                "plan" => on().plan().await.map(|plan| plan.to_string()),
                "run" => on().run_report().await.map(|report| report.to_string()),
                "online" => on().online(true).run_report().await.map(|report| report.to_string()),
                "drift" => on().drift().await.map(|drift| format!("{drift:?}")),
                "status" => on().status().await.map(|status| format!("{status:?}")),
                _ => on().dump_sql().await.map(|(sql, _)| sql),
            };
            let (waited, said) = (started.elapsed(), text(said));
            assert!(waited < Duration::from_secs(6), "{way} behind {locked}: {waited:?}, {said}");
            // What needs the table says who has it.
            if ["plan", "run", "online"].contains(&way) && !locked.contains("VIEW") {
                assert_says(&said, &["lock timeout", "of the holder, user postgres, holds AccessExclusiveLock on public.users"]);
            }
        }
        holder.rollback().await.unwrap();
    }
    holders.close().await;
    db.exec("DROP VIEW mails; UPDATE users SET email = 'b'").await;
    db.sync(second).await;
});

scenario!(postgres: a_run_has_a_name_where_the_caller_gives_none, |db| {
    let name = concat!("schemasync ", env!("CARGO_PKG_VERSION"));
    for (given, seen) in [("", name), ("my app", "my app")] {
        let pool = PgPoolOptions::new().max_connections(1).connect_with(db.options().application_name(given)).await.unwrap();
        let mut holder = db.pool.begin().await.unwrap();
        sqlx::raw_sql("SELECT pg_advisory_xact_lock(x'73636873'::int, 1)").execute(&mut *holder).await.unwrap();
        for online in [false, true] {
            let run = SchemaSync::new(&pool).schema(users("")).force(true).online(online).lock_timeout(SHORT).run_report();
            let look = async {
                tokio::time::sleep(Duration::from_millis(300)).await;
                db.texts(&format!("SELECT application_name FROM pg_stat_activity WHERE datname = current_database() AND application_name = '{seen}'")).await
            };
            let (said, names) = tokio::join!(run, look);
            assert_says(said.unwrap_err().to_string(), &["another sync holds the lock of this database (process "]);
            assert_eq!(names, [seen], "{given:?}, online {online}");
            let after: String = sqlx::query_scalar("SHOW application_name").persistent(false).fetch_one(&pool).await.unwrap();
            assert_eq!(after, given);
        }
        holder.rollback().await.unwrap();
        pool.close().await;
    }
});

scenario!(postgres: an_added_column_with_a_default_counts_no_rows, |db| {
    db.sync(users("")).await;
    db.exec("INSERT INTO users SELECT generate_series(1, 1000)").await;
    let pool = PgPoolOptions::new().max_connections(1).connect_with(db.recorded()).await.unwrap();
    let recorder = Recorder::default();
    let with_default = users(r#"{"name": "plan", "type": "text", "default": {"text": "free"}}"#);
    {
        let _guard = tracing::subscriber::set_default(recorder.clone());
        SchemaSync::new(&pool).schema(with_default.clone()).plan().await.unwrap();
        let report = SchemaSync::new(&pool).schema(with_default.clone()).run_report().await.unwrap();
        assert!(!report.has_errors(), "{report}");
    }
    let statements = recorder.events("sqlx::query");
    assert!(statements.iter().any(|sql| sql.contains("ADD COLUMN")), "{statements:#?}");
    let counting: Vec<&String> = statements.iter().filter(|sql| sql.contains("count(*)")).collect();
    assert!(counting.is_empty(), "{counting:#?}");
    assert_eq!(db.texts("SELECT count(*)::text FROM users WHERE plan = 'free'").await, ["1000"]);
    pool.close().await;
});

/// How long readers of a table wait, until they are told to end.
async fn longest_read(db: &Postgres, sql: &'static str, end: Arc<AtomicBool>) -> tokio::task::JoinHandle<Duration> {
    let mut connection = db.connect().await;
    tokio::spawn(async move {
        let mut longest = Duration::ZERO;
        while !end.load(Ordering::Relaxed) {
            let started = Instant::now();
            sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
            longest = longest.max(started.elapsed());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        longest
    })
}

scenario!(postgres: s8_a_table_that_is_done_is_not_locked_while_another_is_waited_for, |db| {
    let schema = |more: &str| {
        let table = |name: &str, rest: &str| format!(r#"{{"name": "{name}", "columns": [{{"name": "id", "type": "int64"}}{more}], "primary_key": "id"{rest}}}"#);
        let key = if more.is_empty() { "" } else { r#", "foreign_keys": [{"columns": ["id"], "target": "z", "target_columns": ["id"]}]"# };
        let view = if more.is_empty() { "SELECT id FROM z" } else { "SELECT id, 1 AS n FROM z" };
        crate::model(&format!(r#"{}, {}, {} VIEWS {{"name": "seen", "sql": "{view}"}}"#, table("a", ""), table("b", key), table("z", "")))
    };
    let (first, second) = (schema(""), schema(r#", {"name": "more", "type": "text", "nullable": true}"#));
    for (locked, online) in [("ALTER TABLE b ADD COLUMN theirs text", false), ("SELECT count(*) FROM z", false), ("SELECT count(*) FROM seen", false), ("ALTER TABLE b ADD COLUMN theirs text", true)] {
        db.sync(first.clone()).await;
        let mut holder = db.pool.begin().await.unwrap();
        sqlx::raw_sql(locked).execute(&mut *holder).await.unwrap();
        let end = Arc::new(AtomicBool::new(false));
        let readers = [longest_read(db, "SELECT count(*) FROM a", end.clone()).await, longest_read(db, "SELECT count(*) FROM b WHERE false", end.clone()).await];
        let run = db.syncing(&second).online(online).lock_timeout(Duration::from_secs(60)).run_report();
        let letting_go = async {
            tokio::time::sleep(Duration::from_secs(6)).await;
            holder.rollback().await.unwrap();
        };
        let (report, ()) = tokio::join!(run, letting_go);
        let report = report.unwrap();
        assert!(!report.has_errors(), "{report}");
        end.store(true, Ordering::Relaxed);
        let [a, b] = readers;
        let (a, b) = (a.await.unwrap(), b.await.unwrap());
        println!("{locked}, online {online}: readers of a waited {a:?} at most, of b {b:?}");
        assert!(a < Duration::from_millis(2_800), "{locked}, online {online}: {a:?}");
        db.exec("DROP VIEW seen; DROP TABLE b, a, z, __schemasync_state, __schemasync_history").await;
    }
});

scenario!(postgres: s8_what_others_hold_for_good_is_an_error_of_its_entry_alone, |db| {
    let schema = |more: &str| {
        let table = |name: &str| format!(r#"{{"name": "{name}", "columns": [{{"name": "id", "type": "int64"}}{more}], "primary_key": "id"}}"#);
        crate::model(&format!("{}, {}, {}", table("a"), table("b"), table("c")))
    };
    let second = schema(r#", {"name": "more", "type": "text", "nullable": true}"#);
    db.sync(schema("")).await;
    let mut holder = db.pool.begin().await.unwrap();
    sqlx::raw_sql("LOCK TABLE b IN ROW EXCLUSIVE MODE").execute(&mut *holder).await.unwrap();
    let report = db.syncing(&second).lock_timeout(Duration::from_secs(3)).run_report().await.unwrap();
    holder.rollback().await.unwrap();
    assert_says(schemasync_tests::errors(&report, "b"), &["lock timeout", "holds RowExclusiveLock on public.b"]);
    assert_eq!([db.columns("a").await.len(), db.columns("b").await.len(), db.columns("c").await.len()], [2, 1, 2]);
    db.sync(second).await;
});
