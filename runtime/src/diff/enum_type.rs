//! Enum types of the model and of the base against those that are there.

use super::{Input, folded};
use crate::catalog::{Catalog, EnumType, Name};
use std::collections::BTreeSet;

/// An enum type, and how it differs from what is there.
#[derive(Debug)]
pub(crate) struct TypeDiff<'a> {
    pub(crate) name: Name,
    /// Its name before this run, where it is another.
    pub(crate) renamed_from: Option<Name>,
    /// What the model wants; `None`: the model does not have it any more.
    pub(crate) desired: Option<&'a EnumType>,
    /// What is there, as it is.
    pub(crate) live: Option<&'a EnumType>,
    /// What the last run left.
    pub(crate) base: Option<&'a EnumType>,
    pub(crate) labels: LabelDiff,
    pub(crate) errors: Vec<String>,
}

/// The labels of a type that is there against those of the model.
#[derive(Debug, Default)]
pub(crate) struct LabelDiff {
    /// Old and new names, in the order in which they can be done.
    pub(crate) renamed: Vec<(String, String)>,
    /// What is there once the renames are done, in the type's order.
    pub(crate) live: Vec<String>,
    pub(crate) added: Vec<String>,
    /// Ours, and not in the model any more.
    pub(crate) removed: Vec<String>,
    /// Nobody's.
    pub(crate) unmanaged: Vec<String>,
    /// The order is not that of the model.
    pub(crate) other_order: bool,
    /// … and the model's has changed since the last run. One that was found is as good as the model's.
    pub(crate) reordered: bool,
}

/// Compares the types. Those of the model first, in order; then those that the model does not have any more.
pub(crate) fn diff<'a>(input: &Input<'a>, live_catalog: &'a Catalog) -> Vec<TypeDiff<'a>> {
    let types = &input.lowered.catalog.types;
    if types.is_empty() && input.base.types.is_empty() {
        return Vec::new();
    }
    let renamed = &input.renames.types;
    let mut diffs = Vec::with_capacity(types.len());
    for (name, desired) in types {
        let renamed_from = renamed.get(name).cloned();
        let old = renamed_from.as_ref().unwrap_or(name);
        let live_type = live_catalog.types.get(old);
        let base = input.base.types.get(old).or_else(|| input.base.types.get(name));
        let mut diff = TypeDiff {
            name: name.clone(),
            desired: Some(desired),
            live: live_type,
            base,
            labels: LabelDiff::default(),
            errors: input.renames.type_errors.get(name).cloned().unwrap_or_default(),
            renamed_from,
        };
        diff.errors.extend(input.lowered.errors.get(name).into_iter().flatten().cloned());
        if let Some(other) = input.claims.get(&folded(input.dialect, name)) {
            diff.errors.push(format!(
                "the type belongs to namespace \"{other}\": give it another name, or sync it from one namespace only"
            ));
        }
        match live_type {
            Some(EnumType { other: Some(what), .. }) => diff.errors.push(format!(
                "the name is taken by {what}, which is no enum type: rename or drop it, or give the enum another name"
            )),
            Some(live_type) => labels(input, desired, live_type, &mut diff),
            None => {}
        }
        diffs.push(diff);
    }
    let moved: BTreeSet<&Name> = renamed.values().collect();
    for (name, base) in &input.base.types {
        let live = live_catalog.types.get(name).filter(|live| live.other.is_none());
        if types.contains_key(name) || moved.contains(name) || live.is_none() {
            continue;
        }
        diffs.push(TypeDiff {
            name: name.clone(),
            renamed_from: None,
            desired: None,
            live,
            base: Some(base),
            labels: LabelDiff::default(),
            errors: Vec::new(),
        });
    }
    diffs
}

fn labels(input: &Input<'_>, desired: &EnumType, live_type: &EnumType, diff: &mut TypeDiff<'_>) {
    let resolved = input.renames.labels.get(&diff.name).cloned().unwrap_or_default();
    let mut known: Vec<String> = diff.base.map(|base| base.labels.clone()).unwrap_or_default();
    for conflict in &resolved.conflicts {
        diff.errors.push(format!(
            "Label rename conflict on {}: cannot rename \"{}\" → \"{}\" because \"{}\" already exists.",
            diff.name, conflict.from, conflict.to, conflict.because
        ));
    }
    let follow = |labels: &mut Vec<String>, from: &str, to: &str| {
        for label in labels.iter_mut().filter(|label| *label == from) {
            to.clone_into(label);
        }
    };
    let mut live = live_type.labels.clone();
    for (from, to) in &resolved.ordered {
        follow(&mut live, from, to);
        follow(&mut known, from, to);
    }
    let within = |labels: &[String], others: &[&[String]]| -> Vec<String> {
        labels.iter().filter(|label| others.iter().all(|other| other.contains(label))).cloned().collect()
    };
    let without = |labels: &[String], other: &[String]| -> Vec<String> {
        labels.iter().filter(|label| !other.contains(label)).cloned().collect()
    };
    let extra = without(&live, &desired.labels);
    let other_order = within(&desired.labels, &[&live]) != within(&live, &[&desired.labels]);
    let changed_its_mind =
        within(&desired.labels, &[&known, &live]) != within(&known, &[desired.labels.as_slice(), &live]);
    diff.labels = LabelDiff {
        renamed: resolved.ordered,
        added: without(&desired.labels, &live),
        removed: within(&extra, &[&known]),
        unmanaged: without(&extra, &known),
        other_order,
        reordered: other_order && diff.base.is_some() && changed_its_mind,
        live,
    };
}
