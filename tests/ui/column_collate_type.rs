//! `collate` is for text.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(collate = nocase)]
    age: i64,
}

fn main() {}
