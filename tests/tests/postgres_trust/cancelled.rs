//! A run whose future is dropped, at each of its messages: before the server has it, and before its answer is there.

use super::users;
use schemasync::{Error, SchemaSync};
use schemasync_tests::proxy::{Held, Proxy};
use schemasync_tests::{TestDatabase, assert_says, scenario};
use sqlx::postgres::PgPoolOptions;
use std::future::Future;

/// All that a run changes in its session.
const SETTINGS: &str = "SELECT concat_ws(' ', current_setting('search_path'), current_setting('lock_timeout'), current_setting('statement_timeout'), current_setting('TimeZone'), current_setting('DateStyle'), current_setting('row_security'), current_setting('application_name'), current_setting('jit'), current_setting('idle_in_transaction_session_timeout'), (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()))";

/// Drops the run where the message of that number is held back, or the answer to it; whether it was done before.
async fn broken_off(proxy: &Proxy, what: Held, at: usize, run: impl Future<Output = ()>) -> bool {
    proxy.hold(what, at);
    let done = tokio::select! { biased; () = run => true, () = proxy.held() => false };
    proxy.release();
    done
}

scenario!(postgres: s7_what_is_cancelled_leaves_nothing_behind, |db| {
    let (first, second) = (users(""), users(r#"{"name": "email", "type": "text", "nullable": true}"#));
    let proxy = Proxy::before(db.options()).await;
    let pool = PgPoolOptions::new().max_connections(1).connect_with(proxy.options()).await.unwrap();
    let settings: String = sqlx::query_scalar(SETTINGS).persistent(false).fetch_one(&pool).await.unwrap();
    for what in [Held::Message, Held::Answer] {
        for way in 0..3 {
            db.exec("DROP TABLE IF EXISTS users, __schemasync_state, __schemasync_history").await;
            db.sync(first.clone()).await;
            let mut broken = 0;
            loop {
                let on = || SchemaSync::new(&pool).schema(second.clone()).force(true);
                let run = async {
                    match way {
                        0 => drop(on().plan().await.unwrap()),
                        1 => drop(on().online(true).run_report().await.unwrap()),
                        _ => drop(on().run_report().await.unwrap()),
                    }
                };
                let done = broken_off(&proxy, what, broken + 1, run).await;
                let after: String = sqlx::query_scalar(SETTINGS).persistent(false).fetch_one(&pool).await.unwrap();
                assert_eq!(after, settings, "way {way}, {what:?} {}", broken + 1);
                let open = sqlx::raw_sql("SAVEPOINT nowhere").execute(&pool).await;
                open.expect_err(&format!("way {way}, {what:?} {}: a transaction is open", broken + 1));
                if done {
                    break;
                }
                broken += 1;
                assert!(broken < 200, "way {way} is never done");
            }
            println!("way {way}: broken off at {broken} messages ({what:?})");
            assert!(broken > 5, "{broken}");
            assert_eq!(db.columns("users").await.len(), if way == 0 { 1 } else { 2 });
        }
    }
    pool.close().await;
});

scenario!(postgres: s7_what_is_cancelled_on_a_borrowed_connection_leaves_no_settings_and_writes_nothing, |db| {
    let (first, second) = (users(""), users(r#"{"name": "email", "type": "text", "nullable": true}"#));
    let proxy = Proxy::before(db.options()).await;
    let mut connection = <sqlx::PgConnection as sqlx::Connection>::connect_with(&proxy.options()).await.unwrap();
    let settings: String = sqlx::query_scalar(SETTINGS).persistent(false).fetch_one(&mut connection).await.unwrap();
    let mut beginnings = 0;
    for what in [Held::Message, Held::Answer] {
        for writes in [false, true] {
            db.exec("DROP TABLE IF EXISTS users, __schemasync_state, __schemasync_history").await;
            db.sync(first.clone()).await;
            let mut broken = 0;
            loop {
                let sync = SchemaSync::new(&mut connection).schema(second.clone()).force(true);
                let run = async {
                    if writes { drop(sync.run().await.unwrap()) } else { drop(sync.plan().await.unwrap()) }
                };
                let done = broken_off(&proxy, what, broken + 1, run).await;
                if sqlx::raw_sql("SAVEPOINT nowhere").execute(&mut connection).await.is_ok() {
                    // Cancelled while it began: its owner is told at the first write, and the server ends it when it is left alone.
                    beginnings += 1;
                    let said = sqlx::raw_sql("INSERT INTO users VALUES (1)").execute(&mut connection).await.unwrap_err().to_string();
                    assert_says(said, &["read-only transaction"]);
                    sqlx::raw_sql("ROLLBACK").execute(&mut connection).await.unwrap();
                }
                let after: String = sqlx::query_scalar(SETTINGS).persistent(false).fetch_one(&mut connection).await.unwrap();
                assert_eq!(after, settings, "writes {writes}, {what:?} {}", broken + 1);
                if done {
                    break;
                }
                broken += 1;
                assert!(broken < 200, "writes {writes}: never done");
            }
            assert!(broken > 5, "{broken}");
            assert_eq!(db.columns("users").await.len(), if writes { 2 } else { 1 });
        }
    }
    // One message of each run.
    assert_eq!(beginnings, 4);
});

scenario!(postgres: s7_online_takes_no_borrowed_connection_and_closes_its_own, |db| {
    let (first, second) = (users(""), users(r#"{"name": "email", "type": "text", "nullable": true}"#));
    db.sync(first).await;
    let mut connection = db.connect().await;
    let settings: String = sqlx::query_scalar(SETTINGS).persistent(false).fetch_one(&mut connection).await.unwrap();
    let error = SchemaSync::new(&mut connection).schema(second.clone()).online(true).run().await.unwrap_err();
    assert!(matches!(error, Error::Refused(_)), "{error}");
    assert_says(error.to_string(), &["borrowed connection", "SchemaSync::new(connection)"]);
    let after: String = sqlx::query_scalar(SETTINGS).persistent(false).fetch_one(&mut connection).await.unwrap();
    assert_eq!(after, settings);
    // A plan only reads.
    SchemaSync::new(&mut connection).schema(second.clone()).online(true).plan().await.unwrap();
    // One of its own is closed, whether it is cancelled or comes to its end.
    const OPEN: &str = "SELECT count(*)::text FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'its own'";
    let proxy = Proxy::before(db.options().application_name("its own")).await;
    let mut broken = 0;
    loop {
        let own = <sqlx::PgConnection as sqlx::Connection>::connect_with(&proxy.options()).await.unwrap();
        let sync = SchemaSync::new(own).schema(second.clone()).online(true).force(true);
        let done = broken_off(&proxy, Held::Answer, broken + 1, async { drop(sync.run().await.unwrap()) }).await;
        for _ in 0..1000 {
            if db.texts(OPEN).await == ["0"] {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        assert_eq!(db.texts(OPEN).await, ["0"], "answer {}", broken + 1);
        if done {
            break;
        }
        broken += 1;
        assert!(broken < 200, "never done");
    }
    assert!(broken > 5, "{broken}");
    db.assert_settled(&second).await;
});
