//! The derive macros of schemasync: entry points only. Users depend on `schemasync`, which re-exports them.

use proc_macro::TokenStream;

/// Makes a struct a table.
#[proc_macro_derive(DbTable, attributes(db))]
pub fn derive_table(_input: TokenStream) -> TokenStream {
    TokenStream::new()
}

/// Makes a struct embeddable.
#[proc_macro_derive(DbEmbed, attributes(db))]
pub fn derive_embed(_input: TokenStream) -> TokenStream {
    TokenStream::new()
}

/// Makes a newtype or a fieldless enum a column type.
#[proc_macro_derive(DbValue, attributes(db))]
pub fn derive_value(_input: TokenStream) -> TokenStream {
    TokenStream::new()
}

/// Makes a struct a view.
#[proc_macro_derive(DbView, attributes(db))]
pub fn derive_view(_input: TokenStream) -> TokenStream {
    TokenStream::new()
}
