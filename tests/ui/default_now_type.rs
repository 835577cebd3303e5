//! `default(now)` is for date and time types and for `i64`.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(default(now))]
    name: String,
}

fn main() {}
