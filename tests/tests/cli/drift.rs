//! `drift`: what somebody changed by hand.

use crate::program::Shop;
use insta::assert_snapshot;

#[test]
fn a_sync_leaves_no_drift() {
    let shop = Shop::open();
    for release in ["v1", "v2"] {
        shop.run(release, &["sync", "--yes"]).ends(0);
        let said = shop.run(release, &["drift", "--exit-code"]).ends(0);
        assert!(said.starts_with("✓ No drift"), "{said}");
    }
}

#[test]
fn what_was_changed_by_hand_is_told_and_can_be_taken_back() {
    let shop = Shop::open();
    shop.run("v2", &["sync", "--yes"]).ends(0);
    shop.sql("DROP INDEX schemasync__orders__customer_id");
    shop.sql("ALTER TABLE orders ADD COLUMN by_hand TEXT");
    shop.sql("CREATE INDEX mine ON orders (by_hand)");
    shop.sql("DROP VIEW totals");
    shop.sql("CREATE VIEW totals AS SELECT 1 AS customer_id, 2 AS total");
    shop.sql("CREATE TABLE extra (id INTEGER)");
    shop.sql("PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, '''free''', '''paid''') WHERE name = 'customers'");
    assert_snapshot!("drift", shop.run("v2", &["drift", "--exit-code"]).shown());

    // The gate does not look: the models have not changed.
    assert!(shop.run("v2", &["sync"]).ends(0).contains("--force looks at the database"));
    shop.sql("PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, '''paid''', '''free''') WHERE name = 'customers'");
    shop.run("v2", &["sync", "--force"]).ends(0);
    assert_eq!(shop.sql("SELECT count(*) FROM sqlite_schema WHERE name = 'schemasync__orders__customer_id'"), ["1"]);
    let said = shop.run("v2", &["drift", "--exit-code"]).ends(0);
    assert!(
        said.contains("left alone: column \"by_hand\", index \"mine\"") && said.contains("table \"extra\""),
        "{said}"
    );
}

#[test]
fn what_was_dropped_by_hand_is_told() {
    let shop = Shop::open();
    shop.sql("DROP TABLE coupons");
    shop.sql("ALTER TABLE customers DROP COLUMN nickname");
    assert_snapshot!("drift_dropped", shop.run("v1", &["drift", "--exit-code"]).shown());
}
