//! What the compile-time checks of other models read: the struct of columns, the keys, the foreign keys.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::DeriveInput;
use syn::ext::IdentExt;

use crate::check::{Field, FieldKind, Kind, Model, On};
use crate::parse::option_tokens;

/// The name of the struct of columns.
pub(super) fn columns_ident(ident: &Ident) -> Ident {
    format_ident!("__{}Columns", ident.unraw())
}

/// The struct of columns, and its value.
pub(super) fn columns(model: &Model) -> (TokenStream, TokenStream) {
    let name = columns_ident(&model.ident);
    let fields: Vec<&Field> =
        model.fields.iter().filter(|f| matches!(f.kind, FieldKind::Column | FieldKind::Embed)).collect();
    let types = fields.iter().map(|field| {
        let (ident, ty) = (&field.ident, &field.ty);
        match field.kind {
            FieldKind::Embed => quote!(pub #ident: __db::Embedded<#ty>),
            _ => quote!(pub #ident: __db::Column),
        }
    });
    let values = fields.iter().map(|field| {
        let (ident, ty, path) = (&field.ident, &field.ty, model.path_of(field));
        match field.kind {
            FieldKind::Embed => quote!(#ident: __db::Embedded(::core::marker::PhantomData)),
            _ if field.attrs.json.is_some() => {
                quote!(#ident: __db::Column::fixed(#path, __def::LogicalType::Json, __db::IsOption::<#ty>::NULLABLE))
            }
            _ if field.attrs.encrypted.is_some() => {
                quote!(#ident: __db::Column::fixed(#path, __def::LogicalType::Text, __db::IsOption::<#ty>::NULLABLE))
            }
            _ => quote! {
                #ident: __db::Column::of(
                    #path,
                    <#ty as __db::DbValue>::TYPE,
                    <#ty as __db::DbValue>::NULLABLE,
                    <#ty as __db::DbValue>::FIXED_LENGTH,
                )
            },
        }
    });
    (quote!(pub struct #name { #(#types),* }), quote!(#name { #(#values),* }))
}

/// What views read about a table or a view.
fn source(input: &DeriveInput, model: &TokenStream) -> TokenStream {
    let (ident, name, id) = (&input.ident, input.ident.unraw().to_string(), id(&input.ident));
    let columns = columns_ident(ident);
    let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #impl_generics __db::SourceFacts for #ident #ty_generics #where_clause {
            type Columns = #columns;
            const COLUMNS: #columns = __COLUMNS;
            const NAME: &'static str = #name;
            const ID: &'static str = #id;
            const MODEL: __def::ModelDef = #model;
        }
    }
}

/// [`source`] of a table.
pub(super) fn table_source(input: &DeriveInput) -> TokenStream {
    source(input, &quote!(__def::ModelDef::Table(<Self as __def::DbTable>::table)))
}

/// [`source`] of a view.
pub(super) fn view_source(input: &DeriveInput) -> TokenStream {
    source(input, &quote!(__def::ModelDef::View(<Self as __def::DbView>::view)))
}

/// The primary key and the unique indexes.
pub(super) fn keys(model: &Model) -> TokenStream {
    let primary: Vec<String> =
        model.fields.iter().filter(|field| field.attrs.id.is_some()).map(|field| field.name.clone()).collect();
    let unique =
        model.indexes.iter().filter(|index| index.kind == Kind::Unique && index.predicate.is_none()).filter_map(
            |index| {
                index
                    .parts
                    .iter()
                    .map(|part| match &part.on {
                        On::Column(path) => Some(path.text()),
                        On::Expression(_) => None,
                    })
                    .collect::<Option<Vec<String>>>()
            },
        );
    let keys = std::iter::once(primary).filter(|key| !key.is_empty()).chain(unique).map(super::texts);
    quote!(&[#(#keys),*])
}

/// The foreign keys, with those of embedded structs.
pub(super) fn foreign_keys(model: &Model) -> TokenStream {
    let own = model.foreign_keys.iter().map(|key| {
        let (alias, target) = (option_tokens(key.alias.as_ref()), &key.target);
        quote!(__db::ForeignKeyFacts { alias: #alias, target: <#target as __db::TableFacts>::ID })
    });
    let embedded = model.fields.iter().filter(|field| field.kind == FieldKind::Embed).map(|field| {
        let ty = &field.ty;
        quote!(<#ty as __db::EmbedField>::FOREIGN_KEYS)
    });
    quote!(__db::ForeignKeys { own: &[#(#own),*], embedded: &[#(#embedded),*] })
}

/// The text that tells a table from all others.
pub(super) fn id(ident: &Ident) -> TokenStream {
    let name = ident.unraw().to_string();
    quote!(::core::concat!(::core::module_path!(), "::", #name, "@", ::core::line!(), ":", ::core::column!()))
}
