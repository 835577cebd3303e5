//! A default fits the type of its column.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(default = 5)]
    name: String,
}

fn main() {}
