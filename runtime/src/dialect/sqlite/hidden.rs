//! The tables that nobody shall see.

use super::inspect::SchemaRow;
use super::{fold, parse};
use crate::catalog::TEMPORARY_PREFIX;
use std::collections::{BTreeMap, BTreeSet};

/// Our own tables.
const STATE_TABLE: &str = "__schemasync_state";
const HISTORY_TABLE: &str = "__schemasync_history";

/// Folded names of what nobody shall see: SQLite's own tables, ours, and the shadows of virtual tables.
pub(crate) fn hidden_tables(rows: &[SchemaRow]) -> BTreeSet<String> {
    let mut virtual_tables = BTreeMap::new();
    for row in rows.iter().filter(|row| row.kind == "table") {
        if let Some(module) = row.sql.as_deref().and_then(parse::virtual_table_module) {
            virtual_tables.insert(fold(&row.name).into_owned(), module.to_ascii_lowercase());
        }
    }
    rows.iter()
        .filter(|row| row.kind == "table")
        .map(|row| fold(&row.name).into_owned())
        .filter(|name| {
            let is_shadow = name.match_indices('_').any(|(at, _)| {
                virtual_tables.get(&name[..at]).is_some_and(|module| is_shadow_suffix(module, &name[at + 1..]))
            });
            name.starts_with("sqlite_")
                || name == STATE_TABLE
                || name == HISTORY_TABLE
                || name.starts_with(TEMPORARY_PREFIX)
                || is_shadow
        })
        .collect()
}

/// Whether a virtual table of that module keeps a table whose name ends so.
fn is_shadow_suffix(module: &str, suffix: &str) -> bool {
    let numbered = |prefix: &str| {
        suffix.strip_prefix(prefix).is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
    };
    match module {
        "fts5" => super::search::FTS5_SHADOWS.contains(&suffix),
        "fts3" | "fts4" => matches!(suffix, "content" | "segments" | "segdir" | "docsize" | "stat"),
        "rtree" | "rtree_i32" | "geopoly" => super::search::RTREE_SHADOWS.contains(&suffix),
        "spellfix1" => suffix == "vocab",
        "vec0" => {
            matches!(suffix, "chunks" | "rowids" | "info" | "auxiliary")
                || numbered("vector_chunks")
                || numbered("metadatachunks")
                || numbered("metadatatext")
        }
        _ => false,
    }
}
