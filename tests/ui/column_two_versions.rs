//! One version in a table.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id, default(increment))]
    id: i64,
    #[db(version)]
    b: i64,
    #[db(version)]
    c: i64,
}

fn main() {}
