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
    pub(crate) live: Option<View>,
    pub(crate) errors: Vec<String>,
}

/// `tables`: what the model's tables are called. `renamed`: those that come by their names in this run, from another one. `retypes`: the type of a column
/// changes in this run.
pub(crate) fn diff(
    input: &Input<'_>,
    live_catalog: &Catalog,
    tables: &BTreeSet<Name>,
    renamed: &BTreeSet<Name>,
    retypes: bool,
) -> (Vec<ViewDiff>, Vec<Name>) {
    let dialect = input.dialect;
    let known = Known {
        live: live_catalog.views.iter().map(|(n, v)| (folded(dialect, n), v)).collect(),
        live_tables: live_catalog.tables.keys().map(|name| folded(dialect, name)).collect(),
        base: input.base.views.keys().map(|name| folded(dialect, name)).collect(),
        base_tables: input.base.tables.keys().map(|name| folded(dialect, name)).collect(),
    };
    let mut desired = BTreeSet::new();
    let mut dropped = BTreeSet::new();
    let mut diffs = Vec::new();
    for model in &input.schema.views {
        let name = dialect.name_of(model.schema.as_deref(), &model.name);
        let key = folded(dialect, &name);
        let mut diff = ViewDiff {
            desired: input.lowered.catalog.views.get(&name).cloned(),
            live: known.live.get(&key).map(|view| (*view).clone()),
            errors: input.lowered.errors.get(&name).cloned().unwrap_or_default(),
            ..ViewDiff::new(name, ViewKind::Create)
        };
        if model.is_external() {
            diff.kind = ViewKind::External;
            check_external(dialect, &mut diff, model, known.live_tables.contains(&key));
        } else {
            check_name(input, &known, tables, &key, &mut diff);
            if diff.desired.is_some() && diff.live.is_some() {
                compare(input, &mut diff, known.base.contains(&key), retypes);
            } else if let Some(view) = input.renames.views.get(&diff.name).and_then(|old| live_catalog.views.get(old)) {
                // Rule V5: the old view goes, the new one is made.
                dropped.insert(folded(dialect, &view.name));
                diff.renamed_from = Some(view.name.clone());
                diff.live = Some(view.clone());
            }
        }
        desired.insert(key);
        diffs.push(diff);
    }
    let mut unmanaged = Vec::new();
    for (key, view) in &known.live {
        // A table that is made in the place of a view drops it itself (rule T4).
        let replaced = tables.contains(key) && !renamed.contains(key) && known.base.contains(key);
        if desired.contains(key) || dropped.contains(key) || replaced {
            continue;
        }
        if known.base.contains(key) {
            let live = Some((*view).clone());
            diffs.push(ViewDiff { live, ..ViewDiff::new(view.name.clone(), ViewKind::Drop) });
        } else {
            unmanaged.push(view.name.clone());
        }
    }
    (diffs, unmanaged)
}

/// What is in the database and what the last run left, by names as the database compares them.
struct Known<'a> {
    live: BTreeMap<Name, &'a View>,
    live_tables: BTreeSet<Name>,
    base: BTreeSet<Name>,
    base_tables: BTreeSet<Name>,
}

impl ViewDiff {
    fn new(name: Name, kind: ViewKind) -> Self {
        Self {
            name,
            kind,
            renamed_from: None,
            replaces_table: false,
            in_place: false,
            desired: None,
            live: None,
            errors: Vec::new(),
        }
    }
}

/// Whether the name is free for a view of ours, or will be (rules S4, T4).
fn check_name(input: &Input<'_>, known: &Known<'_>, tables: &BTreeSet<Name>, key: &Name, diff: &mut ViewDiff) {
    if let Some(other) = input.claims.get(key) {
        diff.errors.push(format!("the view belongs to namespace \"{other}\""));
    }
    if known.live_tables.contains(key) {
        if known.base_tables.contains(key) && !tables.contains(key) {
            diff.replaces_table = true;
        } else {
            diff.errors.push("the name is taken by an unmanaged table: rename or drop it".to_owned());
        }
    }
}

/// Compares a view of the model with the one of that name that is live (rule V2).
fn compare(input: &Input<'_>, diff: &mut ViewDiff, managed: bool, retypes: bool) {
    let dialect = input.dialect;
    let (Some(desired), Some(live)) = (&mut diff.desired, &diff.live) else { return };
    let otherwise = retypes && says_otherwise(input, desired);
    let same = dialect.same_query(&desired.sql, &live.sql) && desired.materialized == live.materialized && !otherwise;
    diff.kind = if same { ViewKind::Same } else { ViewKind::Change };
    let capabilities = dialect.capabilities();
    let replaceable =
        capabilities.replace_view_columns || capabilities.replace_view && !retypes && keeps_columns(desired, live);
    diff.in_place = !same && replaceable;
    if !same && !managed {
        diff.errors.push(
            "a view of that name is there, is unmanaged and has another definition: rename or drop it".to_owned(),
        );
    }
    if otherwise {
        let written = desired.written.take();
        desired.sql = written.unwrap_or_else(|| std::mem::take(&mut desired.sql));
    }
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
    match &diff.live {
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
