//! What the user sees of a table's plan.

use super::Decisions;
use crate::catalog::{Check, ForeignKey, Index, IndexKind, IndexOn, IndexPart, PrimaryKey, Table};
use crate::change::{Change, ColumnProperty, DataCheck};
use crate::dialect::Dialect;
use crate::diff::table::{TableDiff, same_foreign_key};
use crate::plan::build::Planner;
use crate::plan::entry_change::{EntryChange, RenamedPart};
use crate::plan::types::{Renamed, ValuesLost};

/// Fills the entry with what is done.
pub(super) fn describe(planner: &mut Planner<'_>, entry: usize, diff: &TableDiff, decisions: &Decisions) {
    let mut values_lost = Vec::new();
    for column in decisions.dropped.iter().map(|column| &column.name).chain(&decisions.overwritten) {
        let table = planner.live_table(&diff.name);
        let nulls =
            planner.data_checks.result(DataCheck::Nulls { table, column: planner.live_column(&diff.name, column) });
        let rows = planner.rows(&diff.name).saturating_sub(nulls.count);
        values_lost.push(ValuesLost { column: column.clone(), rows });
    }
    let rows_lost = if decisions.discard_rows { Some(planner.rows(&diff.name)) } else { None };
    let recreated = super::replace::recreated_columns(planner, diff, decisions).into_iter().filter(|(from, _)| {
        let altered = |at: &usize| diff.altered[*at].to.name == from.name;
        !decisions.rebuild && !decisions.altered.iter().any(altered)
    });
    let recreated: Vec<String> = recreated.map(|(from, _)| from.name.clone()).collect();
    let item = &mut planner.entries[entry];
    item.columns_added = diff.added.iter().map(|column| column.name.clone()).collect();
    item.columns_renamed =
        diff.column_renames.iter().map(|(from, to)| Renamed { from: from.clone(), to: to.clone() }).collect();
    item.columns_altered =
        decisions.altered.iter().flat_map(|&at| diff.altered[at].properties.iter().cloned()).collect();
    for altered in item.columns_altered.iter_mut().filter(|altered| altered.property == ColumnProperty::Type) {
        altered.from = planner.types.shown(&altered.from);
    }
    item.columns_dropped = decisions.dropped.iter().map(|column| column.name.clone()).collect();
    item.indexes_created = diff.indexes_added.iter().map(|index| index.name.clone()).collect();
    item.indexes_dropped = diff.indexes_dropped.iter().map(|index| index.name.clone()).collect();
    item.foreign_keys_added = diff.foreign_keys.added.iter().map(describe_key).collect();
    item.foreign_keys_dropped = diff.foreign_keys.dropped.iter().map(describe_key).collect();
    item.other_changes = other_changes(planner.dialect, diff);
    item.other_changes.extend(recreated.into_iter().map(|column| EntryChange::GeneratedColumnRecreated { column }));
    item.recreated = decisions.rebuild;
    item.destructive = decisions.discard_rows || !decisions.dropped.is_empty() || !decisions.overwritten.is_empty();
    item.values_lost = values_lost;
    item.rows_lost = rows_lost;
}

/// What changes of the table and has no list of its own in the entry.
fn other_changes(dialect: &dyn Dialect, diff: &TableDiff) -> Vec<EntryChange> {
    let options = diff.options.iter().map(|(option, from, to)| {
        let (from, to) = (from.clone(), to.clone());
        EntryChange::TableOption { option: option.clone(), from, to }
    });
    let mut changes: Vec<EntryChange> = options.collect();
    if diff.primary_key.changed {
        let columns = |key: Option<&PrimaryKey>| key.map(|key| key.columns.clone()).unwrap_or_default();
        let live = diff.live.as_ref().and_then(|table| table.primary_key.as_ref());
        changes.push(EntryChange::PrimaryKey { from: columns(live), to: columns(diff.primary_key.to.as_ref()) });
    }
    let generated = super::server_generated_names::follow(dialect, diff);
    changes.extend(generated.iter().filter_map(|change| match change {
        Change::RenamePrimaryKey { from, to, .. } => Some(EntryChange::renamed(RenamedPart::PrimaryKey, (from, to))),
        Change::RenameSequence { from, to, .. } => Some(EntryChange::renamed(RenamedPart::Sequence, (from, to))),
        _ => None,
    }));
    let renamed = |part| move |(from, to): &(String, String)| EntryChange::renamed(part, (from, to));
    changes.extend(diff.indexes_renamed.iter().map(renamed(RenamedPart::Index)));
    let constraints = diff.foreign_keys.renamed.iter().chain(&diff.checks.renamed);
    changes.extend(constraints.map(renamed(RenamedPart::Constraint)));
    let condition = |check: &Check| check.sql.to_string();
    changes.extend(diff.checks.added.iter().map(|check| EntryChange::CheckAdded { condition: condition(check) }));
    changes.extend(diff.checks.dropped.iter().map(|check| EntryChange::CheckDropped { condition: condition(check) }));
    changes
}

/// `(author_id) → users(id)`
pub(crate) fn describe_key(key: &ForeignKey) -> String {
    format!("({}) → {}({})", key.columns.join(", "), key.target, key.target_columns.join(", "))
}

/// Rules M1, M2: what is there and is unmanaged.
pub(super) fn describe_unmanaged(planner: &mut Planner<'_>, entry: usize, diff: &TableDiff, live: &Table) {
    let item = &mut planner.entries[entry];
    for column in &diff.unmanaged_columns {
        item.unmanaged.push(format!("column \"{}\"", column.name));
        let filled = column.default.is_some() || column.generated.is_some() || column.identity.is_some();
        let rowid = live.primary_key.as_ref().is_some_and(|key| key.columns == [column.name.clone()]);
        if !column.nullable && !filled && !rowid {
            item.warnings.push(format!(
                "unmanaged column \"{}\" is required and has no default: inserts that do not name it will fail",
                column.name
            ));
        }
    }
    item.unmanaged.extend(live.indexes.iter().filter(|index| !index.is_managed()).map(describe_index));
    item.unmanaged.extend(diff.foreign_keys.unmanaged.iter().map(|key| format!("foreign key {}", describe_key(key))));
    item.unmanaged.extend(diff.checks.unmanaged.iter().map(|check| format!("check ({})", check.sql)));
    item.unmanaged.extend(live.triggers.iter().map(|trigger| format!("trigger \"{}\"", trigger.name)));
    let twins = still_binding(planner.dialect, diff, live);
    planner.entries[entry].warnings.extend(twins);
}

/// `index "by_email"`, `unique constraint (email)`
pub(crate) fn describe_index(index: &Index) -> String {
    if !index.constraint {
        return format!("index \"{}\"", index.name);
    }
    let part = |part: &IndexPart| match &part.on {
        IndexOn::Column(name) => name.clone(),
        IndexOn::Expression(sql) => sql.to_string(),
    };
    format!("unique constraint ({})", index.parts.iter().map(part).collect::<Vec<_>>().join(", "))
}

/// What is unmanaged and still binds beside something else that the model says of the same columns.
fn still_binding(dialect: &dyn Dialect, diff: &TableDiff, live: &Table) -> Vec<String> {
    let Some(desired) = diff.desired else { return Vec::new() };
    let warn = |what: String, beside: &str| {
        format!(
            "{what} is unmanaged and still binds beside the {beside} of the model: drop it, or say the same in the model"
        )
    };
    let named = |name: Option<&String>| name.map(|name| format!(" \"{name}\"")).unwrap_or_default();
    let mut warnings = Vec::new();
    for key in &diff.foreign_keys.unmanaged {
        let other = |wanted: &&ForeignKey| wanted.columns == key.columns && !same_foreign_key(dialect, wanted, key);
        if desired.foreign_keys.iter().any(|wanted| other(&wanted)) {
            warnings
                .push(warn(format!("foreign key{} {}", named(key.name.as_ref()), describe_key(key)), "foreign key"));
        }
    }
    let columns = |index: &Index| index.parts.iter().map(|part| part.on.clone()).collect::<Vec<_>>();
    let unique = |index: &&Index| index.kind == IndexKind::Unique && !index.is_managed();
    for index in live.indexes.iter().filter(unique) {
        let mut wanted = desired.indexes.iter().filter(|wanted| columns(wanted) == columns(index));
        let same = desired.indexes.iter().any(|wanted| wanted.same_definition(index));
        if !same && wanted.any(|wanted| wanted.kind == IndexKind::Plain || wanted.predicate != index.predicate) {
            warnings.push(warn(format!("unique {}", describe_index(index).trim_start_matches("unique ")), "index"));
        }
    }
    for check in &diff.checks.unmanaged {
        let Some(name) = &check.name else { continue };
        let of_model =
            |wanted: &&Check| wanted.managed_name().ends_with(&format!("__{name}")) && wanted.sql != check.sql;
        if desired.checks.iter().any(|wanted| of_model(&wanted)) {
            warnings.push(warn(format!("check \"{name}\" ({})", check.sql), "check"));
        }
    }
    warnings
}

/// A counter that shall begin elsewhere, where the database does not move one that is there: said once, the base remembers it.
pub(super) fn say_unmoved_starts(planner: &mut Planner<'_>, entry: usize, diff: &TableDiff, decisions: &Decisions) {
    if planner.dialect.capabilities().alter_column_in_place {
        return;
    }
    let live = planner.live_table(&diff.name);
    let Some(base) = planner.base_table(&live).cloned() else { return };
    for column in &decisions.columns {
        let name = planner.live_column(&diff.name, &column.name);
        let known = base.column(&name).and_then(|known| known.identity.as_ref()).map(|identity| identity.start);
        let desired = column.identity.as_ref().map(|identity| identity.start);
        if let Some((known, desired)) = known.zip(desired).filter(|(known, desired)| known != desired) {
            planner.entries[entry].warnings.push(format!(
                "`{}` counts on from where it is: this database does not move the start of a counter that is there \
                 ({known} → {desired}). Insert a row with a higher key to go on from it",
                column.name
            ));
        }
    }
}
