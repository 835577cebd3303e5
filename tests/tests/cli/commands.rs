//! The commands of every day, and their exit codes.

use crate::program::{Ran, Shop};
use insta::assert_snapshot;

#[test]
fn sync_creates_and_is_then_up_to_date() {
    let shop = Shop::new();
    assert_snapshot!("sync_creates", shop.run("v1", &["sync"]).shown());
    assert_eq!(shop.tables(), ["coupons", "customers", "orders"]);
    assert_snapshot!("sync_up_to_date", shop.run("v1", &["sync"]).shown());
    assert_snapshot!("plan_nothing_to_do", shop.run("v1", &["plan"]).shown());
    assert_snapshot!("status_up_to_date", shop.run("v1", &["status"]).shown());
}

#[test]
fn a_failure_is_told_however_quiet() {
    let shop = Shop::open();
    for command in [&["sync", "-q", "--yes"][..], &["plan", "-q"], &["check", "-q"]] {
        let Ran { code, out, err: said } = shop.run("v3", command);
        assert_eq!((code, out.as_str()), (3, ""), "{command:?}: {said}");
        assert!(said.contains("customers") && said.contains("Type change"), "{command:?}: {said}");
    }
}

#[test]
fn many_problems_of_a_document_are_a_list() {
    let shop = Shop::new();
    let column = |ty: &str| format!(r#"{{"name": "c{ty}", "type": "int64", "default": {{"text": "{ty}"}}}}"#);
    let text = format!(
        r#"{{"schemasync": 1, "tables": [{{"name": "t", "columns": [{}, {}], "primary_key": []}}]}}"#,
        column("a"),
        column("b")
    );
    shop.write("model.json", &text);
    let said = shop.run("v1", &["plan", "--schema", "model.json"]).err;
    assert_eq!(said.lines().filter(|line| line.starts_with("  - t.c")).count(), 2, "{said}");
}

#[test]
fn looking_changes_nothing() {
    let shop = Shop::open();
    shop.sql("CREATE INDEX by_hand ON orders (amount)");
    let before = shop.bytes();
    for (arguments, code) in [
        (&["plan"][..], 0),
        (&["plan", "--sql"], 0),
        (&["plan", "--json"], 0),
        (&["plan", "--exit-code"], 2),
        (&["check"], 2),
        (&["check", "--safe"], 2),
        (&["status"], 0),
        (&["drift"], 0),
        (&["history"], 0),
        (&["dump"], 0),
        (&["dump", "--sql"], 0),
        (&["sync", "--dry-run", "--yes"], 0),
        (&["sync"], 4),
    ] {
        shop.run("v2", arguments).ends(code);
        assert_eq!(shop.bytes(), before, "{arguments:?}");
    }
    assert_eq!(std::fs::read_dir(shop.folder()).unwrap().count(), 1);
}

#[test]
fn the_plan_shows_what_is_lost_and_what_others_notice() {
    let shop = Shop::open();
    assert_snapshot!("plan_everything", shop.run("v2", &["plan"]).shown());
    let sql = shop.run("v2", &["plan", "--sql"]).ends(0);
    assert!(
        sql.contains("\n-- customers\nALTER TABLE \"customers\" RENAME COLUMN \"email_address\" TO \"email\";\n"),
        "{sql}"
    );
    assert!(sql.contains("-- coupons\nDROP TABLE \"coupons\";\n"), "{sql}");
}

#[test]
fn destructive_steps_without_a_terminal_are_refused() {
    let shop = Shop::open();
    let refused = shop.run("v2", &["sync"]);
    assert_snapshot!("sync_refused", refused.shown());
    assert_eq!(shop.sql("SELECT count(*) FROM coupons"), ["2"]);
    assert!(shop.tables().contains(&"coupons".to_owned()));

    // Safe mode does the rest, and what it held back stays known.
    assert_snapshot!("sync_safe", shop.run("v2", &["sync", "--safe"]).shown());
    assert_eq!(shop.sql("SELECT email FROM customers ORDER BY id"), ["ada@x", "bob@x", "eve@x"]);
    assert_eq!(shop.sql("SELECT nickname FROM customers ORDER BY id"), ["ada", "", "eve"]);
    let status = shop.run("v2", &["status"]).ends(0);
    assert!(status.contains("held back") && status.contains("some work waits"), "{status}");
    shop.run("v2", &["check", "--safe"]).ends(0);
    shop.run("v2", &["check"]).ends(2);

    assert_snapshot!("sync_yes", shop.run("v2", &["sync", "--yes"]).shown());
    assert_eq!(shop.tables(), ["customers", "orders", "totals"]);
    assert_eq!(shop.sql("SELECT typeof(amount) || amount FROM orders ORDER BY id"), ["integer100", "integer250"]);
    shop.run("v2", &["check"]).ends(0);
}

#[test]
fn errored_entries_are_told_and_the_others_done() {
    let shop = Shop::open();
    shop.sql("DROP TABLE orders");
    let ran = shop.run("v3", &["sync", "--yes"]);
    assert_snapshot!("sync_errors", ran.shown());
    assert_eq!(shop.tables(), ["customers"]);
    shop.run("v3", &["plan"]).ends(3);
    shop.run("v3", &["check"]).ends(3);
    let status = shop.run("v3", &["status"]).ends(0);
    assert!(status.starts_with("✗ the last sync had errors"), "{status}");
}

#[test]
fn an_older_program_changes_nothing() {
    let shop = Shop::open();
    shop.run("v2", &["sync", "--yes"]).ends(0);
    assert_snapshot!("sync_left_behind", shop.run("v1", &["sync", "--yes"]).shown());
    assert_snapshot!("plan_left_behind", shop.run("v1", &["plan"]).shown());
    assert_eq!(shop.run("v1", &["sync", "--json"]).ends(4), "");
    assert_eq!(shop.tables(), ["customers", "orders", "totals"]);
    shop.run("v1", &["check"]).ends(2);
    assert!(shop.run("v1", &["status"]).ends(0).starts_with("! the database has left these models behind"));
    shop.run("v1", &["plan", "--allow-revert", "--exit-code"]).ends(3);
}

#[test]
fn an_older_program_that_has_all_it_needs_goes_on() {
    let shop = Shop::open();
    shop.run("more", &["sync"]).ends(0);
    assert_snapshot!("sync_superseded", shop.run("v1", &["sync", "--yes"]).shown());
    let json: serde_json::Value = serde_json::from_str(&shop.run("v1", &["sync", "--json"]).ends(0)).unwrap();
    assert_eq!(json["status"], "superseded");
    assert_eq!(json["fingerprint"].as_str().map(str::len), Some(64));
    assert!(json["warnings"][0].as_str().unwrap().contains("allow_revert"), "{json}");
}

#[test]
fn status_before_any_sync() {
    let shop = Shop::new();
    shop.write("app.db", "");
    assert_snapshot!("status_never", shop.run("v1", &["status"]).shown());
    assert_snapshot!("drift_never", shop.run("v1", &["drift"]).shown());
    assert_snapshot!("history_never", shop.run("v1", &["history"]).shown());
    assert_eq!(shop.bytes(), b"");
}

#[test]
fn history_tells_each_run_that_changed_something() {
    let shop = Shop::open();
    shop.run("v2", &["sync", "--safe"]).ends(0);
    shop.run("v2", &["sync", "--yes"]).ends(0);
    let lines = shop.run("v2", &["history"]).ends(0);
    assert_eq!(lines.lines().count(), 3, "{lines}");
    assert_eq!(shop.run("v2", &["history", "-n", "1"]).ends(0).lines().count(), 1);
    assert!(shop.run("v2", &["history", "--sql"]).ends(0).contains("DROP TABLE \"coupons\";"));
    let json: serde_json::Value = serde_json::from_str(&shop.run("v2", &["history", "--json"]).ends(0)).unwrap();
    assert_eq!(json.as_array().unwrap().len(), 3);
    assert_eq!(json[0]["outcome"], "synced");
    assert_eq!(json[2]["statements"].as_array().unwrap().len(), 4);
}

#[test]
fn json_is_one_document() {
    let shop = Shop::open();
    let json = |ran: Ran, code| -> serde_json::Value {
        serde_json::from_str(&ran.ends(code)).unwrap_or_else(|error| panic!("{error}"))
    };
    assert_eq!(json(shop.run("v2", &["plan", "--json"]), 0)["dialect"], "sqlite");
    let check = json(shop.run("v2", &["check", "--json"]), 2);
    assert_eq!((&check["in_sync"], &check["steps"]), (&false.into(), &8.into()));
    assert_eq!(json(shop.run("v2", &["status", "--json"]), 0)["standing"], "changed");
    assert_eq!(json(shop.run("v2", &["drift", "--json"]), 0)["synced"], true);
    assert_eq!(shop.run("v2", &["sync", "--json"]).ends(4), "");
    assert_eq!(json(shop.run("v2", &["sync", "--json", "--yes"]), 0)["status"], "synced");
    assert_eq!(json(shop.run("v2", &["sync", "--json"]), 0)["status"], "up_to_date");
}

#[test]
fn quiet_says_nothing_but_what_was_asked_for() {
    let shop = Shop::open();
    for (arguments, code) in
        [(&["check"][..], 2), (&["plan"], 0), (&["sync", "--yes"], 0), (&["sync"], 0), (&["drift"], 0)]
    {
        let ran = shop.run("v2", &[arguments, &["--quiet"]].concat());
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (code, "", ""), "{arguments:?}");
    }
    assert!(shop.run("v2", &["dump", "--sql", "-q"]).ends(0).contains("CREATE TABLE"));
}

#[test]
fn colours_are_for_terminals() {
    let shop = Shop::open();
    let plain = shop.run("v2", &["plan"]).ends(0);
    assert!(!plain.contains('\u{1b}'));
    let coloured = shop.run("v2", &["plan", "--color", "always"]).ends(0);
    assert!(coloured.contains("\u{1b}[32m+"), "{coloured}");
    let forced = Ran::of(shop.bare("v2", &["plan"]).env("DATABASE_URL", "sqlite:app.db").env("CLICOLOR_FORCE", "1"));
    assert_eq!(forced.ends(0), coloured);
}

#[test]
fn many_at_once_do_the_work_once() {
    let shop = Shop::new();
    let codes: Vec<i32> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..8).map(|_| scope.spawn(|| shop.run("v1", &["sync"]).code)).collect();
        running.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(codes, [0; 8]);
    assert_eq!(shop.sql("SELECT count(*) FROM __schemasync_history"), ["1"]);
}

#[test]
fn refresh_says_what_it_needs() {
    let shop = Shop::open();
    let ran = shop.run("v1", &["refresh", "totals"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("has no materialized views: a plain view is always up to date"), "{}", ran.err);
}

#[test]
fn completions_know_the_commands() {
    let shop = Shop::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = Ran::of(&mut shop.bare("v1", &["completions", shell])).ends(0);
        assert!(script.contains("drift") && script.contains("lock-timeout"), "{shell}");
    }
}

#[test]
fn help_names_the_exit_codes() {
    let shop = Shop::new();
    assert_snapshot!("help", Ran::of(shop.bare("v1", &["-h"]).env("COLUMNS", "100")).shown());
    assert!(Ran::of(&mut shop.bare("v1", &["--version"])).ends(0).starts_with("shop 0."));
}

#[test]
fn another_sync_is_waited_for_as_long_as_was_said() {
    let shop = Shop::open();
    let before = shop.bytes();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(shop.path("app.db"));
    let mut holder = runtime.block_on(sqlx::ConnectOptions::connect(&options)).unwrap();
    runtime.block_on(sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut holder)).unwrap();
    let ran = shop.run("v2", &["sync", "--yes", "--lock-timeout", "300ms"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.starts_with("error: another program is writing to this database"), "{}", ran.err);
    // Looking needs no lock.
    shop.run("v2", &["check"]).ends(2);
    assert_eq!(shop.bytes(), before);
}

#[test]
fn long_lists_are_broken_and_names_cannot_move_the_cursor() {
    let shop = Shop::open();
    let columns: Vec<String> = (1..=24)
        .map(|n| format!("{{\"name\": \"some_column_{n}\", \"type\": \"text\", \"nullable\": true}}"))
        .collect();
    let id = "{\"name\": \"id\", \"type\": \"int64\"}";
    shop.write(
        "model.json",
        &format!(
            "{{\"schemasync\": 1, \"tables\": [{{\"name\": \"wide\", \"columns\": [{id}, {}], \"primary_key\": \"id\"}},
                {{\"name\": \"a\\u001b[2Jb\\nc\", \"columns\": [{id}], \"primary_key\": \"id\"}}]}}",
            columns.join(", ")
        ),
    );
    assert_snapshot!("plan_wide", shop.run("v1", &["plan", "--schema", "model.json", "--namespace", "wide"]).shown());
}

#[test]
fn a_plain_view_goes_without_anybody_agreeing() {
    let shop = Shop::open();
    shop.run("v2", &["sync", "--yes"]).ends(0);
    assert_eq!(shop.tables(), ["customers", "orders", "totals"]);
    let dumped = shop.run("v2", &["dump"]).ends(0);
    let mut document: serde_json::Value = serde_json::from_str(&dumped).expect("a document");
    document.as_object_mut().and_then(|document| document.remove("views")).expect("views");
    shop.write("no_views.json", &document.to_string());
    shop.run("v2", &["sync", "--schema", "no_views.json"]).ends(0);
    assert_eq!(shop.tables(), ["customers", "orders"]);
    assert_eq!(shop.sql("SELECT count(*) FROM orders"), ["2"]);
}

#[test]
fn a_file_that_others_hold_is_waited_for_as_long_as_was_said() {
    use sqlx::{ConnectOptions, Connection, Executor};
    let shop = Shop::open();
    shop.run("v2", &["plan", "-q", "--out", "plan.json"]).ends(0);
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(shop.path("app.db"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut holder = runtime.block_on(options.connect()).unwrap();
    runtime.block_on(holder.execute("BEGIN EXCLUSIVE")).unwrap();
    for command in [&["sync", "--yes"][..], &["plan"], &["check"], &["apply", "plan.json", "--yes"]] {
        let started = std::time::Instant::now();
        let ran = shop.run("v2", &[command, &["--lock-timeout", "500ms"]].concat());
        let waited = started.elapsed();
        assert!(waited < std::time::Duration::from_secs(3), "{command:?}: {waited:?}");
        assert_eq!(ran.code, 1, "{command:?}: {}{}", ran.out, ran.err);
        let said = "another program holds this database for itself: waited 500ms";
        assert!(ran.err.contains(said), "{command:?}: {}", ran.err);
    }
    runtime.block_on(holder.execute("ROLLBACK")).unwrap();
    runtime.block_on(holder.close()).unwrap();
    shop.run("v2", &["apply", "plan.json", "--yes"]).ends(0);
}
