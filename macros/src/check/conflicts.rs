//! Which attributes of a field may stand together.

use super::FieldKind;
use crate::context::Context;
use crate::parse::{Default, FieldAttrs, Place};

/// (an attribute, what cannot stand with it, why)
type Rule = (&'static str, &'static [&'static str], &'static str);

const RULES: &[Rule] = &[
    (
        "encrypted",
        &[
            "id",
            "index",
            "unique",
            "fk",
            "generated",
            "vector",
            "vector_filter",
            "json",
            "version",
            "collate",
            "precision",
            "max_length",
            "dimension",
        ],
        "the database sees only the encrypted text",
    ),
    (
        "json",
        &["id", "unique", "fk", "vector", "version", "collate", "precision", "max_length"],
        "the field is stored as JSON",
    ),
    (
        "vector",
        &[
            "id",
            "index",
            "unique",
            "fk",
            "default",
            "generated",
            "version",
            "collate",
            "precision",
            "max_length",
            "vector_filter",
        ],
        "a vector has its own index, and nothing else compares it",
    ),
    ("version", &["id", "default", "generated", "fk"], "a version is a counter that starts at 0"),
    ("generated", &["id", "default", "fk"], "the database computes the column"),
    ("dimension", &["measure"], "a column is the one or the other"),
];

/// What the field becomes; and errors for what does not go with that.
pub(super) fn kind(cx: &Context, place: Place, attrs: &FieldAttrs) -> FieldKind {
    if attrs.skip.is_some() {
        only(cx, attrs, "skip", &[], "a skipped field has no column");
        return FieldKind::Skip;
    }
    if attrs.token("rel").is_some() {
        only(cx, attrs, "rel", &[], "a navigation field has no column");
        return FieldKind::Relation;
    }
    if attrs.embed.is_some() {
        only(cx, attrs, "embed", &["column", "renamed"], "it belongs on a field of the embedded struct");
        return FieldKind::Embed;
    }
    for (first, others, reason) in RULES.iter().filter(|(first, ..)| attrs.token(first).is_some()) {
        for other in attrs.given.iter().filter(|other| others.contains(&other.to_string().as_str())) {
            cx.error(other.span(), format!("`{other}` cannot stand with `{first}`: {reason}"));
        }
    }
    column(cx, attrs);
    if place == Place::Embed {
        embedded(cx, attrs);
    }
    FieldKind::Column
}

fn only(cx: &Context, attrs: &FieldAttrs, name: &str, allowed: &[&str], reason: &str) {
    for other in attrs.given.iter().filter(|other| *other != name && !allowed.contains(&other.to_string().as_str())) {
        cx.error(other.span(), format!("`{other}` cannot stand with `{name}`: {reason}"));
    }
}

/// Rules about the values of attributes.
fn column(cx: &Context, attrs: &FieldAttrs) {
    let default = attrs.default.as_ref().map(|default| &default.value);
    if let (Some(default), Some(_)) = (default, &attrs.encrypted) {
        let what = if default.value.is_literal() { "a literal default" } else { "a default" };
        cx.error(default.span, format!("`encrypted` cannot stand with {what}: the database cannot encrypt it"));
    }
    if let (Some(default), Some(max)) = (default, &attrs.max_length)
        && let Default::Text(text) = &default.value
        && text.chars().count() as u64 > max.value
    {
        let length = text.chars().count();
        cx.error(default.span, format!("the default has {length} characters, and `max_length` is {}", max.value));
    }
    let has_foreign_key = attrs.token("fk").is_some();
    for name in ["on_delete", "on_update"] {
        if let Some(token) = attrs.token(name).filter(|_| !has_foreign_key) {
            cx.error(token.span(), format!("`{name}` needs a foreign key: `fk = User::id`"));
        }
    }
    for action in [&attrs.on_delete, &attrs.on_update].into_iter().flatten() {
        if action.value == "set_default" && attrs.token("default").is_none() && has_foreign_key {
            cx.error(action.span, "`set_default` needs a default on this column: `default = …`");
        }
    }
}

/// Rules for a column of an embedded struct.
fn embedded(cx: &Context, attrs: &FieldAttrs) {
    for name in ["id", "version"] {
        if let Some(token) = attrs.token(name) {
            cx.error(token.span(), format!("`{name}` belongs on a field of the table, not of an embedded struct"));
        }
    }
    if let Some(default) = attrs.default.as_ref().filter(|d| matches!(d.value.value, Default::Increment(_))) {
        cx.error(default.value.span, "`increment` belongs on a field of the table, not of an embedded struct");
    }
}
