//! schemasync: your Rust structs are the schema.

pub mod catalog;
mod derive_support;
pub mod descriptor;
pub mod dialect;
pub mod diff;
mod error;
pub mod model;
pub mod plan;
mod registry;
pub(crate) mod sync;
pub mod value;

pub use descriptor::{DbEmbed, DbTable, DbView};
pub use error::{Error, Result};
pub use model::{DocumentError, Schema};
pub use plan::{Entry, EntryKind, EntryStatus, Plan, Risk};
pub use schemasync_macros::{DbEmbed, DbTable, DbValue, DbView};
pub use sync::{Database, Progress, Report, RunStatus, SchemaSync, sync};
pub use value::{DbValue, GeoPoint, Vector};

/// What the derives' generated code refers to. Not public API.
#[doc(hidden)]
pub mod __private {
    pub use crate::derive_support::*;
    pub use crate::model::{AsTable, AsView, Model, NotAModel, Probe};
    pub use crate::registry::Registered;
    #[cfg(feature = "registry")]
    pub use inventory;
}
