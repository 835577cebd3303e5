//! `cargo xtask test`: every test, with the servers that they need.

use crate::services::{self, Server, Service};
use crate::{Result, command, paths};

/// The servers that the tests need. SQLite needs none.
const NEEDED_SERVICES: &[Service] = &[Service::Postgres, Service::Pgbouncer, Service::Mysql, Service::Mariadb];

/// Runs `cargo test` on the whole workspace. What follows `--` goes to it as it is; a package named
/// there takes the place of the workspace. A server that cannot be had is a failure in CI; elsewhere the rest is tested.
pub(crate) fn run(rest: &[&str]) -> Result<()> {
    let (servers, mut missing) = bring_up(NEEDED_SERVICES);
    missing.extend(services::ensure_sqlite3().err());
    let outcome = if in_ci() && !missing.is_empty() {
        Err(missing.join("\n"))
    } else {
        let outcome = cargo_test(rest, &servers);
        // At the end, where it is seen.
        missing.iter().for_each(|message| eprintln!("NOT TESTED: {message}"));
        outcome
    };
    let started: Vec<Service> = servers.iter().flat_map(|server| server.started.clone()).collect();
    outcome.and(services::down(&started))
}

/// The servers that could be had, and why the others could not.
fn bring_up(needed: &[Service]) -> (Vec<Server>, Vec<String>) {
    let mut servers = Vec::new();
    let mut missing = Vec::new();
    for &service in needed {
        match services::up(service) {
            Ok(server) => servers.push(server),
            Err(message) => missing.push(message),
        }
    }
    (servers, missing)
}

fn cargo_test(rest: &[&str], servers: &[Server]) -> Result<()> {
    let args = arguments(rest);
    let mut command = command::cargo();
    command.args(&args).current_dir(paths::workspace());
    command.envs(servers.iter().map(|server| (server.service.variable(), &server.url)));
    command.envs(servers.iter().flat_map(services::postgres_extras));
    eprintln!("cargo {}", args.join(" "));
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err("cargo test failed".to_owned()),
        Err(e) => Err(format!("cannot start cargo: {e}")),
    }
}

fn arguments<'a>(rest: &[&'a str]) -> Vec<&'a str> {
    let rest = rest.strip_prefix(&["--"]).unwrap_or(rest);
    let of_cargo = rest.iter().take_while(|word| **word != "--");
    let names_package = |word: &str| word.starts_with("-p") || word.starts_with("--package") || word == "--workspace";
    let mut args = vec!["test"];
    if !of_cargo.into_iter().any(|word| names_package(word)) {
        args.push("--workspace");
    }
    args.extend(rest);
    args
}

pub(crate) fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_arguments_everything_is_tested() {
        assert_eq!(arguments(&[]), ["test", "--workspace"]);
    }

    #[test]
    fn a_named_package_takes_the_place_of_the_workspace() {
        let expected = ["test", "-p", "xtask", "stat"];
        assert_eq!(arguments(&["--", "-p", "xtask", "stat"]), expected);
    }

    #[test]
    fn what_goes_to_the_test_programs_names_no_package() {
        let expected = ["test", "--workspace", "--", "--package"];
        assert_eq!(arguments(&["--", "--", "--package"]), expected);
    }
}
