//! Types that fit one column: newtypes and enums without fields.

use std::collections::BTreeMap;

use heck::{ToKebabCase, ToLowerCamelCase, ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};
use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::{Data, DataEnum, DeriveInput, Fields, Path, Type};

use crate::context::Context;
use crate::parse::{ValueAttrs, VariantAttrs, crate_path};

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
    Text { name: String, variants: Vec<String> },
    /// The number of a variant, of that type.
    Integer(Ident),
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
        Data::Enum(data) => of_enum(cx, input, &attrs, data)?,
        Data::Union(_) => {
            cx.error(input.ident.span(), "`DbValue` is for a newtype or an enum without fields, not for unions");
            return None;
        }
    };
    Some(Value { krate: crate_path(&input.attrs), kind })
}

fn of_enum(cx: &Context, input: &DeriveInput, attrs: &ValueAttrs, data: &DataEnum) -> Option<ValueKind> {
    if data.variants.is_empty() {
        cx.error(input.ident.span(), "an enum without variants has no values to store");
        return None;
    }
    let mut seen: BTreeMap<String, &Ident> = BTreeMap::new();
    let mut variants = Vec::new();
    for variant in &data.variants {
        if !matches!(variant.fields, Fields::Unit) {
            let message = "a variant with fields does not fit one column; store the enum as JSON with `#[db(json)]`";
            cx.error_at(&variant.fields, message);
        }
        let given = VariantAttrs::parse(cx, &variant.attrs).rename;
        let name = match &given {
            Some(rename) => rename.value.value(),
            None => renamed(&variant.ident.unraw().to_string(), attrs.rename_all.as_ref().map(|case| case.value)),
        };
        if let Some(other) = seen.insert(name.clone(), &variant.ident) {
            let span = given.map_or_else(|| variant.ident.span(), |rename| rename.value.span());
            cx.error(span, format!("`{other}` and `{}` are both stored as \"{name}\"", variant.ident));
        }
        variants.push(name);
    }
    Some(match &attrs.integer {
        Some(integer) => ValueKind::Integer(integer.clone()),
        None => ValueKind::Text { name: input.ident.unraw().to_string().to_snake_case(), variants },
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
