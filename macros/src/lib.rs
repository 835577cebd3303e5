//! The derive macros of schemasync: entry points only. Users depend on `schemasync`, which re-exports them.

mod check;
mod context;
mod expand;
mod parse;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes a struct a table.
///
/// On the struct: `#[db(table = "…")]`, `renamed`, `schema`, `space`, `sync_method`, `index(columns(…), …)`,
/// `fk(columns(…) => Type(…), …)`, `check(…)`, `sqlite(…)`, `postgres(…)`, `mysql(…)`, `mongodb(…)`, `crate`.
///
/// On a field: `id`, `column`, `renamed`, `default`, `generated`, `index`, `unique`, `fk`, `on_delete`, `on_update`,
/// `rel`, `vector`, `vector_filter`, `json`, `embed`, `skip`, `encrypted`, `collate`, `precision`, `max_length`,
/// `version`, `dimension`, `measure`, `sqlite(…)`, `postgres(…)`, `mysql(…)`.
///
/// What names a thing in Rust is an identifier or a path; what names a thing in the database, or is SQL, is a string.
#[proc_macro_derive(DbTable, attributes(db))]
pub fn derive_table(input: TokenStream) -> TokenStream {
    expand::table(&parse_macro_input!(input as DeriveInput)).into()
}

/// Makes a struct embeddable: a field of its type with `#[db(embed)]` is several columns, named `field__child`.
///
/// On the struct: `index(columns(…), …)`, `fk(columns(…) => Type(…), …)`, `crate`. On a field: what `DbTable` knows,
/// without `id`, `version`, `rel` and `default(increment)`, which belong to the table.
#[proc_macro_derive(DbEmbed, attributes(db))]
pub fn derive_embed(input: TokenStream) -> TokenStream {
    expand::embed(&parse_macro_input!(input as DeriveInput)).into()
}

/// Reads a struct from a row, with sqlx's own `FromRow`: by the columns that the struct has in the database, those of embedded structs
/// included.
///
/// On a table, a view or an embedded struct, beside their derives. It reads what they say: `column`, `embed`, `embed(prefix = "…")`,
/// `json`; a field with `skip` or `rel` gets its `Default`. An optional embedded struct is `None` where all its columns are NULL.
#[proc_macro_derive(DbRow, attributes(db))]
pub fn derive_row(input: TokenStream) -> TokenStream {
    expand::row(&parse_macro_input!(input as DeriveInput)).into()
}

/// Makes a newtype or an enum without fields a column type.
///
/// A newtype is what its field is. An enum is stored as text: the variants' names as written, unless
/// `#[db(rename_all = "snake_case")]` on the enum or `#[db(rename = "…")]` on a variant says otherwise, or, without
/// these, `#[sqlx(rename_all = "…")]` and `#[sqlx(rename = "…")]`. An enum with `#[repr(i32)]` or the like is that
/// integer, as sqlx binds it.
///
/// `#[db(postgres(enum = "mood"))]` gives an enum a type of its own on PostgreSQL, with `schema = "…"` and `renamed = "…"` (earlier
/// names of the type) in the same list; `#[db(renamed = "…")]` on a variant has the earlier names of its label. sqlx binds it by
/// `#[sqlx(type_name = "mood")]`.
#[proc_macro_derive(DbValue, attributes(db))]
pub fn derive_value(input: TokenStream) -> TokenStream {
    expand::value(&parse_macro_input!(input as DeriveInput)).into()
}

/// Makes a struct a view: built from other models (`from`, `join`, `left_join`, `filter`, `having`), given as SQL (`sql = "SELECT …"`),
/// or, with neither, external: it is checked and never changed. Also `view = "…"`, `renamed`, `schema`, `space`, `materialized`, `crate`.
///
/// On a field: `from = User::name` (without it: the field of the same name of the `from` type), `sum`, `avg`, `min`, `max`, `count`,
/// `column = "…"` and `skip`. With an aggregate, the rows are grouped by all fields that are none.
///
/// Conditions are Rust expressions: `==`, `!=`, `<`, `<=`, `>`, `>=`, `&&`, `||`, `!`, `Type::field`, literals, `.is_null()`,
/// `.is_some()`, `.in_([..])`, `.like("…")`, `.between(a, b)`; in `having`, the view's own fields by name. They say what SQL says: a
/// comparison with NULL does not hold, nor does its opposite.
#[proc_macro_derive(DbView, attributes(db))]
pub fn derive_view(input: TokenStream) -> TokenStream {
    expand::view(&parse_macro_input!(input as DeriveInput)).into()
}

#[cfg(test)]
mod tests {
    /// The page names every attribute that the parser knows.
    #[test]
    fn every_attribute_is_documented() {
        let page = include_str!("../../docs/attributes.md");
        let named = |name: &str| {
            let mut words = page.split(|c: char| !(c.is_alphanumeric() || c == '_'));
            words.any(|word| word == name)
        };
        let missing: Vec<&str> = crate::parse::names().into_iter().filter(|name| !named(name)).collect();
        assert!(missing.is_empty(), "docs/attributes.md lacks {missing:?}");
    }
}
