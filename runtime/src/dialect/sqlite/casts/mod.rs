//! Conversions of values: by the kind of the old and of the new column's values ([`ValueKind`]), and, since SQLite's columns hold values of
//! any storage class, by what each value is stored as (`typeof`); never by how a value looks.

mod numbers;
mod temporal;
mod texts;

use super::types::{Class, class};
use crate::catalog::{Column, ValueKind};
use crate::change::CastSafety;

/// How one value becomes another; both are expressions over it. NULL is not asked about.
#[derive(Debug, Clone)]
pub(crate) struct Conversion {
    /// The converted value, right where `converts` holds.
    pub(crate) value: String,
    /// Whether it converts without loss.
    pub(crate) converts: String,
    /// Where it does not: whether the nearest value is there all the same, and that value.
    pub(crate) nearest: Option<(String, String)>,
    /// `WHEN 'integer' THEN …` for each storage class of which every value converts: of these `converts` need not be asked.
    pub(crate) always: String,
}

/// One storage class: its name, the converted value, and whether it converts.
type Arm = (&'static str, String, String);

/// What the values of the column are: as the model said, or as the native type suggests. `None`: whatever is stored.
pub(crate) fn kind(column: &Column) -> Option<ValueKind> {
    column.values.clone().or(match class(&column.ty) {
        Class::Integer => Some(ValueKind::INT64),
        Class::Real => Some(ValueKind::Float64),
        Class::Text => Some(ValueKind::Text),
        Class::Blob => Some(ValueKind::Bytes),
        Class::Bool => Some(ValueKind::Bool),
        Class::Date => Some(ValueKind::Date),
        Class::Time => Some(ValueKind::Time),
        Class::DateTime => Some(ValueKind::Timestamp),
        Class::Other => None,
    })
}

/// Whether the kind is stored as a text that says all.
fn is_text(kind: &ValueKind) -> bool {
    use ValueKind::{Array, Char, Decimal, Enum, GeoPoint, Json, Text};
    matches!(kind, Text | Char | Enum(_) | Decimal | Json | Array | GeoPoint)
}

fn is_moment(kind: &ValueKind) -> bool {
    matches!(kind, ValueKind::DateTime | ValueKind::Timestamp)
}

/// Whether there is a conversion at all.
fn has_conversion(from: &ValueKind, to: &ValueKind) -> bool {
    use ValueKind::{
        Array, Bool, Bytes, Char, Date, DateTime, Decimal, Enum, Float32, Float64, GeoPoint, Integer, Json, Text, Time,
        Timestamp, Uuid, Vector,
    };
    let is_number = matches!(from, Integer { .. } | Float32 | Float64);
    let is_scalar_text = matches!(from, Text | Char | Enum(_) | Decimal | Json);
    match to {
        _ if from == to => true,
        Text | Json => !matches!(from, Vector(_)),
        Char | Enum(_) => is_text(from) || matches!(from, Bytes | Bool | Integer { .. }),
        Integer { .. } | Float32 | Float64 => is_number || is_scalar_text || *from == Bool,
        Decimal | Bool => is_number || is_scalar_text,
        Array | GeoPoint => matches!(from, Text | Json),
        Bytes => is_text(from) || matches!(from, Uuid | Vector(_)),
        Uuid => matches!(from, Text | Enum(_) | Bytes),
        Vector(_) => matches!(from, Bytes | Vector(_)),
        Date => matches!(from, Text | Enum(_)) || is_moment(from),
        Time => matches!(from, Text | Enum(_)),
        DateTime | Timestamp => matches!(from, Text | Enum(_) | Date) || is_moment(from),
    }
}

/// Whether every value of the one kind is one of the other, stored as SQLite would store it.
fn always_converts(from: &ValueKind, to: &ValueKind) -> bool {
    use ValueKind::{Bool, Date, DateTime, Decimal, Float32, Float64, Integer, Json, Text, Time, Timestamp, Uuid};
    match (from, to) {
        (Integer { signed: a, bits: old }, Integer { signed: b, bits: new }) => {
            let (old, new) = (ValueKind::range(*a, *old), ValueKind::range(*b, *new));
            new.0 <= old.0 && old.1 <= new.1
        }
        (Integer { bits, .. }, Float64) => *bits <= 32,
        (Integer { bits, .. }, Float32) => *bits <= 16,
        (Bool, Integer { .. }) | (Float32, Float64) | (DateTime, Timestamp) => true,
        (Integer { .. } | Bool, Text | Json)
        | (Integer { .. }, Decimal)
        | (Date | Time | DateTime | Timestamp, Text) => true,
        (ValueKind::Array | ValueKind::GeoPoint, Json) => true,
        (from, Text) => is_text(from),
        (Uuid, ValueKind::Bytes) => true,
        _ => false,
    }
}

/// How safe a conversion is.
pub(crate) fn cast(from: &Column, to: &Column) -> CastSafety {
    let (old, new) = (class(&from.ty), class(&to.ty));
    if old == Class::Other || new == Class::Other {
        return if from.ty == to.ty { CastSafety::Safe } else { CastSafety::Checked };
    }
    let (Some(from), Some(to)) = (kind(from), kind(to)) else { return CastSafety::Checked };
    match from == to {
        true if old == new || new == Class::Text => CastSafety::Safe,
        false if !has_conversion(&from, &to) => CastSafety::Impossible,
        false if always_converts(&from, &to) => CastSafety::Safe,
        _ => CastSafety::Checked,
    }
}

/// Whether values of another kind have to be written anew although the native type stays.
pub(crate) fn rewrites(from: &Column, to: &Column) -> bool {
    use ValueKind::{Bool, Date, Json, Time, Uuid};
    let in_text = class(&to.ty) == Class::Text;
    let (Some(from), Some(to)) = (kind(from), kind(to)) else { return false };
    let is_timed = |kind: &ValueKind| *kind == Date || is_moment(kind);
    // Also a text that is a day becomes its midnight.
    let is_cut = is_timed(&to)
        && (matches!(from, ValueKind::Text | ValueKind::Enum(_)) || is_timed(&from))
        && is_moment(&from) != is_moment(&to);
    let is_day_of_text = to == Date && matches!(from, ValueKind::Text | ValueKind::Enum(_));
    let is_quoted = to == Json && (matches!(from, Date | Time | Uuid) || is_moment(&from));
    let is_reworded = (from == Bool) != (to == Bool) || (from == Uuid) != (to == Uuid);
    has_conversion(&from, &to) && (is_cut || in_text && (is_day_of_text || is_quoted || is_reworded))
}

/// What the blobs of an adopted column may be that become texts.
pub(crate) fn readings(from: &Column, to: &Column) -> Vec<Column> {
    let is_open = from.values.is_none()
        && class(&from.ty) == Class::Blob
        && kind(to).is_some_and(|to| is_text(&to))
        && class(&to.ty) == Class::Text;
    let read = |values| Column { values: Some(values), ..from.clone() };
    if is_open { vec![read(ValueKind::Bytes), read(ValueKind::Uuid)] } else { Vec::new() }
}

/// How the value of the one column becomes one of the other.
pub(crate) fn conversion(value: &str, from: &Column, to: &Column) -> Conversion {
    use ValueKind::{
        Array, Bool, Bytes, Char, Date, DateTime, Decimal, Enum, Float32, Float64, GeoPoint, Integer, Json, Text, Time,
        Timestamp, Uuid, Vector,
    };
    let (old, new) = (class(&from.ty), class(&to.ty));
    let same_type = old == new && (new != Class::Other || from.ty == to.ty);
    let (from, to) = (kind(from), kind(to));
    if same_type && from == to {
        return Conversion { value: value.to_owned(), converts: "1".to_owned(), nearest: None, always: String::new() };
    }
    let Some(to) = to.filter(|_| new != Class::Other) else { return to_other(value) };
    if from.as_ref().is_some_and(|from| old != Class::Other && !has_conversion(from, &to)) {
        return by_type(value, Vec::new());
    }
    let arms = match &to {
        Integer { signed, bits } => numbers::to_integer(value, ValueKind::range(*signed, *bits)),
        Float32 => numbers::to_float32(value),
        Float64 => numbers::to_real(value),
        Decimal => texts::to_decimal(value, from.as_ref()),
        Bool => to_bool(value),
        Text => texts::to_text(value, from.as_ref()),
        Char => texts::that(texts::to_text(value, from.as_ref()), |text| format!("length({text}) = 1")),
        Enum(labels) => texts::that(texts::to_text(value, from.as_ref()), |text| texts::is_one_of(text, labels)),
        Json => texts::to_json(value, from.as_ref()),
        Array => texts::that(texts::to_json(value, from.as_ref()), texts::is_array),
        GeoPoint => texts::that(texts::to_json(value, from.as_ref()), texts::is_point),
        Bytes => to_bytes(value, from.as_ref()),
        Uuid => to_uuid(value, new == Class::Text),
        Vector(dimensions) => {
            vec![("blob", value.to_owned(), format!("length({value}) = {}", u64::from(*dimensions) * 4))]
        }
        Date => temporal::to_date(value),
        Time => temporal::to_time(value),
        DateTime => temporal::to_moment(value, from.as_ref(), true),
        Timestamp => temporal::to_moment(value, from.as_ref(), false),
    };
    Conversion { nearest: nearest(value, &to), ..by_type(value, arms) }
}

/// What a value becomes where the loss is allowed: a number is rounded, a moment is cut to its day.
fn nearest(v: &str, to: &ValueKind) -> Option<(String, String)> {
    let number = format!("typeof({v}) IN ('integer', 'real')");
    Some(match to {
        ValueKind::Integer { signed, bits } => {
            let (least, most) = ValueKind::range(*signed, *bits);
            let rounded = format!("round({v})");
            // The greatest of 64 bits is rounded up as a real: it is no integer any more.
            let fits = if most == i64::MAX { format!("{rounded} < {most}.0") } else { format!("{rounded} <= {most}") };
            (format!("typeof({v}) = 'real' AND {rounded} >= {least} AND {fits}"), format!("CAST({rounded} AS INTEGER)"))
        }
        ValueKind::Float32 => {
            (format!("{number} AND abs({v} + 0.0) <= 3.4028234663852886e38"), format!("CAST({v} AS REAL)"))
        }
        ValueKind::Float64 => (number, format!("CAST({v} AS REAL)")),
        ValueKind::Bool => (number, format!("({v} <> 0)")),
        ValueKind::Date => temporal::nearest_date(v),
        _ => return None,
    })
}

/// Values that a column of a STRICT table refuses: those that its affinity could not make its own. `ANY` refuses none.
pub(crate) fn misfits(value: &str, column: &Column) -> String {
    let wrong = match class(&column.ty) {
        Class::Integer | Class::Bool => format!(
            "typeof({value}) IN ('text', 'blob') OR typeof({value}) = 'real' AND NOT {}",
            numbers::whole(value, &format!("CAST({value} AS INTEGER)"))
        ),
        Class::Real => format!("typeof({value}) IN ('text', 'blob')"),
        Class::Text | Class::Date | Class::Time | Class::DateTime => format!("typeof({value}) = 'blob'"),
        Class::Blob => format!("typeof({value}) NOT IN ('blob', 'null')"),
        Class::Other => "0".to_owned(),
    };
    format!("({wrong})")
}

/// One arm per storage class. What is not named does not convert.
fn by_type(value: &str, arms: Vec<Arm>) -> Conversion {
    let case = |arms: Vec<String>, other: &str| {
        if arms.is_empty() {
            other.to_owned()
        } else {
            format!("CASE typeof({value}) {} ELSE {other} END", arms.join(" "))
        }
    };
    let always = arms.iter().filter(|(.., converts)| converts == "1");
    Conversion {
        always: always.map(|(ty, value, _)| format!(" WHEN '{ty}' THEN {value}")).collect(),
        nearest: None,
        value: case(arms.iter().map(|(ty, value, _)| format!("WHEN '{ty}' THEN {value}")).collect(), value),
        converts: case(arms.iter().map(|(ty, _, converts)| format!("WHEN '{ty}' THEN {converts}")).collect(), "0"),
    }
}

fn to_bool(v: &str) -> Vec<Arm> {
    let word = format!("lower(trim({v}))");
    vec![
        ("integer", v.to_owned(), format!("{v} IN (0, 1)")),
        ("real", format!("CAST({v} AS INTEGER)"), format!("{v} IN (0.0, 1.0)")),
        (
            "text",
            format!("{word} IN ('1', 'true', 't', 'yes', 'y', 'on')"),
            format!("{word} IN ('0', '1', 'true', 'false', 't', 'f', 'yes', 'no', 'y', 'n', 'on', 'off')"),
        ),
    ]
}

/// Its own bytes; those of a UUID are sixteen.
fn to_bytes(v: &str, from: Option<&ValueKind>) -> Vec<Arm> {
    let text = match from {
        Some(ValueKind::Uuid) => ("text", texts::uuid_bytes(v), texts::is_uuid(v)),
        _ => ("text", format!("CAST({v} AS BLOB)"), "1".into()),
    };
    vec![text, ("blob", v.to_owned(), "1".into())]
}

/// Sixteen bytes, which is what sqlx binds, or the text of one in a text column.
fn to_uuid(v: &str, as_text: bool) -> Vec<Arm> {
    let bytes = texts::uuid_bytes(v);
    let (of_text, of_blob) =
        if as_text { (texts::hyphenated(&bytes), texts::hyphenated(v)) } else { (bytes, v.to_owned()) };
    vec![("text", of_text, texts::is_uuid(v)), ("blob", of_blob, format!("length({v}) = 16"))]
}

/// A column of numeric affinity makes numbers of texts that look like one: only those that read the same afterwards convert.
fn to_other(v: &str) -> Conversion {
    let text = format!("(CAST(CAST({v} AS NUMERIC) AS TEXT) = {v} OR {v} = '' OR {v} GLOB '*[^0-9eE.+ -]*')");
    by_type(
        v,
        vec![
            ("integer", v.to_owned(), "1".into()),
            ("real", v.to_owned(), "1".into()),
            ("text", v.to_owned(), text),
            ("blob", v.to_owned(), "1".into()),
        ],
    )
}
