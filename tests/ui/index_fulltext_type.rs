//! A full-text index is over text.

use schemasync::DbTable;

#[derive(DbTable)]
#[db(index(columns(id), fulltext))]
struct Post {
    #[db(id)]
    id: i64,
    #[db(index(fulltext))]
    age: i64,
}

fn main() {}
