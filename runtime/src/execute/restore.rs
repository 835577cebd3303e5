//! Objects that go while something changes and come back as they were.

use super::error::StepError;
use crate::catalog::ForeignKey;
use crate::change::{Change, Statement};
use crate::dialect::{Result, Session};
use crate::plan::Step;
use std::collections::BTreeMap;

/// The definitions of what a unit has taken down, as the database held them right before.
#[derive(Default)]
pub(super) struct Definitions {
    saved: BTreeMap<String, String>,
}

impl Definitions {
    /// Reads what the step is about to take down.
    pub(super) async fn save<S: Session>(&mut self, session: &mut S, step: &Step) -> Result<(), StepError> {
        match &step.change {
            Change::SuspendView { view } => self.saved.extend(session.definitions(&view.name).await?),
            Change::SuspendForeignKey { table, foreign_key: ForeignKey { name: Some(name), .. } } => {
                // Keys of several tables may bear one name.
                let sql = session.definitions(table).await?.remove(name);
                self.saved.extend(sql.map(|sql| (format!("{table} {name}"), sql)));
            }
            Change::RebuildTable(rebuild) if step.statements.iter().any(|s| matches!(s, Statement::Restore { .. })) => {
                self.saved.extend(session.definitions(&rebuild.from.name).await?);
            }
            _ => {}
        }
        Ok(())
    }

    /// The SQL that was read last under that name.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.saved.get(name).map(String::as_str)
    }
}
