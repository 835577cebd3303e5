//! The commands on PostgreSQL.

use crate::program::{Ran, Shop};
use schemasync_tests::{Postgres, scenario};
use sqlx::ConnectOptions;

/// The program on that database; a password in the URL would be seen.
fn run(shop: &Shop, db: &Postgres, release: &str, arguments: &[&str]) -> Ran {
    let url = db.options().password("s3cret").to_url_lossy().to_string();
    let ran = Ran::of(shop.bare(release, arguments).env("DATABASE_URL", url));
    assert!(!ran.out.contains("s3cret") && !ran.err.contains("s3cret"), "{}{}", ran.out, ran.err);
    ran
}

scenario!(postgres: the_commands_do_there_what_they_do_elsewhere, |db| {
    let shop = Shop::new();
    run(&shop, db, "v1", &["check"]).ends(2);
    run(&shop, db, "v1", &["sync"]).ends(0);
    run(&shop, db, "v1", &["drift", "--exit-code"]).ends(0);
    sqlx::raw_sql("INSERT INTO coupons VALUES (1, 'A')").execute(&db.pool).await.unwrap();
    run(&shop, db, "v2", &["sync"]).ends(4);
    assert_eq!(db.texts("SELECT count(*) FROM coupons").await, ["1"]);
    run(&shop, db, "v2", &["plan", "-q", "--out", "plan.json"]).ends(0);
    run(&shop, db, "v2", &["apply", "plan.json", "--yes"]).ends(0);
    run(&shop, db, "v2", &["apply", "plan.json", "--yes"]).ends(4);
    run(&shop, db, "v2", &["check"]).ends(0);
    run(&shop, db, "v2", &["drift", "--exit-code"]).ends(0);
    assert_eq!(run(&shop, db, "v2", &["history"]).ends(0).lines().count(), 2);
    assert!(run(&shop, db, "v2", &["status"]).ends(0).contains("postgres://"));

    sqlx::raw_sql("ALTER TABLE customers ALTER plan DROP DEFAULT; ALTER TABLE orders DROP CONSTRAINT schemasync__fk__orders__customer_id")
        .execute(&db.pool)
        .await
        .unwrap();
    let said = run(&shop, db, "v2", &["drift", "--exit-code"]).ends(2);
    assert!(said.contains("default: 'free'::text → none"), "{said}");
    assert!(said.contains("- foreign key (customer_id) → customers(id)"), "{said}");
    run(&shop, db, "v2", &["sync", "--force"]).ends(0);
    run(&shop, db, "v2", &["drift", "--exit-code"]).ends(0);
});

scenario!(postgres: materialized_views_are_refreshed, |db| {
    let shop = Shop::new();
    let make = "CREATE TABLE t (id int); CREATE MATERIALIZED VIEW many AS SELECT count(*) AS n FROM t; CREATE VIEW plain AS SELECT 1 AS n;
        CREATE SCHEMA other; CREATE MATERIALIZED VIEW other.more AS SELECT count(*) AS n FROM public.t; INSERT INTO t VALUES (1)";
    sqlx::raw_sql(make).execute(&db.pool).await.unwrap();
    run(&shop, db, "v1", &["refresh", "many"]).ends(0);
    run(&shop, db, "v1", &["refresh", "other.more"]).ends(0);
    assert_eq!(db.texts("SELECT n::text FROM many UNION ALL SELECT n::text FROM other.more").await, ["1", "1"]);
    for (view, words) in [
        ("plain", "it is a plain view, which is always up to date"),
        ("t", "there is no such view; materialized views here: \"many\""),
        ("none.such", "there is no such view"),
    ] {
        let ran = run(&shop, db, "v1", &["refresh", view]);
        assert!(ran.code == 1 && ran.err.contains(words), "{}", ran.err);
    }
});

scenario!(postgres: a_dump_as_sql_makes_the_same_database, |db| {
    let shop = Shop::new();
    run(&shop, db, "v2", &["sync"]).ends(0);
    let sql = run(&shop, db, "v2", &["dump", "--sql"]).ends(0);
    sqlx::raw_sql("DROP VIEW totals; DROP TABLE orders; DROP TABLE customers").execute(&db.pool).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql.clone())).execute(&db.pool).await.unwrap();
    assert_eq!(run(&shop, db, "v2", &["dump", "--sql"]).ends(0), sql);
    run(&shop, db, "v2", &["check"]).ends(0);
});

#[cfg(not(feature = "tls"))]
scenario!(postgres: a_build_without_tls_says_what_it_lacks, |db| {
    let shop = Shop::new();
    for mode in ["require", "verify-ca", "verify-full"] {
        let options = db.options();
        let url = format!("postgres://u:s3cret@{}:{}/{}?sslmode={mode}", options.get_host(), options.get_port(), db.name);
        let ran = Ran::of(shop.bare("v1", &["plan"]).env("DATABASE_URL", url));
        assert!(ran.code == 1 && ran.err.contains("built without it: enable the feature `tls-rustls`"), "{mode}: {}", ran.err);
        assert!(!ran.err.contains("s3cret"), "{}", ran.err);
    }
});
