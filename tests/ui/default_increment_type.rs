//! An increment is on an integer that is never null.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id, default(increment))]
    id: String,
}

#[derive(DbTable)]
struct Other {
    #[db(default(increment))]
    a: Option<i64>,
}

#[derive(DbTable)]
struct Third {
    #[db(id, default(increment = 300))]
    id: i8,
}

fn main() {}
