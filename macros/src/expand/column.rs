//! Fields to `FieldDef`.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::LitStr;

use crate::check::{Field, FieldKind};
use crate::parse::{ColumnNative, Default, Form, Increment, Slot, Vector, option_tokens};

/// The descriptor of a field, when it has columns.
pub(super) fn field(field: &Field) -> Option<TokenStream> {
    match field.kind {
        FieldKind::Column => {
            let column = column(field);
            Some(quote!(__def::FieldDef::Column(#column)))
        }
        FieldKind::Embed => Some(embed(field)),
        FieldKind::Relation | FieldKind::Skip => None,
    }
}

fn embed(field: &Field) -> TokenStream {
    let (name, column, ty) = (&field.name, &field.column, &field.ty);
    let renamed = super::texts(field.attrs.renamed.iter().flat_map(|renamed| &renamed.value));
    let prefix = option_tokens(field.attrs.embed.as_ref().and_then(|embed| embed.value.as_ref()));
    quote! {
        __def::FieldDef::Embed {
            field: #name,
            column: #column,
            prefix: #prefix,
            renamed: #renamed,
            nullable: <#ty as __db::EmbedField>::NULLABLE,
            def: <#ty as __db::EmbedField>::DESCRIPTOR,
        }
    }
}

fn column(field: &Field) -> TokenStream {
    let (ident, name, column, attrs) = (&field.ident, &field.name, &field.column, &field.attrs);
    let mut said = TokenStream::new();
    let mut say = |key: &str, value: TokenStream| {
        let key = format_ident!("{key}");
        said.extend(quote!(#key: #value,));
    };
    if let Some(renamed) = &attrs.renamed {
        say("renamed", super::texts(&renamed.value));
    }
    let flags = [
        ("primary_key", &attrs.id),
        ("json", &attrs.json),
        ("encrypted", &attrs.encrypted),
        ("version", &attrs.version),
        ("dimension", &attrs.dimension),
        ("measure", &attrs.measure),
    ];
    for (key, _) in flags.into_iter().filter(|(_, flag)| flag.is_some()) {
        say(key, quote!(true));
    }
    if let Some(default) = &attrs.default {
        say("default", some(&self::default(&default.value.value)));
    }
    if let Some(generated) = &attrs.generated {
        let (sql, stored) = (&generated.value.sql, generated.value.stored);
        say("generated", some(&quote!(__def::GeneratedDef { sql: #sql, stored: #stored })));
    }
    if let Some(collate) = &attrs.collate {
        let collation = variant(collate.value);
        say("collate", some(&quote!(__def::Collation::#collation)));
    }
    if let Some(max_length) = &attrs.max_length {
        say("max_length", some(&Literal::u64_unsuffixed(max_length.value)));
    }
    if let Some(precision) = &attrs.precision {
        let (digits, scale) = precision.value;
        let (digits, scale) = (Literal::u64_unsuffixed(digits), Literal::u64_unsuffixed(scale));
        say("precision", some(&quote!((#digits, #scale))));
    }
    let ty = match &attrs.vector {
        Some(vector) => {
            say("vector", some(&vector_def(field, &vector.value)));
            let given = dimensions(&vector.value);
            quote!(__C.#ident.vector(#given))
        }
        None => quote!(__C.#ident.ty()),
    };
    if let Some(native) = native(&attrs.native) {
        say("native", native);
    }
    if let Some(comment) = &field.comment {
        say("comment", some(comment));
    }
    let new = quote!(__def::ColumnDef::new(#name, #column, #ty, __C.#ident.nullable));
    if said.is_empty() { new } else { quote!(__def::ColumnDef { #said ..#new }) }
}

/// `VectorDef` of a field with `vector`.
pub(super) fn vector_def(field: &Field, vector: &Vector) -> TokenStream {
    let (ident, given) = (&field.ident, dimensions(vector));
    let similarity = variant(vector.similarity.as_ref().map_or("cosine", |similarity| similarity.value));
    let threshold = option_tokens(vector.threshold.as_ref().map(|threshold| threshold.value));
    quote! {
        __def::VectorDef {
            dimensions: __C.#ident.dimensions(#given),
            similarity: __def::Similarity::#similarity,
            threshold: #threshold,
        }
    }
}

fn dimensions(vector: &Vector) -> u32 {
    vector.dimensions.as_ref().map_or(0, |dimensions| dimensions.value)
}

fn default(default: &Default) -> TokenStream {
    match default {
        Default::Bool(value) => quote!(__def::DefaultDef::Bool(#value)),
        Default::Int(value) => {
            let value = Literal::i128_suffixed(*value);
            quote!(__def::DefaultDef::Int(#value))
        }
        Default::Float(value) => quote!(__def::DefaultDef::Float(#value)),
        Default::Text(value) => quote!(__def::DefaultDef::Text(#value)),
        Default::Increment(increment) => {
            let said = self::increment(increment);
            quote!(__def::DefaultDef::Increment(#said))
        }
        Default::Uuid => quote!(__def::DefaultDef::Uuid),
        Default::Now => quote!(__def::DefaultDef::Now),
        Default::Sql(sql) => quote!(__def::DefaultDef::Sql(#sql)),
    }
}

fn increment(increment: &Increment) -> TokenStream {
    let start = increment.start.unwrap_or(1);
    let mut said = quote!(__def::Increment::starting_at(#start));
    match increment.form {
        Form::ByDefault => {}
        Form::Always => said.extend(quote!(.form(__def::IncrementForm::Always))),
        Form::Serial => said.extend(quote!(.form(__def::IncrementForm::Serial))),
    }
    let Increment { step, min, max, cache, .. } = increment;
    said.extend(step.map(|step| quote!(.step(#step))));
    said.extend(min.map(|min| quote!(.min(#min))));
    said.extend(max.map(|max| quote!(.max(#max))));
    said.extend(cache.map(|cache| quote!(.cache(#cache))));
    said.extend(increment.cycle.then(|| quote!(.cycle())));
    said
}

fn native(native: &ColumnNative) -> Option<TokenStream> {
    let mut said = TokenStream::new();
    let texts: [(&str, &Slot<LitStr>); 7] = [
        ("sqlite", &native.sqlite_type),
        ("sqlite_collate", &native.sqlite_collate),
        ("postgres", &native.postgres_type),
        ("postgres_collate", &native.postgres_collate),
        ("mysql", &native.mysql_type),
        ("mysql_on_update", &native.mysql_on_update),
        ("mysql_collate", &native.mysql_collate),
    ];
    for (key, text) in texts {
        if let Some(text) = text {
            let (key, value) = (format_ident!("{key}"), some(&text.value));
            said.extend(quote!(#key: #value,));
        }
    }
    if native.mysql_unsigned.is_some() {
        said.extend(quote!(mysql_unsigned: true,));
    }
    (!said.is_empty()).then(|| quote!(__def::NativeDef { #said ..__def::NativeDef::NONE }))
}

/// `set_null` as `SetNull`.
pub(super) fn variant(word: &str) -> proc_macro2::Ident {
    format_ident!("{}", heck::ToUpperCamelCase::to_upper_camel_case(word))
}

/// `Some(value)`
pub(super) fn some(value: &impl ToTokens) -> TokenStream {
    quote!(::core::option::Option::Some(#value))
}
