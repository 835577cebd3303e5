//! Every Rust type, synced, inserted through sqlx, read back through `FromRow`; in STRICT tables as well.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use rust_decimal::Decimal;
use schemasync::{DbValue, GeoPoint, Vector, schema};
use schemasync_tests::{assert_says, scenario};
use serde::{Deserialize, Serialize};
use sqlx::types::{Json, Text};
use time::macros::{date, datetime, time};
use uuid::Uuid;

/// A table of a type's own with a required and an optional column, plain and STRICT.
macro_rules! round_trip {
    ($name:ident: $ty:ty => [$($value:expr),+ $(,)?]) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;
            type Value = $ty;

            #[derive(schemasync::DbTable, sqlx::FromRow, Debug, PartialEq)]
            #[db(table = "plain")]
            pub struct Plain {
                #[db(id)]
                pub id: i64,
                pub value: Value,
                pub maybe: Option<Value>,
            }

            #[derive(schemasync::DbTable, sqlx::FromRow, Debug, PartialEq)]
            #[db(table = "strict_one", sqlite(strict))]
            pub struct Strict {
                #[db(id)]
                pub id: i64,
                pub value: Value,
                pub maybe: Option<Value>,
            }

            scenario!(sqlite: reads_back, |db| {
                db.sync(schema![Plain, Strict]).await;
                let values: Vec<Value> = vec![$($value),+];
                for (at, value) in values.iter().enumerate() {
                    let id = at as i64;
                    for sql in ["INSERT INTO plain VALUES (?, ?, ?)", "INSERT INTO strict_one VALUES (?, ?, ?)"] {
                        let maybe = (at % 2 == 0).then(|| value.clone());
                        sqlx::query(sql).bind(id).bind(value.clone()).bind(maybe).execute(&db.pool).await.unwrap();
                    }
                }
                let plain: Vec<Plain> = sqlx::query_as("SELECT * FROM plain ORDER BY id").fetch_all(&db.pool).await.unwrap();
                let strict: Vec<Strict> = sqlx::query_as("SELECT * FROM strict_one ORDER BY id").fetch_all(&db.pool).await.unwrap();
                for (at, value) in values.into_iter().enumerate() {
                    let maybe = (at % 2 == 0).then(|| value.clone());
                    assert_eq!((&plain[at].value, &plain[at].maybe), (&value, &maybe));
                    assert_eq!((&strict[at].value, &strict[at].maybe), (&value, &maybe));
                }
                db.assert_settled(&schema![Plain, Strict]).await;
            });
        }
    };
}

round_trip!(of_bool: bool => [true, false]);
round_trip!(of_i8: i8 => [i8::MIN, 0, i8::MAX]);
round_trip!(of_i16: i16 => [i16::MIN, 0, i16::MAX]);
round_trip!(of_i32: i32 => [i32::MIN, 0, i32::MAX]);
round_trip!(of_i64: i64 => [i64::MIN, 0, i64::MAX]);
round_trip!(of_u8: u8 => [0, u8::MAX]);
round_trip!(of_u16: u16 => [0, u16::MAX]);
round_trip!(of_u32: u32 => [0, u32::MAX]);
round_trip!(of_f32: f32 => [0.0, -1.5, f32::MAX, f32::MIN_POSITIVE, 16_777_216.0]);
round_trip!(of_f64: f64 => [0.0, -1.5, f64::MAX, f64::MIN_POSITIVE, 9_007_199_254_740_993.0, 3.0, f64::INFINITY]);
round_trip!(of_string: String => [String::new(), "it's \"ü\" 🦀\n".to_owned(), "007".to_owned(), "1e3".to_owned()]);
round_trip!(of_bytes: Vec<u8> => [vec![], vec![0, 255, 39], b"text".to_vec()]);
round_trip!(of_boxed_str: Box<str> => ["a".into()]);
round_trip!(of_uuid: Uuid => [Uuid::nil(), Uuid::max(), Uuid::new_v4()]);
round_trip!(of_hyphenated_uuid: uuid::fmt::Hyphenated => [Uuid::max().hyphenated()]);
round_trip!(of_chrono_date: NaiveDate => [NaiveDate::from_ymd_opt(2024, 2, 29).unwrap(), NaiveDate::from_ymd_opt(1, 1, 1).unwrap()]);
round_trip!(of_chrono_time: NaiveTime => [NaiveTime::from_hms_milli_opt(23, 59, 59, 999).unwrap(), NaiveTime::MIN]);
round_trip!(of_chrono_date_time: NaiveDateTime => [NaiveDate::from_ymd_opt(2024, 2, 29).unwrap().and_hms_micro_opt(12, 30, 1, 123_456).unwrap()]);
round_trip!(of_chrono_instant: DateTime<Utc> => [Utc.with_ymd_and_hms(2024, 2, 29, 12, 30, 0).unwrap(), Utc.timestamp_millis_opt(1).unwrap()]);
round_trip!(of_chrono_offset: DateTime<FixedOffset> => [FixedOffset::east_opt(5 * 3600 + 1800).unwrap().with_ymd_and_hms(2024, 1, 1, 0, 0, 0).unwrap()]);
round_trip!(of_time_date: ::time::Date => [date!(2024 - 02 - 29)]);
round_trip!(of_time_time: ::time::Time => [time!(23:59:59.999), ::time::Time::MIDNIGHT]);
round_trip!(of_time_date_time: ::time::PrimitiveDateTime => [datetime!(2024-02-29 12:30:01.5)]);
round_trip!(of_time_instant: ::time::OffsetDateTime => [datetime!(2024-02-29 12:30:01 UTC), datetime!(2024-02-29 12:30:01.25 +5:30)]);
round_trip!(of_decimal: Text<Decimal> => [Text(Decimal::MAX), Text("1.10".parse().unwrap()), Text(Decimal::ZERO)]);
round_trip!(of_char: Text<char> => [Text('a'), Text('🦀'), Text('\'')]);
round_trip!(of_json: serde_json::Value => [serde_json::json!({"a": [1, null, "x"]}), serde_json::json!("text"), serde_json::json!(7)]);
round_trip!(of_json_of: Json<Settings> => [Json(Settings { dark: true, tags: vec!["a".into()] })]);
round_trip!(of_json_list: Json<Vec<i64>> => [Json(vec![]), Json(vec![1, -2])]);
round_trip!(of_newtype: Email => [Email("a@b".to_owned())]);
round_trip!(of_enum: Tier => [Tier::Free, Tier::VeryPremium]);
round_trip!(of_numbered_enum: Level => [Level::Low, Level::High]);
round_trip!(of_vector: Vector<256> => [Vector::from([0.25; 256]), Vector::default()]);
round_trip!(of_point: GeoPoint => [GeoPoint { lon: -0.5, lat: 51.25 }, GeoPoint::default()]);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    pub dark: bool,
    pub tags: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, DbValue, sqlx::Type)]
#[sqlx(transparent)]
pub struct Email(pub String);

#[derive(Debug, Clone, Copy, PartialEq, DbValue, sqlx::Type)]
#[sqlx(rename_all = "snake_case")]
pub enum Tier {
    Free,
    VeryPremium,
}

#[derive(Debug, Clone, Copy, PartialEq, DbValue, sqlx::Type)]
#[repr(i32)]
pub enum Level {
    Low = -1,
    High = 7,
}

/// What sqlx does not bind by itself.
#[derive(Debug, Clone, Copy, PartialEq, DbValue)]
pub struct Letter(pub char);

impl TryFrom<String> for Letter {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let mut letters = text.chars();
        match (letters.next(), letters.next()) {
            (Some(letter), None) => Ok(Self(letter)),
            _ => Err(format!("{text:?} is not one character")),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, DbValue)]
pub struct Money(pub Decimal);

impl TryFrom<String> for Money {
    type Error = rust_decimal::Error;

    fn try_from(text: String) -> Result<Self, rust_decimal::Error> {
        text.parse().map(Self)
    }
}

#[derive(schemasync::DbTable, sqlx::FromRow, Debug, PartialEq)]
#[db(table = "converted")]
pub struct Converted {
    #[db(id)]
    pub id: i64,
    #[sqlx(try_from = "String")]
    pub letter: Letter,
    #[db(precision(10, 2))]
    #[sqlx(try_from = "String")]
    pub price: Money,
    pub large: u64,
    #[sqlx(json)]
    pub tags: Vec<String>,
    #[sqlx(json)]
    pub rgb: [u8; 3],
    #[db(json)]
    #[sqlx(json)]
    pub settings: Settings,
    #[sqlx(json)]
    pub numbers: Vec<Vec<i64>>,
}

scenario!(sqlite: types_that_are_converted_on_the_way, |db| {
    db.sync(schema![Converted]).await;
    let row = Converted {
        id: 1,
        letter: Letter('é'),
        price: Money("12345678.90".parse().unwrap()),
        large: i64::MAX as u64,
        tags: vec!["a".into(), "it's".into()],
        rgb: [0, 128, 255],
        settings: Settings { dark: false, tags: vec![] },
        numbers: vec![vec![1], vec![]],
    };
    sqlx::query("INSERT INTO converted VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(row.id)
        .bind(row.letter.0.to_string())
        .bind(row.price.0.to_string())
        .bind(row.large as i64)
        .bind(Json(&row.tags))
        .bind(Json(&row.rgb))
        .bind(Json(&row.settings))
        .bind(Json(&row.numbers))
        .execute(&db.pool)
        .await
        .unwrap();
    let read: Converted = sqlx::query_as("SELECT * FROM converted").fetch_one(&db.pool).await.unwrap();
    assert_eq!(read, row);
    assert_eq!(db.value("SELECT price FROM converted").await, "'12345678.90'", "text keeps every digit");
});

mod embedded {
    use schemasync::{DbEmbed, DbTable};

    #[derive(DbEmbed, sqlx::FromRow, Debug, PartialEq)]
    pub struct Point {
        pub x: i64,
        pub y: i64,
    }

    #[derive(DbEmbed)]
    pub struct Address {
        #[db(index)]
        pub city: String,
        #[db(embed)]
        pub at: Point,
    }

    #[derive(DbTable)]
    #[db(table = "shops")]
    pub struct Shop {
        #[db(id)]
        pub id: i64,
        #[db(embed)]
        pub address: Address,
        #[db(embed)]
        pub second: Option<Address>,
        #[db(skip)]
        pub cached: Vec<Address>,
    }
}

scenario!(sqlite: embedded_structs_are_columns, |db| {
    db.sync(schema![embedded::Shop]).await;
    assert_eq!(
        db.columns("shops").await,
        [
            "id",
            "address__city",
            "address__at__x",
            "address__at__y",
            "second__city?",
            "second__at__x?",
            "second__at__y?"
        ]
    );
    assert_says(db.indexes("shops").await.join("\n"), &["(address__city)", "(second__city)"]);
    db.exec("INSERT INTO shops (id, address__city, address__at__x, address__at__y) VALUES (1, 'nice', 2, 3)").await;
    let point: embedded::Point = sqlx::query_as("SELECT address__at__x AS x, address__at__y AS y FROM shops")
        .fetch_one(&db.pool)
        .await
        .unwrap();
    assert_eq!(point, embedded::Point { x: 2, y: 3 });
});

mod defaults {
    use super::*;

    #[derive(schemasync::DbTable, sqlx::FromRow, Debug)]
    #[db(table = "made", sqlite(strict))]
    pub struct Strict {
        #[db(id, default(uuid))]
        pub id: Uuid,
        #[db(default(now))]
        pub instant: DateTime<Utc>,
        #[db(default = "free")]
        pub tier: Tier,
    }

    #[derive(schemasync::DbTable, sqlx::FromRow, Debug)]
    #[db(table = "plain_made")]
    pub struct Made {
        #[db(id, default(uuid))]
        pub id: Uuid,
        #[db(default(now))]
        pub instant: DateTime<Utc>,
        #[db(default(now))]
        pub local: NaiveDateTime,
        #[db(default(now))]
        pub day: NaiveDate,
        #[db(default(now))]
        pub hour: NaiveTime,
        #[db(default(now))]
        pub other: ::time::OffsetDateTime,
        #[db(default(now))]
        pub millis: i64,
        #[db(default = "very_premium")]
        pub tier: Tier,
        #[db(default = true)]
        pub on: bool,
        #[db(default = 1.5)]
        pub ratio: f64,
        #[db(default = -3)]
        pub small: i8,
        #[db(version)]
        pub version: i64,
        #[db(default = "it's")]
        pub text: String,
        #[db(default = "a", max_length = 3)]
        pub short: String,
    }
}

scenario!(sqlite: what_the_database_fills_in_is_read_back, |db| {
    db.sync(schema![defaults::Made, defaults::Strict]).await;
    db.exec("INSERT INTO plain_made DEFAULT VALUES; INSERT INTO plain_made DEFAULT VALUES; INSERT INTO made DEFAULT VALUES").await;
    let rows: Vec<defaults::Made> = sqlx::query_as("SELECT * FROM plain_made").fetch_all(&db.pool).await.unwrap();
    assert_ne!(rows[0].id, rows[1].id);
    assert_eq!(rows[0].id.get_version_num(), 4);
    let row = &rows[0];
    assert!((Utc::now() - row.instant).num_hours() == 0 && row.instant.date_naive() == row.day, "{row:?}");
    assert_eq!((row.local.date(), row.tier, row.on, row.ratio), (row.day, Tier::VeryPremium, true, 1.5));
    assert_eq!((row.small, row.version, row.text.as_str(), row.short.as_str()), (-3, 0, "it's", "a"));
    assert!(row.millis > 1_700_000_000_000 && row.millis / 1000 - row.other.unix_timestamp() <= 1, "{row:?}");
    let strict: defaults::Strict = sqlx::query_as("SELECT * FROM made").fetch_one(&db.pool).await.unwrap();
    assert_eq!((strict.id.get_version_num(), strict.tier), (4, Tier::Free));
});

scenario!(sqlite: instants_of_the_database_sort_among_those_of_sqlx, |db| {
    mod v1 {
        #[derive(schemasync::DbTable)]
        #[db(table = "events")]
        pub struct Event {
            #[db(id)]
            pub id: i64,
            #[db(default(now))]
            pub at: chrono::DateTime<chrono::Utc>,
        }
    }
    db.sync(schema![v1::Event]).await;
    let past = Utc::now() - chrono::Duration::hours(1);
    let future = Utc::now() + chrono::Duration::hours(1);
    sqlx::query("INSERT INTO events VALUES (1, ?), (3, ?)").bind(past).bind(future).execute(&db.pool).await.unwrap();
    db.exec("INSERT INTO events (id) VALUES (2)").await;
    assert_eq!(db.rows("SELECT id FROM events ORDER BY at").await, [["1"], ["2"], ["3"]]);
});

scenario!(sqlite: c2_defaults_are_made_by_any_program_that_writes_to_the_file, |db| {
    let json = r#"{"schemasync": 1, "tables": [{"name": "made", "primary_key": "id", "columns": [
        {"name": "id", "type": "int64"}, {"name": "bytes", "type": "uuid", "default": "uuid"},
        {"name": "words", "type": "text", "default": "uuid"}, {"name": "millis", "type": "int64", "default": "now"},
        {"name": "instant", "type": "timestamp", "default": "now"}, {"name": "day", "type": "date", "default": "now"}]}]}"#;
    let schema = schemasync::Schema::from_json(json).unwrap();
    db.sync(schema.clone()).await;
    // Debian's client is years older than the library in this process.
    let insert = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO made (id) SELECT i FROM n;";
    let Some(done) = db.run_script(insert).await else { return };
    done.unwrap();
    #[derive(sqlx::FromRow)]
    struct Made {
        bytes: uuid::Uuid,
        words: String,
        millis: i64,
        instant: chrono::DateTime<chrono::Utc>,
        day: chrono::NaiveDate,
    }
    let rows: Vec<Made> = sqlx::query_as("SELECT * FROM made").fetch_all(&db.pool).await.unwrap();
    let mut all = std::collections::BTreeSet::new();
    for row in &rows {
        let words: uuid::Uuid = row.words.parse().unwrap();
        for made in [row.bytes, words] {
            assert_eq!((made.get_version_num(), made.get_variant()), (4, uuid::Variant::RFC4122), "{made}");
            assert!(all.insert(made), "{made} twice");
        }
        let age = chrono::Utc::now() - row.instant;
        assert!(age.num_seconds() < 600 && (row.instant.timestamp_millis() - row.millis).abs() < 60_000, "{}", row.instant);
        assert!((row.instant.date_naive() - row.day).num_days().abs() < 2);
    }
    assert_eq!(rows.len(), 2000);
    db.assert_settled(&schema).await;
});
