//! Conversions to what is stored as text.

use super::super::normalise::quote_text;
use super::Arm;
use crate::catalog::ValueKind;

/// The arms whose converted values fulfil a further condition.
pub(super) fn that(arms: Vec<Arm>, holds: impl Fn(&str) -> String) -> Vec<Arm> {
    let narrowed = arms.into_iter().map(|(ty, value, converts)| {
        let holds = holds(&value);
        let converts = if converts == "1" { holds } else { format!("CASE WHEN {converts} THEN {holds} ELSE 0 END") };
        (ty, value, converts)
    });
    narrowed.collect()
}

/// A value as the text that says the same.
pub(super) fn to_text(v: &str, from: Option<&ValueKind>) -> Vec<Arm> {
    let cast = format!("CAST({v} AS TEXT)");
    let exact = format!("printf('%!.17g', {v})");
    let real = format!("CASE WHEN CAST({cast} AS REAL) = {v} THEN {cast} ELSE {exact} END");
    let integer = match from {
        Some(ValueKind::Bool) => (word(v), format!("{v} IN (0, 1)")),
        _ => (cast.clone(), "1".to_owned()),
    };
    let blob = match from {
        Some(ValueKind::Uuid) => (hyphenated(v), format!("length({v}) = 16")),
        _ => (cast.clone(), is_utf8(v)),
    };
    vec![
        ("integer", integer.0, integer.1),
        ("real", real, format!("(CAST({cast} AS REAL) = {v} OR CAST({exact} AS REAL) = {v})")),
        ("text", v.to_owned(), "1".into()),
        ("blob", blob.0, blob.1),
    ]
}

/// `true`, `false`
fn word(v: &str) -> String {
    format!("CASE {v} WHEN 1 THEN 'true' ELSE 'false' END")
}

/// A blob is text where it is UTF-8 without NUL: each character, made again from its code, must be the same bytes.
fn is_utf8(v: &str) -> String {
    let text = format!("CAST({v} AS TEXT)");
    format!(
        "(instr({v}, x'00') = 0 AND NOT EXISTS (WITH RECURSIVE i(n) AS (SELECT 1 WHERE length({v}) > 0 UNION ALL SELECT n + 1 FROM i WHERE n < length({text})) SELECT 1 FROM i WHERE CAST(char(unicode(substr({text}, n, 1))) AS BLOB) <> CAST(substr({text}, n, 1) AS BLOB)))"
    )
}

/// The text of a UUID whose sixteen bytes are that expression.
pub(super) fn hyphenated(bytes: &str) -> String {
    let hex = format!("lower(hex({bytes}))");
    let part = |from: u32, length: u32| format!("substr({hex}, {from}, {length})");
    format!("({})", [part(1, 8), part(9, 4), part(13, 4), part(17, 4), part(21, 12)].join(" || '-' || "))
}

/// The sixteen bytes of a UUID's text.
pub(super) fn uuid_bytes(v: &str) -> String {
    format!("unhex(replace({v}, '-', ''))")
}

/// Whether a text is a UUID: 32 hexadecimal digits of any case, with all four hyphens or without any.
pub(super) fn is_uuid(v: &str) -> String {
    let digits = format!("replace({v}, '-', '')");
    format!(
        "((length(CAST({v} AS BLOB)) = 32 OR length(CAST({v} AS BLOB)) = 36 AND {v} GLOB '????????-????-????-????-????????????') AND length({digits}) = 32 AND NOT {digits} GLOB '*[^0-9a-fA-F]*')"
    )
}

pub(super) fn is_one_of(text: &str, labels: &[String]) -> String {
    let labels: Vec<String> = labels.iter().map(|label| quote_text(label)).collect();
    format!("{text} IN ({})", labels.join(", "))
}

/// Digits with a sign and a point where they are needed, no more of them than a decimal has.
pub(super) fn to_decimal(v: &str, from: Option<&ValueKind>) -> Vec<Arm> {
    that(to_text(v, from), |text| {
        let digits = format!("ltrim({text}, '-')");
        let bare = format!("replace({digits}, '.', '')");
        format!(
            "(NOT {digits} GLOB '*[^0-9.]*' AND {digits} GLOB '[0-9]*' AND {digits} GLOB '*[0-9]' AND length({text}) - length({digits}) <= 1 AND length({digits}) - length({bare}) <= 1 AND length({bare}) <= 28)"
        )
    })
}

/// A text is read as JSON; what is no text is written as JSON.
pub(super) fn to_json(v: &str, from: Option<&ValueKind>) -> Vec<Arm> {
    use ValueKind::{Date, DateTime, Time, Timestamp, Uuid};
    let is_quoted = matches!(from, Some(Date | Time | DateTime | Timestamp | Uuid));
    // Half of a surrogate pair is no character, whatever SQLite says.
    let is_json = |text: &str| format!("(json_valid({text}) AND NOT {text} GLOB '*\\u[dD][89a-fA-F]*')");
    let arms = to_text(v, from).into_iter().filter(|(ty, ..)| !is_quoted || matches!(*ty, "text" | "blob"));
    if is_quoted {
        return arms.map(|(ty, value, converts)| (ty, format!("json_quote({value})"), converts)).collect();
    }
    // Readers of JSON round numbers of more digits each in their own way.
    let short = |text: &str| {
        let digits = format!("length(ltrim(replace(replace({text}, '-', ''), '.', ''), '0'))");
        format!("({} AND instr(lower({text}), 'e') = 0 AND {digits} <= 15)", is_json(text))
    };
    let (reals, others): (Vec<Arm>, Vec<Arm>) = arms.partition(|(ty, ..)| *ty == "real");
    that(others, is_json).into_iter().chain(that(reals, short)).collect()
}

pub(super) fn is_array(json: &str) -> String {
    format!("CASE WHEN json_valid({json}) THEN json_type({json}) = 'array' ELSE 0 END")
}

/// A GeoJSON point, with an altitude or without.
pub(super) fn is_point(json: &str) -> String {
    let number =
        |at: u32| format!("coalesce(json_type({json}, '$.coordinates[{at}]') IN ('integer', 'real'), {at} = 2)");
    format!(
        "CASE WHEN NOT json_valid({json}) THEN 0 WHEN json_type({json}) = 'object' AND json_extract({json}, '$.type') = 'Point' AND json_type({json}, '$.coordinates') = 'array' AND json_array_length({json}, '$.coordinates') IN (2, 3) AND {} AND {} AND {} THEN 1 ELSE 0 END",
        number(0),
        number(1),
        number(2)
    )
}
