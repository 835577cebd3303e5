//! What the rows of the catalog queries hold, in the order of their cells.

use super::cells::Cells;
use super::type_rows::TypeRow;
use crate::catalog::is_managed_name;
use crate::dialect::Result;
use serde::Deserialize;

#[derive(Debug)]
pub(crate) struct TableRow {
    pub(crate) oid: u32,
    pub(crate) schema: String,
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) unlogged: bool,
    pub(crate) partition: bool,
    pub(crate) inherits: bool,
    /// One of ours or of an extension: nobody's business, but keys may point at it.
    pub(crate) hidden: bool,
    pub(crate) options: Option<Vec<String>>,
    /// `reltuples`; below zero: not known.
    pub(crate) estimate: i64,
    pub(crate) comment: Option<String>,
    pub(crate) triggers: Option<Vec<NamedSql>>,
    pub(crate) dependents: Option<Vec<DependentRow>>,
    /// The database has views of users, or types that we look at: the query for those has something to tell.
    pub(crate) others: bool,
}

#[derive(Debug, Deserialize)]
pub(crate) struct NamedSql {
    pub(crate) name: String,
    pub(crate) sql: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct DependentRow {
    /// The number of the column that it depends on; zero: on the whole.
    pub(crate) column: i16,
    pub(crate) what: String,
    /// It goes along with the column.
    pub(crate) along: bool,
    /// It is part of what it depends on.
    pub(crate) own: bool,
    /// It is a column that stores the rows.
    pub(crate) stores: bool,
    /// What it is part of, and whether that is a view.
    pub(crate) schema: Option<String>,
    pub(crate) relation: Option<String>,
    pub(crate) view: Option<bool>,
}

impl TableRow {
    pub(crate) fn read(cells: &mut Cells<'_>) -> Result<Self> {
        Ok(Self {
            oid: cells.number()?,
            schema: cells.text()?,
            name: cells.text()?,
            kind: cells.text()?,
            unlogged: cells.flag()?,
            partition: cells.flag()?,
            inherits: cells.flag()?,
            hidden: cells.flag()?,
            options: cells.json()?,
            estimate: cells.number()?,
            comment: cells.maybe()?,
            triggers: cells.json()?,
            dependents: cells.json()?,
            others: cells.flag()?,
        })
    }
}

#[derive(Debug)]
pub(crate) struct ColumnRow {
    pub(crate) table: u32,
    pub(crate) number: i16,
    pub(crate) name: String,
    pub(crate) ty: String,
    /// Schema and name of its enum type, or of its elements'.
    pub(crate) enum_type: Option<(String, String)>,
    pub(crate) required: bool,
    pub(crate) identity: String,
    /// What makes its values.
    pub(crate) sequence: Option<SequenceRow>,
    pub(crate) generated: String,
    pub(crate) expression: Option<String>,
    /// Where it is not its type's.
    pub(crate) collation: Option<String>,
    pub(crate) collation_oid: u32,
    pub(crate) granted: bool,
    pub(crate) comment: Option<String>,
    /// The columns that a generated one is made of.
    pub(crate) reads: Option<Vec<i16>>,
}

impl ColumnRow {
    pub(crate) fn read(cells: &mut Cells<'_>) -> Result<Self> {
        Ok(Self {
            table: cells.number()?,
            number: cells.number()?,
            name: cells.text()?,
            ty: cells.text()?,
            enum_type: cells.maybe()?.zip(cells.maybe()?),
            required: cells.flag()?,
            identity: cells.text()?,
            sequence: cells.json()?,
            generated: cells.text()?,
            expression: cells.maybe()?,
            collation: cells.maybe()?,
            collation_oid: cells.number()?,
            granted: cells.flag()?,
            comment: cells.maybe()?,
            reads: cells.json()?,
        })
    }
}

/// The sequence of an identity column, or of a `serial`.
#[derive(Debug, Deserialize)]
pub(crate) struct SequenceRow {
    pub(crate) name: String,
    pub(crate) start: i64,
    pub(crate) step: i64,
    pub(crate) min: i64,
    pub(crate) max: i64,
    pub(crate) cache: i64,
    pub(crate) cycle: bool,
}

#[derive(Debug)]
pub(crate) struct ConstraintRow {
    pub(crate) table: u32,
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) columns: Vec<i16>,
    pub(crate) validated: bool,
    pub(crate) enforced: bool,
    pub(crate) no_inherit: bool,
    pub(crate) expression: Option<String>,
    /// Of what the model has no word for.
    pub(crate) definition: Option<String>,
    pub(crate) target: u32,
    pub(crate) target_columns: Vec<i16>,
    pub(crate) on_delete: String,
    pub(crate) on_update: String,
    pub(crate) match_full: bool,
    pub(crate) deferrable: bool,
    pub(crate) deferred: bool,
    /// Its table and its target, where they are in a schema that is not looked at.
    pub(crate) away: Option<AwayRow>,
    pub(crate) target_away: Option<AwayRow>,
}

/// A side of a foreign key in a schema that is not looked at.
#[derive(Debug, Deserialize)]
pub(crate) struct AwayRow {
    pub(crate) schema: String,
    pub(crate) name: String,
    pub(crate) columns: Vec<String>,
}

impl ConstraintRow {
    pub(crate) fn read(cells: &mut Cells<'_>) -> Result<Self> {
        Ok(Self {
            table: cells.number()?,
            name: cells.text()?,
            kind: cells.text()?,
            columns: cells.numbers()?,
            validated: cells.flag()?,
            enforced: cells.flag()?,
            no_inherit: cells.flag()?,
            expression: cells.maybe()?,
            definition: cells.maybe()?,
            target: cells.number()?,
            target_columns: cells.numbers()?,
            on_delete: cells.text()?,
            on_update: cells.text()?,
            match_full: cells.flag()?,
            deferrable: cells.flag()?,
            deferred: cells.flag()?,
            away: cells.json()?,
            target_away: cells.json()?,
        })
    }
}

#[derive(Debug)]
pub(crate) struct IndexRow {
    pub(crate) table: u32,
    pub(crate) name: String,
    pub(crate) unique: bool,
    pub(crate) valid: bool,
    pub(crate) method: String,
    pub(crate) constraint: bool,
    pub(crate) nulls_not_distinct: bool,
    pub(crate) options: Option<Vec<String>>,
    pub(crate) predicate: Option<String>,
    /// How many of the columns are keys; the others are included.
    pub(crate) keys: usize,
    /// Nought is an expression.
    pub(crate) columns: Vec<i16>,
    pub(crate) directions: Vec<i16>,
    pub(crate) collations: Vec<u32>,
    /// Each key's expression, where there are some.
    pub(crate) expressions: Option<Vec<Option<String>>>,
    /// Each key's collation, where it is not the database's.
    pub(crate) collation_names: Option<Vec<Option<String>>>,
    /// Each key's operator class, where it is not the type's.
    pub(crate) operators: Option<Vec<Option<String>>>,
    /// Of one that is unmanaged.
    pub(crate) definition: Option<String>,
    /// The columns that it reads, where it has expressions or a condition.
    pub(crate) reads: Option<Vec<i16>>,
}

impl IndexRow {
    /// Whether the index was still there when the server worded it.
    pub(crate) fn is_complete(&self) -> bool {
        let worded = |at: usize| self.expressions.as_ref().and_then(|all| all.get(at)?.as_ref()).is_some();
        let keys = self.columns.iter().take(self.keys).enumerate();
        (self.definition.is_some() || is_managed_name(&self.name))
            && keys.filter(|(_, column)| **column == 0).all(|(at, _)| worded(at))
    }

    pub(crate) fn read(cells: &mut Cells<'_>) -> Result<Self> {
        Ok(Self {
            table: cells.number()?,
            name: cells.text()?,
            unique: cells.flag()?,
            valid: cells.flag()?,
            method: cells.text()?,
            constraint: cells.flag()?,
            nulls_not_distinct: cells.flag()?,
            options: cells.json()?,
            predicate: cells.maybe()?,
            keys: cells.number()?,
            columns: cells.numbers()?,
            directions: cells.numbers()?,
            collations: cells.numbers()?,
            expressions: cells.json()?,
            collation_names: cells.json()?,
            operators: cells.json()?,
            definition: cells.maybe()?,
            reads: cells.json()?,
        })
    }
}

/// What is neither a table nor of one.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum OtherRow {
    View(ViewRow),
    Type(TypeRow),
}

#[derive(Debug, Deserialize)]
pub(crate) struct ViewRow {
    pub(crate) schema: String,
    pub(crate) name: String,
    pub(crate) materialized: bool,
    pub(crate) sql: String,
    pub(crate) columns: Option<Vec<String>>,
    pub(crate) types: Option<Vec<String>>,
    pub(crate) reads: Option<Vec<ReadRow>>,
    pub(crate) dependents: Option<Vec<DependentRow>>,
    pub(crate) triggers: Option<Vec<NamedSql>>,
    pub(crate) restore: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ReadRow {
    pub(crate) schema: String,
    pub(crate) name: String,
    pub(crate) column: Option<String>,
}
