//! PostgreSQL: what only it has, pulled, compiled, adopted.

use super::{checked_in, models};
use schemasync::cli::pull::rust_source;
use schemasync::{RunStatus, Schema, SchemaSync};
use schemasync_tests::{Postgres, TestDatabase, postgres, run_scenario};

const SQL: &str = include_str!("../../fixtures/adopt/pagila.sql");

async fn contents(db: &Postgres) -> Vec<String> {
    db.texts(
        "SELECT concat_ws(' ', c.relname, c.relkind, c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname IN ('public', 'audit') AND c.relname NOT LIKE '\\_\\_schemasync%' ORDER BY 1",
    )
    .await
    .into_iter()
    .chain(db.texts("SELECT f::text FROM film f ORDER BY 1").await)
    .chain(db.texts("SELECT c::text FROM customer c ORDER BY 1").await)
    .collect()
}

#[test]
fn pagila_is_adopted() {
    if !postgres::is_there() {
        return;
    }
    run_scenario(async |db: &Postgres| {
        db.exec(SQL).await;
        let before = contents(db).await;
        let (pulled, unsupported) = Schema::from_database(&db.pool).await.expect("pulling");
        let plan = SchemaSync::new(&db.pool).schema(pulled.clone()).plan().await.expect("planning");
        assert!(plan.is_empty(), "the pulled schema plans to\n{plan}");
        checked_in("pagila", &rust_source(&pulled, &unsupported));

        let compiled = models::pagila::schema();
        let plan = SchemaSync::new(&db.pool).schema(compiled.clone()).plan().await.expect("planning");
        assert!(plan.is_empty(), "the compiled models plan to\n{plan}");
        for expected in [RunStatus::Synced, RunStatus::UpToDate] {
            let report = SchemaSync::new(&db.pool).schema(compiled.clone()).run_report().await.expect("syncing");
            assert_eq!(report.status, expected, "{report}");
            assert!(!report.has_errors(), "{report}");
        }
        assert_eq!(contents(db).await, before, "the first sync adopts and changes nothing");

        let (again, notes) = Schema::from_database(&db.pool).await.expect("pulling again");
        assert_eq!(rust_source(&again, &notes), rust_source(&pulled, &unsupported), "pulled again, once it is managed");
    });
}
