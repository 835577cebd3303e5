//! A version starts at 0.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(version, default = 1)]
    a: i64,
}

fn main() {}
