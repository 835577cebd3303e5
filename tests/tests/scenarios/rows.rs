//! Structs are read back as they were declared: embedded ones, once or several times, optional ones, under any prefix.

use schemasync::{DbEmbed, DbRow, DbTable, schema};
use schemasync_tests::scenario;

#[derive(Debug, PartialEq, DbEmbed, DbRow)]
struct Place {
    lat: f64,
    lon: f64,
}

#[derive(Debug, PartialEq, DbEmbed, DbRow)]
struct Address {
    #[db(max_length = 80)]
    city: String,
    #[db(column = "postal_code", max_length = 12)]
    zip: Option<String>,
    #[db(embed)]
    at: Option<Place>,
}

#[derive(Debug, PartialEq, DbTable, DbRow)]
#[db(table = "users")]
struct User {
    #[db(id)]
    id: i64,
    #[db(embed)]
    home: Address,
    #[db(embed(prefix = "work_"))]
    work: Option<Address>,
    #[db(column = "type", max_length = 10)]
    r#type: String,
    #[db(skip)]
    cached: u8,
}

scenario!(embedded_structs_are_read_back, |db| {
    db.sync(schema![User]).await;
    assert_eq!(
        db.columns("users").await,
        [
            "id",
            "home__city",
            "home__postal_code?",
            "home__at__lat?",
            "home__at__lon?",
            "work_city?",
            "work_postal_code?",
            "work_at__lat?",
            "work_at__lon?",
            "type"
        ]
    );
    db.exec("INSERT INTO users VALUES (1, 'Rome', '00184', 41.5, 12.25, NULL, NULL, NULL, NULL, 'a')").await;
    db.exec("INSERT INTO users VALUES (2, 'Oslo', NULL, NULL, NULL, 'Bergen', NULL, NULL, NULL, 'b')").await;
    let users: Vec<User> = db.read("SELECT * FROM users ORDER BY id").await;
    let address =
        |city: &str, zip: Option<&str>, at| Address { city: city.to_owned(), zip: zip.map(str::to_owned), at };
    let rome = address("Rome", Some("00184"), Some(Place { lat: 41.5, lon: 12.25 }));
    assert_eq!(
        users,
        [
            User { id: 1, home: rome, work: None, r#type: "a".to_owned(), cached: 0 },
            User {
                id: 2,
                home: address("Oslo", None, None),
                work: Some(address("Bergen", None, None)),
                r#type: "b".to_owned(),
                cached: 0
            },
        ]
    );
});

scenario!(a_prefix_that_was_renamed_keeps_its_values, |db| {
    mod before {
        #[derive(schemasync::DbTable)]
        #[db(table = "users")]
        pub struct User {
            #[db(id)]
            pub id: i64,
            #[db(embed)]
            pub house: super::Place,
        }
    }
    mod after {
        #[derive(Debug, PartialEq, schemasync::DbTable, schemasync::DbRow)]
        #[db(table = "users")]
        pub struct User {
            #[db(id)]
            pub id: i64,
            #[db(embed(prefix = "home_"), renamed = "house")]
            pub home: super::Place,
        }
    }
    db.sync(schema![before::User]).await;
    db.exec("INSERT INTO users VALUES (1, 1.5, 2.5)").await;
    db.sync(schema![after::User]).await;
    assert_eq!(db.columns("users").await, ["id", "home_lat", "home_lon"]);
    let users: Vec<after::User> = db.read("SELECT * FROM users").await;
    assert_eq!(users, [after::User { id: 1, home: Place { lat: 1.5, lon: 2.5 } }]);
});
