//! What a search of an index looks like on a database.

/// The parts of a query that searches an index. The user's own text is a parameter, never a part of them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SearchSql {
    /// What stands after `FROM`: the table under its own name, with what has to be joined.
    pub from: String,
    /// What stands after `WHERE`.
    pub condition: String,
    /// What stands after `ORDER BY`: the best rows first.
    pub order: String,
}
