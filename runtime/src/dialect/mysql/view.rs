//! How MySQL writes the query of a view that is built from other models.

use super::text::{quote, quote_text};
use super::{Mysql, types};
use crate::descriptor::Aggregate;
use crate::dialect::sql::select::{Literal, SqlWriter};
use crate::model::{Column, DataType, Source};

/// [`Words`] of MySQL and MariaDB.
pub(crate) struct MysqlWords<'a> {
    pub(crate) dialect: &'a Mysql,
}

impl SqlWriter for MysqlWords<'_> {
    fn name(&self, name: &str) -> String {
        quote(name)
    }

    fn source(&self, source: &Source) -> String {
        match self.dialect.full_name(source.schema.as_deref(), &source.name).schema {
            Some(schema) => format!("{}.{}", quote(&schema), quote(&source.name)),
            None => quote(&source.name),
        }
    }

    fn literal(&self, literal: &Literal<'_>, beside: Option<&DataType>) -> Result<String, String> {
        Ok(match (*literal, beside) {
            (Literal::Bool(value), _) => u8::from(value).to_string(),
            (Literal::Int(value), _) => value.to_string(),
            // What sqlx binds for an `f32` is compared as one: its nearest `f64` is another number.
            #[allow(clippy::cast_possible_truncation)]
            (Literal::Float(value), Some(DataType::Float32)) => format!("{:?}", f64::from(value as f32)),
            (Literal::Float(value), _) => format!("{value:?}"),
            (Literal::Text(value), Some(DataType::Uuid)) => uuid(value)?,
            (Literal::Text(value), Some(DataType::Timestamp | DataType::DateTime)) => quote_text(&moment(value)),
            (Literal::Text(value), _) => quote_text(value),
        })
    }

    fn value(&self, sql: String, _: Option<&DataType>) -> String {
        sql
    }

    fn result(&self, aggregate: Aggregate, sql: String, of: Option<&DataType>, ty: &DataType) -> String {
        let desired = types::lower(&Column::new("", ty.clone()), false);
        match (aggregate, of) {
            (Aggregate::Count, _) if desired == "bigint" => return sql,
            (Aggregate::Min | Aggregate::Max, _) => return sql,
            (Aggregate::Sum | Aggregate::Avg, Some(DataType::Float32 | DataType::Float64)) if desired == "double" => {
                return sql;
            }
            _ => {}
        }
        let cast = match ty {
            DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::Int64 | DataType::Bool => "SIGNED",
            DataType::Uint8 | DataType::Uint16 | DataType::Uint32 | DataType::Uint64 => "UNSIGNED",
            DataType::Float32 | DataType::Float64 => "DOUBLE",
            DataType::Decimal(_) => return format!("CAST({sql} AS {})", desired.to_uppercase()),
            _ => return sql,
        };
        format!("CAST({sql} AS {cast})")
    }

    /// `\` is what takes the meaning where nothing else is said.
    fn like(&self, value: &str, pattern: &str) -> String {
        format!("{value} LIKE {}", quote_text(pattern))
    }
}

/// A moment as both servers read it: MariaDB knows no offsets.
fn moment(text: &str) -> String {
    let text = text.strip_suffix(['Z', 'z']).or_else(|| text.strip_suffix("+00:00")).unwrap_or(text);
    let mut moment = text.to_owned();
    if matches!(moment.as_bytes().get(10), Some(b'T' | b't')) && moment.is_char_boundary(10) {
        moment.replace_range(10..11, " ");
    }
    moment
}

/// sqlx stores UUIDs as 16 bytes.
fn uuid(text: &str) -> Result<String, String> {
    let digits: String = text.chars().filter(|letter| *letter != '-').collect();
    if digits.len() == 32 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Ok(format!("x'{}'", digits.to_ascii_lowercase()));
    }
    Err(format!("{text:?} is no UUID, but stands beside one"))
}
