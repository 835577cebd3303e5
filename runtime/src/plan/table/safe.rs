//! Safe mode and the base: what is held back, and what the base says of it.

use super::Decisions;
use super::decide::{is_pending, only_required, set_column};
use super::in_place::is_retyped;
use crate::catalog::{Index, Name, Table};
use crate::change::{CastSafety, ColumnProperty};
use crate::diff::column::AlteredColumn;
use crate::diff::folded;
use crate::diff::table::{TableDiff, TableKind};
use crate::plan::build::Planner;
use crate::plan::checks::keys_losing_target;
use crate::plan::types::WithheldReason;

/// Rules P1 and X2: in safe mode, what `sync_method = drop` would empty the table for is held back; the rest of the differences.
pub(super) fn withhold_changes<'t>(
    planner: &mut Planner<'_>,
    entry: usize,
    diff: &TableDiff<'t>,
    live: &Table,
) -> TableDiff<'t> {
    const WHY: &str = "`sync_method = drop` would drop all rows";
    let capabilities = planner.dialect.capabilities().clone();
    let mut rest = diff.clone();
    rest.altered.clear();
    for altered in &diff.altered {
        let name = &altered.to.name;
        let gated = altered.properties.iter().any(|alteration| alteration.property != ColumnProperty::Comment);
        let waits = only_required(altered) && is_pending(planner, diff, name);
        if capabilities.alter_column_in_place || !gated || waits {
            rest.altered.push(altered.clone());
            continue;
        }
        for alteration in &altered.properties {
            planner.withhold(
                entry,
                format!("alter column \"{name}\" ({} → {})", alteration.from, alteration.to),
                WithheldReason::SafeMode,
                WHY,
            );
        }
        set_column(&mut rest.columns, &altered.from);
    }
    if diff.primary_key.changed && !capabilities.alter_primary_key {
        planner.withhold(entry, "change the primary key".to_owned(), WithheldReason::SafeMode, WHY);
        rest.primary_key.to.clone_from(&live.primary_key);
        rest.primary_key.changed = false;
    }
    let options = if capabilities.alter_option { Vec::new() } else { std::mem::take(&mut rest.options) };
    for (key, ..) in options {
        planner.withhold(entry, format!("change the option {key}"), WithheldReason::SafeMode, WHY);
    }
    rest
}

/// Options that go with the new types (STRICT) wait where a new type has to.
pub(super) fn withhold_options<'a>(
    planner: &mut Planner<'_>,
    entry: usize,
    diff: &TableDiff<'a>,
) -> Option<TableDiff<'a>> {
    let waits = planner.planning.safe
        && diff.altered.iter().any(|altered| {
            altered.changes(ColumnProperty::Type)
                && planner.dialect.cast(&altered.from, &altered.to) == CastSafety::Checked
        });
    // A column that stays although the model has dropped it may be of a type that the option does not allow.
    let stays = planner.planning.safe && !diff.dropped.is_empty();
    if !(waits || stays) || diff.options.is_empty() || planner.dialect.capabilities().alter_option {
        return None;
    }
    for (key, ..) in &diff.options {
        planner.withhold(
            entry,
            format!("change the option {key}"),
            WithheldReason::SafeMode,
            "columns that go with it wait",
        );
    }
    Some(TableDiff { options: Vec::new(), ..diff.clone() })
}

/// What a key of a table needs which safe mode keeps waits with that table: an index or primary key that it stands on, the type of a
/// column that it points to.
pub(super) fn withhold_referenced<'a>(
    planner: &mut Planner<'_>,
    entry: usize,
    diff: &TableDiff<'a>,
) -> Option<TableDiff<'a>> {
    if !planner.planning.safe {
        return None;
    }
    let live = diff.live.as_ref()?;
    let mut rest = diff.clone();
    let mut waits = Vec::new();
    let stays = |planner: &Planner<'_>, other: &Name| {
        planner.diff_of.get(&folded(planner.dialect, other)).is_some_and(|diff| diff.kind == TableKind::Drop)
    };
    for (other, key) in
        keys_losing_target::keys_losing_target(planner, diff).into_iter().filter(|(other, _)| stays(planner, other))
    {
        if let Some(at) = rest.indexes_dropped.iter().position(|index| keys_losing_target::stands_on(key, index)) {
            let index = rest.indexes_dropped.remove(at);
            rest.indexes_added.retain(|added| added.name != index.name);
            waits.push((format!("drop index \"{}\"", index.name), other.clone()));
        } else if rest.primary_key.changed && keys_losing_target::is_on_primary_key(key, live) {
            rest.primary_key.to.clone_from(&live.primary_key);
            rest.primary_key.changed = false;
            waits.push(("change the primary key".to_owned(), other.clone()));
        }
    }
    for (other, key) in planner.referencing.get(&folded(planner.dialect, &diff.name)).into_iter().flatten() {
        let Some(child) = planner.diff.live.tables.get(other).filter(|_| stays(planner, other)) else { continue };
        for (column, target) in key.columns.iter().zip(&key.target_columns) {
            let Some(from) = child.column(column) else { continue };
            let fits = |to: &str| planner.dialect.types_comparable(&from.ty, to) == Some(true);
            let broken = |altered: &AlteredColumn| {
                altered.to.name == *target && is_retyped(planner, altered) && !fits(&altered.to.ty)
            };
            let Some(at) = rest.altered.iter().position(broken) else { continue };
            let altered = rest.altered.remove(at);
            set_column(&mut rest.columns, &altered.from);
            let properties = altered.properties.iter();
            waits.extend(
                properties.map(|change| {
                    (format!("alter column \"{target}\" ({} → {})", change.from, change.to), other.clone())
                }),
            );
        }
    }
    for (what, other) in &waits {
        planner.withhold(
            entry,
            what.clone(),
            WithheldReason::SafeMode,
            &format!("{other}, which stays, references it"),
        );
    }
    (!waits.is_empty()).then_some(rest)
}

/// The base keeps what the model said, also where an equivalent live property was left as it is.
pub(super) fn record_desired(desired: &Table, before: Option<&Table>, base: &mut Table) {
    for column in &mut base.columns {
        if let Some(model) = desired.column(&column.name) {
            column.ty.clone_from(&model.ty);
            column.nullable = model.nullable;
            column.extra.clone_from(&model.extra);
            let known = before.and_then(|before| before.column(&column.name));
            match (&mut column.identity, &model.identity) {
                (Some(identity), Some(model)) => identity.clone_from(model),
                (identity @ Some(_), None) if known.is_none_or(|known| known.identity.is_none()) => *identity = None,
                _ => {}
            }
        }
    }
}

/// Rules P1 and I2: of what was held back the base says what is there, so that a later run sees that the model has changed.
pub(super) fn record_withheld(asked: &TableDiff, done: &TableDiff, decisions: &Decisions, base: &mut Table) {
    let is_done = |name: &String| {
        decisions.altered.iter().any(|&at| done.altered[at].to.name == *name) || decisions.pending.contains(name)
    };
    for altered in asked.altered.iter().filter(|altered| !is_done(&altered.to.name)) {
        set_column(&mut base.columns, &altered.from);
        base.forget_column_words(&altered.from.name);
    }
    if asked.primary_key.changed && !done.primary_key.changed {
        base.primary_key.clone_from(&done.primary_key.to);
    }
    let stays = asked.indexes_dropped.iter().filter(|index| !done.indexes_dropped.contains(index)).map(|index| {
        let renamed = done.indexes_renamed.iter().find(|(from, _)| *from == index.name);
        Index { name: renamed.map_or_else(|| index.name.clone(), |(_, to)| to.clone()), ..index.clone() }
    });
    let made_again = done.indexes_added.iter().filter(|index| !asked.indexes_added.contains(index)).cloned();
    for index in stays.chain(made_again) {
        base.indexes.retain(|other| other.name != index.name);
        base.forget_index_words(index.managed_name());
        base.indexes.push(index);
    }
    for (key, from, _) in asked.options.iter().filter(|(key, ..)| !done.options.iter().any(|(other, ..)| other == key))
    {
        match from {
            Some(value) => base.options.insert(key.clone(), value.clone()),
            None => base.options.remove(key),
        };
    }
}
