//! The databases' own clients: what a script of ours is run with.

use crate::postgres::{in_ci, is_bare};
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The variable that holds the command line of `psql`, words between blanks; without it the one on the path is taken.
const PSQL: &str = "SCHEMASYNC_TEST_PSQL";

/// Whether that client is there. In CI it must be.
fn is_there(words: &[String], told: &OnceLock<bool>, excused: bool) -> bool {
    *told.get_or_init(|| {
        let asked =
            command(words).arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
        let there = asked.is_ok_and(|status| status.success());
        let name = words.join(" ");
        assert!(
            there || !in_ci() || excused,
            "`{name}` is not there: CI does not skip what the databases' own clients say"
        );
        if !there {
            println!("NOT TESTED: scripts, because `{name}` is not there (see docs/testing.md)");
        }
        there
    })
}

fn command(words: &[String]) -> Command {
    let mut words = words.iter();
    let mut command = Command::new(words.next().expect("a command"));
    command.args(words);
    command
}

/// `sqlite3 -bail`, foreign keys on as sqlx has them by default.
pub(crate) fn sqlite3(file: &std::path::Path, script: &str) -> Option<Result<(), String>> {
    static TOLD: OnceLock<bool> = OnceLock::new();
    let words = ["sqlite3".to_owned()];
    is_there(&words, &TOLD, false).then(|| {
        let mut client = command(&words);
        client.args(["-batch", "-bail", "-cmd", "PRAGMA foreign_keys = ON"]).arg(file);
        run(client, script)
    })
}

/// `psql -v ON_ERROR_STOP=1` on the database of that name, which is at that URL.
pub(crate) fn psql(url: &str, name: &str, script: &str) -> Option<Result<(), String>> {
    static TOLD: OnceLock<bool> = OnceLock::new();
    let words = std::env::var(PSQL).unwrap_or_default();
    let mut words: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
    // A command line of its own knows the server.
    let database = if words.is_empty() { url } else { name };
    if words.is_empty() {
        words.push("psql".to_owned());
    }
    is_there(&words, &TOLD, is_bare()).then(|| {
        let mut client = command(&words);
        client.args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--dbname", database]);
        run(client, script)
    })
}

fn run(mut client: Command, script: &str) -> Result<(), String> {
    let client = client.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut client = client.map_err(|error| error.to_string())?;
    // A client that stops at an error does not read on.
    let _ = client.stdin.take().expect("a pipe").write_all(script.as_bytes());
    let output = client.wait_with_output().map_err(|error| error.to_string())?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}
