//! What SQLite has of its own in the queries of a data check.

use super::normalise::{quote, quote_text};
use super::{Sqlite, casts, normalise, rebuild, render, types};
use crate::catalog::{Column, ForeignKey, IndexPart, Name};
use crate::change::{CheckQuery, CopySource, ProjectedRows};
use crate::dialect::sql::checks::{CheckSql, LONGEST_SAMPLE, pairs};

impl CheckSql for Sqlite {
    const TRUE: &'static str = "1";
    const FALSE: &'static str = "0";

    fn quote(&self, name: &str) -> String {
        quote(name)
    }

    fn quote_text(&self, text: &str) -> String {
        quote_text(text)
    }

    fn table(&self, name: &Name) -> String {
        quote(&name.name)
    }

    fn sample(&self, value: &str) -> String {
        let cut = |text: &str| {
            format!(
                "substr({text}, 1, {LONGEST_SAMPLE}) || CASE WHEN length({text}) > {LONGEST_SAMPLE} THEN '…' ELSE '' END"
            )
        };
        format!(
            "CASE typeof({value}) WHEN 'null' THEN 'NULL' WHEN 'blob' THEN 'x''' || {} || '''' WHEN 'text' THEN '''' || {} || '''' ELSE CAST({value} AS TEXT) END",
            cut(&format!("lower(hex({value}))")),
            cut(value)
        )
    }

    fn lost(&self, value: &str, from: &Column, to: &Column, lossy: bool) -> String {
        let conversion = casts::conversion(value, from, to);
        let lost = format!("NOT coalesce({}, 0)", conversion.converts);
        match conversion.nearest.filter(|_| lossy) {
            Some((is_there, _)) => format!("{lost} AND NOT coalesce({is_there}, 0)"),
            None => lost,
        }
    }

    fn rewritten(&self, value: &str, from: &Column, to: &Column) -> String {
        let conversion = casts::conversion(value, from, to);
        let stays = format!("coalesce({}, 0) AND ({}) IS {value}", conversion.converts, conversion.value);
        format!("{value} IS NOT NULL AND NOT ({stays})")
    }

    fn misfits(&self, value: &str, column: &Column) -> String {
        casts::misfits(value, column)
    }

    fn default(&self, column: &Column) -> Option<String> {
        column.default.as_ref().map(|default| render::default_expression(default))
    }

    fn compared(&self, value: &str, part: &IndexPart) -> String {
        match &part.collate {
            Some(collate) => format!("{value} COLLATE {}", render::collation(collate)),
            None => value.to_owned(),
        }
    }

    /// Compared as SQLite compares keys: with the affinity and the collation of the parent.
    fn equal(&self, _key: &ForeignKey, _target: &str, parent: &str, child: &str) -> String {
        format!("{parent} = +{child}")
    }

    fn violation(&self, sql: &str) -> String {
        let named: Vec<String> = normalise::names_read(sql).into_iter().collect();
        if named.is_empty() { "''".to_owned() } else { self.concat(&pairs(self, &named)) }
    }

    fn on_projection(&self, images: &[ProjectedRows], query: CheckQuery) -> CheckQuery {
        after(images, &query)
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
