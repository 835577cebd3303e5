//! Servers from Docker Compose: compose.yaml at the root of the workspace.

use super::Server;
use super::record::Record;
use super::service::Service;
use crate::{Result, command, paths};
use std::fs;
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

/// An image may have to be fetched, and PostgreSQL's built.
const UP: Duration = Duration::from_secs(900);
const DOWN: Duration = Duration::from_secs(120);
const ASK: Duration = Duration::from_secs(15);

/// Whether there is Docker, with Compose, and its daemon answers.
pub(super) fn answers() -> bool {
    static ANSWERS: OnceLock<bool> = OnceLock::new();
    *ANSWERS.get_or_init(|| {
        let asks = |args: &[&str]| command::answer(Command::new("docker").args(args), ASK).is_some();
        asks(&["compose", "version"]) && asks(&["info"])
    })
}

/// Brings up one service of compose.yaml and waits until its health check is content.
pub(super) fn up(service: Service) -> Result<Server> {
    let before = running(service);
    let log = paths::log(&format!("{}-compose", service.name()));
    // The log of the run before is of no use any more.
    let _ = fs::remove_file(&log);
    let what = format!("{}: docker compose up", service.name());
    command::run(&what, docker_compose().args(["up", "--detach", "--wait", service.name()]), &log, UP)?;
    let mut started = Vec::new();
    if before.is_none() {
        Record::Compose.write(service)?;
        started.push(service);
    }
    let url = running(service).ok_or_else(|| format!("{what}: no port is published{}", command::tail_of(&log)))?;
    Ok(Server { service, url, started })
}

/// The URL of the container, if it runs. Docker chose the port.
pub(super) fn running(service: Service) -> Option<String> {
    if !answers() {
        return None;
    }
    let port = service.usual_port().to_string();
    let address = command::answer(docker_compose().args(["port", service.name(), &port]), ASK)?;
    let port = address.trim().rsplit_once(':')?.1.parse().ok().filter(|port| *port != 0)?;
    Some(service.url(port))
}

/// A client in the container: `pg_dump`, `psql`.
pub(super) fn postgres_client(program: &str) -> Vec<String> {
    let workspace = paths::workspace().display().to_string();
    let words =
        ["docker", "compose", "--project-directory", &workspace, "exec", "-T", "postgres", program, "-U", "postgres"];
    words.map(str::to_owned).into()
}

pub(super) fn down(service: Service) -> Result<()> {
    let what = format!("{}: docker compose rm", service.name());
    let log = paths::log(&format!("{}-compose", service.name()));
    command::run(&what, docker_compose().args(["rm", "--stop", "--force", "--volumes", service.name()]), &log, DOWN)
}

fn docker_compose() -> Command {
    let mut docker = Command::new("docker");
    docker.arg("compose").current_dir(paths::workspace());
    docker
}
