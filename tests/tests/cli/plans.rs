//! Saved plans (rule P3).

use crate::program::Shop;

/// A shop with the plan for the second release in `plan.json`.
fn planned() -> Shop {
    let shop = Shop::open();
    shop.run("v2", &["plan", "--quiet", "--out", "plan.json"]).ends(0);
    shop
}

#[track_caller]
fn refused(shop: &Shop, release: &str, arguments: &[&str], words: &str) {
    let before = shop.bytes();
    let ran = shop.run(release, arguments);
    assert_eq!(ran.code, 4, "{}{}", ran.out, ran.err);
    assert!(ran.err.contains(words), "{}", ran.err);
    assert_eq!(shop.bytes(), before);
}

#[test]
fn a_saved_plan_is_done() {
    let shop = planned();
    refused(&shop, "v2", &["apply", "plan.json"], "give --yes");
    shop.run("v2", &["apply", "plan.json", "--dry-run"]).ends(0);
    assert!(shop.tables().contains(&"coupons".to_owned()));
    shop.run("v2", &["apply", "plan.json", "--yes"]).ends(0);
    assert_eq!(shop.tables(), ["customers", "orders", "totals"]);
    refused(&shop, "v2", &["apply", "plan.json", "--yes"], "the plan is stale: the database has changed");
}

#[test]
fn a_plan_is_stale_once_the_database_has_changed() {
    let shop = planned();
    shop.sql("CREATE INDEX by_hand ON orders (amount)");
    refused(&shop, "v2", &["apply", "plan.json", "--yes"], "stale");
    refused(&shop, "v2", &["apply", "plan.json", "--dry-run"], "stale");
    // Rows are not the schema, but what the plan decided by them may be another now.
    let shop = planned();
    shop.sql("INSERT INTO orders VALUES (9, 1, 'many')");
    refused(&shop, "v2", &["apply", "plan.json", "--yes"], "other steps");
}

#[test]
fn a_plan_of_something_else_is_refused() {
    let shop = planned();
    refused(&shop, "v1", &["apply", "plan.json", "--yes"], "made from other models");
    refused(&shop, "v2", &["apply", "plan.json", "--yes", "--safe"], "give those that it was made with");
    refused(&shop, "v2", &["apply", "plan.json", "--yes", "--namespace", "b"], "for namespace \"default\", not \"b\"");
    let plan = std::fs::read_to_string(shop.path("plan.json")).unwrap();
    shop.write("plan.json", &plan.replacen("\"sqlite\"", "\"postgres\"", 1));
    refused(&shop, "v2", &["apply", "plan.json", "--yes"], "the plan is for postgres");
}

#[test]
fn nobody_edits_a_plan() {
    let shop = planned();
    let plan = std::fs::read_to_string(shop.path("plan.json")).unwrap();
    assert!(plan.contains("DROP TABLE \\\"coupons\\\""));
    shop.write("plan.json", &plan.replace("DROP TABLE \\\"coupons\\\"", "DROP TABLE \\\"customers\\\""));
    refused(&shop, "v2", &["apply", "plan.json", "--yes"], "other steps");
    shop.write("plan.json", &plan.replace("destructive", "safe"));
    refused(&shop, "v2", &["apply", "plan.json"], "other steps");
}
