//! A generated column has no default and is no key.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id, generated(sql = "1"))]
    id: i64,
    #[db(default = 1, generated(sql = "1"))]
    a: i64,
    #[db(generated)]
    b: i64,
    #[db(generated(stored))]
    c: i64,
}

fn main() {}
