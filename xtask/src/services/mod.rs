//! The test servers: brought up from the first place that has one, told about, taken down.
//!
//! The places, in this order: a URL in the environment, Docker Compose, Debian packages in a private root.

mod compose;
mod debian;
mod record;
mod service;

use crate::{Result, paths};
use record::Record;
pub(crate) use service::Service;
use std::fs::{self, File};
use std::path::Path;
use std::time::Instant;

/// A server that answers.
pub(crate) struct Server {
    pub(crate) service: Service,
    pub(crate) url: String,
    /// What this call started, so that whoever called can take it down again.
    pub(crate) started: Vec<Service>,
}

/// `cargo xtask services ACTION [NAME ...]`.
pub(crate) fn run(action: &str, names: &[&str]) -> Result<()> {
    let services = named(names)?;
    match action {
        "up" => up_by_hand(&services),
        "down" => down(&services),
        "status" => {
            status(&services);
            Ok(())
        }
        other => Err(format!("no such action: {other}; there are up, down and status")),
    }
}

fn named(names: &[&str]) -> Result<Vec<Service>> {
    if names.is_empty() {
        return Ok(Service::ALL.to_vec());
    }
    let known = Service::ALL.map(Service::name).join(", ");
    let find = |name: &&str| Service::named(name).ok_or_else(|| format!("no such service: {name}; there are {known}"));
    names.iter().map(find).collect()
}

/// Brings up what can be, prints the variables on the standard output, fails if one is missing.
fn up_by_hand(services: &[Service]) -> Result<()> {
    let mut missing = Vec::new();
    for &service in services {
        match up(service) {
            // A URL of the user's own may hold a password, and is exported already.
            Ok(_) if from_environment(service).is_some() => {}
            Ok(server) => {
                println!("export {}={}", service.variable(), server.url);
                postgres_extras(&server).iter().for_each(|(name, words)| println!("export {name}='{words}'"));
            }
            Err(message) => missing.push(message),
        }
    }
    if missing.is_empty() { Ok(()) } else { Err(missing.join("\n")) }
}

/// The variables that give the tests the command lines of PostgreSQL's own clients, and the programs.
const CLIENTS: [(&str, &str); 2] = [("SCHEMASYNC_TEST_PG_DUMP", "pg_dump"), ("SCHEMASYNC_TEST_PSQL", "psql")];

/// The variable that gives the tests the folder of the server's certificates ([`debian`] makes them).
const CERTIFICATES: &str = "SCHEMASYNC_TEST_POSTGRES_TLS";

/// What the tests get beside the URL, by variable, where the server is one of ours: the command lines of the clients, behind which a test
/// puts the name of a database (their words are parted by blanks, so none may hold one), and the certificates.
pub(crate) fn postgres_extras(server: &Server) -> Vec<(&'static str, String)> {
    if server.service != Service::Postgres || from_environment(server.service).is_some() {
        return Vec::new();
    }
    let words = |program: &str| match Record::read(server.service) {
        Some(Record::Debian { port, .. }) => debian::postgres_client(program, port),
        Some(Record::Compose) => compose::postgres_client(program),
        None if compose::running(server.service).is_some() => compose::postgres_client(program),
        None => Vec::new(),
    };
    let plain = |words: &Vec<String>| {
        !words.is_empty() && words.iter().all(|word| !word.contains(|c: char| c.is_whitespace() || c == '\''))
    };
    let clients = CLIENTS.iter().map(|(name, program)| (*name, words(program)));
    let clients = clients.filter(|(_, words)| plain(words)).map(|(name, words)| (name, words.join(" ")));
    let of_debian = matches!(Record::read(server.service), Some(Record::Debian { .. }));
    // One that was started before there were any has none.
    let certificates = of_debian.then(debian::postgres_certificates).filter(|folder| Path::new(folder).is_dir());
    clients.chain(certificates.map(|folder| (CERTIFICATES, folder))).collect()
}

/// Installs the `sqlite3` client, where the machine lacks it and can.
pub(crate) fn ensure_sqlite3() -> Result<()> {
    debian::ensure_sqlite3()
}

/// Brings up one server, and first the one that it stands in front of. A healthy one is taken as it is.
pub(crate) fn up(service: Service) -> Result<Server> {
    if let Some(url) = from_environment(service) {
        eprintln!("{}: the server of {}", service.name(), service.variable());
        return Ok(Server { service, url, started: Vec::new() });
    }
    let _lock = lock()?;
    let mut started = match service.behind() {
        Some(behind) => {
            let failed = |message| format!("{} stands in front of {message}", service.name());
            up_of_ours(behind).map_err(failed)?.started
        }
        None => Vec::new(),
    };
    let mut server = up_of_ours(service)?;
    started.append(&mut server.started);
    Ok(Server { started, ..server })
}

fn up_of_ours(service: Service) -> Result<Server> {
    if let Some(Record::Debian { process, .. }) = Record::read(service) {
        if let Some(url) = debian::running(service) {
            return Ok(told(Server { service, url, started: Vec::new() }, None));
        }
        debian::stop(service, process);
        Record::forget(service);
    }
    let name = service.name();
    let start = Instant::now();
    let mut tried = Vec::new();
    if compose::answers() {
        match compose::up(service) {
            Ok(server) => return Ok(told(server, Some(start))),
            Err(message) => tried.push(message),
        }
    }
    match debian::possible() {
        Ok(()) => match debian::up(service) {
            Ok(server) => {
                // The reader should know why it is not the first place that has one.
                tried.iter().for_each(|message| eprintln!("{message}"));
                return Ok(told(server, Some(start)));
            }
            Err(message) => tried.push(message),
        },
        Err(reason) => tried.push(format!(
            "{name}: no server. Set {}, or start Docker (with Compose), or be root on Debian ({reason})",
            service.variable()
        )),
    }
    Err(tried.join("\n"))
}

fn told(server: Server, start: Option<Instant>) -> Server {
    let how = match start {
        Some(start) if !server.started.is_empty() => format!("up after {:.1} s", start.elapsed().as_secs_f32()),
        _ => "already up".to_owned(),
    };
    eprintln!("{}: {how}, {}", server.service.name(), server.url);
    server
}

/// Stops what we started, and first what stands in front of it. Never anything else.
pub(crate) fn down(services: &[Service]) -> Result<()> {
    if services.is_empty() {
        return Ok(());
    }
    let _lock = lock()?;
    // From the last to the first: a pooler ends before its server.
    let wanted =
        |service: &Service| services.contains(service) || service.behind().is_some_and(|b| services.contains(&b));
    let failures: Vec<String> =
        Service::ALL.into_iter().rev().filter(wanted).filter_map(|service| down_one(service).err()).collect();
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n")) }
}

fn down_one(service: Service) -> Result<()> {
    match Record::read(service) {
        None => return Ok(()),
        Some(Record::Compose) => compose::down(service)?,
        Some(Record::Debian { process, .. }) => debian::stop(service, process),
    }
    Record::forget(service);
    eprintln!("{}: down", service.name());
    Ok(())
}

fn status(services: &[Service]) {
    for &service in services {
        let state = if from_environment(service).is_some() {
            format!("the server of {}", service.variable())
        } else if let Some(url) = debian::running(service) {
            format!("up, {url} (Debian root)")
        } else if let Some(url) = compose::running(service) {
            format!("up, {url} (Docker Compose)")
        } else {
            "down".to_owned()
        };
        println!("{:<9} {state}", service.name());
    }
}

fn from_environment(service: Service) -> Option<String> {
    std::env::var(service.variable()).ok().filter(|url| !url.is_empty())
}

/// Two runs in one work tree wait for each other: held until the file is dropped.
fn lock() -> Result<File> {
    let path = paths::services().join("lock");
    let take = || {
        fs::create_dir_all(paths::services())?;
        let file = File::create(&path)?;
        file.lock()?;
        Ok(file)
    };
    take().map_err(|e: std::io::Error| format!("cannot lock {}: {e}", path.display()))
}
