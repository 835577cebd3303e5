//! Which old table or column a new one is, by the rules (T2, C4) and without schemasync.

use schemasync::{EntryKind, Report, Schema};
use schemasync_tests::random::ELSEWHERE;
use std::collections::BTreeMap;

/// The first model as it has to be read after later runs (rule S6): with what they said they made of its names.
pub(crate) fn older(first: &Schema, since: &[&Report], fold: impl Fn(&str) -> String) -> Schema {
    let mut older = first.clone();
    let full = |schema: Option<&String>, name: &str| match schema {
        Some(schema) => format!("{schema}.{name}"),
        None => name.to_owned(),
    };
    for table in &mut older.tables {
        let mut now = full(table.schema.as_ref(), &table.name);
        let mut columns: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
        for report in since {
            let tables = || report.entries.iter().filter(|entry| entry.object.kind == EntryKind::Table);
            let renamed = tables().find(|entry| entry.renamed_from.as_ref() == Some(&now));
            let Some(entry) = renamed.or_else(|| tables().find(|entry| entry.name() == now)) else { continue };
            now.clone_from(&entry.name());
            for name in &mut columns {
                if let Some(renamed) = entry.columns_renamed.iter().find(|renamed| renamed.from == *name) {
                    name.clone_from(&renamed.to);
                }
            }
        }
        if first.tables.iter().all(|other| fold(&full(other.schema.as_ref(), &other.name)) != fold(&now)) {
            // Its bare name: one that has gone to another schema as well is found there.
            let bare = now.strip_prefix(&format!("{ELSEWHERE}."));
            table.renamed.push(bare.unwrap_or(&now).to_owned());
        }
        let wanted: Vec<String> = table.columns.iter().map(|column| fold(&column.name)).collect();
        for (column, now) in table.columns.iter_mut().zip(columns) {
            if !wanted.contains(&fold(&now)) {
                column.renamed.push(now);
            }
        }
    }
    older
}

/// For each wanted `(name, earlier names)`: the live name that it continues.
pub(crate) fn sources(
    wanted: &[(&str, &[String])],
    live: &[&str],
    fold: impl Fn(&str) -> String,
) -> Vec<Option<String>> {
    let mut present: BTreeMap<String, String> = live.iter().map(|name| (fold(name), (*name).to_owned())).collect();
    let mut arrived: Vec<String> = Vec::new();
    let mut moved = true;
    while moved {
        moved = false;
        for (name, renamed) in wanted {
            if present.contains_key(&fold(name)) {
                continue;
            }
            let mut old: Vec<String> = renamed
                .iter()
                .map(|old| fold(old))
                .filter(|old| present.contains_key(old) && !arrived.contains(old))
                .collect();
            old.sort();
            old.dedup();
            if old.len() > 1 {
                old.retain(|old| {
                    !wanted.iter().any(|(other, renamed)| {
                        fold(other) == *old && !renamed.iter().any(|name| present.contains_key(&fold(name)))
                    })
                });
            }
            if let [only] = old.as_slice()
                && let Some(source) = present.remove(only)
            {
                present.insert(fold(name), source);
                arrived.push(fold(name));
                moved = true;
            }
        }
    }
    wanted.iter().map(|(name, _)| present.get(&fold(name)).cloned()).collect()
}
