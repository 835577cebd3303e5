//! `history`: the runs that changed something.

use super::status::short;
use super::{Done, json};
use crate::cli::exit::Exit;
use crate::cli::io::Io;
use crate::cli::output::{one_line, style};
use crate::cli::settings::Settings;
use crate::plan::data_checks::counted;
use crate::sync::HistoryEntry;

pub(super) async fn run(settings: &Settings, limit: u32, sql: bool, io: &mut Io<'_>) -> Done {
    let mut link = settings.connect(false).await?;
    let runs = settings.reader(link.database())?.history(limit).await?;
    if settings.json {
        io.data(&json(&runs)?);
        return Ok(Exit::Done);
    }
    if runs.is_empty() {
        io.say(&format!("{} no sync has changed anything here\n", style::warn("!")));
    }
    for run in &runs {
        io.data(&line(run));
        if sql {
            io.data(&statements(run));
        }
    }
    Ok(Exit::Done)
}

fn line(run: &HistoryEntry) -> String {
    let symbol = if run.outcome == "synced" { '✓' } else { '✗' };
    let statements = counted(run.statements.len() as u64, "statement");
    let origin = format!("{} schemasync {} {}", short(&run.fingerprint), run.version, run.host);
    format!(
        "{} {}  {:<7} {statements:>15} {:>7} ms  {}\n",
        style::symbol(symbol),
        run.at,
        run.outcome,
        run.duration_ms,
        style::faint(&one_line(origin.trim_end()))
    )
}

fn statements(run: &HistoryEntry) -> String {
    run.statements.iter().map(|sql| format!("{};\n", sql.trim_end_matches(';'))).collect::<String>() + "\n"
}
