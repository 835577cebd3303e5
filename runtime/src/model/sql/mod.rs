//! The SQL that a model gives: each text is one expression or one query, read by tokens.

mod lexer;
mod single;

pub(crate) use lexer::{Kind, Lexer, Token};
pub(crate) use single::{Single, table_faults, view_fault};
