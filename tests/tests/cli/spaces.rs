//! Models of several databases in one program: `--space`, and `[spaces.…]` of the configuration.

use crate::program::Shop;
use schemasync::DbTable;
use schemasync::cli::{Cli, Exit, Io};

#[derive(DbTable)]
#[db(table = "events", space = "analytics")]
#[allow(dead_code, reason = "fields are only columns here")]
struct Event {
    #[db(id)]
    id: i64,
    name: String,
}

/// Ends so, and has said this.
fn run(arguments: &[&str]) -> (Exit, String) {
    let (mut out, mut err, mut input) = (Vec::new(), Vec::new(), std::io::empty());
    let exit = Cli::registered().run(arguments, &mut Io::new(&mut out, &mut err, &mut input));
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (exit, text(out) + &text(err))
}

#[test]
fn a_space_has_its_own_models_and_database() {
    let shop = Shop::new();
    let path = shop.path("analytics.db");
    let configuration = format!("[spaces.analytics]\nurl = \"sqlite:{}\"\nnamespace = \"numbers\"\n", path.display());
    shop.write("schemasync.toml", &configuration);
    let configuration = shop.path("schemasync.toml");
    let configuration = configuration.to_str().expect("UTF-8");
    let (exit, said) = run(&["sync", "--config", configuration, "--space", "analytics"]);
    assert_eq!(exit, Exit::Done, "{said}");
    assert!(said.contains("+ events") && said.contains("namespace numbers"), "{said}");
    assert!(!said.contains("  + customers"), "{said}");
    let (exit, said) = run(&["status", "--config", configuration, "--space", "analytics"]);
    assert_eq!(exit, Exit::Done, "{said}");
    assert!(said.contains("numbers"), "{said}");
}

#[test]
fn a_space_that_is_not_known_is_named() {
    let shop = Shop::new();
    shop.write("schemasync.toml", "");
    let configuration = shop.path("schemasync.toml");
    let configuration = configuration.to_str().expect("UTF-8");
    let (exit, said) = run(&["plan", "--config", configuration, "--url", "sqlite::memory:", "--space", "analytix"]);
    assert_eq!(exit, Exit::Other);
    assert!(said.contains("no model is in the space \"analytix\": there are analytics"), "{said}");
    let (exit, said) = run(&["plan", "--config", configuration, "--space", "analytics"]);
    assert_eq!(exit, Exit::Other);
    assert!(said.contains("no database for the space \"analytics\"") && said.contains("[spaces.analytics]"), "{said}");
}
