//! `vector(1536, similarity = cosine, threshold = 0.7, name = "…")`

use proc_macro2::TokenStream;
use syn::{Lit, LitStr};

use super::entry::{At, Entry, Shape, Slot, items, number, put, span_of};
use super::suggest::unknown;
use crate::context::Context;

/// What `vector` says.
#[derive(Debug, Clone, Default)]
pub(crate) struct Vector {
    pub(crate) dimensions: Slot<u32>,
    pub(crate) similarity: Slot<&'static str>,
    pub(crate) threshold: Slot<f64>,
    pub(crate) name: Slot<LitStr>,
}

/// Reads `vector`.
pub(super) fn vector(cx: &Context, entry: &Entry) -> Option<Vector> {
    let mut vector = Vector::default();
    let tokens = match &entry.shape {
        Shape::Word => return Some(vector),
        _ => entry.list(cx, "vector(1536, similarity = cosine)")?,
    };
    for (i, item) in items(tokens).into_iter().enumerate() {
        if i == 0 && syn::parse2::<Lit>(item.clone()).is_ok() {
            vector.dimensions = dimensions(cx, item);
            continue;
        }
        let Some(inner) = Entry::parse(cx, item) else {
            continue;
        };
        match inner.name.to_string().as_str() {
            "similarity" => {
                let value = inner.choice(cx, &["cosine", "euclidean", "dot_product"]);
                put(cx, &mut vector.similarity, &inner.name, value);
            }
            "threshold" => put(cx, &mut vector.threshold, &inner.name, threshold(cx, &inner)),
            "name" => put(cx, &mut vector.name, &inner.name, inner.string(cx, "name = \"content\"")),
            _ => unknown(cx, &inner.name, "part of `vector`", &["similarity", "threshold", "name"], &[]),
        }
    }
    Some(vector)
}

fn dimensions(cx: &Context, item: TokenStream) -> Slot<u32> {
    let span = span_of(&item);
    let value = number(cx, item, 1, u64::from(u32::MAX), "`vector`")?;
    Some(At { span, value: u32::try_from(value).ok()? })
}

fn threshold(cx: &Context, entry: &Entry) -> Option<f64> {
    let wrong = |tokens: &TokenStream| {
        cx.error_at(tokens, "a threshold is a number from 0 to 1: `threshold = 0.7`");
        None
    };
    let Shape::Value(tokens) = &entry.shape else {
        cx.error(entry.name.span(), "`threshold` needs a number from 0 to 1: `threshold = 0.7`");
        return None;
    };
    let value = match syn::parse2::<Lit>(tokens.clone()) {
        Ok(Lit::Float(number)) => number.base10_parse::<f64>().ok(),
        Ok(Lit::Int(number)) => number.base10_parse::<f64>().ok(),
        _ => None,
    };
    match value {
        Some(value) if (0.0..=1.0).contains(&value) => Some(value),
        _ => wrong(tokens),
    }
}
