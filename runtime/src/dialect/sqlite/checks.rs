//! The queries of a data check.

use super::normalise::{quote, quote_text};
use super::{casts, normalise, rebuild, render, types};
use crate::catalog::{Column, ForeignKey, Index, IndexOn, Name};
use crate::change::{CheckQuery, CopySource, DataCheck, ProjectedRows};

/// The longest sample, in characters.
const LONGEST: u32 = 60;

/// The queries of a data check.
pub(crate) fn render(check: &DataCheck) -> CheckQuery {
    match check {
        DataCheck::Rows { table } => CheckQuery { count: count(table, "1"), samples: None },
        DataCheck::AnyRow { table } => CheckQuery {
            count: format!("SELECT count(*) FROM (SELECT 1 FROM {} LIMIT 1)", quote(&table.name)),
            samples: None,
        },
        DataCheck::Nulls { table, column } => {
            CheckQuery { count: count(table, &format!("{} IS NULL", quote(column))), samples: None }
        }
        DataCheck::Unconvertible { table, from, to, key, lossy } => {
            let value = quote(&from.name);
            let conversion = casts::conversion(&value, from, to);
            let mut lost = format!("{value} IS NOT NULL AND NOT coalesce({}, 0)", conversion.converts);
            if let Some((is_there, _)) = conversion.nearest.filter(|_| *lossy) {
                lost.push_str(&format!(" AND NOT coalesce({is_there}, 0)"));
            }
            rows(table, &lost, &keyed(&value, key))
        }
        DataCheck::Rewritten { table, from, to } => {
            let value = quote(&from.name);
            let conversion = casts::conversion(&value, from, to);
            let stays = format!("coalesce({}, 0) AND ({}) IS {value}", conversion.converts, conversion.value);
            CheckQuery { count: count(table, &format!("{value} IS NOT NULL AND NOT ({stays})")), samples: None }
        }
        DataCheck::Duplicates { table, index } => duplicates(table, index),
        DataCheck::Orphans { table, foreign_key } => {
            let values: Vec<String> = foreign_key.columns.iter().map(|name| child(name)).collect();
            rows(table, &orphans(foreign_key), &tuple(&values))
        }
        DataCheck::References { table, foreign_key } => {
            let found = exists(foreign_key);
            CheckQuery { count: count(table, &format!("{} AND {found}", not_null(foreign_key))), samples: None }
        }
        // Enums are texts here.
        DataCheck::Labels { table, column, labels, key, .. } => {
            let value = quote(column);
            let labels: Vec<String> = labels.iter().map(|label| quote_text(label)).collect();
            rows(table, &format!("{value} IN ({})", labels.join(", ")), &keyed(&value, key))
        }
        DataCheck::WrongType { table, column, key } => {
            let value = quote(&column.name);
            rows(table, &casts::misfits(&value, column), &keyed(&value, key))
        }
        DataCheck::OnProjection { images, check } => after(images, &render(check)),
        DataCheck::Violations { table, sql, added } => {
            let named: Vec<String> = normalise::names_read(sql)
                .iter()
                .map(|name| format!("{} || {}", quote_text(&format!("{name} = ")), sample(&quote(name))))
                .collect();
            let sample = if named.is_empty() { "''".to_owned() } else { named.join(" || ', ' || ") };
            let from = with_added(table, added);
            CheckQuery {
                count: format!("SELECT count(*) FROM {from} AS c WHERE NOT ({sql})"),
                samples: Some(format!("SELECT {sample} FROM {from} AS c WHERE NOT ({sql}) LIMIT 3")),
            }
        }
    }
}

/// The queries with other rows under the names of the tables.
fn after(images: &[ProjectedRows], query: &CheckQuery) -> CheckQuery {
    // No query has a column of its own making with one of these names: SQLite calls it otherwise.
    let unspeakable = |name: &str| name.eq_ignore_ascii_case("true") || name.eq_ignore_ascii_case("false");
    let mut columns =
        images.iter().flat_map(|image| image.columns.iter().map(|column| &column.to).chain(&image.generated));
    if columns.any(|column| unspeakable(&column.name)) {
        return CheckQuery { count: "SELECT 0".to_owned(), samples: None };
    }
    let images: Vec<String> =
        images.iter().map(|image| format!("{} AS ({})", quote(&image.table.name), image_rows(image))).collect();
    let with = |query: &String| format!("WITH {} {query}", images.join(", "));
    CheckQuery { count: with(&query.count), samples: query.samples.as_ref().map(with) }
}

/// The rows of a table as the copy of a rebuild makes them.
fn image_rows(image: &ProjectedRows) -> String {
    let mut odd = Vec::new();
    let columns: Vec<String> = image
        .columns
        .iter()
        .map(|column| {
            let value = rebuild::value(column);
            let value = value.unwrap_or_else(|| rebuild::fallback(&column.to));
            let affinity = types::affinity(&column.to.ty);
            let class = match affinity {
                types::Affinity::Integer => "integer",
                types::Affinity::Real => "real",
                types::Affinity::Text => "text",
                types::Affinity::Blob | types::Affinity::Numeric => "",
            };
            // Only a column has an affinity; a cast to what it already is gives an expression one.
            let value = match &column.source {
                CopySource::Keep(_) => value,
                _ if class.is_empty() => value,
                CopySource::FillNulls { from, cast: false, .. } => {
                    let name = quote(&from.name);
                    odd.push(format!("typeof({name}) IN ('null', '{class}')"));
                    format!("CAST({value} AS {class})")
                }
                _ => format!("CAST({value} AS {class})"),
            };
            let collate =
                column.to.collate.as_ref().map_or_else(String::new, |c| format!(" COLLATE {}", render::collation(c)));
            format!("{value}{collate} AS {}", quote(&column.to.name))
        })
        .collect();
    let kept = if odd.is_empty() { String::new() } else { format!(" WHERE {}", odd.join(" AND ")) };
    // The schema tells the table from what bears its name here.
    let rows = format!("SELECT {} FROM main.{}{kept}", columns.join(", "), quote(&image.table.name));
    image.generated.iter().fold(rows, |rows, column| {
        let sql = column.generated.as_ref().map_or("NULL", |generated| generated.sql.as_str());
        format!("SELECT *, ({sql}) AS {} FROM ({rows})", quote(&column.name))
    })
}

/// The table as it will be read once those columns are there.
fn with_added(table: &Name, added: &[Column]) -> String {
    if added.is_empty() {
        return quote(&table.name);
    }
    let value = |column: &Column| match (&column.generated, &column.default) {
        (Some(generated), _) => format!("({})", generated.sql),
        (None, Some(default)) => render::default_expression(default),
        (None, None) => "NULL".to_owned(),
    };
    let added: Vec<String> =
        added.iter().map(|column| format!(", {} AS {}", value(column), quote(&column.name))).collect();
    format!("(SELECT *{} FROM {})", added.concat(), quote(&table.name))
}

fn count(table: &Name, condition: &str) -> String {
    format!("SELECT count(*) FROM {} AS c WHERE {condition}", quote(&table.name))
}

fn rows(table: &Name, condition: &str, sample: &str) -> CheckQuery {
    CheckQuery {
        count: count(table, condition),
        samples: Some(format!("SELECT {sample} FROM {} AS c WHERE {condition} LIMIT 3", quote(&table.name))),
    }
}

/// A value as text: readable, and never long.
fn sample(value: &str) -> String {
    let cut = |text: &str| {
        format!("substr({text}, 1, {LONGEST}) || CASE WHEN length({text}) > {LONGEST} THEN '…' ELSE '' END")
    };
    format!(
        "CASE typeof({value}) WHEN 'null' THEN 'NULL' WHEN 'blob' THEN 'x''' || {} || '''' WHEN 'text' THEN '''' || {} || '''' ELSE CAST({value} AS TEXT) END",
        cut(&format!("lower(hex({value}))")),
        cut(value)
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

fn duplicates(table: &Name, index: &Index) -> CheckQuery {
    let values: Vec<String> = index
        .parts
        .iter()
        .map(|part| match &part.on {
            IndexOn::Column(name) => quote(name),
            IndexOn::Expression(sql) => format!("({sql})"),
        })
        .collect();
    let groups: Vec<String> = index
        .parts
        .iter()
        .zip(&values)
        .map(|(part, value)| match &part.collate {
            Some(collate) => format!("{value} COLLATE {}", render::collation(collate)),
            None => value.clone(),
        })
        .collect();
    let mut conditions: Vec<String> = values.iter().map(|value| format!("{value} IS NOT NULL")).collect();
    conditions.extend(index.predicate.iter().map(|sql| format!("({sql})")));
    let firsts: Vec<String> = values.iter().enumerate().map(|(n, value)| format!("min({value}) AS v{n}")).collect();
    let groups = format!(
        "SELECT {}, count(*) AS n FROM {} WHERE {} GROUP BY {} HAVING count(*) > 1",
        firsts.join(", "),
        quote(&table.name),
        conditions.join(" AND "),
        groups.join(", ")
    );
    let named: Vec<String> = (0..values.len()).map(|n| format!("v{n}")).collect();
    CheckQuery {
        count: format!("SELECT count(*) FROM ({groups})"),
        samples: Some(format!("SELECT {} || ' (' || n || ' rows)' FROM ({groups} LIMIT 3)", tuple(&named))),
    }
}

fn child(name: &str) -> String {
    format!("c.{}", quote(name))
}

fn not_null(key: &ForeignKey) -> String {
    let parts: Vec<String> = key.columns.iter().map(|name| format!("{} IS NOT NULL", child(name))).collect();
    parts.join(" AND ")
}

/// Compared as SQLite compares keys: with the affinity and the collation of the parent.
fn exists(key: &ForeignKey) -> String {
    let pairs: Vec<String> = key
        .columns
        .iter()
        .zip(&key.target_columns)
        .map(|(column, target)| format!("p.{} = +{}", quote(target), child(column)))
        .collect();
    format!("EXISTS (SELECT 1 FROM {} AS p WHERE {})", quote(&key.target.name), pairs.join(" AND "))
}

/// Without target columns there is no such parent: every key points nowhere.
fn orphans(key: &ForeignKey) -> String {
    if key.target_columns.is_empty() { not_null(key) } else { format!("{} AND NOT {}", not_null(key), exists(key)) }
}
