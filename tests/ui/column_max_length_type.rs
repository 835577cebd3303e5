//! `max_length` is for text.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(max_length = 10)]
    age: i64,
}

fn main() {}
