//! Servers from Debian packages, in a private root folder under `.services/`, on private ports.

mod apt;
mod chroot;
mod daemon;
mod mysql;
mod pgbouncer;
mod port;
mod postgres;
mod root;
mod tls;

use super::Server;
use super::record::Record;
use super::service::Service;
use crate::process::Process;
use crate::{Result, command, paths};
use chroot::Chroot;
use daemon::Daemon;
use std::fs;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long a server may take from its start to its first answer.
const FIRST_ANSWER: Duration = Duration::from_secs(60);
/// How long a server may take to end before it is killed.
const LAST_BREATH: Duration = Duration::from_secs(20);
const ASK: Duration = Duration::from_secs(10);

/// `Err` tells why this machine cannot.
pub(super) fn possible() -> std::result::Result<(), &'static str> {
    if !cfg!(target_os = "linux") {
        return Err("this is not Linux");
    }
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    if !release.lines().any(|line| line == "ID=debian") {
        return Err("this is not Debian");
    }
    match command::answer(Command::new("id").arg("-u"), ASK).as_deref().map(str::trim) {
        Some("0") => Ok(()),
        _ => Err("this user is not root"),
    }
}

/// The URL of the server that we started, if it lives and answers.
pub(super) fn running(service: Service) -> Option<String> {
    let Some(Record::Debian { process, port }) = Record::read(service) else { return None };
    let daemon = daemon_of(service);
    let healthy = process.is_alive() && answers(&root::of(daemon.recipe()), daemon.as_ref(), port);
    healthy.then(|| service.url(port))
}

/// Starts one server on fresh data and waits until it answers.
pub(super) fn up(service: Service) -> Result<Server> {
    let daemon = daemon_of(service);
    let root = root::ensure(daemon.recipe())?;
    let port = port::free_from(service.preferred_port())?;
    let log = paths::log(service.name());
    // The log of the run before is of no use any more.
    let _ = fs::remove_file(&log);
    daemon.prepare(&root, port, &log)?;
    start(service, daemon.as_ref(), &root, port)?;
    Ok(Server { service, url: service.url(port), started: vec![service] })
}

fn start(service: Service, daemon: &dyn Daemon, root: &Chroot, port: u16) -> Result<()> {
    let name = service.name();
    let log = paths::log(name);
    // A session of its own: the server outlives this program and the terminal.
    let mut child = command::spawn_logged(&mut root.detached(daemon.user(), &daemon.serve(port)), &log)?;
    let process = Process::of(child.id()).ok_or_else(|| format!("{name} ended at once{}", command::tail_of(&log)))?;
    Record::Debian { process, port }.write(service)?;
    let deadline = Instant::now() + FIRST_ANSWER;
    while !answers(root, daemon, port) {
        let ended = !matches!(child.try_wait(), Ok(None));
        if ended || Instant::now() > deadline {
            stop(service, process);
            Record::forget(service);
            let how = if ended { "ended" } else { "did not answer" };
            return Err(format!("{name} {how}{}", command::tail_of(&log)));
        }
        sleep(Duration::from_millis(100));
    }
    Ok(())
}

/// A client of PostgreSQL's own in the root: `pg_dump`, `psql`.
pub(super) fn postgres_client(program: &str, port: u16) -> Vec<String> {
    let user = postgres::USER;
    let root = root::of(daemon_of(Service::Postgres).recipe()).dir.display().to_string();
    let program = format!("{}/{program}", postgres::BIN);
    let port = port.to_string();
    let words =
        ["chroot", &format!("--userspec={user}:{user}"), &root, &program, "-h", "127.0.0.1", "-p", &port, "-U", user];
    words.map(str::to_owned).into()
}

/// The folder of the certificates with which PostgreSQL in the root serves TLS.
pub(super) fn postgres_certificates() -> String {
    root::of(daemon_of(Service::Postgres).recipe()).outside(tls::FOLDER).display().to_string()
}

/// Installs the `sqlite3` client, where the machine lacks it.
pub(super) fn ensure_sqlite3() -> Result<()> {
    if command::answer(Command::new("sqlite3").arg("--version"), ASK).is_some() {
        return Ok(());
    }
    possible().map_err(|why| format!("sqlite3 is not there and cannot be installed: {why}"))?;
    apt::install(&["sqlite3"], &paths::log("sqlite3"))
}

pub(super) fn stop(service: Service, process: Process) {
    process.stop(daemon_of(service).stop_signal(), LAST_BREATH);
}

fn answers(root: &Chroot, daemon: &dyn Daemon, port: u16) -> bool {
    command::answer(&mut root.command(daemon.user(), &daemon.ping(port)), ASK).is_some()
}

fn daemon_of(service: Service) -> Box<dyn Daemon> {
    match service {
        Service::Postgres => Box::new(postgres::Postgres),
        Service::Pgbouncer => Box::new(pgbouncer::Pgbouncer),
        Service::Mysql => Box::new(mysql::Mysql),
        Service::Mariadb => Box::new(mysql::Mariadb),
    }
}
