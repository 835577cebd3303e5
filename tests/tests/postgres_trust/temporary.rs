//! Temporary objects that somebody has left in the session (rule S7).

use super::model;
use schemasync::{Schema, SchemaSync};
use schemasync_tests::{TestDatabase, assert_says, scenario};

scenario!(postgres: s7_nothing_is_taken_from_the_temporary_objects_of_the_session, |db| {
    let schema = model(
        r#"{"name": "people", "columns": [{"name": "id", "type": "int64"}, {"name": "home", "type": "text", "nullable": true, "native": {"postgres": {"type": "address"}}}], "primary_key": "id"}"#,
    );
    for left in [
        "CREATE TEMP TABLE address (street text)",
        "CREATE TYPE pg_temp.address AS ENUM ('a')",
        "CREATE TEMP VIEW address AS SELECT 'x' AS street",
        "CREATE DOMAIN pg_temp.address AS text",
    ] {
        let mut connection = db.connect().await;
        sqlx::raw_sql(left).execute(&mut connection).await.unwrap();
        for way in 0..6 {
            // Online mode takes none that is borrowed.
            let mut own = db.connect().await;
            sqlx::raw_sql(left).execute(&mut own).await.unwrap();
            let sync = SchemaSync::new(&mut connection).schema(schema.clone());
            let said = match way {
                0 => sync.run_report().await.map(|report| report.to_string()),
                1 => sync.plan().await.map(|plan| plan.to_string()),
                2 => {
                    let sync = SchemaSync::new(own).schema(schema.clone());
                    sync.online(true).run_report().await.map(|report| report.to_string())
                }
                3 => sync.drift().await.map(|drift| format!("{drift:?}")),
                4 => sync.dump_sql().await.map(|(sql, _)| sql),
                _ => Schema::from_database(&mut connection).await.map(|(schema, _)| format!("{schema:?}")),
            };
            let said = said.err().unwrap_or_else(|| panic!("{way} goes on over {left}"));
            assert_says(said.to_string(), &["temporary tables or types (\"address\")", "DISCARD TEMP"]);
        }
        sqlx::raw_sql("DISCARD TEMP").execute(&mut connection).await.unwrap();
        assert!(db.tables().await.is_empty());
    }
    db.exec("CREATE DOMAIN address AS text").await;
    db.sync(schema.clone()).await;
    // What a run makes for itself it takes away: the session can be used again.
    let mut connection = db.connect().await;
    for _ in 0..2 {
        let report = SchemaSync::new(&mut connection).schema(schema.clone()).force(true).run_report().await.unwrap();
        assert!(!report.has_errors(), "{report}");
    }
});
