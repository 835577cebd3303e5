//! What an older model needs and the database, which has left it behind, does not have (rule S6).

use super::prepare::SyncContext;
use crate::catalog::{Catalog, Column, EnumType, Name, Table};
use crate::change::CastSafety;
use crate::dialect::{Dialect, NameKind};
use crate::diff::folded;
use std::collections::BTreeMap;

/// One sentence's part each: `table "x"`. What the database has beyond the model is none of it.
pub(super) fn lacks(dialect: &dyn Dialect, context: &SyncContext) -> Vec<String> {
    let (desired, live) = (&context.lowered.catalog, &context.live);
    let mut lacks = Vec::new();
    let tables: BTreeMap<Name, &Table> =
        live.tables.iter().map(|(name, table)| (folded(dialect, name), table)).collect();
    for (name, table) in &desired.tables {
        match tables.get(&folded(dialect, name)) {
            None => lacks.push(format!("table \"{name}\"")),
            Some(live) => lacks.extend(table.columns.iter().filter_map(|column| lacks_column(dialect, column, live))),
        }
    }
    let views = desired.views.keys().filter(|name| !has_relation(dialect, live, name));
    lacks.extend(views.map(|name| format!("view \"{name}\"")));
    for ty in desired.types.values() {
        lacks.extend(lacks_labels(ty, live.types.get(&ty.name)));
    }
    lacks
}

fn has_relation(dialect: &dyn Dialect, live: &Catalog, name: &Name) -> bool {
    let name = folded(dialect, name);
    live.views.keys().chain(live.tables.keys()).any(|live| folded(dialect, live) == name)
}

/// A column that is not there, or whose values the model's type could hold and the database's cannot.
fn lacks_column(dialect: &dyn Dialect, column: &Column, table: &Table) -> Option<String> {
    let fold = |name: &str| dialect.fold(NameKind::Column, name).into_owned();
    let name = format!("column \"{}\" of \"{}\"", column.name, table.name);
    let Some(live) = table.columns.iter().find(|live| fold(&live.name) == fold(&column.name)) else {
        return Some(name);
    };
    let holds = live.ty == column.ty || dialect.cast(column, live) == CastSafety::Safe;
    (!holds).then(|| format!("{name} as {} (it is {})", column.ty, live.ty))
}

fn lacks_labels(ty: &EnumType, live: Option<&EnumType>) -> Option<String> {
    let Some(live) = live.filter(|live| live.other.is_none()) else { return Some(format!("type \"{}\"", ty.name)) };
    let missing: Vec<&str> =
        ty.labels.iter().filter(|label| !live.labels.contains(label)).map(String::as_str).collect();
    (!missing.is_empty()).then(|| format!("labels of type \"{}\": {}", ty.name, missing.join(", ")))
}
