//! Validated items to tokens: descriptors, compile-time checks, registration. Everything stands in a
//! `const _: () = { … };`, so that no name reaches the user's code.

mod checks;
mod column;
mod embed;
mod facts;
mod index;
mod query;
mod row;
mod stub;
mod table;
mod value;
mod view;

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{DeriveInput, Path};

use crate::check;
use crate::context::Context;
use crate::parse::{Place, crate_path};

/// `#[derive(DbTable)]`
pub(crate) fn table(input: &DeriveInput) -> TokenStream {
    let cx = Context::new();
    let model = check::model(&cx, Place::Table, input);
    finish(cx, input, model.map(|model| table::expand(input, &model)), stub::table)
}

/// `#[derive(DbEmbed)]`
pub(crate) fn embed(input: &DeriveInput) -> TokenStream {
    let cx = Context::new();
    let model = check::model(&cx, Place::Embed, input);
    finish(cx, input, model.map(|model| embed::expand(input, &model)), stub::embed)
}

/// `#[derive(DbValue)]`
pub(crate) fn value(input: &DeriveInput) -> TokenStream {
    let cx = Context::new();
    let value = check::value(&cx, input);
    finish(cx, input, value.map(|value| value::expand(input, &value)), stub::value)
}

/// `#[derive(DbRow)]`
pub(crate) fn row(input: &DeriveInput) -> TokenStream {
    in_const(&crate_path(&input.attrs), &row::expand(input))
}

/// `#[derive(DbView)]`
pub(crate) fn view(input: &DeriveInput) -> TokenStream {
    let cx = Context::new();
    let view = check::view(&cx, input);
    finish(cx, input, view.map(|view| view::expand(input, &view)), stub::view)
}

/// The expansion; or all errors, and a stub so that what uses the item has no errors of its own.
fn finish(
    cx: Context,
    input: &DeriveInput,
    expanded: Option<TokenStream>,
    stub: fn(&DeriveInput) -> TokenStream,
) -> TokenStream {
    let errors = cx.finish();
    let read = read_fields(input);
    match expanded {
        Some(expanded) if errors.is_empty() => in_const(&crate_path(&input.attrs), &quote!(#expanded #read)),
        _ => {
            let stub = stub(input);
            let stub = in_const(&crate_path(&input.attrs), &quote!(#stub #read));
            let errors = errors.iter().map(syn::Error::to_compile_error);
            quote!(#(#errors)* #stub)
        }
    }
}

/// The database reads the fields: without this, rustc warns of those that the program itself does not read.
fn read_fields(input: &DeriveInput) -> TokenStream {
    let syn::Data::Struct(data) = &input.data else { return TokenStream::new() };
    // No reference can be taken into a packed struct.
    if input.attrs.iter().any(|attr| attr.path().is_ident("repr")) {
        return TokenStream::new();
    }
    let ident = &input.ident;
    let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();
    let fields = data.fields.members();
    quote! {
        fn __read #impl_generics (this: &#ident #ty_generics) #where_clause {
            #(let _ = &this.#fields;)*
        }
    }
}

/// Hides the items, and names the runtime's modules for them.
fn in_const(krate: &Path, items: &TokenStream) -> TokenStream {
    quote! {
        #[doc(hidden)]
        #[allow(
            dead_code, unused_imports, non_snake_case, non_camel_case_types, non_upper_case_globals, deprecated,
            private_interfaces, private_bounds, unreachable_pub, missing_docs, unused_qualifications,
            single_use_lifetimes, elided_lifetimes_in_paths, missing_debug_implementations,
            missing_copy_implementations, clippy::all, clippy::pedantic
        )]
        const _: () = {
            use #krate::__private as __db;
            use #krate::descriptor as __def;
            use __db::NotOption as _;
            #items
        };
    }
}

/// One check by the compiler, whose failure is shown at that token.
fn check_at(span: Span, call: &TokenStream) -> TokenStream {
    let call = respan(call.clone(), span);
    quote_spanned!(span=> const _: () = #call;)
}

/// The tokens, all at that span.
fn respan(tokens: TokenStream, span: Span) -> TokenStream {
    tokens
        .into_iter()
        .map(|mut tree| {
            if let proc_macro2::TokenTree::Group(group) = &tree {
                tree = proc_macro2::Group::new(group.delimiter(), respan(group.stream(), span)).into();
            }
            tree.set_span(span);
            tree
        })
        .collect()
}

/// `&["a", "b"]`
fn texts<T: quote::ToTokens>(texts: impl IntoIterator<Item = T>) -> TokenStream {
    let texts = texts.into_iter();
    quote!(&[#(#texts),*])
}
