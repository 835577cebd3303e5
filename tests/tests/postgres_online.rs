//! Online mode on PostgreSQL: tables in use, runs that are broken off, and what the next run makes of it.

#![allow(missing_docs, reason = "tests")]

use schemasync::change::StepIsolation;
use schemasync::{Error, RunStatus, Schema, SchemaSync};
use schemasync_tests::{Postgres, TestDatabase, assert_says, errors, scenario};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, Executor};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

const OLD: &str = r#"{"schemasync": 1, "tables": [
  {"name": "accounts", "columns": [{"name": "id", "type": "int64"}, {"name": "mail", "type": "text", "nullable": true}, {"name": "plan", "type": "text", "nullable": true}], "primary_key": "id",
   "indexes": [{"name": "mail", "parts": ["mail"]}]},
  {"name": "orders", "columns": [{"name": "id", "type": "int64", "default": {"increment": 1}}, {"name": "account", "type": "int64"}, {"name": "price", "type": "int64"}], "primary_key": "id"}
], "views": []}"#;

/// An index that comes, one that changes, columns that become required (with and without a default), a check, a key, a column, a table.
const NEW: &str = r#"{"schemasync": 1, "tables": [
  {"name": "accounts", "columns": [{"name": "id", "type": "int64"}, {"name": "mail", "type": "text"}, {"name": "plan", "type": "text", "default": {"text": "free"}}, {"name": "note", "type": "text", "nullable": true}], "primary_key": "id",
   "indexes": [{"name": "mail", "kind": "unique", "parts": ["mail"], "include": ["plan"]}, {"name": "plan", "parts": ["plan", {"column": "id", "order": "desc"}], "where": "plan <> 'free'"}]},
  {"name": "orders", "columns": [{"name": "id", "type": "int64", "default": {"increment": 1}}, {"name": "account", "type": "int64"}, {"name": "price", "type": "int64"}], "primary_key": "id",
   "checks": [{"name": "paid", "sql": "price >= 0"}],
   "foreign_keys": [{"columns": "account", "target": "accounts", "target_columns": "id", "on_delete": "cascade"}]},
  {"name": "mails", "columns": [{"name": "id", "type": "int64"}, {"name": "mail", "type": "text"}], "primary_key": "id",
   "foreign_keys": [{"columns": "mail", "target": "accounts", "target_columns": "mail"}]}
], "views": []}"#;

fn schema(json: &str) -> Schema {
    Schema::from_json(json).unwrap_or_else(|error| panic!("{error}"))
}

async fn filled(db: &Postgres) {
    db.sync(schema(OLD)).await;
    db.exec("INSERT INTO accounts SELECT i, 'mail ' || i, CASE WHEN i % 3 = 0 THEN 'paid' END FROM generate_series(1, 5000) i").await;
    db.exec("INSERT INTO orders (account, price) SELECT i, i FROM generate_series(1, 5000) i; ANALYZE").await;
}

async fn is_new(db: &Postgres) {
    assert_eq!(db.value("SELECT count(*) FROM accounts WHERE plan = 'free'").await, "3334");
    assert_eq!(db.damage().await, Vec::<String>::new());
    db.assert_settled(&schema(NEW)).await;
    db.assert_like_new(schema(NEW)).await;
}

scenario!(postgres: online_does_what_a_normal_run_does, |db| {
    filled(db).await;
    let report = db.sync_with(schema(NEW), |sync| sync.online(true)).await;
    assert_eq!(report.status, RunStatus::Synced);
    let all = report.statements.join("\n");
    assert_says(&all, &["CONCURRENTLY", "NOT VALID", "VALIDATE CONSTRAINT", "SET NOT NULL"]);
    is_new(db).await;
    assert_eq!(db.texts("SELECT current_setting('lock_timeout') || current_setting('search_path')").await, ["0\"$user\", public"]);
    assert_eq!(db.value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())").await, "0");
});

scenario!(postgres: a_plan_tells_locks_and_rewrites, |db| {
    filled(db).await;
    let plan = db.syncing(&schema(NEW)).online(true).plan().await.unwrap();
    assert_says(plan.to_string(), &["lock SHARE UPDATE EXCLUSIVE, reads the table (about 5,000 rows), outside of transactions", "lock ACCESS EXCLUSIVE, in a transaction of its own"]);
    assert_says(plan.to_string(), &["· locks: each transaction waits a moment for its own", "lets go of everything", "lock_timeout"]);
    assert_says(plan.to_sql(), &["-- lock SHARE ROW EXCLUSIVE, in a transaction of its own", "-- lock ROW EXCLUSIVE, reads the table (about 5,000 rows), in batches"]);
    let json = plan.to_json().unwrap();
    assert_says(&json, &["\"lock\": \"SHARE UPDATE EXCLUSIVE\"", "\"isolation\": \"autocommit\"", "\"estimated_rows\""]);
    assert_eq!(schemasync::Plan::from_json(&json).unwrap(), plan);
    // And it can be applied.
    let report = db.syncing(&schema(NEW)).online(true).apply(&plan).await.unwrap();
    assert!(!report.has_errors(), "{report}");
    // The normal mode tells its own.
    db.exec("ALTER TABLE accounts ALTER note TYPE integer USING NULL; DROP INDEX schemasync__accounts__plan").await;
    let plan = db.syncing(&schema(NEW)).force(true).plan().await.unwrap();
    assert_says(plan.to_string(), &["lock ACCESS EXCLUSIVE, rewrites the table (about 5,000 rows)", "lock SHARE, reads the table (about 5,000 rows)"]);
    assert_says(plan.to_string(), &["· locks: those of all steps are taken together, before the first statement", "lets go of everything", "lock_timeout"]);
    // What makes new tables alone waits for nobody.
    let empty = Postgres::create().await;
    assert!(!empty.plan(schema(NEW)).await.to_string().contains("· locks"));
    empty.remove().await;
    assert!(plan.steps.iter().all(|step| step.isolation == StepIsolation::Unit));
});

scenario!(sqlite: online_changes_nothing_where_there_is_no_such_mode, |db| {
    let report = db.syncing(&schema(OLD)).online(true).run_report().await.unwrap();
    assert_says(report.to_string(), &["Synced", "no online mode"]);
    db.assert_settled(&schema(OLD)).await;
});

/// Writers that insert and update until they are told to stop; each bounds its waits for locks.
async fn while_written(db: &Postgres, bound: Duration, run: impl AsyncFnOnce()) -> (usize, Vec<String>) {
    let bound = format!("{}", bound.as_millis());
    let pool = PgPoolOptions::new()
        .max_connections(4)
        .connect_with(db.options().options([("lock_timeout", bound.as_str())]))
        .await
        .unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let written = Arc::new(AtomicUsize::new(0));
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let (pool, stop, written) = (pool.clone(), stop.clone(), written.clone());
            tokio::spawn(async move {
                let mut failed = Vec::new();
                let mut n = 0;
                while !stop.load(Ordering::Relaxed) {
                    n += 1;
                    let id = 10_000 + n * 4 + writer;
                    let sql = match n % 3 {
                        0 => format!("INSERT INTO accounts (id, mail) VALUES ({id}, 'mail {id}')"),
                        1 => format!("INSERT INTO orders (account, price) VALUES ({}, {n})", 1 + n % 5000),
                        _ => format!("UPDATE orders SET price = price + 1 WHERE id = {}", 1 + (n * 7 + writer) % 5000),
                    };
                    match pool.execute(AssertSqlSafe(sql)).await {
                        Ok(_) => drop(written.fetch_add(1, Ordering::Relaxed)),
                        Err(error) => failed.push(error.to_string()),
                    }
                }
                failed
            })
        })
        .collect();
    run().await;
    stop.store(true, Ordering::Relaxed);
    let mut failed = Vec::new();
    for writer in writers {
        failed.extend(writer.await.unwrap());
    }
    pool.close().await;
    (written.load(Ordering::Relaxed), failed)
}

scenario!(postgres: while_others_write_no_write_waits_longer_than_the_lock_timeout, |db| {
    filled(db).await;
    // A reader that holds each table for longer than a writer would wait behind a change that waits for it.
    let mut reader = db.connect().await;
    let reading = tokio::spawn(async move {
        for _ in 0..2 {
            for table in ["accounts", "orders"] {
                reader.execute(AssertSqlSafe(format!("BEGIN; SELECT 1 FROM {table} LIMIT 1; SELECT pg_sleep(1.2); COMMIT"))).await.unwrap();
            }
        }
    });
    let timeout = Duration::from_millis(400);
    let (written, failed) = while_written(db, timeout * 2, async || {
        // A run gives a table up after that time; the next one goes on where it stopped.
        for _ in 0..60 {
            let report = db.syncing(&schema(NEW)).online(true).lock_timeout(timeout).run_report().await.unwrap();
            if !report.has_errors() {
                return;
            }
            let said = report.to_string();
            assert!(said.contains("lock timeout") || said.contains("deadlock") || said.contains("depends on"), "{said}");
        }
        panic!("it does not come to an end");
    })
    .await;
    reading.await.unwrap();
    assert_eq!(failed, Vec::<String>::new());
    assert!(written > 100, "{written} writes");
    assert_eq!(db.damage().await, Vec::<String>::new());
    db.assert_settled(&schema(NEW)).await;
    db.assert_like_new(schema(NEW)).await;
});

scenario!(postgres: an_index_behind_an_open_transaction_is_given_up_and_made_next_time, |db| {
    filled(db).await;
    let mut holder = db.connect().await;
    holder.execute("BEGIN; UPDATE accounts SET mail = 'held' WHERE id = 1").await.unwrap();
    let changed = schema(&OLD.replacen(r#""parts": ["mail"]"#, r#""parts": ["mail", "plan"]"#, 1));
    let report = db.syncing(&changed).online(true).lock_timeout(Duration::from_millis(300)).run_report().await.unwrap();
    assert_says(errors(&report, "accounts"), &["lock timeout", "the next run tries again"]);
    // The old index is still there and serves.
    assert_says(db.indexes("accounts").await.join("\n"), &["schemasync__accounts__mail: (mail)"]);
    holder.execute("ROLLBACK").await.unwrap();
    db.sync_with(changed.clone(), |sync| sync.online(true)).await;
    db.assert_like_new(changed).await;
    db.sync_with(schema(NEW), |sync| sync.online(true)).await;
    is_new(db).await;
});

scenario!(postgres: online_what_the_data_does_not_allow_is_taken_back, |db| {
    filled(db).await;
    // After the plan has looked: a trigger of the test breaks each rule when the first entry is done.
    db.exec("CREATE FUNCTION spoil() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
      IF tg_tag = 'CREATE TABLE' THEN UPDATE orders SET price = -1 WHERE id = 7; UPDATE orders SET account = 99999 WHERE id = 8; UPDATE accounts SET mail = 'twice' WHERE id IN (1, 2); END IF; END $$;
      CREATE EVENT TRIGGER spoil ON ddl_command_end EXECUTE FUNCTION spoil()").await;
    let report = db.syncing(&schema(NEW)).online(true).run_report().await.unwrap();
    assert_says(errors(&report, "orders"), &["violated by some row", "violates foreign key"]);
    assert_says(errors(&report, "accounts"), &["could not create unique index"]);
    assert_eq!(db.damage().await, Vec::<String>::new());
    assert_eq!(db.texts("SELECT conname FROM pg_constraint WHERE NOT convalidated").await, Vec::<String>::new());
    db.exec("DROP EVENT TRIGGER spoil; UPDATE orders SET price = 1 WHERE id = 7; UPDATE orders SET account = 8 WHERE id = 8; UPDATE accounts SET mail = 'mail ' || id WHERE id IN (1, 2)").await;
    db.sync_with(schema(NEW), |sync| sync.online(true)).await;
    is_new(db).await;
});

scenario!(postgres: what_an_online_run_leaves_behind_is_finished_by_any_run, |db| {
    for online in [true, false] {
        db.exec("DROP SCHEMA public CASCADE; CREATE SCHEMA public").await;
        filled(db).await;
        let plan = db.syncing(&schema(NEW)).online(true).plan().await.unwrap();
        let later: Vec<_> = plan.steps.iter().filter(|step| step.isolation != StepIsolation::Unit).collect();
        assert!(later.len() > 8, "{plan}");
        // The first part of each change, as a crash would leave it.
        db.exec("ALTER TABLE orders ADD CONSTRAINT schemasync__fk__orders__account FOREIGN KEY (account) REFERENCES accounts (id) ON DELETE CASCADE NOT VALID;
          ALTER TABLE orders ADD CONSTRAINT schemasync__check__orders__paid CHECK (price >= 0) NOT VALID;
          ALTER TABLE accounts ADD CONSTRAINT schemasync__check__accounts__not_null_mail CHECK (mail IS NOT NULL) NOT VALID;
          CREATE INDEX schemasync__accounts__plan ON accounts (plan, id DESC) WHERE plan <> 'free';
          CREATE UNIQUE INDEX schemasync__online__unique__accounts__mail ON accounts (mail);
          UPDATE pg_index SET indisvalid = false WHERE indexrelid IN ('schemasync__accounts__plan'::regclass, 'schemasync__online__unique__accounts__mail'::regclass)").await;
        let report = db.syncing(&schema(NEW)).online(online).run_report().await.unwrap();
        assert!(!report.has_errors(), "{report}");
        is_new(db).await;
    }
});

scenario!(postgres: online_is_refused_behind_a_transaction_pooler, |db| {
    let Some(url) = schemasync_tests::postgres::pgbouncer() else { return };
    let options = PgConnectOptions::from_str(&url).unwrap().database(&db.name);
    let pool = PgPoolOptions::new().max_connections(5).connect_with(options).await.unwrap();
    let error = SchemaSync::new(&pool).schema(schema(OLD)).online(true).run_report().await.unwrap_err();
    assert!(matches!(error, Error::Refused(_)), "{error}");
    assert_says(error.to_string(), &["pooler", "without `online`"]);
    assert_eq!(db.value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())").await, "0");
    pool.close().await;
});

scenario!(postgres: peers_wait_for_an_online_run_and_do_not_stand_in_its_way, |db| {
    filled(db).await;
    let mut holder = db.connect().await;
    holder.execute("BEGIN; UPDATE accounts SET mail = 'held' WHERE id = 1").await.unwrap();
    let run = |online: bool| tokio::spawn({
        let sync = db.syncing(&schema(NEW)).online(online).lock_timeout(Duration::from_secs(30));
        async move { sync.run_report().await }
    });
    let first = run(true);
    tokio::time::sleep(Duration::from_millis(400)).await;
    let peers = [run(false), run(true), run(false)];
    tokio::time::sleep(Duration::from_millis(1500)).await;
    holder.execute("ROLLBACK").await.unwrap();
    let report = first.await.unwrap().unwrap();
    assert!(!report.has_errors(), "{report}");
    for peer in peers {
        let report = peer.await.unwrap().unwrap();
        assert_eq!(report.status, RunStatus::SyncedByPeer, "{report}");
    }
    is_new(db).await;
});

scenario!(postgres: a_cancelled_online_run_gives_its_lock_back, |db| {
    filled(db).await;
    let mut holder = db.connect().await;
    holder.execute("BEGIN; UPDATE accounts SET mail = 'held' WHERE id = 1").await.unwrap();
    let run = db.syncing(&schema(NEW)).online(true).run_report();
    assert!(tokio::time::timeout(Duration::from_millis(700), run).await.is_err(), "it waits for the table");
    holder.execute("ROLLBACK").await.unwrap();
    let report = db.syncing(&schema(NEW)).online(true).lock_timeout(Duration::from_secs(20)).run_report().await.unwrap();
    assert!(!report.has_errors(), "{report}");
    is_new(db).await;
});

scenario!(postgres: online_a_view_is_never_missed, |db| {
    let with = |ty: &str, view: &str| schema(&format!(
        r#"{{"schemasync": 1, "tables": [
          {{"name": "a", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "v", "type": "{ty}"}}], "primary_key": "id"}},
          {{"name": "b", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "v", "type": "{ty}"}}], "primary_key": "id"}}],
          "views": [{{"name": "seen", "sql": "SELECT a.id, {view} AS v FROM a JOIN b ON b.id = a.id"}}]}}"#
    ));
    db.sync(with("int32", "a.v")).await;
    db.exec("INSERT INTO a VALUES (1, 1); INSERT INTO b VALUES (1, 1)").await;
    let stop = Arc::new(AtomicBool::new(false));
    let reader = tokio::spawn({
        let (pool, stop) = (db.pool.clone(), stop.clone());
        async move {
            let mut failed = Vec::new();
            while !stop.load(Ordering::Relaxed) {
                if let Err(error) = sqlx::raw_sql("SELECT id FROM seen").execute(&pool).await {
                    failed.push(error.to_string());
                }
            }
            failed
        }
    });
    for (ty, view) in [("int64", "a.v"), ("int64", "b.v"), ("text", "b.v || 'x'"), ("text", "a.v")] {
        db.sync_with(with(ty, view), |sync| sync.online(true).allow_revert(true)).await;
    }
    stop.store(true, Ordering::Relaxed);
    assert_eq!(reader.await.unwrap(), Vec::<String>::new());
});

scenario!(postgres: online_a_column_is_filled_in_one_pass_and_gone_on_with_after_a_break, |db| {
    const ROWS: u64 = 60_000;
    let model = |code: &str| schema(&format!(r#"{{"schemasync": 1, "tables": [{{"name": "items", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "code", "type": "text"{code}}}], "primary_key": "id"}}]}}"#));
    let (nullable, required) = (model(r#", "nullable": true"#), model(r#", "default": {"text": "none"}"#));
    db.sync(nullable).await;
    db.exec(&format!("ALTER TABLE items SET (autovacuum_enabled = off); INSERT INTO items SELECT n, CASE WHEN n % 10 = 0 THEN 'own' END FROM generate_series(1, {ROWS}) n; ANALYZE items")).await;
    let filled = Arc::new(std::sync::Mutex::new(Vec::new()));
    let run = |pool: &sqlx::PgPool| {
        let filled = filled.clone();
        let sync = SchemaSync::new(pool).schema(required.clone()).online(true);
        sync.on_progress(move |progress| filled.lock().unwrap().push((progress.table.clone(), progress.rows))).run_report()
    };
    let pool = PgPoolOptions::new().max_connections(1).connect_with(db.options()).await.unwrap();
    let broken_off = async {
        while filled.lock().unwrap().len() < 3 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::select! { biased; () = broken_off => {}, report = run(&pool) => panic!("done already: {report:?}") }
    pool.close().await;
    let left: u64 = db.value("SELECT count(*) FROM items WHERE code IS NULL").await.parse().unwrap();
    assert!(left > 0 && left < ROWS * 9 / 10, "{left}");
    filled.lock().unwrap().clear();

    let pool = PgPoolOptions::new().max_connections(1).connect_with(db.options()).await.unwrap();
    let report = run(&pool).await.unwrap();
    assert!(!report.has_errors(), "{report}");
    pool.close().await;
    let told = filled.lock().unwrap().clone();
    assert_eq!(told.last(), Some(&("items".to_owned(), left)), "{told:?}");
    assert!(told.windows(2).all(|pair| pair[0].1 <= pair[1].1), "{told:?}");
    assert_eq!(db.value("SELECT count(*) FROM items WHERE code = 'none'").await, (ROWS * 9 / 10).to_string());
    assert_eq!(db.value("SELECT count(*) FROM items WHERE code = 'own'").await, (ROWS / 10).to_string());
    // Each row was written once (but for those of the 32 pages that were broken off), and read a few times, not once a batch.
    let (mut written, mut read) = (0, 0);
    for _ in 0..50 {
        let counted = db.rows("SELECT n_tup_upd, seq_tup_read FROM pg_stat_user_tables WHERE relname = 'items'").await.remove(0);
        (written, read) = (counted[0].parse::<u64>().unwrap(), counted[1].parse::<u64>().unwrap());
        if written >= ROWS * 9 / 10 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    println!("written {written}, read {read} of {ROWS}");
    assert!((ROWS * 9 / 10..ROWS * 9 / 10 + 32 * 291).contains(&written), "{written}");
    assert!(read < ROWS * 12, "{read}");
    db.assert_settled(&required).await;
});

scenario!(postgres: p4_the_script_fills_a_column_in_one_pass_too, |db| {
    const ROWS: u64 = 60_000;
    let model = |code: &str| schema(&format!(r#"{{"schemasync": 1, "tables": [{{"name": "it's {{after}} $1", "columns": [{{"name": "id", "type": "int64"}}, {{"name": "the {{last}} $2", "type": "text"{code}}}], "primary_key": "id"}}]}}"#));
    let (nullable, required) = (model(r#", "nullable": true"#), model(r#", "default": {"text": "it's none"}"#));
    db.sync(nullable).await;
    db.exec(&format!("ALTER TABLE \"it's {{after}} $1\" SET (autovacuum_enabled = off); INSERT INTO \"it's {{after}} $1\" SELECT n, CASE WHEN n % 10 = 0 THEN 'own' END FROM generate_series(1, {ROWS}) n")).await;
    let script = db.syncing(&required).online(true).plan().await.unwrap().to_sql();
    // Each row is written in one of the ranges, and the table read a few times as a whole.
    const COUNTED: &str = "SELECT n_tup_upd, seq_scan FROM pg_stat_user_tables WHERE schemaname = 'public' AND relname LIKE 'it%'";
    let before = db.rows(COUNTED).await.remove(0);
    let Some(done) = db.run_script(&script).await else { return };
    done.unwrap_or_else(|error| panic!("{error}\n{script}"));
    let number = |row: &[String], at: usize| row[at].parse::<u64>().unwrap();
    let mut after = Vec::new();
    for _ in 0..50 {
        after = db.rows(COUNTED).await.remove(0);
        if number(&after, 0) >= ROWS * 9 / 10 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(number(&after, 0), ROWS * 9 / 10);
    let scans = number(&after, 1) - number(&before, 1);
    println!("{scans} scans of the table");
    assert!(scans < 8, "{scans}");
    assert_eq!(db.value("SELECT count(*) FROM \"it's {after} $1\" WHERE \"the {last} $2\" = 'it''s none'").await, (ROWS * 9 / 10).to_string());
    db.sync(required).await;
});
