//! [`SourceColumn`]: `User::email`, or `User::address.city` through an embedded struct.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Expr, Ident, Lit, Member, Path};

use super::column_path::ColumnPath;
use super::entry::{Entry, Shape};
use crate::context::Context;

/// A column of a table or a view.
#[derive(Debug, Clone)]
pub(crate) struct SourceColumn {
    /// `User`
    pub(crate) source: Path,
    /// `email`
    pub(crate) column: ColumnPath,
}

impl SourceColumn {
    /// The token that errors point at: the last name.
    pub(crate) fn span(&self) -> Span {
        self.column.span()
    }

    /// `User::email` and `User::address.city`, when the expression is one of these.
    pub(super) fn of(expr: &Expr) -> Option<Self> {
        match expr {
            Expr::Path(path) if path.qself.is_none() && path.path.segments.iter().all(|s| s.arguments.is_empty()) => {
                let mut source = path.path.clone();
                let column = source.segments.pop()?.ident;
                source.segments.pop_punct();
                (!source.segments.is_empty()).then(|| Self { source, column: ColumnPath(vec![column]) })
            }
            Expr::Field(field) => {
                let mut column = Self::of(&field.base)?;
                let Member::Named(name) = &field.member else { return None };
                column.column.0.push(name.clone());
                Some(column)
            }
            Expr::Group(group) => Self::of(&group.expr),
            _ => None,
        }
    }

    /// The value of `from = User::email`, `sum = Order::amount` and the like.
    pub(super) fn parse(cx: &Context, entry: &Entry) -> Option<Self> {
        let name = &entry.name;
        match &entry.shape {
            Shape::Value(tokens) => Self::value(cx, name, tokens),
            Shape::Word => {
                cx.error(name.span(), format!("`{name}` needs a column: `{name} = User::id`"));
                None
            }
            Shape::List(tokens) => {
                cx.error_at(tokens, format!("`{name}` is written `{name} = User::id`"));
                None
            }
        }
    }

    fn value(cx: &Context, name: &Ident, tokens: &TokenStream) -> Option<Self> {
        let expr = syn::parse2::<Expr>(tokens.clone()).ok();
        if let Some(column) = expr.as_ref().and_then(Self::of) {
            return Some(column);
        }
        let message = match expr {
            Some(Expr::Lit(literal)) if matches!(literal.lit, Lit::Str(_)) => {
                format!("`{name}` takes a path to a Rust field, not a string: `{name} = User::id`")
            }
            Some(Expr::Path(path)) if path.path.get_ident().is_some() => {
                let field = path.path.to_token_stream();
                format!("`{name}` needs the type and the field: `{name} = User::{field}`")
            }
            _ => format!("`{name}` takes a path to a Rust field: `{name} = User::id`"),
        };
        cx.error_at(tokens, message);
        None
    }
}

/// Whether a name is that of a type, a variant or a constant, and not of a field.
pub(super) fn is_upper(ident: &Ident) -> bool {
    ident.unraw().to_string().starts_with(char::is_uppercase)
}
