//! A default fits the type of its column.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(default = "old")]
    age: i32,
}

fn main() {}
