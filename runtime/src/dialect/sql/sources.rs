//! The tables and views that a query or the body of a trigger names, found at the places where the grammar has them.

use std::borrow::Cow;

/// A token, as far as this room has to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// A keyword, or a name without quotes, folded as the database folds names.
    Word(Cow<'a, str>),
    /// A name in quotes.
    Name(Cow<'a, str>),
    Open,
    Close,
    Comma,
    Dot,
    /// The end of a statement.
    End,
    Other,
}

impl Piece<'_> {
    fn is(&self, word: &str) -> bool {
        matches!(self, Piece::Word(found) if found.eq_ignore_ascii_case(word))
    }

    fn name(&self) -> Option<&str> {
        match self {
            Piece::Word(name) | Piece::Name(name) => Some(name),
            _ => None,
        }
    }
}

/// A table or a view where a query takes its rows from, or where a statement writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Source {
    pub(crate) schema: Option<String>,
    pub(crate) name: String,
    /// What the query calls it, where that is another name.
    pub(crate) alias: Option<String>,
    /// The pieces that name it, its other name included.
    pub(crate) at: std::ops::Range<usize>,
}

impl Source {
    /// Whether a qualifier of columns means it.
    pub(crate) fn is_called(&self, qualifier: &str, same: impl Fn(&str, &str) -> bool) -> bool {
        same(self.alias.as_ref().unwrap_or(&self.name), qualifier)
    }
}

/// Between two parentheses.
#[derive(Debug, Default, Clone, Copy)]
struct Level {
    /// A `FROM` is that of a query, and not of `extract(year FROM …)`.
    statement: bool,
    /// A comma is followed by the next table.
    from: bool,
    /// Here a table is named.
    expects: bool,
    /// … and its columns may follow in parentheses.
    writes: bool,
}

/// Words after which a `FROM` clause has ended.
const ENDS: [&str; 16] = [
    "where",
    "group",
    "order",
    "having",
    "limit",
    "window",
    "union",
    "except",
    "intersect",
    "returning",
    "set",
    "values",
    "offset",
    "fetch",
    "for",
    "when",
];

/// Words behind a table that are not its other name.
const NOT_ALIASES: [&str; 36] = [
    "begin",
    "end",
    "and",
    "or",
    "then",
    "else",
    "where",
    "group",
    "order",
    "having",
    "limit",
    "window",
    "union",
    "except",
    "intersect",
    "returning",
    "set",
    "values",
    "offset",
    "fetch",
    "for",
    "when",
    "on",
    "using",
    "join",
    "left",
    "right",
    "full",
    "inner",
    "outer",
    "cross",
    "natural",
    "indexed",
    "not",
    "tablesample",
    "select",
];

/// All sources in their order, each time they are named. Not those that the query makes itself (`WITH`).
pub(crate) fn sources(pieces: &[Piece<'_>]) -> Vec<Source> {
    let own = own_tables(pieces);
    let is_own = |source: &Source| {
        let inside = |body: &std::ops::Range<usize>| body.contains(&source.at.start);
        source.schema.is_none()
            && own.iter().any(|(name, body)| name.eq_ignore_ascii_case(&source.name) && !inside(body))
    };
    named_sources(pieces).into_iter().filter(|source| !is_own(source)).collect()
}

/// The tables that a `WITH` makes, and where their queries stand: there the name is that of a table, unless it is recursive.
fn own_tables(pieces: &[Piece<'_>]) -> Vec<(String, std::ops::Range<usize>)> {
    let mut found = Vec::new();
    for at in 1..pieces.len() {
        let begins = ["with", "recursive"].iter().any(|word| pieces[at - 1].is(word)) || pieces[at - 1] == Piece::Comma;
        let Some(name) = pieces[at].name().filter(|_| begins) else { continue };
        let after_columns = if pieces.get(at + 1) == Some(&Piece::Open) { end_of(pieces, at + 1) } else { at + 1 };
        if !pieces.get(after_columns).is_some_and(|piece| piece.is("as")) {
            continue;
        }
        let open = (after_columns + 1..pieces.len())
            .find(|&at| !["not", "materialized"].iter().any(|word| pieces[at].is(word)));
        if let Some(open) = open.filter(|&open| pieces[open] == Piece::Open) {
            let recursive = pieces.iter().any(|piece| piece.is("recursive"));
            found.push((name.to_owned(), if recursive { open..open } else { open..end_of(pieces, open) }));
        }
    }
    found
}

/// Where the parenthesis that opens there has been closed.
fn end_of(pieces: &[Piece<'_>], open: usize) -> usize {
    let mut depth = 0_u32;
    for (at, piece) in pieces.iter().enumerate().skip(open) {
        match piece {
            Piece::Open => depth += 1,
            Piece::Close if depth <= 1 => return at + 1,
            Piece::Close => depth -= 1,
            _ => {}
        }
    }
    pieces.len()
}

fn named_sources(pieces: &[Piece<'_>]) -> Vec<Source> {
    let mut found = Vec::new();
    let mut levels = vec![Level::default()];
    let mut at = 0;
    while let Some(piece) = pieces.get(at) {
        let before = at.checked_sub(1).map(|before| &pieces[before]);
        let next = pieces.get(at + 1);
        let Some(level) = levels.last_mut() else { break };
        at += 1;
        match piece {
            Piece::Open => {
                let inside = Level { expects: level.expects, from: level.expects, ..Level::default() };
                levels.push(inside);
            }
            Piece::Close => {
                if levels.len() > 1 {
                    levels.pop();
                }
                if let Some(level) = levels.last_mut() {
                    level.expects = false;
                }
            }
            Piece::End => *level = Level::default(),
            Piece::Comma => level.expects = level.from,
            Piece::Word(word) if enter(level, &word.to_ascii_lowercase(), before, next) => {}
            Piece::Word(_) | Piece::Name(_) if level.expects => {
                let start = at - 1;
                let (source, end) = source(pieces, start);
                let calls = matches!(pieces.get(end), Some(Piece::Open)) && !level.writes;
                level.expects = false;
                level.writes = false;
                if calls {
                    at = end;
                } else {
                    let (alias, end) = alias(pieces, end);
                    at = end;
                    found.push(Source { alias, at: start..end, ..source });
                }
            }
            _ => {}
        }
    }
    found
}

/// What a keyword says of the tables that follow; `false`: it is none.
fn enter(level: &mut Level, word: &str, before: Option<&Piece<'_>>, next: Option<&Piece<'_>>) -> bool {
    let expect = |level: &mut Level| (level.from, level.expects) = (true, true);
    match word {
        "select" => *level = Level { statement: true, ..Level::default() },
        "delete" => level.statement = true,
        "from" if level.statement && !before.is_some_and(|before| before.is("distinct")) => expect(level),
        "from" => {}
        "join" => expect(level),
        "into" => (level.expects, level.writes, level.from) = (true, true, false),
        "update" => {
            let elsewhere = ["of", "on", "set"].iter().any(|word| next.is_some_and(|next| next.is(word)));
            level.statement = true;
            (level.expects, level.from) = (!elsewhere, false);
        }
        // `UPDATE OR IGNORE t`.
        "or" if before.is_some_and(|before| before.is("update")) => {}
        "ignore" | "replace" | "abort" | "fail" | "rollback" if before.is_some_and(|before| before.is("or")) => {}
        "table" if next.is_some_and(|next| next.name().is_some()) => expect(level),
        // SQLite: `x IN t`.
        "in" if next.is_some_and(|next| next.name().is_some()) => (level.expects, level.from) = (true, false),
        "lateral" | "only" if level.expects => {}
        "with" => level.expects = false,
        "on" | "using" => level.expects = false,
        _ if ENDS.contains(&word) => (level.from, level.expects) = (false, false),
        _ => return false,
    }
    true
}

/// The name that begins there, with its schema; and where it ends.
fn source(pieces: &[Piece<'_>], start: usize) -> (Source, usize) {
    let mut names: Vec<&str> = pieces[start].name().into_iter().collect();
    let mut at = start + 1;
    while let (Some(Piece::Dot), Some(name)) = (pieces.get(at), pieces.get(at + 1).and_then(Piece::name)) {
        names.push(name);
        at += 2;
    }
    let name = names.pop().unwrap_or_default().to_owned();
    (Source { schema: names.pop().map(str::to_owned), name, alias: None, at: start..at }, at)
}

/// The other name of a source that ends there, and where that ends.
fn alias(pieces: &[Piece<'_>], at: usize) -> (Option<String>, usize) {
    let named = |at: usize| pieces.get(at).and_then(Piece::name).map(str::to_owned);
    match pieces.get(at) {
        Some(piece) if piece.is("as") => (named(at + 1), at + 2),
        Some(Piece::Name(_)) => (named(at), at + 1),
        Some(Piece::Word(word)) if !NOT_ALIASES.contains(&word.to_ascii_lowercase().as_str()) => (named(at), at + 1),
        _ => (None, at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(sql: &str) -> Vec<Piece<'_>> {
        sql.split_whitespace()
            .map(|word| match word {
                "(" => Piece::Open,
                ")" => Piece::Close,
                "," => Piece::Comma,
                "." => Piece::Dot,
                ";" => Piece::End,
                "=" | "*" => Piece::Other,
                _ => Piece::Word(word.into()),
            })
            .collect()
    }

    fn names(sql: &str) -> Vec<String> {
        sources(&pieces(sql)).into_iter().map(|source| source.name).collect()
    }

    #[test]
    fn tables_are_found_where_the_grammar_has_them_and_nowhere_else() {
        for (sql, found) in [
            ("SELECT users FROM t", vec!["t"]),
            ("SELECT a FROM t , u AS x LEFT JOIN main . w ON x . a = w . a WHERE t . z", vec!["t", "u", "w"]),
            ("SELECT extract ( year FROM users ) FROM t", vec!["t"]),
            ("SELECT a FROM ( SELECT b FROM u ) s , f ( t ) JOIN ( v JOIN w ON c )", vec!["u", "v", "w"]),
            ("SELECT a IS NOT DISTINCT FROM users FROM t", vec!["t"]),
            ("SELECT a FROM t WHERE a IN ( SELECT b FROM u ) ORDER BY a , users", vec!["t", "u"]),
            ("SELECT a FROM t UNION SELECT b FROM u GROUP BY a , users", vec!["t", "u"]),
            ("AFTER UPDATE OF a , b ON t BEGIN UPDATE OR IGNORE u SET a = b ; DELETE FROM w ; END", vec!["u", "w"]),
            ("BEGIN INSERT INTO log ( users ) SELECT a FROM t ; END", vec!["log", "t"]),
            ("TABLE t", vec!["t"]),
            ("WITH c AS ( SELECT a FROM t ) , d ( a ) AS ( SELECT a FROM c ) SELECT a FROM d , u", vec!["t", "u"]),
            ("WITH t AS ( SELECT a FROM t ) SELECT a FROM t", vec!["t"]),
            ("WITH RECURSIVE c AS ( SELECT a FROM t UNION SELECT a FROM c ) SELECT a FROM c", vec!["t"]),
        ] {
            assert_eq!(names(sql), found, "{sql}");
        }
    }

    #[test]
    fn sources_have_their_other_names() {
        let found = sources(&pieces("SELECT a FROM app . t AS x JOIN u y ON x . a = y . a JOIN w WHERE a"));
        let called = |at: usize| found.get(at).and_then(|source| source.alias.as_deref());
        assert_eq!((called(0), called(1), called(2)), (Some("x"), Some("y"), None));
        assert_eq!(found[0].schema.as_deref(), Some("app"));
    }
}
