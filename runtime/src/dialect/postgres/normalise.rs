//! The model's expressions in the server's own words: temporary objects are made of them, read back by the same queries as the live
//! ones, and taken back. Only what differs in text from the live one, and from what was sent last time, is asked about.

use super::flux::Flux;
use super::{Extension, Postgres, casts, render, text, types};
use crate::catalog::{Catalog, Column, Index, IndexOn, Name, TEMPORARY_PREFIX, Table, View, index_name};
use crate::change::CastSafety;
use crate::dialect::Lowered;
use crate::diff::renames::moved;
use crate::model::Schema;
use std::collections::{BTreeMap, BTreeSet};

/// One temporary object.
#[derive(Debug)]
pub(crate) struct Probe {
    /// The table or view that it stands for.
    pub(crate) name: Name,
    /// The live one, where it is a view.
    pub(crate) view: Option<View>,
    pub(crate) temporary: String,
    pub(crate) statements: Vec<String>,
}

/// The earlier names of the model's tables and columns.
#[derive(Debug, Default)]
pub(crate) struct Earlier {
    tables: BTreeMap<Name, Vec<Name>>,
    columns: BTreeMap<(Name, String), Vec<String>>,
    views: BTreeMap<Name, Vec<Name>>,
}

impl Earlier {
    pub(crate) fn of(dialect: &Postgres, schema: &Schema) -> Self {
        let mut earlier = Self::default();
        for table in &schema.tables {
            let full = |name: &str| dialect.full_name(table.schema_name(), name);
            let name = full(&table.name);
            for column in table.columns.iter().filter(|column| !column.renamed.is_empty()) {
                earlier.columns.insert((name.clone(), column.name.clone()), column.renamed.clone());
            }
            if !table.renamed.is_empty() {
                earlier.tables.insert(name, table.renamed.iter().map(|old| full(old)).collect());
            }
        }
        for view in schema.views.iter().filter(|view| !view.renamed.is_empty()) {
            let full = |name: &str| dialect.full_name(view.schema.as_deref(), name);
            earlier.views.insert(full(&view.name), view.renamed.iter().map(|old| full(old)).collect());
        }
        earlier
    }

    /// The live view under an earlier name, as if it had its new one.
    fn view(&self, dialect: &Postgres, actual: &Catalog, name: &Name) -> Option<View> {
        let mut view = self.views.get(name)?.iter().find_map(|old| actual.views.get(old))?.clone();
        let schema = dialect.schema_of(name);
        for sql in &mut view.restore {
            *sql = text::rename_qualified(sql, schema, &view.name.name, &name.name);
        }
        Some(view)
    }

    /// The tables that move to another schema in this run, and where they are now.
    fn moved(&self, dialect: &Postgres, lowered: &Lowered, actual: &Catalog, base: &Catalog) -> BTreeMap<Name, Name> {
        let wanted = &lowered.catalog.tables;
        let old: BTreeMap<&Name, Vec<String>> = wanted
            .keys()
            .map(|name| (name, self.tables.get(name).into_iter().flatten().map(|old| old.name.clone()).collect()))
            .collect();
        let names = old.iter().map(|(name, old)| (*name, old.as_slice())).collect();
        let from = |name: &Name| moved(dialect, &names, name, actual, base).into_iter().next();
        wanted.keys().filter_map(|name| Some((name.clone(), from(name)?))).collect()
    }

    /// Names that tables and columns get in this run. Until then they mean something else to the server, where they mean anything: the
    /// whole row of a table of that name, a table that moves on to another name itself.
    fn coming(&self, actual: &Catalog) -> BTreeSet<String> {
        let mut coming = BTreeSet::new();
        let live = |name: &Name| actual.tables.contains_key(name);
        let moves_on = |name: &Name| self.tables.iter().any(|(new, old)| !live(new) && old.contains(name));
        for (name, old) in &self.tables {
            if old.iter().any(live) && (!live(name) || moves_on(name)) {
                coming.insert(name.name.clone());
            }
        }
        for ((wanted, column), old) in &self.columns {
            let Some(table) = self.table(actual, wanted) else { continue };
            let there = |name: &str| table.column(name).is_some();
            let others = self.columns.iter().filter(|((other, _), _)| other == wanted);
            let moves_on = || others.into_iter().any(|((_, new), old)| !there(new) && old.contains(column));
            if old.iter().any(|old| there(old)) && (!there(column) || moves_on()) {
                coming.insert(column.clone());
            }
        }
        coming
    }

    /// The live table, under its name or an earlier one.
    fn table<'a>(&self, actual: &'a Catalog, name: &Name) -> Option<&'a Table> {
        let old = || self.tables.get(name)?.iter().find_map(|old| actual.tables.get(old));
        actual.tables.get(name).or_else(old)
    }

    /// The live column, under its name or an earlier one.
    fn column<'a>(&self, live: &'a Table, table: &Name, column: &str) -> Option<&'a Column> {
        let old = || self.columns.get(&(table.clone(), column.to_owned()))?.iter().find_map(|old| live.column(old));
        live.column(column).or_else(old)
    }
}

/// What an index is compared by, as one text.
fn index_text(index: &Index) -> String {
    format!("{:?} {:?} {:?}", index.parts, index.predicate, index.method)
}

/// Whether the server could word it in another way.
fn has_expression(index: &Index) -> bool {
    index.predicate.is_some() || index.parts.iter().any(|part| matches!(part.on, IndexOn::Expression(_)))
}

/// Takes over the words that are known from last time, and says what has to be asked.
pub(crate) fn prepare(
    dialect: &Postgres,
    earlier: &Earlier,
    lowered: &mut Lowered,
    actual: &Catalog,
    base: &Catalog,
    flux: &Flux,
    safe: bool,
) -> Vec<Probe> {
    let mut probes = Vec::new();
    let moved = earlier.moved(dialect, lowered, actual, base);
    for (name, desired) in &mut lowered.catalog.tables {
        let before = moved.get(name).unwrap_or(name);
        let Some(live) = earlier.table(actual, before) else { continue };
        if lowered.errors.contains_key(name) || live.opaque.is_some() {
            continue;
        }
        if let Some(base) = base.tables.get(before) {
            recall(desired, base);
        }
        if !is_open(earlier, desired, live) || lacks_extension(dialect, desired) {
            continue;
        }
        let temporary = format!("{TEMPORARY_PREFIX}{}", probes.len());
        let mut asked =
            stand_in(earlier, desired, live, earlier.table(base, before), &temporary, safe.then_some(dialect));
        flux.stand_in(&mut asked);
        let statements = render::temporary(dialect, &temporary, &asked);
        probes.push(Probe { name: name.clone(), view: None, temporary, statements });
    }
    let coming = earlier.coming(actual);
    for (name, desired) in &mut lowered.catalog.views {
        let renamed;
        let live = match actual.views.get(name) {
            Some(live) => live,
            None => {
                renamed = earlier.view(dialect, actual, name);
                let Some(live) = &renamed else { continue };
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
        if desired.sql == live.sql || desired.written.is_some() {
            continue;
        }
        let known =
            base.views.get(name).filter(|base| base.written.as_ref() == Some(&desired.sql) && base.sql == live.sql);
        if let Some(base) = known {
            let words = base.clone();
            adopt_view(desired, &words);
            adopt_columns(desired, live);
            continue;
        }
        if text::names(&desired.sql).iter().any(|name| coming.contains(name)) {
            continue;
        }
        let temporary = format!("{TEMPORARY_PREFIX}{}", probes.len());
        let statements = vec![format!("CREATE TEMP VIEW {} AS {}", super::text::quote(&temporary), desired.sql)];
        probes.push(Probe { name: name.clone(), view: Some(live.clone()), temporary, statements });
    }
    probes
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

/// The words of last time, where the same was written over the same types.
fn recall(desired: &mut Table, base: &Table) {
    if base.written.is_empty() {
        return;
    }
    let said = |place: &str, text: &str| base.written.get(place).is_some_and(|written| written == text);
    let mut written = Vec::new();
    for column in desired.columns.iter_mut().filter(|column| column.labels.is_empty()) {
        let place = format!("t:{}", column.name);
        if let Some(known) = base.column(&column.name).filter(|_| said(&place, &column.ty)) {
            written.push((place, std::mem::replace(&mut column.ty, known.ty.clone())));
        }
    }
    let same_types =
        desired.columns.iter().all(|column| base.column(&column.name).is_none_or(|known| known.ty == column.ty));
    if same_types {
        for column in &mut desired.columns {
            let Some(known) = base.column(&column.name) else { continue };
            let place = format!("d:{}", column.name);
            if let (Some(default), Some(words)) = (&mut column.default, &known.default)
                && said(&place, default)
            {
                written.push((place, std::mem::replace(default, words.clone())));
            }
            let place = format!("g:{}", column.name);
            if let (Some(generated), Some(words)) = (&mut column.generated, &known.generated)
                && said(&place, &generated.sql)
            {
                written.push((place, std::mem::replace(&mut generated.sql, words.sql.clone())));
            }
        }
        for check in &mut desired.checks {
            let place = format!("c:{}", check.name.as_deref().unwrap_or_default());
            let known = base.checks.iter().find(|known| known.name == check.name);
            if let Some(words) = known.filter(|_| said(&place, &check.sql)) {
                written.push((place, std::mem::replace(&mut check.sql, words.sql.clone())));
                check.columns.clone_from(&words.columns);
            }
        }
        for index in &mut desired.indexes {
            let place = format!("i:{}", index.name);
            let text = index_text(index);
            let known = base.indexes.iter().find(|known| known.name == index.name);
            if let Some(words) = known.filter(|_| said(&place, &text)) {
                index.parts.clone_from(&words.parts);
                index.predicate.clone_from(&words.predicate);
                index.method.clone_from(&words.method);
                written.push((place, text));
            }
        }
    }
    desired.written.extend(written);
}

/// Whether anything that is there in both differs in text and could be the same.
fn is_open(earlier: &Earlier, desired: &Table, live: &Table) -> bool {
    let open = |place: String| !desired.written.contains_key(&place);
    let columns = desired.columns.iter().any(|column| {
        let Some(live) = earlier.column(live, &desired.name, &column.name) else { return false };
        let worded = types::is_worded(&column.ty) || !column.labels.is_empty();
        let native = column.ty != live.ty && !worded && open(format!("t:{}", column.name));
        let default = column.default != live.default
            && column.default.is_some()
            && live.default.is_some()
            && open(format!("d:{}", column.name));
        let generated = match (&column.generated, &live.generated) {
            (Some(a), Some(b)) => a.sql != b.sql && open(format!("g:{}", column.name)),
            _ => false,
        };
        native || default || generated
    });
    let checks = desired.checks.iter().any(|check| {
        !live.checks.iter().any(|live| live.sql == check.sql)
            && !live.checks.is_empty()
            && open(format!("c:{}", check.name.as_deref().unwrap_or_default()))
    });
    let indexes = desired.indexes.iter().filter(|index| has_expression(index)).any(|index| {
        !live.indexes.iter().any(|live| live.same_definition(index))
            && !live.indexes.is_empty()
            && open(format!("i:{}", index.name))
    });
    columns || checks || indexes
}

/// The table as it is made for asking: types as they will be compared, no keys, no options.
///
/// `safe`: of a safe run, which leaves a type as it is where values may be lost.
fn stand_in(
    earlier: &Earlier,
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
        let Some(live) = earlier.column(live, &desired.name, &column.name) else { continue };
        let known = base.and_then(|base| earlier.column(base, &desired.name, &column.name));
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

fn temporary_index(temporary: &str, at: usize, index: &Index) -> String {
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
                let stays = |sql: &&String| survives(sql) || !gone.iter().any(|name| text::mentions(sql, name));
                view.restore = live.restore.iter().filter(stays).cloned().collect();
            }
        }
        return;
    }
    let words = words.tables.values().find(|table| table.name.name == probe.temporary);
    if let (Some(table), Some(words)) = (lowered.catalog.tables.get_mut(&probe.name), words) {
        adopt_table(table, words, &probe.temporary);
    }
}

fn adopt_view(view: &mut View, words: &View) {
    view.written = Some(std::mem::replace(&mut view.sql, words.sql.clone()));
    view.reads.clone_from(&words.reads);
}

/// The columns that it gives and those that it reads, as the server tells.
fn adopt_columns(view: &mut View, words: &View) {
    view.columns.clone_from(&words.columns);
    view.types.clone_from(&words.types);
    view.reads_columns.clone_from(&words.reads_columns);
}

fn adopt_table(table: &mut Table, words: &Table, temporary: &str) {
    let mut written = Vec::new();
    let mut put = |place: String, text: &mut String, words: &str| {
        if text != words {
            written.push((place, std::mem::replace(text, words.to_owned())));
        }
    };
    for (at, column) in table.columns.iter_mut().enumerate() {
        let later = words.column(&waiting_type(at));
        let Some(words) = words.column(&column.name) else { continue };
        if !types::is_worded(&column.ty) && column.labels.is_empty() {
            put(format!("t:{}", column.name), &mut column.ty, &later.unwrap_or(words).ty);
        }
        if let (Some(default), Some(words)) = (&mut column.default, &words.default) {
            put(format!("d:{}", column.name), default, words);
        }
        if let (Some(generated), Some(words)) = (&mut column.generated, &words.generated) {
            put(format!("g:{}", column.name), &mut generated.sql, &words.sql);
        }
    }
    for (at, check) in table.checks.iter_mut().enumerate() {
        let name = format!("c{at}");
        if let Some(words) = words.checks.iter().find(|words| words.name.as_ref() == Some(&name)) {
            put(format!("c:{}", check.name.as_deref().unwrap_or_default()), &mut check.sql, &words.sql);
            check.columns.clone_from(&words.columns);
        }
    }
    for (at, index) in table.indexes.iter_mut().filter(|index| has_expression(index)).enumerate() {
        let name = temporary_index(temporary, at, index);
        let Some(words) = words.indexes.iter().find(|words| words.name == name) else { continue };
        let text = index_text(index);
        index.parts.clone_from(&words.parts);
        index.predicate.clone_from(&words.predicate);
        index.method.clone_from(&words.method);
        if index_text(index) != text {
            written.push((format!("i:{}", index.name), text));
        }
    }
    table.written.extend(written);
}
