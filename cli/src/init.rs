//! `cargo schemasync init`: writes the three lines that give a package the command line. Never overwrites anything.

use crate::project::{Package, Project};
use crate::selection::Selection;
use schemasync::cli::Io;
use std::ffi::OsString;
use std::io::Write;
use std::path::Path;

pub(crate) fn run(selection: &Selection, arguments: &[OsString], io: &mut Io<'_>) -> Result<(), String> {
    match arguments.first().map(|word| word.to_string_lossy().into_owned()).as_deref() {
        None => {}
        Some("-h" | "--help") => {
            io.tell("Writes src/bin/db.rs, which gives the package of this folder (or of -p, before `init`) the command line.\n\nUsage: cargo schemasync [-p PACKAGE] init\n");
            return Ok(());
        }
        Some(word) => return Err(format!("init takes no arguments: {word:?}")),
    }
    let project = Project::read(selection)?
        .ok_or("there is no Cargo.toml here or above: run this in a package, or make one with `cargo init`")?;
    let package = project
        .package(selection)?
        .ok_or("this folder belongs to no package: choose one, as in `cargo schemasync -p shop init`")?;
    let folder = package.manifest_path.parent().ok_or("the package has no folder")?;
    for taken in ["src/bin/db.rs", "src/bin/db/main.rs"] {
        if folder.join(taken).exists() {
            return Err(format!("{taken} of the package {} exists already: nothing was written", package.name));
        }
    }
    if package.targets.iter().any(|target| target.is("bin") && target.name == "db") {
        return Err(format!("the package {} has a binary `db` already: nothing was written", package.name));
    }
    write(&folder.join("src/bin/db.rs"), &source(package))?;
    io.tell(&format!("src/bin/db.rs of the package {} is written\n", package.name));
    for line in advice(package) {
        io.tell(&line);
    }
    Ok(())
}

/// The name by which the package's own binaries see its library.
fn library(package: &Package) -> Option<String> {
    let kinds = ["lib", "rlib", "dylib"];
    let library = package.targets.iter().find(|target| kinds.iter().any(|kind| target.is(kind)))?;
    Some(library.name.replace('-', "_"))
}

fn source(package: &Package) -> String {
    let link =
        library(package).map(|name| format!("use {name} as _; // its models are linked in\n\n")).unwrap_or_default();
    format!(
        "//! The command line of this package's models: `cargo schemasync --help`.\n\n{link}fn main() -> std::process::ExitCode {{\n    schemasync::cli!()\n}}\n"
    )
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    let wrong = |error: std::io::Error| format!("{} cannot be written: {error}", path.display());
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(wrong)?;
    }
    let file = std::fs::OpenOptions::new().write(true).create_new(true).open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes())).map_err(wrong)
}

/// What is left to do by hand.
fn advice(package: &Package) -> Vec<String> {
    let mut advice = Vec::new();
    let dependency = package.dependencies.iter().find(|dependency| dependency.name == "schemasync");
    if !dependency.is_some_and(|dependency| dependency.features.iter().any(|feature| feature == "cli")) {
        advice.push("\nAdd to Cargo.toml (for PostgreSQL with the feature \"postgres\" as well):\n\n    [dependencies]\n    schemasync = { version = \"0.1\", features = [\"cli\"] }\n".to_owned());
    }
    let binaries: Vec<&str> =
        package.targets.iter().filter(|target| target.is("bin")).map(|target| target.name.as_str()).collect();
    if let ([only], None) = (binaries.as_slice(), &package.default_run) {
        advice.push(format!(
            "\nSo that `cargo run` still runs {only}, add to Cargo.toml:\n\n    [package]\n    default-run = \"{only}\"\n"
        ));
    }
    if library(package).is_none() {
        advice.push("\nThe package has no library: move the models to src/lib.rs and write `use CRATE as _;` into src/bin/db.rs,\nor name them there: schemasync::cli::main(schemasync::schema![User, Post])\n".to_owned());
    }
    advice.push("\nThen: cargo schemasync plan --url sqlite:app.db\n".to_owned());
    advice
}
