//! PostgreSQL.

use super::chroot::{Chroot, words};
use super::daemon::{Daemon, empty_folder, run};
use super::root::{Recipe, TRIXIE};
use super::tls;
use crate::Result;
use std::path::Path;

pub(super) const BIN: &str = "/usr/lib/postgresql/17/bin";
const DATA: &str = "/data/postgres";
/// The user of the operating system, and the superuser of the database.
pub(super) const USER: &str = "postgres";

/// PostgreSQL 17 with pgvector and PostGIS, durable against nothing: the data of tests needs no disk.
pub(super) struct Postgres;

impl Daemon for Postgres {
    fn recipe(&self) -> &'static Recipe {
        &TRIXIE
    }

    fn user(&self) -> &'static str {
        USER
    }

    fn prepare(&self, root: &Chroot, _port: u16, log: &Path) -> Result<()> {
        empty_folder(root, USER, DATA, log)?;
        let initdb = format!(
            "{BIN}/initdb --pgdata={DATA} --auth=trust --username={USER} --locale=C.UTF-8 --encoding=UTF8 --no-sync"
        );
        run(root, USER, &words(&initdb), log)?;
        tls::make(root, USER, log)
    }

    fn serve(&self, port: u16) -> Vec<String> {
        words(&format!(
            "{BIN}/postgres -D {DATA} -p {port} -k /tmp -c listen_addresses=127.0.0.1 -c max_connections=300 \
             -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
             -c ssl=on -c ssl_cert_file={0}/server.crt -c ssl_key_file={0}/server.key",
            tls::FOLDER
        ))
    }

    fn ping(&self, port: u16) -> Vec<String> {
        select_one(port)
    }

    /// Ends the sessions too; the polite signal would wait for them.
    fn stop_signal(&self) -> &'static str {
        "INT"
    }
}

/// A query by way of TCP, as the tests come.
pub(super) fn select_one(port: u16) -> Vec<String> {
    let mut all = words(&format!("psql -X -q -h 127.0.0.1 -p {port} -U {USER} -d postgres -c"));
    all.push("select 1".to_owned());
    all
}
