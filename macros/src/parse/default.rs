//! `default = …`, `default(…)` and `generated(…)`.

use proc_macro2::{Ident, TokenStream};
use syn::{Lit, LitFloat, LitInt};

use super::entry::{At, Entry, Shape, Slot, parse_list, put, span_of};
use super::suggest::unknown;
use crate::context::Context;

/// A default value; the span around it is the value's.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Default {
    Bool(bool),
    Int(i128),
    Float(f64),
    Text(String),
    Increment(Increment),
    Uuid,
    Now,
    Sql(String),
}

impl Default {
    /// Whether it is a literal.
    pub(crate) fn is_literal(&self) -> bool {
        matches!(self, Self::Bool(_) | Self::Int(_) | Self::Float(_) | Self::Text(_))
    }
}

/// `default(increment)`, and how it counts where that is said.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Increment {
    pub(crate) form: Form,
    pub(crate) start: Option<i64>,
    pub(crate) step: Option<i64>,
    pub(crate) min: Option<i64>,
    pub(crate) max: Option<i64>,
    pub(crate) cache: Option<i64>,
    pub(crate) cycle: bool,
}

/// What makes the numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Form {
    #[default]
    ByDefault,
    Always,
    Serial,
}

/// `generated(sql = "…", stored)`
#[derive(Debug, Clone)]
pub(crate) struct Generated {
    pub(crate) sql: String,
    pub(crate) stored: bool,
}

const KINDS: &[&str] = &["increment", "uuid", "now", "sql"];

/// Reads `default`.
pub(super) fn default(cx: &Context, entry: &Entry) -> Option<At<Default>> {
    match &entry.shape {
        Shape::Value(tokens) => literal(cx, tokens.clone()),
        Shape::List(tokens) => {
            if let Ok(literal) = syn::parse2::<Lit>(tokens.clone()) {
                cx.error_at(literal, "a literal default is written `default = …`");
                return None;
            }
            let entries = parse_list(cx, tokens.clone());
            match &entries[..] {
                [] => {
                    cx.error(entry.name.span(), format!("expected {}", super::suggest::list(KINDS)));
                    None
                }
                [one] => computed(cx, one),
                [_, second, ..] => {
                    cx.error(second.name.span(), "a column has one default");
                    None
                }
            }
        }
        Shape::Word => {
            cx.error(
                entry.name.span(),
                "`default` needs a value: `default = 0`, `default(now)`, `default(sql = \"…\")`",
            );
            None
        }
    }
}

fn literal(cx: &Context, tokens: TokenStream) -> Option<At<Default>> {
    let span = span_of(&tokens);
    if let Ok(word) = syn::parse2::<Ident>(tokens.clone())
        && KINDS.contains(&word.to_string().as_str())
    {
        let form = if word == "sql" { "sql = \"…\"".to_owned() } else { word.to_string() };
        cx.error_at(word, format!("this is written `default({form})`"));
        return None;
    }
    let mut trees = tokens.clone().into_iter();
    let negative = matches!(trees.next(), Some(proc_macro2::TokenTree::Punct(p)) if p.as_char() == '-');
    let unsigned = if negative { trees.collect() } else { tokens.clone() };
    let value = match syn::parse2::<Lit>(unsigned) {
        Ok(Lit::Int(int)) => integer(cx, &int, negative)?,
        Ok(Lit::Float(number)) => float(cx, &number, negative)?,
        Ok(Lit::Str(text)) if !negative => text_default(cx, &text)?,
        Ok(Lit::Char(letter)) if !negative => Default::Text(letter.value().to_string()),
        Ok(Lit::Bool(truth)) if !negative => Default::Bool(truth.value),
        _ => {
            cx.error_at(
                tokens,
                "a default is a literal (text, number, `true`, `false`), `default(increment)`, `default(uuid)`, \
                 `default(now)` or `default(sql = \"…\")`",
            );
            return None;
        }
    };
    Some(At { span, value })
}

/// A whole number.
pub(super) fn integer(cx: &Context, int: &LitInt, negative: bool) -> Option<Default> {
    match int.base10_parse::<i128>() {
        Ok(value) => Some(Default::Int(if negative { -value } else { value })),
        Err(_) => {
            cx.error_at(int, "this integer is too large for any column");
            None
        }
    }
}

/// A number.
pub(super) fn float(cx: &Context, number: &LitFloat, negative: bool) -> Option<Default> {
    match number.base10_parse::<f64>() {
        Ok(value) if value.is_finite() => Some(Default::Float(if negative { -value } else { value })),
        _ => {
            cx.error_at(number, "this number is too large for any column");
            None
        }
    }
}

fn text_default(cx: &Context, text: &syn::LitStr) -> Option<Default> {
    if text.value().contains('\0') {
        cx.error_at(text, "a default must not contain a NUL character");
        return None;
    }
    Some(Default::Text(text.value()))
}

fn computed(cx: &Context, entry: &Entry) -> Option<At<Default>> {
    let value = match entry.name.to_string().as_str() {
        "increment" => Default::Increment(increment(cx, entry)?),
        "uuid" => entry.word(cx).map(|()| Default::Uuid)?,
        "now" => entry.word(cx).map(|()| Default::Now)?,
        "sql" => Default::Sql(entry.string(cx, "default(sql = \"lower('A')\")")?.value()),
        _ => {
            unknown(cx, &entry.name, "default", KINDS, &[]);
            return None;
        }
    };
    Some(At { span: entry.name.span(), value })
}

/// `increment`, `increment = 1000`, `increment(serial, start = 1000, step = 5)`
fn increment(cx: &Context, entry: &Entry) -> Option<Increment> {
    let tokens = match &entry.shape {
        Shape::Word => return Some(Increment::default()),
        Shape::Value(_) => {
            let start = entry.signed(cx, "default(increment = 1000)")?;
            return Some(Increment { start: Some(start), ..Increment::default() });
        }
        Shape::List(tokens) => tokens.clone(),
    };
    let (mut form, mut cycle): (Slot<Form>, Slot<()>) = (None, None);
    let mut numbers: [Slot<i64>; 5] = [const { None }; 5];
    const NUMBERS: [&str; 5] = ["start", "step", "min", "max", "cache"];
    for inner in parse_list(cx, tokens) {
        let name = inner.name.to_string();
        if let Some(at) = NUMBERS.iter().position(|number| *number == name) {
            let value = inner.signed(cx, &format!("{name} = 5"));
            let value = value.filter(|value| {
                let zero = *value == 0 && matches!(name.as_str(), "step" | "cache");
                if zero {
                    cx.error(inner.name.span(), format!("`{name}` must not be 0"));
                }
                !zero
            });
            put(cx, &mut numbers[at], &inner.name, value);
            continue;
        }
        match name.as_str() {
            "serial" => put(cx, &mut form, &inner.name, inner.word(cx).map(|()| Form::Serial)),
            "always" => put(cx, &mut form, &inner.name, inner.word(cx).map(|()| Form::Always)),
            "by_default" => put(cx, &mut form, &inner.name, inner.word(cx).map(|()| Form::ByDefault)),
            "cycle" => put(cx, &mut cycle, &inner.name, inner.word(cx)),
            _ => {
                let parts = ["serial", "always", "by_default", "start", "step", "min", "max", "cache", "cycle"];
                unknown(cx, &inner.name, "part of `increment`", &parts, &[]);
            }
        }
    }
    let [start, step, min, max, cache] = numbers.map(|number| number.map(|number| number.value));
    let form = form.map(|form| form.value).unwrap_or_default();
    Some(Increment { form, start, step, min, max, cache, cycle: cycle.is_some() })
}

/// Reads `generated`.
pub(super) fn generated(cx: &Context, entry: &Entry) -> Option<Generated> {
    let tokens = entry.list(cx, "generated(sql = \"price * amount\", stored)")?;
    let (mut sql, mut stored): (Slot<String>, Slot<()>) = (None, None);
    let mut given = false;
    for inner in parse_list(cx, tokens) {
        given |= inner.name == "sql";
        match inner.name.to_string().as_str() {
            "sql" => {
                let value = inner.string(cx, "sql = \"price * amount\"").map(|text| text.value());
                put(cx, &mut sql, &inner.name, value);
            }
            "stored" => put(cx, &mut stored, &inner.name, inner.word(cx)),
            _ => unknown(cx, &inner.name, "part of `generated`", &["sql", "stored"], &[]),
        }
    }
    if !given {
        cx.error(entry.name.span(), "`generated` needs its expression: `generated(sql = \"price * amount\")`");
    }
    sql.map(|sql| Generated { sql: sql.value, stored: stored.is_some() })
}
