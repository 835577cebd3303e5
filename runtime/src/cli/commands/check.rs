//! `check`: for CI. Changes nothing.

use super::{Done, json, shown};
use crate::cli::args::CheckFormat;
use crate::cli::io::Io;
use crate::cli::output::github;
use crate::cli::settings::{Allowed, Settings};
use crate::plan::{Entry, EntryStatus, Finding};
use crate::sync::Level;

/// What `check --json` tells.
#[derive(serde::Serialize)]
struct CheckResult<'a> {
    in_sync: bool,
    steps: usize,
    superseded: bool,
    /// Those that are not in sync.
    entries: Vec<&'a Entry>,
    /// What the rules of the policy have found and do not just allow.
    findings: Vec<FindingResult>,
}

/// A finding and what the policy makes of it.
#[derive(serde::Serialize)]
struct FindingResult {
    level: Level,
    #[serde(flatten)]
    finding: Finding,
}

pub(super) async fn run(settings: &Settings, allowed: &Allowed, format: Option<CheckFormat>, io: &mut Io<'_>) -> Done {
    let models = settings.models()?;
    let mut link = settings.connect_within(allowed, false).await?;
    let plan = allowed.set(settings.reader(link.database())?.schema(models)).plan().await?;
    let findings = allowed.policy().findings(&plan);
    if settings.json {
        let entries = plan.entries.iter().filter(|entry| entry.status != EntryStatus::InSync);
        let in_sync = plan.is_empty() && !plan.superseded;
        let findings = findings.into_iter().map(|(level, finding)| FindingResult { level, finding });
        let answer = CheckResult {
            in_sync,
            steps: plan.steps.len(),
            superseded: plan.superseded,
            entries: entries.collect(),
            findings: findings.collect(),
        };
        io.data(&json(&answer)?);
    } else if format == Some(CheckFormat::Github) {
        io.machine(&github::annotations(&plan, &findings));
    } else {
        shown::plan(&plan, &link.shown, io);
        shown::findings(&findings, io);
    }
    Ok(shown::exit(&plan, true))
}
