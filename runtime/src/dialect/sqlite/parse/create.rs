//! `CREATE INDEX`, `CREATE VIEW`, `CREATE TRIGGER`, `CREATE VIRTUAL TABLE`, as SQLite keeps them.

use super::constraint::{IndexedColumn, indexed_columns};
use super::cursor::{Cursor, Unread, split_commas};
use super::token::{tokenize, trim_statement};
use std::collections::BTreeMap;

/// An index as its SQL says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ParsedIndex {
    pub(crate) unique: bool,
    pub(crate) parts: Vec<IndexedColumn>,
    /// The condition, as written.
    pub(crate) predicate: Option<String>,
}

/// Reads a `CREATE INDEX`.
///
/// # Errors
/// What it does not understand, in words.
pub(crate) fn parse_index(sql: &str) -> Result<ParsedIndex, Unread> {
    let tokens = tokenize(sql);
    let mut cursor = Cursor::new(sql, &tokens);
    if !cursor.eat(&["CREATE"]) {
        return Err(cursor.unread("CREATE"));
    }
    let unique = cursor.eat(&["UNIQUE"]);
    if !cursor.eat(&["INDEX"]) {
        return Err(cursor.unread("INDEX"));
    }
    cursor.eat(&["IF", "NOT", "EXISTS"]);
    cursor.qualified_name()?;
    if !cursor.eat(&["ON"]) {
        return Err(cursor.unread("ON"));
    }
    cursor.name()?;
    let parts = indexed_columns(&mut cursor)?;
    let predicate = if cursor.eat(&["WHERE"]) {
        let start = cursor.peek().map_or(sql.len(), |token| token.start);
        Some(trim_statement(&sql[start..]).to_owned())
    } else {
        None
    };
    Ok(ParsedIndex { unique, parts, predicate })
}

/// The query of a view whose statement is `CREATE VIEW "name" AS …`, exactly as we write it; `None`: it is written otherwise (a
/// list of columns, another spelling of the name), so that only the whole statement makes it again as it is.
pub(crate) fn parse_view_query(sql: &str, prefix: &str) -> Option<String> {
    let query = sql.strip_prefix(prefix)?;
    (trim_statement(query) == query).then(|| query.to_owned())
}

/// What stands after `CREATE VIEW name AS`; `None`: it is no such statement, or names its columns before the `AS`.
pub(crate) fn view_query(sql: &str) -> Option<&str> {
    let tokens = tokenize(sql);
    let mut cursor = Cursor::new(sql, &tokens);
    if !cursor.eat(&["CREATE", "VIEW"]) {
        return None;
    }
    cursor.eat(&["IF", "NOT", "EXISTS"]);
    cursor.qualified_name().ok()?;
    if !cursor.eat(&["AS"]) {
        return None;
    }
    cursor.peek().and_then(|token| sql.get(token.start..))
}

/// A virtual table as its SQL says, where its arguments are columns and options (`name = value`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ParsedVirtualTable {
    /// The first word of each argument that is no option.
    pub(crate) columns: Vec<String>,
    pub(crate) options: BTreeMap<String, String>,
}

/// Reads a `CREATE VIRTUAL TABLE`; `None`: it is none.
pub(crate) fn parse_virtual_table(sql: &str) -> Option<ParsedVirtualTable> {
    let tokens = tokenize(sql);
    let mut cursor = Cursor::new(sql, &tokens);
    if !cursor.eat(&["CREATE", "VIRTUAL", "TABLE"]) {
        return None;
    }
    cursor.eat(&["IF", "NOT", "EXISTS"]);
    cursor.qualified_name().ok()?;
    cursor.eat(&["USING"]).then(|| cursor.name().ok()).flatten()?;
    let mut parsed = ParsedVirtualTable { columns: Vec::new(), options: BTreeMap::new() };
    for part in split_commas(cursor.parenthesized_tokens().ok()?) {
        match part {
            [name, equals, value, ..] if equals.is_operator("=") => {
                parsed.options.insert(name.unquoted().to_ascii_lowercase(), value.unquoted().into_owned());
            }
            [name, ..] => parsed.columns.push(name.unquoted().into_owned()),
            [] => {}
        }
    }
    Some(parsed)
}

/// The module of a `CREATE VIRTUAL TABLE`.
pub(crate) fn virtual_table_module(sql: &str) -> Option<String> {
    let tokens = tokenize(sql);
    let mut cursor = Cursor::new(sql, &tokens);
    if !cursor.eat(&["CREATE", "VIRTUAL", "TABLE"]) {
        return None;
    }
    cursor.eat(&["IF", "NOT", "EXISTS"]);
    cursor.qualified_name().ok()?;
    cursor.eat(&["USING"]).then(|| cursor.name().ok()).flatten()
}
