//! An aggregate fits its column and its field.

use schemasync::{DbTable, DbView};

#[derive(DbTable)]
struct User {
    #[db(id)]
    id: i64,
    name: String,
    active: bool,
}

#[derive(DbTable)]
struct Order {
    #[db(id)]
    id: i64,
    user_id: i64,
    amount: i64,
    weight: f64,
    discount: Option<i64>,
}

#[derive(DbView)]
#[db(from = User)]
struct OfUsers {
    id: i64,
    #[db(sum = User::name)]
    names: i64,
    #[db(min = User::active)]
    active: bool,
    #[db(count)]
    users: String,
    #[db(count = User::name)]
    named: f64,
}

#[derive(DbView)]
#[db(from = Order)]
struct OfOrders {
    user_id: i64,
    #[db(sum = Order::amount)]
    narrow: i32,
    #[db(sum = Order::weight)]
    whole: i64,
    #[db(avg = Order::amount)]
    mean: i64,
    #[db(max = Order::amount)]
    greatest: f64,
    #[db(sum = Order::discount)]
    discount: i64,
}

#[derive(DbView)]
#[db(from = Order)]
struct OfNone {
    #[db(sum = Order::amount)]
    total: i64,
}

#[derive(DbView)]
#[db(from = User, left_join(Order, on(Order::user_id == User::id)))]
struct OfLeftJoin {
    id: i64,
    #[db(sum = Order::amount)]
    total: i64,
}

fn main() {}
