//! Collection of every model that is linked into the binary (feature `registry`).

use crate::descriptor::ModelDef;

/// One model, submitted by its derive.
#[derive(Debug)]
pub struct Registered(pub ModelDef);

#[cfg(feature = "registry")]
inventory::collect!(Registered);

/// Registers a model: called by the derives; expands to nothing without the feature `registry`.
#[cfg(feature = "registry")]
#[doc(hidden)]
#[macro_export]
macro_rules! __register {
    ($model:expr) => {
        $crate::__private::inventory::submit! { $crate::__private::Registered($model) }
    };
}

/// Registers a model: called by the derives; expands to nothing without the feature `registry`.
#[cfg(not(feature = "registry"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __register {
    ($model:expr) => {};
}
