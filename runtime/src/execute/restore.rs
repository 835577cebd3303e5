//! Objects that go while something changes and come back as they were.

use super::error::StepError;
use crate::catalog::Name;
use crate::change::{Change, Statement};
use crate::dialect::{Result, Session};
use crate::plan::Step;
use std::collections::BTreeMap;

/// The definitions of what a unit has taken down, as the database held them right before.
#[derive(Default)]
pub(super) struct Definitions {
    /// By the view or table, and the part of it.
    saved: BTreeMap<(Name, Option<String>), String>,
}

impl Definitions {
    /// Reads what the step is about to take down.
    pub(super) async fn save<S: Session>(&mut self, session: &mut S, step: &Step) -> Result<(), StepError> {
        let object = match &step.change {
            Change::SuspendView { view } => &view.name,
            Change::SuspendForeignKey { table, .. } => table,
            Change::RebuildTable(rebuild) if step.statements.iter().any(|s| matches!(s, Statement::Restore { .. })) => {
                &rebuild.from.name
            }
            _ => return Ok(()),
        };
        let definitions = session.definitions(object).await?;
        self.saved.extend(definitions.into_iter().map(|(part, sql)| ((object.clone(), part), sql)));
        Ok(())
    }

    /// The SQL that was read last of that object, or of that part of it.
    pub(super) fn get(&self, object: &Name, part: Option<&str>) -> Option<&str> {
        self.saved.get(&(object.clone(), part.map(str::to_owned))).map(String::as_str)
    }
}
