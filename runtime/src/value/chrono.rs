//! The types of the crate `chrono`.

use super::DbValue;
use crate::descriptor::LogicalType;
use ::chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};

impl DbValue for NaiveDate {
    const TYPE: LogicalType = LogicalType::Date;
}

impl DbValue for NaiveTime {
    const TYPE: LogicalType = LogicalType::Time;
}

impl DbValue for NaiveDateTime {
    const TYPE: LogicalType = LogicalType::DateTime;
}

/// An instant, whatever the zone that it is shown in.
impl<Z: TimeZone> DbValue for DateTime<Z> {
    const TYPE: LogicalType = LogicalType::Timestamp;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_told_from_local_times() {
        assert_eq!(<DateTime<::chrono::Utc>>::TYPE, LogicalType::Timestamp);
        assert_eq!(<DateTime<::chrono::Local>>::TYPE, LogicalType::Timestamp);
        assert_eq!(NaiveDateTime::TYPE, LogicalType::DateTime);
    }
}
