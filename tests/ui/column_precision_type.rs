//! `precision` is for decimals.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(precision(10, 2))]
    price: f64,
}

fn main() {}
