//! What may be done without asking further: policies and their rules.

use crate::program::{Ran, Shop};

#[test]
fn a_rule_that_is_denied_keeps_its_table_and_says_how_to_go_on() {
    let shop = Shop::open();
    let before = shop.sql("SELECT code FROM coupons ORDER BY id");
    let said = shop.run("v2", &["sync", "--yes", "--deny", "drops-table"]).ends(3);
    assert!(said.contains("the policy denies drops-table: it is dropped with"), "{said}");
    assert_eq!(shop.sql("SELECT code FROM coupons ORDER BY id"), before);
    // The others are done.
    assert_eq!(shop.sql("SELECT count(email) > 0 FROM customers"), ["1"]);
    shop.run("v2", &["sync", "--yes"]).ends(0);
    assert!(!shop.tables().contains(&"coupons".to_owned()));
}

#[test]
fn the_policy_comes_from_arguments_before_the_environment_and_that_before_the_file() {
    let shop = Shop::open();
    let plan = |name: Option<&str>, arguments: &[&str]| {
        let mut command = shop.bare("v2", &[&["plan", "--url", "sqlite:app.db"], arguments].concat());
        if let Some(name) = name {
            command.env("SCHEMASYNC_POLICY", name);
        }
        Ran::of(&mut command)
    };
    let withholds = |ran: Ran| ran.ends(0).contains("not done: drop table");
    assert!(!withholds(plan(None, &[])));
    shop.write("schemasync.toml", "policy = \"production\"\n");
    assert!(withholds(plan(None, &[])));
    assert!(!withholds(plan(Some("development"), &[])));
    assert!(withholds(plan(Some("development"), &["--policy", "production"])));
    let wrong = plan(Some("prod"), &[]);
    assert_eq!(wrong.code, 1);
    assert!(wrong.err.contains("there is no policy \"prod\": there are development and production"), "{}", wrong.err);
}

#[test]
fn the_rules_of_the_file_count_and_an_unknown_one_is_named() {
    let shop = Shop::open();
    shop.write("schemasync.toml", "[rules]\ndrops-column = \"deny\"\n");
    let said = shop.run("v2", &["check"]).ends(3);
    assert!(said.contains("the policy denies drops-column: it loses column \"nickname\" with"), "{said}");
    shop.run("v2", &["check", "--allow", "drops-column"]).ends(2);
    let wrong = shop.run("v2", &["check", "--deny", "drop-column"]);
    assert!(
        wrong.err.contains("there is no rule \"drop-column\": there are drops-table, drops-column"),
        "{}",
        wrong.err
    );
    shop.write("schemasync.toml", "[rules]\ndrop-column = \"deny\"\n");
    let wrong = shop.run("v2", &["check"]);
    assert!(wrong.err.contains("unknown variant `drop-column`"), "{}", wrong.err);
}

#[test]
fn a_check_is_shown_as_annotations_of_a_workflow() {
    let shop = Shop::open();
    let said = shop.run("v2", &["check", "--format", "github", "--deny", "drops-table"]).ends(3);
    let lines: Vec<&str> = said.lines().collect();
    assert!(lines.iter().all(|line| line.starts_with("::")), "{said}");
    assert!(said.contains("::error title=schemasync::coupons: the policy denies drops-table"), "{said}");
    assert!(said.contains("::warning title=drops-column::customers loses column \"nickname\" with"), "{said}");
    assert!(lines.last().is_some_and(|line| line.starts_with("::notice title=schemasync plan::")), "{said}");
}

#[test]
fn a_suspected_rename_is_shown_before_anybody_agrees() {
    let shop = Shop::open();
    let said = shop.run("v4", &["plan"]).ends(0);
    assert!(said.contains("did you mean #[db(renamed = \"nickname\")] on \"alias\"?"), "{said}");
    let json = shop.run("v4", &["check", "--json"]).ends(2);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let rules: Vec<&str> =
        json["findings"].as_array().unwrap().iter().filter_map(|finding| finding["rule"].as_str()).collect();
    assert_eq!(rules, ["drops-column", "rename-suspected"]);
}
