//! One file a command.

mod apply;
mod check;
mod completions;
mod drift;
mod dump;
mod forget;
mod graph;
mod history;
mod plan;
mod pull;
mod refresh;
mod shown;
mod status;
mod sync;

use super::args::{Args, Command};
use super::exit::{Exit, Failure};
use super::io::Io;
use super::settings::Settings;
use super::visible::visible_json;
use crate::cli::Models;
use std::path::Path;

/// How a command ends.
type Done = Result<Exit, Failure>;

/// Runs the command that the arguments name.
pub(super) async fn dispatch(args: Args, name: &str, models: Models, io: &mut Io<'_>) -> Done {
    let Args { global, command } = args;
    if let Command::Completions { shell } = command {
        completions::run(shell, name, io);
        return Ok(Exit::Done);
    }
    let settings = Settings::new(name, global, models, io)?;
    let settings = &settings;
    match command {
        Command::Sync { policy, yes, force, dry_run } => {
            if dry_run || settings.config.dry_run {
                return plan::run(settings, &plan::Form::shown(policy, force), io).await;
            }
            let yes = yes || settings.config.yes;
            sync::run(settings, &settings.allowed(&policy, force)?, yes, io).await
        }
        Command::Plan { policy, sql, out, exit_code } => {
            plan::run(settings, &plan::Form { policy, force: false, sql, out, exit_code }, io).await
        }
        Command::Apply { plan, policy, yes, dry_run } => {
            let order = apply::Order {
                file: plan,
                yes: yes || settings.config.yes,
                dry_run: dry_run || settings.config.dry_run,
            };
            apply::run(settings, &settings.allowed(&policy, false)?, &order, io).await
        }
        Command::Check { policy, format } => check::run(settings, &settings.allowed(&policy, false)?, format, io).await,
        Command::Status => status::run(settings, io).await,
        Command::Drift { exit_code } => drift::run(settings, exit_code, io).await,
        Command::History { limit, sql } => history::run(settings, limit, sql, io).await,
        Command::Dump { sql, strict, out } => dump::run(settings, sql, strict, out.as_deref(), io).await,
        Command::Pull { strict, out } => pull::run(settings, strict, out.as_deref(), io).await,
        Command::Graph { format, out, live, plan } => {
            graph::run(settings, &graph::Picture { format, out, live, plan }, io).await
        }
        Command::Forget { names } => forget::run(settings, &names, io).await,
        Command::Refresh { view } => refresh::run(settings, &view, io).await,
        Command::Completions { .. } => Ok(Exit::Done),
    }
}

/// A text that was asked for: into the file, or to the output.
fn deliver(text: &str, out: Option<&Path>, io: &mut Io<'_>) -> Result<(), Failure> {
    let Some(path) = out else {
        io.machine(text);
        return Ok(());
    };
    std::fs::write(path, text)
        .map_err(|error| Failure::other(format!("{} cannot be written: {error}", path.display())))?;
    io.note(&format!("written to {}\n", path.display()));
    Ok(())
}

/// What could not be brought along: remarks, never lost in silence.
fn tell(notes: &[String], io: &mut Io<'_>) {
    for note in notes {
        io.note(&format!("{} {}\n", super::output::style::warn("note:"), super::output::one_line(note)));
    }
}

/// How a command ends that has written down a live database: some table may be no more than named in it.
fn left_out(schema: &crate::Schema) -> Exit {
    if schema.tables.iter().any(|table| table.external) { Exit::LeftOut } else { Exit::Done }
}

/// With `--strict`, a remark is an error.
fn noted(exit: Exit, strict: bool, notes: &[String]) -> Exit {
    if strict && !notes.is_empty() { Exit::Errors } else { exit }
}

/// As JSON, which a terminal may be shown.
fn json(value: &impl serde::Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(value);
    text.map(|text| visible_json(&text) + "\n").map_err(|error| Failure::other(format!("writing JSON: {error}")))
}
