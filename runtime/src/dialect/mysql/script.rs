//! A plan as a script for the databases' own clients: `mysql` and `mariadb` stop at the first error. What has been done until then stays.

use crate::change::Statement;
use crate::dialect::script::Script;
use crate::dialect::sql::script::ScriptWriter;
use crate::model::sql::Lexer;

/// The script.
pub(crate) fn write(script: &Script<'_>) -> String {
    let mut writer = ScriptWriter::new(&Lexer::MYSQL);
    writer.comment(
        "Run it with `mysql` or `mariadb`: the first error ends it. Each statement commits by itself: what was done before it stays, and the next sync goes on from there.",
    );
    script.head.iter().for_each(|line| writer.comment(line));
    if script.steps.is_empty() {
        return writer.finish();
    }
    for (name, value) in script.settings {
        writer.statement(&format!("SET SESSION {name} = {value}"));
    }
    for step in &script.steps {
        writer.blank_line();
        step.comments.iter().for_each(|comment| writer.comment(comment));
        for statement in step.statements {
            match statement {
                Statement::Execute(sql) | Statement::Restore { sql, .. } => writer.statement(sql),
                // A row makes the subquery one of two rows, which is an error.
                Statement::AssertEmpty { query, message } => {
                    writer.comment(&format!("Fails where {message}"));
                    writer.statement(&format!(
                        "DO (SELECT 1 FROM (SELECT 1 AS n UNION ALL SELECT 2) AS two WHERE EXISTS ({query}))"
                    ));
                }
                Statement::Copy { .. } | Statement::Fill { .. } => {}
            }
        }
    }
    writer.finish()
}
