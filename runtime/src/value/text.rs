//! The text wrapper of sqlx.

use super::DbValue;
use crate::descriptor::LogicalType;

/// Whatever `Display` and `FromStr` make of `T`.
impl<T> DbValue for sqlx::types::Text<T> {
    const TYPE: LogicalType = LogicalType::Text;
}
