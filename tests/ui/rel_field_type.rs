//! The type of a navigation field fits its way.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(rel(to))]
    a: Vec<Post>,
    #[db(rel(via = Post))]
    b: Option<Box<Post>>,
    #[db(rel(from))]
    c: fn(Post) -> Post,
}

fn main() {}
