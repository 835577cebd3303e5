//! The attributes of a struct with `DbView` and of its fields.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use syn::{Attribute, LitStr, Path};

use super::condition::{Clause, Condition, condition};
use super::entry::{Entry, Shape, Slot, entries, items, path, put};
use super::source_column::SourceColumn;
use super::suggest::unknown;
use crate::context::Context;

/// The attributes that only a view has.
pub(super) const VIEW: &[&str] = &["view", "sql", "materialized", "from", "join", "left_join", "filter", "having"];
/// The attributes that only a field of a view has.
pub(super) const FIELD: &[&str] = &["from", "sum", "avg", "min", "max", "count"];

const ALLOWED: &[&str] = &[
    "view",
    "renamed",
    "schema",
    "space",
    "sql",
    "materialized",
    "from",
    "join",
    "left_join",
    "filter",
    "having",
    "crate",
];

/// `join(Project, on(Project::id == Task::project_id))`
#[derive(Debug, Clone)]
pub(crate) struct Join {
    /// `left_join`
    pub(crate) left: bool,
    pub(crate) source: Path,
    pub(crate) on: Condition,
}

/// What `#[db(...)]` on the struct says.
#[derive(Debug, Default)]
pub(crate) struct ViewAttrs {
    pub(crate) view: Slot<LitStr>,
    pub(crate) renamed: Slot<Vec<LitStr>>,
    pub(crate) schema: Slot<LitStr>,
    pub(crate) space: Slot<LitStr>,
    pub(crate) sql: Slot<LitStr>,
    pub(crate) materialized: Slot<()>,
    pub(crate) from: Slot<Path>,
    pub(crate) joins: Vec<Join>,
    pub(crate) filter: Slot<Condition>,
    pub(crate) having: Slot<Condition>,
    /// The tokens of `from`, `join`, `left_join`, `filter` and `having`, for the rules about what may stand together.
    pub(crate) built: Vec<Ident>,
    krate: Slot<()>,
}

impl ViewAttrs {
    /// Reads the attributes of the struct.
    pub(crate) fn parse(cx: &Context, attrs: &[Attribute]) -> Self {
        let mut this = Self::default();
        for entry in entries(cx, attrs) {
            let name = &entry.name;
            if matches!(name.to_string().as_str(), "from" | "join" | "left_join" | "filter" | "having") {
                this.built.push(name.clone());
            }
            match name.to_string().as_str() {
                "view" => put(cx, &mut this.view, name, entry.string(cx, "view = \"premium_users\"")),
                "renamed" => put(cx, &mut this.renamed, name, entry.strings(cx, "renamed = \"vip_users\"")),
                "schema" => put(cx, &mut this.schema, name, entry.string(cx, "schema = \"auth\"")),
                "space" => put(cx, &mut this.space, name, entry.string(cx, "space = \"analytics\"")),
                "sql" => put(cx, &mut this.sql, name, entry.string(cx, "sql = \"SELECT …\"")),
                "materialized" => put(cx, &mut this.materialized, name, entry.word(cx)),
                "crate" => put(cx, &mut this.krate, name, entry.path(cx, "crate = my_app::schemasync").map(|_| ())),
                "from" => put(cx, &mut this.from, name, entry.path(cx, "from = User")),
                "join" | "left_join" => this.joins.extend(join(cx, &entry)),
                "filter" => put(cx, &mut this.filter, name, condition(cx, Clause::Filter, &entry)),
                "having" => put(cx, &mut this.having, name, condition(cx, Clause::Having, &entry)),
                _ => unknown(
                    cx,
                    name,
                    "attribute of a view",
                    ALLOWED,
                    &[(&["table", "sync_method", "index", "fk", "check"], "a table: derive `DbTable`")],
                ),
            }
        }
        this
    }
}

fn join(cx: &Context, entry: &Entry) -> Option<Join> {
    let name = &entry.name;
    let example = format!("{name}(Project, on(Project::id == Task::project_id))");
    let tokens = entry.list(cx, &example)?;
    let mut items = items(tokens.clone()).into_iter();
    let source = match items.next() {
        Some(first) => path(cx, name, first, &example),
        None => {
            cx.error(name.span(), format!("`{name}` is written `{example}`"));
            return None;
        }
    };
    let on = match items.next() {
        Some(second) if !is_list(&second) => {
            cx.error_at(second, format!("the condition of a join stands in `on(…)`: `{example}`"));
            None
        }
        Some(second) => Entry::parse(cx, second).and_then(|on| {
            if on.name == "on" {
                condition(cx, Clause::On, &on)
            } else {
                unknown(cx, &on.name, &format!("part of `{name}`"), &["on"], &[]);
                None
            }
        }),
        None => {
            cx.error_at(tokens, format!("`{name}` needs its condition: `{example}`"));
            None
        }
    };
    if let Some(third) = items.next() {
        cx.error_at(third, format!("`{name}` joins one table by one condition: write another `{name}` for another"));
        return None;
    }
    Some(Join { left: name == "left_join", source: source?, on: on? })
}

/// `word(…)`
fn is_list(item: &TokenStream) -> bool {
    let mut trees = item.clone().into_iter();
    matches!((trees.next(), trees.next(), trees.next()), (Some(TokenTree::Ident(_)), Some(TokenTree::Group(_)), None))
}

/// What a field of a view shows.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    /// The attribute: `from`, `sum`, ...
    pub(crate) word: Ident,
    /// The column; `None` for `count` alone.
    pub(crate) column: Option<SourceColumn>,
}

/// What `#[db(...)]` on a field of a view says.
#[derive(Debug, Default)]
pub(crate) struct ViewFieldAttrs {
    pub(crate) column: Slot<LitStr>,
    pub(crate) skip: Slot<()>,
    pub(crate) shown: Option<Shown>,
    /// The first of `from`, `sum`, ..., whether or not it could be read.
    pub(crate) built: Option<Ident>,
}

impl ViewFieldAttrs {
    /// Reads the attributes of a field.
    pub(crate) fn parse(cx: &Context, attrs: &[Attribute]) -> Self {
        let mut this = Self::default();
        for entry in entries(cx, attrs) {
            let name = &entry.name;
            match name.to_string().as_str() {
                "column" => put(cx, &mut this.column, name, entry.string(cx, "column = \"total\"")),
                "skip" => put(cx, &mut this.skip, name, entry.word(cx)),
                text if FIELD.contains(&text) => this.shown(cx, &entry),
                _ => unknown(
                    cx,
                    name,
                    "attribute of a view's field",
                    &["column", "skip", "from", "sum", "avg", "min", "max", "count"],
                    &[(super::field::COLUMN, "a field of a table")],
                ),
            }
        }
        this
    }

    fn shown(&mut self, cx: &Context, entry: &Entry) {
        let name = &entry.name;
        match &self.built {
            Some(first) if first == name => return cx.error(name.span(), format!("`{name}` is given twice")),
            Some(first) => {
                let message = format!("`{name}` cannot stand with `{first}`: a column shows one value");
                return cx.error(name.span(), message);
            }
            None => self.built = Some(name.clone()),
        }
        if name == "count" && matches!(entry.shape, Shape::Word) {
            self.shown = Some(Shown { word: name.clone(), column: None });
        } else if let Some(column) = SourceColumn::parse(cx, entry) {
            self.shown = Some(Shown { word: name.clone(), column: Some(column) });
        }
    }
}

impl Shown {
    /// The token that errors about the type point at.
    pub(crate) fn span(&self) -> Span {
        self.column.as_ref().map_or_else(|| self.word.span(), SourceColumn::span)
    }
}
