//! The command line: the real program as a process of its own, on SQLite; what the database holds afterwards is looked at from here.

#![allow(missing_docs, reason = "tests")]

mod bad_input;
mod cargo;
mod commands;
mod documents;
mod drift;
mod embedded;
mod plans;
mod policies;
mod postgres;
mod program;
mod secrets;
mod settings;
mod spaces;
mod terminal;
