//! `#[derive(DbValue)]` to tokens.

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use crate::check::{NativeEnum, Value, ValueKind};
use crate::parse::{PostgresEnum, option_tokens};

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
        ValueKind::Text { name, variants, postgres } => {
            let postgres = postgres.as_ref().map_or_else(|| quote!(::core::option::Option::None), native_enum);
            quote! {
                const TYPE: __def::LogicalType = __def::LogicalType::Enum(&__def::EnumDef {
                    name: #name,
                    variants: &[#(#variants),*],
                    postgres: #postgres,
                });
            }
        }
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

fn native_enum(native: &NativeEnum) -> TokenStream {
    let PostgresEnum { name, schema, renamed } = &native.attrs;
    let schema = option_tokens(schema.as_ref());
    let labels = native.renamed_labels.iter().map(|(label, earlier)| quote!((#label, &[#(#earlier),*])));
    quote! {
        ::core::option::Option::Some(__def::PostgresEnumDef {
            name: #name,
            schema: #schema,
            renamed: &[#(#renamed),*],
            renamed_labels: &[#(#labels),*],
        })
    }
}
