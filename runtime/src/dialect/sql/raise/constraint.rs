//! Foreign keys and checks.

use super::RaiseNative;
use crate::catalog::{self, MANAGED_PREFIX, fit_identifier, is_managed_name};
use crate::model::{Check, ForeignKey, short_hash};
use std::collections::BTreeSet;

pub(super) fn foreign_key(at: &str, live: &catalog::ForeignKey, notes: &mut Vec<String>) -> ForeignKey {
    if let Some(extra) = &live.extra {
        notes.push(format!("{at}: {extra} of the foreign key ({}) is not part of a schema", live.columns.join(", ")));
    }
    ForeignKey {
        columns: live.columns.clone(),
        target_schema: live.target.schema.clone(),
        target: live.target.name.clone(),
        target_columns: live.target_columns.clone(),
        on_delete: live.on_delete,
        on_update: live.on_update,
    }
}

pub(super) fn checks(database: &dyn RaiseNative, table: &catalog::Table, notes: &mut Vec<String>) -> Vec<Check> {
    let prefix = database.check_prefix(&table.name.name);
    let mut taken = BTreeSet::new();
    let mut checks = Vec::with_capacity(table.checks.len());
    for live in &table.checks {
        if live.extra.as_deref() == Some("exclusion") {
            notes.push(format!("{}: left out: {} is not part of a schema", table.name, live.sql));
            continue;
        }
        if let Some(extra) = &live.extra {
            notes.push(format!("{}: {extra} of the check {} is not part of a schema", table.name, live.sql));
        }
        let name = live.name.as_deref().map(|name| own_name(name, &prefix)).filter(|name| !name.is_empty());
        let name = free_name(&mut taken, name.map_or_else(|| short_hash(&live.sql), str::to_owned), false);
        let again = fit_identifier(&format!("{prefix}{name}"), database.identifier_limit());
        if live.name.as_deref().is_some_and(|live| is_managed_name(live) && live != again) {
            notes.push(format!(
                "{}, check {}: its name is not what schemasync would give it: it will be recreated under another",
                table.name, live.sql
            ));
        }
        checks.push(Check { name, sql: live.sql.text.clone() });
    }
    checks
}

/// A check's name without our prefix.
fn own_name<'a>(name: &'a str, prefix: &str) -> &'a str {
    let ours = || strip(name, MANAGED_PREFIX).map(|rest| strip(rest, "check__").unwrap_or(rest));
    strip(name, prefix).or_else(ours).unwrap_or(name)
}

/// As `strip_prefix`, whatever the case of ASCII letters.
pub(super) fn strip<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let start = text.get(..prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}

/// The name, or the name with a number where it is taken already; `exact`: case tells names apart.
pub(super) fn free_name(taken: &mut BTreeSet<String>, name: String, exact: bool) -> String {
    let key = |name: &str| if exact { name.to_owned() } else { name.to_ascii_lowercase() };
    let mut free = name.clone();
    let mut number = 1;
    while !taken.insert(key(&free)) {
        number += 1;
        free = format!("{name}_{number}");
    }
    free
}
