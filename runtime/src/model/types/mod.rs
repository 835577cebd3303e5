//! The types of the model.

mod column;
mod data_type;
mod index;
mod native;
mod table;
mod view;

pub use column::{Column, DefaultValue, Generated};
pub use data_type::{DataType, PostgresEnum};
pub use index::{Index, IndexOn, IndexPart};
pub(crate) use native::{DatabaseOptions, OptionValue};
pub use native::{
    MongoOptions, MysqlColumn, MysqlOptions, NativeColumn, NativeMut, PostgresColumn, PostgresOptions, SqliteColumn,
    SqliteOptions, TableOptions,
};
pub use table::{Check, ForeignKey, Table};
pub use view::View;

use serde::{Deserialize, Serialize};

pub(in crate::model) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Everything that one namespace of a database should hold. Tables and views are sorted by name.
///
/// Made by [`schema!`](crate::schema), [`Schema::registered`], [`Schema::from_json`] or [`Schema::from_database`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schema {
    /// The tables.
    #[serde(default)]
    pub tables: Vec<Table>,
    /// The views.
    #[serde(default, skip_serializing_if = "is_default")]
    pub views: Vec<View>,
    /// What went wrong while the model was built from descriptors: told by [`Schema::validate`]. Not part of the document.
    #[doc(hidden)]
    #[serde(skip)]
    pub problems: Vec<String>,
}

impl Schema {
    /// Adds a table that is there and is not described: `measurements`, or `metrics.measurements` where it is in a schema of its own. It is
    /// never made, changed or dropped; that it exists is checked.
    #[must_use]
    pub fn external(mut self, table: &str) -> Self {
        let (schema, name) = match table.split_once('.') {
            Some((schema, name)) => (Some(schema.to_owned()), name),
            None => (None, table),
        };
        self.tables.push(Table { name: name.to_owned(), schema, external: true, ..Table::default() });
        Self { problems: self.problems, ..Self::new(self.tables, self.views) }
    }
}
