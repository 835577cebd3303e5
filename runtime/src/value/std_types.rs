//! The column types of the standard library's types.

use std::borrow::Cow;

use super::DbValue;
use crate::descriptor::LogicalType;

macro_rules! plain {
    ($($rust:ty => $logical:ident),* $(,)?) => {
        $(impl DbValue for $rust {
            const TYPE: LogicalType = LogicalType::$logical;
        })*
    };
}

plain! {
    bool => Bool,
    i8 => Int8,
    i16 => Int16,
    i32 => Int32,
    i64 => Int64,
    u16 => UInt16,
    u32 => UInt32,
    u64 => UInt64,
    f32 => Float32,
    f64 => Float64,
    String => Text,
    str => Text,
    char => Char,
}

impl DbValue for u8 {
    const TYPE: LogicalType = LogicalType::UInt8;
    const SEQUENCE: LogicalType = LogicalType::Bytes;
}

impl<T: DbValue> DbValue for Option<T> {
    const TYPE: LogicalType = T::TYPE;
    const NULLABLE: bool = true;
    const FIXED_LENGTH: u32 = T::FIXED_LENGTH;
}

impl<T: DbValue> DbValue for [T] {
    const TYPE: LogicalType = T::SEQUENCE;
}

impl<T: DbValue> DbValue for Vec<T> {
    const TYPE: LogicalType = T::SEQUENCE;
}

impl<T: DbValue, const N: usize> DbValue for [T; N] {
    const TYPE: LogicalType = T::SEQUENCE;
    const FIXED_LENGTH: u32 = N as u32;
}

macro_rules! pointers {
    ($($pointer:ty),* $(,)?) => {
        $(impl<T: DbValue + ?Sized> DbValue for $pointer {
            const TYPE: LogicalType = T::TYPE;
            const NULLABLE: bool = T::NULLABLE;
            const FIXED_LENGTH: u32 = T::FIXED_LENGTH;
        })*
    };
}

pointers!(&T, Box<T>);

impl<T: DbValue + ToOwned + ?Sized> DbValue for Cow<'_, T> {
    const TYPE: LogicalType = T::TYPE;
    const NULLABLE: bool = T::NULLABLE;
    const FIXED_LENGTH: u32 = T::FIXED_LENGTH;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn option_is_the_same_type_and_nullable() {
        assert_eq!(<Option<i64>>::TYPE, LogicalType::Int64);
        const { assert!(<Option<i64>>::NULLABLE && !<i64>::NULLABLE) }
    }

    #[test]
    fn sequences_of_u8_are_bytes_and_others_are_arrays() {
        assert_eq!(<Vec<u8>>::TYPE, LogicalType::Bytes);
        assert_eq!(<&[u8]>::TYPE, LogicalType::Bytes);
        assert_eq!(<[u8; 16]>::TYPE, LogicalType::Bytes);
        assert_eq!(<Cow<'_, [u8]>>::TYPE, LogicalType::Bytes);
        assert_eq!(<Vec<String>>::TYPE, LogicalType::Array(&LogicalType::Text));
        assert_eq!(<Vec<Vec<i32>>>::TYPE, LogicalType::Array(&LogicalType::Array(&LogicalType::Int32)));
    }

    #[test]
    fn borrowed_and_boxed_types_are_what_they_point_at() {
        assert_eq!(<&str>::TYPE, LogicalType::Text);
        assert_eq!(<Cow<'_, str>>::TYPE, LogicalType::Text);
        assert_eq!(<Box<str>>::TYPE, LogicalType::Text);
        assert_eq!(<Box<Option<bool>>>::TYPE, LogicalType::Bool);
        const { assert!(<Box<Option<bool>>>::NULLABLE) }
    }

    #[test]
    fn arrays_carry_their_length() {
        assert_eq!(<[f32; 384]>::FIXED_LENGTH, 384);
        assert_eq!(<Option<[f32; 384]>>::FIXED_LENGTH, 384);
        assert_eq!(<Vec<f32>>::FIXED_LENGTH, 0);
    }
}
