//! Indexes: `index`, `index(unique, name = "…")` and the like on a field; `index(columns(…), …)` on the struct.

use proc_macro2::{Span, TokenStream};
use syn::parse::{Parse, ParseStream};
use syn::{Ident, LitStr};

use super::column_path::{ColumnPath, column_paths};
use super::entry::{At, Entry, Shape, Slot, parse_list, put};
use super::suggest::unknown;
use crate::context::Context;

/// The kind of an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IndexKind {
    Plain,
    Unique,
    Fulltext,
    Geo,
}

impl IndexKind {
    /// The word in messages.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Unique => "unique",
            Self::Fulltext => "fulltext",
            Self::Geo => "geo",
        }
    }
}

/// An index on a field.
#[derive(Debug, Clone)]
pub(crate) struct ColumnIndex {
    pub(crate) span: Span,
    pub(crate) kind: IndexKind,
    pub(crate) nulls_not_distinct: bool,
    pub(crate) name: Slot<LitStr>,
    pub(crate) descending: bool,
    pub(crate) weight: Option<u32>,
    pub(crate) language: Slot<LitStr>,
}

impl ColumnIndex {
    /// `unique`, and `index` without a list.
    pub(super) fn short(span: Span, kind: IndexKind) -> Self {
        Self { span, kind, nulls_not_distinct: false, name: None, descending: false, weight: None, language: None }
    }
}

/// An index on the struct.
#[derive(Debug, Clone)]
pub(crate) struct TableIndex {
    pub(crate) span: Span,
    pub(crate) kind: IndexKind,
    pub(crate) nulls_not_distinct: bool,
    pub(crate) parts: Vec<IndexPart>,
    pub(crate) name: Slot<LitStr>,
    pub(crate) predicate: Slot<LitStr>,
    pub(crate) include: Slot<Vec<ColumnPath>>,
    pub(crate) language: Slot<LitStr>,
}

/// One part of a table-level index.
#[derive(Debug, Clone)]
pub(crate) struct IndexPart {
    pub(crate) on: IndexOn,
    pub(crate) descending: bool,
}

/// A column or an SQL expression.
#[derive(Debug, Clone)]
pub(crate) enum IndexOn {
    Column(ColumnPath),
    Expression(LitStr),
}

impl Parse for IndexPart {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let on = if input.peek(LitStr) {
            let sql: LitStr = input.parse()?;
            if sql.value().trim().is_empty() {
                return Err(syn::Error::new_spanned(sql, "this must not be empty"));
            }
            IndexOn::Expression(sql)
        } else {
            IndexOn::Column(input.parse()?)
        };
        let descending = match input.parse::<Option<Ident>>()? {
            None => false,
            Some(word) if word == "desc" => true,
            Some(word) if word == "asc" => false,
            Some(word) => {
                return Err(syn::Error::new_spanned(word, "expected `asc`, `desc` or `,`"));
            }
        };
        if !input.is_empty() {
            return Err(input.error("expected `,`"));
        }
        Ok(Self { on, descending })
    }
}

/// The words `unique`, `fulltext` and `geo` of a list, of which one may stand.
#[derive(Default)]
struct KindWord(Option<(Ident, IndexKind)>);

impl KindWord {
    fn put(&mut self, cx: &Context, entry: &Entry, kind: IndexKind) {
        if entry.word(cx).is_none() {
            return;
        }
        match &self.0 {
            Some((first, _)) if *first == entry.name => {
                cx.error(entry.name.span(), format!("`{first}` is given twice"));
            }
            Some((first, _)) => {
                cx.error(
                    entry.name.span(),
                    format!("`{}` cannot stand with `{first}`: an index has one kind", entry.name),
                );
            }
            None => self.0 = Some((entry.name.clone(), kind)),
        }
    }

    fn kind(&self) -> IndexKind {
        self.0.as_ref().map_or(IndexKind::Plain, |(_, kind)| *kind)
    }
}

/// Whether the word stands there, which is for unique indexes.
fn nulls_not_distinct(cx: &Context, word: Slot<()>, kind: IndexKind) -> bool {
    let Some(word) = word else { return false };
    if kind != IndexKind::Unique {
        cx.error(
            word.span,
            "`nulls_not_distinct` is for unique indexes: `index(unique, nulls_not_distinct)` takes NULLs as equal",
        );
    }
    true
}

/// How a language is given.
const LANGUAGE: &str = "language = \"english\"";

/// Only a full-text index has a language.
fn language_of_fulltext(cx: &Context, language: Option<&At<LitStr>>, kind: IndexKind) {
    if let Some(language) = language.filter(|_| kind != IndexKind::Fulltext) {
        cx.error(language.span, "`language` is for full-text indexes: `index(fulltext, language = \"english\")`");
    }
}

/// Reads `index` on a field.
pub(super) fn column_index(cx: &Context, entry: &Entry) -> Option<ColumnIndex> {
    let mut index = ColumnIndex::short(entry.name.span(), IndexKind::Plain);
    let tokens = match &entry.shape {
        Shape::Word => return Some(index),
        _ => entry.list(cx, "index` or `index(unique, name = \"…\")")?,
    };
    let mut kind = KindWord::default();
    let (mut order, mut weight, mut nulls): (Slot<&str>, Slot<u64>, Slot<()>) = (None, None, None);
    for inner in parse_list(cx, tokens) {
        match inner.name.to_string().as_str() {
            "unique" => kind.put(cx, &inner, IndexKind::Unique),
            "fulltext" => kind.put(cx, &inner, IndexKind::Fulltext),
            "geo" => kind.put(cx, &inner, IndexKind::Geo),
            "nulls_not_distinct" => put(cx, &mut nulls, &inner.name, inner.word(cx)),
            "name" => put(cx, &mut index.name, &inner.name, inner.string(cx, "name = \"by_email\"")),
            "order" => put(cx, &mut order, &inner.name, inner.choice(cx, &["asc", "desc"])),
            "language" => put(cx, &mut index.language, &inner.name, inner.string(cx, LANGUAGE)),
            "weight" => put(cx, &mut weight, &inner.name, inner.number(cx, 1, 1000, "weight = 10")),
            _ => unknown(
                cx,
                &inner.name,
                "part of `index`",
                &["unique", "fulltext", "geo", "nulls_not_distinct", "name", "order", "weight", "language"],
                &[(&["columns", "where", "include", "expression"], "the struct, as `#[db(index(columns(…), …))]`")],
            ),
        }
    }
    index.kind = kind.kind();
    index.nulls_not_distinct = nulls_not_distinct(cx, nulls, index.kind);
    index.descending = order.as_ref().is_some_and(|order| order.value == "desc");
    index.weight = weight.as_ref().and_then(|weight| u32::try_from(weight.value).ok());
    if let Some(order) = order.filter(|_| matches!(index.kind, IndexKind::Fulltext | IndexKind::Geo)) {
        cx.error(order.span, format!("a {} index has no order", index.kind.word()));
    }
    language_of_fulltext(cx, index.language.as_ref(), index.kind);
    if let Some(weight) = weight.filter(|_| index.kind != IndexKind::Fulltext) {
        cx.error(weight.span, "`weight` is for full-text indexes: `index(fulltext, weight = 10)`");
    }
    Some(index)
}

/// Reads `index` on a struct.
pub(super) fn table_index(cx: &Context, entry: &Entry) -> Option<TableIndex> {
    let tokens = entry.list(cx, "index(columns(tenant_id, created_at desc))")?;
    let mut kind = KindWord::default();
    let (mut name, mut predicate, mut include, mut parts, mut nulls) = (None, None, None, None, None);
    let mut language: Slot<LitStr> = None;
    let mut named = false;
    for inner in parse_list(cx, tokens) {
        named |= inner.name == "columns" || inner.name == "expression";
        match inner.name.to_string().as_str() {
            "columns" => put(cx, &mut parts, &inner.name, index_parts(cx, &inner)),
            "expression" => {
                let sql = inner.string(cx, "expression = \"lower(email)\"");
                let part = sql.map(|sql| vec![IndexPart { on: IndexOn::Expression(sql), descending: false }]);
                put(cx, &mut parts, &inner.name, part);
            }
            "unique" => kind.put(cx, &inner, IndexKind::Unique),
            "fulltext" => kind.put(cx, &inner, IndexKind::Fulltext),
            "geo" => kind.put(cx, &inner, IndexKind::Geo),
            "nulls_not_distinct" => put(cx, &mut nulls, &inner.name, inner.word(cx)),
            "name" => put(cx, &mut name, &inner.name, inner.string(cx, "name = \"by_tenant\"")),
            "language" => put(cx, &mut language, &inner.name, inner.string(cx, LANGUAGE)),
            "where" => put(cx, &mut predicate, &inner.name, inner.string(cx, "where = \"deleted = 0\"")),
            "include" => {
                let columns =
                    inner.list(cx, "include(title)").and_then(|tokens| column_paths(cx, inner.name.span(), tokens));
                put(cx, &mut include, &inner.name, columns);
            }
            _ => unknown(
                cx,
                &inner.name,
                "part of `index`",
                &[
                    "columns",
                    "expression",
                    "unique",
                    "fulltext",
                    "geo",
                    "nulls_not_distinct",
                    "name",
                    "where",
                    "include",
                    "language",
                ],
                &[(
                    &["order", "weight"],
                    "a field; in `columns(…)` the order is written after the field: `created_at desc`",
                )],
            ),
        }
    }
    if !named {
        cx.error(
            entry.name.span(),
            "an index on a struct names its fields: `index(columns(tenant_id, created_at desc))`",
        );
    }
    let kind = kind.kind();
    let nulls_not_distinct = nulls_not_distinct(cx, nulls, kind);
    language_of_fulltext(cx, language.as_ref(), kind);
    let parts = parts?.value;
    Some(TableIndex { span: entry.name.span(), kind, nulls_not_distinct, parts, name, predicate, include, language })
}

fn index_parts(cx: &Context, entry: &Entry) -> Option<Vec<IndexPart>> {
    let tokens: TokenStream = entry.list(cx, "columns(tenant_id, created_at desc)")?;
    let items = super::entry::items(tokens);
    if items.is_empty() {
        cx.error(entry.name.span(), "name at least one field");
        return None;
    }
    items.into_iter().map(|item| cx.ok(syn::parse2(item))).collect()
}
