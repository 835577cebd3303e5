//! One table of the model: its entry and its steps.

use super::build::{BaseObject, Planner};
use super::checks;
use super::rebuild;
use super::types::{ColumnProperty, EntryStatus, Hazard, Renamed, Risk, ValuesLost};
use crate::catalog::{Column, ForeignKey, Name, Table, View};
use crate::descriptor::SyncMethod;
use crate::dialect::{Cast, DataCheck, DropColumn};
use crate::diff::table::{TableDiff, TableKind};
use crate::diff::{Change, folded};

/// What is decided about one table before any step is made.
#[derive(Debug, Default)]
pub(crate) struct Decisions {
    /// Columns as they shall be now: what is withheld or waits for a backfill is as it is.
    pub(crate) columns: Vec<Column>,
    /// Positions in `diff.altered` that are done.
    pub(crate) altered: Vec<usize>,
    /// Dropped columns that are really dropped.
    pub(crate) dropped: Vec<Column>,
    /// Columns that become generated ones: their own values are lost.
    pub(crate) overwritten: Vec<String>,
    /// Dropped columns that stay because of safe mode.
    pub(crate) kept: Vec<Column>,
    /// The table has to be rebuilt.
    pub(crate) rebuild: bool,
    /// The rebuild was asked for with `sync_method` (rule C6); else the copy keeps everything and it needs no leave.
    pub(crate) needs_method: Vec<String>,
    /// Rows are dropped: `sync_method = drop`.
    pub(crate) discard_rows: bool,
    pub(crate) risk: Risk,
    pub(crate) pending: Vec<String>,
    pub(crate) errors: Vec<String>,
}

pub(crate) fn plan_table(planner: &mut Planner<'_>, entry: usize, table: &TableDiff) {
    let live = table.renamed_from.as_ref().unwrap_or(&table.name);
    // A table that is not there yet leaves nothing behind when it fails: what the base calls so has moved on, or is gone.
    let before = match table.kind {
        TableKind::Create if table.replaces_view => planner.base_view(&table.name).cloned().map(BaseObject::View),
        TableKind::Create => None,
        _ => planner.base_table(live).cloned().map(BaseObject::Table),
    };
    planner.targets[entry].before.clone_from(&before);
    if let Some(notes) = planner.lowered.notes.get(&table.name) {
        for note in notes {
            planner.withhold(entry, note.clone(), "not supported by this database");
        }
    }
    if !table.errors.is_empty() {
        return planner.block(entry, table.errors.clone());
    }
    if let Some(desired) = table.desired.filter(|_| table.unchanged) {
        planner.targets[entry].after = Some(BaseObject::Table(desired.clone()));
        return;
    }
    match (table.desired, &table.current) {
        (Some(desired), None) => plan_create(planner, entry, table, desired),
        (Some(desired), Some(current)) => plan_match(planner, entry, table, desired, current),
        _ => {}
    }
}

fn plan_create(planner: &mut Planner<'_>, entry: usize, diff: &TableDiff, desired: &Table) {
    if diff.replaces_view && planner.policy.safe {
        planner.targets[entry].after = planner.targets[entry].before.clone();
        return planner.withhold(entry, "drop the view of that name and create the table".to_owned(), "safe mode");
    }
    planner.entries[entry].status = EntryStatus::Create;
    if diff.replaces_view {
        let materialized = planner.diff.current.views.get(&diff.name).is_some_and(|view| view.materialized);
        let change = Change::DropView { name: diff.name.clone(), materialized };
        planner.step(entry, change, Risk::Destructive, &[], false);
    }
    planner.entries[entry].columns_added = desired.columns.iter().map(|column| column.name.clone()).collect();
    planner.entries[entry].foreign_keys_added = desired.foreign_keys.iter().map(describe_key).collect();
    let inline = !planner.dialect.capabilities().alter_foreign_key;
    let mut table = desired.clone();
    if !inline {
        table.foreign_keys.clear();
    }
    planner.step(entry, Change::CreateTable { table }, Risk::Safe, &[], false);
    for index in &desired.indexes {
        planner.entries[entry].indexes_created.push(index.name.clone());
        // The table is empty: its indexes cannot fail over data.
        let change = Change::CreateIndex { table: diff.name.clone(), index: index.clone() };
        planner.step(entry, change, Risk::Safe, &[], false);
    }
    if !inline {
        for foreign_key in &desired.foreign_keys {
            add_foreign_key(planner, entry, diff, foreign_key);
        }
    }
    planner.targets[entry].after = Some(BaseObject::Table(desired.clone()));
}

/// Rule T1: a key whose target comes later in this run (tables in a circle) waits for it, and is taken back alone when it fails.
fn add_foreign_key(planner: &mut Planner<'_>, entry: usize, diff: &TableDiff, key: &ForeignKey) {
    let target = folded(planner.dialect, &key.target);
    let comes = planner.diff_of.get(&target).is_some_and(|target| target.kind == TableKind::Create);
    let later = comes && key.target != diff.name && !planner.entry_of.contains_key(&target);
    let change = Change::AddForeignKey { table: diff.name.clone(), foreign_key: key.clone() };
    if later {
        planner.step_after_tables(entry, change);
    } else {
        planner.step(entry, change, Risk::Safe, &[], false);
    }
}

fn plan_match(planner: &mut Planner<'_>, entry: usize, diff: &TableDiff, desired: &Table, current: &Table) {
    describe_unmanaged(planner, entry, diff, current);
    let held;
    let asked = diff;
    let mut diff = diff;
    if planner.policy.safe && planner.sync_methods.get(&diff.name) == Some(&SyncMethod::Drop) {
        held = hold_back(planner, entry, diff, current);
        diff = &held;
    } else if let Some(rest) = hold_options(planner, entry, diff) {
        held = rest;
        diff = &held;
    }
    let mut decisions = decide(planner, entry, diff, current);
    finish_method(planner, diff, &mut decisions);
    checks::check(planner, diff, current, &mut decisions);
    if !decisions.errors.is_empty() {
        return planner.block(entry, decisions.errors);
    }
    describe(planner, entry, diff, &decisions);
    renames(planner, entry, diff);
    let indexes = checks::indexes(planner, entry, diff, &decisions);
    if decisions.rebuild {
        rebuild::steps(planner, entry, diff, desired, current, &decisions);
    } else {
        in_place(planner, entry, diff, &decisions);
    }
    for (index, optional) in indexes {
        let change = Change::CreateIndex { table: diff.name.clone(), index };
        planner.step(entry, change, Risk::Safe, &[Hazard::BlocksWrites, Hazard::ScansTable], optional);
    }
    if !planner.steps[entry].is_empty() {
        planner.entries[entry].status = EntryStatus::Alter;
    }
    let mut base = desired.clone();
    base.columns = decisions.columns.iter().chain(&decisions.kept).cloned().collect();
    let before = match &planner.targets[entry].before {
        Some(BaseObject::Table(before)) => Some(before),
        _ => None,
    };
    keep_intent(desired, before, &mut base);
    remember_withheld(asked, diff, &decisions, &mut base);
    planner.targets[entry].after = Some(BaseObject::Table(base));
    planner.targets[entry].pending = decisions.pending;
}

/// Rules P1 and X2: in safe mode, what `sync_method = drop` would empty the table for is held back; the rest of the differences.
fn hold_back<'t>(planner: &mut Planner<'_>, entry: usize, diff: &TableDiff<'t>, current: &Table) -> TableDiff<'t> {
    const WHY: &str = "safe mode: `sync_method = drop` would drop all rows";
    let capabilities = planner.dialect.capabilities().clone();
    let mut rest = diff.clone();
    rest.altered.clear();
    for altered in &diff.altered {
        let name = &altered.to.name;
        let gated = altered.properties.iter().any(|alteration| alteration.property != ColumnProperty::Comment);
        let waits = only_required(altered) && waits(planner, diff, name);
        if capabilities.alter_column || !gated || waits {
            rest.altered.push(altered.clone());
            continue;
        }
        for alteration in &altered.properties {
            planner.withhold(entry, format!("alter column \"{name}\" ({} → {})", alteration.from, alteration.to), WHY);
        }
        set_column(&mut rest.columns, &altered.from);
    }
    if diff.primary_key.changed && !capabilities.alter_primary_key {
        planner.withhold(entry, "change the primary key".to_owned(), WHY);
        rest.primary_key.to.clone_from(&current.primary_key);
        rest.primary_key.changed = false;
    }
    let options = if capabilities.alter_option { Vec::new() } else { std::mem::take(&mut rest.options) };
    for (key, ..) in options {
        planner.withhold(entry, format!("change the option {key}"), WHY);
    }
    rest
}

/// Options that go with the new types (STRICT) wait where a new type has to.
fn hold_options<'a>(planner: &mut Planner<'_>, entry: usize, diff: &TableDiff<'a>) -> Option<TableDiff<'a>> {
    let waits = planner.policy.safe
        && diff.altered.iter().any(|altered| {
            altered.changes(ColumnProperty::Type) && planner.dialect.cast(&altered.from, &altered.to) == Cast::Checked
        });
    // A column that stays although the model has dropped it may be of a type that the option does not allow.
    let stays = planner.policy.safe && !diff.dropped.is_empty();
    if !(waits || stays) || diff.options.is_empty() || planner.dialect.capabilities().alter_option {
        return None;
    }
    for (key, ..) in &diff.options {
        planner.withhold(entry, format!("change the option {key}"), "safe mode: columns that go with it wait");
    }
    Some(TableDiff { options: Vec::new(), ..diff.clone() })
}

/// The base keeps what the model said, also where an equivalent live property was left as it is.
fn keep_intent(desired: &Table, before: Option<&Table>, base: &mut Table) {
    for column in &mut base.columns {
        if let Some(wanted) = desired.column(&column.name) {
            column.ty.clone_from(&wanted.ty);
            column.nullable = wanted.nullable;
            column.extra.clone_from(&wanted.extra);
            let known = before.and_then(|before| before.column(&column.name));
            match (&mut column.identity, &wanted.identity) {
                (Some(identity), Some(wanted)) => identity.clone_from(wanted),
                (identity @ Some(_), None) if known.is_none_or(|known| known.identity.is_none()) => *identity = None,
                _ => {}
            }
        }
    }
}

/// Rule P1: of what was held back the base says what is there, so that a later run sees that the model has changed.
fn remember_withheld(asked: &TableDiff, done: &TableDiff, decisions: &Decisions, base: &mut Table) {
    let is_done = |name: &String| {
        decisions.altered.iter().any(|&at| done.altered[at].to.name == *name) || decisions.pending.contains(name)
    };
    for altered in asked.altered.iter().filter(|altered| !is_done(&altered.to.name)) {
        set_column(&mut base.columns, &altered.from);
    }
    for (key, from, _) in asked.options.iter().filter(|(key, ..)| !done.options.iter().any(|(other, ..)| other == key))
    {
        match from {
            Some(value) => base.options.insert(key.clone(), value.clone()),
            None => base.options.remove(key),
        };
    }
}

/// Decides column by column what is done, withheld, pending or impossible.
fn decide(planner: &mut Planner<'_>, entry: usize, diff: &TableDiff, current: &Table) -> Decisions {
    let capabilities = planner.dialect.capabilities().clone();
    let method = planner.sync_methods.get(&diff.name).copied();
    let mut decisions = Decisions { columns: diff.columns.clone(), ..Decisions::default() };
    let mut waiting = Vec::new();
    for (at, altered) in diff.altered.iter().enumerate() {
        let name = &altered.to.name;
        // Its own values give way to generated ones.
        let overwritten = altered.from.generated.is_none() && altered.to.generated.is_some();
        if overwritten && planner.policy.safe {
            planner.withhold(entry, format!("make column \"{name}\" a generated one"), "safe mode");
            set_column(&mut decisions.columns, &altered.from);
            continue;
        }
        if overwritten {
            decisions.risk = Risk::Destructive;
            decisions.overwritten.push(altered.to.name.clone());
        }
        let cast = if altered.changes(ColumnProperty::Type) {
            planner.dialect.cast(&altered.from, &altered.to)
        } else {
            Cast::Safe
        };
        if cast == Cast::Checked && planner.policy.safe {
            for alteration in &altered.properties {
                let what = format!("alter column \"{name}\" ({} → {})", alteration.from, alteration.to);
                planner.withhold(entry, what, "safe mode: values may be lost");
            }
            set_column(&mut decisions.columns, &altered.from);
            continue;
        }
        if only_required(altered) && waits(planner, diff, name) {
            let nulls = planner.facts.ask(DataCheck::Nulls {
                table: planner.live_table(&diff.name),
                column: planner.live_column(&diff.name, name),
            });
            if nulls.count > 0 {
                waiting.push((at, nulls.count));
                continue;
            }
            decisions.altered.push(at);
            decisions.rebuild |= !capabilities.alter_column;
            continue;
        }
        decisions.altered.push(at);
        if cast == Cast::Checked {
            decisions.risk = decisions.risk.max(Risk::Lossy);
        }
        let gated = altered.properties.iter().any(|alteration| alteration.property != ColumnProperty::Comment);
        if !capabilities.alter_column && gated {
            decisions.rebuild = true;
            for alteration in &altered.properties {
                let what = match alteration.property {
                    ColumnProperty::Type => "Type",
                    ColumnProperty::Nullable => "Nullability",
                    ColumnProperty::Default => "Default",
                    ColumnProperty::Generated => "Generated expression",
                    ColumnProperty::Collation => "Collation",
                    ColumnProperty::Identity => "Identity",
                    ColumnProperty::Comment | ColumnProperty::Extra => "Option",
                };
                decisions
                    .needs_method
                    .push(format!("{what} change on {}.{name} ({} → {}).", diff.name, alteration.from, alteration.to));
            }
        }
    }
    decide_drops(planner, entry, diff, current, &mut decisions);
    if diff.primary_key.changed && !capabilities.alter_primary_key {
        decisions.rebuild = true;
        let words = |columns: Option<&Vec<String>>| columns.map_or("none".to_owned(), |names| names.join(", "));
        decisions.needs_method.push(format!(
            "Primary key change on {} ({} → {}).",
            diff.name,
            words(current.primary_key.as_ref().map(|key| &key.columns)),
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
    // Where the rows go anyway, no NULL of theirs is waited for.
    let emptied = !decisions.needs_method.is_empty() && method == Some(SyncMethod::Drop) && !planner.policy.safe;
    for (at, nulls) in waiting {
        if emptied {
            decisions.altered.push(at);
        } else {
            let altered = &diff.altered[at];
            pend(planner, entry, &mut decisions, &altered.to.name, nulls);
            set_column(&mut decisions.columns, &altered.from);
        }
    }
    decisions.altered.sort_unstable();
    decisions.rebuild |= !capabilities.alter_check && !diff.checks.is_same();
    decide_added(planner, entry, diff, current, method, &mut decisions);
    decisions
}

fn decide_drops(planner: &mut Planner<'_>, entry: usize, diff: &TableDiff, current: &Table, decisions: &mut Decisions) {
    let mut bare = without_ours(current);
    for column in dependents_first(planner, &diff.dropped) {
        if planner.policy.safe {
            planner.withhold(entry, format!("drop column \"{}\"", column.name), "safe mode");
            decisions.kept.push(column.clone());
            continue;
        }
        let way = planner.dialect.drop_column(&bare, column, super::views::without_going(planner));
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
fn dependents_first<'c>(planner: &Planner<'_>, dropped: &'c [Column]) -> Vec<&'c Column> {
    let mut left: Vec<&Column> = dropped.iter().collect();
    let mut ordered = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let needed = |column: &Column| {
            let reads = |other: &Column| {
                let generated = other.generated.as_ref().filter(|_| other.name != column.name);
                generated.is_some_and(|generated| planner.dialect.mentions(&generated.sql, &column.name))
            };
            left.iter().any(|other| reads(other))
        };
        let at = left.iter().position(|column| !needed(column)).unwrap_or(0);
        ordered.push(left.remove(at));
    }
    ordered
}

/// The table without our own indexes: they are dropped before a column is.
fn without_ours(table: &Table) -> Table {
    let mut table = table.clone();
    table.indexes.retain(|index| index.constraint || !crate::catalog::is_managed_name(&index.name));
    table
}

fn decide_added(
    planner: &mut Planner<'_>,
    entry: usize,
    diff: &TableDiff,
    current: &Table,
    method: Option<SyncMethod>,
    decisions: &mut Decisions,
) {
    let alter_foreign_key = planner.dialect.capabilities().alter_foreign_key;
    let emptied = !decisions.needs_method.is_empty() && method == Some(SyncMethod::Drop) && !planner.policy.safe;
    for column in &diff.added {
        let mut column = column.clone();
        let fills = column.default.is_some() || column.generated.is_some() || column.identity.is_some();
        let mut empty = true;
        if !column.nullable && !fills {
            let rows = planner.rows(&diff.name);
            empty = rows == 0;
            if rows > 0 && !emptied {
                let in_key = diff.primary_key.to.iter().any(|key| key.columns.contains(&column.name));
                if in_key {
                    decisions.errors.push(format!(
                        "column \"{}\" cannot be added to the primary key: {} no value for it; add it with a default",
                        column.name,
                        super::facts::counted_that(rows, "row", "has", "have")
                    ));
                }
                pend(planner, entry, decisions, &column.name, rows);
                column.nullable = true;
                set_column(&mut decisions.columns, &column);
            }
        } else if fills {
            // Whether an expression or a stored value can be added in place depends on it.
            empty = planner.rows(&diff.name) == 0;
        }
        let keys = inline_keys(diff, &column);
        let in_place = planner.dialect.add_column_in_place(current, &column, &keys, empty);
        decisions.rebuild |= !in_place;
    }
    let inline = |key: &ForeignKey| diff.added.iter().any(|column| key.columns == [column.name.clone()]);
    let others = diff.foreign_keys.added.iter().any(|key| !inline(key)) || !diff.foreign_keys.dropped.is_empty();
    decisions.rebuild |= !alter_foreign_key && others;
}

/// Keys that an added column brings along in its own definition.
pub(crate) fn inline_keys(diff: &TableDiff, column: &Column) -> Vec<ForeignKey> {
    diff.foreign_keys.added.iter().filter(|key| key.columns == [column.name.clone()]).cloned().collect()
}

fn only_required(altered: &crate::diff::column::AlteredColumn) -> bool {
    altered.properties.len() == 1 && altered.changes(ColumnProperty::Nullable) && !altered.to.nullable
}

fn waits(planner: &Planner<'_>, diff: &TableDiff, column: &str) -> bool {
    let live = planner.live_table(&diff.name);
    let column = planner.live_column(&diff.name, column);
    let column = planner.dialect.fold(&column).into_owned();
    planner.pending.contains(&(folded(planner.dialect, &live), column))
}

/// Rule C3: stays nullable, with a warning, until the NULLs are gone.
fn pend(planner: &mut Planner<'_>, entry: usize, decisions: &mut Decisions, column: &str, rows: u64) {
    let rows = super::facts::counted_that(rows, "row", "has", "have");
    planner.entries[entry].warnings.push(format!("`{column}` is required but {rows} no value: backfill them"));
    decisions.pending.push(column.to_owned());
}

fn set_column(columns: &mut [Column], column: &Column) {
    if let Some(slot) = columns.iter_mut().find(|slot| slot.name == column.name) {
        *slot = column.clone();
    }
}

/// Rules C6, X1, X2: whether the rebuild that the changes need is allowed, and how it is done.
fn finish_method(planner: &mut Planner<'_>, diff: &TableDiff, decisions: &mut Decisions) {
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

fn renames(planner: &mut Planner<'_>, entry: usize, diff: &TableDiff) {
    if let Some(from) = &diff.renamed_from {
        let change = Change::RenameTable { from: from.clone(), to: diff.name.clone() };
        planner.step(entry, change, Risk::Safe, &[Hazard::BlocksWrites], false);
    }
    for (from, to) in &diff.column_renames {
        let change = Change::RenameColumn { table: diff.name.clone(), from: from.clone(), to: to.clone() };
        planner.step(entry, change, Risk::Safe, &[Hazard::BlocksWrites], false);
    }
}

/// Steps for a table that is altered where it stands: what goes first, then what changes, then what comes.
fn in_place(planner: &mut Planner<'_>, entry: usize, diff: &TableDiff, decisions: &Decisions) {
    let table = &diff.name;
    let safe = |planner: &mut Planner<'_>, change: Change| planner.step(entry, change, Risk::Safe, &[], false);
    for foreign_key in &diff.foreign_keys.dropped {
        safe(planner, Change::DropForeignKey { table: table.clone(), foreign_key: foreign_key.clone() });
    }
    let (untied, tied_again) = retyped_keys(planner, diff);
    for (table, foreign_key) in untied {
        safe(planner, Change::DropForeignKey { table, foreign_key });
    }
    for foreign_key in tied_again {
        planner.step_after_tables(entry, Change::AddForeignKey { table: table.clone(), foreign_key });
    }
    let safe = |planner: &mut Planner<'_>, change: Change| planner.step(entry, change, Risk::Safe, &[], false);
    for check in &diff.checks.dropped {
        safe(planner, Change::DropCheck { table: table.clone(), check: check.clone() });
    }
    for index in &diff.indexes_dropped {
        safe(planner, Change::DropIndex { table: table.clone(), index: index.clone() });
    }
    for (from, to) in &diff.indexes_renamed {
        safe(planner, Change::RenameIndex { table: table.clone(), from: from.clone(), to: to.clone() });
    }
    for (from, to) in diff.foreign_keys.renamed.iter().chain(&diff.checks.renamed) {
        safe(planner, Change::RenameConstraint { table: table.clone(), from: from.clone(), to: to.clone() });
    }
    let held = held_views(planner, diff, decisions);
    for view in held.iter().rev() {
        safe(planner, Change::SuspendView { view: view.clone() });
    }
    // A column that leaves the key may become optional only once the key is gone.
    let old_key = diff.current.as_ref().and_then(|current| current.primary_key.clone());
    if diff.primary_key.changed && old_key.is_some() {
        safe(planner, Change::AlterPrimaryKey { table: table.clone(), from: old_key, to: None });
    }
    for column in &decisions.columns {
        if diff.added.iter().any(|added| added.name == column.name) {
            let inline = !planner.dialect.capabilities().alter_foreign_key;
            let foreign_keys = if inline { inline_keys(diff, column) } else { Vec::new() };
            safe(planner, Change::AddColumn { table: table.clone(), column: column.clone(), foreign_keys });
        }
    }
    // After the new ones: a table is never without columns.
    for column in &decisions.dropped {
        let change = Change::DropColumn { table: table.clone(), column: column.name.clone() };
        planner.step(entry, change, Risk::Destructive, &[Hazard::RewritesTable, Hazard::DeletesData], false);
    }
    for &at in &decisions.altered {
        let altered = &diff.altered[at];
        let lossy =
            altered.changes(ColumnProperty::Type) && planner.dialect.cast(&altered.from, &altered.to) != Cast::Safe;
        let risk = if lossy { Risk::Lossy } else { Risk::Safe };
        if lossy && planner.policy.allow_lossy {
            rebuild::count_lost(planner, entry, diff, &altered.from, &altered.to);
        }
        let change = Change::AlterColumn {
            table: table.clone(),
            from: altered.from.clone(),
            to: altered.to.clone(),
            lossy: lossy && planner.policy.allow_lossy,
        };
        planner.step(entry, change, risk, &[Hazard::BlocksWrites], false);
    }
    if let Some(key) = diff.primary_key.to.clone().filter(|_| diff.primary_key.changed) {
        safe(planner, Change::AlterPrimaryKey { table: table.clone(), from: None, to: Some(key) });
    }
    for (key, from, to) in &diff.options {
        let change = Change::SetOption { table: table.clone(), key: key.clone(), from: from.clone(), to: to.clone() };
        planner.step(entry, change, Risk::Safe, &[Hazard::BlocksWrites], false);
    }
    let safe = |planner: &mut Planner<'_>, change: Change| planner.step(entry, change, Risk::Safe, &[], false);
    for check in &diff.checks.added {
        safe(planner, Change::AddCheck { table: table.clone(), check: check.clone() });
    }
    if planner.dialect.capabilities().alter_foreign_key {
        for foreign_key in &diff.foreign_keys.added {
            add_foreign_key(planner, entry, diff, foreign_key);
        }
    }
    for view in held {
        safe(planner, Change::RestoreView { view });
    }
    if diff.comment.changed {
        safe(planner, Change::SetTableComment { table: table.clone(), comment: diff.comment.to.clone() });
    }
    if !diff.foreign_keys.added.is_empty() {
        planner.targets[entry].check.push(table.clone());
    }
}

/// Keys of ours whose columns change their type on both sides in this run: while one side has done so and the other has not, the
/// key cannot be. Those of and to this table, which go before; and its own, which come back once both are done.
fn retyped_keys(planner: &Planner<'_>, diff: &TableDiff) -> (Vec<(Name, ForeignKey)>, Vec<ForeignKey>) {
    let (mut untied, mut own) = (Vec::new(), Vec::new());
    if !planner.dialect.capabilities().alter_foreign_key || !planner.dialect.capabilities().alter_column {
        return (untied, own);
    }
    for key in &diff.foreign_keys.kept {
        if retyped_together(planner, diff, key) {
            untied.push((diff.name.clone(), key.clone()));
            own.push(key.clone());
        }
    }
    for (other, key) in planner.referencing.get(&folded(planner.dialect, &diff.name)).into_iter().flatten() {
        let child = planner.diff_of.get(&folded(planner.dialect, other)).copied();
        let child = child.filter(|child| child.name != diff.name && child.foreign_keys.kept.contains(key));
        if child.is_some_and(|child| retyped_together(planner, child, key)) {
            untied.push((other.clone(), key.clone()));
        }
    }
    (untied, own)
}

/// Whether a key's columns change their type on both sides.
pub(crate) fn retyped_together(planner: &Planner<'_>, child: &TableDiff, key: &ForeignKey) -> bool {
    let retyped = |diff: &TableDiff, names: &[String]| {
        diff.altered.iter().any(|altered| altered.changes(ColumnProperty::Type) && names.contains(&altered.to.name))
    };
    let parent = planner.diff_of.get(&folded(planner.dialect, &key.target)).copied();
    retyped(child, &key.columns) && parent.is_some_and(|parent| retyped(parent, &key.target_columns))
}

/// Rule V3: the views that hold on to a column which changes its type, those that they read before them.
fn held_views(planner: &Planner<'_>, diff: &TableDiff, decisions: &Decisions) -> Vec<View> {
    if !planner.dialect.capabilities().views_hold {
        return Vec::new();
    }
    let changed: Vec<&str> = decisions
        .altered
        .iter()
        .map(|&at| &diff.altered[at])
        .filter(|altered| {
            [ColumnProperty::Type, ColumnProperty::Collation, ColumnProperty::Generated]
                .into_iter()
                .any(|property| altered.changes(property))
        })
        .map(|altered| altered.to.name.as_str())
        .collect();
    super::views::holding(planner, &diff.name, &changed)
}

/// Fills the entry with what is done.
fn describe(planner: &mut Planner<'_>, entry: usize, diff: &TableDiff, decisions: &Decisions) {
    let mut values_lost = Vec::new();
    for column in decisions.dropped.iter().map(|column| &column.name).chain(&decisions.overwritten) {
        let table = planner.live_table(&diff.name);
        let nulls = planner.facts.ask(DataCheck::Nulls { table, column: planner.live_column(&diff.name, column) });
        let rows = planner.rows(&diff.name).saturating_sub(nulls.count);
        values_lost.push(ValuesLost { column: column.clone(), rows });
    }
    let rows_lost = if decisions.discard_rows { Some(planner.rows(&diff.name)) } else { None };
    let item = &mut planner.entries[entry];
    item.columns_added = diff.added.iter().map(|column| column.name.clone()).collect();
    item.columns_renamed =
        diff.column_renames.iter().map(|(from, to)| Renamed { from: from.clone(), to: to.clone() }).collect();
    item.columns_altered =
        decisions.altered.iter().flat_map(|&at| diff.altered[at].properties.iter().cloned()).collect();
    item.columns_dropped = decisions.dropped.iter().map(|column| column.name.clone()).collect();
    item.indexes_created = diff.indexes_added.iter().map(|index| index.name.clone()).collect();
    item.indexes_dropped = diff.indexes_dropped.iter().map(|index| index.name.clone()).collect();
    item.foreign_keys_added = diff.foreign_keys.added.iter().map(describe_key).collect();
    item.foreign_keys_dropped = diff.foreign_keys.dropped.iter().map(describe_key).collect();
    let none = || "none".to_owned();
    for (key, from, to) in &diff.options {
        let (from, to) = (from.clone().unwrap_or_else(none), to.clone().unwrap_or_else(none));
        item.options_changed.push(format!("{key}: {from} → {to}"));
    }
    if diff.primary_key.changed {
        let key = diff.primary_key.to.as_ref().map_or_else(none, |key| key.columns.join(", "));
        item.options_changed.push(format!("primary key: {key}"));
    }
    let renamed = diff.indexes_renamed.iter().map(|pair| ("index", pair));
    let constraints = diff.foreign_keys.renamed.iter().chain(&diff.checks.renamed).map(|pair| ("constraint", pair));
    let renamed = renamed.chain(constraints).map(|(what, (from, to))| format!("{what} renamed: {from} → {to}"));
    item.options_changed.extend(renamed);
    item.options_changed.extend(diff.checks.added.iter().map(|check| format!("check added: {}", check.sql)));
    item.options_changed.extend(diff.checks.dropped.iter().map(|check| format!("check dropped: {}", check.sql)));
    item.recreated = decisions.rebuild;
    item.destructive = decisions.discard_rows || !decisions.dropped.is_empty() || !decisions.overwritten.is_empty();
    item.values_lost = values_lost;
    item.rows_lost = rows_lost;
}

/// `(author_id) → users(id)`
pub(crate) fn describe_key(key: &ForeignKey) -> String {
    format!("({}) → {}({})", key.columns.join(", "), key.target, key.target_columns.join(", "))
}

/// Rules M1, M2: what is there and is not ours.
fn describe_unmanaged(planner: &mut Planner<'_>, entry: usize, diff: &TableDiff, current: &Table) {
    let item = &mut planner.entries[entry];
    for column in &diff.unmanaged_columns {
        item.unmanaged.push(format!("column \"{}\"", column.name));
        let filled = column.default.is_some() || column.generated.is_some() || column.identity.is_some();
        let rowid = current.primary_key.as_ref().is_some_and(|key| key.columns == [column.name.clone()]);
        if !column.nullable && !filled && !rowid {
            item.warnings.push(format!(
                "unmanaged column \"{}\" is required and has no default: inserts that do not name it will fail",
                column.name
            ));
        }
    }
    for index in &current.indexes {
        if index.constraint || crate::catalog::is_managed_name(&index.name) {
            continue;
        }
        item.unmanaged.push(format!("index \"{}\"", index.name));
    }
    item.unmanaged.extend(diff.foreign_keys.unmanaged.iter().map(|key| format!("foreign key {}", describe_key(key))));
    item.unmanaged.extend(diff.checks.unmanaged.iter().map(|check| format!("check ({})", check.sql)));
    item.unmanaged.extend(current.triggers.iter().map(|trigger| format!("trigger \"{}\"", trigger.name)));
}
