//! The queries of data checks, as every SQL database writes them. What is its own of them is its [`CheckSql`].

use crate::catalog::{Column, ForeignKey, Index, IndexOn, IndexPart, Name};
use crate::change::{CheckQuery, DataCheck, ProjectedRows};

/// The longest sample of a value, in characters.
pub(crate) const LONGEST_SAMPLE: u32 = 60;

/// How one database writes what its checks are made of.
pub(crate) trait CheckSql {
    /// The function that counts rows.
    const COUNT: &'static str = "count";
    const TRUE: &'static str = "TRUE";
    const FALSE: &'static str = "FALSE";

    fn quote(&self, name: &str) -> String;
    fn quote_text(&self, text: &str) -> String;
    /// A table, where a query reads it.
    fn table(&self, name: &Name) -> String;

    /// The texts behind one another.
    fn concat(&self, parts: &[String]) -> String {
        parts.join(" || ")
    }

    /// A value as text: readable, and never long.
    fn sample(&self, value: &str) -> String;

    /// The values of a column that a conversion would lose.
    fn lost(&self, value: &str, from: &Column, to: &Column, lossy: bool) -> String;

    /// The values of a column that a conversion would write anew. Where columns hold nothing else than what their types say, there are
    /// none.
    fn rewritten(&self, _value: &str, _from: &Column, _to: &Column) -> String {
        Self::FALSE.to_owned()
    }

    /// The values that are not of the column's type, where a column can hold such.
    fn misfits(&self, _value: &str, _column: &Column) -> String {
        Self::FALSE.to_owned()
    }

    /// The values that are, or have among them, one of these labels.
    fn has_label(&self, value: &str, _array: bool, labels: &[String]) -> String {
        let labels: Vec<String> = labels.iter().map(|label| self.quote_text(label)).collect();
        format!("{value} IN ({})", labels.join(", "))
    }

    /// The default of a column, as an expression.
    fn default(&self, column: &Column) -> Option<String>;

    /// A value as the column will hold it that is not there yet.
    fn added(&self, value: String, _column: &Column) -> String {
        value
    }

    /// What a unique index takes as one value, where it compares otherwise than the value by itself.
    fn compared(&self, value: &str, _part: &IndexPart) -> String {
        value.to_owned()
    }

    /// One value of a group of equal ones.
    fn first_of_group(&self, value: &str, _compared: &str) -> String {
        format!("min({value})")
    }

    /// The comparison of a key's column with the one that it names.
    fn equal(&self, key: &ForeignKey, target: &str, parent: &str, child: &str) -> String;

    /// The sample of a row that breaks a check.
    fn violation(&self, sql: &str) -> String;

    /// The queries with other rows under the names of the tables. Where nothing is rebuilt, they read what is there.
    fn on_projection(&self, _images: &[ProjectedRows], query: CheckQuery) -> CheckQuery {
        query
    }
}

/// The queries of a data check.
pub(crate) fn render(on: &impl CheckSql, check: &DataCheck) -> CheckQuery {
    Checks(on).render(check)
}

/// `a = 1, b = 'x'`
pub(crate) fn pairs(on: &impl CheckSql, names: &[String]) -> Vec<String> {
    Checks(on).pairs(names)
}

struct Checks<'a, C: CheckSql>(&'a C);

impl<C: CheckSql> Checks<'_, C> {
    fn render(&self, check: &DataCheck) -> CheckQuery {
        match check {
            DataCheck::Rows { table } => self.only_counted(table, C::TRUE),
            DataCheck::AnyRow { table } => CheckQuery {
                count: format!("{} FROM (SELECT 1 FROM {} LIMIT 1) AS d", self.select_count(), self.0.table(table)),
                samples: None,
            },
            DataCheck::Nulls { table, column } => {
                self.only_counted(table, &format!("{} IS NULL", self.0.quote(column)))
            }
            DataCheck::Unconvertible { table, from, to, key, lossy } => {
                let value = self.0.quote(&from.name);
                let lost = self.0.lost(&value, from, to, *lossy);
                self.rows(table, &format!("{value} IS NOT NULL AND {lost}"), &self.keyed(&value, key))
            }
            DataCheck::Rewritten { table, from, to } => {
                self.only_counted(table, &self.0.rewritten(&self.0.quote(&from.name), from, to))
            }
            DataCheck::Duplicates { table, index } => self.duplicates(table, index),
            DataCheck::Orphans { table, foreign_key } => {
                let values: Vec<String> = foreign_key.columns.iter().map(|name| self.child(name)).collect();
                self.rows(table, &self.orphans(foreign_key), &self.tuple(&values))
            }
            DataCheck::References { table, foreign_key } => {
                self.only_counted(table, &format!("{} AND {}", self.not_null(foreign_key), self.exists(foreign_key)))
            }
            DataCheck::Labels { table, column, array, labels, key } => {
                let value = self.0.quote(column);
                self.rows(table, &self.0.has_label(&value, *array, labels), &self.keyed(&value, key))
            }
            DataCheck::WrongType { table, column, key } => {
                let value = self.0.quote(&column.name);
                self.rows(table, &self.0.misfits(&value, column), &self.keyed(&value, key))
            }
            DataCheck::OnProjection { images, check } => self.0.on_projection(images, self.render(check)),
            DataCheck::Violations { table, sql, added } => {
                let from = self.with_added(table, added);
                let sample = self.0.violation(sql);
                CheckQuery {
                    count: format!("{} FROM {from} AS c WHERE NOT ({sql})", self.select_count()),
                    samples: Some(format!("SELECT {sample} FROM {from} AS c WHERE NOT ({sql}) LIMIT 3")),
                }
            }
        }
    }

    fn select_count(&self) -> String {
        format!("SELECT {}(*)", C::COUNT)
    }

    fn only_counted(&self, table: &Name, condition: &str) -> CheckQuery {
        let count = format!("{} FROM {} AS c WHERE {condition}", self.select_count(), self.0.table(table));
        CheckQuery { count, samples: None }
    }

    fn rows(&self, table: &Name, condition: &str, sample: &str) -> CheckQuery {
        let samples = format!("SELECT {sample} FROM {} AS c WHERE {condition} LIMIT 3", self.0.table(table));
        CheckQuery { samples: Some(samples), ..self.only_counted(table, condition) }
    }

    /// The table as it will be read once those columns are there.
    fn with_added(&self, table: &Name, added: &[Column]) -> String {
        if added.is_empty() {
            return self.0.table(table);
        }
        let value = |column: &Column| match &column.generated {
            Some(generated) => format!("({})", generated.sql),
            None => self.0.default(column).unwrap_or_else(|| "NULL".to_owned()),
        };
        let added: Vec<String> = added
            .iter()
            .map(|column| format!(", {} AS {}", self.0.added(value(column), column), self.0.quote(&column.name)))
            .collect();
        format!("(SELECT t.*{} FROM {} AS t)", added.concat(), self.0.table(table))
    }

    /// NULLs differ from each other, unless the index says otherwise.
    fn duplicates(&self, table: &Name, index: &Index) -> CheckQuery {
        let values: Vec<String> = index
            .parts
            .iter()
            .map(|part| match &part.on {
                IndexOn::Column(name) => self.0.quote(name),
                IndexOn::Expression(sql) => format!("({sql})"),
            })
            .collect();
        let groups: Vec<String> =
            values.iter().zip(&index.parts).map(|(value, part)| self.0.compared(value, part)).collect();
        let mut conditions: Vec<String> = index.predicate.iter().map(|sql| format!("({sql})")).collect();
        if !index.nulls_not_distinct {
            conditions.extend(values.iter().map(|value| format!("{value} IS NOT NULL")));
        }
        if conditions.is_empty() {
            conditions.push(C::TRUE.to_owned());
        }
        let firsts: Vec<String> = values
            .iter()
            .zip(&groups)
            .enumerate()
            .map(|(at, (value, group))| format!("{} AS v{at}", self.0.first_of_group(value, group)))
            .collect();
        let groups = format!(
            "SELECT {}, {count}(*) AS n FROM {} AS c WHERE {} GROUP BY {} HAVING {count}(*) > 1",
            firsts.join(", "),
            self.0.table(table),
            conditions.join(" AND "),
            groups.join(", "),
            count = C::COUNT
        );
        let named: Vec<String> = (0..values.len()).map(|at| format!("v{at}")).collect();
        let sample = [self.tuple(&named), self.0.quote_text(" ("), "n".to_owned(), self.0.quote_text(" rows)")];
        CheckQuery {
            count: format!("{} FROM ({groups}) AS d", self.select_count()),
            samples: Some(format!("SELECT {} FROM ({groups} LIMIT 3) AS d", self.0.concat(&sample))),
        }
    }

    /// Without columns of the other table nothing is there: it is made in this run.
    fn exists(&self, key: &ForeignKey) -> String {
        if key.target_columns.is_empty() {
            return C::FALSE.to_owned();
        }
        let pairs: Vec<String> = key
            .columns
            .iter()
            .zip(&key.target_columns)
            .map(|(column, target)| {
                self.0.equal(key, target, &format!("p.{}", self.0.quote(target)), &self.child(column))
            })
            .collect();
        format!("EXISTS (SELECT 1 FROM {} AS p WHERE {})", self.0.table(&key.target), pairs.join(" AND "))
    }

    fn orphans(&self, key: &ForeignKey) -> String {
        format!("{} AND NOT {}", self.not_null(key), self.exists(key))
    }

    fn not_null(&self, key: &ForeignKey) -> String {
        let parts: Vec<String> = key.columns.iter().map(|name| format!("{} IS NOT NULL", self.child(name))).collect();
        parts.join(" AND ")
    }

    fn child(&self, name: &str) -> String {
        format!("c.{}", self.0.quote(name))
    }

    fn tuple(&self, values: &[String]) -> String {
        let mut parts = Vec::new();
        for (at, value) in values.iter().enumerate() {
            if at > 0 {
                parts.push(self.0.quote_text(", "));
            }
            parts.push(self.0.sample(value));
        }
        self.0.concat(&parts)
    }

    fn pairs(&self, names: &[String]) -> Vec<String> {
        let mut parts = Vec::new();
        for (at, name) in names.iter().enumerate() {
            let separator = if at > 0 { ", " } else { "" };
            parts.push(self.0.quote_text(&format!("{separator}{name} = ")));
            parts.push(self.0.sample(&self.0.quote(name)));
        }
        parts
    }

    /// `'abc' (id = 3)`
    fn keyed(&self, value: &str, key: &[String]) -> String {
        if key.is_empty() {
            return self.0.sample(value);
        }
        let mut parts = vec![self.0.sample(value), self.0.quote_text(" (")];
        parts.extend(self.pairs(key));
        parts.push(self.0.quote_text(")"));
        self.0.concat(&parts)
    }
}
