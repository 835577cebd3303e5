//! Objects that go while something changes and come back as they were.

use super::Job;
use super::error::StepError;
use crate::catalog::ForeignKey;
use crate::change::{Change, Statement};
use crate::dialect::Session;
use crate::error::Result;
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

/// A view that was dropped in this run and could not be created again gets its old definition back where that still works. To be
/// removed once a unit holds the drop of a view and its creation.
pub(super) async fn put_back_views<S: Session>(session: &mut S, job: &Job<'_>, unit: usize) -> Result<()> {
    for step in job.plan.units[unit].steps.iter().map(|&at| &job.plan.steps[at]) {
        let Change::CreateView { .. } = &step.change else { continue };
        let Some(&old) = job.previous_views.get(&step.entry) else { continue };
        let change = Change::CreateView { view: old.clone() };
        let Ok(statements) = session.dialect().render(&change) else { continue };
        session.begin_unit().await?;
        let mut failed = false;
        for statement in &statements {
            failed |= match statement {
                Statement::Execute(sql) => session.execute(sql).await.is_err(),
                Statement::AssertEmpty { query, .. } => session.query(query).await.is_err(),
                Statement::Restore { .. } | Statement::Copy { .. } => false,
            };
        }
        if failed {
            session.rollback_unit().await?;
        } else {
            session.commit_unit().await?;
        }
    }
    Ok(())
}
