//! Catalog → model: a live database as a schema, to begin from. What the SQL databases share; what is each one's own is asked of its
//! [`RaiseNative`].
//!
//! What comes out lowers to what went in, as far as a model can say it; the rest is told in sentences.

mod column;
mod constraint;
mod default;
mod index;
mod nearest;
mod view;

pub(crate) use nearest::{Logical, nearest, numbers};

use crate::catalog::{self, Catalog, IdentifierLimit};
use crate::descriptor::Collation;
use crate::dialect::Raised;
use crate::model::remove_invalid::remove_invalid;
use crate::model::{DataType, DefaultValue, IndexPart, NativeColumn, NativeMut, Schema, Table, TableOptions};

/// What one database says in its own way.
pub(crate) trait RaiseNative {
    /// Longest identifier: a managed name that long may have been cut (rule M3).
    fn identifier_limit(&self) -> IdentifierLimit;

    /// Whether names of indexes that differ in case only are two.
    fn case_tells_apart(&self) -> bool {
        false
    }

    /// What a native type is for.
    fn logical(&self, native: &str) -> Logical;

    /// Where the model says the native type and collation of a column.
    fn native_mut<'a>(&self, native: &'a mut NativeColumn) -> NativeMut<'a>;

    /// The portable collation that lowers to this one on a column of that type; `None`: it is said as a native one.
    fn portable_collation(&self, name: &str, ty: &DataType) -> Option<Collation> {
        let _ = (name, ty);
        None
    }

    /// Takes a column option over. `false`: a model cannot say it.
    fn column_option(&self, native: &mut NativeColumn, name: &str, value: &str) -> bool {
        let _ = (native, name, value);
        false
    }

    /// Takes a table option over, by its native name, as lowering writes it. `false`: a model cannot say it.
    fn table_option(&self, options: &mut TableOptions, name: &str, value: &str) -> bool;

    /// Whether lowering gives that detail to the part of an index by itself.
    fn implies_part(&self, extra: &str) -> bool {
        let _ = extra;
        false
    }

    /// The part of an index with its collation, as an expression; `None`: a model cannot say it.
    fn collated_part(&self, on: &catalog::IndexOn, collation: &str) -> Option<String> {
        let _ = (on, collation);
        None
    }

    /// The parts and the language of a full-text index; `None`: its parts are as they are there.
    fn fulltext(&self, index: &catalog::Index) -> Option<(Vec<IndexPart>, Option<String>)> {
        let _ = index;
        None
    }

    /// What the names of our checks on that table begin with.
    fn check_prefix(&self, table: &str) -> String;

    /// The literal of a default, without what the server adds to say its type.
    fn literal<'a>(&self, sql: &'a str, native: &str) -> &'a str {
        let _ = native;
        sql
    }

    /// What a default that is computed stands for on a column of that type; `sql` is in upper case.
    fn computed(&self, sql: &str, ty: &DataType) -> Option<DefaultValue>;

    /// The query of a view; `None`: its definition is more than a query.
    fn view_query<'a>(&self, sql: &'a str) -> Option<&'a str> {
        Some(sql)
    }
}

/// The model of a live database, and a sentence for each thing that a model cannot say.
///
/// Types that are not what the dialect makes of a logical type are given as native types. Managed indexes and checks (rule M3) lose
/// their prefix.
pub(crate) fn raise(native: &dyn RaiseNative, catalog: &Catalog) -> Raised {
    let mut notes = Vec::new();
    let tables = catalog.tables.values().filter_map(|live| table(native, catalog, live, &mut notes)).collect();
    let views = catalog.views.values().filter_map(|live| view::view(native, live, &mut notes)).collect();
    for ty in catalog.types.values().filter(|ty| ty.other.is_none()) {
        let used =
            |table: &catalog::Table| table.opaque.is_none() && table.columns.iter().any(|column| ty.is_of(column));
        if !catalog.tables.values().any(used) {
            notes.push(format!("{}: left out: no column is of this enum type", ty.name));
        }
    }
    let mut schema = Schema::new(tables, views);
    remove_invalid(&mut schema, &mut notes);
    Raised { schema, notes }
}

fn table(native: &dyn RaiseNative, catalog: &Catalog, live: &catalog::Table, notes: &mut Vec<String>) -> Option<Table> {
    let at = live.name.to_string();
    if let Some(reason) = &live.opaque {
        notes.push(format!("{at}: left out: {reason}"));
        return None;
    }
    notes.extend(
        live.triggers.iter().map(|trigger| format!("{at}: the trigger {} is not part of a schema", trigger.name)),
    );
    if let Some(key) = &live.primary_key {
        let details = key.extra.values().map(String::as_str).collect::<Vec<_>>();
        if !details.is_empty() {
            notes.push(format!("{at}: the primary key's {} is not part of a schema", details.join(", ")));
        }
    }
    let primary_key = live.primary_key.as_ref().map(|key| key.columns.clone()).unwrap_or_default();
    Some(Table {
        name: live.name.name.clone(),
        schema: live.name.schema.clone(),
        comment: live.comment.clone(),
        columns: (live.columns.iter())
            .map(|column| column::column(native, catalog, live, column, &primary_key, notes))
            .collect(),
        indexes: index::indexes(native, live, notes),
        foreign_keys: live.foreign_keys.iter().map(|key| constraint::foreign_key(&at, key, notes)).collect(),
        checks: constraint::checks(native, live, notes),
        options: options(native, live, notes),
        primary_key,
        ..Table::default()
    })
}

fn options(native: &dyn RaiseNative, live: &catalog::Table, notes: &mut Vec<String>) -> TableOptions {
    let mut options = TableOptions::default();
    for (name, value) in &live.options {
        if !native.table_option(&mut options, name, value) {
            notes.push(format!("{}: the option {name} = {value} is not part of a schema", live.name));
        }
    }
    options
}
