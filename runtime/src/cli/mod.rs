//! The command line that a program embeds (feature `cli`).

pub mod graph;
pub mod pull;
