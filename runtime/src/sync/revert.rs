//! Going back to a model that the database has left behind (rule S6, `allow_revert`): what was renamed since then gets its old name
//! back. The older model cannot say so; the base remembers it.

use crate::catalog::{Catalog, Earlier, Name, Table};
use crate::dialect::{Dialect, NameKind};
use crate::diff::folded;
use crate::model::{self, Schema};
use crate::plan::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// What a table was called before, and its columns, once the entry is done. `from`: its name before the run.
pub(super) fn earlier(old: &Catalog, entry: &Entry, from: Option<&Name>, table: &Table) -> Earlier {
    let mut earlier = old.earlier.get(from.unwrap_or(&table.name)).cloned().unwrap_or_default();
    earlier.names.retain(|name| Some(name) != from);
    earlier.names.extend(from.cloned());
    let mut columns = BTreeMap::new();
    for column in &table.columns {
        let renamed = entry.columns_renamed.iter().find(|renamed| renamed.to == column.name);
        let mut names =
            earlier.columns.remove(renamed.map_or(&column.name, |renamed| &renamed.from)).unwrap_or_default();
        if let Some(renamed) = renamed.filter(|renamed| !names.contains(&renamed.from)) {
            names.push(renamed.from.clone());
        }
        // What has the name now is another column.
        names.retain(|name| table.column(name).is_none());
        if !names.is_empty() {
            columns.insert(column.name.clone(), names);
        }
    }
    earlier.columns = columns;
    earlier
}

/// Names that another table has by now are nobody's earlier names.
pub(super) fn forget(base: &mut Catalog) {
    let tables = &base.tables;
    base.earlier.retain(|name, earlier| {
        earlier.names.retain(|name| !tables.contains_key(name));
        tables.contains_key(name) && *earlier != Earlier::default()
    });
}

/// The older model, which calls its tables and columns as they are called now where they have been renamed since.
pub(super) fn schema(dialect: &dyn Dialect, older: &Schema, base: &Catalog) -> Schema {
    let mut schema = older.clone();
    let name_of = |table: &model::Table| folded(dialect, &dialect.name_of(table.schema_name(), &table.name));
    let desired: BTreeSet<Name> = schema.tables.iter().map(name_of).collect();
    let known: BTreeMap<Name, &Table> =
        base.tables.iter().map(|(name, table)| (folded(dialect, name), table)).collect();
    let mut now: BTreeMap<Name, &Name> = BTreeMap::new();
    for (name, earlier) in base.earlier.iter().filter(|(name, _)| !desired.contains(&folded(dialect, name))) {
        now.extend(earlier.names.iter().map(|was| (folded(dialect, was), name)));
    }
    for table in &mut schema.tables {
        let name = name_of(table);
        let mut is = known.get(&name).copied();
        // One that has moved to another schema is looked for by its bare name, which nothing here must have.
        let unmistakable = |now: &Name| {
            let here = Name { schema: name.schema.clone(), name: now.name.clone() };
            now.schema == name.schema || !known.contains_key(&folded(dialect, &here))
        };
        let renamed = now.get(&name).filter(|now| is.is_none() && unmistakable(now));
        if let Some(now) = renamed {
            table.renamed.push(now.name.clone());
            is = known.get(&folded(dialect, now)).copied();
        }
        if let Some((is, earlier)) = is.and_then(|is| Some((is, base.earlier.get(&is.name)?))) {
            columns(dialect, table, is, earlier);
        }
    }
    schema
}

fn columns(dialect: &dyn Dialect, table: &mut model::Table, is: &Table, earlier: &Earlier) {
    let fold = |name: &str| dialect.fold(NameKind::Column, name).into_owned();
    let desired: BTreeSet<String> = table.columns.iter().map(|column| fold(&column.name)).collect();
    let there: BTreeSet<String> = is.columns.iter().map(|column| fold(&column.name)).collect();
    let mut now: BTreeMap<String, &String> = BTreeMap::new();
    for (name, names) in earlier.columns.iter().filter(|(name, _)| !desired.contains(&fold(name))) {
        now.extend(names.iter().map(|was| (fold(was), name)));
    }
    for column in table.columns.iter_mut().filter(|column| !there.contains(&fold(&column.name))) {
        column.renamed.extend(now.get(&fold(&column.name)).map(|now| (*now).clone()));
    }
}
