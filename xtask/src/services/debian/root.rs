//! Making the private roots: debootstrap, then the packages, then a marker that says it is whole.

use super::chroot::{Chroot, with_private_mounts, words};
use super::{ASK, apt};
use crate::{Result, command, paths};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// What a root is made of.
#[derive(Debug)]
pub(super) struct Recipe {
    /// The Debian suite, and the name of the folder.
    pub(super) suite: &'static str,
    packages: &'static [&'static str],
}

/// PostgreSQL 17 with its extensions, PgBouncer, MariaDB 11.8.
pub(super) const TRIXIE: Recipe = Recipe {
    suite: "trixie",
    packages: &[
        "postgresql-17-pgvector",
        "postgresql-17-postgis-3",
        "pgbouncer",
        "mariadb-server-core",
        "mariadb-client-core",
    ],
};

/// MySQL 9, which no stable Debian has and whose packages conflict with MariaDB's.
pub(super) const SID: Recipe = Recipe { suite: "sid", packages: &["mysql-server-core", "mysql-client-core"] };

/// Written last. It holds the recipe, so a root made by another recipe counts as half-made too.
const MARKER: &str = "/.whole";
const DEBOOTSTRAP: Duration = Duration::from_secs(900);
const UPDATE: Duration = Duration::from_secs(300);
const INSTALL: Duration = Duration::from_secs(1200);
const REMOVE: Duration = Duration::from_secs(120);

/// Files that keep an installation in a root quick, quiet and small.
const PREPARED: [(&str, &str); 4] = [
    // No package starts a service.
    ("/usr/sbin/policy-rc.d", "#!/bin/sh\nexit 101\n"),
    // PostgreSQL's package makes no cluster: the servers make theirs on each start.
    ("/etc/postgresql-common/createcluster.conf", "create_main_cluster = false\n"),
    (
        "/etc/dpkg/dpkg.cfg.d/private-root",
        "force-unsafe-io\npath-exclude=/usr/share/doc/*\npath-exclude=/usr/share/man/*\n",
    ),
    ("/etc/apt/apt.conf.d/99private-root", "APT::Install-Recommends \"false\";\nDpkg::Use-Pty \"false\";\n"),
];

/// Where the root of a recipe is, made or not.
pub(super) fn of(recipe: &Recipe) -> Chroot {
    Chroot { dir: paths::services().join(recipe.suite) }
}

/// The root of a recipe; made if it is missing, made anew if it is half-made.
pub(super) fn ensure(recipe: &Recipe) -> Result<Chroot> {
    let root = of(recipe);
    let text = format!("{recipe:?}\n");
    if fs::read_to_string(root.outside(MARKER)).is_ok_and(|marker| marker == text) {
        return Ok(root);
    }
    let log = paths::log(&format!("root-{}", recipe.suite));
    // The log of the attempt before is of no use any more.
    let _ = fs::remove_file(&log);
    eprintln!("making a root of Debian {} (once, a minute or two; log: {})", recipe.suite, log.display());
    let start = Instant::now();
    remove(&root, &log)?;
    make(recipe, &root, &log)?;
    root.write(MARKER, &text)?;
    eprintln!("made the root of Debian {} in {} s", recipe.suite, start.elapsed().as_secs());
    Ok(root)
}

fn make(recipe: &Recipe, root: &Chroot, log: &Path) -> Result<()> {
    apt::ensure_debootstrap(log)?;
    let mirror = apt::mirror(log)?;
    debootstrap(recipe, root, &mirror, log)?;
    for (path, text) in PREPARED {
        root.write(path, text)?;
    }
    root.write("/etc/apt/apt.conf.d/98host", &apt::settings())?;
    // Names of this machine's network that only its own table knows. A root without it may do as well.
    let _ = fs::copy("/etc/hosts", root.outside("/etc/hosts"));
    let step = |what: &str, words: &[String], limit| {
        command::run(&format!("{}: {what}", recipe.suite), &mut root.command("root", words), log, limit)
    };
    step("chmod", &words("chmod 0755 /usr/sbin/policy-rc.d"), ASK)?;
    step("apt-get update", &words("apt-get --quiet update"), UPDATE)?;
    let mut install = words("apt-get --quiet --yes install");
    install.extend(recipe.packages.iter().map(ToString::to_string));
    step("apt-get install", &install, INSTALL)?;
    step("apt-get clean", &words("apt-get clean"), REMOVE)?;
    // The packages with only the server in them come without its user.
    step("useradd", &words("useradd --system --user-group --home-dir /data/mysql mysql"), ASK)
}

fn debootstrap(recipe: &Recipe, root: &Chroot, mirror: &str, log: &Path) -> Result<()> {
    let mut debootstrap = with_private_mounts("debootstrap");
    debootstrap.args(["--variant=minbase", "--include=ca-certificates", "--force-check-gpg", recipe.suite]);
    debootstrap.arg(&root.dir).arg(mirror);
    if let Some(proxy) = apt::proxy() {
        debootstrap.env("http_proxy", &proxy);
    }
    command::run(&format!("debootstrap {}", recipe.suite), &mut debootstrap, log, DEBOOTSTRAP)
}

/// Never goes into another file system: should something be mounted in there, it stays whole.
fn remove(root: &Chroot, log: &Path) -> Result<()> {
    let mut rm = Command::new("rm");
    rm.args(["-rf", "--one-file-system"]).arg(&root.dir);
    command::run(&format!("removing {}", root.dir.display()), &mut rm, log, REMOVE)
}
