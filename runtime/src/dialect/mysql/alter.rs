//! `ALTER TABLE`: the changes of a table that the server takes in one statement, so that the table is rewritten once.

use super::casts;
use super::render::{Render, define, index_clause};
use super::text::{list, quote, rename_in_expression};
use crate::catalog::{Check, Column, Generated, IndexOn, Name};
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
            Change::RenameColumn { from, to, .. } => return self.rename_column(table, from, to, parts),
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

    /// MySQL renames no column that a check or a generated column reads: those change in the same statement. MariaDB has them follow.
    fn rename_column(&self, table: &Name, from: &str, to: &str, parts: &mut Parts) {
        let rename = format!("RENAME COLUMN {} TO {}", quote(from), quote(to));
        let live = self.0.live_table(table).filter(|_| !self.0.is_mariadb());
        let Some(live) = live else { return parts.actions.push(rename) };
        let ordered = self.0.renames.columns.get(table).map_or(&[][..], |changes| &changes.ordered);
        let at = ordered.iter().position(|(old, new)| old == from && new == to).unwrap_or(0);
        let earlier = ordered.get(..at).unwrap_or_default();
        let renamed = |sql: &str| {
            let before = earlier.iter().fold(sql.to_owned(), |sql, (old, new)| rename_in_expression(&sql, old, new));
            let after = rename_in_expression(&before, from, to);
            (after != before).then_some(after)
        };
        let checks: Vec<Check> = live
            .checks
            .iter()
            .filter_map(|check| Some(Check { sql: renamed(&check.sql)?.into(), ..check.clone() }))
            .collect();
        let drop = |check: &Check| format!("DROP CONSTRAINT {}", quote(check.name.as_deref().unwrap_or_default()));
        parts.actions.extend(checks.iter().map(drop));
        let mut indexes = live.indexes.clone();
        indexes.retain_mut(|index| {
            let mut reads = false;
            for part in &mut index.parts {
                match &mut part.on {
                    IndexOn::Expression(sql) => {
                        let before = earlier
                            .iter()
                            .fold(sql.text.clone(), |sql, (old, new)| rename_in_expression(&sql, old, new));
                        sql.text = rename_in_expression(&before, from, to);
                        reads |= sql.text != before;
                    }
                    IndexOn::Column(name) => {
                        for (old, new) in
                            earlier.iter().map(|(old, new)| (old.as_str(), new.as_str())).chain([(from, to)])
                        {
                            if name == old {
                                new.clone_into(name);
                            }
                        }
                    }
                }
            }
            reads
        });
        parts.actions.extend(indexes.iter().map(|index| format!("DROP INDEX {}", quote(&index.name))));
        parts.actions.push(rename);
        for column in &live.columns {
            let Some(generated) = &column.generated else { continue };
            let Some(sql) = renamed(&generated.sql) else { continue };
            let name = earlier.iter().fold(&column.name, |name, (old, new)| if name == old { new } else { name });
            let generated = Generated { sql: sql.into(), ..generated.clone() };
            let column = Column { name: name.clone(), generated: Some(generated), ..column.clone() };
            parts.actions.push(format!("MODIFY COLUMN {}", self.define(&column)));
        }
        parts.actions.extend(indexes.iter().map(|index| format!("ADD {}", index_clause(index))));
        parts.actions.extend(checks.iter().map(|check| format!("ADD {}", super::render::check_clause(check))));
    }

    /// Sets the columns that the server would set by itself to what they are.
    fn keeping_moments(&self, table: &Name) -> String {
        let columns = self.0.live_table(table).map_or(&[][..], |live| &live.columns);
        let kept = columns.iter().filter(|column| column.extra.contains_key("on_update"));
        kept.map(|column| format!(", {0} = {0}", quote(self.0.renames.column_after(table, &column.name)))).collect()
    }

    fn define(&self, column: &Column) -> String {
        define(self.0, column)
    }

    fn alter_column(&self, table: &Name, from: &Column, to: &Column, lossy: bool, parts: &mut Parts) {
        let (name, moments) = (quote(&to.name), self.keeping_moments(table));
        if from.ty != to.ty && casts::cast(from, to) == CastSafety::Checked {
            let converts = if lossy { casts::converts_or_rounds } else { casts::converts };
            let converts = converts(&name, from, to);
            let fails = format!("{name} IS NOT NULL AND NOT coalesce({converts}, 0)");
            let table = self.0.qualified(table);
            if lossy {
                let fallback = to.default.as_deref().filter(|_| !to.nullable).unwrap_or("NULL");
                if fallback == "NULL" && !from.nullable {
                    let optional = self.define(&Column { nullable: true, ..from.clone() });
                    parts.fills.push(format!("ALTER TABLE {table} MODIFY COLUMN {optional}"));
                }
                parts.fills.push(format!("UPDATE {table} SET {name} = {fallback}{moments} WHERE {fails}"));
            } else {
                parts.asserts.push(Statement::AssertEmpty {
                    query: format!("SELECT CAST({name} AS CHAR) FROM {table} WHERE {fails} LIMIT 1"),
                    message: format!("a value of \"{}\" cannot be converted to {}", to.name, to.ty),
                });
            }
            if let Some(canonical) = casts::canonical(&name, from, to) {
                let differs = format!("{name} IS NOT NULL AND NOT ({name} <=> {canonical})");
                parts.fills.push(format!("UPDATE {table} SET {name} = {canonical}{moments} WHERE {differs}"));
            }
        }
        let default = to.default.as_ref().filter(|_| from.nullable && !to.nullable && to.generated.is_none());
        if let Some(default) = default {
            let table = self.0.qualified(table);
            parts.fills.push(format!("UPDATE {table} SET {name} = {default}{moments} WHERE {name} IS NULL"));
        }
        parts.actions.push(format!("MODIFY COLUMN {}", self.define(to)));
    }
}
