//! `ALTER TABLE`: the changes of a table that the server takes in one statement, so that the table is rewritten once.

use super::casts;
use super::render::{Render, define, index_clause};
use super::text::{list, quote};
use crate::catalog::{Column, Name};
use crate::change::{CastSafety, Change, Statement};

/// What one statement does, and what comes before it.
#[derive(Default)]
struct Parts {
    /// What the statement must not find.
    asserts: Vec<Statement>,
    /// Values that take the place of NULLs.
    fills: Vec<String>,
    /// What the statement does.
    actions: Vec<String>,
}

/// Whether the change can be one action among the others.
pub(super) fn joins(changes: &[Change], next: &Change) -> bool {
    let is_action = |change: &Change| {
        matches!(change, Change::AddColumn { .. } | Change::AlterColumn { .. } | Change::DropColumn { .. })
    };
    if !changes.iter().chain([next]).all(is_action) {
        return false;
    }
    // One action for each column: the server refuses to drop and to add one in the same statement.
    let name = column_of(next);
    changes.iter().all(|change| column_of(change) != name) && !reads_changed(changes, next)
}

fn column_of(change: &Change) -> Option<String> {
    match change {
        Change::AddColumn { column, .. } => Some(column.name.to_lowercase()),
        Change::AlterColumn { to, .. } => Some(to.name.to_lowercase()),
        Change::DropColumn { column, .. } => Some(column.to_lowercase()),
        _ => None,
    }
}

/// A generated column is made of others as they are when the statement begins.
fn reads_changed(changes: &[Change], next: &Change) -> bool {
    let is_generated = |change: &Change| match change {
        Change::AddColumn { column, .. } => column.generated.is_some(),
        Change::AlterColumn { from, to, .. } => from.generated.is_some() || to.generated.is_some(),
        _ => false,
    };
    is_generated(next) || changes.iter().any(is_generated)
}

impl Render<'_> {
    /// The statements of these changes.
    pub(super) fn alter_table(&self, table: &Name, changes: &[Change]) -> Vec<Statement> {
        let mut parts = Parts::default();
        for change in changes {
            self.action(table, change, &mut parts);
        }
        let mut statements = parts.asserts;
        statements.extend(parts.fills.into_iter().map(Statement::Execute));
        if !parts.actions.is_empty() {
            let sql = format!("ALTER TABLE {} {}", self.0.qualified(table), parts.actions.join(", "));
            statements.push(Statement::Execute(sql));
        }
        statements
    }

    fn action(&self, table: &Name, change: &Change, parts: &mut Parts) {
        let action = match change {
            Change::AddColumn { column, .. } => format!("ADD COLUMN {}", self.define(column)),
            Change::AlterColumn { from, to, lossy, .. } => return self.alter_column(table, from, to, *lossy, parts),
            Change::DropColumn { column, .. } => format!("DROP COLUMN {}", quote(column)),
            Change::RenameColumn { from, to, .. } => format!("RENAME COLUMN {} TO {}", quote(from), quote(to)),
            Change::CreateIndex { index, .. } => format!("ADD {}", index_clause(index)),
            Change::DropIndex { index, .. } => format!("DROP INDEX {}", quote(&index.name)),
            Change::RenameIndex { from, to, .. } => format!("RENAME INDEX {} TO {}", quote(from), quote(to)),
            Change::AddForeignKey { foreign_key, .. } => format!("ADD {}", self.foreign_key(foreign_key)),
            Change::DropForeignKey { foreign_key, .. } => {
                format!("DROP FOREIGN KEY {}", quote(foreign_key.name.as_deref().unwrap_or_default()))
            }
            Change::AddCheck { check, .. } => format!("ADD {}", super::render::check_clause(check)),
            Change::DropCheck { check, .. } => {
                format!("DROP CONSTRAINT {}", quote(check.name.as_deref().unwrap_or_default()))
            }
            Change::AlterPrimaryKey { from, to, .. } => {
                let drop = from.as_ref().map(|_| "DROP PRIMARY KEY".to_owned());
                let add = to.as_ref().map(|key| format!("ADD PRIMARY KEY ({})", list(&key.columns)));
                parts.actions.extend(drop.into_iter().chain(add));
                return;
            }
            _ => return,
        };
        parts.actions.push(action);
    }

    fn define(&self, column: &Column) -> String {
        define(self.0, column)
    }

    fn alter_column(&self, table: &Name, from: &Column, to: &Column, lossy: bool, parts: &mut Parts) {
        let name = quote(&to.name);
        if from.ty != to.ty && casts::cast(from, to) == CastSafety::Checked {
            let converts = casts::converts(&name, &Column { name: to.name.clone(), ..from.clone() }, to);
            let fails = format!("{name} IS NOT NULL AND NOT coalesce({converts}, 0)");
            let table = self.0.qualified(table);
            if lossy {
                let fallback = to.default.as_deref().filter(|_| !to.nullable).unwrap_or("NULL");
                parts.fills.push(format!("UPDATE {table} SET {name} = {fallback} WHERE {fails}"));
            } else {
                parts.asserts.push(Statement::AssertEmpty {
                    query: format!("SELECT CAST({name} AS CHAR) FROM {table} WHERE {fails} LIMIT 1"),
                    message: format!("a value of \"{}\" cannot be converted to {}", to.name, to.ty),
                });
            }
        }
        let default = to.default.as_ref().filter(|_| from.nullable && !to.nullable && to.generated.is_none());
        if let Some(default) = default {
            let table = self.0.qualified(table);
            parts.fills.push(format!("UPDATE {table} SET {name} = {default} WHERE {name} IS NULL"));
        }
        parts.actions.push(format!("MODIFY COLUMN {}", self.define(to)));
    }
}
