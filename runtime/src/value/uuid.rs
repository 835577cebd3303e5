//! The types of the crate `uuid`.

use super::DbValue;
use crate::descriptor::LogicalType;

impl DbValue for ::uuid::Uuid {
    const TYPE: LogicalType = LogicalType::Uuid;
}

/// sqlx binds it as text.
impl DbValue for ::uuid::fmt::Hyphenated {
    const TYPE: LogicalType = LogicalType::Text;
}

/// sqlx binds it as text.
impl DbValue for ::uuid::fmt::Simple {
    const TYPE: LogicalType = LogicalType::Text;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuids_and_their_texts() {
        assert_eq!(<::uuid::Uuid as DbValue>::TYPE, LogicalType::Uuid);
        assert_eq!(<::uuid::fmt::Simple as DbValue>::TYPE, LogicalType::Text);
    }
}
