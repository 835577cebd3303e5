//! A primary key cannot be null.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: Option<i64>,
}

fn main() {}
