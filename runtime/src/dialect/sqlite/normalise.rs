//! One normal form for types, defaults and expressions, of both sides: what we ask for and what SQLite holds.
//!
//! A normal form means the same as what it was made from: tables are built from it again.

use super::defaults::number;
use super::parse::{Kind, Token, is_keyword, is_reserved, tokenize};
use std::collections::BTreeSet;

/// The names of a table's columns: in its expressions, `"x"` is a text where no column has that name.
#[derive(Debug, Clone, Default)]
pub(crate) struct ColumnNames(BTreeSet<String>);

impl ColumnNames {
    pub(crate) fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        Self(names.into_iter().map(str::to_ascii_lowercase).collect())
    }

    pub(crate) fn contains(&self, name: &str) -> bool {
        self.0.contains(&name.to_ascii_lowercase())
    }

    fn is_column(&self, name: &str) -> bool {
        self.contains(name) || ["rowid", "oid", "_rowid_"].iter().any(|rowid| name.eq_ignore_ascii_case(rowid))
    }
}

/// An identifier between double quotes. The one quoting function for names.
pub(crate) fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text between single quotes. The one quoting function for texts.
pub(crate) fn quote_text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A column type: upper case, single spaces.
pub(crate) fn column_type(written: &str) -> String {
    let mut tokens = tokenize(written);
    if tokens.first().is_some_and(|first| first.is_name() && first.kind != Kind::Word) {
        // Where the type begins with a quote, SQLite reads no further than to the one that closes it.
        tokens.truncate(1);
    }
    let mut out = String::new();
    let mut previous = "";
    for token in tokens {
        let text = token.unquoted();
        if !out.is_empty() && !matches!(&*text, "(" | ")" | ",") && !matches!(previous, "(" | "," | "+" | "-") {
            out.push(' ');
        }
        out.push_str(&text.to_ascii_uppercase());
        previous = token.text;
    }
    out
}

/// An expression over the columns of a table.
pub(crate) fn expression(sql: &str, columns: &ColumnNames) -> String {
    let tokens = tokenize(sql);
    print(without_parentheses(&tokens), columns)
}

/// The names in an expression, each once: its columns.
pub(crate) fn names_read(sql: &str) -> Vec<String> {
    let tokens = tokenize(sql);
    let mut found: Vec<String> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let is_name = matches!(token.kind, Kind::Word | Kind::Double | Kind::Quoted) && role(&tokens, at) == Role::Name;
        let name = token.unquoted().into_owned();
        if is_name && !found.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
            found.push(name);
        }
    }
    found
}

/// Whether the token can be that name.
pub(crate) fn names(token: &Token<'_>, name: &str) -> bool {
    matches!(token.kind, Kind::Word | Kind::Double | Kind::Quoted) && token.unquoted().eq_ignore_ascii_case(name)
}

/// A normalised expression after its column was renamed.
pub(crate) fn rename_in_expression(sql: &str, from: &str, to: &str) -> String {
    replace_names(sql, to, |tokens, at| names(&tokens[at], from) && role(tokens, at) == Role::Name)
}

/// The statement of an index or a trigger after a table was renamed, as SQLite rewrites it. In a trigger a column of that name changes
/// with it: good enough to show, and to tell who depends on whom.
pub(crate) fn rename_table(sql: &str, from: &str, to: &str) -> String {
    let is_index = tokenize(sql).iter().take(3).any(|token| token.is("INDEX"));
    rewrite(sql, to, |tokens, at| {
        names(&tokens[at], from) && (!is_index || at.checked_sub(1).is_some_and(|before| tokens[before].is("ON")))
    })
}

/// The statement of an index or a trigger after a column was renamed, as SQLite rewrites it.
pub(crate) fn rename_in_statement(sql: &str, from: &str, to: &str) -> String {
    let tokens = tokenize(sql);
    // Before these stands what it is called, and the table.
    let begins = ["BEGIN", "OF", "WHEN"];
    let index = tokens.iter().take(3).any(|token| token.is("INDEX"));
    let first = tokens
        .iter()
        .position(|token| if index { token.is_operator("(") } else { begins.iter().any(|word| token.is(word)) });
    let first = first.unwrap_or(0);
    rewrite(sql, to, |tokens, at| at > first && names(&tokens[at], from) && role(tokens, at) == Role::Name)
}

fn replace_names(sql: &str, to: &str, is_meant: impl Fn(&[Token<'_>], usize) -> bool) -> String {
    replace(sql, &name(to), is_meant)
}

/// As `ALTER TABLE … RENAME` edits a text: the new name in quotes, and a blank where a quote follows.
fn rewrite(sql: &str, to: &str, is_meant: impl Fn(&[Token<'_>], usize) -> bool) -> String {
    replace(sql, &quote(to), is_meant)
}

fn replace(sql: &str, to: &str, is_meant: impl Fn(&[Token<'_>], usize) -> bool) -> String {
    let tokens = tokenize(sql);
    let mut out = String::with_capacity(sql.len());
    let mut copied = 0;
    for (at, token) in tokens.iter().enumerate() {
        if is_meant(&tokens, at) {
            out.push_str(&sql[copied..token.start]);
            out.push_str(to);
            copied = token.end();
            if to.ends_with('"') && sql[copied..].starts_with('"') {
                out.push(' ');
            }
        }
    }
    out.push_str(&sql[copied..]);
    out
}

pub(crate) fn without_parentheses<'t, 'a>(mut tokens: &'t [Token<'a>]) -> &'t [Token<'a>] {
    while let [open, inside @ .., close] = tokens
        && open.is_operator("(")
        && close.is_operator(")")
        && is_balanced(inside)
    {
        tokens = inside;
    }
    tokens
}

fn is_balanced(tokens: &[Token<'_>]) -> bool {
    let mut depth = 0_i32;
    for token in tokens {
        depth += i32::from(token.is_operator("(")) - i32::from(token.is_operator(")"));
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}

/// What a word means where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Keyword,
    Function,
    Name,
}

/// What the token is at its place.
pub(crate) fn role(tokens: &[Token<'_>], at: usize) -> Role {
    let token = &tokens[at];
    let before = at.checked_sub(1).map(|n| &tokens[n]);
    if is_cast_type(tokens, at) {
        return Role::Keyword;
    }
    let opens = tokens.get(at + 1).is_some_and(|next| next.is_operator("("));
    if token.kind != Kind::Word {
        return if opens && !before.is_some_and(|b| b.is_operator(".")) { Role::Function } else { Role::Name };
    }
    if before.is_some_and(|before| before.is("COLLATE")) {
        return Role::Keyword;
    }
    let is_infix = ["LIKE", "GLOB", "REGEXP", "MATCH"].iter().any(|word| token.is(word));
    if is_infix {
        let after_operand = before.is_some_and(|b| b.is("NOT") || ends_operand(b));
        return if after_operand {
            Role::Keyword
        } else if opens {
            Role::Function
        } else {
            Role::Name
        };
    }
    if token.is("END") {
        let open_cases = tokens[..at].iter().fold(0_u32, |open, token| {
            if token.is("CASE") { open + 1 } else { open.saturating_sub(u32::from(token.is("END"))) }
        });
        return if open_cases > 0 { Role::Keyword } else { Role::Name };
    }
    if is_reserved(token.text) {
        Role::Keyword
    } else if opens {
        Role::Function
    } else {
        Role::Name
    }
}

/// Whether the token is a word of the type in `CAST(… AS type)`.
fn is_cast_type(tokens: &[Token<'_>], at: usize) -> bool {
    let words = tokens[..at].iter().rev().take_while(|token| token.is_name() && !token.is("AS")).count();
    let Some(as_at) = (at - words).checked_sub(1).filter(|&before| tokens[before].is("AS")) else { return false };
    let mut depth = 0_i32;
    for before in (0..as_at).rev() {
        let token = &tokens[before];
        if token.is_operator("(") && depth == 0 {
            return before.checked_sub(1).is_some_and(|call| tokens[call].is("CAST"));
        }
        depth += i32::from(token.is_operator(")")) - i32::from(token.is_operator("("));
    }
    false
}

pub(crate) fn ends_operand(token: &Token<'_>) -> bool {
    match token.kind {
        Kind::Operator => token.text == ")",
        Kind::Word => {
            !is_reserved(token.text)
                || ["NULL", "TRUE", "FALSE", "CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME"]
                    .iter()
                    .any(|value| token.is(value))
        }
        Kind::Other => false,
        _ => true,
    }
}

pub(crate) fn print(tokens: &[Token<'_>], columns: &ColumnNames) -> String {
    let mut out = String::new();
    let mut glued = true;
    for (at, token) in tokens.iter().enumerate() {
        let role = role(tokens, at);
        let previous = at.checked_sub(1).map(|n| &tokens[n]);
        let closes = token.kind == Kind::Operator && matches!(token.text, ")" | "," | "." | ";");
        let calls = token.is_operator("(") && at > 0 && is_call(tokens, at - 1);
        if !(glued || closes || calls) || (out.ends_with('-') && token.text.starts_with('-')) {
            out.push(' ');
        }
        out.push_str(&form(tokens, at, role, columns));
        let is_sign = token.kind == Kind::Operator && matches!(token.text, "-" | "+" | "~");
        let is_unary = is_sign && !previous.is_some_and(ends_operand);
        glued = is_unary || token.is_operator("(") || token.is_operator(".");
    }
    out
}

fn is_call(tokens: &[Token<'_>], at: usize) -> bool {
    tokens[at].is_name() && tokens[at].kind != Kind::Text && role(tokens, at) == Role::Function
}

/// The normal form of one token.
fn form(tokens: &[Token<'_>], at: usize, role: Role, columns: &ColumnNames) -> String {
    let token = &tokens[at];
    let near_dot = |n: Option<usize>| n.and_then(|n| tokens.get(n)).is_some_and(|t| t.is_operator("."));
    let qualified = near_dot(Some(at + 1)) || near_dot(at.checked_sub(1));
    if at > 0 && tokens[at - 1].is("COLLATE") && token.is_name() {
        return name(&token.unquoted());
    }
    match token.kind {
        Kind::Word if role == Role::Name && (columns.contains(token.text) || qualified) => name(token.text),
        Kind::Word | Kind::Blob => token.text.to_ascii_lowercase(),
        Kind::Double if role == Role::Name && !qualified && !columns.is_column(&token.unquoted()) => {
            quote_text(&token.unquoted())
        }
        Kind::Double | Kind::Quoted => name(&token.unquoted()),
        Kind::Number => number(token.text),
        _ => token.text.to_owned(),
    }
}

/// A name in an expression: folded, between quotes where it needs them.
fn name(name: &str) -> String {
    let folded = name.to_ascii_lowercase();
    let mut bytes = folded.bytes();
    let plain = bytes.next().is_some_and(|b| b.is_ascii_lowercase() || b == b'_')
        && bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if plain && !is_keyword(&folded) { folded } else { quote(&folded) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_upper_case_with_single_spaces() {
        for (written, normal) in [
            ("varchar ( 40 )", "VARCHAR(40)"),
            ("decimal(10 , 2)", "DECIMAL(10,2)"),
            ("unsigned  big\nint", "UNSIGNED BIG INT"),
            ("\"my type\"(3)", "MY TYPE"),
            ("numeric(-1,+2)", "NUMERIC(-1,+2)"),
            ("", ""),
        ] {
            assert_eq!(column_type(written), normal);
        }
    }

    #[test]
    fn expressions_that_mean_the_same_have_one_form() {
        let columns = ColumnNames::new(["Price", "order", "key", "end", "naïve"]);
        for (written, normal) in [
            ("((\"price\">=0))", "price >= 0"),
            ("PRICE >= -1 /* c */", "price >= -1"),
            ("[Price] IN(1,2)", "price in (1, 2)"),
            ("\"order\" = \"open\"", "\"order\" = 'open'"),
            ("key is NOT null", "\"key\" is not null"),
            ("`key` IS NOT NULL", "\"key\" is not null"),
            ("end > case when 1 then 2 end", "\"end\" > case when 1 then 2 end"),
            ("Lower( price ) LIKE 'A%' ESCAPE '\\'", "lower(price) like 'A%' escape '\\'"),
            ("1 - -1", "1 - -1"),
            ("(a) = (b)", "(a) = (b)"),
            ("t . \"price\"", "t.price"),
            ("\"naïve\"", "\"naïve\""),
            ("price COLLATE \"nocase\" = 'x'", "price collate nocase = 'x'"),
        ] {
            let once = expression(written, &columns);
            assert_eq!(once, normal, "{written}");
            assert_eq!(expression(&once, &columns), once, "{written} again");
        }
    }

    #[test]
    fn a_renamed_column_is_renamed_in_expressions_only_where_it_is_the_column() {
        assert_eq!(
            rename_in_expression("a > 0 and lower(a) = 'a'", "A", "new name"),
            "\"new name\" > 0 and lower(\"new name\") = 'a'"
        );
        assert_eq!(rename_in_expression("lower(lower) > 0", "lower", "b"), "lower(b) > 0");
        assert_eq!(rename_in_expression("cast(date as date) > 0", "date", "day"), "cast(day as date) > 0");
    }
}
