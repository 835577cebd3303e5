//! `cargo xtask bench-compile`: how long a crate full of models takes to compile, beside the same structs with serde's two derives.
//!
//! The crates are written to a temporary folder, with the lock file and the profile of this workspace. Their dependencies are compiled
//! once, into `target/bench-compile`, and stay there for the next time.

use crate::{Result, command, paths};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

const STRUCTS: usize = 200;
const ROUNDS: usize = 5;

/// What stands on the structs of one crate.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Derive {
    Nothing,
    Serde,
    DbTable,
}

const DERIVES: [Derive; 3] = [Derive::Nothing, Derive::Serde, Derive::DbTable];

impl Derive {
    fn package(self) -> &'static str {
        match self {
            Self::Nothing => "models-plain",
            Self::Serde => "models-serde",
            Self::DbTable => "models-dbtable",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Nothing => "no derive",
            Self::Serde => "`Serialize, Deserialize`",
            Self::DbTable => "`DbTable`",
        }
    }
}

/// Measures and prints the table.
pub(crate) fn run() -> Result<()> {
    let folder = Folder::new()?;
    write_workspace(&folder.0)?;
    eprintln!("compiling the dependencies");
    for derive in DERIVES {
        build(&folder.0, derive)?;
    }
    let mut times = [[Duration::ZERO; ROUNDS]; DERIVES.len()];
    // Round by round, so that a busy moment of the machine does not meet one kind only.
    for round in 0..ROUNDS {
        for (of_derive, derive) in times.iter_mut().zip(DERIVES) {
            touch(&folder.0.join(derive.package()).join("src/lib.rs"))?;
            let started = Instant::now();
            build(&folder.0, derive)?;
            of_derive[round] = started.elapsed();
        }
    }
    println!("{STRUCTS} structs of 10 fields: `cargo build` after touching lib.rs, {ROUNDS} times\n");
    println!("| derive | median, s | least, s | most, s |");
    println!("|---|---|---|---|");
    for (derive, mut times) in DERIVES.iter().zip(times) {
        times.sort();
        let [least, median, most] = [0, ROUNDS / 2, ROUNDS - 1].map(|at| times[at].as_secs_f64());
        println!("| {} | {median:.2} | {least:.2} | {most:.2} |", derive.title());
    }
    Ok(())
}

fn build(folder: &Path, derive: Derive) -> Result<()> {
    let mut cargo = command::cargo();
    cargo.args(["build", "--quiet", "--package", derive.package(), "--target-dir"]);
    cargo.arg(paths::workspace().join("target/bench-compile"));
    succeed(cargo.current_dir(folder))
}

fn succeed(command: &mut Command) -> Result<()> {
    match command.stdin(Stdio::null()).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err("cargo build failed, see above".to_owned()),
        Err(e) => Err(format!("cannot start cargo: {e}")),
    }
}

fn write_workspace(folder: &Path) -> Result<()> {
    let root = paths::workspace();
    let manifest = read(&root.join("Cargo.toml"))?;
    let profile = manifest.find("[profile.").map_or("", |at| &manifest[at..]);
    write(&folder.join("Cargo.toml"), &format!("[workspace]\nresolver = \"3\"\nmembers = [\"*\"]\n\n{profile}"))?;
    // The same versions as here.
    write(&folder.join("Cargo.lock"), &read(&root.join("Cargo.lock"))?)?;
    for derive in DERIVES {
        let dependency = match derive {
            Derive::Nothing => String::new(),
            Derive::Serde => "serde = { version = \"1\", features = [\"derive\"] }\n".to_owned(),
            Derive::DbTable => format!("schemasync = {{ path = {:?} }}\n", root.join("runtime")),
        };
        let name = derive.package();
        let manifest = format!("[package]\nname = {name:?}\nedition = \"2024\"\n\n[dependencies]\n{dependency}");
        write(&folder.join(name).join("Cargo.toml"), &manifest)?;
        write(&folder.join(name).join("src/lib.rs"), &source(derive))?;
    }
    Ok(())
}

/// The structs: ten fields of the usual types; for `DbTable` with the attributes that such a table would have.
fn source(derive: Derive) -> String {
    let (head, table) = match derive {
        Derive::Nothing => ("", false),
        Derive::Serde => ("#[derive(serde::Serialize, serde::Deserialize)]\n", false),
        Derive::DbTable => ("#[derive(schemasync::DbTable)]\n", true),
    };
    let attribute = |text: &str| if table { format!("    #[db({text})]\n") } else { String::new() };
    let mut source = String::new();
    for at in 0..STRUCTS {
        let parent = format!("fk = Model{:03}::id, on_delete = cascade, index", at.saturating_sub(1));
        // Writing to a String cannot fail.
        let _ = write!(
            source,
            "{head}pub struct Model{at:03} {{\n{}    pub id: i64,\n{}    pub email: String,\n{}    pub title: String,\n{}    pub \
             plan: String,\n    pub bio: Option<String>,\n    pub age: i32,\n    pub score: Option<f64>,\n{}    pub active: \
             bool,\n    pub data: Vec<u8>,\n{}    pub parent_id: Option<i64>,\n}}\n\n",
            attribute("id, default(increment)"),
            attribute("unique"),
            attribute("max_length = 200"),
            attribute("default = \"free\""),
            attribute("default = true"),
            attribute(&parent),
        );
    }
    source
}

fn touch(file: &Path) -> Result<()> {
    let touched = fs::File::options().append(true).open(file).and_then(|file| file.set_modified(SystemTime::now()));
    touched.map_err(|e| format!("cannot touch {}: {e}", file.display()))
}

fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).map_err(|e| format!("cannot read {}: {e}", file.display()))
}

fn write(file: &Path, text: &str) -> Result<()> {
    let folder = file.parent().map_or(Ok(()), fs::create_dir_all);
    folder.and_then(|()| fs::write(file, text)).map_err(|e| format!("cannot write {}: {e}", file.display()))
}

/// A temporary folder that goes with the value.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self> {
        let path = std::env::temp_dir().join(format!("schemasync-bench-compile-{}", std::process::id()));
        fs::create_dir_all(&path).map_err(|e| format!("cannot make {}: {e}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left behind is in the temporary folder of the system.
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_derive_stands_on_the_same_fields() {
        let bare = |derive| {
            let source = source(derive);
            source.lines().filter(|line| !line.trim_start().starts_with('#')).collect::<Vec<_>>().join("\n")
        };
        assert_eq!(bare(Derive::Nothing), bare(Derive::Serde));
        assert_eq!(bare(Derive::Nothing), bare(Derive::DbTable));
        assert_eq!(bare(Derive::Nothing).matches("    pub ").count(), STRUCTS * 10);
    }
}
