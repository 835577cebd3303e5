//! Views: given as SQL, or external.

use heck::ToSnakeCase;
use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::{DeriveInput, Path};

use super::columns::renamed;
use super::shape;
use crate::context::Context;
use crate::parse::{ViewAttrs, ViewFieldAttrs, crate_path};

/// A validated view.
pub(crate) struct View {
    pub(crate) krate: Path,
    pub(crate) ident: Ident,
    pub(crate) name: String,
    pub(crate) attrs: ViewAttrs,
    pub(crate) columns: Vec<String>,
}

/// Checks a view.
pub(crate) fn view(cx: &Context, input: &DeriveInput) -> Option<View> {
    let attrs = ViewAttrs::parse(cx, &input.attrs);
    shape::lifetimes_only(cx, "DbView", input);
    let fields = shape::struct_fields(cx, "DbView", input)?;
    let mut builder = attrs.builder.clone();
    let mut columns: Vec<String> = Vec::new();
    for field in fields {
        let Some(ident) = &field.ident else { continue };
        let given = ViewFieldAttrs::parse(cx, &field.attrs);
        builder = builder.or(given.builder);
        let name = match &given.column {
            Some(column) => column.value.value(),
            None => ident.unraw().to_string(),
        };
        if let (Some(_), Some(column)) = (&given.skip, &given.column) {
            cx.error(column.span, "`column` cannot stand with `skip`: a skipped field has no column");
        }
        if given.skip.is_some() {
            continue;
        }
        if columns.iter().any(|other| other.eq_ignore_ascii_case(&name)) {
            cx.error(ident.span(), format!("two columns are named \"{name}\""));
        }
        columns.push(name);
    }
    if let Some(token) = builder {
        let message = "the builder form of views (`from`, `join`, `filter`, `having`, aggregates) is not available yet: \
                       give the view as `sql = \"SELECT …\"`";
        cx.error(token.span(), message);
    }
    if columns.is_empty() {
        cx.error(input.ident.span(), format!("a view needs at least one column, and `{}` has none", input.ident));
    }
    let name = attrs.view.as_ref().map_or_else(|| input.ident.unraw().to_string().to_snake_case(), |v| v.value.value());
    renamed(cx, "view", &name, &attrs.renamed);
    if let (Some(materialized), None) = (&attrs.materialized, &attrs.sql)
        && attrs.builder.is_none()
    {
        cx.error(materialized.span, "`materialized` needs the view's definition: `sql = \"SELECT …\"`");
    }
    Some(View { krate: crate_path(&input.attrs), ident: input.ident.clone(), name, attrs, columns })
}
