//! Conversions of values. SQLite's columns hold values of any type, so each value is judged by what it is (`typeof`), not
//! only by what its column says.

use super::types::{Class, class};
use crate::catalog::Column;
use crate::change::CastSafety;

/// How one value becomes another; both are expressions over it. NULL is not asked about.
#[derive(Debug, Clone)]
pub(crate) struct Conversion {
    /// The converted value, right where `converts` holds.
    pub(crate) value: String,
    /// Whether it converts without loss.
    pub(crate) converts: String,
    /// `WHEN 'integer' THEN …` for each storage class of which every value converts: of these `converts` need not be asked.
    pub(crate) always: String,
}

/// How safe a conversion is.
pub(crate) fn cast(from: &Column, to: &Column) -> CastSafety {
    use Class::{Blob, Bool, Date, DateTime, Integer, Other, Real, Text, Time};
    match (class(&from.ty), class(&to.ty)) {
        (Other, Other) if from.ty != to.ty => CastSafety::Checked,
        (from, to) if from == to => CastSafety::Safe,
        (Integer | Bool | Date | Time | DateTime, Text) | (Bool, Integer) => CastSafety::Safe,
        (_, Text | Other) | (Other, _) => CastSafety::Checked,
        (Real | Text, Integer) | (Integer | Text | Bool, Real) | (Integer | Real | Text, Bool) => CastSafety::Checked,
        (Text | DateTime, Date) | (Text, Time | Blob) | (Text | Date, DateTime) => CastSafety::Checked,
        _ => CastSafety::Impossible,
    }
}

/// How the value of the one column becomes one of the other.
pub(crate) fn conversion(value: &str, from: &Column, to: &Column) -> Conversion {
    if class(&from.ty) == class(&to.ty) && (class(&to.ty) != Class::Other || from.ty == to.ty) {
        return Conversion { value: value.to_owned(), converts: "1".to_owned(), always: String::new() };
    }
    match class(&to.ty) {
        Class::Integer => to_integer(value),
        Class::Real => to_real(value),
        Class::Text => to_text(value),
        Class::Blob => to_blob(value),
        Class::Bool => to_bool(value),
        Class::Date => to_date(value),
        Class::Time => to_time(value),
        Class::DateTime => to_datetime(value),
        Class::Other => to_other(value),
    }
}

/// Values that a column of a STRICT table refuses: those that its affinity could not make its own. `ANY` refuses none.
pub(crate) fn misfits(value: &str, column: &Column) -> String {
    let wrong = match class(&column.ty) {
        Class::Integer | Class::Bool => format!(
            "typeof({value}) IN ('text', 'blob') OR typeof({value}) = 'real' AND NOT {}",
            whole(value, &format!("CAST({value} AS INTEGER)"))
        ),
        Class::Real => format!("typeof({value}) IN ('text', 'blob')"),
        Class::Text | Class::Date | Class::Time | Class::DateTime => format!("typeof({value}) = 'blob'"),
        Class::Blob => format!("typeof({value}) NOT IN ('blob', 'null')"),
        Class::Other => "0".to_owned(),
    };
    format!("({wrong})")
}

/// One arm per storage class: `(typeof, value, converts)`. What is not named does not convert.
fn by_type(value: &str, arms: &[(&str, String, String)]) -> Conversion {
    let case = |arms: Vec<String>, other: &str| format!("CASE typeof({value}) {} ELSE {other} END", arms.join(" "));
    let always = arms.iter().filter(|(.., converts)| converts == "1");
    Conversion {
        always: always.map(|(ty, value, _)| format!(" WHEN '{ty}' THEN {value}")).collect(),
        value: case(arms.iter().map(|(ty, value, _)| format!("WHEN '{ty}' THEN {value}")).collect(), value),
        converts: case(arms.iter().map(|(ty, _, converts)| format!("WHEN '{ty}' THEN {converts}")).collect(), "0"),
    }
}

/// A text converts where the number reads exactly so: '007', '+5' and '1e3' would come back as something else.
fn to_integer(v: &str) -> Conversion {
    let cast = format!("CAST({v} AS INTEGER)");
    let trimmed = format!("CAST(trim({v}) AS INTEGER)");
    by_type(
        v,
        &[
            ("integer", v.to_owned(), "1".into()),
            ("real", cast.clone(), whole(v, &cast)),
            ("text", trimmed.clone(), format!("CAST({trimmed} AS TEXT) = trim({v})")),
        ],
    )
}

/// A real without a fraction, within the range of integers.
fn whole(v: &str, cast: &str) -> String {
    format!("({v} >= -9223372036854775808.0 AND {v} < 9223372036854775808.0 AND {cast} = {v})")
}

fn to_real(v: &str) -> Conversion {
    let cast = format!("CAST({v} AS REAL)");
    let exact = format!("({cast} < 9223372036854775808.0 AND CAST({cast} AS INTEGER) = {v})");
    // A number as JSON writes it, of no more digits than a real keeps, or one that reads the same afterwards.
    let text = format!("trim({v})");
    let is_number = format!("(json_valid({text}) AND json_type({text}) IN ('integer', 'real'))");
    let digits = format!("length(ltrim(replace(replace({text}, '-', ''), '.', ''), '0'))");
    let keeps =
        format!("(instr(lower({text}), 'e') = 0 AND {digits} <= 15 OR CAST(CAST({text} AS REAL) AS TEXT) = {text})");
    by_type(
        v,
        &[
            ("integer", cast, exact),
            ("real", v.to_owned(), "1".into()),
            ("text", format!("CAST({text} AS REAL)"), format!("CASE WHEN {is_number} THEN {keeps} ELSE 0 END")),
        ],
    )
}

fn to_text(v: &str) -> Conversion {
    let cast = format!("CAST({v} AS TEXT)");
    let exact = format!("printf('%!.17g', {v})");
    let real = format!("CASE WHEN CAST({cast} AS REAL) = {v} THEN {cast} ELSE {exact} END");
    // A blob is text where it is UTF-8 without NUL: each character, recreated from its code, must be the same bytes.
    let is_utf8 = format!(
        "(instr({v}, x'00') = 0 AND NOT EXISTS (WITH RECURSIVE i(n) AS (SELECT 1 WHERE length({v}) > 0 UNION ALL SELECT n + 1 FROM i WHERE n < length({cast})) SELECT 1 FROM i WHERE CAST(char(unicode(substr({cast}, n, 1))) AS BLOB) <> CAST(substr({cast}, n, 1) AS BLOB)))"
    );
    let hex = format!("lower(hex({v}))");
    let part = |from: u32, length: u32| format!("substr({hex}, {from}, {length})");
    let uuid = [part(1, 8), part(9, 4), part(13, 4), part(17, 4), part(21, 12)].join(" || '-' || ");
    let is_uuid = format!("(length({v}) = 16 AND {hex} GLOB '????????????[1-8]???[89ab]*')");
    by_type(
        v,
        &[
            ("integer", cast.clone(), "1".into()),
            ("real", real, format!("(CAST({cast} AS REAL) = {v} OR CAST({exact} AS REAL) = {v})")),
            ("text", v.to_owned(), "1".into()),
            ("blob", format!("CASE WHEN {is_utf8} THEN {cast} ELSE {uuid} END"), format!("({is_utf8} OR {is_uuid})")),
        ],
    )
}

/// A text that is a UUID becomes its 16 bytes, which is what sqlx binds; any other its own bytes.
fn to_blob(v: &str) -> Conversion {
    let hex = format!("replace({v}, '-', '')");
    let is_uuid = format!(
        "(length({v}) = 36 AND {v} GLOB '????????-????-????-????-????????????' AND length({hex}) = 32 AND NOT {hex} GLOB '*[^0-9a-f]*')"
    );
    by_type(
        v,
        &[
            ("text", format!("CASE WHEN {is_uuid} THEN unhex({hex}) ELSE CAST({v} AS BLOB) END"), "1".into()),
            ("blob", v.to_owned(), "1".into()),
        ],
    )
}

fn to_bool(v: &str) -> Conversion {
    let word = format!("lower(trim({v}))");
    by_type(
        v,
        &[
            ("integer", v.to_owned(), format!("{v} IN (0, 1)")),
            ("real", format!("CAST({v} AS INTEGER)"), format!("{v} IN (0.0, 1.0)")),
            (
                "text",
                format!("{word} IN ('1', 'true', 't', 'yes', 'y', 'on')"),
                format!("{word} IN ('0', '1', 'true', 'false', 't', 'f', 'yes', 'no', 'y', 'n', 'on', 'off')"),
            ),
        ],
    )
}

const DATE: &str = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]";

/// `2024-02-30` is a form, not a date.
fn is_date(v: &str) -> String {
    format!("({v} GLOB '{DATE}' AND coalesce(date({v}) = {v}, 0))")
}

/// A point in time converts where it is a midnight.
fn to_date(v: &str) -> Conversion {
    let day = format!("substr({v}, 1, 10)");
    let midnight = format!(
        "(length({v}) > 10 AND {} AND rtrim(substr({v}, 11), '0') IN (' ', 'T', ' 00:', 'T00:', ' 00:00:', 'T00:00:', ' 00:00:00.', 'T00:00:00.') AND datetime({v}) IS NOT NULL)",
        is_date(&day)
    );
    by_type(
        v,
        &[(
            "text",
            format!("CASE WHEN length({v}) > 10 THEN {day} ELSE {v} END"),
            format!("({} OR {midnight})", is_date(v)),
        )],
    )
}

fn to_time(v: &str) -> Conversion {
    by_type(v, &[("text", v.to_owned(), format!("({v} GLOB '[0-9][0-9]:[0-9][0-9]*' AND time({v}) IS NOT NULL)"))])
}

/// Texts stay as they are where sqlx reads them; a date gets its midnight.
fn to_datetime(v: &str) -> Conversion {
    let day = format!("substr({v}, 1, 10)");
    let full = format!(
        "(length({v}) >= 16 AND {} AND {v} GLOB '{DATE}[ T][0-9][0-9]:[0-9][0-9]*' AND datetime({v}) IS NOT NULL)",
        is_date(&day)
    );
    by_type(
        v,
        &[(
            "text",
            format!("CASE WHEN length({v}) = 10 THEN {v} || ' 00:00:00' ELSE {v} END"),
            format!("({} OR {full})", is_date(v)),
        )],
    )
}

/// A column of numeric affinity makes numbers of texts that look like one: only those that read the same afterwards convert.
fn to_other(v: &str) -> Conversion {
    let text = format!("(CAST(CAST({v} AS NUMERIC) AS TEXT) = {v} OR {v} = '' OR {v} GLOB '*[^0-9eE.+ -]*')");
    by_type(
        v,
        &[
            ("integer", v.to_owned(), "1".into()),
            ("real", v.to_owned(), "1".into()),
            ("text", v.to_owned(), text),
            ("blob", v.to_owned(), "1".into()),
        ],
    )
}
