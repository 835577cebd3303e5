//! The checks that only the compiler can do, each at the user's token.

use proc_macro2::{Literal, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::{check_at, respan};
use crate::check::{Field, FieldKind, ForeignKey, Kind, Model, On, concrete, innermost};
use crate::parse::{ColumnPath, Default, Place, Way, option_tokens};

/// All checks of a model.
pub(super) fn all(model: &Model) -> TokenStream {
    let columns = model.fields.iter().filter(|field| field.kind == FieldKind::Column).flat_map(column);
    let indexes = model.indexes.iter().flat_map(index);
    let foreign_keys = model.foreign_keys.iter().map(|key| foreign_key(model, key));
    let relations = model.fields.iter().filter_map(|field| relation(model, field));
    quote!(#(#columns)* #(#indexes)* #(#foreign_keys)* #(#relations)*)
}

fn column(field: &Field) -> Vec<TokenStream> {
    let (attrs, ident) = (&field.attrs, &field.ident);
    let mut checks = Vec::new();
    let mut simple = |span: Option<Span>, name: TokenStream| {
        checks.extend(span.map(|span| check_at(span, &quote!(__db::check::#name(&__C.#ident)))));
    };
    simple(attrs.id.as_ref().map(|at| at.span), quote!(primary_key));
    simple(attrs.version.as_ref().map(|at| at.span), quote!(version));
    simple(attrs.precision.as_ref().map(|at| at.span), quote!(precision));
    simple(attrs.max_length.as_ref().map(|at| at.span), quote!(max_length));
    simple(attrs.collate.as_ref().map(|at| at.span), quote!(collate));
    simple(attrs.native.mysql_unsigned.as_ref().map(|at| at.span), quote!(unsigned));
    for index in &attrs.indexes {
        match index.kind {
            crate::parse::IndexKind::Fulltext => simple(Some(index.span), quote!(fulltext)),
            crate::parse::IndexKind::Geo => simple(Some(index.span), quote!(geo)),
            _ => {}
        }
    }
    checks.extend(
        attrs.default.as_ref().and_then(|default| self::default(field, default.value.span, &default.value.value)),
    );
    checks.extend(attrs.vector.as_ref().map(|vector| {
        let (span, given) = match &vector.value.dimensions {
            Some(dimensions) => (dimensions.span, dimensions.value),
            None => (vector.span, 0),
        };
        check_at(span, &quote!(__db::check::vector(&__C.#ident, #given)))
    }));
    checks
}

fn default(field: &Field, span: Span, default: &Default) -> Option<TokenStream> {
    let ident = &field.ident;
    let call = match default {
        Default::Bool(_) => quote!(default_bool(&__C.#ident)),
        Default::Int(value) => {
            let value = Literal::i128_suffixed(*value);
            quote!(default_int(&__C.#ident, #value))
        }
        Default::Float(_) => quote!(default_float(&__C.#ident)),
        Default::Text(text) => quote!(default_text(&__C.#ident, #text)),
        Default::Increment(increment) => {
            let start = increment.start.unwrap_or(1);
            quote!(default_increment(&__C.#ident, #start))
        }
        Default::Uuid => quote!(default_uuid(&__C.#ident)),
        Default::Now => quote!(default_now(&__C.#ident)),
        Default::Sql(_) => return None,
    };
    Some(check_at(span, &quote!(__db::check::#call)))
}

/// Table-level indexes: the fields of embedded structs exist, and the kinds fit.
fn index(index: &crate::check::Index) -> Vec<TokenStream> {
    let parts = index.parts.iter().filter_map(|part| match &part.on {
        On::Column(path) => Some((path, true)),
        On::Expression(_) => None,
    });
    parts
        .chain(index.include.iter().map(|path| (path, false)))
        .flat_map(|(path, is_part)| {
            let access = access(&quote!(__C), path);
            let exists = (path.0.len() > 1).then(|| quote!(const _: () = __db::check::is_column(&#access);));
            let table_level = index.is_table_level().then_some(path.span());
            let kind = match &index.kind {
                Kind::Fulltext if is_part => {
                    table_level.map(|span| check_at(span, &quote!(__db::check::fulltext(&#access))))
                }
                Kind::Geo if is_part => table_level.map(|span| check_at(span, &quote!(__db::check::geo(&#access)))),
                _ => None,
            };
            [exists, kind].into_iter().flatten()
        })
        .collect()
}

fn foreign_key(model: &Model, key: &ForeignKey) -> TokenStream {
    let target = &key.target;
    let pairs = key.columns.iter().zip(&key.target_columns).map(|(column, target_column)| {
        let column = access(&quote!(__C), column);
        let target_value = access(&quote!(<#target as __db::TableFacts>::COLUMNS), target_column);
        let same_type = respan(quote!(__db::check::same_type), target_column.span());
        quote_spanned!(target_column.span()=> #same_type(&#column, &#target_value);)
    });
    let names = super::texts(key.target_columns.iter().map(ColumnPath::text));
    let span = key.target_columns.last().map_or_else(Span::call_site, ColumnPath::span);
    let unique_target = respan(quote!(__db::check::unique_target), span);
    let facts = quote!(<#target as __db::TableFacts>::FACTS);
    let unique = quote_spanned!(span=> #unique_target(&#facts, #names););
    let set_null = key.set_null.filter(|_| model.place == Place::Table).map(|span| {
        let columns = key.columns.iter().map(|column| {
            let column = access(&quote!(__C), column);
            check_at(span, &quote!(__db::check::set_null(&#column)))
        });
        quote!(#(#columns)*)
    });
    quote!(const _: () = { #unique #(#pairs)* }; #set_null)
}

fn relation(model: &Model, field: &Field) -> Option<TokenStream> {
    let relation = field.attrs.relation.as_ref()?;
    let facts = |ty: TokenStream| quote!(&<#ty as __db::TableFacts>::FACTS);
    let (owner, target) = (facts(model.owner.clone()), facts(concrete(innermost(&field.written), &model.owner)));
    let (path, alias) = (model.path_of(field), option_tokens(relation.value.alias.as_ref()));
    let (check, arguments) = match &relation.value.way {
        Way::To => (quote!(rel_to), quote!(#owner, #target, #path, #alias)),
        Way::From => (quote!(rel_from), quote!(#owner, #target, #path, #alias)),
        Way::Via(junction) => {
            let junction = facts(concrete(junction.as_ref(), &model.owner));
            (quote!(rel_via), quote!(#owner, #target, #junction, #path))
        }
    };
    // The arguments keep their own spans, so that "not a table" is shown where the type is written.
    let check = respan(quote!(__db::check::#check), relation.span);
    Some(quote_spanned!(relation.span=> const _: () = #check(#arguments);))
}

/// `base.address.columns().city`, each name at the user's token.
fn access(base: &TokenStream, path: &ColumnPath) -> TokenStream {
    let mut tokens = base.clone();
    for (i, name) in path.0.iter().enumerate() {
        let step = if i == 0 { quote!(.#name) } else { quote!(.columns().#name) };
        tokens.extend(step);
    }
    tokens
}
