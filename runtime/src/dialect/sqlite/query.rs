//! The queries of views: whether two say the same.

use super::parse::{Kind, Token, is_keyword, tokenize, view_query};

/// Whether two view definitions say the same, word for word: spaces, comments, the case of words and the quotes of names are nothing.
/// A definition is a query, or the whole `CREATE VIEW`.
pub(crate) fn same_query(a: &str, b: &str) -> bool {
    let (a, b) = (view_query(a).unwrap_or(a), view_query(b).unwrap_or(b));
    if a == b {
        return true;
    }
    let (a, b) = (tokenize(a), tokenize(b));
    let ends = |tokens: &[Token<'_>]| tokens.iter().rposition(|token| !token.is_operator(";")).map_or(0, |at| at + 1);
    let (a, b) = (&a[..ends(&a)], &b[..ends(&b)]);
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_token(a, b))
}

fn same_token(a: &Token<'_>, b: &Token<'_>) -> bool {
    let is_name = |token: &Token<'_>| matches!(token.kind, Kind::Word | Kind::Double | Kind::Quoted);
    match (a.kind, b.kind) {
        (Kind::Word, Kind::Word) => a.text.eq_ignore_ascii_case(b.text),
        _ if is_name(a) && is_name(b) => {
            // `null` is a value, `"null"` a name.
            let keyword = |token: &Token<'_>| token.kind == Kind::Word && is_keyword(token.text);
            a.unquoted().eq_ignore_ascii_case(&b.unquoted()) && !keyword(a) && !keyword(b)
        }
        (kind, other) => kind == other && a.text == b.text,
    }
}

#[cfg(test)]
mod tests {
    use super::same_query;

    #[test]
    fn v2_the_spelling_of_a_view_is_no_difference() {
        for (a, b) in [
            ("SELECT a FROM t", "select  a\nfrom \"t\" -- all\n"),
            ("CREATE VIEW v AS SELECT [a] FROM t;", "SELECT `A` FROM T"),
            ("CREATE VIEW IF NOT EXISTS main.v AS SELECT 'A'", "CREATE VIEW \"v\" AS SELECT 'A'"),
        ] {
            assert!(same_query(a, b), "{a} / {b}");
        }
        for (a, b) in [
            ("SELECT 'a' FROM t", "SELECT 'A' FROM t"),
            ("SELECT null FROM t", "SELECT \"null\" FROM t"),
            ("SELECT a FROM t", "SELECT a FROM u"),
            ("CREATE VIEW v(x) AS SELECT a FROM t", "SELECT a FROM t"),
            ("SELECT 1 FROM t", "SELECT 1.0 FROM t"),
        ] {
            assert!(!same_query(a, b), "{a} / {b}");
        }
    }
}
