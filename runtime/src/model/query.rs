//! The query of a view that is built from other models: what each dialect makes SQL of.

use super::types::is_default;
use super::{DataType, Schema, View, shorthand};
use crate::descriptor::{Aggregate, Comparison, JoinKind};
use serde::{Deserialize, Serialize};

/// A query. With an aggregate among its columns, the rows are grouped by all the others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// What it reads first.
    pub from: Source,
    /// What is joined to it, in order.
    #[serde(default, skip_serializing_if = "is_default")]
    pub joins: Vec<Join>,
    /// The columns, in order.
    pub columns: Vec<QueryColumn>,
    /// Which rows.
    #[serde(default, skip_serializing_if = "is_default")]
    pub filter: Option<Condition>,
    /// Which groups.
    #[serde(default, skip_serializing_if = "is_default")]
    pub having: Option<Condition>,
}

/// A table or a view of the same model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Physical name.
    pub name: String,
    /// Namespace; `None`: the connection's own.
    #[serde(default, skip_serializing_if = "is_default")]
    pub schema: Option<String>,
    /// What it is called in this query, where that is not its name.
    #[serde(default, skip_serializing_if = "is_default", rename = "as")]
    pub alias: Option<String>,
}

/// A join.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Join {
    /// Which rows stay.
    #[serde(default, skip_serializing_if = "is_default")]
    pub kind: JoinKind,
    /// What is joined.
    pub source: Source,
    /// The condition.
    pub on: Condition,
}

/// A column of a query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct QueryColumn {
    /// Physical name.
    pub name: String,
    /// What is computed over each group; `None`: the value as it is.
    #[serde(default, skip_serializing_if = "is_default")]
    pub aggregate: Option<Aggregate>,
    /// Where the value comes from; only `count` may be without one.
    #[serde(default, skip_serializing_if = "is_default")]
    pub column: Option<ColumnRef>,
    /// The type of an aggregate's result.
    #[serde(
        default,
        skip_serializing_if = "is_default",
        rename = "type",
        deserialize_with = "shorthand::optional_data_type"
    )]
    #[cfg_attr(feature = "json-schema", schemars(schema_with = "shorthand::schema::optional_data_type"))]
    pub ty: Option<DataType>,
}

/// A column of one of the sources.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ColumnRef {
    /// What the source is called in this query.
    pub source: String,
    /// The column's physical name.
    pub column: String,
    /// Its type, where the source is a view given as SQL or an external one, which does not say it.
    #[serde(
        default,
        skip_serializing_if = "is_default",
        rename = "type",
        deserialize_with = "shorthand::optional_data_type"
    )]
    #[cfg_attr(feature = "json-schema", schemars(schema_with = "shorthand::schema::optional_data_type"))]
    pub ty: Option<DataType>,
}

/// A condition, as SQL understands it: a comparison with NULL does not hold, nor does its opposite.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Condition {
    /// All of them hold.
    All(Vec<Condition>),
    /// One of them holds.
    Any(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
    /// A comparison.
    Compare {
        /// Left side.
        left: Operand,
        /// The operator.
        op: Comparison,
        /// Right side.
        right: Operand,
    },
    /// The value is NULL.
    IsNull(Operand),
    /// The value is not NULL.
    IsNotNull(Operand),
    /// The value is one of a list.
    In {
        /// The value.
        value: Operand,
        /// The list.
        list: Vec<Operand>,
    },
    /// The text is like a pattern: `%` is any text, `_` is any character, `\` takes the meaning from what follows it.
    Like {
        /// The text.
        value: Operand,
        /// The pattern.
        pattern: String,
    },
    /// The value is neither less than the one nor greater than the other.
    Between {
        /// The value.
        value: Operand,
        /// The least.
        low: Operand,
        /// The greatest.
        high: Operand,
    },
    /// The boolean is true.
    Holds(Operand),
}

/// A value in a condition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Operand {
    /// A column of a source.
    Column(ColumnRef),
    /// In `having`: one of the query's own columns.
    Own(String),
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i128),
    /// A number.
    Float(f64),
    /// A text, also for dates, UUIDs and decimals.
    Text(String),
}

impl Source {
    /// What it is called in its query.
    pub fn called(&self) -> &str {
        self.alias.as_deref().unwrap_or(&self.name)
    }
}

impl Query {
    /// Everything that it reads, in order.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        std::iter::once(&self.from).chain(self.joins.iter().map(|join| &join.source))
    }

    /// Whether its rows are grouped.
    pub fn is_grouped(&self) -> bool {
        self.columns.iter().any(|column| column.aggregate.is_some())
    }
}

impl Condition {
    /// The conditions right under this one.
    pub(crate) fn parts(&self) -> &[Condition] {
        match self {
            Self::All(parts) | Self::Any(parts) => parts,
            Self::Not(part) => std::slice::from_ref(part),
            _ => &[],
        }
    }

    /// The values that this condition itself compares.
    pub(crate) fn operands(&self) -> Vec<&Operand> {
        match self {
            Self::All(_) | Self::Any(_) | Self::Not(_) => Vec::new(),
            Self::Compare { left, right, .. } => vec![left, right],
            Self::IsNull(value) | Self::IsNotNull(value) | Self::Like { value, .. } | Self::Holds(value) => vec![value],
            Self::In { value, list } => std::iter::once(value).chain(list).collect(),
            Self::Between { value, low, high } => vec![value, low, high],
        }
    }
}

impl Schema {
    /// The type of a column of a query's source, and whether it is ciphertext or native is not asked: `None` when nobody says.
    pub(crate) fn type_in(&self, query: &Query, column: &ColumnRef) -> Option<DataType> {
        self.type_within(query, column, self.views.len() + 1)
    }

    fn type_within(&self, query: &Query, column: &ColumnRef, depth: usize) -> Option<DataType> {
        if column.ty.is_some() || depth == 0 {
            return column.ty.clone();
        }
        let source = query.sources().find(|source| source.called() == column.source)?;
        if let Some(table) = self.table_of(source) {
            let found = table.columns.iter().find(|found| found.name == column.column)?;
            return Some(if found.encrypted { DataType::Text } else { found.ty.clone() });
        }
        let inner = self.view_of(source)?.query.as_ref()?;
        let found = inner.columns.iter().find(|found| found.name == column.column)?;
        match &found.ty {
            Some(ty) => Some(ty.clone()),
            None => self.type_within(inner, found.column.as_ref()?, depth - 1),
        }
    }

    /// The table that a source is.
    pub(crate) fn table_of(&self, source: &Source) -> Option<&super::Table> {
        self.tables.iter().find(|table| table.name == source.name && table.schema == source.schema)
    }

    /// The view that a source is.
    pub(crate) fn view_of(&self, source: &Source) -> Option<&View> {
        self.views.iter().find(|view| view.name == source.name && view.schema == source.schema)
    }
}
