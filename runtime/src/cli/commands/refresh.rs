//! `refresh`: fills a materialized view again.

use super::Done;
use crate::cli::exit::Exit;
use crate::cli::io::Io;
use crate::cli::output::style;
use crate::cli::settings::Settings;
use std::time::Instant;

pub(super) async fn run(settings: &Settings, view: &str, io: &mut Io<'_>) -> Done {
    let mut link = settings.connect(false).await?;
    let started = Instant::now();
    settings.reader(link.database())?.refresh(view).await?;
    io.say(&format!("{} Refreshed {view} in {} ms\n", style::good("✓"), started.elapsed().as_millis()));
    Ok(Exit::Done)
}
