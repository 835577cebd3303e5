//! Types that fit one column: newtypes and enums without fields.

use std::collections::BTreeMap;

use heck::{ToKebabCase, ToLowerCamelCase, ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};
use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::{Data, DataEnum, DeriveInput, Fields, LitStr, Path, Type};

use crate::context::Context;
use crate::parse::{LONGEST_NAME, PostgresEnum, ValueAttrs, VariantAttrs, crate_path};

/// A validated value type.
pub(crate) struct Value {
    pub(crate) krate: Path,
    pub(crate) kind: ValueKind,
}

/// What is stored.
pub(crate) enum ValueKind {
    /// What the one field is.
    Newtype(Box<Type>),
    /// The text of a variant.
    Text { name: String, variants: Vec<String>, postgres: Option<NativeEnum> },
    /// The number of a variant, of that type.
    Integer(Ident),
}

/// The enum type on PostgreSQL.
pub(crate) struct NativeEnum {
    pub(crate) attrs: PostgresEnum,
    /// Labels and their earlier names.
    pub(crate) renamed_labels: Vec<(String, Vec<LitStr>)>,
}

/// Checks a value type.
pub(crate) fn value(cx: &Context, input: &DeriveInput) -> Option<Value> {
    let attrs = ValueAttrs::parse(cx, &input.attrs);
    let kind = match &input.data {
        Data::Struct(data) => {
            let mut fields = data.fields.iter();
            match (&data.fields, fields.next(), fields.next()) {
                (Fields::Unnamed(_), Some(field), None) => {
                    if let Some(rename_all) = &attrs.rename_all {
                        cx.error(rename_all.span, "`rename_all` is for enums");
                    }
                    if let Some(postgres) = &attrs.postgres {
                        cx.error(postgres.span, "an enum type is for enums; a newtype has the type of what it holds");
                    }
                    ValueKind::Newtype(Box::new(field.ty.clone()))
                }
                (Fields::Named(_), ..) => {
                    let message = "`DbValue` is for a newtype, `struct Email(String);`, or an enum without fields; a struct \
                                   with named fields derives `DbEmbed` or is a `#[db(json)]` field";
                    cx.error(input.ident.span(), message);
                    return None;
                }
                _ => {
                    cx.error(input.ident.span(), "a newtype has exactly one field: `struct Email(String);`");
                    return None;
                }
            }
        }
        Data::Enum(data) => of_enum(cx, input, attrs, data)?,
        Data::Union(_) => {
            cx.error(input.ident.span(), "`DbValue` is for a newtype or an enum without fields, not for unions");
            return None;
        }
    };
    Some(Value { krate: crate_path(&input.attrs), kind })
}

fn of_enum(cx: &Context, input: &DeriveInput, attrs: ValueAttrs, data: &DataEnum) -> Option<ValueKind> {
    if data.variants.is_empty() {
        cx.error(input.ident.span(), "an enum without variants has no values to store");
        return None;
    }
    let mut seen: BTreeMap<String, &Ident> = BTreeMap::new();
    let mut variants = Vec::new();
    let mut renamed_labels = Vec::new();
    for variant in &data.variants {
        if !matches!(variant.fields, Fields::Unit) {
            let message = "a variant with fields does not fit one column; store the enum as JSON with `#[db(json)]`";
            cx.error_at(&variant.fields, message);
        }
        let VariantAttrs { rename: given, renamed: earlier } = VariantAttrs::parse(cx, &variant.attrs);
        let name = match &given {
            Some(rename) => rename.value.value(),
            None => renamed(&variant.ident.unraw().to_string(), attrs.rename_all.as_ref().map(|case| case.value)),
        };
        let span = given.map_or_else(|| variant.ident.span(), |rename| rename.value.span());
        if let Some(other) = seen.insert(name.clone(), &variant.ident) {
            cx.error(span, format!("`{other}` and `{}` are both stored as \"{name}\"", variant.ident));
        }
        if attrs.postgres.is_some() && name.len() > LONGEST_NAME {
            let length = name.len();
            cx.error(
                span,
                format!("a label of an enum type has at most {LONGEST_NAME} bytes, \"{name}\" has {length}"),
            );
        }
        if let Some(earlier) = earlier {
            if attrs.postgres.is_none() {
                let message = "a label is renamed in an enum type: `#[db(postgres(enum = \"…\"))]` on the enum; values stored as text \
                               are not changed";
                cx.error(earlier.span, message);
            }
            renamed_labels.push((name.clone(), earlier.value));
        }
        variants.push(name);
    }
    for (label, earlier) in &renamed_labels {
        if let Some(itself) = earlier.iter().find(|old| old.value() == *label) {
            cx.error_at(itself, "this is its name now: `renamed` has earlier ones");
        }
    }
    Some(match &attrs.integer {
        Some(integer) => ValueKind::Integer(integer.clone()),
        None => ValueKind::Text {
            name: input.ident.unraw().to_string().to_snake_case(),
            variants,
            postgres: attrs.postgres.map(|attrs| NativeEnum { attrs: attrs.value, renamed_labels }),
        },
    })
}

/// The variant's stored text, as sqlx's `rename_all` makes it.
fn renamed(name: &str, case: Option<&str>) -> String {
    match case {
        Some("snake_case") => name.to_snake_case(),
        Some("lowercase") => name.to_lowercase(),
        Some("UPPERCASE") => name.to_uppercase(),
        Some("camelCase") => name.to_lower_camel_case(),
        Some("PascalCase") => name.to_upper_camel_case(),
        Some("kebab-case") => name.to_kebab_case(),
        Some("SCREAMING_SNAKE_CASE") => name.to_shouty_snake_case(),
        _ => name.to_owned(),
    }
}
