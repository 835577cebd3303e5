//! The model's expressions in the server's own words: temporary tables are made of them and printed. Only what differs in text from the live
//! one, and from what was sent last time, is asked about. A view cannot be made for a while: its words are known once it is there.

use super::probe::Printed;
use super::text::quote_text;
use super::{Mysql, casts, reads, render, types};
use crate::catalog::{Catalog, Column, IndexKind, IndexOn, Name, TEMPORARY_PREFIX, Table, View};
use crate::change::{CastSafety, Renames};
use crate::dialect::Lowered;
use crate::dialect::sql::wording::{
    check_place, default_place, generated_place, has_expression, index_place, index_text, is_open, recall,
};
use std::collections::BTreeMap;

/// One temporary table.
#[derive(Debug)]
pub(crate) struct Probe {
    /// The table that it stands for.
    pub(crate) name: Name,
    pub(crate) temporary: Name,
    pub(crate) create: String,
}

/// Takes over the words that are known from last time, and says what has to be asked.
pub(crate) fn prepare(
    dialect: &Mysql,
    renames: &Renames,
    lowered: &mut Lowered,
    live: &Catalog,
    base: &Catalog,
    safe: bool,
) -> Vec<Probe> {
    let mut probes = Vec::new();
    for (name, desired) in &mut lowered.catalog.tables {
        let Some(live) = renames.live_table(live, name) else { continue };
        let known = base.tables.get(&live.name).or_else(|| base.tables.get(name));
        keep_collations(renames, desired, live, known);
        fit_prefixes(renames, desired, live, known, safe);
        if lowered.errors.contains_key(name) || live.opaque.is_some() {
            continue;
        }
        if known.is_some_and(|base| recall(desired, base)) {
            // The base keeps texts alone.
            desired.read_expressions(|table, sql| reads::read(dialect, Some(table), sql));
        }
        if !is_open(renames, desired, live, |column, default| is_worded(default, &column.ty)) {
            continue;
        }
        let temporary = dialect.full_name(None, &format!("{TEMPORARY_PREFIX}{}", probes.len()));
        let create = render::temporary(dialect, &temporary, &stand_in(desired));
        probes.push(Probe { name: name.clone(), temporary, create });
    }
    for (name, desired) in &mut lowered.catalog.views {
        if let Some(live) = live.views.get(name) {
            recall_view(desired, live, base.views.get(name));
        }
    }
    probes
}

/// A model that says nothing of a collation takes the one of the column that it has found.
fn keep_collations(renames: &Renames, desired: &mut Table, live: &Table, base: Option<&Table>) {
    let mut kept = Vec::new();
    for column in desired.columns.iter_mut().filter(|column| column.collate.is_none()) {
        let Some(live) = renames.live_column(live, &desired.name, &column.name) else { continue };
        if live.collate.is_none() || !types::is_text(&column.ty) {
            continue;
        }
        let place = format!("co:{}", column.name);
        let was_found = base.is_none_or(|base| {
            base.column(&column.name).or_else(|| base.column(&live.name)).is_none() || base.written.contains_key(&place)
        });
        if was_found {
            column.collate.clone_from(&live.collate);
            kept.push((place, String::new()));
        }
    }
    desired.written.extend(kept);
}

/// An index is over the whole of a column whose live type has a length, where that type stays; and over its beginning where it has none.
fn fit_prefixes(renames: &Renames, desired: &mut Table, live: &Table, base: Option<&Table>, safe: bool) {
    let stays = |column: &Column| {
        let live = renames.live_column(live, &desired.name, &column.name)?;
        let unchanged = base.and_then(|base| base.column(&column.name).or_else(|| base.column(&live.name)));
        let unchanged = unchanged.is_none_or(|base| base.ty == column.ty);
        let kept = unchanged && types::equivalent(&column.ty, &live.ty);
        let waits = safe && casts::cast(live, column) == CastSafety::Checked;
        (column.ty != live.ty && (kept || waits)).then(|| (column.name.clone(), types::is_unbounded(&live.ty)))
    };
    let staying: BTreeMap<String, bool> = desired.columns.iter().filter_map(stays).collect();
    for index in desired.indexes.iter_mut().filter(|index| index.kind == IndexKind::Plain) {
        for part in &mut index.parts {
            let IndexOn::Column(name) = &part.on else { continue };
            if let Some(unbounded) = staying.get(name) {
                part.extra = unbounded.then(|| super::lower::PREFIX.to_string());
            }
        }
    }
}

/// What the server has made of the query that a run has sent.
fn recall_view(desired: &mut View, live: &View, base: Option<&View>) {
    if desired.sql == live.sql || desired.written.is_some() {
        return;
    }
    let Some(base) = base else { return };
    let same = match &base.written {
        Some(written) => *written == desired.sql && base.sql == live.sql,
        // A run has made it and has not looked at it since.
        None => base.sql == desired.sql,
    };
    if same {
        desired.written = Some(std::mem::replace(&mut desired.sql, live.sql.clone()));
        desired.columns.clone_from(&live.columns);
        desired.types.clone_from(&live.types);
    }
}

/// Whether the server could print the default in another way than it is written.
fn is_worded(default: &str, ty: &str) -> bool {
    let is_plain = types::is_integer(ty) || types::is_text(ty);
    !is_plain || default.starts_with('(')
}

/// The table with nothing but what has an expression, or is read by one.
fn stand_in(desired: &Table) -> Table {
    let columns = desired.columns.iter().map(|column| Column {
        comment: None,
        identity: None,
        extra: BTreeMap::new(),
        ..column.clone()
    });
    let mut table = Table { columns: columns.collect(), checks: desired.checks.clone(), ..Table::default() };
    for (at, check) in table.checks.iter_mut().enumerate() {
        check.name = Some(format!("{TEMPORARY_PREFIX}c{at}"));
    }
    table.indexes = desired.indexes.iter().filter(|index| has_expression(index)).cloned().collect();
    for (at, index) in table.indexes.iter_mut().enumerate() {
        index.name = format!("i{at}");
        index.kind = IndexKind::Plain;
    }
    table
}

/// Puts what was printed in the place of what was written.
pub(crate) fn adopt(dialect: &Mysql, table: &mut Table, words: &Printed) {
    let mut written = Vec::new();
    let mut word = |place: String, sql: &mut crate::catalog::Expression, words: &str| {
        if sql.text != words {
            written.push((place, std::mem::replace(&mut sql.text, words.to_owned())));
        }
    };
    for column in &mut table.columns {
        if let (Some(default), Some(words)) = (&mut column.default, words.defaults.get(&column.name)) {
            word(default_place(&column.name), default, words);
        }
        if let (Some(generated), Some(words)) = (&mut column.generated, words.generated.get(&column.name)) {
            word(generated_place(&column.name), &mut generated.sql, words);
        }
    }
    for (at, check) in table.checks.iter_mut().enumerate() {
        if let Some(words) = words.checks.get(&format!("{TEMPORARY_PREFIX}c{at}")) {
            word(check_place(check), &mut check.sql, words);
        }
    }
    for (at, index) in table.indexes.iter_mut().filter(|index| has_expression(index)).enumerate() {
        let Some(words) = words.indexes.get(&format!("i{at}")) else { continue };
        let text = index_text(index);
        let expressions = index.parts.iter_mut().filter_map(|part| match &mut part.on {
            IndexOn::Expression(sql) => Some(sql),
            IndexOn::Column(_) => None,
        });
        for (sql, words) in expressions.zip(words) {
            sql.text.clone_from(words);
        }
        if index_text(index) != text {
            written.push((index_place(index), text));
        }
    }
    table.read_expressions(|table, sql| reads::read(dialect, Some(table), sql));
    table.written.extend(written);
}

/// The query that tells what hangs on the name of a lock: who holds it.
pub(super) fn holder_of(lock: &str) -> String {
    format!(
        "SELECT concat('connection ', p.ID, ', user ', p.USER, ' from ', p.HOST, coalesce(concat(', ', p.STATE), '')) \
         FROM information_schema.PROCESSLIST p WHERE p.ID = IS_USED_LOCK({})",
        quote_text(lock)
    )
}
