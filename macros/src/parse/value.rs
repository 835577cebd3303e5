//! The attributes of a type with `DbValue` and of its variants, and those of sqlx that must agree with them.

use proc_macro2::{Ident, Span};
use syn::{Attribute, LitStr};

use super::entry::{At, Entry, Slot, entries, parse_list, put};
use super::row::sqlx;
use super::suggest::{closest, list, unknown};
use crate::context::Context;

/// The longest name, and the longest label of an enum type, that PostgreSQL takes, in bytes.
pub(crate) const LONGEST_NAME: usize = 63;

/// What `rename_all` may say.
pub(crate) const CASES: &[&str] =
    &["snake_case", "lowercase", "UPPERCASE", "camelCase", "PascalCase", "kebab-case", "SCREAMING_SNAKE_CASE"];

/// What stands on the type.
#[derive(Debug, Default)]
pub(crate) struct ValueAttrs {
    /// `#[db(rename_all = "…")]`, else what `#[sqlx(rename_all = "…")]` says.
    pub(crate) rename_all: Slot<&'static str>,
    /// `#[repr(i32)]` and the like: sqlx binds the number.
    pub(crate) integer: Option<Ident>,
    /// `#[db(postgres(enum = "…"))]`
    pub(crate) postgres: Slot<PostgresEnum>,
    krate: Slot<()>,
}

/// The enum type on PostgreSQL.
#[derive(Debug)]
pub(crate) struct PostgresEnum {
    pub(crate) name: LitStr,
    pub(crate) schema: Option<LitStr>,
    pub(crate) renamed: Vec<LitStr>,
}

/// What stands on a variant.
#[derive(Debug, Default)]
pub(crate) struct VariantAttrs {
    /// `#[db(rename = "…")]`, else what `#[sqlx(rename = "…")]` says.
    pub(crate) rename: Slot<LitStr>,
    /// Earlier labels.
    pub(crate) renamed: Slot<Vec<LitStr>>,
}

impl ValueAttrs {
    /// Reads what stands on the type.
    pub(crate) fn parse(cx: &Context, attrs: &[Attribute]) -> Self {
        let mut this = Self { integer: integer_repr(attrs), ..Self::default() };
        for entry in entries(cx, attrs) {
            let name = &entry.name;
            match name.to_string().as_str() {
                "rename_all" => {
                    let case = entry.string(cx, "rename_all = \"snake_case\"").and_then(|text| case(cx, &text));
                    put(cx, &mut this.rename_all, name, case);
                }
                "postgres" => put(cx, &mut this.postgres, name, postgres_enum(cx, &entry, attrs)),
                "crate" => put(cx, &mut this.krate, name, entry.path(cx, "crate = my_app::schemasync").map(|_| ())),
                _ => unknown(
                    cx,
                    name,
                    "attribute of a value type",
                    &["rename_all", "postgres", "crate"],
                    &[
                        (&["rename"], "a variant"),
                        (
                            &["renamed"],
                            "a variant; earlier names of the type stand in `postgres(enum = \"…\", renamed = \"…\")`",
                        ),
                        (&["table"], "a table: derive `DbTable`"),
                    ],
                ),
            }
        }
        if let (Some(given), Some(integer)) = (&this.rename_all, &this.integer) {
            cx.error(
                given.span,
                format!("`rename_all` is for enums stored as text; sqlx binds this one as a number, by its `repr({integer})`"),
            );
        }
        if let (Some(given), Some(integer)) = (&this.postgres, &this.integer) {
            cx.error(
                given.span,
                format!("an enum type holds texts; sqlx binds this enum as a number, by its `repr({integer})`"),
            );
        }
        if this.rename_all.is_none() {
            this.rename_all = sqlx(attrs, "rename_all").and_then(|text| {
                let case = CASES.iter().find(|case| **case == text.value())?;
                Some(At { span: text.span(), value: *case })
            });
        }
        this
    }
}

impl VariantAttrs {
    /// Reads what stands on a variant.
    pub(crate) fn parse(cx: &Context, attrs: &[Attribute]) -> Self {
        let mut this = Self::default();
        for entry in entries(cx, attrs) {
            match entry.name.to_string().as_str() {
                "rename" => put(cx, &mut this.rename, &entry.name, entry.string(cx, "rename = \"draft\"")),
                "renamed" => put(cx, &mut this.renamed, &entry.name, entry.strings(cx, "renamed = \"old_draft\"")),
                _ => unknown(
                    cx,
                    &entry.name,
                    "attribute of a variant",
                    &["rename", "renamed"],
                    &[(&["rename_all"], "the enum, not on a variant")],
                ),
            }
        }
        if this.rename.is_none() {
            this.rename = sqlx(attrs, "rename").map(|text| At { span: text.span(), value: text });
        }
        this
    }
}

/// Reads `postgres(enum = "mood", schema = "app", renamed = "old_mood")`.
fn postgres_enum(cx: &Context, entry: &Entry, attrs: &[Attribute]) -> Option<PostgresEnum> {
    const FORM: &str = "postgres(enum = \"mood\")";
    let tokens = entry.list(cx, FORM)?;
    let (mut ty, mut schema, mut renamed) = (None, None, None);
    let mut given = false;
    for inner in parse_list(cx, tokens) {
        let name = &inner.name;
        given |= name == "enum";
        match name.to_string().as_str() {
            "enum" => put(cx, &mut ty, name, inner.string(cx, "enum = \"mood\"").and_then(|text| fits(cx, text))),
            "schema" => {
                put(cx, &mut schema, name, inner.string(cx, "schema = \"app\"").and_then(|text| fits(cx, text)));
            }
            "renamed" => put(cx, &mut renamed, name, inner.strings(cx, "renamed = \"old_mood\"")),
            _ => unknown(
                cx,
                name,
                "option of an enum on PostgreSQL",
                &["enum", "schema", "renamed"],
                &[(&["type", "collate"], "a field")],
            ),
        }
    }
    if !given {
        cx.error(entry.name.span(), format!("the name of the enum type is missing: `{FORM}`"));
    }
    let name = ty?.value;
    // sqlx binds the type of that name: the two must be one.
    if let Some(bound) = sqlx(attrs, "type_name") {
        let value = bound.value();
        let last = value.rsplit_once('.').map_or(value.as_str(), |(_, last)| last).trim_matches('"');
        if last != name.value() {
            cx.error_at(&bound, format!("sqlx binds the type `{value}`, and `enum` names {:?}", name.value()));
        }
    }
    Some(PostgresEnum {
        name,
        schema: schema.map(|schema| schema.value),
        renamed: renamed.map(|renamed| renamed.value).unwrap_or_default(),
    })
}

/// PostgreSQL cuts longer names without a word.
fn fits(cx: &Context, text: LitStr) -> Option<LitStr> {
    let length = text.value().len();
    if length <= LONGEST_NAME {
        return Some(text);
    }
    cx.error_at(&text, format!("a name of PostgreSQL has at most {LONGEST_NAME} bytes, this one has {length}"));
    None
}

fn case(cx: &Context, text: &LitStr) -> Option<&'static str> {
    let value = text.value();
    if let Some(case) = CASES.iter().find(|case| **case == value) {
        return Some(case);
    }
    let near = closest(&value, CASES.iter().copied());
    let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    cx.error_at(text, format!("unknown case `{value}`{hint} (expected {})", list(CASES)));
    None
}

fn integer_repr(attrs: &[Attribute]) -> Option<Ident> {
    const INTEGERS: &[&str] = &["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64"];
    attrs.iter().filter(|attr| attr.path().is_ident("repr")).find_map(|attr| {
        let ident: Ident = attr.parse_args().ok()?;
        INTEGERS.contains(&ident.to_string().as_str()).then(|| Ident::new(&ident.to_string(), Span::call_site()))
    })
}
