//! Conversions of values: which are safe, and what has to hold of a value for one that may not be.
//!
//! The server converts by itself in `MODIFY`: in strict mode it refuses what it would cut, but not everything that it changes (fractions are
//! rounded, times of dates dropped). So what does not survive is counted before.

use super::types::base;
use crate::catalog::Column;
use crate::change::CastSafety;
use crate::dialect::sql::raise::numbers;

/// What kind of values a type is for.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    /// Least and greatest value.
    Integer(i128, i128),
    /// Digits, and those behind the point.
    Decimal(u32, u32),
    Float,
    Double,
    /// How many characters, and how many bytes.
    Text(u64, u64),
    /// One of a list.
    Label,
    Bytes(u64),
    Date,
    Time(u32),
    DateTime(u32),
    Timestamp(u32),
    Json,
    Other,
}

fn kind(ty: &str) -> Kind {
    let unsigned = ty.contains("unsigned");
    let range = |bits: u32| match unsigned {
        true => Kind::Integer(0, (1_i128 << bits) - 1),
        false => Kind::Integer(-(1_i128 << (bits - 1)), (1_i128 << (bits - 1)) - 1),
    };
    let numbers = numbers(ty);
    let first = numbers.first().copied();
    let length = u64::from(first.unwrap_or(1));
    let digits = first.unwrap_or(0);
    match base(ty) {
        "tinyint" => range(8),
        "smallint" => range(16),
        "mediumint" => range(24),
        "int" => range(32),
        "bigint" => range(64),
        "year" => Kind::Integer(1901, 2155),
        "decimal" => Kind::Decimal(first.unwrap_or(10), numbers.get(1).copied().unwrap_or(0)),
        "float" => Kind::Float,
        "double" => Kind::Double,
        "char" | "varchar" => Kind::Text(length, length * 4),
        "tinytext" => Kind::Text(255, 255),
        "text" => Kind::Text(65_535, 65_535),
        "mediumtext" => Kind::Text(16_777_215, 16_777_215),
        "longtext" => Kind::Text(u64::from(u32::MAX), u64::from(u32::MAX)),
        "enum" | "set" => Kind::Label,
        "binary" | "varbinary" => Kind::Bytes(length),
        "tinyblob" => Kind::Bytes(255),
        "blob" => Kind::Bytes(65_535),
        "mediumblob" => Kind::Bytes(16_777_215),
        "longblob" => Kind::Bytes(u64::from(u32::MAX)),
        "date" => Kind::Date,
        "time" => Kind::Time(digits),
        "datetime" => Kind::DateTime(digits),
        "timestamp" => Kind::Timestamp(digits),
        "json" => Kind::Json,
        _ => Kind::Other,
    }
}

/// How a conversion goes: always, where a condition holds, or not at all.
enum Conversion {
    Safe,
    Where(String),
    Impossible,
}

/// How safe a conversion is.
pub(crate) fn cast(from: &Column, to: &Column) -> CastSafety {
    match conversion("v", from, to) {
        Conversion::Safe => CastSafety::Safe,
        Conversion::Where(_) => CastSafety::Checked,
        Conversion::Impossible => CastSafety::Impossible,
    }
}

/// What holds of the values that survive the conversion; `value` is not NULL.
pub(super) fn converts(value: &str, from: &Column, to: &Column) -> String {
    match conversion(value, from, to) {
        Conversion::Safe => "TRUE".to_owned(),
        Conversion::Where(condition) => condition,
        Conversion::Impossible => "FALSE".to_owned(),
    }
}

/// As [`converts`], where the loss is allowed: also of the values that the server rounds, or of which it leaves out what does not fit.
pub(super) fn converts_or_rounds(value: &str, from: &Column, to: &Column) -> String {
    let in_range =
        |digits: u32, scale: u32| format!("ABS(ROUND({value}, {scale})) < {}", power(digits.saturating_sub(scale)));
    match (kind(&from.ty), kind(&to.ty)) {
        _ if to.ty == "tinyint(1)" => converts(value, from, to),
        (Kind::Decimal(..) | Kind::Float | Kind::Double, Kind::Integer(c, d)) => {
            format!("ROUND({value}) BETWEEN {c} AND {d}")
        }
        (Kind::Decimal(..) | Kind::Float | Kind::Double, Kind::Decimal(digits, scale)) => in_range(digits, scale),
        (Kind::Integer(..) | Kind::Decimal(..), Kind::Double | Kind::Float) => "TRUE".to_owned(),
        (Kind::DateTime(_) | Kind::Timestamp(_), Kind::Date | Kind::DateTime(_)) => "TRUE".to_owned(),
        (Kind::Time(_), Kind::Time(_)) => "TRUE".to_owned(),
        _ => converts(value, from, to),
    }
}

/// The value as one of that type, where an expression can say it.
pub(super) fn converted(value: &str, to: &Column) -> Option<String> {
    Some(match kind(&to.ty) {
        Kind::Integer(0, _) => format!("CAST({value} AS UNSIGNED)"),
        Kind::Integer(..) => format!("CAST({value} AS SIGNED)"),
        Kind::Decimal(precision, scale) => format!("CAST({value} AS DECIMAL({precision},{scale}))"),
        Kind::Double => format!("CAST({value} AS DOUBLE)"),
        Kind::Text(characters, _) if characters < 65_535 => format!("CAST({value} AS CHAR({characters}))"),
        Kind::Text(..) => format!("CAST({value} AS CHAR)"),
        Kind::Date => format!("CAST({value} AS DATE)"),
        Kind::DateTime(digits) | Kind::Timestamp(digits) => format!("CAST({value} AS DATETIME({digits}))"),
        _ => return None,
    })
}

/// Whether a text is written as a whole number.
const WHOLE: &str = "'^[+-]?[0-9]{1,38}$'";
/// Whether a text is written as a number.
const NUMBER: &str = "'^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]{1,3})?$'";

fn conversion(value: &str, from: &Column, to: &Column) -> Conversion {
    use Conversion::{Impossible, Safe, Where};
    if from.ty == to.ty && from.collate == to.collate {
        return Safe;
    }
    let (source, target) = (kind(&from.ty), kind(&to.ty));
    let boolean = to.ty == "tinyint(1)" && from.ty != to.ty;
    let trimmed = format!("trim({value})");
    let value = if canonical("v", from, to).is_some() && !boolean { trimmed.as_str() } else { value };
    match (source, target) {
        (Kind::Integer(..), Kind::Integer(..)) if boolean => Where(format!("{value} IN (0, 1)")),
        (Kind::Integer(a, b), Kind::Integer(c, d)) if c <= a && b <= d => Safe,
        (Kind::Integer(..), Kind::Integer(c, d)) => Where(format!("{value} BETWEEN {c} AND {d}")),
        (Kind::Integer(a, b), Kind::Decimal(precision, scale)) => {
            let digits = a.unsigned_abs().max(b.unsigned_abs()).to_string().len();
            let whole = precision.saturating_sub(scale);
            if digits <= whole as usize { Safe } else { Where(format!("ABS({value}) < {}", power(whole))) }
        }
        (Kind::Integer(a, b), Kind::Double) if a.abs().max(b) <= 1 << 53 => Safe,
        (Kind::Integer(..), Kind::Double) => Where(format!("ABS({value}) <= 9007199254740992")),
        (Kind::Integer(..), Kind::Float) => Where(format!("ABS({value}) <= 16777216")),
        (Kind::Decimal(a, b), Kind::Decimal(c, d)) if d >= b && c - d >= a - b => Safe,
        (Kind::Decimal(..), Kind::Decimal(c, d)) => {
            Where(format!("{value} = ROUND({value}, {d}) AND ABS({value}) < {}", power(c.saturating_sub(d))))
        }
        (Kind::Decimal(..) | Kind::Float | Kind::Double, Kind::Integer(..)) if boolean => {
            Where(format!("{value} IN (0, 1)"))
        }
        (Kind::Decimal(..) | Kind::Float | Kind::Double, Kind::Integer(c, d)) => {
            // The nearest double to the greatest integer is above it.
            Where(format!("{value} = ROUND({value}) AND CAST({value} AS DECIMAL(65,0)) BETWEEN {c} AND {d}"))
        }
        (Kind::Decimal(..), Kind::Double) => {
            Where(format!("CAST(CAST({value} AS DOUBLE) AS DECIMAL(65,30)) = {value}"))
        }
        (Kind::Float | Kind::Double, Kind::Decimal(c, d)) => Where(format!(
            "ABS({value}) < {} AND CAST({value} AS DECIMAL({c},{d})) = {value}",
            power(c.saturating_sub(d))
        )),
        (Kind::Float, Kind::Double) => Safe,
        (Kind::Double, Kind::Float) => Where(format!("ABS({value}) <= 3.4028234e38")),
        (Kind::Integer(..) | Kind::Decimal(..) | Kind::Float | Kind::Double, Kind::Text(length, _)) => {
            text_of(value, length)
        }
        (
            Kind::Date | Kind::Time(_) | Kind::DateTime(_) | Kind::Timestamp(_) | Kind::Json | Kind::Label,
            Kind::Text(length, _),
        ) => text_of(value, length),
        (Kind::Text(..), _) => text_conversion(value, from, to, boolean),
        (Kind::Bytes(a), Kind::Bytes(b)) if a <= b && base(&to.ty) != "binary" => Safe,
        (Kind::Bytes(_), Kind::Bytes(d)) => bytes(value, d, &to.ty),
        (Kind::Bytes(_), Kind::Text(c, d)) => Where(format!(
            "HEX(CONVERT({value} USING utf8mb4)) = HEX({value}) AND CHAR_LENGTH(CONVERT({value} USING utf8mb4)) <= {c} AND OCTET_LENGTH({value}) <= {d}"
        )),
        (Kind::Date, Kind::DateTime(_)) => Safe,
        (Kind::DateTime(_) | Kind::Timestamp(_), Kind::Date) => Where(format!("{value} = CAST({value} AS DATE)")),
        (Kind::Date | Kind::DateTime(_), Kind::Timestamp(digits)) => Where(in_epoch(value, digits)),
        (Kind::DateTime(a) | Kind::Timestamp(a), Kind::DateTime(b)) if a <= b => Safe,
        (Kind::Timestamp(a), Kind::Timestamp(b)) if a <= b => Safe,
        (Kind::Time(a), Kind::Time(b)) if a <= b => Safe,
        (Kind::DateTime(_) | Kind::Timestamp(_), Kind::DateTime(b) | Kind::Timestamp(b)) => {
            Where(format!("{value} = CAST({value} AS DATETIME({b}))"))
        }
        (Kind::Time(_), Kind::Time(b)) => Where(format!("{value} = CAST({value} AS TIME({b}))")),
        (Kind::Label, Kind::Label) => Where(format!("{value} IN {}", labels(&to.ty))),
        _ => Impossible,
    }
}

/// From text. `boolean`: to what stands for truth.
fn text_conversion(value: &str, from: &Column, to: &Column, boolean: bool) -> Conversion {
    use Conversion::{Impossible, Safe, Where};
    match (kind(&from.ty), kind(&to.ty)) {
        (Kind::Text(a, b), Kind::Text(c, d)) if a <= c && b <= d => Safe,
        (Kind::Text(..), Kind::Text(c, d)) => {
            Where(format!("CHAR_LENGTH({value}) <= {c} AND OCTET_LENGTH({value}) <= {d}"))
        }
        (Kind::Text(..), Kind::Label) => Where(format!("{value} IN {}", labels(&to.ty))),
        (Kind::Text(..), Kind::Integer(..)) if boolean => {
            Where(format!("(lower(trim({value})) IN {TRUE} OR lower(trim({value})) IN {FALSE})"))
        }
        (Kind::Text(..), Kind::Integer(c, d)) => {
            Where(format!("{value} REGEXP {WHOLE} AND CAST({value} AS DECIMAL(65,0)) BETWEEN {c} AND {d}"))
        }
        (Kind::Text(..), Kind::Decimal(c, d)) => Where(format!(
            "{value} REGEXP {NUMBER} AND CAST({value} AS DECIMAL(65,30)) = ROUND(CAST({value} AS DECIMAL(65,30)), {d}) AND ABS(CAST({value} AS DECIMAL(65,30))) < {}",
            power(c.saturating_sub(d))
        )),
        (Kind::Text(..), Kind::Double | Kind::Float) => Where(format!("{value} REGEXP {NUMBER}")),
        (Kind::Text(..), Kind::Date) => {
            Where(format!("{value} REGEXP '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}$' AND CAST({value} AS DATE) IS NOT NULL"))
        }
        (Kind::Text(..), Kind::DateTime(digits)) => moment(value, digits),
        (Kind::Text(..), Kind::Timestamp(digits)) => match moment(value, digits) {
            Where(condition) => Where(format!("{condition} AND {}", in_epoch(value, digits))),
            other => other,
        },
        (Kind::Text(..), Kind::Time(_)) => Where(format!(
            "{value} REGEXP '^-?[0-9]{{2,3}}:[0-5][0-9](:[0-5][0-9]([.][0-9]{{1,6}})?)?$' AND CAST({value} AS TIME(6)) IS NOT NULL"
        )),
        (Kind::Text(..), Kind::Json) => Where(format!("JSON_VALID({value})")),
        (Kind::Text(_, b), Kind::Bytes(d)) if b <= d && base(&to.ty) != "binary" => Safe,
        (Kind::Text(..), Kind::Bytes(d)) => bytes(value, d, &to.ty),
        _ => Impossible,
    }
}

/// A text as the server converts it: without blanks around it, and truth as a number. `None`: it is converted as it is.
pub(super) fn canonical(value: &str, from: &Column, to: &Column) -> Option<String> {
    let is_text = matches!(kind(&from.ty), Kind::Text(..));
    if is_text && to.ty == "tinyint(1)" {
        return Some(format!("IF(lower(trim({value})) IN {TRUE}, '1', '0')"));
    }
    let trims = matches!(
        kind(&to.ty),
        Kind::Integer(..)
            | Kind::Decimal(..)
            | Kind::Float
            | Kind::Double
            | Kind::Date
            | Kind::DateTime(_)
            | Kind::Timestamp(_)
            | Kind::Time(_)
    );
    (is_text && trims).then(|| format!("trim({value})"))
}

/// Texts that mean yes.
const TRUE: &str = "('1', 'true', 't', 'yes', 'y', 'on')";
/// Texts that mean no.
const FALSE: &str = "('0', 'false', 'f', 'no', 'n', 'off')";

/// The value as a text of at most so many characters.
fn text_of(value: &str, length: u64) -> Conversion {
    if length >= 255 {
        return Conversion::Safe;
    }
    Conversion::Where(format!("CHAR_LENGTH(CAST({value} AS CHAR)) <= {length}"))
}

fn bytes(value: &str, length: u64, to: &str) -> Conversion {
    // A fixed length is filled with zeros.
    let compares = if base(to) == "binary" { "=" } else { "<=" };
    Conversion::Where(format!("OCTET_LENGTH({value}) {compares} {length}"))
}

fn moment(value: &str, digits: u32) -> Conversion {
    let cast = format!("CAST({value} AS DATETIME(6))");
    Conversion::Where(format!(
        "{value} REGEXP '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}([T ][0-9]{{2}}:[0-9]{{2}}(:[0-9]{{2}}([.][0-9]{{1,6}})?)?)?$' AND {cast} IS NOT NULL AND {cast} = CAST({value} AS DATETIME({digits}))"
    ))
}

/// What a timestamp can be.
fn in_epoch(value: &str, digits: u32) -> String {
    format!(
        "CAST({value} AS DATETIME(6)) BETWEEN '1970-01-01 00:00:01' AND '2038-01-19 03:14:07' AND CAST({value} AS DATETIME(6)) = CAST({value} AS DATETIME({digits}))"
    )
}

/// The list of an `enum` as the list of `IN`.
fn labels(ty: &str) -> &str {
    ty.find('(').map_or("('')", |at| &ty[at..])
}

fn power(digits: u32) -> String {
    format!("1{}", "0".repeat(digits as usize))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn safety(from: &str, to: &str) -> CastSafety {
        let column = |ty: &str| Column { ty: ty.to_owned(), ..Column::default() };
        cast(&column(from), &column(to))
    }

    #[test]
    fn widening_is_safe_and_narrowing_is_checked() {
        use CastSafety::{Checked, Impossible, Safe};
        for (from, to, expected) in [
            ("int", "bigint", Safe),
            ("bigint", "int", Checked),
            ("int", "int unsigned", Checked),
            ("int unsigned", "bigint", Safe),
            ("int", "longtext", Safe),
            ("bigint", "varchar(5)", Checked),
            ("varchar(20)", "varchar(255)", Safe),
            ("longtext", "varchar(255)", Checked),
            ("longtext", "bigint", Checked),
            ("longtext", "json", Checked),
            ("datetime(6)", "date", Checked),
            ("date", "datetime(6)", Safe),
            ("decimal(10,2)", "decimal(12,3)", Safe),
            ("decimal(10,2)", "decimal(10,3)", Checked),
            ("longblob", "date", Impossible),
            ("binary(16)", "bigint", Impossible),
            ("tinyint(1)", "bigint", Safe),
            ("bigint", "tinyint(1)", Checked),
        ] {
            assert_eq!(safety(from, to), expected, "{from} to {to}");
        }
    }
}
