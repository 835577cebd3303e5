//! Finds the indexes that are kept in tables of ours again in a database.
//!
//! All of what makes one is put together as [`super::lower`] would write it. Whatever somebody has dropped or changed of it is a
//! difference, so that the index is recreated.

use super::names::{self, KEYS, REPLACED, ROWS, TRIGGERS};
use super::{fulltext, points, rows};
use crate::catalog::{Index, IndexKind, IndexOn, IndexPart, IndexTables};
use crate::descriptor::SortOrder;
use crate::dialect::sqlite::inspect::SchemaRow;
use crate::dialect::sqlite::normalise::{quote, quote_text};
use crate::dialect::sqlite::{fold, parse};
use sqlx::AssertSqlSafe;
use sqlx::sqlite::SqliteConnection;
use std::collections::{BTreeMap, BTreeSet};

/// The indexes of a database that are kept in tables of ours.
#[derive(Debug, Default)]
pub(crate) struct LiveIndexes {
    /// Folded names of all that belongs to them: shown to nobody.
    pub(crate) parts: BTreeSet<String>,
    /// The indexes, by the folded name of their table.
    pub(crate) of_table: BTreeMap<String, Vec<Index>>,
}

impl LiveIndexes {
    /// `ranks`: how the rows of a full-text index are ranked, by its name.
    pub(crate) fn find(rows: &[SchemaRow], ranks: &BTreeMap<String, String>) -> Self {
        let by_name: BTreeMap<(&str, &str), &SchemaRow> =
            rows.iter().map(|row| ((row.kind.as_str(), row.name.as_str()), row)).collect();
        let mut found = Self::default();
        for row in rows.iter().filter(|row| row.kind == "table") {
            let Some(sql) = &row.sql else { continue };
            let module = parse::virtual_table_module(sql).unwrap_or_default();
            let Some(kind) = names::kind(&row.name, &module) else { continue };
            let get = |kind: &str, part: &str| by_name.get(&(kind, names::part(&row.name, part).as_str())).copied();
            let Some((owner, index)) = index(row, sql, kind, ranks.get(&row.name), &get, &by_name) else { continue };
            let parts = [KEYS, ROWS, REPLACED].iter().chain(&TRIGGERS).map(|part| names::part(&row.name, part));
            found.parts.extend(parts.chain([row.name.clone()]).map(|name| fold(&name).into_owned()));
            found.of_table.entry(fold(&owner).into_owned()).or_default().push(index);
        }
        found
    }
}

type Get<'a> = dyn Fn(&str, &str) -> Option<&'a SchemaRow> + 'a;

fn index<'a>(
    row: &SchemaRow,
    sql: &str,
    kind: IndexKind,
    rank: Option<&String>,
    get: &Get<'a>,
    all: &BTreeMap<(&str, &str), &SchemaRow>,
) -> Option<(String, Index)> {
    let virtual_table = parse::parse_virtual_table(sql)?;
    let option = |name: &str| virtual_table.options.get(name).cloned();
    let mut source = option("content").unwrap_or_default();
    let triggers: Vec<&SchemaRow> = TRIGGERS.iter().filter_map(|part| get("trigger", part)).collect();
    let keys = get("table", KEYS);
    // The table that its triggers are on; without any, the one that it reads.
    let read = || keys.is_none().then(|| all.get(&("table", source.as_str())).map(|row| row.name.clone())).flatten();
    let viewed = || get("view", ROWS).and_then(|view| rows::table_of(view.sql.as_deref()?));
    let owner = triggers.first().map(|trigger| trigger.table.clone()).or_else(read).or_else(viewed)?;
    all.get(&("table", owner.as_str()))?;
    let (mut rowid, mut columns) = (option("content_rowid").unwrap_or_default(), virtual_table.columns.clone());
    if kind == IndexKind::Geo {
        // The number, and the sides of the box.
        source = if keys.is_some() { names::part(&row.name, ROWS) } else { owner.clone() };
        rowid = columns.first().cloned().unwrap_or_default();
        columns = columns
            .get(1)
            .and_then(|side| side.strip_suffix(points::SIDES[0]))
            .map(str::to_owned)
            .into_iter()
            .collect();
    }

    let weights = fulltext::weights(rank.map(String::as_str));
    let part = |(at, column): (usize, &String)| IndexPart {
        on: IndexOn::Column(column.clone()),
        order: SortOrder::Asc,
        collate: None,
        extra: weights.get(at).cloned().flatten(),
    };
    let parts = columns.iter().enumerate().map(part).collect();
    let text = |row: &SchemaRow| row.sql.clone();
    let mut create: Vec<String> =
        [get("table", KEYS), get("view", ROWS)].into_iter().flatten().filter_map(text).collect();
    create.push(sql.to_owned());
    create.extend(rank.map(|rank| fulltext::set_rank(&row.name, rank)));
    create.extend(get("table", REPLACED).and_then(text));
    create.extend(triggers.into_iter().filter_map(text));
    let keys = keys.and_then(|keys| rows::keys_of(keys.sql.as_deref()?)).unwrap_or_default();
    let tables = IndexTables { source, keys, rowid, columns, create };
    let tokenizer = option("tokenize").filter(|name| name != fulltext::DEFAULT_TOKENIZER);
    let index = Index {
        name: row.name.clone(),
        kind,
        parts,
        method: tokenizer,
        tables: Some(Box::new(tables)),
        ..Index::default()
    };
    Some((owner, index))
}

/// The query for how the rows of each full-text index of ours are ranked: its name, and the rank.
fn rank_query(rows: &[SchemaRow]) -> Option<String> {
    let is_fulltext = |row: &&SchemaRow| {
        let module = row.sql.as_deref().and_then(parse::virtual_table_module).unwrap_or_default();
        row.kind == "table" && names::kind(&row.name, &module) == Some(IndexKind::Fulltext)
    };
    let there: BTreeSet<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    let parts: Vec<String> = rows
        .iter()
        .filter(is_fulltext)
        .filter(|row| there.contains(format!("{}_config", row.name).as_str()))
        .map(|row| {
            let settings = quote(&format!("{}_config", row.name));
            format!("SELECT {} AS name, v FROM {settings} WHERE k = 'rank'", quote_text(&row.name))
        })
        .collect();
    // A compound query takes 500 parts; each group of them is one.
    let groups: Vec<String> =
        parts.chunks(400).map(|group| format!("SELECT * FROM ({})", group.join(" UNION ALL "))).collect();
    (!groups.is_empty()).then(|| groups.join(" UNION ALL "))
}

/// The indexes that are kept in tables of ours. How their rows are ranked stands in settings of theirs, and costs a query.
pub(crate) async fn read(connection: &mut SqliteConnection, rows: &[SchemaRow]) -> Result<LiveIndexes, sqlx::Error> {
    let ranks: Vec<(String, String)> = match rank_query(rows) {
        Some(sql) => sqlx::query_as(AssertSqlSafe(sql)).persistent(false).fetch_all(connection).await?,
        None => Vec::new(),
    };
    Ok(LiveIndexes::find(rows, &ranks.into_iter().collect()))
}
