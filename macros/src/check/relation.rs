//! Navigation fields: their target, and whether their type fits their way.

use syn::{GenericArgument, PathArguments, Type};

use super::{FieldKind, Model};
use crate::context::Context;
use crate::parse::{Place, Way};

/// The innermost generic argument: `User` of `Option<Box<User>>`.
pub(crate) fn innermost(ty: &Type) -> &Type {
    match ty {
        Type::Path(path) => match path.path.segments.last().map(|segment| &segment.arguments) {
            Some(PathArguments::AngleBracketed(arguments)) => arguments
                .args
                .iter()
                .find_map(|argument| match argument {
                    GenericArgument::Type(inner) => Some(innermost(inner)),
                    _ => None,
                })
                .unwrap_or(ty),
            _ => ty,
        },
        Type::Group(group) => innermost(&group.elem),
        Type::Paren(paren) => innermost(&paren.elem),
        _ => ty,
    }
}

/// Checks the navigation fields of a model.
pub(super) fn check(cx: &Context, model: &Model) {
    for field in model.fields.iter().filter(|field| field.kind == FieldKind::Relation) {
        let Some(relation) = &field.attrs.relation else {
            continue;
        };
        if model.place == Place::Embed {
            cx.error(relation.span, "`rel` belongs on a field of the table, not of an embedded struct");
        }
        let many = is_many(&field.written);
        match relation.value.way {
            Way::To if many => {
                cx.error_at(&field.written, "`rel(to)` leads to one row: its type is `Option<Box<T>>` or the like");
            }
            Way::Via(_) if !many => {
                cx.error_at(&field.written, "`rel(via)` leads to many rows: its type is `Vec<T>` or the like");
            }
            _ => {}
        }
        if !matches!(innermost(&field.written), Type::Path(_)) {
            cx.error_at(&field.written, "a navigation field leads to a struct with `DbTable`");
        }
    }
}

/// Whether some layer of the type is a collection.
fn is_many(ty: &Type) -> bool {
    let Type::Path(path) = ty else {
        return matches!(ty, Type::Slice(_) | Type::Array(_));
    };
    let Some(last) = path.path.segments.last() else {
        return false;
    };
    let collections = ["Vec", "VecDeque", "HashSet", "BTreeSet", "HashMap", "BTreeMap"];
    let inner = match &last.arguments {
        PathArguments::AngleBracketed(arguments) => arguments.args.iter().any(|argument| match argument {
            GenericArgument::Type(inner) => is_many(inner),
            _ => false,
        }),
        _ => false,
    };
    inner || collections.contains(&last.ident.to_string().as_str())
}
