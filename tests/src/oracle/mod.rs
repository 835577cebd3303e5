//! What a SQLite database holds, read without schemasync: its own words (`sqlite_schema`, pragmas) and a small normaliser of ours.

mod database;
mod dump;
mod text;

pub use database::Scratch;
pub use dump::{Column, Content, Dump, Index, Rows, Table};
