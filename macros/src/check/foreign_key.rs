//! All foreign keys of a struct: those of its fields and those on the struct.

use proc_macro2::{Span, TokenStream};

use super::index::resolve;
use super::{Field, FieldKind, Model, concrete};
use crate::context::Context;
use crate::parse::{At, ColumnForeignKey, ColumnPath, Slot, TableForeignKey};

/// A validated foreign key.
pub(crate) struct ForeignKey {
    pub(crate) alias: Option<String>,
    pub(crate) columns: Vec<ColumnPath>,
    pub(crate) target: TokenStream,
    pub(crate) target_columns: Vec<ColumnPath>,
    pub(crate) on_delete: &'static str,
    pub(crate) on_update: &'static str,
    /// The token of a `set_null`: the columns must be nullable.
    pub(crate) set_null: Option<Span>,
}

/// Collects all foreign keys, in the order of the fields, then those on the struct.
pub(super) fn collect(cx: &Context, model: &Model) -> Vec<ForeignKey> {
    let of_fields = model
        .fields
        .iter()
        .filter(|field| field.kind == FieldKind::Column)
        .filter_map(|field| Some(of_field(cx, model, field, &field.attrs.foreign_key.as_ref()?.value)));
    let mut keys: Vec<ForeignKey> = of_fields.collect();
    keys.extend(model.attrs.foreign_keys.iter().filter_map(|key| of_table(cx, model, key)));
    aliases(cx, model);
    keys
}

fn of_field(cx: &Context, model: &Model, field: &Field, key: &ColumnForeignKey) -> ForeignKey {
    let on_delete = either(cx, &key.options.on_delete, &field.attrs.on_delete, "on_delete");
    let on_update = either(cx, &key.options.on_update, &field.attrs.on_update, "on_update");
    for action in [&key.options.on_delete, &key.options.on_update].into_iter().flatten() {
        if action.value == "set_default" && field.attrs.token("default").is_none() {
            cx.error(action.span, "`set_default` needs a default on this column: `default = …`");
        }
    }
    ForeignKey {
        alias: key.options.alias.as_ref().map(|alias| alias.value.value()),
        columns: vec![ColumnPath(vec![field.ident.clone()])],
        target: concrete(&key.target, &model.owner),
        target_columns: vec![ColumnPath(vec![key.column.clone()])],
        on_delete: word(on_delete),
        on_update: word(on_update),
        set_null: set_null([on_delete, on_update]),
    }
}

fn of_table(cx: &Context, model: &Model, key: &TableForeignKey) -> Option<ForeignKey> {
    if key.columns.len() != key.target_columns.len() {
        let (here, there) = (key.columns.len(), key.target_columns.len());
        cx.error(key.span, format!("columns go in pairs: there are {here} on this side and {there} on the other"));
        return None;
    }
    let mut fields = Vec::new();
    for (i, path) in key.columns.iter().enumerate() {
        fields.push(resolve(cx, model, path)?);
        if key.columns[..i].iter().any(|other| other.text() == path.text()) {
            cx.error(path.span(), format!("`{}` is given twice", path.text()));
        }
    }
    for action in [&key.options.on_delete, &key.options.on_update].into_iter().flatten() {
        let without =
            fields.iter().find(|field| field.kind == FieldKind::Column && field.attrs.token("default").is_none());
        if let Some(field) = without.filter(|_| action.value == "set_default") {
            cx.error(
                action.span,
                format!("`set_default` needs a default on each column, and `{}` has none", field.name),
            );
        }
    }
    Some(ForeignKey {
        alias: key.options.alias.as_ref().map(|alias| alias.value.value()),
        columns: key.columns.clone(),
        target: concrete(&key.target, &model.owner),
        target_columns: key.target_columns.clone(),
        on_delete: word(key.options.on_delete.as_ref()),
        on_update: word(key.options.on_update.as_ref()),
        set_null: set_null([key.options.on_delete.as_ref(), key.options.on_update.as_ref()]),
    })
}

/// An alias stands for one foreign key to one table.
fn aliases(cx: &Context, model: &Model) {
    let of_fields = model
        .fields
        .iter()
        .filter_map(|field| field.attrs.foreign_key.as_ref())
        .map(|key| (&key.value.target, &key.value.options.alias));
    let of_table = model.attrs.foreign_keys.iter().map(|key| (&key.target, &key.options.alias));
    let mut seen: Vec<(String, String)> = Vec::new();
    for (target, alias) in of_fields.chain(of_table) {
        let Some(alias) = alias else { continue };
        let pair = (concrete(target, &model.owner).to_string(), alias.value.value());
        if seen.contains(&pair) {
            let message = format!("another foreign key to `{}` has the alias \"{}\" already", pair.0, pair.1);
            cx.error(alias.value.span(), message);
        }
        seen.push(pair);
    }
}

fn either<'a>(
    cx: &Context,
    inside: &'a Slot<&'static str>,
    beside: &'a Slot<&'static str>,
    name: &str,
) -> Option<&'a At<&'static str>> {
    if let (Some(_), Some(beside)) = (inside, beside) {
        cx.error(beside.span, format!("`{name}` is given twice"));
    }
    inside.as_ref().or(beside.as_ref())
}

fn word(action: Option<&At<&'static str>>) -> &'static str {
    action.map_or("no_action", |action| action.value)
}

fn set_null(actions: [Option<&At<&'static str>>; 2]) -> Option<Span> {
    actions.into_iter().flatten().find(|action| action.value == "set_null").map(|action| action.span)
}
