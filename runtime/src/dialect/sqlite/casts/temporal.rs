//! Conversions to dates and times. Texts stay as they are where sqlx reads them.

use super::Arm;
use crate::catalog::ValueKind;

const DATE: &str = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]";

/// `2024-02-30` is a form, not a date.
fn is_date(v: &str) -> String {
    format!("({v} GLOB '{DATE}' AND coalesce(date({v}) = {v}, 0))")
}

/// The text without the offset of UTC.
fn without_utc(v: &str) -> String {
    format!("CASE WHEN {v} GLOB '*+00:00' THEN substr({v}, 1, length({v}) - 6) ELSE rtrim({v}, 'Z') END")
}

/// A point in time converts where it is a midnight.
pub(super) fn to_date(v: &str) -> Vec<Arm> {
    let day = format!("substr({v}, 1, 10)");
    let clock = format!("substr({}, 11)", without_utc(v));
    let midnight = format!(
        "(length({v}) > 10 AND {} AND rtrim({clock}, '0') IN (' ', 'T', ' 00:', 'T00:', ' 00:00:', 'T00:00:', ' 00:00:00.', 'T00:00:00.') AND datetime({v}) IS NOT NULL)",
        is_date(&day)
    );
    vec![(
        "text",
        format!("CASE WHEN length({v}) > 10 THEN {day} ELSE {v} END"),
        format!("({} OR {midnight})", is_date(v)),
    )]
}

/// The day of a point in time.
pub(super) fn nearest_date(v: &str) -> (String, String) {
    let day = format!("substr({v}, 1, 10)");
    (format!("typeof({v}) = 'text' AND {} AND datetime({v}) IS NOT NULL", is_date(&day)), day)
}

pub(super) fn to_time(v: &str) -> Vec<Arm> {
    vec![(
        "text",
        v.to_owned(),
        format!("({v} GLOB '[0-9][0-9]:[0-9][0-9]*' AND NOT {v} GLOB '*[^0-9:.]*' AND time({v}) IS NOT NULL)"),
    )]
}

/// A date gets its midnight. `is_local`: without a zone, so that one other than UTC would be lost. Numbers are read alike as moments of
/// either kind.
pub(super) fn to_moment(v: &str, from: Option<&ValueKind>, is_local: bool) -> Vec<Arm> {
    let day = format!("substr({v}, 1, 10)");
    let mut full = format!(
        "length({v}) >= 16 AND {} AND {v} GLOB '{DATE}[ T][0-9][0-9]:[0-9][0-9]*' AND NOT substr({v}, 12) GLOB '*[^0-9:.Z+-]*' AND datetime({v}) IS NOT NULL",
        is_date(&day)
    );
    if is_local {
        let clock = format!("substr({}, 12)", without_utc(v));
        full.push_str(&format!(" AND NOT {clock} GLOB '*[+-]*'"));
    }
    let text = (
        "text",
        format!("CASE WHEN length({v}) = 10 THEN {v} || ' 00:00:00' ELSE {v} END"),
        format!("({} OR {full})", is_date(v)),
    );
    let is_moment = matches!(from, Some(ValueKind::DateTime | ValueKind::Timestamp));
    let numbers = ["integer", "real"].into_iter().filter(|_| is_moment).map(|ty| (ty, v.to_owned(), "1".to_owned()));
    std::iter::once(text).chain(numbers).collect()
}
