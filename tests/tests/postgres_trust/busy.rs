//! A run and a plan come to their end while others work (rule S5).

use super::model;
use schemasync::{RunStatus, Schema, SchemaSync};
use schemasync_tests::{Postgres, TestDatabase, postgres, scenario};
use sqlx::ConnectOptions;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// What each writer does again and again: objects that nobody manages come and go, over a managed table and elsewhere.
const WRITERS: [&[&str]; 3] = [
    &[
        "CREATE OR REPLACE VIEW of_users AS SELECT id FROM users",
        "CREATE OR REPLACE VIEW over_it AS SELECT id, 1 AS more FROM of_users",
        "DROP VIEW over_it, of_users",
        "CREATE MATERIALIZED VIEW kept AS SELECT body, count(*) FROM notes GROUP BY 1",
        "CREATE UNIQUE INDEX ON kept (body)",
        "DROP MATERIALIZED VIEW kept",
    ],
    &[
        "CREATE INDEX by_body ON notes (lower(body)) WHERE body > 'a'",
        "DROP INDEX by_body",
        "CREATE STATISTICS both ON id, body FROM notes",
        "DROP STATISTICS both",
    ],
    &[
        "CREATE TYPE state AS ENUM ('a', 'b')",
        "CREATE TABLE scratch (id int PRIMARY KEY, s state DEFAULT 'a', n int GENERATED ALWAYS AS (id + 1) STORED CHECK (n > 0), u bigint REFERENCES users)",
        "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "CREATE TRIGGER touched BEFORE INSERT ON scratch FOR EACH ROW WHEN (NEW.id > 0) EXECUTE FUNCTION touch()",
        "ALTER TABLE scratch ADD COLUMN more text DEFAULT 'x'",
        "DROP TABLE scratch",
        "DROP FUNCTION touch; DROP TYPE state",
    ],
];

/// Sessions that change what nobody manages, until they are told to end.
struct Writers {
    end: Arc<AtomicBool>,
    done: Arc<AtomicU64>,
    tasks: tokio::task::JoinSet<()>,
}

impl Writers {
    /// `pause`: after each statement.
    async fn begin(db: &Postgres, pause: Duration) -> Self {
        db.exec("CREATE TABLE notes (id int PRIMARY KEY, body text); INSERT INTO notes SELECT n, 'b' || n FROM generate_series(1, 50) n").await;
        let (end, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let mut tasks = tokio::task::JoinSet::new();
        for statements in WRITERS {
            let (end, done, mut connection) = (end.clone(), done.clone(), db.connect().await);
            tasks.spawn(async move {
                while !end.load(Ordering::Relaxed) {
                    for sql in statements {
                        let said = sqlx::raw_sql(*sql).execute(&mut connection).await;
                        // A run may hold what a writer needs at that moment; what it made is not there then.
                        drop(said);
                        done.fetch_add(1, Ordering::Relaxed);
                        tokio::time::sleep(pause).await;
                    }
                }
            });
        }
        Self { end, done, tasks }
    }

    async fn end(mut self) -> u64 {
        self.end.store(true, Ordering::Relaxed);
        while let Some(task) = self.tasks.join_next().await {
            task.expect("a writer");
        }
        self.done.load(Ordering::Relaxed)
    }
}

fn version(n: usize) -> Schema {
    let columns: String =
        (0..n).map(|n| format!(r#", {{"name": "c{n}", "type": "text", "nullable": true}}"#)).collect();
    model(&format!(
        r#"{{"name": "users", "columns": [{{"name": "id", "type": "int64"}}{columns}], "primary_key": "id"}}
           VIEWS {{"name": "ids", "sql": "SELECT id FROM users"}}"#
    ))
}

scenario!(postgres: s5_plans_and_runs_come_to_an_end_while_unmanaged_objects_come_and_go, |db| {
    db.sync(version(0)).await;
    let writers = Writers::begin(db, Duration::ZERO).await;
    let timeout = Duration::from_secs(20);
    let mut failed = Vec::new();
    let mut connection = db.connect().await;
    for n in 1..=15 {
        let borrowed = SchemaSync::new(&mut connection).schema(version(n)).lock_timeout(timeout).plan().await;
        failed.extend(borrowed.err().map(|error| format!("{n}: a plan on a borrowed connection: {error:?}")));
        let on = || SchemaSync::new(&db.pool).schema(version(n)).lock_timeout(timeout);
        let ways: [(&str, schemasync::Result<bool>); 6] = [
            ("plan", on().plan().await.map(|plan| !plan.has_errors() && plan.steps.len() == 1)),
            ("drift", on().drift().await.map(|drift| drift.is_empty())),
            ("pull", Schema::from_database(&db.pool).await.map(|_| true)),
            ("dump", on().dump_sql().await.map(|_| true)),
            ("run", on().online(n % 3 == 0).run_report().await.map(|report| !report.has_errors() && report.status == RunStatus::Synced)),
            ("forced", on().force(true).run_report().await.map(|report| report.statements.is_empty())),
        ];
        failed.extend(ways.into_iter().filter(|(_, said)| !matches!(said, Ok(true))).map(|said| format!("{n}: {said:?}")));
    }
    let done = writers.end().await;
    assert!(failed.is_empty(), "{} failed, while the writers did {done} statements:\n{}", failed.len(), failed.join("\n"));
    assert!(done > 100, "{done}");
    assert_eq!(db.columns("users").await.len(), 16);
});

/// Starts so many processes at once; what they said that did not end well.
fn boots(url: &str, release: &str, many: usize) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let start = |_| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_shop"));
        command.current_dir(folder.path()).env("SHOP", release).env("DATABASE_URL", url).args(["sync", "--yes"]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a process")
    };
    let processes: Vec<_> = (0..many).map(start).collect();
    let mut failed = Vec::new();
    for process in processes {
        let output = process.wait_with_output().expect("its output");
        if !output.status.success() {
            failed.push(format!("{}\n{}", output.status, String::from_utf8_lossy(&output.stderr)));
        }
    }
    failed
}

scenario!(postgres: s5_of_many_processes_with_a_pending_change_none_fails_while_others_write, |db| {
    db.exec("CREATE TABLE users (id bigint PRIMARY KEY)").await;
    let writers = Writers::begin(db, Duration::from_millis(20)).await;
    let direct = db.options().to_url_lossy().to_string();
    let pooled = postgres::pgbouncer().map(|url| {
        let options: sqlx::postgres::PgConnectOptions = url.parse().expect("a URL");
        options.database(&db.name).to_url_lossy().to_string()
    });
    let many: usize = std::env::var("SCHEMASYNC_TEST_BOOTS").map_or(12, |many| many.parse().expect("a number"));
    for url in [Some(direct), pooled].into_iter().flatten() {
        for release in ["v1", "v2"] {
            let url = url.clone();
            let failed = tokio::task::spawn_blocking(move || boots(&url, release, many)).await.expect("the boots");
            assert!(failed.is_empty(), "{} of {many} boots of {release} failed:\n{}", failed.len(), failed.join("\n"));
        }
        db.exec("DROP VIEW IF EXISTS totals; DROP TABLE IF EXISTS orders, customers, coupons; DROP TABLE __schemasync_state, __schemasync_history").await;
    }
    writers.end().await;
});
