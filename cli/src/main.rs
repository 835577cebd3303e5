//! `cargo schemasync`: finds the binary that has the models of a package, builds and runs it, and passes on what it says.
//!
//! Commands that need no models, and those that get them from `--schema`, are done here: no Rust project is needed for them.

mod init;
mod project;
mod selection;

use project::{Found, Project};
use schemasync::cli::{Cli, Exit, Io};
use selection::Selection;
use std::ffi::OsString;
use std::process::{Command, ExitCode};

const EXTRA_HELP: &str = "In a Rust project:
  cargo schemasync init   writes src/bin/db.rs, the binary that has the models

The binary that is run is, of the package of this folder or else of the workspace: what `[package.metadata.schemasync] bin = \"…\"`
names, else `schemasync`, else `db`. Before the command: -p/--package NAME, --bin NAME, --manifest-path FILE, --features LIST,
--release, as for `cargo run`. With --schema FILE no Rust project is needed.";

fn main() -> ExitCode {
    let mut arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    // As a subcommand of cargo: `cargo-schemasync schemasync …`.
    if arguments.first().is_some_and(|first| first == "schemasync") {
        arguments.remove(0);
    }
    let mut io = Io::process();
    let exit = match Selection::take(&mut arguments) {
        Ok(selection) => run(&selection, arguments, &mut io),
        Err(message) => Err(message),
    };
    exit.unwrap_or_else(|message| {
        io.fail(&message);
        Exit::Other.code()
    })
    .into()
}

fn run(selection: &Selection, arguments: Vec<OsString>, io: &mut Io<'_>) -> Result<u8, String> {
    if arguments.first().is_some_and(|first| first == "init") {
        return init::run(selection, &arguments[1..], io).map(|()| Exit::Done.code());
    }
    let cli = Cli::new(None).name("cargo schemasync").extra_help(EXTRA_HELP);
    let invocation = match cli.parse(arguments.clone(), io) {
        Ok(invocation) => invocation,
        Err(exit) => return Ok(exit.code()),
    };
    if invocation.needs_models()
        && let Some(project) = Project::read(selection)?
        && let Found::Binary { package, binary, features } = project.binary(selection)?
    {
        return forward(selection, &package, &binary, &features, arguments);
    }
    Ok(cli.execute(invocation, io).code())
}

/// Builds and runs the binary; its exit code is ours.
fn forward(
    selection: &Selection,
    package: &str,
    binary: &str,
    features: &[String],
    arguments: Vec<OsString>,
) -> Result<u8, String> {
    let mut command = Command::new(selection::cargo());
    command.args(["run", "--quiet", "--package", package, "--bin", binary]);
    command.args(selection.to_cargo());
    if !features.is_empty() {
        command.arg("--features").arg(features.join(","));
    }
    let status = command.arg("--").args(arguments).status();
    let status = status.map_err(|error| format!("cargo cannot be run: {error}"))?;
    // A program that does not compile ends cargo with 101: one of the others.
    Ok(match status.code() {
        Some(code @ 0..=4) => u8::try_from(code).unwrap_or(Exit::Other.code()),
        _ => Exit::Other.code(),
    })
}
