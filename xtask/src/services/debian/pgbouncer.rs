//! PgBouncer in front of our own PostgreSQL.

use super::super::record::Record;
use super::super::service::Service;
use super::chroot::{Chroot, words};
use super::daemon::{Daemon, empty_folder, run};
use super::postgres::{USER, select_one};
use super::root::{Recipe, TRIXIE};
use crate::Result;
use std::path::Path;

const DATA: &str = "/data/pgbouncer";

/// Pooling by transaction: each transaction may run on another connection.
pub(super) struct Pgbouncer;

impl Daemon for Pgbouncer {
    fn recipe(&self) -> &'static Recipe {
        &TRIXIE
    }

    fn user(&self) -> &'static str {
        USER
    }

    fn prepare(&self, root: &Chroot, port: u16, log: &Path) -> Result<()> {
        let Some(Record::Debian { port: behind, .. }) = Record::read(Service::Postgres) else {
            return Err("pgbouncer: the PostgreSQL behind it does not run in a Debian root".to_owned());
        };
        empty_folder(root, USER, DATA, log)?;
        root.write(&format!("{DATA}/users.txt"), &format!("\"{USER}\" \"{USER}\"\n"))?;
        root.write(&format!("{DATA}/pgbouncer.ini"), &settings(port, behind))?;
        run(root, "root", &words(&format!("chown -R {USER}:{USER} {DATA}")), log)
    }

    fn serve(&self, _port: u16) -> Vec<String> {
        words(&format!("pgbouncer {DATA}/pgbouncer.ini"))
    }

    fn ping(&self, port: u16) -> Vec<String> {
        select_one(port)
    }

    /// Ends at once; the other signals wait for the clients.
    fn stop_signal(&self) -> &'static str {
        "QUIT"
    }
}

/// Every database of the server is reachable under its own name. sqlx prepares its statements, so they must be followed
/// from connection to connection, and it sends one setting at the start that a pooler does not know. Idle connections
/// are let go early, because a database with one cannot be dropped.
fn settings(port: u16, behind: u16) -> String {
    format!(
        "[databases]
* = host=127.0.0.1 port={behind}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {DATA}/users.txt
pool_mode = transaction
max_prepared_statements = 200
max_client_conn = 500
default_pool_size = 10
server_idle_timeout = 2
ignore_startup_parameters = extra_float_digits
"
    )
}
