//! What the SQL databases share.

mod error;
pub(crate) mod select;
