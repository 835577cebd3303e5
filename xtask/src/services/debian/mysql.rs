//! MySQL and MariaDB, which differ in how an empty data folder is made and in the names of their programs.

use super::chroot::{Chroot, words};
use super::daemon::{Daemon, empty_folder, run};
use super::root::{Recipe, SID, TRIXIE};
use crate::Result;
use std::path::Path;

const USER: &str = "mysql";

/// What both servers are told: a socket and data of their own, no durability, and the file that lets root in.
fn serve(program: &str, data: &str, port: u16) -> String {
    format!(
        "{program} --no-defaults --datadir={data} --port={port} --bind-address=127.0.0.1 --socket={data}/sock \
         --pid-file={data}/pid --init-file={data}.sql --skip-log-bin --max-connections=300 \
         --innodb-flush-log-at-trx-commit=0"
    )
}

/// Fresh data, and the statements that the server runs on each start: root comes in by way of TCP, without a password.
fn prepare(root: &Chroot, data: &str, fill: &str, log: &Path) -> Result<()> {
    empty_folder(root, USER, data, log)?;
    root.write(
        &format!("{data}.sql"),
        "CREATE USER IF NOT EXISTS 'root'@'%';\nGRANT ALL PRIVILEGES ON *.* TO 'root'@'%' WITH GRANT OPTION;\n",
    )?;
    run(root, USER, &words(fill), log)
}

fn select_one(program: &str, port: u16) -> Vec<String> {
    let mut all =
        words(&format!("{program} --no-defaults --protocol=tcp --host=127.0.0.1 --port={port} --user=root -e"));
    all.push("SELECT 1".to_owned());
    all
}

/// MySQL 9.
pub(super) struct Mysql;

impl Daemon for Mysql {
    fn recipe(&self) -> &'static Recipe {
        &SID
    }

    fn user(&self) -> &'static str {
        USER
    }

    fn prepare(&self, root: &Chroot, _port: u16, log: &Path) -> Result<()> {
        prepare(root, "/data/mysql", "mysqld --no-defaults --initialize-insecure --datadir=/data/mysql", log)
    }

    fn serve(&self, port: u16) -> Vec<String> {
        let line = serve("mysqld", "/data/mysql", port);
        words(&format!("{line} --mysqlx=OFF --secure-file-priv=NULL"))
    }

    fn ping(&self, port: u16) -> Vec<String> {
        select_one("mysql", port)
    }
}

/// MariaDB 11.8.
pub(super) struct Mariadb;

impl Daemon for Mariadb {
    fn recipe(&self) -> &'static Recipe {
        &TRIXIE
    }

    fn user(&self) -> &'static str {
        USER
    }

    fn prepare(&self, root: &Chroot, _port: u16, log: &Path) -> Result<()> {
        let fill = "mariadb-install-db --no-defaults --datadir=/data/mariadb --auth-root-authentication-method=normal \
                    --skip-test-db --skip-name-resolve";
        prepare(root, "/data/mariadb", fill, log)
    }

    fn serve(&self, port: u16) -> Vec<String> {
        words(&serve("mariadbd", "/data/mariadb", port))
    }

    fn ping(&self, port: u16) -> Vec<String> {
        select_one("mariadb", port)
    }
}
