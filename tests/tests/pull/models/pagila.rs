// The models of a database, as `schemasync pull` found it.
//
// needs: chrono (feature `chrono` of schemasync), rust_decimal (feature `rust_decimal` of schemasync), serde_json (feature `json` of schemasync), uuid (feature `uuid` of schemasync)
//
// a text stands in for types that have no Rust type here (give the field one of your own, with `DbValue`):
// - address.location: point
// - address.network: inet
// - film.release_year: year
// - film.fulltext: tsvector
// - film.lasts: interval
// - film.during: tstzrange
//
// not in the models, left alone:
// - actor: the trigger last_updated is not part of a schema
// - actor, index actor_hash: left out: the method hash is not part of a schema
// - address: DEFERRABLE INITIALLY DEFERRED of the foreign key (city_id) is not part of a schema
// - film, index film_by_features: left out: the method gin is not part of a schema
// - film, index film_collated: left out: the collation C of a part is not part of a schema
// - film, index film_during_excl: left out: the method gist is not part of a schema
// - film, index film_fulltext_idx: left out: the method gist is not part of a schema
// - film, index film_like: left out: text_pattern_ops of a part is not part of a schema
// - film, index film_long: left out: NULLS LAST of a part is not part of a schema
// - film: left out: EXCLUDE USING gist (during WITH &&) is not part of a schema
// - payment: left out: a partitioned table
// - payment_2022: left out: a partition of another table
// - rental_by_category: the index rental_category of a materialized view is not part of a schema
// - the function last_updated() is not part of a schema
// - the type year is not part of a schema

use schemasync::{DbTable, DbValue, DbView};

#[derive(Debug, Clone, Copy, PartialEq, Eq, DbValue)]
#[db(postgres(enum = "Mood of the day"))]
pub enum MoodOfTheDay {
    #[db(rename = "good")]
    Good,
    #[db(rename = "bad")]
    Bad,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, DbValue)]
#[db(postgres(enum = "mpaa_rating"))]
pub enum MpaaRating {
    G,
    #[db(rename = "PG")]
    Pg,
    #[db(rename = "PG-13")]
    Pg13,
    R,
    #[db(rename = "NC-17")]
    Nc17,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "Odd Names")]
pub struct OddName {
    pub select: Option<String>,
    #[db(column = "Ünï")]
    pub ünï: Option<i32>,
    #[db(column = "with \"quotes\"")]
    pub with_quotes: Option<i32>,
}

/// Those who play.
#[derive(Debug, Clone, DbTable)]
#[db(table = "actor")]
pub struct Actor {
    #[db(id, default(increment(serial)))]
    pub actor_id: i32,
    /// Two lines,
    /// with spaces.
    pub first_name: String,
    #[db(max_length = 45, index(name = "idx_actor_last_name"))]
    pub last_name: String,
    #[db(default(now))]
    pub last_update: chrono::DateTime<chrono::Utc>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "address")]
pub struct Address {
    #[db(id)]
    pub address_id: i32,
    pub address: String,
    pub address2: Option<String>,
    #[db(default(sql = "'none'::bpchar"), max_length = 20)]
    #[db(postgres(type = "character(20)"))]
    pub district: String,
    #[db(fk = City::city_id, on_delete = restrict, on_update = cascade)]
    pub city_id: i32,
    pub postal_code: Option<String>,
    #[db(postgres(type = "point"))]
    pub location: Option<String>,
    #[db(default = "127.0.0.1", postgres(type = "inet"))]
    pub network: Option<String>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "category")]
pub struct Category {
    #[db(id, default(increment))]
    pub category_id: i32,
    #[db(postgres(collate = "C"), unique)]
    pub name: String,
    #[db(default(now))]
    pub last_update: chrono::DateTime<chrono::Utc>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "city")]
pub struct City {
    #[db(id)]
    pub city_id: i32,
    pub city: String,
    #[db(fk = Country::country_id, on_delete = restrict, on_update = cascade)]
    pub country_id: i64,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "country")]
pub struct Country {
    #[db(id, default(increment(always, start = 100)))]
    pub country_id: i64,
    pub country: String,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "customer")]
#[db(check(name = "email_has_at", sql = "email ~~ '%@%'::text"))]
pub struct Customer {
    #[db(id)]
    pub customer_id: i32,
    pub email: String,
    #[db(default = true)]
    pub activebool: bool,
    #[db(default(sql = "('now'::text)::date"))]
    pub create_date: chrono::NaiveDate,
    #[db(default(now))]
    pub at: Option<chrono::NaiveDateTime>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "film")]
#[db(index(columns(language_id, length desc), name = "film_desc", where = "available AND (length IS NOT NULL)", include(title, rating)))]
#[db(index(
    columns("lower((title)::text)", release_year),
    unique,
    name = "film_title"
))]
#[db(check(name = "film_rental_duration_check", sql = "rental_duration > 0"))]
pub struct Film {
    #[db(id)]
    pub film_id: i32,
    #[db(default = "untitled", max_length = 255)]
    pub title: String,
    pub description: Option<String>,
    #[db(postgres(type = "year"))]
    pub release_year: Option<String>,
    #[db(fk = Language::language_id)]
    pub language_id: i16,
    #[db(fk = Language::language_id, on_delete = set_null)]
    pub original_language_id: Option<i16>,
    #[db(default = 3)]
    pub rental_duration: i16,
    #[db(default = 4.99, precision(4, 2))]
    pub rental_rate: rust_decimal::Decimal,
    pub length: Option<i16>,
    #[db(default = 19.99, precision(5, 2))]
    pub replacement_cost: rust_decimal::Decimal,
    #[db(default = "G")]
    pub rating: Option<MpaaRating>,
    #[db(default(sql = "'{}'::text[]"))]
    pub special_features: Option<Vec<String>>,
    pub ratings: Option<Vec<MpaaRating>>,
    #[db(default = "", postgres(type = "tsvector"))]
    pub fulltext: String,
    #[db(default(sql = "'{}'::jsonb"))]
    pub attributes: Option<serde_json::Value>,
    #[db(postgres(type = "json"))]
    pub raw: Option<serde_json::Value>,
    #[db(default(uuid), unique)]
    pub code: uuid::Uuid,
    #[db(default = true)]
    pub available: bool,
    #[db(default(now))]
    pub premiere: Option<chrono::NaiveDate>,
    #[db(default = "20:15:00")]
    pub slot: Option<chrono::NaiveTime>,
    #[db(default(sql = "'-1.5'::numeric"))]
    pub score: Option<f64>,
    #[db(default(sql = "'-9223372036854775808'::bigint"))]
    pub big: Option<i64>,
    pub poster: Option<Vec<u8>>,
    #[db(default = "01:30:00", postgres(type = "interval"))]
    pub lasts: Option<String>,
    #[db(generated(sql = "char_length((title)::text)", stored))]
    pub title_length: Option<i32>,
    #[db(postgres(type = "tstzrange"))]
    pub during: Option<String>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "film_actor")]
pub struct FilmActor {
    #[db(id, fk = Film::film_id)]
    pub film_id: i32,
    #[db(id, fk = Actor::actor_id, on_delete = restrict, on_update = cascade)]
    pub actor_id: i32,
    pub role: Option<String>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "film_role")]
#[db(fk(columns(actor_id, film_id) => FilmActor(actor_id, film_id), on_delete = cascade))]
pub struct FilmRole {
    pub film_id: Option<i32>,
    pub actor_id: Option<i32>,
    #[db(default = 1)]
    pub line: i32,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "language")]
pub struct Language {
    #[db(id)]
    pub language_id: i16,
    #[db(max_length = 20, postgres(type = "character(20)"))]
    pub name: String,
    #[db(default = "good")]
    pub mood: MoodOfTheDay,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "session", postgres(unlogged, fillfactor = 70))]
pub struct Session {
    #[db(id)]
    pub id: uuid::Uuid,
    pub data: serde_json::Value,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "staff")]
pub struct Staff {
    #[db(id)]
    pub staff_id: i32,
    #[db(fk = Store::store_id)]
    pub store_id: i32,
    #[db(fk = Staff::staff_id)]
    pub boss: Option<i32>,
    #[db(column = "Picture")]
    pub picture: Option<Vec<u8>>,
    #[db(column = "picture")]
    pub picture_2: Option<Vec<u8>>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "store")]
pub struct Store {
    #[db(id)]
    pub store_id: i32,
    #[db(unique, fk = Staff::staff_id)]
    pub manager_staff_id: i32,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "detail", schema = "audit")]
pub struct Detail {
    #[db(id)]
    pub id: i64,
    #[db(fk = Entry::id)]
    pub entry: Option<i64>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "entry", schema = "audit")]
pub struct Entry {
    #[db(id)]
    pub id: i64,
    #[db(fk = Film::film_id)]
    pub film_id: Option<i32>,
    pub order: Option<String>,
    #[db(default(now))]
    pub at: Option<chrono::DateTime<chrono::Utc>>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "film_list")]
#[db(sql = r#"SELECT film.film_id AS fid,
    film.title,
    film.rental_rate AS price,
    string_agg(actor.first_name, ', '::text) AS actors
   FROM ((film
     JOIN film_actor ON ((film.film_id = film_actor.film_id)))
     JOIN actor ON ((film_actor.actor_id = actor.actor_id)))
  GROUP BY film.film_id, film.title, film.rental_rate"#)]
pub struct FilmList {
    pub fid: Option<i32>,
    pub title: Option<String>,
    pub price: Option<rust_decimal::Decimal>,
    pub actors: Option<String>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "rental_by_category", materialized)]
#[db(sql = r#"SELECT name AS category,
    count(*) AS total
   FROM category c
  GROUP BY name"#)]
pub struct RentalByCategory {
    pub category: Option<String>,
    pub total: Option<i64>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "staff_list")]
#[db(sql = r#"SELECT staff_id AS id,
    store_id AS sid
   FROM staff s"#)]
pub struct StaffList {
    pub id: Option<i32>,
    pub sid: Option<i32>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "latest", schema = "audit")]
#[db(sql = r#"SELECT id,
    at
   FROM audit.entry
  ORDER BY at DESC
 LIMIT 10"#)]
pub struct Latest {
    pub id: Option<i64>,
    pub at: Option<chrono::DateTime<chrono::Utc>>,
}

/// All of these models.
pub fn schema() -> schemasync::Schema {
    schemasync::schema! {
        OddName,
        Actor,
        Address,
        Category,
        City,
        Country,
        Customer,
        Film,
        FilmActor,
        FilmRole,
        Language,
        Session,
        Staff,
        Store,
        Detail,
        Entry,
        FilmList,
        RentalByCategory,
        StaffList,
        Latest,
    }
    .external("payment")
    .external("payment_2022")
}
