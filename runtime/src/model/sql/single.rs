//! Whether a text of the model is one expression or one query: what else it holds would be executed with it.

use super::lexer::{Kind, Lexer, Tokens, Unclosed};
use crate::model::{Column, DefaultValue, IndexOn, Table, View};
use std::fmt;

/// What a text of the model has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Single {
    /// An expression or a type.
    Expression,
    /// The query of a view.
    Query,
}

/// Why a text is not what it has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fault {
    expected: Single,
    kind: FaultKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FaultKind {
    Unclosed(Unclosed),
    EndsInComment,
    Nothing,
    Semicolon,
    Closes,
    Opens,
    Comma,
    Parameter,
    NoQuery,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.expected {
            Single::Expression => "is not one SQL expression: ",
            Single::Query => "is not one SQL query: ",
        })?;
        f.write_str(match self.kind {
            FaultKind::Unclosed(Unclosed::Quote) => "it has a quote that is never closed",
            FaultKind::Unclosed(Unclosed::Comment) => "it has a comment that is never closed",
            FaultKind::EndsInComment => {
                "it ends in a comment that would hide what comes behind it; take the comment out, or write it as `/* … */`"
            }
            FaultKind::Nothing => "it holds nothing but comments",
            FaultKind::Semicolon => "it has a `;` outside of quotes, as if another statement followed",
            FaultKind::Closes => "it closes a parenthesis that it has not opened",
            FaultKind::Opens => "it opens a parenthesis that it does not close",
            FaultKind::Comma => "it has a comma outside of parentheses",
            FaultKind::Parameter => "it has a parameter; write the value itself",
            FaultKind::NoQuery => "it does not begin with SELECT, WITH, VALUES, TABLE or a parenthesis",
        })
    }
}

impl Single {
    /// Reads the text as that database does.
    ///
    /// # Errors
    /// Why it is not one expression or one query.
    pub(crate) fn check(self, sql: &str, lexer: &Lexer) -> Result<(), Fault> {
        let fault = |kind| Fault { expected: self, kind };
        let tokens = lexer.tokenize(sql).map_err(|unclosed| fault(FaultKind::Unclosed(unclosed)))?;
        self.fault(&tokens, lexer).map_or(Ok(()), |kind| Err(fault(kind)))
    }

    /// Reads the text as each database does: one that none of them takes.
    ///
    /// # Errors
    /// As [`Single::check`], in the words of the first database.
    pub(crate) fn check_any(self, sql: &str) -> Result<(), Fault> {
        let [first, rest @ ..] = Lexer::ALL.each_ref();
        let fault = self.check(sql, first);
        if rest.iter().any(|lexer| self.check(sql, lexer).is_ok()) { Ok(()) } else { fault }
    }

    fn fault(self, tokens: &Tokens<'_>, lexer: &Lexer) -> Option<FaultKind> {
        let mut open = Vec::new();
        let mut list = tokens.list.as_slice();
        let Some(first) = list.first() else { return Some(FaultKind::Nothing) };
        if self == Self::Query {
            let begins = ["SELECT", "WITH", "VALUES", "TABLE"].iter().any(|word| first.is(word));
            if !begins && !first.is_symbol("(") {
                return Some(FaultKind::NoQuery);
            }
            // An empty statement is none.
            while let [rest @ .., last] = list
                && last.is_symbol(";")
            {
                list = rest;
            }
        } else if tokens.ends_in_comment {
            return Some(FaultKind::EndsInComment);
        }
        for token in list {
            match (token.kind, token.text) {
                (Kind::Parameter, _) => return Some(FaultKind::Parameter),
                (Kind::Symbol, ";") => return Some(FaultKind::Semicolon),
                (Kind::Symbol, ",") if self == Self::Expression && open.is_empty() => return Some(FaultKind::Comma),
                (Kind::Symbol, "(") => open.push(")"),
                (Kind::Symbol, "[") if !lexer.bracket_names => open.push("]"),
                (Kind::Symbol, ")" | "]") if open.pop() != Some(token.text) => return Some(FaultKind::Closes),
                _ => {}
            }
        }
        (!open.is_empty()).then_some(FaultKind::Opens)
    }
}

/// What of a table's SQL that database does not take for one expression, a sentence each. `native`: the native type of a column there.
pub(crate) fn table_faults(table: &Table, lexer: &Lexer, native: fn(&Column) -> Option<&String>) -> Vec<String> {
    let mut faults = Vec::new();
    let mut check = |what: &dyn Fn() -> String, sql: &str| {
        if let Err(fault) = Single::Expression.check(sql, lexer) {
            faults.push(format!("{} {fault}", what()));
        }
    };
    for column in &table.columns {
        let of = |what: &str| format!("column \"{}\": {what}", column.name);
        if let Some(ty) = native(column) {
            check(&|| of("its type"), ty);
        }
        if let Some(DefaultValue::Sql(sql)) = &column.default {
            check(&|| of("the default expression"), sql);
        }
        if let Some(generated) = &column.generated {
            check(&|| of("the generating expression"), &generated.sql);
        }
    }
    for index in &table.indexes {
        let of = |what: &str| format!("index \"{}\": {what}", index.name);
        for part in &index.parts {
            if let IndexOn::Expression(sql) = &part.on {
                check(&|| of("an expression"), sql);
            }
        }
        if let Some(sql) = &index.predicate {
            check(&|| of("`where`"), sql);
        }
    }
    for constraint in &table.checks {
        check(&|| format!("check \"{}\": the condition", constraint.name), &constraint.sql);
    }
    faults
}

/// Why that database does not take the SQL of a view for one query.
pub(crate) fn view_fault(view: &View, lexer: &Lexer) -> Option<String> {
    let fault = Single::Query.check(view.sql.as_ref()?, lexer).err()?;
    Some(format!("the query {fault}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expression(sql: &str) -> Option<FaultKind> {
        Single::Expression.check_any(sql).err().map(|fault| fault.kind)
    }

    fn query(sql: &str) -> Option<FaultKind> {
        Single::Query.check_any(sql).err().map(|fault| fault.kind)
    }

    #[test]
    fn what_is_one_expression_passes() {
        for sql in [
            "1=1",
            "a > 0 /* ; */ AND b <> ';)'",
            "price >= 0 -- never less\n",
            "E'\\';' || $tag$ ; ) $tag$ || $$'$$",
            "'it''s' || \"a;\"\"b\"",
            "`a;)` > 0",
            "[a;)] > 0",
            "a[1] = ANY (ARRAY[1, 2])",
            "json_extract(doc, '$.a[0];')",
            "numeric(10, 2)",
            "timestamp(3) with time zone",
            "CASE WHEN (a) THEN (b) END",
            "data ? 'key'",
            "now() AT TIME ZONE 'UTC'",
        ] {
            assert_eq!(expression(sql), None, "{sql}");
        }
    }

    #[test]
    fn what_is_more_than_one_expression_is_refused() {
        for (sql, kind) in [
            ("1=1; DROP TABLE x", FaultKind::Semicolon),
            ("now();", FaultKind::Semicolon),
            ("x > 0); DROP TABLE y; --", FaultKind::EndsInComment),
            ("x > 0); DROP TABLE y", FaultKind::Closes),
            ("x > 0) OR (1=1", FaultKind::Closes),
            ("(x > 0", FaultKind::Opens),
            ("1=1 --", FaultKind::EndsInComment),
            ("1=1 /*", FaultKind::Unclosed(Unclosed::Comment)),
            ("a = 'x", FaultKind::Unclosed(Unclosed::Quote)),
            ("0, \"b\" integer", FaultKind::Comma),
            ("/* nothing */", FaultKind::Nothing),
            ("'$a$; DROP TABLE x; $a$", FaultKind::Unclosed(Unclosed::Quote)),
        ] {
            assert_eq!(expression(sql), Some(kind), "{sql}");
        }
        assert!(Single::Expression.check("(a]", &Lexer::POSTGRES).is_err());
        // What one database takes for a text is two statements to another.
        assert!(Single::Expression.check("$a$; DROP TABLE x; $a$", &Lexer::POSTGRES).is_ok());
        assert!(Single::Expression.check("$a$; DROP TABLE x; $a$", &Lexer::SQLITE).is_err());
        assert!(Single::Expression.check("1 -- a\r; DROP TABLE x\n", &Lexer::SQLITE).is_ok());
        assert!(Single::Expression.check("1 -- a\r; DROP TABLE x\n", &Lexer::POSTGRES).is_err());
        assert!(Single::Expression.check(":a(';') || '", &Lexer::SQLITE).is_err());
    }

    #[test]
    fn a_view_is_one_query() {
        for sql in [
            "SELECT 1 AS a",
            "-- about\nSELECT 1 AS a -- done",
            "SELECT 1 AS a; -- done",
            "SELECT 1 AS a;;\n",
            "(SELECT 1)",
            "with x as (select 1) table x",
            "VALUES (1), (2)",
            "SELECT ';' AS a, $f$;$f$ AS b",
        ] {
            assert_eq!(query(sql), None, "{sql}");
        }
        for (sql, kind) in [
            ("SELECT 1 AS a; DROP TABLE theirs", FaultKind::Semicolon),
            ("SELECT 1 AS a;\n-- x\nDROP TABLE theirs;", FaultKind::Semicolon),
            ("DELETE FROM theirs", FaultKind::NoQuery),
            ("DROP TABLE theirs", FaultKind::NoQuery),
            ("SELECT (1", FaultKind::Opens),
            ("SELECT 1)", FaultKind::Closes),
            ("SELECT 1 /*", FaultKind::Unclosed(Unclosed::Comment)),
            (";", FaultKind::NoQuery),
        ] {
            assert_eq!(query(sql), Some(kind), "{sql}");
        }
    }
}
