//! Tokens to attributes with spans: the grammar of `#[db(...)]` and nothing else. What the attributes mean together is
//! for [`crate::check`].

mod column_path;
mod condition;
mod default;
mod entry;
mod field;
mod foreign_key;
mod index;
mod native;
mod relation;
mod row;
mod source_column;
mod suggest;
mod table;
mod value;
mod vector;
mod view;

pub(crate) use column_path::ColumnPath;
pub(crate) use condition::{Condition, Literal, Operand};
pub(crate) use default::{Default, Form, Increment};
pub(crate) use entry::{At, Slot};
pub(crate) use field::FieldAttrs;
pub(crate) use foreign_key::{ColumnForeignKey, TableForeignKey};
pub(crate) use index::{IndexKind, IndexOn, TableIndex};
pub(crate) use native::{ColumnNative, TableNative};
pub(crate) use relation::Way;
pub(crate) use row::{RowAttrs, sqlx, sqlx_word};
pub(crate) use source_column::SourceColumn;
pub(crate) use suggest::closest;
pub(crate) use table::{Place, TableAttrs};
pub(crate) use value::{LONGEST_NAME, PostgresEnum, ValueAttrs, VariantAttrs};
pub(crate) use vector::Vector;
pub(crate) use view::{Shown, ViewAttrs, ViewFieldAttrs};

use quote::quote;
use syn::{Attribute, Expr, ExprLit, Lit, Meta, Path};

/// Every name that stands first in an attribute.
#[cfg(test)]
pub(crate) fn names() -> Vec<&'static str> {
    [table::TABLE, table::EMBED, field::COLUMN, view::VIEW, view::FIELD, &["rename_all", "rename"]].concat()
}

/// The path of the runtime crate: `#[db(crate = path)]`, else `::schemasync`. Errors in it are for [`TableAttrs`].
pub(crate) fn crate_path(attrs: &[Attribute]) -> Path {
    let quiet = crate::context::Context::new();
    let entries = entry::entries(&quiet, attrs);
    let given = entries.iter().find(|entry| entry.name == "crate");
    let path = given.and_then(|entry| entry.path(&quiet, "crate = my_app::schemasync"));
    let _ = quiet.finish();
    path.unwrap_or_else(|| {
        let name = syn::Ident::new("schemasync", proc_macro2::Span::call_site());
        syn::parse_quote!(::#name)
    })
}

/// The doc comment, its lines trimmed; `None` when there is none.
pub(crate) fn comment(attrs: &[Attribute]) -> Option<String> {
    let lines: Vec<String> = attrs
        .iter()
        .filter(|attr| attr.path().is_ident("doc"))
        .filter_map(|attr| match &attr.meta {
            Meta::NameValue(meta) => match &meta.value {
                Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
                _ => None,
            },
            _ => None,
        })
        .flat_map(|text| text.split('\n').map(|line| line.trim().to_owned()).collect::<Vec<_>>())
        .collect();
    let text = lines.join("\n").trim().replace('\0', "");
    (!text.is_empty()).then_some(text)
}

/// An optional text as tokens.
pub(crate) fn option_tokens<T: quote::ToTokens>(value: Option<T>) -> proc_macro2::TokenStream {
    match value {
        Some(value) => quote!(::core::option::Option::Some(#value)),
        None => quote!(::core::option::Option::None),
    }
}
