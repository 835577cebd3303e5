//! What sqlx reads, where it is said beside what the table has: the two must be one.

use heck::{ToKebabCase, ToLowerCamelCase, ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};
use syn::DeriveInput;

use super::{Field, FieldKind, named_fields};
use crate::context::Context;
use crate::parse::{sqlx, sqlx_word};

/// `#[sqlx(rename = "…")]`, `#[sqlx(rename_all = "…")]` and `#[sqlx(flatten)]` against the columns.
pub(super) fn check(cx: &Context, input: &DeriveInput, fields: &[Field]) {
    let Some(written) = named_fields(input) else { return };
    let all = sqlx(&input.attrs, "rename_all");
    let all = all.and_then(|case| Some((convert(&case.value())?, case)));
    for field in fields {
        let Some(attrs) = written.iter().find(|item| item.ident.as_ref() == Some(&field.ident)).map(|item| &item.attrs)
        else {
            continue;
        };
        match field.kind {
            FieldKind::Column => {
                let (read, at) = match (sqlx(attrs, "rename"), &all) {
                    (Some(name), _) => (name.value(), name),
                    (None, Some((case, token))) => (case(&field.name), token.clone()),
                    (None, None) => continue,
                };
                if read != field.column && sqlx_word(attrs, "skip").is_none() {
                    let column = &field.column;
                    cx.error_at(
                        &at,
                        format!("sqlx reads `{}` from the column `{read}`, and here it is `{column}`: write `#[db(column = {read:?})]`", field.name),
                    );
                    if all.is_some() && sqlx(attrs, "rename").is_none() {
                        // One mistake, one error.
                        return;
                    }
                }
            }
            FieldKind::Embed => {
                let plain = field.attrs.embed.as_ref().is_some_and(|embed| embed.value.as_deref() == Some(""));
                if let Some(token) = sqlx_word(attrs, "flatten").filter(|_| !plain) {
                    cx.error(
                        token.span(),
                        "sqlx's `flatten` reads the columns by their names without the prefix: derive `schemasync::DbRow` \
                         instead of `sqlx::FromRow`, here and on the embedded struct, or embed with `embed(prefix = \"\")`",
                    );
                }
            }
            FieldKind::Relation | FieldKind::Skip => {}
        }
    }
}

/// The cases of `#[sqlx(rename_all = "…")]`.
fn convert(case: &str) -> Option<fn(&str) -> String> {
    Some(match case {
        "snake_case" => |name| name.to_snake_case(),
        "lowercase" => |name| name.to_lowercase(),
        "UPPERCASE" => |name| name.to_uppercase(),
        "camelCase" => |name| name.to_lower_camel_case(),
        "PascalCase" => |name| name.to_upper_camel_case(),
        "SCREAMING_SNAKE_CASE" => |name| name.to_shouty_snake_case(),
        "kebab-case" => |name| name.to_kebab_case(),
        _ => return None,
    })
}
