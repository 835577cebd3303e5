//! One name is one index.

use schemasync::DbTable;

#[derive(DbTable)]
#[db(index(columns(a, b), name = "x"))]
struct Post {
    #[db(id)]
    id: i64,
    #[db(index(name = "x"))]
    a: i64,
    #[db(index(unique, name = "x"))]
    b: i64,
    #[db(index(name = "x"), index(name = "x"))]
    c: i64,
}

fn main() {}
