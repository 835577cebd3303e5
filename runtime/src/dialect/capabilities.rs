//! What a server can do: small facts, one for each question that is asked.

use crate::catalog::IdentifierLimit;

/// What a server can do. Stored with the state: an upgraded server makes the next run look again (rule S2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capabilities {
    /// `sqlite 3.51.3`, as shown to users and compared by the gate.
    pub server: String,
    /// Type, nullability, default and the like of a column are altered in place; else the table is rebuilt.
    pub alter_column_in_place: bool,
    /// What a rebuild makes of the rows can be asked of a query before it: the rows as they will be.
    pub projects_rows: bool,
    /// A generated column blocks a change of the columns that it is computed from: it is dropped and added again.
    pub generated_columns_block_changes: bool,
    /// A foreign key blocks a change of the types of its columns: it is dropped and added again.
    pub foreign_keys_block_changes: bool,
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
    /// A view blocks the drop and the change of what it reads: it is dropped and created again.
    pub views_block_changes: bool,
    /// A view can be given another query where it stands, as long as its columns stay; new ones may come at the end.
    pub replace_view: bool,
    /// … also by a query with other columns.
    pub replace_view_columns: bool,
    /// Renames reach what views read: the server keeps references, not the text.
    pub views_follow_renames: bool,
    /// A rename, and the drop of a column, reads all views of the database, and fails over one that cannot be read.
    pub renames_read_all_views: bool,
    /// Triggers hold the names of tables and columns in their text, which the server does not look into before they fire.
    pub triggers_hold_names: bool,
    /// Tables can be changed while others write to them, in many short transactions (online mode).
    pub online: bool,
    /// DDL is part of transactions.
    pub transactional_ddl: bool,
    /// Constraints have names of their own that are compared.
    pub named_constraints: bool,
    /// Longest identifier.
    pub identifier_limit: IdentifierLimit,
}
