//! What a server can do: small facts, one for each question that the planner asks.

/// What a server can do. Stored with the state: an upgraded server makes the next run look again (rule S2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capabilities {
    /// `sqlite 3.51.3`, as shown to users and compared by the gate.
    pub server: String,
    /// Types, nullability, defaults and the like of a column can be altered in place.
    pub alter_column: bool,
    /// Foreign keys can be added and dropped on a table that exists; else they are part of its definition.
    pub alter_foreign_key: bool,
    /// CHECK constraints can be added and dropped on a table that exists.
    pub alter_check: bool,
    /// Primary keys can be changed in place.
    pub alter_primary_key: bool,
    /// Table options can be changed in place.
    pub alter_option: bool,
    /// Indexes can be renamed.
    pub rename_index: bool,
    /// Foreign keys and checks can be renamed.
    pub rename_constraint: bool,
    /// A view holds on to the columns that it reads: they are neither dropped nor retyped while it is there.
    pub views_hold: bool,
    /// A view can be given another query where it stands, as long as its columns stay; new ones may come at the end.
    pub replace_view: bool,
    /// Tables can be changed while others write to them, in many short transactions (online mode).
    pub online: bool,
    /// DDL is part of transactions. Where it is not, each statement commits by itself, and a dialect keeps three promises: the data checks
    /// of a step are rendered before its other statements; a rebuilt table takes the place of the old one in one statement; and what a
    /// run that was killed has left behind under a temporary name is removed by [`Session::remove_leftovers`](super::Session::remove_leftovers).
    pub transactional_ddl: bool,
    /// Constraints have names of their own that are compared.
    pub named_constraints: bool,
    /// Materialized views.
    pub materialized_views: bool,
    /// Longest identifier, in bytes.
    pub identifier_limit: usize,
}
