//! What an item must look like: a struct with named fields and without type parameters.

use syn::punctuated::Punctuated;
use syn::{Data, DeriveInput, Field, Fields, GenericParam, Token};

use crate::context::Context;

/// The named fields, when the item has them.
pub(crate) fn named_fields(input: &DeriveInput) -> Option<&Punctuated<Field, Token![,]>> {
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => Some(&fields.named),
            _ => None,
        },
        _ => None,
    }
}

/// The named fields, or an error that says what the derive is for.
pub(super) fn struct_fields<'a>(
    cx: &Context,
    derive: &str,
    input: &'a DeriveInput,
) -> Option<&'a Punctuated<Field, Token![,]>> {
    let message = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => return Some(&fields.named),
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                format!(
                    "`{derive}` is for structs with named fields; for a newtype that fits one column derive `DbValue`"
                )
            }
            _ => format!("`{derive}` is for structs with named fields"),
        },
        Data::Enum(_) => {
            format!("`{derive}` is for structs with named fields; for an enum without fields derive `DbValue`")
        }
        Data::Union(_) => format!("`{derive}` is for structs with named fields, not for unions"),
    };
    cx.error(input.ident.span(), message);
    None
}

/// Lifetimes are fine, type and const parameters are not.
pub(super) fn lifetimes_only(cx: &Context, derive: &str, input: &DeriveInput) {
    for param in &input.generics.params {
        let what = match param {
            GenericParam::Lifetime(_) => continue,
            GenericParam::Type(_) => "type",
            GenericParam::Const(_) => "const",
        };
        let message = format!("a struct with `{derive}` cannot have {what} parameters: its columns must be known");
        cx.error_at(param, message);
    }
}
