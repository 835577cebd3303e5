//! Development tasks, run as `cargo xtask`. The standard library only, so that the first run compiles in seconds.

mod bench_compile;
mod command;
mod paths;
mod process;
mod services;
mod test;
#[cfg(unix)]
mod versions;

use std::process::ExitCode;

/// What every task returns: an error is a text that says what was tried and what to do.
type Result<T> = std::result::Result<T, String>;

const USAGE: &str = "\
usage: cargo xtask test [-- ARGS OF cargo test]
       cargo xtask test --postgres 13,14,15,16,17,18 [-- ARGS OF cargo test]
       cargo xtask services up|down|status [postgres|pgbouncer|mysql|mariadb ...]
       cargo xtask bench-compile

test       brings up the database servers that the tests need, runs every test, takes down what it brought up
           --postgres: the PostgreSQL part on other versions of the server, which come as npm packages
services   the same servers by hand; without a name: all of them
bench-compile   how long the derive takes to compile, beside serde's two: 200 structs of 10 fields

docs/testing.md tells where the servers come from.";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        #[cfg(unix)]
        ["test", "--postgres", versions, rest @ ..] => versions::run(versions, rest),
        ["test", rest @ ..] => test::run(rest),
        ["services", action, names @ ..] => services::run(action, names),
        ["bench-compile"] => bench_compile::run(),
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        _ => Err(USAGE.to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}
