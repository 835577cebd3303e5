//! How SQLite writes the query of a view that is built from other models.
//!
//! sqlx reads a column that is computed by the class of its values, so a result is cast where its class would be another.

use super::{defaults, normalise, parse, types};
use crate::descriptor::Aggregate;
use crate::dialect::sql::select::{Literal, SqlWriter};
use crate::model::{Column, DataType, Source};

/// [`Words`] of SQLite.
pub(crate) struct SqliteWriter;

impl SqlWriter for SqliteWriter {
    fn name(&self, name: &str) -> String {
        normalise::quote(name)
    }

    fn source(&self, source: &Source) -> String {
        normalise::quote(&source.name)
    }

    fn literal(&self, literal: &Literal<'_>, beside: Option<&DataType>) -> Result<String, String> {
        Ok(match (*literal, beside) {
            (Literal::Bool(value), _) => u8::from(value).to_string(),
            (Literal::Int(value), _) => value.to_string(),
            // What sqlx binds for an `f32` is its value as an `f64`.
            #[allow(clippy::cast_possible_truncation)]
            (Literal::Float(value), Some(DataType::Float32)) => float(f64::from(value as f32)),
            (Literal::Float(value), _) => float(value),
            (Literal::Text(text), Some(DataType::Uuid)) => uuid(text)?,
            (Literal::Text(text), Some(DataType::Decimal(_))) => decimal(text)?,
            (Literal::Text(text), Some(ty)) => normalise::quote_text(&moment(text, ty)),
            (Literal::Text(text), None) => normalise::quote_text(text),
        })
    }

    /// Decimals are stored as text, which would compare letter by letter.
    fn value(&self, sql: String, ty: Option<&DataType>) -> String {
        match ty {
            Some(DataType::Decimal(_)) => format!("CAST({sql} AS NUMERIC)"),
            _ => sql,
        }
    }

    fn result(&self, aggregate: Aggregate, sql: String, of: Option<&DataType>, ty: &DataType) -> String {
        let comes = match (aggregate, of) {
            (Aggregate::Count, _) => "INTEGER",
            (Aggregate::Avg, _) => "REAL",
            (Aggregate::Min | Aggregate::Max, Some(DataType::Decimal(_))) => "NUMERIC",
            // A text, a blob: what it is decides.
            (Aggregate::Min | Aggregate::Max, _) => return sql,
            (Aggregate::Sum, Some(of)) if of.is_integer() => "INTEGER",
            (Aggregate::Sum, Some(DataType::Float32 | DataType::Float64)) => "REAL",
            (Aggregate::Sum, _) => "NUMERIC",
        };
        match types::lower(&Column::new("", ty.clone()), true) {
            Ok(desired) if desired != comes => format!("CAST({sql} AS {desired})"),
            _ => sql,
        }
    }

    fn like(&self, value: &str, pattern: &str) -> String {
        let escape = if pattern.contains('\\') { " ESCAPE '\\'" } else { "" };
        format!("{value} LIKE {}{escape}", normalise::quote_text(pattern))
    }
}

/// The query of a view as the catalog holds it: alone, or in the statement that makes the view.
pub(crate) fn query_of(sql: &str) -> Option<&str> {
    let is_whole = parse::tokenize(sql).first().is_some_and(|token| token.is("CREATE"));
    if is_whole { parse::view_query(sql) } else { Some(sql) }
}

fn float(value: f64) -> String {
    let sign = if value < 0.0 { "-" } else { "" };
    format!("{sign}{}", defaults::number(&format!("{:?}", value.abs())))
}

/// sqlx stores UUIDs as 16 bytes.
fn uuid(text: &str) -> Result<String, String> {
    let digits: String = text.chars().filter(|letter| *letter != '-').collect();
    if digits.len() == 32 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Ok(format!("x'{}'", digits.to_ascii_lowercase()));
    }
    Err(format!("{text:?} is no UUID, but stands beside one"))
}

fn decimal(text: &str) -> Result<String, String> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && digits.bytes().filter(|byte| *byte == b'.').count() <= 1
        && digits.bytes().any(|byte| byte.is_ascii_digit());
    if is_number { Ok(text.to_owned()) } else { Err(format!("{text:?} is no number, but stands beside one")) }
}

/// Dates and times are stored as text, which compares letter by letter: the literal is written as sqlx writes the values.
fn moment(text: &str, ty: &DataType) -> String {
    let between = match ty {
        DataType::DateTime => " ",
        DataType::Timestamp => "T",
        _ => return text.to_owned(),
    };
    let mut moment = text.to_owned();
    if matches!(moment.as_bytes().get(10), Some(b'T' | b't' | b' ')) && moment.is_char_boundary(10) {
        moment.replace_range(10..11, between);
    }
    if *ty == DataType::Timestamp
        && moment.len() > 11
        && let Some(start) = moment.strip_suffix(['Z', 'z'])
    {
        moment = format!("{start}+00:00");
    }
    moment
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_written_as_sqlx_writes_the_values() {
        fn text(text: &str, ty: Option<&DataType>) -> Result<String, String> {
            SqliteWriter.literal(&Literal::Text(text), ty)
        }
        for (literal, ty, written) in [
            ("it's", None, Ok("'it''s'")),
            ("c0ffee00-0000-4000-8000-00000000000A", Some(DataType::Uuid), Ok("x'c0ffee0000004000800000000000000a'")),
            ("2024-02-29T10:00:00", Some(DataType::DateTime), Ok("'2024-02-29 10:00:00'")),
            ("2024-02-29 10:00:00Z", Some(DataType::Timestamp), Ok("'2024-02-29T10:00:00+00:00'")),
            ("2024-02-29", Some(DataType::Timestamp), Ok("'2024-02-29'")),
            ("-9.50", Some(DataType::Decimal(None)), Ok("-9.50")),
            ("x", Some(DataType::Uuid), Err("\"x\" is no UUID, but stands beside one")),
            ("1; DROP", Some(DataType::Decimal(None)), Err("\"1; DROP\" is no number, but stands beside one")),
        ] {
            let found = text(literal, ty.as_ref());
            match written {
                Ok(written) => assert!(found.as_deref().is_ok_and(|found| found.starts_with(written)), "{found:?}"),
                Err(error) => assert_eq!(found, Err(error.to_owned())),
            }
        }
        let float = |value, ty| SqliteWriter.literal(&Literal::Float(value), Some(&ty));
        assert_eq!(float(-0.5, DataType::Float64), Ok("-0.5".to_owned()));
        assert_eq!(float(0.1, DataType::Float32), Ok("0.10000000149011612".to_owned()));
        assert_eq!(float(1e300, DataType::Float64), Ok("1e300".to_owned()));
    }
}
