//! What does not go with JSON.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(json, unique)]
    a: String,
    #[db(json, max_length = 3)]
    b: String,
}

fn main() {}
