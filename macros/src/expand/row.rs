//! `#[derive(DbRow)]` to tokens: a reader that knows how embedded structs spread over columns.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;
use syn::{DeriveInput, Lifetime};

use crate::check::named_fields;
use crate::parse::RowAttrs;

/// The expansion; nothing where the item is no struct with named fields: the other derives say so.
pub(super) fn expand(input: &DeriveInput) -> TokenStream {
    let Some(fields) = named_fields(input) else { return TokenStream::new() };
    let ident = &input.ident;
    let (mut bounds, mut values, mut nulls) = (Vec::new(), Vec::new(), Vec::new());
    for field in fields {
        let Some(name) = &field.ident else { continue };
        let (attrs, ty) = (RowAttrs::parse(&field.attrs), &field.ty);
        let column = attrs.column.unwrap_or_else(|| name.unraw().to_string());
        if attrs.skip {
            values.push(quote!(#name: ::core::default::Default::default()));
        } else if let Some(prefix) = attrs.embed {
            let prefix = prefix.unwrap_or_else(|| format!("{column}__"));
            bounds.push(quote!(#ty: __db::FromPrefixedRow<'__r, __R>));
            values.push(quote!(#name: __db::read_embedded(row, prefix, #prefix)?));
            nulls.push(quote!(__db::embedded_is_null::<#ty, __R>(row, prefix, #prefix)?));
        } else {
            let read = if attrs.json { quote!(__db::AsJson<#ty>) } else { quote!(#ty) };
            bounds.push(quote!(#read: __db::sqlx::Decode<'__r, __R::Database> + __db::sqlx::Type<__R::Database>));
            let value = quote!(__db::read_column::<#read, __R>(row, prefix, #column)?);
            let value = if attrs.json { quote!(#value.0) } else { value };
            values.push(quote!(#name: #value));
            nulls.push(quote!(__db::column_is_null(row, prefix, #column)?));
        }
    }
    let mut generics = input.generics.clone();
    let row: Lifetime = syn::parse_quote!('__r);
    for lifetime in input.generics.lifetimes() {
        let lifetime = &lifetime.lifetime;
        generics.make_where_clause().predicates.push(syn::parse_quote!(#row: #lifetime));
    }
    generics.params.insert(0, syn::parse_quote!(#row));
    generics.params.push(syn::parse_quote!(__R: __db::sqlx::Row));
    let clause = generics.make_where_clause();
    clause.predicates.push(syn::parse_quote!(for<'__n> &'__n str: __db::sqlx::ColumnIndex<__R>));
    for bound in bounds {
        clause.predicates.push(syn::parse_quote!(#bound));
    }
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let (_, ty_generics, _) = input.generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #impl_generics __db::FromPrefixedRow<'__r, __R> for #ident #ty_generics #where_clause {
            fn from_prefixed_row(row: &'__r __R, prefix: &str) -> __db::sqlx::Result<Self> {
                ::core::result::Result::Ok(Self { #(#values),* })
            }
            fn is_null(row: &'__r __R, prefix: &str) -> __db::sqlx::Result<bool> {
                ::core::result::Result::Ok(true #(&& #nulls)*)
            }
        }
        #[automatically_derived]
        impl #impl_generics __db::sqlx::FromRow<'__r, __R> for #ident #ty_generics #where_clause {
            fn from_row(row: &'__r __R) -> __db::sqlx::Result<Self> {
                <Self as __db::FromPrefixedRow<'__r, __R>>::from_prefixed_row(row, "")
            }
        }
    }
}
