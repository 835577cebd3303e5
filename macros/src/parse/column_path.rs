//! [`ColumnPath`]: `email`, or `address.city` through an embedded struct.

use proc_macro2::{Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Ident, LitStr, Token};

use super::entry::items;
use crate::context::Context;

/// The Rust field, or the path of fields, that a column comes from.
#[derive(Debug, Clone)]
pub(crate) struct ColumnPath(pub(crate) Vec<Ident>);

impl ColumnPath {
    /// The path in descriptors: `address.city`.
    pub(crate) fn text(&self) -> String {
        self.0.iter().map(|ident| ident.unraw().to_string()).collect::<Vec<_>>().join(".")
    }

    /// The token that errors point at: the last name.
    pub(crate) fn span(&self) -> Span {
        self.0.last().map_or_else(Span::call_site, Ident::span)
    }

    /// The field of the struct itself.
    pub(crate) fn first(&self) -> Option<&Ident> {
        self.0.first()
    }
}

impl Parse for ColumnPath {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(LitStr) {
            let text: LitStr = input.parse()?;
            let field = text.value();
            return Err(syn::Error::new_spanned(
                text,
                format!("this names a Rust field, which is not a string: `{field}`"),
            ));
        }
        let mut path = vec![input.call(Ident::parse_any)?];
        while input.peek(Token![.]) {
            input.parse::<Token![.]>()?;
            path.push(input.call(Ident::parse_any)?);
        }
        Ok(Self(path))
    }
}

/// Reads a list of columns, which must not be empty.
pub(super) fn column_paths(cx: &Context, span: Span, tokens: TokenStream) -> Option<Vec<ColumnPath>> {
    let items = items(tokens);
    if items.is_empty() {
        cx.error(span, "name at least one field");
        return None;
    }
    items.into_iter().map(|item| cx.ok(syn::parse2(item))).collect()
}
