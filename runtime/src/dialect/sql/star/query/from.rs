//! The sources of a query: what stands behind FROM.

use super::{Columns, DEPTH, JOINS, Known, NO_ALIAS, Reader, Scope, Source, rename};
use std::ops::Range;

impl Reader<'_, '_, '_> {
    /// The sources of a `FROM`.
    pub(super) fn from(&mut self, range: Range<usize>, known: &Known, outer: &[Scope], scope: &mut Scope) {
        let mut at = range.start;
        while at < range.end {
            let Some(next) = self.source(at..range.end, known, outer, scope) else {
                self.unread = true;
                scope.merges = true;
                return;
            };
            at = next;
            // The condition of a join, and then the next source.
            let ends = |at: usize| {
                let is_function = self.is_symbol(at + 1, "(") && !self.is(at, "JOIN");
                self.is_symbol(at, ",") || self.is_one_of(at, &JOINS) && !is_function
            };
            let next = self.top(at..range.end).find(|at| ends(*at)).unwrap_or(range.end);
            scope.merges |= self.is(at, "USING");
            let mut scopes = outer.to_vec();
            scopes.push(scope.clone());
            self.scan(at..next, known, &scopes);
            at = next;
            if self.is_symbol(at, ",") {
                at += 1;
                continue;
            }
            while at < range.end && (self.is_one_of(at, &JOINS) || self.is(at, "OUTER")) {
                scope.merges |= self.is(at, "NATURAL");
                at += 1;
            }
        }
    }

    /// One source, with what it is called: what follows it.
    fn source(&mut self, range: Range<usize>, known: &Known, outer: &[Scope], scope: &mut Scope) -> Option<usize> {
        let mut at = range.start;
        at += usize::from(self.is(at, "LATERAL"));
        at += usize::from(self.is(at, "ONLY") && self.identifier(at + 1).is_some());
        if self.is_symbol(at, "(") {
            let inside = at + 1..self.close[at];
            at = self.close[at] + 1;
            if !self.begins_query(inside.clone()) {
                if self.depth >= DEPTH {
                    return None;
                }
                self.depth += 1;
                self.from(inside, known, outer, scope);
                self.depth -= 1;
                // By another name it is another thing, of which nothing is said here.
                return self.alias(at, range.end).is_none().then_some(at);
            }
            let mut scopes = outer.to_vec();
            scopes.push(scope.clone());
            let columns = self.query(inside, known, &scopes);
            let Some((alias, named, next)) = self.alias(at, range.end) else {
                let columns = columns.and_then(|_| Err("a query that it reads has no name".to_owned()));
                scope.sources.push(Source { called: String::new(), qualifier: String::new(), columns });
                return Some(at);
            };
            scope.sources.push(self.called(&alias, rename(columns, named)));
            return Some(next);
        }
        let (mut source, next) = self.named_source(at, known)?;
        at = next;
        if self.is_symbol(at, "(") {
            // A function: nobody says here what it gives.
            let mut scopes = outer.to_vec();
            scopes.push(scope.clone());
            self.scan(at..self.close[at] + 1, known, &scopes);
            source.columns = Err(format!("\"{}\" is a function", source.called));
            at = self.close[at] + 1;
            if self.is(at, "WITH") && self.is(at + 1, "ORDINALITY") {
                at += 2;
            }
        } else if self.is_symbol(at, "*") {
            at += 1;
        }
        if let Some((alias, named, next)) = self.alias(at, range.end) {
            source = self.called(&alias, rename(source.columns, named));
            at = next;
        }
        scope.sources.push(source);
        Some(at)
    }

    fn called(&self, name: &str, columns: Columns) -> Source {
        let syntax = &self.resolver.syntax;
        Source { called: syntax.fold(name), qualifier: syntax.dialect.quote(name), columns }
    }

    /// A table, a view or a common table expression by its name, and what follows it.
    pub(super) fn named_source(&mut self, at: usize, known: &Known) -> Option<(Source, usize)> {
        let first = self.identifier(at)?;
        let mut path = vec![first];
        let mut at = at + 1;
        while self.is_symbol(at, ".") {
            path.push(self.identifier(at + 1)?);
            at += 2;
        }
        let name = path.pop()?;
        let columns = match (path.as_slice(), known.get(&self.resolver.syntax.fold(&name))) {
            ([], Some(columns)) => columns.clone(),
            ([], None) => self.resolver.relation(None, &name),
            ([schema], _) => self.resolver.relation(Some(schema), &name),
            _ => Err(format!("nothing is known of \"{name}\", which it reads")),
        };
        Some((self.called(&name, columns), at))
    }

    /// The other name of a source with its columns, and what follows them.
    fn alias(&self, at: usize, end: usize) -> Option<(String, Option<Vec<String>>, usize)> {
        let said = self.is(at, "AS");
        let at = at + usize::from(said);
        let is_none = !said && NO_ALIAS.iter().any(|word| self.is(at, word));
        if at >= end || is_none {
            return None;
        }
        let name = self.identifier(at)?;
        if self.is_symbol(at + 1, "(") {
            let close = self.close[at + 1];
            return Some((name, self.names(at + 2..close), close + 1));
        }
        Some((name, None, at + 1))
    }
}
