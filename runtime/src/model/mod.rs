//! The model: what the structs say, owned, neutral and serialisable. Also called the *schema document*.
//!
//! [`Schema`] is what `schema![User, Post]`, [`Schema::registered`] and a JSON schema document all become. Names are
//! physical here. Field order in these types is the canonical order of the JSON, which is what is hashed: optional
//! parts that say nothing are left out, so that an addition to the format changes no fingerprint.

mod build;
mod document;
pub(crate) mod enum_type;
mod fingerprint;
mod query;
pub(crate) mod remove_invalid;
mod shorthand;
pub(crate) mod sql;
mod types;
mod validate;

pub use crate::catalog::{IndexKind, VectorParameters};
#[doc(hidden)]
pub use build::{AsTable, AsView, Model, NotAModel, Probe};
#[cfg(feature = "json-schema")]
pub use document::document_schema;
pub use document::{DOCUMENT_VERSION, DocumentError};
pub(crate) use fingerprint::short_hash;
pub use query::{ColumnRef, Condition, Join, Operand, Query, QueryColumn, Source};
pub use types::{
    Check, Column, DataType, DefaultValue, ForeignKey, Generated, Index, IndexOn, IndexPart, MongoOptions, MysqlColumn,
    MysqlOptions, NativeColumn, NativeMut, PostgresColumn, PostgresEnum, PostgresOptions, Schema, SqliteColumn,
    SqliteOptions, Table, TableOptions, View,
};
pub(crate) use types::{DatabaseOptions, OptionValue};
pub use validate::InvalidSchema;
