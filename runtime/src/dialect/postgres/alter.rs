//! `ALTER TABLE`: the changes of columns that the server takes in one statement, so that the table is locked and rewritten once.

use super::casts;
use super::render::{Render, collation, define};
use super::sequences::Definition;
use super::text::quote;
use crate::catalog::{Column, Name};
use crate::change::{CastSafety, Change, Statement};

/// What one statement does, and what comes before and after it.
#[derive(Default)]
struct Parts {
    /// What the statement needs to find, and what it must not find.
    before: Vec<Statement>,
    /// What the statement does.
    actions: Vec<String>,
    /// Values that take the place of NULLs.
    fills: Vec<String>,
    /// What a second statement does once they have.
    tightens: Vec<String>,
    /// Comments, and where sequences go on.
    after: Vec<String>,
}

/// Whether the change can be one action among others. A generated column is made of others, as they are when the statement begins.
pub(super) fn joins(render: &Render<'_>, change: &Change) -> bool {
    match change {
        Change::AddColumn { table, column, .. } => {
            column.generated.is_none() && render.needs(table, [column]).is_empty()
        }
        Change::AlterColumn { from, to, .. } => {
            from.generated.is_none() && to.generated.is_none() && !super::columns::is_replaced(render.0, from, to)
        }
        Change::DropColumn { .. } => true,
        _ => false,
    }
}

impl Render<'_> {
    /// The statements of these changes of columns.
    pub(super) fn alter_table(&self, table: &Name, changes: &[Change]) -> Vec<Statement> {
        let mut parts = Parts::default();
        for change in changes {
            match change {
                Change::AddColumn { column, .. } => self.add_column(table, column, &mut parts),
                Change::AlterColumn { from, to, lossy, .. } => self.alter_column(table, from, to, *lossy, &mut parts),
                Change::DropColumn { column, .. } => parts.actions.push(format!("DROP COLUMN {}", quote(column))),
                _ => {}
            }
        }
        let alter = |actions: &[String]| format!("{} {}", self.alter(table), actions.join(", "));
        let mut statements = parts.before;
        let mut execute = |sql: String| statements.push(Statement::Execute(sql));
        if !parts.actions.is_empty() {
            execute(alter(&parts.actions));
        }
        parts.fills.into_iter().for_each(&mut execute);
        if !parts.tightens.is_empty() {
            execute(alter(&parts.tightens));
        }
        parts.after.into_iter().for_each(&mut execute);
        statements
    }

    fn add_column(&self, table: &Name, column: &Column, parts: &mut Parts) {
        parts.before.extend(self.needs(table, [column]).into_iter().map(Statement::Execute));
        let Definition { before, column: defined, after } = self.definition(table, column);
        parts.before.extend(before.into_iter().map(Statement::Execute));
        parts.actions.push(format!("ADD COLUMN {}", define(&defined)));
        parts.after.extend(after);
        parts.after.extend(column.comment.is_some().then(|| self.column_comment(table, column)));
    }

    /// In the order in which the server takes them: what stands in the way goes first, the type, what comes back.
    fn alter_column(&self, table: &Name, from: &Column, to: &Column, lossy: bool, parts: &mut Parts) {
        parts.before.extend(self.needs(table, [to]).into_iter().map(Statement::Execute));
        let name = quote(&to.name);
        if super::columns::is_replaced(self.0, from, to) {
            // The server drops what a statement drops before it adds anything.
            parts.actions.push(format!("DROP COLUMN {name}"));
            parts.actions.push(format!("ADD COLUMN {}", define(to)));
            parts.after.extend(to.comment.is_some().then(|| self.column_comment(table, to)));
            return;
        }
        let column = format!("ALTER COLUMN {name}");
        match (&from.generated, &to.generated) {
            (Some(old), Some(new)) if old != new => {
                parts.actions.push(format!("{column} SET EXPRESSION AS ({})", new.sql));
            }
            (Some(_), None) => parts.actions.push(format!("{column} DROP EXPRESSION")),
            _ => {}
        }
        let retyped = from.ty != to.ty || from.collate != to.collate;
        let default_changes = from.default != to.default || retyped;
        let steps = self.recount(table, from, to);
        parts.before.extend(steps.before.into_iter().map(Statement::Execute));
        parts.actions.extend(steps.actions);
        if from.default.is_some() && from.generated.is_none() && default_changes {
            parts.actions.push(format!("{column} DROP DEFAULT"));
        }
        if !from.nullable && to.nullable {
            parts.actions.push(format!("{column} DROP NOT NULL"));
        }
        if retyped {
            self.retype(table, from, to, lossy, parts);
        }
        if let Some(default) = to.default.as_ref().filter(|_| default_changes) {
            parts.actions.push(format!("{column} SET DEFAULT {default}"));
        }
        if from.nullable && !to.nullable {
            if to.default.is_some() {
                let table = self.0.qualified(table);
                parts.fills.push(format!("UPDATE {table} SET {name} = DEFAULT WHERE {name} IS NULL"));
                parts.tightens.push(format!("{column} SET NOT NULL"));
            } else {
                parts.actions.push(format!("{column} SET NOT NULL"));
            }
        }
        parts.fills.extend(steps.between);
        parts.tightens.extend(steps.second);
        parts.after.extend(steps.after);
        if from.comment != to.comment {
            parts.after.push(self.column_comment(table, to));
        }
    }

    fn retype(&self, table: &Name, from: &Column, to: &Column, lossy: bool, parts: &mut Parts) {
        let name = quote(&to.name);
        let conversion = casts::conversion(self.0, &name, from, to);
        let mut using = conversion.value;
        if casts::cast(self.0, from, to) == CastSafety::Checked {
            // Nobody writes between the check and the change.
            let lock = format!("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", self.0.qualified(table));
            let lock = Statement::Execute(lock);
            if !parts.before.contains(&lock) {
                parts.before.push(lock);
            }
            if lossy {
                let fallback = to.default.as_deref().unwrap_or("NULL");
                let rounds = match conversion.rounds {
                    Some(rounds) => format!(" WHEN {rounds} THEN {using}"),
                    None => String::new(),
                };
                using = format!(
                    "CASE WHEN {name} IS NULL THEN NULL WHEN {} THEN {using}{rounds} ELSE ({fallback})::{} END",
                    conversion.converts, to.ty
                );
            } else {
                parts.before.push(Statement::AssertEmpty {
                    query: format!(
                        "SELECT {name}::text FROM {} WHERE {name} IS NOT NULL AND NOT coalesce({}, false) LIMIT 1",
                        self.0.qualified(table),
                        conversion.converts
                    ),
                    message: format!("a value of \"{}\" cannot be converted to {}", from.name, to.ty),
                });
            }
        }
        let collate =
            to.collate.as_deref().map_or_else(String::new, |collate| format!(" COLLATE {}", collation(collate)));
        parts.actions.push(format!("ALTER COLUMN {name} TYPE {}{collate} USING {using}", to.ty));
    }
}
