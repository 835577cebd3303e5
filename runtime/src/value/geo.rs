//! [`GeoPoint`]: a place on Earth.

use serde::de::Error as _;

use super::DbValue;
use crate::descriptor::LogicalType;

/// A place on Earth, in degrees (WGS 84). As JSON it is a GeoJSON point, which is also what SQLite stores.
///
/// ```
/// use schemasync::GeoPoint;
///
/// let paris = GeoPoint { lon: 2.35, lat: 48.86 };
/// assert_eq!(paris.to_geojson(), r#"{"type":"Point","coordinates":[2.35,48.86]}"#);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct GeoPoint {
    /// Degrees east.
    pub lon: f64,
    /// Degrees north.
    pub lat: f64,
}

impl GeoPoint {
    /// The point as GeoJSON text.
    pub fn to_geojson(&self) -> String {
        format!(r#"{{"type":"Point","coordinates":[{},{}]}}"#, self.lon, self.lat)
    }

    /// The point of that GeoJSON text.
    ///
    /// # Errors
    ///
    /// When the text is not a GeoJSON point.
    pub fn from_geojson(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }
}

impl DbValue for GeoPoint {
    const TYPE: LogicalType = LogicalType::GeoPoint;
}

#[derive(serde::Serialize, serde::Deserialize)]
struct GeoJson {
    r#type: String,
    /// Longitude, latitude, and maybe an altitude, which is dropped.
    coordinates: Vec<f64>,
}

impl serde::Serialize for GeoPoint {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        GeoJson { r#type: "Point".to_owned(), coordinates: vec![self.lon, self.lat] }.serialize(serializer)
    }
}

impl<'de> serde::Deserialize<'de> for GeoPoint {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = GeoJson::deserialize(deserializer)?;
        match json.coordinates[..] {
            [lon, lat] | [lon, lat, _] if json.r#type == "Point" => Ok(Self { lon, lat }),
            _ => Err(D::Error::custom("not a GeoJSON point")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn geojson_is_written_and_read_back() {
        let point = GeoPoint { lon: -0.5, lat: 51.0 };
        assert_eq!(point.to_geojson(), r#"{"type":"Point","coordinates":[-0.5,51]}"#);
        assert_eq!(GeoPoint::from_geojson(&point.to_geojson()).unwrap(), point);
        assert_eq!(GeoPoint::from_geojson(&serde_json::to_string(&point).unwrap()).unwrap(), point);
    }

    #[test]
    fn other_geometries_are_errors() {
        assert!(GeoPoint::from_geojson(r#"{"type":"LineString","coordinates":[1,2]}"#).is_err());
        assert!(GeoPoint::from_geojson(r#"{"type":"Point","coordinates":[1]}"#).is_err());
    }
}
