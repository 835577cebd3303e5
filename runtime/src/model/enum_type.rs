//! The enum types that the columns of a model are of.

use super::{Column, DataType, PostgresEnum, Schema};

/// An enum type, as one column says it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct EnumModel<'a> {
    pub(crate) native: &'a PostgresEnum,
    pub(crate) labels: &'a [String],
}

impl DataType {
    /// The enum type on PostgreSQL, also of an array's elements.
    pub(crate) fn enum_type(&self) -> Option<EnumModel<'_>> {
        match self {
            Self::Enum { variants, postgres: Some(native), .. } => Some(EnumModel { native, labels: variants }),
            Self::Array(element) if !matches!(**element, Self::Array(_)) => element.enum_type(),
            _ => None,
        }
    }
}

impl Column {
    /// The enum type that the column is of on PostgreSQL: not where it says a native type, or holds ciphertext.
    pub(crate) fn enum_type(&self) -> Option<EnumModel<'_>> {
        if self.encrypted || self.native.postgres.ty.is_some() {
            return None;
        }
        self.ty.enum_type()
    }
}

impl Schema {
    /// The enum types of all columns, as often as they are used.
    pub(crate) fn enum_types(&self) -> impl Iterator<Item = EnumModel<'_>> {
        self.tables.iter().flat_map(|table| &table.columns).filter_map(Column::enum_type)
    }
}
