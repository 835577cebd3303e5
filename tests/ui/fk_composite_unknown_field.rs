//! The targets of a composite foreign key exist.

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
#[db(fk(columns(a, b) => OrderLine(order_id, lin)))]
struct Post {
    #[db(id)]
    id: i64,
    a: i64,
    b: i64,
}

fn main() {}
