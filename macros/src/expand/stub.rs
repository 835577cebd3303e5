//! What is emitted beside errors: impls that say nothing, so that one mistake is one error.

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;
use syn::ext::IdentExt;

use super::facts;
use crate::check::named_fields;
use crate::parse::crate_path;

/// A table without columns in its descriptor; its fields are known to other tables' foreign keys.
pub(super) fn table(input: &DeriveInput) -> TokenStream {
    let ident = &input.ident;
    let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();
    let (columns, columns_value) = columns(input);
    let columns_ident = facts::columns_ident(ident);
    let (name, id) = (ident.unraw().to_string(), facts::id(ident));
    let source = facts::table_source(input);
    quote! {
        #columns
        const __COLUMNS: #columns_ident = #columns_value;
        #source
        #[automatically_derived]
        impl #impl_generics __db::TableFacts for #ident #ty_generics #where_clause {
            type Columns = #columns_ident;
            const COLUMNS: #columns_ident = #columns_value;
            const NAME: &'static str = #name;
            const ID: &'static str = #id;
            const KEYS: &'static [&'static [&'static str]] = &[];
            const FOREIGN_KEYS: __db::ForeignKeys = __db::ForeignKeys { own: &[], embedded: &[] };
            const BROKEN: bool = true;
        }
        #[automatically_derived]
        impl #impl_generics __def::DbTable for #ident #ty_generics #where_clause {
            fn table() -> &'static __def::TableDef {
                static TABLE: __def::TableDef = __def::TableDef {
                    rust_name: #name,
                    rust_path: #name,
                    name: #name,
                    renamed: &[],
                    schema: ::core::option::Option::None,
                    space: ::core::option::Option::None,
                    sync_method: ::core::option::Option::None,
                    comment: ::core::option::Option::None,
                    fields: &[],
                    indexes: &[],
                    foreign_keys: &[],
                    checks: &[],
                    relations: &[],
                    options: __def::TableOptionsDef::NONE,
                };
                &TABLE
            }
        }
    }
}

/// An embedded struct without columns in its descriptor.
pub(super) fn embed(input: &DeriveInput) -> TokenStream {
    let ident = &input.ident;
    let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();
    let (columns, columns_value) = columns(input);
    let columns_ident = facts::columns_ident(ident);
    let name = ident.unraw().to_string();
    quote! {
        #columns
        #[automatically_derived]
        impl #impl_generics __db::EmbedFacts for #ident #ty_generics #where_clause {
            type Columns = #columns_ident;
            const COLUMNS: #columns_ident = #columns_value;
            const FOREIGN_KEYS: __db::ForeignKeys = __db::ForeignKeys { own: &[], embedded: &[] };
        }
        #[automatically_derived]
        impl #impl_generics __def::DbEmbed for #ident #ty_generics #where_clause {
            fn embed() -> &'static __def::EmbedDef {
                static EMBED: __def::EmbedDef =
                    __def::EmbedDef { rust_name: #name, fields: &[], indexes: &[], foreign_keys: &[] };
                &EMBED
            }
        }
    }
}

/// A text column.
pub(super) fn value(input: &DeriveInput) -> TokenStream {
    let (ident, krate) = (&input.ident, crate_path(&input.attrs));
    let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #impl_generics #krate::DbValue for #ident #ty_generics #where_clause {
            const TYPE: __def::LogicalType = __def::LogicalType::Text;
        }
    }
}

/// A view without columns in its descriptor.
pub(super) fn view(input: &DeriveInput) -> TokenStream {
    let ident = &input.ident;
    let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();
    let name = ident.unraw().to_string();
    let (columns, columns_value) = columns(input);
    let columns_ident = facts::columns_ident(ident);
    let source = facts::view_source(input);
    quote! {
        #columns
        const __COLUMNS: #columns_ident = #columns_value;
        #source
        #[automatically_derived]
        impl #impl_generics __def::DbView for #ident #ty_generics #where_clause {
            fn view() -> &'static __def::ViewDef {
                static VIEW: __def::ViewDef = __def::ViewDef {
                    rust_name: #name,
                    rust_path: #name,
                    name: #name,
                    renamed: &[],
                    schema: ::core::option::Option::None,
                    space: ::core::option::Option::None,
                    sql: ::core::option::Option::None,
                    query: ::core::option::Option::None,
                    materialized: false,
                    columns: &[],
                    fields: &[],
                };
                &VIEW
            }
        }
    }
}

/// Every named field as a column of which nothing is known.
fn columns(input: &DeriveInput) -> (TokenStream, TokenStream) {
    let name = facts::columns_ident(&input.ident);
    let fields: Vec<_> = named_fields(input).into_iter().flatten().filter_map(|field| field.ident.as_ref()).collect();
    let paths = fields.iter().map(|field| field.unraw().to_string());
    (
        quote!(pub struct #name { #(pub #fields: __db::Column),* }),
        quote!(#name { #(#fields: __db::Column::unknown(#paths)),* }),
    )
}
