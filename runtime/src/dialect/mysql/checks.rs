//! The queries of a data check.

use super::text::{quote, quote_text, tokenize};
use super::{Mysql, casts};
use crate::catalog::{Column, ForeignKey, Index, IndexOn, Name};
use crate::change::{CheckQuery, DataCheck};

/// The longest sample, in characters.
const LONGEST: u32 = 60;

/// The queries of a data check.
pub(crate) fn render(dialect: &Mysql, check: &DataCheck) -> CheckQuery {
    let on = Checks(dialect);
    match check {
        DataCheck::Rows { table } => CheckQuery { count: on.count(table, "TRUE"), samples: None },
        DataCheck::AnyRow { table } => CheckQuery {
            count: format!("SELECT count(*) FROM (SELECT 1 FROM {} LIMIT 1) AS d", dialect.qualified(table)),
            samples: None,
        },
        DataCheck::Nulls { table, column } => {
            CheckQuery { count: on.count(table, &format!("{} IS NULL", quote(column))), samples: None }
        }
        DataCheck::Unconvertible { table, from, to, key, lossy } => {
            let value = quote(&from.name);
            let converts = if *lossy { casts::converts_or_rounds } else { casts::converts };
            let converts = converts(&value, from, to);
            on.rows(table, &format!("{value} IS NOT NULL AND NOT coalesce({converts}, 0)"), &keyed(&value, key))
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
        DataCheck::Labels { table, column, labels, key, .. } => {
            let value = quote(column);
            let labels: Vec<String> = labels.iter().map(|label| quote_text(label)).collect();
            on.rows(table, &format!("{value} IN ({})", labels.join(", ")), &keyed(&value, key))
        }
        // Nothing is rebuilt here: nobody asks.
        DataCheck::OnProjection { check, .. } => render(dialect, check),
        // Its columns hold nothing else.
        DataCheck::WrongType { table, .. } | DataCheck::Rewritten { table, .. } => {
            CheckQuery { count: on.count(table, "FALSE"), samples: None }
        }
        DataCheck::Violations { table, sql, added } => {
            let from = on.with_added(table, added);
            let named = names(sql);
            let sample = if named.is_empty() { "''".to_owned() } else { concat(&pairs(&named)) };
            CheckQuery {
                count: format!("SELECT count(*) FROM {from} AS c WHERE NOT ({sql})"),
                samples: Some(format!("SELECT {sample} FROM {from} AS c WHERE NOT ({sql}) LIMIT 3")),
            }
        }
    }
}

/// The columns that an expression names between quotes.
fn names(sql: &str) -> Vec<String> {
    let tokens = tokenize(sql);
    let mut names: Vec<String> =
        tokens.iter().filter(|token| token.text.starts_with('`')).filter_map(super::text::name_of).collect();
    names.sort();
    names.dedup();
    names
}

struct Checks<'a>(&'a Mysql);

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
        let added: Vec<String> =
            added.iter().map(|column| format!(", {} AS {}", value(column), quote(&column.name))).collect();
        format!("(SELECT t.*{} FROM {} AS t)", added.concat(), self.0.qualified(table))
    }

    fn count(&self, table: &Name, condition: &str) -> String {
        format!("SELECT count(*) FROM {} AS c WHERE {condition}", self.0.qualified(table))
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
        let mut conditions: Vec<String> = index.predicate.iter().map(|sql| format!("({sql})")).collect();
        conditions.extend(values.iter().map(|value| format!("{value} IS NOT NULL")));
        let firsts: Vec<String> =
            values.iter().enumerate().map(|(at, value)| format!("min({value}) AS v{at}")).collect();
        let groups = format!(
            "SELECT {}, count(*) AS n FROM {} WHERE {} GROUP BY {} HAVING count(*) > 1",
            firsts.join(", "),
            self.0.qualified(table),
            conditions.join(" AND "),
            values.join(", ")
        );
        let named: Vec<String> = (0..values.len()).map(|at| format!("v{at}")).collect();
        let sample = concat(&[tuple(&named), quote_text(" ("), "n".to_owned(), quote_text(" rows)")]);
        CheckQuery {
            count: format!("SELECT count(*) FROM ({groups}) AS d"),
            samples: Some(format!("SELECT {sample} FROM ({groups} LIMIT 3) AS d")),
        }
    }

    /// Without columns of the other table nothing is there: it is made in this run.
    fn exists(&self, key: &ForeignKey) -> String {
        if key.target_columns.is_empty() {
            return "FALSE".to_owned();
        }
        let pairs: Vec<String> = key
            .columns
            .iter()
            .zip(&key.target_columns)
            .map(|(column, target)| format!("p.{} = {}", quote(target), child(column)))
            .collect();
        format!("EXISTS (SELECT 1 FROM {} AS p WHERE {})", self.0.qualified(&key.target), pairs.join(" AND "))
    }

    fn orphans(&self, key: &ForeignKey) -> String {
        format!("{} AND NOT {}", not_null(key), self.exists(key))
    }
}

fn concat(parts: &[String]) -> String {
    format!("concat({})", parts.join(", "))
}

/// A value as text: readable, and never long. Numbers are bare, everything else is between quotes; bytes are given in hex.
fn sample(value: &str) -> String {
    let text = format!("CAST({value} AS CHAR)");
    let cut = format!("concat(left({text}, {LONGEST}), if(char_length({text}) > {LONGEST}, '…', ''))");
    format!(
        "CASE WHEN {value} IS NULL THEN 'NULL' WHEN {text} REGEXP '^-?[0-9]+([.][0-9]+)?$' AND charset({value}) = 'binary' THEN {text} \
         WHEN charset({value}) = 'binary' AND {text} IS NULL THEN concat('x''', left(lower(hex({value})), {LONGEST}), '''') ELSE concat('''', {cut}, '''') END"
    )
}

fn tuple(values: &[String]) -> String {
    let mut parts = Vec::new();
    for (at, value) in values.iter().enumerate() {
        if at > 0 {
            parts.push(quote_text(", "));
        }
        parts.push(sample(value));
    }
    concat(&parts)
}

/// `a = 1, b = 'x'`
fn pairs(names: &[String]) -> Vec<String> {
    let mut parts = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let separator = if at > 0 { ", " } else { "" };
        parts.push(quote_text(&format!("{separator}{name} = ")));
        parts.push(sample(&quote(name)));
    }
    parts
}

/// `'abc' (id = 3)`
fn keyed(value: &str, key: &[String]) -> String {
    if key.is_empty() {
        return sample(value);
    }
    let mut parts = vec![sample(value), quote_text(" (")];
    parts.extend(pairs(key));
    parts.push(quote_text(")"));
    concat(&parts)
}

fn child(name: &str) -> String {
    format!("c.{}", quote(name))
}

fn not_null(key: &ForeignKey) -> String {
    let parts: Vec<String> = key.columns.iter().map(|name| format!("{} IS NOT NULL", child(name))).collect();
    parts.join(" AND ")
}
