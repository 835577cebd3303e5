//! `pull`: the live database as Rust source with derives.

use super::{Done, deliver, left_out, noted, tell};
use crate::Schema;
use crate::cli::io::Io;
use crate::cli::pull::rust_source;
use crate::cli::settings::Settings;
use std::path::Path;

pub(super) async fn run(settings: &Settings, strict: bool, out: Option<&Path>, io: &mut Io<'_>) -> Done {
    let mut link = settings.connect(false).await?;
    let (schema, notes) = Schema::from_database(link.database()).await?;
    deliver(&rust_source(&schema, &notes), out, io)?;
    tell(&notes, io);
    Ok(noted(left_out(&schema), strict, &notes))
}
