//! `#[derive(DbView)]` to tokens.

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;
use syn::ext::IdentExt;

use crate::check::{View, owner_type};
use crate::parse::option_tokens;

/// The expansion.
pub(super) fn expand(input: &DeriveInput, view: &View) -> TokenStream {
    let (ident, krate, name, attrs) = (&view.ident, &view.krate, &view.name, &view.attrs);
    let rust_name = ident.unraw().to_string();
    let owner = owner_type(input);
    let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();
    let renamed = super::texts(attrs.renamed.iter().flat_map(|renamed| &renamed.value));
    let schema = option_tokens(attrs.schema.as_ref().map(|schema| &schema.value));
    let space = option_tokens(attrs.space.as_ref().map(|space| &space.value));
    let sql = option_tokens(attrs.sql.as_ref().map(|sql| &sql.value));
    let materialized = attrs.materialized.is_some();
    let columns = super::texts(&view.columns);
    quote! {
        static __VIEW: __def::ViewDef = __def::ViewDef {
            rust_name: #rust_name,
            rust_path: ::core::concat!(::core::module_path!(), "::", #rust_name),
            name: #name,
            renamed: #renamed,
            schema: #schema,
            space: #space,
            sql: #sql,
            materialized: #materialized,
            columns: #columns,
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
