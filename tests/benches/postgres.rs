//! How fast a sync of a PostgreSQL database is, beside its floors: a bare `SELECT 1`, the same DDL in one message, and the reading of
//! the live database.
//!
//! `SCHEMASYNC_TEST_POSTGRES_URL=… cargo bench -p schemasync-tests --bench postgres`, with nothing else running.

use schemasync::{Schema, SchemaSync};
use schemasync_tests::{Postgres, TestDatabase};
use sqlx::postgres::PgPoolOptions;
use std::time::Duration;

fn model(tables: &str) -> Schema {
    Schema::from_json(&format!(r#"{{"schemasync": 1, "tables": [{tables}]}}"#)).expect("a schema")
}

fn main() {
    if !schemasync_tests::postgres::is_there() {
        return;
    }
    async fn median<F: Future<Output = ()>>(times: usize, work: impl Fn() -> F) -> Duration {
        let mut all = Vec::new();
        for _ in 0..times {
            let started = std::time::Instant::now();
            work().await;
            all.push(started.elapsed());
        }
        all.sort();
        all[all.len() / 2]
    }
    let tables = |many: usize| {
        let table = |n: usize| {
            format!(
                r#"{{"name": "t{n}", "columns": [{{"name": "id", "type": "int64", "default": {{"increment": 1}}}}, {{"name": "email", "type": "text"}}, {{"name": "plan", "type": "text", "default": {{"text": "free"}}}}, {{"name": "at", "type": "timestamp", "default": "now"}}], "primary_key": "id", "indexes": [{{"name": "email", "kind": "unique", "parts": ["email"]}}]}}"#
            )
        };
        model(&(0..many).map(table).collect::<Vec<_>>().join(","))
    };
    schemasync_tests::run_scenario(async |db: &Postgres| {
        let schema = tables(500);
        let started = std::time::Instant::now();
        let report = db.run(schema.clone()).await;
        println!("first sync of 500 tables: {:?}", started.elapsed());
        let other = Postgres::create().await;
        let ddl = format!("BEGIN; {}; COMMIT", report.statements.join(";"));
        let started = std::time::Instant::now();
        other.exec(&ddl).await;
        println!("the same statements in one message: {:?}", started.elapsed());
        other.remove().await;
        let pool = PgPoolOptions::new().max_connections(1).connect_with(db.options()).await.unwrap();
        let select = median(200, async || drop(sqlx::raw_sql("SELECT 1").fetch_all(&pool).await.unwrap())).await;
        let run = median(200, async || drop(SchemaSync::new(&pool).schema(schema.clone()).run().await.unwrap())).await;
        println!("SELECT 1: {select:?}, a run with 500 tables that are up to date: {run:?}");
        let few = model(r#"{"name": "users", "columns": [{"name": "id", "type": "int64"}], "primary_key": ["id"]}"#);
        db.syncing(&few).namespace("few").run().await.unwrap();
        let run = median(200, async || {
            drop(SchemaSync::new(&pool).namespace("few").schema(few.clone()).run().await.unwrap());
        })
        .await;
        println!("a run with one table that is up to date: {run:?}");
        let schema = tables(1000);
        db.run(schema.clone()).await;
        let look = median(5, async || drop(Schema::from_database(&pool).await.unwrap())).await;
        let forced = median(5, async || {
            drop(SchemaSync::new(&pool).schema(schema.clone()).force(true).run().await.unwrap());
        })
        .await;
        println!("forced look at 1,000 tables: {forced:?}; reading the live model of them: {look:?}");
        pool.close().await;
    });
}
