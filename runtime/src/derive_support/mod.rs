//! What the derives' generated code refers to besides the descriptors: facts about a model that other models'
//! compile-time checks read. Not public API.
//!
//! All of it is `const`: a table's facts name other tables by [`TableFacts::ID`] only, so that models may refer to
//! each other in circles.

pub mod check;
mod message;

use crate::descriptor::{DbEmbed, DbTable, EmbedDef, LogicalType, ModelDef, TableDef};
pub use crate::value::DbValue;

/// What is known about one column while the user's crate is compiled.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// `User::id`, for messages.
    pub path: &'static str,
    /// Logical type; `None` in a model whose attributes have errors: no check speaks about it.
    pub known: Option<LogicalType>,
    /// From `Option<T>`.
    pub nullable: bool,
    /// The length that the type carries (`[T; N]`), or 0.
    pub length: u32,
}

impl Column {
    /// A column whose type comes from the type system: `DbValue`'s three consts.
    pub const fn of(path: &'static str, ty: LogicalType, nullable: bool, length: u32) -> Self {
        Self { path, known: Some(ty), nullable, length }
    }

    /// A column whose type an attribute decides (`json`, `encrypted`).
    pub const fn fixed(path: &'static str, ty: LogicalType, nullable: bool) -> Self {
        Self { path, known: Some(ty), nullable, length: 0 }
    }

    /// A field of a view, whose type may be one of which no column type is known.
    pub const fn of_view(path: &'static str, known: Option<LogicalType>, nullable: bool) -> Self {
        Self { path, known, nullable, length: 0 }
    }

    /// The column where it may be NULL for another reason than its own: an embedded `Option`, a left join.
    pub const fn or_null(self, nullable: bool) -> Self {
        Self { nullable: self.nullable || nullable, ..self }
    }

    /// The column itself: what a view shows or compares. An embedded struct has none of that name to give.
    pub const fn column(self) -> Self {
        self
    }

    /// The column as it is reached through embedded structs, of which one may be an `Option`.
    pub const fn within(self, path: &'static str, nullable: bool) -> Self {
        Self { path, ..self.or_null(nullable) }
    }

    /// What the fields of one column are: none.
    pub const fn columns(self) -> OneColumn {
        OneColumn
    }

    /// See [`Embedded::is_nullable`].
    pub const fn is_nullable(&self) -> bool {
        self.nullable
    }

    /// A field of a model whose attributes have errors.
    pub const fn unknown(path: &'static str) -> Self {
        Self { path, known: None, nullable: false, length: 0 }
    }

    /// The logical type.
    pub const fn ty(&self) -> LogicalType {
        match self.known {
            Some(ty) => ty,
            None => LogicalType::Text,
        }
    }

    /// The dimensions of a vector column: as given, else those of the type.
    pub const fn dimensions(&self, given: u32) -> u32 {
        match (given, self.ty()) {
            (0, LogicalType::Vector(n)) => n,
            (0, _) => self.length,
            (given, _) => given,
        }
    }

    /// The type of a column with `vector(..)`.
    pub const fn vector(&self, given: u32) -> LogicalType {
        LogicalType::Vector(self.dimensions(given))
    }
}

/// What stands behind a column when somebody asks for a field of it: no field.
#[derive(Debug, Clone, Copy)]
pub struct OneColumn;

/// What no embedded struct is.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is an embedded struct, of several columns",
    label = "name one of its fields, as in `User::home.city`"
)]
pub trait IsOneColumn {}

/// A field with `#[db(embed)]`, whose columns are a step further.
#[derive(Debug, Clone, Copy)]
pub struct Embedded<F>(pub std::marker::PhantomData<F>);

impl<F: EmbedField> Embedded<F> {
    /// The columns of the embedded struct.
    pub const fn columns(self) -> <F::Embed as EmbedFacts>::Columns {
        <F::Embed as EmbedFacts>::COLUMNS
    }

    /// For the message only: an embedded struct is not one column.
    pub const fn column(self) -> Column
    where
        F: IsOneColumn,
    {
        Column::unknown("")
    }

    /// Whether all of them are nullable.
    pub const fn is_nullable(&self) -> bool {
        F::NULLABLE
    }
}

/// One foreign key, for the checks of navigation fields.
#[derive(Debug, Clone, Copy)]
pub struct ForeignKeyFacts {
    /// Pairs it with a navigation field.
    pub alias: Option<&'static str>,
    /// [`TableFacts::ID`] of the referenced table.
    pub target: &'static str,
}

/// The foreign keys of a table or an embedded struct, with those of the structs embedded in it.
#[derive(Debug, Clone, Copy)]
pub struct ForeignKeys {
    /// Its own.
    pub own: &'static [ForeignKeyFacts],
    /// Those of its embedded structs.
    pub embedded: &'static [ForeignKeys],
}

/// The facts about a table as a value.
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    /// [`TableFacts::NAME`]
    pub name: &'static str,
    /// [`TableFacts::ID`]
    pub id: &'static str,
    /// [`TableFacts::KEYS`]
    pub keys: &'static [&'static [&'static str]],
    /// [`TableFacts::FOREIGN_KEYS`]
    pub foreign_keys: ForeignKeys,
    /// [`TableFacts::BROKEN`]
    pub broken: bool,
}

/// What other models' checks read about a table. Implemented by `#[derive(DbTable)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a table: it does not derive `DbTable`",
    label = "not a table",
    note = "only structs with `#[derive(DbTable)]` can be referred to here"
)]
pub trait TableFacts: DbTable {
    /// A struct with one [`Column`] per column, under the field's name.
    type Columns;
    /// Its value.
    const COLUMNS: Self::Columns;
    /// `User`, for messages.
    const NAME: &'static str;
    /// Tells this table from all others.
    const ID: &'static str;
    /// The primary key and the unique indexes, each as a list of field paths.
    const KEYS: &'static [&'static [&'static str]];
    /// The foreign keys.
    const FOREIGN_KEYS: ForeignKeys;
    /// The attributes have errors, so that nothing about this table is certain.
    const BROKEN: bool = false;
    /// All of these in one, for checks. Not for other facts: that would be a circle.
    const FACTS: Facts = Facts {
        name: Self::NAME,
        id: Self::ID,
        keys: Self::KEYS,
        foreign_keys: Self::FOREIGN_KEYS,
        broken: Self::BROKEN,
    };
    /// The table's descriptor.
    const DESCRIPTOR: fn() -> &'static TableDef = <Self as DbTable>::table;
}

/// What the checks of views read about a table or a view. Implemented by `#[derive(DbTable)]` and `#[derive(DbView)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a table nor a view: it derives neither `DbTable` nor `DbView`",
    label = "neither a table nor a view",
    note = "a view reads structs with `#[derive(DbTable)]` or `#[derive(DbView)]`"
)]
pub trait SourceFacts {
    /// A struct with one [`Column`] per column, under the field's name.
    type Columns;
    /// Its value.
    const COLUMNS: Self::Columns;
    /// `User`, for messages.
    const NAME: &'static str;
    /// Tells this model from all others.
    const ID: &'static str;
    /// The descriptor.
    const MODEL: ModelDef;
}

/// What the checks read about an embedded struct. Implemented by `#[derive(DbEmbed)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an embedded struct: it does not derive `DbEmbed`",
    label = "does not derive `DbEmbed`"
)]
pub trait EmbedFacts: DbEmbed {
    /// A struct with one [`Column`] per column.
    type Columns;
    /// Its value.
    const COLUMNS: Self::Columns;
    /// The foreign keys.
    const FOREIGN_KEYS: ForeignKeys;
}

/// The type of a field with `#[db(embed)]`: a struct that derives `DbEmbed`, or an `Option` of one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be embedded: it does not derive `DbEmbed`",
    label = "does not derive `DbEmbed`",
    note = "`#[db(embed)]` is for a struct that derives `DbEmbed`, or an `Option` of one; `#[db(json)]` stores any serde type in one column"
)]
pub trait EmbedField {
    /// The embedded struct.
    type Embed: EmbedFacts;
    /// All columns are nullable.
    const NULLABLE: bool;
    /// The foreign keys of the embedded struct.
    const FOREIGN_KEYS: ForeignKeys = <Self::Embed as EmbedFacts>::FOREIGN_KEYS;
    /// The embedded struct's descriptor.
    const DESCRIPTOR: fn() -> &'static EmbedDef = <Self::Embed as DbEmbed>::embed;
}

impl<T: EmbedFacts> EmbedField for T {
    type Embed = T;
    const NULLABLE: bool = false;
}

impl<T: EmbedFacts> EmbedField for Option<T> {
    type Embed = T;
    const NULLABLE: bool = true;
}

/// Tells whether a type is an `Option`, whatever is in it: `IsOption::<T>::NULLABLE` with [`NotOption`] in scope.
#[derive(Debug)]
pub struct IsOption<T>(std::marker::PhantomData<T>);

impl<T> IsOption<Option<T>> {
    /// It is.
    pub const NULLABLE: bool = true;
}

/// What [`IsOption`] says of the other types.
pub trait NotOption {
    /// It is not.
    const NULLABLE: bool = false;
}

impl<T> NotOption for IsOption<T> {}

/// The column type of a type, where it has one: `Typed::<T>::KNOWN` with [`Untyped`] in scope.
#[derive(Debug)]
pub struct Typed<T>(std::marker::PhantomData<T>);

impl<T: DbValue> Typed<T> {
    /// The logical type.
    pub const KNOWN: Option<LogicalType> = Some(T::TYPE);
    /// Whether it is an `Option`, also behind a pointer.
    pub const NULLABLE: bool = T::NULLABLE;
}

/// What [`Typed`] says of the other types.
pub trait Untyped {
    /// It has none.
    const KNOWN: Option<LogicalType> = None;
    /// Nobody knows.
    const NULLABLE: bool = false;
}

impl<T> Untyped for Typed<T> {}
