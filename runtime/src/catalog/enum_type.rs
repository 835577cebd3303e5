//! Enum types in the catalog, and what hangs on them.

use super::{Catalog, Column, Name};
use serde::{Deserialize, Serialize};

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// An enum type.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnumType {
    /// Name.
    #[serde(alias = "n")]
    pub name: Name,
    /// The native type of its columns; that of arrays is this and `[]`.
    #[serde(alias = "t")]
    pub ty: String,
    /// Labels, in order.
    #[serde(alias = "l")]
    pub labels: Vec<String>,
    /// Something else that has the name: `a domain`. Never ours.
    #[serde(default, alias = "o", skip_serializing_if = "is_default")]
    pub other: Option<String>,
    /// What is of it or mentions it, as far as the database tells; only of live ones.
    #[serde(default, alias = "u", skip_serializing_if = "is_default")]
    pub uses: Vec<TypeUse>,
    /// Statements that restore what hangs on it once it is recreated: owner, comment, grants.
    #[serde(default, alias = "rs", skip_serializing_if = "is_default")]
    pub restore: Vec<String>,
}

/// Something that is of an enum type, or mentions it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TypeUse {
    /// What it is.
    #[serde(alias = "k")]
    pub kind: UseKind,
    /// The table or view that it is in; for others, their schema alone.
    #[serde(alias = "t")]
    pub table: Name,
    /// The name of the column, index or check; of others what they are, in the database's words.
    #[serde(alias = "n")]
    pub name: String,
    /// A column of arrays.
    #[serde(default, alias = "a", skip_serializing_if = "is_default")]
    pub array: bool,
}

/// What uses an enum type.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum UseKind {
    /// A column of the type.
    Column,
    /// The default or the generating expression of a column.
    Expression,
    Index,
    Constraint,
    View,
    /// A function, a domain, another type, a policy: nothing that we could make again.
    #[default]
    Other,
}

impl EnumType {
    /// Whether the column is of this type, or of an array of it.
    pub fn is_of(&self, column: &Column) -> bool {
        self.is_named(&column.ty)
    }

    /// Whether that is the native type of its columns or of arrays.
    pub fn is_named(&self, ty: &str) -> bool {
        ty.strip_prefix(self.ty.as_str()).is_some_and(|rest| rest.is_empty() || rest == "[]")
    }
}

impl Catalog {
    /// The enum type that the column is of.
    pub fn type_of(&self, column: &Column) -> Option<&EnumType> {
        if column.labels.is_empty() {
            return None;
        }
        self.types.values().find(|ty| ty.other.is_none() && ty.is_of(column))
    }
}
