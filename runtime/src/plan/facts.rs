//! What the planner has to know about the data: asked while it plans, answered between two passes.
//!
//! The planner is a pure function of its input and these answers. A pass that had to ask is thrown away; the session answers what
//! was asked and the planner runs again, until nothing is open. So `plan()` and `run()` decide by the same code.

use crate::dialect::{Answer, DataCheck};
use std::cell::RefCell;
use std::collections::HashMap;

/// Answers so far, and the questions of this pass that have none yet.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    answers: HashMap<String, Answer>,
    open: RefCell<Vec<(String, DataCheck)>>,
}

impl Facts {
    /// The answer, or nought where it is not known yet.
    pub(crate) fn ask(&self, check: DataCheck) -> Answer {
        let key = format!("{check:?}");
        if let Some(answer) = self.answers.get(&key) {
            return answer.clone();
        }
        let mut open = self.open.borrow_mut();
        if !open.iter().any(|(other, _)| *other == key) {
            open.push((key, check));
        }
        Answer::default()
    }

    /// The questions of the last pass that have no answer yet.
    pub(crate) fn take_open(&self) -> Vec<(String, DataCheck)> {
        self.open.take()
    }

    pub(crate) fn learn(&mut self, key: String, answer: Answer) {
        self.answers.insert(key, answer);
    }
}

/// The ending of an error that shows up to three samples.
pub(crate) fn samples(answer: &Answer) -> String {
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
