//! A character has one letter.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(default = "ab")]
    a: char,
}

fn main() {}
