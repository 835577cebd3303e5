//! `#[db]` without parentheses, and with a value.

use schemasync::DbTable;

#[derive(DbTable)]
#[db]
struct Post {
    #[db = "id"]
    id: i64,
}

fn main() {}
