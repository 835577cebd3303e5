//! Names that the server gave: they follow their table and column.

use crate::change::{Change, ColumnProperty};
use crate::dialect::Dialect;
use crate::diff::column::AlteredColumn;
use crate::diff::table::TableDiff;

/// What is still named as the server named it after the old names gets the name that a new table would have. A name that somebody
/// chose stays. In the order of the renames: the name of one may be that of the next.
pub(super) fn follow(dialect: &dyn Dialect, diff: &TableDiff) -> Vec<Change> {
    let Some(live_table) = diff.live.as_ref().filter(|_| diff.renames()) else { return Vec::new() };
    let table = &diff.name;
    let before = diff.renamed_from.as_ref().unwrap_or(table);
    // The new name, if the live one is the server's own.
    let renamed = |live: Option<&String>, old: Option<&str>, new: Option<&str>| {
        let from = live.filter(|live| dialect.server_generated_name(&before.name, old).as_ref() == Some(live))?;
        let to = dialect.server_generated_name(&table.name, new)?;
        (*from != to).then(|| (from.clone(), to))
    };
    let mut changes = Vec::new();
    // One that changes goes, and the server names the new one.
    let key = live_table.primary_key.as_ref().filter(|_| !diff.primary_key.changed);
    if let Some((from, to)) = key.and_then(|key| renamed(key.name.as_ref(), None, None)) {
        changes.push(Change::RenamePrimaryKey { table: table.clone(), from, to });
    }
    let moved = |name: &str| diff.column_renames.iter().position(|(_, to)| to == name);
    let mut columns: Vec<_> = live_table.columns.iter().map(|column| (moved(&column.name), column)).collect();
    columns.sort_by_key(|(at, _)| at.unwrap_or(usize::MAX));
    for (at, column) in columns {
        let old = at.map_or(&column.name, |at| &diff.column_renames[at].0);
        // How it counts is changed under the name that it has.
        let counts_otherwise = |altered: &AlteredColumn| {
            altered.to.name == column.name
                && (altered.changes(ColumnProperty::Type) || altered.changes(ColumnProperty::Identity))
        };
        if diff.altered.iter().any(counts_otherwise) {
            continue;
        }
        let sequence = column.identity.as_ref().and_then(|identity| identity.sequence.as_ref());
        if let Some((from, to)) = renamed(sequence, Some(old), Some(&column.name)) {
            changes.push(Change::RenameSequence { table: table.clone(), from, to });
        }
    }
    changes
}
