//! A default is no longer than `max_length`.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(max_length = 3, default = "free")]
    a: String,
}

fn main() {}
