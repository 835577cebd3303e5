//! How `precision` is written.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(precision = 10)]
    a: i64,
    #[db(precision(10))]
    b: i64,
    #[db(precision(2, 10))]
    c: i64,
    #[db(precision(0, 0))]
    d: i64,
}

fn main() {}
