//! What the commands show: text with symbols and colours.
//!
//! Texts are made with colours; [`Io`](super::Io) takes them out where they do not belong.

pub(super) mod github;
mod line;
pub(super) mod style;
pub(super) mod summary;
pub(super) mod tree;

pub(super) use line::one_line;
