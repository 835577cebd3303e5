//! SQL as tokens, by the rules of each database: as much of its grammar as it takes to tell where a text, a comment or a statement ends.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A keyword or a name without quotes.
    Word,
    /// A name between quotes.
    Name,
    /// A text between quotes.
    Text,
    /// One character of anything else: digits, operators, punctuation.
    Symbol,
    /// The first character of a parameter.
    Parameter,
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

impl Token<'_> {
    /// Byte offset after its last byte.
    pub(crate) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Whether it is this keyword (or a name that reads like it).
    pub(crate) fn is(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(word)
    }

    pub(crate) fn is_symbol(&self, symbol: &str) -> bool {
        self.kind == Kind::Symbol && self.text == symbol
    }
}

/// The tokens of a text, without white space and comments.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tokens<'a> {
    pub(crate) list: Vec<Token<'a>>,
    /// The text ends within a line comment: what is written behind it would belong to the comment.
    pub(crate) ends_in_comment: bool,
}

/// Why a text cannot be read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unclosed {
    Quote,
    Comment,
}

/// How one database splits SQL into tokens.
#[derive(Debug, Clone, Copy)]
#[allow(clippy::struct_excessive_bools, reason = "each is one rule of a lexer")]
pub(crate) struct Lexer {
    /// `[x]` is a name; elsewhere brackets enclose as parentheses do.
    pub(crate) bracket_names: bool,
    /// `` `x` `` is a name.
    backtick_names: bool,
    /// `"x"` is a name.
    double_quoted_names: bool,
    /// `$tag$ … $tag$` is a text.
    dollar_quotes: bool,
    /// A `\` takes the meaning from the quote behind it in `E'…'`.
    escape_strings: bool,
    /// … in every text.
    backslashes: bool,
    /// `/* /* */ */` is one comment.
    nested_comments: bool,
    /// `#` begins a line comment, and `--` only where white space follows.
    hash_comments: bool,
    /// A line comment ends at `\r` as well.
    return_ends_line: bool,
    /// What begins a parameter.
    parameters: &'static [u8],
}

impl Lexer {
    pub(crate) const SQLITE: Self = Self {
        bracket_names: true,
        backtick_names: true,
        double_quoted_names: true,
        dollar_quotes: false,
        escape_strings: false,
        backslashes: false,
        nested_comments: false,
        hash_comments: false,
        return_ends_line: false,
        parameters: b"?:@#$",
    };

    /// With `standard_conforming_strings` on, as every session of ours has it.
    pub(crate) const POSTGRES: Self = Self {
        bracket_names: false,
        backtick_names: false,
        double_quoted_names: true,
        dollar_quotes: true,
        escape_strings: true,
        backslashes: false,
        nested_comments: true,
        hash_comments: false,
        return_ends_line: true,
        parameters: b"",
    };

    pub(crate) const MYSQL: Self = Self {
        bracket_names: false,
        backtick_names: true,
        double_quoted_names: false,
        dollar_quotes: false,
        escape_strings: false,
        backslashes: true,
        nested_comments: false,
        hash_comments: true,
        return_ends_line: false,
        parameters: b"",
    };

    /// The lexers of all databases.
    pub(crate) const ALL: [Self; 3] = [Self::SQLITE, Self::POSTGRES, Self::MYSQL];

    /// The tokens of a text.
    ///
    /// # Errors
    /// A quote or a comment that is never closed.
    pub(crate) fn tokenize<'a>(&self, sql: &'a str) -> Result<Tokens<'a>, Unclosed> {
        let bytes = sql.as_bytes();
        let mut tokens = Tokens::default();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            if let Some((end, open)) = self.comment(bytes, at)? {
                tokens.ends_in_comment = open;
                at = end;
                continue;
            }
            tokens.ends_in_comment = false;
            let (kind, end) = match byte {
                byte if byte.is_ascii_whitespace() => {
                    at += 1;
                    continue;
                }
                b'\'' => (Kind::Text, quoted(bytes, at, self.backslashes)?),
                b'e' | b'E' if self.escape_strings && bytes.get(at + 1) == Some(&b'\'') => {
                    (Kind::Text, self.escaped(bytes, at + 1)?)
                }
                b'"' if self.double_quoted_names => (Kind::Name, quoted(bytes, at, false)?),
                b'"' => (Kind::Text, quoted(bytes, at, self.backslashes)?),
                b'`' if self.backtick_names => (Kind::Name, quoted(bytes, at, false)?),
                b'[' if self.bracket_names => {
                    let close = bytes[at..].iter().position(|&byte| byte == b']').ok_or(Unclosed::Quote)?;
                    (Kind::Name, at + close + 1)
                }
                b'$' if self.dollar_quotes => match dollar_delimiter(bytes, at) {
                    Some(delimiter) => (Kind::Text, dollar_quoted(bytes, at, delimiter)?),
                    None => (Kind::Symbol, at + 1),
                },
                byte if self.parameters.contains(&byte) => (Kind::Parameter, at + 1),
                byte if begins_word(byte) => {
                    (Kind::Word, at + bytes[at..].iter().position(|&byte| !is_word(byte)).unwrap_or(bytes.len() - at))
                }
                _ => (Kind::Symbol, at + 1),
            };
            tokens.list.push(Token { kind, text: sql.get(at..end).unwrap_or_default(), start: at });
            at = end;
        }
        Ok(tokens)
    }

    /// Where the comment that begins here ends, and whether it is one that only the end of the line would close.
    fn comment(&self, bytes: &[u8], at: usize) -> Result<Option<(usize, bool)>, Unclosed> {
        let rest = &bytes[at..];
        let is_line = match rest {
            [b'-', b'-', next @ ..] if self.hash_comments => next.first().is_none_or(u8::is_ascii_whitespace),
            [b'-', b'-', ..] => true,
            [b'#', ..] => self.hash_comments,
            _ => false,
        };
        if is_line {
            let ends = |byte: &u8| *byte == b'\n' || self.return_ends_line && *byte == b'\r';
            return Ok(Some(match rest.iter().position(ends) {
                Some(length) => (at + length + 1, false),
                None => (bytes.len(), true),
            }));
        }
        if !rest.starts_with(b"/*") {
            return Ok(None);
        }
        let mut depth = 1;
        let mut end = at + 2;
        while depth > 0 {
            let Some(pair) = bytes.get(end..end + 2) else { return Err(Unclosed::Comment) };
            match pair {
                b"*/" => (depth, end) = (depth - 1, end + 2),
                b"/*" if self.nested_comments => (depth, end) = (depth + 1, end + 2),
                _ => end += 1,
            }
        }
        Ok(Some((end, false)))
    }

    /// The end of an `E'…'` whose quote is here. One that goes on behind a line break (`E'a'` newline `'b'`) is one text.
    fn escaped(&self, bytes: &[u8], open: usize) -> Result<usize, Unclosed> {
        let mut end = quoted(bytes, open, true)?;
        loop {
            let (mut next, mut breaks) = (end, false);
            loop {
                if bytes[next..].starts_with(b"--") {
                    next = self.comment(bytes, next)?.map_or(next + 2, |(end, _)| end);
                    breaks = true;
                } else if bytes.get(next).is_some_and(u8::is_ascii_whitespace) {
                    breaks |= matches!(bytes[next], b'\n' | b'\r');
                    next += 1;
                } else {
                    break;
                }
            }
            if !breaks || bytes.get(next) != Some(&b'\'') {
                return Ok(end);
            }
            end = quoted(bytes, next, true)?;
        }
    }
}

fn begins_word(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

fn is_word(byte: u8) -> bool {
    begins_word(byte) || byte.is_ascii_digit() || byte == b'$'
}

/// The end of what is quoted from here on; a doubled quote stands for itself.
fn quoted(bytes: &[u8], open: usize, backslashes: bool) -> Result<usize, Unclosed> {
    let quote = bytes[open];
    let mut at = open + 1;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' if backslashes => at += 2,
            byte if byte != quote => at += 1,
            _ if bytes.get(at + 1) == Some(&quote) => at += 2,
            _ => return Ok(at + 1),
        }
    }
    Err(Unclosed::Quote)
}

/// `$$` or `$tag$`, where it begins here.
fn dollar_delimiter(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let tag = bytes[at + 1..].iter().position(|&byte| byte == b'$' || !is_word(byte))?;
    let is_tag = bytes[at + 1 + tag] == b'$' && !bytes[at + 1].is_ascii_digit();
    is_tag.then(|| &bytes[at..at + tag + 2])
}

fn dollar_quoted(bytes: &[u8], open: usize, delimiter: &[u8]) -> Result<usize, Unclosed> {
    let inside = open + delimiter.len();
    let length = bytes[inside..].windows(delimiter.len()).position(|bytes| bytes == delimiter);
    length.map(|length| inside + length + delimiter.len()).ok_or(Unclosed::Quote)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts<'a>(lexer: &Lexer, sql: &'a str) -> Vec<&'a str> {
        lexer.tokenize(sql).unwrap().list.iter().map(|token| token.text).collect()
    }

    #[test]
    fn each_database_has_its_own_quotes() {
        assert_eq!(texts(&Lexer::POSTGRES, "$t$ ; $x$ $t$ $$;$$ $1"), ["$t$ ; $x$ $t$", "$$;$$", "$", "1"]);
        assert_eq!(texts(&Lexer::POSTGRES, r"E'\';' date'\' a$b$"), [r"E'\';'", "date", r"'\'", "a$b$"]);
        assert_eq!(texts(&Lexer::POSTGRES, "E'a' -- '\n 'b\\';' x"), ["E'a' -- '\n 'b\\';'", "x"]);
        assert_eq!(texts(&Lexer::POSTGRES, "a[1]"), ["a", "[", "1", "]"]);
        assert_eq!(
            texts(&Lexer::SQLITE, "[a;'] `b;``` \"c;\"\"\" 'it''s'"),
            ["[a;']", "`b;```", "\"c;\"\"\"", "'it''s'"]
        );
        assert_eq!(texts(&Lexer::MYSQL, r#""\"" '\'' a # ;"#), [r#""\"""#, r"'\''", "a"]);
    }

    #[test]
    fn comments_are_as_long_as_each_database_takes_them() {
        assert_eq!(texts(&Lexer::POSTGRES, "a /* /* */ ; */ b"), ["a", "b"]);
        assert_eq!(texts(&Lexer::SQLITE, "a /* /* */ ; b"), ["a", ";", "b"]);
        assert_eq!(texts(&Lexer::POSTGRES, "a -- x\r; b"), ["a", ";", "b"]);
        assert_eq!(texts(&Lexer::SQLITE, "a -- x\r; b\nc"), ["a", "c"]);
        assert_eq!(texts(&Lexer::MYSQL, "1--1 -- 2"), ["1", "-", "-", "1"]);
        assert!(Lexer::SQLITE.tokenize("a -- b").unwrap().ends_in_comment);
        assert!(!Lexer::SQLITE.tokenize("a -- b\n").unwrap().ends_in_comment);
        for open in ["/* x", "/*/", "'", "\"a", "'a''"] {
            assert!(Lexer::ALL.iter().all(|lexer| lexer.tokenize(open).is_err()), "{open}");
        }
        for open in ["[a", "`a"] {
            assert!(Lexer::SQLITE.tokenize(open).is_err(), "{open}");
        }
        for open in ["$a$ b", "E'\\'", "/* /* */"] {
            assert!(Lexer::POSTGRES.tokenize(open).is_err(), "{open}");
        }
    }
}
