//! Two columns of one name.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(column = "id")]
    a: i64,
    #[db(column = "b")]
    c: i64,
    b: i64,
}

fn main() {}
