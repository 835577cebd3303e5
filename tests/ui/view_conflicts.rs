//! What of a view's attributes stands together.

use schemasync::DbView;

#[derive(DbView)]
#[db(sql = "SELECT 1", from = User)]
struct SqlAndFrom {
    id: i64,
}

#[derive(DbView)]
#[db(filter(User::id > 5))]
struct WithoutFrom {
    id: i64,
}

#[derive(DbView)]
struct FieldWithoutFrom {
    id: i64,
    #[db(count)]
    users: i64,
}

#[derive(DbView)]
#[db(from = User, having(id > 5))]
struct WithoutAggregate {
    id: i64,
}

#[derive(DbView)]
#[db(from = User, from = Order, filter(User::id > 1), filter(User::id > 2))]
struct Fields {
    #[db(from = User::id, sum = User::id)]
    id: i64,
    #[db(count, count)]
    users: i64,
    #[db(skip, max = User::id)]
    most: i64,
    #[db(from = "User.id")]
    text: i64,
    #[db(sum = amount)]
    total: i64,
    #[db(from)]
    none: i64,
    #[db(sum(User::id))]
    list: i64,
    #[db(max = 5)]
    number: i64,
    #[db(som = User::id)]
    unknown: i64,
}

fn main() {}
