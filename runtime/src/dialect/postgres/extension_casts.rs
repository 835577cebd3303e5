//! Conversions to points (PostGIS) and vectors (pgvector).
//!
//! The input functions of these extensions raise an error where the server's own types say no, and the extension may come with this very run. So
//! whether a value converts is told by its text, without a word of the extension; only the converted value names its type.

use super::casts::{Conversion, checked, impossible, is_json, is_text};
use super::{Postgres, types};
use crate::change::CastSafety;

/// A number as all of them read it, for a regular expression.
const NUMBER: &str = "[-+]?(?:[0-9]{1,30}(?:\\.[0-9]*)?|\\.[0-9]+)";
/// Its exponent, within the range of double precision.
const EXPONENT: &str = "(?:[eE][-+]?[0-9]{1,2})?";
/// Its exponent, within the range of the four bytes that an element of a vector has.
const SHORT_EXPONENT: &str = "(?:[eE](?:\\+?[0-7]|-[0-3]?[0-9]))?";

/// The conversion to a type of an extension that fails on what it cannot read; `None`: the type is none of those, or it reads what the
/// extension itself has made.
pub(super) fn plan(dialect: &Postgres, value: &str, from: &str, to: &str) -> Option<(CastSafety, Conversion)> {
    if types::is_array(to) {
        return None;
    }
    match types::base(to).as_str() {
        "geography" | "geometry" if is_point(to) => point(dialect, value, from, to),
        "vector" => vector(value, from, to),
        _ => None,
    }
}

/// Whether it is a type of points in degrees of WGS 84.
fn is_point(ty: &str) -> bool {
    let inside = ty.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map_or("", |(inside, _)| inside);
    inside.replace(' ', "").eq_ignore_ascii_case("point,4326")
}

/// A point: of GeoJSON (which is also how SQLite stores it), of the text of a point as PostGIS reads and writes it, of the server's own
/// `point`. Where it is no place on Earth, or has an altitude, it does not convert.
fn point(dialect: &Postgres, value: &str, from: &str, to: &str) -> Option<(CastSafety, Conversion)> {
    let placed = |longitude: &str, latitude: &str| {
        let text = format!("pg_catalog.concat('SRID=4326;POINT(', {longitude}, ' ', {latitude}, ')')");
        format!("(CASE WHEN {value} IS NOT NULL THEN {text} END)")
    };
    if types::bare(from) == "point" {
        let (longitude, latitude) = (format!("({value})[0]"), format!("({value})[1]"));
        return Some(checked(
            format!("{}::{to}", placed(&longitude, &latitude)),
            format!("({longitude} BETWEEN -180 AND 180 AND {latitude} BETWEEN -90 AND 90)"),
        ));
    }
    let text = format!("{value}::text");
    let json = format!("{text}::jsonb");
    let at = |place: u32| format!("pg_catalog.jsonb_extract_path_text({json}, 'coordinates', '{place}')");
    let of_json = placed(&at(0), &at(1));
    if is_json(from) {
        return Some(checked(format!("{of_json}::{to}"), reads_as_json(dialect, value, from, &json)));
    }
    if !is_text(from) {
        return types::extension(from).is_none().then(|| impossible(value, to));
    }
    let looks = format!("{text} ~ '^\\s*\\{{'");
    let number = format!("({NUMBER}{EXPONENT})");
    let words = format!("'^\\s*(?:SRID=4326;)?\\s*POINT\\s*\\(\\s*{number}\\s+{number}\\s*\\)\\s*$'");
    let part = |at: u32| format!("(pg_catalog.regexp_match({text}, {words}, 'i'))[{at}]::numeric");
    let of_words = format!(
        "CASE WHEN {text} ~* {words} THEN {} BETWEEN -180::numeric AND 180::numeric AND {} BETWEEN -90::numeric AND 90::numeric ELSE {text} ~* '^0101000020E6100000[0-9A-F]{{32}}$' END",
        part(1),
        part(2)
    );
    Some(checked(
        format!("(CASE WHEN {looks} THEN {of_json} ELSE {text} END)::{to}"),
        format!("CASE WHEN {looks} THEN {} ELSE {of_words} END", reads_as_json(dialect, value, from, &json)),
    ))
}

/// Whether the value is the GeoJSON of a point. `json`: what it is as `jsonb`.
fn reads_as_json(dialect: &Postgres, value: &str, from: &str, json: &str) -> String {
    let path = |path: &str| format!("pg_catalog.jsonb_extract_path({json}, {path})");
    let has_type = |what: &str, ty: &str| format!("pg_catalog.jsonb_typeof({what}) = '{ty}'");
    let coordinate = |at: u32| path(&format!("'coordinates', '{at}'"));
    let within = |at: u32, limit: u32| {
        format!("{}::text::numeric BETWEEN -{limit}::numeric AND {limit}::numeric", coordinate(at))
    };
    let shape = [
        has_type(json, "object"),
        format!("pg_catalog.jsonb_extract_path_text({json}, 'type') = 'Point'"),
        // Another system of coordinates is said so.
        format!("{} IS NULL", path("'crs'")),
        has_type(&path("'coordinates'"), "array"),
        has_type(&coordinate(0), "number"),
        has_type(&coordinate(1), "number"),
        format!("{} IS NULL", coordinate(2)),
    ];
    let is_there =
        format!("CASE WHEN {} THEN {} AND {} ELSE false END", shape.join(" AND "), within(0, 180), within(1, 90));
    match types::bare(from).as_str() {
        "jsonb" => is_there,
        _ => format!("CASE WHEN {} THEN {is_there} ELSE false END", is_written(dialect, value)),
    }
}

/// Whether a text is JSON that may be the GeoJSON of a point: before version 16 the server cannot be asked, and then it is one that is
/// written as everybody writes it.
fn is_written(dialect: &Postgres, value: &str) -> String {
    let text = format!("{value}::text");
    if dialect.tests_input() {
        return format!("pg_catalog.pg_input_is_valid({text}, 'jsonb')");
    }
    let number = "-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][-+]?[0-9]{1,2})?";
    let ty = "\"type\"\\s*:\\s*\"Point\"";
    let place = format!("\"coordinates\"\\s*:\\s*\\[\\s*{number}\\s*,\\s*{number}\\s*\\]");
    format!("{text} ~ '^\\s*\\{{\\s*(?:{ty}\\s*,\\s*{place}|{place}\\s*,\\s*{ty})\\s*\\}}\\s*$'")
}

/// A vector: of its text, of a JSON array or an array of numbers, of another vector. One of other dimensions does not convert.
fn vector(value: &str, from: &str, to: &str) -> Option<(CastSafety, Conversion)> {
    let text = format!("{value}::text");
    let is_array = types::is_array(from);
    let (open, close) = if is_array { ("\\{", "\\}") } else { ("\\[", "\\]") };
    let number = format!("\\s*{NUMBER}{SHORT_EXPONENT}\\s*");
    let looks = format!("{text} ~ '^\\s*{open}{number}(?:,{number})*{close}\\s*$'");
    let has_dimensions = types::modifiers(to).first().map_or_else(String::new, |dimensions| {
        format!(" AND pg_catalog.cardinality(pg_catalog.string_to_array({text}, ',')) = {dimensions}")
    });
    let converts = format!("({looks}{has_dimensions})");
    if is_array {
        return Some(checked(format!("pg_catalog.translate({text}, '{{}}', '[]')::{to}"), converts));
    }
    match types::base(from).as_str() {
        "vector" | "halfvec" => Some(checked(format!("{text}::{to}"), converts)),
        "sparsevec" => None,
        _ if is_text(from) || is_json(from) => Some(checked(format!("{text}::{to}"), converts)),
        _ => Some(impossible(value, to)),
    }
}
