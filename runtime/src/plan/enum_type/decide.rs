//! What is done with each type.

use super::type_usage::{TypeUsage, TypeUsages, words};
use super::used::in_this_run;
use super::{TypePlan, TypePlans};
use crate::catalog::{Catalog, EnumType, Name, TEMPORARY_PREFIX, UseKind, fit_identifier};
use crate::change::{Change, DataCheck, LabelPlace, Risk};
use crate::diff::Input;
use crate::diff::enum_type::{TypeDiff, diff};
use crate::plan::build::Planning;
use crate::plan::data_checks::{DataChecks, counted, samples};
use crate::plan::entry_change::EntryChange;
use crate::plan::types::{EntryStatus, Renamed, Withheld, WithheldReason};

/// One pass; to be done again while it leaves questions open in `facts`. `separate`: each entry is committed by itself (online mode).
pub(crate) fn decide(
    input: &Input<'_>,
    live: &Catalog,
    planning: Planning,
    separate: bool,
    data_checks: &DataChecks,
) -> TypePlans {
    let diffs = diff(input, live);
    if diffs.is_empty() {
        return TypePlans::default();
    }
    let usages = TypeUsages::new(input, planning.safe);
    let deciding = Deciding { input, live, planning, separate, data_checks, usages };
    TypePlans { types: diffs.iter().map(|diff| deciding.one(diff)).collect() }
}

struct Deciding<'a> {
    input: &'a Input<'a>,
    live: &'a Catalog,
    planning: Planning,
    separate: bool,
    data_checks: &'a DataChecks,
    usages: TypeUsages<'a>,
}

impl Deciding<'_> {
    fn one(&self, diff: &TypeDiff<'_>) -> TypePlan {
        let mut plan = TypePlan {
            name: diff.name.clone(),
            status: EntryStatus::InSync,
            renamed_from: diff.renamed_from.clone(),
            before: diff.base.cloned(),
            live: diff.live.cloned(),
            target: diff.live.cloned(),
            errors: diff.errors.clone(),
            ..TypePlan::default()
        };
        match (diff.desired, diff.live) {
            _ if !plan.errors.is_empty() => {}
            (Some(desired), None) => {
                plan.status = EntryStatus::Create;
                plan.labels_added.clone_from(&desired.labels);
                plan.target = Some(desired.clone());
                plan.after = Some(desired.clone());
                plan.changes.push((Change::CreateType { ty: desired.clone() }, Risk::Safe));
            }
            (Some(desired), Some(live)) => self.alter(diff, desired, live, &mut plan),
            (None, Some(live)) => self.remove(live, &mut plan),
            (None, None) => {}
        }
        if !plan.errors.is_empty() {
            plan.status = EntryStatus::Error;
            plan.after.clone_from(&plan.before);
            plan.target.clone_from(&plan.live);
            plan.changes.clear();
            plan.superseded = None;
            plan.renamed_from = None;
            plan.labels_added.clear();
            plan.labels_renamed.clear();
            plan.labels_dropped.clear();
            plan.other_changes.clear();
        }
        plan
    }

    fn alter(&self, diff: &TypeDiff<'_>, desired: &EnumType, live: &EnumType, plan: &mut TypePlan) {
        let labels = &diff.labels;
        let name = &diff.name;
        let mut kept = labels.unmanaged.clone();
        let mut removed = labels.removed.clone();
        if self.planning.safe {
            let held = removed.iter().map(|label| format!("remove label \"{label}\""));
            plan.withheld.extend(held.map(|what| Withheld::new(what, WithheldReason::SafeMode, "")));
            kept.append(&mut removed);
        }
        for label in &labels.unmanaged {
            plan.unmanaged.push(format!("label \"{label}\""));
            plan.warnings.push(format!(
                "unmanaged label \"{label}\" is none of the model's: rows that have it cannot be read as the enum"
            ));
        }
        if labels.other_order && !labels.reordered {
            plan.warnings.push(format!(
                "its labels are in another order than the model's ({}): ORDER BY follows the database",
                labels.live.join(", ")
            ));
        }
        for label in &removed {
            self.refuse_used(diff, live, label, &mut plan.errors);
        }
        if let Some(from) = &diff.renamed_from {
            plan.changes.push((Change::RenameType { from: from.clone(), to: name.clone() }, Risk::Safe));
        }
        for (from, to) in &labels.renamed {
            let change = Change::RenameLabel { name: name.clone(), from: from.clone(), to: to.clone() };
            plan.changes.push((change, Risk::Safe));
            plan.labels_renamed.push(Renamed { from: from.clone(), to: to.clone() });
        }
        let used = || in_this_run(self.input, self.live, &self.usages, desired, live, &labels.added);
        let why = match () {
            () if !removed.is_empty() => Some("a label goes"),
            () if labels.reordered => Some("its labels change their order"),
            () if !labels.added.is_empty() && !self.separate && used() => {
                Some("a new label is used in the run that adds it")
            }
            () => None,
        };
        plan.labels_added.clone_from(&labels.added);
        let mut target = EnumType { restore: Vec::new(), uses: Vec::new(), ..desired.clone() };
        if let Some(why) = why {
            target.labels = merged(&desired.labels, &labels.live, &kept);
            target.restore.clone_from(&live.restore);
            self.refuse_foreign(diff, live, why, &mut plan.errors);
            let risk = if removed.is_empty() { Risk::Safe } else { Risk::Lossy };
            let superseded = self.superseded(name);
            plan.changes.push((Change::RenameType { from: name.clone(), to: superseded.clone() }, Risk::Safe));
            plan.changes.push((Change::CreateType { ty: target.clone() }, risk));
            plan.superseded = Some(EnumType {
                ty: self.input.dialect.type_text(&superseded),
                name: superseded,
                labels: labels.live.clone(),
                ..EnumType::default()
            });
            if labels.reordered {
                let (from, to) = (labels.live.clone(), target.labels.clone());
                plan.other_changes.push(EntryChange::LabelOrder { from, to });
            }
            plan.labels_dropped = removed;
        } else {
            target.labels.clone_from(&labels.live);
            for label in &labels.added {
                let place = place(&desired.labels, &target.labels, label);
                insert(&mut target.labels, label, &place);
                let change = Change::AddLabel { name: name.clone(), label: label.clone(), place };
                plan.changes.push((change, Risk::Safe));
            }
        }
        if !plan.changes.is_empty() {
            plan.status = EntryStatus::Alter;
        }
        plan.target = Some(target);
        let held: Vec<String> = labels.removed.iter().filter(|label| kept.contains(label)).cloned().collect();
        let remembered = merged(&desired.labels, &labels.live, &held);
        plan.after = Some(EnumType { labels: remembered, ..desired.clone() });
    }

    /// The name of an old type while a new one has its name.
    fn superseded(&self, name: &Name) -> Name {
        let limit = self.input.dialect.capabilities().identifier_limit;
        Name {
            schema: name.schema.clone(),
            name: fit_identifier(&format!("{TEMPORARY_PREFIX}type_{}", name.name), limit),
        }
    }

    /// Values that have a label which goes, in all columns that stay of the type.
    fn refuse_used(&self, diff: &TypeDiff<'_>, live_type: &EnumType, label: &str, errors: &mut Vec<String>) {
        let renamed = diff.labels.renamed.iter().find(|(_, to)| to == label);
        let live = renamed.map_or(label, |(from, _)| from.as_str());
        for what in live_type.uses.iter().filter(|what| what.kind == UseKind::Column) {
            if matches!(
                self.usages.of(self.live, live_type, diff.desired, what),
                TypeUsage::Dropped | TypeUsage::ChangesType
            ) {
                continue;
            }
            let table = self.live.tables.get(&what.table);
            let answer = self.data_checks.result(DataCheck::Labels {
                table: what.table.clone(),
                column: what.name.clone(),
                array: what.array,
                labels: vec![live.to_owned()],
                key: table
                    .and_then(|table| table.primary_key.as_ref())
                    .map(|key| key.columns.clone())
                    .unwrap_or_default(),
            });
            if let Some(said) = &answer.raised {
                errors.push(format!("whether {} has the label \"{label}\" cannot be looked at: {said}", words(what)));
            } else if answer.count > 0 {
                errors.push(format!(
                    "label \"{label}\" cannot be removed: {} of {}.{} {} it{}. Nothing was changed: mend them first",
                    counted(answer.count, "value"),
                    what.table,
                    what.name,
                    if answer.count == 1 { "has" } else { "have" },
                    samples(&answer)
                ));
            }
        }
    }

    /// What would be left behind when the type is recreated.
    fn refuse_foreign(&self, diff: &TypeDiff<'_>, live: &EnumType, why: &str, errors: &mut Vec<String>) {
        let foreign =
            live.uses.iter().filter(|what| self.usages.of(self.live, live, diff.desired, what) == TypeUsage::Unmanaged);
        errors.extend(foreign.map(|what| {
            format!(
                "the type has to be recreated, because {why}: {} uses it, which is unmanaged; alter or drop that first",
                words(what)
            )
        }));
    }

    /// Rules M1, T3: a type of ours that the model does not have any more goes once nothing uses it.
    fn remove(&self, live: &EnumType, plan: &mut TypePlan) {
        let mut why = Vec::new();
        if !self.planning.safe {
            for what in &live.uses {
                let stays = match self.usages.of(self.live, live, None, what) {
                    TypeUsage::Unmanaged | TypeUsage::Kept => true,
                    TypeUsage::Dropped | TypeUsage::ChangesType => false,
                    TypeUsage::View => self.keeps(live, &what.table),
                };
                if stays {
                    why.push(format!("{} uses it", words(what)));
                }
            }
            why.dedup();
        }
        plan.after.clone_from(&plan.before);
        let what = "drop the type".to_owned();
        if self.planning.safe {
            plan.withheld.push(Withheld::new(what, WithheldReason::SafeMode, ""));
        } else if why.is_empty() {
            plan.status = EntryStatus::Drop;
            plan.after = None;
        } else {
            plan.withheld.push(Withheld::new(what, WithheldReason::InUse, &why.join(", ")));
        }
    }

    /// Whether a view mentions the type by its name, so that it cannot be recreated without it; one that changes or goes does not
    /// keep it.
    fn keeps(&self, ty: &EnumType, view: &Name) -> bool {
        let Some(live) = self.live.views.get(view) else { return true };
        let desired = self.input.lowered.catalog.views.get(view);
        let ours = self.input.base.views.contains_key(view);
        match desired.filter(|_| ours) {
            // Once the columns have changed it is made of what the model says.
            Some(desired) => desired.written.as_ref().unwrap_or(&desired.sql).reads.types.contains(&ty.name),
            None => !ours && live.sql.reads.types.contains(&ty.name),
        }
    }
}

/// The model's labels in its order, and those that are kept, each after the one that it stands after now.
fn merged(desired: &[String], live: &[String], kept: &[String]) -> Vec<String> {
    let mut merged = desired.to_vec();
    for (at, label) in live.iter().enumerate().filter(|(_, label)| kept.contains(label)) {
        let before = live[..at].iter().rev().find_map(|other| merged.iter().position(|known| known == other));
        merged.insert(before.map_or(0, |before| before + 1), label.clone());
    }
    merged
}

/// Where a new label stands among those that are there.
fn place(desired: &[String], there: &[String], label: &String) -> LabelPlace {
    let at = desired.iter().position(|known| known == label).unwrap_or(0);
    let is_there = |other: &&String| there.contains(other);
    if let Some(before) = desired[..at].iter().rev().find(is_there) {
        return LabelPlace::After(before.clone());
    }
    match desired[at..].iter().find(is_there) {
        Some(after) => LabelPlace::Before(after.clone()),
        None => LabelPlace::Only,
    }
}

fn insert(labels: &mut Vec<String>, label: &str, place: &LabelPlace) {
    let position = |other: &String| labels.iter().position(|known| known == other);
    let at = match place {
        LabelPlace::After(other) => position(other).map(|at| at + 1),
        LabelPlace::Before(other) => position(other),
        LabelPlace::Only => None,
    };
    labels.insert(at.unwrap_or(labels.len()), label.to_owned());
}
