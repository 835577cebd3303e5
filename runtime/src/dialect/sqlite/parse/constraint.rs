//! Constraints, of a column and of a table.

use super::cursor::{Cursor, Unread, split_commas, text_of};
use super::token::{Kind, Token, tokenize};
use crate::descriptor::{ReferentialAction, SortOrder};

/// One part of a key, a unique constraint or an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IndexedColumn {
    /// A name, or the text of an expression.
    pub(crate) on: String,
    /// `on` is the text of an expression.
    pub(crate) expression: bool,
    pub(crate) collate: Option<String>,
    pub(crate) order: SortOrder,
}

impl IndexedColumn {
    pub(crate) fn of_column(name: &str) -> Self {
        Self { on: name.to_owned(), expression: false, collate: None, order: SortOrder::Asc }
    }
}

/// A unique constraint.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ParsedUnique {
    pub(crate) name: Option<String>,
    pub(crate) columns: Vec<IndexedColumn>,
    /// `REPLACE`
    pub(crate) conflict: Option<String>,
}

/// A foreign key, as written: target columns may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ParsedForeignKey {
    pub(crate) name: Option<String>,
    pub(crate) columns: Vec<String>,
    pub(crate) target: String,
    pub(crate) target_columns: Vec<String>,
    pub(crate) on_delete: ReferentialAction,
    pub(crate) on_update: ReferentialAction,
    pub(crate) matching: Option<String>,
    /// `DEFERRABLE INITIALLY DEFERRED`
    pub(crate) deferrable: Option<String>,
}

/// `ON CONFLICT x`
pub(crate) fn conflict(cursor: &mut Cursor<'_, '_>) -> Result<Option<String>, Unread> {
    if !cursor.eat(&["ON", "CONFLICT"]) {
        return Ok(None);
    }
    Ok(Some(cursor.name()?.to_ascii_uppercase()))
}

/// `(a COLLATE x DESC, lower(b))`
pub(crate) fn indexed_columns(cursor: &mut Cursor<'_, '_>) -> Result<Vec<IndexedColumn>, Unread> {
    let sql = cursor.sql;
    split_commas(cursor.parenthesized_tokens()?).into_iter().map(|part| indexed_column(sql, part)).collect()
}

fn indexed_column(sql: &str, mut tokens: &[Token<'_>]) -> Result<IndexedColumn, Unread> {
    let mut order = SortOrder::Asc;
    let mut collate = None;
    // `AUTOINCREMENT` may stand after the last column of a table's primary key.
    if let [rest @ .., last] = tokens
        && !rest.is_empty()
        && last.is("AUTOINCREMENT")
    {
        tokens = rest;
    }
    if let [rest @ .., last] = tokens
        && !rest.is_empty()
        && (last.is("ASC") || last.is("DESC"))
    {
        order = if last.is("DESC") { SortOrder::Desc } else { SortOrder::Asc };
        tokens = rest;
    }
    while let [rest @ .., word, name] = tokens
        && !rest.is_empty()
        && word.is("COLLATE")
        && name.is_name()
    {
        collate.get_or_insert_with(|| name.unquoted().to_ascii_uppercase());
        tokens = rest;
    }
    match tokens {
        [] => Err("an indexed column is expected".to_owned()),
        [name] if name.is_name() && !(name.kind == Kind::Word && is_value_word(name)) => {
            Ok(IndexedColumn { on: name.unquoted().into_owned(), expression: false, collate, order })
        }
        _ => Ok(IndexedColumn { on: text_of(sql, tokens).to_owned(), expression: true, collate, order }),
    }
}

fn is_value_word(token: &Token<'_>) -> bool {
    token.is("NULL") || token.is("CURRENT_TIMESTAMP") || token.is("CURRENT_DATE") || token.is("CURRENT_TIME")
}

/// From the referenced table on.
pub(crate) fn references(cursor: &mut Cursor<'_, '_>) -> Result<ParsedForeignKey, Unread> {
    let mut key = ParsedForeignKey { target: cursor.name()?, ..ParsedForeignKey::default() };
    if cursor.peek().is_some_and(|token| token.is_operator("(")) {
        key.target_columns = cursor.names_in_parentheses()?;
    }
    loop {
        if cursor.eat(&["ON", "DELETE"]) {
            key.on_delete = action(cursor)?;
        } else if cursor.eat(&["ON", "UPDATE"]) {
            key.on_update = action(cursor)?;
        } else if cursor.eat(&["ON", "INSERT"]) {
            action(cursor)?;
        } else if cursor.eat(&["MATCH"]) {
            key.matching = Some(cursor.name()?);
        } else {
            return Ok(key);
        }
    }
}

fn action(cursor: &mut Cursor<'_, '_>) -> Result<ReferentialAction, Unread> {
    for (words, action) in [
        (&["SET", "NULL"][..], ReferentialAction::SetNull),
        (&["SET", "DEFAULT"], ReferentialAction::SetDefault),
        (&["CASCADE"], ReferentialAction::Cascade),
        (&["RESTRICT"], ReferentialAction::Restrict),
        (&["NO", "ACTION"], ReferentialAction::NoAction),
    ] {
        if cursor.eat(words) {
            return Ok(action);
        }
    }
    Err(cursor.unread("a referential action"))
}

/// `[NOT] DEFERRABLE [INITIALLY x]`; `None`: it does not stand there.
pub(crate) fn deferrable(cursor: &mut Cursor<'_, '_>) -> Option<String> {
    let mut text = if cursor.eat(&["NOT", "DEFERRABLE"]) {
        "NOT DEFERRABLE".to_owned()
    } else if cursor.eat(&["DEFERRABLE"]) {
        "DEFERRABLE".to_owned()
    } else {
        return None;
    };
    for when in ["DEFERRED", "IMMEDIATE"] {
        if cursor.eat(&["INITIALLY", when]) {
            text.push_str(" INITIALLY ");
            text.push_str(when);
        }
    }
    Some(text)
}

/// A table-level unique constraint by its text: `CONSTRAINT x UNIQUE (a) ON CONFLICT y`.
pub(crate) fn parse_unique(sql: &str) -> Option<ParsedUnique> {
    let tokens = tokenize(sql);
    let mut cursor = Cursor::new(sql, &tokens);
    let mut unique = ParsedUnique::default();
    if cursor.eat(&["CONSTRAINT"]) {
        unique.name = Some(cursor.name().ok()?);
    }
    if !cursor.eat(&["UNIQUE"]) {
        return None;
    }
    unique.columns = indexed_columns(&mut cursor).ok()?;
    unique.conflict = conflict(&mut cursor).ok()?;
    Some(unique)
}

/// One part of an index as a model gives it.
pub(crate) fn parse_indexed_column(sql: &str) -> IndexedColumn {
    indexed_column(sql, &tokenize(sql)).unwrap_or_else(|_| IndexedColumn {
        on: sql.to_owned(),
        expression: true,
        collate: None,
        order: SortOrder::Asc,
    })
}

/// The name, where the text is nothing else.
pub(crate) fn unquoted_name(sql: &str) -> Option<String> {
    match tokenize(sql).as_slice() {
        [token] if token.is_name() && token.kind != Kind::Text => Some(token.unquoted().into_owned()),
        _ => None,
    }
}
