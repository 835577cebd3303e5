//! The command line as a value: any input and output, somebody who answers.

use crate::program::Shop;
use schemasync::Schema;
use schemasync::cli::{Cli, Exit, Io};

const MODEL: &str = r#"{"schemasync": 1, "tables": [{"name": "customers", "columns": [{"name": "id", "type": "int64"}], "primary_key": ["id"]}]}"#;

/// Runs a sync with somebody at the terminal who gives that answer.
fn answered(shop: &Shop, answer: &str) -> (Exit, String) {
    let url = format!("sqlite:{}", shop.path("app.db").display());
    let (mut out, mut err, mut input) = (Vec::new(), Vec::new(), answer.as_bytes());
    let mut io = Io::new(&mut out, &mut err, &mut input).interactive(true);
    let exit = Cli::new(Some(Schema::from_json(MODEL).unwrap())).name("tool").run(["sync", "--url", &url], &mut io);
    drop(io);
    (exit, String::from_utf8(err).unwrap())
}

#[test]
fn destructive_steps_are_done_when_somebody_types_yes() {
    let shop = Shop::open();
    for answer in ["", "\n", "no\n", "y\n", "yes please\n"] {
        let (exit, err) = answered(&shop, answer);
        assert_eq!(exit, Exit::Refused, "{answer:?}");
        assert!(err.contains("This drops 2 tables with 4 rows, 2 columns with 5 values from"), "{err}");
        assert!(err.ends_with("error: not agreed to: nothing was changed\n"), "{err}");
        assert_eq!(shop.tables(), ["coupons", "customers", "orders"]);
    }
    let (exit, _) = answered(&shop, "yes\n");
    assert_eq!(exit, Exit::Done);
    assert_eq!(shop.tables(), ["customers"]);
}

#[test]
fn without_models_a_document_is_asked_for() {
    let (mut out, mut err, mut input) = (Vec::new(), Vec::new(), std::io::empty());
    let exit = Cli::new(None).run(["plan", "--url", "sqlite:app.db"], &mut Io::new(&mut out, &mut err, &mut input));
    assert_eq!(exit, Exit::Other);
    assert!(String::from_utf8(err).unwrap().starts_with("error: no models: give a schema document with --schema"));
}

#[test]
fn what_needs_models_is_known() {
    let (mut out, mut err, mut input) = (Vec::new(), Vec::new(), std::io::empty());
    let mut io = Io::new(&mut out, &mut err, &mut input);
    let cli = Cli::new(None);
    for (arguments, needs) in
        [("plan", true), ("plan --schema a", false), ("dump", false), ("graph", true), ("graph --live", false)]
    {
        assert_eq!(cli.parse(arguments.split(' '), &mut io).unwrap().needs_models(), needs, "{arguments}");
    }
}
