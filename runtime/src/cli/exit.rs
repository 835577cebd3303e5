//! Exit codes, and the one line that goes with those that are not good news.

use super::redact::redact;
use super::visible::visible_line;
use crate::Error;
use std::process::ExitCode;

/// How the program ends. The numbers are what it exits with, and do not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Exit {
    /// 0: done, or nothing to do.
    Done = 0,
    /// 1: anything that is none of the others: wrong arguments, no connection, no such file.
    Other = 1,
    /// 2: `check`, or a command with `--exit-code`, found differences.
    Changes = 2,
    /// 3: an entry has errors.
    Errors = 3,
    /// 4: refused: destructive steps that nobody has agreed to, a stale plan.
    Refused = 4,
    /// 5: `dump` or `pull` has left out a table, which stands as an external one in what was written.
    LeftOut = 5,
}

impl Exit {
    /// The number.
    pub fn code(self) -> u8 {
        self as u8
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// Why a command ends early: one line, and the exit code.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) exit: Exit,
    pub(super) message: String,
}

impl Failure {
    pub(super) fn other(message: impl Into<String>) -> Self {
        Self { exit: Exit::Other, message: items(&message.into()) }
    }

    pub(super) fn refused(message: impl Into<String>) -> Self {
        Self { exit: Exit::Refused, message: items(&message.into()) }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::InvalidSchema { problems } if problems.len() == 1 => {
                Self::other(format!("the models cannot be synced: {}", problems.join("")))
            }
            Error::StalePlan | Error::LeftBehind { .. } => Self::refused(error.to_string()),
            Error::Failed { .. } => Self { exit: Exit::Errors, message: one_line(&error.to_string()) },
            _ => Self::other(error.to_string()),
        }
    }
}

impl From<crate::model::InvalidSchema> for Failure {
    fn from(error: crate::model::InvalidSchema) -> Self {
        Error::from(error).into()
    }
}

impl From<crate::plan::PlanError> for Failure {
    fn from(error: crate::plan::PlanError) -> Self {
        Error::from(error).into()
    }
}

/// On one line, without what a terminal would obey, and without passwords.
pub(super) fn one_line(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    redact(&visible_line(&lines.collect::<Vec<_>>().join(" ")))
}

/// As [`one_line`], but for the items of a list: each is a line of its own.
pub(super) fn items(text: &str) -> String {
    let items: Vec<String> = text.split(ITEM).map(one_line).collect();
    items.join(ITEM)
}

/// What an item of a list begins with.
const ITEM: &str = "\n  - ";

/// The text of a file; `what` it is, for the error.
pub(super) fn read_text(what: &str, path: &std::path::Path) -> Result<String, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        let why = match error.kind() {
            std::io::ErrorKind::InvalidData => "it is not text".to_owned(),
            std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
            _ => error.to_string(),
        };
        Failure::other(format!("{what} {} cannot be read: {why}", path.display()))
    })?;
    // Some editors begin a file with a mark that says that it is UTF-8.
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_mark_at_the_head_of_a_file_is_no_part_of_it() {
        let path = std::env::temp_dir().join(format!("schemasync-mark-{}.json", std::process::id()));
        std::fs::write(&path, "\u{feff}{}").expect("a file");
        assert_eq!(super::read_text("the schema document", &path).ok().as_deref(), Some("{}"));
        std::fs::remove_file(&path).expect("the file");
    }
}
