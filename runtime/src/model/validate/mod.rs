//! Whether a model contradicts itself. All problems are found at once; each is a sentence that names the place and the remedy.

mod column;
mod default;
mod enum_type;
mod index;
pub(super) mod key;
mod rename;
mod table;
mod view;

use super::sql::Single;
use super::{Schema, Table};
use crate::catalog::MANAGED_PREFIX;
use std::collections::HashMap;
use std::fmt;

/// What the names of our own tables and temporary objects begin with (rules S3, S8).
const RESERVED_PREFIX: &str = "__schemasync_";

/// A model that cannot be synced.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidSchema {
    /// It has neither tables nor views.
    #[error("the schema is empty: name at least one model, as in `schema![User]`, or link one that derives `DbTable`")]
    Empty,
    /// It contradicts itself: every problem, one sentence each.
    #[error("the models cannot be synced:\n{}", .0.iter().map(|p| format!("  - {p}")).collect::<Vec<_>>().join("\n"))]
    Problems(Vec<String>),
}

impl Schema {
    /// Checks that the model can be synced at all: every sync does so before it looks at the database (rule R3).
    ///
    /// # Errors
    /// [`InvalidSchema::Empty`] without tables and views; [`InvalidSchema::Problems`] with *all* problems.
    pub fn validate(&self) -> Result<(), InvalidSchema> {
        let problems = self.all_problems();
        if !problems.is_empty() {
            return Err(InvalidSchema::Problems(problems));
        }
        if self.tables.is_empty() && self.views.is_empty() {
            return Err(InvalidSchema::Empty);
        }
        Ok(())
    }

    /// All problems, those of building first.
    pub(super) fn all_problems(&self) -> Vec<String> {
        let mut problems = self.problems.clone();
        let tables = by_name(self);
        table::names(self, &mut problems);
        for table in &self.tables {
            table::check(table, &mut problems);
            for column in &table.columns {
                column::check(table, column, &mut problems);
            }
            index::check(table, &mut problems);
            key::check_primary(table, &mut problems);
            key::check_foreign(self, &tables, table, &mut problems);
        }
        index::check_names(self, &mut problems);
        view::check(self, &tables, &mut problems);
        rename::check(self, &mut problems);
        enum_type::check(self, &mut problems);
        problems
    }
}

/// The tables of a model by namespace and name.
pub(super) type Tables<'a> = HashMap<(Option<&'a str>, &'a str), &'a Table>;

pub(super) fn by_name(schema: &Schema) -> Tables<'_> {
    schema.tables.iter().map(|table| ((table.schema.as_deref(), table.name.as_str()), table)).collect()
}

/// `auth.users`, or the name alone.
struct Full<'a>(Option<&'a str>, &'a str);

impl fmt::Display for Full<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(schema) => write!(f, "{schema}.{}", self.1),
            None => f.write_str(self.1),
        }
    }
}

fn full(table: &Table) -> Full<'_> {
    Full(table.schema.as_deref(), &table.name)
}

/// No database takes an empty name, none takes NUL in one; our own prefixes are ours.
fn check_name(what: &str, name: &str, at: impl fmt::Display, problems: &mut Vec<String>) {
    if name.is_empty() {
        problems.push(format!("{at}: {what} has an empty name: give it one"));
    }
    if name.contains('\0') {
        problems.push(format!("{at}: the name of {what} {name:?} has a NUL character: take it out"));
    }
    for prefix in [RESERVED_PREFIX, MANAGED_PREFIX] {
        if name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix)) {
            problems.push(format!(
                "{at}: the name of {what} {name:?} begins with `{prefix}`, which is schemasync's own: choose another name"
            ));
        }
    }
}

/// SQL that is there but says nothing; `false`: it is not worth reading on.
fn check_text(what: &str, sql: &str, at: &impl fmt::Display, problems: &mut Vec<String>) -> bool {
    if sql.trim().is_empty() {
        problems.push(format!("{at}: {what} is empty: write it or leave it out"));
        return false;
    } else if sql.contains('\0') {
        problems.push(format!("{at}: {what} has a NUL character: take it out"));
        return false;
    }
    true
}

/// SQL that says nothing, or is not one expression or query for any database: each dialect reads it again by its own rules.
fn check_sql(expected: Single, what: &str, sql: &str, at: impl fmt::Display, problems: &mut Vec<String>) {
    if check_text(what, sql, &at, problems)
        && let Err(fault) = expected.check_any(sql)
    {
        problems.push(format!("{at}: {what} {fault}"));
    }
}

/// As [`check_sql`], of an expression or a type.
fn check_expression(what: &str, sql: &str, at: impl fmt::Display, problems: &mut Vec<String>) {
    check_sql(Single::Expression, what, sql, at, problems);
}

/// Names that stand twice in a list, the second time.
fn repeated(names: &[String]) -> impl Iterator<Item = &String> {
    names.iter().enumerate().filter(|(at, name)| names[..*at].contains(name)).map(|(_, name)| name)
}

fn list(names: &[String]) -> String {
    names.join(", ")
}

#[cfg(test)]
mod tests;
