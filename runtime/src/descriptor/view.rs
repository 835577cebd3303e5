//! Views.

use super::QueryDef;

/// A struct that is a view.
#[derive(Debug)]
pub struct ViewDef {
    /// `PremiumUser`
    pub rust_name: &'static str,
    /// `my_app::models::PremiumUser`, for messages.
    pub rust_path: &'static str,
    /// Physical name.
    pub name: &'static str,
    /// Earlier physical names.
    pub renamed: &'static [&'static str],
    /// Namespace.
    pub schema: Option<&'static str>,
    /// Group of models.
    pub space: Option<&'static str>,
    /// `sql = "SELECT …"`
    pub sql: Option<&'static str>,
    /// `from = …` with joins, conditions and aggregates; with neither this nor `sql` the view is external.
    pub query: Option<&'static QueryDef>,
    /// Materialized where the server has it.
    pub materialized: bool,
    /// Column names that the view must have.
    pub columns: &'static [&'static str],
    /// The Rust fields of `columns`, in the same order.
    pub fields: &'static [&'static str],
}
