//! Views.

use super::types::is_default;
use super::{Dependent, Expression, Name, Trigger};
use serde::{Deserialize, Serialize};

/// A view.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct View {
    /// Name.
    #[serde(alias = "n")]
    pub name: Name,
    /// The statement that makes it again, or the query that the model gives.
    #[serde(alias = "q")]
    pub sql: Expression,
    /// Materialized.
    #[serde(default, alias = "m", skip_serializing_if = "is_default")]
    pub materialized: bool,
    /// Columns, where the database tells.
    #[serde(default, alias = "c", skip_serializing_if = "is_default")]
    pub columns: Vec<String>,
    /// The native types of its columns with their collations, where the database tells. Only of a live view, or of what the database makes
    /// of the model's, and never compared.
    #[serde(skip)]
    pub types: Vec<String>,
    /// Triggers on it.
    #[serde(default, alias = "tg", skip_serializing_if = "is_default")]
    pub triggers: Vec<Trigger>,
    /// Statements that restore what hangs on it once it is recreated: owner, options, indexes, comments, grants.
    #[serde(default, alias = "rs", skip_serializing_if = "is_default")]
    pub restore: Vec<String>,
    /// What keeps the view from being dropped and is no view. Only of a live view, and never compared.
    #[serde(skip)]
    pub dependents: Vec<Dependent>,
    /// Its text, or that of a trigger on it, cannot be read, so that it cannot be made again. Only of a live view, and never compared.
    #[serde(skip)]
    pub unreadable: bool,
    /// The query as the model wrote it, where the database words it in another way. As [`super::Table::written`].
    #[serde(default, alias = "wr", skip_serializing_if = "is_default")]
    pub written: Option<Expression>,
}

/// Equal in what is kept; what only a look at the database tells is not compared.
impl PartialEq for View {
    fn eq(&self, other: &Self) -> bool {
        let Self {
            name,
            sql,
            materialized,
            columns,
            types: _,
            triggers,
            restore,
            dependents: _,
            unreadable: _,
            written,
        } = self;
        *name == other.name
            && *sql == other.sql
            && *materialized == other.materialized
            && *columns == other.columns
            && *triggers == other.triggers
            && *restore == other.restore
            && *written == other.written
    }
}

impl View {
    /// Forgets what only a look at the database tells: a run leaves none of it behind.
    pub(crate) fn forget_live(&mut self) {
        self.restore.clear();
        self.columns.clear();
        self.types.clear();
    }
}

impl Eq for View {}
