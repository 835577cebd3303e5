//! Where the options come from: arguments, environment, `.env`, `schemasync.toml`.

use crate::program::{Ran, Shop};

/// Which database was used: that of its file name.
fn used(ran: Ran) -> String {
    let out = ran.ends(0);
    let line = out.lines().find(|line| line.contains("database")).unwrap_or_default().to_owned();
    line.split_whitespace().nth(1).unwrap_or_default().to_owned()
}

#[test]
fn arguments_come_before_the_environment_and_that_before_files() {
    let shop = Shop::new();
    for name in ["toml", "dotenv", "variable", "argument"] {
        shop.write(&format!("{name}.db"), "");
    }
    let status = |arguments: &[&str]| shop.bare("v1", &[&["status"], arguments].concat());
    assert_eq!(Ran::of(&mut status(&[])).code, 1);
    shop.write("schemasync.toml", "url = \"sqlite:toml.db\"\n");
    assert_eq!(used(Ran::of(&mut status(&[]))), "sqlite:toml.db");
    shop.write(".env", "OTHER=1\n# a comment\nexport DATABASE_URL=\"sqlite:dotenv.db\"\n");
    assert_eq!(used(Ran::of(&mut status(&[]))), "sqlite:dotenv.db");
    assert_eq!(used(Ran::of(status(&[]).env("DATABASE_URL", "sqlite:variable.db"))), "sqlite:variable.db");
    let named = &["--url", "sqlite:argument.db"];
    assert_eq!(used(Ran::of(status(named).env("DATABASE_URL", "sqlite:variable.db"))), "sqlite:argument.db");
}

#[test]
fn the_configuration_sets_options() {
    let shop = Shop::open();
    shop.write("schemasync.toml", "safe = true\nlock-timeout = \"5s\"\ncolor = \"always\"\n");
    let said = shop.run("v2", &["sync"]).ends(0);
    assert!(said.contains("safe mode") && said.contains('\u{1b}'), "{said}");
    assert!(!shop.run("v2", &["plan", "--color=never"]).ends(0).contains('\u{1b}'));
    shop.write("other.toml", "namespace = \"billing\"\n");
    let said = shop.run("v2", &["status", "--config", "other.toml"]).ends(0);
    assert!(said.contains("billing"), "{said}");
    assert!(shop.run("v2", &["status", "--config", "other.toml", "--namespace", "b"]).ends(0).contains(" b\n"));
}

#[test]
fn the_configuration_of_a_folder_above_counts() {
    let shop = Shop::new();
    shop.write("app.db", "");
    shop.write("schemasync.toml", "namespace = \"above\"\n");
    std::fs::create_dir(shop.path("below")).unwrap();
    let mut command = shop.bare("v1", &["status", "--url", "sqlite:../app.db"]);
    assert!(Ran::of(command.current_dir(shop.path("below"))).ends(0).contains("above"));
}

#[test]
fn a_dump_is_a_model_that_plans_to_nothing() {
    let shop = Shop::open();
    shop.run("v2", &["sync", "--yes"]).ends(0);
    shop.run("v2", &["dump", "--out", "shop.json"]).ends(0);
    let said = shop.run("v1", &["check", "--schema", "shop.json", "--namespace", "again"]);
    // The tables belong to the namespace "default": in one that claims nothing the same document says nothing new.
    assert_eq!(said.code, 3, "{}", said.out);
    shop.sql("DELETE FROM __schemasync_state");
    let said = shop.run("v1", &["check", "--schema", "shop.json"]);
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{}", said.out);
    // In the configuration a document is for programs without models.
    shop.write("schemasync.toml", "schema = \"shop.json\"\n");
    shop.run("v2", &["check"]).ends(0);
}

#[test]
fn a_dump_as_sql_makes_the_same_database() {
    let shop = Shop::open();
    shop.run("v2", &["sync", "--yes"]).ends(0);
    shop.sql("CREATE TRIGGER on_order AFTER INSERT ON orders BEGIN UPDATE customers SET plan = 'paid' WHERE id = NEW.customer_id; END");
    shop.sql("CREATE INDEX mine ON orders (amount DESC) WHERE amount > 3");
    let sql = shop.run("v2", &["dump", "--sql"]).ends(0);
    let copy = Shop::new();
    copy.write("app.db", "");
    copy.sql(&sql);
    assert_eq!(copy.run("v2", &["dump", "--sql"]).ends(0), sql);
    copy.run("v2", &["check"]).ends(0);
}
