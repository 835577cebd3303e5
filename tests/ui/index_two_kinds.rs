//! An index has one kind.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(index(unique, fulltext))]
    a: String,
}

fn main() {}
