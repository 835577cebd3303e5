//! The entries of an attribute list: `name`, `name = value`, `name(list)`; and how their values are read.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Attribute, LitInt, LitStr, Meta, Path};

use super::suggest::{closest, list};
use crate::context::Context;

/// A value and the token that errors about it point at.
#[derive(Debug, Clone)]
pub(crate) struct At<T> {
    pub(crate) span: Span,
    pub(crate) value: T,
}

/// An attribute that may be given once.
pub(crate) type Slot<T> = Option<At<T>>;

/// Fills a slot; a second time is an error at the second token.
pub(super) fn put<T>(cx: &Context, slot: &mut Slot<T>, name: &Ident, value: Option<T>) {
    if slot.is_some() {
        cx.error(name.span(), format!("`{name}` is given twice"));
    } else if let Some(value) = value {
        *slot = Some(At { span: name.span(), value });
    }
}

/// One entry of a list.
pub(super) struct Entry {
    pub(super) name: Ident,
    pub(super) shape: Shape,
}

/// What follows the name.
pub(super) enum Shape {
    Word,
    Value(TokenStream),
    List(TokenStream),
}

/// All entries of the `#[db(...)]` attributes.
pub(super) fn entries(cx: &Context, attrs: &[Attribute]) -> Vec<Entry> {
    let mut entries = Vec::new();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("db")) {
        match &attr.meta {
            Meta::List(list) => entries.extend(parse_list(cx, list.tokens.clone())),
            _ => cx.error_at(attr, "write the attributes in parentheses: `#[db(...)]`"),
        }
    }
    entries
}

/// The entries of one list.
pub(super) fn parse_list(cx: &Context, tokens: TokenStream) -> Vec<Entry> {
    items(tokens).into_iter().filter_map(|item| Entry::parse(cx, item)).collect()
}

/// Splits a list at its commas.
pub(super) fn items(tokens: TokenStream) -> Vec<TokenStream> {
    let mut items = Vec::new();
    let mut item = Vec::new();
    for tree in tokens {
        match tree {
            TokenTree::Punct(punct) if punct.as_char() == ',' => {
                items.push(item.drain(..).collect::<TokenStream>());
            }
            tree => item.push(tree),
        }
    }
    items.push(item.into_iter().collect());
    items.retain(|item| !item.is_empty());
    items
}

impl Entry {
    /// Reads one item.
    pub(super) fn parse(cx: &Context, item: TokenStream) -> Option<Self> {
        let mut trees = item.clone().into_iter();
        let Some(TokenTree::Ident(name)) = trees.next() else {
            cx.error_at(item, "expected the name of an attribute");
            return None;
        };
        let shape = match trees.next() {
            None => Shape::Word,
            Some(TokenTree::Punct(punct)) if punct.as_char() == '=' => {
                let value: TokenStream = trees.by_ref().collect();
                if value.is_empty() {
                    cx.error(name.span(), format!("a value is missing after `{name} =`"));
                    return None;
                }
                Shape::Value(value)
            }
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => Shape::List(group.stream()),
            Some(other) => {
                cx.error_at(other, format!("expected `=`, `(` or `,` after `{name}`"));
                return None;
            }
        };
        if let Some(rest) = trees.next() {
            cx.error_at(rest, "expected `,`");
            return None;
        }
        Some(Self { name, shape })
    }

    fn wrong<T>(&self, cx: &Context, message: impl std::fmt::Display) -> Option<T> {
        match &self.shape {
            Shape::Word => cx.error(self.name.span(), message),
            Shape::Value(tokens) | Shape::List(tokens) if !tokens.is_empty() => cx.error_at(tokens, message),
            _ => cx.error(self.name.span(), message),
        }
        None
    }

    /// An entry without a value.
    pub(super) fn word(&self, cx: &Context) -> Option<()> {
        match self.shape {
            Shape::Word => Some(()),
            _ => self.wrong(cx, format!("`{}` takes no value", self.name)),
        }
    }

    /// The tokens of the list.
    pub(super) fn list(&self, cx: &Context, example: &str) -> Option<TokenStream> {
        match &self.shape {
            Shape::List(tokens) => Some(tokens.clone()),
            _ => self.wrong(cx, format!("`{}` is written `{example}`", self.name)),
        }
    }

    /// A string: a database name or SQL.
    pub(super) fn string(&self, cx: &Context, example: &str) -> Option<LitStr> {
        match &self.shape {
            Shape::Value(tokens) => string(cx, tokens.clone(), example),
            _ => self.wrong(cx, format!("`{}` needs a string: `{example}`", self.name)),
        }
    }

    /// One string or several: `= "a"` or `("a", "b")`.
    pub(super) fn strings(&self, cx: &Context, example: &str) -> Option<Vec<LitStr>> {
        match &self.shape {
            Shape::Value(_) => Some(vec![self.string(cx, example)?]),
            Shape::List(tokens) if !tokens.is_empty() => {
                items(tokens.clone()).into_iter().map(|item| string(cx, item, example)).collect()
            }
            _ => self.wrong(cx, format!("`{}` needs a string: `{example}`", self.name)),
        }
    }

    /// One word of a set.
    pub(super) fn choice(&self, cx: &Context, allowed: &[&'static str]) -> Option<&'static str> {
        let form = || format!("`{} = {}`", self.name, allowed.first().unwrap_or(&"…"));
        let Shape::Value(tokens) = &self.shape else {
            return self.wrong(cx, format!("`{}` needs a value, as {}: {}", self.name, form(), list(allowed)));
        };
        if let Ok(text) = syn::parse2::<LitStr>(tokens.clone()) {
            let value = text.value();
            let right = closest(&value.to_lowercase().replace([' ', '-'], "_"), allowed.iter().copied());
            let form = right.map_or_else(form, |right| format!("`{} = {right}`", self.name));
            return self.wrong(cx, format!("`{}` takes a word, not a string: {form}", self.name));
        }
        let Ok(word) = syn::parse2::<Ident>(tokens.clone()) else {
            return self.wrong(cx, format!("expected {}", list(allowed)));
        };
        let text = word.to_string();
        if let Some(found) = allowed.iter().find(|name| **name == text) {
            return Some(found);
        }
        let near = closest(&text, allowed.iter().copied());
        let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        self.wrong(cx, format!("unknown value `{text}` for `{}`{hint} (expected {})", self.name, list(allowed)))
    }

    /// A path to something in Rust.
    pub(super) fn path(&self, cx: &Context, example: &str) -> Option<Path> {
        match &self.shape {
            Shape::Value(tokens) => path(cx, &self.name, tokens.clone(), example),
            _ => self.wrong(cx, format!("`{}` needs a path: `{example}`", self.name)),
        }
    }

    /// An identifier of something in Rust.
    pub(super) fn ident(&self, cx: &Context, example: &str) -> Option<Ident> {
        let Shape::Value(tokens) = &self.shape else {
            return self.wrong(cx, format!("`{}` needs a name: `{example}`", self.name));
        };
        if syn::parse2::<LitStr>(tokens.clone()).is_ok() {
            return self.wrong(cx, format!("`{}` names a Rust field, not a string: `{example}`", self.name));
        }
        match syn::parse::Parser::parse2(Ident::parse_any, tokens.clone()) {
            Ok(ident) => Some(ident),
            Err(_) => self.wrong(cx, format!("`{}` names one field: `{example}`", self.name)),
        }
    }

    /// A whole number of at least `min`.
    pub(super) fn number(&self, cx: &Context, min: u64, max: u64, example: &str) -> Option<u64> {
        match &self.shape {
            Shape::Value(tokens) => number(cx, tokens.clone(), min, max, &format!("`{}`", self.name)),
            _ => self.wrong(cx, format!("`{}` needs a number: `{example}`", self.name)),
        }
    }
}

impl Entry {
    /// A whole number, which may be negative.
    pub(super) fn signed(&self, cx: &Context, example: &str) -> Option<i64> {
        let Shape::Value(tokens) = &self.shape else {
            return self.wrong(cx, format!("`{}` needs a number: `{example}`", self.name));
        };
        let mut trees = tokens.clone().into_iter().peekable();
        let negative = matches!(trees.peek(), Some(TokenTree::Punct(punct)) if punct.as_char() == '-');
        let unsigned: TokenStream = trees.skip(usize::from(negative)).collect();
        let number = syn::parse2::<LitInt>(unsigned).ok().and_then(|literal| literal.base10_parse::<i128>().ok());
        let number = number.and_then(|number| i64::try_from(if negative { -number } else { number }).ok());
        if number.is_none() {
            cx.error_at(tokens, format!("`{}` takes a whole number: `{example}`", self.name));
        }
        number
    }
}

/// Reads a string that is neither empty nor has a NUL.
pub(super) fn string(cx: &Context, tokens: TokenStream, example: &str) -> Option<LitStr> {
    let Ok(text) = syn::parse2::<LitStr>(tokens.clone()) else {
        cx.error_at(tokens, format!("what is in the database is written as a string: `{example}`"));
        return None;
    };
    let value = text.value();
    if value.trim().is_empty() {
        cx.error_at(text, "this must not be empty");
        return None;
    }
    if value.contains('\0') {
        cx.error_at(text, "this must not contain a NUL character");
        return None;
    }
    Some(text)
}

/// Reads a path, and says so when a string is given instead.
pub(super) fn path(cx: &Context, name: &Ident, tokens: TokenStream, example: &str) -> Option<Path> {
    if syn::parse2::<LitStr>(tokens.clone()).is_ok() {
        cx.error_at(tokens, format!("`{name}` takes a Rust path, not a string: `{example}`"));
        return None;
    }
    match syn::parse::Parser::parse2(Path::parse_mod_style, tokens.clone()) {
        Ok(path) => Some(path),
        Err(_) => {
            cx.error_at(tokens, format!("`{name}` takes a Rust path: `{example}`"));
            None
        }
    }
}

/// Reads a whole number from `min` to `max`.
pub(super) fn number(cx: &Context, tokens: TokenStream, min: u64, max: u64, what: &str) -> Option<u64> {
    match syn::parse2::<LitInt>(tokens.clone()).ok().and_then(|literal| literal.base10_parse().ok()) {
        Some(number) if (min..=max).contains(&number) => Some(number),
        _ => {
            let range = match max {
                u64::MAX => format!("of at least {min}"),
                _ => format!("from {min} to {max}"),
            };
            cx.error_at(tokens, format!("{what} takes a whole number {range}"));
            None
        }
    }
}

/// The tokens' first span, for errors about the whole of them.
pub(super) fn span_of(tokens: &impl ToTokens) -> Span {
    tokens.to_token_stream().into_iter().next().map_or_else(Span::call_site, |tree| tree.span())
}
