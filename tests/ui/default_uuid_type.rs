//! `default(uuid)` is for UUIDs, text and bytes.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(default(uuid))]
    a: i64,
}

fn main() {}
