//! A place in a list of tokens.

use super::token::{Kind, Token};

/// What could not be read, in words.
pub(crate) type Unread = String;

/// Goes through the tokens of one statement.
#[derive(Debug, Clone)]
pub(crate) struct Cursor<'t, 'a> {
    pub(crate) sql: &'a str,
    pub(crate) tokens: &'t [Token<'a>],
    pub(crate) at: usize,
}

impl<'t, 'a> Cursor<'t, 'a> {
    pub(crate) fn new(sql: &'a str, tokens: &'t [Token<'a>]) -> Self {
        Self { sql, tokens, at: 0 }
    }

    pub(crate) fn peek(&self) -> Option<&'t Token<'a>> {
        self.tokens.get(self.at)
    }

    pub(crate) fn next(&mut self) -> Option<&'t Token<'a>> {
        let token = self.tokens.get(self.at);
        self.at += usize::from(token.is_some());
        token
    }

    /// Whether the next tokens are these keywords.
    pub(crate) fn looks_at(&self, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(n, word)| self.tokens.get(self.at + n).is_some_and(|token| token.is(word)))
    }

    /// Goes over these keywords where they are next.
    pub(crate) fn eat(&mut self, words: &[&str]) -> bool {
        let found = self.looks_at(words);
        if found {
            self.at += words.len();
        }
        found
    }

    pub(crate) fn eat_operator(&mut self, operator: &str) -> bool {
        let found = self.peek().is_some_and(|token| token.is_operator(operator));
        self.at += usize::from(found);
        found
    }

    pub(crate) fn expect_operator(&mut self, operator: &str) -> Result<(), Unread> {
        if self.eat_operator(operator) { Ok(()) } else { Err(self.unread(&format!("\"{operator}\""))) }
    }

    /// A name, without its quotes.
    pub(crate) fn name(&mut self) -> Result<String, Unread> {
        match self.peek() {
            Some(token) if token.is_name() => {
                self.at += 1;
                Ok(token.unquoted().into_owned())
            }
            _ => Err(self.unread("a name")),
        }
    }

    /// A name that may have a database before it.
    pub(crate) fn qualified_name(&mut self) -> Result<String, Unread> {
        let name = self.name()?;
        if self.eat_operator(".") { self.name() } else { Ok(name) }
    }

    /// The text between a parenthesis, which is next, and the one that closes it.
    pub(crate) fn parenthesized(&mut self) -> Result<&'a str, Unread> {
        let inside = self.parenthesized_tokens()?;
        Ok(text_of(self.sql, inside))
    }

    /// The tokens between a parenthesis, which is next, and the one that closes it.
    pub(crate) fn parenthesized_tokens(&mut self) -> Result<&'t [Token<'a>], Unread> {
        self.expect_operator("(")?;
        let start = self.at;
        let mut depth = 1_usize;
        while let Some(token) = self.next() {
            if token.is_operator("(") {
                depth += 1;
            } else if token.is_operator(")") {
                depth -= 1;
                if depth == 0 {
                    return Ok(&self.tokens[start..self.at - 1]);
                }
            }
        }
        Err("a parenthesis is not closed".to_owned())
    }

    /// `(a, b)`
    pub(crate) fn names_in_parentheses(&mut self) -> Result<Vec<String>, Unread> {
        split_commas(self.parenthesized_tokens()?)
            .into_iter()
            .map(|part| match part.first() {
                Some(token) if token.is_name() => Ok(token.unquoted().into_owned()),
                _ => Err("a column name is expected".to_owned()),
            })
            .collect()
    }

    /// What was expected and what is there.
    pub(crate) fn unread(&self, expected: &str) -> Unread {
        match self.peek() {
            Some(token) => format!("{expected} expected at \"{}\"", token.text),
            None => format!("{expected} expected at the end"),
        }
    }
}

/// The text that the tokens span.
pub(crate) fn text_of<'a>(sql: &'a str, tokens: &[Token<'a>]) -> &'a str {
    match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => &sql[first.start..last.end()],
        _ => "",
    }
}

/// The parts between the commas that are in no parentheses.
pub(crate) fn split_commas<'t, 'a>(tokens: &'t [Token<'a>]) -> Vec<&'t [Token<'a>]> {
    let mut parts = Vec::new();
    let (mut start, mut depth) = (0, 0_i32);
    for (at, token) in tokens.iter().enumerate() {
        match token.text {
            "(" if token.kind == Kind::Operator => depth += 1,
            ")" if token.kind == Kind::Operator => depth -= 1,
            "," if token.kind == Kind::Operator && depth == 0 => {
                parts.push(&tokens[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&tokens[start..]);
    parts
}
