//! Schemas that are public knowledge, and one that holds all that is odd: pulled, compiled, adopted on SQLite.

use super::{checked_in, models};
use schemasync::cli::pull::rust_source;
use schemasync::{RunStatus, Schema, SchemaSync};
use schemasync_tests::{Sqlite, TestDatabase, run_scenario};

/// Everything in the database: how it was made, and each row.
async fn contents(db: &Sqlite) -> Vec<String> {
    let objects = "SELECT type, name, sql FROM sqlite_schema WHERE tbl_name NOT LIKE '\\_\\_schemasync%' ESCAPE '\\' AND name NOT LIKE 'film_text_%' ORDER BY name";
    let objects = db.rows(objects).await;
    let mut all: Vec<String> = objects.iter().map(|row| row.join(" ")).collect();
    for row in objects.iter().filter(|row| row[0] == "'table'") {
        let table = row[1].trim_matches('\'').replace("''", "'").replace('"', "\"\"");
        let rows = db.rows(&format!("SELECT * FROM \"{table}\" ORDER BY 1")).await;
        all.extend(rows.iter().map(|row| format!("{table}: {}", row.join(", "))));
    }
    all
}

fn adopts(name: &str, sql: &str, compiled: Schema) {
    run_scenario(async |db: &Sqlite| {
        db.exec(sql).await;
        let before = contents(db).await;
        let (pulled, unsupported) = Schema::from_database(&db.pool).await.expect("pulling");
        pulled.validate().expect("what is pulled is a valid model");
        let plan = SchemaSync::new(&db.pool).schema(pulled.clone()).plan().await.expect("planning");
        assert!(plan.is_empty(), "the pulled schema plans to\n{plan}");
        checked_in(name, &rust_source(&pulled, &unsupported));

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
        let plan = SchemaSync::new(&db.pool).schema(again).force(true).plan().await.expect("planning");
        assert!(plan.is_empty(), "{plan}");
    });
}

#[test]
fn chinook_is_adopted() {
    adopts("chinook", include_str!("../../fixtures/adopt/chinook.sql"), models::chinook::schema());
}

#[test]
fn northwind_is_adopted() {
    adopts("northwind", include_str!("../../fixtures/adopt/northwind.sql"), models::northwind::schema());
}

#[test]
fn sakila_is_adopted() {
    adopts("sakila", include_str!("../../fixtures/adopt/sakila.sql"), models::sakila::schema());
}

#[test]
fn what_is_odd_is_adopted() {
    adopts("odd", include_str!("../../fixtures/adopt/odd.sql"), models::odd::schema());
}
