//! The query of a view as SQL: what all SQL databases write alike. How each of them quotes, and of which type its values are, is for
//! its [`Words`].

use crate::descriptor::{Aggregate, Comparison, JoinKind};
use crate::model::{ColumnRef, Condition, DataType, Operand, Query, QueryColumn, Schema, Source};

/// How one database writes the parts of a query.
pub(crate) trait SqlWriter {
    /// A name, quoted.
    fn name(&self, name: &str) -> String;
    /// A table or view, with its schema.
    fn source(&self, source: &Source) -> String;
    /// A value beside one of that type.
    ///
    /// # Errors
    /// The text is no value of that type.
    fn literal(&self, literal: &Literal<'_>, beside: Option<&DataType>) -> Result<String, String>;
    /// A value of that type in a form in which it is compared and added as users expect.
    fn value(&self, sql: String, ty: Option<&DataType>) -> String;
    /// The result of an aggregate over values of the type `of` as the type that sqlx reads for the field.
    fn result(&self, aggregate: Aggregate, sql: String, of: Option<&DataType>, ty: &DataType) -> String;
    /// `LIKE`, in which `\` takes the meaning from what follows it.
    fn like(&self, value: &str, pattern: &str) -> String;
}

/// A value in a condition.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Literal<'a> {
    Bool(bool),
    Int(i128),
    Float(f64),
    Text(&'a str),
}

/// The query as SQL.
///
/// # Errors
/// A literal that is no value of the type beside it.
pub(crate) fn select(schema: &Schema, query: &Query, words: &impl SqlWriter) -> Result<String, String> {
    let writer = Writer { schema, query, words };
    let columns: Vec<String> =
        query.columns.iter().map(|c| format!("{} AS {}", writer.output(c), words.name(&c.name))).collect();
    let mut sql = format!("SELECT {}\nFROM {}", columns.join(", "), writer.source(&query.from));
    for join in &query.joins {
        let kind = match join.kind {
            JoinKind::Inner => "JOIN",
            JoinKind::Left => "LEFT JOIN",
        };
        sql += &format!("\n{kind} {} ON {}", writer.source(&join.source), writer.condition(&join.on)?);
    }
    if let Some(filter) = &query.filter {
        sql += &format!("\nWHERE {}", writer.condition(filter)?);
    }
    let groups: Vec<String> =
        query.columns.iter().filter(|column| column.aggregate.is_none()).map(|column| writer.output(column)).collect();
    if query.is_grouped() && !groups.is_empty() {
        sql += &format!("\nGROUP BY {}", groups.join(", "));
    }
    if let Some(having) = &query.having {
        sql += &format!("\nHAVING {}", writer.condition(having)?);
    }
    Ok(sql)
}

struct Writer<'a, W> {
    schema: &'a Schema,
    query: &'a Query,
    words: &'a W,
}

impl<W: SqlWriter> Writer<'_, W> {
    fn source(&self, source: &Source) -> String {
        let name = self.words.source(source);
        match &source.alias {
            Some(alias) => format!("{name} AS {}", self.words.name(alias)),
            None => name,
        }
    }

    /// What stands before the `AS` of a column.
    fn output(&self, column: &QueryColumn) -> String {
        let Some(aggregate) = column.aggregate else {
            return column.column.as_ref().map(|from| self.column(from)).unwrap_or_default();
        };
        let of = column.column.as_ref().and_then(|from| self.type_of(from));
        let argument = match (&column.column, aggregate) {
            (None, _) => "*".to_owned(),
            (Some(from), Aggregate::Count) => self.column(from),
            (Some(from), _) => self.words.value(self.column(from), of.as_ref()),
        };
        let function = match aggregate {
            Aggregate::Count => "COUNT",
            Aggregate::Sum => "SUM",
            Aggregate::Avg => "AVG",
            Aggregate::Min => "MIN",
            Aggregate::Max => "MAX",
        };
        let sql = format!("{function}({argument})");
        match &column.ty {
            Some(ty) => self.words.result(aggregate, sql, of.as_ref(), ty),
            None => sql,
        }
    }

    fn column(&self, column: &ColumnRef) -> String {
        format!("{}.{}", self.words.name(&column.source), self.words.name(&column.column))
    }

    fn type_of(&self, column: &ColumnRef) -> Option<DataType> {
        self.schema.type_in(self.query, column)
    }

    fn condition(&self, condition: &Condition) -> Result<String, String> {
        Ok(match condition {
            Condition::All(parts) => self.parts(parts, " AND ")?,
            Condition::Any(parts) => self.parts(parts, " OR ")?,
            Condition::Not(part) => format!("NOT {}", self.enclosed(part)?),
            Condition::Compare { left, op, right } => {
                let beside = self.type_among(&[left, right]);
                let (left, right) = (self.operand(left, beside.as_ref())?, self.operand(right, beside.as_ref())?);
                format!("{left} {} {right}", operator(*op))
            }
            Condition::IsNull(value) => format!("{} IS NULL", self.bare(value)?),
            Condition::IsNotNull(value) => format!("{} IS NOT NULL", self.bare(value)?),
            Condition::In { value, list } => {
                let beside = self.type_among(&[value]);
                let list: Result<Vec<String>, String> =
                    list.iter().map(|value| self.operand(value, beside.as_ref())).collect();
                format!("{} IN ({})", self.operand(value, beside.as_ref())?, list?.join(", "))
            }
            Condition::Like { value, pattern } => self.words.like(&self.bare(value)?, pattern),
            Condition::Between { value, low, high } => {
                let beside = self.type_among(&[value, low, high]);
                let operand = |operand| self.operand(operand, beside.as_ref());
                format!("{} BETWEEN {} AND {}", operand(value)?, operand(low)?, operand(high)?)
            }
            Condition::Holds(value) => self.bare(value)?,
        })
    }

    fn parts(&self, parts: &[Condition], between: &str) -> Result<String, String> {
        match parts {
            [one] => self.condition(one),
            parts => {
                let parts: Result<Vec<String>, String> = parts.iter().map(|part| self.enclosed(part)).collect();
                Ok(parts?.join(between))
            }
        }
    }

    /// In parentheses: precedence is nobody's question.
    fn enclosed(&self, condition: &Condition) -> Result<String, String> {
        Ok(format!("({})", self.condition(condition)?))
    }

    /// The type of the first column among the values.
    fn type_among(&self, operands: &[&Operand]) -> Option<DataType> {
        operands.iter().find_map(|operand| match operand {
            Operand::Column(column) => self.type_of(column),
            Operand::Own(name) => self.own(name).and_then(|own| match &own.ty {
                Some(ty) => Some(ty.clone()),
                None => self.type_of(own.column.as_ref()?),
            }),
            _ => None,
        })
    }

    fn own(&self, name: &str) -> Option<&QueryColumn> {
        self.query.columns.iter().find(|column| column.name == name)
    }

    /// A value as it is compared.
    fn operand(&self, operand: &Operand, beside: Option<&DataType>) -> Result<String, String> {
        let literal = match operand {
            Operand::Column(_) | Operand::Own(_) => {
                let ty = self.type_among(&[operand]);
                return Ok(self.words.value(self.bare(operand)?, ty.as_ref()));
            }
            Operand::Bool(value) => Literal::Bool(*value),
            Operand::Int(value) => Literal::Int(*value),
            Operand::Float(value) => Literal::Float(*value),
            Operand::Text(value) => Literal::Text(value),
        };
        self.words.literal(&literal, beside)
    }

    /// A value as it is.
    fn bare(&self, operand: &Operand) -> Result<String, String> {
        match operand {
            Operand::Column(column) => Ok(self.column(column)),
            // No database but some takes a column's new name here: what it stands for.
            Operand::Own(name) => Ok(self.own(name).map(|own| self.output(own)).unwrap_or_default()),
            literal => self.operand(literal, None),
        }
    }
}

fn operator(op: Comparison) -> &'static str {
    match op {
        Comparison::Eq => "=",
        Comparison::Ne => "<>",
        Comparison::Lt => "<",
        Comparison::Le => "<=",
        Comparison::Gt => ">",
        Comparison::Ge => ">=",
    }
}
