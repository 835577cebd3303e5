//! Foreign keys: `fk = User::id`, `fk(User::id, alias = "author")`, and on the struct
//! `fk(columns(order_id, line) => OrderLine(order_id, line), on_delete = cascade)`.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use syn::{LitStr, Path};

use super::column_path::{ColumnPath, column_paths};
use super::entry::{Entry, Shape, Slot, items, path, put};
use super::suggest::unknown;
use crate::context::Context;

/// The words for what happens to the referencing row.
pub(super) const ACTIONS: &[&str] = &["cascade", "restrict", "set_null", "set_default", "no_action"];

/// What both forms may carry.
#[derive(Debug, Clone, Default)]
pub(crate) struct ForeignKeyOptions {
    pub(crate) alias: Slot<LitStr>,
    pub(crate) on_delete: Slot<&'static str>,
    pub(crate) on_update: Slot<&'static str>,
}

/// A foreign key of one column.
#[derive(Debug, Clone)]
pub(crate) struct ColumnForeignKey {
    /// `User`
    pub(crate) target: Path,
    /// `id`
    pub(crate) column: Ident,
    pub(crate) options: ForeignKeyOptions,
}

/// A foreign key of several columns, on the struct.
#[derive(Debug, Clone)]
pub(crate) struct TableForeignKey {
    pub(crate) span: Span,
    pub(crate) columns: Vec<ColumnPath>,
    pub(crate) target: Path,
    pub(crate) target_columns: Vec<ColumnPath>,
    pub(crate) options: ForeignKeyOptions,
}

/// Reads `fk` on a field.
pub(super) fn column_foreign_key(cx: &Context, entry: &Entry) -> Option<ColumnForeignKey> {
    match &entry.shape {
        Shape::Word => {
            cx.error(entry.name.span(), "`fk` needs the field that it refers to: `fk = User::id`");
            None
        }
        Shape::Value(tokens) => {
            let (target, column) = target(cx, &entry.name, tokens.clone())?;
            Some(ColumnForeignKey { target, column, options: ForeignKeyOptions::default() })
        }
        Shape::List(tokens) => {
            let mut items = items(tokens.clone()).into_iter();
            let Some(first) = items.next() else {
                cx.error(entry.name.span(), "`fk` needs the field that it refers to: `fk(User::id)`");
                return None;
            };
            if is_columns(&first) {
                cx.error(entry.name.span(), "a foreign key of several columns belongs on the struct");
                return None;
            }
            let target = target(cx, &entry.name, first);
            let options = options(cx, items);
            let (target, column) = target?;
            Some(ColumnForeignKey { target, column, options })
        }
    }
}

/// Reads `fk` on a struct.
pub(super) fn table_foreign_key(cx: &Context, entry: &Entry) -> Option<TableForeignKey> {
    const EXAMPLE: &str = "fk(columns(order_id, line) => OrderLine(order_id, line))";
    let Shape::List(tokens) = &entry.shape else {
        cx.error(entry.name.span(), format!("on a struct a foreign key is written `{EXAMPLE}`"));
        return None;
    };
    let mut items = items(tokens.clone()).into_iter();
    let Some(pair) = items.next().filter(is_columns).and_then(Pair::parse) else {
        cx.error_at(tokens, format!("on a struct a foreign key is written `{EXAMPLE}`"));
        return None;
    };
    let columns = column_paths(cx, entry.name.span(), pair.columns);
    let target = path(cx, &entry.name, pair.target, EXAMPLE);
    let target_columns = column_paths(cx, entry.name.span(), pair.target_columns);
    let options = options(cx, items);
    Some(TableForeignKey {
        span: entry.name.span(),
        columns: columns?,
        target: target?,
        target_columns: target_columns?,
        options,
    })
}

/// `columns(a, b) => T(a, b)` in its three parts.
struct Pair {
    columns: TokenStream,
    target: TokenStream,
    target_columns: TokenStream,
}

impl Pair {
    fn parse(item: TokenStream) -> Option<Self> {
        let trees: Vec<TokenTree> = item.into_iter().collect();
        match &trees[..] {
            [
                TokenTree::Ident(_),
                TokenTree::Group(columns),
                TokenTree::Punct(eq),
                TokenTree::Punct(gt),
                target @ ..,
                TokenTree::Group(group),
            ] if eq.as_char() == '='
                && gt.as_char() == '>'
                && !target.is_empty()
                && group.delimiter() == Delimiter::Parenthesis =>
            {
                Some(Self {
                    columns: columns.stream(),
                    target: target.iter().cloned().collect(),
                    target_columns: group.stream(),
                })
            }
            _ => None,
        }
    }
}

fn is_columns(item: &TokenStream) -> bool {
    let mut trees = item.clone().into_iter();
    matches!(trees.next(), Some(TokenTree::Ident(name)) if name == "columns")
        && matches!(trees.next(), Some(TokenTree::Group(_)))
}

/// Splits `User::id` into `User` and `id`.
fn target(cx: &Context, name: &Ident, tokens: TokenStream) -> Option<(Path, Ident)> {
    if let Ok(text) = syn::parse2::<LitStr>(tokens.clone()) {
        let example = right_form(&text.value());
        cx.error_at(text, format!("`{name}` takes a path to a Rust field, not a string: `{name} = {example}`"));
        return None;
    }
    let mut path = path(cx, name, tokens.clone(), "fk = User::id")?;
    let column = path.segments.pop().map(|segment| segment.ident);
    path.segments.pop_punct();
    match column {
        Some(column) if !path.segments.is_empty() => Some((path, column)),
        _ => {
            cx.error_at(tokens, format!("`{name}` needs the type and the field: `{name} = User::id`"));
            None
        }
    }
}

/// `"User.id"` as it should have been written, when that can be told.
fn right_form(text: &str) -> String {
    let path = text.replace("::", ".").replace('.', "::");
    match syn::parse_str::<Path>(&path) {
        Ok(parsed) if parsed.segments.len() >= 2 => path,
        _ => "User::id".to_owned(),
    }
}

fn options(cx: &Context, items: impl Iterator<Item = TokenStream>) -> ForeignKeyOptions {
    let mut options = ForeignKeyOptions::default();
    for item in items {
        let Some(inner) = Entry::parse(cx, item) else {
            continue;
        };
        match inner.name.to_string().as_str() {
            "alias" => put(cx, &mut options.alias, &inner.name, inner.string(cx, "alias = \"author\"")),
            "on_delete" => put(cx, &mut options.on_delete, &inner.name, inner.choice(cx, ACTIONS)),
            "on_update" => put(cx, &mut options.on_update, &inner.name, inner.choice(cx, ACTIONS)),
            _ => unknown(cx, &inner.name, "part of `fk`", &["alias", "on_delete", "on_update"], &[]),
        }
    }
    options
}
