//! An unknown name on a struct.

use schemasync::DbTable;

#[derive(DbTable)]
#[db(tabel = "posts", comment = "x")]
struct Post {
    #[db(id)]
    id: i64,
}

fn main() {}
