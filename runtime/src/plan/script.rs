//! Plans as scripts: what the database's own client runs as it is.

use super::types::{Entry, EntryStatus, Plan, Step};
use crate::change::Statement;
use crate::dialect::script::{self, Script, ScriptStep};
use std::collections::BTreeSet;

impl Plan {
    /// The plan as a script that the database's own client runs as it is: `sqlite3 -bail`, `psql -v ON_ERROR_STOP=1`. It does what a run
    /// does, checks what a run checks, and stops at the first error, all or nothing as far as the database can.
    ///
    /// It does not write down what it has done: the next sync of the same model finds nothing left to do, and does. What has errors is
    /// not in it, and says so at its head. A change that a run would leave out alone when it fails stops the script.
    pub fn to_sql(&self) -> String {
        script::write(&self.dialect, &self.script()).unwrap_or_else(|| self.listing())
    }

    fn script(&self) -> Script<'_> {
        let mut head = vec![format!("Plan for namespace \"{}\" on {}", self.namespace, self.dialect)];
        if self.superseded {
            head.push("This database has already left this model behind: nothing is done".to_owned());
        } else if self.steps.is_empty() {
            head.push("Nothing to do".to_owned());
        } else {
            head.push(
                "Then run `sync` with the same model: it has nothing left to do, and remembers what is managed"
                    .to_owned(),
            );
        }
        for entry in self.entries.iter().filter(|entry| entry.status == EntryStatus::Error) {
            head.push(format!("{} has errors: {}", entry.name(), entry.errors.join("; ")));
        }
        let mut last = None;
        let steps = self.in_order().map(|step| {
            let mut comments = Vec::new();
            if last.replace(step.entry) != Some(step.entry) {
                comments.extend(self.entries.get(step.entry).map(Entry::name));
            }
            comments.extend(self.effect(step));
            ScriptStep {
                comments,
                change: &step.change,
                statements: &step.statements,
                isolation: step.isolation,
                compensation: &step.compensation,
            }
        });
        Script { steps: steps.collect(), head, settings: &self.session_settings }
    }

    /// The steps as a run does them: unit by unit, and then what is done outside of the units.
    fn in_order(&self) -> impl Iterator<Item = &Step> {
        let mut order: Vec<usize> = self.units.iter().flat_map(|unit| unit.steps.iter().copied()).collect();
        let in_units: BTreeSet<usize> = order.iter().copied().collect();
        order.extend((0..self.steps.len()).filter(|at| !in_units.contains(at)));
        order.into_iter().filter_map(|at| self.steps.get(at))
    }

    /// The bare statements, each entry under a comment.
    pub(crate) fn listing(&self) -> String {
        let mut listing = String::new();
        let mut entry = None;
        for step in &self.steps {
            if entry != Some(step.entry) {
                entry = Some(step.entry);
                let name = self.entries.get(step.entry).map_or_else(String::new, Entry::name);
                listing.push_str(&format!("-- {}\n", name.replace(['\n', '\r'], " ")));
            }
            if let Some(effect) = self.effect(step) {
                listing.push_str(&format!("-- {effect}\n"));
            }
            for statement in &step.statements {
                match statement {
                    Statement::Execute(sql) | Statement::Restore { sql, .. } => listing.push_str(sql),
                    Statement::Copy { insert, .. } => {
                        listing.push_str(&Statement::fill(insert, Statement::BEFORE_ALL_KEYS, &i64::MAX.to_string()));
                    }
                    Statement::Fill { update, .. } => {
                        listing.push_str(&format!("-- range by range, {{after}} to {{last}}: {update}"));
                    }
                    Statement::AssertEmpty { query, message } => {
                        listing.push_str(&format!("-- must return no row, else: {message}\n{query}"));
                    }
                }
                listing.push_str(";\n");
            }
        }
        listing
    }
}
