//! The derive macros of schemasync: entry points only. Users depend on `schemasync`, which re-exports them.

mod check;
mod context;
mod expand;
mod parse;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes a struct a table: `#[derive(DbTable)]` on a struct with named fields, with `#[db(...)]` on it and its fields.
#[proc_macro_derive(DbTable, attributes(db))]
pub fn derive_table(input: TokenStream) -> TokenStream {
    expand::table(&parse_macro_input!(input as DeriveInput)).into()
}

/// Makes a struct embeddable: its fields become columns of the table that has it as a field with `#[db(embed)]`.
#[proc_macro_derive(DbEmbed, attributes(db))]
pub fn derive_embed(input: TokenStream) -> TokenStream {
    expand::embed(&parse_macro_input!(input as DeriveInput)).into()
}

/// Makes a newtype or a fieldless enum a column type.
#[proc_macro_derive(DbValue, attributes(db))]
pub fn derive_value(input: TokenStream) -> TokenStream {
    expand::value(&parse_macro_input!(input as DeriveInput)).into()
}

/// Makes a struct a view, given as SQL or external.
#[proc_macro_derive(DbView, attributes(db))]
pub fn derive_view(input: TokenStream) -> TokenStream {
    expand::view(&parse_macro_input!(input as DeriveInput)).into()
}
