//! What the SQL databases share.

pub(crate) mod checks;
pub(crate) mod columns;
mod error;
pub(crate) mod raise;
pub(crate) mod script;
pub(crate) mod select;
pub(crate) mod sources;
pub(crate) mod star;
pub(crate) mod wording;
