//! How fast a sync of a PostgreSQL database is, beside its floors, in one run and by turns: a bare `SELECT 1`, the same DDL in one
//! message, and the catalog queries that a person would type.
//!
//! `SCHEMASYNC_TEST_POSTGRES_URL=… cargo bench -p schemasync-tests --bench postgres`, with nothing else running.

use schemasync::{Schema, SchemaSync};
use schemasync_tests::{Postgres, TestDatabase};
use sqlx::postgres::PgPoolOptions;
use sqlx::{Connection, PgConnection};
use std::time::{Duration, Instant};

/// What has to be read of every table of a schema to compare it with a model, each in its shortest form.
const CATALOG: [&str; 4] = [
    "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid)
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
     WHERE c.relkind IN ('r', 'p') AND n.nspname = 'public' ORDER BY c.relname, a.attnum",
    "SELECT c.relname, k.conname, k.contype, pg_get_constraintdef(k.oid)
     FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'public' ORDER BY c.relname, k.conname",
    "SELECT c.relname, x.relname, i.indisunique, i.indisvalid, pg_get_indexdef(i.indexrelid)
     FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'public' ORDER BY c.relname, x.relname",
    "SELECT c.relname, c.relkind, pg_get_viewdef(c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('v', 'm') AND n.nspname = 'public' ORDER BY c.relname",
];

fn model(tables: &str) -> Schema {
    Schema::from_json(&format!(r#"{{"schemasync": 1, "tables": [{tables}]}}"#)).expect("a schema")
}

/// Tables with a counting key, a unique index, defaults, and (but for the first) a foreign key to the one before.
fn tables(many: usize) -> Schema {
    let table = |n: usize| {
        let key = match n {
            0 => String::new(),
            n => format!(
                r#", "foreign_keys": [{{"columns": ["before"], "target": "t{}", "target_columns": ["id"]}}]"#,
                n - 1
            ),
        };
        format!(
            r#"{{"name": "t{n}", "columns": [{{"name": "id", "type": "int64", "default": {{"increment": 1}}}}, {{"name": "email", "type": "text"}},
                {{"name": "plan", "type": "text", "default": {{"text": "free"}}}}, {{"name": "at", "type": "timestamp", "default": "now"}},
                {{"name": "before", "type": "int64", "nullable": true}}],
                "primary_key": "id", "indexes": [{{"name": "email", "kind": "unique", "parts": ["email"]}}]{key}}}"#
        )
    };
    model(&(0..many).map(table).collect::<Vec<_>>().join(","))
}

async fn timed<T>(work: impl Future<Output = T>) -> (T, Duration) {
    let started = Instant::now();
    let done = work.await;
    (done, started.elapsed())
}

fn median(mut all: Vec<Duration>) -> Duration {
    all.sort();
    all[all.len() / 2]
}

fn tell(what: &str, ours: Vec<Duration>, floor_name: &str, floor: Vec<Duration>, goal: f64) {
    let rounds = ours.len();
    let (ours, floor) = (median(ours), median(floor));
    let ratio = ours.as_secs_f64() / floor.as_secs_f64();
    println!(
        "{what}: {ours:.1?}; {floor_name}: {floor:.1?}; ratio {ratio:.2} (goal {goal}; medians of {rounds}, by turns)"
    );
}

/// The gate on one connection that is warm, and `SELECT 1` on the same one.
async fn gate(db: &Postgres, what: &str, schema: &Schema, namespace: &str) {
    let first = db.syncing(schema).namespace(namespace).run_report().await.expect("a run");
    assert!(!first.has_errors(), "{first}");
    let mut connection = PgConnection::connect_with(&db.options()).await.expect("a connection");
    let (mut ours, mut floor) = (Vec::new(), Vec::new());
    for round in 0..3_000 {
        let (rows, select) = timed(sqlx::raw_sql("SELECT 1").fetch_all(&mut connection)).await;
        assert_eq!(rows.expect("one row").len(), 1);
        let sync = SchemaSync::new(&mut connection).namespace(namespace).schema(schema.clone());
        let (report, run) = timed(sync.run_report()).await;
        assert_eq!(report.expect("a report").status, schemasync::RunStatus::UpToDate);
        if round >= 1_000 {
            ours.push(run);
            floor.push(select);
        }
    }
    tell(what, ours, "SELECT 1", floor, 1.3);
}

async fn first_sync(many: usize, rounds: usize) {
    let (mut ours, mut floor) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let (db, bare) = (Postgres::create().await, Postgres::create().await);
        let (report, time) = timed(db.run(tables(many))).await;
        ours.push(time);
        let ddl = format!("BEGIN; {}; COMMIT", report.statements.join(";"));
        floor.push(timed(bare.exec(&ddl)).await.1);
        db.remove().await;
        bare.remove().await;
    }
    tell(&format!("first sync of {many} tables"), ours, "the same statements in one message", floor, 1.5);
}

async fn forced(db: &Postgres, many: usize, rounds: usize) {
    let schema = tables(many);
    let first = db.run(schema.clone()).await;
    assert!(!first.has_errors(), "{first}");
    let pool = PgPoolOptions::new().max_connections(1).connect_with(db.options()).await.expect("a pool");
    let (mut ours, mut floor) = (Vec::new(), Vec::new());
    for round in 0..=rounds {
        let sync = SchemaSync::new(&pool).schema(schema.clone()).force(true);
        let (report, run) = timed(sync.run_report()).await;
        assert!(report.expect("a report").statements.is_empty());
        let mut read = Duration::ZERO;
        for query in CATALOG {
            let (rows, time) = timed(sqlx::raw_sql(query).fetch_all(&pool)).await;
            drop(rows.expect("the catalog"));
            read += time;
        }
        if round > 0 {
            ours.push(run);
            floor.push(read);
        }
    }
    tell(&format!("forced no-op of {many} tables"), ours, "the catalog queries", floor, 2.0);
    pool.close().await;
}

fn main() {
    if !schemasync_tests::postgres::is_there() {
        return;
    }
    // `-- gate`, `-- first`, `-- forced`: only these.
    let wanted: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|wanted| name.starts_with(wanted.as_str()));
    if is_wanted("gate") {
        schemasync_tests::run_scenario(async |db: &Postgres| {
            let one =
                model(r#"{"name": "users", "columns": [{"name": "id", "type": "int64"}], "primary_key": ["id"]}"#);
            gate(db, "gate, one table", &one, "one").await;
        });
        schemasync_tests::run_scenario(async |db: &Postgres| {
            gate(db, "gate, 100 tables", &tables(100), "default").await;
        });
    }
    if is_wanted("first") {
        schemasync_tests::run_scenario(async |_: &Postgres| first_sync(500, 5).await);
    }
    if is_wanted("forced") {
        schemasync_tests::run_scenario(async |db: &Postgres| forced(db, 1_000, 15).await);
    }
}
