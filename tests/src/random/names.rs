//! Names as people give them, and as nobody should.

use super::Choices;

/// 200 characters.
pub(super) const LONG: &str = "n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789";

const TABLES: &[&str] = &[
    "users",
    "orders",
    "items",
    "tags",
    "posts",
    "order",
    "group",
    "a b",
    "Users",
    "say \"hi\"",
    "it's",
    "semi;colon",
    "dot.ted",
    "größe",
    "[boxed]",
    "`ticked`",
    "-- dashes",
    "/* star",
    "日本",
    "select",
    "1st",
    "a__b",
    "%like_",
    LONG,
    "Tags",
    "ITEMS",
    "t",
    "back\\slash",
    "new\nline",
    "_",
];

const COLUMNS: &[&str] = &[
    "id",
    "name",
    "email",
    "age",
    "note",
    "value",
    "order",
    "select",
    "first name",
    "Email",
    "quo\"te",
    "apos'trophe",
    "semi;colon",
    "dot.ted",
    "ünïcode",
    "[x]",
    "`y`",
    "-- c",
    "/*",
    "日",
    "1st",
    "key",
    "end",
    "rowid",
    "NAME",
    "check",
    LONG,
    "current",
    "like",
    "a",
    "b",
    "c",
    "d",
    "x y z",
    "references",
    "ID",
    "match",
    "Value",
    "replace",
    "generated",
];

const ENUMS: &[&str] =
    &["mood", "Mood", "user state", "quo\"te t", "date", "status", "select", "_mood", "größe_t", "it's a type", "tier"];

const LABELS: &[&str] = &[
    "sad",
    "ok",
    "happy",
    "it's",
    "Sad",
    "a b",
    "quo\"te",
    "ünï",
    "NULL",
    "{x}",
    "1",
    "a,b",
    "back\\slash",
    "free",
    "mood",
];

/// The name of an enum type.
pub(super) fn enum_type(choices: &mut Choices<'_>) -> String {
    (*choices.pick(ENUMS)).to_owned()
}

/// A label of an enum type.
pub(super) fn label(choices: &mut Choices<'_>) -> String {
    (*choices.pick(LABELS)).to_owned()
}

/// The name of a table or a view.
pub(super) fn table(choices: &mut Choices<'_>) -> String {
    (*choices.pick(TABLES)).to_owned()
}

/// The name of a column.
pub(super) fn column(choices: &mut Choices<'_>) -> String {
    (*choices.pick(COLUMNS)).to_owned()
}

/// The same name with the case of its ASCII letters turned.
pub(super) fn other_case(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }).collect()
}

/// A name that none of `taken` has, whatever the case.
pub(super) fn free(name: String, taken: &[&str]) -> String {
    let is_taken = |name: &str| taken.iter().any(|other| other.eq_ignore_ascii_case(name));
    if !is_taken(&name) {
        return name;
    }
    (2..).map(|n| format!("{name}{n}")).find(|name| !is_taken(name)).unwrap_or(name)
}
