//! Indexes and foreign keys to their descriptors.

use proc_macro2::TokenStream;
use quote::quote;

use super::column::{variant, vector_def};
use crate::check::{ForeignKey, Index, Kind, Model, On};
use crate::parse::{ColumnPath, option_tokens};

/// `&[IndexDef { .. }, ..]`
pub(super) fn indexes(model: &Model) -> TokenStream {
    let indexes = model.indexes.iter().map(|index| index_def(model, index));
    quote!(&[#(#indexes),*])
}

fn index_def(model: &Model, index: &Index) -> TokenStream {
    let name = option_tokens(index.name.as_ref());
    let kind = match &index.kind {
        Kind::Plain => quote!(Plain),
        Kind::Unique => quote!(Unique),
        Kind::Fulltext => quote!(Fulltext),
        Kind::Geo => quote!(Geo),
        Kind::Vector(name) => {
            let field = model.fields.iter().find(|field| field.name == *name);
            let vector = field.and_then(|field| Some(vector_def(field, &field.attrs.vector.as_ref()?.value)));
            quote!(Vector(#vector))
        }
    };
    let parts = index.parts.iter().map(|part| {
        let on = match &part.on {
            On::Column(path) => {
                let path = path.text();
                quote!(Column(#path))
            }
            On::Expression(sql) => quote!(Expression(#sql)),
        };
        let order = if part.descending { quote!(Desc) } else { quote!(Asc) };
        let weight = option_tokens(part.weight);
        quote!(__def::IndexPartDef { on: __def::IndexOnDef::#on, order: __def::SortOrder::#order, weight: #weight })
    });
    let nulls_not_distinct = index.nulls_not_distinct;
    let predicate = option_tokens(index.predicate.as_ref());
    let include = super::texts(index.include.iter().map(ColumnPath::text));
    let filters = super::texts(&index.filters);
    let language = option_tokens(index.language.as_ref());
    quote! {
        __def::IndexDef {
            name: #name,
            kind: __def::IndexKindDef::#kind,
            nulls_not_distinct: #nulls_not_distinct,
            parts: &[#(#parts),*],
            predicate: #predicate,
            include: #include,
            language: #language,
            filters: #filters,
        }
    }
}

/// `&[ForeignKeyDef { .. }, ..]`
pub(super) fn foreign_keys(model: &Model) -> TokenStream {
    let keys = model.foreign_keys.iter().map(foreign_key_def);
    quote!(&[#(#keys),*])
}

fn foreign_key_def(key: &ForeignKey) -> TokenStream {
    let (alias, target) = (option_tokens(key.alias.as_ref()), &key.target);
    let columns = super::texts(key.columns.iter().map(ColumnPath::text));
    let target_columns = super::texts(key.target_columns.iter().map(ColumnPath::text));
    let (on_delete, on_update) = (variant(key.on_delete), variant(key.on_update));
    quote! {
        __def::ForeignKeyDef {
            alias: #alias,
            columns: #columns,
            target: <#target as __db::TableFacts>::DESCRIPTOR,
            target_columns: #target_columns,
            on_delete: __def::ReferentialAction::#on_delete,
            on_update: __def::ReferentialAction::#on_update,
        }
    }
}
