//! [`Vector`]: a vector of `f32` whose number of dimensions is part of the type.

use super::DbValue;
use crate::descriptor::LogicalType;

/// A vector of `N` `f32`, for embeddings.
///
/// ```
/// use schemasync::Vector;
///
/// let vector: Vector<3> = [0.1, 0.2, 0.3].into();
/// assert_eq!(vector[1], 0.2);
/// assert!(Vector::<3>::try_from(vec![0.1]).is_err());
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Vector<const N: usize>(Box<[f32; N]>);

impl<const N: usize> Vector<N> {
    /// The numbers.
    pub fn as_slice(&self) -> &[f32] {
        self.0.as_slice()
    }

    /// The numbers, as little-endian bytes: what SQLite stores.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|number| number.to_le_bytes()).collect()
    }

    /// The vector of these little-endian bytes.
    ///
    /// # Errors
    ///
    /// When there are not four bytes a dimension.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WrongLength> {
        if !bytes.len().is_multiple_of(4) {
            return Err(WrongLength { expected: N, found: bytes.len() / 4 });
        }
        let numbers: Vec<f32> = bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        numbers.try_into()
    }
}

impl<const N: usize> Default for Vector<N> {
    fn default() -> Self {
        Self(Box::new([0.0; N]))
    }
}

impl<const N: usize> DbValue for Vector<N> {
    const TYPE: LogicalType = LogicalType::Vector(N as u32);
}

impl<const N: usize> std::ops::Deref for Vector<N> {
    type Target = [f32; N];

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<const N: usize> std::ops::DerefMut for Vector<N> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl<const N: usize> From<[f32; N]> for Vector<N> {
    fn from(numbers: [f32; N]) -> Self {
        Self(Box::new(numbers))
    }
}

impl<const N: usize> From<Vector<N>> for [f32; N] {
    fn from(vector: Vector<N>) -> Self {
        *vector.0
    }
}

impl<const N: usize> From<Vector<N>> for Vec<f32> {
    fn from(vector: Vector<N>) -> Self {
        (vector.0 as Box<[f32]>).into_vec()
    }
}

impl<const N: usize> TryFrom<Vec<f32>> for Vector<N> {
    type Error = WrongLength;

    fn try_from(numbers: Vec<f32>) -> Result<Self, WrongLength> {
        let found = numbers.len();
        match Box::<[f32; N]>::try_from(numbers) {
            Ok(numbers) => Ok(Self(numbers)),
            Err(_) => Err(WrongLength { expected: N, found }),
        }
    }
}

impl<const N: usize> TryFrom<&[f32]> for Vector<N> {
    type Error = WrongLength;

    fn try_from(numbers: &[f32]) -> Result<Self, WrongLength> {
        numbers.to_vec().try_into()
    }
}

impl<const N: usize> serde::Serialize for Vector<N> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_slice().serialize(serializer)
    }
}

impl<'de, const N: usize> serde::Deserialize<'de> for Vector<N> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::<f32>::deserialize(deserializer)?.try_into().map_err(serde::de::Error::custom)
    }
}

/// So many numbers are not a vector of that many dimensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a vector of {expected} dimensions cannot be made of {found} numbers")]
#[non_exhaustive]
pub struct WrongLength {
    /// The dimensions of the type.
    pub expected: usize,
    /// The numbers given.
    pub found: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_little_endian_and_read_back() {
        let vector = Vector::from([1.0, -2.5]);
        assert_eq!(vector.to_bytes(), [0, 0, 128, 63, 0, 0, 32, 192]);
        assert_eq!(Vector::from_bytes(&vector.to_bytes()), Ok(vector));
    }

    #[test]
    fn a_wrong_number_of_numbers_or_bytes_is_an_error() {
        assert_eq!(Vector::<2>::try_from(vec![1.0]), Err(WrongLength { expected: 2, found: 1 }));
        assert!(Vector::<2>::from_bytes(&[0; 7]).is_err());
        assert!(Vector::<2>::from_bytes(&[0; 12]).is_err());
    }

    #[test]
    fn serde_writes_an_array() {
        let vector = Vector::from([1.0, 2.0]);
        let json = serde_json::to_string(&vector).unwrap();
        assert_eq!(json, "[1.0,2.0]");
        assert_eq!(serde_json::from_str::<Vector<2>>(&json).unwrap(), vector);
        assert!(serde_json::from_str::<Vector<3>>(&json).is_err());
    }
}
