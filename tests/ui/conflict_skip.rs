//! A skipped field has no column.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(skip, id, unique)]
    a: i64,
    #[db(default = 1, skip)]
    b: i64,
}

fn main() {}
