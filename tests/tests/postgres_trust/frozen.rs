//! A database that somebody has frozen stays as it is.

use super::users;
use schemasync::{RunStatus, SchemaSync};
use schemasync_tests::{TestDatabase, assert_says, scenario};
use sqlx::postgres::PgPoolOptions;

scenario!(postgres: a_frozen_database_is_not_written_to, |db| {
    let (first, second) = (users(""), users(r#"{"name": "email", "type": "text", "nullable": true}"#));
    db.sync(first.clone()).await;
    let role = format!("{}_app", db.name);
    db.exec(&format!("CREATE ROLE {role} SUPERUSER LOGIN PASSWORD 'cold'")).await;
    let before = db.dump().await;
    let name = &db.name;
    for (freeze, thaw, settings, words) in [
        (format!("ALTER DATABASE {name} SET default_transaction_read_only = on"), format!("ALTER DATABASE {name} RESET ALL"), None, "set for the database"),
        (format!("ALTER ROLE {role} SET default_transaction_read_only = on"), format!("ALTER ROLE {role} RESET ALL"), None, "set for the role"),
        (format!("ALTER ROLE {role} IN DATABASE {name} SET default_transaction_read_only = on"), format!("ALTER ROLE {role} IN DATABASE {name} RESET ALL"), None, "set for the role"),
        ("SELECT 1".to_owned(), "SELECT 1".to_owned(), Some(("default_transaction_read_only", "on")), "by the connection itself"),
    ] {
        db.exec(&freeze).await;
        let pool = PgPoolOptions::new().connect_with(db.options().username(&role).password("cold").options(settings)).await.unwrap();
        let on = |schema: &schemasync::Schema| SchemaSync::new(&pool).schema(schema.clone());
        for online in [false, true] {
            let said = on(&second).online(online).run_report().await.expect_err("a run that writes").to_string();
            assert_says(said, &["default_transaction_read_only is on", words, "Nothing was changed"]);
        }
        // What writes nothing works.
        assert_eq!(on(&first).run_report().await.unwrap().status, RunStatus::UpToDate);
        assert!(!on(&second).plan().await.unwrap().is_empty());
        pool.close().await;
        db.exec(&format!("SET default_transaction_read_only = off; {thaw}")).await;
        assert_eq!(db.dump().await, before);
    }
    db.exec(&format!("DROP ROLE {role}")).await;
    db.sync(second).await;
});
