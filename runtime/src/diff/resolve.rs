//! Resolves the renames of a run: tables, columns, views, enum types and their labels, each once (rules T2, C4, V5).

use super::folded;
use super::renames::{self, Desired};
use crate::catalog::{Catalog, EnumType, Name, Table};
use crate::change::{NameChanges, Renames};
use crate::dialect::{Dialect, NameKind};
use crate::model::{self, PostgresEnum, Schema};
use std::collections::{BTreeMap, BTreeSet};

/// What renames are resolved from.
pub(crate) struct Resolving<'a> {
    pub(crate) dialect: &'a dyn Dialect,
    pub(crate) schema: &'a Schema,
    /// The model, lowered.
    pub(crate) desired: &'a Catalog,
    pub(crate) live: &'a Catalog,
    pub(crate) base: &'a Catalog,
    /// Folded names that other namespaces claim, and which.
    pub(crate) claims: &'a BTreeMap<Name, String>,
}

impl Resolving<'_> {
    /// All renames of the run.
    pub(crate) fn resolve(&self) -> Renames {
        let mut renames = Renames::default();
        let desired: Vec<(Name, &model::Table)> = self
            .schema
            .tables
            .iter()
            .filter(|table| !table.external)
            .map(|table| (self.dialect.name_of(table.schema_name(), &table.name), table))
            .collect();
        let mut names = Names {
            tables: self.live.tables.keys().cloned().collect(),
            views: self.live.views.keys().cloned().collect(),
        };
        self.tables(&desired, &mut names, &mut renames);
        self.moved(&desired, &mut names, &mut renames);
        self.columns(&desired, &names, &mut renames);
        self.views(&mut renames);
        self.types(&mut renames);
        renames
    }

    /// Renames within a namespace.
    fn tables(&self, desired: &[(Name, &model::Table)], names: &mut Names, renames: &mut Renames) {
        let schemas: BTreeSet<Option<String>> = desired.iter().map(|(name, _)| name.schema.clone()).collect();
        for schema in schemas {
            let here = |name: &&Name| name.schema == schema;
            let items: Vec<Desired<'_>> = desired
                .iter()
                .filter(|(name, _)| here(&name))
                .map(|(name, model)| Desired::of(&name.name, &model.renamed))
                .collect();
            let live: Vec<&str> = names.tables.iter().filter(here).map(|name| name.name.as_str()).collect();
            let base: Vec<&str> = self.base.tables.keys().filter(here).map(|name| name.name.as_str()).collect();
            let resolved = renames::resolve((self.dialect, NameKind::Relation), &items, &live, &base);
            let full = |name: &str| Name { schema: schema.clone(), name: name.to_owned() };
            for conflict in resolved.conflicts {
                let to = full(&conflict.to);
                for name in [&conflict.from, &conflict.because] {
                    renames.contested.insert(folded(self.dialect, &full(name)), to.clone());
                }
                renames.table_errors.entry(to).or_default().push(format!(
                    "Table rename conflict: cannot rename \"{}\" → \"{}\" because \"{}\" already exists.",
                    conflict.from, conflict.to, conflict.because
                ));
            }
            for (from, to) in resolved.ordered {
                let (from, to) = (full(&from), full(&to));
                if let Some(other) = self.claims.get(&folded(self.dialect, &from)) {
                    let error = format!("table \"{from}\" belongs to namespace \"{other}\": it is not renamed");
                    renames.table_errors.entry(to).or_default().push(error);
                    continue;
                }
                names.rename(&from, &to);
                renames.tables.push((from, to));
            }
        }
    }

    /// Moves to another namespace.
    fn moved(&self, desired: &[(Name, &model::Table)], names: &mut Names, renames: &mut Renames) {
        let earlier: BTreeMap<&Name, &[String]> =
            desired.iter().map(|(name, model)| (name, model.renamed.as_slice())).collect();
        for (name, _) in desired {
            let mut refuse = |error: String| renames.table_errors.entry(name.clone()).or_default().push(error);
            match moved_from(self.dialect, &earlier, name, names, self.base).as_slice() {
                [] => {}
                [from] if !renames.contested.contains_key(&folded(self.dialect, from)) => {
                    names.rename(from, name);
                    renames.tables.push((from.clone(), name.clone()));
                }
                [from] => refuse(format!("table \"{from}\" is in another rename conflict: it is not moved")),
                [first, second, ..] => {
                    refuse(format!(
                        "Table rename conflict: cannot move \"{first}\" → \"{name}\" because \"{second}\" could be it as well."
                    ));
                    for from in [first, second] {
                        renames.contested.insert(folded(self.dialect, from), name.clone());
                    }
                }
            }
        }
    }

    fn columns(&self, desired: &[(Name, &model::Table)], names: &Names, renames: &mut Renames) {
        let live: BTreeMap<Name, &Name> = names.tables.iter().map(|name| (folded(self.dialect, name), name)).collect();
        let base: BTreeMap<Name, &Table> =
            self.base.tables.iter().map(|(name, table)| (folded(self.dialect, name), table)).collect();
        for (name, model) in desired {
            let Some(now) = live.get(&folded(self.dialect, name)) else { continue };
            let before = renames.table_before(now).clone();
            let Some(table) = self.live.tables.get(&before).filter(|table| table.opaque.is_none()) else { continue };
            let items: Vec<Desired<'_>> =
                model.columns.iter().map(|column| Desired::of(&column.name, &column.renamed)).collect();
            let known = [&before, name].into_iter().find_map(|name| base.get(&folded(self.dialect, name)));
            let known = known.into_iter().flat_map(|base| &base.columns);
            let known: Vec<&str> = known.map(|column| column.name.as_str()).collect();
            let live: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
            let mut resolved = renames::resolve((self.dialect, NameKind::Column), &items, &live, &known);
            if !resolved.conflicts.is_empty() {
                resolved.ordered.clear();
            }
            if resolved != NameChanges::default() {
                renames.columns.insert(name.clone(), resolved);
            }
        }
    }

    /// A view is dropped under its old name and made under the new one. One that the model itself has under the earlier name is that one.
    fn views(&self, renames: &mut Renames) {
        let live: BTreeMap<Name, &Name> =
            self.live.views.keys().map(|name| (folded(self.dialect, name), name)).collect();
        let base: BTreeSet<Name> = self.base.views.keys().map(|name| folded(self.dialect, name)).collect();
        let full = |view: &model::View, name: &str| self.dialect.name_of(view.schema.as_deref(), name);
        let desired: BTreeSet<Name> =
            self.schema.views.iter().map(|view| folded(self.dialect, &full(view, &view.name))).collect();
        for view in self.schema.views.iter().filter(|view| !view.is_external()) {
            let name = full(view, &view.name);
            if live.contains_key(&folded(self.dialect, &name)) {
                continue;
            }
            let earlier = view.renamed.iter().map(|old| folded(self.dialect, &full(view, old)));
            let found = earlier.filter(|old| !desired.contains(old)).find_map(|old| Some((*live.get(&old)?, old)));
            if let Some((old, _)) = found.filter(|(_, key)| base.contains(key)) {
                renames.views.insert(name, old.clone());
            }
        }
    }

    fn types(&self, renames: &mut Renames) {
        if self.desired.types.is_empty() {
            return;
        }
        let hints: BTreeMap<Name, &PostgresEnum> = self
            .schema
            .enum_types()
            .map(|found| (self.dialect.name_of(found.native.schema.as_deref(), &found.native.ty), found.native))
            .collect();
        let schemas: BTreeSet<&Option<String>> = hints.keys().map(|name| &name.schema).collect();
        for schema in schemas {
            let items: Vec<Desired<'_>> = hints
                .iter()
                .filter(|(name, _)| name.schema == *schema)
                .map(|(name, hint)| Desired::of(&name.name, &hint.renamed))
                .collect();
            let of = |types: &'_ BTreeMap<Name, EnumType>| -> Vec<String> {
                let here = types.values().filter(|ty| ty.name.schema == *schema && ty.other.is_none());
                here.map(|ty| ty.name.name.clone()).collect()
            };
            let (live, base) = (of(&self.live.types), of(&self.base.types));
            let live: Vec<&str> = live.iter().map(String::as_str).collect();
            let base: Vec<&str> = base.iter().map(String::as_str).collect();
            let resolved = renames::resolve((self.dialect, NameKind::Type), &items, &live, &base);
            let full = |name: &str| Name { schema: schema.clone(), name: name.to_owned() };
            for conflict in resolved.conflicts {
                renames.type_errors.entry(full(&conflict.to)).or_default().push(format!(
                    "Type rename conflict: cannot rename \"{}\" → \"{}\" because \"{}\" already exists.",
                    conflict.from, conflict.to, conflict.because
                ));
            }
            for (from, to) in resolved.ordered {
                let (from, to) = (full(&from), full(&to));
                if let Some(other) = self.claims.get(&folded(self.dialect, &from)) {
                    let error = format!("type \"{from}\" belongs to namespace \"{other}\": it is not renamed");
                    renames.type_errors.entry(to).or_default().push(error);
                    continue;
                }
                // One that takes a name which another gives up was there under it: both are done, in order.
                renames.types.insert(to, from);
            }
        }
        for (name, desired) in &self.desired.types {
            let old = renames.types.get(name).unwrap_or(name);
            let Some(live) = self.live.types.get(old).filter(|live| live.other.is_none()) else { continue };
            let hint = hints.get(name).copied();
            let earlier = |label: &String| hint.and_then(|hint| hint.renamed_labels.get(label));
            let items: Vec<Desired<'_>> = desired
                .labels
                .iter()
                .map(|label| Desired::of(label, earlier(label).map_or(&[][..], Vec::as_slice)))
                .collect();
            let known = self.base.types.get(old).or_else(|| self.base.types.get(name));
            let known: Vec<&str> = known.into_iter().flat_map(|base| &base.labels).map(String::as_str).collect();
            let live: Vec<&str> = live.labels.iter().map(String::as_str).collect();
            let resolved = renames::resolve((self.dialect, NameKind::Label), &items, &live, &known);
            if resolved != NameChanges::default() {
                renames.labels.insert(name.clone(), resolved);
            }
        }
    }
}

/// What tables and views are called while renames are done one after the other.
struct Names {
    tables: BTreeSet<Name>,
    views: BTreeSet<Name>,
}

impl Names {
    fn rename(&mut self, from: &Name, to: &Name) {
        self.tables.remove(from);
        self.tables.insert(to.clone());
    }
}

/// The tables that the model has moved to another schema: `wanted` is not there, while a table that the base knows is, under that name or
/// an earlier one, in a schema where the model does not want it any more. To take it for another table would be to drop its rows.
/// `earlier`: all tables of the model with their earlier names.
fn moved_from(
    dialect: &dyn Dialect,
    earlier: &BTreeMap<&Name, &[String]>,
    desired: &Name,
    live: &Names,
    base: &Catalog,
) -> Vec<Name> {
    let same = |a: &str, b: &str| dialect.fold(NameKind::Relation, a) == dialect.fold(NameKind::Relation, b);
    let is = |name: &Name, other: &Name| name.schema == other.schema && same(&name.name, &other.name);
    let there = |name: &Name| live.tables.iter().chain(&live.views).any(|other| is(name, other));
    if live.tables.contains(desired) || base.tables.keys().all(|name| name.schema == desired.schema) {
        return Vec::new();
    }
    let names_of = |name: &Name| earlier.get(name).copied().unwrap_or_default();
    let here = |old: &String| there(&Name { schema: desired.schema.clone(), name: old.clone() });
    if there(desired) || names_of(desired).iter().any(here) {
        return Vec::new();
    }
    let fits = |name: &&Name| {
        name.schema != desired.schema
            && (same(&name.name, &desired.name) || names_of(desired).iter().any(|old| same(old, &name.name)))
            && live.tables.iter().any(|other| is(name, other))
    };
    // What the model wants there, or will have renamed there, stays there.
    let stays = |name: &Name| {
        earlier.iter().any(|(other, old)| {
            is(name, other)
                || other.schema == name.schema && !there(other) && old.iter().any(|old| same(old, &name.name))
        })
    };
    base.tables.keys().filter(fits).filter(|name| !stays(name)).cloned().collect()
}
