//! A value on a word.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id = true)]
    id: i64,
    #[db(skip(serde))]
    a: i64,
    #[db(unique = "email")]
    b: i64,
}

fn main() {}
