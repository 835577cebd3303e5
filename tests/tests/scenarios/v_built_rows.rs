//! What views built from other models show: conditions, joins and aggregates over real rows, read through sqlx.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use schemasync::{DbEmbed, DbTable, DbValue, DbView, schema};
use schemasync_tests::{Native, scenario};

#[derive(DbEmbed)]
pub struct Address {
    #[db(column = "town")]
    pub city: String,
    pub zip: Option<String>,
}

#[derive(DbValue, sqlx::Type, Debug, PartialEq, Clone, Copy)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Status {
    Open,
    Paid,
}

#[derive(DbTable)]
#[db(table = "customers")]
pub struct Customer {
    #[db(id)]
    pub id: i64,
    pub name: String,
    pub vip: bool,
    #[db(embed)]
    pub home: Address,
    #[db(embed)]
    pub office: Option<Address>,
}

#[derive(DbTable)]
#[db(table = "orders")]
pub struct Order {
    #[db(id)]
    pub id: i64,
    #[db(fk = Customer::id)]
    pub customer_id: i64,
    pub amount: i64,
    pub small: i16,
    pub tiny: i8,
    pub weight: f64,
    pub share: f32,
    #[db(precision(10, 2))]
    pub price: rust_decimal::Decimal,
    pub day: NaiveDate,
    pub at: DateTime<Utc>,
    pub local: NaiveDateTime,
    pub status: Status,
    pub note: Option<String>,
    pub key: uuid::Uuid,
}

/// Three customers, the last without orders; orders 1 to 4.
async fn fill<D: schemasync_tests::TestDatabase>(db: &D) {
    db.exec("INSERT INTO customers (id, name, vip, home__town, home__zip, office__town) VALUES (1, 'Ann', true, 'Rome', '001', 'Oslo'), (2, 'O''Hara \"x\"', false, 'Bonn', NULL, NULL), (3, '50% \\ _', false, 'Rome', NULL, NULL)").await;
    let key = |digit: u8| match db.native(Native::Bytes) {
        "BLOB" | "longblob" => format!("x'{}'", format!("{digit}0").repeat(16)),
        _ => format!("'{}'", format!("{digit}0").repeat(16)),
    };
    // `i8` is "char" on PostgreSQL.
    let tiny = |value: i8| match db.native(Native::Bytes) {
        "BLOB" | "longblob" => value.to_string(),
        _ => format!("CAST({value} AS \"char\")"),
    };
    for (id, customer, amount, weight, price, day, status, note) in [
        (1, 1, 100, 0.5, "9.50", "2024-01-01", "open", "'first'"),
        (2, 1, 250, 1.5, "10.00", "2024-02-29", "paid", "NULL"),
        (3, 2, -5, 2.0, "100.25", "2024-03-01", "paid", "'a\\b'"),
        (4, 2, 7, 0.25, "0.05", "2023-12-31", "open", "''"),
    ] {
        db.exec(&format!(
            "INSERT INTO orders (id, customer_id, amount, small, tiny, weight, share, price, day, at, local, status, note, \"key\") VALUES ({id}, {customer}, {amount}, {amount}, {}, {weight}, 0.1, '{price}', '{day}', '{day}T10:00:00+00:00', '{day} 10:00:00', '{status}', {note}, {})",
            tiny(if id == 3 { -7 } else { id }),
            key(id as u8),
        ))
        .await;
    }
    // As sqlx stores an `f32`.
    db.exec("UPDATE orders SET share = 0.10000000149011612").await;
}

/// The ids that a filter lets through.
macro_rules! through {
    ($db:ident, $($filter:tt)*) => {{
        #[derive(DbView)]
        #[db(view = "through", from = Order, filter($($filter)*))]
        struct Through {
            id: i64,
        }
        $db.sync(schema![Customer, Order, Through]).await;
        $db.rows("SELECT id FROM through ORDER BY id").await.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }};
}

scenario!(v_filters_compare_numbers, |db| {
    db.sync(schema![Customer, Order]).await;
    fill(db).await;
    assert_eq!(through!(db, Order::amount == 100), "1");
    assert_eq!(through!(db, Order::amount != 100), "2 3 4");
    assert_eq!(through!(db, Order::amount < -4), "3");
    assert_eq!(through!(db, 100 <= Order::amount), "1 2");
    assert_eq!(through!(db, Order::amount > 100 || Order::amount == -5), "2 3");
    assert_eq!(through!(db, !(Order::amount > 100) && Order::small >= 7), "1 4");
    assert_eq!(through!(db, Order::amount.in_([7, -5, 9223372036854775807])), "3 4");
    assert_eq!(through!(db, Order::amount.between(-5, 7)), "3 4");
    assert_eq!(through!(db, Order::tiny < 0), "3");
    assert_eq!(through!(db, Order::tiny.in_([1, 2])), "1 2");
    assert_eq!(through!(db, Order::weight > 0.5), "2 3");
    assert_eq!(through!(db, Order::weight.between(0.25, 1)), "1 4");
    assert_eq!(through!(db, Order::share == 0.1), "1 2 3 4");
    assert_eq!(through!(db, Order::price > 9.5), "2 3");
    assert_eq!(through!(db, Order::price == "9.5"), "1");
    assert_eq!(through!(db, Order::price > Order::weight && Order::price < Order::small), "1 2");
});

scenario!(v_filters_compare_texts, |db| {
    db.sync(schema![Customer, Order]).await;
    fill(db).await;
    assert_eq!(through!(db, Order::status == "paid"), "2 3");
    assert_eq!(through!(db, Order::status.in_(["open", "paid"])), "1 2 3 4");
    assert_eq!(through!(db, Order::note == "a\\b"), "3");
    assert_eq!(through!(db, Order::note == ""), "4");
    assert_eq!(through!(db, Order::note == "it's \"quoted\" -- $1 ? /*"), "");
    assert_eq!(through!(db, Order::note.like("_irst")), "1");
    assert_eq!(through!(db, Order::note.like("%\\\\%")), "3");
    assert_eq!(through!(db, Order::note.like("\\_irst")), "");
    assert_eq!(through!(db, Order::note < "b" && Order::note > ""), "3");
});

scenario!(v_filters_ask_for_null_and_compare_as_sql_does, |db| {
    db.sync(schema![Customer, Order]).await;
    fill(db).await;
    assert_eq!(through!(db, Order::note.is_null()), "2");
    assert_eq!(through!(db, Order::note.is_some()), "1 3 4");
    assert_eq!(through!(db, Order::note == "first"), "1");
    // NULL is neither equal nor different, and so is its opposite.
    assert_eq!(through!(db, Order::note != "first"), "3 4");
    assert_eq!(through!(db, !(Order::note == "first")), "3 4");
    assert_eq!(through!(db, Order::note != "first" || Order::note.is_null()), "2 3 4");
});

scenario!(v_filters_compare_times_and_uuids, |db| {
    db.sync(schema![Customer, Order]).await;
    fill(db).await;
    assert_eq!(through!(db, Order::day >= "2024-02-29"), "2 3");
    assert_eq!(through!(db, Order::day.between("2024-01-01", "2024-02-29")), "1 2");
    assert_eq!(through!(db, Order::at == "2024-01-01 10:00:00Z"), "1");
    assert_eq!(through!(db, Order::local > "2024-02-29T09:59:59"), "2 3");
    assert_eq!(through!(db, Order::key == "20202020-2020-2020-2020-202020202020"), "2");
    assert_eq!(
        through!(db, Order::key.in_(["10101010-1010-1010-1010-101010101010", "40404040-4040-4040-4040-404040404040"])),
        "1 4"
    );
});

scenario!(v_filters_take_booleans_and_embedded_fields, |db| {
    macro_rules! customers {
        ($($filter:tt)*) => {{
            #[derive(DbView)]
            #[db(view = "through", from = Customer, filter($($filter)*))]
            struct Through {
                id: i64,
            }
            db.sync(schema![Customer, Order, Through]).await;
            db.rows("SELECT id FROM through ORDER BY id").await.into_iter().flatten().collect::<Vec<_>>().join(" ")
        }};
    }
    db.sync(schema![Customer, Order]).await;
    fill(db).await;
    assert_eq!(customers!(Customer::vip), "1");
    assert_eq!(customers!(!Customer::vip), "2 3");
    assert_eq!(customers!(Customer::vip == true), "1");
    assert_eq!(customers!(Customer::vip != true && Customer::home.city == "Rome"), "3");
    assert_eq!(customers!(Customer::home.zip.is_some() || Customer::office.city.is_null()), "1 2 3");
    assert_eq!(customers!(Customer::name == "O'Hara \"x\""), "2");
    assert_eq!(customers!(Customer::name.like("50\\% \\\\ \\_")), "3");
    assert_eq!(customers!(Customer::name.like("%''%")), "");
    assert_eq!(customers!(Customer::name.like("%'%\"%")), "2");
});

#[derive(DbView, sqlx::FromRow, Debug, PartialEq)]
#[db(view = "order_lines", from = Order, join(Customer, on(Customer::id == Order::customer_id && Order::amount > 0)))]
pub struct OrderLine {
    pub id: i64,
    #[db(from = Customer::name)]
    pub customer: String,
    #[db(from = Customer::home.city, column = "living in")]
    #[sqlx(rename = "living in")]
    pub city: String,
    #[db(from = Customer::office.city)]
    pub office: Option<String>,
    pub status: Status,
    pub note: Option<String>,
    pub day: NaiveDate,
    pub at: DateTime<Utc>,
    pub local: NaiveDateTime,
    pub key: uuid::Uuid,
    pub tiny: i8,
    pub share: f32,
}

scenario!(v_a_join_shows_both_sides, |db| {
    db.sync(schema![Customer, Order, OrderLine]).await;
    fill(db).await;
    let lines: Vec<OrderLine> = db.read("SELECT * FROM order_lines ORDER BY id").await;
    assert_eq!(lines.iter().map(|line| line.id).collect::<Vec<_>>(), [1, 2, 4]);
    let line = &lines[0];
    assert_eq!((line.customer.as_str(), line.city.as_str(), line.office.as_deref()), ("Ann", "Rome", Some("Oslo")));
    assert_eq!((line.status, line.note.as_deref(), line.tiny, line.share), (Status::Open, Some("first"), 1, 0.1));
    assert_eq!(line.key, uuid::Uuid::from_bytes([0x10; 16]));
    assert_eq!(line.day, NaiveDate::from_ymd_opt(2024, 1, 1).unwrap());
    assert_eq!(line.at, line.local.and_utc());
    assert_eq!(lines[2].office, None);
});

#[derive(DbView, sqlx::FromRow, Debug, PartialEq)]
#[db(view = "customer_totals", from = Customer, left_join(Order, on(Order::customer_id == Customer::id)))]
pub struct CustomerTotal {
    #[db(from = Customer::id)]
    pub customer: i64,
    pub name: String,
    #[db(count)]
    pub lines: i64,
    #[db(count = Order::id)]
    pub orders: i64,
    #[db(count = Order::note)]
    pub notes: i32,
    #[db(sum = Order::amount)]
    pub total: Option<i64>,
    #[db(sum = Order::small)]
    pub small: Option<i16>,
    #[db(sum = Order::tiny)]
    pub tiny: Option<i8>,
    #[db(sum = Order::weight)]
    pub weight: Option<f64>,
    #[db(sum = Order::share)]
    pub share: Option<f32>,
    #[db(sum = Order::amount)]
    pub total_as_float: Option<f64>,
    #[db(avg = Order::amount)]
    pub mean: Option<f64>,
    #[db(avg = Order::share)]
    pub mean_share: Option<f32>,
    #[db(min = Order::amount)]
    pub least: Option<i64>,
    #[db(max = Order::tiny)]
    pub tiniest: Option<i8>,
    #[db(min = Order::status)]
    pub status: Option<Status>,
    #[db(max = Order::note)]
    pub note: Option<String>,
    #[db(min = Order::day)]
    pub first: Option<NaiveDate>,
    #[db(max = Order::at)]
    pub last: Option<DateTime<Utc>>,
    #[db(max = Order::local)]
    pub local: Option<NaiveDateTime>,
}

scenario!(v_aggregates_are_read_as_the_fields_types, |db| {
    db.sync(schema![Customer, Order, CustomerTotal]).await;
    fill(db).await;
    let totals: Vec<CustomerTotal> = db.read("SELECT * FROM customer_totals ORDER BY customer").await;
    let [ann, ohara, none] = &totals[..] else { panic!("{totals:?}") };
    assert_eq!((ann.customer, ann.name.as_str(), ann.lines, ann.orders, ann.notes), (1, "Ann", 2, 2, 1));
    assert_eq!((ann.total, ann.small, ann.tiny, ann.total_as_float), (Some(350), Some(350), Some(3), Some(350.0)));
    assert_eq!((ann.weight, ann.share, ann.mean, ann.mean_share), (Some(2.0), Some(0.2), Some(175.0), Some(0.1)));
    assert_eq!((ann.least, ann.status, ann.note.as_deref()), (Some(100), Some(Status::Open), Some("first")));
    assert_eq!(ann.first, NaiveDate::from_ymd_opt(2024, 1, 1));
    assert_eq!(ann.last, ann.local.map(|local| local.and_utc()));
    assert_eq!((ohara.tiny, ohara.tiniest), (Some(-3), Some(4)));
    // A customer without orders: one row, with nothing from the other side.
    assert_eq!((none.customer, none.lines, none.orders, none.total, none.mean), (3, 1, 0, None, None));
    assert_eq!((none.first, none.last, none.status), (None, None, None));
});

scenario!(v_having_keeps_groups, |db| {
    #[derive(DbView, sqlx::FromRow, Debug, PartialEq)]
    #[db(view = "busy", from = Customer, join(Order, on(Order::customer_id == Customer::id)))]
    #[db(filter(Order::amount != -5), having(total > 100 && orders >= 2 && name.like("A%") && price > 19.0))]
    struct Busy {
        name: String,
        #[db(sum = Order::amount)]
        total: i64,
        #[db(count, column = "number of orders")]
        #[sqlx(rename = "number of orders")]
        orders: i64,
        #[db(sum = Order::price)]
        #[sqlx(skip)]
        price: rust_decimal::Decimal,
    }
    db.sync(schema![Customer, Order, Busy]).await;
    fill(db).await;
    let busy: Vec<Busy> = db.read("SELECT * FROM busy").await;
    let expected = Busy { name: "Ann".into(), total: 350, orders: 2, price: rust_decimal::Decimal::ZERO };
    assert_eq!(busy, [expected]);
    assert_eq!(
        db.rows("SELECT CAST(price AS TEXT) FROM busy").await[0][0].trim_end_matches("0'").trim_matches('\''),
        "19.5"
    );
});

scenario!(v_aggregates_without_groups_are_one_row, |db| {
    #[derive(DbView, sqlx::FromRow, Debug, PartialEq)]
    #[db(view = "all_orders", from = Order)]
    struct AllOrders {
        #[db(count)]
        orders: i64,
        #[db(sum = Order::amount)]
        total: Option<i64>,
    }
    db.sync(schema![Customer, Order, AllOrders]).await;
    assert_eq!(db.read::<AllOrders>("SELECT * FROM all_orders").await, [AllOrders { orders: 0, total: None }]);
    fill(db).await;
    assert_eq!(db.read::<AllOrders>("SELECT * FROM all_orders").await, [AllOrders { orders: 4, total: Some(352) }]);
});

scenario!(v_views_read_views_of_every_kind, |db| {
    #[derive(DbView)]
    #[db(view = "a_big", from = Middle, filter(Middle::total > 100), join(Raw, on(Raw::id == Middle::id && Raw::key == "10101010-1010-1010-1010-101010101010")))]
    struct Big {
        id: i64,
        #[db(from = Raw::day)]
        day: NaiveDate,
    }
    #[derive(DbView)]
    #[db(view = "m_middle", from = Order)]
    struct Middle {
        #[db(from = Order::customer_id, column = "customer")]
        id: i64,
        #[db(sum = Order::amount)]
        total: i64,
    }
    #[derive(DbView)]
    #[db(view = "z_raw", sql = "SELECT id, day, \"key\" FROM orders")]
    struct Raw {
        id: i64,
        day: NaiveDate,
        key: uuid::Uuid,
    }
    let model = schema![Big, Middle, Raw, Customer, Order];
    db.sync(model.clone()).await;
    fill(db).await;
    assert_eq!(db.rows("SELECT * FROM a_big").await, [["1", "'2024-01-01'"]]);
    assert_eq!(schemasync::Schema::from_json(&model.to_json()), Ok(model.clone()));
    db.sync(schemasync::Schema::from_json(&model.to_json()).unwrap()).await;
});
