//! What an expression reads, told from its tokens: of what the model writes, and of what the server prints where its catalog does not
//! tell ([`fill`]).

mod keywords;

use super::Postgres;
use super::text::{Kind, RESERVED, Token, tokenize};
use crate::catalog::{Name, Reads, Table};
use crate::dialect::sql::sources::{Piece, sources};
use keywords::{NOT_VOLATILE, SERVER_TYPES};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// What the expression over the columns of that table reads; without a table: the query of a view.
pub(crate) fn read(dialect: &Postgres, table: Option<&Table>, sql: &str) -> Reads {
    let tokens = tokenize(sql);
    let types = types(&tokens);
    let mut reads = Reads {
        types: types.iter().filter_map(|ty| type_name(dialect, ty)).collect::<BTreeSet<_>>().into_iter().collect(),
        literals: literals(&tokens).into_iter().collect(),
        functions: functions(&tokens, &types).into_iter().collect(),
        ..Reads::default()
    };
    reads.volatile = reads.functions.iter().any(|name| !NOT_VOLATILE.contains(&name.as_str()));
    match table {
        Some(table) => {
            let named = columns(&tokens, &types);
            let read = table.columns.iter().map(|column| &column.name).filter(|name| named.contains(name.as_str()));
            reads.columns = read.cloned().collect::<BTreeSet<_>>().into_iter().collect();
        }
        None => {
            let found = sources(&pieces(&tokens));
            let names = found.into_iter().map(|source| dialect.full_name(source.schema.as_deref(), &source.name));
            reads.relations = names.collect::<BTreeSet<_>>().into_iter().collect();
        }
    }
    reads
}

/// Fills in what the expressions of a live table read. Those that the server tells the columns of have them already, of an index all
/// together: what only looks like one, a keyword, is none.
pub(crate) fn fill(dialect: &Postgres, table: &mut Table) {
    let mut told = Vec::new();
    table.each_expression(&mut |expression| told.push(expression.reads.columns.clone()));
    table.read_expressions(|table, sql| read(dialect, Some(table), sql));
    let mut told = told.into_iter();
    table.rewrite_expressions(&mut |expression| {
        let told = told.next().filter(|told| !told.is_empty());
        let Some(told) = told else { return };
        let columns = &mut expression.reads.columns;
        columns.retain(|column| told.contains(column));
        if columns.is_empty() {
            *columns = told;
        }
    });
}

/// The names in a statement that can be columns.
pub(crate) fn names(sql: &str) -> BTreeSet<String> {
    let tokens = tokenize(sql);
    columns(&tokens, &types(&tokens))
}

/// The types that an expression names.
pub(crate) fn types_named(dialect: &Postgres, sql: &str) -> Vec<Name> {
    let names: BTreeSet<Name> = types(&tokenize(sql)).iter().filter_map(|ty| type_name(dialect, ty)).collect();
    names.into_iter().collect()
}

/// A type as it is written, and its tokens.
#[derive(Debug)]
struct WrittenType {
    schema: Option<String>,
    name: String,
    /// One word of the server's own: `"text"` in quotes may be another.
    quoted: bool,
    start: usize,
    end: usize,
}

/// The name of the type, unless it is plainly one of the server's own.
fn type_name(dialect: &Postgres, ty: &WrittenType) -> Option<Name> {
    let own = ty.schema.as_deref() == Some("pg_catalog")
        || ty.schema.is_none()
            && !ty.quoted
            && (SERVER_TYPES.contains(&ty.name.as_str()) || dialect.built_in.contains(&ty.name));
    (!own).then(|| dialect.full_name(ty.schema.as_deref(), &ty.name))
}

/// Where types are written: behind `::`, behind `AS` of a `CAST`, and before a string.
fn types(tokens: &[Token<'_>]) -> Vec<WrittenType> {
    let mut found: Vec<WrittenType> = Vec::new();
    for at in 0..tokens.len() {
        if found.last().is_some_and(|last| at < last.end) {
            continue;
        }
        let before = |back: usize| at.checked_sub(back).and_then(|at| tokens.get(at)).map_or("", |token| token.text);
        let casts =
            before(1) == ":" && before(2) == ":" || before(1).eq_ignore_ascii_case("as") && is_in_cast(tokens, at);
        let Some(ty) = type_at(tokens, at) else { continue };
        let literal =
            || tokens.get(ty.end).is_some_and(is_plain_string) && !is_operator_word(&tokens[at]) && before(1) != ".";
        if casts || literal() {
            found.push(ty);
        }
    }
    found
}

fn is_plain_string(token: &Token<'_>) -> bool {
    token.text.starts_with('\'')
}

/// Words that stand before a string and are no type: `LIKE 'x'`, `E'x'`.
fn is_operator_word(token: &Token<'_>) -> bool {
    const KEYWORDS: [&str; 23] = [
        "like",
        "ilike",
        "similar",
        "to",
        "escape",
        "and",
        "or",
        "not",
        "in",
        "is",
        "then",
        "else",
        "when",
        "case",
        "between",
        "from",
        "zone",
        "e",
        "b",
        "x",
        "n",
        "symmetric",
        "uescape",
    ];
    token.kind == Kind::Word && KEYWORDS.contains(&token.text.to_ascii_lowercase().as_str())
}

/// Whether the parenthesis that is open there is that of a `CAST`.
fn is_in_cast(tokens: &[Token<'_>], at: usize) -> bool {
    let mut depth = 0_i32;
    for before in (0..at).rev() {
        match tokens[before].text {
            ")" => depth += 1,
            "(" if depth == 0 => {
                let call = before.checked_sub(1).map(|at| tokens[at].text);
                return call.is_some_and(|call| call.eq_ignore_ascii_case("cast"));
            }
            "(" => depth -= 1,
            _ => {}
        }
    }
    false
}

/// The type whose name begins there: `app."Mood"`, `timestamp(3) without time zone`.
fn type_at(tokens: &[Token<'_>], start: usize) -> Option<WrittenType> {
    let mut names = vec![word(tokens.get(start)?)?];
    let mut at = start + 1;
    while tokens.get(at).is_some_and(|dot| dot.text == ".") {
        names.push(word(tokens.get(at + 1)?)?);
        at += 2;
    }
    let name = names.pop()?;
    let is = |at: usize, what: &str| tokens.get(at).is_some_and(|token| token.text.eq_ignore_ascii_case(what));
    match name.as_str() {
        "double" if is(at, "precision") => at += 1,
        "character" | "char" | "national" | "nchar" | "bit" => {
            while is(at, "varying") || is(at, "character") || is(at, "char") {
                at += 1;
            }
        }
        "time" | "timestamp" => {
            if is(at, "(") && is(at + 2, ")") {
                at += 3;
            }
            if (is(at, "with") || is(at, "without")) && is(at + 1, "time") && is(at + 2, "zone") {
                at += 3;
            }
        }
        "interval" => {
            const FIELDS: [&str; 7] = ["year", "month", "day", "hour", "minute", "second", "to"];
            while FIELDS.iter().any(|field| is(at, field)) {
                at += 1;
            }
        }
        _ => {}
    }
    let quoted = tokens[start].kind == Kind::Quoted;
    Some(WrittenType { schema: names.pop(), name, quoted, start, end: at })
}

/// A word as a name, reserved or not.
fn word(token: &Token<'_>) -> Option<String> {
    match token.kind {
        Kind::Word => Some(token.text.to_lowercase()),
        Kind::Quoted => token.name(),
        Kind::Other => None,
    }
}

/// The names that can be columns.
fn columns(tokens: &[Token<'_>], types: &[WrittenType]) -> BTreeSet<String> {
    let is = |at: usize, what: &str| tokens.get(at).is_some_and(|token| token.text.eq_ignore_ascii_case(what));
    let is_before = |at: usize, back: usize, what: &str| at.checked_sub(back).is_some_and(|at| is(at, what));
    let mut found = BTreeSet::new();
    for (at, token) in tokens.iter().enumerate() {
        let Some(name) = word(token) else { continue };
        if token.kind == Kind::Word && RESERVED.contains(&name.as_str()) {
            continue;
        }
        let is_type = types.iter().any(|ty| (ty.start..ty.end).contains(&at));
        // `f(…)`, `t.c`, `(c).field`, `COLLATE "C"`.
        let qualifies = is(at + 1, "(") || is(at + 1, ".");
        let is_field = is_before(at, 1, ".") && is_before(at, 2, ")");
        let extracted = is_before(at, 1, "(") && is_before(at, 2, "extract") && is(at + 1, "from");
        let zone = name == "time" && is_before(at, 1, "at") && is(at + 1, "zone")
            || name == "zone" && is_before(at, 1, "time") && is_before(at, 2, "at")
            || name == "at" && is(at + 1, "time") && is(at + 2, "zone")
            || name == "local" && is_before(at, 1, "at");
        let tested = (is_before(at, 1, "is") || is_before(at, 1, "not") && is_before(at, 2, "is"))
            && ["unknown", "document", "json", "normalized"].contains(&name.as_str());
        let literal = token.kind == Kind::Word && tokens.get(at + 1).is_some_and(is_plain_string);
        let elsewhere = is_type || qualifies || is_field || extracted || zone || tested || literal;
        if !elsewhere && !is_before(at, 1, "collate") {
            found.insert(name);
        }
    }
    found
}

/// The functions that are called.
fn functions(tokens: &[Token<'_>], types: &[WrittenType]) -> BTreeSet<String> {
    let calls = |(at, token): (usize, &Token<'_>)| {
        let is_type = types.iter().any(|ty| (ty.start..ty.end).contains(&at));
        let opens = tokens.get(at + 1).is_some_and(|next| next.text == "(");
        token.name().filter(|_| opens && !is_type)
    };
    let keywords = ["filter", "over", "within", "escape"];
    tokens.iter().enumerate().filter_map(calls).filter(|name| !keywords.contains(&name.as_str())).collect()
}

/// The strings, as the server takes them.
fn literals(tokens: &[Token<'_>]) -> BTreeSet<String> {
    let escapes = |at: usize, token: &Token<'_>| {
        at.checked_sub(1).map(|before| &tokens[before]).is_some_and(|before| {
            before.text.eq_ignore_ascii_case("e") && before.start + before.text.len() == token.start
        })
    };
    let literal = |(at, token): (usize, &Token<'_>)| {
        if token.text.starts_with('$') {
            let tag = token.text[1..].find('$')? + 2;
            return Some(token.text.get(tag..token.text.len().checked_sub(tag)?)?.to_owned());
        }
        let inside = token.text.strip_prefix('\'')?.strip_suffix('\'')?.replace("''", "'");
        Some(if escapes(at, token) { inside.replace("\\\\", "\\") } else { inside })
    };
    tokens.iter().enumerate().filter(|(_, token)| token.kind == Kind::Other).filter_map(literal).collect()
}

fn pieces<'a>(tokens: &[Token<'a>]) -> Vec<Piece<'a>> {
    let piece = |token: &Token<'a>| match (token.kind, token.text) {
        (Kind::Word, text) => Piece::Word(Cow::Owned(text.to_lowercase())),
        (Kind::Quoted, _) => Piece::Name(Cow::Owned(token.name().unwrap_or_default())),
        (Kind::Other, "(") => Piece::Open,
        (Kind::Other, ")") => Piece::Close,
        (Kind::Other, ",") => Piece::Comma,
        (Kind::Other, ".") => Piece::Dot,
        (Kind::Other, ";") => Piece::End,
        (Kind::Other, _) => Piece::Other,
    };
    tokens.iter().map(piece).collect()
}

#[cfg(test)]
mod tests;
