//! Rules about the attributes on the struct.

use std::collections::BTreeSet;

use super::Model;
use super::columns::renamed;
use crate::context::Context;
use crate::parse::Default;

/// Checks what the struct's own attributes say together.
pub(super) fn check(cx: &Context, model: &Model) {
    renamed(cx, "table", &model.name, &model.attrs.renamed);
    let mut names = BTreeSet::new();
    for name in model.attrs.checks.iter().filter_map(|check| check.name.as_ref()) {
        if !names.insert(name.value()) {
            cx.error(name.span(), format!("two checks are named \"{}\"", name.value()));
        }
    }
    without_rowid(cx, model);
}

fn without_rowid(cx: &Context, model: &Model) {
    let Some(without) = &model.attrs.native.sqlite_without_rowid else {
        return;
    };
    if !model.fields.iter().any(|field| field.attrs.id.is_some()) {
        cx.error(without.span, "`without_rowid` needs a primary key: mark a field with `#[db(id)]`");
    }
    let increments = |default: &Default| matches!(default, Default::Increment(_));
    if model.fields.iter().any(|field| field.attrs.default.as_ref().is_some_and(|d| increments(&d.value.value))) {
        cx.error(without.span, "`without_rowid` cannot stand with `default(increment)`: SQLite counts by rowid");
    }
}
