//! A value of each logical type: random ones, written and read through sqlx.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use rust_decimal::Decimal;
use schemasync::model::DataType;
use schemasync::{GeoPoint, Vector};
use sqlx::sqlite::{Sqlite, SqliteRow};
use sqlx::types::{Json, Text};
use sqlx::{AssertSqlSafe, Decode, Row, SqlitePool, Type};
use uuid::Uuid;

pub const LABELS: [&str; 5] = ["happy", "sad", "7", "true", "2024-02-29"];

#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Bool(bool),
    /// Of any integer type.
    Int(i64),
    Float32(f32),
    Float64(f64),
    /// Also of enums.
    Text(String),
    Char(char),
    Bytes(Vec<u8>),
    Uuid(Uuid),
    Date(NaiveDate),
    Time(NaiveTime),
    DateTime(NaiveDateTime),
    Timestamp(DateTime<Utc>),
    Decimal(Decimal),
    Json(serde_json::Value),
    Array(Vec<serde_json::Value>),
    Vector(Vector<4>),
    Point(GeoPoint),
}

/// SplitMix64: the same values each time.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(1))
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[usize::try_from(self.below(from.len() as u64)).unwrap()].clone()
    }

    fn bytes(&mut self, length: u64) -> Vec<u8> {
        (0..length).map(|_| self.next().to_le_bytes()[0]).collect()
    }

    fn uuid(&mut self) -> Uuid {
        Uuid::from_u64_pair(self.next(), self.next())
    }

    fn word(&mut self) -> String {
        let letters = ['a', 'Z', '0', '9', '-', '.', ' ', 'é', '🦀', '\'', '"', '{', ':', '\n'];
        (0..self.below(6)).map(|_| self.pick(&letters)).collect()
    }

    /// A number within the range, small ones and the ends among them.
    fn int(&mut self, least: i64, most: i64) -> i64 {
        let any = self.next().cast_signed() >> self.below(64);
        self.pick(&[0, 1, 1, 7, -1, least, most, any, any, any]).clamp(least, most)
    }

    fn float(&mut self) -> f64 {
        let (bits, small) = (f64::from_bits(self.next()), self.int(-1000, 1000) as f64 / 4.0);
        let any = if bits.is_nan() { 0.5 } else { bits };
        self.pick(&[0.0, 1.0, -1.5, 0.1, 1e300, 3.0, 16_777_217.0, small, small, any])
    }

    fn json(&mut self) -> serde_json::Value {
        let number = self.int(-1000, 1000);
        let word = self.word();
        self.pick(&[
            serde_json::json!(number),
            serde_json::json!(true),
            serde_json::json!(null),
            serde_json::json!(word),
            serde_json::json!([1, word, null]),
            serde_json::json!({"a": [word], "b": {}}),
            serde_json::json!({"type": "Point", "coordinates": [number, 1.5]}),
        ])
    }
}

fn range(ty: &DataType) -> Option<(i64, i64)> {
    Some(match ty {
        DataType::Int8 => (i8::MIN.into(), i8::MAX.into()),
        DataType::Int16 => (i16::MIN.into(), i16::MAX.into()),
        DataType::Int32 => (i32::MIN.into(), i32::MAX.into()),
        DataType::Int64 => (i64::MIN, i64::MAX),
        DataType::Uint8 => (0, u8::MAX.into()),
        DataType::Uint16 => (0, u16::MAX.into()),
        DataType::Uint32 => (0, u32::MAX.into()),
        DataType::Uint64 => (0, i64::MAX),
        _ => return None,
    })
}

impl Value {
    pub fn random(ty: &DataType, random: &mut Random) -> Self {
        if let Some((least, most)) = range(ty) {
            return Self::Int(random.int(least, most));
        }
        let day = NaiveDate::from_num_days_from_ce_opt(730_000 + i32::try_from(random.below(20_000)).unwrap()).unwrap();
        let nanos = random.pick(&[0, 500_000_000, 123_456_000, 7]);
        let seconds = u32::try_from(random.below(86_400)).unwrap();
        let clock =
            NaiveTime::from_num_seconds_from_midnight_opt(random.pick(&[0, seconds]), nanos * random.pick(&[0, 1]))
                .unwrap();
        match ty {
            DataType::Bool => Self::Bool(random.below(2) == 1),
            DataType::Float32 => Self::Float32(random.float() as f32),
            DataType::Float64 => Self::Float64(random.float()),
            DataType::Text | DataType::Varchar(_) => Self::Text(Self::random_text(random)),
            DataType::Char => Self::Char(random.pick(&['a', '7', '1', 'é', '🦀', '\'', '{'])),
            DataType::Bytes => Self::Bytes(match random.below(5) {
                0 => random.bytes(16),
                1 => b"sixteen letters!".to_vec(),
                2 => Self::random_text(random).into_bytes(),
                3 => Vec::new(),
                _ => random.bytes(5),
            }),
            DataType::Uuid => Self::Uuid(match random.below(4) {
                0 => Uuid::from_slice(b"sixteen letters!").unwrap(),
                1 => Uuid::nil(),
                _ => random.uuid(),
            }),
            DataType::Date => Self::Date(day),
            DataType::Time => Self::Time(clock),
            DataType::DateTime => Self::DateTime(day.and_time(clock)),
            DataType::Timestamp => Self::Timestamp((day.and_time(clock) + TimeDelta::zero()).and_utc()),
            DataType::Decimal(_) => {
                let scale = u32::try_from(random.below(5)).unwrap();
                Self::Decimal(Decimal::new(random.pick(&[5, 50_000, 70_000, -15]), scale))
            }
            DataType::Json => Self::Json(random.json()),
            DataType::Array(_) => Self::Array(vec![random.json(), serde_json::json!("x")]),
            DataType::Enum { .. } => Self::Text(random.pick(&LABELS).to_owned()),
            DataType::Vector(_) => Self::Vector(Vector::from([1.5, -0.0, random.float() as f32, 3.25])),
            _ => Self::Point(GeoPoint { lon: random.float() % 180.0, lat: 51.25 }),
        }
    }

    /// Words, and what values of other types look like.
    fn random_text(random: &mut Random) -> String {
        let (uuid, number, float) = (random.uuid(), random.int(i64::MIN, i64::MAX), random.float());
        let word = random.word();
        let json = random.json().to_string();
        random.pick(&[
            word.clone(),
            word,
            number.to_string(),
            float.to_string(),
            format!("{uuid}"),
            format!("{uuid:X}").to_uppercase(),
            uuid.simple().to_string(),
            "not-a-uuid".to_owned(),
            "5.00".to_owned(),
            "007".to_owned(),
            "12.5".to_owned(),
            "true".to_owned(),
            json.clone(),
            json,
            "2024-02-29".to_owned(),
            "2023-02-29".to_owned(),
            "12:30:00.25".to_owned(),
            "2024-02-29 12:30:00".to_owned(),
            "2024-02-29T12:30:00+02:00".to_owned(),
            "2024-02-29T00:00:00Z".to_owned(),
            "{\"type\":\"Point\",\"coordinates\":[1,2.5]}".to_owned(),
            "happy".to_owned(),
            "x".to_owned(),
        ])
    }

    pub async fn insert(&self, pool: &SqlitePool, table: &str) {
        let query = sqlx::query(AssertSqlSafe(format!("INSERT INTO {table} (id, value) VALUES (1, ?)")));
        let query = match self.clone() {
            Self::Bool(value) => query.bind(value),
            Self::Int(value) => query.bind(value),
            Self::Float32(value) => query.bind(value),
            Self::Float64(value) => query.bind(value),
            Self::Text(value) => query.bind(value),
            Self::Char(value) => query.bind(Text(value)),
            Self::Bytes(value) => query.bind(value),
            Self::Uuid(value) => query.bind(value),
            Self::Date(value) => query.bind(value),
            Self::Time(value) => query.bind(value),
            Self::DateTime(value) => query.bind(value),
            Self::Timestamp(value) => query.bind(value),
            Self::Decimal(value) => query.bind(Text(value)),
            Self::Json(value) => query.bind(value),
            Self::Array(value) => query.bind(Json(value)),
            Self::Vector(value) => query.bind(value),
            Self::Point(value) => query.bind(value),
        };
        query.execute(pool).await.unwrap_or_else(|error| panic!("{self:?}: {error}"));
    }

    /// As the type that a program has for that logical type.
    pub async fn read(pool: &SqlitePool, table: &str, ty: &DataType) -> Result<Self, String> {
        fn get<T>(row: &SqliteRow) -> Result<T, String>
        where
            T: for<'r> Decode<'r, Sqlite> + Type<Sqlite>,
        {
            row.try_get::<T, _>("value").map_err(|error| error.to_string())
        }
        let sql = AssertSqlSafe(format!("SELECT value FROM {table}"));
        let row = &sqlx::query(sql).fetch_one(pool).await.map_err(|error| error.to_string())?;
        Ok(match ty {
            DataType::Bool => Self::Bool(get(row)?),
            DataType::Int8 => Self::Int(get::<i8>(row)?.into()),
            DataType::Int16 => Self::Int(get::<i16>(row)?.into()),
            DataType::Int32 => Self::Int(get::<i32>(row)?.into()),
            DataType::Int64 => Self::Int(get(row)?),
            DataType::Uint8 => Self::Int(get::<u8>(row)?.into()),
            DataType::Uint16 => Self::Int(get::<u16>(row)?.into()),
            DataType::Uint32 => Self::Int(get::<u32>(row)?.into()),
            DataType::Uint64 => Self::Int(get::<u64>(row)?.try_into().map_err(|_| "too large".to_owned())?),
            DataType::Float32 => Self::Float32(get(row)?),
            DataType::Float64 => Self::Float64(get(row)?),
            DataType::Text | DataType::Varchar(_) => Self::Text(get(row)?),
            DataType::Char => Self::Char(get::<Text<char>>(row)?.0),
            DataType::Bytes => Self::Bytes(get(row)?),
            DataType::Uuid => Self::Uuid(get(row)?),
            DataType::Date => Self::Date(get(row)?),
            DataType::Time => Self::Time(get(row)?),
            DataType::DateTime => Self::DateTime(get(row)?),
            DataType::Timestamp => Self::Timestamp(get(row)?),
            DataType::Decimal(_) => Self::Decimal(get::<Text<Decimal>>(row)?.0),
            DataType::Json => Self::Json(get(row)?),
            DataType::Array(_) => Self::Array(get::<Json<Vec<serde_json::Value>>>(row)?.0),
            DataType::Enum { .. } => {
                let text: String = get(row)?;
                if !LABELS.contains(&text.as_str()) {
                    return Err(format!("{text:?} is no label"));
                }
                Self::Text(text)
            }
            DataType::Vector(_) => Self::Vector(get(row)?),
            _ => Self::Point(get(row)?),
        })
    }
}
