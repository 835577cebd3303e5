//! Foreign keys compared before and after a unit (rule X3).

use super::error::StepError;
use crate::catalog::Name;
use crate::change::Change;
use crate::dialect::Session;
use crate::plan::Step;
use std::collections::BTreeMap;

/// The violations that were there before a unit changed anything.
pub(super) struct ForeignKeyGuard<'a> {
    tables: &'a [Name],
    before: Option<Vec<String>>,
}

impl<'a> ForeignKeyGuard<'a> {
    pub(super) fn new(tables: &'a [Name]) -> Self {
        Self { tables, before: None }
    }

    /// Looks, before the first step that could break a key. Renames come first: after them the tables have the names that they keep.
    pub(super) async fn check<S: Session>(&mut self, session: &mut S, step: &Step) -> Result<(), StepError> {
        if self.before.is_none() && !self.tables.is_empty() && !breaks_no_key(&step.change) {
            self.before = Some(session.violations(self.tables).await?);
        }
        Ok(())
    }

    /// Fails where the unit has broken a key.
    pub(super) async fn compare<S: Session>(self, session: &mut S) -> Result<(), StepError> {
        let Some(before) = self.before else { return Ok(()) };
        let after = session.violations(self.tables).await?;
        new_violations(before, after).map_or(Ok(()), |error| Err(error.into()))
    }
}

fn breaks_no_key(change: &Change) -> bool {
    matches!(
        change,
        Change::RenameTable { .. } | Change::RenameColumn { .. } | Change::DropView { .. } | Change::SuspendView { .. }
    )
}

/// Only violations that were not there before count. The number of the key is not compared: a rebuild may change it.
fn new_violations(before: Vec<String>, after: Vec<String>) -> Option<String> {
    let bare = |violation: &str| violation.split(" (key ").next().unwrap_or_default().to_owned();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for violation in before {
        *known.entry(bare(&violation)).or_default() += 1;
    }
    let mut new = Vec::new();
    for violation in after {
        match known.get_mut(&bare(&violation)) {
            Some(left) if *left > 0 => *left -= 1,
            _ => new.push(violation),
        }
    }
    let first = new.first()?;
    Some(format!(
        "{} would violate a foreign key (for example {first})",
        crate::plan::data_checks::counted(new.len() as u64, "row")
    ))
}
