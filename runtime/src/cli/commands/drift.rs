//! `drift`: what somebody changed by hand since the last sync. Changes nothing.

use super::{Done, json, shown};
use crate::cli::exit::Exit;
use crate::cli::io::Io;
use crate::cli::output::{style, tree};
use crate::cli::settings::Settings;
use crate::plan::EntryStatus;
use crate::plan::data_checks::counted;

pub(super) async fn run(settings: &Settings, exit_code: bool, io: &mut Io<'_>) -> Done {
    let mut link = settings.connect(false).await?;
    let drift = settings.reader(link.database())?.drift().await?;
    let exit = if exit_code && !drift.is_empty() { Exit::Changes } else { Exit::Done };
    if settings.json {
        io.data(&json(&drift)?);
        return Ok(exit);
    }
    if !drift.synced {
        io.say(&format!("{} no sync has been here: there is nothing to compare with\n", style::warn("!")));
        return Ok(exit);
    }
    let changed = drift.entries.iter().filter(|entry| entry.status != EntryStatus::InSync).count();
    if changed == 0 {
        let count = counted(drift.compared as u64, "object");
        io.say(&format!("{} No drift: {count} as the last sync left them\n", style::good("✓")));
    } else {
        io.say(&style::faint(&format!("Changed by hand in {} since the last sync\n\n", link.shown)));
    }
    io.say(&tree::tree(&drift.entries));
    shown::unmanaged(&drift.unmanaged, io);
    if changed > 0 {
        let of = counted(drift.compared as u64, "managed object");
        io.say(&format!("\n{changed} of {of} changed by hand: `sync --force` brings back what the models say\n"));
    }
    Ok(exit)
}
