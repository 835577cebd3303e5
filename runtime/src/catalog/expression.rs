//! SQL expressions with what they read: a dependency is data here, and never searched for in the text.

use super::{Index, Name, Table};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Deref;

/// A SQL expression, or the query of a view, and what it reads.
///
/// Two expressions are equal when their texts are: what they read follows from the text and the catalog that they stand in. Only the
/// text is serialised; [`Dialect::read_expression`](crate::dialect::Dialect::read_expression) tells the rest again.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Expression {
    /// Normalised SQL.
    pub text: String,
    /// What it reads: from the server where that knows, else from the tokens of the text.
    pub reads: Box<Reads>,
}

/// What an expression reads. All lists are sorted and hold each item once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reads {
    /// Columns of its own table, as the table declares them.
    pub columns: Vec<String>,
    /// The tables and views that a query or a trigger reads or writes.
    pub relations: Vec<Name>,
    /// The columns of those, as they are declared.
    pub relation_columns: Vec<(Name, String)>,
    /// Whether a query takes all columns of a relation (`*`), where the database keeps it so.
    pub all_columns: bool,
    /// The types that it names; those of arrays by their elements.
    pub types: Vec<Name>,
    /// The strings in it: each could be, or could hold, a label of an enum type.
    pub literals: Vec<String>,
    /// The functions that it calls, by the names that are written.
    pub functions: Vec<String>,
    /// Names that nothing in reach has, in a database that keeps a query all the same.
    pub unknown: Vec<String>,
    /// Those of them that the database takes for strings: names in double quotes.
    pub texts: Vec<String>,
    /// Whether each row may get another value, though the columns are alike.
    pub volatile: bool,
}

impl Reads {
    /// Whether the expression reads that column of its own table.
    pub fn column(&self, name: &str) -> bool {
        self.columns.iter().any(|column| column == name)
    }

    /// Whether a query reads that column of that table or view.
    pub fn relation_column(&self, relation: &Name, column: &str) -> bool {
        self.relation_columns.iter().any(|(name, read)| name == relation && read == column)
    }

    /// Whether a string in the expression could be that label of an enum type, or be made to it: rather yes than no.
    pub fn could_hold(&self, label: &str) -> bool {
        self.literals.iter().any(|literal| literal.contains(label) || literal.contains('\\'))
    }

    /// After a column of its own table was renamed.
    pub fn rename_column(&mut self, from: &str, to: &str) {
        for column in self.columns.iter_mut().filter(|column| *column == from) {
            to.clone_into(column);
        }
        self.columns.sort();
    }

    /// After a table or a view was renamed.
    pub fn rename_relation(&mut self, from: &Name, to: &Name) {
        let columns = self.relation_columns.iter_mut().map(|(name, _)| name);
        for name in self.relations.iter_mut().chain(columns).filter(|name| *name == from) {
            *name = to.clone();
        }
        self.relations.sort();
        self.relation_columns.sort();
    }

    /// After a column of a table that a query reads was renamed.
    pub fn rename_relation_column(&mut self, relation: &Name, from: &str, to: &str) {
        for (_, column) in self.relation_columns.iter_mut().filter(|(name, column)| name == relation && column == from)
        {
            to.clone_into(column);
        }
        self.relation_columns.sort();
    }

    /// After an enum type was renamed.
    pub fn rename_type(&mut self, from: &Name, to: &Name) {
        for name in self.types.iter_mut().filter(|name| *name == from) {
            *name = to.clone();
        }
        self.types.sort();
    }

    /// After a label of an enum type was renamed.
    pub fn rename_label(&mut self, from: &str, to: &str) {
        for literal in self.literals.iter_mut().filter(|literal| *literal == from) {
            to.clone_into(literal);
        }
        self.literals.sort();
    }
}

impl Expression {
    /// An expression of which nothing is known but its text.
    pub fn new(text: impl Into<String>) -> Self {
        Self::reading(text, Reads::default())
    }

    /// An expression that reads this.
    pub fn reading(text: impl Into<String>, reads: Reads) -> Self {
        Self { text: text.into(), reads: Box::new(reads) }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// As its text.
impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Expression {}

impl PartialOrd for Expression {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Expression {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.text.cmp(&other.text)
    }
}

impl PartialEq<str> for Expression {
    fn eq(&self, other: &str) -> bool {
        self.text == other
    }
}

impl PartialEq<&str> for Expression {
    fn eq(&self, other: &&str) -> bool {
        self.text == *other
    }
}

impl PartialEq<String> for Expression {
    fn eq(&self, other: &String) -> bool {
        self.text == *other
    }
}

impl Deref for Expression {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl From<String> for Expression {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&str> for Expression {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<Expression> for String {
    fn from(expression: Expression) -> Self {
        expression.text
    }
}

impl Table {
    /// Has `read` tell what each of its expressions reads.
    pub(crate) fn read_expressions(&mut self, read: impl Fn(&Self, &str) -> Reads) {
        let mut found = Vec::new();
        self.each_expression(&mut |expression| found.push(read(self, &expression.text)));
        let mut found = found.into_iter();
        self.rewrite_expressions(&mut |expression| *expression.reads = found.next().unwrap_or_default());
    }

    /// Shows every expression, in the order of [`Table::rewrite_expressions`].
    pub(crate) fn each_expression(&self, look: &mut dyn FnMut(&Expression)) {
        for column in &self.columns {
            column.default.iter().for_each(&mut *look);
            column.generated.iter().for_each(|generated| look(&generated.sql));
        }
        self.indexes.iter().flat_map(Index::expressions).for_each(&mut *look);
        self.checks.iter().for_each(|check| look(&check.sql));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Check, View};

    #[test]
    fn an_expression_is_written_as_its_text_and_rows_of_older_versions_are_read() {
        let check: Check = serde_json::from_str(r#"{"n": "c", "e": "(a > 0)", "c": ["a"]}"#).unwrap_or_default();
        assert_eq!((check.sql.as_str(), check.sql.reads.columns.len()), ("(a > 0)", 0));
        let view =
            r#"{"n": "v", "q": "SELECT a FROM t", "c": ["a"], "r": ["t"], "rc": [["t", "a"]], "wr": "SELECT a"}"#;
        let view: View = serde_json::from_str(view).unwrap_or_default();
        assert_eq!((view.sql.as_str(), view.written.as_deref()), ("SELECT a FROM t", Some("SELECT a")));
        let read = Reads { columns: vec!["a".to_owned()], ..Reads::default() };
        let sql = Expression::reading("(a > 0)", read);
        assert_eq!(serde_json::to_string(&sql).ok().as_deref(), Some("\"(a > 0)\""));
        assert_eq!(sql, Expression::new("(a > 0)"));
    }
}
