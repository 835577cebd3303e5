//! The two sides of a comparison compare.

use schemasync::{DbTable, DbValue, DbView};

#[derive(DbValue)]
#[db(rename_all = "snake_case")]
enum Status {
    Open,
    Paid,
}

#[derive(DbTable)]
struct Order {
    #[db(id)]
    id: i64,
    status: Status,
    name: String,
    small: i16,
    closed: bool,
    key: uuid::Uuid,
    #[db(json)]
    extra: String,
}

#[derive(DbView)]
#[db(from = Order, filter(
    Order::name == 5
        && Order::small == "5"
        && Order::small < 70000
        && Order::closed == 1
        && Order::name == true
        && Order::closed == 0.5
        && Order::status == "payed"
        && Order::key == "c0ffee"
        && Order::extra == "{}"
        && Order::name == Order::small
        && Order::id.like("5%")
        && Order::small.in_([1, "2"])
        && Order::small.between(0, 40000)
        && !Order::name
))]
struct Wrong {
    id: i64,
}

#[derive(DbView)]
#[db(from = Order, having(orders == "many" && name > 5))]
struct WrongGroups {
    name: String,
    #[db(count)]
    orders: i64,
}

fn main() {}
