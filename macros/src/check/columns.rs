//! Rules about the columns of one struct together.

use std::collections::{BTreeMap, BTreeSet};

use syn::LitStr;

use super::{Field, FieldKind, Model};
use crate::context::Context;
use crate::parse::{Place, Slot};

/// Checks names, and what may stand on one column only.
pub(super) fn check(cx: &Context, model: &Model) {
    if !model.fields.iter().any(|field| matches!(field.kind, FieldKind::Column | FieldKind::Embed)) {
        let what = if model.place == Place::Table { "table" } else { "struct to embed" };
        let message = format!("a {what} needs at least one column, and `{}` has none", model.rust_name());
        cx.error(model.ident.span(), message);
    }
    names(cx, model);
    once(cx, model, "`version`", |field| field.attrs.version.as_ref().map(|version| version.span));
}

fn names(cx: &Context, model: &Model) {
    let mut seen: BTreeMap<String, &Field> = BTreeMap::new();
    for field in model.fields.iter().filter(|field| matches!(field.kind, FieldKind::Column | FieldKind::Embed)) {
        let span = field.attrs.column.as_ref().map_or_else(|| field.ident.span(), |column| column.value.span());
        if let Some(other) = seen.get(&field.column) {
            cx.error(span, format!("two columns are named \"{}\": this field and `{}`", other.column, other.name));
        }
        seen.entry(field.column.clone()).or_insert(field);
        renamed(cx, "column", &field.column, &field.attrs.renamed);
    }
}

/// Earlier names are different from the present one and from each other.
pub(super) fn renamed(cx: &Context, what: &str, name: &str, renamed: &Slot<Vec<LitStr>>) {
    let mut seen = BTreeSet::new();
    for old in renamed.iter().flat_map(|renamed| &renamed.value) {
        if old.value() == name {
            cx.error(old.span(), format!("\"{name}\" is the {what}'s present name; `renamed` takes earlier ones"));
        } else if !seen.insert(old.value()) {
            cx.error(old.span(), format!("\"{}\" is given twice", old.value()));
        }
    }
}

fn once(cx: &Context, model: &Model, what: &str, find: impl Fn(&Field) -> Option<proc_macro2::Span>) {
    let mut found = model.fields.iter().filter_map(|field| Some((field, find(field)?)));
    if let Some((first, _)) = found.next() {
        for (_, span) in found {
            cx.error(span, format!("a table has one {what}, and `{}` has it already", model.path_of(first)));
        }
    }
}
