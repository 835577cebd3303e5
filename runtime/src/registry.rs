//! Collection of every model that is linked into the binary (feature `registry`).

use crate::descriptor::ModelDef;

/// One model, submitted by its derive.
#[derive(Debug)]
pub struct Registered(pub ModelDef);

#[cfg(feature = "registry")]
inventory::collect!(Registered);

#[cfg(feature = "registry")]
impl Registered {
    /// The space that the model is in.
    pub(crate) fn space(&self) -> Option<&'static str> {
        match self.0 {
            ModelDef::Table(table) => table().space,
            ModelDef::View(view) => view().space,
        }
    }
}

/// The space of a registered model of that name, where it is in one: for messages.
pub(crate) fn space_of(schema: Option<&str>, name: &str) -> Option<&'static str> {
    #[cfg(feature = "registry")]
    for registered in inventory::iter::<Registered> {
        let (its_schema, its_name) = match registered.0 {
            ModelDef::Table(table) => (table().schema, table().name),
            ModelDef::View(view) => (view().schema, view().name),
        };
        if its_schema == schema && its_name == name {
            return registered.space();
        }
    }
    let _ = (schema, name);
    None
}

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
