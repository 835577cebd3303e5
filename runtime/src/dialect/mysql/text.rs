//! SQL as text: quoting, and the little of its grammar that names in expressions need.

use crate::model::sql::{Kind, Lexer, Token};

/// An identifier between backticks. The one quoting function for names.
pub(crate) fn quote(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// A text between single quotes. The one quoting function for texts: right under the `sql_mode` that a run sets.
pub(crate) fn quote_text(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

/// A text that is right under every `sql_mode`: for what is asked before a run has set its own.
pub(crate) fn hex_text(text: &str) -> String {
    let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    format!("CONVERT(x'{hex}' USING utf8mb4)")
}

/// The names, quoted, with commas.
pub(crate) fn list(names: &[String]) -> String {
    names.iter().map(|name| quote(name)).collect::<Vec<_>>().join(", ")
}

/// The tokens; none of a text that cannot be read to its end.
pub(super) fn tokenize(sql: &str) -> Vec<Token<'_>> {
    Lexer::MYSQL.tokenize(sql).map(|tokens| tokens.list).unwrap_or_default()
}

/// The name that the token can be.
pub(super) fn name_of(token: &Token<'_>) -> Option<String> {
    match token.kind {
        Kind::Word => Some(token.text.to_owned()),
        Kind::Name => {
            let inside = token.text.get(1..token.text.len().checked_sub(1)?)?;
            Some(inside.replace("``", "`"))
        }
        _ => None,
    }
}

/// What a text literal says.
pub(super) fn text_of(literal: &str) -> Option<String> {
    let quote = literal.chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
    let inside = literal.strip_prefix(quote)?.strip_suffix(quote)?;
    let mut text = String::with_capacity(inside.len());
    let mut chars = inside.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next()? {
                'n' => text.push('\n'),
                't' => text.push('\t'),
                'r' => text.push('\r'),
                '0' => text.push('\0'),
                'b' => text.push('\u{8}'),
                'Z' => text.push('\u{1a}'),
                other => text.push(other),
            },
            c if c == quote => {
                chars.next_if_eq(&quote)?;
                text.push(quote);
            }
            c => text.push(c),
        }
    }
    Some(text)
}

/// An expression as MySQL's information schema gives it: the quotes and backslashes of its texts are escaped once more.
pub(super) fn unescape(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut chars = sql.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => out.push('\n'),
                Some('r') => out.push('\r'),
                Some('0') => out.push('\0'),
                Some('Z') => out.push('\u{1a}'),
                Some(other) => out.push(other),
                None => out.push('\\'),
            },
            c => out.push(c),
        }
    }
    out
}

/// A statement or an expression without the white space and semicolons around it.
pub(crate) fn trim(sql: &str) -> &str {
    sql.trim().trim_end_matches([';', ' ', '\n', '\t', '\r'])
}

/// The expression without the parentheses that enclose all of it.
pub(super) fn without_parentheses(sql: &str) -> &str {
    let mut sql = sql.trim();
    while is_enclosed(sql) {
        sql = sql[1..sql.len() - 1].trim();
    }
    sql
}

/// Whether the parentheses at both ends belong together.
pub(super) fn is_enclosed(sql: &str) -> bool {
    let tokens = tokenize(sql);
    let mut depth = 0_i32;
    for (at, token) in tokens.iter().enumerate() {
        depth += i32::from(token.is_symbol("(")) - i32::from(token.is_symbol(")"));
        if depth == 0 {
            return at > 0 && at + 1 == tokens.len() && token.is_symbol(")");
        }
    }
    false
}

/// The expression after its column was renamed.
pub(crate) fn rename_in_expression(sql: &str, from: &str, to: &str) -> String {
    replace_names(sql, &quote(to), |tokens, at| {
        let calls = tokens[at].kind == Kind::Word && tokens.get(at + 1).is_some_and(|next| next.is_symbol("("));
        !calls && name_of(&tokens[at]).is_some_and(|name| name.to_lowercase() == from.to_lowercase())
    })
}

fn replace_names(sql: &str, to: &str, is_meant: impl Fn(&[Token<'_>], usize) -> bool) -> String {
    let tokens = tokenize(sql);
    let mut out = String::with_capacity(sql.len());
    let mut copied = 0;
    for at in 0..tokens.len() {
        if is_meant(&tokens, at) {
            out.push_str(&sql[copied..tokens[at].start]);
            out.push_str(to);
            copied = tokens[at].end();
        }
    }
    out.push_str(&sql[copied..]);
    out
}

/// The query of a view without the name of the database that it is in.
pub(super) fn without_database(sql: &str, database: &str) -> String {
    let tokens = tokenize(sql);
    let mut out = String::with_capacity(sql.len());
    let mut copied = 0;
    for at in 0..tokens.len() {
        let dot = tokens.get(at + 1).is_some_and(|next| next.is_symbol("."));
        let qualified = at.checked_sub(1).is_some_and(|before| tokens[before].is_symbol("."));
        let named = tokens[at].kind == Kind::Name && name_of(&tokens[at]).as_deref() == Some(database);
        if named && dot && !qualified {
            out.push_str(&sql[copied..tokens[at].start]);
            copied = tokens[at + 1].end();
        }
    }
    out.push_str(&sql[copied..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_quoted_and_read_back() {
        for text in ["", "it's", "a\\'b", "\\", "\"x\""] {
            assert_eq!(text_of(&quote_text(text)).as_deref(), Some(text));
        }
        assert_eq!(text_of("'q\\'\\\\z'").as_deref(), Some("q'\\z"));
        assert_eq!(unescape("concat(`a`,_utf8mb4\\'q\\\\\\'\\\\\\\\z\\')"), "concat(`a`,_utf8mb4'q\\'\\\\z')");
    }

    #[test]
    fn names_follow_in_expressions_and_nowhere_else() {
        assert_eq!(
            rename_in_expression("(age > 0 and `Age` <> 'age')", "age", "old"),
            "(`old` > 0 and `old` <> 'age')"
        );
        assert_eq!(rename_in_expression("left(`left`,2)", "left", "b"), "left(`b`,2)");
    }

    #[test]
    fn parentheses_around_all_go() {
        assert_eq!(without_parentheses("((`a` > 0))"), "`a` > 0");
        assert_eq!(without_parentheses("(a) + (b)"), "(a) + (b)");
        assert_eq!(
            without_database("select `x`.`t`.`a` from `x`.`t` where `t`.`x` = 'x.'", "x"),
            "select `t`.`a` from `t` where `t`.`x` = 'x.'"
        );
    }
}
