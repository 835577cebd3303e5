//! What belongs on the struct, on a field.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id, table = "x", sync_method = drop)]
    id: i64,
    #[db(from = User::id)]
    a: i64,
}

fn main() {}
