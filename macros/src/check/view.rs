//! Views: built from other models, given as SQL, or external.

use heck::ToSnakeCase;
use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;
use syn::{DeriveInput, Path};

use super::columns::renamed;
use super::{concrete, owner_type, shape};
use crate::context::Context;
use crate::parse::{Condition, Operand, Shown, ViewAttrs, ViewFieldAttrs, closest, crate_path};

/// A validated view.
pub(crate) struct View {
    pub(crate) krate: Path,
    pub(crate) ident: Ident,
    /// The type with `'static` for every lifetime.
    pub(crate) owner: TokenStream,
    pub(crate) name: String,
    pub(crate) attrs: ViewAttrs,
    pub(crate) fields: Vec<ViewField>,
}

/// A field that is a column.
pub(crate) struct ViewField {
    pub(crate) ident: Ident,
    /// The Rust name without `r#`.
    pub(crate) name: String,
    /// Physical name.
    pub(crate) column: String,
    /// The type with `'static` for every lifetime and without `Self`.
    pub(crate) ty: TokenStream,
    pub(crate) shown: Option<Shown>,
}

impl ViewField {
    /// Whether it is computed over a group.
    pub(crate) fn is_aggregate(&self) -> bool {
        self.shown.as_ref().is_some_and(|shown| shown.word != "from")
    }
}

/// Checks a view.
pub(crate) fn view(cx: &Context, input: &DeriveInput) -> Option<View> {
    let attrs = ViewAttrs::parse(cx, &input.attrs);
    shape::lifetimes_only(cx, "DbView", input);
    let struct_fields = shape::struct_fields(cx, "DbView", input)?;
    let owner = owner_type(input);
    let is_built = attrs.built.iter().any(|word| word == "from");
    let mut fields: Vec<ViewField> = Vec::new();
    let mut skipped: Vec<String> = Vec::new();
    let mut built_alone = None;
    for field in struct_fields {
        let Some(ident) = &field.ident else { continue };
        let given = ViewFieldAttrs::parse(cx, &field.attrs);
        let name = ident.unraw().to_string();
        let column = given.column.as_ref().map_or_else(|| name.clone(), |column| column.value.value());
        if given.skip.is_some() {
            let column = given.column.as_ref().map(|column| ("column".to_owned(), column.span));
            let built = given.built.as_ref().map(|word| (word.to_string(), word.span()));
            for (word, span) in column.into_iter().chain(built) {
                cx.error(span, format!("`{word}` cannot stand with `skip`: a skipped field has no column"));
            }
            skipped.push(name);
            continue;
        }
        if built_alone.is_none() && !is_built {
            built_alone = given.built;
        }
        if fields.iter().any(|other| other.column == column) {
            cx.error(ident.span(), format!("two columns are named \"{column}\""));
        }
        let ty = concrete(&field.ty, &owner);
        fields.push(ViewField { ident: ident.clone(), name, column, ty, shown: given.shown });
    }
    if fields.is_empty() {
        cx.error(input.ident.span(), format!("a view needs at least one column, and `{}` has none", input.ident));
    }
    let name = attrs.view.as_ref().map_or_else(|| input.ident.unraw().to_string().to_snake_case(), |v| v.value.value());
    renamed(cx, "view", &name, &attrs.renamed);
    together(cx, &attrs, is_built, built_alone.as_ref());
    having(cx, &attrs, &fields, &skipped);
    Some(View { krate: crate_path(&input.attrs), ident: input.ident.clone(), owner, name, attrs, fields })
}

/// What may stand together: one of `sql`, `from` and neither.
fn together(cx: &Context, attrs: &ViewAttrs, is_built: bool, on_field: Option<&Ident>) {
    let built = attrs.built.first().or(on_field);
    if let (Some(_), Some(word)) = (&attrs.sql, built) {
        return cx.error(
            word.span(),
            format!("`{word}` cannot stand with `sql`: a view is given as SQL or built from `from`"),
        );
    }
    if let (false, Some(word)) = (is_built, built) {
        return cx.error(
            word.span(),
            format!("`{word}` needs what the view reads: `from = …` on the struct, a table or another view"),
        );
    }
    if let (Some(materialized), None, false) = (&attrs.materialized, &attrs.sql, is_built) {
        cx.error(materialized.span, "`materialized` needs the view's definition: `from = …` or `sql = \"SELECT …\"`");
    }
}

/// `having` is for groups, and names fields of the view.
fn having(cx: &Context, attrs: &ViewAttrs, fields: &[ViewField], skipped: &[String]) {
    let Some(having) = &attrs.having else { return };
    if !fields.iter().any(ViewField::is_aggregate) {
        cx.error(
            having.span,
            "`having` is for views with an aggregate (`sum`, `avg`, `min`, `max`, `count`); rows are for `filter`",
        );
    }
    for name in own_fields(&having.value) {
        let text = name.unraw().to_string();
        if fields.iter().any(|field| field.name == text) {
            continue;
        }
        if skipped.contains(&text) {
            cx.error(name.span(), format!("`{text}` is skipped: it has no column"));
            continue;
        }
        let near = closest(&text, fields.iter().map(|field| field.name.as_str()));
        let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        cx.error(name.span(), format!("this view has no field `{text}`{hint}"));
    }
}

fn own_fields(condition: &Condition) -> Vec<&Ident> {
    condition
        .operands()
        .into_iter()
        .filter_map(|operand| match operand {
            Operand::Own(name) => Some(name),
            _ => None,
        })
        .collect()
}
