//! One normal form for defaults and numbers.

use super::normalise::{ColumnNames, print, quote_text, without_parentheses};
use super::parse::{Kind, Token, tokenize};

/// A default, as it stands after `DEFAULT`; `None`: there is no value.
pub(crate) fn default(written: &str) -> Option<String> {
    let tokens = tokenize(written);
    let inside = without_parentheses(&tokens);
    let bare = inside.len() == tokens.len();
    let (mut negative, mut value) = (false, inside);
    while let [sign, rest @ ..] = value
        && (sign.is_operator("-") || sign.is_operator("+"))
        && !rest.is_empty()
    {
        negative ^= sign.text == "-";
        value = rest;
    }
    match value {
        [] => None,
        [token] if token.kind == Kind::Number => Some(match number(token.text) {
            zero if zero == "0" || !negative => zero,
            number => format!("-{number}"),
        }),
        [token] if value.len() == inside.len() => word_default(token, bare),
        _ => Some(print(inside, &ColumnNames::default())),
    }
}

/// A default that is one token. Without parentheses a name is a text.
fn word_default(token: &Token<'_>, bare: bool) -> Option<String> {
    let upper = token.text.to_ascii_uppercase();
    match token.kind {
        Kind::Word => match upper.as_str() {
            "NULL" => None,
            "TRUE" => Some("1".into()),
            "FALSE" => Some("0".into()),
            "CURRENT_TIMESTAMP" | "CURRENT_DATE" | "CURRENT_TIME" => Some(upper),
            _ if bare => Some(quote_text(token.text)),
            _ => Some(token.text.to_ascii_lowercase()),
        },
        Kind::Double => Some(quote_text(&token.unquoted())),
        Kind::Quoted if bare => Some(quote_text(&token.unquoted())),
        Kind::Blob => Some(token.text.to_ascii_lowercase()),
        _ => Some(token.text.to_owned()),
    }
}

/// Whether a normalised default needs no parentheses.
pub(crate) fn is_plain_default(normalised: &str) -> bool {
    match tokenize(normalised).as_slice() {
        [token] => match token.kind {
            Kind::Number | Kind::Text | Kind::Blob => true,
            Kind::Word => token.text.to_ascii_uppercase().starts_with("CURRENT_"),
            _ => false,
        },
        [sign, number] => sign.is_operator("-") && number.kind == Kind::Number,
        _ => false,
    }
}

/// A number: without leading zeros, signs of exponents and separators.
pub(crate) fn number(text: &str) -> String {
    let text = text.to_ascii_lowercase().replace('_', "");
    if text.starts_with("0x") {
        return text;
    }
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, ""));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    };
    let mut out = whole.to_owned();
    if mantissa.contains('.') {
        out.push('.');
        out.push_str(if fraction.is_empty() { "0" } else { fraction });
    }
    if !exponent.is_empty() {
        out.push('e');
        out.push_str(exponent.strip_prefix('+').unwrap_or(exponent));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_that_mean_the_same_have_one_form() {
        for (written, normal) in [
            ("0", Some("0")),
            ("(0)", Some("0")),
            ("+0", Some("0")),
            ("((-0))", Some("0")),
            ("- 1", Some("-1")),
            ("(-9223372036854775808)", Some("-9223372036854775808")),
            ("TRUE", Some("1")),
            ("(false)", Some("0")),
            ("NULL", None),
            ("(null)", None),
            ("'x'", Some("'x'")),
            ("\"x\"", Some("'x'")),
            ("active", Some("'active'")),
            ("'it''s'", Some("'it''s'")),
            ("x'AB'", Some("x'ab'")),
            ("current_timestamp", Some("CURRENT_TIMESTAMP")),
            ("(CURRENT_TIMESTAMP)", Some("CURRENT_TIMESTAMP")),
            ("1.0", Some("1.0")),
            (".5", Some("0.5")),
            ("1E+3", Some("1e3")),
            ("( strftime ( \"%s\" , 'now' ) )", Some("strftime('%s', 'now')")),
            ("(1) + (2)", Some("(1) + (2)")),
        ] {
            assert_eq!(default(written).as_deref(), normal, "{written}");
            if let Some(normal) = normal {
                let rendered = if is_plain_default(normal) { normal.to_owned() } else { format!("({normal})") };
                assert_eq!(default(&rendered).as_deref(), Some(normal), "{written} again");
            }
        }
    }
}
