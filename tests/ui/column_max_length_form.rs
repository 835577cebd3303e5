//! How `max_length` is written.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(max_length = 0)]
    a: String,
    #[db(max_length = "10")]
    b: String,
    #[db(max_length)]
    c: String,
}

fn main() {}
