//! SQLite's tokens. Never fails: what SQLite would refuse becomes a [`Kind::Other`].

use std::borrow::Cow;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A keyword or a name without quotes.
    Word,
    /// `"x"`: a name, or a text where no such name is known.
    Double,
    /// `[x]` or `` `x` ``: always a name.
    Quoted,
    /// `'x'`
    Text,
    /// `x'00'`
    Blob,
    Number,
    /// `?1`, `:a`, `@a`, `$a`
    Variable,
    /// An operator or a punctuation mark.
    Operator,
    /// Nothing that SQLite knows.
    Other,
}

/// A token and its place in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    pub(crate) kind: Kind,
    /// As written.
    pub(crate) text: &'a str,
    /// Byte offset of its first byte.
    pub(crate) start: usize,
}

impl<'a> Token<'a> {
    /// Byte offset after its last byte.
    pub(crate) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Whether it is this keyword (or a name that reads like it).
    pub(crate) fn is(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(word)
    }

    pub(crate) fn is_operator(&self, operator: &str) -> bool {
        self.kind == Kind::Operator && self.text == operator
    }

    /// Whether it can stand where a name is expected; SQLite takes `'x'` there as well.
    pub(crate) fn is_name(&self) -> bool {
        matches!(self.kind, Kind::Word | Kind::Double | Kind::Quoted | Kind::Text)
    }

    /// What is inside the quotes.
    pub(crate) fn unquoted(&self) -> Cow<'a, str> {
        let (inner, quote) = match self.kind {
            Kind::Double | Kind::Text | Kind::Quoted if self.text.len() >= 2 => {
                (&self.text[1..self.text.len() - 1], &self.text[..1])
            }
            _ => return Cow::Borrowed(self.text),
        };
        if quote == "[" || !inner.contains(quote) {
            return Cow::Borrowed(inner);
        }
        Cow::Owned(inner.replace(&quote.repeat(2), quote))
    }
}

/// The tokens of a text, without white space and comments.
pub(crate) fn tokenize(sql: &str) -> Vec<Token<'_>> {
    let bytes = sql.as_bytes();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let (kind, end) = match byte {
            b' ' | b'\t' | b'\n' | b'\r' | 0x0c => {
                at += 1;
                continue;
            }
            b'-' if bytes.get(at + 1) == Some(&b'-') => {
                at = sql[at..].find('\n').map_or(sql.len(), |n| at + n + 1);
                continue;
            }
            b'/' if bytes.get(at + 1) == Some(&b'*') => {
                at = sql[at + 2..].find("*/").map_or(sql.len(), |n| at + 2 + n + 2);
                continue;
            }
            b'\'' => quoted(bytes, at, b'\'', Kind::Text),
            b'"' => quoted(bytes, at, b'"', Kind::Double),
            b'`' => quoted(bytes, at, b'`', Kind::Quoted),
            b'[' => match sql[at..].find(']') {
                Some(n) => (Kind::Quoted, at + n + 1),
                None => (Kind::Other, sql.len()),
            },
            b'x' | b'X' if bytes.get(at + 1) == Some(&b'\'') => quoted(bytes, at + 1, b'\'', Kind::Blob),
            b'0'..=b'9' => (Kind::Number, number(bytes, at)),
            b'.' if bytes.get(at + 1).is_some_and(u8::is_ascii_digit) => (Kind::Number, number(bytes, at)),
            b'?' => (Kind::Variable, run(bytes, at + 1, |b| b.is_ascii_digit())),
            b'@' | b':' | b'#' | b'$' => match run(bytes, at + 1, |b| is_word(b) || b == b':') {
                end if end > at + 1 => (Kind::Variable, end),
                end => (Kind::Other, end),
            },
            byte if is_word(byte) => (Kind::Word, run(bytes, at, is_word)),
            _ => operator(sql, at),
        };
        tokens.push(Token { kind, text: &sql[at..end], start: at });
        at = end;
    }
    tokens
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

fn run(bytes: &[u8], from: usize, belongs: impl Fn(u8) -> bool) -> usize {
    bytes[from..].iter().position(|&byte| !belongs(byte)).map_or(bytes.len(), |n| from + n)
}

/// From the opening quote on; a doubled quote stands for itself.
fn quoted(bytes: &[u8], open: usize, quote: u8, kind: Kind) -> (Kind, usize) {
    let mut at = open + 1;
    while at < bytes.len() {
        if bytes[at] == quote {
            if bytes.get(at + 1) != Some(&quote) {
                return (kind, at + 1);
            }
            at += 1;
        }
        at += 1;
    }
    (Kind::Other, bytes.len())
}

fn number(bytes: &[u8], from: usize) -> usize {
    let digits = |at| run(bytes, at, |b| b.is_ascii_digit() || b == b'_');
    if bytes[from] == b'0' && matches!(bytes.get(from + 1), Some(b'x' | b'X')) {
        return run(bytes, from + 2, |b| b.is_ascii_hexdigit() || b == b'_');
    }
    let mut at = digits(from);
    if bytes.get(at) == Some(&b'.') {
        at = digits(at + 1);
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        if bytes.get(at + 1 + sign).is_some_and(u8::is_ascii_digit) {
            at = digits(at + 1 + sign);
        }
    }
    at
}

fn operator(sql: &str, at: usize) -> (Kind, usize) {
    const LONG: [&str; 10] = ["->>", "->", "||", "<=", ">=", "<>", "!=", "==", "<<", ">>"];
    let rest = &sql[at..];
    if let Some(found) = LONG.iter().find(|operator| rest.starts_with(**operator)) {
        return (Kind::Operator, at + found.len());
    }
    let one = rest.chars().next().map_or(1, char::len_utf8);
    let known = rest.starts_with(['(', ')', ',', ';', '.', '+', '-', '*', '/', '%', '=', '<', '>', '&', '|', '~']);
    (if known { Kind::Operator } else { Kind::Other }, at + one)
}

/// The statement without what SQLite does not keep: white space and comments around it, the semicolons at its end.
pub(crate) fn trim_statement(sql: &str) -> &str {
    let tokens = tokenize(sql);
    let Some(first) = tokens.first() else { return "" };
    match tokens.iter().rev().find(|token| !token.is_operator(";")) {
        Some(last) => &sql[first.start..last.end()],
        None => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(sql: &str) -> Vec<&str> {
        tokenize(sql).iter().map(|token| token.text).collect()
    }

    #[test]
    fn splits_as_sqlite_does() {
        assert_eq!(texts("a.b<=1e-5--x\n/* y */x'00' [a]]"), ["a", ".", "b", "<=", "1e-5", "x'00'", "[a]", "]"]);
        assert_eq!(texts("'it''s' \"a\"\"b\" `c``d`"), ["'it''s'", "\"a\"\"b\"", "`c``d`"]);
        assert_eq!(texts("a->>'b'||0x1F .5 ?1 :a"), ["a", "->>", "'b'", "||", "0x1F", ".5", "?1", ":a"]);
        assert_eq!(tokenize("\"a\"\"b\"")[0].unquoted(), "a\"b");
        assert_eq!(tokenize("[a b]")[0].unquoted(), "a b");
    }

    #[test]
    fn never_panics_on_what_is_not_closed() {
        for sql in ["'", "\"a", "[a", "/* x", "x'0", "--", "é€", "\u{1}", "$", "1.", "1e", "0x", "`"] {
            let _ = tokenize(sql);
        }
    }

    #[test]
    fn trims_comments_and_semicolons() {
        assert_eq!(trim_statement("  -- a\nSELECT 1 /* b */ ; ; -- c"), "SELECT 1");
        assert_eq!(trim_statement(" -- nothing"), "");
    }
}
