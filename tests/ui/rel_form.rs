//! How navigation fields are written.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(rel)]
    a: Vec<Post>,
    #[db(rel())]
    b: Vec<Post>,
    #[db(rel(via = PostTag, to))]
    c: Vec<Post>,
    #[db(rel(to = author))]
    d: Vec<Post>,
    #[db(rel(via))]
    e: Vec<Post>,
}

fn main() {}
