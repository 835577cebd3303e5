//! `graph`: a picture of the models, of the live database, or of what a sync would change.

use super::{Done, deliver, tell};
use crate::Schema;
use crate::cli::args::GraphFormat;
use crate::cli::exit::Exit;
use crate::cli::graph;
use crate::cli::io::Io;
use crate::cli::settings::Settings;
use std::path::PathBuf;

/// What is wanted.
pub(super) struct Picture {
    pub(super) format: GraphFormat,
    pub(super) out: Option<PathBuf>,
    pub(super) live: bool,
    pub(super) plan: bool,
}

pub(super) async fn run(settings: &Settings, picture: &Picture, io: &mut Io<'_>) -> Done {
    let mut plan = None;
    let schema = if picture.live {
        let mut link = settings.connect(false).await?;
        let (schema, notes) = Schema::from_database(link.database()).await?;
        tell(&notes, io);
        schema
    } else {
        settings.models()?
    };
    if picture.plan {
        let mut link = settings.connect(false).await?;
        plan = Some(settings.reader(link.database())?.schema(schema.clone()).plan().await?);
    }
    let draw = match picture.format {
        GraphFormat::Mermaid => graph::mermaid,
        GraphFormat::Dot => graph::dot,
        GraphFormat::Svg => graph::svg,
        GraphFormat::Html => graph::html,
    };
    deliver(&draw(&schema, plan.as_ref()), picture.out.as_deref(), io)?;
    Ok(Exit::Done)
}
