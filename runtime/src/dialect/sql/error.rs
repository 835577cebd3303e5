//! What sqlx says, as a [`DatabaseError`].

use crate::dialect::{DatabaseError, DatabaseErrorKind};

impl From<sqlx::Error> for DatabaseError {
    fn from(error: sqlx::Error) -> Self {
        let (kind, code, message) = match &error {
            sqlx::Error::Database(said) => {
                (DatabaseErrorKind::Statement, said.code().map(std::borrow::Cow::into_owned), said.message().to_owned())
            }
            other => (DatabaseErrorKind::Connection, None, other.to_string()),
        };
        Self { kind, code, message, detail: None, source: Some(Box::new(error)) }
    }
}
