//! The types of the crate `rust_decimal`.

use super::DbValue;
use crate::descriptor::LogicalType;

/// On SQLite, where sqlx does not bind decimals, the column is text: wrap the field's type in [`sqlx::types::Text`].
impl DbValue for ::rust_decimal::Decimal {
    const TYPE: LogicalType = LogicalType::Decimal;
}
