//! Indexes.

use super::RaiseNative;
use super::constraint::{free_name, strip};
use crate::catalog::{self, IdentifierLimit, MANAGED_PREFIX, index_name, is_managed_name};
use crate::model::{Index, IndexKind, IndexOn, IndexPart, short_hash};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn indexes(database: &dyn RaiseNative, table: &catalog::Table, notes: &mut Vec<String>) -> Vec<Index> {
    let mut taken: BTreeMap<&'static str, BTreeSet<String>> = BTreeMap::new();
    let mut indexes = Vec::with_capacity(table.indexes.len());
    for live in &table.indexes {
        if let Some(mut index) = index(database, table, live, notes) {
            let kind = match index.kind {
                IndexKind::Plain => "plain",
                IndexKind::Unique => "unique",
                IndexKind::Fulltext => "fulltext",
                IndexKind::Geo => "geo",
                IndexKind::Vector(_) => "vector",
            };
            index.name = free_name(taken.entry(kind).or_default(), index.name, database.case_tells_apart());
            indexes.push(index);
        }
    }
    indexes
}

fn index(
    database: &dyn RaiseNative,
    table: &catalog::Table,
    live: &catalog::Index,
    notes: &mut Vec<String>,
) -> Option<Index> {
    let at = format!("{}, index {}", table.name, live.name);
    let unreadable = live.parts.iter().any(|part| match &part.on {
        catalog::IndexOn::Expression(sql) => strip(sql, "create ").is_some(),
        catalog::IndexOn::Column(_) => false,
    });
    if live.invalid || unreadable {
        notes.push(format!("{at}: left out: it is not valid, or its definition is not understood"));
        return None;
    }
    // Without what a model cannot say it would be another index: its twin would be made.
    let own_method = matches!(live.kind, IndexKind::Fulltext | IndexKind::Geo | IndexKind::Vector(_));
    if let Some(method) = live.method.as_ref().filter(|_| !own_method) {
        notes.push(format!("{at}: left out: the method {method} is not part of a schema"));
        return None;
    }
    let parts = live.parts.iter().map(|part| index_part(database, part, &live.kind));
    let fulltext = (live.kind == IndexKind::Fulltext).then(|| database.fulltext(live)).flatten();
    let (fulltext, language) = fulltext.map_or((None, None), |(parts, language)| (Some(parts), language));
    let parts: Vec<IndexPart> = match parts.collect::<Result<_, String>>() {
        Ok(parts) => fulltext.unwrap_or(parts),
        Err(what) => {
            notes.push(format!("{at}: left out: {what} of a part is not part of a schema"));
            return None;
        }
    };
    Some(Index {
        name: name(database, table, live, &parts, &at, notes),
        kind: live.kind.clone(),
        nulls_not_distinct: live.nulls_not_distinct,
        predicate: live.predicate.as_ref().map(|sql| sql.text.clone()),
        include: live.include.clone(),
        language,
        filters: live.filters.clone(),
        parts,
    })
}

/// The part; what a model cannot say of it is the error.
fn index_part(database: &dyn RaiseNative, live: &catalog::IndexPart, kind: &IndexKind) -> Result<IndexPart, String> {
    let special = matches!(kind, IndexKind::Fulltext | IndexKind::Geo | IndexKind::Vector(_));
    let weight = match kind {
        IndexKind::Fulltext => live.extra.as_deref().and_then(|extra| extra.parse().ok()),
        _ => None,
    };
    if let Some(extra) = live.extra.as_ref().filter(|extra| !special && !database.implies_part(extra)) {
        return Err(extra.clone());
    }
    let on = match (&live.on, &live.collate) {
        (catalog::IndexOn::Column(name), None) => IndexOn::Column(name.clone()),
        (catalog::IndexOn::Expression(sql), None) => IndexOn::Expression(sql.text.clone()),
        (on, Some(collate)) => match database.collated_part(on, collate) {
            Some(sql) => IndexOn::Expression(sql),
            None => return Err(format!("the collation {collate}")),
        },
    };
    Ok(IndexPart { on, order: live.order, weight })
}

/// The name as a model has it: without our prefix where it is ours, as it is where it is not; the default one for a constraint,
/// whose name is the database's.
fn name(
    database: &dyn RaiseNative,
    table: &catalog::Table,
    live: &catalog::Index,
    parts: &[IndexPart],
    at: &str,
    notes: &mut Vec<String>,
) -> String {
    let default_name = default_name(parts);
    if live.constraint && !is_managed_name(&live.name) {
        return default_name;
    }
    if !is_managed_name(&live.name) {
        return live.name.clone();
    }
    let table = &table.name.name;
    let is_cut = index_name(&live.kind, table, &default_name, database.identifier_limit()) == live.name;
    if is_cut {
        return default_name;
    }
    let prefix = index_name(&live.kind, table, "", IdentifierLimit::NONE);
    match strip(&live.name, &prefix) {
        Some(name) if !name.is_empty() => name.to_owned(),
        _ => {
            notes.push(format!(
                "{at}: its name is not what schemasync would give it: it will be recreated under another"
            ));
            live.name.get(MANAGED_PREFIX.len()..).filter(|name| !name.is_empty()).map_or(default_name, str::to_owned)
        }
    }
}

/// As [`crate::model`]'s builder names an index that nobody named.
fn default_name(parts: &[IndexPart]) -> String {
    let names: Vec<String> = parts
        .iter()
        .map(|part| match &part.on {
            IndexOn::Column(name) => name.clone(),
            IndexOn::Expression(sql) => format!("expr{}", short_hash(sql)),
        })
        .collect();
    names.join("_")
}
