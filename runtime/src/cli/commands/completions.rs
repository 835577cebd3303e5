//! `completions`: what a shell has to know.

use crate::cli::args::Args;
use crate::cli::io::Io;
use clap::CommandFactory;

pub(super) fn run(shell: clap_complete::Shell, name: &str, io: &mut Io<'_>) {
    // Shells complete programs: `cargo schemasync` is the program `cargo-schemasync` to them.
    let name = name.replace(' ', "-");
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), name, &mut script);
    io.machine(&String::from_utf8_lossy(&script));
}
