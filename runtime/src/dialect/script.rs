//! A plan as a script that the database's own client runs as it is.

use crate::change::{Change, Statement, StepIsolation};

/// What a script holds.
#[derive(Debug, Default)]
pub(crate) struct Script<'a> {
    /// What stands above the script, line by line.
    pub(crate) head: Vec<String>,
    /// The settings of the session that a run makes, and that the statements rely on.
    pub(crate) settings: &'a [(String, String)],
    /// The steps, in the order in which they are done.
    pub(crate) steps: Vec<ScriptStep<'a>>,
}

/// One step of a script.
#[derive(Debug)]
pub(crate) struct ScriptStep<'a> {
    /// What stands above it, line by line.
    pub(crate) comments: Vec<String>,
    pub(crate) change: &'a Change,
    pub(crate) statements: &'a [Statement],
    pub(crate) isolation: StepIsolation,
    pub(crate) compensation: &'a [String],
}

/// The script for the client of that database; `None`: no database of that name is known.
pub(crate) fn write(dialect: &str, script: &Script<'_>) -> Option<String> {
    match dialect {
        #[cfg(feature = "sqlite")]
        "sqlite" => Some(super::sqlite::script(script)),
        #[cfg(feature = "postgres")]
        "postgres" => Some(super::postgres::script(script)),
        #[cfg(feature = "mysql")]
        "mysql" => Some(super::mysql::script(script)),
        _ => None,
    }
}
