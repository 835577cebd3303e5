//! What refers to a table, a column or a type whose rename has failed: it refers to the old name still, and so says the base.

use super::prepare::Prepared;
use crate::catalog::{Catalog, EnumType, Name, Table, View};
use crate::change::Renames;
use crate::execute::{Kept, Outcome};
use crate::plan::build::BaseObject;
use std::collections::{BTreeMap, BTreeSet};

/// The objects that a run has left as they were, though it was to rename them or something in them.
struct FailedRenames<'a> {
    renames: &'a Renames,
    /// Tables and types of which nothing was done, by the names that they were to have.
    unchanged: BTreeSet<&'a Name>,
    /// Types that were to get another name: the new one's native type, and the old one.
    types: BTreeMap<&'a str, &'a EnumType>,
    /// Views as they were, by name.
    views: BTreeMap<&'a Name, &'a View>,
}

/// Puts the old names back into what the base says of the objects that refer to them.
pub(super) fn restore_references(prepared: &Prepared, outcome: &Outcome, base: &mut Catalog) {
    let failed = FailedRenames::of(prepared, outcome);
    if failed.unchanged.is_empty() {
        return;
    }
    base.tables.values_mut().for_each(|table| failed.restore_in_table(table));
    for (name, view) in &mut base.views {
        if let Some(before) = failed.views.get(name).filter(|_| failed.is_read_by(view)) {
            *view = View::clone(before);
            view.forget_live();
        }
    }
}

impl<'a> FailedRenames<'a> {
    fn of(prepared: &'a Prepared, outcome: &Outcome) -> Self {
        let (mut unchanged, mut types, mut views) = (BTreeSet::new(), BTreeMap::new(), BTreeMap::new());
        for (target, kept) in prepared.planned.targets.iter().zip(&outcome.kept) {
            if let Some(BaseObject::View(view)) = &target.before {
                views.insert(&view.name, view);
            }
            if *kept == Kept::Nothing {
                unchanged.insert(&target.object);
                if let (Some(BaseObject::Type(before)), Some(BaseObject::Type(after))) = (&target.before, &target.after)
                {
                    types.insert(after.ty.as_str(), before);
                }
            }
        }
        Self { renames: &prepared.context.renames, unchanged, types, views }
    }

    fn restore_in_table(&self, table: &mut Table) {
        for key in table.foreign_keys.iter_mut().filter(|key| self.unchanged.contains(&key.target)) {
            if let Some(columns) = self.renames.columns.get(&key.target) {
                for column in &mut key.target_columns {
                    *column = columns.before(column).to_owned();
                }
            }
            key.target = self.renames.table_before(&key.target).clone();
        }
        for column in &mut table.columns {
            let (element, array) = column.ty.strip_suffix("[]").map_or((column.ty.as_str(), ""), |ty| (ty, "[]"));
            if let Some(old) = self.types.get(element) {
                column.ty = format!("{}{array}", old.ty);
                column.labels.clone_from(&old.labels);
            }
        }
    }

    /// Whether the view names something that has not got its new name.
    fn is_read_by(&self, view: &View) -> bool {
        let is_renamed = |name: &Name| {
            self.renames.table_before(name) != name
                || self.renames.columns.get(name).is_some_and(|columns| !columns.ordered.is_empty())
        };
        view.sql.reads.relations.iter().any(|name| self.unchanged.contains(name) && is_renamed(name))
    }
}
