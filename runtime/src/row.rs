//! Reading rows: what [`DbRow`](crate::DbRow) generates stands on this.

use sqlx::{ColumnIndex, Decode, Result, Row, Type, ValueRef};

/// A struct that can be read from columns whose names begin with a prefix: an embedded one, or a whole row (with the prefix `""`).
///
/// Derived by [`DbRow`](crate::DbRow).
pub trait FromPrefixedRow<'r, R: Row>: Sized {
    /// Reads it.
    ///
    /// # Errors
    /// A column is missing, or its value is not of the field's type.
    fn from_prefixed_row(row: &'r R, prefix: &str) -> Result<Self>;

    /// Whether all its columns are NULL.
    ///
    /// # Errors
    /// A column is missing.
    fn is_null(row: &'r R, prefix: &str) -> Result<bool>;
}

/// `None` where all columns are NULL.
impl<'r, R: Row, T: FromPrefixedRow<'r, R>> FromPrefixedRow<'r, R> for Option<T> {
    fn from_prefixed_row(row: &'r R, prefix: &str) -> Result<Self> {
        if T::is_null(row, prefix)? { Ok(None) } else { T::from_prefixed_row(row, prefix).map(Some) }
    }

    fn is_null(row: &'r R, prefix: &str) -> Result<bool> {
        T::is_null(row, prefix)
    }
}

/// A field that is read as JSON, or as an optional one.
#[cfg(feature = "json")]
#[derive(Debug)]
pub struct AsJson<T>(pub T);

#[cfg(feature = "json")]
impl<D: sqlx::Database, T> Type<D> for AsJson<T>
where
    sqlx::types::Json<T>: Type<D>,
{
    fn type_info() -> D::TypeInfo {
        <sqlx::types::Json<T> as Type<D>>::type_info()
    }

    fn compatible(ty: &D::TypeInfo) -> bool {
        <sqlx::types::Json<T> as Type<D>>::compatible(ty)
    }
}

/// NULL is what `null` is in JSON: `None` of an `Option`.
#[cfg(feature = "json")]
impl<'r, D: sqlx::Database, T: serde::de::DeserializeOwned> Decode<'r, D> for AsJson<T>
where
    sqlx::types::Json<T>: Decode<'r, D>,
{
    fn decode(value: D::ValueRef<'r>) -> std::result::Result<Self, sqlx::error::BoxDynError> {
        if value.is_null() {
            return Ok(Self(serde_json::from_value(serde_json::Value::Null)?));
        }
        <sqlx::types::Json<T> as Decode<'r, D>>::decode(value).map(|json| Self(json.0))
    }
}

fn named<'n>(prefix: &str, name: &'n str) -> std::borrow::Cow<'n, str> {
    if prefix.is_empty() { name.into() } else { format!("{prefix}{name}").into() }
}

/// One column.
pub fn read_column<'r, T, R: Row>(row: &'r R, prefix: &str, name: &str) -> Result<T>
where
    for<'n> &'n str: ColumnIndex<R>,
    T: Decode<'r, R::Database> + Type<R::Database>,
{
    row.try_get(&*named(prefix, name))
}

/// Whether a column is NULL.
pub fn column_is_null<R: Row>(row: &R, prefix: &str, name: &str) -> Result<bool>
where
    for<'n> &'n str: ColumnIndex<R>,
{
    Ok(row.try_get_raw(&*named(prefix, name))?.is_null())
}

/// An embedded struct, whose prefix stands behind that of its owner.
pub fn read_embedded<'r, T: FromPrefixedRow<'r, R>, R: Row>(row: &'r R, prefix: &str, own: &str) -> Result<T> {
    T::from_prefixed_row(row, &named(prefix, own))
}

/// Whether all columns of an embedded struct are NULL.
pub fn embedded_is_null<'r, T: FromPrefixedRow<'r, R>, R: Row>(row: &'r R, prefix: &str, own: &str) -> Result<bool> {
    T::is_null(row, &named(prefix, own))
}
