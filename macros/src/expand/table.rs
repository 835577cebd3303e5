//! `#[derive(DbTable)]` to tokens.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use syn::{DeriveInput, LitStr};

use super::column::{field, some, variant};
use super::{checks, facts, index};
use crate::check::{FieldKind, Model, concrete, innermost};
use crate::parse::{Slot, TableNative, Way, option_tokens};

/// The expansion.
pub(super) fn expand(input: &DeriveInput, model: &Model) -> TokenStream {
    let (ident, owner, krate) = (&model.ident, &model.owner, &model.krate);
    let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();
    let (columns, columns_value) = facts::columns(model);
    let columns_ident = facts::columns_ident(ident);
    let (name, id) = (model.rust_name(), facts::id(ident));
    let (keys, foreign_keys) = (facts::keys(model), facts::foreign_keys(model));
    let (definition, checks) = (definition(model), checks::all(model));
    let source = facts::table_source(input);
    quote! {
        #columns
        #[automatically_derived]
        impl #impl_generics __db::TableFacts for #ident #ty_generics #where_clause {
            type Columns = #columns_ident;
            const COLUMNS: #columns_ident = #columns_value;
            const NAME: &'static str = #name;
            const ID: &'static str = #id;
            const KEYS: &'static [&'static [&'static str]] = #keys;
            const FOREIGN_KEYS: __db::ForeignKeys = #foreign_keys;
        }
        const __COLUMNS: #columns_ident = <#owner as __db::TableFacts>::COLUMNS;
        const __C: #columns_ident = __COLUMNS;
        #source
        static __TABLE: __def::TableDef = #definition;
        #[automatically_derived]
        impl #impl_generics __def::DbTable for #ident #ty_generics #where_clause {
            fn table() -> &'static __def::TableDef {
                &__TABLE
            }
        }
        #checks
        #krate::__register!(__def::ModelDef::Table(<#owner as __def::DbTable>::table));
    }
}

fn definition(model: &Model) -> TokenStream {
    let (rust_name, name, attrs) = (model.rust_name(), &model.name, &model.attrs);
    let renamed = super::texts(attrs.renamed.iter().flat_map(|renamed| &renamed.value));
    let schema = option_tokens(attrs.schema.as_ref().map(|schema| &schema.value));
    let space = option_tokens(attrs.space.as_ref().map(|space| &space.value));
    let sync_method = option_tokens(attrs.sync_method.as_ref().map(|method| {
        let method = variant(method.value);
        quote!(__def::SyncMethod::#method)
    }));
    let comment = option_tokens(model.comment.as_ref());
    let fields = model.fields.iter().filter_map(field);
    let (indexes, foreign_keys) = (index::indexes(model), index::foreign_keys(model));
    let checks = attrs.checks.iter().map(|check| {
        let (name, sql) = (option_tokens(check.name.as_ref()), &check.sql);
        quote!(__def::CheckDef { name: #name, sql: #sql })
    });
    let (relations, options) = (relations(model), options(&attrs.native));
    quote! {
        __def::TableDef {
            rust_name: #rust_name,
            rust_path: ::core::concat!(::core::module_path!(), "::", #rust_name),
            name: #name,
            renamed: #renamed,
            schema: #schema,
            space: #space,
            sync_method: #sync_method,
            comment: #comment,
            fields: &[#(#fields),*],
            indexes: #indexes,
            foreign_keys: #foreign_keys,
            checks: &[#(#checks),*],
            relations: #relations,
            options: #options,
        }
    }
}

fn relations(model: &Model) -> TokenStream {
    let fields = model.fields.iter().filter(|field| field.kind == FieldKind::Relation);
    let relations = fields.filter_map(|field| {
        let relation = &field.attrs.relation.as_ref()?.value;
        let (name, alias) = (&field.name, option_tokens(relation.alias.as_ref()));
        let target = concrete(innermost(&field.written), &model.owner);
        let kind = match &relation.way {
            Way::To => quote!(To),
            Way::From => quote!(From),
            Way::Via(junction) => {
                let junction = concrete(junction, &model.owner);
                quote!(Via(<#junction as __db::TableFacts>::DESCRIPTOR))
            }
        };
        Some(quote! {
            __def::RelationDef {
                field: #name,
                target: <#target as __db::TableFacts>::DESCRIPTOR,
                kind: __def::RelationKindDef::#kind,
                alias: #alias,
            }
        })
    });
    quote!(&[#(#relations),*])
}

fn options(native: &TableNative) -> TokenStream {
    let mut said = TokenStream::new();
    let flags = [
        ("sqlite_strict", &native.sqlite_strict),
        ("sqlite_without_rowid", &native.sqlite_without_rowid),
        ("postgres_unlogged", &native.postgres_unlogged),
    ];
    for (key, _) in flags.into_iter().filter(|(_, flag)| flag.is_some()) {
        let key = format_ident!("{key}");
        said.extend(quote!(#key: true,));
    }
    let texts: [(&str, &Slot<LitStr>); 5] = [
        ("postgres_collate", &native.postgres_collate),
        ("postgres_schema", &native.postgres_schema),
        ("mysql_engine", &native.mysql_engine),
        ("mysql_charset", &native.mysql_charset),
        ("mysql_collate", &native.mysql_collate),
    ];
    for (key, text) in texts {
        if let Some(text) = text {
            let (key, value) = (format_ident!("{key}"), some(&text.value));
            said.extend(quote!(#key: #value,));
        }
    }
    if let Some(fillfactor) = &native.postgres_fillfactor {
        let value = some(&Literal::u64_unsuffixed(fillfactor.value));
        said.extend(quote!(postgres_fillfactor: #value,));
    }
    if let Some(capped) = &native.mongodb_capped {
        let (size, max) = (capped.value.0, option_tokens(capped.value.1));
        let value = some(&quote!((#size, #max)));
        said.extend(quote!(mongodb_capped: #value,));
    }
    if said.is_empty() {
        return quote!(__def::TableOptionsDef::NONE);
    }
    quote!(__def::TableOptionsDef { #said ..__def::TableOptionsDef::NONE })
}
