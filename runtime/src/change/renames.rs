//! What a run renames, resolved once and handed to everybody who has to know: to the dialect that has the server print the model's
//! expressions, to the differences, and to the plan of enum types.

use crate::catalog::{Catalog, Column, Name, Table};
use std::collections::{BTreeMap, BTreeSet};

/// A rename that cannot be done: both names exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenameConflict {
    /// The earlier name.
    pub from: String,
    /// The name that the model wants.
    pub to: String,
    /// What is there already: the new name, or another of the earlier names.
    pub because: String,
}

/// The renames of one set of names: the columns of a table, the labels of a type.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NameChanges {
    /// Old and new names, in the order in which they can be done.
    pub ordered: Vec<(String, String)>,
    /// What cannot be done.
    pub conflicts: Vec<RenameConflict>,
}

impl NameChanges {
    /// The name before the run of what is called `name` after it.
    pub fn before<'n>(&'n self, name: &'n str) -> &'n str {
        self.ordered.iter().rev().fold(name, |name, (from, to)| if name == to { from } else { name })
    }

    /// The name after the run of what is called `name` before it.
    pub fn after<'n>(&'n self, name: &'n str) -> &'n str {
        self.ordered.iter().fold(name, |name, (from, to)| if name == from { to } else { name })
    }
}

/// All renames of a run. Tables, views and types by the names that the model has for them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Renames {
    /// Old and new names of tables, in the order in which they can be done.
    pub tables: Vec<(Name, Name)>,
    /// Why tables are not renamed, by the name that the model wants.
    pub table_errors: BTreeMap<Name, Vec<String>>,
    /// Tables in a rename conflict, as the database compares names, with the name that they are wanted under: they stay as they are.
    pub contested: BTreeMap<Name, Name>,
    /// Columns, by their table. One of which a rename is in conflict keeps all names.
    pub columns: BTreeMap<Name, NameChanges>,
    /// Views that have an earlier name, and that name.
    pub views: BTreeMap<Name, Name>,
    /// Enum types that have an earlier name, and that name.
    pub types: BTreeMap<Name, Name>,
    /// Why types are not renamed.
    pub type_errors: BTreeMap<Name, Vec<String>>,
    /// Labels, by their type.
    pub labels: BTreeMap<Name, NameChanges>,
}

impl Renames {
    /// The name before the run of the table that the model calls so.
    pub fn table_before<'n>(&'n self, name: &'n Name) -> &'n Name {
        self.tables.iter().rev().fold(name, |name, (from, to)| if name == to { from } else { name })
    }

    /// The name after the run of the table that is called so before it.
    pub fn table_after<'n>(&'n self, name: &'n Name) -> &'n Name {
        self.tables.iter().fold(name, |name, (from, to)| if name == from { to } else { name })
    }

    /// The live table that the model calls so.
    pub fn live_table<'c>(&self, live: &'c Catalog, name: &Name) -> Option<&'c Table> {
        live.tables.get(self.table_before(name))
    }

    /// The live column of that table of the model that the model calls so.
    pub fn live_column<'c>(&self, live: &'c Table, table: &Name, column: &str) -> Option<&'c Column> {
        live.column(self.columns.get(table).map_or(column, |changes| changes.before(column)))
    }

    /// The name after the run of a live column of that table of the model.
    pub fn column_after<'n>(&'n self, table: &Name, column: &'n str) -> &'n str {
        self.columns.get(table).map_or(column, |changes| changes.after(column))
    }

    /// Names that tables and columns get in this run. Until then they mean something else to the server, where they mean anything.
    pub fn coming(&self) -> BTreeSet<&str> {
        let tables = self.tables.iter().map(|(_, to)| to.name.as_str());
        let columns = self.columns.values().flat_map(|changes| &changes.ordered).map(|(_, to)| to.as_str());
        tables.chain(columns).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_followed_through_chains_in_both_directions() {
        let pair = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        let changes = NameChanges { ordered: vec![pair("b", "c"), pair("a", "b")], conflicts: Vec::new() };
        for (before, after) in [("a", "b"), ("b", "c"), ("z", "z")] {
            assert_eq!((changes.after(before), changes.before(after)), (after, before));
        }
    }
}
