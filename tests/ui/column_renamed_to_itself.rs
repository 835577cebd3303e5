//! `renamed` takes earlier names.

use schemasync::DbTable;

#[derive(DbTable)]
#[db(renamed = "post")]
struct Post {
    #[db(id, renamed = "id")]
    id: i64,
    #[db(renamed("x", "x"))]
    a: i64,
}

fn main() {}
