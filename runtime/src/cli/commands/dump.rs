//! `dump`: the live database as a schema document, or as SQL.

use super::{Done, deliver, left_out, noted, tell};
use crate::Schema;
use crate::cli::exit::Exit;
use crate::cli::io::Io;
use crate::cli::settings::Settings;
use std::path::Path;

pub(super) async fn run(settings: &Settings, sql: bool, strict: bool, out: Option<&Path>, io: &mut Io<'_>) -> Done {
    let mut link = settings.connect(false).await?;
    let (text, notes, exit) = if sql {
        let (text, notes) = settings.reader(link.database())?.dump_sql().await?;
        (text, notes, Exit::Done)
    } else {
        let (schema, notes) = Schema::from_database(link.database()).await?;
        (schema.to_json() + "\n", notes, left_out(&schema))
    };
    deliver(&text, out, io)?;
    tell(&notes, io);
    Ok(noted(exit, strict, &notes))
}
