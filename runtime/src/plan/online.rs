//! Online mode: what would keep the writers of a table waiting is done once the entries are done, in short transactions of its own.
//!
//! What is left in its entry is quick, and stands or falls as always; what comes later leaves a usable table at every point, and a
//! run that comes after a crash finds it by looking.

use super::build::Planned;
use super::types::{EntryStatus, Plan, Step};
use crate::catalog::IndexKind;
use crate::catalog::{Column, ONLINE_PREFIX};
use crate::change::Change;
use crate::dialect::Dialect;
use crate::diff::folded;
use std::collections::{BTreeMap, BTreeSet};

/// Takes out of the entries what is better done online: indexes first, then columns and checks, then foreign keys.
pub(crate) fn split(dialect: &dyn Dialect, planned: &mut Planned) {
    let plan = &mut planned.plan;
    plan.online = true;
    let mut later = Later::default();
    let steps = std::mem::take(&mut plan.steps);
    let late_targets = late_targets(dialect, plan, &steps);
    let mut kept: Vec<Kept> = Vec::with_capacity(steps.len());
    for (at, step) in steps.into_iter().enumerate() {
        let in_use = plan.entries[step.entry].status != EntryStatus::Create;
        let waits = matches!(&step.change, Change::AddForeignKey { foreign_key, .. }
            if late_targets.contains(&folded(dialect, &foreign_key.target)));
        if !in_use && !waits {
            kept.push(Kept { at, step });
            continue;
        }
        if let Some(step) = later.take(dialect, step, &mut kept) {
            kept.push(Kept { at, step });
        }
    }
    // An old index is dropped once the new ones are there; what a broken run has left makes room for them.
    let mut drops = Vec::new();
    let standing: Vec<Step> =
        kept.iter().map(|kept| &kept.step).filter(|step| later.may_wait(&kept, step)).cloned().collect();
    for step in standing {
        let Some(parts) = parts(dialect, &step, false) else { continue };
        kept.retain(|other| other.step != step);
        match &step.change {
            Change::DropIndex { index, .. } if index.invalid || index.name.starts_with(ONLINE_PREFIX) => {
                drops.splice(0..0, parts);
            }
            _ => later.drops.extend(parts),
        }
    }
    let later = drops.into_iter().chain(later.indexes).chain(later.drops).chain(later.columns).chain(later.keys);
    let places: BTreeMap<usize, usize> = kept.iter().enumerate().map(|(place, kept)| (kept.at, place)).collect();
    for unit in &mut plan.units {
        unit.steps = unit.steps.iter().filter_map(|at| places.get(at).copied()).collect();
    }
    plan.steps = kept.into_iter().map(|kept| kept.step).chain(later).collect();
}

/// A step that is done in its unit, and its position before.
struct Kept {
    at: usize,
    step: Step,
}

/// Tables in use whose unique indexes come later: keys that point to them come later still.
fn late_targets(dialect: &dyn Dialect, plan: &Plan, steps: &[Step]) -> BTreeSet<crate::catalog::Name> {
    let late = steps.iter().filter(|step| plan.entries[step.entry].status != EntryStatus::Create);
    late.filter_map(|step| match &step.change {
        Change::CreateIndex { table, index } if index.kind == IndexKind::Unique => Some(folded(dialect, table)),
        _ => None,
    })
    .collect()
}

#[derive(Default)]
struct Later {
    indexes: Vec<Step>,
    drops: Vec<Step>,
    columns: Vec<Step>,
    keys: Vec<Step>,
}

impl Later {
    /// Takes the step, or what of it comes later; gives back what is done with the entry.
    fn take(&mut self, dialect: &dyn Dialect, step: Step, kept: &mut Vec<Kept>) -> Option<Step> {
        match &step.change {
            Change::CreateIndex { table, index } => {
                let replaced = kept.iter().map(|kept| &kept.step).position(|other| {
                    other.entry == step.entry
                        && matches!(&other.change, Change::DropIndex { table: on, index: old } if on == table && old.name == index.name && !old.constraint)
                });
                // One that goes before a column changes its type does not stay until the new one is there.
                if replaced.is_some()
                    && kept
                        .iter()
                        .map(|kept| &kept.step)
                        .any(|other| other.entry == step.entry && retypes(&other.change))
                {
                    return Some(step);
                }
                let Some(parts) = parts(dialect, &step, replaced.is_some()) else { return Some(step) };
                // The old one stays until the new one is there.
                replaced.map(|at| kept.remove(at));
                self.indexes.extend(parts);
                None
            }
            Change::AddCheck { .. } => match parts(dialect, &step, false) {
                Some(parts) => {
                    self.columns.extend(parts);
                    None
                }
                None => Some(step),
            },
            Change::AddForeignKey { .. } => match parts(dialect, &step, false) {
                Some(parts) => {
                    self.keys.extend(parts);
                    None
                }
                None => Some(step),
            },
            Change::AlterColumn { from, to, .. } if becomes_required(from, to) => {
                let in_key = kept
                    .iter()
                    .map(|kept| &kept.step)
                    .any(|other| other.entry == step.entry && matches!(other.change, Change::AlterPrimaryKey { .. }));
                if in_key { Some(step) } else { self.required(dialect, step) }
            }
            _ => Some(step),
        }
    }

    /// Whether an index that goes is in nobody's way until then.
    fn may_wait(&self, steps: &[Kept], step: &Step) -> bool {
        let in_the_way = |other: &Step| {
            other.entry == step.entry
                && match &other.change {
                    Change::DropTable { .. } | Change::DropColumn { .. } | Change::AlterPrimaryKey { .. } => true,
                    Change::AlterColumn { from, to, .. } => from.ty != to.ty || from.collate != to.collate,
                    Change::RenameIndex { to, .. } => {
                        matches!(&step.change, Change::DropIndex { index, .. } if index.name == *to)
                    }
                    _ => false,
                }
        };
        matches!(step.change, Change::DropIndex { .. }) && !steps.iter().map(|kept| &kept.step).any(in_the_way)
    }

    /// A column that becomes required does so later; its other properties change with the entry.
    fn required(&mut self, dialect: &dyn Dialect, step: Step) -> Option<Step> {
        let Change::AlterColumn { table, from, to, lossy } = &step.change else { return Some(step) };
        let optional = Column { nullable: true, ..to.clone() };
        let (now, then) = (
            Change::AlterColumn { table: table.clone(), from: from.clone(), to: optional.clone(), lossy: *lossy },
            Change::AlterColumn { table: table.clone(), from: optional.clone(), to: to.clone(), lossy: false },
        );
        let rest = Step { change: then, ..step.clone() };
        let Some(parts) = parts(dialect, &rest, false) else { return Some(step) };
        if *from == optional {
            self.columns.extend(parts);
            return None;
        }
        let Ok(statements) = dialect.render(&now) else { return Some(step) };
        self.columns.extend(parts);
        let mut now = Step { change: now, statements, ..step };
        super::effects::note(dialect, &mut now);
        Some(now)
    }
}

fn retypes(change: &Change) -> bool {
    matches!(change, Change::AlterColumn { from, to, .. } if from.ty != to.ty || from.collate != to.collate)
}

fn becomes_required(from: &Column, to: &Column) -> bool {
    from.nullable && !to.nullable && to.generated.is_none() && to.identity.is_none()
}

/// The steps of a change that is done online.
fn parts(dialect: &dyn Dialect, step: &Step, replaces: bool) -> Option<Vec<Step>> {
    let parts = dialect.render_online(&step.change, replaces)?;
    Some(
        parts
            .into_iter()
            .map(|part| Step {
                risk: step.risk,
                hazards: part.effect.hazards,
                optional: true,
                lock: part.effect.lock.map(str::to_owned),
                isolation: part.isolation,
                compensation: part.compensation,
                ..Step::new(step.entry, step.change.clone(), part.statements)
            })
            .collect(),
    )
}
