//! The types of the catalog.

use super::{
    ColumnDependent, Dependent, EnumType, Expression, IndexKind, IndexTables, Name, ValueKind, View, is_managed_name,
};
use crate::descriptor::{Increment, IncrementForm, ReferentialAction, SortOrder};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub(super) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// The physical state of a database, or the part of it that a model asks for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Catalog {
    /// Tables by name. Never our own state tables.
    pub tables: BTreeMap<Name, Table>,
    /// Views by name.
    #[serde(default, skip_serializing_if = "is_default")]
    pub views: BTreeMap<Name, View>,
    /// Enum types by name, where the database has them; what else has the name of one that the model asks for is here as well.
    #[serde(default, skip_serializing_if = "is_default")]
    pub types: BTreeMap<Name, EnumType>,
    /// What tables and their columns were called before, by the tables' names: only in what a run leaves behind, for a run that goes back
    /// (rule S6). Never compared.
    #[serde(default, alias = "was", skip_serializing_if = "is_default")]
    pub earlier: BTreeMap<Name, Earlier>,
}

/// What a table and its columns were called before, the latest name last.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Earlier {
    /// Names of the table.
    #[serde(default, alias = "n", skip_serializing_if = "is_default")]
    pub names: Vec<Name>,
    /// Names of columns, by their present ones.
    #[serde(default, alias = "c", skip_serializing_if = "is_default")]
    pub columns: BTreeMap<String, Vec<String>>,
}

/// A table.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// Name.
    #[serde(alias = "n")]
    pub name: Name,
    /// Columns in physical order. The order is never a difference (rule C12).
    #[serde(alias = "c")]
    pub columns: Vec<Column>,
    /// Primary key.
    #[serde(default, alias = "pk", skip_serializing_if = "is_default")]
    pub primary_key: Option<PrimaryKey>,
    /// Indexes and unique constraints, by name, in order.
    #[serde(default, alias = "ix", skip_serializing_if = "is_default")]
    pub indexes: Vec<Index>,
    /// Foreign keys.
    #[serde(default, alias = "fk", skip_serializing_if = "is_default")]
    pub foreign_keys: Vec<ForeignKey>,
    /// CHECK constraints.
    #[serde(default, alias = "ck", skip_serializing_if = "is_default")]
    pub checks: Vec<Check>,
    /// Triggers: never managed.
    #[serde(default, alias = "tg", skip_serializing_if = "is_default")]
    pub triggers: Vec<Trigger>,
    /// What hangs on its columns and is unmanaged. Only of a live table, and never compared.
    #[serde(skip)]
    pub column_dependents: Vec<ColumnDependent>,
    /// What keeps the table from being dropped and is neither a view nor a foreign key. Only of a live table, and never compared.
    #[serde(skip)]
    pub dependents: Vec<Dependent>,
    /// What hangs on it and cannot be made again, because its text cannot be read: `trigger "audit"`. Only of a live table, and never compared.
    #[serde(skip)]
    pub unreadable: Vec<String>,
    /// Options by their native names (`strict`, `without_rowid`, `autoincrement`, `engine`, …).
    #[serde(default, alias = "o", skip_serializing_if = "is_default")]
    pub options: BTreeMap<String, String>,
    /// Comment.
    #[serde(default, alias = "cm", skip_serializing_if = "is_default")]
    pub comment: Option<String>,
    /// Why this table cannot be read or changed by us (a virtual table, a definition that we do not understand): it is
    /// never altered, only reported. `None`: an ordinary table.
    #[serde(default, alias = "op", skip_serializing_if = "is_default")]
    pub opaque: Option<String>,
    /// The statement of a virtual table: it may read another table.
    #[serde(default, alias = "vt", skip_serializing_if = "is_default")]
    pub reads: Option<Expression>,
    /// What the model wrote, by place, where the database words it in another way: only in what a run leaves behind, so that
    /// the next one need not ask the database again. Never compared.
    #[serde(default, alias = "wr", skip_serializing_if = "is_default")]
    pub written: BTreeMap<String, String>,
}

/// A column.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// Name, as written.
    #[serde(alias = "n")]
    pub name: String,
    /// Native type, normalised.
    #[serde(alias = "t")]
    pub ty: String,
    /// The labels of its enum type, or of its elements', where it has one: what its values can be. Never compared.
    #[serde(default, alias = "lb", skip_serializing_if = "is_default")]
    pub labels: Vec<String>,
    /// What its values are, where the native type does not tell; `None`: not known. Not of a live column: the base knows what the last run
    /// left. A difference that the stored values do not feel is only asked about.
    #[serde(default, rename = "v", skip_serializing_if = "is_default")]
    pub values: Option<ValueKind>,
    /// Whether NULL is allowed. Columns of a primary key are as the database treats them.
    #[serde(default, alias = "nl", skip_serializing_if = "is_default")]
    pub nullable: bool,
    /// Default, a normalised SQL expression.
    #[serde(default, alias = "d", skip_serializing_if = "is_default")]
    pub default: Option<Expression>,
    /// Generated column.
    #[serde(default, alias = "g", skip_serializing_if = "is_default")]
    pub generated: Option<Generated>,
    /// Native collation; `None`: the default one.
    #[serde(default, alias = "co", skip_serializing_if = "is_default")]
    pub collate: Option<String>,
    /// Identity, AUTOINCREMENT, AUTO_INCREMENT.
    #[serde(default, alias = "id", skip_serializing_if = "is_default")]
    pub identity: Option<Identity>,
    /// Comment.
    #[serde(default, alias = "cm", skip_serializing_if = "is_default")]
    pub comment: Option<String>,
    /// Further native properties that are compared and kept (`on_update`, `charset`, `not_null_conflict`, …).
    #[serde(default, alias = "x", skip_serializing_if = "is_default")]
    pub extra: BTreeMap<String, String>,
}

/// How the database makes the values of a column.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// First value. Not a difference once the table exists.
    #[serde(alias = "s")]
    pub start: i64,
    /// The live name of its sequence, where it has one. Never a difference.
    #[serde(default, alias = "q", skip_serializing_if = "is_default")]
    pub sequence: Option<String>,
    /// What makes the numbers, where the database has several such things.
    #[serde(default, alias = "f", skip_serializing_if = "is_default")]
    pub form: IncrementForm,
    /// From one number to the next, where it is not 1.
    #[serde(default, alias = "i", skip_serializing_if = "is_default")]
    pub step: Option<i64>,
    /// The least number, where it is not the database's own.
    #[serde(default, alias = "mn", skip_serializing_if = "is_default")]
    pub min: Option<i64>,
    /// The greatest number, where it is not the database's own.
    #[serde(default, alias = "mx", skip_serializing_if = "is_default")]
    pub max: Option<i64>,
    /// How many numbers a session takes at once, where it is not 1.
    #[serde(default, alias = "ca", skip_serializing_if = "is_default")]
    pub cache: Option<i64>,
    /// Whether it begins again at its end.
    #[serde(default, alias = "cy", skip_serializing_if = "is_default")]
    pub cycle: bool,
}

/// A generated column.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Generated {
    /// Normalised SQL expression.
    #[serde(alias = "e")]
    pub sql: Expression,
    /// Stored, or computed when read.
    #[serde(default, alias = "s", skip_serializing_if = "is_default")]
    pub stored: bool,
}

/// A primary key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrimaryKey {
    /// Constraint name, where it has one of its own.
    #[serde(default, alias = "n", skip_serializing_if = "is_default")]
    pub name: Option<String>,
    /// Columns, in order.
    #[serde(alias = "c")]
    pub columns: Vec<String>,
    /// Native details that are kept when the table is rebuilt (`desc`, `ON CONFLICT REPLACE`, a collation), as SQL per column
    /// or for the whole; never a difference.
    #[serde(default, alias = "x", skip_serializing_if = "is_default")]
    pub extra: BTreeMap<String, String>,
}

/// An index or a unique constraint.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Index {
    /// Name; for constraints without one, what the database calls it.
    #[serde(alias = "n")]
    pub name: String,
    /// Kind.
    #[serde(default, alias = "k", skip_serializing_if = "is_default")]
    pub kind: IndexKind,
    /// Of a unique one: NULLs count as equal.
    #[serde(default, alias = "nn", skip_serializing_if = "is_default")]
    pub nulls_not_distinct: bool,
    /// Parts, in order.
    #[serde(alias = "p")]
    pub parts: Vec<IndexPart>,
    /// Condition, normalised SQL.
    #[serde(default, alias = "w", skip_serializing_if = "is_default")]
    pub predicate: Option<Expression>,
    /// Included columns.
    #[serde(default, alias = "i", skip_serializing_if = "is_default")]
    pub include: Vec<String>,
    /// Pre-filter columns of a vector index.
    #[serde(default, alias = "f", skip_serializing_if = "is_default")]
    pub filters: Vec<String>,
    /// Access method, where it is not the default.
    #[serde(default, alias = "m", skip_serializing_if = "is_default")]
    pub method: Option<String>,
    /// It is a UNIQUE constraint inside the table's definition, not an index of its own.
    #[serde(default, alias = "ct", skip_serializing_if = "is_default")]
    pub constraint: bool,
    /// The build failed half-way (rule I3).
    #[serde(default, alias = "iv", skip_serializing_if = "is_default")]
    pub invalid: bool,
    /// The statement that makes it again, for those that are unmanaged; the constraint's text inside the table where
    /// `constraint` is set.
    #[serde(default, alias = "q", skip_serializing_if = "is_default")]
    pub sql: Option<String>,
    /// The tables that it is kept in, where it is one that does not go with its table.
    #[serde(default, alias = "tb", skip_serializing_if = "is_default")]
    pub tables: Option<Box<IndexTables>>,
    /// It was there when its table was adopted, the model described it, and it is managed under its own name (rule M1): the name that
    /// it would have had.
    #[serde(default, alias = "ad", skip_serializing_if = "is_default")]
    pub adopted: Option<String>,
}

/// One part of an index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexPart {
    /// A column or an expression.
    #[serde(alias = "o")]
    pub on: IndexOn,
    /// Direction.
    #[serde(default, alias = "d", skip_serializing_if = "is_default")]
    pub order: SortOrder,
    /// Collation where it is not the column's.
    #[serde(default, alias = "co", skip_serializing_if = "is_default")]
    pub collate: Option<String>,
    /// Operator class where it is not the default; prefix length on MySQL; weight of a full-text part.
    #[serde(default, alias = "x", skip_serializing_if = "is_default")]
    pub extra: Option<String>,
}

/// What one part of an index is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum IndexOn {
    /// A column.
    #[serde(alias = "c")]
    Column(String),
    /// A normalised SQL expression.
    #[serde(alias = "e")]
    Expression(Expression),
}

/// A foreign key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignKey {
    /// Constraint name, where it has one.
    #[serde(default, alias = "n", skip_serializing_if = "is_default")]
    pub name: Option<String>,
    /// Referencing columns.
    #[serde(alias = "c")]
    pub columns: Vec<String>,
    /// Referenced table.
    #[serde(alias = "t")]
    pub target: Name,
    /// Referenced columns, in pairs; resolved to the primary key where the definition leaves them out.
    #[serde(alias = "tc")]
    pub target_columns: Vec<String>,
    /// On delete.
    #[serde(default, alias = "od", skip_serializing_if = "is_default")]
    pub on_delete: ReferentialAction,
    /// On update.
    #[serde(default, alias = "ou", skip_serializing_if = "is_default")]
    pub on_update: ReferentialAction,
    /// Native details that are kept when it is recreated (`DEFERRABLE INITIALLY DEFERRED`, `MATCH FULL`); never a difference.
    #[serde(default, alias = "x", skip_serializing_if = "is_default")]
    pub extra: Option<String>,
    /// What makes it again as it is, for those that are unmanaged, where the database can add keys.
    #[serde(default, alias = "q", skip_serializing_if = "is_default")]
    pub sql: Option<String>,
    /// As [`Index::adopted`].
    #[serde(default, alias = "ad", skip_serializing_if = "is_default")]
    pub adopted: Option<String>,
}

/// A CHECK constraint.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Constraint name, where it has one.
    #[serde(default, alias = "n", skip_serializing_if = "is_default")]
    pub name: Option<String>,
    /// Normalised SQL.
    #[serde(alias = "e")]
    pub sql: Expression,
    /// Native details that are kept (`ON CONFLICT IGNORE`).
    #[serde(default, alias = "x", skip_serializing_if = "is_default")]
    pub extra: Option<String>,
    /// As [`Index::adopted`].
    #[serde(default, alias = "ad", skip_serializing_if = "is_default")]
    pub adopted: Option<String>,
}

/// A trigger: never managed, always kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trigger {
    /// Name.
    #[serde(alias = "n")]
    pub name: String,
    /// The statement that makes it again, with what it reads and writes where the planner has to know.
    #[serde(alias = "q")]
    pub sql: Expression,
}

impl Identity {
    /// As the model says it; what is the database's own rule is not said.
    pub(crate) fn of(increment: &Increment) -> Self {
        let Increment { start, form, step, min, max, cache, cycle } = *increment;
        Self {
            start,
            sequence: None,
            form,
            step: step.filter(|step| *step != 1),
            min,
            max,
            cache: cache.filter(|cache| *cache != 1),
            cycle,
        }
    }

    /// As a model says it.
    pub(crate) fn increment(&self) -> Increment {
        let mut increment = Increment::starting_at(self.start).form(self.form);
        (increment.step, increment.min, increment.max) = (self.step, self.min, self.max);
        (increment.cache, increment.cycle) = (self.cache, self.cycle);
        increment
    }

    /// Whether it counts in the same way, wherever it begins.
    pub(crate) fn counts_like(&self, other: &Self) -> bool {
        let bare = |identity: &Self| Self { start: 0, sequence: None, ..identity.clone() };
        bare(self) == bare(other)
    }
}

impl Table {
    /// The column of exactly that name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Forgets what the model wrote of a column (`t:` its type, `d:` its default, `g:` what it is made of) that is not as the model says yet.
    pub(crate) fn forget_column_words(&mut self, column: &str) {
        for place in ["t", "d", "g"] {
            self.written.remove(&format!("{place}:{column}"));
        }
    }

    /// Forgets what the model wrote of an index (`i:`) that is not as the model says yet.
    pub(crate) fn forget_index_words(&mut self, index: &str) {
        self.written.remove(&format!("i:{index}"));
    }

    /// Rewrites every expression: defaults, generated columns, indexes with their conditions, checks.
    pub(crate) fn rewrite_expressions(&mut self, rewrite: &mut dyn FnMut(&mut Expression)) {
        for column in &mut self.columns {
            column.default.iter_mut().for_each(&mut *rewrite);
            column.generated.iter_mut().for_each(|generated| rewrite(&mut generated.sql));
        }
        for index in &mut self.indexes {
            for part in &mut index.parts {
                if let IndexOn::Expression(sql) = &mut part.on {
                    rewrite(sql);
                }
            }
            index.predicate.iter_mut().for_each(&mut *rewrite);
        }
        self.checks.iter_mut().for_each(|check| rewrite(&mut check.sql));
    }
}

impl ForeignKey {
    /// Whether it is ours (rule M1): by its name, or because it was adopted.
    pub fn is_managed(&self) -> bool {
        self.adopted.is_some() || self.name.as_deref().is_some_and(is_managed_name)
    }

    /// Equal in what rule F1 compares: columns in pairs (in any order), target and actions.
    pub fn same_definition(&self, other: &Self) -> bool {
        let pairs = |key: &Self| {
            let mut pairs: Vec<(String, String)> =
                key.columns.iter().cloned().zip(key.target_columns.iter().cloned()).collect();
            pairs.sort();
            pairs
        };
        self.target == other.target
            && self.on_delete == other.on_delete
            && self.on_update == other.on_update
            && self.columns.len() == other.columns.len()
            && pairs(self) == pairs(other)
    }
}

impl Check {
    /// Whether it is ours (rule M1): by its name, or because it was adopted.
    pub fn is_managed(&self) -> bool {
        self.adopted.is_some() || self.name.as_deref().is_some_and(is_managed_name)
    }

    /// The name that it has, or would have had where it was adopted.
    pub(crate) fn managed_name(&self) -> &str {
        self.adopted.as_deref().or(self.name.as_deref()).unwrap_or_default()
    }
}

impl Index {
    /// Whether it is ours (rule M1): by its name, or because it was adopted.
    pub fn is_managed(&self) -> bool {
        self.adopted.is_some() || is_managed_name(&self.name)
    }

    /// The name that it has, or would have had where it was adopted.
    pub(crate) fn managed_name(&self) -> &str {
        self.adopted.as_deref().unwrap_or(&self.name)
    }

    /// Its expressions, the condition among them.
    pub(crate) fn expressions(&self) -> impl Iterator<Item = &Expression> {
        let parts = self.parts.iter().filter_map(|part| match &part.on {
            IndexOn::Expression(sql) => Some(sql),
            IndexOn::Column(_) => None,
        });
        parts.chain(&self.predicate)
    }

    /// Whether its parts or its condition read that column of its table.
    pub fn keys_read(&self, column: &str) -> bool {
        let is_part = |part: &IndexPart| matches!(&part.on, IndexOn::Column(name) if name == column);
        self.parts.iter().any(is_part) || self.expressions().any(|sql| sql.reads.column(column))
    }

    /// Whether anything of it reads that column of its table.
    pub fn reads_column(&self, column: &str) -> bool {
        self.keys_read(column) || self.include.iter().any(|name| name == column)
    }

    /// Equal in all that rule I1 compares; not the name, and not how it was made.
    pub fn same_definition(&self, other: &Self) -> bool {
        self.kind == other.kind
            && self.nulls_not_distinct == other.nulls_not_distinct
            && self.parts == other.parts
            && self.predicate == other.predicate
            && self.include == other.include
            && self.filters == other.filters
            && self.method == other.method
            && self.tables == other.tables
    }
}

/// What `extra` holds of a constraint that is kept for new rows and has not been checked for those that were there.
pub const UNPROVED: &str = "NOT VALID";

/// What `extra` holds of a constraint that is written down and not kept at all.
pub const UNENFORCED: &str = "NOT ENFORCED";

/// Whether the constraint of that `extra` has not been checked for the rows that were there.
pub fn is_unproved(extra: Option<&str>) -> bool {
    extra.is_some_and(|extra| extra.ends_with(UNPROVED)) || is_unenforced(extra)
}

/// Whether the constraint of that `extra` is kept for no row.
pub fn is_unenforced(extra: Option<&str>) -> bool {
    extra.is_some_and(|extra| extra.ends_with(UNENFORCED))
}
