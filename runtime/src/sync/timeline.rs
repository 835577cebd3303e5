//! [`Timeline`]: which models a namespace has left behind (rule S6).

use crate::dialect::HistoryRow;
use serde::{Deserialize, Serialize};

/// How many models are remembered: the last ones.
const LENGTH: usize = 250;

/// How many digits of a fingerprint are kept.
const DIGITS: usize = 12;

/// The models of a namespace by their age. A model gets its age with its first run that leaves something in the database; a run that
/// changes nothing is no step in time, and going back to an older model makes nothing older.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Timeline {
    /// The first digits of their fingerprints, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    models: Vec<String>,
    /// The position of the model whose run left something last.
    #[serde(default)]
    live: usize,
}

impl Timeline {
    /// As the history tells it: for a state that has none.
    pub(crate) fn of_history(newest_first: &[HistoryRow]) -> Self {
        let mut timeline = Self::default();
        for row in newest_first.iter().rev().filter(|row| row.outcome != "failed" || row.statements != "[]") {
            timeline.step(&row.fingerprint);
        }
        timeline
    }

    /// How many runs of the history are enough for [`Timeline::of_history`].
    pub(crate) const HISTORY: u32 = 1_000;

    /// No run has left anything.
    pub(crate) fn is_empty(&self) -> bool {
        self.models.is_empty()
    }

    /// A run of that model has left something in the database.
    pub(crate) fn step(&mut self, fingerprint: &str) {
        self.live = self.position(fingerprint).unwrap_or_else(|| {
            self.models.push(digits(fingerprint).to_owned());
            let forgotten = self.models.len().saturating_sub(LENGTH);
            self.models.drain(..forgotten);
            self.models.len() - 1
        });
    }

    /// The database is at a model that is younger than that one.
    pub(crate) fn is_left_behind(&self, fingerprint: &str) -> bool {
        self.position(fingerprint).is_some_and(|position| position < self.live)
    }

    /// The database was at that model and is at another one now, older or younger.
    pub(crate) fn is_past(&self, fingerprint: &str) -> bool {
        self.position(fingerprint).is_some_and(|position| position != self.live)
    }

    fn position(&self, fingerprint: &str) -> Option<usize> {
        self.models.iter().position(|known| known == digits(fingerprint))
    }
}

fn digits(fingerprint: &str) -> &str {
    fingerprint.get(..DIGITS).unwrap_or(fingerprint)
}

#[cfg(test)]
mod tests {
    use super::{LENGTH, Timeline};

    fn after(steps: &[&str]) -> Timeline {
        let mut timeline = Timeline::default();
        steps.iter().for_each(|step| timeline.step(step));
        timeline
    }

    #[test]
    fn s6_a_model_is_left_behind_where_a_younger_one_has_the_database() {
        let left_behind = |steps: &[&str]| -> String {
            let timeline = after(steps);
            ["v1", "v2", "v3", "v4"].into_iter().filter(|model| timeline.is_left_behind(model)).collect()
        };
        assert_eq!(left_behind(&[]), "");
        assert_eq!(left_behind(&["v1"]), "");
        assert_eq!(left_behind(&["v1", "v2"]), "v1");
        assert_eq!(left_behind(&["v1", "v2", "v3"]), "v1v2");
        // Back to an older one: what came after it may come again.
        assert_eq!(left_behind(&["v1", "v2", "v3", "v1"]), "");
        assert_eq!(left_behind(&["v1", "v2", "v3", "v2"]), "v1");
        assert_eq!(left_behind(&["v1", "v2", "v3", "v1", "v3"]), "v1v2");
        assert_eq!(left_behind(&["v1", "v2", "v3", "v1", "v4"]), "v1v2v3");
    }

    #[test]
    fn the_oldest_models_are_forgotten() {
        let names: Vec<String> = (0..=LENGTH).map(|n| format!("{n:064}").chars().rev().collect()).collect();
        let timeline = after(&names.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(timeline.models.len(), LENGTH);
        assert!(!timeline.is_left_behind(&names[0]) && timeline.is_left_behind(&names[1]));
        assert!(!timeline.is_left_behind(&names[LENGTH]));
    }
}
