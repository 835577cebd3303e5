//! The types of the crate `time`.

use super::DbValue;
use crate::descriptor::LogicalType;
use ::time::{Date, OffsetDateTime, PrimitiveDateTime, Time};

impl DbValue for Date {
    const TYPE: LogicalType = LogicalType::Date;
}

impl DbValue for Time {
    const TYPE: LogicalType = LogicalType::Time;
}

impl DbValue for PrimitiveDateTime {
    const TYPE: LogicalType = LogicalType::DateTime;
}

/// An instant, whatever the offset that it is shown with.
impl DbValue for OffsetDateTime {
    const TYPE: LogicalType = LogicalType::Timestamp;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_told_from_local_times() {
        assert_eq!(OffsetDateTime::TYPE, LogicalType::Timestamp);
        assert_eq!(PrimitiveDateTime::TYPE, LogicalType::DateTime);
    }
}
