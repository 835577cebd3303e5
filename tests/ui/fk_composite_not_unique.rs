//! The targets of a composite foreign key are unique together.

use schemasync::DbTable;

#[derive(DbTable)]
struct OrderLine {
    #[db(id)]
    order_id: i64,
    #[db(id)]
    line: i64,
    note: String,
}

#[derive(DbTable)]
#[db(fk(columns(a, b) => OrderLine(order_id, note)))]
struct Post {
    #[db(id)]
    id: i64,
    a: i64,
    b: String,
}

fn main() {}
