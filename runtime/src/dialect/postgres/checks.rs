//! What PostgreSQL has of its own in the queries of a data check.

use super::text::{quote, quote_text};
use super::{Postgres, casts, enums};
use crate::catalog::{Column, ForeignKey, IndexPart, Name};
use crate::dialect::sql::checks::{CheckSql, LONGEST_SAMPLE};

impl CheckSql for Postgres {
    const COUNT: &'static str = "pg_catalog.count";

    fn quote(&self, name: &str) -> String {
        quote(name)
    }

    fn quote_text(&self, text: &str) -> String {
        quote_text(text)
    }

    fn table(&self, name: &Name) -> String {
        self.qualified(name)
    }

    /// Texts and the like are quoted, numbers are not.
    fn sample(&self, value: &str) -> String {
        let text = format!("({value})::text");
        let cut = format!(
            "pg_catalog.left({text}, {LONGEST_SAMPLE}) || CASE WHEN pg_catalog.length({text}) > {LONGEST_SAMPLE} THEN '…' ELSE '' END"
        );
        format!(
            "CASE WHEN {value} IS NULL THEN 'NULL' WHEN pg_catalog.pg_typeof({value})::text IN ('smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision', 'boolean') THEN {text} ELSE '''' || {cut} || '''' END"
        )
    }

    fn lost(&self, value: &str, from: &Column, to: &Column, lossy: bool) -> String {
        let conversion = casts::conversion(self, value, from, to);
        let lost = format!("NOT coalesce({}, false)", conversion.converts);
        match conversion.rounds.filter(|_| lossy) {
            Some(rounds) => format!("{lost} AND NOT coalesce({rounds}, false)"),
            None => lost,
        }
    }

    fn has_label(&self, value: &str, array: bool, labels: &[String]) -> String {
        enums::has(value, array, labels)
    }

    fn default(&self, column: &Column) -> Option<String> {
        column.default.as_ref().map(|default| default.text.clone())
    }

    fn added(&self, value: String, column: &Column) -> String {
        format!("CAST({value} AS {})", column.ty)
    }

    fn compared(&self, value: &str, part: &IndexPart) -> String {
        match &part.collate {
            Some(collate) => format!("({value} COLLATE {})", quote(collate)),
            None => value.to_owned(),
        }
    }

    /// Not every type has a least value.
    fn first_of_group(&self, _value: &str, compared: &str) -> String {
        compared.to_owned()
    }

    fn equal(&self, key: &ForeignKey, target: &str, parent: &str, child: &str) -> String {
        format!("{parent} {} {child}", self.equality(&key.target, target))
    }

    fn violation(&self, _sql: &str) -> String {
        "pg_catalog.left(c::text, 200)".to_owned()
    }
}
