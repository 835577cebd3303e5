// The models of a database, as `schemasync pull` found it.
//
// needs: chrono (feature `chrono` of schemasync)
//
// not in the models, left alone:
// - actor: the trigger actor_trigger_ai is not part of a schema
// - film_text: left out: a virtual table of the module "fts5"
// - store: DEFERRABLE INITIALLY DEFERRED of the foreign key (manager_staff_id) is not part of a schema
// - sales_by_store: left out: its definition is more than a query
// - film_actor, foreign key (actor_id): left out: its columns and those of actor are not of one type in Rust

use schemasync::{DbTable, DbView};

#[derive(Debug, Clone, DbTable)]
#[db(table = "actor")]
pub struct Actor {
    #[db(id, sqlite(type = "NUMERIC"))]
    pub actor_id: f64,
    #[db(max_length = 45)]
    pub first_name: String,
    #[db(max_length = 45, index(name = "idx_actor_last_name"))]
    pub last_name: String,
    pub last_update: chrono::NaiveDateTime,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "address")]
pub struct Address {
    #[db(id)]
    pub address_id: i64,
    #[db(max_length = 50)]
    pub address: String,
    #[db(max_length = 50)]
    pub address2: Option<String>,
    #[db(max_length = 20)]
    pub district: String,
    #[db(fk = City::city_id, on_update = cascade)]
    pub city_id: i64,
    #[db(max_length = 10)]
    pub postal_code: Option<String>,
    #[db(max_length = 20)]
    pub phone: String,
    #[db(default(now))]
    pub last_update: chrono::NaiveDateTime,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "category")]
pub struct Category {
    #[db(id)]
    pub category_id: i64,
    #[db(max_length = 25, collate = nocase, unique)]
    pub name: String,
    pub last_update: chrono::NaiveDateTime,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "city")]
pub struct City {
    #[db(id)]
    pub city_id: i64,
    #[db(max_length = 50)]
    pub city: String,
    #[db(index(name = "idx_fk_country_id"))]
    #[db(fk = Country::country_id, on_update = cascade)]
    pub country_id: i64,
    pub last_update: chrono::NaiveDateTime,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "country")]
pub struct Country {
    #[db(id)]
    pub country_id: i64,
    #[db(max_length = 50)]
    pub country: String,
    pub last_update: Option<chrono::NaiveDateTime>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "customer")]
pub struct Customer {
    #[db(id)]
    pub customer_id: i64,
    #[db(fk = Store::store_id, on_update = cascade)]
    pub store_id: i64,
    #[db(max_length = 45)]
    pub first_name: String,
    #[db(max_length = 45, index(name = "idx_customer_last_name"))]
    pub last_name: String,
    #[db(max_length = 50)]
    pub email: Option<String>,
    #[db(fk = Address::address_id, on_update = cascade)]
    pub address_id: i64,
    #[db(default = "Y", max_length = 1)]
    pub active: String,
    pub create_date: chrono::NaiveDateTime,
    pub last_update: chrono::NaiveDateTime,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "film")]
#[db(check(
    name = "CHECK_special_features",
    sql = "special_features is null or special_features like '%Trailers%' or special_features like '%Commentaries%'"
))]
#[db(check(
    name = "CHECK_special_rating",
    sql = "rating in ('G', 'PG', 'PG-13', 'R', 'NC-17')"
))]
pub struct Film {
    #[db(id)]
    pub film_id: i64,
    #[db(max_length = 255)]
    pub title: String,
    pub description: Option<String>,
    #[db(max_length = 4)]
    pub release_year: Option<String>,
    #[db(fk = Language::language_id)]
    pub language_id: i64,
    #[db(fk = Language::language_id, on_delete = set_null)]
    pub original_language_id: Option<i64>,
    #[db(default = 3)]
    pub rental_duration: i64,
    #[db(default = 4.99, sqlite(type = "DECIMAL(4,2)"))]
    pub rental_rate: f64,
    pub length: Option<i64>,
    #[db(default = 19.99, sqlite(type = "DECIMAL(5,2)"))]
    pub replacement_cost: f64,
    #[db(default = "G", max_length = 10)]
    pub rating: Option<String>,
    #[db(max_length = 100)]
    pub special_features: Option<String>,
    pub last_update: chrono::NaiveDateTime,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "film_actor")]
pub struct FilmActor {
    #[db(id)]
    pub actor_id: i64,
    #[db(id, fk = Film::film_id, on_update = cascade)]
    pub film_id: i64,
    pub last_update: chrono::NaiveDateTime,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "film_category", sqlite(without_rowid))]
pub struct FilmCategory {
    #[db(id, fk = Film::film_id, on_delete = cascade)]
    pub film_id: i64,
    #[db(id, fk = Category::category_id)]
    pub category_id: i64,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "inventory")]
#[db(index(columns(store_id, inventory_id desc), unique, name = "one_by_store"))]
pub struct Inventory {
    #[db(id)]
    pub inventory_id: i64,
    #[db(fk = Film::film_id)]
    pub film_id: i64,
    #[db(fk = Store::store_id)]
    pub store_id: i64,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "language")]
pub struct Language {
    #[db(id)]
    pub language_id: i64,
    #[db(max_length = 20)]
    pub name: String,
    pub last_update: chrono::NaiveDateTime,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "payment")]
pub struct Payment {
    #[db(id)]
    pub payment_id: i64,
    #[db(fk = Customer::customer_id)]
    pub customer_id: i64,
    #[db(fk = Staff::staff_id)]
    pub staff_id: i64,
    #[db(fk = Rental::rental_id, on_delete = set_null, on_update = cascade)]
    pub rental_id: Option<i64>,
    #[db(sqlite(type = "DECIMAL(5,2)"))]
    pub amount: f64,
    pub payment_date: chrono::NaiveDateTime,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "rental")]
#[db(index(
    columns(rental_date, inventory_id, customer_id),
    unique,
    name = "idx_rental_uq"
))]
pub struct Rental {
    #[db(id)]
    pub rental_id: i64,
    pub rental_date: chrono::NaiveDateTime,
    #[db(fk = Inventory::inventory_id)]
    pub inventory_id: i64,
    #[db(fk = Customer::customer_id)]
    pub customer_id: i64,
    pub return_date: Option<chrono::NaiveDateTime>,
    #[db(fk = Staff::staff_id)]
    pub staff_id: i64,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "staff")]
pub struct Staff {
    #[db(id)]
    pub staff_id: i64,
    #[db(max_length = 45)]
    pub first_name: String,
    #[db(max_length = 45)]
    pub last_name: String,
    #[db(fk = Address::address_id, on_update = cascade)]
    pub address_id: i64,
    pub picture: Option<Vec<u8>>,
    #[db(max_length = 50)]
    pub email: Option<String>,
    #[db(fk = Store::store_id, on_update = cascade)]
    pub store_id: i64,
    #[db(default = 1)]
    pub active: i64,
    #[db(max_length = 16)]
    pub username: String,
    #[db(max_length = 40)]
    pub password: Option<String>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "store")]
pub struct Store {
    #[db(id)]
    pub store_id: i64,
    #[db(fk = Staff::staff_id)]
    pub manager_staff_id: i64,
    #[db(fk = Address::address_id)]
    pub address_id: i64,
    pub last_update: chrono::NaiveDateTime,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "customer_list")]
#[db(
    sql = r#"SELECT cu.customer_id AS ID, cu.first_name || ' ' || cu.last_name AS name, a.address AS address,
  CASE WHEN cu.active = 1 THEN 'active' ELSE '' END AS notes, cu.store_id AS SID
FROM customer AS cu JOIN address AS a ON cu.address_id = a.address_id"#
)]
pub struct CustomerList {
    #[db(column = "ID")]
    pub id: Option<i64>,
    /// The database does not tell its type.
    pub name: Option<String>,
    pub address: Option<String>,
    /// The database does not tell its type.
    pub notes: Option<String>,
    #[db(column = "SID")]
    pub sid: Option<i64>,
}

/// All of these models.
pub fn schema() -> schemasync::Schema {
    schemasync::schema! {
        Actor,
        Address,
        Category,
        City,
        Country,
        Customer,
        Film,
        FilmActor,
        FilmCategory,
        Inventory,
        Language,
        Payment,
        Rental,
        Staff,
        Store,
        CustomerList,
    }
    .external("film_text")
}
