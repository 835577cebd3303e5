//! What the planner has to know about the data: asked while it plans, answered between two passes.
//!
//! The planner is a pure function of its input and these answers. A pass that had to ask is thrown away; the session answers what
//! was asked and the planner runs again, until nothing is open. So `plan()` and `run()` decide by the same code.

use crate::catalog::Name;
use crate::change::{CheckResult, DataCheck};
use std::cell::RefCell;
use std::collections::HashMap;

/// What stands for the name of the index in the question whether a primary key can be.
pub(crate) const PRIMARY_KEY: &str = "primary key";

/// Answers so far, and the questions of this pass that have none yet.
#[derive(Debug, Default)]
pub(crate) struct DataChecks {
    answers: HashMap<String, CheckResult>,
    open: RefCell<Vec<(String, DataCheck)>>,
    /// Questions that the database could not answer, and what it said.
    failed: Vec<(DataCheck, String)>,
}

impl DataChecks {
    /// The answer, or zero where it is not known yet.
    pub(crate) fn result(&self, check: DataCheck) -> CheckResult {
        let key = format!("{check:?}");
        if let Some(answer) = self.answers.get(&key) {
            return answer.clone();
        }
        let mut open = self.open.borrow_mut();
        if !open.iter().any(|(other, _)| *other == key) {
            open.push((key, check));
        }
        CheckResult::default()
    }

    /// Whether this pass has asked something that has no answer yet: it will be thrown away.
    pub(crate) fn has_open(&self) -> bool {
        !self.open.borrow().is_empty()
    }

    /// The questions of the last pass that have no answer yet.
    pub(crate) fn take_open(&self) -> Vec<(String, DataCheck)> {
        self.open.take()
    }

    pub(crate) fn record(&mut self, key: String, check: DataCheck, answer: CheckResult) {
        if let Some(said) = &answer.raised {
            self.failed.push((check, said.clone()));
        }
        self.answers.insert(key, answer);
    }

    /// What the database said to the questions about a table that it could not answer. Those about its indexes are the index's alone.
    pub(crate) fn failed(&self, live: &Name) -> Vec<String> {
        let of_table = |check: &DataCheck| match check {
            DataCheck::OnProjection { check, .. } => about(check, live),
            check => about(check, live),
        };
        let raised = self.failed.iter().filter(|(check, _)| of_table(check));
        raised.map(|(_, said)| format!("the rows cannot be looked at: {said}")).collect()
    }
}

/// Whether the question is about that table, and not about one of its indexes.
fn about(check: &DataCheck, live: &Name) -> bool {
    match check {
        DataCheck::OnProjection { .. } => false,
        DataCheck::Duplicates { table, index } => table == live && index.name == PRIMARY_KEY,
        check => check.table() == live,
    }
}

/// The ending of an error that shows up to three samples.
pub(crate) fn samples(answer: &CheckResult) -> String {
    if answer.samples.is_empty() { String::new() } else { format!(" (for example {})", answer.samples.join(", ")) }
}

/// `1 row`, `12,430 rows`
pub(crate) fn counted(count: u64, what: &str) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    format!("{text} {what}{}", if count == 1 { "" } else { "s" })
}

/// `1 row has`, `12,430 rows have`
pub(crate) fn counted_that(count: u64, what: &str, one: &str, many: &str) -> String {
    format!("{} {}", counted(count, what), if count == 1 { one } else { many })
}
