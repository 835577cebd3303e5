//! `status`: where things stand. Changes nothing.

use super::{Done, json};
use crate::cli::exit::Exit;
use crate::cli::io::Io;
use crate::cli::output::{one_line, style};
use crate::cli::settings::Settings;
use crate::plan::data_checks::counted;
use crate::sync::{Standing, Status};

pub(super) async fn run(settings: &Settings, io: &mut Io<'_>) -> Done {
    let models = settings.models()?;
    let mut link = settings.connect(false).await?;
    let status = settings.reader(link.database())?.schema(models).status().await?;
    if settings.json {
        io.data(&json(&status)?);
    } else {
        io.data(&text(&status, &link.shown));
    }
    Ok(Exit::Done)
}

fn text(status: &Status, place: &str) -> String {
    let (symbol, sentence) = match status.standing {
        Standing::NeverSynced => ('!', "no sync has been here: `plan` shows what the first one would do"),
        Standing::UpToDate => ('✓', "the last sync was of these models (`drift` tells what was changed by hand since)"),
        Standing::Pending => ('!', "the last sync was of these models, and some work waits"),
        Standing::Changed => ('~', "the models have changed since the last sync: `plan` shows what there is to do"),
        Standing::Failed => ('✗', "the last sync had errors: `plan` shows them"),
        Standing::ServerChanged => ('~', "the server has changed since the last sync: the next one looks again"),
        Standing::Superseded => ('!', "the database has left these models behind: a newer program has been here"),
    };
    let mut rows = vec![
        ("database", format!("{place} ({})", status.server)),
        ("namespace", status.namespace.clone()),
        ("managed", counted(status.managed as u64, "object")),
        ("models", short(&status.fingerprint)),
    ];
    if let Some(synced) = &status.synced {
        rows.push(("last synced", short(synced)));
    }
    if let Some(last) = &status.last {
        let host = if last.host.is_empty() { String::new() } else { format!(" on {}", last.host) };
        let statements = counted(last.statements.len() as u64, "statement");
        rows.push((
            "last change",
            format!("{}{host}: {}, {statements}, {} ms", last.at, last.outcome, last.duration_ms),
        ));
    }
    if !status.waiting.is_empty() {
        rows.push(("backfill", format!("{}: required once no row is without a value", status.waiting.join(", "))));
    }
    if status.withheld {
        rows.push(("held back", "by --safe: a sync without it does the rest".to_owned()));
    }
    let mut text = format!("{} {sentence}\n\n", style::symbol(symbol));
    for (name, value) in rows {
        text.push_str(&format!("  {}{}\n", style::faint(&format!("{name:<14}")), one_line(&value)));
    }
    text
}

/// The first twelve digits of a fingerprint.
pub(super) fn short(fingerprint: &str) -> String {
    fingerprint.chars().take(12).collect()
}
