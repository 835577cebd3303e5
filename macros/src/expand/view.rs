//! `#[derive(DbView)]` to tokens.

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;
use syn::ext::IdentExt;

use super::{facts, query};
use crate::check::View;
use crate::parse::option_tokens;

/// The expansion.
pub(super) fn expand(input: &DeriveInput, view: &View) -> TokenStream {
    let (ident, owner, krate, name, attrs) = (&view.ident, &view.owner, &view.krate, &view.name, &view.attrs);
    let rust_name = ident.unraw().to_string();
    let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();
    let renamed = super::texts(attrs.renamed.iter().flat_map(|renamed| &renamed.value));
    let schema = option_tokens(attrs.schema.as_ref().map(|schema| &schema.value));
    let space = option_tokens(attrs.space.as_ref().map(|space| &space.value));
    let sql = option_tokens(attrs.sql.as_ref().map(|sql| &sql.value));
    let materialized = attrs.materialized.is_some();
    let columns = super::texts(view.fields.iter().map(|field| &field.column));
    let fields = super::texts(view.fields.iter().map(|field| &field.name));
    let (facts, source) = (columns_of(view), facts::view_source(input));
    let (built, query) = match &attrs.from {
        Some(from) => (query::expand(view, &from.value), quote!(::core::option::Option::Some(&__QUERY))),
        None => (TokenStream::new(), quote!(::core::option::Option::None)),
    };
    quote! {
        #facts
        #source
        #built
        static __VIEW: __def::ViewDef = __def::ViewDef {
            rust_name: #rust_name,
            rust_path: ::core::concat!(::core::module_path!(), "::", #rust_name),
            name: #name,
            renamed: #renamed,
            schema: #schema,
            space: #space,
            sql: #sql,
            query: #query,
            materialized: #materialized,
            columns: #columns,
            fields: #fields,
        };
        #[automatically_derived]
        impl #impl_generics __def::DbView for #ident #ty_generics #where_clause {
            fn view() -> &'static __def::ViewDef {
                &__VIEW
            }
        }
        #krate::__register!(__def::ModelDef::View(<#owner as __def::DbView>::view));
    }
}

/// The struct of columns, and its value. A type of which no column type is known is no error in a view given as SQL.
fn columns_of(view: &View) -> TokenStream {
    let columns = facts::columns_ident(&view.ident);
    let names = view.fields.iter().map(|field| &field.ident);
    let values = view.fields.iter().map(|field| {
        let (ident, ty, path) = (&field.ident, &field.ty, format!("{}::{}", view.ident.unraw(), field.name));
        quote! {
            #ident: __db::Column::of_view(
                #path,
                __db::Typed::<#ty>::KNOWN,
                __db::Typed::<#ty>::NULLABLE || __db::IsOption::<#ty>::NULLABLE,
            )
        }
    });
    quote! {
        use __db::Untyped as _;
        pub struct #columns { #(pub #names: __db::Column),* }
        const __COLUMNS: #columns = #columns { #(#values),* };
    }
}
