//! Rules about what a plan does, each with a name that a policy can allow, warn of or deny.

use super::types::{Entry, EntryKind, EntryStatus, ObjectRef, Plan};
use crate::change::{Hazard, Risk};
use crate::plan::data_checks::counted;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A rule about what a plan does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Rule {
    /// A table goes, with its rows.
    DropsTable,
    /// A column goes, with its values.
    DropsColumn,
    /// A materialized view goes, with its rows. A plain one has none.
    DropsView,
    /// A label of an enum type goes.
    DropsLabel,
    /// A table stays and its rows go (`sync_method = drop`).
    DeletesRows,
    /// A type becomes narrower: values may lose something, or a later one may not fit.
    NarrowsType,
    /// Every row of a table is written again.
    RewritesTable,
    /// Those who write to a table wait.
    BlocksWrites,
    /// Those who read a table wait.
    BlocksReads,
    /// A column shall be required and still has NULLs.
    NotNullPending,
    /// Something goes while something alike comes.
    RenameSuspected,
}

impl Rule {
    /// All rules, in the order in which findings are listed.
    pub const ALL: [Self; 11] = [
        Self::DropsTable,
        Self::DropsColumn,
        Self::DropsView,
        Self::DropsLabel,
        Self::DeletesRows,
        Self::NarrowsType,
        Self::RewritesTable,
        Self::BlocksWrites,
        Self::BlocksReads,
        Self::NotNullPending,
        Self::RenameSuspected,
    ];

    /// Its name: `drops-column`.
    pub fn name(self) -> &'static str {
        match self {
            Self::DropsTable => "drops-table",
            Self::DropsColumn => "drops-column",
            Self::DropsView => "drops-view",
            Self::DropsLabel => "drops-label",
            Self::DeletesRows => "deletes-rows",
            Self::NarrowsType => "narrows-type",
            Self::RewritesTable => "rewrites-table",
            Self::BlocksWrites => "blocks-writes",
            Self::BlocksReads => "blocks-reads",
            Self::NotNullPending => "not-null-pending",
            Self::RenameSuspected => "rename-suspected",
        }
    }

    /// Whether it is about how long others wait, and so about how many rows a table has.
    pub(crate) fn is_about_waiting(self) -> bool {
        matches!(self, Self::RewritesTable | Self::BlocksWrites | Self::BlocksReads)
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// There is no rule of that name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no rule \"{0}\": there are {names}", names = Rule::ALL.map(Rule::name).join(", "))]
pub struct UnknownRule(String);

impl FromStr for Rule {
    type Err = UnknownRule;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|rule| rule.name() == name).ok_or_else(|| UnknownRule(name.to_owned()))
    }
}

/// Something that a plan does and that a rule is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Finding {
    /// The rule.
    pub rule: Rule,
    /// The table, view or type.
    pub object: ObjectRef,
    /// What is done to it: `drops column "bio" with 3 values`.
    pub message: String,
    /// About how many rows the table has, where others wait for its change and the database has told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} {}", self.rule, self.object.name, self.message)
    }
}

impl Plan {
    /// What its rules find of it, entry by entry.
    pub fn findings(&self) -> Vec<Finding> {
        let found = |(at, entry)| self.findings_of(at, entry);
        self.entries.iter().enumerate().filter(|(_, entry)| entry.errors.is_empty()).flat_map(found).collect()
    }

    fn findings_of(&self, at: usize, entry: &Entry) -> Vec<Finding> {
        let mut all = losses(entry);
        all.extend(entry.columns_pending.iter().map(|column| {
            (Rule::NotNullPending, format!("keeps column \"{column}\" nullable, though it is required: it has NULLs"))
        }));
        all.extend(entry.suspected_renames.iter().map(|it| (Rule::RenameSuspected, it.to_string())));
        if self.steps.iter().any(|step| step.entry == at && step.risk == Risk::Lossy) {
            all.push((Rule::NarrowsType, "gets a narrower type".to_owned()));
        }
        if entry.status == EntryStatus::Alter {
            all.extend(self.waits(at));
        }
        let finding = |(rule, message): (Rule, String)| Finding {
            rule,
            object: entry.object.clone(),
            message,
            rows: entry.estimated_rows.filter(|_| rule.is_about_waiting()),
        };
        let mut findings: Vec<Finding> = all.into_iter().map(finding).collect();
        findings.sort_by_key(|finding| finding.rule);
        findings
    }

    /// What others notice while an entry is altered.
    fn waits(&self, at: usize) -> Vec<(Rule, String)> {
        let rules = [
            (Rule::RewritesTable, Hazard::RewritesTable, "is rewritten"),
            (Rule::BlocksWrites, Hazard::BlocksWrites, "cannot be written to meanwhile"),
            (Rule::BlocksReads, Hazard::BlocksReads, "cannot be read meanwhile"),
        ];
        let has = |hazard| self.steps.iter().any(|step| step.entry == at && step.hazards.contains(&hazard));
        let found = rules.into_iter().filter(|(_, hazard, _)| has(*hazard));
        found.map(|(rule, _, message)| (rule, message.to_owned())).collect()
    }
}

/// What is lost with an entry.
fn losses(entry: &Entry) -> Vec<(Rule, String)> {
    let rows = entry.rows_lost.map(|rows| format!(" with {}", counted(rows, "row"))).unwrap_or_default();
    let mut all = Vec::new();
    match (entry.status, entry.object.kind) {
        (EntryStatus::Drop, EntryKind::Table) => all.push((Rule::DropsTable, format!("is dropped{rows}"))),
        (EntryStatus::Drop, EntryKind::View) if entry.destructive => {
            all.push((Rule::DropsView, format!("is dropped{rows}")));
        }
        (EntryStatus::Alter, EntryKind::Table) if entry.rows_lost.is_some() => {
            all.push((Rule::DeletesRows, format!("is emptied{rows}")));
        }
        _ => {}
    }
    all.extend(entry.columns_dropped.iter().map(|column| {
        let lost = entry.values_lost.iter().find(|lost| lost.column == *column).map_or(0, |lost| lost.rows);
        (Rule::DropsColumn, format!("loses column \"{column}\" with {}", counted(lost, "value")))
    }));
    all.extend(entry.labels_dropped.iter().map(|label| (Rule::DropsLabel, format!("loses label \"{label}\""))));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_found_by_its_name() {
        for rule in Rule::ALL {
            assert_eq!(rule.name().parse(), Ok(rule));
            assert_eq!(serde_json::to_string(&rule).unwrap(), format!("{:?}", rule.name()));
        }
        let wrong = "drop-column".parse::<Rule>().unwrap_err().to_string();
        assert!(
            wrong.starts_with("there is no rule \"drop-column\": there are drops-table, drops-column, "),
            "{wrong}"
        );
    }
}
