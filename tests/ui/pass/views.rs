//! Views over everything that names and types may be.

use std::borrow::Cow;

use schemasync::{DbEmbed, DbTable, DbValue, DbView};

mod models {
    use super::*;

    #[derive(DbEmbed)]
    pub struct Point {
        pub lat: f64,
    }

    #[derive(DbEmbed)]
    pub struct Address {
        pub city: String,
        #[db(embed)]
        pub at: Option<Point>,
    }

    #[derive(DbValue)]
    pub struct UserId(pub i64);

    #[derive(DbTable)]
    pub struct User<'a> {
        #[db(id)]
        pub id: UserId,
        pub r#type: Cow<'a, str>,
        #[db(embed)]
        pub home: Address,
        #[db(json)]
        pub extra: Vec<Anything>,
        pub boss: Option<i64>,
    }

    pub struct Anything;
}

type Person = models::User<'static>;

#[derive(DbView)]
#[db(from = models::User, filter(crate::models::User::r#type == "x" && Person::id > 5))]
struct Plain<'a> {
    id: i64,
    r#type: &'a str,
    #[db(from = models::User::home.at.lat)]
    lat: Option<f64>,
    #[db(from = Person::extra)]
    extra: Vec<models::Anything>,
    #[db(skip)]
    cache: Vec<models::Anything>,
}

/// A self join goes over a view.
#[derive(DbView)]
#[db(view = "bosses", from = Plain)]
struct Boss {
    id: i64,
}

#[derive(DbView)]
#[db(from = Person, left_join(Boss, on(Boss::id == Person::boss)), having(r#type == "x" || number.is_null()))]
struct Grouped {
    r#type: String,
    #[db(count = Boss::id)]
    number: i64,
    #[db(max = Boss::id)]
    last: Option<i64>,
}

/// Types of which no column type is known are no error in a view given as SQL.
#[derive(DbView)]
#[db(sql = "SELECT 1 AS x")]
struct Sql {
    x: models::Anything,
}

macro_rules! made_of_ident {
    ($name:ident, $source:ident, $field:ident, $value:expr) => {
        #[derive(DbView)]
        #[db(from = $source, filter($source::$field == $value && $source::$field.in_([$value])))]
        struct $name {
            $field: i64,
        }
    };
}

made_of_ident!(Made, Boss, id, 5);

fn main() {
    let schema = schemasync::schema![Person, Plain, Boss, Grouped, Made];
    assert_eq!(schema.problems, Vec::<String>::new());
}
