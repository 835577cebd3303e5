//! Conversions to numbers.

use super::Arm;

/// A text converts where the number reads exactly so: '007', '+5' and '1e3' would come back as something else. `5.00`, as decimals are
/// written, is 5.
pub(super) fn to_integer(v: &str, range: (i64, i64)) -> Vec<Arm> {
    let cast = format!("CAST({v} AS INTEGER)");
    let whole_part =
        format!("CASE WHEN trim({v}) GLOB '*[0-9].0*' THEN rtrim(rtrim(trim({v}), '0'), '.') ELSE trim({v}) END");
    let trimmed = format!("CAST(trim({v}) AS INTEGER)");
    let arms = vec![
        ("integer", v.to_owned(), "1".into()),
        ("real", cast.clone(), whole(v, &cast)),
        ("text", trimmed.clone(), format!("CAST({trimmed} AS TEXT) = {whole_part}")),
    ];
    if range == (i64::MIN, i64::MAX) {
        return arms;
    }
    let within = |value: &str| match range.0 {
        i64::MIN => format!("{value} <= {}", range.1),
        least => format!("{value} BETWEEN {least} AND {}", range.1),
    };
    arms.into_iter()
        .map(|(ty, value, converts)| {
            let within = within(&value);
            let converts = if converts == "1" { within } else { format!("({converts}) AND {within}") };
            (ty, value, converts)
        })
        .collect()
}

/// A real without a fraction, within the range of integers.
pub(super) fn whole(v: &str, cast: &str) -> String {
    format!("({v} >= -9223372036854775808.0 AND {v} < 9223372036854775808.0 AND {cast} = {v})")
}

pub(super) fn to_real(v: &str) -> Vec<Arm> {
    let cast = format!("CAST({v} AS REAL)");
    let exact = format!("({cast} < 9223372036854775808.0 AND CAST({cast} AS INTEGER) = {v})");
    // A number as JSON writes it, of no more digits than a real keeps, or one that reads the same afterwards.
    let text = format!("trim({v})");
    let is_number = format!("(json_valid({text}) AND json_type({text}) IN ('integer', 'real'))");
    let digits = format!("length(ltrim(replace(replace({text}, '-', ''), '.', ''), '0'))");
    let keeps =
        format!("(instr(lower({text}), 'e') = 0 AND {digits} <= 15 OR CAST(CAST({text} AS REAL) AS TEXT) = {text})");
    vec![
        ("integer", cast, exact),
        ("real", v.to_owned(), "1".into()),
        ("text", format!("CAST({text} AS REAL)"), format!("CASE WHEN {is_number} THEN {keeps} ELSE 0 END")),
    ]
}

/// Single precision: 24 bits of mantissa, which Dekker's product cuts off exactly. A text is held to the digits that a single keeps.
pub(super) fn to_float32(v: &str) -> Vec<Arm> {
    let least = i64::MIN;
    let few_bits = format!("({v} IN (0, {least}) OR {v} / ({v} & -{v}) BETWEEN -16777216 AND 16777216)");
    let high = format!("({v} * 536870913.0 - ({v} * 536870913.0 - {v}))");
    let single = format!(
        "({v} IN (0.0, 9e999, -9e999) OR abs({v}) BETWEEN 1.1754943508222875e-38 AND 3.4028234663852886e38 AND {high} = {v})"
    );
    let [(_, from_integer, _), (_, from_real, _), (_, from_text, is_real)] =
        <[Arm; 3]>::try_from(to_real(v)).unwrap_or_default();
    let text = format!("trim({v})");
    let digits = format!("length(ltrim(replace(replace({text}, '-', ''), '.', ''), '0'))");
    let short = format!(
        "(instr(lower({text}), 'e') = 0 AND {digits} <= 6 AND (CAST({text} AS REAL) = 0.0 OR abs(CAST({text} AS REAL)) > 1e-37))"
    );
    vec![
        ("integer", from_integer, few_bits),
        ("real", from_real, single),
        ("text", from_text, format!("({is_real}) AND {short}")),
    ]
}
