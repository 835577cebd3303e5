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

/// The columns that an expression reads, by their names in `columns`.
pub(crate) fn columns_read<'a>(sql: &str, columns: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let tokens = tokenize(sql);
    columns.into_iter().filter(|name| tokens.iter().any(|token| names(token, name))).map(str::to_owned).collect()
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

/// Whether the text mentions the name.
pub(crate) fn mentions(sql: &str, name: &str) -> bool {
    tokenize(sql).iter().any(|token| names(token, name))
}

/// Whether the text mentions the table of that name: SQLite takes `FROM 'x'` as well.
pub(crate) fn mentions_table(sql: &str, name: &str) -> bool {
    tokenize(sql).iter().any(|token| token.is_name() && token.unquoted().eq_ignore_ascii_case(name))
}

/// Whether the text reads or writes the table or view of that name: it stands in a FROM, behind INTO, UPDATE or IN, or in the
/// `content = …` of a full-text table. What is only called so, a column, does not count.
pub(crate) fn uses_table(sql: &str, name: &str) -> bool {
    let tokens = tokenize(sql);
    let content = tokens.windows(3).any(|three| {
        let is_it = three[2].is_name() && three[2].unquoted().eq_ignore_ascii_case(name);
        is_it && three[0].is("CONTENT") && three[1].is_operator("=")
    });
    content || table_places(&tokens).into_iter().any(|at| tokens[at].unquoted().eq_ignore_ascii_case(name))
}

/// The positions of the tokens that name a table or view.
fn table_places(tokens: &[Token<'_>]) -> Vec<usize> {
    const ENDS: [&str; 14] = [
        "SELECT",
        "WHERE",
        "GROUP",
        "HAVING",
        "WINDOW",
        "ORDER",
        "LIMIT",
        "UNION",
        "EXCEPT",
        "INTERSECT",
        "SET",
        "VALUES",
        "RETURNING",
        "BEGIN",
    ];
    const OR: [&str; 5] = ["ROLLBACK", "ABORT", "REPLACE", "FAIL", "IGNORE"];
    let mut places = Vec::new();
    // Whether a FROM is open, by parentheses.
    let mut open = vec![false];
    let mut expected = false;
    for (at, token) in tokens.iter().enumerate() {
        let is = |words: &[&str]| words.iter().any(|word| token.is(word));
        let in_from = open.last().copied().unwrap_or_default();
        let before = at.checked_sub(1).map(|before| &tokens[before]);
        let qualifies = tokens.get(at + 1).is_some_and(|next| next.is_operator("."));
        if token.is_operator("(") {
            open.push(in_from && expected);
            expected &= in_from;
        } else if token.is_operator(")") {
            open.pop();
            expected = false;
        } else if token.is_operator(",") {
            expected = in_from;
        } else if is(&["FROM", "JOIN"]) && !before.is_some_and(|before| before.is("DISTINCT")) {
            if let Some(open) = open.last_mut() {
                *open = true;
            }
            expected = true;
        } else if token.is("IN") {
            expected = !tokens.get(at + 1).is_some_and(|next| next.is_operator("("));
        } else if token.is("INTO") || token.is("UPDATE") && !tokens.get(at + 1).is_some_and(|next| next.is("OF")) {
            expected = true;
        } else if is(&ENDS) || token.is_operator(";") {
            if let Some(open) = open.last_mut() {
                *open = false;
            }
            expected = false;
        } else if token.is("OR") || is(&OR) && before.is_some_and(|before| before.is("OR")) {
            // `UPDATE OR REPLACE t`
        } else if expected && token.is_name() {
            if !qualifies {
                places.push(at);
                expected = false;
            }
        } else if !token.is_operator(".") {
            expected = false;
        }
    }
    places
}

/// Whether the text holds a name in double quotes that nothing has, not even by its own `AS`: SQLite takes that for a text. Not one that
/// stands before or after a dot.
pub(crate) fn names_text(sql: &str, is_known: &dyn Fn(&str) -> bool) -> bool {
    let tokens = tokenize(sql);
    let after =
        |at: usize, is: &dyn Fn(&Token<'_>) -> bool| at.checked_sub(1).is_some_and(|before| is(&tokens[before]));
    let dot = |token: &Token<'_>| token.is_operator(".");
    let is_alias = |name: &str| {
        let mut pairs = tokens.windows(2);
        pairs.any(|pair| pair[0].is("AS") && pair[1].is_name() && pair[1].unquoted().eq_ignore_ascii_case(name))
    };
    tokens.iter().enumerate().any(|(at, token)| {
        let qualified = after(at, &dot) || tokens.get(at + 1).is_some_and(dot);
        token.kind == Kind::Double && !qualified && !is_alias(&token.unquoted()) && !is_known(&token.unquoted())
    })
}

/// Whether a view may read that column of that table: not where the column is always said to be of another one, nor where it is a new name
/// alone.
pub(crate) fn reads_column(sql: &str, table: &str, column: &str) -> bool {
    let tokens = tokenize(sql);
    let same = |token: &Token<'_>, name: &str| token.is_name() && token.unquoted().eq_ignore_ascii_case(name);
    let before = |at: usize, n: usize| at.checked_sub(n).map(|at| &tokens[at]);
    // `FROM other`, `JOIN other`, `other AS called`: anything else may be the table.
    let is_another = |called: &str| {
        !called.eq_ignore_ascii_case(table)
            && tokens.iter().enumerate().filter(|(_, token)| same(token, called)).any(|(at, _)| match before(at, 1) {
                Some(word) if word.is("AS") => before(at, 2).is_some_and(|of| of.is_name() && !same(of, table)),
                Some(word) => word.is("FROM") || word.is("JOIN"),
                None => false,
            })
    };
    tokens.iter().enumerate().filter(|(_, token)| names(token, column)).any(|(at, _)| match before(at, 1) {
        Some(dot) if dot.is_operator(".") => before(at, 2).is_none_or(|of| !is_another(&of.unquoted())),
        Some(word) => !word.is("AS"),
        None => true,
    })
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
enum Role {
    Keyword,
    Function,
    Name,
}

fn role(tokens: &[Token<'_>], at: usize) -> Role {
    let token = &tokens[at];
    let before = at.checked_sub(1).map(|n| &tokens[n]);
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

fn ends_operand(token: &Token<'_>) -> bool {
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
    fn m4_a_text_uses_the_tables_that_stand_where_tables_stand() {
        for sql in [
            "SELECT 1 FROM t",
            "SELECT 1 FROM a, t",
            "SELECT 1 FROM a JOIN b ON a.x = f(b.x, 1), T",
            "SELECT 1 FROM (a JOIN \"t\" USING (x, y))",
            "SELECT 1 FROM (SELECT 2 FROM main.t) AS q",
            "WITH q AS (SELECT 1 FROM a) SELECT 1 FROM q LEFT JOIN [t] ON q.x",
            "CREATE TRIGGER x AFTER UPDATE OF t ON u BEGIN INSERT OR REPLACE INTO t VALUES (1); END",
            "CREATE TRIGGER x AFTER DELETE ON u BEGIN UPDATE OR IGNORE t SET a = 1; END",
            "CREATE TRIGGER x AFTER DELETE ON u BEGIN UPDATE u SET a = 1 FROM t WHERE t.a = u.a; END",
            "CREATE TRIGGER x AFTER DELETE ON u WHEN old.a NOT IN t BEGIN SELECT 1; END",
            "CREATE VIRTUAL TABLE f USING fts5(a, content='t')",
        ] {
            assert!(uses_table(sql, "t"), "{sql}");
        }
        for sql in [
            "SELECT t FROM a",
            "SELECT a.t, t AS x FROM a ORDER BY a, t",
            "SELECT 1 FROM a JOIN b ON a.x IN (a.y, t) WHERE f(1, t) GROUP BY x, t",
            "SELECT 1 FROM a JOIN b USING (x, t)",
            "SELECT 1 FROM a AS q WHERE q.x IS NOT DISTINCT FROM t",
            "CREATE TRIGGER t AFTER UPDATE OF t ON u BEGIN UPDATE u SET t = 't', x = t WHERE t = new.t; END",
            "INSERT INTO a (x, t) VALUES (1, t)",
        ] {
            assert!(!uses_table(sql, "t"), "{sql}");
        }
    }

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
    }
}
