//! The text of a script: what the SQL databases write alike.

use crate::model::sql::Lexer;

/// Writes a script, line by line.
#[derive(Debug)]
pub(crate) struct ScriptWriter<'a> {
    lexer: &'a Lexer,
    text: String,
}

impl<'a> ScriptWriter<'a> {
    pub(crate) fn new(lexer: &'a Lexer) -> Self {
        Self { lexer, text: String::new() }
    }

    /// A comment, which is one line whatever it holds.
    pub(crate) fn comment(&mut self, text: &str) {
        let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        self.text.push_str(format!("-- {line}").trim_end());
        self.text.push('\n');
    }

    /// A statement and its end, which no comment at the end of the statement hides.
    pub(crate) fn statement(&mut self, sql: &str) {
        let sql = sql.trim_end().trim_end_matches(';');
        self.text.push_str(sql);
        let hides = self.lexer.tokenize(sql).is_ok_and(|tokens| tokens.ends_in_comment);
        self.text.push_str(if hides { "\n;\n" } else { ";\n" });
    }

    pub(crate) fn blank_line(&mut self) {
        self.text.push('\n');
    }

    pub(crate) fn finish(self) -> String {
        self.text
    }
}
