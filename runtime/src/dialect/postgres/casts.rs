//! Conversions between types: how safe they are, the expression, and the condition under which it loses nothing. The three agree.

use super::{Postgres, enums, extension_casts, types};
use crate::catalog::Column;
use crate::change::CastSafety;

/// How a value is converted.
#[derive(Debug, Clone)]
pub(crate) struct Conversion {
    /// The converted value.
    pub(crate) value: String,
    /// Whether it converts without loss; never fails.
    pub(crate) converts: String,
    /// Whether the value above is there all the same where that loses something: the server's cast rounds or cuts.
    pub(crate) rounds: Option<String>,
}

/// How safe the conversion is.
pub(crate) fn cast(dialect: &Postgres, from: &Column, to: &Column) -> CastSafety {
    enums::conversion(dialect, "v", from, to).map_or_else(|| plan(dialect, "v", &from.ty, &to.ty).0, |(cast, ..)| cast)
}

/// The conversion of a value of `from` to the type of `to`.
pub(crate) fn conversion(dialect: &Postgres, value: &str, from: &Column, to: &Column) -> Conversion {
    match enums::conversion(dialect, value, from, to) {
        Some((_, value, converts)) => Conversion { value, converts, rounds: None },
        None => {
            let conversion = plan(dialect, value, &from.ty, &to.ty).1;
            Conversion { rounds: rounds_to(value, &from.ty, &to.ty).or(conversion.rounds), ..conversion }
        }
    }
}

/// Kinds of types that convert alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Bool,
    /// With its bytes.
    Integer(u32),
    Numeric,
    /// With the digits of its mantissa, in bits.
    Float(u32),
    Text,
    Bytes,
    Uuid,
    Date,
    Time,
    Timestamp,
    Timestamptz,
    Json,
    Jsonb,
    Other,
}

fn kind(ty: &str) -> Kind {
    if types::is_array(ty) {
        return Kind::Other;
    }
    match types::base(ty).as_str() {
        "boolean" => Kind::Bool,
        "smallint" => Kind::Integer(2),
        "integer" => Kind::Integer(4),
        "bigint" => Kind::Integer(8),
        "numeric" => Kind::Numeric,
        "real" => Kind::Float(24),
        "double precision" => Kind::Float(53),
        "text" | "character varying" | "character" | "bpchar" | "citext" | "name" => Kind::Text,
        "bytea" => Kind::Bytes,
        "uuid" => Kind::Uuid,
        "date" => Kind::Date,
        "time without time zone" => Kind::Time,
        "timestamp without time zone" => Kind::Timestamp,
        "timestamp with time zone" => Kind::Timestamptz,
        "json" => Kind::Json,
        "jsonb" => Kind::Jsonb,
        _ => Kind::Other,
    }
}

/// Whether the server has an equality for a foreign key between the two types; `None`: it has to be asked.
pub(crate) fn types_comparable(from: &str, to: &str) -> Option<bool> {
    if from == to {
        return Some(true);
    }
    let is_moment = |kind| matches!(kind, Kind::Date | Kind::Timestamp | Kind::Timestamptz);
    // Types that nothing else becomes by itself; `\"char\"` alone becomes a text.
    let lonely = |ty: &str| matches!(types::base(ty).as_str(), "\"char\"" | "inet" | "macaddr" | "macaddr8");
    let known = |ty: &str| kind(ty) != Kind::Other || lonely(ty);
    if (lonely(from) || lonely(to)) && known(from) && known(to) && types::base(from) != types::base(to) {
        let is_char = types::base(from) == "\"char\"";
        return Some(is_char && matches!(types::base(to).as_str(), "text" | "character varying"));
    }
    match (kind(from), kind(to)) {
        (Kind::Other, _) | (_, Kind::Other) => None,
        // `citext` and `character` compare with the other texts in one direction.
        (Kind::Text, Kind::Text) if types::base(to) == "citext" => Some(false),
        (Kind::Text, Kind::Text) => {
            let plain = |ty: &str| matches!(types::base(ty).as_str(), "text" | "character varying");
            (plain(from) && plain(to)).then_some(true)
        }
        (Kind::Integer(_), Kind::Integer(_) | Kind::Numeric | Kind::Float(_)) => Some(true),
        (Kind::Float(_), Kind::Float(_)) | (Kind::Numeric, Kind::Numeric) => Some(true),
        (Kind::Numeric, Kind::Float(_)) => Some(true),
        (a, b) if a == b || is_moment(a) && is_moment(b) => Some(true),
        _ => Some(false),
    }
}

/// Whether the type is one of texts.
pub(super) fn is_text(ty: &str) -> bool {
    kind(ty) == Kind::Text
}

/// Whether the type is one of JSON.
pub(super) fn is_json(ty: &str) -> bool {
    matches!(kind(ty), Kind::Json | Kind::Jsonb)
}

fn plan(dialect: &Postgres, value: &str, from: &str, to: &str) -> (CastSafety, Conversion) {
    let bare = types::bare(to);
    if from == to || bare == to || !rounds(to) {
        return plan_whole(dialect, value, from, to);
    }
    if types::keeps_fractions(from, to) {
        return (
            CastSafety::Safe,
            Conversion { value: format!("{value}::{to}"), converts: "true".to_owned(), rounds: None },
        );
    }
    // The modifier would round, or cut, without a word: the value has to be the same with and without it.
    let (cast, whole) = plan_whole(dialect, value, from, &bare);
    if cast == CastSafety::Impossible {
        return (cast, whole);
    }
    let converted = format!("({})::{to}", whole.value);
    let converts = format!(
        "CASE WHEN {} THEN {converted} OPERATOR(pg_catalog.=) ({})::{bare} ELSE false END",
        whole.converts, whole.value
    );
    (CastSafety::Checked, Conversion { value: converted, converts, rounds: Some(whole.converts) })
}

/// The values of which the server's own cast makes the nearest one.
fn rounds_to(value: &str, from: &str, to: &str) -> Option<String> {
    let number = format!("{value}::numeric");
    let finite = |condition: String| {
        Some(match kind(from) {
            Kind::Integer(_) => condition,
            _ => format!("CASE WHEN {value}::text IN ('NaN', 'Infinity', '-Infinity') THEN false ELSE {condition} END"),
        })
    };
    match (kind(from), kind(to)) {
        (Kind::Numeric | Kind::Float(_), Kind::Integer(bytes)) => {
            finite(in_range(&format!("pg_catalog.round({number})"), bytes))
        }
        (Kind::Numeric | Kind::Integer(_) | Kind::Float(_), Kind::Numeric) => match types::modifiers(to).as_slice() {
            [] => None,
            [precision, rest @ ..] => {
                let scale = rest.first().copied().unwrap_or(0);
                let whole = precision.saturating_sub(scale);
                finite(format!("pg_catalog.abs(pg_catalog.round({number}, {scale})) < 1e{whole}::numeric"))
            }
        },
        (Kind::Numeric | Kind::Float(_), Kind::Float(bits)) => {
            let (least, most) = if bits == 24 { ("1.2e-38", "3.4e38") } else { ("2.3e-308", "1.7e308") };
            let size = format!("pg_catalog.abs({number})");
            finite(format!("({number} = 0 OR {size} BETWEEN {least}::numeric AND {most}::numeric)"))
        }
        (Kind::Integer(_), Kind::Float(_) | Kind::Bool) => Some("true".to_owned()),
        (Kind::Timestamp | Kind::Timestamptz, Kind::Date) => Some("true".to_owned()),
        (Kind::Text, Kind::Text) => Some("true".to_owned()),
        _ => None,
    }
}

/// Whether a value is fitted to the modifiers of the type where nothing else says how ([`fits_numeric`], the length of texts).
fn rounds(to: &str) -> bool {
    let temporal = matches!(kind(to), Kind::Time | Kind::Timestamp | Kind::Timestamptz);
    let numbers = !types::modifiers(to).is_empty();
    numbers
        && (temporal || types::is_array(to) || matches!(types::base(to).as_str(), "interval" | "time with time zone"))
}

/// The conversion to a type whose modifiers, where it has some, do not round.
fn safe(value: String) -> (CastSafety, Conversion) {
    (CastSafety::Safe, Conversion { value, converts: "true".to_owned(), rounds: None })
}

pub(super) fn checked(value: String, converts: String) -> (CastSafety, Conversion) {
    (CastSafety::Checked, Conversion { value, converts, rounds: None })
}

pub(super) fn impossible(value: &str, to: &str) -> (CastSafety, Conversion) {
    (CastSafety::Impossible, Conversion { value: format!("{value}::{to}"), converts: "false".to_owned(), rounds: None })
}

fn plan_whole(dialect: &Postgres, value: &str, from: &str, to: &str) -> (CastSafety, Conversion) {
    let plain = format!("{value}::{to}");
    if from == to {
        return safe(value.to_owned());
    }
    if types::bare(from) == to && kind(to) != Kind::Text {
        return safe(plain);
    }
    if let Some(planned) = extension_casts::plan(dialect, value, from, to) {
        return planned;
    }
    match (kind(from), kind(to)) {
        (Kind::Other, Kind::Text) if types::modifiers(to).is_empty() => safe(format!("{value}::text::{to}")),
        (_, Kind::Text) => to_text(value, from, to),
        (Kind::Text, Kind::Bytes) => safe(format!("pg_catalog.convert_to({value}::text, 'UTF8')")),
        (Kind::Text, target) => from_text(dialect, value, to, target),
        (Kind::Integer(_), Kind::Bool) => checked(format!("({value} <> 0)"), format!("{value} IN (0, 1)")),
        (Kind::Bool, Kind::Integer(_)) => safe(format!("{value}::integer::{to}")),
        (Kind::Integer(_) | Kind::Float(_) | Kind::Numeric, Kind::Integer(_) | Kind::Float(_) | Kind::Numeric) => {
            plan_number(value, from, to)
        }
        (Kind::Date | Kind::Timestamp | Kind::Timestamptz, Kind::Date | Kind::Timestamp | Kind::Timestamptz) => {
            plan_time(value, from, to)
        }
        (Kind::Json, Kind::Jsonb) | (Kind::Jsonb, Kind::Json) => {
            let converts = if kind(to) == Kind::Jsonb { valid(dialect, value, to) } else { "true".to_owned() };
            checked(plain.clone(), converts)
        }
        (Kind::Uuid, Kind::Bytes) => {
            safe(format!("pg_catalog.decode(pg_catalog.replace({value}::text, '-', ''), 'hex')"))
        }
        (Kind::Bytes, Kind::Uuid) => checked(
            format!("pg_catalog.encode({value}, 'hex')::uuid"),
            format!("pg_catalog.octet_length({value}) = 16"),
        ),
        (Kind::Other, _) | (_, Kind::Other) if kind(from) != Kind::Bytes && kind(to) != Kind::Bytes => {
            let same = types::base(from) == types::base(to) || types::extension(from).is_some();
            let converted = if same { plain.clone() } else { format!("{value}::text::{to}") };
            let valid = valid(dialect, value, to);
            let converts = if keeps_elements(from, to) {
                format!(
                    "CASE WHEN {valid} THEN ({converted})::text::{from} OPERATOR(pg_catalog.=) {value} ELSE false END"
                )
            } else {
                valid
            };
            checked(converted, converts)
        }
        _ => impossible(value, to),
    }
}

/// Between numbers.
fn plan_number(value: &str, from: &str, to: &str) -> (CastSafety, Conversion) {
    let plain = format!("{value}::{to}");
    match (kind(from), kind(to)) {
        (Kind::Integer(a), Kind::Integer(b)) if a <= b => safe(plain.clone()),
        (Kind::Integer(bytes), Kind::Numeric) => {
            let digits = [(2, 5), (4, 10), (8, 19)].iter().find(|(size, _)| *size == bytes).map_or(19, |(_, d)| *d);
            match types::modifiers(to).as_slice() {
                [] => safe(plain.clone()),
                [precision, scale @ ..] if precision - scale.first().unwrap_or(&0).min(precision) >= digits => {
                    safe(plain.clone())
                }
                _ => checked(plain.clone(), fits_numeric(value, to)),
            }
        }
        (Kind::Integer(bytes), Kind::Float(bits)) if bytes * 8 <= bits => safe(plain.clone()),
        (Kind::Integer(_), Kind::Float(bits)) => checked(
            plain.clone(),
            format!("{value}::numeric BETWEEN -{limit}::numeric AND {limit}::numeric", limit = 1_u64 << bits),
        ),
        (Kind::Float(a), Kind::Float(b)) if a <= b => safe(plain.clone()),
        (Kind::Float(_), Kind::Float(_)) => checked(
            plain.clone(),
            format!(
                "CASE WHEN {value} IN ('NaN', 'Infinity', '-Infinity') OR {value} = '0' THEN true WHEN pg_catalog.abs({value}) BETWEEN '1.2e-38' AND '3.4e38' THEN {value}::real::double precision = {value} ELSE false END"
            ),
        ),
        (Kind::Numeric, Kind::Numeric) => match (types::modifiers(from).as_slice(), types::modifiers(to).as_slice()) {
            (_, []) => safe(plain.clone()),
            ([p, s], [q, t]) if t >= s && q - t.min(q) >= p - s.min(p) => safe(plain.clone()),
            _ => checked(plain.clone(), fits_numeric(value, to)),
        },
        (Kind::Numeric | Kind::Integer(_) | Kind::Float(_), Kind::Integer(bytes)) => {
            checked(plain.clone(), fits_integer(value, kind(from), bytes))
        }
        (Kind::Float(_), Kind::Numeric) => checked(
            plain.clone(),
            format!(
                "CASE WHEN {value} IN ('NaN', 'Infinity', '-Infinity') THEN false ELSE {} AND {value}::numeric::double precision = {value} END",
                fits_numeric(value, to)
            ),
        ),
        (Kind::Numeric, Kind::Float(bits)) => {
            let largest = if bits == 24 { "3.4e38" } else { "1.7e308" };
            let smallest = if bits == 24 { "1.2e-38" } else { "2.3e-308" };
            checked(
                plain.clone(),
                format!(
                    "CASE WHEN {value} IN ('0', 'NaN') THEN true WHEN pg_catalog.abs({value}) BETWEEN {smallest}::numeric AND {largest}::numeric THEN {value}::{to}::numeric = {value} ELSE false END"
                ),
            )
        }
        _ => impossible(value, to),
    }
}

/// Between dates and points in time: those without a zone are UTC.
fn plan_time(value: &str, from: &str, to: &str) -> (CastSafety, Conversion) {
    let plain = format!("{value}::{to}");
    match (kind(from), kind(to)) {
        (Kind::Date, Kind::Timestamp) => safe(plain.clone()),
        (Kind::Date, Kind::Timestamptz) => safe(format!("({value}::timestamp AT TIME ZONE 'UTC')")),
        (Kind::Timestamp, Kind::Timestamptz) | (Kind::Timestamptz, Kind::Timestamp) => {
            safe(format!("({value} AT TIME ZONE 'UTC')"))
        }
        (Kind::Timestamp, Kind::Date) => {
            checked(plain.clone(), format!("{value} = pg_catalog.date_trunc('day', {value})"))
        }
        (Kind::Timestamptz, Kind::Date) => {
            let utc = format!("({value} AT TIME ZONE 'UTC')");
            checked(format!("{utc}::date"), format!("{utc} = pg_catalog.date_trunc('day', {utc})"))
        }
        _ => impossible(value, to),
    }
}

/// Whether arrays of these types can be told to be the same by converting back: what an element loses is seen.
fn keeps_elements(from: &str, to: &str) -> bool {
    let element = |ty: &str| kind(ty.trim_end_matches("[]"));
    let compares = |kind: Kind| !matches!(kind, Kind::Text | Kind::Json | Kind::Jsonb | Kind::Other);
    types::is_array(from) && types::is_array(to) && compares(element(from)) && compares(element(to))
}

fn to_text(value: &str, from: &str, to: &str) -> (CastSafety, Conversion) {
    if kind(from) == Kind::Bytes {
        return (
            CastSafety::Impossible,
            Conversion { value: format!("{value}::{to}"), converts: "false".to_owned(), rounds: None },
        );
    }
    let text = format!("{value}::text");
    match types::modifiers(to).as_slice() {
        [length, ..] => {
            let fits =
                matches!(types::modifiers(from).as_slice(), [old, ..] if old <= length && kind(from) == Kind::Text);
            let cast = if fits { CastSafety::Safe } else { CastSafety::Checked };
            (
                cast,
                Conversion {
                    value: format!("{text}::{to}"),
                    converts: format!("pg_catalog.char_length({text}) <= {length}"),
                    rounds: None,
                },
            )
        }
        [] => (
            CastSafety::Safe,
            Conversion {
                value: if to == "text" { text } else { format!("{text}::{to}") },
                converts: "true".to_owned(),
                rounds: None,
            },
        ),
    }
}

fn from_text(dialect: &Postgres, value: &str, to: &str, target: Kind) -> (CastSafety, Conversion) {
    let text = format!("{value}::text");
    let valid = valid(dialect, value, to);
    let converts = match target {
        Kind::Numeric if !types::modifiers(to).is_empty() => {
            format!("CASE WHEN {valid} THEN {} ELSE false END", fits_numeric(&format!("{text}::numeric"), to))
        }
        _ => valid,
    };
    (CastSafety::Checked, Conversion { value: format!("{text}::{to}"), converts, rounds: None })
}

/// A condition that tells, without failing, whether the text of the value is one of that type.
fn valid(dialect: &Postgres, value: &str, to: &str) -> String {
    let text = format!("{value}::text");
    if dialect.tests_input() {
        let valid = format!("pg_catalog.pg_input_is_valid({text}, {})", super::text::quote_text(to));
        // `yesterday`, `now` and `01/02/2024` are read as well, but what they mean depends on the day and on the session.
        return match kind(to) {
            Kind::Date | Kind::Timestamp | Kind::Timestamptz => {
                format!("({text} ~ '^\\s*[0-9]{{4,6}}-[0-9]{{1,2}}-[0-9]{{1,2}}' AND {valid})")
            }
            Kind::Time => format!("({text} ~ '^\\s*[0-9]{{1,2}}:' AND {valid})"),
            _ => valid,
        };
    }
    let matches = |pattern: &str| format!("{text} ~ '{pattern}'");
    let number = "^\\s*[-+]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]{1,2})?\\s*$";
    match kind(to) {
        Kind::Integer(bytes) => {
            let digits = matches("^\\s*[-+]?[0-9]{1,30}\\s*$");
            format!("CASE WHEN {digits} THEN {} ELSE false END", in_range(&format!("{text}::numeric"), bytes))
        }
        Kind::Numeric | Kind::Float(_) => matches(number),
        Kind::Bool => {
            format!(
                "pg_catalog.lower(pg_catalog.btrim({text})) IN ('t', 'f', 'true', 'false', 'y', 'n', 'yes', 'no', 'on', 'off', '1', '0')"
            )
        }
        Kind::Uuid => matches(
            "^\\s*\\{{0,1}([0-9a-fA-F]{8})-?([0-9a-fA-F]{4})-?([0-9a-fA-F]{4})-?([0-9a-fA-F]{4})-?([0-9a-fA-F]{12})\\}{0,1}\\s*$",
        ),
        Kind::Date => on_a_day(&text, &matches("^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")),
        Kind::Timestamp | Kind::Timestamptz => on_a_day(
            &text,
            &matches(
                "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]+)?)?(Z|[-+](0[0-9]|1[0-5])(:?[0-5][0-9])?)?)?$",
            ),
        ),
        Kind::Time => matches("^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]+)?)?$"),
        // The server's own conversion decides, and its error takes the entry back.
        _ => "true".to_owned(),
    }
}

/// The text, where it looks like a date, names a day that the calendar has.
fn on_a_day(text: &str, looks: &str) -> String {
    let part = |from: u32, length: u32| format!("pg_catalog.substr({text}, {from}, {length})::integer");
    let last =
        format!("pg_catalog.make_date({}, {}, 1) + interval '1 month' - interval '1 day'", part(1, 4), part(6, 2));
    format!(
        "CASE WHEN NOT {looks} OR {text} ~ '^0000' THEN false ELSE {} <= extract(day FROM {last})::integer END",
        part(9, 2)
    )
}

fn in_range(value: &str, bytes: u32) -> String {
    let (least, most) = match bytes {
        2 => (i64::from(i16::MIN), i64::from(i16::MAX)),
        4 => (i64::from(i32::MIN), i64::from(i32::MAX)),
        _ => (i64::MIN, i64::MAX),
    };
    format!("{value} BETWEEN {least}::numeric AND {most}::numeric")
}

fn fits_integer(value: &str, from: Kind, bytes: u32) -> String {
    let number = format!("{value}::numeric");
    let whole = format!("{} AND pg_catalog.trunc({number}) = {number}", in_range(&number, bytes));
    match from {
        Kind::Integer(_) => in_range(&number, bytes),
        Kind::Float(_) => format!("CASE WHEN {value} IN ('NaN', 'Infinity', '-Infinity') THEN false ELSE {whole} END"),
        _ => format!("CASE WHEN {value} = 'NaN' THEN false ELSE {whole} END"),
    }
}

/// Digits before and after the point fit.
fn fits_numeric(value: &str, to: &str) -> String {
    match types::modifiers(to).as_slice() {
        [] => "true".to_owned(),
        [precision, rest @ ..] => {
            let scale = rest.first().copied().unwrap_or(0);
            let whole = precision.saturating_sub(scale);
            format!(
                "(pg_catalog.round({value}::numeric, {scale}) = {value}::numeric AND pg_catalog.abs({value}::numeric) < 1e{whole}::numeric)"
            )
        }
    }
}
