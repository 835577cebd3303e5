//! Type names and labels in expressions, as the server prints them: `'sad'::mood`, `NULL::app."Mood"[]`.

use super::text::{Token, quote_text, tokenize};

/// The expression with the type `to` wherever it casts to `from`.
pub(crate) fn rename_type(sql: &str, from: &str, to: &str) -> String {
    replace_type(sql, from, to, &["::"])
}

/// As [`rename_type`], also in `CAST(… AS from)`, for what users write.
pub(crate) fn rename_written_type(sql: &str, from: &str, to: &str) -> String {
    replace_type(sql, from, to, &["::", "as"])
}

fn replace_type(sql: &str, from: &str, to: &str, after: &[&str]) -> String {
    let tokens = tokenize(sql);
    let name = tokenize(from);
    let mut out = String::with_capacity(sql.len());
    let mut copied = 0;
    for at in 0..tokens.len() {
        let casts = after.iter().any(|word| follows(&tokens, at, word));
        // `::app.mood` is not `::app`.
        let ends = tokens.get(at + name.len()).is_none_or(|next| next.text != ".");
        if casts && ends && is_name(&tokens, at, &name) && tokens[at].start >= copied {
            out.push_str(&sql[copied..tokens[at].start]);
            out.push_str(to);
            let last = tokens[at + name.len() - 1];
            copied = last.start + last.text.len();
        }
    }
    out.push_str(&sql[copied..]);
    out
}

/// The expression with the label `to` wherever it has `from` as one of that type.
pub(crate) fn rename_label(sql: &str, ty: &str, from: &str, to: &str) -> String {
    let tokens = tokenize(sql);
    let name = tokenize(ty);
    let label = quote_text(from);
    let mut out = String::with_capacity(sql.len());
    let mut copied = 0;
    for (at, token) in tokens.iter().enumerate() {
        if token.text == label && follows(&tokens, at + 3, "::") && is_name(&tokens, at + 3, &name) {
            out.push_str(&sql[copied..token.start]);
            out.push_str(&quote_text(to));
            copied = token.start + token.text.len();
        }
    }
    out.push_str(&sql[copied..]);
    out
}

/// Whether what stands right before that token is `::`, or that word.
fn follows(tokens: &[Token<'_>], at: usize, what: &str) -> bool {
    let before = |back: usize| at.checked_sub(back).and_then(|at| tokens.get(at)).map_or("", |token| token.text);
    if what == "::" { before(1) == ":" && before(2) == ":" } else { before(1).eq_ignore_ascii_case(what) }
}

fn is_name(tokens: &[Token<'_>], at: usize, name: &[Token<'_>]) -> bool {
    !name.is_empty()
        && tokens.len() >= at + name.len()
        && name.iter().zip(&tokens[at..]).all(|(a, b)| match (a.name(), b.name()) {
            (Some(a), Some(b)) => a == b,
            _ => a.text == b.text,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_get_another_name_where_they_are_types() {
        let renamed = |sql: &str| rename_type(sql, "mood", "app.\"Mood\"");
        assert_eq!(renamed("(mood = 'sad'::mood)"), "(mood = 'sad'::app.\"Mood\")");
        assert_eq!(
            renamed("(m = ANY (ARRAY['a'::mood, 'mood'::mood]))"),
            "(m = ANY (ARRAY['a'::app.\"Mood\", 'mood'::app.\"Mood\"]))"
        );
        assert_eq!(renamed("NULL::mood[]"), "NULL::app.\"Mood\"[]");
        assert_eq!(renamed("x::mood.other"), "x::mood.other");
        assert_eq!(rename_type("'a'::app.mood", "app.mood", "m"), "'a'::m");
        assert_eq!(rename_type("'a'::mood", "app.mood", "m"), "'a'::mood");
        assert_eq!(rename_written_type("CAST(x AS mood)", "mood", "m"), "CAST(x AS m)");
    }

    #[test]
    fn labels_get_another_name_where_they_are_of_the_type() {
        let renamed = |sql: &str| rename_label(sql, "mood", "it's", "sad");
        assert_eq!(renamed("(m = 'it''s'::mood)"), "(m = 'sad'::mood)");
        assert_eq!(renamed("(m = 'it''s'::text)"), "(m = 'it''s'::text)");
    }
}
