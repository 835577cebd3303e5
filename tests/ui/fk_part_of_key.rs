//! A part of a primary key is no target.

use schemasync::DbTable;

#[derive(DbTable)]
struct OrderLine {
    #[db(id)]
    order_id: i64,
    #[db(id)]
    line: i64,
}

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(fk = OrderLine::line)]
    line: i64,
}

fn main() {}
