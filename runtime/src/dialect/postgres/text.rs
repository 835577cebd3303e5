//! SQL as text: quoting, and the little of its grammar that names in expressions need.

/// An identifier between double quotes. The one quoting function for names.
pub(crate) fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text between single quotes. The one quoting function for texts; right whatever `standard_conforming_strings` says.
pub(crate) fn quote_text(text: &str) -> String {
    let doubled = text.replace('\'', "''");
    if doubled.contains('\\') { format!("E'{}'", doubled.replace('\\', "\\\\")) } else { format!("'{doubled}'") }
}

/// The names, quoted, with commas.
pub(crate) fn list(names: &[String]) -> String {
    names.iter().map(|name| quote(name)).collect::<Vec<_>>().join(", ")
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Quoted,
    Other,
}

/// A piece of SQL; texts and comments are one piece each.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
    pub(super) start: usize,
}

impl Token<'_> {
    /// The name that it can be: PostgreSQL folds what is not quoted, and a reserved word that is not quoted is none (`CASE … END`).
    pub(super) fn name(&self) -> Option<String> {
        match self.kind {
            Kind::Word => Some(self.text.to_lowercase()).filter(|word| !is_quoted(word)),
            Kind::Quoted => {
                let inside = self.text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
                inside.map(|name| name.replace("\"\"", "\""))
            }
            Kind::Other => None,
        }
    }
}

pub(super) fn tokenize(sql: &str) -> Vec<Token<'_>> {
    let bytes = sql.as_bytes();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        let rest = &bytes[at..];
        let kind = match bytes[at] {
            byte if byte.is_ascii_whitespace() => {
                at += 1;
                continue;
            }
            b'"' => {
                at = end_of_quoted(bytes, at, b'"', false);
                Kind::Quoted
            }
            b'\'' => {
                let escapes = start > 0 && matches!(bytes[start - 1], b'e' | b'E');
                at = end_of_quoted(bytes, at, b'\'', escapes);
                Kind::Other
            }
            b'$' if let Some(length) = dollar_quoted(&sql[start..]) => {
                at += length;
                Kind::Other
            }
            b'-' if rest.starts_with(b"--") => {
                at += rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
                continue;
            }
            b'/' if rest.starts_with(b"/*") => {
                at += sql[at + 2..].find("*/").map_or(rest.len(), |end| end + 4);
                continue;
            }
            byte if is_word(byte) && !byte.is_ascii_digit() => {
                at += rest.iter().position(|&byte| !is_word(byte)).unwrap_or(rest.len());
                Kind::Word
            }
            byte if byte.is_ascii_digit() => {
                at += rest.iter().position(|&byte| !is_word(byte) && byte != b'.').unwrap_or(rest.len());
                Kind::Other
            }
            _ => {
                at += 1;
                Kind::Other
            }
        };
        tokens.push(Token { kind, text: &sql[start..at], start });
    }
    tokens
}

/// The length of the string between `$tag$` and `$tag$` that the text begins with.
fn dollar_quoted(sql: &str) -> Option<usize> {
    let tag = sql.get(1..)?.find('$')? + 2;
    let name = &sql.as_bytes()[1..tag - 1];
    if name.first().is_some_and(u8::is_ascii_digit) || !name.iter().all(|&byte| is_word(byte) && byte != b'$') {
        return None;
    }
    Some(sql[tag..].find(&sql[..tag]).map_or(sql.len(), |end| end + 2 * tag))
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

fn end_of_quoted(bytes: &[u8], start: usize, quote: u8, escapes: bool) -> usize {
    let mut at = start + 1;
    while at < bytes.len() {
        if escapes && bytes[at] == b'\\' {
            at += 2;
        } else if bytes[at] == quote {
            if bytes.get(at + 1) != Some(&quote) {
                return at + 1;
            }
            at += 2;
        } else {
            at += 1;
        }
    }
    bytes.len()
}

/// Whether the parentheses at both ends belong together.
pub(crate) fn is_enclosed(sql: &str) -> bool {
    let tokens = tokenize(sql);
    let mut depth = 0_i32;
    for (at, token) in tokens.iter().enumerate() {
        depth += i32::from(token.text == "(") - i32::from(token.text == ")");
        if depth == 0 {
            return at + 1 == tokens.len();
        }
    }
    false
}

/// Whether the expression can only stand in parentheses behind `DEFAULT` in a column's definition (`b_expr` of the server's grammar), or
/// holds a word that would begin the next clause of the definition there.
pub(crate) fn is_only_enclosed(sql: &str) -> bool {
    const KEYWORDS: [&str; 25] = [
        "and",
        "at",
        "between",
        "check",
        "collate",
        "compression",
        "constraint",
        "default",
        "deferrable",
        "generated",
        "ilike",
        "in",
        "initially",
        "is",
        "isnull",
        "like",
        "no",
        "not",
        "notnull",
        "or",
        "primary",
        "references",
        "similar",
        "storage",
        "unique",
    ];
    let mut depth = 0_i32;
    tokenize(sql).iter().any(|token| {
        depth += i32::from(token.text == "(") - i32::from(token.text == ")");
        depth == 0 && KEYWORDS.contains(&token.text.to_ascii_lowercase().as_str())
    })
}

/// The expression after its column was renamed, as the server prints it then.
pub(crate) fn rename_in_expression(sql: &str, from: &str, to: &str) -> String {
    let tokens = tokenize(sql);
    let mut out = String::with_capacity(sql.len());
    let mut copied = 0;
    for (at, token) in tokens.iter().enumerate() {
        let next = tokens.get(at + 1).map_or("", |next| next.text);
        let before = at.checked_sub(1).map_or("", |before| tokens[before].text);
        // `from (`: a function; `::from`: a type.
        if token.name().is_some_and(|name| name == from) && next != "(" && before != ":" {
            out.push_str(&sql[copied..token.start]);
            out.push_str(&plain(to));
            copied = token.start + token.text.len();
        }
    }
    out.push_str(&sql[copied..]);
    out
}

/// The statement after the relation `schema.from` was renamed.
pub(crate) fn rename_qualified(sql: &str, schema: &str, from: &str, to: &str) -> String {
    let tokens = tokenize(sql);
    let is = |at: Option<usize>, name: &str| {
        at.and_then(|at| tokens.get(at)).and_then(Token::name).is_some_and(|found| found == name)
    };
    let mut out = String::with_capacity(sql.len());
    let mut copied = 0;
    for (at, token) in tokens.iter().enumerate() {
        let qualified = at.checked_sub(1).is_some_and(|dot| tokens[dot].text == ".") && is(at.checked_sub(2), schema);
        if qualified && is(Some(at), from) {
            out.push_str(&sql[copied..token.start]);
            out.push_str(&plain(to));
            copied = token.start + token.text.len();
        }
    }
    out.push_str(&sql[copied..]);
    out
}

/// As the server prints a name: quoted only where it must be.
pub(super) fn plain(name: &str) -> String {
    let simple = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        && name.bytes().next().is_some_and(|byte| !byte.is_ascii_digit());
    if simple && !is_quoted(name) { name.to_owned() } else { quote(name) }
}

/// Whether the server puts a word between quotes where it prints it as a name.
fn is_quoted(word: &str) -> bool {
    RESERVED.contains(&word) || QUOTED.contains(&word)
}

/// Words that are never columns unless they stand in quotes, and words of operators that nobody writes for one.
pub(super) const RESERVED: [&str; 92] = [
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "between",
    "both",
    "case",
    "cast",
    "check",
    "collate",
    "column",
    "constraint",
    "create",
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "exists",
    "false",
    "fetch",
    "for",
    "foreign",
    "from",
    "full",
    "grant",
    "group",
    "having",
    "ilike",
    "in",
    "initially",
    "inner",
    "intersect",
    "into",
    "is",
    "isnull",
    "join",
    "lateral",
    "leading",
    "like",
    "limit",
    "localtime",
    "localtimestamp",
    "natural",
    "not",
    "notnull",
    "null",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "outer",
    "overlaps",
    "placing",
    "primary",
    "references",
    "returning",
    "row",
    "select",
    "session_user",
    "setof",
    "similar",
    "some",
    "symmetric",
    "table",
    "tablesample",
    "then",
    "to",
    "trailing",
    "true",
    "union",
    "unique",
    "using",
    "values",
    "when",
    "where",
];

/// Further words that `quote_ident` puts between quotes, though some can be names without them.
const QUOTED: [&str; 50] = [
    "authorization",
    "bigint",
    "binary",
    "bit",
    "boolean",
    "char",
    "character",
    "coalesce",
    "collation",
    "concurrently",
    "cross",
    "dec",
    "decimal",
    "extract",
    "float",
    "freeze",
    "greatest",
    "grouping",
    "inout",
    "int",
    "integer",
    "interval",
    "least",
    "left",
    "national",
    "nchar",
    "none",
    "normalize",
    "nullif",
    "numeric",
    "out",
    "overlay",
    "position",
    "precision",
    "real",
    "right",
    "smallint",
    "substring",
    "system_user",
    "time",
    "timestamp",
    "treat",
    "trim",
    "user",
    "varchar",
    "variadic",
    "verbose",
    "window",
    "with",
    "xmlattributes",
];

/// A statement or an expression without the white space and semicolons around it.
pub(crate) fn trim(sql: &str) -> &str {
    sql.trim().trim_end_matches([';', ' ', '\n', '\t', '\r'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_in_expressions_and_nowhere_else() {
        let renamed = |sql: &str| rename_in_expression(sql, "age", "years");
        assert_eq!(renamed("((age > 0) AND (age(x) <> 'age'::text))"), "((years > 0) AND (age(x) <> 'age'::text))");
        assert_eq!(renamed("(\"age\" > 0)"), "(years > 0)");
        assert_eq!(rename_in_expression("(a > 0)", "a", "Order"), "(\"Order\" > 0)");
        assert_eq!(rename_in_expression("(a > 0)", "a", "order"), "(\"order\" > 0)");
        // A reserved word is a name only between quotes.
        let case = "CASE WHEN (\"end\" > 0) THEN 1 ELSE 2 END";
        assert_eq!(rename_in_expression(case, "end", "a"), "CASE WHEN (a > 0) THEN 1 ELSE 2 END");
        assert_eq!(rename_in_expression("(\"say \"\"hi\"\"\" > 0)", "say \"hi\"", "a"), "(a > 0)");
    }

    #[test]
    fn texts_are_quoted_whatever_they_hold() {
        assert_eq!(quote_text("it's"), "'it''s'");
        assert_eq!(quote_text("a\\'"), "E'a\\\\'''");
    }
}
