//! Why a step was not done.

use crate::catalog::TEMPORARY_PREFIX;
use crate::dialect::{DatabaseError, Error};

/// Why a step was not done, in words.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) text: String,
    /// Others were in the way.
    pub(super) busy: bool,
}

impl From<String> for Failure {
    fn from(text: String) -> Self {
        Self { text, busy: false }
    }
}

/// What a step ends with.
#[derive(Debug)]
pub(super) enum StepError {
    /// The step is not done: an error of its entry.
    Failed(Failure),
    /// Nothing can be done any more: an error of the run.
    Fatal(Error),
}

impl From<Error> for StepError {
    fn from(error: Error) -> Self {
        Self::Fatal(error)
    }
}

impl From<String> for StepError {
    fn from(text: String) -> Self {
        Self::Failed(text.into())
    }
}

/// Parts what fails from what ends the run.
pub(super) fn outcome<T>(result: Result<T, StepError>) -> Result<Result<T, Failure>, Error> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(StepError::Failed(failure)) => Ok(Err(failure)),
        Err(StepError::Fatal(error)) => Err(error),
    }
}

/// What the database said, and to what. Without a connection there is no report.
pub(super) fn refused(error: DatabaseError, sql: &str) -> StepError {
    if error.is_connection_lost() {
        return StepError::Fatal(Error::Database { doing: "applying the plan".to_owned(), source: error });
    }
    // The user knows the table by its name, not by the one that it has while it is built.
    let message = error.to_string().replace(TEMPORARY_PREFIX, "");
    StepError::Failed(Failure { text: format!("{message}, in: {}", shortened(sql, 300)), busy: error.is_busy() })
}

/// The first characters of a statement.
pub(super) fn shortened(sql: &str, length: usize) -> String {
    let mut shown: String = sql.chars().take(length).collect();
    if shown.len() < sql.len() {
        shown.push('…');
    }
    shown
}
