//! The enum types as Rust enums.

use super::attributes::{Argument, attributes};
use super::literal;
use super::names::{self, Names};
use crate::model::Schema;
use crate::model::enum_type::EnumModel;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Each of them once, by name.
pub(super) fn sources<'a>(schema: &'a Schema, names: &'a Names) -> impl Iterator<Item = String> + 'a {
    let all: BTreeMap<_, EnumModel<'_>> =
        schema.enum_types().map(|found| ((&found.native.schema, &found.native.ty), found)).collect();
    all.into_values().map(|found| source(&found, names))
}

fn source(found: &EnumModel<'_>, names: &Names) -> String {
    let native = found.native;
    // rustfmt does not read a keyword as a name, so it leaves the line as it is.
    let mut said = format!("enum = {}", literal::text(&native.ty));
    if let Some(schema) = &native.schema {
        let _ = write!(said, ", schema = {}", literal::text(schema));
    }
    let mut out = "#[derive(Debug, Clone, Copy, PartialEq, Eq, DbValue)]\n".to_owned();
    out.push_str(&attributes(vec![Argument::Verbatim(format!("postgres({said})"))], ""));
    let _ = writeln!(out, "pub enum {} {{", names.enum_type(native));
    for (label, variant) in found.labels.iter().zip(names::variants(found.labels)) {
        if *label != variant {
            out.push_str(&attributes(vec![Argument::text("rename", label)], "    "));
        }
        let _ = writeln!(out, "    {variant},");
    }
    out.push_str("}\n");
    out
}
