//! The attributes that say how a field is read: those of all the derives, and those of sqlx. What is wrong with them, the other derives say.

use syn::{Attribute, LitStr};

use super::entry::{Entry, Shape, entries, parse_list};
use crate::context::Context;

/// How a field is read from a row.
#[derive(Debug, Default)]
pub(crate) struct RowAttrs {
    /// The physical name, where it is not the field's.
    pub(crate) column: Option<String>,
    /// Several columns: what their names begin with, where it is not the name and `__`.
    pub(crate) embed: Option<Option<String>>,
    /// As JSON.
    pub(crate) json: bool,
    /// It has no column.
    pub(crate) skip: bool,
}

impl RowAttrs {
    /// Reads the attributes of a field.
    pub(crate) fn parse(attrs: &[Attribute]) -> Self {
        let quiet = Context::new();
        let mut this = Self::default();
        for entry in entries(&quiet, attrs) {
            match entry.name.to_string().as_str() {
                "column" => this.column = entry.string(&quiet, "").map(|text| text.value()),
                "embed" => this.embed = Some(prefix(&quiet, &entry).map(|text| text.value())),
                "json" => this.json = true,
                "skip" | "rel" => this.skip = true,
                _ => {}
            }
        }
        let _ = quiet.finish();
        this
    }
}

/// `embed(prefix = "home_")`; `None` of the word alone.
pub(super) fn prefix(cx: &Context, entry: &Entry) -> Option<LitStr> {
    let Shape::List(tokens) = &entry.shape else { return None };
    let mut prefix = None;
    for inner in parse_list(cx, tokens.clone()) {
        if inner.name == "prefix" {
            // It may be empty: the columns of the embedded struct by their own names.
            prefix = match &inner.shape {
                Shape::Value(tokens) => cx.ok(syn::parse2(tokens.clone())),
                _ => {
                    cx.error(inner.name.span(), "`prefix` needs a string: `embed(prefix = \"home_\")`");
                    None
                }
            };
        } else {
            super::suggest::unknown(cx, &inner.name, "part of `embed`", &["prefix"], &[]);
        }
    }
    prefix
}

/// The string of `#[sqlx(name = "…")]`. What sqlx does not understand is sqlx's to report.
pub(crate) fn sqlx(attrs: &[Attribute], name: &str) -> Option<LitStr> {
    let quiet = Context::new();
    let found = sqlx_entries(&quiet, attrs).find_map(|entry| (entry.name == name).then(|| entry.string(&quiet, ""))?);
    let _ = quiet.finish();
    found
}

/// The token of `#[sqlx(name)]`.
pub(crate) fn sqlx_word(attrs: &[Attribute], name: &str) -> Option<proc_macro2::Ident> {
    let quiet = Context::new();
    let found = sqlx_entries(&quiet, attrs).find_map(|entry| (entry.name == name).then_some(entry.name));
    let _ = quiet.finish();
    found
}

fn sqlx_entries(quiet: &Context, attrs: &[Attribute]) -> impl Iterator<Item = Entry> {
    let lists = attrs.iter().filter(|attr| attr.path().is_ident("sqlx")).filter_map(|attr| match &attr.meta {
        syn::Meta::List(list) => Some(list.tokens.clone()),
        _ => None,
    });
    lists.flat_map(|tokens| parse_list(quiet, tokens)).collect::<Vec<_>>().into_iter()
}
