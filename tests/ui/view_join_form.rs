//! How a join is written.

use schemasync::DbView;

#[derive(DbView)]
#[db(from = "users")]
#[db(join = Order)]
#[db(join())]
#[db(join(Order))]
#[db(left_join(Order, onn(Order::user_id == User::id)))]
#[db(join(Order, Order::user_id == User::id))]
#[db(left_join("orders", on(Order::user_id == User::id)))]
#[db(join(Order, on(Order::user_id == User::id), on(Order::id > 5)))]
struct Joins {
    id: i64,
}

fn main() {}
