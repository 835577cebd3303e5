//! The arguments.

use super::exit::{Exit, one_line};
use super::io::Io;
use crate::plan::Rule;
use clap::error::ErrorKind;
use clap::{Args as ClapArgs, CommandFactory, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::time::Duration;

pub(super) const AFTER_HELP: &str = "Exit codes:
  0  done, or nothing to do
  1  anything that is none of the others
  2  `check`, or a command with --exit-code, found differences
  3  a table or view has errors; the others were done
  4  refused: destructive steps without --yes, a stale plan
  5  `dump` or `pull` could not describe a table: it is external in what was written

The common options and those of `sync` can stand in `schemasync.toml`, in this folder or one above, under the same names:
`namespace = \"billing\"`, `safe = true`. The database is the first of: --url, DATABASE_URL, DATABASE_URL in `.env`, `url` in
`schemasync.toml`.";

/// Brings a database in line with the models of this program.
#[derive(Debug, Parser)]
#[command(name = "db", version, after_help = AFTER_HELP, disable_help_subcommand = true, subcommand_required = true)]
pub(super) struct Args {
    #[command(flatten)]
    pub(super) global: Global,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// What every command takes.
#[derive(Debug, Default, Clone, ClapArgs)]
#[command(next_help_heading = "Common options")]
pub(super) struct Global {
    /// The database: sqlite:app.db, postgres://user:password@host/name
    #[arg(long, global = true, value_name = "URL")]
    pub(super) url: Option<String>,
    /// Models from a schema document instead of those of the program
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) schema: Option<PathBuf>,
    /// The namespace of these models, where several services share a database [default: default]
    #[arg(long, global = true, value_name = "NAME")]
    pub(super) namespace: Option<String>,
    /// The models of that space, `#[db(space = "…")]`, and the database that the configuration has for it
    #[arg(long, global = true, value_name = "NAME")]
    pub(super) space: Option<String>,
    /// The configuration, instead of the schemasync.toml that is found
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// JSON instead of text
    #[arg(long, global = true)]
    pub(super) json: bool,
    /// Nothing but what was asked for, and errors
    #[arg(long, short, global = true)]
    pub(super) quiet: bool,
    /// Colours
    #[arg(long, global = true, value_name = "WHEN")]
    pub(super) color: Option<Color>,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Color {
    /// In a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// How `check` shows what it has found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum CheckFormat {
    /// Text
    Text,
    /// Annotations of GitHub Actions
    Github,
}

/// What may be done, and how.
#[derive(Debug, Default, Clone, ClapArgs)]
#[command(next_help_heading = "What may be done")]
pub(super) struct PolicyArgs {
    /// Drop nothing, lose nothing: such changes wait for a run without --safe
    #[arg(long)]
    pub(super) safe: bool,
    /// Values that cannot be converted become the default or NULL, and are counted
    #[arg(long)]
    pub(super) allow_lossy: bool,
    /// Go back to models that this database has left behind
    #[arg(long)]
    pub(super) allow_revert: bool,
    /// Build indexes and check constraints without blocking those who write
    #[arg(long)]
    pub(super) online: bool,
    /// What is done without asking further: development (all of it), production (no drop, nothing lossy, no long wait) [env:
    /// SCHEMASYNC_POLICY] [default: development]
    #[arg(long, value_name = "NAME")]
    pub(super) policy: Option<String>,
    /// Allow what a rule of the policy denies: drops-column, rewrites-table, …
    #[arg(long, value_name = "RULE")]
    pub(super) allow: Vec<Rule>,
    /// Deny what a rule finds: drops-table, drops-column, drops-view, drops-label, deletes-rows, narrows-type, rewrites-table,
    /// blocks-writes, blocks-reads, not-null-pending, rename-suspected
    #[arg(long, value_name = "RULE")]
    pub(super) deny: Vec<Rule>,
    /// How long to wait for another sync: 30s, 500ms, 2m [default: 60s]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(super) lock_timeout: Option<Duration>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Show the plan, ask before destructive steps, do it
    Sync {
        #[command(flatten)]
        policy: PolicyArgs,
        /// Agree to destructive steps
        #[arg(long, short)]
        yes: bool,
        /// Look at the database though the models have not changed since the last run
        #[arg(long)]
        force: bool,
        /// Show the plan and change nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Show what a sync would do; change nothing
    Plan {
        #[command(flatten)]
        policy: PolicyArgs,
        /// As an SQL script
        #[arg(long, conflicts_with = "json")]
        sql: bool,
        /// Save the plan, for `apply`
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// Exit with 2 where there is something to do
        #[arg(long)]
        exit_code: bool,
    },
    /// Do what a saved plan says, unless the database has changed since
    Apply {
        /// What `plan --out` has written
        plan: PathBuf,
        #[command(flatten)]
        policy: PolicyArgs,
        /// Agree to destructive steps
        #[arg(long, short)]
        yes: bool,
        /// Show the plan, tell whether it is stale, and change nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// For CI: exit with 2 where the database is not as the models say
    Check {
        #[command(flatten)]
        policy: PolicyArgs,
        /// `github`: findings as annotations of a workflow
        #[arg(long, value_name = "FORMAT", conflicts_with = "json")]
        format: Option<CheckFormat>,
    },
    /// Where things stand: the last run, what is pending
    Status,
    /// What somebody changed by hand since the last sync
    Drift {
        /// Exit with 2 where something was changed
        #[arg(long)]
        exit_code: bool,
    },
    /// The runs that changed something
    History {
        /// How many, the newest first
        #[arg(long, short = 'n', value_name = "COUNT", default_value_t = 20)]
        limit: u32,
        /// With their statements
        #[arg(long)]
        sql: bool,
    },
    /// The live database as a schema document, or as SQL
    Dump {
        /// As the SQL that makes it again, without rows
        #[arg(long, conflicts_with = "json")]
        sql: bool,
        /// Exit with 3 where something that is there is not in it
        #[arg(long)]
        strict: bool,
        /// Into a file
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// The live database as Rust source with derives
    Pull {
        /// Exit with 3 where something that is there is not in it
        #[arg(long)]
        strict: bool,
        /// Into a file
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// A picture of the models, or of the live database
    Graph {
        /// The form
        #[arg(long, value_name = "FORM", default_value = "html")]
        format: GraphFormat,
        /// Into a file
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// The live database instead of the models
        #[arg(long, conflicts_with = "plan")]
        live: bool,
        /// Colour what a sync would change
        #[arg(long)]
        plan: bool,
    },
    /// Give tables or views back: they stay as they are, and are managed no longer
    Forget {
        /// The tables or views: users, billing.invoices
        #[arg(required = true, value_name = "NAME")]
        names: Vec<String>,
    },
    /// Fill a materialized view again
    Refresh {
        /// The view: totals, reporting.totals
        view: String,
    },
    /// Completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// The forms of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum GraphFormat {
    /// Mermaid, for Markdown
    Mermaid,
    /// Graphviz
    Dot,
    /// A picture by itself
    Svg,
    /// A page by itself
    Html,
}

impl Command {
    /// Whether it works on models.
    pub(super) fn needs_models(&self) -> bool {
        match self {
            Self::Sync { .. } | Self::Plan { .. } | Self::Apply { .. } | Self::Check { .. } | Self::Status => true,
            Self::Graph { live, .. } => !live,
            Self::Drift { .. }
            | Self::History { .. }
            | Self::Dump { .. }
            | Self::Pull { .. }
            | Self::Forget { .. }
            | Self::Refresh { .. }
            | Self::Completions { .. } => false,
        }
    }
}

/// `30s`, `500ms`, `2m`, `1h`; a number alone is seconds.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let wrong = || format!("{text:?} is not a time: write 30s, 500ms, 2m or 1h");
    let count: u64 = digits.trim().parse().map_err(|_| wrong())?;
    let factor = match &text[digits.len()..] {
        "ms" => 1,
        "" | "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return Err(wrong()),
    };
    count.checked_mul(factor).map(Duration::from_millis).ok_or_else(wrong)
}

/// Shows the help that was asked for; of what is wrong it makes one line.
pub(super) fn explain(error: &clap::Error, name: &str, io: &mut Io<'_>) -> Exit {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            io.data(&error.render().ansi().to_string());
            return Exit::Done;
        }
        _ => {}
    }
    let mut rendered = error.render().to_string();
    for (_, value) in error.context() {
        // What looks like a place of a database may hold a password, wherever it was written.
        if let clap::error::ContextValue::String(text) = value
            && (text.contains("://") || text.contains('@') || text.to_lowercase().contains("password"))
            && !text.starts_with("--")
        {
            rendered = rendered.replace(text.as_str(), "…");
        }
    }
    let lines = rendered.lines().map(str::trim).take_while(|line| !line.starts_with("Usage:"));
    let mut message = String::new();
    for line in lines.filter(|line| !line.is_empty() && !line.starts_with("For more information")) {
        let line = line.strip_prefix("error: ").unwrap_or(line);
        let line = line.strip_prefix("tip: ").unwrap_or(line);
        if !message.is_empty() && !message.ends_with(':') {
            message.push(';');
        }
        message.push_str(if message.is_empty() { "" } else { " " });
        message.push_str(line);
    }
    if matches!(error.kind(), ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand) {
        let command = Args::command();
        let commands: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
        message = format!("no command: expected one of {}", commands.join(", "));
    }
    io.error(&one_line(&format!("{message} (see `{name} --help`)")));
    Exit::Other
}
