//! The command line that a program embeds (feature `cli`).
//!
//! Three lines in `src/bin/db.rs` give the models of that package the whole command line:
//!
//! ```no_run
//! fn main() -> std::process::ExitCode {
//!     schemasync::cli!()
//! }
//! ```
//!
//! [`cli!`](crate::cli!) takes every model that is linked into the binary; [`main`] takes those that it is given. What the commands
//! are is in `db --help` and in docs/cli.md. [`Cli`] is the same for programs that bring their own arguments, output and name.

mod args;
mod commands;
mod config;
mod connect;
mod exit;
pub mod graph;
mod io;
mod output;
mod progress;
pub mod pull;
mod redact;
mod settings;
mod visible;

pub use exit::Exit;
pub use io::Io;
pub use redact::redact;

use crate::Schema;
use clap::{CommandFactory, FromArgMatches};
use exit::Failure;
use std::ffi::OsString;
use std::process::ExitCode;

/// The command line with every model that is linked into the binary: `fn main() -> std::process::ExitCode { schemasync::cli!() }`.
///
/// Models of a library have to be linked into the binary that asks for them: name the library once, as in `use my_app as _;`.
#[cfg(feature = "registry")]
#[macro_export]
macro_rules! cli {
    () => {
        $crate::cli::main_registered()
    };
}

/// The command line with these models: reads the process's arguments and runs what they say.
///
/// ```no_run
/// use schemasync::{DbTable, schema};
///
/// #[derive(DbTable)]
/// struct User {
///     #[db(id)]
///     id: i64,
/// }
///
/// fn main() -> std::process::ExitCode {
///     schemasync::cli::main(schema![User])
/// }
/// ```
pub fn main(models: Schema) -> ExitCode {
    Cli::new(Some(models)).run(std::env::args_os().skip(1), &mut Io::process()).into()
}

/// What [`cli!`](crate::cli!) expands to: every model that is linked into the binary, those of the space that `--space` names.
#[cfg(feature = "registry")]
pub fn main_registered() -> ExitCode {
    Cli::registered().run(std::env::args_os().skip(1), &mut Io::process()).into()
}

/// Where the models of a command line come from.
#[derive(Debug, Clone)]
pub(crate) enum Models {
    /// `--schema` gives them.
    Document,
    Given(Schema),
    /// Those that are linked into the binary, by space.
    #[cfg(feature = "registry")]
    Registered,
}

/// The command line as a value: with or without models of its own, under any name, with any input and output.
///
/// ```
/// use schemasync::cli::{Cli, Exit, Io};
///
/// let (mut out, mut err, mut input) = (Vec::new(), Vec::new(), std::io::empty());
/// let exit = Cli::new(None).run(["plan", "--url", "oracle://x"], &mut Io::new(&mut out, &mut err, &mut input));
/// assert_eq!(exit, Exit::Other);
/// assert!(String::from_utf8(err).unwrap().starts_with("error: "));
/// ```
#[derive(Debug, Clone)]
pub struct Cli {
    models: Models,
    name: String,
    extra_help: String,
}

/// Arguments that have been read: see [`Cli::parse`].
#[derive(Debug)]
pub struct Invocation(args::Args);

impl Invocation {
    /// Whether the command works on models, and `--schema` does not give them: only a program that has them can answer.
    pub fn needs_models(&self) -> bool {
        self.0.global.schema.is_none() && self.0.command.needs_models()
    }
}

impl Cli {
    /// With the models of a program, or without any: then `--schema` has to give them where a command needs them.
    pub fn new(models: Option<Schema>) -> Self {
        Self { models: models.map_or(Models::Document, Models::Given), name: program(), extra_help: String::new() }
    }

    /// With every model that is linked into the binary: those without a space, or with `--space` those of that one.
    #[cfg(feature = "registry")]
    pub fn registered() -> Self {
        Self { models: Models::Registered, ..Self::new(None) }
    }

    /// The name by which help and messages call it; that of the program when not said.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// What the help says before the exit codes: commands that the program has beside these.
    pub fn extra_help(mut self, text: impl Into<String>) -> Self {
        self.extra_help = text.into();
        self
    }

    /// Reads the arguments, without the program's own name.
    ///
    /// # Errors
    /// What the program shall exit with: the help was asked for, or the arguments are wrong. It has been said.
    pub fn parse<T: Into<OsString>>(
        &self,
        arguments: impl IntoIterator<Item = T>,
        io: &mut Io<'_>,
    ) -> Result<Invocation, Exit> {
        let arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
        let all = std::iter::once(OsString::from(&self.name)).chain(arguments);
        let mut command = args::Args::command().name(self.name.clone()).bin_name(&self.name);
        if !self.extra_help.is_empty() {
            command = command.after_help(format!("{}\n\n{}", self.extra_help, args::AFTER_HELP));
        }
        let matches = command.try_get_matches_from(all);
        match matches.and_then(|matches| args::Args::from_arg_matches(&matches)) {
            Ok(args) => Ok(Invocation(args)),
            Err(error) => Err(args::explain(&error, &self.name, io)),
        }
    }

    /// Reads the arguments, without the program's own name, and does what they say.
    ///
    /// Builds a runtime of its own: not to be called from inside one.
    pub fn run<T: Into<OsString>>(self, arguments: impl IntoIterator<Item = T>, io: &mut Io<'_>) -> Exit {
        match self.parse(arguments, io) {
            Ok(invocation) => self.execute(invocation, io),
            Err(exit) => exit,
        }
    }

    /// Does what the arguments say. Builds a runtime of its own: not to be called from inside one.
    pub fn execute(self, invocation: Invocation, io: &mut Io<'_>) -> Exit {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let done = match runtime {
            Ok(runtime) => {
                let (name, models) = (self.name.clone(), self.models);
                runtime.block_on(commands::dispatch(invocation.0, &name, models, io))
            }
            Err(error) => Err(Failure::other(format!("the runtime cannot be started: {error}"))),
        };
        io.flush();
        done.unwrap_or_else(|failure| {
            io.error(&failure.message);
            failure.exit
        })
    }
}

/// The file name of this program.
fn program() -> String {
    let path = std::env::args_os().next().map(std::path::PathBuf::from);
    let stem = path.as_ref().and_then(|path| path.file_stem()).map(|stem| stem.to_string_lossy().into_owned());
    stem.unwrap_or_else(|| "db".to_owned())
}
