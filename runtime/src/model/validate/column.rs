//! One column: type, default, generation.

use super::{check_expression, check_text, full};
use crate::model::{Column, DataType, DatabaseOptions, DefaultValue, NativeColumn, OptionValue, Table};
use std::fmt;

/// `users.email`, written only where there is a problem: a column without one costs nothing.
struct At<'a>(&'a Table, &'a Column);

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", full(self.0), self.1.name)
    }
}

/// Everything that one column can say wrong.
pub(super) fn check(table: &Table, column: &Column, problems: &mut Vec<String>) {
    let at = &At(table, column);
    check_type(at, &column.ty, problems);
    if let Some(default) = &column.default {
        check_default(at, column, default, problems);
    }
    if let Some(generated) = &column.generated {
        check_expression("the generating expression", &generated.sql, at, problems);
        if column.default.is_some() {
            problems.push(format!("{at}: a generated column has no default: leave one of the two out"));
        }
        if table.primary_key.contains(&column.name) {
            problems.push(format!("{at}: a generated column cannot be in the primary key: take it out of the key"));
        }
    }
    if column.nullable && table.primary_key.contains(&column.name) {
        problems.push(format!("{at}: a primary key column is never NULL: make the field required, without `Option`"));
    }
    if column.native != NativeColumn::default() {
        check_native(at, column, problems);
    }
}

fn check_native(at: &At<'_>, column: &Column, problems: &mut Vec<String>) {
    for DatabaseOptions { database, options } in column.native.options() {
        for (name, value) in options {
            let what = format!("`{database}({name})`");
            match value {
                OptionValue::Type(sql) | OptionValue::Sql(sql) => check_expression(&what, sql, at, problems),
                OptionValue::Word(text) | OptionValue::Text(text) => {
                    check_text(&what, text, at, problems);
                }
                OptionValue::Flag | OptionValue::Number(_) | OptionValue::Numbers(_) => {}
            }
        }
    }
}

fn check_type(at: &At<'_>, ty: &DataType, problems: &mut Vec<String>) {
    match ty {
        DataType::Varchar(0) => problems.push(format!("{at}: text of at most 0 characters holds nothing: raise `max_length`")),
        DataType::Vector(0) => {
            problems.push(format!("{at}: the number of dimensions is not known: write it, as in #[db(vector(1536))]"));
        }
        DataType::Decimal(Some((0, _))) => {
            problems.push(format!("{at}: a decimal of precision 0 has no digits: raise the precision"));
        }
        DataType::Decimal(Some((precision, scale))) if scale > precision => problems.push(format!(
            "{at}: a decimal of {precision} digits cannot have {scale} after the point: the scale is at most the precision"
        )),
        DataType::Enum { name, variants, .. } => {
            if variants.is_empty() {
                problems.push(format!("{at}: the enum {name} has no variants: add one"));
            }
            for variant in super::repeated(variants) {
                problems.push(format!("{at}: the enum {name} has two variants stored as {variant:?}: rename one"));
            }
        }
        DataType::Array(element) => check_type(at, element, problems),
        _ => {}
    }
}

fn check_default(at: &At<'_>, column: &Column, default: &DefaultValue, problems: &mut Vec<String>) {
    let (ty, known) = (&column.ty, problems.len());
    check_literal(at, ty, default, problems);
    if problems.len() > known {
        return;
    }
    if column.encrypted {
        problems
            .push(format!("{at}: an encrypted column has no default: the database cannot encrypt it; leave it out"));
    } else if column.native.any_type().is_none()
        && let Err(wrong) = super::default::fits(ty, default)
    {
        problems.push(format!("{at}: {wrong}: change the default or the type"));
    }
}

/// What no column can have, and enums.
fn check_literal(at: &At<'_>, ty: &DataType, default: &DefaultValue, problems: &mut Vec<String>) {
    match default {
        DefaultValue::Float(value) if !value.is_finite() => {
            problems
                .push(format!("{at}: the default {value} is not a finite number: no database has a literal for it"));
        }
        DefaultValue::Int(value) if *value < i64::MIN.into() || *value > u64::MAX.into() => {
            problems.push(format!("{at}: the default {value} is out of range: it must fit `i64` or `u64`"));
        }
        DefaultValue::Increment(_) if !ty.is_integer() => {
            problems.push(format!("{at}: only an integer column can count up: change the type or the default"));
        }
        DefaultValue::Text(text) => {
            if let DataType::Enum { name, variants, .. } = ty
                && !variants.contains(text)
            {
                problems.push(format!(
                    "{at}: the default {text:?} is not a variant of {name}: it has {}",
                    variants.iter().map(|variant| format!("{variant:?}")).collect::<Vec<_>>().join(", ")
                ));
            }
            if text.contains('\0') {
                problems.push(format!("{at}: the default has a NUL character: take it out"));
            }
        }
        DefaultValue::Sql(sql) => check_expression("the default expression", sql, at, problems),
        _ => {}
    }
}
