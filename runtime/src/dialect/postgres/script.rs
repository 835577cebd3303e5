//! A plan as a script for `psql -v ON_ERROR_STOP=1`: what a run does in its transaction, and behind it what online mode does outside.

use super::queries;
use super::session::LOCK;
use super::text::{quote, quote_text};
use crate::catalog::{ForeignKey, Name};
use crate::change::{Change, Statement, StepIsolation};
use crate::dialect::script::{Script, ScriptStep};
use crate::dialect::sql::script::ScriptWriter;
use crate::model::sql::Lexer;

/// Where the definitions are kept of what goes and comes back, in the words that the server has for them right before.
const SAVED: &str = "pg_temp.__schemasync_saved";

/// What goes a second time is as it is then.
const AGAIN: &str = "ON CONFLICT (name) DO UPDATE SET sql = excluded.sql";

/// The script.
pub(crate) fn write(script: &Script<'_>) -> String {
    let mut writer = ScriptWriter::new(&Lexer::POSTGRES);
    let later = script.steps.iter().position(|step| !step.isolation.is_unit()).unwrap_or(script.steps.len());
    let (unit, later) = script.steps.split_at(later);
    writer.comment(if later.is_empty() {
        "Run it with `psql -v ON_ERROR_STOP=1`: the first error ends it, and then nothing has been changed."
    } else {
        "Run it with `psql -v ON_ERROR_STOP=1`: the first error ends it. What is in the first transaction is done as a whole or not at all; what follows it is done step by step."
    });
    script.head.iter().for_each(|line| writer.comment(line));
    if script.steps.is_empty() {
        return writer.finish();
    }
    let (local, lock) = if later.is_empty() { ("LOCAL ", "pg_advisory_xact_lock") } else { ("", "pg_advisory_lock") };
    let settings = |writer: &mut ScriptWriter<'_>| {
        for (name, value) in script.settings {
            writer.statement(&format!("SET {local}{name} = {value}"));
        }
        writer.statement(&block(&format!("PERFORM pg_catalog.{lock}({}, {});", LOCK.0, LOCK.1)));
    };
    if !later.is_empty() {
        settings(&mut writer);
    }
    if !unit.is_empty() {
        writer.statement("BEGIN");
        if later.is_empty() {
            settings(&mut writer);
        }
        if unit.iter().any(|step| is_suspended(step.change) || step.statements.iter().any(is_restored)) {
            writer.statement(
                "CREATE TEMP TABLE __schemasync_saved (name text PRIMARY KEY, sql text NOT NULL) ON COMMIT DROP",
            );
        }
        unit.iter().for_each(|step| write_step(&mut writer, step));
        writer.blank_line();
        writer.statement("COMMIT");
    }
    later.iter().for_each(|step| write_later(&mut writer, step));
    if !later.is_empty() {
        writer.blank_line();
        writer.statement(&block(&format!("PERFORM pg_catalog.pg_advisory_unlock({}, {});", LOCK.0, LOCK.1)));
        script.settings.iter().for_each(|(name, _)| writer.statement(&format!("RESET {name}")));
    }
    writer.finish()
}

/// The name under which a definition is saved: quoted, so that no two objects share one.
fn saved_as(object: &Name, part: Option<&str>) -> String {
    let parts = [object.schema.as_deref(), Some(&object.name), part];
    parts.into_iter().flatten().map(quote).collect::<Vec<_>>().join(".")
}

fn is_suspended(change: &Change) -> bool {
    matches!(change, Change::SuspendView { .. } | Change::SuspendForeignKey { .. })
}

fn is_restored(statement: &Statement) -> bool {
    matches!(statement, Statement::Restore { .. })
}

/// A step of the transaction.
fn write_step(writer: &mut ScriptWriter<'_>, step: &ScriptStep<'_>) {
    writer.blank_line();
    step.comments.iter().for_each(|comment| writer.comment(comment));
    match step.change {
        Change::SuspendView { view } => {
            let name = quote_text(&saved_as(&view.name, None));
            let query = queries::view_definition(&regclass(&view.name));
            writer.statement(&format!("INSERT INTO {SAVED} SELECT {name}, sql FROM ({query}) AS v (sql) {AGAIN}"));
        }
        Change::SuspendForeignKey { table, foreign_key: ForeignKey { name: Some(name), .. } } => {
            let saved = quote_text(&saved_as(table, Some(name)));
            let query = queries::foreign_keys(&regclass(table));
            let name = quote_text(name);
            writer.statement(&format!(
                "INSERT INTO {SAVED} SELECT {saved}, sql FROM ({query}) AS k (name, sql) WHERE k.name = {name} {AGAIN}"
            ));
        }
        _ => {}
    }
    write_statements(writer, step.statements);
}

fn write_statements(writer: &mut ScriptWriter<'_>, statements: &[Statement]) {
    for statement in statements {
        match statement {
            Statement::Execute(sql) => writer.statement(sql),
            Statement::Restore { object, part, sql } => {
                let name = saved_as(object, part.as_deref());
                let saved = format!("SELECT s.sql FROM {SAVED} s WHERE s.name = {}", quote_text(&name));
                writer.statement(&block(&format!("EXECUTE coalesce(({saved}), {});", quoted_as("sql", sql))));
            }
            Statement::AssertEmpty { query, message } => writer.statement(&assert(query, message)),
            // No table of this database is rebuilt.
            Statement::Copy { insert, .. } => writer.statement(insert),
            // The other statements of the step do it without ranges.
            Statement::Fill { .. } => {}
        }
    }
}

/// A step behind the transaction.
fn write_later(writer: &mut ScriptWriter<'_>, step: &ScriptStep<'_>) {
    writer.blank_line();
    step.comments.iter().for_each(|comment| writer.comment(comment));
    for sql in step.compensation {
        writer.comment(&format!("when it fails: {sql}"));
    }
    match step.isolation {
        StepIsolation::Autocommit => write_statements(writer, step.statements),
        StepIsolation::Batched => writer.statement(&dollar_quoted(&batches(step.statements))),
        StepIsolation::OwnTransaction | StepIsolation::Unit => {
            writer.statement("BEGIN");
            write_statements(writer, step.statements);
            writer.statement("COMMIT");
        }
    }
}

/// A block that fills a column range by range, and then does what came meanwhile until nothing is left; it commits each time.
fn batches(statements: &[Statement]) -> String {
    let ranges = statements.iter().filter_map(|statement| match statement {
        Statement::Fill { update, end, length, .. } => Some(format!(
            "  EXECUTE {} INTO ending;\n  first := 0;\n  WHILE first < ending LOOP\n    EXECUTE {} USING first, least(ending, first + {length});\n    COMMIT;\n    first := first + {length};\n  END LOOP;\n",
            quoted_as("sql", end),
            quoted_as("sql", &Statement::fill(update, "$1", "$2"))
        )),
        _ => None,
    });
    let ranges: String = ranges.collect();
    let rest = statements.iter().filter_map(|statement| match statement {
        Statement::Execute(sql) => Some(format!(
            "    EXECUTE {};\n    GET DIAGNOSTICS batch = ROW_COUNT;\n    changed := changed + batch;\n",
            quoted_as("sql", sql)
        )),
        _ => None,
    });
    let rest: String = rest.collect();
    format!(
        "\nDECLARE batch bigint; changed bigint; first bigint; ending bigint;\nBEGIN\n{ranges}  LOOP\n    changed := 0;\n{rest}    EXIT WHEN changed = 0;\n    COMMIT;\n  END LOOP;\nEND "
    )
}

/// The object of that name, as it is called at this moment, in an expression. What has no schema is in the first one of the search path.
fn regclass(name: &Name) -> String {
    let schema = name.schema.as_deref().map_or_else(|| "pg_catalog.current_schema()".to_owned(), quote_text);
    format!("pg_catalog.to_regclass(pg_catalog.format('%I.%I', {schema}, {}))", quote_text(&name.name))
}

/// A block that stops the script where the query returns a row.
fn assert(query: &str, message: &str) -> String {
    dollar_quoted(&format!(
        "\nDECLARE violation record;\nBEGIN\n  FOR violation IN EXECUTE {} LOOP\n    RAISE EXCEPTION '% %', {}, violation;\n  END LOOP;\nEND ",
        quoted_as("sql", query),
        quote_text(message)
    ))
}

fn block(statements: &str) -> String {
    dollar_quoted(&format!(" BEGIN {statements} END "))
}

/// `DO` and its block.
fn dollar_quoted(text: &str) -> String {
    format!("DO {}", quoted_as("do", text))
}

/// A text between dollar quotes, of which it holds none: read as it is.
fn quoted_as(tag: &str, text: &str) -> String {
    let mut tag = format!("${tag}$");
    while text.contains(&tag) {
        tag.insert(1, '_');
    }
    format!("{tag}{text}{tag}")
}
