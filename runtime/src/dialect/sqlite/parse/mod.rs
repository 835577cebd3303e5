//! Reads the SQL that SQLite keeps in `sqlite_schema`.

mod constraint;
mod create;
mod cursor;
mod keyword;
mod table;
mod token;

pub(crate) use constraint::{
    IndexedColumn, ParsedForeignKey, ParsedUnique, parse_indexed_column, parse_unique, unquoted_name,
};
pub(crate) use create::{parse_index, parse_view_query, parse_virtual_table, view_query, virtual_table_module};
pub(crate) use keyword::{is_keyword, is_reserved};
pub(crate) use table::{ParsedPrimaryKey, ParsedTable, parse_table};
pub(crate) use token::{Kind, Token, tokenize, trim_statement};
