//! What is emitted beside errors: impls that say nothing, so that one mistake is one error.

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;
use syn::ext::IdentExt;

use super::facts;
use crate::check::{concrete, named_fields, owner_type};
use crate::context::Context;
use crate::parse::{FieldAttrs, crate_path};

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

/// Every named field as a column of which nothing is known; an embedded one keeps its own columns.
fn columns(input: &DeriveInput) -> (TokenStream, TokenStream) {
    let (name, owner) = (facts::columns_ident(&input.ident), owner_type(input));
    let fields: Vec<_> = named_fields(input).into_iter().flatten().filter(|field| field.ident.is_some()).collect();
    let is_embedded = |field: &syn::Field| {
        let quiet = Context::new();
        let is_embedded = FieldAttrs::parse(&quiet, &field.attrs).embed.is_some();
        let _ = quiet.finish();
        is_embedded
    };
    let types = fields.iter().map(|field| {
        let (ident, ty) = (&field.ident, concrete(&field.ty, &owner));
        if is_embedded(field) { quote!(pub #ident: __db::Embedded<#ty>) } else { quote!(pub #ident: __db::Column) }
    });
    let values = fields.iter().map(|field| {
        let (ident, path) = (&field.ident, field.ident.as_ref().map(|ident| ident.unraw().to_string()));
        if is_embedded(field) {
            quote!(#ident: __db::Embedded(::core::marker::PhantomData))
        } else {
            quote!(#ident: __db::Column::unknown(#path))
        }
    });
    (quote!(pub struct #name { #(#types),* }), quote!(#name { #(#values),* }))
}
