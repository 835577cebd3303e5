//! The JSON types of `serde_json` and sqlx.

use super::DbValue;
use crate::descriptor::LogicalType;

impl DbValue for serde_json::Value {
    const TYPE: LogicalType = LogicalType::Json;
}

/// Whatever serde makes of `T`.
impl<T: ?Sized> DbValue for sqlx::types::Json<T> {
    const TYPE: LogicalType = LogicalType::Json;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_holds_anything() {
        struct Anything;
        assert_eq!(<sqlx::types::Json<Anything>>::TYPE, LogicalType::Json);
        assert_eq!(serde_json::Value::TYPE, LogicalType::Json);
    }
}
