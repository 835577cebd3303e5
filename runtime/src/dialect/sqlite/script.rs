//! A plan as a script for `sqlite3 -bail`: one transaction, with foreign keys off around it as in a run (rule X3).
//!
//! The client has no words for a check that stops a script. An assertion is a temporary table whose one constraint is named after what
//! went wrong: a row that may not be there breaks it.

use super::normalise::{quote, quote_text};
use crate::change::{Change, Statement};
use crate::dialect::script::{Script, ScriptStep};
use crate::dialect::sql::script::ScriptWriter;
use crate::model::sql::Lexer;
use std::collections::BTreeSet;

/// The temporary table of an assertion.
const ASSERT: &str = "temp.__schemasync_assert";

/// The violations of foreign keys that are there before the script.
const VIOLATIONS: &str = "temp.__schemasync_violations";

/// The script.
pub(crate) fn write(script: &Script<'_>) -> String {
    let mut writer = ScriptWriter::new(&Lexer::SQLITE);
    writer.comment("Run it with `sqlite3 -bail FILE`: the first error ends it, and then nothing has been changed.");
    script.head.iter().for_each(|line| writer.comment(line));
    if script.steps.is_empty() {
        return writer.finish();
    }
    let referenced = referenced(script);
    // Foreign keys can only be switched outside of a transaction; with them on, the drop of a rebuild would delete rows of other tables.
    writer.statement("PRAGMA foreign_keys = OFF");
    writer.statement("PRAGMA legacy_alter_table = OFF");
    writer.statement("BEGIN IMMEDIATE");
    assert(
        &mut writer,
        "foreign keys are on: run this outside of a transaction",
        "SELECT 1 FROM pragma_foreign_keys WHERE foreign_keys <> 0",
    );
    if !referenced.is_empty() {
        writer.statement(&format!("CREATE TEMP TABLE {} AS {}", bare(VIOLATIONS), violations(&referenced)));
    }
    script.steps.iter().for_each(|step| write_step(&mut writer, step, !referenced.is_empty()));
    writer.blank_line();
    if !referenced.is_empty() {
        writer.comment("only violations that are new count");
        assert(&mut writer, "rows would violate a foreign key", &new_violations(&referenced));
        writer.statement(&format!("DROP TABLE {VIOLATIONS}"));
    }
    writer.statement("COMMIT");
    writer.statement("PRAGMA foreign_keys = ON");
    writer.finish()
}

/// `CREATE TEMP TABLE` takes the name without its schema.
fn bare(name: &str) -> &str {
    name.strip_prefix("temp.").unwrap_or(name)
}

fn write_step(writer: &mut ScriptWriter<'_>, step: &ScriptStep<'_>, follows_names: bool) {
    writer.blank_line();
    step.comments.iter().for_each(|comment| writer.comment(comment));
    match step.change {
        Change::RebuildTable(_) => {
            for statement in step.statements {
                if let Statement::Restore { part: Some(name), sql, .. } = statement {
                    unchanged(writer, name, sql);
                }
            }
        }
        Change::SuspendView { view } => {
            view.triggers.iter().for_each(|trigger| unchanged(writer, &trigger.name, &trigger.sql));
        }
        _ => {}
    }
    for statement in step.statements {
        match statement {
            Statement::Execute(sql) | Statement::Restore { sql, .. } => writer.statement(sql),
            Statement::AssertEmpty { query, message } => assert(writer, message, query),
            Statement::Copy { insert, rows, table, .. } => {
                let insert = Statement::fill(insert, Statement::BEFORE_ALL_KEYS, &i64::MAX.to_string());
                begin_assert(writer, &format!("not every row of \"{table}\" was copied"));
                writer.statement(&insert);
                end_assert(writer, &format!("SELECT 1 WHERE changes() <> ({rows})"));
            }
            Statement::Fill { .. } => {}
        }
    }
    if let Change::RenameTable { from, to } = step.change
        && follows_names
    {
        for column in ["child", "parent"] {
            let (from, to) = (folded(&from.name), folded(&to.name));
            writer.statement(&format!("UPDATE {VIOLATIONS} SET {column} = {to} WHERE {column} = {from}"));
        }
    }
}

fn folded(name: &str) -> String {
    quote_text(&name.to_ascii_lowercase())
}

/// An index or a trigger is recreated by its text, which is that of the plan: nobody may have changed it since.
fn unchanged(writer: &mut ScriptWriter<'_>, name: &str, sql: &str) {
    assert(
        writer,
        &format!("\"{name}\" is not what it was when the plan was made: run `sync`, or make another plan"),
        &format!(
            "SELECT 1 FROM main.sqlite_schema WHERE type IN ('index', 'trigger') AND name = {} COLLATE NOCASE AND sql <> {}",
            quote_text(name),
            quote_text(sql)
        ),
    );
}

/// The query must return no row.
fn assert(writer: &mut ScriptWriter<'_>, message: &str, query: &str) {
    begin_assert(writer, message);
    end_assert(writer, query);
}

fn begin_assert(writer: &mut ScriptWriter<'_>, message: &str) {
    let message: String = message.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    writer.statement(&format!("CREATE TEMP TABLE {} (ok CONSTRAINT {} CHECK (ok))", bare(ASSERT), quote(&message)));
}

fn end_assert(writer: &mut ScriptWriter<'_>, query: &str) {
    writer.statement(&format!("INSERT INTO {ASSERT} SELECT 0 FROM ({query}) LIMIT 1"));
    writer.statement(&format!("DROP TABLE {ASSERT}"));
}

/// The tables, by all their names, that are rebuilt or get foreign keys: theirs are looked at, and those of the tables that reference them.
fn referenced(script: &Script<'_>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for step in &script.steps {
        match step.change {
            Change::RebuildTable(rebuild) => {
                names.extend([&rebuild.from.name, &rebuild.to.name].map(|name| folded(&name.name)));
            }
            Change::AddColumn { table, foreign_keys, .. } if !foreign_keys.is_empty() => {
                names.insert(folded(&table.name));
            }
            _ => {}
        }
    }
    // What is renamed is known by its old name before.
    for step in script.steps.iter().rev() {
        if let Change::RenameTable { from, to } = step.change
            && names.contains(&folded(&to.name))
        {
            names.insert(folded(&from.name));
        }
    }
    names
}

/// The violations of the keys from and to these tables.
fn violations(tables: &BTreeSet<String>) -> String {
    let list = tables.iter().cloned().collect::<Vec<_>>().join(", ");
    format!(
        "SELECT lower(f.\"table\") AS child, f.\"rowid\" AS child_row, lower(f.parent) AS parent, count(*) AS times FROM main.sqlite_schema AS s, pragma_foreign_key_check(s.name, 'main') AS f \
         WHERE s.type = 'table' AND (lower(s.name) IN ({list}) OR EXISTS (SELECT 1 FROM pragma_foreign_key_list(s.name, 'main') AS k WHERE lower(k.\"table\") IN ({list}))) GROUP BY 1, 2, 3"
    )
}

fn new_violations(tables: &BTreeSet<String>) -> String {
    format!(
        "SELECT 1 FROM ({}) AS now WHERE times > (SELECT coalesce(sum(old.times), 0) FROM {VIOLATIONS} AS old WHERE old.child IS now.child AND old.child_row IS now.child_row AND old.parent IS now.parent)",
        violations(tables)
    )
}
