//! What belongs on a field, on the struct.

use schemasync::DbTable;

#[derive(DbTable)]
#[db(id, skip, view = "x")]
struct Post {
    #[db(id)]
    id: i64,
}

fn main() {}
