//! Types as they stand in generated code: without the struct's lifetimes and without `Self`.

use proc_macro2::{Group, Ident, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{DeriveInput, GenericParam};

/// The item's type with `'static` for every lifetime: `User<'static>`.
pub(crate) fn owner_type(input: &DeriveInput) -> TokenStream {
    let ident = &input.ident;
    let args: Vec<TokenStream> = input
        .generics
        .params
        .iter()
        .map(|param| match param {
            GenericParam::Lifetime(_) => quote!('static),
            GenericParam::Type(param) => param.ident.to_token_stream(),
            GenericParam::Const(param) => param.ident.to_token_stream(),
        })
        .collect();
    if args.is_empty() { quote!(#ident) } else { quote!(#ident<#(#args),*>) }
}

/// The tokens with `'static` for every lifetime, and with the item's type for `Self`.
pub(crate) fn concrete(tokens: &impl ToTokens, owner: &TokenStream) -> TokenStream {
    rewrite(tokens.to_token_stream(), owner)
}

fn rewrite(tokens: TokenStream, owner: &TokenStream) -> TokenStream {
    let mut out: Vec<TokenTree> = Vec::new();
    let mut after_quote = false;
    for tree in tokens {
        match tree {
            TokenTree::Ident(ident) if after_quote => {
                out.push(Ident::new("static", ident.span()).into());
                after_quote = false;
            }
            TokenTree::Ident(ident) if ident == "Self" => out.extend(respan(owner.clone(), ident.span())),
            TokenTree::Punct(punct) if punct.as_char() == '\'' => {
                after_quote = true;
                let mut quote = Punct::new('\'', Spacing::Joint);
                quote.set_span(punct.span());
                out.push(quote.into());
            }
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), rewrite(group.stream(), owner));
                inner.set_span(group.span());
                out.push(inner.into());
            }
            other => out.push(other),
        }
    }
    out.into_iter().collect()
}

fn respan(tokens: TokenStream, span: Span) -> impl Iterator<Item = TokenTree> {
    tokens.into_iter().map(move |mut tree| {
        tree.set_span(span);
        tree
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lifetimes_become_static_and_self_is_named() {
        let input: DeriveInput = syn::parse_quote!(
            struct User<'a> {
                a: &'a str,
            }
        );
        let owner = owner_type(&input);
        assert_eq!(owner.to_string(), quote!(User<'static>).to_string());
        let ty: syn::Type = syn::parse_quote!(Vec<(Cow<'a, str>, Self)>);
        let expected = quote!(Vec<(Cow<'static, str>, User<'static>)>);
        assert_eq!(concrete(&ty, &owner).to_string(), expected.to_string());
    }
}
