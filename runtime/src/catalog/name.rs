//! [`Name`]: what an object is called.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The name of a table or a view, with its namespace where the database has several.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
pub struct Name {
    /// PostgreSQL schema, MySQL database; `None` on SQLite.
    pub schema: Option<String>,
    /// The object's own name.
    pub name: String,
}

impl Name {
    /// A name without a namespace.
    pub fn new(name: impl Into<String>) -> Self {
        Self { schema: None, name: name.into() }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.schema {
            Some(schema) => write!(f, "{schema}.{}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

/// `schema\u{0}name`, or the name alone: unambiguous, whatever stands in the names.
impl From<Name> for String {
    fn from(name: Name) -> Self {
        match name.schema {
            Some(schema) => format!("{schema}\u{0}{}", name.name),
            None => name.name,
        }
    }
}

impl From<String> for Name {
    fn from(text: String) -> Self {
        match text.split_once('\u{0}') {
            Some((schema, name)) => Self { schema: Some(schema.into()), name: name.into() },
            None => Self { schema: None, name: text },
        }
    }
}
