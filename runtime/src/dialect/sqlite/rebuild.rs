//! The rebuild of a table (rules X1 to X4), by SQLite's documented procedure: new, copy, drop old, rename new.
//!
//! The session has switched `foreign_keys` off before the transaction, so that the drop touches no other table. The final rename is done
//! with `legacy_alter_table` on: it alone leaves views, triggers and the foreign keys of other tables as they are.

use super::normalise::{quote, quote_text};
use super::statistics::Statistics;
use super::{casts, render};
use crate::catalog::{Column, IndexOn, TEMPORARY_PREFIX, Table};
use crate::change::{CastSafety, CopyColumn, CopySource, Rebuild, Statement};

/// Rows of one batch: large enough that the batches cost nothing, small enough for a progress report now and then.
const BATCH: u32 = 100_000;

/// How many batches there are when the keys lie further apart than [`BATCH`] allows for.
const BATCHES: u32 = 64;

/// The name of a table while it is built.
pub(crate) fn temporary_name(table: &str) -> String {
    format!("{TEMPORARY_PREFIX}{table}")
}

/// The statements of a rebuild.
pub(crate) fn render(rebuild: &Rebuild, statistics: Statistics) -> Vec<Statement> {
    let name = &rebuild.to.name.name;
    let old = quote(&rebuild.from.name.name);
    let mut statements = Vec::new();
    let mut execute = |sql: String| statements.push(Statement::Execute(sql));
    if rebuild.discard_rows {
        execute(format!("DROP TABLE {old}"));
        execute(render::create_table(name, &rebuild.to));
        render::seed(&rebuild.to).into_iter().for_each(&mut execute);
    } else {
        let temporary = quote(&temporary_name(name));
        execute(format!("DROP TABLE IF EXISTS {temporary}"));
        execute(render::create_table(&temporary_name(name), &rebuild.to));
        statements.extend(unconvertible(rebuild));
        statements.push(copy(rebuild));
        if !matches!(statements.last(), Some(Statement::Copy { .. })) {
            statements.push(Statement::AssertEmpty {
                query: format!(
                    "SELECT old, new FROM (SELECT (SELECT count(*) FROM {old}) AS old, (SELECT count(*) FROM {temporary}) AS new) WHERE old <> new"
                ),
                message: format!("not every row of \"{name}\" was copied"),
            });
        }
        statements.extend(high_water(rebuild).into_iter().map(Statement::Execute));
        statements.extend(swap(rebuild, statistics).into_iter().map(Statement::Execute));
    }
    let indexes = rebuild.restore_indexes.iter().filter(|index| !index.constraint);
    let indexes = indexes.filter_map(|index| Some((&index.name, index.sql.as_ref()?)));
    let triggers = rebuild.restore_triggers.iter().map(|trigger| (&trigger.name, &trigger.sql.text));
    statements.extend(indexes.chain(triggers).map(|(name, sql)| Statement::Restore {
        object: rebuild.from.name.clone(),
        part: Some(name.clone()),
        sql: sql.clone(),
    }));
    statements
}

/// The new table takes the place of the old one.
fn swap(rebuild: &Rebuild, statistics: Statistics) -> Vec<String> {
    let (old, name) = (&rebuild.from.name.name, &rebuild.to.name.name);
    let temporary = temporary_name(name);
    let mut statements = statistics.copy(old, &temporary, &rebuild.dropped_indexes, &converted_indexes(rebuild));
    statements.extend([
        format!("DROP TABLE {}", quote(old)),
        "PRAGMA legacy_alter_table = ON".to_owned(),
        format!("ALTER TABLE {} RENAME TO {}", quote(&temporary), quote(name)),
        "PRAGMA legacy_alter_table = OFF".to_owned(),
    ]);
    statements.extend(statistics.rename(&temporary, name, true));
    statements
}

/// Indexes over values that the copy makes of others.
fn converted_indexes(rebuild: &Rebuild) -> Vec<&str> {
    let is_kept = |on: &IndexOn| match on {
        IndexOn::Column(name) => {
            rebuild.copy.iter().any(|column| matches!(&column.source, CopySource::Keep(from) if from == name))
        }
        IndexOn::Expression(_) => false,
    };
    let converted = rebuild.from.indexes.iter().filter(|index| !index.parts.iter().all(|part| is_kept(&part.on)));
    converted.map(|index| index.name.as_str()).collect()
}

/// A value that does not convert stops the rebuild, whoever has counted before.
fn unconvertible(rebuild: &Rebuild) -> impl Iterator<Item = Statement> {
    rebuild.copy.iter().filter_map(|column| {
        let (from, lossy) = match &column.source {
            CopySource::Cast { from, lossy } | CopySource::FillNulls { from, cast: true, lossy } => (from, *lossy),
            _ => return None,
        };
        if lossy || casts::cast(from, &column.to) == CastSafety::Safe {
            return None;
        }
        let value = quote(&from.name);
        let converts = casts::conversion(&value, from, &column.to).converts;
        Some(Statement::AssertEmpty {
            query: format!(
                "SELECT {value} FROM {} WHERE {value} IS NOT NULL AND NOT coalesce({converts}, 0) LIMIT 1",
                quote(&rebuild.from.name.name)
            ),
            message: format!("a value of \"{}\" cannot be converted to {}", from.name, column.to.ty),
        })
    })
}

fn copy(rebuild: &Rebuild) -> Statement {
    let mut targets = Vec::new();
    let mut values = Vec::new();
    for column in &rebuild.copy {
        if let Some(value) = value(column) {
            targets.push(quote(&column.to.name));
            values.push(value);
        }
    }
    let from_rowid = rowid_name(&rebuild.from);
    let key = render::rowid_column(&rebuild.to);
    let key_is_copied = key.is_some_and(|key| targets.contains(&quote(key)));
    // Rowids are kept: full-text indexes and applications refer to them.
    if let (Some(from), Some(to)) = (from_rowid, rowid_name(&rebuild.to))
        && !key_is_copied
    {
        targets.insert(0, to.to_owned());
        values.insert(0, from.to_owned());
    }
    let old = quote(&rebuild.from.name.name);
    let temporary = quote(&temporary_name(&rebuild.to.name.name));
    if targets.is_empty() {
        // No column and no rowid is taken over: the rows are, with their defaults.
        match rebuild.copy.first() {
            Some(column) => {
                targets.push(quote(&column.to.name));
                values.push(fallback(&column.to));
            }
            None => return Statement::Execute(format!("INSERT INTO {temporary} SELECT * FROM {temporary} WHERE 0")),
        }
    }
    // `OR ABORT`: a foreign `ON CONFLICT REPLACE` in the table shall not drop rows in silence.
    let insert =
        format!("INSERT OR ABORT INTO {temporary} ({}) SELECT {} FROM {old}", targets.join(", "), values.join(", "));
    match from_rowid {
        Some(rowid) => Statement::Copy {
            insert: format!("{insert} WHERE {rowid} > {{after}} AND {rowid} <= {{last}}"),
            next: next(rowid, &old),
            rows: format!("SELECT count(*) FROM {old}"),
            table: rebuild.to.name.name.clone(),
        },
        None => Statement::Execute(insert),
    }
}

/// The end of the batch that begins with the first key after `{after}`: found by three looks into the tree, whatever the number of rows.
/// Far-flung keys make larger steps, so that there are never many more than [`BATCHES`] batches for nothing.
pub(crate) fn next(rowid: &str, table: &str) -> String {
    let key = |which: &str| format!("(SELECT {which}({rowid}) FROM {table})");
    format!(
        "SELECT CASE WHEN first > 9223372036854775807 - step THEN 9223372036854775807 ELSE first + step END FROM (SELECT (SELECT min({rowid}) FROM {table} WHERE {rowid} > {{after}}) AS first, max({BATCH}, {} / {BATCHES} - {} / {BATCHES}) AS step) WHERE first IS NOT NULL",
        key("max"),
        key("min")
    )
}

/// The expression that gives a copied column its values; `None`: SQLite fills in the default.
pub(crate) fn value(column: &CopyColumn) -> Option<String> {
    let converted = |from: &Column, lossy: bool| {
        let value = quote(&from.name);
        let conversion = casts::conversion(&value, from, &column.to);
        let nearest = match conversion.nearest.filter(|_| lossy) {
            Some((is_there, nearest)) => format!(" WHEN {is_there} THEN {nearest}"),
            None => String::new(),
        };
        let fallback = if lossy { fallback(&column.to) } else { value.clone() };
        // One look at what a value is decides for nearly all of them.
        format!(
            "CASE typeof({value}) WHEN 'null' THEN NULL{} ELSE CASE WHEN {} THEN {}{nearest} ELSE {fallback} END END",
            conversion.always, conversion.converts, conversion.value
        )
    };
    match &column.source {
        CopySource::Keep(name) => Some(quote(name)),
        CopySource::Cast { from, lossy } => Some(converted(from, *lossy)),
        CopySource::FillNulls { from, cast, lossy } => {
            let name = quote(&from.name);
            let value = if *cast { converted(from, *lossy) } else { name.clone() };
            Some(format!("CASE WHEN {name} IS NULL THEN {} ELSE {value} END", fallback(&column.to)))
        }
        CopySource::Default => None,
    }
}

pub(crate) fn fallback(column: &Column) -> String {
    column.default.as_deref().map_or_else(|| "NULL".to_owned(), render::default_expression)
}

/// A name by which the rowid of that table can be read, where it has one that no column hides.
pub(crate) fn rowid_name(table: &Table) -> Option<&'static str> {
    if table.options.contains_key("without_rowid") {
        return None;
    }
    ["rowid", "_rowid_", "oid"]
        .into_iter()
        .find(|name| !table.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name)))
}

/// AUTOINCREMENT never gives a value twice: what it has reached is more than the highest row that is left.
fn high_water(rebuild: &Rebuild) -> Vec<String> {
    let identity = |table: &Table| table.columns.iter().find_map(|column| column.identity.clone());
    let Some(desired) = identity(&rebuild.to) else { return Vec::new() };
    let temporary = quote_text(&temporary_name(&rebuild.to.name.name));
    let mut reached = Vec::new();
    if identity(&rebuild.from).is_some() {
        let old = quote_text(&rebuild.from.name.name);
        reached.push(format!("(SELECT max(seq) FROM sqlite_sequence WHERE name = {old})"));
    } else if desired.start > 1 {
        reached.push((desired.start - 1).to_string());
    }
    let Some(reached) = reached.pop() else { return Vec::new() };
    vec![
        format!(
            "INSERT INTO sqlite_sequence (name, seq) SELECT {temporary}, 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = {temporary})"
        ),
        format!("UPDATE sqlite_sequence SET seq = max(seq, coalesce({reached}, 0)) WHERE name = {temporary}"),
    ]
}
