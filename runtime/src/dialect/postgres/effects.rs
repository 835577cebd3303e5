//! What each change does to those who use the table: the lock that it takes, and whether it reads or writes all rows.

use super::types;
use crate::catalog::Column;
use crate::change::{Change, Hazard, Impact};

pub(crate) const ACCESS_EXCLUSIVE: &str = "ACCESS EXCLUSIVE";
pub(crate) const SHARE_ROW_EXCLUSIVE: &str = "SHARE ROW EXCLUSIVE";
pub(crate) const SHARE: &str = "SHARE";
pub(crate) const SHARE_UPDATE_EXCLUSIVE: &str = "SHARE UPDATE EXCLUSIVE";

/// A lock, whom it keeps waiting, and what else.
pub(crate) fn effect(lock: &'static str, others: &[Hazard]) -> Impact {
    let mut hazards = others.to_vec();
    match lock {
        ACCESS_EXCLUSIVE => hazards.extend([Hazard::BlocksWrites, Hazard::BlocksReads]),
        SHARE | SHARE_ROW_EXCLUSIVE => hazards.push(Hazard::BlocksWrites),
        _ => {}
    }
    hazards.sort_unstable();
    Impact { lock: Some(lock), hazards }
}

/// What the change does.
pub(crate) fn of(change: &Change) -> Impact {
    match change {
        Change::CreateTable { .. }
        | Change::CreateView { .. }
        | Change::RebuildTable(_)
        // Types are no tables: nobody who reads or writes waits.
        | Change::CreateType { .. }
        | Change::RenameType { .. }
        | Change::DropType { .. }
        | Change::AddLabel { .. }
        | Change::RenameLabel { .. } => Impact::default(),
        Change::AddColumn { column, .. } if rewrites_when_added(column) => {
            effect(ACCESS_EXCLUSIVE, &[Hazard::RewritesTable])
        }
        Change::AlterColumn { from, to, .. } => alter_column(from, to),
        Change::AlterTable { changes, .. } => together(changes),
        Change::AlterPrimaryKey { to: Some(_), .. } | Change::AddCheck { .. } => {
            effect(ACCESS_EXCLUSIVE, &[Hazard::ScansTable])
        }
        Change::CreateIndex { .. } => effect(SHARE, &[Hazard::ScansTable]),
        Change::AddForeignKey { .. } | Change::RestoreForeignKey { .. } => {
            effect(SHARE_ROW_EXCLUSIVE, &[Hazard::ScansTable])
        }
        Change::SetOption { key, .. } if key == "unlogged" => effect(ACCESS_EXCLUSIVE, &[Hazard::RewritesTable]),
        Change::SetOption { .. } | Change::SetTableComment { .. } | Change::RenameIndex { .. } => {
            effect(SHARE_UPDATE_EXCLUSIVE, &[])
        }
        Change::DropTable { .. }
        | Change::RenameTable { .. }
        | Change::AddColumn { .. }
        | Change::RenameColumn { .. }
        | Change::DropColumn { .. }
        | Change::AlterPrimaryKey { .. }
        | Change::DropIndex { .. }
        | Change::RenameConstraint { .. }
        | Change::RenamePrimaryKey { .. }
        | Change::RenameSequence { .. }
        | Change::DropForeignKey { .. }
        | Change::DropCheck { .. }
        | Change::ReplaceView { .. }
        | Change::DropView { .. }
        | Change::SuspendView { .. }
        | Change::SuspendForeignKey { .. }
        | Change::RestoreView { .. } => effect(ACCESS_EXCLUSIVE, &[]),
    }
}

/// The strongest lock of them all, and all that they do.
fn together(changes: &[Change]) -> Impact {
    const STRENGTH: [&str; 4] = [SHARE_UPDATE_EXCLUSIVE, SHARE, SHARE_ROW_EXCLUSIVE, ACCESS_EXCLUSIVE];
    let impacts: Vec<Impact> = changes.iter().map(of).collect();
    let strength = |impact: &&Impact| STRENGTH.iter().position(|lock| impact.lock == Some(lock));
    let lock = impacts.iter().max_by_key(strength).and_then(|impact| impact.lock);
    let mut hazards: Vec<Hazard> = impacts.iter().flat_map(|impact| impact.hazards.iter().copied()).collect();
    hazards.sort_unstable();
    hazards.dedup();
    Impact { lock, hazards }
}

/// Old rows get a value each of their own: one that is the same for all is kept in the catalog.
fn rewrites_when_added(column: &Column) -> bool {
    let stored = column.generated.as_ref().is_some_and(|generated| generated.stored);
    let differs = column.default.as_ref().is_some_and(|default| default.reads.volatile);
    stored || column.identity.is_some() || differs
}

fn alter_column(from: &Column, to: &Column) -> Impact {
    let mut hazards = Vec::new();
    if from.ty != to.ty && !keeps_rows(&from.ty, &to.ty) || from.generated != to.generated {
        hazards.push(Hazard::RewritesTable);
    }
    if from.nullable && !to.nullable {
        hazards.push(Hazard::ScansTable);
    }
    let remark = Column { comment: to.comment.clone(), ..from.clone() };
    if remark == *to { effect(SHARE_UPDATE_EXCLUSIVE, &[]) } else { effect(ACCESS_EXCLUSIVE, &hazards) }
}

/// Whether the rows stay as they are: the type has only more room, so that every value is stored as it was.
fn keeps_rows(from: &str, to: &str) -> bool {
    let (old, new) = (types::modifiers(from), types::modifiers(to));
    if types::is_array(from) || types::is_array(to) {
        return false;
    }
    let is_text = |ty: &str| matches!(types::base(ty).as_str(), "text" | "character varying");
    let longest = |modifiers: &[u32]| modifiers.first().copied().unwrap_or(u32::MAX);
    if is_text(from) && is_text(to) {
        return longest(&old) <= longest(&new);
    }
    match (types::base(from) == types::base(to), types::base(to).as_str()) {
        (true, "numeric") => match (old.as_slice(), new.as_slice()) {
            (_, []) => true,
            ([p, s @ ..], [q, t @ ..]) => p <= q && s.first().unwrap_or(&0) == t.first().unwrap_or(&0),
            ([], _) => false,
        },
        (true, _) => types::keeps_fractions(from, to),
        (false, _) => false,
    }
}
