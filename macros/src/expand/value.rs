//! `#[derive(DbValue)]` to tokens.

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use crate::check::{Value, ValueKind};

/// The expansion.
pub(super) fn expand(input: &DeriveInput, value: &Value) -> TokenStream {
    let (ident, krate) = (&input.ident, &value.krate);
    let mut generics = input.generics.clone();
    let body = match &value.kind {
        ValueKind::Newtype(inner) => {
            if generics.type_params().next().is_some() {
                generics.make_where_clause().predicates.push(syn::parse_quote!(#inner: #krate::DbValue));
            }
            quote! {
                const TYPE: __def::LogicalType = <#inner as #krate::DbValue>::TYPE;
                const NULLABLE: bool = <#inner as #krate::DbValue>::NULLABLE;
                const FIXED_LENGTH: u32 = <#inner as #krate::DbValue>::FIXED_LENGTH;
            }
        }
        ValueKind::Text { name, variants } => quote! {
            const TYPE: __def::LogicalType =
                __def::LogicalType::Enum(&__def::EnumDef { name: #name, variants: &[#(#variants),*] });
        },
        ValueKind::Integer(integer) => quote! {
            const TYPE: __def::LogicalType = <::core::primitive::#integer as #krate::DbValue>::TYPE;
        },
    };
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #impl_generics #krate::DbValue for #ident #ty_generics #where_clause {
            #body
        }
    }
}
