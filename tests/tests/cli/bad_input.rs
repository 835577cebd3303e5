//! What is wrong is said in one line, or in a list of one line each, with what was expected; nothing is changed and nothing is made.

use crate::program::{Ran, Shop};

/// Runs it in a folder that must stay as it is.
#[track_caller]
fn fails(shop: &Shop, arguments: &[&str], words: &str) {
    let files = || -> Vec<_> {
        let mut files: Vec<_> = std::fs::read_dir(shop.folder()).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        files.into_iter().map(|path| (std::fs::read(&path).unwrap_or_default(), path)).collect()
    };
    let before = files();
    let ran = Ran::of(&mut shop.bare("v1", arguments));
    assert_eq!(ran.code, 1, "{arguments:?}: {}{}", ran.out, ran.err);
    let is_item = |line: &str| line.starts_with("  - ");
    assert!(ran.err.starts_with("error: ") && ran.err.lines().skip(1).all(is_item), "{arguments:?}: {}", ran.err);
    assert!(ran.err.contains(words), "{arguments:?}: {}", ran.err);
    assert!(!ran.err.contains("s3cret"), "{arguments:?}: {}", ran.err);
    assert_eq!(ran.out, "", "{arguments:?}");
    assert_eq!(files(), before, "{arguments:?}");
}

#[test]
fn arguments() {
    let shop = Shop::new();
    for (arguments, words) in [
        (&[][..], "no command: expected one of sync, plan, apply"),
        (&["plam"], "unrecognized subcommand 'plam'; a similar subcommand exists: 'plan' (see `shop --help`)"),
        (&["plan", "--saef"], "unexpected argument '--saef' found; a similar argument exists: '--safe'"),
        (&["plan", "postgres://u:s3cret@h/d"], "unexpected argument '…'"),
        (&["drift", "--yes"], "unexpected argument '--yes'"),
        (&["plan", "--color", "purple"], "[possible values: auto, always, never]"),
        (&["plan", "--lock-timeout", "soon"], "\"soon\" is not a time: write 30s, 500ms, 2m or 1h"),
        (&["plan", "--lock-timeout", "99999999999999999999s"], "is not a time"),
        (&["plan", "--sql", "--json"], "'--sql' cannot be used with '--json'"),
        (&["plan", "--url", "sqlite::memory:", "--namespace", " "], "--namespace is empty"),
        (&["apply"], "required arguments were not provided: <PLAN>"),
        (&["refresh"], "required arguments were not provided: <VIEW>"),
        (&["history", "-n", "-3"], "unexpected argument '-3'"),
        (&["completions", "csh"], "[possible values: bash, elvish, fish, powershell, zsh]"),
        (&["graph", "--format", "png"], "[possible values: mermaid, dot, svg, html]"),
        (&["plan"], "no database: give --url"),
    ] {
        fails(&shop, arguments, words);
    }
}

#[test]
fn databases() {
    let shop = Shop::new();
    shop.write("text.db", "this is not a database, whatever its name says, and it is long enough to be read");
    for (url, words) in [
        ("app.db", "what was given is not a database URL: expected sqlite:FILE, postgres://USER@HOST/NAME, mysql://"),
        ("oracle://u:s3cret@h", "the scheme of the URL is not known"),
        ("mysql://u:s3cret@h", "it names no database"),
        ("mongodb://u:s3cret@h/d", "mongodb is not supported yet"),
        ("sqlite:app.db", "the database file app.db does not exist: `sync` makes it"),
        ("sqlite:app.db?mode=rwc", "does not exist"),
        ("sqlite:app.db?mode=odd", "cannot be read"),
        ("sqlite:text.db", "text.db cannot be opened: file is not a database"),
        ("sqlite:.", ". is a folder"),
        ("postgres://u:s3cret@[h/d", "the URL (postgres://…) cannot be read: the host is not one"),
        ("postgres://u:s3cret@127.0.0.1:1/d", "postgres://127.0.0.1:1/d: no connection"),
        ("postgres://h/d?user=u&password=s3cret&port=x", "cannot be read"),
        ("postgres://u:s3cret@h/d?sslmod=require", "the URL has the parameter `sslmod`, which is not known"),
        ("sqlite:app.db?sslmode=require", "the parameter `sslmode` is not known"),
    ] {
        for command in ["plan", "check", "status", "drift", "history", "dump", "pull"] {
            fails(&shop, &[command, "--url", url], words);
        }
    }
    for (url, words) in [("sqlite:none/app.db", "the folder none does not exist"), ("sqlite:text.db", "not a database")]
    {
        fails(&shop, &["sync", "--yes", "--url", url], words);
    }
}

#[test]
fn files() {
    let shop = Shop::open();
    shop.write("bad.json", "{\"schemasync\": 1, \"tables\": [{\"nane\": \"t\"}]}");
    shop.write(
        "two.json",
        "{\"schemasync\": 1, \"tables\": [{\"name\": \"t\", \"columns\": []}, {\"name\": \"t\", \"columns\": []}]}",
    );
    shop.write("bad.toml", "url = \"sqlite:app.db\"\nsave = true\n");
    let url = ["--url", "sqlite:app.db"];
    for (arguments, words) in [
        (&["apply", "none.json"][..], "the plan none.json cannot be read: there is no such file"),
        (&["apply", "app.db"], "it is not text"),
        (&["apply", "bad.json"], "bad.json is not a plan: expected what `shop plan --out` writes"),
        (&["plan", "--schema", "none.json"], "the schema document none.json cannot be read: there is no such file"),
        (&["plan", "--schema", "bad.json"], "unknown field `nane`, expected one of `name`"),
        (&["plan", "--schema", "two.json"], "two.json: "),
        (&["plan", "--config", "none.toml"], "the configuration none.toml cannot be read: there is no such file"),
        (&["plan", "--config", "bad.toml"], "bad.toml: line 2: unknown field `save`, expected one of `url`, `schema`"),
        (&["plan", "--out", "none/plan.json"], "none/plan.json cannot be written"),
        (&["dump", "--out", "none/dump.json"], "none/dump.json cannot be written"),
    ] {
        fails(&shop, &[arguments, &url].concat(), words);
    }
    shop.write(".env", "DATABASE_URL s3cret\n");
    fails(&shop, &["plan"], "the file .env cannot be read: a line is not NAME=value");
}

#[test]
fn a_model_that_contradicts_itself_makes_no_file() {
    let shop = Shop::new();
    shop.write("empty.json", "{\"schemasync\": 1}");
    fails(&shop, &["sync", "--schema", "empty.json", "--url", "sqlite:app.db"], "the schema is empty");
}
