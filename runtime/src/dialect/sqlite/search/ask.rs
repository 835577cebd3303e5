//! How the indexes are searched.

use super::names;
use crate::catalog::{Index, Table};
use crate::dialect::SearchSql;
use crate::dialect::sqlite::normalise::quote;

/// A full-text search: from the index to the rows of the table.
pub(crate) fn fulltext(table: &Table, index: &Index, parameter: u16) -> Option<SearchSql> {
    let tables = index.tables.as_ref()?;
    let (own, name, rowid) = (quote(&table.name.name), quote(&index.name), quote(&tables.rowid));
    let from = if tables.keys.is_empty() {
        format!("{name} JOIN {own} ON {own}.{rowid} = {name}.rowid")
    } else {
        let numbers = quote(&names::part(&index.name, names::KEYS));
        let same = |key: &String| format!("{own}.{} = {numbers}.{}", quote(key), quote(key));
        let same = tables.keys.iter().map(same).collect::<Vec<_>>().join(" AND ");
        format!("{name} JOIN {numbers} ON {numbers}.{rowid} = {name}.rowid JOIN {own} ON {same}")
    };
    Some(SearchSql { from, condition: format!("{name} MATCH ?{parameter}"), order: format!("{name}.rank") })
}

/// Each word as a text of FTS5's own: nothing in it is an operator.
pub(crate) fn words(words: &str) -> String {
    let words = words.split(|c: char| c.is_whitespace() || c == '\0').filter(|word| !word.is_empty());
    let quoted: Vec<String> = words.map(quote).collect();
    // No word finds nothing, and is no error.
    if quoted.is_empty() { quote("") } else { quoted.join(" ") }
}
