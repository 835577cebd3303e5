//! Which of a table's differences are done, withheld, pending or impossible.

use super::Decisions;
use crate::catalog::{Column, ColumnDependent, DependentBehavior, ForeignKey, Table};
use crate::change::{CastSafety, ColumnProperty, DataCheck, DropColumn, Risk};
use crate::descriptor::SyncMethod;
use crate::dialect::NameKind;
use crate::diff::folded;
use crate::diff::table::TableDiff;
use crate::plan::build::Planner;
use crate::plan::checks::is_computed;
use crate::plan::types::WithheldReason;

/// Decides column by column what is done, withheld, pending or impossible.
pub(super) fn decide(planner: &mut Planner<'_>, entry: usize, diff: &TableDiff, live: &Table) -> Decisions {
    let method = planner.sync_methods.get(&diff.name).copied();
    let mut decisions = Decisions { columns: diff.columns.clone(), ..Decisions::default() };
    let mut waiting = Vec::new();
    for at in 0..diff.altered.len() {
        waiting.extend(decide_altered(planner, entry, diff, live, at, &mut decisions).map(|nulls| (at, nulls)));
    }
    decide_drops(planner, entry, diff, live, &mut decisions);
    decide_table(planner, diff, live, &mut decisions);
    // Where the rows go anyway, no NULL of theirs is waited for.
    let emptied = !decisions.needs_method.is_empty() && method == Some(SyncMethod::Drop) && !planner.planning.safe;
    for (at, nulls) in waiting {
        if emptied {
            decisions.altered.push(at);
        } else {
            let altered = &diff.altered[at];
            pending_not_null(planner, entry, &mut decisions, &altered.to.name, nulls);
            set_column(&mut decisions.columns, &altered.from);
        }
    }
    decisions.altered.sort_unstable();
    decide_added(planner, entry, diff, live, method, &mut decisions);
    decisions
}

/// What changes of the table as a whole and needs it to be rebuilt.
fn decide_table(planner: &Planner<'_>, diff: &TableDiff, live: &Table, decisions: &mut Decisions) {
    let capabilities = planner.dialect.capabilities();
    if diff.primary_key.changed && !capabilities.alter_primary_key {
        decisions.rebuild = true;
        let words = |columns: Option<&Vec<String>>| columns.map_or("none".to_owned(), |names| names.join(", "));
        decisions.needs_method.push(format!(
            "Primary key change on {} ({} → {}).",
            diff.name,
            words(live.primary_key.as_ref().map(|key| &key.columns)),
            words(diff.primary_key.to.as_ref().map(|key| &key.columns))
        ));
    }
    for (key, from, to) in diff.options.iter().filter(|_| !capabilities.alter_option) {
        let words = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".to_owned());
        decisions.rebuild = true;
        decisions.needs_method.push(format!(
            "Option change on {}: {key} ({} → {}).",
            diff.name,
            words(from),
            words(to)
        ));
    }
    // There, a unique constraint is part of the table's definition as well.
    let constraints = diff.indexes_dropped.iter().any(|index| index.constraint);
    decisions.rebuild |= !capabilities.alter_check && (constraints || !diff.checks.is_same());
}

/// Decides about a column that changes. `Some`: it becomes required, and that many rows have no value yet (rule C7).
fn decide_altered(
    planner: &mut Planner<'_>,
    entry: usize,
    diff: &TableDiff,
    live: &Table,
    at: usize,
    decisions: &mut Decisions,
) -> Option<u64> {
    let altered = &diff.altered[at];
    let name = &altered.to.name;
    let alters_in_place = planner.dialect.capabilities().alter_column_in_place;
    // Its own values give way to generated ones.
    let overwritten = altered.from.generated.is_none() && altered.to.generated.is_some();
    if overwritten && planner.planning.safe {
        planner.withhold(entry, format!("make column \"{name}\" a generated one"), WithheldReason::SafeMode, "");
        set_column(&mut decisions.columns, &altered.from);
        return None;
    }
    if overwritten {
        decisions.risk = Risk::Destructive;
        decisions.overwritten.push(altered.to.name.clone());
    }
    let converts = altered.changes(ColumnProperty::Type) && !is_computed(planner.dialect, altered);
    let cast = if converts { planner.dialect.cast(&altered.from, &altered.to) } else { CastSafety::Safe };
    if cast == CastSafety::Checked && planner.planning.safe {
        for alteration in &altered.properties {
            let what = format!("alter column \"{name}\" ({} → {})", alteration.from, alteration.to);
            planner.withhold(entry, what, WithheldReason::SafeMode, "values may be lost");
        }
        set_column(&mut decisions.columns, &altered.from);
        return None;
    }
    if only_required(altered) && is_pending(planner, diff, name) {
        let nulls = planner.data_checks.result(DataCheck::Nulls {
            table: planner.live_table(&diff.name),
            column: planner.live_column(&diff.name, name),
        });
        if nulls.count > 0 {
            return Some(nulls.count);
        }
        decisions.altered.push(at);
        decisions.rebuild |= !alters_in_place;
        return None;
    }
    let moves = [ColumnProperty::Type, ColumnProperty::Collation].iter().any(|what| altered.changes(*what));
    let replaced = planner.dialect.replaces_column(&altered.from, &altered.to);
    if alters_in_place && moves && !replaced {
        let blocks =
            |dependent: &&ColumnDependent| dependent.behavior == DependentBehavior::Blocks && dependent.column == *name;
        let held = live.column_dependents.iter().filter(blocks).map(|dependent| {
            format!("Type change on {}.{name}: {} uses it; drop that first", diff.name, dependent.what)
        });
        decisions.errors.extend(held);
    }
    decisions.altered.push(at);
    if cast == CastSafety::Checked {
        decisions.risk = decisions.risk.max(Risk::Lossy);
    }
    let gated = altered.properties.iter().any(|alteration| alteration.property != ColumnProperty::Comment);
    if !alters_in_place && gated {
        decisions.rebuild = true;
        decisions.needs_method.extend(altered.properties.iter().map(|alteration| {
            let what = what_changes(alteration.property);
            format!("{what} change on {}.{name} ({} → {}).", diff.name, alteration.from, alteration.to)
        }));
    }
    None
}

/// The property as the errors of rule C6 call it.
fn what_changes(property: ColumnProperty) -> &'static str {
    match property {
        ColumnProperty::Type => "Type",
        ColumnProperty::Nullable => "Nullability",
        ColumnProperty::Default => "Default",
        ColumnProperty::Generated => "Generated expression",
        ColumnProperty::Collation => "Collation",
        ColumnProperty::Identity => "Identity",
        ColumnProperty::Comment | ColumnProperty::Extra => "Option",
    }
}

pub(super) fn decide_drops(
    planner: &mut Planner<'_>,
    entry: usize,
    diff: &TableDiff,
    live: &Table,
    decisions: &mut Decisions,
) {
    let mut bare = without_ours(live);
    for column in &mut bare.columns {
        // One that is made of something else by then, or is a plain one, lets go of it before.
        let to = decisions.columns.iter().find(|to| to.name == column.name);
        let alters = planner.dialect.capabilities().alter_column_in_place;
        if let Some(to) = to.filter(|_| alters && column.generated.is_some()) {
            column.generated.clone_from(&to.generated);
        }
    }
    for column in dependents_first(&diff.dropped) {
        if planner.planning.safe {
            planner.withhold(entry, format!("drop column \"{}\"", column.name), WithheldReason::SafeMode, "");
            decisions.kept.push(column.clone());
            continue;
        }
        let way = planner.dialect.drop_column(&bare, column, crate::plan::views::without_going(planner));
        match way {
            DropColumn::InPlace => {}
            DropColumn::Rebuild => decisions.rebuild = true,
            DropColumn::Blocked(what) => decisions.errors.extend(what.iter().map(|what| {
                format!(
                    "column \"{}\" cannot be dropped: {what} uses it; drop that first, or keep the field",
                    column.name
                )
            })),
        }
        // A key of ours on it goes with it; where it is part of the table's definition that is a rebuild.
        let keyed = diff.foreign_keys.dropped.iter().any(|key| key.columns.contains(&column.name));
        decisions.rebuild |= keyed && !planner.dialect.capabilities().alter_foreign_key;
        // A generated column that goes is in nobody's way any more.
        bare.columns.retain(|other| column.generated.is_none() || other.name != column.name);
        decisions.dropped.push(column.clone());
    }
}

/// Columns that go: a generated one before the columns that it is made of.
pub(super) fn dependents_first(dropped: &[Column]) -> Vec<&Column> {
    let mut left: Vec<&Column> = dropped.iter().collect();
    let mut ordered = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let needed = |column: &Column| {
            let reads = |other: &Column| {
                let generated = other.generated.as_ref().filter(|_| other.name != column.name);
                generated.is_some_and(|generated| generated.sql.reads.column(&column.name))
            };
            left.iter().any(|other| reads(other))
        };
        let at = left.iter().position(|column| !needed(column)).unwrap_or(0);
        ordered.push(left.remove(at));
    }
    ordered
}

/// The table without our own indexes: they are dropped before a column is.
pub(super) fn without_ours(table: &Table) -> Table {
    let mut table = table.clone();
    table.indexes.retain(|index| !index.is_managed());
    table
}

pub(super) fn decide_added(
    planner: &mut Planner<'_>,
    entry: usize,
    diff: &TableDiff,
    live: &Table,
    method: Option<SyncMethod>,
    decisions: &mut Decisions,
) {
    let alter_foreign_key = planner.dialect.capabilities().alter_foreign_key;
    let emptied = !decisions.needs_method.is_empty() && method == Some(SyncMethod::Drop) && !planner.planning.safe;
    for column in &diff.added {
        let mut column = column.clone();
        let fills = column.default.is_some() || column.generated.is_some() || column.identity.is_some();
        let mut has_rows = false;
        if !column.nullable && !fills {
            let rows = planner.rows(&diff.name);
            has_rows = rows > 0;
            if rows > 0 && !emptied {
                let in_key = diff.primary_key.to.iter().any(|key| key.columns.contains(&column.name));
                if in_key {
                    decisions.errors.push(format!(
                        "column \"{}\" cannot be added to the primary key: {} no value for it; add it with a default",
                        column.name,
                        crate::plan::data_checks::counted_that(rows, "row", "has", "have")
                    ));
                }
                pending_not_null(planner, entry, decisions, &column.name, rows);
                column.nullable = true;
                set_column(&mut decisions.columns, &column);
            }
        }
        let keys = inline_keys(diff, &column);
        let in_place = |empty| planner.dialect.add_column_in_place(live, &column, &keys, empty);
        // Whether an expression or a stored value can be added in place may depend on there being rows: only then they are asked for.
        has_rows |= fills && !in_place(false) && in_place(true) && !planner.is_empty(&diff.name);
        let added = in_place(!has_rows);
        decisions.rebuild |= !added;
    }
    let inline = |key: &ForeignKey| diff.added.iter().any(|column| key.columns == [column.name.clone()]);
    let others = diff.foreign_keys.added.iter().any(|key| !inline(key)) || !diff.foreign_keys.dropped.is_empty();
    decisions.rebuild |= !alter_foreign_key && others;
}

/// Keys that an added column brings along in its own definition.
pub(crate) fn inline_keys(diff: &TableDiff, column: &Column) -> Vec<ForeignKey> {
    diff.foreign_keys.added.iter().filter(|key| key.columns == [column.name.clone()]).cloned().collect()
}

pub(super) fn only_required(altered: &crate::diff::column::AlteredColumn) -> bool {
    altered.properties.len() == 1 && altered.changes(ColumnProperty::Nullable) && !altered.to.nullable
}

/// Whether the column may wait for its NULLs to go: it is known to, or it came to a managed table by other hands than ours, as a script of
/// a plan does.
pub(super) fn is_pending(planner: &Planner<'_>, diff: &TableDiff, column: &str) -> bool {
    let live = planner.live_table(&diff.name);
    let column = planner.live_column(&diff.name, column);
    let is_unknown = |base: &Table| {
        !base.columns.iter().any(|known| {
            planner.dialect.fold(NameKind::Column, &known.name) == planner.dialect.fold(NameKind::Column, &column)
        })
    };
    if planner.base_table(&live).is_some_and(is_unknown) {
        return true;
    }
    let column = planner.dialect.fold(NameKind::Column, &column).into_owned();
    planner.pending.contains(&(folded(planner.dialect, &live), column))
}

/// Rule C3: stays nullable, with a warning, until the NULLs are gone.
pub(super) fn pending_not_null(
    planner: &mut Planner<'_>,
    entry: usize,
    decisions: &mut Decisions,
    column: &str,
    rows: u64,
) {
    let rows = crate::plan::data_checks::counted_that(rows, "row", "has", "have");
    planner.entries[entry].warnings.push(format!("`{column}` is required but {rows} no value: backfill them"));
    planner.entries[entry].columns_pending.push(column.to_owned());
    decisions.pending.push(column.to_owned());
}

pub(super) fn set_column(columns: &mut [Column], column: &Column) {
    if let Some(slot) = columns.iter_mut().find(|slot| slot.name == column.name) {
        *slot = column.clone();
    }
}

/// Rules C6, X1, X2: whether the rebuild that the changes need is allowed, and how it is done.
pub(super) fn finish_method(planner: &mut Planner<'_>, diff: &TableDiff, decisions: &mut Decisions) {
    if decisions.needs_method.is_empty() {
        return;
    }
    match planner.sync_methods.get(&diff.name) {
        Some(SyncMethod::Recreate) => {}
        Some(SyncMethod::Drop) => {
            decisions.discard_rows = true;
            decisions.risk = Risk::Destructive;
        }
        None => decisions.errors.extend(decisions.needs_method.iter().map(|what| {
            format!("{what} Add #[db(sync_method = recreate)] or #[db(sync_method = drop)], or migrate by hand.")
        })),
    }
}
