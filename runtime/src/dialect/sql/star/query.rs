//! As much of the grammar of a query as it takes to tell which columns a `*` stands for.

mod from;

use super::{Columns, Expanded, Resolver};
use crate::model::sql::{Kind, Token};
use std::collections::BTreeMap;
use std::ops::Range;

/// Deeper than anybody nests queries.
pub(super) const DEPTH: usize = 64;

/// What ends the list of a `SELECT`, or its `FROM`.
const CLAUSES: [&str; 11] =
    ["FROM", "WHERE", "GROUP", "HAVING", "WINDOW", "ORDER", "LIMIT", "OFFSET", "FETCH", "FOR", "INTO"];

/// What stands between two queries.
const SETS: [&str; 3] = ["UNION", "INTERSECT", "EXCEPT"];

/// What may begin a join.
const JOINS: [&str; 7] = ["NATURAL", "INNER", "LEFT", "RIGHT", "FULL", "CROSS", "JOIN"];

/// What follows a table and is no other name for it.
const NO_ALIAS: [&str; 14] = [
    "ON",
    "USING",
    "NATURAL",
    "INNER",
    "LEFT",
    "RIGHT",
    "FULL",
    "CROSS",
    "JOIN",
    "OUTER",
    "INDEXED",
    "NOT",
    "TABLESAMPLE",
    "WITH",
];

/// Expands a query.
pub(super) fn expand(resolver: &mut Resolver<'_>, sql: &str, tokens: &[Token<'_>]) -> Expanded {
    let mut reader = Reader {
        resolver,
        tokens,
        close: matching(tokens),
        edits: Vec::new(),
        errors: Vec::new(),
        unread: false,
        depth: 0,
    };
    let end = tokens.iter().rposition(|token| !token.is_symbol(";")).map_or(0, |last| last + 1);
    let columns = reader.query(0..end, &Known::new(), &[]);
    let Reader { mut edits, mut errors, unread, .. } = reader;
    if !edits.is_empty()
        && resolver.syntax.unique_columns
        && let Some(name) = columns.as_ref().ok().and_then(|columns| resolver.syntax.repeated(columns))
    {
        errors.push(format!("two columns would be called \"{name}\""));
    }
    if unread && errors.is_empty() && may_have_stars(tokens) {
        errors.push("the query is of a form that is not known".to_owned());
    }
    edits.sort_by_key(|(range, _)| range.start);
    let mut out = String::with_capacity(sql.len());
    let mut copied = 0;
    for (range, text) in &edits {
        out.push_str(sql.get(copied..range.start).unwrap_or_default());
        out.push_str(text);
        copied = range.end;
    }
    out.push_str(sql.get(copied..).unwrap_or_default());
    Expanded { sql: out, columns, errors }
}

/// For each opening parenthesis the position of the one that closes it; for anything else its own.
fn matching(tokens: &[Token<'_>]) -> Vec<usize> {
    let mut close: Vec<usize> = (0..tokens.len()).collect();
    let mut open = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if token.is_symbol("(") {
            open.push(at);
        } else if token.is_symbol(")")
            && let Some(start) = open.pop()
        {
            close[start] = at;
        }
    }
    close
}

/// Whether a `*` may stand where columns do: rather yes than no.
fn may_have_stars(tokens: &[Token<'_>]) -> bool {
    tokens.windows(2).any(|pair| {
        let before = ["SELECT", "ALL", "DISTINCT"].iter().any(|word| pair[0].is(word));
        pair[1].is_symbol("*") && (before || pair[0].is_symbol(",") || pair[0].is_symbol("."))
    })
}

/// The columns of common table expressions, by folded name.
type Known = BTreeMap<String, Columns>;

/// One thing that a query reads.
#[derive(Debug, Clone)]
struct Source {
    /// What it is called, folded.
    called: String,
    /// As it is written before a column.
    qualifier: String,
    columns: Columns,
}

/// What a `FROM` has.
#[derive(Debug, Clone, Default)]
struct Scope {
    sources: Vec<Source>,
    /// Columns are joined into one, by rules that differ.
    merges: bool,
}

struct Reader<'r, 'a, 't> {
    resolver: &'r mut Resolver<'a>,
    tokens: &'t [Token<'t>],
    close: Vec<usize>,
    edits: Vec<(Range<usize>, String)>,
    errors: Vec<String>,
    /// Something was not understood.
    unread: bool,
    depth: usize,
}

impl<'t> Reader<'_, '_, 't> {
    fn is(&self, at: usize, word: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| token.is(word))
    }

    fn is_symbol(&self, at: usize, symbol: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| token.is_symbol(symbol))
    }

    fn identifier(&self, at: usize) -> Option<String> {
        self.resolver.syntax.identifier(self.tokens.get(at)?)
    }

    /// Whether a keyword stands here: after a dot or an `AS` a word is a name.
    fn is_one_of(&self, at: usize, words: &[&str]) -> bool {
        let is_name = at.checked_sub(1).is_some_and(|before| self.is_symbol(before, ".") || self.is(before, "AS"));
        !is_name && words.iter().any(|word| self.is(at, word))
    }

    /// The positions in the range that are in no parentheses of it.
    fn top(&self, range: Range<usize>) -> impl Iterator<Item = usize> {
        let mut next = range.start;
        std::iter::from_fn(move || {
            let at = next;
            next = self.close.get(at)? + 1;
            (at < range.end).then_some(at)
        })
    }

    /// The parts of the range between these places.
    fn split(&self, range: Range<usize>, is_between: impl Fn(usize) -> bool) -> Vec<Range<usize>> {
        let mut parts = Vec::new();
        let mut start = range.start;
        let places: Vec<usize> = self.top(range.clone()).filter(|at| is_between(*at)).collect();
        for at in places {
            parts.push(start..at);
            start = at + 1;
        }
        parts.push(start..range.end);
        parts
    }

    fn not_read(&mut self) -> Columns {
        self.unread = true;
        Err("its columns are not known".to_owned())
    }

    /// A whole query: its columns.
    fn query(&mut self, range: Range<usize>, known: &Known, outer: &[Scope]) -> Columns {
        if self.depth >= DEPTH {
            return self.not_read();
        }
        self.depth += 1;
        let columns = self.with_query(range, known, outer);
        self.depth -= 1;
        columns
    }

    fn with_query(&mut self, range: Range<usize>, known: &Known, outer: &[Scope]) -> Columns {
        let mut known = known.clone();
        let mut at = range.start;
        if self.is(at, "WITH") {
            at += 1;
            let recursive = self.is(at, "RECURSIVE");
            at += usize::from(recursive);
            loop {
                let Some(next) = self.common_table(at, &mut known, outer, recursive) else { return self.not_read() };
                at = next;
                if !self.is_symbol(at, ",") {
                    break;
                }
                at += 1;
            }
        }
        let parts = self.split(at..range.end, |at| self.is_one_of(at, &SETS));
        let mut columns = None;
        for part in parts {
            let skips = columns.is_some() && self.is_one_of(part.start, &["ALL", "DISTINCT"]);
            let found = self.core(part.start + usize::from(skips)..part.end, &known, outer);
            columns.get_or_insert(found);
        }
        columns.unwrap_or_else(|| self.not_read())
    }

    /// `name (columns) AS (query)`: what follows it.
    fn common_table(&mut self, at: usize, known: &mut Known, outer: &[Scope], recursive: bool) -> Option<usize> {
        let name = self.resolver.syntax.fold(&self.identifier(at)?);
        let mut at = at + 1;
        let mut named = None;
        if self.is_symbol(at, "(") {
            named = Some(self.names(at + 1..self.close[at])?);
            at = self.close[at] + 1;
        }
        if !self.is(at, "AS") {
            return None;
        }
        at += 1;
        at += usize::from(self.is(at, "NOT"));
        at += usize::from(self.is(at, "MATERIALIZED"));
        if !self.is_symbol(at, "(") {
            return None;
        }
        let inside = at + 1..self.close[at];
        if recursive {
            // What it reads of itself is what its first query gives.
            let own = match &named {
                Some(named) => Ok(named.clone()),
                None => self.first_look(inside.clone(), known, outer),
            };
            known.insert(name.clone(), own);
        }
        let found = self.query(inside.clone(), known, outer);
        known.insert(name, rename(found, named));
        Some(inside.end + 1)
    }

    /// The columns of a query, which is left as it is.
    fn first_look(&mut self, range: Range<usize>, known: &Known, outer: &[Scope]) -> Columns {
        let (edits, errors) = (self.edits.len(), self.errors.len());
        let columns = self.query(range, known, outer);
        self.edits.truncate(edits);
        self.errors.truncate(errors);
        columns
    }

    /// `a, b`
    fn names(&self, range: Range<usize>) -> Option<Vec<String>> {
        self.split(range, |at| self.is_symbol(at, ",")).into_iter().map(|part| self.identifier(part.start)).collect()
    }

    /// One query between `UNION`s.
    fn core(&mut self, range: Range<usize>, known: &Known, outer: &[Scope]) -> Columns {
        let at = range.start;
        if at >= range.end {
            return self.not_read();
        }
        if self.is_symbol(at, "(") {
            let columns = self.query(at + 1..self.close[at], known, outer);
            self.scan(self.close[at] + 1..range.end, known, outer);
            return columns;
        }
        if self.is(at, "SELECT") {
            return self.select(range, known, outer);
        }
        if self.is(at, "TABLE") {
            return self.table(range, known);
        }
        self.scan(range, known, outer);
        if self.is(at, "VALUES") { Err("the columns of VALUES have no names".to_owned()) } else { self.not_read() }
    }

    /// `TABLE name`, which is `SELECT * FROM name`.
    fn table(&mut self, range: Range<usize>, known: &Known) -> Columns {
        let Some((source, next)) = self.named_source(range.start + 1, known) else { return self.not_read() };
        let (start, end) = (self.tokens[range.start].start, self.tokens[next - 1].end());
        let name = range.start + 1..next;
        match written(std::slice::from_ref(&source), &self.resolver.syntax) {
            Ok(list) => {
                let text: String = self.tokens[name].iter().map(|token| token.text).collect();
                self.edits.push((start..end, format!("SELECT {list} FROM {text}")));
            }
            Err(error) => self.errors.push(error),
        }
        source.columns
    }

    fn select(&mut self, range: Range<usize>, known: &Known, outer: &[Scope]) -> Columns {
        let mut start = range.start + 1;
        if self.is(start, "ALL") || self.is(start, "DISTINCT") {
            start += 1;
            if self.is(start, "ON") && self.is_symbol(start + 1, "(") {
                start = self.close[start + 1] + 1;
            }
        }
        // `a IS DISTINCT FROM b` is no clause.
        let is_clause = |at: usize| {
            let compares = at.checked_sub(1).is_some_and(|before| before >= start && self.is(before, "DISTINCT"));
            self.is_one_of(at, &CLAUSES) && !compares
        };
        let list_end = self.top(start..range.end).find(|at| is_clause(*at)).unwrap_or(range.end);
        let mut tail = list_end;
        let mut scope = Scope::default();
        if self.is(list_end, "FROM") {
            tail = self.top(list_end + 1..range.end).find(|at| is_clause(*at)).unwrap_or(range.end);
            self.from(list_end + 1..tail, known, outer, &mut scope);
        }
        let mut scopes = outer.to_vec();
        scopes.push(scope);
        self.scan(tail..range.end, known, &scopes);
        let items = self.split(start..list_end, |at| self.is_symbol(at, ","));
        let mut columns = Ok(Vec::new());
        for item in items {
            let found = self.item(item, known, &scopes);
            columns = match (columns, found) {
                (Ok(mut columns), Ok(found)) => {
                    columns.extend(found);
                    Ok(columns)
                }
                (Err(error), _) | (_, Err(error)) => Err(error),
            };
        }
        columns
    }

    /// One item of a list of columns: the names that it gives.
    fn item(&mut self, item: Range<usize>, known: &Known, scopes: &[Scope]) -> Columns {
        let Some(last) = item.end.checked_sub(1).filter(|last| *last >= item.start) else { return self.not_read() };
        let is_star = self.is_symbol(last, "*") && (last == item.start || self.is_symbol(last - 1, "."));
        if is_star {
            let found = self.star(item.clone(), scopes);
            return match found {
                Ok(sources) => {
                    match written(&sources, &self.resolver.syntax) {
                        Ok(list) => self.edits.push((self.tokens[item.start].start..self.tokens[last].end(), list)),
                        Err(error) => self.errors.push(error),
                    }
                    sources.into_iter().try_fold(Vec::new(), |mut all, source| {
                        all.extend(source.columns?);
                        Ok(all)
                    })
                }
                Err(error) => {
                    self.errors.push(error.clone());
                    Err(error)
                }
            };
        }
        self.scan(item.clone(), known, scopes);
        let name = self.item_name(item);
        name.map(|name| vec![name]).ok_or_else(|| "a column of what it reads has no name of its own".to_owned())
    }

    /// The sources that `*` or `name.*` stands for.
    fn star(&self, item: Range<usize>, scopes: &[Scope]) -> Result<Vec<Source>, String> {
        let Some(own) = scopes.last() else { return Err("it reads nothing".to_owned()) };
        if item.len() == 1 {
            if own.merges {
                return Err("USING and NATURAL make one column of two".to_owned());
            }
            if own.sources.is_empty() {
                return Err("it reads nothing".to_owned());
            }
            return Ok(own.sources.clone());
        }
        let is_name =
            item.clone().rev().skip(1).enumerate().all(|(at, token)| {
                if at % 2 == 0 { self.is_symbol(token, ".") } else { self.identifier(token).is_some() }
            });
        let name = self.identifier(item.end.saturating_sub(3)).filter(|_| is_name && item.len() % 2 == 1);
        let Some(name) = name else {
            return Err("it takes a value apart, which not everything is known of".to_owned());
        };
        let key = self.resolver.syntax.fold(&name);
        let of =
            |scope: &Scope| scope.sources.iter().filter(|source| source.called == key).cloned().collect::<Vec<_>>();
        match scopes.iter().rev().map(of).find(|found| !found.is_empty()).as_deref() {
            Some([one]) => Ok(vec![one.clone()]),
            Some(_) => Err(format!("more than one thing that it reads is called \"{name}\"")),
            None => Err(format!("it reads nothing that is called \"{name}\"")),
        }
    }

    /// The name of the column that an item gives; `None`: the database makes one up.
    fn item_name(&self, item: Range<usize>) -> Option<String> {
        const ENDS: [&str; 6] = ["END", "NULL", "ISNULL", "NOTNULL", "TRUE", "FALSE"];
        let last = item.end.checked_sub(1)?;
        let name = self.identifier(last)?;
        let before = |n: usize| last.checked_sub(n).filter(|at| *at >= item.start);
        let Some(previous) = before(1) else {
            return (self.tokens[last].kind == Kind::Name || !self.is_one_of(last, &ENDS)).then_some(name);
        };
        if self.is(previous, "AS") {
            return Some(name);
        }
        let is_word = self.is_one_of(last, &ENDS);
        let is_path = |range: Range<usize>| {
            range.len() % 2 == 1
                && range
                    .enumerate()
                    .all(|(n, at)| if n % 2 == 0 { self.identifier(at).is_some() } else { self.is_symbol(at, ".") })
        };
        let names = is_path(item.clone()) || !is_word && (is_path(item.start..last) || self.is_symbol(previous, ")"));
        names.then_some(name)
    }

    /// Whether a query stands in these parentheses, or tables that are joined.
    fn begins_query(&self, range: Range<usize>) -> bool {
        let first = range.clone().find(|at| !self.is_symbol(*at, "("));
        first.is_some_and(|at| ["SELECT", "WITH", "VALUES", "TABLE"].iter().any(|word| self.is(at, word)))
    }

    /// Queries within expressions.
    fn scan(&mut self, range: Range<usize>, known: &Known, scopes: &[Scope]) {
        let mut open = vec![range];
        while let Some(range) = open.pop() {
            let mut at = range.start;
            while at < range.end {
                if self.is_symbol(at, "(") {
                    let inside = at + 1..self.close[at];
                    let begins = ["SELECT", "WITH", "VALUES"].iter().any(|word| self.is(inside.start, word));
                    if begins {
                        let _ = self.query(inside, known, scopes);
                    } else {
                        open.push(inside);
                    }
                }
                at = self.close[at].max(at) + 1;
            }
        }
    }
}

/// The columns by other names: as many as are given.
fn rename(columns: Columns, named: Option<Vec<String>>) -> Columns {
    let Some(named) = named else { return columns };
    match columns {
        Ok(mut columns) => {
            columns.iter_mut().zip(named).for_each(|(column, name)| *column = name);
            Ok(columns)
        }
        // All of them, unless it is one whose number nobody knows.
        Err(error) if error.contains("no name") => Ok(named),
        Err(error) => Err(error),
    }
}

/// The columns of the sources as they are written in a query.
fn written(sources: &[Source], syntax: &super::Syntax<'_>) -> Result<String, String> {
    let mut list = Vec::new();
    for source in sources {
        let columns = source.columns.as_ref().map_err(Clone::clone)?;
        if let Some(name) = syntax.repeated(columns) {
            return Err(format!("two columns of \"{}\" are called \"{name}\"", source.called));
        }
        list.extend(columns.iter().map(|column| format!("{}.{}", source.qualifier, syntax.dialect.quote(column))));
    }
    if list.is_empty() { Err("what it reads has no columns".to_owned()) } else { Ok(list.join(", ")) }
}
