//! One normal form for defaults: numbers bare, texts between our quotes, `CURRENT_TIMESTAMP(6)`, and everything else that is computed between
//! parentheses, as the server prints it.

use super::Flavor;
use super::text::{quote_text, text_of, tokenize, unescape, without_parentheses};
use super::types;
use crate::model::sql::Kind;

/// A literal of a column of that type.
pub(super) fn literal(value: &str, ty: &str) -> String {
    let is_number = types::is_number(ty) && value.parse::<f64>().is_ok();
    if is_number || types::base(ty) == "bit" { value.to_owned() } else { quote_text(value) }
}

/// `CURRENT_TIMESTAMP` with as many digits as the type has.
pub(super) fn current_timestamp(ty: &str) -> String {
    let digits = ty.split_once('(').map_or("", |(_, rest)| rest.trim_end_matches(')'));
    if digits.is_empty() { "CURRENT_TIMESTAMP".to_owned() } else { format!("CURRENT_TIMESTAMP({digits})") }
}

/// Whether the expression is the time at which a row is written.
pub(super) fn is_current_timestamp(sql: &str) -> bool {
    let tokens = tokenize(without_parentheses(sql));
    let (Some(first), rest) = (tokens.first(), tokens.get(1..).unwrap_or_default()) else { return false };
    let calls = rest.is_empty()
        || rest.first().is_some_and(|token| token.is_symbol("("))
            && rest.last().is_some_and(|token| token.is_symbol(")"))
            && rest[1..rest.len() - 1].iter().all(|token| token.text.bytes().all(|byte| byte.is_ascii_digit()));
    let names = ["current_timestamp", "localtimestamp", "localtime"];
    calls && (names.iter().any(|name| first.is(name)) || first.is("now") && !rest.is_empty())
}

/// A default that somebody wrote or a server printed as SQL, on a column of that type; `None`: there is no value.
pub(super) fn normal(sql: &str, ty: &str) -> Option<String> {
    let inside = without_parentheses(sql);
    if inside.is_empty() || inside.eq_ignore_ascii_case("null") {
        return None;
    }
    let takes_moment = matches!(types::base(ty), "datetime" | "timestamp");
    if takes_moment && is_current_timestamp(inside) {
        return Some(current_timestamp(ty));
    }
    // Between parentheses a literal of a type without a length is an expression.
    if !types::is_unbounded(ty)
        && let Some(value) = value_of(inside)
    {
        return Some(literal(&value, ty));
    }
    Some(format!("({inside})"))
}

/// The value of an expression that is one literal.
fn value_of(sql: &str) -> Option<String> {
    let tokens = tokenize(sql);
    if let [token] = tokens.as_slice() {
        match token.kind {
            Kind::Text => return text_of(token.text),
            Kind::Word if token.is("true") => return Some("1".to_owned()),
            Kind::Word if token.is("false") => return Some("0".to_owned()),
            _ => {}
        }
    }
    let is_number = sql.bytes().next().is_some_and(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'.'))
        && sql.parse::<f64>().is_ok();
    is_number.then(|| sql.to_owned())
}

/// A default of the information schema.
pub(super) fn of_row(flavor: Flavor, value: Option<&str>, extra: &str, ty: &str) -> Option<String> {
    let value = value?;
    match flavor {
        Flavor::Mariadb => normal(value, ty),
        Flavor::Mysql if extra.to_ascii_uppercase().contains("DEFAULT_GENERATED") => {
            let sql = unescape(value);
            let takes_moment = matches!(types::base(ty), "datetime" | "timestamp");
            if takes_moment && is_current_timestamp(&sql) {
                return Some(current_timestamp(ty));
            }
            Some(format!("({})", without_parentheses(&sql)))
        }
        Flavor::Mysql => Some(literal(value, ty)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_that_mean_the_same_have_one_form() {
        for (sql, ty, form) in [
            ("'free'", "varchar(20)", Some("'free'")),
            ("'it\\'s'", "varchar(20)", Some("'it''s'")),
            ("5", "int", Some("5")),
            ("'5'", "int", Some("5")),
            ("true", "tinyint(1)", Some("1")),
            ("5", "varchar(2)", Some("'5'")),
            ("NULL", "int", None),
            ("now(6)", "datetime(6)", Some("CURRENT_TIMESTAMP(6)")),
            ("current_timestamp()", "timestamp(6)", Some("CURRENT_TIMESTAMP(6)")),
            ("curdate()", "date", Some("(curdate())")),
            ("((`a` + 1))", "int", Some("(`a` + 1)")),
            ("'x'", "longtext", Some("('x')")),
        ] {
            assert_eq!(normal(sql, ty).as_deref(), form, "{sql}");
        }
    }

    #[test]
    fn the_information_schema_gives_the_same_form() {
        let mysql = |value: &str, extra: &str, ty: &str| of_row(Flavor::Mysql, Some(value), extra, ty);
        assert_eq!(mysql("it's", "", "varchar(20)").as_deref(), Some("'it''s'"));
        assert_eq!(mysql("curdate()", "DEFAULT_GENERATED", "date").as_deref(), Some("(curdate())"));
        assert_eq!(mysql("_utf8mb4\\'x\\'", "DEFAULT_GENERATED", "longtext").as_deref(), Some("(_utf8mb4'x')"));
        assert_eq!(of_row(Flavor::Mariadb, Some("'x'"), "", "longtext").as_deref(), Some("('x')"));
        assert_eq!(
            of_row(Flavor::Mariadb, Some("current_timestamp(6)"), "", "datetime(6)").as_deref(),
            Some("CURRENT_TIMESTAMP(6)")
        );
    }
}
