//! Enum types that are not yet what the model says: where the server words expressions over them, a temporary type stands in.

use super::Postgres;
use super::enums;
use super::reads::types_named;
use super::text::{plain, quote};
use super::type_names::{rename_type, rename_written_type};
use crate::catalog::{Catalog, Table};
use crate::dialect::Lowered;

/// The types that are missing, or lack a label.
#[derive(Debug, Default)]
pub(super) struct PendingEnumTypes {
    types: Vec<PendingEnumType>,
}

#[derive(Debug)]
struct PendingEnumType {
    name: String,
    /// The native type of its columns.
    ty: String,
    /// With its schema.
    qualified: String,
    labels: Vec<String>,
    /// Another type has its name where the server looks first.
    hidden: bool,
}

/// Temporary types share one schema: of two that have one name, the first.
pub(super) fn of(dialect: &Postgres, lowered: &Lowered, live_catalog: &Catalog) -> PendingEnumTypes {
    let mut pending = PendingEnumTypes::default();
    for (name, ty) in &lowered.catalog.types {
        let live = live_catalog.types.get(name);
        let whole = live.is_some_and(|live| ty.labels.iter().all(|label| live.labels.contains(label)));
        let taken = live.is_some_and(|live| live.other.is_some());
        if whole || taken || pending.types.iter().any(|other| other.name == name.name) {
            continue;
        }
        let mut labels = ty.labels.clone();
        let extra = live.into_iter().flat_map(|live| &live.labels).filter(|label| !ty.labels.contains(label));
        labels.extend(extra.cloned());
        let at_home = crate::catalog::Name::new(&name.name);
        pending.types.push(PendingEnumType {
            qualified: format!("{}.{}", plain(dialect.schema_of(name)), plain(&name.name)),
            hidden: live_catalog.types.contains_key(&at_home) || dialect.built_in.contains(&name.name),
            name: name.name.clone(),
            ty: ty.ty.clone(),
            labels,
        });
    }
    pending
}

impl PendingEnumTypes {
    pub(super) fn is_empty(&self) -> bool {
        self.types.is_empty()
    }

    /// What makes the temporary types.
    pub(super) fn create(&self) -> String {
        let types = self.types.iter().map(|ty| enums::create(&format!("pg_temp.{}", quote(&ty.name)), &ty.labels));
        types.collect::<Vec<_>>().join("; ")
    }

    /// The table that is made for asking, over the temporary types.
    pub(super) fn stand_in(&self, table: &mut Table) {
        for ty in &self.types {
            let temporary = format!("pg_temp.{}", plain(&ty.name));
            for column in table.columns.iter_mut().filter(|column| !column.labels.is_empty()) {
                if let Some(rest) = column.ty.strip_prefix(&ty.ty).filter(|rest| matches!(*rest, "" | "[]")) {
                    column.ty = format!("{temporary}{rest}");
                }
            }
            table.rewrite_expressions(&mut |sql| sql.text = rename_written_type(sql, &ty.qualified, &temporary));
        }
    }

    /// What was read back, over the types themselves. `schema`: that of the temporary ones.
    pub(super) fn translate(&self, dialect: &Postgres, table: &mut Table, schema: &str) {
        for ty in &self.types {
            // The server says `pg_temp` for the schema, and says none where nothing hides the type.
            for schema in ["pg_temp", schema] {
                let temporary = format!("{}.{}", plain(schema), plain(&ty.name));
                table.rewrite_expressions(&mut |sql| sql.text = rename_type(sql, &temporary, &ty.ty));
            }
            if !ty.hidden && ty.ty != plain(&ty.name) {
                table.rewrite_expressions(&mut |sql| sql.text = rename_type(sql, &plain(&ty.name), &ty.ty));
            }
        }
        table.rewrite_expressions(&mut |sql| sql.reads.types = types_named(dialect, sql));
    }
}
