//! `#[derive(DbEmbed)]` to tokens.

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use super::{checks, column, facts, index};
use crate::check::Model;

/// The expansion.
pub(super) fn expand(input: &DeriveInput, model: &Model) -> TokenStream {
    let (ident, owner, rust_name) = (&model.ident, &model.owner, model.rust_name());
    let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();
    let (columns, columns_value) = facts::columns(model);
    let columns_ident = facts::columns_ident(ident);
    let foreign_keys = facts::foreign_keys(model);
    let fields = model.fields.iter().filter_map(column::field);
    let (indexes, foreign_key_defs) = (index::indexes(model), index::foreign_keys(model));
    let checks = checks::all(model);
    quote! {
        #columns
        #[automatically_derived]
        impl #impl_generics __db::EmbedFacts for #ident #ty_generics #where_clause {
            type Columns = #columns_ident;
            const COLUMNS: #columns_ident = #columns_value;
            const FOREIGN_KEYS: __db::ForeignKeys = #foreign_keys;
        }
        const __C: #columns_ident = <#owner as __db::EmbedFacts>::COLUMNS;
        static __EMBED: __def::EmbedDef = __def::EmbedDef {
            rust_name: #rust_name,
            fields: &[#(#fields),*],
            indexes: #indexes,
            foreign_keys: #foreign_key_defs,
        };
        #[automatically_derived]
        impl #impl_generics __def::DbEmbed for #ident #ty_generics #where_clause {
            fn embed() -> &'static __def::EmbedDef {
                &__EMBED
            }
        }
        #checks
    }
}
