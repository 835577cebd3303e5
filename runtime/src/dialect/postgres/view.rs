//! How PostgreSQL writes the query of a view that is built from other models.

use super::{Postgres, lower, text, types};
use crate::descriptor::Aggregate;
use crate::dialect::sql::select::{Literal, SqlWriter};
use crate::model::{Column, DataType, Schema, Source};

/// [`Words`] of PostgreSQL.
pub(crate) struct PostgresWriter<'a> {
    pub(crate) dialect: &'a Postgres,
    pub(crate) schema: &'a Schema,
}

impl SqlWriter for PostgresWriter<'_> {
    fn name(&self, name: &str) -> String {
        text::quote(name)
    }

    fn source(&self, source: &Source) -> String {
        self.dialect.qualified(&lower::source_name(self.dialect, self.schema, source))
    }

    /// A text takes the type of what it stands beside.
    fn literal(&self, literal: &Literal<'_>, beside: Option<&DataType>) -> Result<String, String> {
        Ok(match (*literal, beside) {
            (Literal::Bool(value), _) => value.to_string(),
            (Literal::Int(value), _) => lower::integer(value),
            (Literal::Float(value), Some(DataType::Float32)) => format!("'{value:?}'::real"),
            (Literal::Float(value), Some(DataType::Float64)) => format!("'{value:?}'::double precision"),
            (Literal::Float(value), _) => format!("'{value:?}'::numeric"),
            (Literal::Text(value), _) => text::quote_text(value),
        })
    }

    /// `"char"`, which `i8` is, is no number to PostgreSQL.
    fn value(&self, sql: String, ty: Option<&DataType>) -> String {
        match ty {
            Some(DataType::Int8) => format!("CAST({sql} AS integer)"),
            _ => sql,
        }
    }

    fn result(&self, aggregate: Aggregate, sql: String, of: Option<&DataType>, ty: &DataType) -> String {
        let Ok(wanted) = types::lower(&Column::new("", ty.clone())) else { return sql };
        let comes = match (aggregate, of) {
            (Aggregate::Count, _) => "bigint",
            (Aggregate::Sum, Some(DataType::Int8 | DataType::Int16 | DataType::Int32)) => "bigint",
            (Aggregate::Sum, Some(DataType::Uint8 | DataType::Uint16)) => "bigint",
            (Aggregate::Sum | Aggregate::Avg, Some(DataType::Float64)) => "double precision",
            (Aggregate::Avg, Some(DataType::Float32)) => "double precision",
            (Aggregate::Sum, Some(DataType::Float32)) => "real",
            (Aggregate::Sum | Aggregate::Avg, _) => "numeric",
            // The type of the column, but for the few that have no such function of their own.
            (Aggregate::Min | Aggregate::Max, Some(DataType::Int8)) => "integer",
            (Aggregate::Min | Aggregate::Max, Some(DataType::Char)) => "text",
            (Aggregate::Min | Aggregate::Max, _) => return sql,
        };
        match (wanted.as_str(), comes) {
            (wanted, comes) if wanted == comes => sql,
            // Only `integer` becomes one.
            ("\"char\"", comes) if comes != "integer" => format!("CAST(CAST({sql} AS integer) AS \"char\")"),
            (wanted, _) => format!("CAST({sql} AS {wanted})"),
        }
    }

    /// `\` is what takes the meaning where nothing else is said.
    fn like(&self, value: &str, pattern: &str) -> String {
        format!("{value} LIKE {}", text::quote_text(pattern))
    }
}
