//! The names of what we manage (rule M3).

use super::IndexKind;
use sha2::{Digest, Sha256};

/// What the names of managed indexes and constraints begin with.
pub const MANAGED_PREFIX: &str = "schemasync__";

/// What the names of temporary objects begin with: recognised and cleaned up after a crash (rule S8).
pub const TEMPORARY_PREFIX: &str = "__schemasync_tmp_";

/// What the names of indexes begin with that are built online and have not taken the old one's place yet. They are managed ones that no
/// model asks for: a run that finds one drops it.
pub const ONLINE_PREFIX: &str = "schemasync__online__";

/// Whether an index or a constraint of that name is ours (rule M1).
pub fn is_managed_name(name: &str) -> bool {
    name.get(..MANAGED_PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(MANAGED_PREFIX))
}

/// `schemasync__{table}__{name}`, with the kind before the table for all but plain indexes.
pub fn index_name(kind: &IndexKind, table: &str, name: &str, limit: usize) -> String {
    let kind = match kind {
        IndexKind::Plain => "",
        IndexKind::Unique => "unique__",
        IndexKind::Fulltext => "fulltext__",
        IndexKind::Geo => "geo__",
        IndexKind::Vector(_) => "vector__",
    };
    fit_identifier(&format!("{MANAGED_PREFIX}{kind}{table}__{name}"), limit)
}

/// `schemasync__fk__{table}__{columns}`
pub fn foreign_key_name(table: &str, columns: &[String], limit: usize) -> String {
    fit_identifier(&format!("{MANAGED_PREFIX}fk__{table}__{}", columns.join("_")), limit)
}

/// `schemasync__check__{table}__{name}`
pub fn check_name(table: &str, name: &str, limit: usize) -> String {
    fit_identifier(&format!("{MANAGED_PREFIX}check__{table}__{name}"), limit)
}

/// The name itself where it fits into `limit` bytes; else cut at a character and ended by `_` and the first 8 hex digits of the
/// SHA-256 of the full name.
pub fn fit_identifier(name: &str, limit: usize) -> String {
    if name.len() <= limit {
        return name.to_owned();
    }
    let digest = Sha256::digest(name.as_bytes());
    let hash: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    let mut end = limit.saturating_sub(hash.len() + 1);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}_{hash}", &name[..end])
}
