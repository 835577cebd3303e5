//! The model's expressions in the server's own words: temporary objects are made of them, read back by the same queries as the live
//! ones, and rolled back. Only what differs in text from the live one, and from what was sent last time, is asked about.

use super::pending_enum_types::PendingEnumTypes;
use super::reprinted::{Reprinted, reprint};
use super::{Extension, Postgres, casts, reads, render, sequences, text, types};
use crate::catalog::{Catalog, Column, Expression, Index, IndexOn, Name, TEMPORARY_PREFIX, Table, View, index_name};
use crate::change::{CastSafety, Renames};
use crate::dialect::Lowered;
use crate::dialect::sql::wording::{
    check_place, default_place, generated_place, has_expression, index_place, index_text, is_open, recall,
};
use std::collections::BTreeSet;

/// One temporary object.
#[derive(Debug)]
pub(crate) struct Probe {
    /// The table or view that it stands for.
    pub(crate) name: Name,
    /// The live one, where it is a view.
    pub(crate) view: Option<View>,
    pub(crate) temporary: String,
    pub(crate) statements: Vec<String>,
    /// Its words take the place of the model's. Else it only tells what the server does not take.
    pub(crate) adopts: bool,
    /// What is there of the table, which the server prints once more: what it has printed does not always print as itself.
    pub(crate) reprinted: Reprinted,
}

/// The live view that gets this name in this run, as if it had it already.
fn renamed_view(dialect: &Postgres, renames: &Renames, live: &Catalog, name: &Name) -> Option<View> {
    let mut view = live.views.get(renames.views.get(name)?)?.clone();
    let schema = dialect.schema_of(name);
    for sql in &mut view.restore {
        *sql = text::rename_qualified(sql, schema, &view.name.name, &name.name);
    }
    Some(view)
}

/// Takes over the words that are known from last time, and says what has to be asked, and of which views that is no question yet: they
/// read what comes in this run.
pub(crate) fn prepare(
    dialect: &Postgres,
    renames: &Renames,
    lowered: &mut Lowered,
    live_catalog: &Catalog,
    base: &Catalog,
    pending: &PendingEnumTypes,
    safe: bool,
) -> (Vec<Probe>, BTreeSet<Name>) {
    let mut probes = Vec::new();
    for (name, desired) in &mut lowered.catalog.tables {
        if lowered.errors.contains_key(name) {
            continue;
        }
        let Some(live) = renames.live_table(live_catalog, name) else {
            desired.columns.iter_mut().for_each(|column| sequences::recognise_new(column, &name.name));
            probes.extend(creation(dialect, renames, desired, pending, probes.len()));
            continue;
        };
        if live.opaque.is_some() {
            continue;
        }
        for column in &mut desired.columns {
            match renames.live_column(live, name, &column.name) {
                Some(live) => sequences::recognise(column, live),
                None => sequences::recognise_new(column, &name.name),
            }
        }
        let known = base.tables.get(&live.name).or_else(|| base.tables.get(name));
        if let Some(base) = known {
            recall_types(desired, base);
            if recall(desired, base) {
                // The base keeps texts alone.
                desired.read_expressions(|table, sql| reads::read(dialect, Some(table), sql));
            }
        }
        take_reads(renames, desired, live);
        let asks = has_open_type(renames, desired, live)
            || is_open(renames, desired, live, |_, _| true)
            || gains_expression(renames, desired, live);
        if !asks || lacks_extension(dialect, desired) {
            continue;
        }
        let temporary = format!("{TEMPORARY_PREFIX}{}", probes.len());
        let mut asked = stand_in(renames, desired, live, known, &temporary, safe.then_some(dialect));
        let mut without = asked.clone();
        let mut reprinted = reprint(renames, desired, live, &temporary, &mut asked);
        pending.stand_in(&mut asked);
        pending.stand_in(&mut without);
        reprinted.without = render::temporary(dialect, &temporary, &without);
        let statements = render::temporary(dialect, &temporary, &asked);
        probes.push(Probe { name: name.clone(), view: None, temporary, statements, adopts: true, reprinted });
    }
    let unanswered = prepare_views(dialect, renames, lowered, live_catalog, base, &mut probes);
    (probes, unanswered)
}

/// The part of [`prepare`] about views; returns those of which it is no question yet.
fn prepare_views(
    dialect: &Postgres,
    renames: &Renames,
    lowered: &mut Lowered,
    live_catalog: &Catalog,
    base: &Catalog,
    probes: &mut Vec<Probe>,
) -> BTreeSet<Name> {
    let mut unanswered = BTreeSet::new();
    let coming = renames.coming();
    for (name, desired) in &mut lowered.catalog.views {
        let renamed;
        let live = match live_catalog.views.get(name) {
            Some(live) => live,
            None => {
                renamed = renamed_view(dialect, renames, live_catalog, name);
                let Some(live) = &renamed else {
                    if !lowered.errors.contains_key(name) {
                        unanswered.insert(name.clone());
                    }
                    continue;
                };
                live
            }
        };
        if desired.materialized == live.materialized {
            desired.restore = live.restore.iter().filter(|sql| survives(sql)).cloned().collect();
        }
        if desired.sql == live.sql && desired.materialized == live.materialized {
            desired.restore.clone_from(&live.restore);
        }
        if desired.sql == live.sql {
            adopt_columns(desired, live);
        }
        if desired.sql == live.sql || desired.written.is_some() || lowered.errors.contains_key(name) {
            continue;
        }
        let known =
            base.views.get(name).filter(|base| base.written.as_ref() == Some(&desired.sql) && base.sql == live.sql);
        if let Some(base) = known {
            adopt_view(desired, &View { sql: live.sql.clone(), ..base.clone() });
            adopt_columns(desired, live);
            continue;
        }
        let relations = desired.sql.reads.relations.iter().map(|name| &name.name);
        if reads::names(&desired.sql).iter().chain(relations).any(|name| coming.contains(name.as_str())) {
            unanswered.insert(name.clone());
            continue;
        }
        let temporary = format!("{TEMPORARY_PREFIX}{}", probes.len());
        let statements = vec![format!("CREATE TEMP VIEW {} AS {}", super::text::quote(&temporary), desired.sql)];
        let reprinted = Reprinted::default();
        let view = Some(live.clone());
        probes.push(Probe { name: name.clone(), view, temporary, statements, adopts: true, reprinted });
    }
    unanswered
}

/// Of a table that is created: whether the server takes what the model writes (rule P4). Nothing is asked of one whose expressions are
/// ours alone.
fn creation(
    dialect: &Postgres,
    renames: &Renames,
    desired: &Table,
    pending: &PendingEnumTypes,
    number: usize,
) -> Option<Probe> {
    let written = desired.columns.iter().any(|column| column.generated.is_some() || calls(column))
        || !desired.checks.is_empty()
        || desired.indexes.iter().any(has_expression);
    if !written || lacks_extension(dialect, desired) {
        return None;
    }
    let temporary = format!("{TEMPORARY_PREFIX}{number}");
    let mut asked = stand_in(renames, desired, &Table::default(), None, &temporary, None);
    pending.stand_in(&mut asked);
    let statements = render::temporary(dialect, &temporary, &asked);
    let reprinted = Reprinted::default();
    Some(Probe { name: desired.name.clone(), view: None, temporary, statements, adopts: false, reprinted })
}

/// Whether the default calls a function that may not be there.
fn calls(column: &Column) -> bool {
    const KNOWN: [&str; 3] = ["now", "gen_random_uuid", "clock_timestamp"];
    let functions = column.default.iter().flat_map(|default| &default.reads.functions);
    functions.into_iter().any(|name| !KNOWN.contains(&name.as_str()))
}

/// Whether a live table gets an expression that it does not have in any form: the server may not take it (rule P4).
fn gains_expression(renames: &Renames, desired: &Table, live: &Table) -> bool {
    let columns = desired.columns.iter().any(|column| {
        let before = renames.live_column(live, &desired.name, &column.name);
        let generated = column.generated.is_some() && before.is_none_or(|before| before.generated.is_none());
        let default = calls(column) && before.is_none_or(|before| before.default.is_none());
        generated || default
    });
    let open = |place: String| !desired.written.contains_key(&place);
    let checks = desired.checks.iter().any(|check| {
        let named = open(check_place(check));
        named && !live.checks.iter().any(|live| live.sql == check.sql)
    });
    let indexes = desired
        .indexes
        .iter()
        .filter(|index| has_expression(index))
        .any(|index| open(index_place(index)) && !live.indexes.iter().any(|live| live.same_definition(index)));
    columns || checks || indexes
}

/// What of that which hangs on a view stays when its query changes to one of which nothing is known: not what names its columns.
fn survives(sql: &str) -> bool {
    let kinds = ["ALTER ", "COMMENT ON VIEW ", "COMMENT ON MATERIALIZED ", "REVOKE "];
    let names_columns = [" ALTER COLUMN ", " CLUSTER ON "].iter().any(|words| sql.contains(words));
    kinds.iter().any(|kind| sql.starts_with(kind)) && !names_columns || sql.starts_with("GRANT ") && !sql.contains(" (")
}

fn lacks_extension(dialect: &Postgres, table: &Table) -> bool {
    let mut needed = table.columns.iter().filter_map(types::extension_of);
    needed.any(|extension| dialect.extensions.get(extension) != Some(&Extension::Installed))
}

/// The types that the server has worded last time, where the same was written.
fn recall_types(desired: &mut Table, base: &Table) {
    let mut written = Vec::new();
    for column in desired.columns.iter_mut().filter(|column| column.labels.is_empty()) {
        let place = type_place(&column.name);
        let said = base.written.get(&place) == Some(&column.ty);
        if let Some(known) = base.column(&column.name).filter(|_| said) {
            written.push((place, std::mem::replace(&mut column.ty, known.ty.clone())));
        }
    }
    desired.written.extend(written);
}

fn type_place(column: &str) -> String {
    format!("t:{column}")
}

/// What the server tells of the live expressions holds for those of the model that say the same.
fn take_reads(renames: &Renames, desired: &mut Table, live: &Table) {
    let take = |sql: &mut Expression, live: &Expression| {
        if sql == live {
            sql.reads.clone_from(&live.reads);
        }
    };
    for column in &mut desired.columns {
        let Some(live) = renames.live_column(live, &desired.name, &column.name) else { continue };
        if let (Some(generated), Some(live)) = (&mut column.generated, &live.generated) {
            take(&mut generated.sql, &live.sql);
        }
    }
    for check in &mut desired.checks {
        live.checks.iter().for_each(|live| take(&mut check.sql, &live.sql));
    }
    for index in &mut desired.indexes {
        let is = |live: &&Index| live.name == index.name || live.same_definition(index);
        for live in live.indexes.iter().filter(is).collect::<Vec<_>>() {
            if let (Some(predicate), Some(live)) = (&mut index.predicate, &live.predicate) {
                take(predicate, live);
            }
            for (part, live) in index.parts.iter_mut().zip(&live.parts) {
                if let (IndexOn::Expression(sql), IndexOn::Expression(live)) = (&mut part.on, &live.on) {
                    take(sql, live);
                }
            }
        }
    }
}

/// The defaults of columns that live tables do not have yet, where their text alone does not tell what they call.
pub(crate) fn open_defaults<'l>(
    renames: &Renames,
    lowered: &'l mut Lowered,
    live_catalog: &Catalog,
) -> Vec<&'l mut Expression> {
    let tables = lowered.catalog.tables.values_mut();
    let open = tables.filter_map(|desired| Some((renames.live_table(live_catalog, &desired.name)?, desired)));
    let open = open.flat_map(|(live, desired)| {
        let new = |column: &&mut Column| renames.live_column(live, &desired.name, &column.name).is_none();
        desired.columns.iter_mut().filter(new).filter_map(|column| column.default.as_mut()).collect::<Vec<_>>()
    });
    open.filter(|default| default.reads.volatile).collect()
}

/// Whether a type that is there in both differs in text and could be the same.
fn has_open_type(renames: &Renames, desired: &Table, live: &Table) -> bool {
    desired.columns.iter().any(|column| {
        let Some(live) = renames.live_column(live, &desired.name, &column.name) else { return false };
        let worded = types::is_worded(&column.ty) || !column.labels.is_empty();
        column.ty != live.ty && !worded && !desired.written.contains_key(&type_place(&column.name))
    })
}

/// The table as it is made for asking: types as they will be compared, no keys, no options.
///
/// `safe`: of a safe run, which leaves a type as it is where values may be lost.
fn stand_in(
    renames: &Renames,
    desired: &Table,
    live: &Table,
    base: Option<&Table>,
    temporary: &str,
    safe: Option<&Postgres>,
) -> Table {
    let mut table = Table { name: Name::new(temporary), columns: desired.columns.clone(), ..Table::default() };
    let mut waiting = Vec::new();
    for (at, column) in table.columns.iter_mut().enumerate() {
        column.identity = None;
        column.comment = None;
        column.nullable = true;
        let Some(live) = renames.live_column(live, &desired.name, &column.name) else { continue };
        let known = base.and_then(|base| {
            let before = renames.live_column(base, &desired.name, &column.name);
            before.or_else(|| base.column(&column.name))
        });
        let unchanged = known.is_none_or(|base| base.ty == column.ty);
        // A plain column that becomes a generated one is another column: its expression is of its own type.
        let another = column.generated.is_some() && live.generated.is_none();
        let asked = Column { ty: types::spelled(&column.ty), ..column.clone() };
        let waits = !another && safe.is_some_and(|dialect| casts::cast(dialect, live, &asked) == CastSafety::Checked);
        if waits && !types::is_worded(&column.ty) {
            // The expressions are over the type that stays; the one that waits still needs its words.
            waiting.push(Column { name: waiting_type(at), ty: column.ty.clone(), nullable: true, ..Column::default() });
        }
        if waits || unchanged && types::equivalent(&column.ty, &live.ty) {
            column.ty.clone_from(&live.ty);
        }
    }
    table.columns.extend(waiting);
    table.checks.clone_from(&desired.checks);
    for (at, check) in table.checks.iter_mut().enumerate() {
        check.name = Some(format!("c{at}"));
    }
    table.indexes = desired.indexes.iter().filter(|index| has_expression(index)).cloned().collect();
    for (at, index) in table.indexes.iter_mut().enumerate() {
        index.name = temporary_index(temporary, at, index);
    }
    table
}

/// The column of a stand-in that has the type which a column of the model gets later.
fn waiting_type(at: usize) -> String {
    format!("{TEMPORARY_PREFIX}type_{at}")
}

pub(super) fn temporary_index(temporary: &str, at: usize, index: &Index) -> String {
    index_name(&index.kind, temporary, &at.to_string(), super::IDENTIFIER_LIMIT)
}

/// Puts what was read back in the place of what was written.
pub(crate) fn adopt(lowered: &mut Lowered, probe: &Probe, words: &Catalog) {
    if let Some(live) = &probe.view {
        let words = words.views.values().find(|view| view.name.name == probe.temporary);
        if let (Some(view), Some(words)) = (lowered.catalog.views.get_mut(&probe.name), words) {
            adopt_view(view, words);
            adopt_columns(view, words);
            if view.materialized == live.materialized {
                let gone: Vec<&String> = live.columns.iter().filter(|name| !words.columns.contains(name)).collect();
                let stays = |sql: &&String| {
                    survives(sql) || {
                        let named = reads::names(sql);
                        !gone.iter().any(|name| named.contains(*name))
                    }
                };
                view.restore = live.restore.iter().filter(stays).cloned().collect();
            }
        }
        return;
    }
    let words = words.tables.values().find(|table| table.name.name == probe.temporary);
    if let (Some(table), Some(words)) = (lowered.catalog.tables.get_mut(&probe.name), words) {
        adopt_table(table, words, probe);
    }
}

fn adopt_view(view: &mut View, words: &View) {
    view.written = Some(std::mem::replace(&mut view.sql, words.sql.clone()));
}

/// The columns that it gives, as the server tells.
pub(super) fn adopt_columns(view: &mut View, words: &View) {
    view.columns.clone_from(&words.columns);
    view.types.clone_from(&words.types);
}

fn adopt_table(table: &mut Table, words: &Table, Probe { temporary, reprinted, .. }: &Probe) {
    let mut written = Vec::new();
    let mut types = Vec::new();
    let mut word = |place: String, sql: &mut Expression, words: &Expression| {
        let before = std::mem::replace(sql, words.clone()).text;
        if before != words.text {
            written.push((place, before));
        }
    };
    for (at, column) in table.columns.iter_mut().enumerate() {
        let later = words.column(&waiting_type(at));
        let Some(words) = words.column(&column.name) else { continue };
        if !types::is_worded(&column.ty) && column.labels.is_empty() {
            let ty = &later.unwrap_or(words).ty;
            if column.ty != *ty {
                types.push((type_place(&column.name), std::mem::replace(&mut column.ty, ty.clone())));
            }
        }
        if let (Some(default), Some(words)) = (&mut column.default, &words.default) {
            word(default_place(&column.name), default, words);
        }
        if let (Some(generated), Some(words)) = (&mut column.generated, &words.generated) {
            word(generated_place(&column.name), &mut generated.sql, &words.sql);
        }
    }
    for (at, check) in table.checks.iter_mut().enumerate() {
        let name = format!("c{at}");
        let printed = |name: &String| words.checks.iter().find(|words| words.name.as_ref() == Some(name));
        if let Some(words) = printed(&name) {
            let mut live = reprinted.checks.iter();
            let live = live.find(|(name, _)| printed(name).is_some_and(|again| again.sql == words.sql));
            word(check_place(check), &mut check.sql, live.map_or(&words.sql, |(_, sql)| sql));
        }
    }
    for (at, index) in table.indexes.iter_mut().filter(|index| has_expression(index)).enumerate() {
        let name = temporary_index(temporary, at, index);
        let printed = |name: &String| words.indexes.iter().find(|words| words.name == *name);
        let Some(words) = printed(&name) else { continue };
        let mut live = reprinted.indexes.iter();
        let live = live.find(|(name, _)| printed(name).is_some_and(|again| index_text(again) == index_text(words)));
        let words = live.map_or(words, |(_, index)| index);
        let text = index_text(index);
        index.parts.clone_from(&words.parts);
        index.predicate.clone_from(&words.predicate);
        index.method.clone_from(&words.method);
        if index_text(index) != text {
            written.push((index_place(index), text));
        }
    }
    table.written.extend(written.into_iter().chain(types));
}
