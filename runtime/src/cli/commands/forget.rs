//! `forget`: gives tables and views back. Changes nothing of them.

use super::Done;
use crate::cli::exit::Exit;
use crate::cli::io::Io;
use crate::cli::output::style;
use crate::cli::settings::Settings;

pub(super) async fn run(settings: &Settings, names: &[String], io: &mut Io<'_>) -> Done {
    let mut link = settings.connect(false).await?;
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    settings.reader(link.database())?.forget(&names).await?;
    let shown = names.join(", ");
    io.say(&format!("{} {shown}: managed no longer, and left as it is\n", style::good("✓")));
    Ok(Exit::Done)
}
