//! A version is an integer that is never null.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(version)]
    a: String,
}

#[derive(DbTable)]
struct Other {
    #[db(id)]
    id: i64,
    #[db(version)]
    a: Option<i64>,
}

fn main() {}
