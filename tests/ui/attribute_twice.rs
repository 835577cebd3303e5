//! The same attribute twice.

use schemasync::DbTable;

#[derive(DbTable)]
#[db(table = "a", table = "b")]
struct Post {
    #[db(id, id)]
    id: i64,
    #[db(column = "a")]
    #[db(column = "b")]
    a: i64,
    #[db(index, index)]
    b: i64,
    #[db(unique, unique)]
    c: i64,
    #[db(index(name = "x", name = "y"))]
    d: i64,
}

fn main() {}
