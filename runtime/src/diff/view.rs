//! Views of the model against the views that are there (rules V1, V2, V5).

use super::{Input, folded};
use crate::catalog::{Catalog, Name, View};
use crate::dialect::{Dialect, NameKind};
use std::collections::{BTreeMap, BTreeSet};

/// What happens to a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ViewKind {
    Create,
    /// Dropped and recreated: its definition changes.
    Change,
    Same,
    Drop,
    /// Only checked.
    External,
}

/// A view of the model or of the base, and what happens to it.
#[derive(Debug, Clone)]
pub(crate) struct ViewDiff {
    pub(crate) name: Name,
    pub(crate) kind: ViewKind,
    pub(crate) renamed_from: Option<Name>,
    /// A table of ours has its name and goes first (rule T4).
    pub(crate) replaces_table: bool,
    /// Its new query can take the place of the old one while the view stays where it is.
    pub(crate) in_place: bool,
    pub(crate) desired: Option<View>,
    pub(crate) current: Option<View>,
    pub(crate) errors: Vec<String>,
}

/// `tables`: what the model's tables are called. `renamed`: those that come by their names in this run, from another one. `retypes`: the type of a column
/// changes in this run.
pub(crate) fn diff(
    input: &Input<'_>,
    current: &Catalog,
    tables: &BTreeSet<Name>,
    renamed: &BTreeSet<Name>,
    retypes: bool,
) -> (Vec<ViewDiff>, Vec<Name>) {
    let dialect = input.dialect;
    let live: BTreeMap<Name, &View> = current.views.iter().map(|(n, v)| (folded(dialect, n), v)).collect();
    let live_tables: BTreeSet<Name> = current.tables.keys().map(|name| folded(dialect, name)).collect();
    let base: BTreeSet<Name> = input.base.views.keys().map(|name| folded(dialect, name)).collect();
    let base_tables: BTreeSet<Name> = input.base.tables.keys().map(|name| folded(dialect, name)).collect();
    let mut wanted = BTreeSet::new();
    let mut dropped = BTreeSet::new();
    let mut diffs = Vec::new();
    for model in &input.schema.views {
        let name = dialect.name_of(model.schema.as_deref(), &model.name);
        let key = folded(dialect, &name);
        let mut diff = ViewDiff {
            kind: ViewKind::Create,
            renamed_from: None,
            replaces_table: false,
            in_place: false,
            desired: input.lowered.catalog.views.get(&name).cloned(),
            current: live.get(&key).map(|view| (*view).clone()),
            errors: input.lowered.errors.get(&name).cloned().unwrap_or_default(),
            name,
        };
        if model.is_external() {
            diff.kind = ViewKind::External;
            check_external(dialect, &mut diff, model, live_tables.contains(&key));
        } else {
            if let Some(other) = input.claims.get(&key) {
                diff.errors.push(format!("the view belongs to namespace \"{other}\""));
            }
            if live_tables.contains(&key) {
                if base_tables.contains(&key) && !tables.contains(&key) {
                    diff.replaces_table = true;
                } else {
                    diff.errors.push("the name is taken by an unmanaged table: rename or drop it".to_owned());
                }
            }
            match (&diff.desired, &diff.current) {
                (Some(desired), Some(current)) => {
                    let otherwise = retypes && says_otherwise(input, desired);
                    let same = dialect.same_query(&desired.sql, &current.sql)
                        && desired.materialized == current.materialized
                        && !otherwise;
                    diff.kind = if same { ViewKind::Same } else { ViewKind::Change };
                    let replaceable =
                        dialect.capabilities().replace_view && !retypes && keeps_columns(desired, current);
                    diff.in_place = !same && replaceable;
                    if !same && !base.contains(&key) {
                        diff.errors.push(
                            "a view of that name is there, is unmanaged and has another definition: rename or drop it"
                                .to_owned(),
                        );
                    }
                    if otherwise && let Some(desired) = &mut diff.desired {
                        let written = desired.written.take();
                        desired.sql = written.unwrap_or_else(|| std::mem::take(&mut desired.sql));
                    }
                }
                // Rule V5: the old view goes, the new one is made.
                _ => {
                    if let Some(view) = input.renames.views.get(&diff.name).and_then(|old| current.views.get(old)) {
                        dropped.insert(folded(dialect, &view.name));
                        diff.renamed_from = Some(view.name.clone());
                        diff.current = Some(view.clone());
                    }
                }
            }
        }
        wanted.insert(key);
        diffs.push(diff);
    }
    let mut unmanaged = Vec::new();
    for (key, view) in &live {
        // A table that is made in the place of a view drops it itself (rule T4).
        let replaced = tables.contains(key) && !renamed.contains(key) && base.contains(key);
        if wanted.contains(key) || dropped.contains(key) || replaced {
            continue;
        }
        if base.contains(key) {
            diffs.push(ViewDiff {
                name: view.name.clone(),
                kind: ViewKind::Drop,
                renamed_from: None,
                replaces_table: false,
                in_place: false,
                desired: None,
                current: Some((*view).clone()),
                errors: Vec::new(),
            });
        } else {
            unmanaged.push(view.name.clone());
        }
    }
    (diffs, unmanaged)
}

/// Whether the view has its columns still, in their order and of their types; new ones may follow. Where the database has not told what the
/// new query gives, it has not.
fn keeps_columns(desired: &View, live: &View) -> bool {
    let plain = !desired.materialized && !live.materialized;
    let known = !live.columns.is_empty() && live.types.len() == live.columns.len();
    plain && known && desired.columns.starts_with(&live.columns) && desired.types.starts_with(&live.types)
}

/// Whether the model writes another query than it did, though the server words both alike: it does so by the types that are there,
/// where a cast to the type that a value has is none. After they change the two may differ.
fn says_otherwise(input: &Input<'_>, desired: &View) -> bool {
    let written = |view: &View| view.written.clone().unwrap_or_else(|| view.sql.clone());
    input.base.views.get(&desired.name).is_some_and(|base| written(base) != written(desired))
}

fn check_external(dialect: &dyn Dialect, diff: &mut ViewDiff, model: &crate::model::View, table: bool) {
    match &diff.current {
        None if table => {}
        None => diff.errors.push(format!("External view \"{}\" does not exist", model.name)),
        Some(view) if !view.columns.is_empty() => {
            let missing: Vec<&str> = model
                .columns
                .iter()
                .filter(|column| {
                    !view
                        .columns
                        .iter()
                        .any(|live| dialect.fold(NameKind::Column, live) == dialect.fold(NameKind::Column, column))
                })
                .map(String::as_str)
                .collect();
            if !missing.is_empty() {
                diff.errors.push(format!(
                    "External view \"{}\" is missing columns: {}",
                    model.name,
                    missing.join(", ")
                ));
            }
        }
        Some(_) => {}
    }
}
