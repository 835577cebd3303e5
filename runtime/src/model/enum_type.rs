//! The enum types that the columns of a model are of.

use super::{Column, DataType, DefaultValue, PostgresEnum, Schema};

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

impl Column {
    /// Gives the enum type by its name alone, as a native type: the labels are no longer said.
    pub(crate) fn use_native_enum(&mut self) {
        let Some(EnumModel { native, .. }) = self.ty.enum_type() else { return };
        let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
        let schema = native.schema.as_deref().map_or_else(String::new, |schema| format!("{}.", quoted(schema)));
        let name = format!("{schema}{}", quoted(&native.ty));
        let is_array = matches!(self.ty, DataType::Array(_));
        self.native.postgres.ty = Some(if is_array { format!("{name}[]") } else { name });
        self.ty = if is_array { DataType::Array(Box::new(DataType::Text)) } else { DataType::Text };
        if let Some(DefaultValue::Text(text)) = &self.default {
            self.default = Some(DefaultValue::Sql(format!("'{}'", text.replace('\'', "''"))));
        }
    }
}

impl Schema {
    /// The enum types of all columns, as often as they are used.
    pub(crate) fn enum_types(&self) -> impl Iterator<Item = EnumModel<'_>> {
        self.tables.iter().flat_map(|table| &table.columns).filter_map(Column::enum_type)
    }
}
