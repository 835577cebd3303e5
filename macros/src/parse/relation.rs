//! Navigation fields: `rel(to)`, `rel(to = "alias")`, `rel(from)`, `rel(via = PostTag)`.

use syn::{LitStr, Path};

use super::entry::{Entry, Shape, parse_list};
use super::suggest::unknown;
use crate::context::Context;

/// A navigation field.
#[derive(Debug, Clone)]
pub(crate) struct Relation {
    pub(crate) way: Way,
    pub(crate) alias: Option<LitStr>,
}

/// Which way it goes.
#[derive(Debug, Clone)]
pub(crate) enum Way {
    To,
    From,
    Via(Box<Path>),
}

/// Reads `rel`.
pub(super) fn relation(cx: &Context, entry: &Entry) -> Option<Relation> {
    let tokens = entry.list(cx, "rel(to)` or `rel(from)` or `rel(via = PostTag)")?;
    let mut ways = Vec::new();
    let mut broken = false;
    for inner in parse_list(cx, tokens) {
        let way = match inner.name.to_string().as_str() {
            "to" => aliased(cx, &inner, Way::To),
            "from" => aliased(cx, &inner, Way::From),
            "via" => {
                inner.path(cx, "rel(via = PostTag)").map(|path| Relation { way: Way::Via(Box::new(path)), alias: None })
            }
            _ => {
                unknown(cx, &inner.name, "part of `rel`", &["to", "from", "via"], &[]);
                None
            }
        };
        broken |= way.is_none();
        ways.extend(way.map(|way| (inner.name, way)));
    }
    if let [(first, _), (second, _), ..] = &ways[..] {
        cx.error(second.span(), format!("`{second}` cannot stand with `{first}`: a navigation field goes one way"));
        return None;
    }
    if ways.is_empty() && !broken {
        cx.error(entry.name.span(), "`rel` needs its way: `to`, `from` or `via = Junction`");
    }
    ways.pop().map(|(_, way)| way)
}

fn aliased(cx: &Context, entry: &Entry, way: Way) -> Option<Relation> {
    let alias = match entry.shape {
        Shape::Word => None,
        _ => Some(entry.string(cx, &format!("rel({} = \"author\")", entry.name))?),
    };
    Some(Relation { way, alias })
}
