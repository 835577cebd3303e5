//! Views.

use crate::catalog;
use crate::model::View;

/// The view as a query; what says more than a query (column names of its own, options) is left out and told.
pub(super) fn view(live: &catalog::View, notes: &mut Vec<String>) -> Option<View> {
    let at = live.name.to_string();
    notes.extend(
        live.triggers.iter().map(|trigger| format!("{at}: the trigger {} is not part of a schema", trigger.name)),
    );
    let sql = match words(&live.sql).first() {
        Some((_, first)) if first.eq_ignore_ascii_case("create") => {
            let Some(query) = query(&live.sql) else {
                notes.push(format!("{at}: left out: its definition is more than a query"));
                return None;
            };
            query.to_owned()
        }
        _ => live.sql.clone(),
    };
    Some(View {
        name: live.name.name.clone(),
        schema: live.name.schema.clone(),
        renamed: Vec::new(),
        sql: Some(sql),
        query: None,
        materialized: live.materialized,
        columns: live.columns.clone(),
        types: Vec::new(),
    })
}

/// What stands after `CREATE … VIEW name AS`; `None` where there is more than that before the `AS`.
fn query(statement: &str) -> Option<&str> {
    let words = words(statement);
    let (end, _) = words.iter().find(|(_, word)| word.eq_ignore_ascii_case("as"))?;
    let view = words.iter().position(|(_, word)| word.eq_ignore_ascii_case("view"))?;
    let head: Vec<&str> = words
        .iter()
        .skip(view + 1)
        .map(|(_, word)| *word)
        .take_while(|word| !word.eq_ignore_ascii_case("as"))
        .collect();
    let head = match head.as_slice() {
        [a, b, c, rest @ ..]
            if a.eq_ignore_ascii_case("if") && b.eq_ignore_ascii_case("not") && c.eq_ignore_ascii_case("exists") =>
        {
            rest
        }
        head => head,
    };
    let plain = matches!(head, [name] | [_, ".", name] if *name != "(");
    plain.then(|| statement.get(*end..)).flatten().map(|rest| rest.trim().trim_end_matches(';').trim_end())
}

/// The words, quoted names and marks of an SQL text, each with the place where it ends; comments and spaces left out.
fn words(sql: &str) -> Vec<(usize, &str)> {
    let mut words = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let (length, is_word) = if rest.starts_with("--") {
            (rest.find('\n').unwrap_or(rest.len()), false)
        } else if let Some(comment) = rest.strip_prefix("/*") {
            (comment.find("*/").map_or(rest.len(), |at| at + 4), false)
        } else if first.is_whitespace() {
            (first.len_utf8(), false)
        } else if let Some(close) = closing(first) {
            (quoted_length(rest, close), true)
        } else if first.is_alphanumeric() || first == '_' {
            let end = rest.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '$'));
            (end.unwrap_or(rest.len()), true)
        } else {
            (first.len_utf8(), true)
        };
        let at = sql.len() - rest.len();
        if is_word {
            words.push((at + length, &rest[..length]));
        }
        rest = &rest[length..];
    }
    words
}

fn closing(open: char) -> Option<char> {
    match open {
        '"' | '\'' | '`' => Some(open),
        '[' => Some(']'),
        _ => None,
    }
}

/// The bytes up to the closing quote; two of them stand for one.
fn quoted_length(text: &str, close: char) -> usize {
    let mut at = 1;
    while let Some(found) = text[at..].find(close) {
        at += found + 1;
        if !text[at..].starts_with(close) || close == ']' {
            return at;
        }
        at += 1;
    }
    text.len()
}
