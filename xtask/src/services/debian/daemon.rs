//! What a server in a root has to tell.

use super::chroot::{Chroot, words};
use super::root::Recipe;
use crate::{Result, command};
use std::path::Path;
use std::time::Duration;

/// Making an empty database takes seconds; MySQL's takes the longest.
const PREPARE: Duration = Duration::from_secs(120);

/// A server program in a private root.
pub(super) trait Daemon {
    fn recipe(&self) -> &'static Recipe;

    /// The root's user that owns the data and runs the server.
    fn user(&self) -> &'static str;

    /// Makes fresh data: what a crash left is never started on.
    fn prepare(&self, root: &Chroot, port: u16, log: &Path) -> Result<()>;

    /// The server, in the foreground.
    fn serve(&self, port: u16) -> Vec<String>;

    /// A command that succeeds as soon as the server answers a query.
    fn ping(&self, port: u16) -> Vec<String>;

    /// The signal by which it ends at once and in order.
    fn stop_signal(&self) -> &'static str {
        "TERM"
    }
}

/// An empty folder that belongs to `user`.
pub(super) fn empty_folder(root: &Chroot, user: &str, folder: &str, log: &Path) -> Result<()> {
    run(root, "root", &words(&format!("rm -rf {folder}")), log)?;
    run(root, "root", &words(&format!("install -d -m 0700 -o {user} -g {user} {folder}")), log)
}

/// One command of the preparation.
pub(super) fn run(root: &Chroot, user: &str, words: &[String], log: &Path) -> Result<()> {
    command::run(&words[0], &mut root.command(user, words), log, PREPARE)
}
