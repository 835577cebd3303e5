//! An unknown name on a field: the closest one is suggested.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id, uniqe)]
    id: i64,
    #[db(primary)]
    key: i64,
}

fn main() {}
