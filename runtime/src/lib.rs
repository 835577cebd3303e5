//! schemasync: your Rust structs are the schema.

mod derive_support;
pub mod descriptor;
mod registry;
pub mod value;

pub use descriptor::{DbEmbed, DbTable, DbView};
pub use schemasync_macros::{DbEmbed, DbTable, DbValue, DbView};
pub use value::{DbValue, GeoPoint, Vector};

/// What the derives' generated code refers to. Not public API.
#[doc(hidden)]
pub mod __private {
    pub use crate::derive_support::*;
    pub use crate::registry::Registered;
    #[cfg(feature = "registry")]
    pub use inventory;
}
