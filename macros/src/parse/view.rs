//! The attributes of a struct with `DbView` and of its fields.

use proc_macro2::Ident;
use syn::{Attribute, LitStr};

use super::entry::{Slot, entries, put};
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

/// What `#[db(...)]` on the struct says.
#[derive(Debug, Default)]
pub(crate) struct ViewAttrs {
    pub(crate) view: Slot<LitStr>,
    pub(crate) renamed: Slot<Vec<LitStr>>,
    pub(crate) schema: Slot<LitStr>,
    pub(crate) space: Slot<LitStr>,
    pub(crate) sql: Slot<LitStr>,
    pub(crate) materialized: Slot<()>,
    /// The first token of the builder form.
    pub(crate) builder: Option<Ident>,
    krate: Slot<()>,
}

impl ViewAttrs {
    /// Reads the attributes of the struct.
    pub(crate) fn parse(cx: &Context, attrs: &[Attribute]) -> Self {
        let mut this = Self::default();
        for entry in entries(cx, attrs) {
            let name = &entry.name;
            match name.to_string().as_str() {
                "view" => put(cx, &mut this.view, name, entry.string(cx, "view = \"premium_users\"")),
                "renamed" => put(cx, &mut this.renamed, name, entry.strings(cx, "renamed = \"vip_users\"")),
                "schema" => put(cx, &mut this.schema, name, entry.string(cx, "schema = \"auth\"")),
                "space" => put(cx, &mut this.space, name, entry.string(cx, "space = \"analytics\"")),
                "sql" => put(cx, &mut this.sql, name, entry.string(cx, "sql = \"SELECT …\"")),
                "materialized" => put(cx, &mut this.materialized, name, entry.word(cx)),
                "crate" => put(cx, &mut this.krate, name, entry.path(cx, "crate = my_app::schemasync").map(|_| ())),
                "from" | "join" | "left_join" | "filter" | "having" => {
                    this.builder.get_or_insert_with(|| name.clone());
                }
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

/// What `#[db(...)]` on a field of a view says.
#[derive(Debug, Default)]
pub(crate) struct ViewFieldAttrs {
    pub(crate) column: Slot<LitStr>,
    pub(crate) skip: Slot<()>,
    /// The first token of the builder form.
    pub(crate) builder: Option<Ident>,
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
                text if FIELD.contains(&text) => {
                    this.builder.get_or_insert_with(|| name.clone());
                }
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
}
