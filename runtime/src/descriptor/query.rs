//! What a view that is built from other models says: its sources, its columns, its conditions.

use super::{LogicalType, ModelDef};

/// The query of a view with `from = …`.
#[derive(Debug, Clone, Copy)]
pub struct QueryDef {
    /// `from = User`: a table or another view.
    pub from: ModelDef,
    /// `join(..)` and `left_join(..)`, in their order.
    pub joins: &'static [JoinDef],
    /// The columns, in the order of the fields.
    pub columns: &'static [QueryColumnDef],
    /// `filter(..)`: which rows.
    pub filter: Option<ConditionDef>,
    /// `having(..)`: which groups; it names the view's own columns.
    pub having: Option<ConditionDef>,
}

/// `join(Project, on(Project::id == Task::project_id))`
#[derive(Debug, Clone, Copy)]
pub struct JoinDef {
    /// Which rows stay.
    pub kind: JoinKind,
    /// The table or view that is joined.
    pub source: ModelDef,
    /// `on(..)`
    pub on: ConditionDef,
}

/// Which rows a join keeps.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum JoinKind {
    /// Those that have a match on both sides.
    #[default]
    Inner,
    /// All of what stands before it; without a match, its own columns are NULL.
    Left,
}

/// One column of a view with `from = …`.
#[derive(Debug, Clone, Copy)]
pub struct QueryColumnDef {
    /// Physical name.
    pub name: &'static str,
    /// What is computed over the group; `None`: the value as it is.
    pub aggregate: Option<Aggregate>,
    /// The column that it comes from; `None` only for `count` without one.
    pub column: Option<ColumnRefDef>,
    /// The logical type of the field, where it is known.
    pub ty: Option<LogicalType>,
}

/// What is computed over the rows of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Aggregate {
    /// Of the rows; of a column, the values that are not NULL.
    Count,
    /// The sum.
    Sum,
    /// The mean.
    Avg,
    /// The least value.
    Min,
    /// The greatest value.
    Max,
}

/// A column of a source: `User::email`.
#[derive(Debug, Clone, Copy)]
pub struct ColumnRefDef {
    /// The table or view.
    pub source: ModelDef,
    /// The Rust field path: `"email"`, `"address.city"`.
    pub field: &'static str,
    /// The logical type, where it is known.
    pub ty: Option<LogicalType>,
}

/// A condition.
#[derive(Debug, Clone, Copy)]
pub enum ConditionDef {
    /// `a && b`
    All(&'static [ConditionDef]),
    /// `a || b`
    Any(&'static [ConditionDef]),
    /// `!a`
    Not(&'static ConditionDef),
    /// `a == b` and the like.
    Compare(OperandDef, Comparison, OperandDef),
    /// `a.is_null()`
    IsNull(OperandDef),
    /// `a.is_some()`
    IsSome(OperandDef),
    /// `a.in_([1, 2])`
    In(OperandDef, &'static [OperandDef]),
    /// `a.like("b%")`
    Like(OperandDef, &'static str),
    /// `a.between(1, 2)`
    Between(OperandDef, OperandDef, OperandDef),
    /// A boolean column by itself.
    Holds(OperandDef),
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub enum Comparison {
    /// `==`
    #[serde(rename = "=")]
    Eq,
    /// `!=`
    #[serde(rename = "<>")]
    Ne,
    /// `<`
    #[serde(rename = "<")]
    Lt,
    /// `<=`
    #[serde(rename = "<=")]
    Le,
    /// `>`
    #[serde(rename = ">")]
    Gt,
    /// `>=`
    #[serde(rename = ">=")]
    Ge,
}

/// One side of a comparison.
#[derive(Debug, Clone, Copy)]
pub enum OperandDef {
    /// `User::email`
    Column(ColumnRefDef),
    /// In `having`: the physical name of one of the view's own columns.
    Own(&'static str),
    /// `true`
    Bool(bool),
    /// `-5`
    Int(i128),
    /// `0.5`
    Float(f64),
    /// `"premium"`
    Text(&'static str),
}
