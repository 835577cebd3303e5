//! The enum types of a model: each says the same wherever it is used.

use super::{Full, check_name, full};
use crate::model::enum_type::EnumModel;
use crate::model::{Schema, Table};
use std::collections::BTreeMap;

/// The longest label that PostgreSQL takes, in bytes.
const LONGEST: usize = 63;

/// Adds a problem for every contradiction.
pub(super) fn check(schema: &Schema, problems: &mut Vec<String>) {
    let mut seen: BTreeMap<(Option<&str>, &str), (String, EnumModel<'_>)> = BTreeMap::new();
    let columns = schema.tables.iter().flat_map(|table| table.columns.iter().map(move |column| (table, column)));
    for (table, column) in columns {
        let Some(found) = column.enum_type() else { continue };
        let key = (found.native.schema.as_deref(), found.native.ty.as_str());
        let at = format!("{}.{}", full(table), column.name);
        match seen.get(&key) {
            Some((other, known)) if *known != found => problems.push(format!(
                "{at} and {other}: two enums have the enum type {} and do not say the same ({} and {}): give one of them another name",
                Full(key.0, key.1),
                said(&found),
                said(known)
            )),
            Some(_) => {}
            None => {
                one(&at, &found, problems);
                if let Some(table) = taken(schema, &found) {
                    problems.push(format!(
                        "{at}: the enum type {} has the name of a table or view, whose rows are of a type of that name: give \
                         one of them another name",
                        Full(table, key.1)
                    ));
                }
                seen.insert(key, (at, found));
            }
        }
    }
}

fn said(found: &EnumModel<'_>) -> String {
    let mut text = found.labels.iter().map(|label| format!("{label:?}")).collect::<Vec<_>>().join(", ");
    let renamed = &found.native.renamed;
    if !renamed.is_empty() || !found.native.renamed_labels.is_empty() {
        text.push_str(", with earlier names");
    }
    text
}

/// The namespace of a table or view that has the type's name.
fn taken<'a>(schema: &'a Schema, found: &EnumModel<'_>) -> Option<Option<&'a str>> {
    let tables = schema.tables.iter().map(|table| (Table::schema_name(table), &table.name));
    let views = schema.views.iter().map(|view| (view.schema.as_deref(), &view.name));
    let mut all = tables.chain(views);
    all.find(|(namespace, name)| *namespace == found.native.schema.as_deref() && **name == found.native.ty)
        .map(|(namespace, _)| namespace)
}

fn one(at: &str, found: &EnumModel<'_>, problems: &mut Vec<String>) {
    let native = found.native;
    check_name("the enum type", &native.ty, at, problems);
    for name in std::iter::once(&native.ty).chain(&native.schema).filter(|name| name.len() > LONGEST) {
        problems.push(format!(
            "{at}: a name of PostgreSQL has at most {LONGEST} bytes, {name:?} has {}: shorten it",
            name.len()
        ));
    }
    for old in &native.renamed {
        check_name("an earlier name of the enum type", old, at, problems);
        if *old == native.ty {
            problems.push(format!("{at}: the enum type {old:?} is renamed from itself: leave that out"));
        }
    }
    for label in found.labels {
        if label.len() > LONGEST {
            problems.push(format!(
                "{at}: a label of an enum type has at most {LONGEST} bytes, {label:?} has {}: shorten it",
                label.len()
            ));
        }
        if label.contains('\0') {
            problems.push(format!("{at}: the label {label:?} has a NUL character: take it out"));
        }
    }
    for (label, old) in &native.renamed_labels {
        if !found.labels.contains(label) {
            problems.push(format!("{at}: the label {label:?} has earlier names and is none of {}", native.ty));
        }
        if old.contains(label) {
            problems.push(format!("{at}: the label {label:?} is renamed from itself: leave that out"));
        }
    }
}
