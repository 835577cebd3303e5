//! [`Policy`]: what a run may do by itself.

use crate::plan::{Finding, Plan, Rule, UnknownRule};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a rule's finding means for a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// It is done.
    Allow,
    /// It is done, and told as a warning.
    Warn,
    /// Nothing of the table, view or type is done: its entry has an error that names the rule.
    Deny,
}

/// What a run may do by itself, without somebody who has looked at its plan.
///
/// | | [`development`](Self::development), the default | [`production`](Self::production) |
/// |---|---|---|
/// | tables, columns, rows, values that would go | go, with a warning and their counts | stay, and are listed as withheld |
/// | a column or table that looks renamed | a warning | denied |
/// | a table of more than 100,000 rows would be rewritten, or its readers or writers would wait | done | denied |
///
/// What is withheld or denied waits for the command line, where somebody sees the plan. Single rules are set with [`rule`](Self::rule).
///
/// ```
/// use schemasync::{Level, Policy, Rule};
///
/// let policy = Policy::production().rule(Rule::RewritesTable, Level::Allow).waiting_rows(1_000_000);
/// assert_eq!(policy.level(Rule::RewritesTable), Level::Allow);
/// assert_eq!(policy.level(Rule::BlocksWrites), Level::Deny);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    safe: bool,
    levels: BTreeMap<Rule, Level>,
    waiting_rows: u64,
}

impl Default for Policy {
    fn default() -> Self {
        Self::development()
    }
}

/// A policy of that name is not known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// Neither of the two.
    #[error("there is no policy \"{0}\": there are development and production")]
    Unknown(String),
    /// A rule that is not known.
    #[error(transparent)]
    Rule(#[from] UnknownRule),
}

impl Policy {
    /// From how many rows on a table's change makes others wait long, where the policy does not say.
    const WAITING_ROWS: u64 = 100_000;

    /// Everything is done that the model says; losses are warned of, with their counts.
    pub fn development() -> Self {
        let warned = [
            Rule::DropsTable,
            Rule::DropsColumn,
            Rule::DropsView,
            Rule::DropsLabel,
            Rule::DeletesRows,
            Rule::NarrowsType,
            Rule::NotNullPending,
            Rule::RenameSuspected,
        ];
        let levels = warned.into_iter().map(|rule| (rule, Level::Warn)).collect();
        Self { safe: false, levels, waiting_rows: Self::WAITING_ROWS }
    }

    /// Nothing is lost and nobody waits long: what would is withheld (as in safe mode, rule P1) or denied.
    pub fn production() -> Self {
        let denied = [Rule::RewritesTable, Rule::BlocksWrites, Rule::BlocksReads, Rule::RenameSuspected];
        let denied = denied.into_iter().map(|rule| (rule, Level::Deny));
        let mut policy = Self { safe: true, ..Self::development() };
        policy.levels.extend(denied);
        policy
    }

    /// `development` or `production`.
    ///
    /// # Errors
    /// Any other name.
    pub fn named(name: &str) -> Result<Self, PolicyError> {
        match name {
            "development" => Ok(Self::development()),
            "production" => Ok(Self::production()),
            _ => Err(PolicyError::Unknown(name.to_owned())),
        }
    }

    /// The policy that the environment variable `SCHEMASYNC_POLICY` names; `None` where it is not set.
    ///
    /// # Errors
    /// It names another one.
    pub fn from_env() -> Result<Option<Self>, PolicyError> {
        match std::env::var("SCHEMASYNC_POLICY") {
            Ok(name) if name.trim().is_empty() => Ok(None),
            Ok(name) => Self::named(name.trim()).map(Some),
            Err(std::env::VarError::NotPresent) => Ok(None),
            Err(std::env::VarError::NotUnicode(name)) => Err(PolicyError::Unknown(name.to_string_lossy().into_owned())),
        }
    }

    /// Sets what a rule's finding means.
    #[must_use]
    pub fn rule(mut self, rule: Rule, level: Level) -> Self {
        self.levels.insert(rule, level);
        self
    }

    /// From how many rows on the rules `rewrites-table`, `blocks-writes` and `blocks-reads` find a table; 100,000 when not said. The
    /// database's own estimate is taken; where it has none and a rule denies, the rows are counted.
    #[must_use]
    pub fn waiting_rows(mut self, rows: u64) -> Self {
        self.waiting_rows = rows;
        self
    }

    /// What a rule's finding means.
    pub fn level(&self, rule: Rule) -> Level {
        self.levels.get(&rule).copied().unwrap_or(Level::Allow)
    }

    /// Whether drops and lossy changes are withheld.
    pub(crate) fn is_safe(&self) -> bool {
        self.safe
    }

    /// Drops and lossy changes are withheld, or are not.
    #[must_use]
    pub fn safe(mut self, safe: bool) -> Self {
        self.safe = safe;
        self
    }

    /// The findings of a plan that are not just allowed.
    pub fn findings(&self, plan: &Plan) -> Vec<(Level, Finding)> {
        let with_level = |finding: Finding| {
            let is_small = finding.rule.is_about_waiting() && finding.rows.is_none_or(|rows| rows < self.waiting_rows);
            let level = if is_small { Level::Allow } else { self.level(finding.rule) };
            (level > Level::Allow).then_some((level, finding))
        };
        plan.findings().into_iter().filter_map(with_level).collect()
    }

    /// Whether any finding can be denied.
    pub(crate) fn denies(&self) -> bool {
        self.levels.values().any(|level| *level == Level::Deny)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn production_withholds_losses_and_denies_long_waits() {
        let policy = Policy::production();
        assert!(policy.is_safe());
        assert_eq!(policy.level(Rule::RewritesTable), Level::Deny);
        assert_eq!(Policy::named("production"), Ok(policy));
        assert!(!Policy::development().denies());
    }

    #[test]
    fn an_unknown_policy_is_named() {
        let error = Policy::named("prod").unwrap_err().to_string();
        assert_eq!(error, "there is no policy \"prod\": there are development and production");
    }
}
