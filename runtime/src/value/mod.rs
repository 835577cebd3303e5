//! [`DbValue`]: which logical type a Rust type is. One file per foreign crate.

mod geo;
mod std_types;
mod vector;

pub use geo::GeoPoint;
pub use vector::Vector;
#[cfg(feature = "chrono")]
mod chrono;
#[cfg(feature = "json")]
mod json;
#[cfg(feature = "rust_decimal")]
mod rust_decimal;
mod text;
#[cfg(feature = "time")]
mod time;
#[cfg(feature = "uuid")]
mod uuid;

use crate::descriptor::LogicalType;

/// A Rust type that fits one column. `#[derive(DbValue)]` implements it for newtypes and fieldless enums.
///
/// The column type is the one that sqlx binds for that Rust type, so that the same struct works with `sqlx::FromRow`.
///
/// An enum is stored as text. With `#[db(postgres(enum = "mood"))]` it has an enum type of its own on PostgreSQL, made and kept by the
/// sync: labels are added and renamed (`#[db(renamed = "…")]` on the variant), one that no row has goes with its variant. Name the
/// same type to sqlx: `#[sqlx(type_name = "mood")]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a type that a column can hold",
    label = "no column type is known for `{Self}`",
    note = "derive `DbValue` for a newtype or a fieldless enum; mark a nested struct `#[db(embed)]` (it derives `DbEmbed`) or `#[db(json)]`; leave a field out with `#[db(skip)]`",
    note = "types of other crates need the feature of that name: `uuid`, `chrono`, `time`, `rust_decimal`, `json`"
)]
pub trait DbValue {
    /// The logical type.
    const TYPE: LogicalType;
    /// Whether the column is nullable: `Option<T>`.
    const NULLABLE: bool = false;
    /// The logical type of `Vec<Self>` and `[Self; N]`: an array; `u8` makes it bytes.
    #[doc(hidden)]
    const SEQUENCE: LogicalType = LogicalType::Array(&Self::TYPE);
    /// The length that the type carries: `[T; N]`; 0 when it carries none.
    #[doc(hidden)]
    const FIXED_LENGTH: u32 = 0;
}
