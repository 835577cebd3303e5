//! The queries of a data check.

use super::text::{quote, quote_text};
use super::{Postgres, casts, enums};
use crate::catalog::{Column, ForeignKey, Index, IndexOn, Name};
use crate::change::{CheckQuery, DataCheck};

/// The longest sample, in characters.
const LONGEST: u32 = 60;

/// The queries of a data check.
pub(crate) fn render(dialect: &Postgres, check: &DataCheck) -> CheckQuery {
    let on = Checks(dialect);
    match check {
        DataCheck::Rows { table } => CheckQuery { count: on.count(table, "true"), samples: None },
        DataCheck::AnyRow { table } => CheckQuery {
            count: format!("SELECT pg_catalog.count(*) FROM (SELECT FROM {} LIMIT 1) AS c", dialect.qualified(table)),
            samples: None,
        },
        DataCheck::Nulls { table, column } => {
            CheckQuery { count: on.count(table, &format!("{} IS NULL", quote(column))), samples: None }
        }
        DataCheck::Unconvertible { table, from, to, key, lossy } => {
            let value = quote(&from.name);
            let conversion = casts::conversion(dialect, &value, from, to);
            let mut lost = format!("{value} IS NOT NULL AND NOT coalesce({}, false)", conversion.converts);
            if let Some(rounds) = conversion.rounds.filter(|_| *lossy) {
                lost.push_str(&format!(" AND NOT coalesce({rounds}, false)"));
            }
            on.rows(table, &lost, &keyed(&value, key))
        }
        DataCheck::Duplicates { table, index } => on.duplicates(table, index),
        DataCheck::Orphans { table, foreign_key } => {
            let values: Vec<String> = foreign_key.columns.iter().map(|name| child(name)).collect();
            on.rows(table, &on.orphans(foreign_key), &tuple(&values))
        }
        DataCheck::References { table, foreign_key } => {
            let condition = format!("{} AND {}", not_null(foreign_key), on.exists(foreign_key));
            CheckQuery { count: on.count(table, &condition), samples: None }
        }
        DataCheck::Labels { table, column, array, labels, key } => {
            let value = quote(column);
            on.rows(table, &enums::has(&value, *array, labels), &keyed(&value, key))
        }
        // Nothing is rebuilt here: nobody asks.
        DataCheck::OnProjection { check, .. } => render(dialect, check),
        // Its columns hold nothing else than what their types say.
        DataCheck::WrongType { table, .. } | DataCheck::Rewritten { table, .. } => {
            CheckQuery { count: on.count(table, "false"), samples: None }
        }
        DataCheck::Violations { table, sql, added } => {
            let from = on.with_added(table, added);
            CheckQuery {
                count: format!("SELECT pg_catalog.count(*) FROM {from} AS c WHERE NOT ({sql})"),
                samples: Some(format!(
                    "SELECT pg_catalog.left(c::text, 200) FROM {from} AS c WHERE NOT ({sql}) LIMIT 3"
                )),
            }
        }
    }
}

struct Checks<'a>(&'a Postgres);

impl Checks<'_> {
    /// The table as it will be read once those columns are there.
    fn with_added(&self, table: &Name, added: &[Column]) -> String {
        if added.is_empty() {
            return self.0.qualified(table);
        }
        let value = |column: &Column| match (&column.generated, &column.default) {
            (Some(generated), _) => format!("({})", generated.sql),
            (None, Some(default)) => default.text.clone(),
            (None, None) => "NULL".to_owned(),
        };
        let added: Vec<String> = added
            .iter()
            .map(|column| format!(", CAST({} AS {}) AS {}", value(column), column.ty, quote(&column.name)))
            .collect();
        format!("(SELECT *{} FROM {})", added.concat(), self.0.qualified(table))
    }

    fn count(&self, table: &Name, condition: &str) -> String {
        format!("SELECT pg_catalog.count(*) FROM {} AS c WHERE {condition}", self.0.qualified(table))
    }

    fn rows(&self, table: &Name, condition: &str, sample: &str) -> CheckQuery {
        CheckQuery {
            count: self.count(table, condition),
            samples: Some(format!("SELECT {sample} FROM {} AS c WHERE {condition} LIMIT 3", self.0.qualified(table))),
        }
    }

    fn duplicates(&self, table: &Name, index: &Index) -> CheckQuery {
        let values: Vec<String> = index
            .parts
            .iter()
            .map(|part| match &part.on {
                IndexOn::Column(name) => quote(name),
                IndexOn::Expression(sql) => format!("({sql})"),
            })
            .collect();
        let groups: Vec<String> = values
            .iter()
            .zip(&index.parts)
            .map(|(value, part)| match &part.collate {
                Some(collate) => format!("({value} COLLATE {})", quote(collate)),
                None => value.clone(),
            })
            .collect();
        let mut conditions: Vec<String> = index.predicate.iter().map(|sql| format!("({sql})")).collect();
        if !index.nulls_not_distinct {
            conditions.extend(values.iter().map(|value| format!("{value} IS NOT NULL")));
        }
        if conditions.is_empty() {
            conditions.push("true".to_owned());
        }
        let from = format!(
            "FROM {} AS c WHERE {} GROUP BY {} HAVING pg_catalog.count(*) > 1",
            self.0.qualified(table),
            conditions.join(" AND "),
            groups.join(", ")
        );
        CheckQuery {
            count: format!("SELECT pg_catalog.count(*) FROM (SELECT 1 {from}) AS d"),
            samples: Some(format!(
                "SELECT {} || ' (' || pg_catalog.count(*)::text || ' rows)' {from} LIMIT 3",
                tuple(&groups)
            )),
        }
    }

    /// Without columns of the other table nothing is there: it is made in this run.
    fn exists(&self, key: &ForeignKey) -> String {
        if key.target_columns.is_empty() {
            return "false".to_owned();
        }
        let pairs: Vec<String> = key
            .columns
            .iter()
            .zip(&key.target_columns)
            .map(|(column, target)| {
                format!("p.{} {} {}", quote(target), self.0.equality(&key.target, target), child(column))
            })
            .collect();
        format!("EXISTS (SELECT 1 FROM {} AS p WHERE {})", self.0.qualified(&key.target), pairs.join(" AND "))
    }

    fn orphans(&self, key: &ForeignKey) -> String {
        format!("{} AND NOT {}", not_null(key), self.exists(key))
    }
}

/// A value as text: readable, and never long. Texts and the like are quoted, numbers are not.
fn sample(value: &str) -> String {
    let text = format!("({value})::text");
    let cut = format!(
        "pg_catalog.left({text}, {LONGEST}) || CASE WHEN pg_catalog.length({text}) > {LONGEST} THEN '…' ELSE '' END"
    );
    format!(
        "CASE WHEN {value} IS NULL THEN 'NULL' WHEN pg_catalog.pg_typeof({value})::text IN ('smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision', 'boolean') THEN {text} ELSE '''' || {cut} || '''' END"
    )
}

fn tuple(values: &[String]) -> String {
    values.iter().map(|value| sample(value)).collect::<Vec<_>>().join(" || ', ' || ")
}

/// `'abc' (id = 3)`
fn keyed(value: &str, key: &[String]) -> String {
    if key.is_empty() {
        return sample(value);
    }
    let parts: Vec<String> =
        key.iter().map(|name| format!("{} || {}", quote_text(&format!("{name} = ")), sample(&quote(name)))).collect();
    format!("{} || ' (' || {} || ')'", sample(value), parts.join(" || ', ' || "))
}

fn child(name: &str) -> String {
    format!("c.{}", quote(name))
}

fn not_null(key: &ForeignKey) -> String {
    let parts: Vec<String> = key.columns.iter().map(|name| format!("{} IS NOT NULL", child(name))).collect();
    parts.join(" AND ")
}
