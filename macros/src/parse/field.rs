//! The attributes of a field of a table or an embedded struct.

use proc_macro2::Ident;
use syn::{Attribute, LitStr};

use super::default::{Default, Generated, default, generated};
use super::entry::{At, Entry, Shape, Slot, entries, items, number, put};
use super::foreign_key::{ACTIONS, ColumnForeignKey, column_foreign_key};
use super::index::{ColumnIndex, IndexKind, column_index};
use super::native::{ColumnNative, column_native};
use super::relation::{Relation, relation};
use super::row::prefix;
use super::suggest::unknown;
use super::vector::{Vector, vector};
use super::view;
use crate::context::Context;

/// The attributes of a field.
pub(super) const COLUMN: &[&str] = &[
    "id",
    "column",
    "renamed",
    "default",
    "generated",
    "index",
    "unique",
    "fk",
    "on_delete",
    "on_update",
    "rel",
    "vector",
    "vector_filter",
    "json",
    "embed",
    "skip",
    "encrypted",
    "collate",
    "precision",
    "max_length",
    "version",
    "dimension",
    "measure",
    "sqlite",
    "postgres",
    "mysql",
];
const STRUCT: &[&str] = &["table", "schema", "space", "sync_method", "check", "mongodb", "crate"];

/// What `#[db(...)]` on a field says.
#[derive(Debug, std::default::Default)]
pub(crate) struct FieldAttrs {
    /// Every attribute that is there, by its token, for the rules about what may stand together.
    pub(crate) given: Vec<Ident>,
    pub(crate) id: Slot<()>,
    pub(crate) column: Slot<LitStr>,
    pub(crate) renamed: Slot<Vec<LitStr>>,
    pub(crate) default: Slot<At<Default>>,
    pub(crate) generated: Slot<Generated>,
    pub(crate) indexes: Vec<ColumnIndex>,
    pub(crate) foreign_key: Slot<ColumnForeignKey>,
    pub(crate) on_delete: Slot<&'static str>,
    pub(crate) on_update: Slot<&'static str>,
    pub(crate) relation: Slot<Relation>,
    pub(crate) vector: Slot<Vector>,
    pub(crate) vector_filters: Vec<Ident>,
    pub(crate) json: Slot<()>,
    /// The prefix, where it is given.
    pub(crate) embed: Slot<Option<String>>,
    pub(crate) skip: Slot<()>,
    pub(crate) encrypted: Slot<()>,
    pub(crate) collate: Slot<&'static str>,
    pub(crate) precision: Slot<(u64, u64)>,
    pub(crate) max_length: Slot<u64>,
    pub(crate) version: Slot<()>,
    pub(crate) dimension: Slot<()>,
    pub(crate) measure: Slot<()>,
    pub(crate) native: ColumnNative,
}

impl FieldAttrs {
    /// Reads the attributes of a field.
    pub(crate) fn parse(cx: &Context, attrs: &[Attribute]) -> Self {
        let mut this = Self::default();
        for entry in entries(cx, attrs) {
            if COLUMN.contains(&entry.name.to_string().as_str()) {
                this.given.push(entry.name.clone());
                this.entry(cx, &entry);
            } else {
                let elsewhere =
                    &[(STRUCT, "the struct, not on a field"), (view::FIELD, "a field of a view: derive `DbView`")];
                unknown(cx, &entry.name, "attribute of a field", COLUMN, elsewhere);
            }
        }
        this
    }

    /// The token of that attribute, when it is given.
    pub(crate) fn token(&self, name: &str) -> Option<&Ident> {
        self.given.iter().find(|given| *given == name)
    }

    fn entry(&mut self, cx: &Context, entry: &Entry) {
        let name = &entry.name;
        match name.to_string().as_str() {
            "id" => put(cx, &mut self.id, name, entry.word(cx)),
            "json" => put(cx, &mut self.json, name, entry.word(cx)),
            "embed" => put(cx, &mut self.embed, name, embed(cx, entry)),
            "skip" => put(cx, &mut self.skip, name, entry.word(cx)),
            "encrypted" => put(cx, &mut self.encrypted, name, entry.word(cx)),
            "version" => put(cx, &mut self.version, name, entry.word(cx)),
            "dimension" => put(cx, &mut self.dimension, name, entry.word(cx)),
            "measure" => put(cx, &mut self.measure, name, entry.word(cx)),
            "column" => put(cx, &mut self.column, name, entry.string(cx, "column = \"email_address\"")),
            "renamed" => put(cx, &mut self.renamed, name, entry.strings(cx, "renamed = \"old\"")),
            "default" => put(cx, &mut self.default, name, default(cx, entry)),
            "generated" => put(cx, &mut self.generated, name, generated(cx, entry)),
            "index" => self.indexes.extend(column_index(cx, entry)),
            "unique" => {
                if entry.word(cx).is_some() {
                    self.indexes.push(ColumnIndex::short(name.span(), IndexKind::Unique));
                }
            }
            "fk" => put(cx, &mut self.foreign_key, name, column_foreign_key(cx, entry)),
            "on_delete" => put(cx, &mut self.on_delete, name, entry.choice(cx, ACTIONS)),
            "on_update" => put(cx, &mut self.on_update, name, entry.choice(cx, ACTIONS)),
            "rel" => put(cx, &mut self.relation, name, relation(cx, entry)),
            "vector" => put(cx, &mut self.vector, name, vector(cx, entry)),
            "vector_filter" => self.vector_filters.extend(entry.ident(cx, "vector_filter = embedding")),
            "collate" => put(cx, &mut self.collate, name, entry.choice(cx, &["binary", "nocase", "unicode"])),
            "precision" => put(cx, &mut self.precision, name, precision(cx, entry)),
            "max_length" => {
                put(cx, &mut self.max_length, name, entry.number(cx, 1, u64::from(u32::MAX), "max_length = 255"));
            }
            _ => column_native(cx, entry, &mut self.native),
        }
    }
}

/// `embed`, `embed(prefix = "home_")`
fn embed(cx: &Context, entry: &Entry) -> Option<Option<String>> {
    match entry.shape {
        Shape::Word => Some(None),
        Shape::List(_) => prefix(cx, entry).map(|prefix| Some(prefix.value())),
        Shape::Value(_) => {
            cx.error(entry.name.span(), "`embed` is written `embed` or `embed(prefix = \"home_\")`");
            None
        }
    }
}

fn precision(cx: &Context, entry: &Entry) -> Option<(u64, u64)> {
    const EXAMPLE: &str = "`precision` is written `precision(10, 2)`: digits in all, digits after the point";
    let Shape::List(tokens) = &entry.shape else {
        cx.error(entry.name.span(), EXAMPLE);
        return None;
    };
    let [digits, scale]: [_; 2] = match items(tokens.clone()).try_into() {
        Ok(pair) => pair,
        Err(_) => {
            cx.error(entry.name.span(), EXAMPLE);
            return None;
        }
    };
    let total = number(cx, digits, 1, 1000, "`precision`");
    let after = number(cx, scale.clone(), 0, 1000, "`precision`");
    let (total, after) = (total?, after?);
    if after > total {
        cx.error_at(scale, format!("{after} digits after the point are more than the {total} digits in all"));
        return None;
    }
    Some((total, after))
}
