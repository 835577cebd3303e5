//! What a terminal would obey is shown instead, whoever wrote it into the database.

use crate::program::Shop;
use std::process::Command;

/// A title, a colour, a cleared screen by a C1 character, a carriage return, a turned direction.
const HOSTILE: &str = "x\u{1b}]0;pwned\u{7}\u{1b}[2J\u{1b}[8m\u{9b}2J\r\u{85}\u{c}\u{202e}txt.exe\u{2066}";

const COMMANDS: [&[&str]; 14] = [
    &["plan"],
    &["plan", "--json"],
    &["plan", "--sql"],
    &["check"],
    &["status", "--namespace", HOSTILE],
    &["plan", "--namespace", HOSTILE],
    &["drift"],
    &["history", "--sql"],
    &["dump"],
    &["dump", "--sql"],
    &["pull"],
    &["graph", "--live"],
    &["graph", "--live", "--format", "dot"],
    &["sync", "--yes", "--force"],
];

fn obeyed(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t')
        || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}

/// Without the colours that the program itself makes.
fn without_colours(text: &str) -> String {
    ["0", "1", "2", "31", "32", "33", "36"]
        .iter()
        .fold(text.to_owned(), |text, code| text.replace(&format!("\u{1b}[{code}m"), ""))
}

fn hostile_shop() -> Shop {
    let shop = Shop::open();
    let name = HOSTILE.replace('"', "\"\"");
    shop.sql(&format!(
        "CREATE TABLE \"{name}\" (id INTEGER PRIMARY KEY, \"{name}\" TEXT DEFAULT '{name}' CHECK (\"{name}\" <> '{name}')); CREATE VIEW \"v{name}\" AS SELECT '{name}' AS \"{name}\"; CREATE INDEX \"i{name}\" ON \"{name}\" (\"{name}\"); CREATE TRIGGER \"t{name}\" AFTER INSERT ON \"{name}\" BEGIN SELECT 1; END; CREATE TABLE \"odd{name}\" (v \"{name}\", w VARCHAR GENERATED ALWAYS AS ('{name}'))"
    ));
    shop
}

#[test]
fn on_a_terminal_nothing_is_obeyed() {
    let there = Command::new("script").arg("--version").output().is_ok();
    assert!(there || std::env::var("CI").as_deref() != Ok("true"), "CI has no `script` (util-linux)");
    if !there {
        println!("NOT TESTED: a terminal, because there is no `script` (util-linux)");
        return;
    }
    let shop = hostile_shop();
    for arguments in COMMANDS {
        let quoted: Vec<String> = arguments.iter().map(|argument| format!("'{argument}'")).collect();
        let program = format!("stty -onlcr; exec '{}' {} 2>>errors.txt", env!("CARGO_BIN_EXE_shop"), quoted.join(" "));
        let mut command = Command::new("script");
        command.args(["-qec", &program, "/dev/null"]).current_dir(shop.folder()).stdin(std::process::Stdio::null());
        command.env("SHOP", "v2").env("DATABASE_URL", "sqlite:app.db").env("TERM", "xterm").env_remove("NO_COLOR");
        let output = command.output().unwrap();
        let text = without_colours(&String::from_utf8_lossy(&output.stdout));
        assert!(text.len() > 20, "{arguments:?}: {text}");
        assert!(!text.contains(obeyed), "{arguments:?}: {text:?}");
        let errors = std::fs::read_to_string(shop.path("errors.txt")).unwrap();
        assert!(!errors.contains(obeyed), "{arguments:?}: {errors:?}");
    }
}

#[test]
fn in_a_pipe_only_what_a_program_reads_is_as_it_is() {
    let shop = hostile_shop();
    for arguments in COMMANDS {
        let ran = shop.run("v2", arguments);
        let raw = matches!(arguments[0], "dump")
            || arguments.contains(&"--sql")
            || arguments[0] == "graph"
            || arguments[0] == "pull";
        if !raw {
            assert!(!ran.out.contains(obeyed), "{arguments:?}: {:?}", ran.out);
        }
        assert!(!ran.err.contains(obeyed), "{arguments:?}: {:?}", ran.err);
    }
    // The compiler takes the pulled source: nothing in it turns the direction of the text.
    let source = shop.run("v2", &["pull"]).out;
    assert!(source.contains("\\u{202e}") && !source.contains(obeyed), "{source:?}");
}
