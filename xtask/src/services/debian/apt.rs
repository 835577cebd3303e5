//! What this machine's own apt knows: its Debian mirror, its settings, and debootstrap.

use super::ASK;
use crate::{Result, command};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

const UPDATE: Duration = Duration::from_secs(180);
const INSTALL: Duration = Duration::from_secs(300);
const KEYRINGS: [&str; 2] =
    ["/usr/share/keyrings/debian-archive-keyring.gpg", "/usr/share/keyrings/debian-archive-keyring.pgp"];

/// The mirror that the machine's apt sources name. Without lists there is nothing to read: then they are fetched first.
pub(super) fn mirror(log: &Path) -> Result<String> {
    if let Some(mirror) = known_mirror() {
        return Ok(mirror);
    }
    update(log)?;
    known_mirror().ok_or_else(|| "no Debian mirror in this machine's apt sources".to_owned())
}

/// Installs debootstrap and Debian's keys, where the machine lacks them.
pub(super) fn ensure_debootstrap(log: &Path) -> Result<()> {
    let mut missing = Vec::new();
    if !["/usr/sbin/debootstrap", "/usr/bin/debootstrap"].iter().any(|path| Path::new(path).exists()) {
        missing.push("debootstrap");
    }
    if !KEYRINGS.iter().any(|path| Path::new(path).exists()) {
        missing.push("debian-archive-keyring");
    }
    if missing.is_empty() { Ok(()) } else { install(&missing, log) }
}

/// Installs packages on this machine.
pub(super) fn install(packages: &[&str], log: &Path) -> Result<()> {
    update(log)?;
    let mut install = apt_get();
    install.args(["install", "--yes", "--no-install-recommends"]).args(packages);
    command::run(&format!("apt-get install {}", packages.join(" ")), &mut install, log, INSTALL)
}

/// The settings that a root must share with its machine to reach the mirror: proxies, checks of dates.
/// A mirror's sid may carry an old date, so the date it is valid until is not asked for.
pub(super) fn settings() -> String {
    let dump = command::answer(Command::new("apt-config").args(["dump", "Acquire"]), ASK).unwrap_or_default();
    let shared = |line: &&str| ["::Proxy", "Acquire::Check-"].iter().any(|part| line.contains(part));
    let text: String = dump.lines().filter(shared).map(|line| format!("{line}\n")).collect();
    text + "Acquire::Check-Valid-Until \"false\";\nAcquire::Languages \"none\";\nAcquire::Retries \"3\";\n"
}

/// The proxy for debootstrap, which does not read apt's settings.
pub(super) fn proxy() -> Option<String> {
    let line = command::answer(Command::new("apt-config").args(["shell", "PROXY", "Acquire::http::Proxy"]), ASK)?;
    let value = line.trim().strip_prefix("PROXY=")?.trim_matches('\'');
    (!value.is_empty() && value != "DIRECT").then(|| value.to_owned())
}

fn update(log: &Path) -> Result<()> {
    command::run("apt-get update", apt_get().arg("update"), log, UPDATE)
}

fn apt_get() -> Command {
    let mut apt = Command::new("apt-get");
    apt.args(["--quiet", "--option=DPkg::Lock::Timeout=120"]).env("DEBIAN_FRONTEND", "noninteractive");
    apt
}

fn known_mirror() -> Option<String> {
    let format = "$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(REPO_URI)";
    let mut ask = Command::new("apt-get");
    ask.args(["indextargets", "--format", format, "Created-By: Packages"]);
    let uri = mirror_in(&command::answer(&mut ask, ASK)?)?;
    match uri.strip_prefix("mirror+file:") {
        // A list of mirrors in a file: the first will do.
        Some(list) => fs::read_to_string(list.trim_end_matches('/')).ok().and_then(|text| first_uri(&text)),
        None => Some(uri),
    }
}

/// The repository with the releases themselves, not the one with their security updates.
fn mirror_in(targets: &str) -> Option<String> {
    targets.lines().find_map(|line| line.strip_prefix("Debian|Debian|main|").map(str::to_owned))
}

fn first_uri(list: &str) -> Option<String> {
    let mut lines = list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    Some(lines.next()?.split_whitespace().next()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mirror_is_the_one_of_the_releases() {
        let targets = "Debian|Debian-Security|main|http://mirror.test/debian-security/\n\
                       Other|Other|main|http://other.test/\n\
                       Debian|Debian|main|http://mirror.test/debian/\n";
        assert_eq!(mirror_in(targets).as_deref(), Some("http://mirror.test/debian/"));
    }

    #[test]
    fn the_first_of_a_list_of_mirrors_is_taken() {
        let list = "# ours\n\nhttp://mirror.test/debian priority:1\nhttp://other.test/debian\n";
        assert_eq!(first_uri(list).as_deref(), Some("http://mirror.test/debian"));
    }
}
