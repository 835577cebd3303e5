//! A navigation field has no column.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(rel(to), column = "x")]
    a: Option<Box<Post>>,
}

fn main() {}
