//! The scenarios that MySQL and MariaDB do not pass, by name, each with its reason. One that is said not to work yet is run all the same, and
//! has to fail: the list cannot grow old.

use super::Server;

/// How a scenario stands on one of the servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It works.
    Works,
    /// It is about something that these servers do not have.
    OtherDatabases(&'static str),
    /// It should work, and does not yet.
    NotYet(&'static str),
}

/// How the scenario of that name stands.
pub fn standing(_server: Server, _name: &str) -> Standing {
    Standing::Works
}
