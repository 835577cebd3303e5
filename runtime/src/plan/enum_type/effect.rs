//! What the types' changes do to the rest of the catalog, and what of them others have to know.

use super::TypePlans;
use crate::catalog::{Catalog, Column, EnumType, Expression, Name, Table};
use crate::change::Change;
use crate::dialect::{Dialect, Lowered};
use std::borrow::Cow;

impl TypePlans {
    /// The live catalog once the types' changes are done: what the tables are compared with.
    pub(crate) fn follow(&self, dialect: &dyn Dialect, catalog: &mut Catalog) {
        for plan in self.types.iter().filter(|plan| plan.errors.is_empty()) {
            for (change, _) in &plan.changes {
                match change {
                    Change::RenameType { from, to } => {
                        let Some(mut ty) = catalog.types.remove(from) else { continue };
                        let old = std::mem::replace(&mut ty.ty, dialect.type_text(to));
                        ty.name = to.clone();
                        let superseded = plan.superseded.as_ref().is_some_and(|superseded| superseded.name == *to);
                        for table in catalog.tables.values_mut() {
                            rename_type(dialect, table, (from, &old), &ty, superseded);
                        }
                        catalog.types.insert(to.clone(), ty);
                    }
                    Change::RenameLabel { name, from, to } => {
                        let Some(ty) = catalog.types.get_mut(name) else { continue };
                        let renamed = |label: &mut String| {
                            if label == from {
                                label.clone_from(to);
                            }
                        };
                        ty.labels.iter_mut().for_each(renamed);
                        let ty = ty.clone();
                        for table in catalog.tables.values_mut() {
                            table.rewrite_expressions(&mut |sql| {
                                let text = dialect.rename_label_in(sql, &ty.ty, from, to);
                                if *sql != text {
                                    sql.text = text;
                                    sql.reads.rename_label(from, to);
                                }
                            });
                            for column in table.columns.iter_mut().filter(|column| ty.is_of(column)) {
                                column.labels.iter_mut().for_each(renamed);
                            }
                        }
                    }
                    Change::CreateType { ty } => drop(catalog.types.insert(ty.name.clone(), ty.clone())),
                    _ => {}
                }
            }
        }
    }

    /// The desired columns with the labels that their types will have, those included that are not the model's.
    pub(crate) fn relabel<'l>(&self, lowered: &'l Lowered) -> Cow<'l, Lowered> {
        let differs = |plan: &&super::TypePlan| {
            let desired = lowered.catalog.types.get(&plan.name);
            plan.target.as_ref().zip(desired).is_some_and(|(target, desired)| target.labels != desired.labels)
        };
        if !self.types.iter().any(|plan| differs(&plan)) {
            return Cow::Borrowed(lowered);
        }
        let mut lowered = lowered.clone();
        for target in self.types.iter().filter_map(|plan| plan.target.as_ref()) {
            let columns = lowered.catalog.tables.values_mut().flat_map(|table| &mut table.columns);
            for column in columns.filter(|column| !column.labels.is_empty() && target.is_of(column)) {
                column.labels.clone_from(&target.labels);
            }
        }
        Cow::Owned(lowered)
    }

    /// Whether what is over that column, or mentions its type, cannot be asked of the rows as they are now.
    pub(crate) fn is_changing(&self, column: &Column) -> bool {
        self.types.iter().any(|plan| plan.is_changing() && plan.is_named(&column.ty))
    }

    /// Whether the expression mentions a type that changes.
    pub(crate) fn mentions_changing_type(&self, sql: &Expression) -> bool {
        self.types.iter().any(|plan| plan.is_changing() && sql.reads.types.contains(&plan.name))
    }

    /// Whether the expression mentions a type that is recreated.
    pub(crate) fn mentions_superseded_type(&self, sql: &Expression) -> bool {
        self.types.iter().any(|plan| plan.superseded.is_some() && sql.reads.types.contains(&plan.name))
    }

    /// Whether an old type is set aside under that name.
    pub(crate) fn supersedes(&self, name: &crate::catalog::Name) -> bool {
        self.types.iter().any(|plan| plan.superseded.as_ref().is_some_and(|superseded| superseded.name == *name))
    }

    /// Whether that is the native type of an old type which is set aside.
    pub(crate) fn is_superseded(&self, ty: &str) -> bool {
        self.types.iter().any(|plan| plan.superseded.as_ref().is_some_and(|superseded| superseded.is_named(ty)))
    }

    /// A native type as users know it: that of an old type which is set aside by the name that it had.
    pub(crate) fn shown(&self, ty: &str) -> String {
        let superseded = self.types.iter().find_map(|plan| {
            let superseded = plan.superseded.as_ref().filter(|superseded| superseded.is_named(ty))?;
            Some(format!("{}{} as it was", plan.target.as_ref()?.ty, &ty[superseded.ty.len()..]))
        });
        superseded.unwrap_or_else(|| ty.to_owned())
    }
}

/// `set_aside`: the expressions of a column that is of the type itself come back with it.
fn rename_type(dialect: &dyn Dialect, table: &mut Table, (name, old): (&Name, &str), new: &EnumType, superseded: bool) {
    let before = EnumType { ty: old.to_owned(), ..EnumType::default() };
    let mut rewrite = |sql: &mut Expression| {
        if sql.reads.types.contains(name) {
            sql.text = dialect.rename_type_in(sql, old, &new.ty);
            sql.reads.rename_type(name, &new.name);
        }
    };
    if superseded {
        for column in table.columns.iter_mut().filter(|column| !before.is_of(column) || column.labels.is_empty()) {
            column.default.iter_mut().for_each(&mut rewrite);
        }
    } else {
        table.rewrite_expressions(&mut rewrite);
    }
    for column in table.columns.iter_mut().filter(|column| before.is_of(column)) {
        column.ty = format!("{}{}", new.ty, &column.ty[old.len()..]);
    }
}
