//! Foreign keys, and the navigation fields over them.

use super::{ReferentialAction, TableDef};

/// A foreign key.
#[derive(Clone, Copy)]
pub struct ForeignKeyDef {
    /// The alias that pairs it with a navigation field.
    pub alias: Option<&'static str>,
    /// The referencing field paths.
    pub columns: &'static [&'static str],
    /// The referenced table.
    pub target: fn() -> &'static TableDef,
    /// The referenced field paths, in pairs with `columns`.
    pub target_columns: &'static [&'static str],
    /// On delete.
    pub on_delete: ReferentialAction,
    /// On update.
    pub on_update: ReferentialAction,
}

impl std::fmt::Debug for ForeignKeyDef {
    /// Names the target only: descriptors may be circular.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ForeignKeyDef")
            .field("columns", &self.columns)
            .field("target", &(self.target)().rust_name)
            .field("target_columns", &self.target_columns)
            .field("on_delete", &self.on_delete)
            .field("on_update", &self.on_update)
            .finish()
    }
}

/// A navigation field.
#[derive(Clone, Copy)]
pub struct RelationDef {
    /// The Rust field.
    pub field: &'static str,
    /// The other model.
    pub target: fn() -> &'static TableDef,
    /// Which way it goes.
    pub kind: RelationKindDef,
    /// The foreign key's alias.
    pub alias: Option<&'static str>,
}

impl std::fmt::Debug for RelationDef {
    /// Names the target only: descriptors may be circular.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RelationDef")
            .field("field", &self.field)
            .field("target", &(self.target)().rust_name)
            .field("alias", &self.alias)
            .finish_non_exhaustive()
    }
}

/// Which way a navigation field goes.
#[derive(Clone, Copy)]
pub enum RelationKindDef {
    /// `rel(to)`: this table has the foreign key.
    To,
    /// `rel(from)`: the other table has it.
    From,
    /// `rel(via = Junction)`
    Via(fn() -> &'static TableDef),
}
