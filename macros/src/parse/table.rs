//! The attributes of a struct with `DbTable` or `DbEmbed`.

use syn::{Attribute, LitStr};

use super::entry::{Entry, Slot, entries, put};
use super::field;
use super::foreign_key::{TableForeignKey, table_foreign_key};
use super::index::{TableIndex, table_index};
use super::native::{TableNative, table_native};
use super::suggest::unknown;
use super::view;
use crate::context::Context;

pub(super) const TABLE: &[&str] = &[
    "table",
    "renamed",
    "schema",
    "space",
    "sync_method",
    "index",
    "fk",
    "check",
    "sqlite",
    "postgres",
    "mysql",
    "mongodb",
    "crate",
];
pub(super) const EMBED: &[&str] = &["index", "fk", "crate"];

/// Which derive reads the attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Table,
    Embed,
}

/// `check(name = "…", sql = "…")`
#[derive(Debug, Clone)]
pub(crate) struct Check {
    pub(crate) name: Option<LitStr>,
    pub(crate) sql: LitStr,
}

/// What `#[db(...)]` on the struct says.
#[derive(Debug, Default)]
pub(crate) struct TableAttrs {
    pub(crate) table: Slot<LitStr>,
    pub(crate) renamed: Slot<Vec<LitStr>>,
    pub(crate) schema: Slot<LitStr>,
    pub(crate) space: Slot<LitStr>,
    pub(crate) sync_method: Slot<&'static str>,
    pub(crate) indexes: Vec<TableIndex>,
    pub(crate) foreign_keys: Vec<TableForeignKey>,
    pub(crate) checks: Vec<Check>,
    pub(crate) native: TableNative,
    krate: Slot<()>,
}

impl TableAttrs {
    /// Reads the attributes of the struct.
    pub(crate) fn parse(cx: &Context, place: Place, attrs: &[Attribute]) -> Self {
        let mut this = Self::default();
        for entry in entries(cx, attrs) {
            let allowed = if place == Place::Table { TABLE } else { EMBED };
            if allowed.contains(&entry.name.to_string().as_str()) {
                this.entry(cx, &entry);
            } else {
                misplaced(cx, place, &entry, allowed);
            }
        }
        this
    }

    fn entry(&mut self, cx: &Context, entry: &Entry) {
        let name = &entry.name;
        match name.to_string().as_str() {
            "table" => put(cx, &mut self.table, name, entry.string(cx, "table = \"users\"")),
            "renamed" => put(cx, &mut self.renamed, name, entry.strings(cx, "renamed = \"old_users\"")),
            "schema" => put(cx, &mut self.schema, name, entry.string(cx, "schema = \"auth\"")),
            "space" => put(cx, &mut self.space, name, entry.string(cx, "space = \"analytics\"")),
            "sync_method" => put(cx, &mut self.sync_method, name, entry.choice(cx, &["recreate", "drop"])),
            "index" => self.indexes.extend(table_index(cx, entry)),
            "fk" => self.foreign_keys.extend(table_foreign_key(cx, entry)),
            "check" => self.checks.extend(check(cx, entry)),
            "crate" => put(cx, &mut self.krate, name, entry.path(cx, "crate = my_app::schemasync").map(|_| ())),
            _ => table_native(cx, entry, &mut self.native),
        }
    }
}

fn misplaced(cx: &Context, place: Place, entry: &Entry, allowed: &[&str]) {
    let elsewhere: &[(&[&str], &str)] = match place {
        Place::Table => &[(field::COLUMN, "a field"), (view::VIEW, "a view: derive `DbView`")],
        Place::Embed => {
            &[(TABLE, "the table that embeds this struct"), (field::COLUMN, "a field"), (view::VIEW, "a view")]
        }
    };
    unknown(cx, &entry.name, "attribute of a struct", allowed, elsewhere);
}

fn check(cx: &Context, entry: &Entry) -> Option<Check> {
    let tokens = entry.list(cx, "check(name = \"price\", sql = \"price >= 0\")")?;
    let (mut name, mut sql) = (None, None);
    let mut given = false;
    for inner in super::entry::parse_list(cx, tokens) {
        given |= inner.name == "sql";
        match inner.name.to_string().as_str() {
            "name" => put(cx, &mut name, &inner.name, inner.string(cx, "name = \"price\"")),
            "sql" => put(cx, &mut sql, &inner.name, inner.string(cx, "sql = \"price >= 0\"")),
            _ => unknown(cx, &inner.name, "part of `check`", &["name", "sql"], &[]),
        }
    }
    if !given {
        cx.error(entry.name.span(), "`check` needs its condition: `check(sql = \"price >= 0\")`");
    }
    Some(Check { name: name.map(|name| name.value), sql: sql?.value })
}
