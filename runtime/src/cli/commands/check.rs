//! `check`: for CI. Changes nothing.

use super::{Done, json, shown};
use crate::cli::io::Io;
use crate::cli::settings::{Allowed, Settings};
use crate::plan::{Entry, EntryStatus};

/// What `check --json` tells.
#[derive(serde::Serialize)]
struct CheckResult<'a> {
    in_sync: bool,
    steps: usize,
    superseded: bool,
    /// Those that are not in sync.
    entries: Vec<&'a Entry>,
}

pub(super) async fn run(settings: &Settings, allowed: &Allowed, io: &mut Io<'_>) -> Done {
    let models = settings.models()?;
    let mut link = settings.connect_within(allowed, false).await?;
    let plan = allowed.set(settings.reader(link.database())?.schema(models)).plan().await?;
    if settings.json {
        let entries = plan.entries.iter().filter(|entry| entry.status != EntryStatus::InSync);
        let in_sync = plan.is_empty() && !plan.superseded;
        let answer =
            CheckResult { in_sync, steps: plan.steps.len(), superseded: plan.superseded, entries: entries.collect() };
        io.data(&json(&answer)?);
    } else {
        shown::plan(&plan, &link.shown, io);
    }
    Ok(shown::exit(&plan, true))
}
