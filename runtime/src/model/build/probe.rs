//! How `schema![..]` takes tables and views alike: `DbTable` and `DbView` are distinct traits, so method resolution picks the
//! first that the type has (autoref specialisation), and a type with neither gets a message in words.

use crate::descriptor::{DbTable, DbView, ModelDef};
use std::marker::PhantomData;

/// Stands for the type in question.
#[derive(Debug)]
pub struct Probe<T>(PhantomData<T>);

impl<T> Probe<T> {
    /// A probe of `T`.
    #[allow(clippy::new_without_default)]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

/// Found first: `T` is a table.
pub trait AsTable {
    /// The descriptor.
    fn model(&self) -> ModelDef;
}

impl<T: DbTable> AsTable for &&Probe<T> {
    fn model(&self) -> ModelDef {
        ModelDef::Table(T::table)
    }
}

/// Found next: `T` is a view.
pub trait AsView {
    /// The descriptor.
    fn model(&self) -> ModelDef;
}

impl<T: DbView> AsView for &Probe<T> {
    fn model(&self) -> ModelDef {
        ModelDef::View(T::view)
    }
}

/// What a type has that is neither: nothing. Only its message matters.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a table nor a view",
    label = "derives neither `DbTable` nor `DbView`",
    note = "derive `DbTable` (or `DbView`) for `{Self}`; a struct that derives `DbEmbed` comes along with the tables that embed it"
)]
pub trait Model {
    /// The descriptor.
    const MODEL: ModelDef;
}

/// Found last: an error that says what is missing.
pub trait NotAModel<T> {
    /// The descriptor, if there were one.
    fn model(&self) -> ModelDef
    where
        T: Model;
}

impl<T> NotAModel<T> for Probe<T> {
    fn model(&self) -> ModelDef
    where
        T: Model,
    {
        T::MODEL
    }
}

/// The schema of these models: tables and views in any order, by type.
///
/// Gives a [`Schema`](crate::Schema) at once; contradictions between the models are told by
/// [`Schema::validate`](crate::Schema::validate), which every sync calls first.
///
/// ```ignore
/// let report = schemasync::sync(&pool, schemasync::schema![User, blog::Post, PremiumUser]).await?;
/// ```
#[macro_export]
macro_rules! schema {
    ($($model:ty),* $(,)?) => {
        $crate::Schema::from_models(&[$({
            #[allow(unused_imports)]
            use $crate::__private::{AsTable as _, AsView as _, NotAModel as _};
            (&&&$crate::__private::Probe::<$model>::new()).model()
        }),*])
    };
}
