//! `plan`: what a sync would do. Changes nothing.

use super::{Done, deliver, shown};
use crate::cli::args::PolicyArgs;
use crate::cli::io::Io;
use crate::cli::output::one_line;
use crate::cli::settings::Settings;
use crate::cli::visible::visible_json;
use std::path::PathBuf;

/// How the plan is wanted.
pub(super) struct Form {
    pub(super) policy: PolicyArgs,
    pub(super) force: bool,
    pub(super) sql: bool,
    pub(super) out: Option<PathBuf>,
    pub(super) exit_code: bool,
}

impl Form {
    /// As text, or JSON where the settings say so.
    pub(super) fn shown(policy: PolicyArgs, force: bool) -> Self {
        Self { policy, force, sql: false, out: None, exit_code: false }
    }
}

pub(super) async fn run(settings: &Settings, form: &Form, io: &mut Io<'_>) -> Done {
    let allowed = settings.allowed(&form.policy, form.force)?;
    let models = settings.models()?;
    let mut link = settings.connect_within(&allowed, false).await?;
    let plan = allowed.set(settings.reader(link.database())?.schema(models)).plan().await?;
    if let Some(path) = &form.out {
        deliver(&(plan.to_json()? + "\n"), Some(path), io)?;
    }
    if form.sql {
        io.machine(&plan.to_sql());
        if plan.has_errors() {
            for entry in plan.entries.iter().filter(|entry| !entry.errors.is_empty()) {
                io.note(&format!("✗ {}\n", one_line(&format!("{}: {}", entry.name(), entry.errors.join("; ")))));
            }
        }
    } else if settings.json {
        io.data(&(visible_json(&plan.to_json()?) + "\n"));
    } else {
        shown::plan(&plan, &link.shown, io);
    }
    Ok(shown::exit(&plan, form.exit_code))
}
